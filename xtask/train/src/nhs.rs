//! Patient feedback of NHS England: sentiment and themes.

use anyhow::Result;
use serde::Deserialize;

use crate::datasets::{Datasets, Loaded};

/// A comment of the newer set, with themes and a five-point sentiment.
#[derive(Debug, Clone, Deserialize)]
pub struct Comment {
    /// What was written.
    pub text: String,
    /// Labels of the framework, version 6.
    pub label: Vec<String>,
    /// 1 very positive to 5 very negative.
    pub sentiment: Option<u8>,
    /// Who wrote it.
    pub respondent: String,
}

/// The newer set.
pub fn comments(datasets: &Datasets) -> Result<Loaded<Comment>> {
    datasets.licensed("nhs_px_v6.train.jsonl", "MIT")
}

/// A comment of the older set.
#[derive(Debug, Clone, Deserialize)]
pub struct OlderComment {
    /// What was written.
    pub text: String,
    /// One of 44.
    pub subcategory: String,
    /// -5 to 5, with a few values that are none.
    pub criticality: serde_json::Value,
}

/// The older set.
pub fn older(datasets: &Datasets) -> Result<Loaded<OlderComment>> {
    datasets.licensed("nhs_px_phase1.train.jsonl", "MIT")
}
