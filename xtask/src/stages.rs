//! Running one stage after the other, and the table of what each did and how long it took.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How a stage ended, if it did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did its work.
    Done,
    /// It did its work, and there is something to say about it.
    DoneWith(String),
    /// It did not run, and why. Never silent.
    Skipped(String),
}

/// The stages that have ended.
#[derive(Debug, Default)]
pub struct Stages {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

impl Stages {
    /// Runs one stage under a heading. Its error carries its name.
    pub fn run(&mut self, name: &'static str, work: impl FnOnce() -> Result<Outcome>) -> Result<()> {
        println!("\n== {name}");
        let begun = Instant::now();
        let outcome = work().with_context(|| format!("stage `{name}` failed"))?;
        match &outcome {
            Outcome::Done => {}
            Outcome::DoneWith(note) => println!("  {note}"),
            Outcome::Skipped(why) => println!("  SKIPPED: {why}"),
        }
        self.rows.push(Row { name, outcome, took: begun.elapsed() });
        Ok(())
    }

    /// The table, one line per stage and one for the sum.
    pub fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0).max("together".len());
        let line = |name: &str, took: Duration, note: &str| {
            let line = format!("  {name:<width$}  {:>6.2} min  {note}", took.as_secs_f64() / 60.0);
            line.trim_end().to_owned() + "\n"
        };
        let rows = self.rows.iter().map(|row| match &row.outcome {
            Outcome::Done => line(row.name, row.took, ""),
            Outcome::DoneWith(note) => line(row.name, row.took, note),
            Outcome::Skipped(why) => line(row.name, row.took, &format!("SKIPPED: {why}")),
        });
        let sum = self.rows.iter().map(|row| row.took).sum();
        rows.chain([line("together", sum, "")]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_was_skipped_and_adds_up_the_minutes() {
        let stages = Stages {
            rows: vec![
                Row { name: "format", outcome: Outcome::Done, took: Duration::from_secs(6) },
                Row { name: "browser", outcome: Outcome::Skipped("no web pages yet".into()), took: Duration::ZERO },
                Row { name: "lint", outcome: Outcome::DoneWith("2 long files".into()), took: Duration::from_secs(84) },
            ],
        };
        let expected = "  format      0.10 min\n  browser     0.00 min  SKIPPED: no web pages yet\n  \
                        lint        1.40 min  2 long files\n  together    1.50 min\n";
        assert_eq!(stages.table(), expected);
    }

    #[test]
    fn a_failure_names_its_stage_and_ends_the_run() {
        let mut stages = Stages::default();
        let problem = stages.run("lint", || anyhow::bail!("two warnings")).unwrap_err();
        assert_eq!(format!("{problem:#}"), "stage `lint` failed: two warnings");
        assert!(!stages.table().contains("lint"));
    }
}
