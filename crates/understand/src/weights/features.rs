//! What a model sees of a text: its words, pairs of neighbouring words, and the character n-grams of a word.

/// A word as the models see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Of its letters, with every digit as `0`.
    pub hash: u64,
    /// The word as written that it came from.
    pub(crate) word: u32,
    /// Where its letters begin in the text's buffer of letters.
    pub(crate) at: u32,
    /// How many bytes they are.
    pub(crate) len: u32,
}

/// A character n-gram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gram {
    /// Of its characters.
    pub hash: u64,
}

/// The shortest n-gram, in characters, the marks of the word's ends counted.
const SHORTEST: usize = 3;
/// The longest.
const LONGEST: usize = 5;
/// Of a longer word only the first so many characters are looked at, so that a text without spaces costs what its
/// length says.
const LOOKED_AT: usize = 48;

/// The hash of a word's letters.
pub fn hash(word: &str) -> u64 {
    let mut state = SEED;
    for byte in word.bytes() {
        let byte = if byte.is_ascii_digit() { b'0' } else { byte };
        state = (state ^ u64::from(byte)).wrapping_mul(PRIME);
    }
    mix(state)
}

/// The hash of two neighbours.
pub fn pair(left: u64, right: u64) -> u64 {
    mix(left.rotate_left(23).wrapping_mul(PRIME) ^ right)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Spreads a hash over all bits (the finaliser of MurmurHash3).
fn mix(mut state: u64) -> u64 {
    state ^= state >> 33;
    state = state.wrapping_mul(0xff51_afd7_ed55_8ccd);
    state ^= state >> 33;
    state = state.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    state ^ (state >> 33)
}

/// The character n-grams of a word with its ends marked.
pub fn grams(word: &str) -> Grams<'_> {
    Grams { word, start: 0, size: SHORTEST }
}

/// Iterates over the n-grams of a word: `<ca`, `<can`, `<can>`, `can`, …
#[derive(Debug, Clone)]
pub struct Grams<'w> {
    word: &'w str,
    /// Place of the first sign: 0 is the mark before the word.
    start: usize,
    size: usize,
}

impl Iterator for Grams<'_> {
    type Item = Gram;

    fn next(&mut self) -> Option<Gram> {
        loop {
            if self.start > LOOKED_AT {
                return None;
            }
            match gram_at(self.word, self.start, self.size) {
                Some(hash) => {
                    self.size += 1;
                    if self.size > LONGEST {
                        self.size = SHORTEST;
                        self.start += 1;
                    }
                    return Some(Gram { hash });
                }
                // A longer one at this place does not exist either.
                None if self.size > SHORTEST => {
                    self.size = SHORTEST;
                    self.start += 1;
                }
                None => return None,
            }
        }
    }
}

/// The hash of the n-gram that begins at a place, or `None` where the word is too short for it.
fn gram_at(word: &str, start: usize, size: usize) -> Option<u64> {
    let mut state = SEED ^ size as u64;
    let mut taken = 0;
    let mut put = |byte: u32| state = (state ^ u64::from(byte)).wrapping_mul(PRIME);
    if start == 0 {
        put(u32::from(b'<'));
        taken += 1;
    }
    let mut chars = word.chars().skip(start.saturating_sub(1));
    while taken < size {
        match chars.next() {
            Some(c) => put(if c.is_ascii_digit() { u32::from(b'0') } else { c as u32 }),
            None => break,
        }
        taken += 1;
    }
    if taken + 1 == size && chars.next().is_none() {
        put(u32::from(b'>'));
        taken += 1;
    }
    (taken == size).then(|| mix(state))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_word_has_its_n_grams_with_both_ends_marked() {
        let count = |word: &str| grams(word).count();
        // <no> : <no no> <no>
        assert_eq!(count("no"), 3);
        // <cat> : <ca cat at> <cat cat> <cat>
        assert_eq!(count("cat"), 6);
        assert_eq!(count("a"), 1);
        assert_eq!(count(""), 0);
        let of = |word: &str| grams(word).map(|gram| gram.hash).collect::<HashSet<_>>();
        assert!(of("walking").intersection(&of("talking")).count() > 5);
        assert!(of("cat").is_disjoint(&of("dog")));
    }

    #[test]
    fn digits_are_all_alike() {
        assert_eq!(hash("30mg"), hash("45mg"));
        assert_ne!(hash("30mg"), hash("450mg"));
    }
}
