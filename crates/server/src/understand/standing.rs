//! What stands of an assessment once people corrected it: the labels that are shown, and the rank
//! that follows from them. Pure.

use bedside_model::correction::{Act, Correction, Label, LabelKind};
use bedside_model::draft::text_hash;
use bedside_model::label::{self, Intent, RiskLabel, RiskLevel};
use bedside_model::theme;
use bedside_store::answer::MessageRow;
use bedside_store::corrections::StoredCorrection;
use bedside_understand::{
    Assessment, ClaimMatch, Claims, Identifier, IdentifierType, IntentScore, Risk, Sentiment, SentimentLabel,
    SentimentThree, Span, Stance, Theme, WITH_RISK_RULES,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The languages that Bedside tells apart, and `und` for what it cannot tell.
pub const LANGUAGES: &[&str] = &[
    "ar", "bn", "de", "en", "es", "fa", "fr", "hi", "hi-Latn", "it", "ja", "ko", "nl", "pl", "pt", "ru", "so", "tl",
    "tr", "uk", "ur", "vi", "zh", "und",
];

/// The rank that a message keeps at least where no rules exist for its language.
const UNREAD_RANK: u8 = 7;

/// A person's word is not a probability: it counts as certain.
const SAID: f64 = 1.0;

/// Reads the name of a label.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

/// The name of a label, as it stands in JSON.
fn name<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn three(label: SentimentLabel) -> SentimentThree {
    match label {
        SentimentLabel::VeryPositive | SentimentLabel::Positive => SentimentThree::Positive,
        SentimentLabel::Neutral => SentimentThree::Neutral,
        SentimentLabel::Negative | SentimentLabel::VeryNegative => SentimentThree::Negative,
    }
}

fn risk_of(label: &Label) -> Option<(RiskLabel, RiskLevel)> {
    let (risk, level) = (label.label.parse().ok()?, label.detail.as_deref()?.parse().ok()?);
    let graded = matches!(level, RiskLevel::C0 | RiskLevel::C1 | RiskLevel::C2 | RiskLevel::C3);
    (graded == (risk == RiskLabel::CrisisSelfHarm)).then_some((risk, level))
}

/// An intent by itself, and not the mirror of a risk: what mirrors one goes and comes with it.
fn is_own(intent: Intent) -> bool {
    label::intent_priority(intent).is_some()
}

/// Whether there is such a label at all. `length` is that of the text, for what stands within it.
pub fn exists(kind: LabelKind, label: &Label, length: usize) -> bool {
    let bare = label.detail.is_none() && label.span.is_none();
    match kind {
        LabelKind::Sentiment => bare && named::<SentimentLabel>(&label.label).is_some(),
        LabelKind::Intent => bare && label.label.parse().is_ok_and(is_own),
        LabelKind::Theme => bare && theme::category_of(&label.label).is_some(),
        LabelKind::Language => bare && LANGUAGES.contains(&label.label.as_str()),
        LabelKind::Risk => label.span.is_none() && risk_of(label).is_some(),
        LabelKind::Claim => {
            let stance = label.detail.as_deref().and_then(named::<Stance>);
            label.span.is_none() && stance.is_some() && Claims::get().claim(&label.label).is_some()
        }
        LabelKind::Identifier => {
            let inside = label.span.is_some_and(|(start, end)| start < end && end as usize <= length);
            label.detail.is_none() && inside && named::<IdentifierType>(&label.label).is_some()
        }
    }
}

/// Every label of an assessment, with its kind and score.
pub fn labels(of: &Assessment) -> Vec<(LabelKind, Label, f64)> {
    let plain = |label: String| Label { label, detail: None, span: None };
    let mut all = Vec::new();
    all.push((LabelKind::Language, plain(of.language.clone()), of.language_score));
    all.extend(of.sentiment.iter().map(|s| (LabelKind::Sentiment, plain(name(&s.label)), s.score)));
    let own = of.intents.iter().filter(|i| is_own(i.label));
    all.extend(own.map(|i| (LabelKind::Intent, plain(i.label.to_string()), i.score)));
    all.extend(of.themes.iter().map(|t| (LabelKind::Theme, plain(t.label.to_string()), t.score)));
    all.extend(of.risks.iter().map(|r| {
        let label = Label { label: r.label.to_string(), detail: Some(r.level.to_string()), span: None };
        (LabelKind::Risk, label, r.score)
    }));
    all.extend(of.claims.iter().map(|c| {
        (LabelKind::Claim, Label { label: c.id.clone(), detail: Some(name(&c.stance)), span: None }, c.score)
    }));
    all.extend(of.identifiers.iter().map(|i| {
        let span = u32::try_from(i.start).ok().zip(u32::try_from(i.end).ok());
        (LabelKind::Identifier, Label { label: name(&i.kind), detail: None, span }, i.score)
    }));
    all
}

/// The score of a label that is shown; `None` where it is not shown.
pub fn score(of: &Assessment, kind: LabelKind, label: &Label) -> Option<f64> {
    labels(of).into_iter().find(|(k, l, _)| *k == kind && l == label).map(|(_, _, score)| score)
}

/// Whether a message can have only one label of this kind.
pub const fn is_single(kind: LabelKind) -> bool {
    matches!(kind, LabelKind::Sentiment | LabelKind::Language)
}

/// Changes one label. What cannot be read changes nothing.
pub fn apply(of: &mut Assessment, correction: &Correction, text: &str) {
    let Correction { kind, act, shown, says } = correction;
    if *act == Act::Confirm {
        return;
    }
    let evidence = shown.as_ref().map(|shown| take(of, *kind, shown)).unwrap_or_default();
    if let Some(says) = says.as_ref().filter(|says| exists(*kind, says, text.chars().count())) {
        give(of, *kind, says, evidence, text);
    }
    settle(of);
}

/// Takes a label away and gives the words that had decided it.
fn take(of: &mut Assessment, kind: LabelKind, label: &Label) -> Vec<Span> {
    let mut evidence = Vec::new();
    let mut gone = |spans: &[Span], is: bool| {
        if is {
            evidence.extend_from_slice(spans);
        }
        !is
    };
    match kind {
        LabelKind::Sentiment => {
            if let Some(taken) = of.sentiment.take_if(|s| name(&s.label) == label.label) {
                evidence.extend(taken.evidence);
            }
        }
        LabelKind::Intent => of.intents.retain(|i| gone(&i.evidence, i.label.as_str() == label.label)),
        LabelKind::Theme => of.themes.retain(|t| gone(&t.evidence, t.label == label.label)),
        LabelKind::Claim => of.claims.retain(|c| gone(&c.evidence, c.id == label.label)),
        LabelKind::Risk => {
            of.risks.retain(|r| gone(&r.evidence, r.label.as_str() == label.label));
            // An intent that mirrors a risk goes with it.
            of.intents.retain(|i| i.label.as_str() != label.label);
        }
        LabelKind::Identifier => of.identifiers.retain(|i| {
            let here = label.span == u32::try_from(i.start).ok().zip(u32::try_from(i.end).ok());
            gone(&[], here && name(&i.kind) == label.label)
        }),
        LabelKind::Language => {}
    }
    evidence
}

fn give(of: &mut Assessment, kind: LabelKind, label: &Label, evidence: Vec<Span>, text: &str) {
    match kind {
        LabelKind::Sentiment => {
            of.sentiment =
                named(&label.label).map(|label| Sentiment { label, three: three(label), score: SAID, evidence });
        }
        LabelKind::Intent => {
            if let Ok(label) = label.label.parse() {
                of.intents.retain(|i| i.label != label);
                of.intents.insert(0, IntentScore { label, score: SAID, evidence });
            }
        }
        LabelKind::Theme => {
            if let Some((name, category)) = theme::find(&label.label) {
                of.themes.retain(|t| t.label != name);
                let theme = Theme { label: name.into(), category: category.into(), score: SAID, evidence };
                of.themes.insert(0, theme);
            }
        }
        LabelKind::Risk => {
            if let Some((label, level)) = risk_of(label) {
                of.risks.retain(|r| r.label != label);
                of.risks.push(Risk { label, level, score: SAID, evidence, because: vec![], icsr: None });
            }
        }
        LabelKind::Claim => {
            if let Some(stance) = label.detail.as_deref().and_then(named) {
                of.claims.retain(|c| c.id != label.label);
                of.claims.insert(0, ClaimMatch { id: label.label.clone(), stance, score: SAID, evidence });
            }
        }
        LabelKind::Identifier => {
            if let (Some(kind), Some((start, end))) = (named(&label.label), label.span) {
                let (start, end) = (start as usize, end as usize);
                let text = text.chars().skip(start).take(end - start).collect();
                of.identifiers.push(Identifier { kind, start, end, text, score: SAID });
                of.identifiers.sort_by_key(|i| (i.start, i.end));
            }
        }
        LabelKind::Language => {
            of.needs_reader = !WITH_RISK_RULES.contains(&label.label.as_str());
            of.language.clone_from(&label.label);
            of.language_score = SAID;
        }
    }
}

/// What follows from the labels: the order of the risks, the first of them, and the rank.
fn settle(of: &mut Assessment) {
    of.risks.sort_by_key(|risk| label::risk_priority(risk.label, risk.level).unwrap_or(u8::MAX));
    of.risk = of.risks.first().cloned();
    let risks = of.risks.iter().map(|risk| (risk.label, risk.level));
    let rank = label::priority(risks, of.intents.iter().map(|intent| intent.label));
    of.priority = if of.needs_reader { rank.min(UNREAD_RANK) } else { rank };
}

/// Whether a correction is about the text as it is now.
pub fn counts(correction: &StoredCorrection, text: &str) -> bool {
    correction.of.text_hash == text_hash(text)
}

/// What a message is said to be: what was read, changed by what people said, in their order.
/// `None` where nothing was read.
pub fn of(message: &MessageRow, corrections: &[StoredCorrection]) -> Option<Assessment> {
    let mut standing: Assessment = serde_json::from_str(message.assessment.as_deref()?).ok()?;
    let text = message.text.expose();
    let hash = text_hash(text);
    for correction in corrections {
        if correction.of.message_id == message.id && correction.of.text_hash == hash {
            apply(&mut standing, &correction.of.correction, text);
        }
    }
    Some(standing)
}

#[cfg(test)]
mod tests {
    use bedside_understand::{Context, assess};

    use super::*;

    fn label(name: &str, detail: Option<&str>) -> Option<Label> {
        Some(Label { label: name.to_owned(), detail: detail.map(str::to_owned), span: None })
    }

    /// A crisis is read in it, and nothing else: what a model reads today does not matter here.
    fn bereft() -> Assessment {
        let evidence = vec![Span { start: 2, end: 21 }];
        let (label, level) = (RiskLabel::CrisisSelfHarm, RiskLevel::C2);
        let risk = Risk { label, level, score: 0.9, evidence: evidence.clone(), because: vec![], icsr: None };
        Assessment {
            intents: vec![IntentScore { label: Intent::CrisisSelfHarm, score: 0.9, evidence }],
            risk: Some(risk.clone()),
            risks: vec![risk],
            priority: 2,
            ..assess(BEREFT, &Context::default())
        }
    }

    fn corrected(text: &str, kind: LabelKind, act: Act, shown: Option<Label>, says: Option<Label>) -> Assessment {
        let mut of = if text == BEREFT { bereft() } else { assess(text, &Context::default()) };
        apply(&mut of, &Correction { kind, act, shown, says }, text);
        of
    }

    const BEREFT: &str = "I want to end my life. I can't do this any more.";

    #[test]
    fn a_changed_label_keeps_the_words_that_decided_it() {
        let was = bereft();
        let risk = was.risk.clone().expect("a crisis");
        let shown = label(risk.label.as_str(), Some(risk.level.as_str()));
        let says = label("crisis_self_harm", Some("C1"));
        let now = corrected(BEREFT, LabelKind::Risk, Act::Change, shown, says);
        let lowered = now.risk.as_ref().expect("still a crisis");
        assert_eq!((lowered.level, &lowered.evidence), (RiskLevel::C1, &risk.evidence));
        assert!(was.priority <= 2 && now.priority == 6);
    }

    #[test]
    fn a_risk_that_is_none_goes_with_the_intent_that_mirrors_it() {
        let was = bereft();
        let risk = was.risk.expect("a crisis");
        let shown = label(risk.label.as_str(), Some(risk.level.as_str()));
        let now = corrected(BEREFT, LabelKind::Risk, Act::Remove, shown, None);
        assert_eq!(now.risk, None);
        assert!(now.intents.iter().all(|i| i.label != Intent::CrisisSelfHarm) && now.priority >= 7);
    }

    #[test]
    fn danger_that_a_person_sees_ranks_first() {
        let says = label("crisis_self_harm", Some("C3"));
        let now = corrected("See you on the other side.", LabelKind::Risk, Act::Add, None, says);
        assert_eq!(now.priority, 0);
    }

    #[test]
    fn a_language_without_crisis_rules_keeps_its_reader() {
        let now = corrected("Salamat po.", LabelKind::Language, Act::Change, label("und", None), label("tl", None));
        assert!(now.needs_reader && now.priority <= 7);
        let now = corrected("Gracias.", LabelKind::Language, Act::Change, label("und", None), label("es", None));
        assert!(!now.needs_reader);
    }

    #[test]
    fn a_label_that_does_not_exist_cannot_be_given() {
        let at = |label: &str, detail: Option<&str>, span| Label {
            label: label.to_owned(),
            detail: detail.map(str::to_owned),
            span,
        };
        for (kind, label) in [
            (LabelKind::Sentiment, at("joyful", None, None)),
            (LabelKind::Intent, at("rage", None, None)),
            (LabelKind::Intent, at("praise", Some("C2"), None)),
            (LabelKind::Intent, at("crisis_self_harm", None, None)),
            (LabelKind::Theme, at("Weather", None, None)),
            (LabelKind::Risk, at("crisis_self_harm", Some("now"), None)),
            (LabelKind::Risk, at("medical_emergency", Some("C2"), None)),
            (LabelKind::Risk, at("medical_emergency", None, None)),
            (LabelKind::Language, at("klingon", None, None)),
            (LabelKind::Claim, at("vaccines.nothing", Some("asserts"), None)),
            (LabelKind::Identifier, at("name", None, Some((0, 99)))),
            (LabelKind::Identifier, at("name", None, Some((3, 3)))),
            (LabelKind::Identifier, at("name", None, None)),
        ] {
            assert!(!exists(kind, &label, 20), "{kind}: {label:?}");
        }
        assert!(exists(LabelKind::Identifier, &at("name", None, Some((0, 20))), 20));
        assert!(exists(LabelKind::Theme, &at("Parking", None, None), 20));
        assert!(exists(LabelKind::Risk, &at("medical_emergency", Some("past"), None), 20));
    }

    #[test]
    fn every_theme_that_is_read_can_be_chosen() {
        let text = "The parking was impossible, the ward dirty and the food cold, but the nurses were lovely and kind.";
        let themes = assess(text, &Context::default()).themes;
        assert!(!themes.is_empty());
        for theme in themes {
            assert_eq!(theme::category_of(&theme.label), Some(&*theme.category), "{}", theme.label);
        }
    }
}
