//! `cargo xtask bench understand`: what the crates `understand` and `guard` are measured to reach, beside baselines in the same
//! run, as the page `bench/understand.md`.
//!
//! `bench_understand [--only PART,PART] [--data FOLDER]`, in the root of the repository. Each part keeps what it measured in
//! `$BEDSIDE_BENCH_FOLDER`; with `--only`, the others stand in the page as they were measured last, with their day and load.

mod experience;
mod languages;
mod others;
mod page;
mod phi;
mod python;
mod speed;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use bedside_train::datasets::Datasets;
use page::Part;
use python::Python;

/// What a part needs.
struct Workshop {
    datasets: Datasets,
    /// The folder of the licensed sets.
    folder: PathBuf,
    python: Python,
}

/// Measures one part.
type Measure = fn(&mut Workshop) -> Result<Part>;

/// The parts, in the order of the page.
const PARTS: [(&str, Measure); 9] = [
    ("experience", experience::measure),
    ("blind", experience::blind),
    ("posts", others::posts),
    ("adverse", others::adverse),
    ("identifiers", phi::measure),
    ("languages", languages::measure),
    ("tweets", languages::tweets),
    ("guard", others::guard),
    ("speed", speed::measure),
];

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let after = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1));
    let only: Option<Vec<&str>> = after("--only").map(|names| names.split(',').collect());
    if let Some(unknown) = only.iter().flatten().find(|name| PARTS.iter().all(|(part, _)| part != *name)) {
        bail!("there is no part `{unknown}`; known are {}", PARTS.map(|(name, _)| name).join(", "));
    }
    let kept =
        variable("BEDSIDE_BENCH_FOLDER").map_or_else(|| PathBuf::from("bench/understand/measured"), PathBuf::from);
    std::fs::create_dir_all(&kept)?;
    let folder = variable("BEDSIDE_DATASETS").map(PathBuf::from);
    let datasets = Datasets::new(folder.clone(), PathBuf::from("."));
    // Says where the sets come from if they are absent, before anything is measured.
    bedside_train::nhs::comments(&datasets)?;
    let python = Python::start(&variable("BEDSIDE_BENCH_PYTHON").unwrap_or_else(|| "python3".into()))?;
    let mut workshop = Workshop { datasets, folder: folder.unwrap_or_default(), python };
    let mut parts = Vec::new();
    for (name, measure) in PARTS {
        let file = kept.join(format!("{name}.json"));
        if only.as_ref().is_none_or(|only| only.contains(&name)) {
            eprintln!("measuring {name}");
            let part = timed(&mut workshop, measure).with_context(|| format!("while measuring {name}"))?;
            std::fs::write(&file, serde_json::to_string_pretty(&part)?)?;
        }
        parts.push((name, kept_part(&file)?));
    }
    let versions = workshop.python.versions()?;
    std::fs::write("bench/understand.md", page::write(&parts, &versions))?;
    println!("{}", page::summary(&parts));
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "an example of the workshop, not the program")]
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

fn timed(workshop: &mut Workshop, measure: Measure) -> Result<Part> {
    let begin = Instant::now();
    let before = load()?;
    let mut part = measure(workshop)?;
    part.took = begin.elapsed().as_secs();
    part.load = format!("{before} before, {} after", load()?);
    part.day = today()?;
    Ok(part)
}

fn kept_part(file: &Path) -> Result<Option<Part>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(serde_json::from_str(&text)?)),
        Err(_) => Ok(None),
    }
}

/// The load average of the last minute.
fn load() -> Result<String> {
    let text = std::fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

fn today() -> Result<String> {
    let said = std::process::Command::new("date").args(["-u", "+%Y-%m-%d"]).output().context("cannot run date")?;
    Ok(String::from_utf8(said.stdout)?.trim().to_owned())
}
