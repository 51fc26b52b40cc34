//! Stamps: a small file that says from which inputs a thing was made, so that a second run need not make it again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A fingerprint of inputs: FNV-1a, 64 bits. It guards against forgetting, not against an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of nothing.
    pub const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds one part; its length goes in too, so that ("ab", "c") differs from ("a", "bc").
    #[must_use]
    pub fn with(self, part: &[u8]) -> Self {
        let length = (part.len() as u64).to_le_bytes();
        let hash = length
            .iter()
            .chain(part)
            .fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
        Self(hash)
    }

    /// Adds every file below a directory, names and contents, leaving out directories with the given names.
    pub fn with_tree(self, directory: &Path, left_out: &[&str]) -> Result<Self> {
        let mut files = Vec::new();
        collect(directory, left_out, &mut files)?;
        files.sort();
        files.iter().try_fold(self, |fingerprint, file| {
            let name = file.strip_prefix(directory).unwrap_or(file);
            let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            Ok(fingerprint.with(name.as_os_str().as_encoded_bytes()).with(&content))
        })
    }

    /// As text, for a stamp file.
    pub fn text(self) -> String {
        format!("{:016x}", self.0)
    }
}

fn collect(directory: &Path, left_out: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot list {}", directory.display()))?;
    for entry in entries {
        let entry = entry?;
        if left_out.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), left_out, files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// One stamp file.
#[derive(Debug, Clone)]
pub struct Stamp(PathBuf);

impl Stamp {
    /// The stamp at this path; the file need not exist.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Whether the thing was made from exactly these inputs.
    pub fn is_fresh(&self, inputs: Fingerprint) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|text| text == inputs.text())
    }

    /// Says that the thing has now been made from these inputs.
    pub fn write(&self, inputs: Fingerprint) -> Result<()> {
        if let Some(parent) = self.0.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&self.0, inputs.text()).with_context(|| format!("cannot write {}", self.0.display()))
    }

    /// Forgets: before the thing is made anew, so that a broken attempt leaves no stamp behind.
    pub fn forget(&self) {
        // A stamp that is absent already is what we want.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let directory = std::env::temp_dir().join(format!("xtask-stamp-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(directory.join("src")).unwrap();
        directory
    }

    #[test]
    fn a_fingerprint_knows_where_one_part_ends() {
        let joined = |parts: &[&str]| parts.iter().fold(Fingerprint::new(), |all, part| all.with(part.as_bytes()));
        assert_eq!(joined(&["ab", "c"]), joined(&["ab", "c"]));
        assert_ne!(joined(&["ab", "c"]), joined(&["a", "bc"]));
        assert_ne!(joined(&["a"]), joined(&["a", ""]));
    }

    #[test]
    fn a_stamp_is_fresh_until_a_source_changes_and_not_when_an_output_does() {
        let directory = scratch("tree");
        fs::write(directory.join("src/a.ts"), "one").unwrap();
        fs::create_dir_all(directory.join("dist")).unwrap();
        let inputs = || Fingerprint::new().with_tree(&directory, &["dist"]).unwrap();
        let stamp = Stamp::at(directory.join("dist/stamp"));
        assert!(!stamp.is_fresh(inputs()), "nothing has been made yet");
        stamp.write(inputs()).unwrap();
        fs::write(directory.join("dist/a.js"), "built").unwrap();
        assert!(stamp.is_fresh(inputs()));
        fs::write(directory.join("src/a.ts"), "two").unwrap();
        assert!(!stamp.is_fresh(inputs()), "changed content");
        fs::write(directory.join("src/a.ts"), "one").unwrap();
        fs::write(directory.join("src/b.ts"), "").unwrap();
        assert!(!stamp.is_fresh(inputs()), "a new file");
        fs::remove_file(directory.join("src/b.ts")).unwrap();
        assert!(stamp.is_fresh(inputs()));
        stamp.forget();
        assert!(!stamp.is_fresh(inputs()));
        fs::remove_dir_all(directory).unwrap();
    }
}
