//! The trained part: for each script that several languages share, how much each n-gram speaks for each of them.

use std::sync::OnceLock;

use crate::weights::{BadWeights, WeightsFile};

use super::frequent::{self, Frequent};
use super::grams::{Backwards, places};
use super::letters::Script;
use super::table::Rows;

/// The file of the model.
pub static FILE: &[u8] = include_bytes!("../../../../data/models/language.bin");

/// Scripts that have columns of their own, with the names of their tables.
pub const MODELLED: [(Script, &str); 5] = [
    (Script::Latin, "latin"),
    (Script::Cyrillic, "cyrillic"),
    (Script::Arabic, "arabic"),
    (Script::Devanagari, "devanagari"),
    (Script::Han, "han"),
];

/// Most columns that a table has.
pub const COLUMNS: usize = 32;

/// Bytes of a row in a script of up to eight languages, and of up to [`COLUMNS`], without the first.
const FEW: usize = 4;
const MANY: usize = COLUMNS / 2;

/// The largest number that a row is multiplied by, so that the sums over a word fit into 16 bits, and the bits it takes.
pub const LARGEST: u8 = 127;

/// Stands beside it where a longer n-gram that ends with this one has a row too.
pub const LONGER: u8 = 128;

/// The languages that one script is written in, as the model knows them.
#[derive(Debug)]
pub struct Shared {
    /// Tag of each column; those in parentheses stand for languages outside the list and for what is none.
    pub tags: Vec<&'static str>,
    /// The logit of each before anything is read.
    pub bias: Vec<f32>,
    /// What a step of a row's numbers is worth.
    pub step: f32,
    /// What logits are multiplied by, and from how many places on it falls: see [`Shared::shares`].
    pub sharpness: [f32; 2],
    rows: Rows,
    /// What words say that are met all the time.
    frequent: Frequent,
}

/// Sums over what was read so far of one script.
#[derive(Debug, Clone)]
pub struct Sums {
    sums: [u32; COLUMNS],
    /// Places that were read.
    pub places: usize,
}

impl Sums {
    /// Nothing was read yet.
    pub const EMPTY: Self = Self { sums: [0; COLUMNS], places: 0 };
}

impl Shared {
    /// The part of a file that has a name.
    pub fn from_file(bytes: &'static [u8], name: &str) -> Result<Self, BadWeights> {
        Self::read(&WeightsFile::read(bytes)?, name)
    }

    fn read(file: &WeightsFile, name: &str) -> Result<Self, BadWeights> {
        let missing = |what: &str| BadWeights::new(format!("it has no {what} of {name}"));
        let tags = file.header.words.get(name).ok_or_else(|| missing("tags"))?;
        let numbers =
            |what: &str| file.header.numbers.get(&format!("{name} {what}")).cloned().ok_or_else(|| missing(what));
        let (bias, step, sharpness) = (numbers("bias")?, numbers("step")?, numbers("sharpness")?);
        let rows = file.table(name)?.row(0).and_then(Rows::read).ok_or_else(|| missing("whole table"))?;
        let fits = tags.len() == bias.len()
            && [FEW + 1, MANY + 1].contains(&rows.width())
            && tags.len() <= 2 * (rows.width() - 1);
        let (&[step], &[sharp, length], true) = (&step[..], &sharpness[..], fits) else {
            return Err(missing("fitting numbers"));
        };
        // Read once for the life of the program.
        let tags = tags.iter().map(|tag| &*tag.clone().leak()).collect();
        Ok(Self { tags, bias, step, sharpness: [sharp, length], rows, frequent: Frequent::default() })
    }

    /// Learns by heart what these words say.
    fn learn<'w>(&mut self, words: impl Iterator<Item = &'w str> + Clone) {
        self.frequent = Frequent::new(words, |word| self.of_word(word));
    }

    /// Adds a word.
    #[inline]
    pub fn add(&self, word: &[char], sums: &mut Sums) {
        let of_word = match self.frequent.get(word) {
            Some(of_word) => *of_word,
            None => self.of_word(word),
        };
        for (sum, of_word) in sums.sums.iter_mut().zip(of_word) {
            *sum += u32::from(of_word);
        }
        sums.places += word.len() + 1;
    }

    /// What a word says for each column.
    #[inline]
    fn of_word(&self, word: &[char]) -> [u16; COLUMNS] {
        match self.rows.width() - 1 {
            FEW => self.of_word_wide::<FEW>(word),
            _ => self.of_word_wide::<MANY>(word),
        }
    }

    /// Of each place of a word the longest n-gram that is known counts. A row is a byte by which its numbers are
    /// multiplied, then two columns in each byte: the first half of the columns in the low bits, the second in the high
    /// ones. What all columns have in common says nothing and is left out.
    #[inline]
    fn of_word_wide<const WIDE: usize>(&self, word: &[char]) -> [u16; COLUMNS] {
        let mut low = [0_u16; WIDE];
        let mut high = [0_u16; WIDE];
        for place in places(word) {
            let row = self.longest(place).and_then(|row| row.split_first());
            if let Some((&by, row)) = row
                && let Some(row) = row.first_chunk::<WIDE>()
            {
                let by = u16::from(by & LARGEST);
                for at in 0..WIDE {
                    low[at] += u16::from(row[at] & 15) * by;
                    high[at] += u16::from(row[at] >> 4) * by;
                }
            }
        }
        let mut out = [0; COLUMNS];
        out[..WIDE].copy_from_slice(&low);
        out[WIDE..2 * WIDE].copy_from_slice(&high);
        out
    }

    /// Where an n-gram is known, so are the shorter ones within it that end at the same place, and the row of one says
    /// whether a longer one is. So the search begins in the middle and goes up or down.
    #[inline]
    fn longest(&self, mut place: Backwards) -> Option<&'static [u8]> {
        const FIRST: usize = 4;
        let mut hashes = [0; FIRST];
        let mut known = 0;
        while known < FIRST
            && let Some(hash) = place.next()
        {
            hashes[known] = hash;
            known += 1;
        }
        let mut found = None;
        for at in (0..known).rev() {
            found = self.rows.row(hashes[at]);
            if found.is_some() {
                // Longer ones than the first that was looked for were not there.
                if at + 1 < known {
                    return found;
                }
                break;
            }
        }
        let mut row = found?;
        while row[0] & LONGER != 0
            && let Some(longer) = place.next().and_then(|hash| self.rows.row(hash))
        {
            row = longer;
        }
        Some(row)
    }

    /// The logit of each column.
    pub fn logits(&self, sums: &Sums) -> [f32; COLUMNS] {
        let mut out = [f32::MIN; COLUMNS];
        for ((out, sum), bias) in out.iter_mut().zip(sums.sums).zip(&self.bias) {
            *out = bias + self.step * sum as f32;
        }
        out
    }

    /// How likely each column is. Neighbouring n-grams say much the same, so that sums over a long text are too sure of
    /// themselves: logits are multiplied by a number that falls with its length.
    pub fn shares(&self, sums: &Sums) -> [f32; COLUMNS] {
        let [sharp, length] = self.sharpness;
        let sharp = sharp / (1.0 + sums.places as f32 / length).sqrt();
        let mut out = self.logits(sums);
        let of = &mut out[..self.tags.len()];
        let most = of.iter().copied().fold(f32::MIN, f32::max);
        of.iter_mut().for_each(|logit| *logit = (sharp * (*logit - most)).exp());
        let all: f32 = of.iter().sum();
        of.iter_mut().for_each(|share| *share /= all);
        out
    }
}

/// All scripts.
#[derive(Debug)]
pub struct Model {
    shared: Vec<Shared>,
}

impl Model {
    /// Reads a model from its file.
    pub fn read(bytes: &'static [u8]) -> Result<Self, BadWeights> {
        let file = WeightsFile::read(bytes)?;
        let mut shared = MODELLED.iter().map(|(_, name)| Shared::read(&file, name)).collect::<Result<Vec<_>, _>>()?;
        for (of, (script, _)) in shared.iter_mut().zip(MODELLED) {
            if script == Script::Latin {
                of.learn(frequent::WORDS.split_whitespace());
            }
        }
        Ok(Self { shared })
    }

    /// The one that is built in.
    pub fn get() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Self::read(FILE).unwrap_or_else(|error| panic!("data/models/language.bin: {error}")))
    }

    /// The languages of a script, and where in [`MODELLED`] it stands.
    #[inline]
    pub fn of(&self, script: Script) -> Option<(usize, &Shared)> {
        let at = MODELLED.iter().position(|(of, _)| *of == script)?;
        self.shared.get(at).map(|shared| (at, shared))
    }
}
