//! How fast something is taken from a network and durable: verify the signature, parse, store the
//! raw item through the writer with its entry in the log, answer after the commit. The baseline is
//! an axum handler that says hello, on the same runtime, asked by the same client.
//!
//! `cargo xtask bench accept [-- MESSAGES PAIRS SECONDS]` (500000 stored before, 9 pairs, blocks of
//! 1 s where absent), 64 connections. Blocks run in the order A B B A; the median of the pairs'
//! ratios is judged, and the processor time of client and server together is the second judge.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "bench_support/client.rs"]
mod client;
#[path = "bench_support/preload.rs"]
mod preload;
#[path = "bench_support/report.rs"]
mod report;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use bedside_engine::clock::Clock;
use bedside_engine::listen::accept::Acceptor;
use bedside_model::{AccountId, OrgId};
use bedside_store::intake::raw::NewItem;
use bedside_store::trust;
use client::Client;
use hmac::{Hmac, Mac as _};
use report::{argument, quantile, row};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

/// Connections at once.
const CONNECTIONS: usize = 64;
const SECRET: &[u8] = b"a secret that both sides know";

#[derive(Clone)]
struct Door {
    acceptor: Acceptor,
    org: OrgId,
    account: AccountId,
}

fn signature(body: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(SECRET).unwrap().chain_update(body)
}

async fn accept(State(door): State<Arc<Door>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signed = headers.get("x-signature").and_then(|value| hex::decode(value.as_bytes()).ok()).unwrap_or_default();
    if signature(&body).verify_slice(&signed).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(parsed) = serde_json::from_slice::<serde_json::Value>(&body) else { return StatusCode::BAD_REQUEST };
    let Some(native_id) = parsed["id"].as_str() else { return StatusCode::BAD_REQUEST };
    let item = NewItem {
        native_id: native_id.to_owned(),
        kind: "review".into(),
        content_hash: hex::encode(Sha256::digest(&body)),
        body: body.to_vec(),
        published_at: None,
    };
    match door.acceptor.offer(&door.org, &door.account, item).await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A review of about 750 bytes, as networks send them.
fn request(host: &str, n: u64) -> Vec<u8> {
    let text = "We waited nearly two hours past the appointment and nobody came to tell us why. ".repeat(5);
    let body = serde_json::json!({
        "id": format!("pushed-{n}"), "created": "2026-11-24T10:00:00Z", "rating": 2, "language": "en",
        "author": { "id": format!("guest-{}", n % 5_000), "name": "A Guest", "url": "https://reviews.example.org/guests/1" },
        "place": { "id": "lakeside", "name": "Lakeside Health", "url": "https://reviews.example.org/places/lakeside" },
        "text": text,
    })
    .to_string();
    let signed = hex::encode(signature(body.as_bytes()).finalize().into_bytes());
    format!(
        "POST /accept HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\nx-signature: {signed}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What one block did.
struct Block {
    /// Requests a second.
    rate: f64,
    /// Processor time of a request, client and server together, in microseconds.
    cpu: f64,
}

/// All connections ask as fast as they are answered, for so long.
async fn block(host: &str, hello: bool, next: &Arc<AtomicU64>, length: Duration) -> Block {
    let (began, cpu) = (Instant::now(), cpu_seconds());
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (host, next) = (host.to_owned(), next.clone());
        asking.spawn(async move {
            let mut client = Client::connect(&host).await;
            let greeting = format!("GET /hello HTTP/1.1\r\nhost: {host}\r\n\r\n").into_bytes();
            let mut done = 0_u64;
            while began.elapsed() < length {
                if hello {
                    client.ask(&greeting).await;
                } else {
                    client.ask(&request(&host, next.fetch_add(1, Ordering::Relaxed))).await;
                }
                done += 1;
            }
            done
        });
    }
    let done = asking.join_all().await.into_iter().sum::<u64>() as f64;
    Block { rate: done / began.elapsed().as_secs_f64(), cpu: (cpu_seconds() - cpu) / done * 1e6 }
}

/// Processor time of this process, all threads, user and system.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

#[tokio::main]
async fn main() {
    let (messages, pairs, seconds) = (argument(0, 500_000), argument(1, 9), argument(2, 1));
    let length = Duration::from_secs(seconds);
    let data = preload::preloaded(messages).await;
    let store = preload::open(data.dir.path()).await;
    let org = trust::organisations(&mut store.read().await.unwrap()).await.unwrap().remove(0);
    let rows = store.read().await.unwrap().test_rows("select id from accounts").await.unwrap();
    let account: AccountId = rows[0].parsed("id").unwrap();
    let acceptor = Acceptor::start(store.clone(), Clock::System);
    let door = Arc::new(Door { acceptor, org, account });
    let router = Router::new().route("/hello", get(|| async { "hello" })).route("/accept", post(accept));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router.with_state(door)).await });

    let next = Arc::new(AtomicU64::new(0));
    for hello in [true, false] {
        block(&host, hello, &next, length).await;
    }
    let (mut ratios, mut hellos, mut accepts) = (vec![], vec![], vec![]);
    for pair in 0..pairs {
        let (hello, accept);
        if pair % 2 == 0 {
            accept = block(&host, false, &next, length).await;
            hello = block(&host, true, &next, length).await;
        } else {
            hello = block(&host, true, &next, length).await;
            accept = block(&host, false, &next, length).await;
        }
        eprintln!(
            "pair {pair}: accept {:.0}/s at {:.0} us, hello {:.0}/s at {:.0} us",
            accept.rate, accept.cpu, hello.rate, hello.cpu
        );
        ratios.push(accept.rate / hello.rate);
        hellos.push(hello);
        accepts.push(accept);
    }
    let sent = next.load(Ordering::Relaxed);
    let kept = store
        .read()
        .await
        .unwrap()
        .test_rows("select count(*) as n from raw_items where native_id like 'pushed-%'")
        .await;
    assert_eq!(kept.unwrap()[0].int("n").unwrap().cast_unsigned(), sent, "each that was acknowledged is stored");
    let rates = |blocks: &[Block]| blocks.iter().map(|block| block.rate).collect::<Vec<_>>();
    let cpus = |blocks: &[Block]| quantile(&blocks.iter().map(|block| block.cpu).collect::<Vec<_>>(), 0.5);
    let (slowest, fastest) = (quantile(&rates(&hellos), 0.0), quantile(&rates(&hellos), 1.0));
    let verdict = if fastest > 4.0 * slowest { " (inconclusive: the baseline varied more than 4x)" } else { "" };
    row(
        &format!(
            "durable accept, in the manner of a webhook, against a bare axum hello, {messages} messages preloaded"
        ),
        &format!("{:.2}x{verdict}", quantile(&ratios, 0.5)),
        "at least 0.25x",
        &format!(
            "quartiles {:.2}-{:.2}, {pairs} pairs of {seconds} s blocks, {CONNECTIONS} connections, synchronous=FULL; \
             {:.0}/s at {:.0} us of CPU against {:.0}/s at {:.0} us, client included",
            quantile(&ratios, 0.25),
            quantile(&ratios, 0.75),
            quantile(&rates(&accepts), 0.5),
            cpus(&accepts),
            quantile(&rates(&hellos), 0.5),
            cpus(&hellos),
        ),
    );
}
