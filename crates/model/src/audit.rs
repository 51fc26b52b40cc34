//! The audit chain: each entry is hashed with the hash before it, so that no entry can be changed,
//! inserted, removed or moved without every later hash telling.
//!
//! The chain alone cannot show that its newest entries were cut off. Checkpoints (height and hash,
//! signed, kept outside the database) do that up to the newest of them.
//!
//! Entries hold ids, codes and keyed hashes, never text or names, so that erasing a person leaves
//! the chain whole.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Micros, OrgId};

/// One entry as it is chained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEntry {
    /// Whose log.
    pub org: OrgId,
    /// Number in this log, from 1.
    pub height: u64,
    /// When, in microseconds UTC.
    pub at: Micros,
    /// `user`, `system`, `cli`, `public`.
    pub actor_kind: String,
    /// The user's id or the part of the system.
    pub actor_id: Option<String>,
    /// Stable dotted code.
    pub action: String,
    /// Id of the thing.
    pub object: String,
    /// Codes, ids, hashes, numbers.
    pub detail: BTreeMap<String, String>,
}

impl ChainEntry {
    /// The bytes that are hashed: every field with its length before it, so that no two entries
    /// have the same bytes.
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        out.extend_from_slice(b"bedside audit 1\0");
        let mut field = |bytes: &[u8]| {
            out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        field(self.org.as_str().as_bytes());
        field(&self.height.to_be_bytes());
        field(&self.at.to_be_bytes());
        field(self.actor_kind.as_bytes());
        // An absent actor id differs from an empty one.
        field(&[u8::from(self.actor_id.is_some())]);
        field(self.actor_id.as_deref().unwrap_or("").as_bytes());
        field(self.action.as_bytes());
        field(self.object.as_bytes());
        field(&(self.detail.len() as u64).to_be_bytes());
        for (key, value) in &self.detail {
            field(key.as_bytes());
            field(value.as_bytes());
        }
        out
    }
}

/// The hash of an entry: SHA-256 over the hash before it and its canonical bytes.
pub fn hash(previous: &[u8; 32], entry: &ChainEntry) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(previous);
    sha.update(entry.canonical());
    sha.finalize().into()
}

/// What is wrong with a chain, and from which entry on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tamper {
    /// The number of the first entry that does not fit.
    pub height: u64,
    /// What does not fit.
    pub kind: TamperKind,
}

/// The ways in which a chain can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TamperKind {
    /// The entry's content or hash was changed.
    Changed,
    /// An entry is missing, or stands in another place.
    Missing,
    /// An entry stands where none belongs.
    Inserted,
    /// The entry cannot be read any more.
    Unreadable,
    /// The head does not name the newest entry.
    Head,
    /// A signed checkpoint names another hash, or a height that the chain does not reach.
    Checkpoint,
}

impl Tamper {
    /// The entry at this height cannot be read.
    pub fn unreadable(height: u64) -> Self {
        Self { height, kind: TamperKind::Unreadable }
    }

    /// The head does not fit the newest entry.
    pub fn head(height: u64) -> Self {
        Self { height, kind: TamperKind::Head }
    }

    /// An entry stands where none belongs.
    pub fn inserted(height: u64) -> Self {
        Self { height, kind: TamperKind::Inserted }
    }

    /// A checkpoint contradicts the chain at this height.
    pub fn checkpoint(height: u64) -> Self {
        Self { height, kind: TamperKind::Checkpoint }
    }
}

impl fmt::Display for Tamper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let height = self.height;
        match self.kind {
            TamperKind::Changed => write!(f, "entry {height} was changed"),
            TamperKind::Missing => write!(f, "entry {height} is missing or stands in another place"),
            TamperKind::Inserted => write!(f, "an entry was inserted at {height}"),
            TamperKind::Unreadable => write!(f, "entry {height} cannot be read"),
            TamperKind::Head => write!(f, "the head does not name entry {height} as the newest"),
            TamperKind::Checkpoint => write!(f, "the signed checkpoint at {height} contradicts the log"),
        }
    }
}

/// Verifies a chain entry by entry, in the order of their numbers.
#[derive(Debug, Clone)]
pub struct ChainVerifier {
    org: OrgId,
    height: u64,
    hash: [u8; 32],
}

impl ChainVerifier {
    /// At the beginning of a log.
    pub fn new(org: OrgId) -> Self {
        Self { org, height: 0, hash: [0; 32] }
    }

    /// The number of the newest entry that verified.
    pub fn height(&self) -> u64 {
        self.height
    }

    /// Its hash.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// Verifies the next entry with the hash that was stored for it.
    pub fn check(&mut self, entry: &ChainEntry, stored: &[u8; 32]) -> Result<(), Tamper> {
        let expected = self.height + 1;
        if entry.height != expected {
            return Err(Tamper { height: expected, kind: TamperKind::Missing });
        }
        let computed = hash(&self.hash, entry);
        if entry.org != self.org || computed != *stored {
            return Err(Tamper { height: expected, kind: TamperKind::Changed });
        }
        self.height = expected;
        self.hash = computed;
        Ok(())
    }
}

/// Verifies a whole log that fits in memory; the height of its newest entry, or the first place at
/// which it is wrong.
///
/// `checkpoints` are those of this log whose signatures were found right. They catch what the chain
/// cannot: that everything from some entry on was computed anew, or that the newest were cut off.
pub fn verify<'a>(
    org: &OrgId,
    entries: impl IntoIterator<Item = (&'a ChainEntry, &'a [u8; 32])>,
    checkpoints: &[Checkpoint],
) -> Result<u64, Tamper> {
    let signed: BTreeMap<u64, &str> =
        checkpoints.iter().filter(|c| c.org == *org).map(|c| (c.height, c.hash.as_str())).collect();
    let mut verifier = ChainVerifier::new(org.clone());
    for (entry, stored) in entries {
        verifier.check(entry, stored)?;
        if signed.get(&entry.height).is_some_and(|hash| *hash != hex::encode(verifier.hash())) {
            return Err(Tamper::checkpoint(entry.height));
        }
    }
    match signed.last_key_value() {
        Some((&newest, _)) if newest > verifier.height() => Err(Tamper::checkpoint(newest)),
        Some(_) | None => Ok(verifier.height()),
    }
}

/// Height and hash of a log at an instant, as they are signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Whose log.
    pub org: OrgId,
    /// The number of the newest entry.
    pub height: u64,
    /// Its hash, hexadecimal.
    pub hash: String,
    /// When, in microseconds UTC.
    pub at: Micros,
    /// Ed25519 signature over [`Checkpoint::message`], hexadecimal.
    pub signature: String,
}

impl Checkpoint {
    /// The bytes that are signed.
    pub fn message(&self) -> Vec<u8> {
        format!("bedside checkpoint 1\n{}\n{}\n{}\n{}\n", self.org, self.height, self.hash, self.at).into_bytes()
    }
}

#[cfg(test)]
mod tests;
