//! Durable accept: items that come by themselves, one by one and in bursts (webhooks, streams).
//!
//! Whoever offers something hears "stored" after the commit that made it durable, never before. What
//! comes in while a commit is under way is gathered and stored by the next one: one look, one insert
//! of many rows and one entry in the log for all of an account. What waits is bounded by its bytes;
//! where there is no room the sender is told to come again, and nothing was taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use bedside_model::{AccountId, OrgId};
use bedside_store::intake::raw::{self, NewItem};
use bedside_store::listen::source;
use bedside_store::{By, Entry, Store, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::clock::Clock;

/// Items in one commit, unless one offer has more.
const MOST: usize = 500;
/// Offers that may wait.
const QUEUE: usize = 10_000;
/// Bytes that may wait.
const QUEUE_BYTES: usize = 32 * 1024 * 1024;

/// What is offered for one account.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Items, new and old alike.
    pub items: Vec<NewItem>,
    /// Ids of items that are no longer to be seen.
    pub gone: Vec<String>,
    /// Something is new that only a poll can tell: the account's sources are read at once.
    pub poll_now: bool,
}

impl Part {
    fn bytes(&self) -> usize {
        let items = self.items.iter().map(|item| item.body.len() + item.native_id.len() + 256);
        items.chain(self.gone.iter().map(|id| id.len() + 64)).sum()
    }
}

struct Offered {
    org: OrgId,
    parts: BTreeMap<AccountId, Part>,
    stored: oneshot::Sender<bool>,
    /// Its place in the queue; given back when it is stored.
    _room: OwnedSemaphorePermit,
}

impl Offered {
    fn items(&self) -> usize {
        self.parts.values().map(|part| part.items.len() + part.gone.len()).sum()
    }
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
    room: Arc<Semaphore>,
}

impl Acceptor {
    /// Starts the task that stores; it ends when the last handle is dropped.
    pub fn start(store: Store, clock: Clock) -> Self {
        Self::with_room(store, clock, QUEUE_BYTES)
    }

    /// The same with another bound on the bytes that may wait.
    pub fn with_room(store: Store, clock: Clock, bytes: usize) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(store, clock, waiting));
        Self { queue, room: Arc::new(Semaphore::new(bytes)) }
    }

    /// Offers an item and waits until it is durable. A replay is stored once and answered alike.
    pub async fn offer(&self, org: &OrgId, account: &AccountId, item: NewItem) -> Result<(), Refused> {
        let part = Part { items: vec![item], ..Part::default() };
        self.offer_all(org, BTreeMap::from([(account.clone(), part)])).await
    }

    /// Offers everything of one delivery and waits until all of it is durable, in one transaction.
    pub async fn offer_all(&self, org: &OrgId, parts: BTreeMap<AccountId, Part>) -> Result<(), Refused> {
        let bytes: usize = parts.values().map(Part::bytes).sum();
        let bytes = u32::try_from(bytes).map_err(|_| Refused::Busy)?;
        let room = self.room.clone().try_acquire_many_owned(bytes).map_err(|_| Refused::Busy)?;
        let (stored, answer) = oneshot::channel();
        let offered = Offered { org: org.clone(), parts, stored, _room: room };
        self.queue.try_send(offered).map_err(|_| Refused::Busy)?;
        match answer.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Refused::NotStored),
        }
    }
}

/// Offers that are stored together: those of one organisation.
struct Batch {
    org: OrgId,
    offers: Vec<Offered>,
    items: usize,
}

impl Batch {
    fn of(first: Offered) -> Self {
        Self { org: first.org.clone(), items: first.items(), offers: vec![first] }
    }

    /// Takes what waits, in its order. Gives back an offer that must wait for the next batch.
    fn take(&mut self, waiting: &mut mpsc::Receiver<Offered>) -> Option<Offered> {
        while self.items < MOST {
            let offered = waiting.try_recv().ok()?;
            if offered.org != self.org || self.items + offered.items() > MOST {
                return Some(offered);
            }
            self.items += offered.items();
            self.offers.push(offered);
        }
        None
    }

    /// Gathers a batch. A burst comes from many tasks that are all about to offer something; as long as
    /// giving way to them brings more, it is one commit for all and not one for whoever came first.
    async fn gather(first: Offered, waiting: &mut mpsc::Receiver<Offered>) -> (Self, Option<Offered>) {
        let mut batch = Self::of(first);
        loop {
            tokio::task::yield_now().await;
            let before = batch.items;
            let next = batch.take(waiting);
            if next.is_some() || batch.items == before || batch.items >= MOST {
                return (batch, next);
            }
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
        let batch;
        (batch, next) = Batch::gather(first, &mut waiting).await;
        let mut parts: BTreeMap<AccountId, Vec<Part>> = BTreeMap::new();
        let mut senders = Vec::with_capacity(batch.offers.len());
        for offered in batch.offers {
            for (account, part) in offered.parts {
                parts.entry(account).or_default().push(part);
            }
            senders.push((offered.stored, offered._room));
        }
        let done = keep(&store, &clock, &batch.org, parts).await;
        if let Err(e) = &done {
            tracing::error!(error = %e.inner(), "offered items could not be stored");
        }
        for (sender, _room) in senders {
            // Whoever offered it may have gone; it is stored all the same.
            let _ = sender.send(done.is_ok());
        }
    }
}

async fn keep(
    store: &Store,
    clock: &Clock,
    org: &OrgId,
    parts: BTreeMap<AccountId, Vec<Part>>,
) -> Result<(), StoreError> {
    let ids = store.ids().clone();
    store
        .write(org, clock.now(), move |tx| {
            Box::pin(async move {
                let mut entries = Vec::new();
                for (account, parts) in parts {
                    let poll_now = parts.iter().any(|part| part.poll_now);
                    let mut stored = raw::Stored::default();
                    for part in together(parts) {
                        stored.add(raw::store(tx, &ids, &account, None, part.items, &part.gone).await?);
                    }
                    if poll_now {
                        source::sooner(tx, &account).await?;
                    }
                    if stored.any() {
                        let entry = Entry::new(By::system("accept"), "listen.stored", &account);
                        entries.push(
                            entry.with("new", stored.new).with("changed", stored.changed).with("gone", stored.gone),
                        );
                    }
                }
                if entries.is_empty() { tx.operational(()) } else { tx.commit_all(entries, ()) }
            })
        })
        .await
}

/// Offers of one account as few as keep their order: what names an item gone ends a round, because
/// within one the items are stored first.
fn together(parts: Vec<Part>) -> Vec<Part> {
    let mut rounds: Vec<Part> = Vec::new();
    for part in parts {
        match rounds.last_mut() {
            Some(last) if last.gone.is_empty() => {
                last.items.extend(part.items);
                last.gone = part.gone;
            }
            _ => rounds.push(part),
        }
    }
    rounds
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
    async fn a_delivery_of_many_is_one_transaction_and_keeps_the_order_of_things() {
        for db in testing::each_engine().await {
            let (clock, _) = Clock::mock(NOON);
            let acceptor = Acceptor::start(db.store.clone(), clock);
            let (page, sibling) = (AccountId::from_bits(1), AccountId::from_bits(2));
            let came = |items: Vec<NewItem>| Part { items, ..Part::default() };
            let gone = |n: usize| Part { gone: vec![format!("comment-{n}")], ..Part::default() };
            let offers = [
                BTreeMap::from([
                    (page.clone(), came((0..3).map(item).collect())),
                    (sibling.clone(), came(vec![item(0)])),
                ]),
                BTreeMap::from([(page.clone(), gone(1))]),
                // It was shown again.
                BTreeMap::from([(page.clone(), came(vec![item(1)]))]),
                BTreeMap::from([(page.clone(), gone(2))]),
            ];
            for taken in join_all(offers.map(|parts| acceptor.offer_all(&db.org, parts))).await {
                assert_eq!(taken, Ok(()), "{}", db.engine);
            }
            let mut conn = db.store.read().await.unwrap();
            let text = "select account_id, native_id, state from raw_items order by account_id, native_id";
            let rows = conn.test_rows(text).await.unwrap();
            let states: Vec<_> = rows.iter().map(|row| row.text("state").unwrap()).collect();
            assert_eq!(states, ["stored", "stored", "gone", "stored"], "{}", db.engine);
        }
    }

    #[tokio::test]
    async fn where_there_is_no_room_nothing_is_taken() {
        let db = testing::sqlite().await;
        let (clock, _) = Clock::mock(NOON);
        let account = AccountId::from_bits(1);
        let acceptor = Acceptor::with_room(db.store.clone(), clock, 1_000);
        let large = NewItem { body: vec![b' '; 2_000], ..item(1) };
        assert_eq!(acceptor.offer(&db.org, &account, large).await, Err(Refused::Busy));
        assert_eq!(acceptor.offer(&db.org, &account, item(2)).await, Ok(()), "there is room for this one");
        let rows = db.store.read().await.unwrap().test_rows("select native_id from raw_items").await.unwrap();
        assert_eq!(rows.len(), 1);
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
