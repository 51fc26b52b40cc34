//! The page: rows with goals, what falls short in words, misses by kind.

use std::fmt::Write as _;

use bedside_train::metrics::{Counts, median_and_range};
use serde::{Deserialize, Serialize};

/// What one part measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Part {
    /// Rows of the table.
    pub rows: Vec<Row>,
    /// Rows of the table of further figures.
    pub more: Vec<Row>,
    /// Paragraphs and tables for "Misses by kind".
    pub details: Vec<String>,
    /// Seconds it took.
    pub took: u64,
    /// How busy the machine was.
    pub load: String,
    /// The day.
    pub day: String,
}

/// One row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Row {
    /// What is measured.
    pub what: String,
    /// What it is to reach, in words.
    pub goal: String,
    /// What was measured.
    pub measured: String,
    /// Cases.
    pub n: String,
    /// The baseline in the same run.
    pub baseline: String,
    /// The reference of the issue.
    pub reference: String,
    /// Each number that is held against a goal.
    pub checks: Vec<Check>,
}

/// A number with its goal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Check {
    /// What it is.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// The goal.
    pub goal: f64,
    /// It must not be smaller; otherwise, not larger.
    pub at_least: bool,
}

impl Check {
    /// A goal from below.
    pub fn at_least(name: &str, value: f64, goal: f64) -> Self {
        Self { name: name.to_owned(), value, goal, at_least: true }
    }

    /// A goal from above.
    pub fn at_most(name: &str, value: f64, goal: f64) -> Self {
        Self { name: name.to_owned(), value, goal, at_least: false }
    }

    fn reached(&self) -> bool {
        if self.at_least { self.value >= self.goal } else { self.value <= self.goal }
    }
}

/// Rows of the issue that each part owes, with goal and reference: they stand in the page where a part was not measured.
const OWED: [(&str, &str, &str, &str); 12] = [
    ("experience", SENTIMENT, "≥ 0.71", "VADER 0.48, hashed linear 0.67"),
    ("experience", THEMES, "≥ 0.77 / 0.65", "hashed linear 0.74 / 0.60"),
    ("posts", TWEETS, "≥ 0.57", "fastText 0.51, hashed linear 0.51"),
    ("adverse", ADVERSE, "≥ 0.80", "hashed linear 0.78"),
    ("experience", CRISIS, "≥ 0.95 / ≤ 0.5%", "keywords 0.56 / 0.13%"),
    ("experience", EMERGENCY, "≥ 0.95 / ≤ 0.5%", "none"),
    ("identifiers", ASQ, "≥ 0.96 / 0.88 / 0.95", "Comprehend Medical 0.89 / 0.65 / 0.10"),
    ("identifiers", PRESIDIO, "≥ 0.85", "regexes 0.31"),
    ("languages", SENTENCES, "≥ 0.985", "lingua 0.986"),
    ("tweets", OF_TWEETS, "≥ 0.96", "lingua 0.952"),
    ("guard", GUARD, "≥ 0.97 / ≤ 3%", "none exists"),
    ("speed", SPEED, "≥ 50,000 messages/s, ≥ 40x the Python stack", "1,200 messages/s"),
];

pub const SENTIMENT: &str = "NHS sentiment, 3-way macro-F1";
pub const THEMES: &str = "NHS themes, the 10 QDC categories, micro/macro-F1";
pub const TWEETS: &str = "tweets, macro-F1, mean over languages";
pub const ADVERSE: &str = "adverse event (PsyTAR sentences), F1";
pub const CRISIS: &str = "crisis C2+C3 recall / share of ordinary patient comments alerted";
pub const EMERGENCY: &str = "emergency-now recall / alerted";
pub const ASQ: &str = "identifiers, ASQ: entity recall / messages fully covered / clean untouched";
pub const PRESIDIO: &str = "identifiers, presidio-research held-out templates, recall";
pub const SENTENCES: &str = "language, 22 languages, sentences";
pub const OF_TWEETS: &str = "language, tweets";
pub const GUARD: &str = "guard: must-block recall / safe replies blocked";
pub const SPEED: &str = "one core, NHS phase-1 texts, all heads, claims matched, evidence on demand";

impl Row {
    /// A row of the table.
    pub fn owed(what: &str) -> Self {
        let owed = OWED.iter().find(|(_, of, ..)| *of == what);
        let (_, what, goal, reference) = owed.copied().unwrap_or(("", what, "", ""));
        Self { what: what.into(), goal: goal.into(), reference: reference.into(), ..Self::default() }
    }

    /// A row of the table of further figures.
    pub fn further(what: &str, measured: String, n: impl ToString) -> Self {
        Self { what: what.into(), measured, n: n.to_string(), ..Self::default() }
    }

    fn line(&self) -> String {
        let cell = |text: &str| if text.is_empty() { "–".to_owned() } else { text.replace('|', "/") };
        let cells = [&self.what, &self.goal, &self.measured, &self.n, &self.baseline, &self.reference];
        format!("| {} |", cells.map(|text| cell(text)).join(" | "))
    }
}

/// Median and range of the folds.
pub fn folds(values: &[f64]) -> String {
    let (median, low, high) = median_and_range(values);
    format!("{median:.3} ({low:.3}–{high:.3})")
}

/// The median.
pub fn median(values: &[f64]) -> f64 {
    median_and_range(values).0
}

/// A share in percent.
pub fn percent(part: usize, whole: usize) -> String {
    format!("{:.2}%", 100.0 * part as f64 / whole.max(1) as f64)
}

/// A share.
pub fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// A table of classes: precision, recall, F1, what was missed and what was given wrongly.
pub fn classes(title: &str, classes: &[(String, Counts)]) -> String {
    let mut out = format!(
        "{title}\n\n| label | n | precision | recall | F1 | missed | given wrongly |\n|---|---|---|---|---|---|---|\n"
    );
    for (name, counts) in classes {
        let (p, r, f) = (counts.precision(), counts.recall(), counts.f1());
        let _ = writeln!(
            out,
            "| {name} | {} | {p:.3} | {r:.3} | {f:.3} | {} | {} |",
            counts.truths(),
            counts.misses,
            counts.false_alarms
        );
    }
    out
}

/// All parts by name, in order, and what each has measured.
pub type Parts<'p> = [(&'p str, Option<Part>)];

fn rows(parts: &Parts<'_>) -> Vec<Row> {
    let measured = |what: &str| {
        let parts = parts.iter().filter_map(|(_, part)| part.as_ref());
        parts.flat_map(|part| &part.rows).find(|row| row.what.starts_with(what)).cloned()
    };
    let missing = |what: &str| Row { measured: "not measured in this run".into(), ..Row::owed(what) };
    OWED.iter().map(|(_, what, ..)| measured(what).unwrap_or_else(|| missing(what))).collect()
}

/// The row of `bench/README.md`.
pub fn summary(parts: &Parts<'_>) -> String {
    let rows = rows(parts);
    let reached = rows.iter().filter(|row| !row.checks.is_empty() && row.checks.iter().all(Check::reached)).count();
    format!(
        "| what `understand` and `guard` say, beside VADER, Presidio, langdetect, lingua and a list of phrases | \
         {reached} of {all} rows reached | goal {all} of {all} | [understand.md](understand.md) has the rows, n, misses by kind, and \
         what falls short |",
        all = rows.len()
    )
}

/// The whole page.
pub fn write(parts: &Parts<'_>, versions: &[String]) -> String {
    const HEAD: &str =
        "| what | to reach | measured | n | baseline, same run | reference in the issue |\n|---|---|---|---|---|---|\n";
    let mut out = format!("{}\n\n## The table\n\n{HEAD}", include_str!("head.md").trim());
    let rows = rows(parts);
    for row in &rows {
        let _ = writeln!(out, "{}", row.line());
    }
    out += "\n## What falls short\n\n";
    out += &shortcomings(&rows);
    let _ = write!(out, "\n## Further figures\n\n{HEAD}");
    let measured = || parts.iter().filter_map(|(name, part)| part.as_ref().map(|part| (*name, part)));
    for row in measured().flat_map(|(_, part)| &part.more) {
        let _ = writeln!(out, "{}", row.line());
    }
    out += &shortcomings_of_own(&measured().flat_map(|(_, part)| part.more.clone()).collect::<Vec<_>>());
    out += "\n## Misses by kind\n";
    for (_, part) in measured() {
        for detail in &part.details {
            let _ = write!(out, "\n{}\n", detail.trim());
        }
    }
    let _ = writeln!(out, "\n## The run\n\n{} cores. Baselines: {}.\n", cores(), versions.join(", "));
    out += "| part | day | seconds | load average of a minute |\n|---|---|---|---|\n";
    for (name, part) in parts {
        let _ = match part {
            Some(part) => writeln!(out, "| {name} | {} | {} | {} |", part.day, part.took, part.load),
            None => writeln!(out, "| {name} | not measured in this run | | |"),
        };
    }
    out
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn lines(rows: &[Row]) -> Vec<String> {
    let number = |value: f64| if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.4}") };
    let check = |row: &Row, check: &Check| {
        let side = if check.at_least { "at least" } else { "at most" };
        let (value, goal) = (number(check.value), check.goal);
        format!("- {}: {} is {value}, {side} {goal} was to be reached.", row.what, check.name)
    };
    rows.iter().flat_map(|row| row.checks.iter().filter(|one| !one.reached()).map(move |one| check(row, one))).collect()
}

fn shortcomings(rows: &[Row]) -> String {
    let mut lines = lines(rows);
    let unmeasured = rows.iter().filter(|row| row.checks.is_empty());
    lines.extend(unmeasured.map(|row| format!("- {}: not measured in this run.", row.what)));
    if lines.is_empty() { "None of the rows above.\n".into() } else { format!("{}\n", lines.join("\n")) }
}

fn shortcomings_of_own(rows: &[Row]) -> String {
    let lines = lines(rows);
    if lines.is_empty() { String::new() } else { format!("\nBelow the goal on these:\n\n{}\n", lines.join("\n")) }
}
