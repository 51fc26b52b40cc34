//! `cargo xtask bench`: the benchmarks by name. Each is an example of a crate that prints what it measured as rows of a
//! table; this builds it and the program for release, starts it, and puts the rows into `bench/README.md`, with the day and
//! how busy the machine was. `understand` writes a page of its own besides, `bench/understand.md`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::project::Project;
use crate::{baselines, suite};

/// One benchmark: an example named `bench_<name>` in a package.
struct Bench {
    name: &'static str,
    package: &'static str,
    /// What it measures, and against what.
    about: &'static str,
}

/// The one that needs no program, but the licensed sets and Python.
const UNDERSTAND: &str = "understand";

const BENCHES: &[Bench] = &[
    Bench {
        name: "ingest",
        package: "bedside-engine",
        about: "full ingest against a bare SQLite insert of the same rows",
    },
    Bench {
        name: "accept",
        package: "bedside-engine",
        about: "durable webhook-style accept against a bare axum hello",
    },
    Bench {
        name: "connectors",
        package: "bedside-engine",
        about: "answers of each network to messages, against a bare serde_json::from_slice of the same bytes",
    },
    Bench {
        name: "jetstream",
        package: "bedside-engine",
        about: "the program on a replayed Jetstream, with 10,000 watch terms",
    },
    Bench {
        name: "webhooks",
        package: "bedside-engine",
        about: "signed webhooks to the program, against a bare axum handler that reads the same",
    },
    Bench {
        name: "burst",
        package: "bedside-engine",
        about: "143,199 messages offered at once to the program; and kill -9 meanwhile",
    },
    Bench { name: "inbox", package: "bedside-engine", about: "an inbox page at 500,000 messages" },
    Bench { name: "idle", package: "bedside-engine", about: "idle memory, and start to ready with 500,000 messages" },
    Bench { name: "kill", package: "bedside-engine", about: "recovery after kill -9" },
    Bench {
        name: UNDERSTAND,
        package: "bedside-train",
        about: "how well messages and replies are read, beside Python baselines; needs BEDSIDE_DATASETS",
    },
];

/// Runs one (or `all`), or lists all with whether each exists yet.
pub fn run(project: &Project, name: Option<&str>, passed_on: &[String]) -> Result<()> {
    let existing = examples(project)?;
    let Some(name) = name else {
        println!("cargo xtask bench NAME [-- ARGUMENTS], or `all`");
        for bench in BENCHES {
            let state = if existing.contains(&bench.example()) { "" } else { "  (not written yet)" };
            println!("  {:10} {}{state}", bench.name, bench.about);
        }
        return Ok(());
    };
    let chosen: Vec<&Bench> = BENCHES
        .iter()
        .filter(|bench| bench.name == name || (name == "all" && existing.contains(&bench.example())))
        .collect();
    ensure!(!chosen.is_empty(), "there is no bench `{name}`");
    if chosen.iter().any(|bench| bench.name != UNDERSTAND) {
        suite::cargo(project, "cargo build").with(["build", "--release", "--package", "bedside"]).finish()?;
    }
    for bench in chosen {
        if !existing.contains(&bench.example()) {
            bail!("{} has no example `{}` yet", bench.package, bench.example());
        }
        bench.measure(project, passed_on)?;
    }
    Ok(())
}

impl Bench {
    fn example(&self) -> String {
        format!("bench_{}", self.name)
    }

    /// Runs it and puts what it prints into the table.
    fn measure(&self, project: &Project, passed_on: &[String]) -> Result<()> {
        suite::cargo(project, "cargo build")
            .with(["build", "--release", "--package", self.package, "--example", &self.example()])
            .finish()?;
        let folder = project.target.join("bench");
        fs::create_dir_all(&folder)?;
        let printed = folder.join(format!("{}.rows", self.name));
        let before = load()?;
        let mut running = suite::cargo(project, "the benchmark")
            .with(["run", "--release", "--quiet", "--package", self.package, "--example", &self.example(), "--"])
            .with(passed_on)
            .variable("BEDSIDE_BENCH_BIN", project.target.join("release/bedside"));
        if self.name == UNDERSTAND {
            running = running
                .variable("BEDSIDE_BENCH_PYTHON", baselines::prepare(project)?)
                .variable("BEDSIDE_BENCH_FOLDER", project.root.join("bench/understand/measured"));
        }
        // Rows go to a file; progress goes to the terminal.
        let into_file =
            ["sh", "-c", "exec \"$@\" > \"$0\""].map(Into::into).into_iter().chain([printed.clone().into()]);
        running.words.splice(0..0, into_file);
        running.finish()?;
        let rows = fs::read_to_string(&printed)?;
        print!("{rows}");
        let cores = std::thread::available_parallelism()?;
        let on = format!("{}, {cores} cores, load {before} before, {} after", today()?, load()?);
        let readme = project.root.join("bench/README.md");
        let text = with_rows(&fs::read_to_string(&readme)?, self.name, &rows, &on)?;
        fs::write(&readme, text).with_context(|| format!("cannot write {}", readme.display()))
    }
}

fn examples(project: &Project) -> Result<Vec<String>> {
    let metadata = project.metadata()?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let targets = packages
        .iter()
        .filter(|package| BENCHES.iter().any(|bench| package["name"] == bench.package))
        .flat_map(|package| package["targets"].as_array().into_iter().flatten())
        .filter_map(|target| target["name"].as_str().map(str::to_owned));
    Ok(targets.collect())
}

/// The load average of the last minute.
fn load() -> Result<String> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

fn today() -> Result<String> {
    let said = Command::new("date").args(["-u", "+%Y-%m-%d"]).output().context("cannot run date")?;
    Ok(String::from_utf8(said.stdout)?.trim().to_owned())
}

/// The text with the rows of one benchmark in place of those it had. A benchmark prints `| what | measured | goal | how |`;
/// the table adds where and by which command.
fn with_rows(text: &str, name: &str, printed: &str, on: &str) -> Result<String> {
    let command = format!("| `cargo xtask bench {name}` |");
    let mut rows = String::new();
    for row in printed.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [what, measured, goal, how] = cells[..] else { bail!("a row of four cells was expected, not `{row}`") };
        let goal = goal.trim_start_matches("goal ");
        rows += &format!("| {what} | {goal} | {measured} | {how} | {on} {command}\n");
    }
    ensure!(!rows.is_empty(), "the benchmark `{name}` printed no row");
    ensure!(text.contains(&command), "bench/README.md has no row of `cargo xtask bench {name}` to replace");
    let mut out = String::with_capacity(text.len() + rows.len());
    for line in text.lines() {
        if !line.ends_with(&command) {
            out += line;
            out.push('\n');
        } else if !rows.is_empty() {
            out += &std::mem::take(&mut rows);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::with_rows;

    #[test]
    fn new_rows_take_the_place_of_the_old_ones_of_the_same_benchmark_only() {
        let before = "# Numbers\n\n| a | 1 | ? | | | `cargo xtask bench idle` |\n| b | 2 | ? | | | `cargo xtask bench idle` |\n\
                      | c | 3 | ? | | | `cargo xtask bench inbox` |\n\nText.\n";
        let printed = "noise\n| a | 7 | goal 1 | nine times |\n| b | 8 | goal 2 | once |\n";
        let after = "# Numbers\n\n| a | 1 | 7 | nine times | today | `cargo xtask bench idle` |\n\
                     | b | 2 | 8 | once | today | `cargo xtask bench idle` |\n\
                     | c | 3 | ? | | | `cargo xtask bench inbox` |\n\nText.\n";
        assert_eq!(with_rows(before, "idle", printed, "today").unwrap(), after);
    }

    #[test]
    fn a_benchmark_that_says_nothing_or_has_no_row_is_an_error() {
        let table = "| a | 1 | ? | | | `cargo xtask bench idle` |\n";
        assert!(with_rows(table, "idle", "nothing\n", "today").is_err());
        assert!(with_rows(table, "inbox", "| a | 7 | goal 1 | once |\n", "today").is_err());
        assert!(with_rows(table, "idle", "| a | 7 |\n", "today").is_err());
    }
}
