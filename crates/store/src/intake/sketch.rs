//! Sketches: what texts are like that were found by watch terms, so that a copy finds its original.
//!
//! A sketch is of an original, never of a copy, and stands under sixteen keys (`sketch_bands`); texts that
//! are alike share one. Both are kept for as long as copies are looked for. What the numbers mean
//! is known to `bedside_networks::watch::likeness`; here they are bytes and keys.

use bedside_model::{AccountId, ConversationId, MessageId, Micros, OrgId};

use super::keys;
use crate::db::Conn;
use crate::error::Result;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    ALONE = "select id from accounts where org_id = $1 and id = $2 /*pg: for no key update */";
    ALIKE = "select message_id, conversation_id, minima, published_at, copies from sketches where org_id = $1 and account_id = $2 and message_id in
        (select message_id from sketch_bands where org_id = $1 and band in (select cast(key as bigint) from \"json_each\"($3 /*pg: ::json */)))
        order by published_at, message_id limit 1000";
    OF = "select message_id, conversation_id, minima, published_at, copies from sketches where org_id = $1 and message_id = $2";
    OLD = "select message_id, conversation_id, minima, published_at, copies from sketches where org_id = $1 and message_id < $2
        order by message_id limit 1000";
    ADD = "insert into sketches (org_id, message_id, account_id, conversation_id, minima, published_at, copies) values";
    BANDS_ADD = "insert into sketch_bands (org_id, band, message_id) values";
    FORGET = "delete from sketches where org_id = $1 and message_id in (select key from \"json_each\"($2 /*pg: ::json */))";
    BANDS_FORGET = "delete from sketch_bands where org_id = $1 and band in (select cast(key as bigint) from \"json_each\"($2 /*pg: ::json */))
        and message_id in (select key from \"json_each\"($3 /*pg: ::json */))";
}

/// The sketch of a message that others may be copies of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// Which message.
    pub message_id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// What its text is like.
    pub minima: Vec<u8>,
    /// When it was published.
    pub published_at: Micros,
    /// How many copies were put beside it.
    pub copies: i64,
}

fn sketch_of(row: &Row) -> Result<Sketch> {
    Ok(Sketch {
        message_id: row.parsed("message_id")?,
        conversation_id: row.parsed("conversation_id")?,
        minima: row.bytes("minima")?,
        published_at: row.int("published_at")?,
        copies: row.int("copies")?,
    })
}

/// Has other batches of this account wait until the transaction ends: of two that bring the same text at
/// once, the second must see what the first made of it. SQLite has one writer anyway.
pub async fn alone(tx: &mut Tx, account: &AccountId) -> Result<()> {
    let org = tx.org()?;
    tx.conn().opt(&ALONE, &org, vals![account]).await.map(drop)
}

/// Sketches of an account under one of these keys, the first that was published first; at most 1,000.
pub async fn alike(
    conn: &mut Conn,
    org: &OrgId,
    account: &AccountId,
    bands: impl IntoIterator<Item = i64>,
) -> Result<Vec<Sketch>> {
    let bands = keys(bands.into_iter().map(|band| band.to_string()));
    conn.all(&ALIKE, org, vals![account, bands]).await?.iter().map(sketch_of).collect()
}

/// The sketch of a message.
pub async fn of(conn: &mut Conn, org: &OrgId, message: &MessageId) -> Result<Option<Sketch>> {
    conn.opt(&OF, org, vals![message]).await?.as_ref().map(sketch_of).transpose()
}

/// Up to 1,000 sketches that were made before an instant, of all accounts.
pub async fn older(conn: &mut Conn, org: &OrgId, than: Micros) -> Result<Vec<Sketch>> {
    // Ids tell the time at which they were made.
    let bound = MessageId::from_bits(u128::try_from(than / 1_000).unwrap_or(0) << 80);
    conn.all(&OLD, org, vals![bound]).await?.iter().map(sketch_of).collect()
}

/// Keeps sketches: new ones, and those whose count of copies grew.
pub async fn save(tx: &mut Tx, account: &AccountId, sketches: Vec<Sketch>) -> Result<()> {
    if sketches.is_empty() {
        return Ok(());
    }
    let row = |s: Sketch| vals![s.message_id, account, s.conversation_id, s.minima, s.published_at, s.copies];
    let counted = "on conflict (org_id, message_id) do update set copies = excluded.copies";
    tx.insert_many(&ADD, counted, sketches.into_iter().map(row).collect()).await.map(drop)
}

/// Puts new sketches under their keys.
pub async fn put(tx: &mut Tx, keys: Vec<(MessageId, i64)>) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    // A text may have a key twice.
    let rows = keys.into_iter().map(|(message, band)| vals![band, message]).collect();
    tx.insert_many(&BANDS_ADD, "on conflict do nothing", rows).await.map(drop)
}

/// Forgets sketches; `bands` are the keys under which they stand.
pub async fn forget(tx: &mut Tx, messages: &[MessageId], bands: impl IntoIterator<Item = i64>) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let ids = keys(messages.iter().map(MessageId::as_str));
    let bands = keys(bands.into_iter().map(|band| band.to_string()));
    tx.run(&BANDS_FORGET, vals![bands, &ids]).await?;
    tx.run(&FORGET, vals![ids]).await.map(drop)
}
