//! How often one link may be asked for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bedside_model::Micros;

/// Requests for one link within [`WINDOW`].
const MOST: u32 = 20;

/// One minute, in microseconds.
const WINDOW: Micros = 60 * 1_000_000;

/// Links that are remembered; beyond it those whose minute is over are forgotten.
const REMEMBERED: usize = 10_000;

/// How often links were asked for, in memory only: what is lost at a restart is one minute.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<HashMap<String, (Micros, u32)>>);

impl Throttle {
    /// Counts a request and says whether it may be answered.
    pub(super) fn allow(&self, token_hash: &str, now: Micros) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() >= REMEMBERED {
            asked.retain(|_, (since, _)| now - *since < WINDOW);
        }
        if asked.len() >= REMEMBERED && !asked.contains_key(token_hash) {
            return false;
        }
        let (since, count) = asked.entry(token_hash.to_owned()).or_insert((now, 0));
        if now - *since >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_is_answered_twenty_times_a_minute() {
        let throttle = Throttle::default();
        assert!((0..20).all(|_| throttle.allow("a", 0)));
        assert!(!throttle.allow("a", 1));
        assert!(throttle.allow("b", 1), "another link is not concerned");
        assert!(throttle.allow("a", WINDOW));
    }
}
