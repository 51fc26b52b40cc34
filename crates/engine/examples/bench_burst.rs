//! The record second: as many messages as Twitter ever had in one (143,199, in August 2013), offered at
//! once to the release program. Half are frames of a Jetstream that sends as fast as it is read, half are
//! comments in webhooks of up to 100, each body on a connection of its own.
//!
//! `cargo xtask bench burst [-- MESSAGES MESSAGES_KILLED KILLS]` (143,199; 20,000 and 3). A refusal with 503 or
//! 429 and `Retry-After` is obeyed; a connection that breaks is made again, by Jetstream's client from its
//! cursor. In the second part the program is killed (SIGKILL) so many times while it works, and started
//! again. The checker reads the database with its own SQL: after each tenth acknowledgement, whether what
//! was acknowledged is there by then; at the end, whether each message is in the inbox, once.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "bench_support/client.rs"]
mod client;
#[path = "bench_support/hooks.rs"]
mod hooks;
#[path = "bench_support/house.rs"]
mod house;
#[path = "bench_support/jetstream.rs"]
mod jetstream;
#[path = "bench_support/program.rs"]
mod program;
#[expect(dead_code, reason = "nothing is measured twice here, so there are no quantiles")]
#[path = "bench_support/report.rs"]
mod report;
#[path = "bench_support/words.rs"]
mod words;

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use client::{Client, header};
use house::House;
use jetstream::Replay;
use program::{Program, anonymous_memory};
use report::{argument, row};
use tokio::task::JoinSet;
use words::words;

/// Comments in the bodies, in turn.
const SIZES: [u64; 8] = [1, 100, 37, 100, 62, 100, 5, 100];
/// The most connections at once, so that no limit of the machine is met.
const CONNECTIONS: usize = 500;
/// One in so many acknowledgements is looked up at once.
const LOOKED_UP: u64 = 10;
/// The longest time for everything to be in the inbox.
const PATIENCE: Duration = Duration::from_secs(900);

/// What both sides share.
struct Burst {
    house: House,
    path: String,
    /// Where the program is now: it moves when it is killed.
    host: Mutex<String>,
    pid: AtomicU32,
    acknowledged: AtomicU64,
    refused: AtomicU64,
    broken: AtomicU64,
    looked_up: AtomicU64,
    done: AtomicBool,
}

/// What came of it.
struct Outcome {
    seconds: f64,
    acknowledged_seconds: f64,
    /// The most anonymous memory, in MB.
    memory: f64,
    /// Processor time of the program, in seconds.
    cpu: f64,
    connections: u64,
    burst: Arc<Burst>,
}

impl Burst {
    fn is_at(&self, program: &Program) {
        self.host.lock().unwrap().clone_from(&program.host);
        self.pid.store(program.pid, Ordering::Relaxed);
    }

    /// One body, offered until it is acknowledged.
    async fn offer(&self, first: u64, items: u64) {
        let mut every = tokio::time::interval(Duration::from_millis(50));
        loop {
            let host = self.host.lock().unwrap().clone();
            let request = hooks::request(&host, &self.path, first, items);
            let answer = match Client::try_connect(&host).await {
                Ok(mut client) => client.try_ask(&request).await,
                Err(e) => Err(e),
            };
            match answer {
                Ok((head, _)) if head.starts_with("HTTP/1.1 200") => break,
                Ok((head, _)) => {
                    assert!(head.starts_with("HTTP/1.1 503") || head.starts_with("HTTP/1.1 429"), "{head}");
                    let seconds = header(&head, "retry-after").expect("it says when to come again").parse().unwrap();
                    self.refused.fetch_add(1, Ordering::Relaxed);
                    tokio::time::interval_at(tokio::time::Instant::now() + Duration::from_secs(seconds), PATIENCE)
                        .tick()
                        .await;
                }
                Err(_) => {
                    self.broken.fetch_add(1, Ordering::Relaxed);
                    every.tick().await;
                }
            }
        }
        if self.acknowledged.fetch_add(1, Ordering::Relaxed).is_multiple_of(LOOKED_UP) {
            let last = hooks::comment_id(first + items - 1);
            let there = self.house.count(&format!("raw_items where native_id = '{last}'")).await;
            assert_eq!(there, 1, "an acknowledged body is not in the database");
            self.looked_up.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The most anonymous memory of the program, until all is done.
    async fn memory(&self) -> f64 {
        let (mut most, mut every) = (0_f64, tokio::time::interval(Duration::from_millis(20)));
        while !self.done.load(Ordering::Relaxed) {
            every.tick().await;
            most = most.max(anonymous_memory(self.pid.load(Ordering::Relaxed)).unwrap_or(0.0));
        }
        most
    }
}

/// Which comments stand in which body.
fn bodies(comments: u64) -> Vec<(u64, u64)> {
    let mut first = 0;
    let sized = SIZES.into_iter().cycle().map_while(|size| {
        let items = size.min(comments - first);
        first += items;
        (items > 0).then_some((first - items, items))
    });
    sized.collect()
}

async fn burst(messages: u64, kills: u64) -> Outcome {
    let (frames, comments) = (messages / 2, messages - messages / 2);
    // All of it is one second of the network's own time.
    let replay =
        Replay { frames, a_second: frames.max(1), paced: false, text: |n| format!("Lakeside Health: {}", words(n)) };
    let jetstream = jetstream::serve(replay).await;
    let house = House::build().await;
    let path = house.connect_page().await;
    house.connect_jetstream(&jetstream.url, &["Lakeside Health".to_owned()]).await;
    let (mut program, _) = Program::start(house.dir.path()).await;
    let burst = Arc::new(Burst {
        house,
        path,
        host: Mutex::default(),
        pid: AtomicU32::new(0),
        acknowledged: AtomicU64::new(0),
        refused: AtomicU64::new(0),
        broken: AtomicU64::new(0),
        looked_up: AtomicU64::new(0),
        done: AtomicBool::new(false),
    });
    burst.is_at(&program);
    let sampled = tokio::spawn({
        let burst = burst.clone();
        async move { burst.memory().await }
    });
    let mut every = tokio::time::interval(Duration::from_millis(200));
    while jetstream.connections.load(Ordering::Relaxed) == 0 {
        every.tick().await;
    }
    // From here on everything is offered at once.
    let began = Instant::now();
    jetstream.begin();
    let (bodies, next) = (Arc::new(bodies(comments)), Arc::new(AtomicU64::new(0)));
    let mut offering = JoinSet::new();
    for _ in 0..CONNECTIONS.min(bodies.len()) {
        let (burst, bodies, next) = (burst.clone(), bodies.clone(), next.clone());
        offering.spawn(async move {
            while let Some((first, items)) = bodies.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())
            {
                burst.offer(*first, *items).await;
            }
        });
    }
    let (mut killed, mut acknowledged_seconds, mut cpu) = (0, None, 0.0);
    loop {
        every.tick().await;
        while let Some(offered) = offering.try_join_next() {
            offered.unwrap();
        }
        if offering.is_empty() {
            acknowledged_seconds.get_or_insert(began.elapsed().as_secs_f64());
        }
        let heard = burst.house.count("messages").await;
        assert!(heard <= messages && began.elapsed() < PATIENCE, "{heard} of {messages} messages");
        if heard == messages && offering.is_empty() {
            break;
        }
        if killed < kills && heard > messages * (killed + 1) / (kills + 1) {
            cpu += program.cpu_millis();
            program.kill().await;
            (program, _) = Program::start(burst.house.dir.path()).await;
            burst.is_at(&program);
            killed += 1;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    burst.done.store(true, Ordering::Relaxed);
    cpu += program.cpu_millis();
    program.stop().await;
    assert_eq!(killed, kills, "it was over before it was killed often enough");
    for (what, expected) in [
        ("(select distinct account_id, native_id from messages)", messages),
        ("raw_items", messages),
        ("raw_items where state <> 'parsed'", 0),
        ("messages m join conversations c on c.id = m.conversation_id where m.deleted_at is null", messages),
    ] {
        assert_eq!(burst.house.count(what).await, expected, "{what}");
    }
    Outcome {
        seconds,
        acknowledged_seconds: acknowledged_seconds.unwrap_or(seconds),
        memory: sampled.await.unwrap(),
        cpu: cpu / 1e3,
        connections: jetstream.connections.load(Ordering::Relaxed),
        burst,
    }
}

fn told(outcome: &Outcome) -> String {
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    let burst = &outcome.burst;
    format!(
        "{} bodies, acknowledged within {:.0} s, {} refusals with Retry-After obeyed, {} broken connections made again; {} connections of Jetstream; \
         {} acknowledgements looked up at once, all durable; none lost, none doubled; {:.0} s of CPU",
        count(&burst.acknowledged),
        outcome.acknowledged_seconds,
        count(&burst.refused),
        count(&burst.broken),
        outcome.connections,
        count(&burst.looked_up),
        outcome.cpu,
    )
}

#[tokio::main]
async fn main() {
    let (messages, fewer, kills) = (argument(0, 143_199), argument(1, 20_000), argument(2, 3));
    let whole = burst(messages, 0).await;
    row(
        &format!("{messages} messages offered at once, until all are in the inbox"),
        &format!("{:.0} s", whole.seconds),
        "at most 60 s",
        &format!(
            "half Jetstream frames, half comments in webhooks of up to 100; {}, {:.0} us a message",
            told(&whole),
            whole.cpu / messages as f64 * 1e6
        ),
    );
    row(
        "the most anonymous memory (RssAnon) meanwhile",
        &format!("{:.0} MB", whole.memory),
        "at most 256 MB",
        "looked at every 20 ms",
    );
    let killed = burst(fewer, kills).await;
    row(
        &format!("{fewer} messages offered at once, the program killed {kills} times meanwhile"),
        "0 lost, 0 doubled",
        "0 lost, 0 doubled",
        &format!("kill -9 at even parts, started again at once; {}; {:.0} s in all", told(&killed), killed.seconds),
    );
}
