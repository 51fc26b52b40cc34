//! How long `bedside serve` takes to be ready again after kill -9, with 500,000 messages stored.
//!
//! `cargo xtask bench kill [-- MESSAGES KILLS]` (500000 and 20 where absent). Each time a responder
//! signs in and opens pages, so that there is something to write, and the program is killed while it
//! works. That nothing is lost or doubled is proved elsewhere (`heavy_kill`); this is the time only.

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

#[tokio::main]
async fn main() {
    let (messages, kills) = (argument(0, 500_000), argument(1, 20));
    let data = preload::preloaded(messages).await;
    let password = program::add_user(data.dir.path()).await;
    let mut took = vec![];
    let (mut program, _) = program::Program::start(data.dir.path()).await;
    for kill in 0..kills {
        let (mut client, rest) = program.signed_in(&password).await;
        client.ask(format!("GET /api/v1/conversations{rest}").as_bytes()).await;
        program.kill().await;
        let killed = Instant::now();
        (program, _) = program::Program::start(data.dir.path()).await;
        took.push(killed.elapsed().as_secs_f64() * 1e3);
        eprintln!("kill {kill}: {:.0} ms", took[took.len() - 1]);
    }
    program.kill().await;
    row(
        "recovery after kill -9",
        &format!("{:.0} ms", quantile(&took, 1.0)),
        "at most 2 s",
        &format!(
            "the slowest of {kills} from the kill to ready with {messages} messages; median {:.0} ms, quartiles {:.0}-{:.0}",
            quantile(&took, 0.5),
            quantile(&took, 0.25),
            quantile(&took, 0.75)
        ),
    );
}
