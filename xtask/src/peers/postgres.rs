//! A throw-away PostgreSQL cluster: made for one test run, removed at its end.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::served::Served;
use super::tools::{NOBODY, Tool};
use crate::lifeline::{Lifeline, Spec};
use crate::{http, wait};

/// A running cluster; dropping it stops the server and removes the data.
#[derive(Debug)]
pub struct Cluster {
    server: Lifeline,
    /// The superuser's database, over TCP on loopback.
    pub url: String,
    /// The data directory. Whoever runs DDL compares it with `show data_directory` first: another program may sit on
    /// the port.
    pub data_directory: PathBuf,
    /// The directory of the Unix socket.
    pub socket_directory: PathBuf,
}

impl Cluster {
    /// How to reach it.
    fn as_json(&self) -> Value {
        json!({
            "url": self.url,
            "data_directory": self.data_directory,
            "socket_directory": self.socket_directory,
        })
    }

    /// The server and its address, for a peer that builds on it.
    pub fn into_server(self) -> (Lifeline, String) {
        (self.server, self.url)
    }

    /// The same, as one peer among others.
    pub fn served(self) -> Served {
        let access = self.as_json();
        Served::new(vec![self.server], access)
    }
}

/// Makes a cluster and starts it: `C` collation, UTF-8, everybody on this machine trusted, and no fsync, for the data
/// need not survive anything.
pub fn start(postgres: &Tool) -> Result<Cluster> {
    let home = scratch("pg")?;
    let data = home.join("data");
    let log = home.join("log");
    let user = super::is_root().then_some(NOBODY);
    if user.is_some() {
        chown(&home, user, user)?;
    }

    let mut init = Spec::new("initdb", postgres.sibling("initdb").program, &home)
        .with(["--locale=C", "--encoding=UTF8", "--auth=trust", "--username=postgres", "--no-sync", "--pgdata"])
        .with([&data]);
    init.variables = variables(postgres);
    init.user = user;
    init.log = Some(log.clone());
    init.finish().inspect_err(|_| remove(&home))?;

    let port = http::free_port()?;
    let mut serve = Spec::new("postgres", &postgres.program, &home)
        .with(["-D"])
        .with([&data])
        .with(["-k"])
        .with([&home])
        .with(["-h", "127.0.0.1", "-p", &port.to_string(), "-c", "fsync=off", "-c", "synchronous_commit=off"])
        .with(["-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "log_min_messages=warning"]);
    serve.variables = variables(postgres);
    serve.user = user;
    serve.log = Some(log);
    // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for its clients.
    serve.signal = "INT";
    serve.trash = Some(home.clone());
    let mut server = serve.start()?;

    wait::until("PostgreSQL accepts connections", Duration::from_secs(60), || {
        server.must_run()?;
        let mut ask = postgres.sibling("pg_isready").command();
        ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
        Ok(ask.status()?.success().then_some(()))
    })
    .with_context(|| server.last_lines())?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    Ok(Cluster { server, url, data_directory: data, socket_directory: home })
}

fn variables(postgres: &Tool) -> Vec<(std::ffi::OsString, std::ffi::OsString)> {
    let mut variables = postgres.variables();
    variables.push(("LC_ALL".into(), "C".into()));
    variables
}

fn remove(directory: &Path) {
    // What cannot be removed from the temporary directory stays there; the error that brought us here is the news.
    let _ = fs::remove_dir_all(directory);
}

/// A new directory that only we can enter, with a path short enough for a Unix socket in it (107 bytes).
pub fn scratch(kind: &str) -> Result<PathBuf> {
    let place = std::env::temp_dir();
    let place = if place.as_os_str().len() > 60 || !place.is_dir() { PathBuf::from("/tmp") } else { place };
    for attempt in 0..1000 {
        let directory = place.join(format!("bedside-{kind}-{}-{attempt}", std::process::id()));
        match fs::create_dir(&directory) {
            Ok(()) => {
                fs::set_permissions(&directory, fs::Permissions::from_mode(0o700))?;
                return Ok(directory);
            }
            Err(problem) if problem.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(problem) => return Err(problem).with_context(|| format!("cannot make {}", directory.display())),
        }
    }
    anyhow::bail!("{} is full of old directories", place.display())
}
