//! How soon, how often and how late something may leave.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{OutboxKind, plus};
use crate::label::Priority;

/// How late something may leave and still be right. `priority` is that of what is answered.
///
/// An answer to a crisis that is an hour late, or a post for an event that is over, can be wrong
/// and not just late; taking something down is never too late within a week.
pub fn lateness(kind: OutboxKind, priority: Option<Priority>) -> SignedDuration {
    match kind {
        OutboxKind::Reply => match priority {
            Some(0..=2) => SignedDuration::from_hours(1),
            Some(3..=6) => SignedDuration::from_hours(4),
            Some(7..=Priority::MAX) | None => SignedDuration::from_hours(24),
        },
        OutboxKind::Post => SignedDuration::from_hours(1),
        OutboxKind::Edit
        | OutboxKind::Delete
        | OutboxKind::Hide
        | OutboxKind::Approve
        | OutboxKind::Remove
        | OutboxKind::Spam
        | OutboxKind::Caption => SignedDuration::from_hours(7 * 24),
        OutboxKind::AlertEmail | OutboxKind::AlertWebhook => SignedDuration::from_hours(1),
    }
}

/// First back-off, in seconds.
const FIRST_BACK_OFF: i64 = 5;
/// Longest back-off, in seconds.
const LONGEST_BACK_OFF: i64 = 30 * 60;
/// Longest `Retry-After` that is believed.
const LONGEST_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// When to try again after attempt number `attempt` (1 for the first) failed at `now`.
///
/// The back-off doubles from 5 seconds to 30 minutes; `jitter` in 0 to 1 takes up to half of it
/// away, so that many items do not come back at once. A `Retry-After` of the network is a floor;
/// jitter then adds up to a tenth of it.
pub fn retry_at(attempt: u32, now: Timestamp, retry_after: Option<SignedDuration>, jitter: f64) -> Timestamp {
    let jitter = if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 0.0 };
    let doublings = attempt.saturating_sub(1).min(16);
    let seconds = (FIRST_BACK_OFF << doublings).min(LONGEST_BACK_OFF);
    let back_off = SignedDuration::from_millis((seconds as f64 * 1000.0 * (1.0 - jitter / 2.0)) as i64);
    let asked = retry_after.map(|asked| {
        let asked = asked.clamp(SignedDuration::ZERO, LONGEST_RETRY_AFTER);
        asked + SignedDuration::from_millis((asked.as_millis() as f64 * jitter / 10.0) as i64)
    });
    plus(now, asked.map_or(back_off, |asked| asked.max(back_off)))
}

/// A token bucket: how often an account may be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// Tokens when full.
    pub capacity: f64,
    /// Tokens that come back each minute.
    pub refill_per_minute: f64,
    /// Tokens at `at`.
    pub tokens: f64,
    /// When they were counted.
    pub at: Timestamp,
}

impl Bucket {
    /// A full bucket.
    pub fn full(capacity: u32, refill_per_minute: u32, now: Timestamp) -> Self {
        let capacity = f64::from(capacity.max(1));
        Self { capacity, refill_per_minute: f64::from(refill_per_minute.max(1)), tokens: capacity, at: now }
    }

    /// Takes a token, or says when there will be one. Time that runs backwards adds nothing.
    pub fn take(&self, now: Timestamp) -> Result<Self, Timestamp> {
        let at = now.max(self.at);
        let minutes = at.duration_since(self.at).as_secs_f64() / 60.0;
        let tokens = (self.tokens + minutes * self.refill_per_minute).min(self.capacity);
        if tokens >= 1.0 {
            return Ok(Self { tokens: tokens - 1.0, at, ..*self });
        }
        let wait = (1.0 - tokens) * 60.0 / self.refill_per_minute;
        // One millisecond more, so that rounding never gives a time at which there is none.
        Err(plus(at, SignedDuration::from_millis((wait * 1000.0).ceil() as i64 + 1)))
    }
}
