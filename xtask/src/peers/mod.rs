//! The other programs that the tests talk to: PostgreSQL, Chromium, and the servers of networks, as they are in the world.
//!
//! A peer that the system has is used as it is. Else its Debian packages are unpacked into `target/peers/root`
//! and tried; only when that does not run are they installed. What was found is written down, so that the next
//! run takes no time.

mod backports;
mod bluesky;
pub mod clients;
mod debian;
mod mail;
mod node;
pub mod postgres;
mod python;
pub mod served;
mod snac;
pub mod tools;
mod websub;
mod wordpress;

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::project::Project;
use clients::Clients;
use served::Served;
pub use tools::Tools;

/// Something that can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The server programs of PostgreSQL.
    Postgres,
    /// The browser for the end-to-end tests.
    Chromium,
    /// WordPress, with PHP and MariaDB, and a prepared database.
    Wordpress,
    /// snac2, a server with Mastodon's API.
    Snac,
    /// Dovecot and an SMTP server.
    Mail,
    /// A WebSub hub.
    Websub,
    /// Bluesky's development network.
    Bluesky,
    /// The official clients of the networks.
    Clients,
}

impl Peer {
    /// All, in the order in which they are fetched.
    pub const ALL: [Self; 8] = [
        Self::Postgres,
        Self::Chromium,
        Self::Wordpress,
        Self::Snac,
        Self::Mail,
        Self::Websub,
        Self::Bluesky,
        Self::Clients,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Chromium => "chromium",
            Self::Wordpress => "wordpress",
            Self::Snac => "snac",
            Self::Mail => "mail",
            Self::Websub => "websub",
            Self::Bluesky => "bluesky",
            Self::Clients => "clients",
        }
    }

    /// The peer of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|peer| peer.name() == name)
    }
}

/// A peer that runs as a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runnable {
    /// A throw-away PostgreSQL cluster.
    Postgres,
    /// A throw-away WordPress.
    Wordpress,
    /// Two snac2 servers that know each other.
    Snac,
    /// Mail over SMTP and IMAP.
    Mail,
    /// A WebSub hub with the pages that it watches.
    Websub,
    /// Bluesky's whole development network.
    Bluesky,
    /// Only its personal data server, which starts in a second.
    BlueskyPds,
}

impl Runnable {
    /// All, as they are listed for a person.
    pub const ALL: [Self; 7] =
        [Self::Postgres, Self::Wordpress, Self::Snac, Self::Mail, Self::Websub, Self::Bluesky, Self::BlueskyPds];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Wordpress => "wordpress",
            Self::Snac => "snac",
            Self::Mail => "mail",
            Self::Websub => "websub",
            Self::Bluesky => "bluesky",
            Self::BlueskyPds => "bluesky-pds",
        }
    }

    /// The server of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|server| server.name() == name)
    }

    /// What has to be fetched for it.
    pub fn needs(self) -> &'static [Peer] {
        match self {
            Self::Postgres => &[Peer::Postgres],
            Self::Wordpress => &[Peer::Wordpress],
            Self::Snac => &[Peer::Snac],
            Self::Mail => &[Peer::Mail],
            Self::Websub => &[Peer::Websub],
            Self::Bluesky => &[Peer::Postgres, Peer::Bluesky],
            Self::BlueskyPds => &[Peer::Bluesky],
        }
    }
}

/// Prints one line per step, with the seconds since the beginning.
#[derive(Debug)]
pub struct Progress {
    begun: Instant,
}

impl Progress {
    /// Begins to count.
    pub fn begin() -> Self {
        Self { begun: Instant::now() }
    }

    /// Says what is being done now.
    pub fn step(&self, peer: &str, what: &str) {
        println!("  [{:6.1} s] {peer}: {what}", self.begun.elapsed().as_secs_f64());
    }
}

/// Whether we are root: PostgreSQL refuses to be, and apt-get insists on it.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Fetches peers; none named means all.
pub fn fetch(project: &Project, names: &[Peer]) -> Result<()> {
    let progress = Progress::begin();
    let tools = Tools::of(project);
    // Two test runs in one target directory must not unpack over each other; the lock goes with the file.
    let lock = project.peers().join("lock");
    fs::create_dir_all(project.peers())?;
    let lock = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
    lock.lock()?;
    let names = if names.is_empty() { &Peer::ALL[..] } else { names };
    for peer in names {
        let ready = match peer {
            Peer::Postgres => tools.postgres(&progress)?.program.display().to_string(),
            Peer::Chromium => tools.chromium(&progress)?.program.display().to_string(),
            Peer::Wordpress => wordpress::prepare(project, &tools, &progress)?.display().to_string(),
            Peer::Snac => tools.snac(&progress)?.program.display().to_string(),
            Peer::Mail => {
                tools.dovecot(&progress)?;
                mail::ENVIRONMENT.bring(project, &progress)?.display().to_string()
            }
            Peer::Websub => websub::ENVIRONMENT.bring(project, &progress)?.display().to_string(),
            Peer::Bluesky => {
                tools.redis(&progress)?;
                bluesky::prepare(project, &progress)?.display().to_string()
            }
            Peer::Clients => Clients::bring(project, &progress)?.python.display().to_string(),
        };
        progress.step(peer.name(), &format!("ready: {ready}"));
    }
    Ok(())
}

/// Starts one peer, writes how to reach it, and keeps it until this process ends.
pub fn run(project: &Project, peer: Runnable, ready_file: Option<&Path>) -> Result<()> {
    let progress = Progress::begin();
    fetch(project, peer.needs())?;
    let mut served = serve(project, peer, &progress)?;
    announce(&served.access, ready_file)?;
    served.wait()
}

/// Starts a peer that has been fetched.
pub fn serve(project: &Project, peer: Runnable, progress: &Progress) -> Result<Served> {
    let begun = Instant::now();
    let served = start(project, peer, progress).with_context(|| format!("the peer {} does not start", peer.name()))?;
    progress.step(peer.name(), &format!("started in {:.1} s", begun.elapsed().as_secs_f64()));
    Ok(served)
}

fn start(project: &Project, peer: Runnable, progress: &Progress) -> Result<Served> {
    let tools = Tools::of(project);
    match peer {
        Runnable::Postgres => Ok(postgres::start(&tools.postgres(progress)?)?.served()),
        Runnable::Wordpress => wordpress::start(project, &tools, progress),
        Runnable::Snac => snac::start(&tools.snac(progress)?),
        Runnable::Mail => mail::start(project, &tools.dovecot(progress)?, progress),
        Runnable::Websub => websub::start(project, progress),
        Runnable::Bluesky => {
            bluesky::start_network(project, &tools.postgres(progress)?, &tools.redis(progress)?, progress)
        }
        Runnable::BlueskyPds => bluesky::start_data_server(project, progress),
    }
}

fn announce(access: &serde_json::Value, ready_file: Option<&Path>) -> Result<()> {
    let text = format!("{access:#}\n");
    if let Some(file) = ready_file {
        write_whole(file, &text)?;
    }
    print!("{text}");
    println!("Ctrl-C ends it.");
    Ok(())
}

/// Writes a file so that a reader sees all of it or nothing.
pub fn write_whole(file: &Path, text: &str) -> Result<()> {
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    let unfinished = file.with_extension("unfinished");
    fs::write(&unfinished, text)?;
    fs::rename(&unfinished, file).with_context(|| format!("cannot write {}", file.display()))
}
