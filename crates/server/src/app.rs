//! What every handler has at hand.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bedside_engine::Clock;
use bedside_engine::blobs::Blobs;
use bedside_engine::listen::Listen;
use bedside_engine::listen::accept::Acceptor;
use bedside_engine::listen::hooks::Hooks;
use bedside_model::role::{self, Action, Resource};
use bedside_model::{Micros, OrgId};
use bedside_store::checkpoint::{Checkpoints, Verification};
use bedside_store::{Conn, Store};

use crate::live::Live;
use crate::metrics::Metrics;
use crate::password::Passwords;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address under which people open Bedside, without a path: `https://bedside.example.org`.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Nobody else's are.
    pub trusted_proxies: Vec<IpAddr>,
    /// Where imports are kept until they are read.
    pub data_dir: PathBuf,
}

/// The server's state. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

/// What [`App`] holds.
#[derive(Debug)]
pub struct Inner {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// How the server is set up.
    pub config: Config,
    /// The signed checkpoints of the logs, which a loop of the engine writes, too.
    pub checkpoints: Arc<tokio::sync::Mutex<Checkpoints>>,
    /// Tests connections and begins imports; its loop runs elsewhere.
    pub listen: Listen,
    /// Hears webhooks.
    pub hooks: Hooks,
    /// Where files lie that go out with posts.
    pub blobs: Blobs,
    /// Who looks at what, and the live pages.
    pub live: Live,
    pub(crate) passwords: Passwords,
    pub(crate) metrics: Metrics,
    verified: Mutex<BTreeMap<OrgId, Verified>>,
}

/// The last verification of a log.
#[derive(Debug, Clone)]
pub struct Verified {
    /// When.
    pub at: Micros,
    /// What it found.
    pub outcome: Verification,
}

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// The state of a server. Must be called within a runtime: it starts the task that stores webhooks.
    pub fn new(
        store: Store,
        clock: Clock,
        checkpoints: Arc<tokio::sync::Mutex<Checkpoints>>,
        listen: Listen,
        config: Config,
    ) -> Self {
        let passwords = Passwords::new(store.ids());
        let hooks = Hooks::new(store.clone(), clock.clone(), Acceptor::start(store.clone(), clock.clone()));
        let blobs = Blobs::dir(&config.data_dir);
        Self(Arc::new(Inner {
            store,
            clock,
            config,
            checkpoints,
            listen,
            hooks,
            blobs,
            live: Live::default(),
            passwords,
            metrics: Metrics::default(),
            verified: Mutex::default(),
        }))
    }
}

impl Inner {
    /// Now, in microseconds UTC.
    pub fn now(&self) -> Micros {
        self.clock.now()
    }

    /// A connection to read from.
    pub async fn read(&self) -> Result<Conn, Problem> {
        Ok(self.store.read().await?)
    }

    /// Refuses unless this person may do this to that. Every handler asks here.
    pub fn allow(&self, who: &SignedIn, action: Action, resource: &Resource) -> Result<(), Problem> {
        Ok(role::can(&who.actor(), action, resource)?)
    }

    /// As [`Inner::allow`], for what has no rule of its own.
    pub fn allow_role(&self, who: &SignedIn, action: Action) -> Result<(), Problem> {
        self.allow(who, action, &Resource::Organisation)
    }

    /// Writes into the log that somebody opened a thing (once in 15 minutes), without making them
    /// wait for it.
    pub fn viewed(&self, who: &SignedIn, object: &impl ToString) {
        let (store, at) = (self.store.clone(), self.now());
        let (org, user, object) = (who.org().clone(), who.user.id.clone(), object.to_string());
        tokio::spawn(async move {
            if let Err(e) = store.viewed(&org, &user, &object, at).await {
                tracing::error!(error = %e.inner(), "a view could not be written into the log");
            }
        });
    }

    /// Verifies a log now and keeps the outcome for [`Inner::last_verified`].
    pub async fn verify_audit(&self, org: &OrgId) -> Result<Verified, Problem> {
        let outcome = self.checkpoints.lock().await.verify(&self.store, org).await?;
        let verified = Verified { at: self.now(), outcome };
        self.verified.lock().unwrap_or_else(PoisonError::into_inner).insert(org.clone(), verified.clone());
        Ok(verified)
    }

    /// The last verification of a log by this process.
    pub fn last_verified(&self, org: &OrgId) -> Option<Verified> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner).get(org).cloned()
    }
}
