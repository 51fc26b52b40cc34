//! The stage `clients`: unmodified official clients of the networks drive the sandbox.
//!
//! Each client runs a script of `xtask/clients/` that tells the same stories: publish, read back, comment, and so on. It
//! believes to talk to its network: a proxy ends TLS for whatever host it asks, and hands the request to the sandbox.
//! Where a specification is at hand, a second proxy holds each exchange against it.

mod contract;
mod report;

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use contract::{Contract, EVERY, specifications};
use report::{STORIES, Story, misses, table};
use serde_json::Value;

use crate::lifeline::{Lifeline, Spec};
use crate::peers::clients::{Clients, Route};
use crate::peers::postgres::scratch;
use crate::peers::served::start_speaking;
use crate::peers::{self, Peer, Progress};
use crate::project::Project;
use crate::{http, suite, wait};

/// The file in which the contract proxy says what it sees.
const CONTRACT_LOG: &str = "prism.log";

/// A client and the contract that it is held to.
#[derive(Debug, Clone, Copy)]
struct Client {
    /// How it is called in the table, and its script without `on_` and `.py`.
    name: &'static str,
    contract: Option<Contract>,
}

const CLIENTS: [Client; 9] = [
    Client { name: "facebook", contract: None },
    Client { name: "instagram", contract: None },
    Client { name: "youtube", contract: None },
    Client { name: "google_business", contract: None },
    // The two clients of X speak of tweets and of posts: the names changed between two versions of its specification.
    Client {
        name: "x_tweepy",
        contract: Some(Contract {
            file: "x-openapi-2.166-tweet-names.json",
            requests: true,
            which: EVERY,
            paths: "2/",
        }),
    },
    Client {
        name: "x_xdk",
        contract: Some(Contract { file: "x-openapi-2.167-post-names.json", requests: true, which: EVERY, paths: "2/" }),
    },
    // It says nothing about comments, and that a post is made with 200, where LinkedIn's own pages say 201.
    Client {
        name: "linkedin",
        contract: Some(Contract {
            file: "linkedin-marketing-content.yml",
            requests: true,
            which: "~m GET",
            paths: "rest/posts(?=[/?]|$)",
        }),
    },
    Client {
        name: "yelp",
        contract: Some(Contract { file: "yelp-openapi.yml", requests: true, which: EVERY, paths: "v3/businesses/" }),
    },
    // It knows requests in JSON only, where every client sends forms, and takes a key of idempotency for an object.
    Client {
        name: "mastodon",
        contract: Some(Contract {
            file: "mastodon-openapi-4.7.0.json",
            requests: false,
            which: EVERY,
            paths: "(api|oauth)/",
        }),
    },
];

/// `cargo xtask clients`: only this stage, with some clients or all.
pub fn alone(project: &Project, names: &[String]) -> Result<()> {
    let known = CLIENTS.map(|client| client.name);
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("there is no client `{unknown}`; known are {}", known.join(", "));
    }
    suite::cargo(project, "cargo build").with(["build", "--package", "bedside", "--locked"]).finish()?;
    println!("  {}", run(project, names)?);
    Ok(())
}

/// The stage; no name means all clients. Returns what was held against what.
pub fn run(project: &Project, names: &[String]) -> Result<String> {
    let progress = Progress::begin();
    peers::fetch(project, &[Peer::Clients])?;
    let clients = Clients::bring(project, &progress)?;
    let specifications = specifications(project);
    let home = Scratch::new()?;
    let (_sandbox, ready) = start_sandbox(project, home.path())?;
    let mut told = Vec::new();
    for client in CLIENTS.into_iter().filter(|client| names.is_empty() || names.iter().any(|name| name == client.name))
    {
        let stories = tell(project, &clients, client, &ready, specifications.as_deref(), home.path())
            .with_context(|| format!("the client {}", client.name))?;
        let all_hold = stories.iter().all(Story::holds);
        progress.step(client.name, if all_hold { "told all its stories" } else { "MISSES" });
        if !all_hold {
            print_violations(&home.path().join(client.name));
        }
        told.push((client.name, stories));
    }
    println!("{}", table(&told));
    let misses: Vec<String> = told.iter().flat_map(|(name, stories)| misses(name, stories)).collect();
    if !misses.is_empty() {
        bail!("{} stories miss:\n  {}", misses.len(), misses.join("\n  "));
    }
    let held: Vec<&str> =
        CLIENTS.into_iter().filter(|client| client.contract.is_some()).map(|client| client.name).collect();
    let held = held.join(", ");
    Ok(match specifications {
        Some(directory) => format!("{held} held against the specifications in {}", directory.display()),
        None => format!("SKIPPED: the contracts of {held}; BEDSIDE_SPECS names no directory with specifications"),
    })
}

/// A directory of its own for the stage, removed at its end.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        Ok(Self(scratch("clients")?))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays in the temporary directory harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn start_sandbox(project: &Project, home: &Path) -> Result<(Lifeline, Value)> {
    let listen = format!("127.0.0.1:{}", http::free_port()?);
    let spec = Spec::new("bedside sandbox", project.debug_binary(), home)
        .with(["sandbox", "--listen", &listen, "--seed", "7", "--json"]);
    start_speaking(spec, home, Duration::from_secs(60))
}

/// Starts what stands between a client and the sandbox, and lets it tell its stories.
fn tell(
    project: &Project,
    clients: &Clients,
    client: Client,
    ready: &Value,
    specifications: Option<&Path>,
    home: &Path,
) -> Result<Vec<Story>> {
    let home = home.join(client.name);
    fs::create_dir_all(&home)?;
    let base = ready["base_url"].as_str().context("the sandbox names no base_url")?;
    let mut routes = Vec::new();
    let mut between = Vec::new();
    let contract = match client.contract.zip(specifications) {
        Some((contract, directory)) => contract.mended(directory, &home)?.map(|file| (contract, file)),
        None => None,
    };
    if let Some((contract, file)) = contract {
        let port = http::free_port()?;
        let mut proxy = clients.contract_proxy(&home, port, &file, base);
        if !contract.requests {
            proxy = proxy.with(["--validate-request", "false"]);
        }
        between.push(listening(proxy, port, &home.join(CONTRACT_LOG))?);
        routes.push(Route {
            filter: contract.which,
            pattern: format!("https://[^/]+/(?={})", contract.paths),
            address: format!("http://127.0.0.1:{port}/"),
        });
    }
    routes.push(Route { filter: EVERY, pattern: "https://[^/]+/".to_owned(), address: format!("{base}/") });
    let port = http::free_port()?;
    between.push(listening(clients.tls_proxy(&home, port, &routes), port, &home.join("tls.log"))?);

    let authority = Clients::authority(&home);
    let said = Command::new(&clients.python)
        .arg(project.root.join(format!("xtask/clients/on_{}.py", client.name)))
        .current_dir(&home)
        .env("SANDBOX_READY", ready.to_string())
        .env("HTTPS_PROXY", format!("http://127.0.0.1:{port}"))
        .envs(["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "HTTPLIB2_CA_CERTS"].map(|name| (name, &authority)))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .context("cannot start Python")?;
    let stories: Vec<Story> = String::from_utf8_lossy(&said.stdout).lines().filter_map(Story::read).collect();
    if stories.len() != STORIES.len() {
        let complaint = String::from_utf8_lossy(&said.stderr).into_owned();
        bail!("told {} of {} stories and then said: {}", stories.len(), STORIES.len(), complaint.trim());
    }
    Ok(stories)
}

/// What the contract proxy found: the clients often keep it to themselves.
fn print_violations(home: &Path) {
    let log = fs::read_to_string(home.join(CONTRACT_LOG)).unwrap_or_default();
    for line in log.lines().filter(|line| line.contains("Violation")) {
        println!("    {line}");
    }
}

fn listening(mut spec: Spec, port: u16, log: &Path) -> Result<Lifeline> {
    spec.log = Some(log.to_owned());
    let what = format!("{} listens", spec.name);
    let mut server = spec.start()?;
    wait::until(&what, Duration::from_secs(60), || {
        server.must_run()?;
        Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok())
    })
    .with_context(|| server.last_lines())?;
    Ok(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_has_a_script() {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
        for client in CLIENTS {
            assert!(scripts.join(format!("on_{}.py", client.name)).is_file(), "{}", client.name);
        }
    }
}
