//! The gate that nothing slips through: (draft, context, policy) -> verdict.

pub mod verdict;

pub use verdict::*;

/// Settings of an organisation that add to the rules; they never take one away.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Further phrases that this organisation does not want in what leaves (warn).
    pub house_phrases: Vec<String>,
}

/// Checks what is to be said. It fails closed: a draft that cannot be analysed blocks with U1.
pub fn check(request: &Request, policy: &Policy) -> Verdict {
    let _ = (request, policy);
    Verdict { verdict: Decision::Block, findings: vec![] }
}
