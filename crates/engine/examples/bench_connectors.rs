//! How fast answers of the networks become messages: from the bytes of each answer of a first sync to
//! raw items, and from each raw item to a [`ParsedMessage`], on one thread. The baseline reads the same
//! bytes with `serde_json::from_slice::<Value>` and drops them.
//!
//! `cargo xtask bench connectors [-- WRITTEN PAIRS MILLISECONDS NETWORK]` (800 messages written on each
//! network, 7 pairs, blocks of 1,000 ms, all networks where absent). The answers are those of the
//! sandbox's emulators, asked by the connector itself; only those of Bluesky, whose network the sandbox
//! does not have, are written here after the lexicon. Blocks run in the order A B B A. The rate is that
//! of the thread's processor time, so that it holds still beside other work.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "bench_support/accounts.rs"]
mod accounts;
#[path = "bench_support/notifications.rs"]
mod notifications;
#[path = "bench_support/report.rs"]
mod report;
#[path = "bench_support/words.rs"]
mod words;

use std::hint::black_box;
use std::time::{Duration, Instant};

use accounts::Emulation;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_model::Micros;
use bedside_networks::{
    AccountView, Credentials, HttpResponse, Network, ParsedMessage, PollInput, Secret, Session, parse, start_poll,
};
use bedside_sandbox::fixed_clock;
use bedside_sandbox::world::{Kind, World, Write, spawn};
use report::{argument, quantile, row};
use serde_json::{Value, json};
use words::words;

/// The day on which everything is read.
const NOW: &str = "2026-11-27T12:00:00Z";
const GOAL: f64 = 100_000.0;

/// A first sync of an account, as the network answered it.
struct Recorded {
    title: &'static str,
    account: AccountView,
    source: Value,
    answers: Vec<HttpResponse>,
    /// Messages in them.
    messages: usize,
}

impl Recorded {
    /// Reads all answers and parses all items, as the poller and the intake do.
    fn read(&self, each: &mut dyn FnMut(ParsedMessage)) {
        let input =
            PollInput { account: &self.account, source: &self.source, cursor: None, known: &[], now: micros(NOW) };
        let mut poll = start_poll(input).unwrap();
        for answer in &self.answers {
            for item in poll.on_response(answer).unwrap().items {
                each(parse(&self.account, &item.kind, &item.body).unwrap());
            }
        }
    }

    fn bytes(&self) -> usize {
        self.answers.iter().map(|answer| answer.body.len()).sum()
    }

    fn counted(mut self) -> Self {
        let mut messages = 0;
        self.read(&mut |_| messages += 1);
        self.messages = messages;
        self
    }
}

fn micros(text: &str) -> Micros {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

/// People write on the emulated network, and the connector reads it page by page.
async fn recorded(emulation: &Emulation, written: u64) -> Recorded {
    let world = World::new(fixed_clock(NOW.parse().unwrap()), 7);
    let server = spawn(world.clone()).await.unwrap();
    let before = micros(NOW) - Micros::try_from(written).unwrap() * 60_000_000;
    for n in 0..written {
        let at = jiff::Timestamp::from_microsecond(before + Micros::try_from(n).unwrap() * 60_000_000).unwrap();
        let rating = (emulation.kind == Kind::Review).then_some(1 + u8::try_from(n * 3 % 5).unwrap());
        let (author, text) = (Some(format!("Guest {}", n * 7 % 401)), Some(words(n)));
        world
            .write(&Write { kind: emulation.kind, author, text, rating, at: Some(at), ..Write::on(emulation.emulated) })
            .unwrap();
    }
    let base = server.base_url();
    let (own, config) = (emulation.account)(&world.ready(&base)["networks"][emulation.network.as_str()]);
    let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
    let mut account = AccountView {
        network: emulation.network,
        base_url: base.parse().unwrap(),
        own_native_id: own,
        credentials: accounts::credentials(emulation.network),
        hook_secret: Secret::default(),
        config,
    };
    let mut test = bedside_networks::start_self_test(&account).unwrap();
    while let Some(request) = test.next_request() {
        test.on_response(&http.send(&request, &AllowedHosts::default()).await.unwrap()).unwrap();
    }
    let report = test.report();
    account.own_native_id = account.own_native_id.or(report.native_id);
    account.config.as_object_mut().unwrap().extend(report.config);
    let source = json!({"kind": emulation.source, "backfill_days": 30});
    let input = PollInput { account: &account, source: &source, cursor: None, known: &[], now: micros(NOW) };
    let mut poll = start_poll(input).unwrap();
    let mut answers = Vec::new();
    while let Some(request) = poll.next_request() {
        let answer = http.send(&request, &AllowedHosts::default()).await.unwrap();
        poll.on_response(&answer).unwrap();
        answers.push(answer);
    }
    server.stop().await;
    Recorded { title: emulation.title, account, source, answers, messages: 0 }.counted()
}

/// Bluesky's answers: notifications in pages of 100, and an empty feed of our own.
fn bluesky(written: u64) -> Recorded {
    let account = AccountView {
        network: Network::Bluesky,
        base_url: "https://pds.example.org/".parse().unwrap(),
        own_native_id: Some(notifications::OWN.to_owned()),
        credentials: Credentials::Session(Box::new(Session {
            identifier: "lakeside.example.org".to_owned(),
            password: Secret::new("app-password"),
            access_token: Secret::new("access"),
            refresh_token: Secret::new("refresh"),
            expires_at: None,
        })),
        hook_secret: Secret::default(),
        config: json!({}),
    };
    let answer = |body: Value| HttpResponse { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() };
    let mut answers: Vec<HttpResponse> = notifications::pages(written, micros(NOW)).map(answer).collect();
    answers.push(answer(json!({"feed": []})));
    let source = json!({"kind": "mentions"});
    Recorded { title: "Bluesky", account, source, answers, messages: 0 }.counted()
}

/// Processor time of this thread, in seconds; the kernel counts in nanoseconds.
fn thread_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// Messages a second of processor time.
fn block(length: Duration, messages: usize, once: &mut dyn FnMut()) -> f64 {
    let (began, cpu) = (Instant::now(), thread_cpu());
    let mut rounds = 0_u32;
    while began.elapsed() < length {
        once();
        rounds += 1;
    }
    f64::from(rounds) * messages as f64 / (thread_cpu() - cpu)
}

fn measure(recorded: &Recorded, pairs: u64, length: Duration) {
    let Recorded { title, answers, messages, .. } = recorded;
    let mut ours = || recorded.read(&mut |message| drop(black_box(message)));
    let mut bare = || {
        for answer in answers {
            drop(black_box(serde_json::from_slice::<Value>(&answer.body).unwrap()));
        }
    };
    block(length / 4, *messages, &mut ours);
    let (mut reads, mut bares, mut ratios) = (vec![], vec![], vec![]);
    for pair in 0..pairs {
        let (read, baseline);
        if pair % 2 == 0 {
            read = block(length, *messages, &mut ours);
            baseline = block(length, *messages, &mut bare);
        } else {
            baseline = block(length, *messages, &mut bare);
            read = block(length, *messages, &mut ours);
        }
        reads.push(read);
        bares.push(baseline);
        ratios.push(read / baseline);
    }
    let (slowest, fastest) = (quantile(&bares, 0.0), quantile(&bares, 1.0));
    let verdict = if fastest > 4.0 * slowest { " (inconclusive: the baseline varied more than 4x)" } else { "" };
    let rate = quantile(&reads, 0.5);
    eprintln!("{title}: {rate:.0}/s, quartiles {:.0}-{:.0}", quantile(&reads, 0.25), quantile(&reads, 0.75));
    row(
        &format!("answers of {title} to messages, one core"),
        &format!("{:.0},000/s{verdict}", rate / 1_000.0),
        &format!("at least {:.0},000/s", GOAL / 1_000.0),
        &format!(
            "{messages} messages in {} answers, {} bytes of answers to a message; {:.2}x of `serde_json` to a `Value`, which alone makes {:.0},000/s; \
             median of {pairs} pairs, by processor time",
            answers.len(),
            recorded.bytes() / messages,
            quantile(&ratios, 0.5),
            quantile(&bares, 0.5) / 1_000.0,
        ),
    );
}

fn main() {
    let (written, pairs) = (argument(0, 800), argument(1, 7));
    let length = Duration::from_millis(argument(2, 1_000));
    let only = std::env::args().nth(4);
    let wanted = |title: &str| only.as_deref().is_none_or(|only| title.eq_ignore_ascii_case(only));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for emulation in accounts::all().iter().filter(|emulation| wanted(emulation.title)) {
        measure(&runtime.block_on(recorded(emulation, written)), pairs, length);
    }
    if wanted("Bluesky") {
        measure(&bluesky(written), pairs, length);
    }
}
