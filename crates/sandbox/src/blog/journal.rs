//! The file in which effects are recorded: one JSON object a line, synced before the answer.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Error, ErrorKind, Result, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Object;

/// One request that would change something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Counted from 1.
    pub number: u64,
    /// The method.
    pub method: String,
    /// The route, such as `/wp/v2/comments`.
    pub path: String,
    /// The `Idempotency-Key` it carried.
    pub idempotency_key: Option<String>,
    /// SHA-256 of the body, in hex.
    pub body_sha256: String,
    /// Whether it took effect. A refused one is recorded too, as it shows what was tried.
    pub accepted: bool,
    /// The status it is answered with.
    pub status: u16,
    /// The id of what was made or changed.
    pub native_id: Option<String>,
    /// What it made or changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
}

/// The hash of a body as the journal has it.
pub(super) fn body_hash(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

/// Where effects are written.
#[derive(Debug)]
pub(super) struct Journal {
    file: Option<File>,
    count: u64,
}

impl Journal {
    pub(super) const fn none() -> Self {
        Self { file: None, count: 0 }
    }

    pub(super) fn open(path: &Path, mut each: impl FnMut(Effect)) -> Result<Self> {
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let mut count = 0;
        let whole = read(&file, |effect| {
            count = effect.number;
            each(effect);
        })?;
        // A line that was cut by a crash was never answered: it is not an effect.
        if whole < file.metadata()?.len() {
            file.set_len(whole)?;
        }
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file: Some(file), count })
    }

    /// Records; when this returns, it is on the disk.
    pub(super) fn record(&mut self, effect: &mut Effect) -> Result<()> {
        effect.number = self.count + 1;
        if let Some(file) = &mut self.file {
            let mut line = serde_json::to_vec(effect)?;
            line.push(b'\n');
            file.write_all(&line)?;
            file.sync_data()?;
        }
        self.count = effect.number;
        Ok(())
    }

    pub(super) const fn is_durable(&self) -> bool {
        self.file.is_some()
    }
}

/// The effects recorded in a file, for a checker that trusts nothing else.
///
/// Errors: the file cannot be read, or a whole line of it is not an effect.
pub fn read_effects(path: &Path) -> Result<Vec<Effect>> {
    let mut effects = Vec::new();
    read(&File::open(path)?, |effect| effects.push(effect))?;
    Ok(effects)
}

/// Reads whole lines; returns how many bytes they have.
fn read(file: &File, mut each: impl FnMut(Effect)) -> Result<u64> {
    let mut reader = BufReader::new(file);
    let mut whole = 0;
    let mut line = String::new();
    loop {
        line.clear();
        let bytes = reader.read_line(&mut line)?;
        if !line.ends_with('\n') {
            return Ok(whole);
        }
        each(serde_json::from_str(&line).map_err(|error| Error::new(ErrorKind::InvalidData, error))?);
        whole += bytes as u64;
    }
}
