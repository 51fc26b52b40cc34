//! Streams: networks that push over an open connection.
//!
//! A source named `stream` is held under a lease of its own for as long as its connection stands,
//! beside its polls, which remain the truth. What comes is gathered for a moment and stored together
//! with the cursor behind it, in one transaction; while the database works nothing is read, so that
//! what waits is bounded and the network feels the pressure.
//! A connection that is silent for too long counts as dead. One that ended is opened again from the
//! cursor, later each time and never in step with others.

use std::collections::HashSet;
use std::time::Duration;

use bedside_model::{Micros, OrgId, SourceId};
use bedside_networks::{
    AccountView, ErrorClass, NetError, Network, RawItem, StreamInput, StreamReader, StreamStart, classify, pushes,
    start_stream,
};
use bedside_store::intake::raw::{self, Stored};
use bedside_store::listen::source::{self, Source};
use bedside_store::listen::stream::{self, Listenable};
use bedside_store::listen::watch as terms;
use bedside_store::{By, Entry, StoreError, trust};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::poller::{backoff, items, said, source_settings};
use super::{Listen, micros};
use crate::http::{Frame, Frames, NotOpened, Opening};
use crate::looping::rest;
use crate::quota::Purpose;
use crate::room::{Line, Refused};

/// How long a lease lasts; each look at the database prolongs it.
const LEASE: Duration = Duration::from_secs(120);
/// How often an open stream looks at the database even if nothing comes.
const LOOK: Duration = Duration::from_secs(10);
/// How long items are gathered before they are stored.
const GATHER: Duration = Duration::from_millis(500);
/// Most items that are gathered.
const MOST_ITEMS: usize = 500;
/// Most bytes that are gathered.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// When a source that is not pushed is looked at again: a server may learn it.
const NOT_PUSHED: Duration = Duration::from_secs(6 * 3_600);
/// The first time between two tries of a stream that fails; it doubles.
const FIRST_BACKOFF: Duration = Duration::from_secs(2);
/// The longest.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);

/// Why a stream ended.
#[derive(Debug)]
enum Ended {
    /// We were told to stop.
    Told,
    /// Something that it rests on changed (the source, the watch terms, the credentials): begin anew.
    Changed,
    /// The network ended the connection; nothing failed.
    ByTheNetwork,
    /// This source, or this server, does not push: it is polled.
    NotPushed,
    /// Somebody else holds it by now.
    LeaseLost,
    /// It failed.
    Failed { why: String, class: ErrorClass },
}

impl Ended {
    fn failed(why: impl Into<String>) -> Self {
        Self::Failed { why: why.into(), class: ErrorClass::Transient }
    }
}

impl From<NetError> for Ended {
    fn from(e: NetError) -> Self {
        match e {
            NetError::Unsupported { .. } => Self::NotPushed,
            e => Self::Failed { class: e.class(), why: e.to_string() },
        }
    }
}

/// What one connection brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Streamed {
    /// Frames that could be read.
    pub frames: u64,
    /// Frames that could not.
    pub unreadable: u64,
    /// What was stored.
    pub stored: Stored,
    /// What went wrong, without content.
    pub error: Option<String>,
}

/// What was read and is not stored yet.
#[derive(Default)]
struct Gathered {
    items: Vec<RawItem>,
    gone: Vec<String>,
    bytes: usize,
    since: Option<Micros>,
}

impl Gathered {
    fn is_full(&self) -> bool {
        // Within one transaction items are stored first: what comes after a deletion waits for the next.
        !self.gone.is_empty() || self.items.len() >= MOST_ITEMS || self.bytes >= MOST_BYTES
    }
}

/// An open stream.
struct Open<'a> {
    listen: &'a Listen,
    org: &'a OrgId,
    source: &'a Source,
    view: &'a AccountView,
    reader: StreamReader,
    gathered: Gathered,
    streamed: Streamed,
    /// When a sign of life last came.
    alive_at: Micros,
    /// When the database was last looked at.
    looked_at: Micros,
    /// The version of the watch terms that the reader has.
    terms: i64,
}

impl Listen {
    /// Listens to every stream that nobody else holds, until told to stop.
    pub(super) async fn run_streams(&self, mut stop: watch::Receiver<bool>) {
        let mut events = self.store.subscribe();
        let mut running: JoinSet<SourceId> = JoinSet::new();
        let mut held = HashSet::new();
        while !*stop.borrow() {
            let earliest = self.open_streams(&mut running, &mut held, &stop).await;
            if let Err(e) = &earliest {
                tracing::error!(error = %e.inner(), "streams could not be looked for; it tries again");
            }
            tokio::select! {
                Some(ended) = running.join_next() => match ended {
                    Ok(id) => { held.remove(&id); }
                    // A stream that panicked is begun anew when its lease has run out.
                    Err(e) => {
                        tracing::error!(error = %e, "a stream broke off");
                        held.clear();
                    }
                },
                () = rest(&self.clock, earliest, &mut events, super::concerns, &mut stop) => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn open_streams(
        &self,
        running: &mut JoinSet<SourceId>,
        held: &mut HashSet<SourceId>,
        stop: &watch::Receiver<bool>,
    ) -> Result<Option<Micros>, StoreError> {
        let now = self.clock.now();
        let mut earliest = None;
        let orgs = trust::organisations(&mut self.store.read().await?).await?;
        for org in orgs {
            for Listenable { id, network, at } in stream::listenable(&mut self.store.read().await?, &org).await? {
                if held.contains(&id) || !Network::parse(&network).is_some_and(pushes) {
                    continue;
                }
                if at > now {
                    earliest = earliest.into_iter().chain([at]).min();
                    continue;
                }
                held.insert(id.clone());
                let (listen, org, stop) = (self.clone(), org.clone(), stop.clone());
                running.spawn(async move {
                    if let Err(e) = listen.stream(&org, &id, stop).await {
                        tracing::error!(error = %e.inner(), source = %id, "a stream could not go on");
                    }
                    id
                });
            }
        }
        Ok(earliest)
    }

    /// Opens a stream, once, and listens until it ends or `stop` says so; `None` where somebody else
    /// listens, or it is not due yet. What it brings is stored; [`Listen::intake_until_idle`] reads it.
    pub async fn stream(
        &self,
        org: &OrgId,
        id: &SourceId,
        mut stop: watch::Receiver<bool>,
    ) -> Result<Option<Streamed>, StoreError> {
        let now = self.clock.now();
        let (wanted, owner, until) = (id.clone(), self.owner.clone(), now + micros(LEASE));
        let claim = self.store.write(org, now, move |tx| {
            Box::pin(async move {
                let claimed = stream::claim(tx, &wanted, &owner, until).await?;
                tx.operational(claimed)
            })
        });
        let Some(source) = claim.await? else { return Ok(None) };
        let mut streamed = Streamed::default();
        let ended = self.listen_to(org, &source, &mut stop, &mut streamed).await?;
        self.end_stream(org, &source, ended, &mut streamed).await?;
        Ok(Some(streamed))
    }

    async fn listen_to(
        &self,
        org: &OrgId,
        source: &Source,
        stop: &mut watch::Receiver<bool>,
        streamed: &mut Streamed,
    ) -> Result<Ended, StoreError> {
        let room = self.room();
        let line = Line::open(&room, org, &source.account_id, Purpose::Reading).await?;
        let (watch, version) = match self.watch(org).await? {
            Ok(watch) => watch,
            Err(e) => return Ok(Ended::Failed { why: e.to_string(), class: ErrorClass::Invalid }),
        };
        let settings = source_settings(source);
        // A first connection begins where the polls of the account stand.
        let polled = match &source.cursor {
            Some(_) => None,
            None => self.polled_cursor(org, source).await?,
        };
        let cursor = source.stream.cursor.as_ref().or(source.cursor.as_ref()).or(polled.as_ref());
        let input = StreamInput { account: &line.view, source: &settings, cursor, watch };
        let start = match start_stream(input) {
            Some(Ok(start)) => start,
            Some(Err(e)) => return Ok(e.into()),
            None => return Ok(Ended::NotPushed),
        };
        let StreamStart { transport, url, headers, hello, silence_seconds, reader } = start;
        let frames = match self.http.open(&Opening { transport, url, headers, hello }, line.allowed()).await {
            Ok(frames) => frames,
            Err(NotOpened::Transport(e)) => return Ok(Ended::failed(said(&e))),
            Err(NotOpened::Answered(answer)) => {
                let class = classify(line.view.network, &answer);
                if class == ErrorClass::Authorisation {
                    match line.refused().await? {
                        Refused::TryAgain => return Ok(Ended::Changed),
                        Refused::TryLater => return Ok(Ended::failed("the credentials are being renewed")),
                        Refused::AskAPerson => {}
                    }
                }
                return Ok(Ended::Failed { why: format!("the network answered {}", answer.status), class });
            }
        };
        let silence = Duration::from_secs(silence_seconds.into());
        let now = self.clock.now();
        let mut open = Open {
            listen: self,
            org,
            source,
            view: &line.view,
            reader,
            gathered: Gathered::default(),
            streamed: Streamed::default(),
            alive_at: now,
            looked_at: now,
            terms: version,
        };
        let ended = open.run(frames, silence, stop).await;
        *streamed = open.streamed;
        ended
    }

    /// The cursor of another source of the account, which is polled.
    async fn polled_cursor(&self, org: &OrgId, of: &Source) -> Result<Option<Value>, StoreError> {
        let all = source::list(&mut self.store.read().await?, org).await?;
        Ok(all.into_iter().filter(|other| other.account_id == of.account_id).find_map(|other| other.cursor))
    }

    async fn end_stream(
        &self,
        org: &OrgId,
        claimed: &Source,
        ended: Ended,
        streamed: &mut Streamed,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        // Failures before this connection, or none if it had stood for a while.
        let failures = source::get(&mut self.store.read().await?, org, &claimed.id).await?.stream.failures;
        let failures = u32::try_from(failures + 1).unwrap_or(u32::MAX);
        let wait = |after: Option<u64>| {
            let asked = Duration::from_secs(after.unwrap_or(0));
            let wait = backoff(FIRST_BACKOFF, failures, after, self.store.ids().unit());
            wait.min(LONGEST_BACKOFF.max(asked + asked / 4))
        };
        let (error, wait) = match ended {
            Ended::LeaseLost => return Ok(()),
            Ended::Told | Ended::Changed => (None, Duration::ZERO),
            Ended::NotPushed => (None, NOT_PUSHED),
            Ended::ByTheNetwork => (None, FIRST_BACKOFF + FIRST_BACKOFF.mul_f64(self.store.ids().unit())),
            Ended::Failed { why, class } => {
                if class == ErrorClass::Authorisation {
                    self.refuse_account(org, claimed).await?;
                }
                let after = if let ErrorClass::RateLimited { after } = class { after } else { None };
                tracing::warn!(source = %claimed.id, error = %why, failures, "a stream ended");
                (Some(why), wait(after))
            }
        };
        streamed.error.clone_from(&error);
        let next_at = now + micros(wait);
        let (id, owner) = (claimed.id.clone(), self.owner.clone());
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    stream::end(tx, &id, &owner, error.as_deref(), next_at).await?;
                    tx.operational(())
                })
            })
            .await
    }
}

impl Open<'_> {
    async fn run(
        &mut self,
        mut frames: Frames,
        silence: Duration,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Ended, StoreError> {
        let clock = self.listen.clock.clone();
        loop {
            if *stop.borrow() {
                return Ok(self.store().await?.unwrap_or(Ended::Told));
            }
            let gathered_until = self.gathered.since.map_or(Micros::MAX, |since| since + micros(GATHER));
            let look_at = gathered_until.min(self.looked_at + micros(LOOK));
            let dead_at = self.alive_at + micros(silence);
            tokio::select! {
                biased;
                Ok(()) = stop.changed() => {}
                () = clock.until(look_at) => {
                    if let Some(ended) = self.store().await? {
                        return Ok(ended);
                    }
                }
                frame = frames.next() => {
                    let Some(frame) = frame else { return Ok(self.store().await?.unwrap_or(Ended::ByTheNetwork)) };
                    match frame {
                        Ok(frame) => self.take(frame),
                        Err(why) => return Ok(self.store().await?.unwrap_or_else(|| Ended::failed(why))),
                    }
                    if self.gathered.is_full() && let Some(ended) = self.store().await? {
                        return Ok(ended);
                    }
                }
                // After the frames: what waited while the database worked is a sign of life, too.
                () = clock.until(dead_at) => {
                    let quiet = Ended::failed(format!("nothing came for {} seconds", silence.as_secs()));
                    return Ok(self.store().await?.unwrap_or(quiet));
                }
            }
        }
    }

    fn take(&mut self, frame: Frame) {
        let now = self.listen.clock.now();
        self.alive_at = now;
        let Frame::Data(frame) = frame else { return };
        match self.reader.on_frame(&frame) {
            Ok(page) => {
                self.streamed.frames += 1;
                if page.items.is_empty() && page.gone.is_empty() {
                    return;
                }
                self.gathered.bytes += page.items.iter().map(|item| item.body.len()).sum::<usize>();
                self.gathered.items.extend(page.items);
                self.gathered.gone.extend(page.gone);
                self.gathered.since.get_or_insert(now);
            }
            Err(e) => {
                self.streamed.unreadable += 1;
                tracing::debug!(source = %self.source.id, error = %e, "a frame could not be read");
            }
        }
    }

    /// Stores what was gathered and the cursor behind it, prolongs the lease, and looks whether what
    /// the stream rests on is still so. `Some` where it must end.
    async fn store(&mut self) -> Result<Option<Ended>, StoreError> {
        let Gathered { items: came, gone, .. } = std::mem::take(&mut self.gathered);
        let came = items(self.view, came);
        let cursor: Value = self.reader.cursor();
        let now = self.listen.clock.now();
        let (ids, owner) = (self.listen.store.ids().clone(), self.listen.owner.clone());
        let (id, account, until) = (self.source.id.clone(), self.source.account_id.clone(), now + micros(LEASE));
        let work = self.listen.store.write(self.org, now, move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                if !stream::keep(tx, &id, &owner, &cursor, until, 0).await? {
                    return tx.operational(None);
                }
                let mut stored = Stored::default();
                if !came.is_empty() || !gone.is_empty() {
                    stored = raw::store(tx, &ids, &account, Some(&id), came, &gone).await?;
                    let new = i64::try_from(stored.new).unwrap_or(i64::MAX);
                    stream::keep(tx, &id, &owner, &cursor, until, new).await?;
                }
                let version = terms::version(tx.conn(), &org).await?;
                let now_is = source::get(tx.conn(), &org, &id).await?;
                let said = Some((stored, version, now_is));
                if !stored.any() {
                    return tx.operational(said);
                }
                let entry = Entry::new(By::system("stream"), "listen.stored", &id)
                    .with("new", stored.new)
                    .with("changed", stored.changed)
                    .with("gone", stored.gone);
                tx.commit(entry, said)
            })
        });
        let Some((stored, version, now_is)) = work.await? else { return Ok(Some(Ended::LeaseLost)) };
        self.looked_at = now;
        self.streamed.stored.add(stored);
        let same = now_is.version == self.source.version && now_is.account_connected && version == self.terms;
        Ok((!same).then_some(Ended::Changed))
    }
}
