//! The sets that models are trained and measured on: where they lie, what is in them, and how they are split.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bedside_understand::weights::Origin;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What is said where the licensed sets are absent.
const HOW_TO_GET: &str = "\
The licensed sets are not part of the repository. Put them into a folder and name it in BEDSIDE_DATASETS:
  nhs_px_v6.train.jsonl       github.com/The-Strategy-Unit/pxtextmining, datasets/v6framework_230831.csv (MIT)
  nhs_px_phase1.train.jsonl   the same, datasets/phase_1/text_data.csv (MIT)
  psytar_sent.train.jsonl     PsyTAR, sentences (CC BY 4.0)
  asq_phi.dev.jsonl           github.com/JamesWeatherhead/synthetic-clinical-queries (MIT)
  presidio_synth.dev.jsonl    github.com/microsoft/presidio-research, data/synth_dataset_v2.json (MIT, names CC BY-SA 3.0)
  xlmt.train.jsonl            github.com/cardiffnlp/xlm-t, sentiment (Apache-2.0)
  clinc150.train.jsonl        github.com/clinc/oos-eval (CC BY 3.0)
  medquad.jsonl               github.com/abachaa/MedQuAD (CC BY 4.0)
  names/, interface/ and the profiles of languages: data/models/names.md and language.md
Their fields stand in docs/training.md.";

/// Where the sets lie.
#[derive(Debug, Clone)]
pub struct Datasets {
    licensed: Option<PathBuf>,
    repository: PathBuf,
}

/// One file, read.
#[derive(Debug)]
pub struct Loaded<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// What goes onto the card of a model.
    pub origin: Origin,
    /// Lines that are no JSON.
    pub left_out: usize,
}

impl Datasets {
    /// Licensed sets in the folder given, own ones in the repository.
    pub fn new(licensed: Option<PathBuf>, repository: PathBuf) -> Self {
        Self { licensed, repository }
    }

    /// The folder of the repository.
    pub fn repository(&self) -> &Path {
        &self.repository
    }

    /// A folder beside the licensed sets.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.licensed.as_ref().with_context(|| format!("{name}/ is needed.\n{HOW_TO_GET}"))?.join(name);
        if !folder.is_dir() {
            bail!("{} is not there.", folder.display());
        }
        Ok(folder)
    }

    /// Rows of a licensed set.
    pub fn licensed<T: DeserializeOwned>(&self, file: &str, licence: &str) -> Result<Loaded<T>> {
        let folder = self.licensed.as_ref().with_context(|| format!("{file} is needed.\n{HOW_TO_GET}"))?;
        let path = folder.join(file);
        if !path.is_file() {
            bail!("{} is not there.\n{HOW_TO_GET}", path.display());
        }
        read(&path, file, licence)
    }

    /// Rows of an own set: `half` is `train` or `test`.
    pub fn annotated<T: DeserializeOwned>(&self, set: &str, half: &str) -> Result<Loaded<T>> {
        let name = format!("data/annotated/{set}/{half}.jsonl");
        read(&self.repository.join(&name), &name, "Apache-2.0")
    }
}

/// Reads a file of JSON lines. Lines that are no JSON (a bare `NaN`) are left out and counted; a line that has other
/// fields than it should is an error.
fn read<T: DeserializeOwned>(path: &Path, name: &str, licence: &str) -> Result<Loaded<T>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = std::str::from_utf8(&bytes).with_context(|| format!("{name} is not UTF-8"))?;
    let mut rows = Vec::new();
    let mut left_out = 0;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Value>(line) {
            Ok(value) => rows.push(serde_json::from_value(value).with_context(|| format!("{name}, line {}", at + 1))?),
            Err(_) => left_out += 1,
        }
    }
    let origin = Origin {
        file: name.to_owned(),
        sha256: hex::encode(Sha256::digest(&bytes)),
        rows: rows.len(),
        licence: licence.to_owned(),
    };
    Ok(Loaded { rows, origin, left_out })
}

/// A text reduced to its letters and digits, by which copies are told.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

/// Puts each row into one of `folds`, so that all rows of a group and all copies of a text are in one fold. The fold
/// comes from a hash of the group, so it does not depend on the order of the rows.
pub fn folds(keys: &[(String, String)], folds: usize) -> Vec<usize> {
    // Groups that share a text are one group: the smallest name among them speaks for all.
    let mut parent: BTreeMap<&str, &str> = keys.iter().map(|(group, _)| (group.as_str(), group.as_str())).collect();
    fn root<'k>(parent: &BTreeMap<&'k str, &'k str>, of: &'k str) -> &'k str {
        let mut at = of;
        while parent[at] != at {
            at = parent[at];
        }
        at
    }
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (group, text) in keys {
        let here = root(&parent, group);
        match first.get(text.as_str()) {
            Some(there) => {
                let there = root(&parent, there);
                let (low, high) = if here < there { (here, there) } else { (there, here) };
                parent.insert(high, low);
            }
            None => {
                first.insert(text, group);
            }
        }
    }
    keys.iter()
        .map(|(group, _)| {
            let digest = Sha256::digest(root(&parent, group).as_bytes());
            (u64::from_le_bytes(digest[..8].try_into().unwrap_or_default()) % folds as u64) as usize
        })
        .collect()
}

/// Marks the first of each text.
pub fn firsts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<bool> {
    let mut seen = HashSet::new();
    texts.into_iter().map(|text| seen.insert(folded(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(group, text)| ((*group).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_group_and_its_copies_stay_in_one_fold() {
        let keys = keys(&[("a", "one"), ("b", "two"), ("a", "three"), ("c", "three"), ("d", "four"), ("e", "four")]);
        let found = folds(&keys, 5);
        assert_eq!((found[0], found[2]), (found[2], found[3]));
        assert_eq!(found[4], found[5]);
        assert!(found.iter().all(|fold| *fold < 5));
    }

    #[test]
    fn copies_are_told_by_their_letters() {
        assert_eq!(folded("  Nothing!  At all… "), "nothing at all");
        assert_eq!(firsts(["Nothing.", "nothing", "Something"]), [true, false, true]);
    }

    #[test]
    fn an_absent_set_says_how_to_get_it() {
        let datasets = Datasets::new(None, PathBuf::new());
        let said = datasets.licensed::<Value>("psytar_sent.train.jsonl", "CC BY 4.0").expect_err("it is absent");
        assert!(said.to_string().contains("BEDSIDE_DATASETS"));
    }
}
