//! The scorer of the gate's clause reader: training from `data/annotated/replies`, and its figures.

pub mod fit;
mod pack;
pub mod report;
pub mod set;

use anyhow::Result;
use bedside_understand::weights::Origin;

use crate::datasets::Datasets;
use fit::{Choice, Draft, Model};
use set::Reply;

/// The settings of the worst sentence's weights.
pub const SENTENCE: Choice = Choice { cost: 3.0, passes: 12, rounds: 2, from: 2, rest: 0.3, yes: 1.5 };
/// The settings of the whole draft's weights.
pub const WHOLE: Choice = Choice { cost: 0.5, passes: 12, rounds: 1, from: 2, rest: 0.0, yes: 1.0 };
/// How much the whole draft counts beside its worst sentence.
pub const SHARE: f32 = 0.8;
/// Which share of the safe replies may be stopped by rules and scorer together, and which may be warned of or stopped.
pub const STOPPED: [f64; 2] = [0.05, 0.12];
/// In how many parts the set is cut.
pub const FOLDS: usize = 5;

/// A trained scorer.
#[derive(Debug)]
pub struct Trained {
    /// The file `data/models/replies.bin`.
    pub file: Vec<u8>,
    /// What it was made from.
    pub origins: Vec<Origin>,
}

/// Sentence and draft together.
#[derive(Debug)]
pub struct Scorer {
    sentence: Model,
    whole: Model,
}

impl Scorer {
    /// Trains on drafts.
    pub fn fit(drafts: &[&Draft]) -> Self {
        let wholes: Vec<Draft> = drafts.iter().map(|d| fit::as_one(d)).collect();
        let sentence = fit::fit(drafts, SENTENCE);
        let whole = fit::fit(&wholes.iter().collect::<Vec<_>>(), WHOLE);
        Self { sentence, whole }
    }

    /// How much speaks against a draft.
    pub fn score(&self, draft: &Draft) -> f32 {
        self.sentence.worst(draft) + SHARE * self.whole.worst(&fit::as_one(draft))
    }
}

/// Scores of each draft by a scorer that has not seen it.
pub fn held_out(rows: &[Reply], drafts: &[Draft]) -> Vec<f32> {
    let fold = set::folds(rows, FOLDS);
    let mut scores = vec![0.0_f32; drafts.len()];
    for part in 0..FOLDS {
        let kept: Vec<&Draft> = (0..drafts.len()).filter(|i| fold[*i] != part).map(|i| &drafts[i]).collect();
        let scorer = Scorer::fit(&kept);
        for at in (0..drafts.len()).filter(|i| fold[*i] == part) {
            scores[at] = scorer.score(&drafts[at]);
        }
    }
    scores
}

/// The limits of a language: as low as [`STOPPED`] lets them be, with what the rules stop counted in.
pub fn limits(rows: &[Reply], scores: &[f32], ruled: &[bool], language: &str) -> [f32; 2] {
    let safe: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].lang == language && !rows[*i].must_block()).collect();
    let mut free: Vec<f32> = safe.iter().filter(|i| !ruled[**i]).map(|i| scores[*i]).collect();
    free.sort_by(|a, b| b.total_cmp(a));
    let by_rule = safe.len() - free.len();
    let limit = |share: f64| {
        let more = ((share * safe.len() as f64) as usize).saturating_sub(by_rule);
        // Just above the first that must pass.
        free.get(more).map_or(0.0, |score| score + 1e-3)
    };
    [limit(STOPPED[1]), limit(STOPPED[0])]
}

/// Trains the scorer on all of `train.jsonl`. The limits come from scorers that had not seen the draft they scored.
pub fn train(datasets: &Datasets, say: &mut dyn FnMut(&str)) -> Result<Trained> {
    let (rows, origin) = set::read(datasets, "train")?;
    let drafts: Vec<Draft> = rows.iter().map(fit::draft).collect();
    let ruled: Vec<bool> = rows.iter().map(|r| bedside_guard::inspect::stopped_by_wording(&r.request())).collect();
    say("scoring each fifth by the others");
    let scores = held_out(&rows, &drafts);
    let of = ["en", "es"].map(|language| limits(&rows, &scores, &ruled, language));
    say(&format!("limits {of:?}"));
    for line in report::curve(&rows, &scores, &ruled) {
        say(&line);
    }
    let scorer = Scorer::fit(&drafts.iter().collect::<Vec<_>>());
    let rules = fit::fit_rules(&drafts.iter().collect::<Vec<_>>());
    let file = pack::pack(&scorer, of, &rules, &origin);
    say(&format!("{} bytes", file.len()));
    Ok(Trained { file, origins: vec![origin] })
}
