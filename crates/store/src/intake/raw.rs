//! Raw items: what a network served, less what its connector drops.
//!
//! An item is `stored` until the intake has read it, then `parsed`; `gone` until the intake has
//! noted that it vanished, then `removed`; or `dead`, with a reason.

use std::collections::{HashMap, HashSet};

use bedside_model::{AccountId, Micros, OrgId, RawId, SourceId};

use super::{clean, cleaned, keys};
use crate::db::Conn;
use crate::error::Result;
use crate::event::Change;
use crate::ids::Ids;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    EXISTING = "select id, native_id, content_hash, revision, state, source_id from raw_items where org_id = $1 and account_id = $2
        and native_id in (select key from \"json_each\"($3 /*pg: ::json */))";
    ADD = "insert into raw_items (org_id, id, account_id, source_id, native_id, kind, body, content_hash, revision, state, attempts, published_at, received_at, updated_at) values";
    KEEP = "insert into raw_revisions (org_id, raw_id, revision, body, content_hash, received_at)
        select $1, id, revision, body, content_hash, updated_at from raw_items where org_id = $1 and id = $2";
    REVISE = "update raw_items set kind = $3, body = $4, content_hash = $5, revision = revision + 1, state = 'stored', attempts = 0, try_at = null, reason = null, updated_at = $6,
        published_at = coalesce($7, published_at) where org_id = $1 and id = $2";
    [operational "what came by itself is watched from now on by the source that sees it, too"]
    ADOPT = "update raw_items set source_id = $3 where org_id = $1 and account_id = $2 and source_id is null
        and native_id in (select key from \"json_each\"($4 /*pg: ::json */))";
    GONE = "update raw_items set state = 'gone', content_hash = '', updated_at = $4 where org_id = $1 and account_id = $2
        and native_id in (select key from \"json_each\"($3 /*pg: ::json */)) and state <> 'removed' and state <> 'gone'";
    KNOWN = "select native_id, content_hash, published_at from raw_items where org_id = $1 and source_id = $2 and published_at >= $3
        and state <> 'removed' and state <> 'gone'";
    OPEN = "select id, account_id, source_id, native_id, kind, body, revision, state, attempts, received_at from raw_items
        where org_id = $1 and state = $2 and state not in ('parsed', 'removed') and id > $3
        and (try_at is null or try_at <= $4) order by id limit $5";
    BODY = "select body from raw_items where org_id = $1 and account_id = $2 and native_id = $3";
    LOCK = "select id, revision from raw_items where org_id = $1 and id in (select key from \"json_each\"($2 /*pg: ::json */))
        and state in ('stored', 'gone') /*pg: for update skip locked */";
    PARSED = "update raw_items set state = 'parsed', reason = null where org_id = $1 and id in (select key from \"json_each\"($2 /*pg: ::json */))";
    REMOVED = "update raw_items set state = 'removed', reason = null where org_id = $1 and id in (select key from \"json_each\"($2 /*pg: ::json */))";
    DEAD = "update raw_items set state = 'dead', reason = $3, attempts = attempts + 1, updated_at = $4 where org_id = $1 and id = $2";
    FAILED = "update raw_items set attempts = attempts + 1, state = case when attempts >= 2 then 'dead' else state end, reason = $3,
        try_at = case when attempts = 0 then cast($4 as bigint) else $5 end where org_id = $1 and id = $2";
}

/// How long an item that failed waits after the first time, and after the second: what was wrong with the
/// database may be over by then.
const PAUSES: [Micros; 2] = [60 * 1_000_000, 10 * 60 * 1_000_000];

/// An item as a connector gives it.
#[derive(Clone)]
pub struct NewItem {
    /// Its id on the network.
    pub native_id: String,
    /// The connector's word for what it is.
    pub kind: String,
    /// Canonical JSON.
    pub body: Vec<u8>,
    /// A changed hash is an edit.
    pub content_hash: String,
    /// When it was published, where that can be read.
    pub published_at: Option<Micros>,
}

impl std::fmt::Debug for NewItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewItem")
            .field("kind", &self.kind)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What storing a page did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// Items that were not there.
    pub new: u64,
    /// Items whose content changed.
    pub changed: u64,
    /// Items that vanished.
    pub gone: u64,
}

impl Stored {
    /// Whether there is anything for the intake to do.
    pub fn any(&self) -> bool {
        self.new + self.changed + self.gone > 0
    }

    /// Counts what another page did, too.
    pub fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.gone += other.gone;
    }
}

/// An item that the connector believes to be visible still.
#[derive(Debug, Clone)]
pub struct KnownItem {
    /// Its id on the network.
    pub native_id: String,
    /// The hash of the newest revision.
    pub content_hash: String,
    /// When it was published.
    pub published_at: Option<Micros>,
}

/// A stored item that waits for the intake.
#[derive(Clone)]
pub struct RawRow {
    /// Its id here.
    pub id: RawId,
    /// The account.
    pub account_id: AccountId,
    /// The source; `None` for an import.
    pub source_id: Option<SourceId>,
    /// Its id on the network.
    pub native_id: String,
    /// The connector's word for what it is.
    pub kind: String,
    /// Canonical JSON.
    pub body: Vec<u8>,
    /// Counted from 1.
    pub revision: i64,
    /// It is no longer to be seen on the network.
    pub gone: bool,
    /// How often it failed.
    pub attempts: i64,
    /// When it first came.
    pub received_at: Micros,
}

impl std::fmt::Debug for RawRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawRow").field("id", &self.id).field("revision", &self.revision).finish_non_exhaustive()
    }
}

struct Existing {
    id: RawId,
    hash: String,
    /// The intake knows, or will soon, that it vanished.
    gone: bool,
    removed: bool,
    /// It came by itself, and no source watches it yet.
    unwatched: bool,
}

async fn existing(tx: &mut Tx, account: &AccountId, native: &str) -> Result<HashMap<String, Existing>> {
    let org = tx.org()?;
    let rows = tx.conn().all(&EXISTING, &org, vals![account, native]).await?;
    rows.iter()
        .map(|row| {
            let state = row.text("state")?;
            let (gone, removed) = (state == "gone", state == "removed");
            Ok((
                row.text("native_id")?,
                Existing {
                    id: row.parsed("id")?,
                    hash: row.text("content_hash")?,
                    gone,
                    removed,
                    unwatched: row.opt_text("source_id")?.is_none(),
                },
            ))
        })
        .collect()
}

/// Of each item whether it is the newest of its id: a page may name one twice, and the last one counts.
fn newest(items: &[NewItem]) -> Vec<bool> {
    let mut seen = HashSet::with_capacity(items.len());
    let mut newest: Vec<bool> = items.iter().rev().map(|item| seen.insert(item.native_id.as_str())).collect();
    newest.reverse();
    newest
}

/// Stores the items of a page: new ones once, changed ones as a new revision with the old one kept;
/// marks what vanished. What is there already costs one look. The intake does the rest.
pub async fn store(
    tx: &mut Tx,
    ids: &Ids,
    account: &AccountId,
    source: Option<&SourceId>,
    items: Vec<NewItem>,
    gone: &[String],
) -> Result<Stored> {
    let at = tx.at();
    let mut stored = Stored::default();
    let known = existing(tx, account, &keys(items.iter().map(|item| &item.native_id))).await?;
    if let Some(source) = source {
        let unwatched: Vec<&String> = known.iter().filter(|(_, old)| old.unwatched).map(|(id, _)| id).collect();
        if !unwatched.is_empty() {
            tx.run(&ADOPT, vals![account, source, keys(unwatched)]).await?;
        }
    }
    let mut rows = Vec::with_capacity(items.len());
    let newest = newest(&items);
    for (item, _) in items.into_iter().zip(newest).filter(|(_, newest)| *newest) {
        let (native, kind) = (cleaned(item.native_id), cleaned(item.kind));
        match known.get(&native) {
            None => {
                let id = RawId::from_bits(ids.bits(at));
                rows.push(vals![
                    id,
                    account,
                    source,
                    native,
                    kind,
                    item.body,
                    item.content_hash,
                    1,
                    "stored",
                    0,
                    item.published_at,
                    at,
                    at
                ]);
            }
            Some(old) if old.hash == item.content_hash && !old.gone => {}
            Some(old) => {
                tx.run(&KEEP, vals![&old.id]).await?;
                tx.run(&REVISE, vals![&old.id, kind, item.body, item.content_hash, at, item.published_at]).await?;
                stored.changed += 1;
            }
        }
    }
    if !rows.is_empty() {
        stored.new = tx.insert_many(&ADD, "on conflict (org_id, account_id, native_id) do nothing", rows).await?;
    }
    if !gone.is_empty() {
        let known = existing(tx, account, &keys(gone)).await?;
        let vanished: Vec<&String> =
            known.iter().filter(|(_, old)| !old.gone && !old.removed).map(|(id, _)| id).collect();
        if !vanished.is_empty() {
            stored.gone = tx.run(&GONE, vals![account, keys(vanished), at]).await?;
        }
    }
    if stored.any() {
        tx.publish(Change::Heard { account_id: account.clone() });
    }
    Ok(stored)
}

/// What is stored of a source, was published since, and is believed to be visible.
pub async fn known(conn: &mut Conn, org: &OrgId, source: &SourceId, since: Micros) -> Result<Vec<KnownItem>> {
    conn.all(&KNOWN, org, vals![source, since])
        .await?
        .iter()
        .map(|row| {
            Ok(KnownItem {
                native_id: row.text("native_id")?,
                content_hash: row.text("content_hash")?,
                published_at: row.opt_int("published_at")?,
            })
        })
        .collect()
}

/// Which of these items of an account are stored.
pub async fn which_known(
    conn: &mut Conn,
    org: &OrgId,
    account: &AccountId,
    natives: impl IntoIterator<Item = &str>,
) -> Result<HashSet<String>> {
    let rows = conn.all(&EXISTING, org, vals![account, keys(natives)]).await?;
    rows.iter().map(|row| row.text("native_id")).collect()
}

/// What is stored of one item as the network served it; `None` where nothing is.
pub async fn body(conn: &mut Conn, org: &OrgId, account: &AccountId, native_id: &str) -> Result<Option<Vec<u8>>> {
    conn.opt(&BODY, org, vals![account, native_id]).await?.map(|row| row.bytes("body")).transpose()
}

fn raw_of(row: &Row) -> Result<RawRow> {
    Ok(RawRow {
        id: row.parsed("id")?,
        account_id: row.parsed("account_id")?,
        source_id: row.opt_parsed("source_id")?,
        native_id: row.text("native_id")?,
        kind: row.text("kind")?,
        body: row.bytes("body")?,
        revision: row.int("revision")?,
        gone: row.text("state")? == "gone",
        attempts: row.int("attempts")?,
        received_at: row.int("received_at")?,
    })
}

/// Items that wait for the intake, after an id, in the order in which they came; first those with
/// content, then those that vanished. What failed a moment ago is left out.
pub async fn open(conn: &mut Conn, org: &OrgId, now: Micros, after: Option<&RawId>, most: i64) -> Result<Vec<RawRow>> {
    let after = after.map_or("", RawId::as_str);
    let mut rows = conn.all(&OPEN, org, vals!["stored", after, now, most]).await?;
    let left = most - i64::try_from(rows.len()).unwrap_or(most);
    if left > 0 {
        rows.extend(conn.all(&OPEN, org, vals!["gone", after, now, left]).await?);
    }
    rows.iter().map(raw_of).collect()
}

/// Of these items, those that still wait, with their revision now. Another worker's are left out.
pub async fn still_open(tx: &mut Tx, ids: impl IntoIterator<Item = &RawId>) -> Result<HashMap<RawId, i64>> {
    let org = tx.org()?;
    let ids = keys(ids.into_iter().map(RawId::as_str));
    let rows = tx.conn().all(&LOCK, &org, vals![ids]).await?;
    rows.iter().map(|row| Ok((row.parsed("id")?, row.int("revision")?))).collect()
}

/// Items were read.
pub async fn parsed(tx: &mut Tx, items: &[RawId]) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    tx.run(&PARSED, vals![keys(items.iter().map(RawId::as_str))]).await.map(drop)
}

/// Items are no longer to be seen, and that is noted.
pub async fn removed(tx: &mut Tx, items: &[RawId]) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    tx.run(&REMOVED, vals![keys(items.iter().map(RawId::as_str))]).await.map(drop)
}

/// An item cannot be read: what and where, never the content.
pub async fn dead(tx: &mut Tx, id: &RawId, reason: &str) -> Result<()> {
    let at = tx.at();
    tx.run(&DEAD, vals![id, clean(reason), at]).await.map(drop)
}

/// The database refused what came of an item. It is tried again after a pause; at the third time it is a
/// dead letter.
pub async fn failed(tx: &mut Tx, id: &RawId, reason: &str) -> Result<()> {
    let [first, second] = PAUSES.map(|pause| tx.at() + pause);
    tx.run(&FAILED, vals![id, reason, first, second]).await.map(drop)
}
