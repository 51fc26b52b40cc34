//! A Jetstream on loopback: it sends frames at a pace, or as fast as they are taken, from the cursor on.

#![expect(dead_code, reason = "each benchmark uses a part of it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// The time of the first frame, in microseconds.
const FIRST: u64 = 1_795_780_800_000_000;
/// Frames between two flushes.
const AT_ONCE: u64 = 20;

/// What is sent.
pub struct Replay {
    /// How many frames there are.
    pub frames: u64,
    /// Frames a second of the network's own time.
    pub a_second: u64,
    /// Whether they come in that time, or as fast as they are taken.
    pub paced: bool,
    /// The text of a frame.
    pub text: fn(u64) -> String,
}

/// A Jetstream that runs.
pub struct Jetstream {
    /// Where it is.
    pub url: String,
    /// Frames that were sent, those sent again counted.
    pub sent: Arc<AtomicU64>,
    /// Connections that were made.
    pub connections: Arc<AtomicU64>,
    begun: watch::Sender<bool>,
}

impl Jetstream {
    /// From now on it sends.
    pub fn begin(&self) {
        self.begun.send_replace(true);
    }
}

/// Serves it on a free port. Who connects hears nothing until it begins.
pub async fn serve(replay: Replay) -> Jetstream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/subscribe", listener.local_addr().unwrap());
    let (sent, connections) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (count, made, replay) = (sent.clone(), connections.clone(), Arc::new(replay));
    let (begun, may_begin) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            made.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(send(stream, replay.clone(), count.clone(), may_begin.clone()));
        }
    });
    Jetstream { url, sent, connections, begun }
}

/// The cursor in the first line of the request that comes.
async fn asked_from(stream: &TcpStream) -> Option<u64> {
    let mut seen = [0; 1_024];
    loop {
        let read = stream.peek(&mut seen).await.ok()?;
        if let Some((line, _)) = std::str::from_utf8(&seen[..read]).ok()?.split_once("\r\n") {
            return line.split(['?', '&', ' ']).find_map(|part| part.strip_prefix("cursor="))?.parse().ok();
        }
        tokio::task::yield_now().await;
    }
}

async fn send(stream: TcpStream, replay: Arc<Replay>, sent: Arc<AtomicU64>, mut may_begin: watch::Receiver<bool>) {
    // A frame of just that time is sent again: more than one may have it.
    let behind = asked_from(&stream).await.unwrap_or(0).saturating_sub(FIRST);
    let from = behind * replay.a_second / 1_000_000;
    let Ok(mut socket) = accept_async(stream).await else { return };
    if may_begin.wait_for(|begun| *begun).await.is_err() {
        return;
    }
    let (began, first) = (Instant::now(), from);
    let mut every = tokio::time::interval(
        Duration::from_secs(1) * u32::try_from(AT_ONCE).unwrap() / u32::try_from(replay.a_second.max(1)).unwrap(),
    );
    for n in from..replay.frames {
        if socket.feed(Message::text(frame(n, &replay))).await.is_err() {
            return;
        }
        if (n + 1) % AT_ONCE == 0 {
            if socket.flush().await.is_err() {
                return;
            }
            sent.fetch_add(AT_ONCE, Ordering::Relaxed);
            let due = Duration::from_secs_f64((n - first) as f64 / replay.a_second as f64);
            while replay.paced && began.elapsed() < due {
                every.tick().await;
            }
        }
    }
    if socket.flush().await.is_err() {
        return;
    }
    sent.fetch_add(replay.frames.saturating_sub(first) % AT_ONCE, Ordering::Relaxed);
    // The network stays open and says nothing more.
    while let Some(Ok(_)) = socket.next().await {}
}

/// A post as Jetstream tells of it, with an answer's places, a facet and languages.
fn frame(n: u64, replay: &Replay) -> String {
    let guest = n * 7 % 40_009;
    serde_json::json!({
        "did": format!("did:plc:guest{guest:0>19}"), "time_us": FIRST + n * 1_000_000 / replay.a_second, "kind": "commit",
        "commit": {
            "rev": "3lxkq2x3y4z2a", "operation": "create", "collection": "app.bsky.feed.post", "rkey": format!("3l{n:0>11}"),
            "cid": "bafyreigb2xg4yrvo3uiyxnxbj2zrn4qkovrpvh4nsgxr4uo2fyoosu7yya",
            "record": {
                "$type": "app.bsky.feed.post", "createdAt": "2026-11-27T11:59:58.412Z", "langs": ["en"], "text": (replay.text)(n),
                "reply": {
                    "parent": {"cid": "bafyreihqvbbp4lkxyt6kfgndcjpdhd3ydr2qqrq3yhbw7kxhhhwfx5lrfq",
                        "uri": format!("at://did:plc:other{:0>19}/app.bsky.feed.post/3l{n:0>11}", n % 977)},
                    "root": {"cid": "bafyreihqvbbp4lkxyt6kfgndcjpdhd3ydr2qqrq3yhbw7kxhhhwfx5lrfq",
                        "uri": format!("at://did:plc:other{:0>19}/app.bsky.feed.post/3l{n:0>11}", n % 977)},
                },
                "facets": [{"index": {"byteStart": 0, "byteEnd": 4},
                    "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://news.example.org/today?from=post"}]}],
            },
        },
    })
    .to_string()
}
