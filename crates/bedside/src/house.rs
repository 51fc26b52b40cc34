//! The open house: database, keys, checkpoints, loops.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use bedside_engine::Clock;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::out::Out;
use bedside_model::OrgId;
use bedside_store::checkpoint::Checkpoints;
use bedside_store::{Change, Ids, MasterKey, Store, Target, startup, trust};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::config::Config;

/// How often checkpoints are written where the log grows slowly.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(60);

/// A checkpoint is written after this many entries at the latest.
const CHECKPOINT_ENTRIES: u64 = 1_000;

/// An open installation.
pub struct House {
    /// The settings.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The signed checkpoints.
    pub checkpoints: Arc<Mutex<Checkpoints>>,
    /// The HTTP client.
    pub http: Http,
}

impl House {
    /// Opens the installation of these settings; makes directory, database and master key where
    /// this is the first start.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        Self::open_with(config, AllowedHosts::default()).await
    }

    /// As [`House::open`], with hosts in private ranges that may be spoken to.
    pub async fn open_with(config: Config, allowed: AllowedHosts) -> anyhow::Result<Self> {
        make_private_dir(&config.data)?;
        let ids = Arc::new(Ids::random());
        let key_path = config.master_key();
        let master = MasterKey::load(&key_path, config.may_make_key().then_some(&*ids))?;
        let target = config.target()?;
        let clock = config.clock.clone();
        let store = Store::open(&target, master, ids).await.map_err(readable)?;
        let checkpoints = Checkpoints::open(&store, config.checkpoints(), clock.now()).await.map_err(readable)?;
        let http = Http::new(allowed)?;
        Ok(Self { config, store, clock, checkpoints: Arc::new(Mutex::new(checkpoints)), http })
    }

    /// The organisation that is meant: the one named, or the only one.
    pub async fn organisation(&self, named: Option<&str>) -> anyhow::Result<OrgId> {
        let all = trust::organisations(&mut self.store.read().await?).await?;
        match (named, all.as_slice()) {
            (Some(id), _) => {
                let id = OrgId::parse(id)?;
                if all.contains(&id) { Ok(id) } else { bail!("there is no organisation {id}") }
            }
            (None, [only]) => Ok(only.clone()),
            (None, []) => bail!("there is no organisation yet: run `bedside serve` and open the page to set it up"),
            (None, several) => {
                let list: Vec<&str> = several.iter().map(OrgId::as_str).collect();
                bail!("there are several organisations; say which with --organisation: {}", list.join(", "))
            }
        }
    }

    /// The name of this process in leases.
    pub fn owner() -> String {
        format!("process {}", std::process::id())
    }

    /// The worker of the way in.
    pub fn listen(&self) -> Listen {
        Listen::new(self.store.clone(), self.clock.clone(), self.http.clone(), &Self::owner(), &self.config.data)
    }

    /// The worker of the way out.
    pub fn out(&self, public_url: &str) -> Out {
        Out::new(
            self.store.clone(),
            self.clock.clone(),
            self.http.clone(),
            &Self::owner(),
            public_url,
            &self.config.data,
        )
    }

    /// Takes the lock of the data directory and ends the leases of processes that are gone. With an
    /// embedded database there is one working process; a second is told so.
    pub async fn take_over(&self) -> anyhow::Result<Option<File>> {
        if !matches!(self.config.target()?, Target::Sqlite(_)) {
            // On PostgreSQL other workers may be alive: their leases run out by themselves.
            return Ok(None);
        }
        let path = self.config.data.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| path.display().to_string())?;
        if file.try_lock().is_err() {
            bail!("another bedside works on {} already", self.config.data.display());
        }
        let now = self.clock.now();
        startup::end_leases(&self.store, now).await?;
        self.sweep_uploads()?;
        Ok(Some(file))
    }

    /// Removes what uploads left that a crash cut off: nobody uploads while the lock is ours alone.
    fn sweep_uploads(&self) -> anyhow::Result<()> {
        let folder = self.config.data.join("uploads");
        if !folder.is_dir() {
            return Ok(());
        }
        for entry in folder.read_dir()? {
            std::fs::remove_file(entry?.path())?;
        }
        Ok(())
    }

    /// Starts all loops. They end when `stop` turns true.
    pub fn start_loops(&self, public_url: &str, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
        let (listen, out) = (self.listen().with_public_url(public_url), self.out(public_url));
        let (stop_in, stop_out) = (stop.clone(), stop.clone());
        vec![
            tokio::spawn(async move { listen.run(stop_in).await }),
            tokio::spawn(async move { out.run(stop_out).await }),
            self.start_checkpoints(stop.clone()),
        ]
    }

    /// Writes checkpoints every minute, every thousand entries and at the end.
    pub fn start_checkpoints(&self, mut stop: watch::Receiver<bool>) -> JoinHandle<()> {
        let (store, clock, checkpoints) = (self.store.clone(), self.clock.clone(), self.checkpoints.clone());
        tokio::spawn(async move {
            let mut events = store.subscribe();
            loop {
                let mut grew: u64 = 0;
                let deadline = clock.now() + i64::try_from(CHECKPOINT_EVERY.as_micros()).unwrap_or(i64::MAX);
                let mut last: Option<u64> = None;
                while grew < CHECKPOINT_ENTRIES && !*stop.borrow() {
                    tokio::select! {
                        () = clock.until(deadline) => break,
                        _ = stop.changed() => break,
                        event = events.recv() => match event {
                            Ok(event) => if let Change::Audit { height } = event.change {
                                grew += height.saturating_sub(last.unwrap_or(height.saturating_sub(1)));
                                last = Some(height);
                            },
                            Err(tokio::sync::broadcast::error::RecvError::Lagged(missed)) => grew += missed,
                            Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
                        },
                    }
                }
                if let Err(e) = checkpoints.lock().await.write(&store, clock.now()).await {
                    tracing::error!(error = %e.inner(), "the checkpoint of the log could not be written");
                }
                if *stop.borrow() {
                    return;
                }
            }
        })
    }
}

/// An error of the store with its causes, for a person at a terminal. Causes name tables and files.
pub fn readable(error: bedside_store::StoreError) -> anyhow::Error {
    anyhow::anyhow!("{}", error.inner())
}

/// Makes a directory that only its owner can read.
pub fn make_private_dir(path: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("the data directory {} cannot be made", path.display()))
}
