//! Polling: a lease, the connector's requests, items stored page by page together with the cursor.
//!
//! A page and the cursor behind it are one transaction, so a crash at any point reads a little twice
//! and misses nothing. A failure moves the next poll back, longer each time and never in step with
//! others; `Retry-After` is honoured. Whatever the error, the next page of another source goes on.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use bedside_model::{Micros, OrgId, SourceId};
use bedside_networks::{
    AccountView, ErrorClass, Known, NetError, Network, Page, PollInput, TransportError, limits, parse, start_poll,
};
use bedside_store::intake::raw::{self, KnownItem, NewItem, Stored};
use bedside_store::listen::source::{self, Health, PollEnd, Source};
use bedside_store::{By, Entry, StoreError};
use serde::Serialize;

use super::heed::Deaf;
use super::{Listen, account, keys, micros};
use crate::mailbox::{MailError, Mailbox};
use crate::quota::{Purpose, Spent};
use crate::room::{Line, Refused, Silent};

/// How long one page may take at most; each page prolongs it.
const LEASE: Duration = Duration::from_secs(120);
/// The longest time between two tries of a source that fails.
const LONGEST_BACKOFF: Duration = Duration::from_secs(3_600);
/// When a source that is only listened to is looked at again.
const NOT_POLLED: Duration = Duration::from_secs(6 * 3_600);
/// Most pages of one poll; the cursor stands, and the next poll goes on.
const MOST_PAGES: usize = 2_000;
/// How far back items are watched, as the connectors expect it.
const WATCH: Micros = 30 * 86_400 * 1_000_000;

/// What one poll of a source brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Polled {
    /// Which source.
    pub source: SourceId,
    /// How it does now.
    pub health: Health,
    /// Pages read.
    pub pages: usize,
    /// New items.
    pub new: u64,
    /// Changed items.
    pub changed: u64,
    /// Vanished items.
    pub gone: u64,
    /// What went wrong, without content.
    pub error: Option<String>,
    /// What held it back although nothing failed.
    pub notice: Option<String>,
    /// When it is polled next, microseconds UTC.
    pub next_poll_at: Micros,
}

/// What came of a poll.
#[derive(Debug)]
struct Came {
    stored: Stored,
    error: Option<String>,
    class: ErrorClass,
    spent: Option<Spent>,
    not_polled: bool,
}

impl Default for Came {
    fn default() -> Self {
        Self { stored: Stored::default(), error: None, class: ErrorClass::Fine, spent: None, not_polled: false }
    }
}

/// Why a poll stopped.
enum Stopped {
    /// The network: shown in the source's health.
    Failed {
        why: String,
        class: ErrorClass,
    },
    /// The network's budget is used up: nothing failed.
    Spent(Spent),
    /// The source is only listened to.
    NotPolled,
    /// Somebody else holds the lease by now: say nothing.
    LeaseLost,
    Store(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

impl From<MailError> for Stopped {
    fn from(e: MailError) -> Self {
        Self::Failed { class: e.class(), why: e.to_string() }
    }
}

impl From<Silent> for Stopped {
    fn from(silent: Silent) -> Self {
        match silent {
            Silent::Transport(e) => Self::Failed { why: said(&e).to_owned(), class: ErrorClass::Transient },
            Silent::Spent(spent) => Self::Spent(spent),
            Silent::Store(e) => Self::Store(e),
        }
    }
}

impl From<Deaf> for Stopped {
    fn from(deaf: Deaf) -> Self {
        match deaf {
            Deaf::Terms(why) => Self::Failed { why, class: Deaf::CLASS },
            Deaf::Store(e) => Self::Store(e),
        }
    }
}

impl From<NetError> for Stopped {
    fn from(e: NetError) -> Self {
        Self::Failed { class: e.class(), why: e.to_string() }
    }
}

/// What a transport error says of itself.
pub(crate) fn said(error: &TransportError) -> &'static str {
    match error {
        TransportError::NotSent(why) | TransportError::MaybeSent(why) => why,
    }
}

/// When a source is tried again after its `failures`-th failure in a row: the interval, doubled
/// with each failure up to an hour, at least what the network asked for, plus up to a quarter so
/// that sources which failed together do not come back together. `jitter` is in `0.0..1.0`.
pub fn backoff(interval: Duration, failures: u32, retry_after: Option<u64>, jitter: f64) -> Duration {
    let doubled = interval.saturating_mul(1 << failures.saturating_sub(1).min(12));
    let asked = Duration::from_secs(retry_after.unwrap_or(0));
    let base = doubled.min(LONGEST_BACKOFF.max(interval)).max(asked);
    base + base.mul_f64(jitter.clamp(0.0, 1.0) / 4.0)
}

/// The normal time between two items, from the items of the last 30 days; `None` below three.
pub fn normal_gap(known: &[KnownItem]) -> Option<Micros> {
    let times = || known.iter().filter_map(|item| item.published_at);
    let count = i64::try_from(times().count()).ok().filter(|&n| n >= 3)?;
    Some((times().max()? - times().min()?) / (count - 1))
}

impl Listen {
    /// Polls every source of an organisation that is due. Answers how many were.
    pub async fn poll_due(&self, org: &OrgId) -> Result<usize, StoreError> {
        let due = source::due(&mut self.store.read().await?, org, self.clock.now()).await?;
        let mut polled = 0;
        for id in due {
            polled += usize::from(self.poll_claimed(org, &id, false).await?.is_some());
        }
        Ok(polled)
    }

    /// Polls a source once, due or not; `None` where another process is just reading it. What it
    /// brings is stored; [`Listen::intake_until_idle`] reads it.
    pub async fn poll_source_once(&self, org: &OrgId, id: &SourceId) -> Result<Option<Polled>, StoreError> {
        self.poll_claimed(org, id, true).await
    }

    async fn poll_claimed(&self, org: &OrgId, id: &SourceId, even_early: bool) -> Result<Option<Polled>, StoreError> {
        let now = self.clock.now();
        let (owner, until) = (self.owner.clone(), now + micros(LEASE));
        let wanted = id.clone();
        let claimed = self
            .store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let claimed = source::claim(tx, &wanted, &owner, until, even_early).await?;
                    tx.operational(claimed)
                })
            })
            .await?;
        let Some(claimed) = claimed else { return Ok(None) };
        let mut total = (0, Stored::default());
        let outcome = self.read_authorised(org, &claimed, &mut total).await;
        let (pages, stored) = total;
        let came = match outcome {
            Ok(()) => Came { stored, ..Came::default() },
            Err(Stopped::Failed { why, class }) => Came { stored, error: Some(why), class, ..Came::default() },
            Err(Stopped::Spent(spent)) => Came { stored, spent: Some(spent), ..Came::default() },
            Err(Stopped::NotPolled) => Came { not_polled: true, ..Came::default() },
            Err(Stopped::LeaseLost) => return Ok(None),
            // The source is no longer held when the lease runs out.
            Err(Stopped::Store(e)) => return Err(e),
        };
        if came.class == ErrorClass::Authorisation {
            self.refuse_account(org, &claimed).await?;
        }
        let end = self.end(org, &claimed, came).await?;
        let health = source::get(&mut self.store.read().await?, org, id).await?.health(self.clock.now());
        if let Some(why) = &end.error {
            tracing::warn!(source = %id, error = %why, failures = claimed.failures + 1, "a source could not be read");
        }
        Ok(Some(Polled {
            source: id.clone(),
            health,
            pages,
            new: stored.new,
            changed: stored.changed,
            gone: stored.gone,
            error: end.error,
            notice: end.notice,
            next_poll_at: end.next_poll_at,
        }))
    }

    /// Reads a source; where the network refuses the credentials, renews them and reads once more.
    async fn read_authorised(&self, org: &OrgId, claimed: &Source, total: &mut (usize, Stored)) -> Result<(), Stopped> {
        let room = self.room();
        let mut renewed = false;
        loop {
            let line = Line::open(&room, org, &claimed.account_id, Purpose::Reading).await?;
            keys::refresh(&room, org, &claimed.account_id, &line).await?;
            let stopped = match self.read_source(org, claimed, &line, total).await {
                Err(Stopped::Failed { why, class: ErrorClass::Authorisation }) if !renewed => why,
                outcome => return outcome,
            };
            match line.refused().await? {
                Refused::TryAgain => renewed = true,
                Refused::TryLater => return Err(Stopped::Failed { why: stopped, class: ErrorClass::Transient }),
                Refused::AskAPerson => {
                    return Err(Stopped::Failed { why: stopped, class: ErrorClass::Authorisation });
                }
            }
        }
    }

    async fn read_source(
        &self,
        org: &OrgId,
        claimed: &Source,
        line: &Line<'_>,
        total: &mut (usize, Stored),
    ) -> Result<(), Stopped> {
        let view = &line.view;
        if view.network == Network::Email {
            return self.read_mailbox(org, claimed, line, total).await;
        }
        let now = self.clock.now();
        let known = raw::known(&mut self.store.read().await?, org, &claimed.id, now - WATCH).await?;
        let known: Vec<Known> = known
            .into_iter()
            .map(|k| Known { native_id: k.native_id, content_hash: k.content_hash, published_at: k.published_at })
            .collect();
        let settings = source_settings(claimed);
        let poll = start_poll(PollInput {
            account: view,
            source: &settings,
            cursor: claimed.cursor.as_ref(),
            known: &known,
            now,
        });
        let mut poll = match poll {
            Err(NetError::Unsupported { .. }) if claimed.kind == "stream" => return Err(Stopped::NotPolled),
            poll => poll?,
        };
        while let Some(request) = poll.next_request() {
            if total.0 >= MOST_PAGES {
                break;
            }
            let answer = line.ask(&request).await?;
            let page = self.heeded(org, &claimed.account_id, view, poll.on_response(&answer)?).await?;
            total.0 += 1;
            let stored = self.store_page(org, claimed, view, page, poll.cursor()).await?.ok_or(Stopped::LeaseLost)?;
            total.1.add(stored);
        }
        Ok(())
    }

    /// Reads the letters that came since the last time.
    async fn read_mailbox(
        &self,
        org: &OrgId,
        claimed: &Source,
        line: &Line<'_>,
        total: &mut (usize, Stored),
    ) -> Result<(), Stopped> {
        let mut mailbox = Mailbox::open(&self.http, &line.view, line.allowed(), claimed.cursor.as_ref()).await?;
        while let Some(brought) = mailbox.next().await? {
            total.0 += 1;
            let letters = brought.letters.iter().flat_map(|letter| bedside_networks::email::read(letter));
            let items = letters.chain(brought.withheld.as_deref().map(bedside_networks::email::withheld)).collect();
            let page = Page { items, gone: brought.came };
            let page = self.heeded(org, &claimed.account_id, &line.view, page).await?;
            let stored = self.store_page(org, claimed, &line.view, page, mailbox.cursor()).await?;
            total.1.add(stored.ok_or(Stopped::LeaseLost)?);
        }
        mailbox.close().await;
        Ok(())
    }

    /// Stores a page and the cursor behind it, together. `None` where the lease was lost.
    async fn store_page(
        &self,
        org: &OrgId,
        claimed: &Source,
        view: &AccountView,
        page: Page,
        cursor: serde_json::Value,
    ) -> Result<Option<Stored>, StoreError> {
        let items = items(view, page.items);
        let now = self.clock.now();
        let (ids, owner, until) = (self.store.ids().clone(), self.owner.clone(), now + micros(LEASE));
        let (account, source) = (claimed.account_id.clone(), claimed.id.clone());
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    if !source::save_cursor(tx, &source, &owner, &cursor, until).await? {
                        return tx.operational(None);
                    }
                    if items.is_empty() && page.gone.is_empty() {
                        return tx.operational(Some(Stored::default()));
                    }
                    let stored = raw::store(tx, &ids, &account, Some(&source), items, &page.gone).await?;
                    let entry = Entry::new(By::system("poller"), "listen.stored", &source)
                        .with("new", stored.new)
                        .with("changed", stored.changed)
                        .with("gone", stored.gone);
                    if stored.any() { tx.commit(entry, Some(stored)) } else { tx.operational(Some(stored)) }
                })
            })
            .await
    }

    async fn end(&self, org: &OrgId, claimed: &Source, came: Came) -> Result<PollEnd, StoreError> {
        let now = self.clock.now();
        let interval = self.interval(org, claimed).await?;
        let next = match came.class {
            ErrorClass::Fine => interval,
            ErrorClass::RateLimited { after } => self.back_off(claimed, interval, after),
            ErrorClass::Transient
            | ErrorClass::Authorisation
            | ErrorClass::Forbidden
            | ErrorClass::Gone
            | ErrorClass::Invalid
            | ErrorClass::UnknownOutcome => self.back_off(claimed, interval, None),
        };
        // A budget that is full again is met by all who waited for it: not at once.
        let later = if came.not_polled { now + micros(NOT_POLLED) } else { 0 };
        let full_again = came.spent.map_or(0, |spent| spent.until + micros(interval.mul_f64(self.store.ids().unit())));
        let known = raw::known(&mut self.store.read().await?, org, &claimed.id, now - WATCH).await?;
        let end = PollEnd {
            new_items: i64::try_from(came.stored.new).unwrap_or(i64::MAX),
            gap: normal_gap(&known),
            error: came.error,
            notice: match came.spent {
                Some(spent) => Some(spent.to_string()),
                None => came.not_polled.then(|| "this source is listened to, not polled".to_owned()),
            },
            next_poll_at: (now + micros(next)).max(full_again).max(later),
        };
        let (id, owner, written) = (claimed.id.clone(), self.owner.clone(), end.clone());
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    source::end_poll(tx, &id, &owner, &written).await?;
                    tx.operational(())
                })
            })
            .await?;
        Ok(end)
    }

    /// The source's interval, not below what its network is asked for politely.
    async fn interval(&self, org: &OrgId, claimed: &Source) -> Result<Duration, StoreError> {
        let account = account::get(&mut self.store.read().await?, org, &claimed.account_id).await?;
        let least = bedside_networks::Network::parse(&account.network).map_or(60, |n| limits(n).poll_min_seconds);
        let wanted = u64::try_from(claimed.interval_seconds).unwrap_or(0);
        Ok(Duration::from_secs(wanted.max(u64::from(least))))
    }

    fn back_off(&self, claimed: &Source, interval: Duration, after: Option<u64>) -> Duration {
        let failures = u32::try_from(claimed.failures + 1).unwrap_or(u32::MAX);
        backoff(interval, failures, after, self.store.ids().unit())
    }

    /// The network refuses the credentials: the account says so until somebody connects it again.
    pub(super) async fn refuse_account(&self, org: &OrgId, claimed: &Source) -> Result<(), StoreError> {
        let id = claimed.account_id.clone();
        self.store
            .write(org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    account::refused(tx, &id).await?;
                    tx.commit(Entry::new(By::system("poller"), "account.needs_reauthorisation", &id), ())
                })
            })
            .await
    }
}

/// The connector's settings of a source: what is configured, which of the account's sources it is,
/// and its address where it has one.
pub(super) fn source_settings(claimed: &Source) -> serde_json::Value {
    let mut settings = claimed.config.clone();
    if let Some(fields) = settings.as_object_mut() {
        fields.entry("kind").or_insert_with(|| claimed.kind.clone().into());
        if !claimed.url.is_empty() {
            fields.entry("url").or_insert_with(|| claimed.url.clone().into());
        }
    }
    settings
}

/// Items as the store takes them. When an item was published is read already here, because the
/// poller watches what is recent; an item that cannot be read is the intake's business.
pub(super) fn items(view: &AccountView, items: Vec<bedside_networks::RawItem>) -> Vec<NewItem> {
    items
        .into_iter()
        .map(|item| {
            let parsed = std::panic::catch_unwind(AssertUnwindSafe(|| parse(view, &item.kind, &item.body).ok()));
            let published_at = parsed.ok().flatten().and_then(|message| message.published_at);
            NewItem {
                native_id: item.native_id,
                kind: item.kind,
                body: item.body,
                content_hash: item.content_hash,
                published_at,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_source_is_tried_less_and_less_often_but_never_given_up() {
        let minute = Duration::from_secs(60);
        let waits: Vec<u64> = (1..=8).map(|n| backoff(minute, n, None, 0.0).as_secs()).collect();
        assert_eq!(waits, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert_eq!(backoff(minute, 1, Some(900), 0.0).as_secs(), 900, "what the network asks for counts");
        assert_eq!(backoff(minute, 1, None, 1.0).as_secs(), 75, "up to a quarter more, so that not all come at once");
        let daily = Duration::from_secs(86_400);
        assert_eq!(backoff(daily, 9, None, 0.0), daily, "never more often than when it works");
    }

    #[test]
    fn the_normal_gap_needs_three_items() {
        let item =
            |at: Micros| KnownItem { native_id: at.to_string(), content_hash: String::new(), published_at: Some(at) };
        assert_eq!(normal_gap(&[item(0), item(10)]), None);
        assert_eq!(normal_gap(&[item(40), item(0), item(10)]), Some(20));
    }
}
