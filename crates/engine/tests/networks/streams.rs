//! Streams: what a network pushes is stored with its cursor, and a connection that ends is opened anew.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use bedside_engine::listen::streams::Streamed;
use bedside_model::account::AccountState;
use bedside_model::{AccountId, SourceId};
use bedside_networks::{Credentials, Secret};
use bedside_store::listen::source::Health;
use bedside_store::listen::watch::{self as terms, NewTerm};
use bedside_store::testing::{TestDb, each_engine, sqlite};
use bedside_store::{By, Entry};
use futures_util::stream;
use serde_json::json;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinHandle;

use crate::support::{Connected, World, serve};

/// A server whose streams are written by hand: each connection is handed to the story.
struct Server {
    base: String,
    connections: Mutex<mpsc::UnboundedReceiver<mpsc::UnboundedSender<String>>>,
}

async fn server(status: StatusCode) -> Server {
    let (opened, connections) = mpsc::unbounded_channel();
    let stream = move || {
        let opened = opened.clone();
        async move {
            if status != StatusCode::OK {
                return (status, json!({"error": "The access token is invalid"}).to_string()).into_response();
            }
            let (writer, lines) = mpsc::unbounded_channel::<String>();
            opened.send(writer).unwrap();
            let body = stream::unfold(lines, |mut lines| async move {
                let line = lines.recv().await?;
                Some((Ok::<_, Infallible>(Bytes::from(line)), lines))
            });
            let headers = [(header::CONTENT_TYPE, "text/event-stream")];
            (headers, Body::from_stream(body)).into_response()
        }
    };
    let base = serve(Router::new().route("/api/v1/streaming/user", get(stream))).await;
    Server { base, connections: Mutex::new(connections) }
}

impl Server {
    /// The next connection, once it is there.
    async fn connection(&self) -> mpsc::UnboundedSender<String> {
        self.connections.lock().await.recv().await.unwrap()
    }
}

fn mention(id: u32) -> String {
    let status = json!({"id": id.to_string(), "created_at": "2026-11-24T10:00:00.000Z", "in_reply_to_id": null,
        "visibility": "public", "language": "en", "content": format!("<p>Where do I park? {id}</p>"),
        "uri": format!("https://social.example.org/s/{id}"), "account": {"id": "9", "acct": "rosa@people.example.org",
            "username": "rosa", "display_name": "Rosa N."}, "mentions": [{"id": "7", "acct": "clinic"}]});
    format!("event: notification\ndata: {}\n\n", json!({"id": "1", "type": "mention", "status": status}))
}

struct Listening {
    world: Arc<World>,
    server: Server,
    account: AccountId,
    source: SourceId,
    stop: watch::Sender<bool>,
}

async fn listening(db: TestDb, status: StatusCode) -> Listening {
    let (world, server) = (Arc::new(World::new(db)), server(status).await);
    let (account, source) = world
        .connect(Connected {
            network: "mastodon",
            base_url: &server.base,
            native_id: "7",
            credentials: Credentials::Bearer { token: Secret::new("token") },
            config: json!({"streaming": server.base.replace("http://", "ws://")}),
            kind: "stream",
        })
        .await;
    Listening { world, server, account, source, stop: watch::Sender::new(false) }
}

impl Listening {
    /// Opens the stream and listens until it ends.
    fn open(&self) -> JoinHandle<Option<Streamed>> {
        let (world, source, stop) = (self.world.clone(), self.source.clone(), self.stop.subscribe());
        tokio::spawn(async move { world.listen.stream(&world.db.org, &source, stop).await.unwrap() })
    }

    async fn stored(&self) -> usize {
        self.world.rows("select id from raw_items").await.len()
    }

    /// Moves the clock until so many items are stored.
    async fn until_stored(&self, items: usize) {
        while self.stored().await < items {
            self.world.later(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn what_is_pushed_is_stored_and_the_connection_opened_anew_when_it_ends() {
    for db in each_engine().await {
        let it = listening(db, StatusCode::OK).await;
        let open = it.open();
        let connection = it.server.connection().await;
        connection.send(":thump\n".into()).unwrap();
        connection.send([mention(1), mention(2)].concat()).unwrap();
        // Cut in the middle, and one that cannot be read: neither stops anything.
        let (begin, end) = (&mention(3)[..40], &mention(3)[40..]);
        connection.send(format!("event: update\ndata: {{\n\n{begin}")).unwrap();
        connection.send(end.into()).unwrap();
        drop(connection);
        let streamed = open.await.unwrap().unwrap();
        assert_eq!((streamed.frames, streamed.unreadable), (3, 1), "{}", it.world.db.engine);
        assert_eq!((streamed.stored.new, streamed.error), (3, None));
        let source = it.world.source(&it.source).await;
        assert_eq!((source.items, source.stream.failures, source.health(it.world.now())), (3, 0, Health::Ok));
        assert!(source.stream.next_at > Some(it.world.now()), "not at once, and not in step with others");
        it.world.listen.run_until_idle().await.unwrap();
        let notice = it.world.source(&it.source).await.notice;
        assert_eq!(notice.as_deref(), Some("this source is listened to, not polled"));
        assert_eq!(it.world.rows("select id from messages").await.len(), 3);

        it.world.later(Duration::from_secs(5));
        let open = it.open();
        let connection = it.server.connection().await;
        connection.send(mention(3)).unwrap();
        drop(connection);
        assert_eq!(open.await.unwrap().unwrap().stored.new, 0, "what came twice is stored once");
    }
}

#[tokio::test]
async fn silence_ends_a_connection_that_looks_open() {
    let it = listening(sqlite().await, StatusCode::OK).await;
    let open = it.open();
    let connection = it.server.connection().await;
    connection.send(mention(1)).unwrap();
    it.until_stored(1).await;
    it.world.later(Duration::from_secs(91));
    let streamed = open.await.unwrap().unwrap();
    assert_eq!(streamed.error.as_deref(), Some("nothing came for 90 seconds"));
    let source = it.world.source(&it.source).await;
    assert_eq!((source.stream.failures, source.health(it.world.now())), (1, Health::Failing));
    assert_eq!(source.error, streamed.error);
}

#[tokio::test]
async fn one_process_listens_at_a_time_and_another_takes_over_when_it_is_gone() {
    for db in each_engine().await {
        let it = listening(db, StatusCode::OK).await;
        let open = it.open();
        let connection = it.server.connection().await;
        let (others, _) = it.world.others().await;
        let second = async || others.stream(&it.world.db.org, &it.source, it.stop.subscribe()).await.unwrap();
        assert_eq!(second().await, None, "{}: it is held", it.world.db.engine);
        // Killed: nothing is given back, and the lease runs out.
        open.abort();
        drop(connection);
        it.world.later(Duration::from_secs(121));
        let (taken, ()) = tokio::join!(second(), async {
            let connection = it.server.connection().await;
            connection.send(mention(1)).unwrap();
        });
        assert_eq!(taken.unwrap().stored.new, 1);
    }
}

#[tokio::test]
async fn a_refused_token_asks_a_person_and_is_not_tried_again() {
    let it = listening(sqlite().await, StatusCode::UNAUTHORIZED).await;
    let streamed = it.open().await.unwrap().unwrap();
    assert_eq!(streamed.error.as_deref(), Some("the network answered 401"));
    assert_eq!(it.world.account(&it.account).await.state, AccountState::NeedsReauthorisation);
    it.world.later(Duration::from_secs(3_600));
    let mut conn = it.world.db.store.read().await.unwrap();
    let open = bedside_store::listen::stream::listenable(&mut conn, &it.world.db.org).await.unwrap();
    assert_eq!(open, []);
}

#[tokio::test]
async fn new_watch_terms_are_watched_for_without_a_restart() {
    let it = listening(sqlite().await, StatusCode::OK).await;
    let open = it.open();
    let _connection = it.server.connection().await;
    let ids = it.world.db.store.ids().clone();
    it.world
        .db
        .store
        .write(&it.world.db.org, it.world.now(), move |tx| {
            Box::pin(async move {
                let term = NewTerm { term: "Lakeside Health".into(), unless: vec![], kind: "name".into() };
                terms::add(tx, &ids, &[term], None).await?;
                tx.commit(Entry::new(By::cli(), "watch.changed", "-"), ())
            })
        })
        .await
        .unwrap();
    while !open.is_finished() {
        it.world.later(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    assert_eq!(open.await.unwrap().unwrap().error, None);
    assert!(it.world.source(&it.source).await.stream.next_at <= Some(it.world.now()), "it begins anew at once");
}

#[tokio::test]
async fn the_worker_opens_streams_by_itself_and_lets_go_of_them_when_it_stops() {
    let it = listening(sqlite().await, StatusCode::OK).await;
    let (world, stop) = (it.world.clone(), it.stop.subscribe());
    let worker = tokio::spawn(async move { world.listen.run(stop).await });
    let first = it.server.connection().await;
    first.send(mention(1)).unwrap();
    drop(first);
    let again = async {
        loop {
            tokio::select! {
                connection = it.server.connection() => break connection,
                () = tokio::task::yield_now() => it.world.later(Duration::from_millis(100)),
            }
        }
    };
    let second = again.await;
    second.send(mention(2)).unwrap();
    it.until_stored(2).await;
    it.stop.send_replace(true);
    worker.await.unwrap();
    let held = it.world.rows("select id from sources where stream_owner is not null").await;
    assert!(held.is_empty(), "another may listen at once");
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_left_to_the_poll() {
    let it = listening(sqlite().await, StatusCode::OK).await;
    let (account, source) = it
        .world
        .connect(Connected {
            network: "mastodon",
            base_url: &it.server.base,
            native_id: "8",
            credentials: Credentials::Bearer { token: Secret::new("token") },
            config: json!({}),
            kind: "stream",
        })
        .await;
    let streamed = it.world.listen.stream(&it.world.db.org, &source, it.stop.subscribe()).await.unwrap().unwrap();
    assert_eq!(streamed, Streamed::default());
    let left = it.world.source(&source).await;
    assert_eq!((left.health(it.world.now()), left.error), (Health::Ok, None), "nothing failed");
    assert_eq!(it.world.account(&account).await.state, AccountState::Connected);
}
