//! How fast a page of the inbox comes at 500,000 messages: the release program over loopback, a
//! signed-in responder, one request after the other.
//!
//! `cargo xtask bench inbox [-- MESSAGES REQUESTS]` (500000 and 4000 where absent). The mix is the
//! first page, pages deeper in the queue, unassigned, urgent only, and everything in every state, 50
//! rows each; `/healthz` in between says what the machine and the server themselves cost.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "bench_support/client.rs"]
mod client;
#[path = "bench_support/preload.rs"]
mod preload;
#[path = "bench_support/program.rs"]
mod program;
#[path = "bench_support/report.rs"]
mod report;

use std::time::Instant;

use report::{argument, quantile, row};

const KINDS: [(&str, &str); 5] = [
    ("first page", ""),
    ("deeper", ""),
    ("unassigned", "?assigned=nobody"),
    ("urgent", "?priority_max=6"),
    ("every state", "?state=all"),
];

#[tokio::main]
async fn main() {
    let (messages, requests) = (argument(0, 500_000), argument(1, 4_000));
    let data = preload::preloaded(messages).await;
    let password = program::add_user(data.dir.path()).await;
    let (program, _) = program::Program::start(data.dir.path()).await;
    let (mut client, rest) = program.signed_in(&password).await;
    let mut times: Vec<Vec<f64>> = vec![vec![]; KINDS.len()];
    let mut health = vec![];
    let mut cursor: Option<String> = None;
    let mut bytes = 0;
    for n in 0..requests {
        let kind = n as usize % KINDS.len();
        let (name, query) = KINDS[kind];
        let path = match (&cursor, name) {
            (Some(cursor), "deeper") => format!("/api/v1/conversations?cursor={cursor}"),
            _ => format!("/api/v1/conversations{query}"),
        };
        let request = format!("GET {path}{rest}");
        let began = Instant::now();
        let (_, body) = client.ask(request.as_bytes()).await;
        times[kind].push(began.elapsed().as_secs_f64() * 1e3);
        bytes += body.len();
        if name == "deeper" {
            let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(page["items"].as_array().map(Vec::len), Some(50), "a whole page");
            cursor = page["next"].as_str().map(str::to_owned);
            let request = format!("GET /healthz{rest}");
            let began = Instant::now();
            client.ask(request.as_bytes()).await;
            health.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    for ((name, _), times) in KINDS.iter().zip(&times) {
        eprintln!("{name}: p50 {:.2} ms, p99 {:.2} ms", quantile(times, 0.5), quantile(times, 0.99));
    }
    let all = times.concat();
    row(
        &format!("inbox page at {messages} messages, p99"),
        &format!("{:.2} ms", quantile(&all, 0.99)),
        "under 10 ms",
        &format!(
            "release program over loopback, {requests} pages of 50 in five kinds, one after the other; p50 {:.2} ms, p99.9 {:.2} ms, \
             {:.1} kB a page; `/healthz` in between p50 {:.2} ms, p99 {:.2} ms",
            quantile(&all, 0.5),
            quantile(&all, 0.999),
            bytes as f64 / 1e3 / requests as f64,
            quantile(&health, 0.5),
            quantile(&health, 0.99),
        ),
    );
    program.stop().await;
}
