//! What `assess` says of the rows of an own set: `confusion SET HALF [LABEL GIVEN]` prints counts, and with two labels the
//! rows of the first that were given the second.

use std::collections::BTreeMap;

use bedside_model::label::{RiskLabel, RiskLevel};
use bedside_understand::{Context, assess};
use serde_json::Value;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let text = std::fs::read_to_string(format!("data/annotated/{}/{}.jsonl", words[0], words[1]))?;
    let risk = match words[0].as_str() {
        "crisis" => RiskLabel::CrisisSelfHarm,
        "emergency" => RiskLabel::MedicalEmergency,
        "safety" => RiskLabel::SafetyThreatOrAbuse,
        _ => RiskLabel::PrivacyExposure,
    };
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line)?;
        let said = assess(row["text"].as_str().unwrap_or_default(), &Context::default());
        let level = said.risks.iter().find(|one| one.label == risk).map(|one| one.level);
        let given = level.map_or("-".to_owned(), |level: RiskLevel| level.to_string());
        let key = (row["label"].as_str().unwrap_or_default().to_owned(), given);
        if words.get(2) == Some(&key.0) && words.get(3) == Some(&key.1) {
            println!("{} [{}] {}", row["id"], row["kind"], row["text"]);
        }
        *counts.entry(key).or_default() += 1;
    }
    for ((label, given), count) in counts {
        println!("{label:10} {given:10} {count}");
    }
    Ok(())
}
