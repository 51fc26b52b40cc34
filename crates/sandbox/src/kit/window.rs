//! Requests counted in windows of time, as every network limits them.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// Where a caller stands within one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent {
    /// Requests allowed in the window.
    pub(crate) limit: u64,
    /// What is left after this request.
    pub(crate) remaining: u64,
    /// When the window ends.
    pub(crate) resets: Timestamp,
    /// Whether this request was one too many.
    pub(crate) refused: bool,
}

/// All windows of one network, by name.
#[derive(Debug, Default)]
pub(crate) struct Windows(HashMap<String, (Timestamp, u64)>);

impl Windows {
    /// Counts one request. A window begins with its first request.
    pub(crate) fn spend(&mut self, name: &str, limit: u64, length: SignedDuration, now: Timestamp) -> Spent {
        let ends = now.saturating_add(length).unwrap_or(now);
        let (resets, used) = self.0.entry(name.to_owned()).or_insert((ends, 0));
        if *resets <= now {
            (*resets, *used) = (ends, 0);
        }
        *used = used.saturating_add(1);
        Spent { limit, remaining: limit.saturating_sub(*used), resets: *resets, refused: *used > limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_after_the_last_is_refused_until_the_window_ends() {
        let mut windows = Windows::default();
        let start: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let length = SignedDuration::from_mins(15);
        let mut spend = |after: i64| windows.spend("posts", 2, length, start + SignedDuration::from_secs(after));
        assert_eq!((spend(0).remaining, spend(1).remaining), (1, 0));
        let refused = spend(2);
        assert!(refused.refused);
        assert_eq!(refused.resets, start + length);
        assert!(!spend(900).refused);
    }
}
