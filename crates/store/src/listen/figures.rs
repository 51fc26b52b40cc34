//! Figures of reach, as networks tell them: of an account and of its own posts, day by day or as totals.
//! What a network does not tell is missing, never zero.

use bedside_model::{AccountId, Micros, OrgId};

use crate::db::Conn;
use crate::error::Result;
use crate::intake::clean;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    [operational "what a network counts of an account; nobody's text, and read again tomorrow"]
    ADD = "insert into figures (org_id, account_id, post_native_id, native_name, day, is_total, metric, value, read_at) values";
    LIST = "select post_native_id, native_name, day, is_total, metric, value, read_at from figures
        where org_id = $1 and account_id = $2 and day >= $3 order by day desc, post_native_id, metric, native_name limit 2000";
    POSTS = "select native_id from outbox where org_id = $1 and account_id = $2 and kind = 'post' and state = 'delivered' and native_id is not null
        and created_at >= $3 order by created_at desc, id desc limit 20";
}

/// A figure.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFigure {
    /// Of which post; empty for the account as a whole.
    pub post_native_id: String,
    /// The network's own name of it: its source.
    pub native_name: String,
    /// What is counted, in the field's terms.
    pub metric: String,
    /// The day it is of, as the begin of that day; of a total, the day on which it was read.
    pub day: Micros,
    /// A total as of that day, not what that day brought.
    pub is_total: bool,
    /// The value.
    pub value: f64,
    /// When it was read.
    pub read_at: Micros,
}

fn figure_of(row: &Row) -> Result<StoredFigure> {
    Ok(StoredFigure {
        post_native_id: row.text("post_native_id")?,
        native_name: row.text("native_name")?,
        metric: row.text("metric")?,
        day: row.int("day")?,
        is_total: row.bool("is_total")?,
        value: row.float("value")?,
        read_at: row.int("read_at")?,
    })
}

/// Keeps figures; a later reading of the same day takes the place of an earlier one, because networks
/// count on for a while.
pub async fn keep(tx: &mut Tx, account: &AccountId, figures: Vec<StoredFigure>) -> Result<()> {
    if figures.is_empty() {
        return Ok(());
    }
    let row = |f: StoredFigure| {
        let (post, name) = (clean(&f.post_native_id), clean(&f.native_name));
        vals![account, post, name, f.day, f.is_total, f.metric, f.value, f.read_at]
    };
    let rows = figures.into_iter().map(row).collect();
    let newer =
        "on conflict (org_id, account_id, post_native_id, native_name, day) do update set is_total = excluded.is_total,
        metric = excluded.metric, value = excluded.value, read_at = excluded.read_at";
    tx.insert_many(&ADD, newer, rows).await.map(drop)
}

/// Figures of an account since a day, the newest day first; at most 2,000.
pub async fn list(conn: &mut Conn, org: &OrgId, account: &AccountId, since: Micros) -> Result<Vec<StoredFigure>> {
    conn.all(&LIST, org, vals![account, since]).await?.iter().map(figure_of).collect()
}

/// Own posts since then, the newest first: their ids on the network; at most 20.
pub async fn posts(conn: &mut Conn, org: &OrgId, account: &AccountId, since: Micros) -> Result<Vec<String>> {
    conn.all(&POSTS, org, vals![account, since]).await?.iter().map(|row| row.text("native_id")).collect()
}
