//! Claiming, sending and ending.

use bedside_model::delivery::{self, Bucket, Event, Item, Outcome};
use bedside_model::time::from_micros;
use bedside_model::{AttemptId, OrgId};
use bedside_networks as networks;
use bedside_store::conversation::refused;
use bedside_store::outbox::{self, OutboxRow, Said};
use bedside_store::{By, Entry, StoreError, trust};
use futures_util::future::join_all;
use jiff::SignedDuration;

use super::last_word::Judged;
use super::{LEASE, Out, effect};

/// Most items in one claim.
pub(super) const MOST: i64 = 16;

/// An item that this worker holds.
pub(super) struct Claimed {
    pub row: OutboxRow,
    pub item: Item,
    attempt: AttemptId,
}

/// What an attempt brought, before the model judges it.
pub(super) struct Attempted {
    pub outcome: Outcome,
    pub said: Said,
    /// The network refuses the credentials.
    pub reauthorise: bool,
    /// What the guard said where it was not what it had said before.
    pub judged: Option<Box<Judged>>,
}

impl Attempted {
    pub(super) fn new(outcome: Outcome, why: impl Into<Option<String>>) -> Self {
        Self { outcome, said: Said { why: why.into(), ..Said::default() }, reauthorise: false, judged: None }
    }
}

fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "delivered",
        Outcome::Retry { .. } => "retry",
        Outcome::Waiting { .. } => "waiting",
        Outcome::Unknown => "unknown",
        Outcome::Dead => "dead",
        Outcome::Stopped => "stopped",
    }
}

impl Out {
    /// Items whose worker is gone: nobody knows what became of them.
    pub(super) async fn sweep(&self, org: &OrgId) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let owner = self.owner.clone();
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let org = tx.org()?;
                    let lost = outbox::lost(tx.conn(), &org, now).await?;
                    let mut entries = Vec::new();
                    for row in &lost {
                        let next =
                            delivery::step(&row.item, &Event::LeaseExpired, Some(row.priority), from_micros(now))
                                .map_err(|e| refused(e.code(), &e))?;
                        let why = "the program stopped while this was being sent".to_owned();
                        outbox::save(tx, row, &next, &Said { why: Some(why), ..Said::default() }).await?;
                        entries.push(
                            Entry::new(By::system(&owner), "outbox.unknown", &row.id).with("reason", "lease_expired"),
                        );
                    }
                    if entries.is_empty() { tx.unchanged(0) } else { tx.commit_all(entries, lost.len()) }
                })
            })
            .await
    }

    /// Claims what is due, sends it side by side, and ends each.
    pub(super) async fn send_due(&self, org: &OrgId) -> Result<usize, StoreError> {
        let (claimed, missed) = self.claim(org).await?;
        let count = claimed.len() + missed;
        join_all(claimed.into_iter().map(|claimed| self.send_one(org, claimed)))
            .await
            .into_iter()
            .collect::<Result<Vec<()>, _>>()?;
        Ok(count)
    }

    async fn claim(&self, org: &OrgId) -> Result<(Vec<Claimed>, usize), StoreError> {
        let now = self.clock.now();
        {
            // A look without a write first: most of the time nothing is due.
            let mut conn = self.store.read().await?;
            if outbox::due(&mut conn, org, now, 1).await?.is_empty() {
                return Ok((Vec::new(), 0));
            }
        }
        let this = self.clone();
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let org = tx.org()?;
                    let held = trust::state(tx.conn(), trust::OUTBOX_HELD).await?.as_deref() == Some("held");
                    let due = outbox::due(tx.conn(), &org, now, MOST).await?;
                    let mut claimed = Vec::new();
                    let mut missed = Vec::new();
                    for row in due {
                        if delivery::is_too_late(&row.item, Some(row.priority), from_micros(now)) {
                            let next = delivery::step(&row.item, &Event::TooLate, Some(row.priority), from_micros(now))
                                .map_err(|e| refused(e.code(), &e))?;
                            let why = "its time was over before it could be sent".to_owned();
                            outbox::save(tx, &row, &next, &Said { why: Some(why), ..Said::default() }).await?;
                            missed.push(Entry::new(By::system(&this.owner), "outbox.missed", &row.id));
                            continue;
                        }
                        if held && row.alert_id.is_none() {
                            continue;
                        }
                        if let Err(later) = this.take_token(tx.conn(), &org, &row, now).await? {
                            outbox::postpone(tx, &row.id, later).await?;
                            continue;
                        }
                        let lease_until = from_micros(now) + LEASE;
                        let item = delivery::step(
                            &row.item,
                            &Event::Claimed { lease_until },
                            Some(row.priority),
                            from_micros(now),
                        )
                        .map_err(|e| refused(e.code(), &e))?;
                        let attempt = outbox::claim(tx, this.store.ids(), &row, &item, &this.owner).await?;
                        claimed.push(Claimed { row, item, attempt });
                    }
                    let count = missed.len();
                    if missed.is_empty() {
                        tx.operational((claimed, 0))
                    } else {
                        tx.commit_all(missed, (claimed, count))
                    }
                })
            })
            .await
    }

    /// A token of the account's bucket, or when the next one is there (microseconds). The rate is
    /// that of the account's network.
    async fn take_token(
        &self,
        conn: &mut bedside_store::Conn,
        org: &OrgId,
        row: &OutboxRow,
        now: i64,
    ) -> Result<Result<(), i64>, StoreError> {
        let Some(id) = &row.account_id else { return Ok(Ok(())) };
        let network = bedside_store::listen::account::get(conn, org, id).await?.network;
        let per_minute = networks::Network::parse(&network).map_or(30, |n| networks::limits(n).requests_per_minute);
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let full = || Bucket::full((per_minute / 4).max(1), per_minute.max(1), from_micros(now));
        let bucket = buckets.entry(id.clone()).or_insert_with(full);
        Ok(match bucket.take(from_micros(now)) {
            Ok(next) => {
                *bucket = next;
                Ok(())
            }
            Err(at) => Err(bedside_model::time::to_micros(at)),
        })
    }

    async fn send_one(&self, org: &OrgId, claimed: Claimed) -> Result<(), StoreError> {
        use bedside_model::delivery::OutboxKind;
        let attempted = match claimed.row.item.kind {
            OutboxKind::AlertEmail => self.send_mail(org, &claimed.row).await,
            OutboxKind::AlertWebhook => self.send_webhook(org, &claimed.row).await,
            OutboxKind::Reply
            | OutboxKind::Post
            | OutboxKind::Edit
            | OutboxKind::Delete
            | OutboxKind::Hide
            | OutboxKind::Approve
            | OutboxKind::Remove
            | OutboxKind::Spam
            | OutboxKind::Caption => self.send_to_network(org, &claimed).await,
        };
        let attempted = match attempted {
            Ok(attempted) => attempted,
            // Nothing was sent: what was needed to send it could not be read.
            Err(e) => {
                tracing::error!(error = %e.inner(), outbox = %claimed.row.id, "an item could not be prepared");
                Attempted::new(self.retry(claimed.item.attempts, None), Some(e.to_string()))
            }
        };
        self.end(org, claimed, attempted).await
    }

    /// When to try again, `after` seconds being what the network asked for.
    pub(super) fn retry(&self, attempts: u32, after: Option<u64>) -> Outcome {
        let after = after.map(|s| SignedDuration::from_secs(i64::try_from(s).unwrap_or(86_400)));
        let at = delivery::retry_at(attempts, self.clock.timestamp(), after, self.store.ids().unit());
        Outcome::Retry { at }
    }

    /// Writes down how an attempt ended, if it is still this attempt that speaks.
    async fn end(&self, org: &OrgId, claimed: Claimed, attempted: Attempted) -> Result<(), StoreError> {
        let now = self.clock.now();
        let this = self.clone();
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let org = tx.org()?;
                    let Claimed { row, item, attempt } = claimed;
                    let current = outbox::get(tx.conn(), &org, &row.id).await?;
                    let name = outcome_name(attempted.outcome);
                    outbox::end_attempt(tx, &attempt, name, attempted.said.why.as_deref()).await?;
                    // An attempt whose lease ran out may only still say that it was delivered.
                    let newest = current.item.attempts == item.attempts;
                    let next = if newest {
                        delivery::step(
                            &current.item,
                            &Event::Outcome(attempted.outcome),
                            Some(row.priority),
                            from_micros(now),
                        )
                        .ok()
                    } else {
                        None
                    };
                    let Some(next) = next else { return tx.operational(()) };
                    outbox::save(tx, &current, &next, &attempted.said).await?;
                    let by = By::system(&this.owner);
                    let mut entry = Entry::new(by.clone(), effect::action(&next), &row.id)
                        .with("attempt", next.attempts)
                        .with("outcome", name);
                    if let Some(native) = &attempted.said.native_id {
                        entry = entry.with("native_hash", this.store.keyring().keyed_hash(&org, native)?);
                    }
                    if let Some(judged) = attempted.judged {
                        entry = entry.with("verdict", &judged.verdict.id).with("reasons", judged.reasons());
                        judged.write_down(tx, &current).await?;
                    }
                    if attempted.reauthorise
                        && let Some(account) = &row.account_id
                    {
                        bedside_store::listen::account::refused(tx, account).await?;
                        entry = entry.with("account", "needs_reauthorisation");
                    }
                    effect::after(tx, this.store.ids(), &by, &current, &next, &attempted.said, this.store.keyring())
                        .await?;
                    tx.commit(entry, ())
                })
            })
            .await
    }
}
