//! Published n-gram profiles, and words drawn from them: counts of n-grams are all that a Markov chain needs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use fst::Streamer;
use serde_json::Value;

use super::random::Random;

/// Draws words of a language.
#[derive(Debug)]
pub struct Chain {
    /// By order, from one letter: how often n-grams occur anywhere.
    anywhere: Vec<Counts>,
    /// The same, at the beginning of a word.
    first: Vec<Counts>,
}

/// Counts of the n-grams of one order, in the order of their letters.
#[derive(Debug, Default)]
struct Counts {
    grams: Vec<u128>,
    counts: Vec<f64>,
    /// Sums of the counts up to each, itself included.
    until: Vec<f64>,
}

/// Bits of a letter.
const LETTER: u32 = 21;
/// Letters that fit beside each other.
const MOST: usize = 5;

/// Letters as one number: sorted, n-grams that begin alike stand together.
fn packed(letters: &[char]) -> u128 {
    letters.iter().enumerate().map(|(at, c)| u128::from(u32::from(*c)) << (LETTER * (MOST - 1 - at) as u32)).sum()
}

fn last(gram: u128, order: usize) -> Option<char> {
    char::from_u32((gram >> (LETTER * (MOST - order) as u32)) as u32 & ((1 << LETTER) - 1))
}

impl Counts {
    fn new(mut counted: Vec<(u128, f64)>) -> Self {
        counted.sort_by_key(|(gram, _)| *gram);
        let mut sum = 0.0;
        let until = counted.iter().map(|(_, count)| {
            sum += count;
            sum
        });
        let until = until.collect();
        let (grams, counts) = counted.into_iter().unzip();
        Self { grams, counts, until }
    }

    fn find(&self, gram: u128) -> Option<usize> {
        self.grams.binary_search(&gram).ok()
    }

    fn of(&self, gram: u128) -> f64 {
        self.find(gram).map_or(0.0, |at| self.counts[at])
    }

    /// The last letter of an n-gram that begins so, by chance; nothing where the word ends instead.
    fn next(&self, with: &[char], of_with: f64, random: &mut Random) -> Option<char> {
        let begin = packed(with);
        let end = begin + (1 << (LETTER * (MOST - with.len()) as u32));
        let from = self.grams.partition_point(|gram| *gram < begin);
        let to = from + self.grams[from..].partition_point(|gram| *gram < end);
        let before = |at: usize| at.checked_sub(1).map_or(0.0, |at| self.until[at]);
        let (low, high) = (before(from), before(to));
        let drawn = low + random.share() * of_with.max(high - low);
        let at = from + self.until[from..to].partition_point(|until| *until <= drawn);
        (at < to).then(|| last(self.grams[at], with.len() + 1)).flatten()
    }
}

/// The longest word that is drawn.
const LONGEST: usize = 24;

impl Chain {
    /// Reads a model of the `lingua` crates, in which each n-gram of letters has the logarithm of its share among the
    /// n-grams that begin as it does. Words were cut at whatever is no letter, so that what an n-gram has more than its
    /// continuations is how often it ended a word, and what it has more than its forerunners how often it began one.
    pub fn lingua(file: &Path) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let map = fst::Map::new(bytes).with_context(|| format!("{} is no model", file.display()))?;
        let mut by_order: Vec<Vec<(Vec<char>, f64)>> = vec![Vec::new(); MOST];
        let mut stream = map.stream();
        while let Some((key, value)) = stream.next() {
            let gram: Vec<char> = std::str::from_utf8(key)?.chars().collect();
            let share = libm::exp(f64::from_bits(value));
            by_order.get_mut(gram.len() - 1).context("an n-gram is too long")?.push((gram, share));
        }
        let mut anywhere: Vec<Counts> = Vec::new();
        for grams in by_order.iter().take_while(|grams| !grams.is_empty()) {
            let count = |gram: &[char], share: f64| match anywhere.last() {
                Some(shorter) => share * shorter.of(packed(&gram[..gram.len() - 1])),
                None => share,
            };
            let counts = Counts::new(grams.iter().map(|(gram, share)| (packed(gram), count(gram, *share))).collect());
            anywhere.push(counts);
        }
        if anywhere.is_empty() {
            bail!("{} is empty", file.display());
        }
        let mut first = Vec::new();
        for order in 1..anywhere.len() {
            let here = &anywhere[order - 1];
            let mut left = here.counts.clone();
            for (gram, share) in &by_order[order] {
                if let (Some(at), count) = (here.find(packed(&gram[1..])), anywhere[order].of(packed(gram)))
                    && *share > 0.0
                {
                    left[at] -= count;
                }
            }
            // What rounding leaves over is nothing.
            let left = left.iter().zip(&here.counts).map(|(left, all)| if *left < all * 1e-9 { 0.0 } else { *left });
            first.push(Counts::new(here.grams.iter().copied().zip(left).collect()));
        }
        Ok(Self { anywhere, first })
    }

    /// A profile of `langdetect`: n-grams of one to three signs, a space before and after a word.
    pub fn langdetect(file: &Path) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let profile: Value = serde_json::from_slice(&bytes)?;
        let grams = profile["freq"].as_object().context("a profile has no frequencies")?;
        let of = |starts: bool, letters: usize| {
            let skip = usize::from(starts);
            let mut counted = Vec::new();
            for (gram, count) in grams {
                let gram: Vec<char> = gram.chars().collect();
                if gram.len() == letters + skip && (gram[0] == ' ') == starts && !gram[skip..].contains(&' ') {
                    counted.push((packed(&gram[skip..]), count.as_f64().unwrap_or(0.0)));
                }
            }
            Counts::new(counted)
        };
        Ok(Self { anywhere: vec![of(false, 1), of(false, 2), of(false, 3)], first: vec![of(true, 1), of(true, 2)] })
    }

    /// A word, by chance. A profile of single letters gives words of one to four.
    pub fn word(&self, random: &mut Random) -> Vec<char> {
        let mut word = Vec::new();
        let longest = if self.anywhere.len() == 1 { 1 + random.below(4) } else { LONGEST };
        while word.len() < longest {
            let next = match self.first.get(word.len()) {
                Some(counts) => {
                    let of_word = word.len().checked_sub(1).map_or(0.0, |order| self.first[order].of(packed(&word)));
                    counts.next(&word, of_word, random)
                }
                None => {
                    let with = &word[word.len() + 1 - self.anywhere.len()..];
                    let of_with = with.len().checked_sub(1).map_or(0.0, |order| self.anywhere[order].of(packed(with)));
                    self.anywhere[with.len()].next(with, of_with, random)
                }
            };
            match next {
                Some(letter) => word.push(letter),
                None => break,
            }
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_grams_that_begin_alike_stand_together() {
        let grams = ["ab", "aba", "abz", "ac", "b"].map(|gram| packed(&gram.chars().collect::<Vec<_>>()));
        assert!(grams.is_sorted());
        assert_eq!(last(grams[2], 3), Some('z'));
        let counts = Counts::new(vec![(grams[1], 1.0), (grams[2], 3.0)]);
        let mut random = Random::new(1);
        let mut drawn = [0; 3];
        for _ in 0..1_000 {
            match counts.next(&['a', 'b'], 8.0, &mut random) {
                Some('a') => drawn[0] += 1,
                Some('z') => drawn[1] += 1,
                _ => drawn[2] += 1,
            }
        }
        // In half of the cases the word ends.
        assert!(drawn[0] > 80 && drawn[1] > 300 && drawn[2] > 420, "{drawn:?}");
    }

    #[test]
    fn a_profile_gives_its_words_back() {
        let folder = std::env::temp_dir().join(format!("bedside-train-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        let file = folder.join("profile");
        let freq = r#"{"freq":{" a":9," ab":9," b":1,"a":9,"ab":9,"b":10,"ab ":9,"b ":10,"  ":0}}"#;
        fs::write(&file, freq).expect("a file can be written");
        let chain = Chain::langdetect(&file).expect("it is a profile");
        let mut random = Random::new(3);
        let words: Vec<String> = (0..100).map(|_| chain.word(&mut random).into_iter().collect()).collect();
        fs::remove_dir_all(&folder).expect("it can be removed");
        assert!(words.iter().all(|word| word == "ab" || word == "b"));
        assert!(words.iter().filter(|word| *word == "ab").count() > 70);
    }
}
