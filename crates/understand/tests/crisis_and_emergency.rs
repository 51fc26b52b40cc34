//! Every row of `data/crisis.toml`: what must be found, and what must not be taken for it.

use bedside_model::label::{RiskLabel, RiskLevel};
use bedside_understand::{Assessment, Context, assess, by_rules};
use serde::Deserialize;

#[derive(Deserialize)]
struct Rows {
    row: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    text: String,
    want: String,
}

fn level(said: &Assessment, label: RiskLabel) -> Option<String> {
    let risk = said.risks.iter().find(|risk| risk.label == label)?;
    serde_json::to_value(risk.level).ok()?.as_str().map(str::to_string)
}

fn found(row: &Row) -> String {
    let said = assess(&row.text, &Context::default());
    let (crisis, emergency) = (level(&said, RiskLabel::CrisisSelfHarm), level(&said, RiskLabel::MedicalEmergency));
    let found = if row.want.starts_with('C') {
        crisis
    } else if row.want == "none" {
        crisis.or(emergency)
    } else {
        emergency
    };
    found.unwrap_or_else(|| "none".into())
}

#[test]
fn every_row_has_its_level() {
    let rows: Rows = toml::from_str(include_str!("data/crisis.toml")).expect("the rows are well formed");
    assert!(rows.row.len() >= 60, "{}", rows.row.len());
    let wrong: Vec<String> = rows
        .row
        .iter()
        .filter(|row| found(row) != row.want)
        .map(|row| format!("{:?}: wanted {}, found {}", row.text, row.want, found(row)))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.row.len(), wrong.join("\n"));
}

#[test]
fn a_crisis_or_emergency_outranks_the_complaint_around_it() {
    let complaint = "The food was cold, the nurse was rude and nobody called me back. ";
    let rows: Rows = toml::from_str(include_str!("data/crisis.toml")).expect("the rows are well formed");
    for row in rows.row.iter().filter(|row| matches!(row.want.as_str(), "C3" | "C2" | "now")) {
        let said = assess(&format!("{complaint}{}", row.text), &Context::default());
        assert!(said.priority <= 2, "{}: {}", row.text, said.priority);
    }
}

#[test]
fn what_lowers_a_level_is_shown() {
    let because = |text: &str| {
        let said = assess(text, &Context::default());
        let crisis = said.risks.iter().find(|risk| risk.label == RiskLabel::CrisisSelfHarm);
        crisis.map(|risk| risk.because.join(", ")).unwrap_or_default()
    };
    assert!(because("I could kill myself for missing that appointment").contains("idiom"));
    assert!(because("I'm not suicidal, I only want an appointment").contains("negation"));
    assert!(because("Years ago I was suicidal. Your group helped me.").contains("past"));
    assert!(because("He says he wants to kill himself").contains("third person"));
    assert!(because("She lost her brother, he died by suicide").contains("bereavement"));
}

#[test]
fn parts_that_stand_together_say_why() {
    let first = |text: &str, label: RiskLabel| {
        by_rules(text).into_iter().find(|risk| risk.label == label).map(|risk| (risk.level, risk.because.join(", ")))
    };
    for (text, because) in [
        ("the pills are lined up on my desk", "means at hand"),
        ("she's up on the roof of the car park", "a dangerous place"),
        ("he hugged us all, said goodbye and now he is not picking up", "can't be reached"),
        ("i won't be needing the appointment. it's tonight", "a time is set"),
    ] {
        let (level, why) = first(text, RiskLabel::CrisisSelfHarm).expect(text);
        assert!(level == RiskLevel::C3 && why.contains(because), "{text}: {level:?} {why}");
    }
    let (level, why) =
        first("my dad went grey and clammy, his chest hurts since breakfast", RiskLabel::MedicalEmergency)
            .expect("an emergency");
    assert!(level == RiskLevel::Now && why.contains("grave"), "{level:?} {why}");
    // The same parts in ordinary talk.
    for text in [
        "the pharmacist put my tablets in a box and explained each",
        "lovely view from the roof garden",
        "she said goodbye to every nurse by name",
        "my chest x-ray was fine, thank you all",
        "no chest pain, no fever, only the cough",
    ] {
        let alarms =
            by_rules(text).into_iter().any(|risk| matches!(risk.level, RiskLevel::C2 | RiskLevel::C3 | RiskLevel::Now));
        assert!(!alarms, "{text}: {:?}", by_rules(text));
    }
}

#[test]
fn a_language_without_rules_asks_for_a_reader() {
    let korean = assess("간호사가 친절했어요", &Context::default());
    assert!(korean.needs_reader && korean.priority <= 7, "{korean:?}");
    let english = assess("The nurse was kind", &Context::default());
    assert!(!english.needs_reader && english.priority == 11);
    assert!(!assess("👍👍", &Context::default()).needs_reader, "pictures need no reader");
    let unknown = assess("ᚠᚢᚦᚨᚱᚲ", &Context::default());
    assert!(unknown.needs_reader && unknown.language == "und");
}

#[test]
fn an_exact_level_is_what_the_alert_goes_by() {
    let said = assess("I'm going to kill myself tonight", &Context::default());
    assert_eq!(bedside_understand::crisis_level(&said), Some(RiskLevel::C3));
    assert_eq!(said.priority, 0);
}
