//! Quick hashes for maps over words and names of our own.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// For maps whose keys are ours, so that nobody can choose them to collide.
pub(crate) type Quick = BuildHasherDefault<QuickHasher>;

/// Eight bytes at a time.
#[derive(Default)]
pub(crate) struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let mut number = [0; 8];
            number[..eight.len()].copy_from_slice(eight);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(number)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}

/// Hands on a number that is a hash already.
#[derive(Default)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// For keys that are hashes already.
pub(crate) type Kept = BuildHasherDefault<AsIs>;

/// A map from hashes.
pub(crate) type ByHash<T> = HashMap<u64, T, Kept>;
