//! The store: one SQL text, two engines.
//!
//! [`Store`] opens SQLite or PostgreSQL, brings the schema up to date and starts the one
//! [writer](crate::writer). Rooms add their queries in modules of their own (`listen`, `answer`,
//! `outbox`, `trust`, …), each with a `statements!` block. `db.rs` alone knows the engine.

pub mod alerts;
pub mod answer;
pub mod audit;
pub mod backup;
pub mod cases;
pub mod chain;
pub mod checkpoint;
pub mod conversation;
pub mod corrections;
pub mod db;
pub mod drafts;
pub mod error;
pub mod event;
pub mod ids;
pub mod intake;
pub mod listen;
pub mod log;
pub mod media;
pub mod migrate;
pub mod moderation;
pub mod outbox;
pub mod own;
pub mod people;
pub mod people_seen;
pub mod row;
pub mod seal;
pub mod search;
pub mod settings;
pub mod sql;
pub mod startup;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod trust;
pub mod writer;

use std::sync::Arc;

use bedside_model::{Micros, OrgId};
use futures_util::future::BoxFuture;
use tokio::sync::broadcast;

pub use crate::audit::{By, Entry};
pub use crate::db::{Conn, Target};
pub use crate::error::{Result, StoreError};
pub use crate::event::{Change, Event};
pub use crate::ids::Ids;
pub use crate::row::{Row, to_json};
pub use crate::seal::{Keyring, MasterKey};
pub use crate::sql::{Stmt, Value};
pub use crate::writer::{Committed, Tx};

/// All statements of the house, for the tests that prepare each and look at its scope.
pub fn all_statements() -> Vec<&'static Stmt> {
    [
        migrate::STATEMENTS,
        intake::raw::STATEMENTS,
        intake::author::STATEMENTS,
        intake::message::STATEMENTS,
        intake::thread::STATEMENTS,
        intake::sketch::STATEMENTS,
        listen::account::STATEMENTS,
        listen::app::STATEMENTS,
        listen::authorisation::STATEMENTS,
        listen::dead::STATEMENTS,
        listen::figures::STATEMENTS,
        listen::hook::STATEMENTS,
        listen::import::STATEMENTS,
        listen::quota::STATEMENTS,
        listen::renewal::STATEMENTS,
        listen::source::STATEMENTS,
        listen::stream::STATEMENTS,
        listen::upkeep::STATEMENTS,
        listen::watch::STATEMENTS,
        alerts::STATEMENTS,
        answer::queue::STATEMENTS,
        answer::speaker::STATEMENTS,
        answer::thread::STATEMENTS,
        cases::STATEMENTS,
        drafts::STATEMENTS,
        people_seen::STATEMENTS,
        chain::STATEMENTS,
        conversation::STATEMENTS,
        corrections::STATEMENTS,
        log::STATEMENTS,
        moderation::STATEMENTS,
        media::STATEMENTS,
        outbox::STATEMENTS,
        outbox::verdict::STATEMENTS,
        people::STATEMENTS,
        people::idempotency::STATEMENTS,
        people::session::STATEMENTS,
        people::throttle::STATEMENTS,
        own::STATEMENTS,
        search::STATEMENTS,
        settings::STATEMENTS,
        startup::STATEMENTS,
        trust::STATEMENTS,
    ]
    .concat()
}

/// An open database with its writer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pools: db::Pools,
    writer: writer::Writer,
    bus: broadcast::Sender<Event>,
    keyring: Keyring,
    ids: Arc<Ids>,
}

impl Store {
    /// Opens the database, migrates it, loads the organisations' keys and starts the writer.
    pub async fn open(target: &Target, master: MasterKey, ids: Arc<Ids>) -> Result<Self> {
        let pools = db::Pools::open(target).await?;
        migrate::run(&pools).await?;
        let (bus, _) = broadcast::channel(1024);
        let (writer, _task) = writer::Writer::start(pools.clone(), bus.clone());
        let store = Self { pools, writer, bus, keyring: Keyring::new(master, ids.clone()), ids };
        store.load_keys().await?;
        Ok(store)
    }

    /// Loads keys of organisations that another process made since.
    pub async fn load_keys(&self) -> Result<()> {
        let mut conn = self.read().await?;
        for (org, wrapped) in trust::org_keys(&mut conn).await? {
            if !self.keyring.knows(&org) {
                self.keyring.load_org_key(&org, &wrapped)?;
            }
        }
        Ok(())
    }

    /// A connection to read from.
    pub async fn read(&self) -> Result<Conn> {
        self.pools.read().await
    }

    /// Runs a write of one organisation at an instant (microseconds UTC) in the writer's next
    /// transaction, and answers when it is durable.
    ///
    /// ```text
    /// store.write(&org, now, move |tx| Box::pin(async move {
    ///     tx.run_one(&RESOLVE, vals![id, tx.at()], "conversation").await?;
    ///     tx.commit(Entry::new(By::user(&user), "conversation.resolved", &id), ())
    /// })).await
    /// ```
    pub async fn write<T, F>(&self, org: &OrgId, at: Micros, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<Committed<T>>> + Send + 'static,
    {
        self.writer.write(Some(org.clone()), at, work).await
    }

    /// Runs a write that belongs to no organisation (login throttles, the installation's state).
    pub async fn write_system<T, F>(&self, at: Micros, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<Committed<T>>> + Send + 'static,
    {
        self.writer.write(None, at, work).await
    }

    /// Hears what changes from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.bus.subscribe()
    }

    /// How many writes wait for the writer.
    pub fn writes_waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// The keys of the organisations.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The maker of ids.
    pub fn ids(&self) -> &Arc<Ids> {
        &self.ids
    }

    /// Closes the pools. Writes that wait are finished first by awaiting them, not by this.
    pub async fn close(&self) {
        self.pools.close().await;
    }
}
