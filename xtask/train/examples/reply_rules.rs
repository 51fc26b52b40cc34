//! Which patterns and rules stop safe replies, and which they stop rightly.
use std::collections::BTreeMap;

use bedside_guard::{Decision, Policy, check, inspect};
use bedside_train::datasets::Datasets;
use bedside_train::replies::set;

fn main() -> anyhow::Result<()> {
    let (rows, _) = set::read(&Datasets::new(None, ".".into()), "train")?;
    // A pattern's line, whose hits on safe drafts are shown, or `all` for every finding on one.
    let wanted = std::env::args().nth(1);
    let mut lines: BTreeMap<(String, String), (u32, u32)> = BTreeMap::new();
    let mut rules: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut total = [[0_u32; 2]; 4];
    for row in &rows {
        let request = row.request();
        let mut seen: Vec<_> = inspect::matches(&request).into_iter().map(|m| (m.rule, m.line)).collect();
        seen.sort();
        seen.dedup();
        if let Some(wanted) = &wanted
            && !row.must_block()
        {
            for m in inspect::matches(&request).iter().filter(|m| m.line == *wanted) {
                println!(
                    "LINE {} [{}] {}",
                    m.rule,
                    row.draft.chars().skip(m.start).take(m.end - m.start).collect::<String>(),
                    row.draft
                );
            }
        }
        for key in seen {
            let entry = lines.entry(key).or_default();
            if row.must_block() { entry.0 += 1 } else { entry.1 += 1 }
        }
        let verdict = check(&request, &Policy::default());
        let mut of: Vec<String> =
            verdict.findings.iter().filter(|f| f.severity == Decision::Block).map(|f| f.rule.clone()).collect();
        of.sort();
        of.dedup();
        for rule in of {
            let entry = rules.entry(rule).or_default();
            if row.must_block() { entry.0 += 1 } else { entry.1 += 1 }
        }
        let at = usize::from(row.lang == "es") * 2 + usize::from(row.must_block());
        total[at][0] += 1;
        total[at][1] += u32::from(verdict.verdict == Decision::Block);
        if wanted.as_deref() == Some("all") && !row.must_block() {
            for f in verdict.findings.iter().filter(|f| f.severity == Decision::Block) {
                println!("FP {} [{}] {} << {}", f.rule, f.evidence, row.draft, row.message.author);
            }
        }
    }
    for ((rule, line), (yes, no)) in lines {
        println!("{rule}\t{yes}\t{no}\t{line}");
    }
    for (rule, (yes, no)) in rules {
        println!("rule {rule}: of drafts to stop {yes}, of safe ones {no}");
    }
    println!("en safe, en block, es safe, es block: {total:?}");
    Ok(())
}
