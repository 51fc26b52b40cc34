//! Durable accept: items that come by themselves, one by one and in bursts (webhooks).
//!
//! Whoever offers an item hears "stored" after the commit that made it durable, never before. What
//! comes in while a commit is under way is gathered and stored by the next one: one look, one insert
//! of many rows and one entry in the log for all of them. The queue is bounded; where it is full the
//! sender is told to come again, and nothing was taken.

use bedside_model::{AccountId, OrgId};
use bedside_store::intake::raw::{self, NewItem};
use bedside_store::{By, Entry, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;

/// Most items in one commit.
const MOST: usize = 500;
/// Items that may wait.
const QUEUE: usize = 10_000;

struct Offered {
    org: OrgId,
    account: AccountId,
    item: NewItem,
    stored: oneshot::Sender<bool>,
}

/// Why an item was not taken. It is not stored; it may be offered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too much waits already.
    #[error("too much waits to be stored; try again in a moment")]
    Busy,
    /// The database could not store it. The log has the reason.
    #[error("it could not be stored; try again")]
    NotStored,
}

/// Takes items and says when they are durable. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Acceptor {
    queue: mpsc::Sender<Offered>,
}

impl Acceptor {
    /// Starts the task that stores; it ends when the last handle is dropped.
    pub fn start(store: Store, clock: Clock) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(store, clock, waiting));
        Self { queue }
    }

    /// Offers an item and waits until it is durable. A replay is stored once and answered alike.
    pub async fn offer(&self, org: &OrgId, account: &AccountId, item: NewItem) -> Result<(), Refused> {
        let (stored, answer) = oneshot::channel();
        let offered = Offered { org: org.clone(), account: account.clone(), item, stored };
        self.queue.try_send(offered).map_err(|_| Refused::Busy)?;
        match answer.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Refused::NotStored),
        }
    }
}

async fn run(store: Store, clock: Clock, mut waiting: mpsc::Receiver<Offered>) {
    let mut next: Option<Offered> = None;
    loop {
        let first = match next.take() {
            Some(offered) => offered,
            None => match waiting.recv().await {
                Some(offered) => offered,
                None => return,
            },
        };
        let mut batch = vec![first];
        while batch.len() < MOST {
            match waiting.try_recv() {
                Ok(offered) if offered.org == batch[0].org && offered.account == batch[0].account => {
                    batch.push(offered)
                }
                Ok(other) => {
                    next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        let (org, account) = (batch[0].org.clone(), batch[0].account.clone());
        let (items, senders): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|offered| (offered.item, offered.stored)).unzip();
        let done = keep(&store, &clock, &org, account, items).await;
        if let Err(e) = &done {
            tracing::error!(error = %e.inner(), "offered items could not be stored");
        }
        for sender in senders {
            // Whoever offered it may have gone; it is stored all the same.
            let _ = sender.send(done.is_ok());
        }
    }
}

async fn keep(
    store: &Store,
    clock: &Clock,
    org: &OrgId,
    account: AccountId,
    items: Vec<NewItem>,
) -> Result<(), StoreError> {
    let ids = store.ids().clone();
    store
        .write(org, clock.now(), move |tx| {
            Box::pin(async move {
                let stored = raw::store(tx, &ids, &account, None, items, &[]).await?;
                if !stored.any() {
                    return tx.unchanged(());
                }
                let entry = Entry::new(By::system("accept"), "listen.stored", &account);
                tx.commit(entry.with("new", stored.new).with("changed", stored.changed), ())
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use bedside_store::testing::{self, NOON};
    use futures_util::future::join_all;

    use super::*;

    fn item(n: usize) -> NewItem {
        NewItem {
            native_id: format!("comment-{n}"),
            kind: "comment".into(),
            body: format!("{{\"n\":{n}}}").into_bytes(),
            content_hash: format!("{n}"),
            published_at: None,
        }
    }

    #[tokio::test]
    async fn what_was_accepted_is_stored_once_however_often_it_comes() {
        for db in testing::each_engine().await {
            let (clock, _) = Clock::mock(NOON);
            let acceptor = Acceptor::start(db.store.clone(), clock);
            let account = AccountId::from_bits(1);
            // Each comes twice, at once.
            let offers = (0..600).map(|n| acceptor.offer(&db.org, &account, item(n / 2)));
            for taken in join_all(offers).await {
                assert_eq!(taken, Ok(()), "{}", db.engine);
            }
            let mut conn = db.store.read().await.unwrap();
            let rows = conn.test_rows("select count(*) as n from raw_items").await.unwrap();
            assert_eq!(rows[0].int("n").unwrap(), 300, "{}", db.engine);
        }
    }

    #[tokio::test]
    async fn what_cannot_be_stored_is_not_acknowledged() {
        let db = testing::sqlite().await;
        let (clock, _) = Clock::mock(NOON);
        let acceptor = Acceptor::start(db.store.clone(), clock);
        let stranger = OrgId::from_bits(99);
        assert_eq!(acceptor.offer(&stranger, &AccountId::from_bits(1), item(1)).await, Err(Refused::NotStored));
        assert_eq!(acceptor.offer(&db.org, &AccountId::from_bits(1), item(1)).await, Ok(()));
    }
}
