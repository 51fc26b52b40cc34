//! What it costs to listen to everything that is said in public: the release program, with 10,000 watch
//! terms, on a Jetstream that is replayed from loopback.
//!
//! `cargo xtask bench jetstream [-- EVENTS SECONDS FRAMES]` (2,000 events a second for 20 seconds, and then
//! 100,000 frames as fast as they are taken). Everything is a post, as the subscription asks for, and one
//! in fifty holds a term. Counted is all that the program does meanwhile: the WebSocket (without TLS), the
//! match, the raw item with the cursor behind it, and its way through the intake into the inbox.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "bench_support/client.rs"]
mod client;
#[expect(dead_code, reason = "a part of it is for the burst")]
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

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use house::House;
use jetstream::{Jetstream, Replay};
use program::Program;
use report::{argument, row};
use words::words;

/// Watch terms.
const TERMS: u64 = 10_000;
/// One in so many posts holds a term.
const HIT: u64 = 50;
/// The longest time for what was heard to be in the inbox.
const PATIENCE: Duration = Duration::from_secs(120);

/// The `n`th name that is watched for; of invented people.
fn term(n: u64) -> String {
    let of = |all: [&'static str; 10], n: u64| all[usize::try_from(n % 10).unwrap_or(0)];
    let first = of(["Ar", "Bel", "Cor", "Dan", "El", "Fin", "Gal", "Hes", "Il", "Jor"], n);
    let second = of(["a", "eth", "in", "o", "us", "ya", "wen", "ric", "mar", "ley"], n / 10);
    let third = of(["Os", "Pel", "Quin", "Rav", "Sol", "Tam", "Ul", "Ver", "Wes", "Yar"], n / 100);
    let last = of(["ander", "brook", "croft", "dale", "en", "ford", "gate", "holm", "ing", "kirk"], n / 1_000);
    format!("Dr. {first}{second} {third}{last}")
}

fn text(n: u64) -> String {
    match n % HIT {
        0 => format!("I saw {} today. {}", term(n / HIT * 37 % TERMS), words(n)),
        _ => words(n),
    }
}

/// The program, listening.
async fn listening(replay: Replay) -> (House, Jetstream, Program) {
    let terms: Vec<String> = (0..TERMS).map(term).collect();
    let jetstream = jetstream::serve(replay).await;
    let house = House::build().await;
    house.connect_jetstream(&jetstream.url, &terms).await;
    let (program, _) = Program::start(house.dir.path()).await;
    jetstream.begin();
    (house, jetstream, program)
}

/// Waits until so many frames were sent.
async fn until_sent(jetstream: &Jetstream, frames: u64) {
    let mut every = tokio::time::interval(Duration::from_millis(10));
    while jetstream.sent.load(Ordering::Relaxed) < frames {
        every.tick().await;
    }
}

/// Waits until every post with a term is a message, once.
async fn until_heard(house: &House, frames: u64) {
    let (began, mut every) = (Instant::now(), tokio::time::interval(Duration::from_millis(200)));
    let expected = frames.div_ceil(HIT);
    loop {
        let heard = house.count("messages").await;
        assert!(heard <= expected && began.elapsed() < PATIENCE, "{heard} messages of {expected}");
        if heard == expected {
            return;
        }
        every.tick().await;
    }
}

#[tokio::main]
async fn main() {
    let (events, seconds, most) = (argument(0, 2_000), argument(1, 20), argument(2, 100_000));

    // The first second is for the connection and the automaton.
    let frames = events * (seconds + 1);
    let (house, jetstream, program) = listening(Replay { frames, a_second: events, paced: true, text }).await;
    until_sent(&jetstream, events).await;
    let (began, cpu, sent) = (Instant::now(), program.cpu_millis(), jetstream.sent.load(Ordering::Relaxed));
    until_sent(&jetstream, frames).await;
    let (took, cpu) = (began.elapsed().as_secs_f64(), program.cpu_millis() - cpu);
    let rate = (frames - sent) as f64 / took;
    until_heard(&house, frames).await;
    let memory = program.anonymous_memory();
    program.stop().await;
    row(
        &format!("Jetstream at {events} events/s with {TERMS} watch terms, of one core"),
        &format!("{:.0}%", cpu / took / 10.0),
        "at most 25%",
        &format!(
            "the whole release program for {took:.0} s: WebSocket without TLS, match, raw item with its cursor, intake, inbox; \
             every event a post, one in {HIT} with a term; {rate:.0} events/s held, {memory:.0} MB RssAnon"
        ),
    );

    let (house, jetstream, program) = listening(Replay { frames: most, a_second: events, paced: false, text }).await;
    until_sent(&jetstream, 1).await;
    let (began, cpu, sent) = (Instant::now(), program.cpu_millis(), jetstream.sent.load(Ordering::Relaxed));
    until_sent(&jetstream, most).await;
    let (took, cpu) = (began.elapsed().as_secs_f64(), program.cpu_millis() - cpu);
    until_heard(&house, most).await;
    program.stop().await;
    let taken = (most - sent) as f64;
    row(
        "Jetstream as fast as it is taken, with the same terms",
        &format!("{:.0}/s", taken / took),
        "none set",
        &format!(
            "{most} events; {:.0} us of CPU each, which is {:.0}/s on a core of its own",
            cpu / taken * 1e3,
            taken / cpu * 1e3
        ),
    );
}
