//! Access tokens: the one that everybody knows, and those that were handed out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::ids::Ids;
use crate::Clock;

/// The access token that every network takes, without an end.
pub const TOKEN: &str = "sandbox";
/// The secret of the app, or of the consumer.
pub const SECRET: &str = "sandbox-secret";

/// What stands behind a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may be used.
    Valid,
    /// It was handed out, and its time is over.
    Expired,
    /// It was handed out, and taken back.
    Revoked,
    /// It was never handed out.
    Unknown,
}

#[derive(Debug, Clone, Copy)]
struct Issued {
    until: Option<Timestamp>,
    revoked: bool,
}

/// The tokens of one network. Clones share them.
#[derive(Clone)]
pub struct Tokens {
    issued: Arc<Mutex<BTreeMap<String, Issued>>>,
    ids: Ids,
    clock: Clock,
}

impl Tokens {
    /// Nothing is handed out yet.
    pub fn new(clock: Clock, ids: Ids) -> Self {
        Self { issued: Arc::default(), ids, clock }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Issued>> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands out a token that begins with `prefix` and is valid for so many seconds, or without end.
    pub fn issue(&self, prefix: &str, seconds: Option<i64>) -> String {
        let token = format!("{prefix}{}", self.ids.letters("token", 32));
        let until = seconds.map(|seconds| (self.clock)() + SignedDuration::from_secs(seconds));
        self.lock().insert(token.clone(), Issued { until, revoked: false });
        token
    }

    /// Takes a token back; whether it was handed out.
    pub fn revoke(&self, token: &str) -> bool {
        self.lock().get_mut(token).map(|issued| issued.revoked = true).is_some()
    }

    /// What stands behind a token.
    pub fn standing(&self, token: &str) -> Standing {
        if token == TOKEN {
            return Standing::Valid;
        }
        match self.lock().get(token) {
            None => Standing::Unknown,
            Some(issued) if issued.revoked => Standing::Revoked,
            Some(issued) if issued.until.is_some_and(|until| until <= (self.clock)()) => Standing::Expired,
            Some(_) => Standing::Valid,
        }
    }

    /// Until when a token is valid, if it ends.
    pub fn until(&self, token: &str) -> Option<Timestamp> {
        self.lock().get(token).and_then(|issued| issued.until)
    }

    /// Takes everything back.
    pub fn reset(&self) {
        self.lock().clear();
    }
}
