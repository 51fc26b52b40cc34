//! `bedside backup` and `bedside restore`.
//!
//! A backup is a directory: the database (the embedded file, or a dump that PostgreSQL's own tools
//! make), the checkpoints, the files of imports, and a manifest with the hash of each. The master key is not in it: without the key its secrets do not open,
//! and whoever finds the backup has no key.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use bedside_model::delivery::{self, Event};
use bedside_model::time::from_micros;
use bedside_store::outbox::{self, Said};
use bedside_store::{By, Entry, Ids, MasterKey, Store, Target, backup, trust};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::config::Config;
use crate::house::{House, make_private_dir, readable};
use crate::output;

const DATABASE: &str = "bedside.db";
const CHECKPOINTS: &str = "checkpoints.jsonl";
const MANIFEST: &str = "manifest.json";

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    made_at: String,
    schema: i64,
    files: Vec<FileEntry>,
    logs: Vec<Log>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileEntry {
    name: String,
    bytes: u64,
    sha256: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Log {
    organisation: String,
    height: u64,
    hash: String,
}

/// The tools that come with PostgreSQL. The password goes by the environment, not by the command line,
/// which other users of the machine can read.
mod postgres {
    use std::path::Path;
    use std::process::Command;

    use anyhow::{Context as _, bail};
    use url::Url;

    /// The dump's name in a backup.
    pub const DUMP: &str = "database.dump";

    fn tool(name: &str, url: &str) -> anyhow::Result<Command> {
        let url = Url::parse(url).context("the PostgreSQL address cannot be read")?;
        let decoded = |text: &str| percent(text);
        let mut command = Command::new(name);
        command
            .env("PGHOST", url.host_str().unwrap_or("localhost"))
            .env("PGPORT", url.port().unwrap_or(5432).to_string());
        command.env("PGDATABASE", decoded(url.path().trim_start_matches('/')));
        if !url.username().is_empty() {
            command.env("PGUSER", decoded(url.username()));
        }
        if let Some(password) = url.password() {
            command.env("PGPASSWORD", decoded(password));
        }
        Ok(command)
    }

    /// Decodes `%40` and the like in a part of an address.
    fn percent(text: &str) -> String {
        let pair = text.replace('+', "%2B");
        let query = format!("v={pair}");
        let decoded = url::form_urlencoded::parse(query.as_bytes()).next().map(|(_, v)| v.into_owned());
        decoded.unwrap_or_default()
    }

    fn run(mut command: Command) -> anyhow::Result<()> {
        let name = command.get_program().to_string_lossy().into_owned();
        let output = command.output().with_context(|| {
            format!("{name} is needed; it comes with PostgreSQL's client programs (postgresql-client)")
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{name} failed: {}", said.lines().next().unwrap_or("it said nothing"));
        }
        Ok(())
    }

    /// Dumps a database while it is in use.
    pub fn dump(url: &str, to: &Path) -> anyhow::Result<()> {
        let mut command = tool("pg_dump", url)?;
        command.args(["--format=custom", "--no-owner", "--file"]).arg(to);
        run(command)
    }

    /// Reads a dump's catalogue.
    pub fn check(dump: &Path) -> anyhow::Result<()> {
        let mut command = Command::new("pg_restore");
        command.arg("--list").arg(dump);
        run(command)
    }

    /// Puts a dump into a database, which must be empty unless it is to be replaced.
    pub fn restore(url: &str, dump: &Path, replace: bool) -> anyhow::Result<()> {
        let mut command = tool("pg_restore", url)?;
        command.args(["--no-owner", "--exit-on-error", "--single-transaction"]);
        if replace {
            command.args(["--clean", "--if-exists"]);
        }
        command.arg("--dbname").arg(percent(Url::parse(url)?.path().trim_start_matches('/'))).arg(dump);
        run(command)
    }
}

fn sha256(path: &Path) -> anyhow::Result<String> {
    let mut file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut hash).with_context(|| path.display().to_string())?;
    Ok(hex::encode(hash.finalize()))
}

/// Makes a backup while everything runs, opens the copy and verifies its logs.
pub async fn make(house: House, to: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    if to.exists() && to.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty; give a directory that does not exist yet", to.display());
    }
    make_private_dir(to)?;
    house.checkpoints.lock().await.write(&house.store, house.clock.now()).await.map_err(readable)?;
    let mut names = match house.config.target()? {
        Target::Sqlite(_) => {
            backup::copy_sqlite(&house.store, &to.join(DATABASE)).await.map_err(readable)?;
            vec![DATABASE.to_owned()]
        }
        Target::Postgres(url) => {
            postgres::dump(&url.0, &to.join(postgres::DUMP))?;
            vec![postgres::DUMP.to_owned()]
        }
    };
    if house.config.checkpoints().exists() {
        std::fs::copy(house.config.checkpoints(), to.join(CHECKPOINTS))?;
        names.push(CHECKPOINTS.to_owned());
    }
    let imports = house.config.data.join("imports");
    if imports.is_dir() {
        make_private_dir(&to.join("imports"))?;
        for entry in imports.read_dir()? {
            let entry = entry?;
            let name = format!("imports/{}", entry.file_name().to_string_lossy());
            std::fs::copy(entry.path(), to.join(&name))?;
            names.push(name);
        }
    }
    let logs = verify_copy(&house, to).await?;
    let files = names
        .into_iter()
        .map(|name| {
            let path = to.join(&name);
            Ok(FileEntry { bytes: path.metadata()?.len(), sha256: sha256(&path)?, name })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let manifest = Manifest {
        made_at: house.clock.timestamp().to_string(),
        schema: bedside_store::migrate::newest(),
        files,
        logs,
    };
    std::fs::write(to.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
    let entries: u64 = manifest.logs.iter().map(|log| log.height).sum();
    if as_json {
        output::json(&json!({ "ok": true, "directory": to, "manifest": manifest }));
    } else {
        println!(
            "Backed up to {} and verified: {} log entries, {} files.",
            to.display(),
            entries,
            manifest.files.len()
        );
        println!("The master key is not in it. Keep a copy of {} elsewhere.", house.config.master_key().display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens a copy beside the original, as a restore would, and verifies it.
async fn verify_copy(house: &House, dir: &Path) -> anyhow::Result<Vec<Log>> {
    if let Target::Postgres(_) = house.config.target()? {
        postgres::check(&dir.join(postgres::DUMP))?;
        // The dump's own catalogue was read; the logs are verified in the running database.
        let logs = crate::audit::all(house).await?;
        if let Some(alarm) = logs.iter().find_map(bedside_store::checkpoint::Verification::alarm) {
            bail!("{alarm}");
        }
        return Ok(logs
            .into_iter()
            .map(|l| Log { organisation: l.org.to_string(), height: l.height, hash: l.hash })
            .collect());
    }
    let master = MasterKey::load(&house.config.master_key(), None)?;
    logs_of(&dir.join(DATABASE), master).await
}

async fn logs_of(database: &Path, master: MasterKey) -> anyhow::Result<Vec<Log>> {
    let store =
        Store::open(&Target::Sqlite(database.to_owned()), master, Arc::new(Ids::random())).await.map_err(readable)?;
    let checked = backup::check_sqlite(&store).await.map_err(readable)?;
    if let Some(problem) = checked {
        bail!("the copy is damaged: {problem}");
    }
    let mut conn = store.read().await?;
    let mut logs = Vec::new();
    for org in trust::organisations(&mut conn).await? {
        let walk = bedside_store::chain::walk(&mut conn, &org, &[]).await.map_err(readable)?;
        if let Some(tamper) = walk.tamper {
            bail!("the log of {org} in the copy does not verify: {tamper}");
        }
        logs.push(Log { organisation: org.to_string(), height: walk.height, hash: hex::encode(walk.hash) });
    }
    drop(conn);
    store.close().await;
    backup::tidy_sqlite(database)?;
    Ok(logs)
}

/// Puts a backup in place with the outbox held.
pub async fn restore(config: Config, from: &Path, replace: bool, as_json: bool) -> anyhow::Result<ExitCode> {
    let target = config.target()?;
    let manifest: Manifest = serde_json::from_slice(
        &std::fs::read(from.join(MANIFEST)).with_context(|| format!("{} is no backup", from.display()))?,
    )
    .with_context(|| format!("{} cannot be read", from.join(MANIFEST).display()))?;
    for file in &manifest.files {
        if file.name.split('/').any(|part| part == "..") || sha256(&from.join(&file.name))? != file.sha256 {
            bail!("{} is not what was backed up; nothing was changed", file.name);
        }
    }
    if !config.master_key().exists() {
        bail!(
            "the master key {} is not there. Put the key of the backed-up installation in its place first",
            config.master_key().display()
        );
    }
    if let Target::Sqlite(path) = &target
        && path.exists()
        && !replace
    {
        bail!("{} exists; --replace puts it aside", path.display());
    }
    make_private_dir(&config.data)?;
    let lock = std::fs::File::options().create(true).truncate(false).write(true).open(config.data.join("lock"))?;
    if lock.try_lock().is_err() {
        bail!("a bedside works on {}; stop it first", config.data.display());
    }
    let now = config.clock.now();
    let mut aside = vec![config.checkpoints()];
    if let Target::Sqlite(path) = &target {
        aside.extend([path.clone(), path.with_extension("db-wal"), path.with_extension("db-shm")]);
    }
    for path in aside {
        if path.exists() {
            std::fs::rename(&path, path.with_extension(format!("before-restore-{now}")))?;
        }
    }
    if let Target::Postgres(url) = &target {
        postgres::restore(&url.0, &from.join(postgres::DUMP), replace)?;
    }
    for file in manifest.files.iter().filter(|file| file.name != postgres::DUMP) {
        let to = config.data.join(&file.name);
        if let Some(parent) = to.parent() {
            make_private_dir(parent)?;
        }
        std::fs::copy(from.join(&file.name), to)?;
    }
    drop(lock);
    let house = House::open(config).await?;
    let held = hold(&house, &manifest.made_at).await?;
    house.checkpoints.lock().await.write(&house.store, house.clock.now()).await.map_err(readable)?;
    house.store.close().await;
    if as_json {
        output::json(&json!({ "ok": true, "held": held, "made_at": manifest.made_at }));
    } else {
        println!("Restored what was backed up at {}. {held} items in the outbox are held.", manifest.made_at);
        println!(
            "Nothing leaves until an administrator releases the outbox: what was sent since the backup must not be sent again."
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Holds everything that was to leave, in every organisation.
async fn hold(house: &House, made_at: &str) -> anyhow::Result<usize> {
    let now = house.clock.now();
    let mut held = 0;
    for org in trust::organisations(&mut house.store.read().await?).await? {
        let made_at = made_at.to_owned();
        held += house
            .store
            .write(&org, now, move |tx| {
                Box::pin(async move {
                    let org = tx.org()?;
                    trust::put_state(tx, trust::OUTBOX_HELD, "held").await?;
                    let rows = outbox::holdable(tx.conn(), &org).await?;
                    let mut count = 0;
                    for row in &rows {
                        let step = delivery::step(&row.item, &Event::Hold, Some(row.priority), from_micros(now));
                        if let Ok(next) = step {
                            let why = Some("held after a restore".to_owned());
                            outbox::save(tx, row, &next, &Said { why, ..Said::default() }).await?;
                            count += 1;
                        }
                    }
                    let entry = Entry::new(By::cli(), "installation.restored", &org)
                        .with("held", count)
                        .with("backup_of", made_at);
                    tx.commit(entry, count)
                })
            })
            .await
            .map_err(readable)?;
    }
    Ok(held)
}
