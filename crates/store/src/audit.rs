//! The audit entry that every commit takes.

use std::collections::BTreeMap;

/// Who did it, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// `user`, `system`, `cli` or `public` (somebody without an account: an intake page, a first run).
    pub kind: &'static str,
    /// The user's id, or the part of the system (`poller`, `outbox`).
    pub id: Option<String>,
}

impl By {
    /// A signed-in user.
    pub fn user(id: &bedside_model::UserId) -> Self {
        Self { kind: "user", id: Some(id.to_string()) }
    }

    /// A part of the program.
    pub fn system(part: &str) -> Self {
        Self { kind: "system", id: Some(part.to_owned()) }
    }

    /// The command line, run by whoever may run it on this machine.
    pub fn cli() -> Self {
        Self { kind: "cli", id: None }
    }

    /// Somebody who is not signed in.
    pub fn public() -> Self {
        Self { kind: "public", id: None }
    }
}

/// What is to be written into the log: ids and keyed hashes only, never text or names, so that
/// erasure leaves the chain whole. Sentences are made when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub by: By,
    /// What, as a stable dotted code: `conversation.resolved`.
    pub action: &'static str,
    /// On what: an id, or several (`batch`) that the detail counts.
    pub object: String,
    /// Why and how: codes, ids, hashes, numbers.
    pub detail: BTreeMap<String, String>,
}

impl Entry {
    /// An entry about one thing.
    pub fn new(by: By, action: &'static str, object: impl ToString) -> Self {
        Self { by, action, object: object.to_string(), detail: BTreeMap::new() }
    }

    /// Adds a detail: a code, an id, a hash or a number; never text of a person.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.detail.insert(key.to_owned(), value.to_string());
        self
    }
}
