//! Trains the model of short posts in eight languages, and measures it. Two stages, see `bedside_understand::posts`; what the
//! second learns from are scores that the first gave to posts it had not seen.

mod data;
mod report;
mod stages;

use anyhow::{Result, anyhow};
use bedside_understand::posts::lists::Lists;
use bedside_understand::posts::looks::{CLASSES, KINDS, row};
use bedside_understand::weights::Header;

use crate::datasets::Datasets;
pub use data::{Case, Sets, load};
pub use report::{Figures, OfLanguage, figures, report};
use stages::{First, Second, out_of_fold};

/// How the stages are trained; chosen by cross-validation on the development set.
#[derive(Debug, Clone, Copy)]
pub struct Knobs {
    /// Cost of a mistake in the first stage.
    pub first_cost: f32,
    /// In the second.
    pub second_cost: f32,
    /// How much rarity counts.
    pub rarity: f32,
    /// In how many posts a feature of each kind must occur.
    pub from: [u32; KINDS],
    /// Value of each kind.
    pub values: [f32; KINDS],
    /// English comments of each class.
    pub english: usize,
    /// What a mistake on one costs, beside one on a post.
    pub english_weight: f32,
    /// A feature whose bytes sum to less is left out of the file.
    pub least_steps: i32,
}

/// As the model that is carried was trained.
pub const KNOBS: Knobs = Knobs {
    first_cost: 1.0,
    second_cost: 0.02,
    rarity: 0.3,
    from: [1, 2, 2, 1, 2, 3],
    values: [1.0, 0.7, 1.0, 0.5, 0.7, 0.5],
    english: 500,
    english_weight: 0.3,
    least_steps: 2,
};

/// Both stages, and the sharpness of the probabilities.
pub struct Trained {
    first: First,
    second: Second,
    sharpness: f32,
}

impl Trained {
    /// Trains on the posts given.
    pub fn new(cases: &[&Case], knobs: &Knobs) -> Self {
        let rows = out_of_fold(cases, knobs);
        let second = Second::new(&rows, cases, knobs);
        let sharpness = sharpness(&rows, cases, &second);
        Self { first: First::new(cases, knobs), second, sharpness }
    }

    /// The logits of a post, made sharp.
    pub fn logits(&self, case: &Case) -> [f32; CLASSES] {
        let row = row(&case.look, &self.first.scores(&case.look));
        self.second.logits(&row).map(|logit| logit * self.sharpness)
    }

    fn compile(&self, sets: &Sets, knobs: &Knobs) -> Vec<u8> {
        let mut header = Header { name: "posts".to_owned(), made_from: sets.origins.clone(), ..Header::default() };
        header.numbers.insert("second".to_owned(), self.second.weights.concat());
        header.numbers.insert("second_bias".to_owned(), self.second.bias.clone());
        header.numbers.insert("sharpness".to_owned(), vec![self.sharpness]);
        self.first.compile(header, knobs)
    }
}

/// One over the temperature at which the true classes are likeliest, by steps of a fortieth.
fn sharpness(rows: &[Vec<f32>], cases: &[&Case], second: &Second) -> f32 {
    let logits: Vec<[f32; CLASSES]> = rows.iter().map(|row| second.logits(row)).collect();
    let loss = |sharp: f32| -> f64 {
        let of = |(logits, case): (&[f32; CLASSES], &&Case)| {
            let sum: f32 = logits.iter().map(|logit| libm::expf(sharp * (logit - logits[case.class]))).sum();
            f64::from(case.weight * libm::logf(sum))
        };
        logits.iter().zip(cases).map(of).sum()
    };
    let tries = (10..=120).map(|step| step as f32 / 40.0);
    tries
        .map(|sharp| (loss(sharp), sharp))
        .fold((f64::INFINITY, 1.0), |best, next| if next.0 < best.0 { next } else { best })
        .1
}

/// Trains on all that there is: the model file.
pub fn train(datasets: &Datasets) -> Result<Vec<u8>> {
    let lists = Lists::read().map_err(|error| anyhow!(error))?;
    let sets = load(datasets, &lists, &KNOBS)?;
    let cases: Vec<&Case> = sets.cases.iter().collect();
    Ok(Trained::new(&cases, &KNOBS).compile(&sets, &KNOBS))
}
