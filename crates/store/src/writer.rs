//! The one writer of the process: a task that owns the writing connection and commits the jobs
//! that wait in one transaction (group commit).
//!
//! A job is a function on a [`Tx`]. It ends in [`Tx::commit`], which takes an audit entry and gives
//! the [`Committed`] that the writer asks for. Jobs that find nothing to do end in
//! [`Tx::unchanged`]; bookkeeping that is declared operational (leases, cursors, last seen) ends in
//! [`Tx::operational`]. A job that ends in none of the three does not compile; one that wrote more
//! than its end allows is refused and undone.
//!
//! Jobs of one batch belong to one organisation. The head of its audit chain is locked first, so
//! that processes on one PostgreSQL never wait for each other in a circle. Each job runs in a
//! savepoint: one that fails takes nothing of the others with it. Nobody hears "done" before the
//! commit is durable.

use std::panic::AssertUnwindSafe;

use bedside_model::{Micros, OrgId};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::audit::Entry;
use crate::chain;
use crate::db::{Conn, Pools};
use crate::error::{Result, StoreError};
use crate::event::{Change, Event};
use crate::row::Row;
use crate::sql::{Scope, Stmt, Value};

/// Most jobs in one transaction.
const MOST_JOBS: usize = 1_000;

/// A write transaction. Reads through it see what it wrote.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
    org: Option<OrgId>,
    at: Micros,
    wrote: bool,
    wrote_operational: bool,
    events: Vec<Change>,
}

/// The proof that a job ended in one of the ways that the house allows.
#[derive(Debug)]
pub struct Committed<T> {
    value: T,
    entries: Vec<Entry>,
}

impl Tx {
    /// The organisation of this transaction.
    pub fn org(&self) -> Result<OrgId> {
        self.org.clone().ok_or(StoreError::Rule("this transaction has no organisation"))
    }

    /// The instant that was given when the write began.
    pub fn at(&self) -> Micros {
        self.at
    }

    /// The connection, for the reading functions of the rooms.
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    fn note(&mut self, stmt: &Stmt) {
        if stmt.operational.is_some() {
            self.wrote_operational = true;
        } else {
            self.wrote = true;
        }
    }

    /// Runs a changing statement of this organisation; `values` bind from `$2`. Answers how many
    /// rows it touched.
    pub async fn run(&mut self, stmt: &'static Stmt, values: Vec<Value>) -> Result<u64> {
        if stmt.scope != Scope::Org {
            return Err(StoreError::Rule("a global statement was run as one of an organisation"));
        }
        self.note(stmt);
        let mut bound = Vec::with_capacity(values.len() + 1);
        bound.push(Value::from(self.org()?));
        bound.extend(values);
        self.conn.run_text(stmt, bound).await
    }

    /// As [`Tx::run`], where exactly one row must change; `Conflict` otherwise.
    pub async fn run_one(&mut self, stmt: &'static Stmt, values: Vec<Value>, what: &'static str) -> Result<()> {
        match self.run(stmt, values).await? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict { what }),
        }
    }

    /// Runs a changing statement with `returning`; `values` bind from `$2`.
    pub async fn returning(&mut self, stmt: &'static Stmt, values: Vec<Value>) -> Result<Vec<Row>> {
        self.note(stmt);
        let org = self.org()?;
        self.conn.all(stmt, &org, values).await
    }

    /// Runs a changing global statement; `values` bind from `$1`.
    pub async fn run_global(&mut self, stmt: &'static Stmt, values: Vec<Value>) -> Result<u64> {
        if stmt.scope == Scope::Org {
            return Err(StoreError::Rule("a statement of an organisation was run without one"));
        }
        self.note(stmt);
        self.conn.run_text(stmt, values).await
    }

    /// Inserts many rows. The statement reads `insert into t (org_id, …) values`; `tail` follows the
    /// rows (`on conflict … do nothing`). Each row binds from its second column on.
    pub async fn insert_many(&mut self, stmt: &'static Stmt, tail: &'static str, rows: Vec<Vec<Value>>) -> Result<u64> {
        self.note(stmt);
        let org = self.org()?;
        self.conn.run_rows(stmt, tail, &org, rows).await
    }

    /// Tells the live pages and the loops, after the commit.
    pub fn publish(&mut self, change: Change) {
        self.events.push(change);
    }

    /// Ends the job with who, what and why.
    pub fn commit<T>(&self, entry: Entry, value: T) -> Result<Committed<T>> {
        self.commit_all(vec![entry], value)
    }

    /// Ends the job with several entries. At least one is needed.
    pub fn commit_all<T>(&self, entries: Vec<Entry>, value: T) -> Result<Committed<T>> {
        if entries.is_empty() {
            return Err(StoreError::Rule("a commit without an audit entry"));
        }
        if self.org.is_none() {
            return Err(StoreError::Rule("an audit entry without an organisation"));
        }
        Ok(Committed { value, entries })
    }

    /// Ends a job that wrote nothing.
    pub fn unchanged<T>(&self, value: T) -> Result<Committed<T>> {
        if self.wrote || self.wrote_operational {
            return Err(StoreError::Rule("a job that wrote said that it did not"));
        }
        Ok(Committed { value, entries: Vec::new() })
    }

    /// Ends a job that wrote only through statements declared operational.
    pub fn operational<T>(&self, value: T) -> Result<Committed<T>> {
        if self.wrote {
            return Err(StoreError::Rule("a job wrote more than bookkeeping without an audit entry"));
        }
        Ok(Committed { value, entries: Vec::new() })
    }
}

pub(crate) trait Job: Send {
    fn org(&self) -> Option<&OrgId>;
    fn at(&self) -> Micros;
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<Vec<Entry>>>;
    fn finish(self: Box<Self>, outcome: Result<()>);
}

struct TypedJob<T, F> {
    org: Option<OrgId>,
    at: Micros,
    work: Option<F>,
    value: Option<T>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for TypedJob<T, F>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<Committed<T>>> + Send + 'static,
{
    fn org(&self) -> Option<&OrgId> {
        self.org.as_ref()
    }

    fn at(&self) -> Micros {
        self.at
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<Vec<Entry>>> {
        Box::pin(async move {
            let work = self.work.take().ok_or(StoreError::Rule("a job ran twice"))?;
            let committed = work(tx).await?;
            self.value = Some(committed.value);
            Ok(committed.entries)
        })
    }

    fn finish(self: Box<Self>, outcome: Result<()>) {
        let answer = match (outcome, self.value) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(StoreError::WriterGone),
            (Err(e), _) => Err(e),
        };
        // Whoever asked may have gone away; the write stands all the same.
        drop(self.reply.send(answer));
    }
}

/// The way to the writer. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[writer]")
    }
}

impl Writer {
    /// Starts the writer task; it ends when the last handle is dropped.
    pub(crate) fn start(pools: Pools, bus: broadcast::Sender<Event>) -> (Self, tokio::task::JoinHandle<()>) {
        let (jobs, waiting) = mpsc::channel(4 * MOST_JOBS);
        let task = tokio::spawn(run(pools, bus, waiting));
        (Self { jobs }, task)
    }

    /// How many jobs wait.
    pub(crate) fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    pub(crate) async fn write<T, F>(&self, org: Option<OrgId>, at: Micros, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<Committed<T>>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = TypedJob { org, at, work: Some(work), value: None, reply };
        self.jobs.send(Box::new(job)).await.map_err(|_| StoreError::WriterGone)?;
        answer.await.map_err(|_| StoreError::WriterGone)?
    }
}

async fn run(pools: Pools, bus: broadcast::Sender<Event>, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
    let mut next: Option<Box<dyn Job>> = None;
    let mut conn: Option<Conn> = None;
    loop {
        let first = match next.take() {
            Some(job) => job,
            None => match waiting.recv().await {
                Some(job) => job,
                None => return,
            },
        };
        let mut batch = vec![first];
        while batch.len() < MOST_JOBS {
            match waiting.try_recv() {
                Ok(job) if job.org() == batch[0].org() => batch.push(job),
                Ok(job) => {
                    next = Some(job);
                    break;
                }
                Err(_) => break,
            }
        }
        let ready = match conn.take() {
            Some(conn) => Ok(conn),
            None => pools.write().await,
        };
        match ready {
            Ok(ready) => {
                conn = commit_batch(ready, batch, &bus).await;
                if next.is_none() && waiting.is_empty() {
                    // Back to the pool, so that closing it need not wait for the next write.
                    conn = None;
                }
            }
            Err(e) => refuse_all(batch, &e),
        }
    }
}

fn refuse_all(batch: Vec<Box<dyn Job>>, why: &StoreError) {
    tracing::error!(error = %why.inner(), jobs = batch.len(), "the writer could not commit");
    for job in batch {
        job.finish(Err(StoreError::CommitFailed));
    }
}

/// Runs a batch and commits it. Gives the connection back unless it may be broken.
async fn commit_batch(conn: Conn, mut batch: Vec<Box<dyn Job>>, bus: &broadcast::Sender<Event>) -> Option<Conn> {
    let org = batch[0].org().cloned();
    let mut tx = Tx { conn, org: org.clone(), at: 0, wrote: false, wrote_operational: false, events: Vec::new() };
    let begin = tx.conn.begin();
    let head = match tx.conn.raw("begin", begin).await {
        Err(e) => Err(e),
        Ok(()) => match &org {
            Some(org) => chain::lock_head(&mut tx.conn, org).await,
            None => Ok(None),
        },
    };
    let mut head = match head {
        Ok(head) => head,
        Err(e) => {
            refuse_all(batch, &e);
            return None;
        }
    };
    let several = batch.len() > 1;
    let mut entries = Vec::new();
    let mut events = Vec::new();
    let mut failed: Vec<Option<StoreError>> = Vec::with_capacity(batch.len());
    for job in &mut batch {
        match run_job(&mut tx, job.as_mut(), several).await {
            Ok(mut made) => {
                let at = job.at();
                entries.extend(made.drain(..).map(|entry| (at, entry)));
                events.append(&mut tx.events);
                failed.push(None);
            }
            Err(JobFailed::Alone(e)) => {
                tx.events.clear();
                failed.push(Some(e));
            }
            Err(JobFailed::Transaction(e)) => {
                drop(tx.conn.raw("rollback", "rollback").await);
                refuse_all(batch, &e);
                return None;
            }
        }
    }
    let all_failed = failed.iter().all(Option::is_some);
    let outcome = if all_failed && !several {
        tx.conn.raw("rollback", "rollback").await
    } else {
        match chain::append(&mut tx.conn, org.as_ref(), &mut head, entries).await {
            Ok(()) => tx.conn.raw("commit", "commit").await,
            Err(e) => Err(e),
        }
    };
    if let Err(e) = outcome {
        drop(tx.conn.raw("rollback", "rollback").await);
        refuse_all(batch, &e);
        return None;
    }
    if let (Some(org), Some(head)) = (&org, &head) {
        if head.grew {
            events.push(Change::Audit { height: head.height });
        }
        for change in events {
            // Nobody may be listening, and that is fine.
            drop(bus.send(Event { org: org.clone(), change }));
        }
    }
    for (job, error) in batch.into_iter().zip(failed) {
        job.finish(error.map_or(Ok(()), Err));
    }
    Some(tx.conn)
}

enum JobFailed {
    /// Only this job; its changes are undone.
    Alone(StoreError),
    /// The transaction cannot go on.
    Transaction(StoreError),
}

async fn run_job(tx: &mut Tx, job: &mut dyn Job, several: bool) -> std::result::Result<Vec<Entry>, JobFailed> {
    tx.at = job.at();
    tx.wrote = false;
    tx.wrote_operational = false;
    if several {
        tx.conn.raw("savepoint", "savepoint job").await.map_err(JobFailed::Transaction)?;
    }
    let result = match AssertUnwindSafe(job.run(tx)).catch_unwind().await {
        Ok(result) => result,
        Err(_) => Err(StoreError::Rule("a write panicked; it was undone")),
    };
    if several {
        let end =
            if result.is_ok() { "release savepoint job" } else { "rollback to savepoint job; release savepoint job" };
        tx.conn.raw("savepoint", end).await.map_err(JobFailed::Transaction)?;
    }
    result.map_err(JobFailed::Alone)
}
