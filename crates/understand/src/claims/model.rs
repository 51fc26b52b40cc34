//! From numbers to a decision: four small logistic regressions, fitted by `xtask/train` and carried as
//! `data/models/claims.toml`.

use serde::Deserialize;

use super::signs::{SIGNS, Signs};
use crate::assessment::Stance;

const FILE: &str = include_str!("../../../../data/models/claims.toml");

/// The heads of the model.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    /// What it was fitted on, for people.
    #[serde(rename = "source")]
    _source: String,
    /// From which score a match is given; below it the matcher abstains.
    pub threshold: f64,
    /// The names of the numbers, in their order.
    signs: Vec<String>,
    /// The text is about the claim.
    matches: Head,
    /// If it is: it says so,
    asserts: Head,
    /// it asks,
    asks: Head,
    /// or it denies.
    denies: Head,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    bias: f64,
    weights: Vec<f64>,
}

impl Head {
    fn probability(&self, signs: &Signs) -> f64 {
        let sum: f64 = self.weights.iter().zip(signs).map(|(weight, sign)| weight * sign).sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }
}

impl Model {
    /// Reads the model that is built in.
    pub fn read() -> Result<Self, String> {
        let model: Self = toml::from_str(FILE).map_err(|error| error.to_string())?;
        if !model.signs.iter().map(String::as_str).eq(SIGNS) {
            return Err("the model of claims was fitted for other signs: fit it again".to_owned());
        }
        let heads = [&model.matches, &model.asserts, &model.asks, &model.denies];
        if heads.iter().any(|head| head.weights.len() != SIGNS.len()) {
            return Err("a head of the model of claims has too few weights".to_owned());
        }
        Ok(model)
    }

    /// The likeliest stance, and the probability that the text is about the claim and takes it.
    pub fn decide(&self, signs: &Signs) -> (Stance, f64) {
        let stances = [(Stance::Asserts, &self.asserts), (Stance::Asks, &self.asks), (Stance::Denies, &self.denies)]
            .map(|(stance, head)| (stance, head.probability(signs)));
        let whole: f64 = stances.iter().map(|(_, probability)| probability).sum();
        let (stance, best) =
            stances.into_iter().fold(stances[0], |best, next| if next.1 > best.1 { next } else { best });
        (stance, self.matches.probability(signs) * best / whole.max(f64::MIN_POSITIVE))
    }
}
