//! How fast the real program takes webhooks: `POST /hooks/{id}` with `X-Hub-Signature-256`, verified over
//! the raw body, read, and durable before the answer. The baseline is an axum handler that says hello, in
//! a process of its own, asked by the same client.
//!
//! `cargo xtask bench webhooks [-- PAIRS SECONDS]` (9 pairs, blocks of 1 s where absent), 64 connections.
//! The program serves as `--role web`: what is understood of the messages is the worker's business, and
//! `burst` measures both together. Blocks run in the order A B B A; the median of the pairs' ratios is
//! judged, processor time of client and server together is the second judge.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "bench_support/client.rs"]
mod client;
#[path = "bench_support/hooks.rs"]
mod hooks;
#[expect(dead_code, reason = "a part of it is for the burst")]
#[path = "bench_support/house.rs"]
mod house;
#[path = "bench_support/program.rs"]
mod program;
#[path = "bench_support/report.rs"]
mod report;
#[path = "bench_support/words.rs"]
mod words;

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use client::Client;
use house::House;
use program::{Program, cpu_millis};
use report::{argument, quantile, row};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// Connections at once.
const CONNECTIONS: usize = 64;
/// The word that makes this program the baseline.
const HELLO: &str = "say-hello";

/// Where something is asked.
#[derive(Clone)]
struct Door {
    host: String,
    pid: u32,
    /// The path of the webhook; `None` for the baseline.
    hook: Option<String>,
}

/// What one block did.
struct Block {
    /// Requests a second.
    rate: f64,
    /// Processor time of a request, client and server together, in microseconds.
    cpu: f64,
    /// Of that the server's.
    server: f64,
}

/// All connections ask as fast as they are answered, for so long, with so many items in a body.
async fn block(door: &Door, items: u64, next: &Arc<AtomicU64>, length: Duration) -> Block {
    let both = || cpu_millis(door.pid) + cpu_millis(std::process::id());
    let (began, cpu, server) = (Instant::now(), both(), cpu_millis(door.pid));
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (door, next) = (door.clone(), next.clone());
        asking.spawn(async move {
            let mut client = Client::connect(&door.host).await;
            let greeting = format!("GET /hello HTTP/1.1\r\nhost: {}\r\n\r\n", door.host).into_bytes();
            let mut done = 0_u64;
            while began.elapsed() < length {
                match &door.hook {
                    None => client.ask(&greeting).await,
                    Some(path) => {
                        let first = next.fetch_add(items, Ordering::Relaxed);
                        client.ask(&hooks::request(&door.host, path, first, items)).await
                    }
                };
                done += 1;
            }
            done
        });
    }
    let done = asking.join_all().await.into_iter().sum::<u64>() as f64;
    Block {
        rate: done / began.elapsed().as_secs_f64(),
        cpu: (both() - cpu) / done * 1e3,
        server: (cpu_millis(door.pid) - server) / done * 1e3,
    }
}

/// The baseline: this program once more, which says hello until its standard input ends.
async fn baseline() -> (Child, Door) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg(HELLO)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let host = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    let pid = child.id().unwrap();
    (child, Door { host, pid, hook: None })
}

async fn say_hello() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, Router::new().route("/hello", get(|| async { "hello" }))).await.unwrap();
}

async fn measure(items: u64, pairs: u64, length: Duration) {
    let house = House::build().await;
    let hook = Some(house.connect_page().await);
    let (program, _) = Program::start_as("web", house.dir.path()).await;
    let ours = Door { host: program.host.clone(), pid: program.pid, hook };
    let (_child, bare) = baseline().await;
    let next = Arc::new(AtomicU64::new(0));
    for door in [&ours, &bare] {
        block(door, items, &next, length).await;
    }
    let (mut ratios, mut hellos, mut hooks) = (vec![], vec![], vec![]);
    for pair in 0..pairs {
        let (hello, hook);
        if pair % 2 == 0 {
            hook = block(&ours, items, &next, length).await;
            hello = block(&bare, items, &next, length).await;
        } else {
            hello = block(&bare, items, &next, length).await;
            hook = block(&ours, items, &next, length).await;
        }
        eprintln!(
            "pair {pair}: {:.0}/s at {:.0} us, hello {:.0}/s at {:.0} us",
            hook.rate, hook.cpu, hello.rate, hello.cpu
        );
        ratios.push(hook.rate / hello.rate);
        hellos.push(hello);
        hooks.push(hook);
    }
    let kept = house.count("raw_items").await;
    assert_eq!(kept, next.load(Ordering::Relaxed), "each that was acknowledged is stored, once");
    program.stop().await;
    let of =
        |blocks: &[Block], what: fn(&Block) -> f64, part| quantile(&blocks.iter().map(what).collect::<Vec<_>>(), part);
    let (slowest, fastest) = (of(&hellos, |b| b.rate, 0.0), of(&hellos, |b| b.rate, 1.0));
    let verdict = if fastest > 4.0 * slowest { " (inconclusive: the baseline varied more than 4x)" } else { "" };
    let rate = of(&hooks, |b| b.rate, 0.5);
    let many = if items == 1 { "1 item".to_owned() } else { format!("{items} items") };
    row(
        &format!("webhook of {many}: verified, read, durable, then answered, against a bare axum hello"),
        &format!("{:.2}x{verdict}", quantile(&ratios, 0.5)),
        if items == 1 { "at least 0.25x" } else { "none set" },
        &format!(
            "quartiles {:.2}-{:.2}, {pairs} pairs of {} s blocks, {CONNECTIONS} connections, synchronous=FULL, the release program as `--role web`; \
             {rate:.0} requests/s and {:.0} items/s at {:.0} us of CPU a request ({:.0} the server's) against {:.0}/s at {:.0} us; by CPU {:.2}x",
            quantile(&ratios, 0.25),
            quantile(&ratios, 0.75),
            length.as_secs(),
            rate * items as f64,
            of(&hooks, |b| b.cpu, 0.5),
            of(&hooks, |b| b.server, 0.5),
            of(&hellos, |b| b.rate, 0.5),
            of(&hellos, |b| b.cpu, 0.5),
            of(&hellos, |b| b.cpu, 0.5) / of(&hooks, |b| b.cpu, 0.5),
        ),
    );
}

#[tokio::main]
async fn main() {
    if std::env::args().nth(1).as_deref() == Some(HELLO) {
        return say_hello().await;
    }
    let (pairs, length) = (argument(0, 9), Duration::from_secs(argument(1, 1)));
    for items in [1, 100] {
        measure(items, pairs, length).await;
    }
}
