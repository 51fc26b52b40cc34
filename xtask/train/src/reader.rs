//! Trains the reader: two models of the first stage, then the second stage on what models that had not seen a text say
//! of it.

use std::collections::BTreeMap;

use bedside_understand::reader::{FIVE, LayersFile, Output, THREE, dense, joined, probability};
use bedside_understand::theme_names;
use bedside_understand::weights::Origin;
use sha2::{Digest, Sha256};

use crate::datasets::{folded, folds};
use crate::logistic::{Row, Settings, Target, train};
use crate::metrics;
use crate::samples::{ADDED_THEMES, CRISIS, EMERGENCY, INTENTS, OLDER, PRIVACY, SAFETY, Sample, Set};
use crate::stage::{Plan, Trained};
use crate::vocabulary::Choice;

/// The files of a reader.
#[derive(Debug, Clone)]
pub struct ReaderFiles {
    /// `experience.bin`.
    pub experience: Vec<u8>,
    /// `messages.bin`.
    pub messages: Vec<u8>,
    /// `layers.json`.
    pub layers: String,
}

/// So many parts are held out in turn for the second stage.
const FOLDS: usize = 5;
/// How the second stage is trained.
const SECOND: Settings = Settings { cost: 0.015, passes: 15 };
/// The share of ordinary comments that a risk which alerts may add by itself.
const ALARMS: f64 = 0.0025;
/// From which probability a risk of a low level is given.
const LIKELY: f32 = 0.6;
/// The recall that a risk is to reach where the alarms allow it.
const RECALL: f32 = 0.95;

/// The model of experience: sentiment and themes, learnt from feedback alone.
pub fn experience() -> Plan {
    let mut heads: Vec<&'static str> = FIVE.to_vec();
    heads.extend(categories());
    heads.extend(theme_names().iter().map(|theme| theme.label.as_str()).filter(|label| !ADDED_THEMES.contains(label)));
    heads.extend(OLDER);
    let choice = Choice { words_from: 2, pairs_from: 2, grams_from: 3, gram_value: 0.25, pair_value: 0.8 };
    Plan { name: "experience", heads, choice, settings: Settings { cost: 0.3, passes: 12 } }
}

/// The model of messages: risks, intents and the themes that are additions.
pub fn messages() -> Plan {
    let risks = CRISIS.into_iter().chain(EMERGENCY).chain(SAFETY).chain([PRIVACY]);
    let heads = risks.chain(INTENTS).chain(ADDED_THEMES).collect();
    let choice = Choice { words_from: 2, pairs_from: 2, grams_from: 4, gram_value: 0.25, pair_value: 1.0 };
    Plan { name: "messages", heads, choice, settings: Settings { cost: 1.0, passes: 12 } }
}

/// The categories of themes that are learnt, in their order.
pub fn categories() -> Vec<&'static str> {
    let mut out: Vec<&'static str> = theme_names().iter().map(|theme| theme.category.as_str()).collect();
    out.dedup();
    out.retain(|category| *category != bedside_understand::ADDITIONS);
    out
}

/// Trains on samples.
pub fn reader(samples: &[&Sample], origins: &[Origin]) -> ReaderFiles {
    let plans = [experience(), messages()];
    let seen = unseen_scores(&plans, samples);
    let of_experience: Vec<&'static str> =
        THREE.into_iter().chain(plans[0].heads.iter().copied().filter(|head| !OLDER.contains(head))).collect();
    let of_messages = plans[1].heads.clone();
    let groups = [of_experience, of_messages];
    let outputs = groups.into_iter().flat_map(|names| Second::new(names, samples, &seen).outputs()).collect();
    let [experience, messages] = plans.map(|plan| {
        let trained = plan.train(samples);
        plan.compile(&trained, origins)
    });
    let mut digest = Sha256::new();
    digest.update(&experience);
    digest.update(&messages);
    let version = format!("reader {}", &hex::encode(digest.finalize())[..10]);
    let layers = serde_json::to_string(&LayersFile { version, outputs }).unwrap_or_default();
    ReaderFiles { experience, messages, layers: layers.replace("},{\"name\"", "},\n{\"name\"") + "\n" }
}

/// What the second stage sees of each sample, by models that were trained without its fold.
pub fn unseen_scores(plans: &[Plan; 2], samples: &[&Sample]) -> Vec<Vec<f32>> {
    let keys: Vec<(String, String)> = samples.iter().map(|one| (one.group.clone(), folded(&one.text))).collect();
    let fold = folds(&keys, FOLDS);
    let mut out = vec![Vec::new(); samples.len()];
    for held_out in 0..FOLDS {
        let others: Vec<&Sample> =
            samples.iter().zip(&fold).filter(|(_, fold)| **fold != held_out).map(|(one, _)| *one).collect();
        let trained = plans.each_ref().map(|plan| plan.train(&others));
        for (at, one) in samples.iter().enumerate().filter(|(at, _)| fold[*at] == held_out) {
            out[at] = seen_by_second(&trained, plans[0].heads.len(), one);
        }
    }
    out
}

fn seen_by_second(trained: &[Trained; 2], heads: usize, sample: &Sample) -> Vec<f32> {
    let scores = joined(trained[0].score(sample), &trained[1].score(sample), heads);
    dense(&scores, &sample.cut.counts)
}

/// The second stage before it is trained: the outputs of one model, on the rows that say something about them.
struct Second<'s> {
    samples: Vec<&'s Sample>,
    names: Vec<&'static str>,
    rows: Vec<Row>,
    means: Vec<f32>,
    deviations: Vec<f32>,
}

impl<'s> Second<'s> {
    /// Numbers are scaled by what they are in these rows.
    fn new(names: Vec<&'static str>, samples: &[&'s Sample], seen: &[Vec<f32>]) -> Self {
        let says = |one: &Sample| names.iter().any(|name| one.known.contains_key(name));
        let (samples, seen): (Vec<&Sample>, Vec<&Vec<f32>>) =
            samples.iter().copied().zip(seen).filter(|(one, _)| says(one)).unzip();
        let width = seen.first().map_or(0, |row| row.len());
        let (mut means, mut deviations) = (vec![0.0_f64; width], vec![0.0_f64; width]);
        for row in &seen {
            means.iter_mut().zip(*row).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        means.iter_mut().for_each(|sum| *sum /= seen.len() as f64);
        for row in &seen {
            let from_mean = row.iter().zip(&means).map(|(value, mean)| f64::from(*value) - mean);
            deviations.iter_mut().zip(from_mean).for_each(|(sum, off)| *sum += off * off);
        }
        let deviations: Vec<f32> =
            deviations.iter().map(|sum| ((sum / seen.len() as f64).sqrt() as f32).max(1e-3)).collect();
        let means: Vec<f32> = means.into_iter().map(|mean| mean as f32).collect();
        let scaled = |row: &&Vec<f32>| {
            let numbers = row.iter().enumerate().map(|(at, value)| (at as u32, (value - means[at]) / deviations[at]));
            Row { features: numbers.collect() }
        };
        let rows = seen.iter().map(scaled).collect();
        Self { samples, names, rows, means, deviations }
    }

    fn target(&self, sample: &Sample, name: &str) -> Target {
        let Some(side) = THREE.iter().position(|three| *three == name) else {
            return match sample.target(name) {
                Target::Yes(_) => Target::Yes(1.0),
                Target::No(weight) => Target::No(weight.min(1.0)),
                Target::Missing => Target::Missing,
            };
        };
        match feeling(sample) {
            None => Target::Missing,
            Some(at) if folded_to_three(at) == side => Target::Yes(1.0),
            Some(_) => Target::No(1.0),
        }
    }

    fn targets(&self, rows: &[usize]) -> Vec<Target> {
        let names = &self.names;
        rows.iter().flat_map(|row| names.iter().map(|name| self.target(self.samples[*row], name))).collect()
    }

    /// Trains on some rows.
    fn train(&self, rows: &[usize]) -> crate::logistic::Weights {
        let features: Vec<Row> = rows.iter().map(|row| self.rows[*row].clone()).collect();
        train(&features, &self.targets(rows), self.means.len(), self.names.len(), SECOND)
    }

    /// Trains on all rows; thresholds are chosen on what stages say that had not seen a row.
    fn outputs(&self) -> Vec<Output> {
        let unseen = self.unseen();
        let all: Vec<usize> = (0..self.rows.len()).collect();
        let weights = self.train(&all);
        let outputs = self.names.len();
        let thresholds = self.thresholds(&unseen);
        (0..outputs)
            .map(|output| {
                let of_output: Vec<f32> = (0..self.means.len())
                    .map(|number| weights.rows[number * outputs + output] / self.deviations[number])
                    .collect();
                let moved: f32 = of_output.iter().zip(&self.means).map(|(weight, mean)| weight * mean).sum();
                let name = self.names[output];
                Output {
                    name: name.to_owned(),
                    threshold: rounded(thresholds[name]),
                    bias: rounded(weights.bias[output] - moved),
                    weights: of_output.into_iter().map(rounded).collect(),
                }
            })
            .collect()
    }

    /// The probability of each output for each row, by second stages that had not seen it.
    fn unseen(&self) -> Vec<Vec<f32>> {
        let keys: Vec<(String, String)> =
            self.samples.iter().map(|one| (one.group.clone(), folded(&one.text))).collect();
        let fold = folds(&keys, 3);
        let mut out = vec![Vec::new(); self.rows.len()];
        for held_out in 0..3 {
            let others: Vec<usize> = (0..self.rows.len()).filter(|row| fold[*row] != held_out).collect();
            let weights = self.train(&others);
            for row in (0..self.rows.len()).filter(|row| fold[*row] == held_out) {
                out[row] = weights.score(&self.rows[row]).into_iter().map(probability).collect();
            }
        }
        out
    }

    fn thresholds(&self, unseen: &[Vec<f32>]) -> BTreeMap<&'static str, f32> {
        let mut out = BTreeMap::new();
        for (output, &name) in self.names.iter().enumerate() {
            let cases: Vec<(f32, bool)> = self
                .samples
                .iter()
                .zip(unseen)
                .filter_map(|(one, scores)| one.known.get(name).map(|known| (scores[output], known.0)))
                .collect();
            let risk = CRISIS.contains(&name) || EMERGENCY.contains(&name) || SAFETY.contains(&name) || name == PRIVACY;
            let found = if THREE.contains(&name) || FIVE.contains(&name) {
                1.0
            } else if risk {
                self.risk_threshold(name, output, &cases, unseen)
            } else {
                metrics::best_threshold(&cases).0.clamp(0.2, 0.6)
            };
            out.insert(name, found);
        }
        if self.names[0] != THREE[0] {
            return out;
        }
        for (class, factor) in THREE.into_iter().zip(self.factors(unseen)) {
            out.insert(class, factor);
        }
        out
    }

    /// At the recall wanted, but no lower than the alarms on ordinary comments allow.
    fn risk_threshold(&self, name: &str, output: usize, cases: &[(f32, bool)], unseen: &[Vec<f32>]) -> f32 {
        let ordinary: Vec<f32> = self
            .samples
            .iter()
            .zip(unseen)
            .filter(|(one, _)| matches!(one.set, Set::Nhs | Set::NhsOlder))
            .filter(|(one, _)| one.known.contains_key(CRISIS[0]))
            .map(|(_, scores)| scores[output])
            .collect();
        let at_recall = metrics::threshold_at_recall(cases, f64::from(RECALL));
        let at_alarms = metrics::threshold_at_share(&ordinary, ALARMS);
        let best = metrics::best_threshold(cases).0;
        let threshold = match name {
            "crisis_c2" | "crisis_c3" | "emergency_now" => at_recall.max(at_alarms),
            // These lift everyday complaints where they are given lightly: only what is likelier than not.
            "crisis_topic" | "crisis_c1" | "emergency_any" | "privacy_exposure" => best.max(at_alarms).max(LIKELY),
            // The others are given where that is right most often.
            _ => best.max(at_alarms),
        };
        threshold.clamp(0.0, 1.0)
    }

    /// By what the three shares are multiplied, so that the mean F1 of the three is best.
    fn factors(&self, unseen: &[Vec<f32>]) -> [f32; 3] {
        let cases: Vec<(usize, [f32; 3])> = self
            .samples
            .iter()
            .zip(unseen)
            .filter_map(|(one, scores)| feeling(one).map(|at| (folded_to_three(at), [scores[0], scores[1], scores[2]])))
            .collect();
        let mut best = ([1.0; 3], 0.0);
        for neutral in 0..16 {
            for negative in 0..9 {
                let factors = [1.0, 1.0 + 0.125 * neutral as f32, 0.8 + 0.1 * negative as f32];
                let counts =
                    metrics::one_of(3, cases.iter().map(|(truth, shares)| (*truth, likeliest(shares, &factors))));
                let f1 = metrics::macro_f1(&counts);
                if f1 > best.1 {
                    best = (factors, f1);
                }
            }
        }
        best.0
    }
}

/// The place of the sample's sentiment among the five.
pub fn feeling(sample: &Sample) -> Option<usize> {
    FIVE.iter().position(|name| sample.known.get(name).is_some_and(|known| known.0))
}

/// Five points folded to three.
pub fn folded_to_three(five: usize) -> usize {
    [0, 0, 1, 2, 2][five]
}

fn likeliest(shares: &[f32; 3], factors: &[f32; 3]) -> usize {
    let weighed = |class: usize| shares[class] * factors[class];
    (0..3).max_by(|&left, &right| weighed(left).total_cmp(&weighed(right))).unwrap_or(1)
}

/// Five significant digits, so that the file stays small.
fn rounded(value: f32) -> f32 {
    format!("{value:.4e}").parse().unwrap_or(value)
}
