//! Signed checkpoints of the logs, in a file outside the database.
//!
//! A line says: this organisation's log had this height and this hash at this instant. Whoever cuts
//! the newest entries off, or puts an older copy of the database in place, contradicts a line that
//! they cannot sign again: the signing key is sealed by the master key.

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use bedside_model::audit::{Checkpoint, Tamper};
use bedside_model::{Micros, OrgId};
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};

use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::{Store, chain, trust};

const KEY_NAME: &str = "checkpoints";

/// The file of checkpoints of one installation.
#[derive(Debug)]
pub struct Checkpoints {
    path: PathBuf,
    key: SigningKey,
    last: BTreeMap<OrgId, u64>,
}

/// The outcome of a verification of one log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verification {
    /// Whose log.
    pub org: OrgId,
    /// Entries that verified.
    pub height: u64,
    /// The hash of the newest that verified, hexadecimal.
    pub hash: String,
    /// The newest checkpoint that holds, if there is any.
    pub checkpoint: Option<Checkpoint>,
    /// How many of the newest entries no checkpoint covers yet.
    pub uncovered: u64,
    /// What is wrong, if anything.
    pub tamper: Option<Tamper>,
}

impl Verification {
    /// Is the log whole?
    pub fn ok(&self) -> bool {
        self.tamper.is_none()
    }

    /// What to tell a person: the tampering in one sentence, or nothing.
    pub fn alarm(&self) -> Option<String> {
        self.tamper.as_ref().map(|tamper| format!("The log does not verify: {tamper}."))
    }
}

fn file_error(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let what = format!("{what} {}", path.display());
    move |source| StoreError::File { what, source }
}

impl Checkpoints {
    /// Opens the file of an installation; makes its signing key at the first start.
    pub async fn open(store: &Store, path: PathBuf, at: Micros) -> Result<Self> {
        let mut conn = store.read().await?;
        let stored = trust::system_key(&mut conn, KEY_NAME).await?;
        drop(conn);
        let key = match stored {
            Some((sealed, _)) => open_key(store, &sealed)?,
            None => make_key(store, at).await?,
        };
        let last = read_lines(&path)?.into_iter().fold(BTreeMap::new(), |mut last, line| {
            if let Ok(checkpoint) = line {
                let height = last.entry(checkpoint.org.clone()).or_insert(0);
                *height = checkpoint.height.max(*height);
            }
            last
        });
        Ok(Self { path, key, last })
    }

    /// Appends a checkpoint for each organisation whose log grew since its last, durably. Answers
    /// how many were written.
    pub async fn write(&mut self, store: &Store, at: Micros) -> Result<usize> {
        let mut conn = store.read().await?;
        let mut lines = String::new();
        let mut written = Vec::new();
        for org in trust::organisations(&mut conn).await? {
            let head = chain::head(&mut conn, &org).await?;
            if head.height > self.last.get(&org).copied().unwrap_or(0) {
                let mut checkpoint =
                    Checkpoint { org, height: head.height, hash: hex::encode(head.hash), at, signature: String::new() };
                checkpoint.signature = hex::encode(self.key.sign(&checkpoint.message()).to_bytes());
                lines.push_str(&crate::to_json(&checkpoint));
                lines.push('\n');
                written.push(checkpoint);
            }
        }
        if written.is_empty() {
            return Ok(0);
        }
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)
            .map_err(file_error("the checkpoint file", &self.path))?;
        file.write_all(lines.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(file_error("the checkpoint file", &self.path))?;
        for checkpoint in &written {
            self.last.insert(checkpoint.org.clone(), checkpoint.height);
        }
        Ok(written.len())
    }

    /// The height of an organisation's newest checkpoint.
    pub fn last(&self, org: &OrgId) -> u64 {
        self.last.get(org).copied().unwrap_or(0)
    }

    /// Verifies an organisation's log against itself and against the checkpoints.
    pub async fn verify(&self, store: &Store, org: &OrgId) -> Result<Verification> {
        let checkpoints = self.signed()?;
        verify_log(&mut store.read().await?, org, checkpoints).await
    }

    /// The checkpoints of the file that our key signed. A line that it did not sign proves nothing
    /// and hides nothing.
    pub fn signed(&self) -> Result<Vec<Checkpoint>> {
        let key = self.key.verifying_key();
        Ok(read_lines(&self.path)?.into_iter().flatten().filter(|c| signed(c, &key)).collect())
    }
}

fn open_key(store: &Store, sealed: &[u8]) -> Result<SigningKey> {
    let secret = store.keyring().open_system(KEY_NAME, sealed)?;
    let bytes: [u8; 32] = secret.as_slice().try_into().map_err(|_| StoreError::Sealed("checkpoint key"))?;
    Ok(SigningKey::from_bytes(&bytes))
}

async fn make_key(store: &Store, at: Micros) -> Result<SigningKey> {
    let mut bytes = zeroize::Zeroizing::new([0u8; 32]);
    store.ids().fill(bytes.as_mut());
    let key = SigningKey::from_bytes(&bytes);
    let sealed = store.keyring().seal_system(KEY_NAME, bytes.as_ref())?;
    let public = hex::encode(key.verifying_key().to_bytes());
    store
        .write_system(at, move |tx| {
            Box::pin(async move {
                trust::add_system_key(tx, KEY_NAME, sealed, &public).await?;
                tx.operational(())
            })
        })
        .await?;
    // Another process may have been first; what is stored counts.
    let mut conn = store.read().await?;
    match trust::system_key(&mut conn, KEY_NAME).await? {
        Some((sealed, _)) => open_key(store, &sealed),
        None => Err(StoreError::NotFound { what: "checkpoint key" }),
    }
}

fn read_lines(path: &Path) -> Result<Vec<std::result::Result<Checkpoint, u64>>> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(file_error("the checkpoint file", path)(e)),
    };
    let mut lines = Vec::new();
    for (number, line) in (1u64..).zip(std::io::BufReader::new(file).lines()) {
        let line = line.map_err(file_error("the checkpoint file", path))?;
        if !line.trim().is_empty() {
            lines.push(serde_json::from_str(&line).map_err(|_| number));
        }
    }
    Ok(lines)
}

fn signed(checkpoint: &Checkpoint, key: &VerifyingKey) -> bool {
    let Ok(bytes) = hex::decode(&checkpoint.signature) else { return false };
    let Ok(signature) = Signature::from_slice(&bytes) else { return false };
    key.verify(&checkpoint.message(), &signature).is_ok()
}

/// Verifies a log against itself and against checkpoints whose signatures hold.
pub async fn verify_log(conn: &mut Conn, org: &OrgId, mut checkpoints: Vec<Checkpoint>) -> Result<Verification> {
    checkpoints.retain(|c| c.org == *org);
    checkpoints.sort_by_key(|c| c.height);
    let heights: Vec<u64> = checkpoints.iter().map(|c| c.height).collect();
    let walk = chain::walk(conn, org, &heights).await?;
    let contradicted = checkpoints
        .iter()
        .find(|c| walk.at.get(&c.height).map(hex::encode).as_deref() != Some(c.hash.as_str()))
        .map(|c| c.height);
    let tamper = match (walk.tamper, contradicted) {
        (Some(tamper), _) => Some(tamper),
        (None, Some(height)) => Some(Tamper::checkpoint(height)),
        (None, None) => None,
    };
    let newest = checkpoints.pop();
    let covered = newest.as_ref().map_or(0, |c| c.height);
    Ok(Verification {
        org: org.clone(),
        height: walk.height,
        hash: hex::encode(walk.hash),
        checkpoint: newest,
        uncovered: walk.height.saturating_sub(covered),
        tamper,
    })
}
