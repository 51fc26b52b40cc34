//! One stored item, read: pure, and safe from whatever it holds.

use std::panic::AssertUnwindSafe;

use bedside_model::label::{Intent, RiskLabel, RiskLevel};
use bedside_model::route::Triage;
use bedside_networks::watch::Watch;
use bedside_networks::watch::likeness::{self, Likeness};
use bedside_networks::{AccountView, MessageKind, Network, ParsedMessage, Visibility, parse};
use bedside_store::intake::raw::RawRow;
use bedside_understand::{Assessment, Context, assess};
use serde::Serialize;

/// A stored item and what was read in it.
pub(super) struct Read {
    pub row: RawRow,
    pub what: What,
}

/// What an item is.
pub(super) enum What {
    /// It vanished.
    Gone,
    /// It cannot be read: what and where.
    Dead(String),
    /// A message.
    Message(Box<Readable>),
}

/// A message, read.
pub(super) struct Readable {
    pub parsed: ParsedMessage,
    /// What is said of it; own messages and those of staff are not assessed.
    pub said: Option<Said>,
    /// What its text is like, where it was found by a watch term and others may say it again.
    pub likeness: Option<Likeness>,
    /// The key of what somebody from outside says, by which the same is found elsewhere.
    pub key: Option<i64>,
}

/// An assessment in the forms in which it is kept.
pub(super) struct Said {
    pub triage: Triage,
    /// The whole, for the message.
    pub json: String,
    /// The part that the queue shows.
    pub labels: String,
}

/// The labels of a queue item, as the API shows them.
#[derive(Serialize)]
struct Labels<'a> {
    intents: Vec<Label>,
    risk: Option<RiskOf>,
    sentiment: Option<bedside_understand::SentimentLabel>,
    themes: Vec<&'a str>,
}

#[derive(Serialize)]
struct Label {
    label: Intent,
    score: f64,
}

#[derive(Serialize)]
struct RiskOf {
    label: RiskLabel,
    level: RiskLevel,
}

/// Labels of a conversation in which nothing came from outside.
pub(super) const NO_LABELS: &str = r#"{"intents":[],"risk":null,"sentiment":null,"themes":[]}"#;

/// Reads one item. A panic in a parser is as good as an error: the item waits as a dead letter.
pub(super) fn read(account: &AccountView, watch: &Watch, row: RawRow) -> Read {
    if row.gone {
        return Read { row, what: What::Gone };
    }
    let what = std::panic::catch_unwind(AssertUnwindSafe(|| match parse(account, &row.kind, &row.body) {
        Err(e) => What::Dead(e.to_string()),
        Ok(parsed) => {
            let ours = parsed.is_own || parsed.is_staff;
            let said = (!ours && !parsed.removed).then(|| said(account, &parsed));
            let likeness = said.as_ref().and_then(|_| likeness_of(account.network, watch, &parsed));
            let key = said.as_ref().and_then(|_| likeness::said(parsed.text.expose()));
            What::Message(Box::new(Readable { parsed, said, likeness, key }))
        }
    }));
    Read { row, what: what.unwrap_or_else(|_| What::Dead("reading it failed in the program itself".to_owned())) }
}

/// What a text is like that somebody published and that a watch term found. What is written to us (a
/// comment under a post of ours, a review, an answer, anything private) is nobody's copy: its author
/// waits for an answer to it.
fn likeness_of(network: Network, watch: &Watch, parsed: &ParsedMessage) -> Option<Likeness> {
    let published = match parsed.kind {
        MessageKind::Post => true,
        MessageKind::Comment => matches!(network, Network::Feed | Network::Import),
        MessageKind::Review | MessageKind::Reply => false,
    };
    let text = parsed.text.expose();
    let found = published
        && parsed.parent_native_id.is_none()
        && parsed.visibility == Visibility::Public
        && watch.is_match(text);
    if found { Likeness::of(text) } else { None }
}

fn said(account: &AccountView, parsed: &ParsedMessage) -> Said {
    let context = Context {
        network: Some(account.network.as_str().to_owned()),
        kind: Some(parsed.kind.as_str().to_owned()),
        rating: parsed.rating,
    };
    let assessment = assess(parsed.text.expose(), &context);
    Said { triage: triage(&assessment), json: bedside_store::to_json(&assessment), labels: labels(&assessment) }
}

/// The part of an assessment that the queue shows, as JSON.
pub fn labels(assessment: &Assessment) -> String {
    bedside_store::to_json(&Labels {
        intents: assessment.intents.iter().map(|i| Label { label: i.label, score: i.score }).collect(),
        risk: assessment.risk.as_ref().map(|r| RiskOf { label: r.label, level: r.level }),
        sentiment: assessment.sentiment.as_ref().map(|s| s.label),
        themes: assessment.themes.iter().map(|t| t.label.as_str()).collect(),
    })
}

/// What routing needs of an assessment.
pub fn triage(assessment: &Assessment) -> Triage {
    let topic = |label, level| label == RiskLabel::CrisisSelfHarm && level == RiskLevel::C0;
    Triage {
        priority: assessment.priority,
        c0: assessment.risks.iter().any(|risk| topic(risk.label, risk.level)),
        needs_reader: assessment.needs_reader,
        intents: assessment.intents.iter().map(|intent| intent.label).collect(),
        risk: assessment.risk.as_ref().map(|risk| (risk.label, risk.level)),
        language: assessment.language.clone(),
    }
}

/// The stored name of a kind.
pub(super) fn kind(kind: MessageKind) -> &'static str {
    kind.as_str()
}

/// The stored name of a visibility.
pub(super) fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "private",
    }
}
