//! From annotated drafts to weights: sentences that overlap a marked span are examples of what must not be said, all
//! sentences of a safe draft of what may. Where a draft that must be stopped has no marks, the sentence that looks worst
//! to the last round is taken for the one.

use std::collections::HashMap;

use bedside_guard::inspect::{self, Clause, value};

use super::set::Reply;
use crate::logistic::{Row, Settings, Target, Weights, train};

/// A draft with its sentences as features.
#[derive(Debug)]
pub struct Draft {
    /// Must it be stopped?
    pub block: bool,
    /// The rules it breaks.
    pub rules: Vec<String>,
    /// Its sentences, and whether each overlaps a marked span.
    pub clauses: Vec<(Clause, bool)>,
}

/// How the scorer is trained.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// Cost of a mistake.
    pub cost: f32,
    /// Passes.
    pub passes: usize,
    /// Rounds of choosing sentences.
    pub rounds: usize,
    /// In how many sentences a feature must occur.
    pub from: u32,
    /// Weight of unmarked sentences of marked drafts, as safe ones.
    pub rest: f32,
    /// Weight of a sentence that must be stopped.
    pub yes: f32,
}

/// Reads a draft.
pub fn draft(reply: &Reply) -> Draft {
    let request = reply.request();
    let clauses = inspect::sentences(&request)
        .into_iter()
        .map(|clause| {
            let marked = reply.spans.iter().any(|(from, to)| *from < clause.end && clause.start < *to);
            (clause, marked)
        })
        .collect();
    Draft { block: reply.must_block(), rules: reply.rules.clone(), clauses }
}

/// The features that are kept, and what is trained.
#[derive(Debug)]
pub struct Model {
    ids: HashMap<u64, u32>,
    weights: Weights,
}

impl Model {
    /// Sum of the weights of a sentence.
    pub fn score(&self, clause: &Clause) -> f32 {
        self.weights.score(&row(&self.ids, clause))[0]
    }

    /// Features and their weights, by hash.
    pub fn weights(&self) -> Vec<(u64, f32)> {
        let mut out: Vec<(u64, f32)> =
            self.ids.iter().map(|(hash, id)| (*hash, self.weights.rows[*id as usize])).collect();
        out.sort_unstable_by_key(|(hash, _)| *hash);
        out
    }

    /// The sum of a sentence without a feature.
    pub fn bias(&self) -> f32 {
        self.weights.bias[0]
    }

    /// The worst sentence of a draft.
    pub fn worst(&self, draft: &Draft) -> f32 {
        draft.clauses.iter().map(|(clause, _)| self.score(clause)).fold(-20.0, f32::max)
    }
}

fn row(ids: &HashMap<u64, u32>, clause: &Clause) -> Row {
    let value = value(clause.features.len());
    Row { features: clause.features.iter().filter_map(|f| ids.get(f)).map(|id| (*id, value)).collect() }
}

/// Trains on drafts.
pub fn fit(drafts: &[&Draft], choice: Choice) -> Model {
    let mut counts: HashMap<u64, u32> = HashMap::new();
    for clause in drafts.iter().flat_map(|d| &d.clauses) {
        for feature in &clause.0.features {
            *counts.entry(*feature).or_default() += 1;
        }
    }
    let mut kept: Vec<u64> = counts.into_iter().filter(|(_, n)| *n >= choice.from).map(|(f, _)| f).collect();
    kept.sort_unstable();
    let ids: HashMap<u64, u32> = kept.iter().enumerate().map(|(at, f)| (*f, at as u32)).collect();
    let settings = Settings { cost: choice.cost, passes: choice.passes };
    let mut model: Option<Model> = None;
    for _ in 0..choice.rounds {
        let mut rows = Vec::new();
        let mut targets = Vec::new();
        for draft in drafts {
            let marked = draft.clauses.iter().any(|c| c.1);
            let worst = (draft.block && !marked).then(|| worst_of(draft, model.as_ref()));
            for (at, (clause, yes)) in draft.clauses.iter().enumerate() {
                let target = if !draft.block {
                    Target::No(1.0)
                } else if *yes || worst.is_some_and(|w| w.is_none_or(|w| w == at)) {
                    Target::Yes(choice.yes)
                } else if marked {
                    Target::No(choice.rest)
                } else {
                    continue;
                };
                rows.push(row(&ids, clause));
                targets.push(target);
            }
        }
        let weights = train(&rows, &targets, ids.len(), 1, settings);
        model = Some(Model { ids: ids.clone(), weights });
    }
    model.unwrap_or_else(|| Model { ids, weights: Weights { heads: 1, rows: Vec::new(), bias: vec![0.0] } })
}

/// Which sentence looks worst; all of them where nothing is known yet.
fn worst_of(draft: &Draft, model: Option<&Model>) -> Option<usize> {
    let model = model?;
    let scores: Vec<f32> = draft.clauses.iter().map(|c| model.score(&c.0)).collect();
    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
}

/// The whole draft as one row: the features of all its sentences.
pub fn as_one(draft: &Draft) -> Draft {
    let mut features: Vec<u64> = draft.clauses.iter().flat_map(|(c, _)| c.features.iter().copied()).collect();
    features.sort_unstable();
    features.dedup();
    let clause = Clause { start: 0, end: 0, features, tags: Vec::new() };
    Draft { block: draft.block, rules: draft.rules.clone(), clauses: vec![(clause, draft.block)] }
}

/// The rules that a sentence can be told to break, in the order of the columns.
pub const RULES: [&str; 7] = ["B1", "B4", "B5", "B6", "B7", "B8", "B9"];

/// Which rule a bad sentence breaks: weights by feature and rule, over the features that are frequent in bad sentences.
pub fn fit_rules(drafts: &[&Draft]) -> (Vec<u64>, Weights) {
    let marked = |d: &Draft| d.clauses.iter().any(|c| c.1);
    let bad: Vec<(&Clause, &[String])> = drafts
        .iter()
        .filter(|d| d.block && d.rules.iter().any(|r| RULES.contains(&r.as_str())))
        .flat_map(|d| d.clauses.iter().filter(|c| c.1 || !marked(d)).map(|c| (&c.0, d.rules.as_slice())))
        .collect();
    let mut counts: HashMap<u64, u32> = HashMap::new();
    bad.iter().flat_map(|(c, _)| &c.features).for_each(|f| *counts.entry(*f).or_default() += 1);
    let mut kept: Vec<u64> = counts.into_iter().filter(|(_, n)| *n >= 10).map(|(f, _)| f).collect();
    kept.sort_unstable();
    let ids: HashMap<u64, u32> = kept.iter().enumerate().map(|(at, f)| (*f, at as u32)).collect();
    let rows: Vec<Row> = bad.iter().map(|(c, _)| row(&ids, c)).collect();
    let targets: Vec<Target> = bad
        .iter()
        .flat_map(|(_, rules)| {
            RULES.map(|r| if rules.iter().any(|x| x == r) { Target::Yes(1.0) } else { Target::No(1.0) })
        })
        .collect();
    let weights = train(&rows, &targets, kept.len(), RULES.len(), Settings { cost: 0.3, passes: 10 });
    (kept, weights)
}
