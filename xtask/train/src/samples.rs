//! Texts with what is known of them, from all sets, in one shape.

use std::collections::BTreeMap;

use anyhow::Result;
use bedside_understand::reader::{Cut, FIVE, cut};
use bedside_understand::theme_names;
use bedside_understand::weights::Origin;
use serde::Deserialize;

use crate::datasets::{Datasets, Loaded, folded};
use crate::logistic::Target;
use crate::nhs;

/// A text with what is known of it.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What was written.
    pub text: String,
    /// Its words and parts as the reader sees them.
    pub cut: Cut,
    /// Which set it is from.
    pub set: Set,
    /// Who wrote it, or what else must stay in one fold.
    pub group: String,
    /// The label as it stands in the set, where there is one.
    pub label: String,
    /// What is known for which head; what is not named is not known.
    pub known: BTreeMap<&'static str, (bool, f32)>,
}

/// Where a sample comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Set {
    /// NHS feedback, the newer set.
    Nhs,
    /// NHS feedback, the older set.
    NhsOlder,
    /// PsyTAR.
    PsyTar,
    /// CLINC150.
    Clinc,
    /// Own.
    Crisis,
    /// Own.
    Emergency,
    /// Own.
    Safety,
    /// Own.
    Privacy,
    /// Own.
    Intents,
}

impl Sample {
    /// Says whether a label holds.
    pub fn know(&mut self, head: &'static str, holds: bool, weight: f32) {
        self.known.insert(head, (holds, weight));
    }

    /// What a head is to learn from it.
    pub fn target(&self, head: &str) -> Target {
        match self.known.get(head) {
            None => Target::Missing,
            Some((true, weight)) => Target::Yes(*weight),
            Some((false, weight)) => Target::No(*weight),
        }
    }
}

/// Heads of the risks.
pub const CRISIS: [&str; 4] = ["crisis_topic", "crisis_c1", "crisis_c2", "crisis_c3"];
/// Heads of the medical emergency: happening now, and of any kind.
pub const EMERGENCY: [&str; 2] = ["emergency_now", "emergency_any"];
/// Heads of safety.
pub const SAFETY: [&str; 2] = ["safety_threat", "safety_abuse"];
/// The head of privacy.
pub const PRIVACY: &str = "privacy_exposure";
/// The head of adverse events.
pub const ADVERSE: &str = "adverse_event";
/// Heads of the intents that are no risks.
pub const INTENTS: [&str; 7] =
    ["complaint", "question_service", "question_health", "suggestion", "praise", "job_media_legal", "spam_offtopic"];
/// The labels of the older feedback, and whether it praises or blames: no label of ours, but the second stage reads them.
pub const OLDER: [&str; 12] = [
    "older: Care received",
    "older: Staff",
    "older: Couldn't be improved",
    "older: Communication",
    "older: Environment/ facilities",
    "older: Access",
    "older: Miscellaneous",
    "older: Dignity",
    "older: Transition/coordination",
    "older: praise",
    "older: neither",
    "older: blame",
];
/// The themes that NHS England's framework lacks.
pub const ADDED_THEMES: [&str; 3] = ["Cost, billing & insurance", "Scheduling & portal", "Privacy"];

#[derive(Deserialize)]
struct Labelled {
    id: String,
    text: String,
    label: String,
    kind: String,
}

#[derive(Deserialize)]
struct Intended {
    id: String,
    text: String,
    intents: Vec<String>,
    themes: Vec<String>,
}

#[derive(Deserialize)]
struct Sentence {
    text: String,
    label: u8,
    drug: String,
}

#[derive(Deserialize)]
struct Request {
    text: String,
    label: String,
}

fn sample(text: String, set: Set, group: String, label: String) -> Sample {
    Sample { cut: cut(&text), text, set, group, label, known: BTreeMap::new() }
}

/// All samples of one half of the own sets, and, for the half `train`, of the licensed sets.
pub fn own(datasets: &Datasets, half: &str, origins: &mut Vec<Origin>) -> Result<Vec<Sample>> {
    let mut out = Vec::new();
    for (name, set) in
        [("crisis", Set::Crisis), ("emergency", Set::Emergency), ("safety", Set::Safety), ("privacy", Set::Privacy)]
    {
        let loaded: Loaded<Labelled> = datasets.annotated(name, half)?;
        origins.push(loaded.origin);
        for row in loaded.rows {
            let mut one = sample(row.text, set, row.id, row.label);
            label_risks(&mut one, &row.kind);
            out.push(one);
        }
    }
    let loaded: Loaded<Intended> = datasets.annotated("intents", half)?;
    origins.push(loaded.origin);
    for row in loaded.rows {
        let mut one = sample(row.text, Set::Intents, row.id, row.intents.join("+"));
        for intent in INTENTS {
            one.know(intent, row.intents.iter().any(|given| given == intent), 1.0);
        }
        for head in ADDED_THEMES {
            one.know(head, row.themes.iter().any(|given| given == head), 1.0);
        }
        no_risk(&mut one, 1.0);
        one.known.remove(PRIVACY);
        out.push(one);
    }
    Ok(out)
}

/// What the label of an own risk set says for the heads.
fn label_risks(one: &mut Sample, kind: &str) {
    let label = one.label.clone();
    match one.set {
        Set::Crisis => {
            let level = ["none", "C0", "C1", "C2", "C3"].iter().position(|of| *of == label).unwrap_or(0);
            for (from, head) in CRISIS.into_iter().enumerate() {
                one.know(head, level > from, 1.0);
            }
            if level == 0 {
                SAFETY.into_iter().for_each(|head| one.know(head, false, 1.0));
            }
        }
        Set::Emergency => {
            one.know(EMERGENCY[0], label == "now", 1.0);
            one.know(EMERGENCY[1], label != "none", 1.0);
            // An act of self-harm is an emergency and a crisis.
            let act = ["suic", "overdose", "self", "sobredosis"].iter().any(|sign| kind.contains(sign));
            if !act {
                CRISIS.into_iter().for_each(|head| one.know(head, false, 1.0));
            }
        }
        Set::Safety => {
            one.know(SAFETY[0], label == "threat", 1.0);
            one.know(SAFETY[1], label == "abuse", 1.0);
            if label == "none" {
                CRISIS[2..].iter().for_each(|head| one.know(head, false, 1.0));
            }
        }
        Set::Privacy => {
            one.know(PRIVACY, label == "exposure", 1.0);
            CRISIS.into_iter().chain(EMERGENCY).for_each(|head| one.know(head, false, 1.0));
        }
        _ => {}
    }
}

/// An ordinary text: none of the risks.
fn no_risk(one: &mut Sample, weight: f32) {
    for head in CRISIS.into_iter().chain(EMERGENCY).chain(SAFETY).chain([PRIVACY, ADVERSE]) {
        one.know(head, false, weight);
    }
}

/// Words that make a comment of a licensed set unfit as an example of "no crisis": nobody has read it for that.
const UNREAD: [&str; 14] = [
    "suic",
    "kill",
    "self harm",
    "self-harm",
    "overdos",
    "end my life",
    "my own life",
    "want to die",
    "harm myself",
    "hurt myself",
    "crisis",
    "section",
    "cardiac",
    "stroke",
];

/// The same for "no exposure".
const UNREAD_FOR_PRIVACY: [&str; 7] =
    ["confiden", "privacy", "private", "overhear", "in front of", "records", "personal"];

/// The licensed sets.
pub fn licensed(datasets: &Datasets, origins: &mut Vec<Origin>) -> Result<Vec<Sample>> {
    let mut out = Vec::new();
    let homes = nhs::homes(datasets)?;
    let loaded = nhs::comments(datasets)?;
    origins.push(loaded.origin);
    for row in loaded.rows {
        let mut one = sample(row.text, Set::Nhs, row.respondent, row.label.join("+"));
        ordinary(&mut one);
        label_feedback(&mut one, row.sentiment, &row.label, &homes);
        out.push(one);
    }
    let loaded = nhs::older(datasets)?;
    origins.push(loaded.origin);
    for (at, row) in loaded.rows.into_iter().enumerate() {
        let mut one = sample(row.text, Set::NhsOlder, format!("older-{at}"), row.subcategory);
        ordinary(&mut one);
        label_older(&mut one, &row.label, &row.criticality);
        out.push(one);
    }
    let loaded: Loaded<Sentence> = datasets.licensed("psytar_sent.train.jsonl", "CC BY 4.0")?;
    origins.push(loaded.origin);
    for row in loaded.rows {
        let mut one = sample(row.text, Set::PsyTar, row.drug, row.label.to_string());
        one.know(ADVERSE, row.label == 1, 1.0);
        out.push(one);
    }
    let loaded: Loaded<Request> = datasets.licensed("clinc150.train.jsonl", "CC BY 3.0")?;
    origins.push(loaded.origin);
    for (at, row) in loaded.rows.into_iter().enumerate().filter(|(at, _)| at % 3 == 0) {
        let mut one = sample(row.text, Set::Clinc, format!("clinc-{at}"), row.label);
        no_risk(&mut one, 0.5);
        INTENTS.into_iter().filter(|head| !head.starts_with("question")).for_each(|head| one.know(head, false, 0.3));
        out.push(one);
    }
    Ok(out)
}

/// How much a guess at the intents of a comment counts beside a label.
const GUESSED: f32 = 0.3;

/// Nobody has labelled the intents of comments. That they are no advertising and no press is certain enough, that praise is
/// praise too; the additions are looked for by their words. Of the rest nothing is known.
fn label_intents(one: &mut Sample, sentiment: Option<u8>) {
    let plain = folded(&one.text);
    let has = |signs: &[&str]| signs.iter().any(|sign| plain.contains(sign));
    let money = has(&["bill", "charg", "insur", "cost", "pay", "price", "money"]);
    let booking = has(&["appoint", "book", "portal", "app", "online", "website", "schedul", "log in"]);
    let privacy = has(&UNREAD_FOR_PRIVACY);
    for (head, may_be) in [
        ("job_media_legal", false),
        ("spam_offtopic", false),
        (ADDED_THEMES[0], money),
        (ADDED_THEMES[1], booking),
        (ADDED_THEMES[2], privacy),
    ] {
        if !may_be {
            one.know(head, false, GUESSED);
        }
    }
    if !one.text.contains('?') && !has(&["please", "could you", "can you", "how do", "when will"]) {
        one.know("question_service", false, GUESSED);
        one.know("question_health", false, GUESSED);
    }
    match sentiment {
        Some(1) => {
            one.know("praise", true, GUESSED);
            one.know("complaint", false, GUESSED);
        }
        Some(4 | 5) => one.know("praise", false, GUESSED),
        _ => {}
    }
}

/// What the labels of an older comment say; of a criticality that is no number nothing is known.
fn label_older(one: &mut Sample, label: &str, criticality: &serde_json::Value) {
    for head in &OLDER[..9] {
        one.know(head, head.strip_prefix("older: ") == Some(label), 1.0);
    }
    let number = criticality.as_str().and_then(|text| text.parse::<i32>().ok()).filter(|number| number.abs() <= 5);
    if let Some(number) = number {
        one.know(OLDER[9], number > 0, 1.0);
        one.know(OLDER[10], number == 0, 1.0);
        one.know(OLDER[11], number < 0, 1.0);
    }
}

/// What the labels of a comment say: its sentiment, and the categories and subcategories of version 7 that its labels
/// have a home in. Of a comment whose labels all have none, nothing is known.
fn label_feedback(one: &mut Sample, sentiment: Option<u8>, labels: &[String], homes: &BTreeMap<String, String>) {
    if let Some(sentiment) = sentiment {
        for (at, head) in FIVE.into_iter().enumerate() {
            // The rare middle is worth more.
            one.know(head, usize::from(sentiment) == at + 1, if sentiment == 3 { 2.0 } else { 1.0 });
        }
    }
    label_intents(one, sentiment);
    let given: Vec<&str> = labels.iter().filter_map(|label| homes.get(label).map(String::as_str)).collect();
    if given.is_empty() {
        return;
    }
    for theme in theme_names().iter().filter(|theme| theme.category != bedside_understand::ADDITIONS) {
        let holds = given.contains(&theme.label.as_str());
        one.know(&theme.label, holds, 1.0);
        let so_far = one.known.get(theme.category.as_str()).is_some_and(|known| known.0);
        one.know(&theme.category, so_far || holds, 1.0);
    }
}

/// A comment of a patient, which nearly always is no crisis and no emergency.
fn ordinary(one: &mut Sample) {
    let plain = folded(&one.text);
    if !UNREAD.iter().any(|sign| plain.contains(sign)) {
        no_risk(one, 1.0);
    }
    if UNREAD_FOR_PRIVACY.iter().any(|sign| plain.contains(sign)) {
        one.known.remove(PRIVACY);
    }
}
