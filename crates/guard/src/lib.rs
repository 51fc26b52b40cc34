#![doc = include_str!("../README.md")]

mod check;
mod grammar;
mod identity;
mod languages;
mod normal;
mod numbers;
mod people;
mod prepared;
mod reader;
mod reading;
mod rules;
mod special;
mod tokens;
pub mod verdict;

pub use check::check;
pub use normal::MAX_CHARS;
#[doc(hidden)]
pub mod inspect;

pub use prepared::{PreparedText, ReplyClass, is_prepared, prepared, skeleton};
pub use rules::{Case, Rule, rules};
pub use verdict::*;

/// Settings of an organisation that add to the rules; they never take one away.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Further phrases that this organisation does not want in what leaves (warn).
    pub house_phrases: Vec<String>,
}
