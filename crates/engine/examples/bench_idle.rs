//! What `bedside serve` costs while nobody asks anything of it, and what its start costs, with
//! 500,000 messages stored.
//!
//! `cargo xtask bench idle [-- MESSAGES STARTS]` (500000 and 9 where absent). Each start is of the
//! release program on the same data directory; processor time is that of all its threads when it
//! says that it is ready. Memory is the anonymous part of the resident set ten seconds later, and
//! once more ten seconds after a responder looked at 200 pages of the inbox.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "bench_support/client.rs"]
mod client;
#[path = "bench_support/preload.rs"]
mod preload;
#[path = "bench_support/program.rs"]
mod program;
#[path = "bench_support/report.rs"]
mod report;

use bedside_engine::clock::Clock;
use report::{argument, quantile, row};

/// How long it rests before memory is read, in microseconds.
const REST: i64 = 10_000_000;
/// Pages that a responder looks at before memory is read again.
const PAGES: usize = 200;

#[tokio::main]
async fn main() {
    let (messages, starts) = (argument(0, 500_000), argument(1, 9));
    let data = preload::preloaded(messages).await;
    let password = program::add_user(data.dir.path()).await;
    let (mut cpu, mut fresh, mut used) = (vec![], vec![], vec![]);
    for start in 0..starts {
        let (program, took) = program::Program::start(data.dir.path()).await;
        cpu.push(took);
        // Resting takes time; three of the starts say enough about memory.
        if start < 3 {
            Clock::System.until(Clock::System.now() + REST).await;
            fresh.push(program.anonymous_memory());
            let (mut client, rest) = program.signed_in(&password).await;
            for _ in 0..PAGES {
                client.ask(format!("GET /api/v1/conversations{rest}").as_bytes()).await;
            }
            drop(client);
            Clock::System.until(Clock::System.now() + REST).await;
            used.push(program.anonymous_memory());
            eprintln!("memory {:.1} MB, used {:.1} MB", fresh[start as usize], used[start as usize]);
        }
        eprintln!("start {start}: {took:.0} ms");
        program.stop().await;
    }
    row(
        "idle anonymous memory (RssAnon)",
        &format!("{:.1} MB", quantile(&fresh, 0.5)),
        "at most 40 MB",
        &format!(
            "10 s after ready with {messages} messages, median of {}; {:.1} MB 10 s after sign-in and {PAGES} inbox pages",
            fresh.len(),
            quantile(&used, 0.5)
        ),
    );
    row(
        &format!("start to ready with {messages} messages, CPU"),
        &format!("{:.0} ms", quantile(&cpu, 0.5)),
        "at most 300 ms",
        &format!(
            "user and system time of all threads, median of {starts}, quartiles {:.0}-{:.0}; the kernel counts in 10 ms",
            quantile(&cpu, 0.25),
            quantile(&cpu, 0.75)
        ),
    );
}
