//! Patient feedback of NHS England: sentiment and themes.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
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
    /// One of 9.
    pub label: String,
    /// One of 44.
    pub subcategory: String,
    /// -5 to 5, with a few values that are none.
    pub criticality: serde_json::Value,
}

/// The older set.
pub fn older(datasets: &Datasets) -> Result<Loaded<OlderComment>> {
    datasets.licensed("nhs_px_phase1.train.jsonl", "MIT")
}

/// The home in version 7 of each label of version 6 that has one, from `data/themes/v6_to_v7.csv`.
pub fn homes(datasets: &Datasets) -> Result<BTreeMap<String, String>> {
    let path = datasets.repository().join("data/themes/v6_to_v7.csv");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let rows = text.lines().skip(1).map(fields);
    Ok(rows.filter(|row| row.len() > 1 && !row[1].is_empty()).map(|row| (row[0].clone(), row[1].clone())).collect())
}

/// The fields of a line; a field with a comma stands in quotes.
fn fields(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            _ => out.last_mut().into_iter().for_each(|field| field.push(c)),
        }
    }
    out
}
