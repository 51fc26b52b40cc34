//! What holds for every text.

use bedside_model::label::{RiskLabel, RiskLevel};
use bedside_understand::{Assessment, Context, Span, assess, by_rules};
use proptest::prelude::*;

const CRISIS: &[&str] = &[
    "I want to die",
    "i can't do this any more",
    "going to kill myself tonight",
    "ya no quiero vivir",
    "我不想活了",
    "Ich will nicht mehr leben",
    "this is my last goodbye",
    "my son is suicidal",
    "she can't breathe",
    "no puede respirar",
    "I'm not suicidal",
    "self harm",
];

fn spans(said: &Assessment) -> Vec<Span> {
    let risks = said.risks.iter().flat_map(|risk| &risk.evidence);
    let intents = said.intents.iter().flat_map(|intent| &intent.evidence);
    let themes = said.themes.iter().flat_map(|theme| &theme.evidence);
    let feelings = said.sentiment.iter().flat_map(|sentiment| &sentiment.evidence);
    let mut all: Vec<Span> = risks.chain(intents).chain(themes).chain(feelings).copied().collect();
    all.extend(said.identifiers.iter().map(|found| Span { start: found.start, end: found.end }));
    all.extend(said.readability.hard_words.iter().map(|hard| hard.span));
    all
}

/// Crises that no phrase holds: parts that stand together, in one sentence or in two.
const TOGETHER: &[&str] = &[
    "I have the pills here in front of me",
    "he is standing on the bridge",
    "She said goodbye to everyone. Now she's not picking up.",
    "I won't be here. It's tonight.",
    "tengo las pastillas en la mano",
    "I cut every night, nobody knows",
    "wrote everyone a letter. the rope is ready.",
    "Mi hermano se encerró con la pistola y no contesta",
    "ho tutte le pastiglie davanti a me",
];

fn crisis(text: &str) -> Option<RiskLevel> {
    by_rules(text).iter().find(|risk| risk.label == RiskLabel::CrisisSelfHarm).map(|risk| risk.level)
}

/// Arbitrary signs, mixed with pieces that rules look for.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9@:/.,'’ +()#-]{0,40}",
        prop::sample::select(CRISIS).prop_map(str::to_string),
        prop::sample::select(vec![
            "Dr. Mary Green",
            "St. Vincent's",
            "202-555-0142",
            "MRN: 88-1234",
            "j dot roe at gmail dot com",
            "12 Elm Street, Springfield, IL 62701",
            "March 3rd, 2024",
            "😀\u{200d}\u{fe0f}",
            "e\u{301}e\u{301}",
            "www.",
            "://",
            "@@",
            "İİ",
            "ﬁ",
            "1.2.3.4.5",
            "thank you",
            "not",
            "lol",
        ])
        .prop_map(str::to_string),
    ];
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_lie_within_the_text(text in texts(), rating in proptest::option::of(-1e9..1e9_f64)) {
        let said = assess(&text, &Context { rating, ..Context::default() });
        let length = text.chars().count();
        for span in spans(&said) {
            prop_assert!(span.start < span.end && span.end <= length, "{span:?} of {length}");
        }
        for found in &said.identifiers {
            let there: String = text.chars().skip(found.start).take(found.end - found.start).collect();
            prop_assert_eq!(&there, &found.text);
        }
        prop_assert!(said.identifiers.windows(2).all(|pair| pair[0].end <= pair[1].start));
        prop_assert!(said.priority <= 12);
    }

    #[test]
    fn text_around_a_crisis_never_hides_it(before in texts(), crisis in prop::sample::select(CRISIS), after in texts()) {
        let said = assess(&format!("{before} {crisis} {after}"), &Context::default());
        let seen = said.risks.iter().any(|risk| matches!(risk.label, RiskLabel::CrisisSelfHarm | RiskLabel::MedicalEmergency));
        prop_assert!(seen, "{before:?} {crisis:?} {after:?}");
    }

    #[test]
    fn text_around_parts_never_parts_them(before in texts(), crisis_text in prop::sample::select(TOGETHER), after in texts()) {
        let text = format!("{before} {crisis_text} {after}");
        prop_assert!(crisis(&text).is_some(), "{text:?}");
    }

    #[test]
    fn what_the_crisis_rules_found_in_a_text_they_find_in_a_longer_one(
        text in texts(), before in texts(), after in texts(),
    ) {
        if crisis(&text).is_some() {
            prop_assert!(crisis(&format!("{before} {text} {after}")).is_some(), "{before:?} {text:?} {after:?}");
        }
    }

    #[test]
    fn the_same_text_gives_the_same_answer(text in texts()) {
        prop_assert_eq!(assess(&text, &Context::default()), assess(&text, &Context::default()));
    }
}

/// Every crisis of the written rows, between lines that would lower it: its level may change, the
/// crisis stays.
#[test]
fn nothing_that_lowers_a_crisis_makes_it_vanish() {
    let around = [
        ("", ""),
        ("It was in the news. ", " It's only a film, the song says so."),
        ("Ten years ago, in 2014, ", ", and I'm fine now, thank you for everything."),
        ("no, not ever: ", " lol haha 😂"),
        ("My sister says: ", ". She died by suicide."),
        ("Dr. Green. ", "... suicide prevention week, a study of patients"),
        ("I'm not saying that ", " but the parking was good. Great nurses!"),
        ("(", ")"),
        ("«", "»?"),
    ];
    let rows = include_str!("data/crisis.toml");
    let texts = rows.lines().filter_map(|line| line.strip_prefix("text = \"")).map(|rest| rest.trim_end_matches('"'));
    let mut seen = 0;
    for text in texts.chain(TOGETHER.iter().copied()).chain(CRISIS.iter().copied()) {
        if crisis(text).is_none() {
            continue;
        }
        seen += 1;
        for (before, after) in around {
            let longer = format!("{before}{text}{after}");
            assert!(crisis(&longer).is_some(), "{longer:?}");
        }
    }
    assert!(seen >= 50, "{seen}");
}
