//! More than there is room for, at once: whoever is refused comes again, a stream that is cut goes on from
//! its cursor, nothing is acknowledged before it is stored, and in the end everything is there once.
//! `cargo xtask bench burst` tells the same of the whole program, with 143,199 messages.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bedside_engine::listen::accept::{Acceptor, Refused};
use bedside_engine::listen::hooks::{HookError, Hooks, Posted};
use bedside_networks::{Credentials, Secret, Session};
use bedside_store::listen::watch::{self as terms, NewTerm};
use bedside_store::testing::{NOON, TestDb, each_engine};
use bedside_store::{By, Entry};
use futures_util::SinkExt as _;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use crate::hooks::{comment, delivery, signed};
use crate::support::{Connected, World, tokens};

/// Posts on the stream.
const FRAMES: i64 = 300;
/// Comments in each webhook.
const SIZES: [u32; 8] = [1, 100, 37, 100, 62, 5, 100, 15];
/// Room for one of the largest webhooks, and not for two.
const ROOM: usize = 70_000;

/// A Jetstream that is cut off in the middle the first time; where it was asked to begin each time.
async fn jetstream() -> (String, tokio::task::JoinHandle<Vec<i64>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/subscribe", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let mut begun = Vec::new();
        for until in [FRAMES / 2, FRAMES] {
            let (stream, _) = listener.accept().await.unwrap();
            let from = asked_from(&stream).await.map_or(0, |cursor| (cursor - NOON).div_euclid(1_000_000));
            let mut socket = accept_async(stream).await.unwrap();
            begun.push(from);
            for n in from.max(0)..until {
                socket.send(Message::text(post(n).to_string())).await.unwrap();
            }
            socket.close(None).await.unwrap();
        }
        begun
    });
    (url, served)
}

/// The cursor in the first line of the request that comes.
async fn asked_from(stream: &TcpStream) -> Option<i64> {
    let mut seen = [0; 1_024];
    loop {
        let read = stream.peek(&mut seen).await.unwrap();
        if let Some((line, _)) = std::str::from_utf8(&seen[..read]).unwrap().split_once("\r\n") {
            return line.split(['?', '&', ' ']).find_map(|part| part.strip_prefix("cursor="))?.parse().ok();
        }
        tokio::task::yield_now().await;
    }
}

/// A post, one second after the last.
fn post(n: i64) -> Value {
    json!({"did": "did:plc:rosa", "time_us": NOON + n * 1_000_000, "kind": "commit", "commit": {
        "operation": "create", "collection": "app.bsky.feed.post", "rkey": format!("3l{n:0>11}"), "cid": "bafy",
        "record": {"$type": "app.bsky.feed.post", "createdAt": "2026-11-24T10:00:00Z", "text": format!("Lakeside Health ({n})")}}})
}

async fn watch_for(world: &World, term: &str) {
    let (ids, term) = (world.db.store.ids().clone(), term.to_owned());
    let write = world.db.store.write(&world.db.org, world.now(), move |tx| {
        Box::pin(async move {
            terms::add(tx, &ids, &[NewTerm { term, unless: vec![], kind: "name".into() }], None).await?;
            tx.commit(Entry::new(By::cli(), "watch.changed", "-"), ())
        })
    });
    write.await.unwrap();
}

async fn count(world: &World, what: &str) -> i64 {
    world.rows(&format!("select count(*) as n from {what}")).await[0].int("n").unwrap()
}

async fn told(db: TestDb) {
    let world = World::new(db);
    let (url, served) = jetstream().await;
    let (page, _) = world
        .connect(Connected {
            network: "facebook",
            base_url: "https://graph.facebook.com/",
            native_id: "100",
            credentials: tokens("page token", "", None),
            config: json!({}),
            kind: "comments",
        })
        .await;
    let session = Session {
        identifier: "lakeside.example.org".into(),
        password: Secret::new("app-password"),
        access_token: Secret::new("access"),
        refresh_token: Secret::new("refresh"),
        expires_at: None,
    };
    let (_, stream) = world
        .connect(Connected {
            network: "bluesky",
            base_url: "https://pds.example.org/",
            native_id: "did:plc:lakeside",
            credentials: Credentials::Session(Box::new(session)),
            config: json!({ "jetstream": url }),
            kind: "stream",
        })
        .await;
    watch_for(&world, "Lakeside Health").await;
    let hook_id = world.account(&page).await.health.hook_id.unwrap();
    let acceptor = Acceptor::with_room(world.db.store.clone(), world.time.clone(), ROOM);
    let hooks = Hooks::new(world.db.store.clone(), world.time.clone(), acceptor);

    // Every body at once, each until it is taken.
    let refused = AtomicUsize::new(0);
    let (refused, hooks, world_at, hook_id) = (&refused, &hooks, &world, hook_id.as_str());
    let offers = (0..).zip(SIZES).map(|(body, size)| async move {
        let id = |n: u32| format!("1_{body}{n:0>3}");
        let comments: Vec<Value> = (0..size).map(|n| comment("100", "add", &id(n), "Where do I park?")).collect();
        let bytes = delivery(&comments);
        let headers = signed(&bytes);
        loop {
            match hooks.deliver(Posted { hook_id, path_secret: "", headers: &headers, body: &bytes }).await {
                Ok(_) => break,
                Err(HookError::Refused(Refused::Busy)) => {
                    refused.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                }
                Err(e) => panic!("{e}"),
            }
        }
        let there = count(world_at, &format!("raw_items where native_id like '1\\_{body}___' escape '\\'")).await;
        assert_eq!(there, i64::from(size), "what is acknowledged is in the database");
    });
    // The stream stands at the same time, breaks off, and is opened again.
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    let streamed = async {
        for _ in 0..2 {
            world.listen.stream(&world.db.org, &stream, stopped.clone()).await.unwrap().unwrap();
            world.later(Duration::from_secs(10));
        }
    };
    tokio::join!(join_all(offers), streamed);
    let engine = world.db.engine;
    assert!(refused.load(Ordering::Relaxed) > 0, "{engine}: there was room for all");
    let begun = served.await.unwrap();
    assert!(
        begun[0] == 0 && begun[1] > 0 && begun[1] < FRAMES / 2,
        "{engine}: a little before where it was: {begun:?}"
    );

    let all = FRAMES + i64::from(SIZES.iter().sum::<u32>());
    assert_eq!(count(&world, "raw_items").await, all, "{engine}");
    world.listen.intake_until_idle(&world.db.org).await.unwrap();
    for what in ["messages", "(select distinct account_id, native_id from messages) as once"] {
        assert_eq!(count(&world, what).await, all, "{engine}: {what}");
    }
}

#[tokio::test]
async fn what_comes_all_at_once_is_refused_in_part_and_in_the_end_there_once() {
    for db in each_engine().await {
        told(db).await;
    }
}
