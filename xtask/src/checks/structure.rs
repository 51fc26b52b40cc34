//! The shape of the house: pure crates are pure, and files stay short enough to be read.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project::Project;
use crate::stages::Outcome;

/// Crates that do no I/O, read no clock and draw no random number.
const PURE: &[&str] = &["bedside-model", "bedside-understand", "bedside-guard", "bedside-networks"];

/// What a pure crate may not depend on.
const IMPURE: &[&str] = &[
    "async-std",
    "axum",
    "bedside-engine",
    "bedside-sandbox",
    "bedside-server",
    "bedside-store",
    "getrandom",
    "hyper",
    "lettre",
    "mio",
    "rand",
    "reqwest",
    "rusqlite",
    "smol",
    "socket2",
    "sqlx",
    "tempfile",
    "tokio",
    "tower-http",
    "tracing-subscriber",
    "ureq",
];

/// Above this a file is usually two ideas; it is reported, not refused.
const LONG: usize = 400;

/// The stage.
pub fn run(project: &Project) -> Result<Outcome> {
    let metadata = project.metadata()?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let problems: Vec<String> = packages.iter().filter_map(impurity).collect();
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  "));
    }
    let long = long_files(&project.root)?;
    if long.is_empty() {
        return Ok(Outcome::Done);
    }
    for (file, lines) in &long {
        println!("  {lines:5} lines  {}", file.display());
    }
    Ok(Outcome::DoneWith(format!("{} files over {LONG} lines", long.len())))
}

/// What is wrong with a package, if it is a pure crate that depends on something impure outside its tests.
fn impurity(package: &Value) -> Option<String> {
    let name = package["name"].as_str().filter(|name| PURE.contains(name))?;
    let dependencies = package["dependencies"].as_array()?;
    let found: Vec<&str> = dependencies
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str().filter(|name| IMPURE.contains(name)))
        .collect();
    (!found.is_empty()).then(|| format!("{name} is a pure crate, but depends on {}", found.join(", ")))
}

fn long_files(root: &Path) -> Result<Vec<(PathBuf, usize)>> {
    let mut files = Vec::new();
    for directory in ["crates", "xtask", "web/src", "web/tests", "web/e2e"] {
        if root.join(directory).is_dir() {
            visit(&root.join(directory), &mut files)?;
        }
    }
    let mut long: Vec<(PathBuf, usize)> = files
        .into_iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(&file).ok()?.lines().count();
            (lines > LONG).then(|| (file.strip_prefix(root).map(Path::to_owned).unwrap_or(file), lines))
        })
        .collect();
    long.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    Ok(long)
}

fn visit(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        let is_source = path.extension().is_some_and(|kind| kind == "rs" || kind == "ts" || kind == "tsx");
        // The typed client is generated and read by nobody.
        let is_generated = path.ends_with("schema.ts");
        if entry.file_type()?.is_dir() {
            if entry.file_name() != "node_modules" && entry.file_name() != "target" {
                visit(&path, files)?;
            }
        } else if is_source && !is_generated {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pure_crate_may_use_an_impure_one_only_in_its_tests() {
        let package = |name: &str, kind: Value| {
            impurity(
                &json!({ "name": name, "dependencies": [{ "name": "serde", "kind": null }, { "name": "tokio", "kind": kind }] }),
            )
        };
        assert_eq!(
            package("bedside-guard", Value::Null).as_deref(),
            Some("bedside-guard is a pure crate, but depends on tokio")
        );
        assert!(package("bedside-guard", json!("build")).is_some());
        assert_eq!(package("bedside-guard", json!("dev")), None);
        assert_eq!(package("bedside-engine", Value::Null), None);
    }
}
