//! Measures the risk rules alone, without models: `rules [--list | --alarms] PATH...`.
//!
//! A folder is an annotated set (`data/annotated/crisis`): its `train.jsonl` is measured in two
//! parts, by a hash of the id: those that a writer of phrases may read, and one row in five that
//! stays unread and gives the honest figure. `--list` prints the misses and false alarms of the part
//! that may be read. `--test` measures `test.jsonl` instead and prints counts only. A file is a set of
//! ordinary comments: what the rules raise there is counted as alarms, and shown with `--alarms`.

use std::collections::BTreeMap;
use std::path::Path;

use bedside_model::label::{RiskLabel, RiskLevel};
use bedside_understand::{Risk, by_rules};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| args.iter().any(|arg| arg == name);
    for path in args.iter().filter(|arg| !arg.starts_with("--")) {
        let path = Path::new(path);
        if path.is_dir() {
            let half = if flag("--test") { "test" } else { "train" };
            let rows = rows(&path.join(format!("{half}.jsonl")))?;
            let set = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if half == "test" {
                measure(set, "test", &rows, false);
            } else {
                let (unread, read): (Vec<Value>, Vec<Value>) = rows.into_iter().partition(is_unread);
                measure(set, "read", &read, flag("--list"));
                measure(set, "unread", &unread, false);
            }
        } else {
            ordinary(path, flag("--alarms"))?;
        }
    }
    Ok(())
}

fn rows(path: &Path) -> Result<Vec<Value>, Box<dyn std::error::Error>> {
    Ok(std::fs::read_to_string(path)?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// One row in five, by FNV-1a of its id.
fn is_unread(row: &Value) -> bool {
    let id = field(row, "id");
    let hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (hash >> 32) % 5 == 0
}

fn field<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// The label by which a set would name what the rules found.
fn found(set: &str, risks: &[Risk]) -> String {
    let label = match set {
        "crisis" => RiskLabel::CrisisSelfHarm,
        "emergency" => RiskLabel::MedicalEmergency,
        "safety" => RiskLabel::SafetyThreatOrAbuse,
        _ => RiskLabel::PrivacyExposure,
    };
    let Some(risk) = risks.iter().find(|risk| risk.label == label) else {
        return "none".into();
    };
    match (set, risk.level) {
        ("safety", RiskLevel::Possible) => "possible".into(),
        ("safety" | "privacy", _) => "hit".into(),
        ("emergency", level) => format!("{level:?}").to_lowercase(),
        (_, level) => format!("{level:?}"),
    }
}

/// Whether the gold label of a row asks for an alert, and whether what was found is one.
fn is_alert(set: &str, label: &str) -> bool {
    match set {
        "crisis" => matches!(label, "C2" | "C3"),
        "emergency" => label == "now",
        "safety" => matches!(label, "threat" | "abuse" | "hit"),
        _ => matches!(label, "exposure" | "hit"),
    }
}

fn measure(set: &str, part: &str, rows: &[Value], list: bool) {
    let mut table: BTreeMap<(String, String), BTreeMap<String, usize>> = BTreeMap::new();
    let (mut hits, mut wanted, mut alarms, mut others) = (0, 0, 0, 0);
    let mut by_lang: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in rows {
        let (gold, lang) = (field(row, "label"), field(row, "lang"));
        let risks = by_rules(field(row, "text"));
        let got = found(set, &risks);
        *table.entry((gold.into(), lang.into())).or_default().entry(got.clone()).or_default() += 1;
        let (should, does) = (is_alert(set, gold), is_alert(set, &got));
        if should {
            wanted += 1;
            hits += usize::from(does);
            let of_lang = by_lang.entry(lang).or_default();
            of_lang.0 += usize::from(does);
            of_lang.1 += 1;
        } else {
            others += 1;
            alarms += usize::from(does);
        }
        if list && should != does {
            let because: Vec<&str> = risks.iter().flat_map(|risk| &risk.because).map(String::as_str).collect();
            let kind = if should { "MISS" } else { "ALARM" };
            println!("{kind} {gold}>{got} {lang} [{}] {} {because:?}", field(row, "kind"), field(row, "text"));
        }
    }
    println!(
        "== {set} {part}: alert recall {hits}/{wanted} = {:.3}; false alarms {alarms}/{others} = {:.3}",
        share(hits, wanted),
        share(alarms, others)
    );
    for (lang, (hits, wanted)) in by_lang {
        println!("   {lang}: {hits}/{wanted} = {:.3}", share(hits, wanted));
    }
    for ((gold, lang), found) in table {
        println!("   {gold} {lang}: {found:?}");
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn ordinary(path: &Path, show: bool) -> Result<(), Box<dyn std::error::Error>> {
    let rows = rows(path)?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &rows {
        let text = field(row, "text");
        for risk in by_rules(text) {
            *counts.entry(format!("{:?} {:?}", risk.label, risk.level)).or_default() += 1;
            let alert = match risk.label {
                RiskLabel::CrisisSelfHarm => matches!(risk.level, RiskLevel::C2 | RiskLevel::C3),
                RiskLabel::MedicalEmergency => risk.level == RiskLevel::Now,
                RiskLabel::SafetyThreatOrAbuse => risk.level != RiskLevel::Possible,
                RiskLabel::PrivacyExposure => true,
                RiskLabel::AdverseEvent => false,
            };
            if show && alert {
                let chars: Vec<char> = text.chars().collect();
                let words: Vec<String> =
                    risk.evidence.iter().map(|span| chars[span.start..span.end].iter().collect()).collect();
                let begin: String = text.chars().take(300).collect();
                println!(
                    "{:?} {:?} {words:?} {:?}: {}",
                    risk.label,
                    risk.level,
                    risk.because,
                    begin.replace('\n', " ")
                );
            }
        }
    }
    println!("== {} n={}", path.display(), rows.len());
    for (name, count) in counts {
        println!("   {name}: {count} = {:.4}", share(count, rows.len()));
    }
    Ok(())
}
