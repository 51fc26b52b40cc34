//! Waiting for a fact about another process, with a limit.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Asks again and again until the answer is something, and fails after `limit`.
///
/// Another program's readiness cannot be awaited otherwise: neither mariadbd nor `php -S` tells anybody.
pub fn until<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if begun.elapsed() > limit {
            bail!("waited {} s in vain until {what}", limit.as_secs());
        }
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "the pause between two questions to a foreign process; the fact ends it")]
fn pause() {
    std::thread::sleep(Duration::from_millis(30));
}
