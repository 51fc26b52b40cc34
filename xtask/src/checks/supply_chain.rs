//! What the program may be made of: licences, sources and banned crates, read from `cargo metadata`.
//!
//! `cargo deny` says more (advisories, duplicates) and runs too where it is installed. This runs everywhere.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::licence;
use crate::environment;
use crate::project::Project;
use crate::stages::Outcome;
use crate::suite;

/// The same list as in `deny.toml`; a test compares them.
const ALLOWED_LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that may not come in, each with the reason. The same list as in `deny.toml`.
const BANNED: &[(&str, &str)] = &[
    ("openssl-sys", "TLS is rustls: one program, no system library to patch"),
    ("native-tls", "TLS is rustls"),
    ("chrono", "time is jiff"),
    ("lazy_static", "the standard library has LazyLock"),
    ("async-std", "the runtime is tokio"),
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The stage.
pub fn run(project: &Project) -> Result<Outcome> {
    let metadata = project.metadata().context("is Cargo.lock up to date?")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let problems: Vec<String> = packages.iter().flat_map(problems).collect();
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  "));
    }
    let count = packages.len();
    if environment::program("cargo-deny").is_none() {
        let note = "cargo deny SKIPPED: not installed (cargo install --locked cargo-deny)";
        return Ok(Outcome::DoneWith(format!("{count} packages in order; {note}")));
    }
    // Advisories need the network; where they cannot be had, the rest still has to hold.
    suite::cargo(project, "cargo deny").with(["deny", "--offline", "check", "bans", "licenses", "sources"]).finish()?;
    Ok(Outcome::DoneWith(format!("{count} packages in order, cargo deny agrees")))
}

fn problems(package: &Value) -> Vec<String> {
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    let named = format!("{} {}", text("name"), text("version"));
    let mut problems = Vec::new();
    if let Some((_, why)) = BANNED.iter().find(|(name, _)| *name == text("name")) {
        problems.push(format!("{named} is banned: {why}"));
    }
    if !["", CRATES_IO].contains(&text("source")) {
        problems.push(format!("{named} comes from {}, not from crates.io", text("source")));
    }
    if !licence::is_allowed(text("license"), ALLOWED_LICENCES) {
        problems.push(format!("{named} has the licence `{}`, which is not on the list", text("license")));
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_of_unwanted_package_is_named_with_its_reason() {
        let package = |name: &str, source: Value, licence: Value| {
            problems(&json!({ "name": name, "version": "1.0.0", "source": source, "license": licence })).join("; ")
        };
        assert_eq!(package("good", json!(CRATES_IO), json!("MIT OR GPL-3.0-only")), "");
        assert_eq!(package("ours", Value::Null, json!("Apache-2.0")), "");
        assert!(package("openssl-sys", json!(CRATES_IO), json!("MIT")).contains("rustls"));
        assert!(package("fork", json!("git+https://example.org/fork"), json!("MIT")).contains("not from crates.io"));
        assert!(package("copyleft", json!(CRATES_IO), json!("AGPL-3.0-only")).contains("AGPL-3.0-only"));
        assert!(package("silent", json!(CRATES_IO), Value::Null).contains("not on the list"));
    }

    #[test]
    fn deny_toml_says_the_same() {
        let file = include_str!("../../../deny.toml");
        for licence in ALLOWED_LICENCES {
            assert!(file.contains(&format!("\"{licence}\"")), "{licence} is missing in deny.toml");
        }
        for (name, _) in BANNED {
            assert!(file.contains(&format!("\"{name}\"")), "{name} is missing in deny.toml");
        }
    }
}
