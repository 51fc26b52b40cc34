//! The figures of the gate on the annotated replies.

use std::collections::BTreeMap;

use anyhow::Result;
use bedside_guard::{Decision, Policy, check, inspect};

use super::set::Reply;
use super::{Draft, FOLDS, fit, limits, set};
use crate::datasets::Datasets;

/// Stopped and all.
pub type Share = (usize, usize);

/// What is reported of one set.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By language: of the drafts that must be stopped.
    pub stopped: BTreeMap<String, Share>,
    /// By language: of the safe ones.
    pub safe_stopped: BTreeMap<String, Share>,
    /// By language: of the drafts that must be stopped, those stopped or warned of.
    pub noticed: BTreeMap<String, Share>,
    /// By language: of the safe ones, those warned of as perhaps confirming.
    pub safe_noticed: BTreeMap<String, Share>,
    /// By rule of the annotation, both languages.
    pub by_rule: BTreeMap<String, Share>,
    /// By fold: stopped and safe stopped.
    pub by_fold: Vec<(Share, Share)>,
}

impl Figures {
    fn count(&mut self, row: &Reply, severity: Decision) {
        let stopped = severity == Decision::Block;
        let noticed = severity != Decision::Allow;
        let add = |to: &mut BTreeMap<String, Share>, key: &str, hit: bool| {
            let entry = to.entry(key.to_owned()).or_default();
            entry.0 += usize::from(hit);
            entry.1 += 1;
        };
        if row.must_block() {
            add(&mut self.stopped, &row.lang, stopped);
            add(&mut self.noticed, &row.lang, noticed);
            for rule in &row.rules {
                add(&mut self.by_rule, rule, stopped);
            }
        } else {
            add(&mut self.safe_stopped, &row.lang, stopped);
            add(&mut self.safe_noticed, &row.lang, noticed);
        }
    }

    /// As lines of text.
    pub fn lines(&self) -> Vec<String> {
        let share =
            |(hits, all): &Share| format!("{:.1}% ({hits} of {all})", *hits as f64 * 100.0 / (*all).max(1) as f64);
        let mut out = Vec::new();
        for (name, map) in [
            ("must block, stopped", &self.stopped),
            ("must block, stopped or warned", &self.noticed),
            ("safe, stopped", &self.safe_stopped),
            ("safe, stopped or warned", &self.safe_noticed),
            ("must block by rule, stopped", &self.by_rule),
        ] {
            for (key, value) in map {
                out.push(format!("{name}, {key}: {}", share(value)));
            }
        }
        for (at, (yes, no)) in self.by_fold.iter().enumerate() {
            out.push(format!("fold {at}: stopped {}, safe stopped {}", share(yes), share(no)));
        }
        out
    }
}

/// The gate as it stands (with the built-in scorer) on a half of the set. For `test`, this is the blind measurement.
pub fn as_built(datasets: &Datasets, half: &str) -> Result<Figures> {
    let (rows, _) = set::read(datasets, half)?;
    let mut figures = Figures::default();
    for row in &rows {
        figures.count(row, severity(row));
    }
    Ok(figures)
}

/// The verdict, where a warning counts only if it is about B1.
fn severity(row: &Reply) -> Decision {
    let verdict = check(&row.request(), &Policy::default());
    let about = verdict.findings.iter().filter(|f| f.rule.starts_with('B') || f.severity == Decision::Block);
    about.map(|f| f.severity).max().unwrap_or(Decision::Allow)
}

/// Five-fold cross-validation on `train.jsonl`: scorer and limits are made from four fifths and measured on the fifth. The
/// rules stay as they are: which patterns find and which only hint was settled on all of `train.jsonl`, so that these
/// figures are a little kind.
pub fn crossed(datasets: &Datasets) -> Result<Figures> {
    let (rows, _) = set::read(datasets, "train")?;
    let drafts: Vec<Draft> = rows.iter().map(fit::draft).collect();
    let ruled: Vec<bool> = rows.iter().map(|r| inspect::stopped_by_rule(&r.request())).collect();
    let worded: Vec<bool> = rows.iter().map(|r| inspect::stopped_by_wording(&r.request())).collect();
    let fold = set::folds(&rows, FOLDS);
    let scores = super::held_out(&rows, &drafts);
    let mut figures = Figures::default();
    for part in 0..FOLDS {
        // Limits from the other four fifths' held-out scores.
        let others: Vec<usize> = (0..rows.len()).filter(|i| fold[*i] != part).collect();
        let of_rows: Vec<Reply> = others.iter().map(|i| rows[*i].clone()).collect();
        let of_scores: Vec<f32> = others.iter().map(|i| scores[*i]).collect();
        let of_ruled: Vec<bool> = others.iter().map(|i| worded[*i]).collect();
        let by_language = ["en", "es"].map(|l| limits(&of_rows, &of_scores, &of_ruled, l));
        let mut here = Figures::default();
        for at in (0..rows.len()).filter(|i| fold[*i] == part) {
            let [warn, block] = by_language[usize::from(rows[at].lang == "es")];
            let severity = match scores[at] {
                _ if ruled[at] => Decision::Block,
                s if s >= block => Decision::Block,
                s if s >= warn => Decision::Warn,
                _ => Decision::Allow,
            };
            figures.count(&rows[at], severity);
            here.count(&rows[at], severity);
        }
        let sum = |map: &BTreeMap<String, Share>| map.values().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        figures.by_fold.push((sum(&here.stopped), sum(&here.safe_stopped)));
    }
    Ok(figures)
}

/// What is caught at which share of safe replies stopped, rules and scorer together.
pub fn curve(rows: &[Reply], scores: &[f32], ruled: &[bool]) -> Vec<String> {
    let mut out = Vec::new();
    for language in ["en", "es", ""] {
        let of = |block: bool| -> Vec<f32> {
            let mut found: Vec<f32> = (0..rows.len())
                .filter(|i| rows[*i].lang.contains(language) && rows[*i].must_block() == block)
                .map(|i| if ruled[i] { f32::MAX } else { scores[i] })
                .collect();
            found.sort_by(|a, b| b.total_cmp(a));
            found
        };
        let (yes, no) = (of(true), of(false));
        let rate =
            |list: &[f32], limit: f32| list.iter().filter(|s| **s > limit).count() as f64 / list.len().max(1) as f64;
        let by_rule = |list: &[f32]| rate(list, 1e30);
        let mut line = format!("{language:2} rules alone {:.3} at {:.3};", by_rule(&yes), by_rule(&no));
        for share in [0.03, 0.04, 0.05, 0.1, 0.2] {
            let limit = no.get((share * no.len() as f64) as usize).copied().unwrap_or(f32::MIN);
            line.push_str(&format!(" {:.3} at {share}", rate(&yes, limit)));
        }
        let limit = yes.get((0.97 * yes.len() as f64) as usize).copied().unwrap_or(f32::MIN);
        line.push_str(&format!("; 0.97 at {:.3}", rate(&no, limit)));
        out.push(line);
    }
    out
}
