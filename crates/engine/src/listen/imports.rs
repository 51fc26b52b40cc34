//! Imports of files: read row by row in constant memory, stored like what a network serves.
//!
//! An import is a leased job over a file that lies in the data directory until it is done. Each step
//! stores its rows, the refused ones, and how far it is, in one transaction; so after a crash it
//! goes on behind the last row that is durable, and the same file read twice adds nothing twice.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bedside_model::{AccountId, ImportId, OrgId, Phi, UserId};
use bedside_networks::import::{ImportError, ImportRow, ImportSettings, Rows, rows};
use bedside_networks::{AccountView, RawItem};
use bedside_store::intake::raw;
use bedside_store::listen::import::{self, Import, NewImport, Progress, Reject};
use bedside_store::{By, Entry, StoreError};

use super::poller::items;
use super::{Listen, account_view, micros};

/// Rows of one step.
const STEP: usize = 1_000;
/// How long one step may take at most.
const LEASE: Duration = Duration::from_secs(120);
/// The folder of the files within the data directory.
const FOLDER: &str = "imports";

/// The file of an import, as it comes in.
#[derive(Debug, Clone)]
pub enum ImportFile {
    /// A file of this machine; it is copied.
    Path(PathBuf),
    /// What was uploaded.
    Bytes(Phi<Vec<u8>>),
}

/// An import to begin.
#[derive(Debug, Clone)]
pub struct Begin {
    /// Into which account; its network is `import`.
    pub account_id: AccountId,
    /// The file's name, for people.
    pub name: String,
    /// How the file is to be read; see [`bedside_networks::import::guess`].
    pub settings: ImportSettings,
    /// The file.
    pub file: ImportFile,
    /// Who began it, for the log.
    pub by: By,
    /// Who began it, where it was a user.
    pub user: Option<UserId>,
}

/// Counts what is read, for the progress bar.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A file under work.
struct Open {
    rows: Rows<Counted>,
    read: Arc<AtomicU64>,
    view: AccountView,
    /// The last row that was read.
    last: u64,
}

/// What one step read.
struct Step {
    items: Vec<RawItem>,
    rejects: Vec<Reject>,
    last: u64,
    ended: bool,
}

impl Listen {
    /// Stores the file and begins the import; [`Listen::run_until_idle`] or [`Listen::run_import`]
    /// does the work.
    pub async fn begin_import(&self, org: &OrgId, begin: Begin) -> Result<ImportId, StoreError> {
        let id = ImportId::from_bits(self.store.ids().bits(self.clock.now()));
        let file = format!("{FOLDER}/{id}");
        let (to, from) = (self.data_dir.join(&file), begin.file);
        let total = blocking(move || keep(&to, &from)).await?;
        let new = NewImport {
            id: id.clone(),
            account_id: begin.account_id,
            name: begin.name,
            format: begin.settings.format.as_str().to_owned(),
            columns: serde_json::to_value(&begin.settings).unwrap_or_default(),
            file,
            total_bytes: i64::try_from(total).unwrap_or(i64::MAX),
            created_by: begin.user,
        };
        let by = begin.by;
        self.store
            .write(org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    import::add(tx, &new).await?;
                    let entry = Entry::new(by, "import.begun", &new.id).with("bytes", new.total_bytes);
                    tx.commit(entry, ())
                })
            })
            .await?;
        Ok(id)
    }

    /// Goes on with every import of an organisation that nobody works on. Answers how many.
    pub async fn import_due(&self, org: &OrgId) -> Result<usize, StoreError> {
        let due = import::due(&mut self.store.read().await?, org, self.clock.now()).await?;
        let mut done = 0;
        for id in due {
            done += usize::from(self.run_import(org, &id, &mut |_| {}).await?.is_some());
        }
        Ok(done)
    }

    /// Runs one import to its end and has the intake read what it brings, step by step; `progress`
    /// hears of each step. `None` where another process is at it, or it does not run.
    pub async fn run_import(
        &self,
        org: &OrgId,
        id: &ImportId,
        progress: &mut (dyn FnMut(&Import) + Send),
    ) -> Result<Option<Import>, StoreError> {
        let now = self.clock.now();
        let (owner, until, wanted) = (self.owner.clone(), now + micros(LEASE), id.clone());
        let claimed = self
            .store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let claimed = import::claim(tx, &wanted, &owner, until).await?;
                    tx.operational(claimed)
                })
            })
            .await?;
        let Some(claimed) = claimed else { return Ok(None) };
        let failure = match self.open(org, &claimed).await? {
            Err(why) => Some(why.to_string()),
            Ok(mut open) => loop {
                let (opened, step) = blocking(move || {
                    let step = next_step(&mut open);
                    Ok((open, step))
                })
                .await?;
                open = opened;
                let step = match step {
                    Ok(step) => step,
                    Err(why) => break Some(why.to_string()),
                };
                let ended = step.ended;
                if !self.keep_step(org, &claimed, &open, step).await? {
                    return Ok(None);
                }
                self.intake_until_idle(org).await?;
                progress(&import::get(&mut self.store.read().await?, org, id).await?);
                if ended {
                    break None;
                }
            },
        };
        self.end_import(org, &claimed, failure).await?;
        import::get(&mut self.store.read().await?, org, id).await.map(Some)
    }

    /// Opens the file behind the last row that is done. The inner error is the file's, for a person.
    async fn open(&self, org: &OrgId, claimed: &Import) -> Result<Result<Open, ImportError>, StoreError> {
        let view = account_view(&self.store, org, &claimed.account_id).await?;
        let settings: ImportSettings = serde_json::from_value(claimed.columns.clone())
            .map_err(|_| StoreError::Column { column: "columns".into(), why: "they are no import settings".into() })?;
        let path = self.data_dir.join(&claimed.file);
        let done = usize::try_from(claimed.line).unwrap_or(0);
        blocking(move || {
            let read = Arc::new(AtomicU64::new(0));
            let opened = File::open(&path).map_err(ImportError::from).and_then(|file| {
                let mut rows = rows(Counted { file, read: read.clone() }, &settings)?;
                if done > 0 {
                    rows.nth(done - 1).transpose()?;
                }
                Ok(rows)
            });
            Ok(opened.map(|rows| Open { rows, read, view, last: done as u64 }))
        })
        .await
    }

    /// Stores a step; `false` where the lease was lost or somebody paused the import.
    async fn keep_step(&self, org: &OrgId, claimed: &Import, open: &Open, step: Step) -> Result<bool, StoreError> {
        let items = items(&open.view, step.items);
        let done_bytes = i64::try_from(open.read.load(Ordering::Relaxed)).unwrap_or(i64::MAX).min(claimed.total_bytes);
        let (ids, owner) = (self.store.ids().clone(), self.owner.clone());
        let (id, account) = (claimed.id.clone(), claimed.account_id.clone());
        let now = self.clock.now();
        let until = now + micros(LEASE);
        let (rejects, last) = (step.rejects, i64::try_from(step.last).unwrap_or(i64::MAX));
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
                    let stored = raw::store(tx, &ids, &account, None, items, &[]).await?;
                    let accepted = i64::try_from(stored.new + stored.changed).unwrap_or(i64::MAX);
                    let refused = rejects.len();
                    let progress = Progress { done_bytes, line: last, accepted, known: count - accepted, rejects };
                    if !import::progress(tx, &id, &owner, progress, until).await? {
                        return Err(StoreError::Conflict { what: "import" });
                    }
                    if !stored.any() {
                        return tx.operational(true);
                    }
                    let entry = Entry::new(By::system("import"), "import.stored", &id)
                        .with("new", stored.new)
                        .with("changed", stored.changed)
                        .with("rejected", refused);
                    tx.commit(entry, true)
                })
            })
            .await
            .or_else(|e| match e {
                // Nothing of the step stands; whoever holds the import by now reads it again.
                StoreError::Conflict { .. } => Ok(false),
                e => Err(e),
            })
    }

    async fn end_import(&self, org: &OrgId, claimed: &Import, failure: Option<String>) -> Result<(), StoreError> {
        let (id, owner) = (claimed.id.clone(), self.owner.clone());
        let fine = failure.is_none();
        self.store
            .write(org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    import::end(tx, &id, &owner, failure.as_deref()).await?;
                    let action = if failure.is_none() { "import.done" } else { "import.failed" };
                    tx.commit(Entry::new(By::system("import"), action, &id), ())
                })
            })
            .await?;
        if fine {
            // What was taken stands in the database; the file has served.
            let path = self.data_dir.join(&claimed.file);
            blocking(move || {
                // A file that is gone already is as good.
                drop(std::fs::remove_file(path));
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}

fn next_step(open: &mut Open) -> Result<Step, ImportError> {
    let mut step = Step { items: Vec::with_capacity(STEP), rejects: vec![], last: open.last, ended: false };
    for _ in 0..STEP {
        let Some(row) = open.rows.next() else {
            step.ended = true;
            break;
        };
        let ImportRow { number, line, result } = row?;
        step.last = number;
        open.last = number;
        match result {
            Ok(item) => step.items.push(item),
            Err(rejected) => step.rejects.push(Reject {
                line: i64::try_from(line).unwrap_or(i64::MAX),
                reason: rejected.reason.to_string(),
                row: rejected.row.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            }),
        }
    }
    Ok(step)
}

/// Keeps a file for an import, readable by its owner only. Answers its size in bytes.
fn keep(to: &Path, from: &ImportFile) -> Result<u64, StoreError> {
    let failed =
        |source: io::Error| StoreError::File { what: "the file of the import cannot be kept".to_owned(), source };
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut kept = options.open(to).map_err(failed)?;
    let size = match from {
        ImportFile::Path(path) => io::copy(&mut File::open(path).map_err(failed)?, &mut kept),
        ImportFile::Bytes(bytes) => io::copy(&mut bytes.expose().as_slice(), &mut kept),
    }
    .map_err(failed)?;
    kept.sync_all().map_err(failed)?;
    Ok(size)
}

/// Runs file work on a thread where waiting is allowed.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Rule("work on a file panicked"))?
}
