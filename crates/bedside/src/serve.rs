//! `bedside serve` and `bedside worker`.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use bedside_server::App;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::Role;
use crate::house::House;
use crate::output;

/// A server that runs.
pub struct Serving {
    /// The address under which people open it.
    pub url: String,
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Serving {
    /// Starts the parts of a role on an open house.
    pub async fn start(house: &House, role: Role) -> anyhow::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Vec::new();
        let mut url = house.config.public_url(house.config.listen);
        if role != Role::Worker {
            let listener = TcpListener::bind(house.config.listen)
                .await
                .with_context(|| format!("cannot listen on {}: is another bedside running?", house.config.listen))?;
            url = house.config.public_url(listener.local_addr()?);
            tasks.push(serve_pages(house, &url, listener, stopped.clone()));
        }
        if role == Role::Web {
            tasks.push(house.start_checkpoints(stopped));
        } else {
            tasks.extend(house.start_loops(&url, &stopped));
        }
        Ok(Self { url, stop, tasks })
    }

    /// Stops everything and waits until the last write and the last checkpoint are durable.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(e) = task.await {
                tracing::error!(error = %e, "a part ended badly");
            }
        }
    }
}

fn serve_pages(
    house: &House,
    url: &str,
    listener: TcpListener,
    mut stopped: watch::Receiver<bool>,
) -> tokio::task::JoinHandle<()> {
    let config = bedside_server::Config {
        public_url: url.to_owned(),
        trusted_proxies: house.config.trusted_proxy.clone(),
        data_dir: house.config.data.clone(),
    };
    let app = App::new(house.store.clone(), house.clock.clone(), house.checkpoints.clone(), house.listen(), config);
    tokio::spawn(verify_now_and_then(app.clone(), stopped.clone()));
    let service = bedside_server::router(app).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        let until = async move {
            // An error means that the sender is gone, which is a stop as well.
            drop(stopped.wait_for(|stop| *stop).await);
        };
        // Live pages hold their streams open: they are cut when the program ends.
        let served = tokio::select! {
            served = async { axum::serve(listener, service).await } => served,
            () = until => Ok(()),
        };
        if let Err(e) = served {
            tracing::error!(error = %e, "the server ended");
        }
    })
}

/// Verifies every log a minute after the start and every hour, so that tampering shows by itself on
/// the pages and in `/readyz`.
async fn verify_now_and_then(app: App, mut stopped: watch::Receiver<bool>) {
    let mut wait = std::time::Duration::from_secs(60);
    loop {
        tokio::select! {
            () = app.clock.wait(wait) => {}
            _ = stopped.changed() => return,
        }
        wait = std::time::Duration::from_secs(3_600);
        let orgs = match app.store.read().await {
            Ok(mut conn) => bedside_store::trust::organisations(&mut conn).await.unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        for org in orgs {
            if app.verify_audit(&org).await.is_err() {
                tracing::error!(organisation = %org, "the log could not be verified");
            }
        }
    }
}

/// Waits for Ctrl-C or a request to terminate.
pub async fn until_told_to_stop() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// Serves until told to stop.
pub async fn run(house: House, role: Role, json: bool) -> anyhow::Result<ExitCode> {
    // Who only serves pages needs no lock: the loops of another process do the work.
    let _lock = if role == Role::Web { None } else { house.take_over().await? };
    let serving = Serving::start(&house, role).await?;
    if json {
        output::json(&json!({ "ready": true, "url": serving.url }));
    } else if role == Role::Worker {
        println!("Bedside works. Ctrl-C ends it.");
    } else {
        println!("Bedside is open at {}  (Ctrl-C ends it)", serving.url);
    }
    until_told_to_stop().await?;
    serving.stop().await;
    house.store.close().await;
    Ok(ExitCode::SUCCESS)
}
