//! `data/README.md` says of every data file where it comes from: each stands there by its name, and no other does.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

/// All files below a folder, by their path from `data`.
fn files(folder: &Path, out: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the data are part of the repository") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            files(&path, out);
        } else {
            let below = path.strip_prefix(root()).expect("it lies below").to_string_lossy().replace('\\', "/");
            out.insert(below);
        }
    }
}

/// The names in the first cells of the table; a name without a folder lies in that of the name before it.
fn listed(readme: &str) -> Vec<String> {
    let mut out = Vec::new();
    for row in readme.lines().filter(|line| line.starts_with("| `")) {
        let cell = row.split('|').nth(1).unwrap_or_default();
        let mut folder = "";
        for name in cell.split('`').skip(1).step_by(2) {
            match name.rsplit_once('/') {
                Some((of, _)) => {
                    folder = of;
                    out.push(name.to_owned());
                }
                None => out.push(format!("{folder}/{name}")),
            }
        }
    }
    out
}

/// `demo/*` stands for everything below `demo`.
fn fits(listed: &str, file: &str) -> bool {
    listed.strip_suffix('*').map_or(listed == file, |folder| file.starts_with(folder))
}

#[test]
fn every_data_file_is_listed_and_nothing_else_is() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the list of the data");
    let listed = listed(&readme);
    let mut there = BTreeSet::new();
    files(&root(), &mut there);
    there.remove("README.md");
    let missing: Vec<&String> = there.iter().filter(|file| !listed.iter().any(|one| fits(one, file))).collect();
    assert!(missing.is_empty(), "say in data/README.md where these come from: {missing:?}");
    let gone: Vec<&String> = listed.iter().filter(|one| !there.iter().any(|file| fits(one, file))).collect();
    assert!(gone.is_empty(), "data/README.md lists what is not there: {gone:?}");
}
