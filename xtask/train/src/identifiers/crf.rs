//! Trains the tagger: a linear chain of conditional probabilities, by stochastic gradient with a step for each weight
//! (AdaGrad). Everything runs in a fixed order and with functions that are the same on every machine.

use std::collections::{BTreeMap, HashMap};

use bedside_understand::identifiers::crf::{Scores, Steps};
use bedside_understand::weights::key;

pub use bedside_understand::identifiers::crf::TAGS;

/// A chain of words with its features and its labels.
#[derive(Debug, Clone)]
pub struct Chain {
    /// Hashes of features, for each word.
    pub words: Vec<Vec<u64>>,
    /// Labels, by place in `Tag::ALL`.
    pub tags: Vec<u8>,
    /// Which template or message it comes from: a feature that only one of them has is not kept.
    pub group: u32,
    /// How much it counts.
    pub weight: f32,
}

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Passes over all chains.
    pub passes: usize,
    /// First step.
    pub rate: f32,
    /// Pull of every weight towards zero, for each visit.
    pub decay: f32,
    /// A feature must occur in so many groups.
    pub groups: usize,
    /// Weights below this share of the largest are dropped.
    pub least: f32,
    /// What is taken from the outside's score when used.
    pub lean: f32,
}

impl Settings {
    /// Those the shipped model is trained with.
    pub fn shipped() -> Self {
        Self { passes: 8, rate: 0.15, decay: 2e-6, groups: 3, least: 0.012, lean: 0.6 }
    }
}

/// A trained tagger as bytes.
#[derive(Debug, Clone)]
pub struct Packed {
    /// Keys of features.
    pub keys: Vec<u32>,
    /// Five signed bytes each.
    pub rows: Vec<u8>,
    /// Scale, steps and lean, by name.
    pub numbers: BTreeMap<String, Vec<f32>>,
}

/// A small generator of random numbers (SplitMix64), seeded.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another.
    pub fn below(&mut self, count: usize) -> usize {
        (self.draw() % count.max(1) as u64) as usize
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }
}

/// Trains.
pub fn train(chains: &[Chain], settings: Settings) -> Packed {
    // Features that several groups have, by their place. Keys as in the file, so that clashes are learnt with.
    let mut groups: HashMap<u32, (u32, u32)> = HashMap::new();
    for chain in chains {
        for feature in chain.words.iter().flatten() {
            let entry = groups.entry(key(*feature)).or_insert((u32::MAX, 0));
            if entry.0 != chain.group {
                *entry = (chain.group, entry.1 + 1);
            }
        }
    }
    let mut keys: Vec<u32> =
        groups.iter().filter(|(_, (_, count))| *count as usize >= settings.groups).map(|(key, _)| *key).collect();
    keys.sort_unstable();
    let place: HashMap<u32, u32> = keys.iter().enumerate().map(|(at, key)| (*key, at as u32)).collect();
    let rows: Vec<Vec<Vec<u32>>> = chains
        .iter()
        .map(|chain| {
            let word = |features: &Vec<u64>| features.iter().filter_map(|one| place.get(&key(*one)).copied()).collect();
            chain.words.iter().map(word).collect()
        })
        .collect();
    let mut weights = vec![[0.0_f32; TAGS]; keys.len()];
    let mut squares = vec![[1e-2_f32; TAGS]; keys.len()];
    let mut steps: Steps = [[0.0; TAGS]; TAGS];
    let mut step_squares = [[1e-2_f32; TAGS]; TAGS];
    let mut order: Vec<usize> = (0..chains.len()).collect();
    let mut random = Random(7);
    let mut sum = vec![[0.0_f32; TAGS]; keys.len()];
    let mut step_sum: Steps = [[0.0; TAGS]; TAGS];
    let averaged = settings.passes / 2;
    for pass in 0..settings.passes {
        for at in (1..order.len()).rev() {
            order.swap(at, random.below(at + 1));
        }
        for &one in &order {
            let chain = &chains[one];
            let scores: Vec<Scores> = rows[one]
                .iter()
                .map(|features| {
                    let mut all = [0.0; TAGS];
                    for &feature in features {
                        for (sum, weight) in all.iter_mut().zip(&weights[feature as usize]) {
                            *sum += weight;
                        }
                    }
                    all
                })
                .collect();
            let (marginals, pairs) = expectations(&scores, &steps);
            for (at, features) in rows[one].iter().enumerate() {
                let mut gradient = marginals[at];
                gradient[usize::from(chain.tags[at])] -= 1.0;
                if gradient.iter().all(|one| one.abs() < 1e-3) {
                    continue;
                }
                for value in &mut gradient {
                    *value *= chain.weight;
                }
                for &feature in features {
                    let (weight, square) = (&mut weights[feature as usize], &mut squares[feature as usize]);
                    for tag in 0..TAGS {
                        let slope = gradient[tag] + settings.decay * weight[tag];
                        square[tag] += slope * slope;
                        weight[tag] -= settings.rate * slope / libm::sqrtf(square[tag]);
                    }
                }
            }
            let mut gradient = pairs;
            let mut before = 0;
            for &tag in chain.tags.iter().chain(std::iter::once(&0)) {
                gradient[before][usize::from(tag)] -= 1.0;
                before = usize::from(tag);
            }
            for from in 0..TAGS {
                for to in 0..TAGS {
                    let slope = gradient[from][to] * chain.weight;
                    step_squares[from][to] += slope * slope;
                    steps[from][to] -= settings.rate * slope / libm::sqrtf(step_squares[from][to]);
                }
            }
        }
        // The mean of the later passes is steadier than the last.
        if pass >= averaged {
            for (sum, weight) in sum.iter_mut().zip(&weights) {
                for tag in 0..TAGS {
                    sum[tag] += weight[tag];
                }
            }
            for from in 0..TAGS {
                for to in 0..TAGS {
                    step_sum[from][to] += steps[from][to];
                }
            }
        }
    }
    let passes = (settings.passes - averaged) as f32;
    pack(
        &keys,
        &sum.iter().map(|row| row.map(|one| one / passes)).collect::<Vec<_>>(),
        step_sum.map(|row| row.map(|one| one / passes)),
        settings,
    )
}

fn pack(keys: &[u32], weights: &[Scores], steps: Steps, settings: Settings) -> Packed {
    let largest = weights.iter().flatten().fold(0.0_f32, |most, one| most.max(one.abs())).max(1e-6);
    let scale = largest / 127.0;
    let mut out = Packed { keys: Vec::new(), rows: Vec::new(), numbers: BTreeMap::new() };
    for (key, row) in keys.iter().zip(weights) {
        // Only differences between labels matter: the mean is taken out.
        let mean = row.iter().sum::<f32>() / TAGS as f32;
        let row = row.map(|one| one - mean);
        if row.iter().all(|one| one.abs() < largest * settings.least) {
            continue;
        }
        out.keys.push(*key);
        out.rows.extend(row.iter().map(|one| (one / scale).round().clamp(-127.0, 127.0) as i8 as u8));
    }
    out.numbers.insert("tagger_scale".into(), vec![scale]);
    out.numbers.insert("tagger_steps".into(), steps.iter().flatten().copied().collect());
    out.numbers.insert("tagger_lean".into(), vec![settings.lean]);
    out
}

/// How often each label and each step is expected, by forward and backward sums scaled at each word.
fn expectations(scores: &[Scores], steps: &Steps) -> (Vec<Scores>, Steps) {
    let count = scores.len();
    let step: Steps = steps.map(|row| row.map(libm::expf));
    let local: Vec<Scores> = scores
        .iter()
        .map(|row| {
            let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.map(|one| libm::expf((one - most).max(-60.0)))
        })
        .collect();
    let mut forward = vec![[0.0_f32; TAGS]; count];
    for at in 0..count {
        for tag in 0..TAGS {
            let reached: f32 = if at == 0 {
                step[0][tag]
            } else {
                (0..TAGS).map(|before| forward[at - 1][before] * step[before][tag]).sum()
            };
            forward[at][tag] = reached * local[at][tag];
        }
        let all: f32 = forward[at].iter().sum::<f32>().max(1e-30);
        forward[at] = forward[at].map(|one| one / all);
    }
    let mut backward = vec![[0.0_f32; TAGS]; count];
    for at in (0..count).rev() {
        for tag in 0..TAGS {
            backward[at][tag] = if at + 1 == count {
                step[tag][0]
            } else {
                (0..TAGS).map(|next| step[tag][next] * local[at + 1][next] * backward[at + 1][next]).sum()
            };
        }
        let all: f32 = backward[at].iter().sum::<f32>().max(1e-30);
        backward[at] = backward[at].map(|one| one / all);
    }
    let mut marginals = vec![[0.0_f32; TAGS]; count];
    let mut pairs: Steps = [[0.0; TAGS]; TAGS];
    for at in 0..count {
        let product: Scores = std::array::from_fn(|tag| forward[at][tag] * backward[at][tag]);
        let all = product.iter().sum::<f32>().max(1e-30);
        marginals[at] = product.map(|one| one / all);
        if at == 0 {
            for tag in 0..TAGS {
                pairs[0][tag] += marginals[0][tag];
            }
        } else {
            let mut grid: Steps = [[0.0; TAGS]; TAGS];
            let mut all = 0.0;
            for (before, row) in grid.iter_mut().enumerate() {
                for (tag, cell) in row.iter_mut().enumerate() {
                    *cell = forward[at - 1][before] * step[before][tag] * local[at][tag] * backward[at][tag];
                    all += *cell;
                }
            }
            for (sum, row) in pairs.iter_mut().zip(&grid) {
                for (sum, cell) in sum.iter_mut().zip(row) {
                    *sum += cell / f32::max(all, 1e-30);
                }
            }
        }
        if at + 1 == count {
            for tag in 0..TAGS {
                pairs[tag][0] += marginals[at][tag];
            }
        }
    }
    (marginals, pairs)
}
