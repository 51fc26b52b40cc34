//! The way in: sources are polled under a lease, what a network serves is stored before anything
//! else happens, and the intake lays it into conversations.
//!
//! - [`poller`] runs the connectors' polls and keeps the health of each source.
//! - [`intake`] reads stored items in batches: parse, assess, route, one write.
//! - [`imports`] reads files as if they were a network.
//! - [`accept`] stores what comes by itself before it is acknowledged.
//! - [`hooks`] hears what networks tell by themselves.
//! - [`streams`] listens to networks that push over an open connection.
//! - [`accounts`] connects accounts and tests their connection.
//!
//! Every part has a `run_until_idle` that does what is due now; [`Listen::run`] is the loop.

pub mod accept;
pub mod accounts;
pub mod authorise;
mod heed;
pub mod hooks;
pub mod imports;
pub mod intake;
mod keys;
pub mod poller;
pub mod streams;
mod terms;

use std::path::PathBuf;
use std::sync::Arc;

use bedside_model::hours::OrgHours;
use bedside_model::{AccountId, Micros, OrgId};
use bedside_networks::{AccountView, Credentials, Network};
use bedside_store::listen::{account, import, renewal, source};
use bedside_store::{Change, Conn, Store, StoreError, trust};
use tokio::sync::watch;
use url::Url;

use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::http::{AllowedHosts, Http};
use crate::looping::rest;
use crate::renew;
use crate::room::Room;

use terms::Watches;

pub(crate) use crate::looping::micros;

pub use accounts::account_view;

/// The room's worker. Any number may run, in one process or in several. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Listen {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) http: Http,
    /// Who holds the leases, for the eye of an operator.
    pub(crate) owner: Arc<str>,
    /// Where the files of imports lie.
    pub(crate) data_dir: Arc<PathBuf>,
    /// Where networks reach us; empty in a process that does not know.
    pub(crate) public_url: Arc<str>,
    watches: Watches,
}

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Sources polled.
    pub polls: usize,
    /// Items read by the intake, dead letters among them.
    pub items: usize,
    /// Imports that went on.
    pub imports: usize,
    /// Accounts whose credentials were to be renewed.
    pub renewals: usize,
}

impl Done {
    fn any(self) -> bool {
        self.polls + self.items + self.imports + self.renewals > 0
    }

    fn add(&mut self, other: Self) {
        self.polls += other.polls;
        self.items += other.items;
        self.imports += other.imports;
        self.renewals += other.renewals;
    }
}

impl Listen {
    /// A worker. `owner` names the process in its leases; `data_dir` is where files of imports lie.
    pub fn new(store: Store, clock: Clock, http: Http, owner: &str, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            store,
            clock,
            http,
            owner: owner.into(),
            data_dir: Arc::new(data_dir.into()),
            public_url: "".into(),
            watches: Watches::default(),
        }
    }

    /// The same worker, who knows where networks reach us and asks them to tell us of new things there.
    #[must_use]
    pub fn with_public_url(self, public_url: &str) -> Self {
        Self { public_url: public_url.into(), ..self }
    }

    /// What the line to a network works with.
    pub(crate) fn room(&self) -> Room {
        Room {
            store: self.store.clone(),
            clock: self.clock.clone(),
            http: self.http.clone(),
            owner: self.owner.clone(),
            blobs: Blobs::dir(&self.data_dir),
        }
    }

    /// Renews credentials that are to end, polls every source that is due, reads every stored item, goes on with every import, until
    /// nothing is left to do now.
    pub async fn run_until_idle(&self) -> Result<Done, StoreError> {
        let mut done = Done::default();
        loop {
            let mut round = Done::default();
            let orgs = trust::organisations(&mut self.store.read().await?).await?;
            for org in &orgs {
                // What a crash left behind comes before what is new.
                round.items += self.intake_until_idle(org).await?;
                round.renewals += renew::renew_due(&self.room(), org).await?;
                round.polls += self.poll_due(org).await?;
                round.imports += self.import_due(org).await?;
                round.items += self.intake_until_idle(org).await?;
            }
            done.add(round);
            if !round.any() {
                return Ok(done);
            }
        }
    }

    /// Runs until told to stop. Wakes when something changes or comes due.
    pub async fn run(&self, stop: watch::Receiver<bool>) {
        tokio::join!(self.run_due(stop.clone()), self.run_streams(stop));
    }

    async fn run_due(&self, mut stop: watch::Receiver<bool>) {
        let mut events = self.store.subscribe();
        while !*stop.borrow() {
            if let Err(e) = self.run_until_idle().await {
                tracing::error!(error = %e.inner(), "listening could not go on; it tries again");
            }
            if let Err(e) = self.look_after().await {
                tracing::error!(error = %e.inner(), "accounts could not be looked after; it tries again");
            }
            rest(&self.clock, self.earliest().await, &mut events, concerns, &mut stop).await;
        }
    }

    async fn earliest(&self) -> Result<Option<Micros>, StoreError> {
        let mut conn = self.store.read().await?;
        let mut earliest: Option<Micros> = None;
        for org in trust::organisations(&mut conn).await? {
            let times = [
                source::next_time(&mut conn, &org).await?,
                renewal::next_time(&mut conn, &org).await?,
                bedside_store::listen::upkeep::next_time(&mut conn, &org).await?,
            ];
            earliest = times.into_iter().flatten().chain(earliest).min();
            if !import::due(&mut conn, &org, self.clock.now()).await?.is_empty() {
                earliest = Some(self.clock.now());
            }
        }
        Ok(earliest)
    }

    /// Hosts in private ranges that the organisation's administrator allows by name.
    pub(crate) async fn allowed_hosts(&self, org: &OrgId) -> Result<AllowedHosts, StoreError> {
        allowed_hosts(&self.store, org).await
    }
}

/// Hosts in private ranges that an organisation's administrator allows by name.
pub(crate) async fn allowed_hosts(store: &Store, org: &OrgId) -> Result<AllowedHosts, StoreError> {
    let (settings, _) = bedside_store::settings::load(&mut store.read().await?, org).await?;
    Ok(AllowedHosts::new(settings.alerts.allowed_private_hosts))
}

/// The hours and clocks by which answers are due.
pub(crate) async fn clocks(
    conn: &mut Conn,
    org: &OrgId,
) -> Result<(bedside_model::clock::Clocks, OrgHours), StoreError> {
    let (settings, _) = bedside_store::settings::load(conn, org).await?;
    let hours = OrgHours::new(&settings.hours, &settings.organisation.zone)
        .or_else(|_| OrgHours::new(&settings.hours, "UTC"))
        .map_err(|_| StoreError::Rule("the organisation's hours cannot be read"))?;
    Ok((settings.clocks, hours))
}

/// Whether a change may give this room work: something that came by itself, a source that is due, an
/// import that was begun.
fn concerns(change: &Change) -> bool {
    match change {
        Change::Heard { .. } | Change::Source { .. } | Change::Import { .. } => true,
        Change::Conversation { .. }
        | Change::Draft { .. }
        | Change::Outbox { .. }
        | Change::Alert { .. }
        | Change::Audit { .. } => false,
    }
}
