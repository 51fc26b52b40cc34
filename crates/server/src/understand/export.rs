//! Corrected messages as training data, in the format of `data/annotated`. Pure.
//!
//! A message gives a row to each set of which somebody judged a label. The row holds what stands:
//! what was read, changed by what people said. Each row says that a real person wrote its text.

use std::collections::BTreeSet;

use bedside_model::correction::LabelKind;
use bedside_model::label::RiskLabel;
use bedside_store::answer::MessageRow;
use bedside_store::corrections::StoredCorrection;
use bedside_understand::Assessment;
use serde_json::{Value, json};

use super::standing;
use crate::time::Instant;

/// What stands in every row: nobody can take the texts for invented ones.
const ORIGIN: &str = "a real person wrote this: do not publish, do not add to a repository";

/// The set that a risk belongs to.
const fn set_of(risk: RiskLabel) -> &'static str {
    match risk {
        RiskLabel::CrisisSelfHarm => "crisis",
        RiskLabel::MedicalEmergency => "emergency",
        RiskLabel::SafetyThreatOrAbuse => "safety",
        RiskLabel::AdverseEvent => "adverse_event",
        RiskLabel::PrivacyExposure => "privacy",
    }
}

/// The label of a risk in its set. A threat and abuse are one label here; a person tells them apart.
fn label_of(of: &Assessment, risk: RiskLabel) -> String {
    let Some(found) = of.risks.iter().find(|found| found.label == risk) else { return "none".to_owned() };
    match risk {
        RiskLabel::CrisisSelfHarm | RiskLabel::MedicalEmergency => found.level.to_string(),
        RiskLabel::SafetyThreatOrAbuse => "threat_or_abuse".to_owned(),
        RiskLabel::AdverseEvent => "event".to_owned(),
        RiskLabel::PrivacyExposure => "exposure".to_owned(),
    }
}

/// The text with its identifiers marked: `[[name:Mary]]`.
fn marked(of: &Assessment, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16 * of.identifiers.len());
    let mut open: Option<usize> = None;
    for (at, scalar) in text.chars().enumerate() {
        if open == Some(at) {
            out.push_str("]]");
            open = None;
        }
        if open.is_none()
            && let Some(found) = of.identifiers.iter().find(|found| found.start == at && found.end > at)
        {
            let kind = serde_json::to_value(found.kind).unwrap_or_default();
            out.push_str(&format!("[[{}:", kind.as_str().unwrap_or("other_id")));
            open = Some(found.end);
        }
        out.push(scalar);
    }
    if open.is_some() {
        out.push_str("]]");
    }
    out
}

/// The rows of one message.
pub fn rows(message: &MessageRow, said: &[StoredCorrection]) -> Vec<Value> {
    let text = message.text.expose();
    let said: Vec<_> = said.iter().filter(|row| standing::counts(row, text)).cloned().collect();
    let (Some(of), Some(last)) = (standing::of(message, &said), said.last()) else { return vec![] };
    let mut sets: BTreeSet<(&str, Option<RiskLabel>)> = BTreeSet::new();
    let mut claims: BTreeSet<String> = BTreeSet::new();
    for row in &said {
        let correction = &row.of.correction;
        let labels = || [&correction.shown, &correction.says].into_iter().flatten();
        match correction.kind {
            LabelKind::Sentiment => drop(sets.insert(("sentiment", None))),
            LabelKind::Intent | LabelKind::Theme => drop(sets.insert(("intents", None))),
            LabelKind::Language => drop(sets.insert(("language", None))),
            LabelKind::Identifier => drop(sets.insert(("identifiers", None))),
            LabelKind::Claim => claims.extend(labels().map(|label| label.label.clone())),
            LabelKind::Risk => {
                let risks = labels().filter_map(|label| label.label.parse().ok());
                sets.extend(risks.map(|risk: RiskLabel| (set_of(risk), Some(risk))));
            }
        }
    }
    let row = |set: &str, text: &str, labels: Value| {
        let mut row = json!({
            "set": set, "id": format!("{set}-{}", message.id), "text": text, "lang": of.language, "kind": "corrected",
            "origin": ORIGIN, "by": last.user_id, "at": Instant(last.at), "made_by": of.made_by,
        });
        if let (Value::Object(row), Value::Object(labels)) = (&mut row, labels) {
            row.extend(labels);
        }
        row
    };
    let mut out: Vec<Value> = sets
        .into_iter()
        .map(|(set, risk)| match (set, risk) {
            (set, Some(risk)) => row(set, text, json!({ "label": label_of(&of, risk) })),
            ("sentiment", None) => row(set, text, json!({ "label": of.sentiment.as_ref().map(|s| s.label) })),
            ("identifiers", None) => row(set, &marked(&of, text), json!({})),
            ("intents", None) => {
                let intents: Vec<_> = of.intents.iter().map(|intent| intent.label).collect();
                let themes: Vec<_> = of.themes.iter().map(|theme| theme.label.to_string()).collect();
                row(set, text, json!({ "intents": intents, "themes": themes }))
            }
            (set, None) => row(set, text, json!({})),
        })
        .collect();
    out.extend(claims.into_iter().map(|id| {
        let stance = of.claims.iter().find(|claim| claim.id == id).map(|claim| claim.stance);
        let stance = serde_json::to_value(stance).ok().filter(|stance| !stance.is_null()).unwrap_or(json!("none"));
        row("claims", text, json!({ "claim": id, "stance": stance }))
    }));
    out
}

#[cfg(test)]
mod tests {
    use bedside_understand::{Context, Identifier, IdentifierType, assess};

    use super::*;

    #[test]
    fn identifiers_are_marked_where_they_stand() {
        let text = "Así que señora Mary Green y 555-0142";
        let mut of = assess(text, &Context::default());
        let at = |kind, start, end, text: &str| Identifier { kind, start, end, text: text.into(), score: 1.0 };
        of.identifiers = vec![
            at(IdentifierType::Name, 15, 25, "Mary Green"),
            at(IdentifierType::Name, 20, 25, "Green"),
            at(IdentifierType::Phone, 28, 36, "555-0142"),
        ];
        assert_eq!(marked(&of, text), "Así que señora [[name:Mary Green]] y [[phone:555-0142]]");
        of.identifiers.clear();
        assert_eq!(marked(&of, text), text);
    }
}
