//! Character n-grams: each place of a word is seen with what stands before it, as far back as the model knows it.

/// The longest n-gram, in letters, the marks of a word's two ends counted.
pub const ORDERS: usize = 6;

/// Stands before and after a word.
const END: char = ' ';

/// The n-grams that end at a place of a word, shorter ones first, as hashes; the place after the last letter is its end.
#[derive(Debug, Clone)]
pub struct Backwards<'w> {
    word: &'w [char],
    /// How many letters of the word are still before.
    before: usize,
    state: u64,
    order: usize,
}

impl<'w> Backwards<'w> {
    /// At a place from 0 to the length of the word.
    #[inline]
    pub fn new(word: &'w [char], place: usize) -> Self {
        let state = step(SEED, word.get(place).copied().unwrap_or(END));
        Self { word, before: place, state, order: 0 }
    }
}

impl Iterator for Backwards<'_> {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        if self.order == ORDERS || self.order > 0 && self.before == usize::MAX {
            return None;
        }
        if self.order > 0 {
            let letter = if self.before == 0 { END } else { self.word[self.before - 1] };
            self.before = self.before.wrapping_sub(1);
            self.state = step(self.state, letter);
        }
        self.order += 1;
        Some(self.state)
    }
}

/// All places of a word, its end included.
#[inline]
pub fn places(word: &[char]) -> impl Iterator<Item = Backwards<'_>> {
    (0..=word.len()).map(|place| Backwards::new(word, place))
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
fn step(state: u64, letter: char) -> u64 {
    (state.rotate_left(5) ^ u64::from(u32::from(letter))).wrapping_mul(0x517c_c1b7_2722_0a95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_seen_from_its_end_backwards() {
        let of = |word: &str| -> Vec<Vec<u64>> {
            let letters: Vec<char> = word.chars().collect();
            places(&letters).map(Iterator::collect).collect()
        };
        let orders: Vec<usize> = of("abcdefg").iter().map(Vec::len).collect();
        assert_eq!(orders, [2, 3, 4, 5, 6, 6, 6, 6]);
        // The end of a word is a place like others, and what precedes matters.
        assert_eq!(of("no")[2][0], of("yes")[3][0]);
        assert_ne!(of("no")[2][1], of("yes")[3][1]);
        assert_eq!(of("xxxxing")[7][..4], of("yyyying")[7][..4]);
    }
}
