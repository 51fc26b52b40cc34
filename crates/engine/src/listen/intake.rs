//! The intake: stored items become messages in conversations.
//!
//! A batch is read outside the transaction (parse, assess: pure, on a thread of its own) and laid
//! into conversations inside it, in a few statements ([`lay`]). An item that cannot be read becomes
//! a dead letter with its reason; where the database refuses a batch, its items are tried one by
//! one, so that nothing ever waits behind a bad one.

mod lay;
mod read;

use std::collections::HashMap;
use std::sync::Arc;

use bedside_model::{AccountId, OrgId, RawId};
use bedside_networks::AccountView;
use bedside_networks::watch::Watch;
use bedside_store::intake::raw::{self, RawRow};
use bedside_store::{By, Entry, StoreError};

use super::{Listen, account_view, clocks};
use lay::Laid;
use read::Read;
pub use read::{labels, triage};

/// Most items in one batch.
const BATCH: i64 = 1_000;
/// Most threads that read one batch.
const MOST_THREADS: usize = 4;
/// Fewer items than this are not worth a thread of their own.
const LEAST_SHARE: usize = 50;
/// How often a batch is laid where somebody else changes its conversations meanwhile.
const TRIES: usize = 3;
/// The intake's name in the log and the timeline.
const PART: &str = "intake";

/// Reads a batch on as many threads as the machine has for it: understanding a text costs more than
/// storing it. The order stays.
async fn read_all(
    views: &HashMap<AccountId, Arc<AccountView>>,
    watch: &Arc<Watch>,
    mut rows: Vec<RawRow>,
) -> Result<Vec<Arc<Read>>, StoreError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let share = rows.len().div_ceil(threads).max(LEAST_SHARE);
    let mut tasks = vec![];
    while !rows.is_empty() {
        let rest = rows.split_off(share.min(rows.len()));
        let part = std::mem::replace(&mut rows, rest);
        let (views, watch) = (views.clone(), watch.clone());
        tasks.push(tokio::task::spawn_blocking(move || {
            part.into_iter().map(|row| Arc::new(read::read(&views[&row.account_id], &watch, row))).collect::<Vec<_>>()
        }));
    }
    let mut read = vec![];
    for task in tasks {
        read.extend(task.await.map_err(|_| StoreError::Rule("reading a batch panicked"))?);
    }
    Ok(read)
}

/// Whether a batch that could not be laid is decided on anew: somebody else changed what it was decided on
/// before it was written, and it was not tried too often.
fn decided_anew(error: &StoreError, tries: usize) -> bool {
    matches!(error, StoreError::Conflict { .. }) && tries < TRIES
}

/// Items that were read and are not laid yet.
struct Batch {
    read: Vec<Arc<Read>>,
    /// The last of them, behind which the next begins.
    last: RawId,
}

impl Listen {
    /// Reads every stored item of an organisation. Answers how many, dead letters among them.
    ///
    /// While one batch is laid, the next is read: the one takes the database, the other the processors.
    pub async fn intake_until_idle(&self, org: &OrgId) -> Result<usize, StoreError> {
        let mut done = 0;
        let mut views = HashMap::new();
        loop {
            let (before, mut taken) = (done, 0);
            let mut next = self.read_batch(org, &mut views, None).await?;
            while let Some(Batch { read, last }) = next {
                taken += read.len();
                let (laid, read_ahead) =
                    tokio::join!(self.lay_or_single(org, read), self.read_batch(org, &mut views, Some(&last)));
                done += laid?;
                next = read_ahead?;
            }
            // Items that vanished come behind the others, and what came meanwhile may stand before them: it
            // begins anew, unless some are held by another worker, or failed and wait for another time.
            if taken == 0 || done - before < taken {
                return Ok(done);
            }
        }
    }

    async fn read_batch(
        &self,
        org: &OrgId,
        views: &mut HashMap<AccountId, Arc<AccountView>>,
        after: Option<&RawId>,
    ) -> Result<Option<Batch>, StoreError> {
        let rows = raw::open(&mut self.store.read().await?, org, self.clock.now(), after, BATCH).await?;
        let Some(last) = rows.iter().map(|row| &row.id).max().cloned() else { return Ok(None) };
        for row in &rows {
            if !views.contains_key(&row.account_id) {
                let view = account_view(&self.store, org, &row.account_id).await?;
                views.insert(row.account_id.clone(), Arc::new(view));
            }
        }
        let watch = self.watch(org).await?.map(|(watch, _)| watch).unwrap_or_default();
        Ok(Some(Batch { read: read_all(views, &watch, rows).await?, last }))
    }

    async fn lay_or_single(&self, org: &OrgId, read: Vec<Arc<Read>>) -> Result<usize, StoreError> {
        match self.lay(org, read.clone()).await {
            Ok(done) => Ok(done),
            Err(e @ (StoreError::WriterGone | StoreError::CommitFailed | StoreError::Open(_))) => Err(e),
            Err(e) => {
                tracing::warn!(error = %e.inner(), items = read.len(), "a batch was refused; its items are tried one by one");
                self.one_by_one(org, read).await
            }
        }
    }

    async fn one_by_one(&self, org: &OrgId, read: Vec<Arc<Read>>) -> Result<usize, StoreError> {
        let mut done = 0;
        for item in read {
            let id = item.row.id.clone();
            match self.lay(org, vec![item]).await {
                Ok(n) => done += n,
                Err(e @ (StoreError::WriterGone | StoreError::CommitFailed | StoreError::Open(_))) => return Err(e),
                Err(e) => {
                    tracing::error!(raw = %id, error = %e.inner(), "an item could not be stored");
                    // Our errors name statements and columns, never contents.
                    let reason = e.to_string();
                    self.store
                        .write(org, self.clock.now(), move |tx| {
                            Box::pin(async move {
                                raw::failed(tx, &id, &reason).await?;
                                tx.commit(Entry::new(By::system(PART), "intake.failed", &id), ())
                            })
                        })
                        .await?;
                }
            }
        }
        Ok(done)
    }

    async fn lay(&self, org: &OrgId, read: Vec<Arc<Read>>) -> Result<usize, StoreError> {
        let mut tries = 1;
        loop {
            match self.lay_once(org, read.clone()).await {
                Err(e) if decided_anew(&e, tries) => tries += 1,
                done => return done,
            }
        }
    }

    async fn lay_once(&self, org: &OrgId, read: Vec<Arc<Read>>) -> Result<usize, StoreError> {
        let (clocks, hours) = clocks(&mut self.store.read().await?, org).await?;
        let ids = self.store.ids().clone();
        self.store
            .write(org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    let open = raw::still_open(tx, read.iter().map(|item| &item.row.id)).await?;
                    // What got a new revision since it was read waits for the next batch.
                    let mine: Vec<&Read> = read
                        .iter()
                        .map(AsRef::as_ref)
                        .filter(|item| open.get(&item.row.id) == Some(&item.row.revision))
                        .collect();
                    if mine.is_empty() {
                        return tx.unchanged(0);
                    }
                    let count = mine.len();
                    let laid: Laid = lay::lay(tx, &ids, &clocks, &hours, mine).await?;
                    tx.commit(laid.entry(count), count)
                })
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_changed_meanwhile_is_decided_anew_but_not_for_ever() {
        let conflict = StoreError::Conflict { what: "conversation" };
        assert_eq!([1, 2, 3].map(|tries| decided_anew(&conflict, tries)), [true, true, false]);
        assert!(!decided_anew(&StoreError::WriterGone, 1));
    }
}
