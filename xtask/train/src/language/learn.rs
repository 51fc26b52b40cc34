//! Fits the weights: one number for each n-gram and class, so that the class of a drawn text is its likeliest.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use bedside_understand::language::grams::places;
use bedside_understand::language::model::COLUMNS;

use super::random::Random;
use super::texts::{Letters, Texts};

/// Numbers beside each other in memory for an n-gram; no script has more classes.
pub const STRIDE: usize = COLUMNS;

/// The hashes are good as they are.
#[derive(Debug, Default, Clone, Copy)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash ^ (hash >> 32);
    }
}

/// A map from hashes.
pub type ByHash<V> = HashMap<u64, V, BuildHasherDefault<AsItIs>>;

/// An n-gram that has weights.
#[derive(Debug, Clone, Copy)]
pub struct Gram {
    /// Its hash.
    pub hash: u64,
    /// The n-gram without its first letter.
    pub parent: Option<u32>,
    /// Letters.
    pub order: u8,
    /// How often it was drawn.
    pub count: u32,
}

/// Weights by n-gram and class.
#[derive(Debug)]
pub struct Weights {
    /// How many classes.
    pub classes: usize,
    /// The n-grams, shorter ones first.
    pub grams: Vec<Gram>,
    by_hash: ByHash<u32>,
    /// Those of an n-gram stand together, [`STRIDE`] apart from those of the next.
    pub rows: Vec<f32>,
    /// Of a text without words.
    pub bias: [f32; STRIDE],
    /// Sums of the squares of the gradients, by which steps are shortened (AdaGrad).
    squares: Vec<f32>,
    bias_square: f32,
}

/// What is drawn from, and how often each class is.
#[derive(Debug)]
pub struct Draws<'t> {
    /// By class.
    pub texts: &'t [Texts],
    /// Relative to each other.
    pub often: Vec<f64>,
    /// Share of the samples without accents.
    pub plain: Vec<f64>,
}

impl Draws<'_> {
    fn one(&self, random: &mut Random, out: &mut Vec<Letters>) -> usize {
        let all: f64 = self.often.iter().sum();
        let mut at = random.share() * all;
        let mut class = 0;
        while class + 1 < self.often.len() && at >= self.often[class] {
            at -= self.often[class];
            class += 1;
        }
        self.texts[class].draw(self.plain[class], random, out);
        class
    }
}

impl Weights {
    /// Draws texts and keeps the n-grams that occur often enough.
    pub fn new(draws: &Draws, samples: usize, at_least: u32, random: &mut Random) -> Self {
        let mut counts: ByHash<(u32, u8, u64)> = ByHash::default();
        let mut text = Vec::new();
        for _ in 0..samples {
            draws.one(random, &mut text);
            for word in &text {
                for place in places(word) {
                    let mut parent = 0;
                    for (order, hash) in place.enumerate() {
                        counts.entry(hash).or_insert((0, order as u8 + 1, parent)).0 += 1;
                        parent = hash;
                    }
                }
            }
        }
        let mut kept: Vec<(u64, (u32, u8, u64))> =
            counts.into_iter().filter(|(_, (count, ..))| *count >= at_least).collect();
        kept.sort_unstable_by_key(|(hash, (_, order, _))| (*order, *hash));
        let mut by_hash = ByHash::default();
        let mut grams = Vec::new();
        for (hash, (count, order, parent)) in kept {
            let parent = by_hash.get(&parent).copied();
            by_hash.insert(hash, grams.len() as u32);
            grams.push(Gram { hash, parent, order, count });
        }
        let rows = vec![0.0; grams.len() * STRIDE];
        let squares = vec![0.0; grams.len()];
        Self { classes: draws.texts.len(), grams, by_hash, rows, bias: [0.0; STRIDE], squares, bias_square: 0.0 }
    }

    fn features(&self, text: &[Letters], out: &mut Vec<u32>) {
        out.clear();
        for word in text {
            for place in places(word) {
                out.extend(place.map_while(|hash| self.by_hash.get(&hash)));
            }
        }
    }

    fn sum(&self, features: &[u32]) -> [f32; STRIDE] {
        let mut sums = self.bias;
        for &at in features {
            let row = &self.rows[at as usize * STRIDE..][..STRIDE];
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += weight;
            }
        }
        sums
    }

    /// Goes through so many drawn texts, each a step towards its class. Returns the mean loss.
    pub fn fit(&mut self, draws: &Draws, samples: usize, rate: f32, decay: f32, random: &mut Random) -> f64 {
        let mut text = Vec::new();
        let mut features = Vec::new();
        let mut loss = 0.0;
        for _ in 0..samples {
            let class = draws.one(random, &mut text);
            self.features(&text, &mut features);
            let mut shares = self.sum(&features);
            softmax(&mut shares[..self.classes]);
            shares[self.classes..].fill(0.0);
            loss -= f64::from(shares[class].max(1e-9).ln());
            shares[class] -= 1.0;
            let size: f32 = shares.iter().map(|share| share * share).sum();
            self.bias_square += size;
            let step = rate / (1e-3 + self.bias_square).sqrt();
            for (bias, share) in self.bias.iter_mut().zip(&shares) {
                *bias -= step * share;
            }
            for &at in &features {
                let at = at as usize;
                self.squares[at] += size;
                let step = rate / (1e-1 + self.squares[at]).sqrt();
                let row = &mut self.rows[at * STRIDE..][..STRIDE];
                for (weight, share) in row.iter_mut().zip(&shares) {
                    *weight -= step * (share + decay * *weight);
                }
            }
        }
        loss / samples as f64
    }

    /// Keeps so many n-grams: those whose weights change most, and what they rest on.
    pub fn prune(&mut self, keep: usize) {
        let worth = |at: usize| {
            let row = &self.rows[at * STRIDE..][..self.classes];
            let mean = row.iter().sum::<f32>() / self.classes as f32;
            let size: f32 = row.iter().map(|weight| (weight - mean) * (weight - mean)).sum();
            f64::from(size) * f64::from(self.grams[at].count)
        };
        let worths: Vec<f64> = (0..self.grams.len()).map(worth).collect();
        let mut order: Vec<usize> = (0..self.grams.len()).collect();
        order.sort_by(|&left, &right| worths[right].total_cmp(&worths[left]).then(left.cmp(&right)));
        let mut kept = vec![false; self.grams.len()];
        let mut count = 0;
        for at in order {
            if count >= keep {
                break;
            }
            let mut next = Some(at as u32);
            while let Some(at) = next {
                if kept[at as usize] {
                    break;
                }
                kept[at as usize] = true;
                count += 1;
                next = self.grams[at as usize].parent;
            }
        }
        let mut places = vec![None; self.grams.len()];
        let (mut grams, mut rows, mut squares) = (Vec::new(), Vec::new(), Vec::new());
        self.by_hash.clear();
        for at in (0..kept.len()).filter(|&at| kept[at]) {
            places[at] = Some(grams.len() as u32);
            let gram = self.grams[at];
            self.by_hash.insert(gram.hash, grams.len() as u32);
            grams.push(Gram { parent: gram.parent.and_then(|parent| places[parent as usize]), ..gram });
            rows.extend_from_slice(&self.rows[at * STRIDE..][..STRIDE]);
            squares.push(self.squares[at]);
        }
        (self.grams, self.rows, self.squares) = (grams, rows, squares);
    }
}

/// From logits to shares of one.
pub fn softmax(values: &mut [f32]) {
    let most = values.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for value in values.iter_mut() {
        *value = libm::expf(*value - most);
        sum += *value;
    }
    values.iter_mut().for_each(|value| *value /= sum);
}
