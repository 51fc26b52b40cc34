//! Jetstream: what is posted on Bluesky, told at once over a WebSocket.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::SinkExt as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// An instance of Jetstream.
pub struct Jetstream {
    /// Frames; `None` ends every connection.
    frames: broadcast::Sender<Option<String>>,
    port: u16,
    /// Whether the next frame is told twice, as after a connection that was opened anew.
    twice: AtomicBool,
    task: JoinHandle<()>,
}

impl Jetstream {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let frames = broadcast::Sender::new(16);
        let told = frames.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let mut socket = accept_async(stream).await.unwrap();
                let mut frames = told.subscribe();
                while let Ok(Some(frame)) = frames.recv().await {
                    socket.send(Message::text(frame)).await.unwrap();
                }
                socket.close(None).await.unwrap();
            }
        });
        Self { frames, port, twice: AtomicBool::new(false), task }
    }

    pub fn address(&self) -> String {
        format!("ws://127.0.0.1:{}/subscribe", self.port)
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.frames.receiver_count()
    }

    pub fn stutter(&self) {
        self.twice.store(true, Ordering::Relaxed);
    }

    /// Tells of a post, as the network's control wrote it, to whoever listens.
    pub fn publish(&self, written: &Value, time_us: i64) {
        let uri = written["id"].as_str().unwrap();
        let (did, rest) = uri.strip_prefix("at://").and_then(|rest| rest.split_once('/')).unwrap();
        let (collection, rkey) = rest.split_once('/').unwrap();
        let frame = json!({"did": did, "time_us": time_us, "kind": "commit", "commit": {
            "rev": rkey, "operation": "create", "collection": collection, "rkey": rkey,
            "record": written["record"], "cid": written["cid"],
        }});
        for _ in 0..=usize::from(self.twice.swap(false, Ordering::Relaxed)) {
            // Nobody listens: nobody is told.
            drop(self.frames.send(Some(frame.to_string())));
        }
    }

    /// Ends every connection, behind what was told.
    pub fn hang_up(&self) {
        drop(self.frames.send(None));
    }
}

impl Drop for Jetstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}
