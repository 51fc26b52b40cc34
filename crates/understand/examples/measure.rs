//! Measures the crate on labelled files: `measure <task> <file.jsonl>`.
//!
//! Tasks: `sentiment`, `alerts`, `asq`, `presidio`, `themes`, `language`, `speed`, `dump` (one line
//! of features per text, for fitting). Prints counts and misses, never only a share.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Instant;

use bedside_model::label::{RiskLabel, RiskLevel};
use bedside_understand::{Assessment, Context, SentimentThree, assess, identifiers, language};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (task, path) = (args.next().ok_or("a task")?, args.next().ok_or("a file")?);
    let content = std::fs::read_to_string(path)?;
    // Rows with NaN in them are no JSON: they are left out and counted by the n that is printed.
    let rows: Vec<Value> = content.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    match task.as_str() {
        "sentiment" => sentiment(&rows),
        "alerts" => alerts(&rows),
        "asq" => entities(&rows, "phi"),
        "presidio" => entities(&rows, "spans"),
        "language" => languages(&rows),
        "intents" => intents(&rows),
        "themes" => themes(&rows),
        "adverse" => adverse(&rows),
        "speed" => speed(&rows),
        "dump" => {
            let mut out = std::io::stdout().lock();
            for row in &rows {
                let (line, features) = bedside_understand::features_for_fitting(text(row), &Context::default());
                serde_json::to_writer(&mut out, &serde_json::json!({"line": line, "x": features, "row": row}))?;
                out.write_all(b"\n")?;
            }
        }
        other => return Err(format!("no such task: {other}").into()),
    }
    Ok(())
}

fn text(row: &Value) -> &str {
    row["text"].as_str().unwrap_or_default()
}

fn said(row: &Value) -> Assessment {
    assess(text(row), &Context::default())
}

fn three(row: &Value) -> Option<&'static str> {
    match (row["sentiment"].as_i64(), row["label"].as_str()) {
        (Some(1 | 2), _) | (None, Some("positive")) => Some("positive"),
        (Some(3), _) | (None, Some("neutral")) => Some("neutral"),
        (Some(4 | 5), _) | (None, Some("negative")) => Some("negative"),
        _ => None,
    }
}

fn macro_f1(pairs: &[(&str, &str)]) -> f64 {
    let mut sum = 0.0;
    for class in ["positive", "neutral", "negative"] {
        let hit = pairs.iter().filter(|(gold, found)| *gold == class && *found == class).count() as f64;
        let gold = pairs.iter().filter(|(gold, _)| *gold == class).count() as f64;
        let found = pairs.iter().filter(|(_, found)| *found == class).count() as f64;
        let f1 = if gold + found > 0.0 { 2.0 * hit / (gold + found) } else { 0.0 };
        println!(
            "  {class:9} n={gold} recall={:.3} precision={:.3} F1={f1:.3}",
            hit / gold.max(1.0),
            hit / found.max(1.0)
        );
        sum += f1;
    }
    sum / 3.0
}

fn sentiment(rows: &[Value]) {
    let mut by: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
    for row in rows {
        let Some(gold) = three(row) else { continue };
        let found = match said(row).sentiment.map(|found| found.three) {
            Some(SentimentThree::Positive) => "positive",
            Some(SentimentThree::Negative) => "negative",
            _ => "neutral",
        };
        by.entry(row["lang"].as_str().unwrap_or("en").to_string()).or_default().push((gold, found));
    }
    for (lang, pairs) in by {
        let right = pairs.iter().filter(|(gold, found)| gold == found).count();
        println!("{lang}: n={} right={right} macro-F1={:.3}", pairs.len(), macro_f1(&pairs));
    }
}

fn alerts(rows: &[Value]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        for risk in said(row).risks {
            *counts.entry(format!("{:?} {:?}", risk.label, risk.level)).or_default() += 1;
            let alert = risk.label == RiskLabel::CrisisSelfHarm && matches!(risk.level, RiskLevel::C2 | RiskLevel::C3)
                || risk.label == RiskLabel::MedicalEmergency && risk.level == RiskLevel::Now
                || std::env::args().nth(3).is_some_and(|label| format!("{:?}", risk.label) == label);
            if alert {
                let chars: Vec<char> = text(row).chars().collect();
                let words: Vec<String> =
                    risk.evidence.iter().map(|span| chars[span.start..span.end].iter().collect()).collect();
                println!(
                    "{:?} {:?} {words:?} {:?}: {}",
                    risk.label,
                    risk.level,
                    risk.because,
                    text(row).chars().take(260).collect::<String>().replace('\n', " ")
                );
            }
        }
    }
    println!("n={} {counts:#?}", rows.len());
}

fn entities(rows: &[Value], key: &str) {
    let mut by: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut full, mut with, mut clean, mut untouched) = (0, 0, 0, 0);
    let show = std::env::args().nth(3);
    for row in rows {
        let body = text(row);
        let chars: Vec<char> = body.chars().collect();
        let found = identifiers(body);
        let mut covered = vec![false; chars.len()];
        for one in &found {
            covered[one.start..one.end].fill(true);
        }
        let gold = row[key].as_array().map(Vec::as_slice).unwrap_or_default();
        let wanted: Vec<&Value> = gold
            .iter()
            .filter(|one| {
                let kind = one["entity_type"].as_str();
                let short = one["entity_value"].as_str().is_some_and(|value| value.len() < 10);
                !(matches!(kind, Some("AGE" | "TITLE" | "NRP" | "ORGANIZATION")) || kind == Some("DATE_TIME") && short)
            })
            .collect();
        if wanted.is_empty() && gold.is_empty() {
            clean += 1;
            if found.is_empty() {
                untouched += 1;
            } else if show.as_deref() == Some("clean") {
                println!("{:?}  IN {body}", found.iter().map(|one| (one.kind, one.text.as_str())).collect::<Vec<_>>());
            }
            continue;
        }
        with += 1;
        let mut all = true;
        let mut from = 0;
        for one in wanted {
            let kind = one["identifier_type"].as_str().or(one["entity_type"].as_str()).unwrap_or("?");
            let value = one["value"].as_str().or(one["entity_value"].as_str()).unwrap_or_default();
            let start = match one["start_position"].as_u64() {
                Some(start) => start as usize,
                None => match body[from..].find(value).map(|at| at + from).or_else(|| body.find(value)) {
                    Some(at) => {
                        from = at + value.len();
                        body[..at].chars().count()
                    }
                    None => continue,
                },
            };
            let end = (start + value.chars().count()).min(chars.len());
            let hit = (start..end).all(|at| covered[at] || !chars[at].is_alphanumeric());
            let count = by.entry(kind.to_string()).or_default();
            count.0 += 1;
            count.1 += usize::from(hit);
            if !hit {
                all = false;
                if show.as_deref() == Some(kind) {
                    println!(
                        "{value:?} IN {body} FOUND {:?}",
                        found.iter().map(|one| (one.kind, one.text.as_str())).collect::<Vec<_>>()
                    );
                }
            }
        }
        full += usize::from(all);
    }
    let (n, hit) = by.values().fold((0, 0), |(n, hit), (more, hits)| (n + more, hit + hits));
    for (kind, (n, hit)) in &by {
        println!("  {kind:32} {hit}/{n}");
    }
    println!(
        "entities {hit}/{n} = {:.3}; messages fully covered {full}/{with}; clean untouched {untouched}/{clean}",
        hit as f64 / n.max(1) as f64
    );
}

fn languages(rows: &[Value]) {
    let mut by: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for row in rows {
        *by.entry(row["lang"].as_str().unwrap_or("en").to_string())
            .or_default()
            .entry(language(text(row)).tag)
            .or_default() += 1;
    }
    for (lang, found) in by {
        println!("{lang}: {found:?}");
    }
}

fn intents(rows: &[Value]) {
    let mut by: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for row in rows {
        let gold = row["label"].as_str().map(str::to_string).unwrap_or_else(|| row["sentiment"].to_string());
        let counts = by.entry(gold).or_default();
        *counts.entry("n".into()).or_default() += 1;
        for intent in said(row).intents {
            *counts.entry(format!("{:?}", intent.label)).or_default() += 1;
        }
    }
    for (label, counts) in by.iter().take(60) {
        println!("{label}: {counts:?}");
    }
}

fn themes(rows: &[Value]) {
    let mut by: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for row in rows {
        let gold: Vec<&str> =
            row["v7"].as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str).collect();
        let found = said(row).themes;
        for theme in &found {
            by.entry(theme.label.clone()).or_default()[1] += 1;
            by.entry(theme.label.clone()).or_default()[2] += usize::from(gold.contains(&theme.label.as_str()));
        }
        for label in gold {
            by.entry(label.to_string()).or_default()[0] += 1;
        }
    }
    for (label, [gold, found, hit]) in &by {
        println!(
            "  {label:60} gold={gold} found={found} right={hit} F1={:.3}",
            2.0 * *hit as f64 / (gold + found).max(1) as f64
        );
    }
    let all = by.values().fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]);
    println!("micro-F1 {:.3}", 2.0 * all[2] as f64 / (all[0] + all[1]).max(1) as f64);
}

fn adverse(rows: &[Value]) {
    let found = rows.iter().filter(|row| said(row).risks.iter().any(|risk| risk.label == RiskLabel::AdverseEvent));
    let right = found.clone().filter(|row| row["label"] == 1).count();
    let gold = rows.iter().filter(|row| row["label"] == 1).count();
    println!("n={} gold={gold} found={} right={right}", rows.len(), found.count());
}

fn speed(rows: &[Value]) {
    let texts: Vec<&str> = rows.iter().map(text).collect();
    let context = Context::default();
    let start = Instant::now();
    let first = assess("warm", &context);
    println!("first call {:?} ({})", start.elapsed(), first.language);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let start = Instant::now();
    let mut rounds = 0;
    while start.elapsed().as_secs() < 4 {
        for text in &texts {
            for one in assess(text, &context).identifiers {
                *kinds.entry(format!("{:?}", one.kind)).or_default() += 1;
            }
        }
        rounds += 1;
    }
    let n = texts.len() * rounds;
    println!(
        "{:.0} messages/s, mean {} bytes",
        n as f64 / start.elapsed().as_secs_f64(),
        texts.iter().map(|text| text.len()).sum::<usize>() / texts.len().max(1)
    );
    let long = texts.join(" ").chars().cycle().take(1_000_000).collect::<String>();
    let start = Instant::now();
    let said = assess(&long, &context);
    println!("1 MB in {:?}, {} words", start.elapsed(), said.readability.words);
}
