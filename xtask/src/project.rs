//! Where things lie: the repository, cargo's target directory, the web pages.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::environment;

/// The places of one checkout.
#[derive(Debug, Clone)]
pub struct Project {
    /// The root of the repository.
    pub root: PathBuf,
    /// Cargo's target directory; `CARGO_TARGET_DIR` and cargo's configuration are honoured.
    pub target: PathBuf,
}

impl Project {
    /// Finds the repository from the place of this crate, and asks cargo for the rest.
    pub fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent directory")?.to_owned();
        let target = match environment::variable("CARGO_TARGET_DIR") {
            Some(directory) => root.join(directory),
            None => {
                let metadata = metadata(&root, &["--no-deps", "--offline"])?;
                PathBuf::from(
                    metadata["target_directory"].as_str().context("cargo metadata names no target directory")?,
                )
            }
        };
        Ok(Self { root, target })
    }

    /// The directory of the web pages.
    pub fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// Everything that was fetched or prepared for the tests.
    pub fn peers(&self) -> PathBuf {
        self.target.join("peers")
    }

    /// The debug binary of the program.
    pub fn debug_binary(&self) -> PathBuf {
        self.target.join("debug/bedside")
    }

    /// The cargo that started us, so that `cargo +toolchain xtask` keeps its toolchain.
    pub fn cargo(&self) -> PathBuf {
        environment::variable("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
    }

    /// What `cargo metadata` says about the whole dependency tree, from the lock file as it stands.
    pub fn metadata(&self) -> Result<Value> {
        metadata(&self.root, &["--locked"])
    }
}

fn metadata(root: &Path, arguments: &[&str]) -> Result<Value> {
    let cargo = environment::variable("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1"])
        .args(arguments)
        .current_dir(root)
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
