//! What the words of everyday English say is added up once, when the program begins: of most texts these are most words.

use super::letters::LONGEST;
use super::model::COLUMNS;

/// Words of everyday English, among a few signs.
pub(super) const WORDS: &str = include_str!("../../../../data/understand/common_words.toml");

/// Words with what they say, found by a hash of 64 bits.
#[derive(Debug, Default)]
pub(super) struct Frequent {
    /// Open addressing, a power of two, at most half full: hash, and place and one, 0 where empty.
    slots: Vec<(u64, u32)>,
    sums: Vec<[u16; COLUMNS]>,
}

impl Frequent {
    /// Adds up what words say.
    pub fn new<'w>(words: impl Iterator<Item = &'w str> + Clone, says: impl Fn(&[char]) -> [u16; COLUMNS]) -> Self {
        let fits = |word: &&str| word.len() <= LONGEST && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let words = words.filter(fits);
        let size = (words.clone().count() * 2).next_power_of_two().max(2);
        let mut out = Self { slots: vec![(0, 0); size], sums: Vec::new() };
        for word in words {
            let letters: Vec<char> = word.chars().collect();
            let slot = out.slot(hash(&letters));
            if out.slots[slot].1 == 0 {
                out.sums.push(says(&letters));
                out.slots[slot] = (hash(&letters), out.sums.len() as u32);
            }
        }
        out
    }

    /// What a word says, if it is one of these.
    #[inline]
    pub fn get(&self, word: &[char]) -> Option<&[u16; COLUMNS]> {
        if self.slots.is_empty() {
            return None;
        }
        match self.slots[self.slot(hash(word))].1 {
            0 => None,
            at => Some(&self.sums[at as usize - 1]),
        }
    }

    /// Where a hash stands, or the empty slot where it would.
    #[inline]
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = (hash >> 32) as usize & mask;
        while self.slots[slot].1 != 0 && self.slots[slot].0 != hash {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

#[inline]
fn hash(word: &[char]) -> u64 {
    let state = word.iter().fold(word.len() as u64, |state, letter| {
        (state.rotate_left(5) ^ u64::from(u32::from(*letter))).wrapping_mul(0x517c_c1b7_2722_0a95)
    });
    state ^ (state >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_others_are_not() {
        let of = |word: &str| word.chars().collect::<Vec<char>>();
        let says = |word: &[char]| [word.len() as u16; COLUMNS];
        let frequent = Frequent::new(WORDS.split_whitespace(), says);
        assert!(frequent.sums.len() > 1_000);
        for word in WORDS.split_whitespace().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())) {
            assert_eq!(frequent.get(&of(word)), Some(&says(&of(word))), "{word}");
        }
        assert_eq!(frequent.get(&of("xyzzy")), None);
        assert_eq!(Frequent::default().get(&of("the")), None);
    }
}
