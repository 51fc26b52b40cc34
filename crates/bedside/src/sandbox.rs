//! `bedside sandbox`: the networks, emulated on one port, to practise on and to test clients against.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use bedside_sandbox::world::{self, World};
use tokio::net::TcpListener;

use crate::cli::Sandbox;
use crate::config::Config;
use crate::output;
use crate::serve::until_told_to_stop;

/// Serves the networks until told to stop.
pub async fn run(sandbox: &Sandbox, config: Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let listen: SocketAddr = sandbox
        .listen
        .parse()
        .with_context(|| format!("--listen {} is no address like 127.0.0.1:4490", sandbox.listen))?;
    let listener = match TcpListener::bind(listen).await {
        Ok(listener) => listener,
        Err(e) if e.kind() == ErrorKind::AddrInUse => {
            bail!("port {} is taken by another program: name a free one with --listen", listen.port())
        }
        Err(e) => return Err(e).with_context(|| format!("nobody can listen at {listen}")),
    };
    let base_url = format!("http://{}", listener.local_addr()?);
    let clock = config.clock;
    let world = World::new(Arc::new(move || clock.timestamp()), sandbox.seed);
    if as_json {
        output::json(&world.ready(&base_url));
    } else {
        output::line("Emulated networks. Nothing here leaves this machine, and nothing is kept. Ctrl-C ends them.");
        output::line(&format!("The access token of each is `{}`, the app's secret `{}`.", world::TOKEN, world::SECRET));
        for (network, _) in world.networks() {
            output::line(&format!("  {:<24} {base_url}/_sandbox/home/{}", network.title(), network.name()));
        }
    }
    let shutdown = async {
        if let Err(error) = until_told_to_stop().await {
            tracing::error!(%error, "nobody can tell this program to stop");
        }
    };
    world::serve(listener, world, shutdown).await?;
    Ok(ExitCode::SUCCESS)
}
