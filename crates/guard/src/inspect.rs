//! What the gate sees of a draft before it judges: for training and measuring, not part of the interface.

use crate::Policy;
use crate::reader::clauses;
pub use crate::reader::{Clause, value};
use crate::rules::compiled;
use crate::tokens::tokens;
use crate::verdict::{Decision, Request};

/// A pattern that matched.
#[derive(Debug, Clone)]
pub struct Matched {
    /// The rule whose pattern it is.
    pub rule: String,
    /// The line of the pattern.
    pub line: String,
    /// A hint for the scorer only.
    pub hint: bool,
    /// First scalar value.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// The sentences of a draft with their features, each once.
pub fn sentences(request: &Request) -> Vec<Clause> {
    let chars: Vec<char> = request.draft.chars().collect();
    let tokens = tokens(&crate::normal::fold(&request.draft).0);
    let mut out = clauses(request, &chars, &tokens, &compiled().grammar.find(&tokens));
    for clause in &mut out {
        clause.features.sort_unstable();
        clause.features.dedup();
    }
    out
}

/// Does a rule stop the draft, the scorer aside?
pub fn stopped_by_rule(request: &Request) -> bool {
    crate::check::with(request, &Policy::default(), false).verdict == Decision::Block
}

/// The same without C1, which depends on what the message is taken for, not on the wording.
pub fn stopped_by_wording(request: &Request) -> bool {
    let verdict = crate::check::with(request, &Policy::default(), false);
    verdict.findings.iter().any(|f| f.severity == Decision::Block && f.rule != "C1")
}

/// All patterns that match.
pub fn matches(request: &Request) -> Vec<Matched> {
    let tokens = tokens(&crate::normal::fold(&request.draft).0);
    let compiled = compiled();
    let found = compiled.grammar.find(&tokens);
    found
        .iter()
        .filter(|m| m.to > m.from)
        .map(|m| Matched {
            rule: compiled.groups[m.group].0.clone(),
            line: compiled.grammar.line(m.pattern).to_owned(),
            hint: m.hint,
            start: tokens[m.from].start,
            end: tokens[m.to - 1].end,
        })
        .collect()
}
