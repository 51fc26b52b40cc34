//! `cargo xtask bench`: the benchmarks by name. Each is an example of a crate that prints its numbers and writes its own
//! part of `bench/README.md`; this only builds it for release and starts it.

use anyhow::{Context, Result, bail};

use crate::lifeline::Spec;
use crate::project::Project;
use crate::suite;

/// One benchmark: an example named `bench_<name>` in a package.
struct Bench {
    name: &'static str,
    package: &'static str,
    /// What it measures, and against what.
    about: &'static str,
}

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
    Bench { name: "inbox", package: "bedside-engine", about: "an inbox page at 500,000 messages" },
    Bench { name: "idle", package: "bedside-engine", about: "idle memory, and start to ready with 500,000 messages" },
    Bench { name: "kill", package: "bedside-engine", about: "recovery after kill -9" },
];

/// Runs one, or lists all with whether each exists yet.
pub fn run(project: &Project, name: Option<&str>, passed_on: &[String]) -> Result<()> {
    let existing = examples(project)?;
    let Some(name) = name else {
        println!("cargo xtask bench NAME [-- ARGUMENTS]");
        for bench in BENCHES {
            let state = if existing.contains(&bench.example()) { "" } else { "  (not written yet)" };
            println!("  {:8} {}{state}", bench.name, bench.about);
        }
        return Ok(());
    };
    let bench =
        BENCHES.iter().find(|bench| bench.name == name).with_context(|| format!("there is no bench `{name}`"))?;
    if !existing.contains(&bench.example()) {
        bail!("{} has no example `{}` yet", bench.package, bench.example());
    }
    let program: Spec = suite::cargo(project, "cargo build").with(["build", "--release", "--package", "bedside"]);
    program.finish()?;
    suite::cargo(project, "the benchmark")
        .with(["run", "--release", "--package", bench.package, "--example", &bench.example(), "--"])
        .with(passed_on)
        .variable("BEDSIDE_BENCH_BIN", project.target.join("release/bedside"))
        .finish()
}

impl Bench {
    fn example(&self) -> String {
        format!("bench_{}", self.name)
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
