//! How fast the real program takes webhooks: `POST /hooks/{id}` with `X-Hub-Signature-256`, verified over
//! the raw body, read, and durable before the answer. The baseline is a bare axum handler in a process of
//! its own, which reads the same requests of the same client whole and answers 200. A second one says
//! hello to a GET, to tell what the machine does at most.
//!
//! `cargo xtask bench webhooks [-- PAIRS SECONDS]` (9 pairs, blocks of 1 s where absent), 64 connections.
//! Requests are made and signed before a block begins: on two cores the client's work would be taken from
//! the server's. The program serves as `--role web`: what is understood of the messages is the worker's
//! business, and `burst` measures both together. Blocks run in the order A B B A; the median of the pairs'
//! ratios is judged, processor time of client and server together is the second judge.

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
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
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
const BARE: &str = "bare-axum";
/// Where the baseline reads a body, and where it says hello.
const READS: &str = "/reads";
/// How many requests the baseline is asked again and again, and how many ours is asked first.
const FEW: usize = 1_000;

/// Where something is asked.
#[derive(Clone)]
struct Door {
    host: String,
    pid: u32,
}

/// Requests that are asked, made beforehand.
struct Stock {
    requests: Vec<Vec<u8>>,
    /// They are asked again from the first where they run out; else the block ends.
    again: bool,
}

/// What one block did.
struct Block {
    /// Requests that were answered.
    done: usize,
    /// There were no more, and the block ended early.
    ran_out: bool,
    /// Requests a second.
    rate: f64,
    /// Processor time of a request, client and server together, in microseconds.
    cpu: f64,
    /// Of that the server's.
    server: f64,
}

/// All connections ask as fast as they are answered, for so long.
async fn block(door: &Door, stock: Stock, length: Duration) -> Block {
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        clients.push(Client::connect(&door.host).await);
    }
    let (stock, next) = (Arc::new(stock), Arc::new(AtomicUsize::new(0)));
    let both = || cpu_millis(door.pid) + cpu_millis(std::process::id());
    let (began, cpu, server) = (Instant::now(), both(), cpu_millis(door.pid));
    let mut asking = tokio::task::JoinSet::new();
    for mut client in clients {
        let (stock, next) = (stock.clone(), next.clone());
        asking.spawn(async move {
            let mut done = 0;
            while began.elapsed() < length {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let at = if stock.again { at % stock.requests.len() } else { at };
                let Some(request) = stock.requests.get(at) else { break };
                client.ask(request).await;
                done += 1;
            }
            done
        });
    }
    let done: usize = asking.join_all().await.into_iter().sum();
    let each = |millis: f64| millis / done as f64 * 1e3;
    Block {
        done,
        ran_out: done == stock.requests.len(),
        rate: done as f64 / began.elapsed().as_secs_f64(),
        cpu: each(both() - cpu),
        server: each(cpu_millis(door.pid) - server),
    }
}

/// The baseline: this program once more, until its standard input ends.
async fn baseline() -> (Child, Door) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg(BARE)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let host = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    let pid = child.id().unwrap();
    (child, Door { host, pid })
}

async fn bare_axum() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    let reads = |body: Bytes| async move { if body.is_empty() { StatusCode::BAD_REQUEST } else { StatusCode::OK } };
    axum::serve(listener, Router::new().route(READS, get(|| async { "hello" }).post(reads))).await.unwrap();
}

/// Whom one measurement asks, and with what.
struct Match {
    ours: Door,
    /// The path of our webhook.
    hook: String,
    bare: Door,
    /// Items in a body.
    items: u64,
    /// The first comment that was not sent yet.
    next: u64,
    /// How many requests ours answered in its last block.
    last: usize,
    /// How many items ours acknowledged.
    acknowledged: u64,
    length: Duration,
}

impl Match {
    fn requests(&self, host: &str, path: &str, first: u64, many: usize) -> Vec<Vec<u8>> {
        let first = |n: usize| first + n as u64 * self.items;
        (0..many).map(|n| hooks::request(host, path, first(n), self.items)).collect()
    }

    /// Ours, each request once; half as many again as it answered last, so that they last for the block.
    async fn ours(&mut self) -> Block {
        let many = (self.last * 3 / 2).max(FEW);
        let requests = self.requests(&self.ours.host, &self.hook, self.next, many);
        self.next += many as u64 * self.items;
        let block = block(&self.ours, Stock { requests, again: false }, self.length).await;
        self.last = block.done;
        self.acknowledged += block.done as u64 * self.items;
        block
    }

    /// The bare handler that reads the same.
    async fn reading(&self) -> Block {
        let requests = self.requests(&self.bare.host, READS, 0, FEW);
        block(&self.bare, Stock { requests, again: true }, self.length).await
    }

    /// The one that says hello.
    async fn hello(&self) -> Block {
        let request = format!("GET {READS} HTTP/1.1\r\nhost: {}\r\n\r\n", self.bare.host).into_bytes();
        block(&self.bare, Stock { requests: vec![request], again: true }, self.length).await
    }
}

async fn measure(items: u64, pairs: u64, length: Duration) {
    let house = House::build().await;
    let hook = house.connect_page().await;
    let (program, _) = Program::start_as("web", house.dir.path()).await;
    let ours = Door { host: program.host.clone(), pid: program.pid };
    let (_child, bare) = baseline().await;
    let mut both = Match { ours, hook, bare, items, next: 0, last: 0, acknowledged: 0, length };
    // To warm up, and until there are requests enough for a whole block.
    while both.ours().await.ran_out {}
    both.reading().await;
    let (mut ratios, mut hellos, mut bares, mut hooks) = (vec![], vec![], vec![], vec![]);
    for pair in 0..pairs {
        let (bare, hook);
        if pair % 2 == 0 {
            hook = both.ours().await;
            bare = both.reading().await;
        } else {
            bare = both.reading().await;
            hook = both.ours().await;
        }
        let hello = both.hello().await;
        eprintln!(
            "pair {pair}: {:.0}/s at {:.0} us, bare {:.0}/s at {:.0} us, hello {:.0}/s at {:.0} us",
            hook.rate, hook.cpu, bare.rate, bare.cpu, hello.rate, hello.cpu
        );
        ratios.push(hook.rate / bare.rate);
        hellos.push(hello);
        bares.push(bare);
        hooks.push(hook);
    }
    let kept = house.count("raw_items").await;
    assert_eq!(kept, both.acknowledged, "each that was acknowledged is stored, once");
    program.stop().await;
    let of =
        |blocks: &[Block], what: fn(&Block) -> f64, part| quantile(&blocks.iter().map(what).collect::<Vec<_>>(), part);
    let (slowest, fastest) = (of(&bares, |b| b.rate, 0.0), of(&bares, |b| b.rate, 1.0));
    let verdict = if fastest > 4.0 * slowest { " (inconclusive: the baseline varied more than 4x)" } else { "" };
    let (rate, cpu) = (of(&hooks, |b| b.rate, 0.5), of(&hooks, |b| b.cpu, 0.5));
    let many = if items == 1 { "1 item".to_owned() } else { format!("{items} items") };
    row(
        &format!(
            "webhook of {many}: verified, read, durable, then answered, against a bare axum handler that reads the same"
        ),
        &format!("{:.2}x{verdict}", quantile(&ratios, 0.5)),
        if items == 1 { "at least 0.25x" } else { "none set" },
        &format!(
            "quartiles {:.2}-{:.2}, {pairs} pairs of {} s blocks, {CONNECTIONS} connections, synchronous=FULL, the release program as `--role web`; \
             {rate:.0} requests/s and {:.0} items/s at {cpu:.0} us of CPU a request ({:.0} the server's) against {:.0}/s at {:.0} us ({:.0} the server's); \
             by CPU {:.2}x; against a hello to a GET {:.2}x ({:.0}/s at {:.0} us)",
            quantile(&ratios, 0.25),
            quantile(&ratios, 0.75),
            length.as_secs(),
            rate * items as f64,
            of(&hooks, |b| b.server, 0.5),
            of(&bares, |b| b.rate, 0.5),
            of(&bares, |b| b.cpu, 0.5),
            of(&bares, |b| b.server, 0.5),
            of(&bares, |b| b.cpu, 0.5) / cpu,
            rate / of(&hellos, |b| b.rate, 0.5),
            of(&hellos, |b| b.rate, 0.5),
            of(&hellos, |b| b.cpu, 0.5),
        ),
    );
}

#[tokio::main]
async fn main() {
    if std::env::args().nth(1).as_deref() == Some(BARE) {
        return bare_axum().await;
    }
    let (pairs, length) = (argument(0, 9), Duration::from_secs(argument(1, 1)));
    for items in [1, 100] {
        measure(items, pairs, length).await;
    }
}
