//! The audit chain: who saw, wrote, approved, sent, overrode, in an order that cannot be changed
//! unseen.
//!
//! Each entry's hash covers the hash before it, so a change, an insertion, a removal or another
//! order breaks the chain from there on. Whoever can rewrite the whole table could rewrite the whole
//! chain; therefore signed [`Checkpoint`]s stand outside the database and the chain is compared with
//! them. Entries hold ids, codes and keyed hashes, never text or names, so a person can be erased
//! and the chain stays whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::role::ActorKind;
use crate::time::to_micros;
use crate::{OrgId, UserId};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// What stands before the first entry.
pub const GENESIS: Hash = [0; 32];

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditActor {
    /// A person, the program, or the command line.
    pub kind: ActorKind,
    /// The person.
    pub id: Option<UserId>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The organisation, whose chain it is.
    pub org: OrgId,
    /// Its place in the chain, 1 first, without gaps.
    pub height: u64,
    /// When; whole microseconds count.
    pub at: Timestamp,
    /// Who.
    pub actor: AuditActor,
    /// A stable dotted code: what, then what was done (`conversation.resolved`).
    pub action: String,
    /// The id of what it was done to, if anything; its prefix says what kind of thing.
    pub object: Option<String>,
    /// Ids, codes, numbers and keyed hashes. Never text, never a name.
    pub detail: BTreeMap<String, String>,
}

fn put(out: &mut Vec<u8>, field: &[u8]) {
    out.extend((field.len() as u64).to_be_bytes());
    out.extend(field);
}

fn put_option(out: &mut Vec<u8>, field: Option<&str>) {
    match field {
        Some(text) => {
            out.push(1);
            put(out, text.as_bytes());
        }
        None => out.push(0),
    }
}

impl Entry {
    /// The bytes that are hashed. Every field is preceded by its length, so that no two entries
    /// have the same bytes.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut out = vec![];
        put(&mut out, b"bedside.audit.v1");
        put(&mut out, self.org.as_str().as_bytes());
        out.extend(self.height.to_be_bytes());
        out.extend(to_micros(self.at).to_be_bytes());
        put(&mut out, self.actor.kind.as_str().as_bytes());
        put_option(&mut out, self.actor.id.as_ref().map(UserId::as_str));
        put(&mut out, self.action.as_bytes());
        put_option(&mut out, self.object.as_deref());
        out.extend((self.detail.len() as u64).to_be_bytes());
        for (key, value) in &self.detail {
            put(&mut out, key.as_bytes());
            put(&mut out, value.as_bytes());
        }
        out
    }

    /// The key of the sentence that the audit page shows: the action's code.
    pub fn sentence_key(&self) -> &str {
        &self.action
    }
}

/// The hash of an entry that follows the entry with hash `prev` ([`GENESIS`] for the first).
pub fn hash(prev: &Hash, entry: &Entry) -> Hash {
    Sha256::new().chain_update(prev).chain_update(entry.canonical_bytes()).finalize().into()
}

/// A chain that holds together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Height of its newest entry; 0 for an empty chain.
    pub height: u64,
    /// Hash of its newest entry.
    pub hash: Hash,
    /// How many newest entries no checkpoint covers yet.
    pub uncovered: u64,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TamperKind {
    /// An entry does not match its hash, or the entry before it was changed.
    Changed,
    /// An entry is missing, was inserted, or stands at another place.
    OutOfPlace,
    /// An entry belongs to another organisation.
    ForeignEntry,
    /// The chain was rewritten: it holds together but differs from a checkpoint.
    Rewritten,
    /// The chain ends below its newest checkpoint.
    Truncated,
}

/// The first place at which a chain is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize)]
#[error("the audit log was changed at entry {height}")]
pub struct Tamper {
    /// Where.
    pub height: u64,
    /// What.
    pub kind: TamperKind,
}

/// A signed statement that the chain had this hash at this height.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The organisation.
    pub org: OrgId,
    /// The height.
    pub height: u64,
    /// The hash there, in hex.
    pub hash: String,
    /// When it was made.
    pub at: Timestamp,
    /// Ed25519 signature of [`Checkpoint::message`], in hex.
    pub signature: String,
}

impl Checkpoint {
    /// A checkpoint that is still to be signed.
    pub fn unsigned(org: OrgId, height: u64, hash: &Hash, at: Timestamp) -> Self {
        Self { org, height, hash: hex::encode(hash), at, signature: String::new() }
    }

    /// The bytes that are signed: everything but the signature.
    pub fn message(&self) -> Vec<u8> {
        let mut out = vec![];
        put(&mut out, b"bedside.checkpoint.v1");
        put(&mut out, self.org.as_str().as_bytes());
        out.extend(self.height.to_be_bytes());
        put(&mut out, self.hash.as_bytes());
        out.extend(to_micros(self.at).to_be_bytes());
        out
    }
}

/// Follows a chain entry by entry, so that a log of any size is verified in constant memory.
#[derive(Debug, Clone)]
pub struct Verifier {
    org: OrgId,
    height: u64,
    head: Hash,
    checkpoints: BTreeMap<u64, String>,
}

impl Verifier {
    /// Starts before the first entry. `checkpoints` are those of this organisation whose signatures
    /// were found right; others are passed over.
    pub fn new<'a>(org: OrgId, checkpoints: impl IntoIterator<Item = &'a Checkpoint>) -> Self {
        let checkpoints = checkpoints
            .into_iter()
            .filter(|checkpoint| checkpoint.org == org)
            .map(|checkpoint| (checkpoint.height, checkpoint.hash.clone()))
            .collect();
        Self { org, height: 0, head: GENESIS, checkpoints }
    }

    /// The next entry and the hash that is stored with it.
    pub fn push(&mut self, entry: &Entry, stored: &Hash) -> Result<(), Tamper> {
        let height = self.height + 1;
        let tamper = |kind| Err(Tamper { height, kind });
        if entry.org != self.org {
            return tamper(TamperKind::ForeignEntry);
        }
        if entry.height != height {
            return tamper(TamperKind::OutOfPlace);
        }
        let hash = hash(&self.head, entry);
        if hash != *stored {
            return tamper(TamperKind::Changed);
        }
        if self.checkpoints.get(&height).is_some_and(|signed| *signed != hex::encode(hash)) {
            return tamper(TamperKind::Rewritten);
        }
        self.height = height;
        self.head = hash;
        Ok(())
    }

    /// The end of the chain.
    pub fn finish(self) -> Result<Verified, Tamper> {
        let covered = self.checkpoints.last_key_value().map_or(0, |(&height, _)| height);
        if covered > self.height {
            return Err(Tamper { height: self.height + 1, kind: TamperKind::Truncated });
        }
        Ok(Verified { height: self.height, hash: self.head, uncovered: self.height - covered })
    }
}

/// Verifies a whole chain. See [`Verifier`].
pub fn verify<'a>(
    org: OrgId,
    entries: impl IntoIterator<Item = (&'a Entry, &'a Hash)>,
    checkpoints: &[Checkpoint],
) -> Result<Verified, Tamper> {
    let mut verifier = Verifier::new(org, checkpoints);
    for (entry, stored) in entries {
        verifier.push(entry, stored)?;
    }
    verifier.finish()
}
