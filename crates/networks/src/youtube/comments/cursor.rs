//! What survives from poll to poll.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many threads' numbers of replies are remembered. A forgotten one is read again.
const REPLIES_KEPT: usize = 1_000;
/// How many comments that wait for review are remembered.
const HELD_KEPT: usize = 2_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Cursor {
    v: u8,
    channel: String,
    /// All that changed in threads until here has been swept.
    pub newest: Micros,
    /// Where a sweep that was cut short goes on.
    pub sweep: Option<Sweep>,
    /// The rolling re-read goes on after this id.
    pub reread_after: String,
    /// What waited for review.
    pub held: BTreeSet<String>,
    /// Thread -> how many replies it had when they were last read whole. Only threads that do not
    /// carry all their replies stand here.
    pub replies: BTreeMap<String, u64>,
}

/// A sweep under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Sweep {
    /// The page to go on with.
    pub token: String,
    /// How far back it reads.
    pub horizon: Micros,
    /// The newest change it met.
    pub newest: Micros,
}

impl Cursor {
    pub(super) fn new(channel: &str, newest: Micros) -> Self {
        Self {
            v: 1,
            channel: channel.to_owned(),
            newest,
            sweep: None,
            reread_after: String::new(),
            held: BTreeSet::new(),
            replies: BTreeMap::new(),
        }
    }

    /// The saved cursor, if it is one of this channel.
    pub(super) fn read(saved: &Value, channel: &str) -> Option<Self> {
        serde_json::from_value::<Self>(saved.clone()).ok().filter(|cursor| cursor.channel == channel)
    }

    pub(super) fn remember_replies(&mut self, thread: &str, total: u64) {
        self.replies.insert(thread.to_owned(), total);
        if self.replies.len() > REPLIES_KEPT {
            self.replies.pop_first();
        }
    }

    pub(super) fn hold(&mut self, ids: impl Iterator<Item = String>) {
        self.held.extend(ids.take(HELD_KEPT.saturating_sub(self.held.len())));
    }
}
