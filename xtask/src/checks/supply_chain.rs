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

/// A crate that may not come in.
struct Ban {
    name: &'static str,
    why: &'static str,
    /// Foreign crates that may use it all the same.
    except_by: &'static [&'static str],
}

/// The same list as in `deny.toml`.
const BANNED: &[Ban] = &[
    Ban { name: "openssl-sys", why: "TLS is rustls: one program, no system library to patch", except_by: &[] },
    Ban { name: "native-tls", why: "TLS is rustls", except_by: &[] },
    Ban { name: "async-std", why: "the runtime is tokio", except_by: &[] },
    Ban { name: "chrono", why: "time is jiff", except_by: &["feed-rs", "async-imap"] },
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The stage.
pub fn run(project: &Project) -> Result<Outcome> {
    let metadata = project.metadata().context("is Cargo.lock up to date?")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let mut problems: Vec<String> = packages.iter().flat_map(problems).collect();
    problems.extend(banned(&metadata));
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
    if !["", CRATES_IO].contains(&text("source")) {
        problems.push(format!("{named} comes from {}, not from crates.io", text("source")));
    }
    if !licence::is_allowed(text("license"), ALLOWED_LICENCES) {
        problems.push(format!("{named} has the licence `{}`, which is not on the list", text("license")));
    }
    problems
}

/// Which package uses a banned crate, and why that is not wanted.
fn banned(metadata: &Value) -> Vec<String> {
    let nodes = metadata["resolve"]["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    let uses = nodes.iter().flat_map(|node| {
        let dependencies = node["deps"].as_array().map_or(&[][..], Vec::as_slice);
        dependencies.iter().map(move |dependency| (name_in(&node["id"]), name_in(&dependency["pkg"])))
    });
    let refused = |(user, used): (&str, &str)| {
        let ban = BANNED.iter().find(|ban| ban.name == used && !ban.except_by.contains(&user))?;
        Some(format!("{used} is banned ({}), but {user} uses it", ban.why))
    };
    uses.filter_map(refused).collect()
}

/// The name in a package id: `registry+https://…#name@1.0.0`, or for a directory of that name `path+file:///…/name#1.0.0`.
fn name_in(id: &Value) -> &str {
    let Some((place, fragment)) = id.as_str().and_then(|id| id.split_once('#')) else { return "" };
    match fragment.split_once('@') {
        Some((name, _)) => name,
        None => place.rsplit('/').next().unwrap_or(place),
    }
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
        assert!(package("fork", json!("git+https://example.org/fork"), json!("MIT")).contains("not from crates.io"));
        assert!(package("copyleft", json!(CRATES_IO), json!("AGPL-3.0-only")).contains("AGPL-3.0-only"));
        assert!(package("silent", json!(CRATES_IO), Value::Null).contains("not on the list"));
    }

    #[test]
    fn a_banned_crate_is_named_with_the_crate_that_brings_it_unless_that_one_may() {
        let node = |user: &str, used: &str| json!({ "id": format!("{CRATES_IO}#{user}@1.0.0"), "deps": [{ "pkg": format!("{CRATES_IO}#{used}@0.4.1") }] });
        let ours =
            json!({ "id": "path+file:///here/store#0.1.0", "deps": [{ "pkg": format!("{CRATES_IO}#chrono@0.4.1") }] });
        let nodes = json!([node("hyper", "http"), node("feed-rs", "chrono"), node("curl", "openssl-sys"), ours]);
        let found = banned(&json!({ "resolve": { "nodes": nodes } }));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("curl uses it") && found[0].contains("rustls"));
        assert!(found[1].contains("store uses it") && found[1].contains("jiff"));
    }

    #[test]
    fn deny_toml_says_the_same() {
        let file = include_str!("../../../deny.toml");
        for licence in ALLOWED_LICENCES {
            assert!(file.contains(&format!("\"{licence}\"")), "{licence} is missing in deny.toml");
        }
        for Ban { name, .. } in BANNED {
            assert!(file.contains(&format!("\"{name}\"")), "{name} is missing in deny.toml");
        }
    }
}
