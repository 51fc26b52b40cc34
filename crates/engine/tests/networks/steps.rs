//! A sending of several steps: files leave in pieces, and a later attempt goes on where one stopped.

use std::time::Duration;

use bedside_engine::blobs::Blobs;
use bedside_model::delivery::{OutboxKind, OutboxState};
use bedside_model::{AccountId, MediaId, OutboxId, Phi};
use bedside_networks::{Media, MediaKind, Operation};
use bedside_store::testing::{TestDb, each_engine, sqlite};
use serde_json::json;

use crate::google::Google;
use crate::support::{Connected, World, tokens};

/// Two pieces of four MiB and a rest.
const LENGTH: usize = 9 * 1024 * 1024 + 5;

fn film() -> Vec<u8> {
    let mut film = vec![0, 0, 0, 16];
    film.extend_from_slice(b"ftypisom\0\0\0\0\0\0\0\0mdat");
    film.extend((film.len()..LENGTH).map(|n| (n % 251) as u8));
    film
}

fn post(media: Vec<Media>) -> Operation {
    Operation::Post {
        title: Phi::new("Our new entrance".into()),
        text: Phi::new("Come and see.".into()),
        link: None,
        media,
        language: None,
    }
}

async fn world(db: TestDb, google: &str) -> (World, AccountId) {
    let world = World::new(db);
    let account = world
        .connect(Connected {
            network: "youtube",
            base_url: google,
            native_id: "UCours",
            credentials: tokens("access-0", "", None),
            config: json!({"uploads_playlist": "UUours"}),
            kind: "comments",
        })
        .await;
    (world, account.0)
}

async fn queue_film(world: &World, account: &AccountId) -> OutboxId {
    let id = MediaId::from_bits(7);
    let mut incoming = Blobs::dir(world.db.dir.path()).incoming(&world.db.org, &id).await.unwrap();
    incoming.write(&film()).await.unwrap();
    let kept = incoming.finish().await.unwrap();
    assert_eq!((kept.kind, kept.mime), (MediaKind::Video, "video/mp4"));
    let media = Media {
        id: id.to_string(),
        kind: kept.kind,
        mime: kept.mime.into(),
        bytes: kept.bytes,
        size: None,
        alt: None,
        sha256: None,
        public_url: None,
    };
    world.send(account, OutboxKind::Post, &post(vec![media])).await
}

#[tokio::test]
async fn an_upload_goes_on_where_the_network_stopped_taking_it() {
    for db in each_engine().await {
        let (google, base) = Google::start("access-0", "").await;
        google.state().fail_piece = Some(2);
        let (world, account) = world(db, &base).await;
        let item = queue_film(&world, &account).await;
        world.out.run_until_idle().await.unwrap();
        let stopped = world.item(&item).await;
        assert_eq!((stopped.item.state, stopped.item.attempts), (OutboxState::Pending, 1), "{}", world.db.engine);
        assert!(stopped.progress.is_some(), "it is known how far it came");
        world.later(Duration::from_secs(60));
        world.out.run_until_idle().await.unwrap();
        let delivered = world.item(&item).await;
        assert_eq!(delivered.item.state, OutboxState::Delivered, "{:?}", delivered.why);
        assert_eq!(delivered.native_id.as_deref(), Some("dQw4w9WgXcQ"));
        assert_eq!(google.state().sessions, 1, "the upload was not begun anew");
        assert!(google.state().arrived == film(), "every byte once and in its place");
    }
}

#[tokio::test]
async fn a_program_that_is_killed_between_two_pieces_looks_first_and_then_goes_on() {
    for db in each_engine().await {
        let (google, base) = Google::start("access-0", "").await;
        google.state().hang_piece = Some(2);
        let (world, account) = world(db, &base).await;
        let item = queue_film(&world, &account).await;
        tokio::select! {
            done = world.out.run_until_idle() => panic!("it cannot end: {done:?}"),
            () = google.hung.notified() => {}
        }
        assert_eq!(world.item(&item).await.item.state, OutboxState::Sending, "{}", world.db.engine);
        let (_, out) = world.others().await;
        world.later(Duration::from_secs(80));
        out.run_until_idle().await.unwrap();
        assert_eq!(world.item(&item).await.item.state, OutboxState::Sending, "a file has a longer lease");
        world.later(Duration::from_secs(40));
        out.run_until_idle().await.unwrap();
        assert_eq!(world.item(&item).await.item.state, OutboxState::Unknown, "nobody knows what became of it");
        // Looked at twice, each time after the network had its time, and not there.
        for _ in 0..3 {
            world.later(Duration::from_secs(91));
            out.run_until_idle().await.unwrap();
        }
        assert!(google.state().looks >= 2);
        let delivered = world.item(&item).await;
        assert_eq!(delivered.item.state, OutboxState::Delivered, "{:?}", delivered.why);
        assert_eq!(google.state().sessions, 1);
        assert!(google.state().arrived == film());
    }
}

#[tokio::test]
async fn what_the_network_would_refuse_does_not_leave() {
    let (google, base) = Google::start("access-0", "").await;
    let (world, account) = world(sqlite().await, &base).await;
    let item = world.send(&account, OutboxKind::Post, &post(vec![])).await;
    world.out.run_until_idle().await.unwrap();
    let refused = world.item(&item).await;
    assert_eq!((refused.item.state, refused.item.needs_human), (OutboxState::Dead, true));
    assert!(refused.why.is_some_and(|why| why.contains("video")), "it says what is missing");
    assert_eq!(google.state().sessions, 0);
}

#[tokio::test]
async fn a_file_that_is_gone_stops_before_anything_is_published() {
    let (google, base) = Google::start("access-0", "").await;
    let (world, account) = world(sqlite().await, &base).await;
    let item = queue_film(&world, &account).await;
    Blobs::dir(world.db.dir.path()).remove(&world.db.org, &MediaId::from_bits(7)).await.unwrap();
    world.out.run_until_idle().await.unwrap();
    let waiting = world.item(&item).await;
    assert_eq!((waiting.item.state, waiting.why.as_deref()), (OutboxState::Pending, Some("the file cannot be read")));
    assert_eq!(google.state().pieces, 0);
}
