//! What training texts are made of: words drawn from profiles, and the words of real texts.

use bedside_understand::language::letters::{Script, words};

use super::plain::bare;
use super::profiles::Chain;
use super::random::Random;

/// A word.
pub type Letters = Vec<char>;

/// Words drawn from a profile, close to each other in memory.
#[derive(Debug, Default)]
pub struct Pool {
    letters: Vec<char>,
    ends: Vec<u32>,
}

impl Pool {
    /// Draws so many words whose letters are all of a script.
    pub fn new(chain: &Chain, script: Script, size: usize, random: &mut Random) -> Self {
        let mut pool = Self::default();
        let mut text = String::new();
        // A profile may hold words of other scripts, but not half of them.
        for _ in 0..size * 4 {
            if pool.ends.len() >= size {
                break;
            }
            text.clear();
            text.extend(chain.word(random));
            words(&text, true, |of, letters| {
                if of == script {
                    pool.letters.extend_from_slice(letters);
                    pool.ends.push(pool.letters.len() as u32);
                }
            });
        }
        pool
    }

    fn word(&self, random: &mut Random) -> &[char] {
        let at = random.below(self.ends.len());
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.letters[from as usize..self.ends[at] as usize]
    }
}

/// The texts of one class.
#[derive(Debug, Default)]
pub struct Texts {
    /// Drawn from in equal shares.
    pub pools: Vec<Pool>,
    /// Real texts as their words.
    pub real: Vec<Vec<Letters>>,
    /// Share of the samples that come from real texts.
    pub share: f64,
    /// Signs without meaning are drawn.
    pub noise: bool,
}

/// The words of a text that are of a script.
pub fn of_script(text: &str, script: Script) -> Vec<Letters> {
    let mut out = Vec::new();
    words(text, false, |of, letters| {
        if of == script {
            out.push(letters.to_vec());
        }
    });
    out
}

/// How many words a sample has: every other one or two, since short texts are the hard ones.
fn length(random: &mut Random) -> usize {
    match random.below(20) {
        0..6 => 1,
        6..10 => 2,
        10..14 => 3 + random.below(3),
        14..18 => 6 + random.below(7),
        _ => 13 + random.below(10),
    }
}

impl Texts {
    /// Draws the words of one sample, a share of them as typed without accents.
    pub fn draw(&self, plain: f64, random: &mut Random, out: &mut Vec<Letters>) {
        out.clear();
        let length = length(random);
        let from_real = !self.real.is_empty() && (self.pools.is_empty() || random.share() < self.share);
        if self.noise {
            let kind = random.below(NOISES);
            out.extend((0..length.min(6)).map(|_| noise(kind, random)));
        } else if from_real {
            let text = &self.real[random.below(self.real.len())];
            let from = random.below(text.len().saturating_sub(length) + 1);
            out.extend(text.iter().skip(from).take(length).cloned());
        } else {
            let pool = &self.pools[random.below(self.pools.len())];
            out.extend((0..length).map(|_| pool.word(random).to_vec()));
        }
        if plain > 0.0 && random.share() < plain {
            out.iter_mut().flatten().for_each(|letter| *letter = bare(*letter));
        }
    }
}

const NOISES: usize = 6;

/// A word of no language: keys hit at random, rows of the keyboard, consonants, a few letters over and over.
fn noise(kind: usize, random: &mut Random) -> Letters {
    const ROWS: [&[u8]; 4] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm", b"qwertzuiop"];
    const HANDS: &[u8] = b"asdfghjklasdfghjklasdfjklqwertyuiopzxcvbnm";
    const CONSONANTS: &[u8] = b"bcdfghjklmnpqrstvwxz";
    let size = 3 + random.below(9);
    let any = |of: &[u8], random: &mut Random| char::from(of[random.below(of.len())]);
    match kind {
        0 | 1 => (0..size).map(|_| char::from(b'a' + random.below(26) as u8)).collect(),
        2 => {
            let row = ROWS[random.below(ROWS.len())];
            let from = random.below(row.len() - 3);
            let to = (from + 3 + random.below(5)).min(row.len());
            let mut part: Letters = row[from..to].iter().copied().map(char::from).collect();
            if random.below(3) == 0 {
                part.reverse();
            }
            if random.below(2) == 0 { part.repeat(2) } else { part }
        }
        3 => (0..size).map(|_| any(HANDS, random)).collect(),
        4 => (0..size).map(|_| any(CONSONANTS, random)).collect(),
        _ => {
            let part: Letters = (0..1 + random.below(3)).map(|_| char::from(b'a' + random.below(26) as u8)).collect();
            part.iter().copied().cycle().take(size).collect()
        }
    }
}
