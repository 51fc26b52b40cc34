//! Sources: what is polled within an account, under a lease, with its cursor and its health.

use bedside_model::{AccountId, Micros, OrgId, SourceId};
use serde::Serialize;

use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::event::Change;
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    LIST = "select s.*, a.state as account_state from sources s join accounts a on a.org_id = $1 and a.id = s.account_id
        where s.org_id = $1 and (cast($2 as text) is null or s.id = $2) order by s.created_at, s.id";
    ADD = "insert into sources (org_id, id, account_id, kind, name, url, config, interval_seconds, paused, next_poll_at, items, failures, created_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, false, $9, 0, 0, $9, 1)";
    CHANGE = "update sources set name = $4, url = $5, config = $6, interval_seconds = $7, paused = $8, next_poll_at = $9, version = version + 1
        where org_id = $1 and id = $2 and version = $3";
    NOW = "update sources set next_poll_at = $3 where org_id = $1 and id = $2";
    DUE = "select s.id from sources s join accounts a on a.org_id = $1 and a.id = s.account_id
        where s.org_id = $1 and s.paused = false and s.next_poll_at <= $2 and (s.lease_until is null or s.lease_until <= $2)
        and a.state = 'connected' order by s.next_poll_at, s.id limit 100";
    NEXT = "select min(case when s.lease_until is not null and s.lease_until > s.next_poll_at then s.lease_until else s.next_poll_at end) as at
        from sources s join accounts a on a.org_id = $1 and a.id = s.account_id
        where s.org_id = $1 and s.paused = false and a.state = 'connected'";
    OF_ACCOUNT = "select id from sources where org_id = $1 and account_id = $2 and paused = false order by id";
    [operational "a delivery says that something is new: the source is read at once"]
    SOONER = "update sources set next_poll_at = $3 where org_id = $1 and id = $2 and next_poll_at > $3";
    [operational "a lease on a poll"]
    CLAIM = "update sources set lease_owner = $3, lease_until = $4 where org_id = $1 and id = $2 and paused = false and next_poll_at <= $5
        and (lease_until is null or lease_until <= $5)";
    [operational "a lease on a poll that a person asked for"]
    CLAIM_NOW = "update sources set lease_owner = $3, lease_until = $4 where org_id = $1 and id = $2
        and (lease_until is null or lease_until <= $5)";
    [operational "a cursor, saved with the items that it stands behind"]
    CURSOR = "update sources set cursor = $4, lease_until = $5 where org_id = $1 and id = $2 and lease_owner = $3";
    [operational "what came of a poll: health and the next time"]
    END = "update sources set lease_owner = null, lease_until = null, next_poll_at = $4, last_polled_at = $5, last_ok_at = $6,
        last_item_at = $7, items = $8, gap = $9, failures = $10, error = $11, notice = $12 where org_id = $1 and id = $2 and lease_owner = $3";
}

/// The shortest silence that is worth a word.
pub const SILENCE_AT_LEAST: Micros = 24 * 3_600 * 1_000_000;
/// Silence is longer than this many normal gaps.
pub const SILENCE_GAPS: Micros = 4;

/// How a source does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It is read, and things come as they normally do.
    Ok,
    /// It is read without an error, but nothing has come for much longer than is normal.
    Silent,
    /// The last poll, or its open connection, failed.
    Failing,
    /// It, or its account, is left alone.
    Paused,
}

impl Health {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Silent => "silent",
            Self::Failing => "failing",
            Self::Paused => "paused",
        }
    }
}

/// A source as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// The account.
    pub account_id: AccountId,
    /// `comments`, `feed` or `reviews`.
    pub kind: String,
    /// What the team calls it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Settings of the connector.
    pub config: serde_json::Value,
    /// Seconds between two polls.
    pub interval_seconds: i64,
    /// Left alone until somebody goes on.
    pub paused: bool,
    /// The account is connected.
    pub account_connected: bool,
    /// Where the connector goes on. Not for people.
    #[serde(skip)]
    pub cursor: Option<serde_json::Value>,
    /// How its open connection does, where its network pushes.
    #[serde(skip)]
    pub stream: StreamState,
    /// When it was last tried.
    pub last_polled_at: Option<Micros>,
    /// When it was last read without an error.
    pub last_ok_at: Option<Micros>,
    /// When something new last came.
    pub last_item_at: Option<Micros>,
    /// When it is read next.
    pub next_poll_at: Micros,
    /// Failures in a row.
    pub failures: i64,
    /// What the last failure was, without content.
    pub error: Option<String>,
    /// What holds it back although nothing failed, such as a budget that is used up.
    pub notice: Option<String>,
    /// New items so far.
    pub items: i64,
    /// The normal time between two items, in microseconds.
    pub gap: Option<Micros>,
    /// When it was added.
    pub created_at: Micros,
    /// Grows with every change by a person.
    pub version: i64,
}

impl Source {
    /// How it does now.
    pub fn health(&self, now: Micros) -> Health {
        if self.paused || !self.account_connected {
            Health::Paused
        } else if self.failures > 0 || self.stream.failures > 0 {
            Health::Failing
        } else if self.is_silent(now) {
            Health::Silent
        } else {
            Health::Ok
        }
    }

    /// Nothing came for longer than four normal gaps, and for a day at least. A source whose normal
    /// is not known yet is not called silent.
    fn is_silent(&self, now: Micros) -> bool {
        let (Some(gap), Some(last)) = (self.gap, self.last_item_at) else { return false };
        now.saturating_sub(last) > gap.saturating_mul(SILENCE_GAPS).max(SILENCE_AT_LEAST)
    }

    /// The normal time between two items, in seconds.
    pub fn normal_gap_seconds(&self) -> Option<i64> {
        self.gap.map(|gap| gap / 1_000_000)
    }

    /// How long nothing has come, in seconds.
    pub fn silence_seconds(&self, now: Micros) -> Option<i64> {
        self.last_item_at.map(|last| now.saturating_sub(last).max(0) / 1_000_000)
    }
}

/// How the open connection of a source does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamState {
    /// Where it goes on. The poll has a cursor of its own: both run side by side.
    pub cursor: Option<serde_json::Value>,
    /// Not before then.
    pub next_at: Option<Micros>,
    /// When it was last open and well.
    pub ok_at: Option<Micros>,
    /// Failures in a row.
    pub failures: i64,
}

/// A source to add. It is polled at once.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// Its id.
    pub id: SourceId,
    /// The account.
    pub account_id: AccountId,
    /// `comments`, `feed` or `reviews`.
    pub kind: String,
    /// What the team calls it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Settings of the connector.
    pub config: serde_json::Value,
    /// Seconds between two polls; the poller does not go below the network's limit.
    pub interval_seconds: i64,
}

/// What changes of a source; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct SourceChange {
    /// What the team calls it.
    pub name: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Settings of the connector, as a whole.
    pub config: Option<serde_json::Value>,
    /// Seconds between two polls.
    pub interval_seconds: Option<i64>,
    /// Left alone, or not. A source that goes on is polled at once.
    pub paused: Option<bool>,
}

/// What came of a poll.
#[derive(Debug, Clone)]
pub struct PollEnd {
    /// New or changed items.
    pub new_items: i64,
    /// The normal gap, where this poll could tell.
    pub gap: Option<Micros>,
    /// What went wrong, without content; `None` for a poll that went through.
    pub error: Option<String>,
    /// What held it back although nothing failed: then it neither counts as read nor as failed.
    pub notice: Option<String>,
    /// When it is polled next.
    pub next_poll_at: Micros,
}

fn source_of(row: &Row) -> Result<Source> {
    Ok(Source {
        id: row.parsed("id")?,
        account_id: row.parsed("account_id")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        url: row.text("url")?,
        config: row.json("config")?,
        interval_seconds: row.int("interval_seconds")?,
        paused: row.bool("paused")?,
        account_connected: row.text("account_state")? == "connected",
        cursor: row.opt_json("cursor")?,
        stream: StreamState {
            cursor: row.opt_json("stream_cursor")?,
            next_at: row.opt_int("stream_next_at")?,
            ok_at: row.opt_int("stream_ok_at")?,
            failures: row.opt_int("stream_failures")?.unwrap_or(0),
        },
        last_polled_at: row.opt_int("last_polled_at")?,
        last_ok_at: row.opt_int("last_ok_at")?,
        last_item_at: row.opt_int("last_item_at")?,
        next_poll_at: row.int("next_poll_at")?,
        failures: row.int("failures")?,
        error: row.opt_text("error")?.or(row.opt_text("stream_error")?),
        notice: row.opt_text("notice")?,
        items: row.int("items")?,
        gap: row.opt_int("gap")?,
        created_at: row.int("created_at")?,
        version: row.int("version")?,
    })
}

/// All sources.
pub async fn list(conn: &mut Conn, org: &OrgId) -> Result<Vec<Source>> {
    conn.all(&LIST, org, vals![None::<String>]).await?.iter().map(source_of).collect()
}

/// One source.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &SourceId) -> Result<Source> {
    source_of(&conn.one(&LIST, org, vals![id], "source").await?)
}

/// Adds a source, due at once.
pub async fn add(tx: &mut Tx, new: &NewSource) -> Result<()> {
    let at = tx.at();
    let row = vals![
        &new.id,
        &new.account_id,
        &new.kind,
        &new.name,
        &new.url,
        to_json(&new.config),
        new.interval_seconds.max(1),
        at,
    ];
    tx.run(&ADD, row).await?;
    tx.publish(Change::Source { id: new.id.clone(), state: Health::Ok.as_str().to_owned() });
    Ok(())
}

/// Changes a source. `if_version` is the version that the person saw.
pub async fn change(tx: &mut Tx, id: &SourceId, change: SourceChange, if_version: Option<i64>) -> Result<Source> {
    let org = tx.org()?;
    let at = tx.at();
    let old = get(tx.conn(), &org, id).await?;
    if if_version.is_some_and(|seen| seen != old.version) {
        return Err(StoreError::Conflict { what: "source" });
    }
    let paused = change.paused.unwrap_or(old.paused);
    let moved = change.url.is_some() || change.config.is_some() || (old.paused && !paused);
    tx.run_one(
        &CHANGE,
        vals![
            id,
            old.version,
            change.name.unwrap_or(old.name),
            change.url.unwrap_or(old.url),
            to_json(&change.config.unwrap_or(old.config)),
            change.interval_seconds.unwrap_or(old.interval_seconds).max(1),
            paused,
            if moved { at } else { old.next_poll_at },
        ],
        "source",
    )
    .await?;
    let new = get(tx.conn(), &org, id).await?;
    tx.publish(Change::Source { id: id.clone(), state: new.health(at).as_str().to_owned() });
    Ok(new)
}

/// Makes a source due at once.
pub async fn poll_now(tx: &mut Tx, id: &SourceId) -> Result<()> {
    let org = tx.org()?;
    let at = tx.at();
    let source = get(tx.conn(), &org, id).await?;
    tx.run_one(&NOW, vals![id, at], "source").await?;
    tx.publish(Change::Source { id: id.clone(), state: source.health(at).as_str().to_owned() });
    Ok(())
}

/// Makes the polled sources of an account due at once: a network says that something is new.
/// Bookkeeping: what is new is logged when it is read.
pub async fn sooner(tx: &mut Tx, account: &AccountId) -> Result<()> {
    let org = tx.org()?;
    let at = tx.at();
    let rows = tx.conn().all(&OF_ACCOUNT, &org, vals![account]).await?;
    for row in &rows {
        let id: SourceId = row.parsed("id")?;
        if tx.run(&SOONER, vals![&id, at]).await? > 0 {
            tx.publish(Change::Source { id, state: Health::Ok.as_str().to_owned() });
        }
    }
    Ok(())
}

/// Sources that are due and that nobody holds.
pub async fn due(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Vec<SourceId>> {
    conn.all(&DUE, org, vals![now]).await?.iter().map(|row| row.parsed("id")).collect()
}

/// When the next source is due.
pub async fn next_time(conn: &mut Conn, org: &OrgId) -> Result<Option<Micros>> {
    conn.opt(&NEXT, org, vals![]).await?.map_or(Ok(None), |row| row.opt_int("at"))
}

/// Takes the lease of a due source; `None` where somebody else was quicker. With `even_early` a
/// source that is not due, or paused, is taken too: a person asks.
pub async fn claim(tx: &mut Tx, id: &SourceId, owner: &str, until: Micros, even_early: bool) -> Result<Option<Source>> {
    let org = tx.org()?;
    let at = tx.at();
    let stmt = if even_early { &CLAIM_NOW } else { &CLAIM };
    if tx.run(stmt, vals![id, owner, until, at]).await? == 0 {
        return Ok(None);
    }
    get(tx.conn(), &org, id).await.map(Some)
}

/// Saves the cursor and prolongs the lease. Answers whether the lease was still held; where it was
/// not, the caller must stop: somebody else reads the source by now.
pub async fn save_cursor(
    tx: &mut Tx,
    id: &SourceId,
    owner: &str,
    cursor: &serde_json::Value,
    until: Micros,
) -> Result<bool> {
    Ok(tx.run(&CURSOR, vals![id, owner, to_json(cursor), until]).await? == 1)
}

/// Ends a poll: gives the lease back, keeps health and the next time, tells the live pages where the
/// health changed or something came. Does nothing where the lease was lost.
pub async fn end_poll(tx: &mut Tx, id: &SourceId, owner: &str, end: &PollEnd) -> Result<()> {
    let org = tx.org()?;
    let at = tx.at();
    let old = get(tx.conn(), &org, id).await?;
    let fine = end.error.is_none() && end.notice.is_none();
    let changed = tx
        .run(
            &END,
            vals![
                id,
                owner,
                end.next_poll_at,
                at,
                if fine { Some(at) } else { old.last_ok_at },
                if end.new_items > 0 { Some(at) } else { old.last_item_at },
                old.items + end.new_items,
                end.gap.or(old.gap),
                match (&end.error, &end.notice) {
                    (Some(_), _) => old.failures + 1,
                    // Held back is neither a success nor a failure.
                    (None, Some(_)) => old.failures,
                    (None, None) => 0,
                },
                end.error.as_ref().map(|why| why.replace('\0', " ")),
                &end.notice,
            ],
        )
        .await?;
    if changed > 0 {
        let new = get(tx.conn(), &org, id).await?;
        if new.health(at) != old.health(at) || end.new_items > 0 || new.error != old.error || new.notice != old.notice {
            tx.publish(Change::Source { id: id.clone(), state: new.health(at).as_str().to_owned() });
        }
    }
    Ok(())
}
