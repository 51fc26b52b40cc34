//! Bluesky's own development network, with a Jetstream in front of its firehose: `xtask/bluesky/network.mjs`.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use super::node::{Node, Packages};
use super::postgres::scratch;
use super::served::{Served, start_speaking};
use super::tools::Tool;
use super::{Progress, postgres};
use crate::lifeline::{Lifeline, Spec};
use crate::project::Project;
use crate::{http, wait};

const PACKAGES: Packages = Packages {
    name: "bluesky",
    manifest: include_str!("../../bluesky/package.json"),
    lock: include_str!("../../bluesky/package-lock.json"),
    compiled: &["better-sqlite3"],
};

/// Our own part. It is copied beside `node_modules`, where Node.js looks for what it imports.
const SCRIPTS: [(&str, &str); 2] = [
    ("network.mjs", include_str!("../../bluesky/network.mjs")),
    ("jetstream.mjs", include_str!("../../bluesky/jetstream.mjs")),
];

/// Fetches the packages and puts our scripts beside them; returns the directory above `node_modules`.
pub fn prepare(project: &Project, progress: &Progress) -> Result<PathBuf> {
    let node = Node::bring(project, progress)?;
    let directory = PACKAGES.bring(project, &node, progress)?;
    for (name, text) in SCRIPTS {
        super::write_whole(&directory.join(name), text)?;
    }
    Ok(directory)
}

/// Starts only the personal data server: it needs no database, but answers `app.bsky.*` with 502. What a test learns:
/// `pds`, `plc`, `jetstream`, and for each of the accounts `clinic`, `patient`, `stranger` its `did`, `handle`, `password`,
/// `app_password`.
pub fn start_data_server(project: &Project, progress: &Progress) -> Result<Served> {
    start(project, &[], Vec::new(), progress)
}

/// Starts the whole network, on a PostgreSQL and a Redis of its own. A test learns `appview` too.
pub fn start_network(project: &Project, postgres: &Tool, redis: &Tool, progress: &Progress) -> Result<Served> {
    let (cluster, url) = postgres::start(postgres)?.into_server();
    let (redis, address) = start_redis(redis)?;
    start(project, &[url, address], vec![redis, cluster], progress)
}

fn start(project: &Project, bases: &[String], servers: Vec<Lifeline>, progress: &Progress) -> Result<Served> {
    let node = Node::bring(project, progress)?;
    let directory = PACKAGES.bring(project, &node, progress)?;
    let home = scratch("bluesky")?;
    let mut spec = node
        .script("the Bluesky network", &directory.join("network.mjs"), &directory)
        .with(bases)
        // The data server keeps its repositories in the temporary directory.
        .variable("TMPDIR", &home)
        .variable("LOG_ENABLED", "false");
    spec.trash = Some(home.clone());
    let (network, access) = start_speaking(spec, &home, Duration::from_secs(300))?;
    // The network ends before what it builds on.
    Ok(Served::new(std::iter::once(network).chain(servers).collect(), access))
}

fn start_redis(redis: &Tool) -> Result<(Lifeline, String)> {
    let home = scratch("redis")?;
    let port = http::free_port()?;
    let mut serve = Spec::new("redis-server", &redis.program, &home)
        .with(&redis.arguments)
        .with(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no", "--dir"])
        .with([&home]);
    serve.variables = redis.variables();
    serve.log = Some(home.join("log"));
    serve.trash = Some(home.clone());
    let mut server = serve.start().inspect_err(|_| {
        // The error is the news; an empty directory harms nobody.
        let _ = fs::remove_dir_all(&home);
    })?;
    wait::until("Redis listens", Duration::from_secs(30), || {
        server.must_run()?;
        Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok())
    })
    .with_context(|| server.last_lines())?;
    Ok((server, format!("127.0.0.1:{port}")))
}
