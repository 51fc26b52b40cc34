//! The program `bedside`.

mod accounts;
mod audit;
mod backup;
mod cli;
mod config;
mod demo;
mod doctor;
mod house;
mod import;
mod input;
mod lines;
mod output;
mod polling;
mod sandbox;
mod serve;
mod team;
mod watch_terms;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;

use crate::cli::{Cli, Command, Role};
use crate::config::Config;
use crate::house::House;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.json;
    match run(cli) {
        Ok(code) => code,
        Err(e) if json => {
            println!("{}", serde_json::json!({ "error": format!("{e:#}") }));
            ExitCode::FAILURE
        }
        Err(e) => {
            eprintln!("bedside: {e:#}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line says about the settings.
fn settings(cli: &Cli) -> anyhow::Result<Config> {
    let mut given = Vec::new();
    if let Some(data) = &cli.data {
        given.push(("data", data.clone()));
    }
    if let Some(database) = &cli.database {
        given.push(("database", database.clone()));
    }
    if let Command::Serve(serve) = &cli.command {
        given.extend(serve.listen.clone().map(|listen| ("listen", listen)));
        given.extend(serve.public_url.clone().map(|url| ("public_url", url)));
        if !serve.trusted_proxy.is_empty() {
            given.push(("trusted_proxy", serve.trusted_proxy.join(",")));
        }
    }
    let mut config = Config::load(cli.config.as_deref(), &given)?;
    if cli.clock_ahead_seconds > 0 {
        config.clock = bedside_engine::Clock::Ahead(Duration::from_secs(cli.clock_ahead_seconds));
    }
    Ok(config)
}

fn log(level: &str) -> anyhow::Result<()> {
    // Drivers speak only when something is wrong; their notices are about our own schema.
    let filter = tracing_subscriber::EnvFilter::try_new(format!("{level},sqlx=warn"))
        .map_err(|_| anyhow::anyhow!("log must be error, warn, info or debug"))?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    Ok(())
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    // What needs neither settings nor a runtime comes first: these two are fixed interfaces.
    match &cli.command {
        Command::Understand(lines) => return lines::understand(lines, cli.json),
        Command::Guard(lines) => return lines::guard(lines, cli.json),
        Command::Openapi => {
            output::line(bedside_server::openapi_text().trim_end());
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let config = settings(&cli)?;
    // Who looks at the demo or the sandbox reads what it prints, not a log of requests.
    let quiet = matches!(cli.command, Command::Demo(_) | Command::Sandbox(_)) && config.log == "info";
    log(if quiet { "warn" } else { &config.log })?;
    // Two threads serve a hospital; each costs memory while idle.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).max_blocking_threads(8).enable_all().build()?;
    runtime.block_on(work(cli, config))
}

async fn work(cli: Cli, config: Config) -> anyhow::Result<ExitCode> {
    let json = cli.json;
    match &cli.command {
        Command::Sandbox(sandbox) => sandbox::run(sandbox, config, json).await,
        Command::Demo(demo) => demo::run(demo, cli.data.as_deref(), config, json).await,
        Command::Restore { from, replace } => backup::restore(config, from, *replace, json).await,
        Command::Doctor => doctor::run(config, json).await,
        Command::Serve(serve) => serve::run(House::open(config).await?, serve.role, json).await,
        Command::Worker => serve::run(House::open(config).await?, Role::Worker, json).await,
        Command::Import(import) => import::run(House::open(config).await?, import, json).await,
        Command::Listen(listen) => polling::run(House::open(config).await?, listen, json).await,
        Command::Audit(cli::Audit::Verify) => audit::verify(House::open(config).await?, json).await,
        Command::Backup { to } => backup::make(House::open(config).await?, to, json).await,
        Command::User(user) => team::run(House::open(config).await?, user, json).await,
        Command::Account(account) => accounts::run(House::open(config).await?, account, json).await,
        Command::WatchTerms(terms) => watch_terms::run(House::open(config).await?, terms, json).await,
        Command::Understand(_) | Command::Guard(_) | Command::Openapi => Ok(ExitCode::SUCCESS),
    }
}
