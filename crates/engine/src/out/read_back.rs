//! Looking at the network for items of unknown fate.

use bedside_model::OrgId;
use bedside_model::delivery::{self, Event, Item, ReadBack};
use bedside_model::time::from_micros;
use bedside_networks::{self as networks, ErrorClass, ReadbackVerdict};
use bedside_store::listen::account;
use bedside_store::outbox::{self, OutboxRow, Said};
use bedside_store::{By, Entry, StoreError};
use jiff::{SignedDuration, Timestamp};

use super::send::MOST;
use super::{LEASE, Out, effect};
use crate::quota::Purpose;
use crate::room::Line;

impl Out {
    /// Looks at the network for items of unknown fate.
    pub(super) async fn read_back(&self, org: &OrgId) -> Result<usize, StoreError> {
        let now = self.clock.now();
        {
            let mut conn = self.store.read().await?;
            if outbox::to_check(&mut conn, org, now, 1).await?.is_empty() {
                return Ok(0);
            }
        }
        let lease = bedside_model::time::to_micros(from_micros(now) + LEASE);
        let rows = self
            .store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let org = tx.org()?;
                    let rows = outbox::to_check(tx.conn(), &org, now, MOST).await?;
                    for row in &rows {
                        outbox::checking(tx, &row.id, lease).await?;
                    }
                    tx.operational(rows)
                })
            })
            .await?;
        let count = rows.len();
        for row in rows {
            self.read_back_one(org, row).await?;
        }
        Ok(count)
    }

    async fn read_back_one(&self, org: &OrgId, row: OutboxRow) -> Result<(), StoreError> {
        let (read, said) = match row.account_id {
            None => (Some(ReadBack::CannotTell), Said::default()),
            Some(_) => match self.look(org, &row).await {
                Ok(Some(ReadbackVerdict::Found { native_id, permalink })) => {
                    (Some(ReadBack::Found), Said { native_id, permalink, ..Said::default() })
                }
                // The network may still show it: the lease on the look ends and it is looked at again.
                Ok(Some(ReadbackVerdict::NotThere)) if !self.has_settled(org, &row).await? => (None, Said::default()),
                Ok(Some(ReadbackVerdict::NotThere)) => (
                    Some(ReadBack::NotThere),
                    Said { why: Some("the network does not show it".to_owned()), ..Said::default() },
                ),
                Ok(Some(ReadbackVerdict::CannotTell)) => (
                    Some(ReadBack::CannotTell),
                    Said {
                        why: Some("the network cannot show whether it took it; please look and decide".to_owned()),
                        ..Said::default()
                    },
                ),
                // The network did not answer; the lease on the look ends and it is looked at again.
                Ok(None) => (None, Said::default()),
                Err(e) => {
                    tracing::error!(error = %e.inner(), outbox = %row.id, "an item could not be read back");
                    (None, Said::default())
                }
            },
        };
        let Some(read) = read else { return Ok(()) };
        let now = self.clock.now();
        let this = self.clone();
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let org = tx.org()?;
                    let current = outbox::get(tx.conn(), &org, &row.id).await?;
                    let Ok(next) =
                        delivery::step(&current.item, &Event::Reconciled(read), Some(row.priority), from_micros(now))
                    else {
                        // Somebody decided meanwhile.
                        return tx.unchanged(());
                    };
                    outbox::save(tx, &current, &next, &said).await?;
                    let by = By::system(&this.owner);
                    let seen = match read {
                        ReadBack::Found => "found",
                        ReadBack::NotThere => "not_there",
                        ReadBack::CannotTell => "cannot_tell",
                    };
                    effect::after(tx, this.store.ids(), &by, &current, &next, &said, this.store.keyring()).await?;
                    let entry = Entry::new(by, effect::action(&next), &row.id).with("read_back", seen);
                    tx.commit(entry, ())
                })
            })
            .await
    }

    /// Whether the network has had its own time to show what it accepted: since the last attempt, or
    /// since it was first not found.
    async fn has_settled(&self, org: &OrgId, row: &OutboxRow) -> Result<bool, StoreError> {
        let Some(account) = &row.account_id else { return Ok(true) };
        let network = account::get(&mut self.store.read().await?, org, account).await?.network;
        let settle = networks::Network::parse(&network).map_or(0, |network| networks::limits(network).settle_seconds);
        Ok(is_settled(&row.item, settle, self.clock.timestamp()))
    }

    /// Reads the network back; `None` where it does not answer.
    async fn look(&self, org: &OrgId, row: &OutboxRow) -> Result<Option<ReadbackVerdict>, StoreError> {
        let account = row.account_id.as_ref().ok_or(StoreError::Rule("an outbox item without an account"))?;
        let room = self.room();
        let line = Line::open(&room, org, account, Purpose::Sending).await?;
        let Ok(mut read) = networks::start_readback(&line.view, &Self::operation(row)?, row.created_at) else {
            return Ok(Some(ReadbackVerdict::CannotTell));
        };
        while let Some(request) = read.next_request() {
            let Ok(response) = line.ask(&request).await else { return Ok(None) };
            if read.on_response(&response).is_err() {
                if networks::classify(line.view.network, &response) == ErrorClass::Authorisation {
                    // The next look has new credentials, where they can be had.
                    line.refused().await?;
                }
                return Ok(None);
            }
        }
        Ok(Some(read.verdict()))
    }
}

/// Whether `settle` seconds have gone by since the last attempt, or since the item was first not found.
fn is_settled(item: &Item, settle: u32, now: Timestamp) -> bool {
    let since = item.absent_since.or(item.attempted_at);
    since.is_none_or(|since| now.duration_since(since) >= SignedDuration::from_secs(settle.into()))
}

#[cfg(test)]
mod tests {
    use bedside_model::delivery::OutboxKind;

    use super::*;

    #[test]
    fn absence_counts_only_after_the_network_had_its_time_and_once_more_after_it() {
        let at = |second: i64| Timestamp::from_second(1_790_000_000 + second).unwrap();
        let tried = Item { attempted_at: Some(at(0)), ..Item::new(OutboxKind::Post, at(0)) };
        assert!(!is_settled(&tried, 300, at(299)) && is_settled(&tried, 300, at(300)));
        let looked = Item { absent_since: Some(at(300)), ..tried };
        assert!(!is_settled(&looked, 300, at(599)) && is_settled(&looked, 300, at(600)));
    }
}
