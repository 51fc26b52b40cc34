//! Ids that look drawn and are counted: the same seed gives the same ids in the same order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Digits of ids that go in addresses, as Google draws them.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Makes ids. Clones share the counts.
#[derive(Debug, Clone)]
pub struct Ids {
    seed: u64,
    counts: Arc<Mutex<HashMap<&'static str, u64>>>,
}

impl Ids {
    /// Ids of this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, counts: Arc::default() }
    }

    /// Begins to count anew.
    pub fn reset(&self) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn count(&self, kind: &'static str) -> u64 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(kind).or_default();
        *count += 1;
        *count
    }

    /// The next id of a kind: `length` decimal digits (at most 19), the first not zero.
    pub fn digits(&self, kind: &'static str, length: u32) -> String {
        let drawn = self.digest(kind, &self.count(kind).to_string());
        within(number(&drawn), length)
    }

    /// The next id of a kind: `length` letters of base64url (at most 32).
    pub fn letters(&self, kind: &'static str, length: usize) -> String {
        let drawn = self.digest(kind, &self.count(kind).to_string());
        letters(&drawn, length)
    }

    /// The next id of a kind: lower-case hex (at most 64 digits).
    pub fn hex(&self, kind: &'static str, length: usize) -> String {
        let mut drawn = hex::encode(self.digest(kind, &self.count(kind).to_string()));
        drawn.truncate(length);
        drawn
    }

    /// The next id of a kind that rises with time and count, as X and Mastodon have them: the
    /// milliseconds since 2010-11-04, and the count.
    pub fn rising(&self, kind: &'static str, at: Timestamp) -> u64 {
        const EPOCH: i64 = 1_288_834_974_657;
        let millis = u64::try_from(at.as_millisecond() - EPOCH).unwrap_or(0);
        (millis << 22) | (self.count(kind) & 0x3f_ffff)
    }

    /// The id of somebody or something with a name, as decimal digits: the same name, the same id.
    pub fn digits_of(&self, kind: &'static str, name: &str, length: u32) -> String {
        within(number(&self.digest(kind, name)), length)
    }

    /// The id of somebody or something with a name, as letters of base64url.
    pub fn letters_of(&self, kind: &'static str, name: &str, length: usize) -> String {
        letters(&self.digest(kind, name), length)
    }

    fn digest(&self, kind: &str, name: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update(kind.as_bytes())
            .chain_update([0])
            .chain_update(name.as_bytes())
            .finalize()
            .into()
    }
}

fn number(digest: &[u8; 32]) -> u64 {
    digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

fn within(number: u64, length: u32) -> String {
    let least = 10_u64.pow(length.clamp(1, 19) - 1);
    // Nine times the least is the count of numbers with so many digits; 19 of them overflow nothing.
    (least + number % (least * 9).max(1)).to_string()
}

fn letters(digest: &[u8; 32], length: usize) -> String {
    digest.iter().take(length).map(|byte| char::from(LETTERS[usize::from(byte & 63)])).collect()
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn the_same_seed_gives_the_same_ids_again() {
        let draw = |seed| {
            let ids = Ids::new(seed);
            (
                ids.digits("post", 15),
                ids.digits("post", 15),
                ids.letters("video", 11),
                ids.digits_of("person", "Rosa", 17),
            )
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let (first, second, video, person) = draw(7);
        assert_ne!(first, second);
        assert_eq!((first.len(), video.len(), person.len()), (15, 11, 17));
    }

    #[test]
    fn a_reset_counts_anew() {
        let ids = Ids::new(7);
        let first = ids.digits("post", 19);
        ids.digits("post", 19);
        ids.reset();
        assert_eq!(ids.digits("post", 19), first);
    }

    #[test]
    fn rising_ids_rise() {
        let ids = Ids::new(7);
        let (at, later) = ("2026-11-27T12:00:00Z".parse().unwrap(), "2026-11-27T12:00:01Z".parse().unwrap());
        let (first, second, third) = (ids.rising("post", at), ids.rising("post", at), ids.rising("post", later));
        assert!(first < second && second < third);
    }
}
