//! Failed sign-ins make the next ones wait. Kept in the database, so that neither a restart nor
//! another process forgets them. Keys are hashes: the table names nobody.

use bedside_model::Micros;

use crate::error::{Result, StoreError};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    [global "somebody who signs in has no organisation yet"]
    GET = "select failures, blocked_until, updated_at from login_throttles where key_hash = $1 /*pg: for update */";
    [global "somebody who signs in has no organisation yet"] [operational "counts of attempts; a sign-in that succeeds is in the log"]
    PUT = "insert into login_throttles (key_hash, failures, blocked_until, updated_at) values ($1, $2, $3, $4)
        on conflict (key_hash) do update set failures = excluded.failures, blocked_until = excluded.blocked_until, updated_at = excluded.updated_at";
    [global "somebody who signs in has no organisation yet"] [operational "counts of attempts; a sign-in that succeeds is in the log"]
    FORGET = "delete from login_throttles where key_hash = $1";
    [global "somebody who signs in has no organisation yet"] [operational "counts that are a day old"]
    SWEEP = "delete from login_throttles where updated_at < $1";
}

const SECOND: Micros = 1_000_000;
const DAY: Micros = 24 * 3600 * SECOND;

/// Longest wait, in microseconds: 15 minutes. Longer would let anybody lock a colleague out.
pub const LONGEST_WAIT: Micros = 15 * 60 * SECOND;

/// Failures after which the count starts anew, when this long ago, in microseconds: one hour.
pub const FORGOTTEN_AFTER: Micros = 3600 * SECOND;

/// Failures are counted under a key; this many are free, then the wait doubles from 15 seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Hash of what is counted: an account's address or a client's.
    pub hash: String,
    /// Failures without a wait.
    pub free: i64,
}

/// The wait after so many failures in a row.
pub fn wait_after(failures: i64, free: i64) -> Micros {
    match failures - free {
        i64::MIN..0 => 0,
        over => (15 * SECOND).saturating_mul(1 << over.min(10)).min(LONGEST_WAIT),
    }
}

/// Counts an attempt as failed before its password is looked at, so that attempts made at the same
/// time count, too. Where one of the keys has to wait nothing is counted, and the answer is until
/// when.
pub async fn attempt(tx: &mut Tx, keys: &[Key]) -> Result<Option<Micros>> {
    let at = tx.at();
    let mut counted = Vec::with_capacity(keys.len());
    let mut blocked: Option<Micros> = None;
    for key in keys {
        let mut failures = 0;
        if let Some(row) = tx.conn().opt_global(&GET, vals![&key.hash]).await? {
            if row.int("updated_at")? > at - FORGOTTEN_AFTER {
                failures = row.int("failures")?;
            }
            let until = row.int("blocked_until")?;
            if until > at {
                blocked = blocked.max(Some(until));
            }
        }
        counted.push(failures + 1);
    }
    if blocked.is_some() {
        return Ok(blocked);
    }
    for (key, failures) in keys.iter().zip(counted) {
        tx.run_global(&PUT, vals![&key.hash, failures, at + wait_after(failures, key.free), at]).await?;
    }
    Ok(None)
}

/// The attempt succeeded: the account's count is gone, the client's loses this one attempt.
pub async fn succeeded(tx: &mut Tx, account: &Key, client: &Key) -> Result<()> {
    tx.run_global(&FORGET, vals![&account.hash]).await?;
    let at = tx.at();
    if let Some(row) = tx.conn().opt_global(&GET, vals![&client.hash]).await? {
        let failures = (row.int("failures")? - 1).max(0);
        tx.run_global(&PUT, vals![&client.hash, failures, 0_i64, at]).await?;
    }
    tx.run_global(&SWEEP, vals![at - DAY]).await.map(drop)
}

/// The refusal of an attempt that has to wait.
pub fn refusal() -> StoreError {
    StoreError::Refused {
        code: "too_many_attempts",
        sentence: "Too many attempts. Wait a moment and try again.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_WAIT, SECOND, wait_after};

    #[test]
    fn the_wait_doubles_and_never_locks_anybody_out_for_long() {
        let seconds: Vec<i64> = (1..=12).map(|failures| wait_after(failures, 5) / SECOND).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(wait_after(i64::MAX, 5), LONGEST_WAIT);
    }
}
