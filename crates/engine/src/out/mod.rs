//! The way out: the one door through which everything leaves.
//!
//! [`Out::run_until_idle`] does all work that is due now, for every organisation: rows whose worker
//! is gone become `unknown`, rows that are due are claimed, sent and ended, rows of unknown fate are
//! read back from the network, alerts go to the next in the chain, snoozes end and clocks run out.
//! What an outcome means is decided in [`bedside_model::delivery`] and in the connector; here it is
//! only carried out and written down.

mod alarms;
mod effect;
mod last_word;
mod letter;
mod mail;
mod operate;
mod read_back;
mod send;
mod webhook;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bedside_model::delivery::Bucket;
use bedside_model::{AccountId, Micros, OrgId};
use bedside_store::{Change, Store, StoreError, trust};
use jiff::SignedDuration;
use tokio::sync::watch;

use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::http::Http;
use crate::looping::rest;
use crate::room::Room;

pub use effect::after as follow;

pub use webhook::signature;

/// How long a worker may have an item: longer than any request without a file may take, and shorter
/// than the time after which a read-back counts. Each step of a sending prolongs it.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// The sender. Any number may run, in one process or in several.
#[derive(Debug, Clone)]
pub struct Out {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) http: Http,
    /// Who holds the leases, for the eye of an operator.
    pub(crate) owner: Arc<str>,
    /// The public address of the installation, for the links in alerts.
    pub(crate) public_url: Arc<str>,
    /// Where the files of posts lie.
    pub(crate) blobs: Blobs,
    pub(crate) buckets: Arc<Mutex<HashMap<AccountId, Bucket>>>,
}

impl Out {
    /// A sender. `data_dir` is where the files of posts lie.
    pub fn new(
        store: Store,
        clock: Clock,
        http: Http,
        owner: &str,
        public_url: &str,
        data_dir: impl AsRef<Path>,
    ) -> Self {
        let blobs = Blobs::dir(data_dir.as_ref());
        let (owner, public_url) = (owner.into(), public_url.into());
        Self { store, clock, http, owner, public_url, blobs, buckets: Arc::default() }
    }

    /// What the line to a network works with.
    pub(crate) fn room(&self) -> Room {
        Room {
            store: self.store.clone(),
            clock: self.clock.clone(),
            http: self.http.clone(),
            owner: self.owner.clone(),
            blobs: self.blobs.clone(),
        }
    }

    /// Does everything that is due now and returns how many items were worked on.
    pub async fn run_until_idle(&self) -> Result<usize, StoreError> {
        let mut done = 0;
        loop {
            let mut now_done = 0;
            let orgs = trust::organisations(&mut self.store.read().await?).await?;
            for org in &orgs {
                now_done += self.run_org(org).await?;
            }
            if now_done == 0 {
                return Ok(done);
            }
            done += now_done;
        }
    }

    async fn run_org(&self, org: &OrgId) -> Result<usize, StoreError> {
        let mut done = self.sweep(org).await?;
        done += self.alarms(org).await?;
        done += self.send_due(org).await?;
        done += self.read_back(org).await?;
        Ok(done)
    }

    /// Runs until told to stop. Wakes when something changes or comes due.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut events = self.store.subscribe();
        while !*stop.borrow() {
            if let Err(e) = self.run_until_idle().await {
                tracing::error!(error = %e.inner(), "the outbox could not go on; it tries again");
            }
            rest(&self.clock, self.earliest(self.clock.now()).await, &mut events, concerns, &mut stop).await;
        }
    }

    async fn earliest(&self, now: Micros) -> Result<Option<Micros>, StoreError> {
        let mut conn = self.store.read().await?;
        let mut earliest: Option<Micros> = None;
        for org in trust::organisations(&mut conn).await? {
            let times = [
                bedside_store::outbox::next_time(&mut conn, &org).await?,
                bedside_store::alerts::next_time(&mut conn, &org).await?,
                bedside_store::conversation::next_time(&mut conn, &org, now).await?,
            ];
            earliest = times.into_iter().flatten().chain(earliest).min();
        }
        Ok(earliest)
    }
}

/// Whether a change may give the sender work.
fn concerns(change: &Change) -> bool {
    match change {
        Change::Outbox { .. } | Change::Alert { .. } | Change::Conversation { .. } => true,
        Change::Draft { .. }
        | Change::Source { .. }
        | Change::Import { .. }
        | Change::Heard { .. }
        | Change::Audit { .. } => false,
    }
}
