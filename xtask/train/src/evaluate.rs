//! How well the reader reads what it has not seen: five folds, each read by the whole engine with a reader that was
//! trained, thresholds and all, on the other four.

use std::collections::BTreeMap;

use anyhow::Result;
use bedside_model::label::{RiskLabel, RiskLevel};
use bedside_understand::reader::{Files, Reader};
use bedside_understand::{ADDITIONS, Assessment, Context, Engine, SentimentLabel, SentimentThree, theme_names};

use crate::datasets::{firsts, folded, folds};
use crate::metrics::{self, Counts};
use crate::reader::{categories, feeling, folded_to_three, reader};
use crate::samples::{ADDED_THEMES, INTENTS, Sample, Set};

/// How many folds.
pub const FOLDS: usize = 5;

/// One sample, read by a reader that had not seen it.
#[derive(Debug)]
pub struct Unseen<'s> {
    /// The sample.
    pub sample: &'s Sample,
    /// Its fold.
    pub fold: usize,
    /// No sample before it has the same letters.
    pub first: bool,
    /// What was said of it.
    pub said: Assessment,
}

/// Reads all samples in turns. All copies of a text are in one fold.
pub fn unseen(samples: &[Sample]) -> Result<Vec<Unseen<'_>>> {
    let keys: Vec<(String, String)> = samples.iter().map(|one| (one.group.clone(), folded(&one.text))).collect();
    let fold = folds(&keys, FOLDS);
    let first = firsts(samples.iter().map(|one| one.text.as_str()));
    let mut out = Vec::new();
    for held_out in 0..FOLDS {
        let others: Vec<&Sample> =
            samples.iter().zip(&fold).filter(|(_, fold)| **fold != held_out).map(|(one, _)| one).collect();
        let files = reader(&others, &[]);
        let files =
            Files { experience: files.experience.leak(), messages: files.messages.leak(), layers: files.layers.leak() };
        let reader = Reader::new(files)?;
        let engine = Engine::new(&reader);
        for (at, sample) in samples.iter().enumerate() {
            if fold[at] == held_out {
                let said = engine.read(&sample.text, &Context::default());
                out.push(Unseen { sample, fold: held_out, first: first[at], said });
            }
        }
    }
    Ok(out)
}

/// A figure by folds.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What is measured.
    pub name: String,
    /// Its value in each fold.
    pub by_fold: Vec<f64>,
    /// Cases in all folds.
    pub n: usize,
}

impl Figure {
    /// Median and range, with n.
    pub fn said(&self) -> String {
        let (median, low, high) = metrics::median_and_range(&self.by_fold);
        format!("{}: {median:.3} ({low:.3}–{high:.3}), n {}", self.name, self.n)
    }
}

/// Counts of the classes, by fold and in all.
#[derive(Debug)]
pub struct Table {
    /// The classes.
    pub classes: Vec<String>,
    /// `by_fold[fold][class]`.
    pub by_fold: Vec<Vec<Counts>>,
    /// Cases.
    pub n: usize,
}

impl Table {
    fn new(classes: Vec<String>) -> Self {
        Self { by_fold: vec![vec![Counts::default(); classes.len()]; FOLDS], classes, n: 0 }
    }

    fn add(&mut self, fold: usize, truth: &dyn Fn(usize) -> bool, given: &dyn Fn(usize) -> bool) {
        self.n += 1;
        for (class, counts) in self.by_fold[fold].iter_mut().enumerate() {
            counts.add(truth(class), given(class));
        }
    }

    /// A figure of it.
    pub fn figure(&self, name: &str, of: impl Fn(&[Counts]) -> f64) -> Figure {
        Figure { name: name.to_owned(), by_fold: self.by_fold.iter().map(|counts| of(counts)).collect(), n: self.n }
    }

    /// All folds together, by class.
    pub fn pooled(&self) -> Vec<(String, Counts)> {
        let sum = |class: usize| self.by_fold.iter().fold(Counts::default(), |sum, counts| sum.plus(&counts[class]));
        self.classes.iter().enumerate().map(|(class, name)| (name.clone(), sum(class))).collect()
    }
}

/// Sentiment on three points and five.
pub fn sentiment<'u, 's: 'u>(unseen: impl IntoIterator<Item = &'u Unseen<'s>>) -> (Table, Table) {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mut three = Table::new(names(&["positive", "neutral", "negative"]));
    let mut five = Table::new(names(&bedside_understand::reader::FIVE));
    for one in unseen {
        let (Some(truth), Some(said)) = (feeling(one.sample), &one.said.sentiment) else { continue };
        let side = match said.three {
            SentimentThree::Positive => 0,
            SentimentThree::Neutral => 1,
            SentimentThree::Negative => 2,
        };
        let label = match said.label {
            SentimentLabel::VeryPositive => 0,
            SentimentLabel::Positive => 1,
            SentimentLabel::Neutral => 2,
            SentimentLabel::Negative => 3,
            SentimentLabel::VeryNegative => 4,
        };
        three.add(one.fold, &|class| class == folded_to_three(truth), &|class| class == side);
        five.add(one.fold, &|class| class == truth, &|class| class == label);
    }
    (three, five)
}

/// Themes by category, and by subcategory.
pub fn themes<'u, 's: 'u>(unseen: impl IntoIterator<Item = &'u Unseen<'s>>) -> (Table, Table) {
    let categories = categories();
    let labels: Vec<&str> =
        theme_names().iter().filter(|theme| theme.category != ADDITIONS).map(|theme| theme.label.as_str()).collect();
    let mut coarse = Table::new(categories.iter().map(|name| (*name).to_owned()).collect());
    let mut fine = Table::new(labels.iter().map(|name| (*name).to_owned()).collect());
    let known = |one: &&Unseen<'_>| one.sample.set == Set::Nhs && one.sample.known.contains_key(labels[0]);
    for one in unseen.into_iter().filter(known) {
        let holds = |name: &str| one.sample.known.get(name).is_some_and(|known| known.0);
        let given = &one.said.themes;
        coarse.add(one.fold, &|class| holds(categories[class]), &|class| {
            given.iter().any(|theme| theme.category == categories[class])
        });
        fine.add(one.fold, &|class| holds(labels[class]), &|class| {
            given.iter().any(|theme| theme.label == labels[class])
        });
    }
    (coarse, fine)
}

/// Intents, and the themes that are additions, on the own set.
pub fn intents(unseen: &[Unseen<'_>]) -> Table {
    let classes: Vec<&str> = INTENTS.into_iter().chain(ADDED_THEMES).collect();
    let mut table = Table::new(classes.iter().map(|name| (*name).to_owned()).collect());
    for one in unseen.iter().filter(|one| one.sample.set == Set::Intents) {
        let given: Vec<String> = given_intents(&one.said);
        table.add(one.fold, &|class| one.sample.known.get(classes[class]).is_some_and(|known| known.0), &|class| {
            given.iter().any(|name| name == classes[class])
        });
    }
    table
}

/// The names of the intents and themes of an assessment.
pub fn given_intents(said: &Assessment) -> Vec<String> {
    let name = |intent: &bedside_understand::IntentScore| {
        serde_json::to_value(intent.label).ok().and_then(|value| value.as_str().map(str::to_owned))
    };
    said.intents.iter().filter_map(name).chain(said.themes.iter().map(|theme| theme.label.clone())).collect()
}

/// What a message is alerted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alert {
    /// Crisis, C2 or C3.
    Crisis,
    /// An emergency now.
    Emergency,
    /// A threat or abuse, now or past.
    Safety,
    /// An exposure.
    Privacy,
}

/// All of them.
pub const ALERTS: [Alert; 4] = [Alert::Crisis, Alert::Emergency, Alert::Safety, Alert::Privacy];

impl Alert {
    /// The assessment raises it.
    pub fn raised(self, said: &Assessment) -> bool {
        said.risks.iter().any(|risk| match self {
            Self::Crisis => risk.label == RiskLabel::CrisisSelfHarm && risk.level >= RiskLevel::C2,
            Self::Emergency => risk.label == RiskLabel::MedicalEmergency && risk.level == RiskLevel::Now,
            Self::Safety => risk.label == RiskLabel::SafetyThreatOrAbuse && risk.level != RiskLevel::Possible,
            Self::Privacy => risk.label == RiskLabel::PrivacyExposure && risk.level != RiskLevel::Possible,
        })
    }

    /// The sample's set is made for it, and the label calls for it.
    pub fn truth(self, sample: &Sample) -> Option<bool> {
        let label = sample.label.as_str();
        match (self, sample.set) {
            (Self::Crisis, Set::Crisis) => Some(matches!(label, "C2" | "C3")),
            (Self::Emergency, Set::Emergency) => Some(label == "now"),
            (Self::Safety, Set::Safety) => Some(label != "none"),
            (Self::Privacy, Set::Privacy) => Some(label == "exposure"),
            _ => None,
        }
    }
}

/// Recall and false alarms of an alert on its own set, and the share of ordinary comments alerted.
#[derive(Debug, Default, Clone)]
pub struct Alerts {
    /// On the own set, by fold.
    pub own: Vec<Counts>,
    /// By label: given, of how many.
    pub by_label: BTreeMap<String, (usize, usize)>,
    /// Ordinary comments alerted, of how many.
    pub ordinary: (usize, usize),
}

/// Measures an alert.
pub fn alerts<'u>(alert: Alert, read: impl IntoIterator<Item = (&'u Sample, usize, &'u Assessment)>) -> Alerts {
    let mut out = Alerts { own: vec![Counts::default(); FOLDS], ..Alerts::default() };
    for (sample, fold, said) in read {
        let raised = alert.raised(said);
        if let Some(truth) = alert.truth(sample) {
            out.own[fold].add(truth, raised);
            let of_label = out.by_label.entry(sample.label.clone()).or_default();
            of_label.0 += usize::from(raised);
            of_label.1 += 1;
        }
        if matches!(sample.set, Set::Nhs | Set::NhsOlder) {
            out.ordinary.0 += usize::from(raised);
            out.ordinary.1 += 1;
        }
    }
    out
}
