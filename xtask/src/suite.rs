//! `cargo xtask test`: every check and every test, in an order in which cheap news comes first and the summary of the Rust
//! tests comes last.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::lifeline::Spec;
use crate::peers::postgres::{self, Cluster};
use crate::peers::served::{ReadyFile, Served};
use crate::peers::tools::Tools;
use crate::peers::{self, Progress, Runnable};
use crate::project::Project;
use crate::stages::{Outcome, Stages};
use crate::{checks, clients, environment, web};

/// Tests whose names contain this are slow or need a server of a network; `--quick` leaves them out.
const HEAVY: &str = "heavy_";

/// Tests that lead a network through all stories end with this; `--quick` leaves them out as well.
const CONFORMS: &str = "_conforms";

/// The servers of networks that a full run starts, and the variables through which a test finds their ready files.
const NETWORKS: [(Runnable, &str); 5] = [
    (Runnable::Wordpress, "BEDSIDE_TEST_WORDPRESS"),
    (Runnable::Snac, "BEDSIDE_TEST_SNAC"),
    (Runnable::Mail, "BEDSIDE_TEST_MAIL"),
    (Runnable::Websub, "BEDSIDE_TEST_WEBSUB"),
    (Runnable::Bluesky, "BEDSIDE_TEST_BLUESKY"),
];

/// Runs everything, or with `quick` the inner loop. Fails at the first stage that fails; whatever was started ends with
/// this function in any case.
pub fn run(project: &Project, quick: bool) -> Result<()> {
    let mut stages = Stages::default();
    let mut peers = Running::default();
    let result =
        if quick { inner_loop(project, &mut stages, &mut peers) } else { all(project, &mut stages, &mut peers) };
    // The summary of the tests closes the output of a good run; a bad one gets the table again.
    if result.is_err() {
        println!("\n== minutes until the failure\n{}", stages.table());
    }
    result
}

fn all(project: &Project, stages: &mut Stages, peers: &mut Running) -> Result<()> {
    stages.run("tools", || check_tools(project))?;
    stages.run("format", || format(project))?;
    stages.run("supply chain", || checks::supply_chain::run(project))?;
    stages.run("structure", || checks::structure::run(project))?;
    stages.run("web dependencies", || web::install(project))?;
    stages.run("web lint", || web_tool(project, "biome", "biome.json", &["ci", "."]))?;
    stages.run("web pages", || web::build(project))?;
    stages.run("web unit tests", || web_tool(project, "vitest", "package.json", &["run"]))?;
    stages.run("lint", || lint(project))?;
    stages.run("build", || build(project))?;
    stages.run("peers", || peers.start(project))?;
    stages.run("clients", || clients::run(project, &[]).map(Outcome::DoneWith))?;
    stages.run("browser tests", || browser_tests(project, peers))?;
    println!("\n== minutes before the Rust tests\n{}", stages.table());
    stages.run("Rust tests", || rust_tests(project, peers, false))
}

fn inner_loop(project: &Project, stages: &mut Stages, peers: &mut Running) -> Result<()> {
    stages.run("format", || format(project))?;
    stages.run("supply chain", || checks::supply_chain::run(project))?;
    stages.run("structure", || checks::structure::run(project))?;
    stages.run("lint", || lint(project))?;
    stages.run("build", || build(project))?;
    stages.run("peers", || peers.start_at_hand(project))?;
    println!("\n== minutes before the Rust tests\n{}", stages.table());
    stages.run("Rust tests", || rust_tests(project, peers, true))
}

/// A cargo command in the repository.
pub fn cargo(project: &Project, name: &str) -> Spec {
    Spec::new(name, project.cargo(), &project.root)
}

fn check_tools(project: &Project) -> Result<Outcome> {
    let mut version = cargo(project, "rustc").with(["rustc", "--version"]);
    version.words = vec!["rustc".into(), "--version".into()];
    version.finish().context("please install Rust: https://rustup.rs")?;
    web::check_tools()?;
    match environment::program("cargo-nextest") {
        Some(_) => Ok(Outcome::Done),
        None => Ok(Outcome::DoneWith("cargo-nextest is not installed; the tests run under cargo test".into())),
    }
}

fn format(project: &Project) -> Result<Outcome> {
    cargo(project, "cargo fmt").with(["fmt", "--all", "--check"]).finish()?;
    Ok(Outcome::Done)
}

fn lint(project: &Project) -> Result<Outcome> {
    let words = ["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "--deny", "warnings"];
    cargo(project, "cargo clippy").with(words).finish()?;
    Ok(Outcome::Done)
}

/// Builds the program and all tests in one go: alone, the program would be built with other features of its dependencies
/// than the tests are, and many of them twice.
fn build(project: &Project) -> Result<Outcome> {
    cargo(project, "cargo build").with(["build", "--workspace", "--all-targets", "--locked"]).finish()?;
    Ok(Outcome::Done)
}

/// A program from npm in `web/`; skipped by name while it or its configuration does not exist.
fn web_tool(project: &Project, name: &'static str, needs: &str, words: &[&str]) -> Result<Outcome> {
    let needed = [project.web().join(needs), project.root.join(needs)];
    let Some(program) = web::installed(project, name).filter(|_| needed.iter().any(|path| path.is_file())) else {
        return Ok(Outcome::Skipped(format!("{name} is not among the dependencies of web/")));
    };
    Spec::new(name, program, &project.web()).with(words).finish()?;
    Ok(Outcome::Done)
}

fn browser_tests(project: &Project, peers: &Running) -> Result<Outcome> {
    let has_configuration = project.web().join("playwright.config.ts").is_file();
    let Some(program) = web::installed(project, "playwright").filter(|_| has_configuration) else {
        return Ok(Outcome::Skipped("web/playwright.config.ts does not exist yet".into()));
    };
    let spec = Spec::new("playwright", program, &project.web()).with(["test"]);
    peers.told_to(spec, project).variable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").finish()?;
    Ok(Outcome::Done)
}

fn rust_tests(project: &Project, peers: &Running, quick: bool) -> Result<Outcome> {
    let spec = cargo(project, "the Rust tests");
    let has_nextest = environment::program("cargo-nextest").is_some();
    if quick {
        println!("  SKIPPED by --quick: tests named {HEAVY}* and *{CONFORMS}, servers of networks, web pages, browser");
    }
    let spec = match (has_nextest, quick) {
        (true, false) => spec.with(["nextest", "run", "--workspace", "--locked", "--profile", "ci"]),
        (true, true) => {
            let filter = format!("not test(/(^|::){HEAVY}/) and not test(/{CONFORMS}$/)");
            spec.with(["nextest", "run", "--workspace", "--locked", "--filterset", &filter])
        }
        (false, false) => spec.with(["test", "--workspace", "--locked"]),
        (false, true) => spec.with(["test", "--workspace", "--locked", "--", "--skip", HEAVY, "--skip", CONFORMS]),
    };
    let spec = peers.told_to(spec, project);
    let spec = if quick { spec } else { spec.variable("BEDSIDE_REQUIRE_PEERS", "1") };
    spec.finish()?;
    Ok(Outcome::Done)
}

/// The peers of one run; dropping it stops them.
#[derive(Debug, Default)]
struct Running {
    postgres: Option<Cluster>,
    networks: Vec<Network>,
    chromium: Option<PathBuf>,
}

/// A server of a network, and the variable that names its ready file.
#[derive(Debug)]
struct Network {
    variable: &'static str,
    file: ReadyFile,
    #[expect(dead_code, reason = "the servers live as long as this field")]
    servers: Served,
}

impl Running {
    /// Fetches and starts all.
    fn start(&mut self, project: &Project) -> Result<Outcome> {
        let progress = Progress::begin();
        let tools = Tools::of(project);
        peers::fetch(project, &[])?;
        self.chromium = Some(tools.chromium(&progress)?.program);
        self.start_postgres(postgres::start(&tools.postgres(&progress)?)?, &progress);
        for (server, variable) in NETWORKS {
            let servers = peers::serve(project, server, &progress)?;
            let file = project.peers().join(format!("run/{}-{}.json", server.name(), std::process::id()));
            let file = ReadyFile::write(file, &servers.access)?;
            progress.step(server.name(), &format!("{variable}={}", file.path().display()));
            self.networks.push(Network { variable, file, servers });
        }
        Ok(Outcome::Done)
    }

    /// Starts only what needs no fetching.
    fn start_at_hand(&mut self, project: &Project) -> Result<Outcome> {
        let progress = Progress::begin();
        match Tools::of(project).postgres_at_hand() {
            Some(tool) => self.start_postgres(postgres::start(&tool)?, &progress),
            None => {
                let why = "no PostgreSQL here, so its stories do not run; `cargo xtask peers postgres` fetches it";
                return Ok(Outcome::Skipped(why.into()));
            }
        }
        Ok(Outcome::Done)
    }

    fn start_postgres(&mut self, cluster: Cluster, progress: &Progress) {
        progress.step("postgres", &format!("at {} (without fsync)", cluster.url));
        self.postgres = Some(cluster);
    }

    /// Tells a test program, through its environment, where everything is.
    fn told_to(&self, mut spec: Spec, project: &Project) -> Spec {
        spec = spec.variable("BEDSIDE_TEST_BIN", project.debug_binary());
        if let Some(cluster) = &self.postgres {
            spec = spec.variable("BEDSIDE_TEST_POSTGRES", &cluster.url);
            spec = spec.variable("BEDSIDE_TEST_POSTGRES_DATA", &cluster.data_directory);
        }
        for network in &self.networks {
            spec = spec.variable(network.variable, network.file.path());
        }
        if let Some(program) = &self.chromium {
            spec = spec.variable("BEDSIDE_TEST_CHROMIUM", program);
        }
        spec
    }
}
