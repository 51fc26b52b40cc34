//! A peer that runs, and how it tells where it is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::lifeline::Lifeline;

/// Running servers that make up one peer; dropping it stops them, the first one first.
#[derive(Debug)]
pub struct Served {
    /// Never empty: what others build on stands last.
    servers: Vec<Lifeline>,
    /// What a test needs to know.
    pub access: Value,
}

impl Served {
    /// A peer of one or more servers, in the order in which they are to end.
    pub fn new(servers: Vec<Lifeline>, access: Value) -> Self {
        Self { servers, access }
    }

    /// Waits until the first server ends by itself.
    pub fn wait(&mut self) -> Result<()> {
        self.servers.first_mut().context("a peer without a server")?.wait()?;
        Ok(())
    }
}

/// The file through which a test learns how to reach a peer; removed when dropped, for the passwords in it are worth
/// nothing once the peer is gone.
#[derive(Debug)]
pub struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Writes it.
    pub fn write(path: PathBuf, access: &Value) -> Result<Self> {
        super::write_whole(&path, &access.to_string())?;
        Ok(Self(path))
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Left behind it would harm nobody.
        let _ = fs::remove_file(&self.0);
    }
}
