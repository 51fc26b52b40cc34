//! A quick hash for maps over words and names of our own.

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
