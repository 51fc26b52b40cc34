//! Dead letters: items that could not be read. They block nothing, and wait for a person or a newer
//! version of the program.

use bedside_model::{AccountId, Micros, OrgId, RawId};
use serde::Serialize;

use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    LIST = "select id, account_id, native_id, received_at, reason, attempts from raw_items
        where org_id = $1 and state = 'dead' and state not in ('parsed', 'removed') and (cast($2 as text) is null or id < $2)
        order by id desc limit $3";
    COUNT = "select count(*) as n from raw_items where org_id = $1 and state = 'dead' and state not in ('parsed', 'removed')";
    RETRY = "update raw_items set state = 'stored', try_at = null, updated_at = $3 where org_id = $1 and id = $2 and state = 'dead'";
    [operational "a letter that a mail server kept to itself is asked for at once; who wanted that stands in the log"]
    ASK = "update sources set next_poll_at = $3 where org_id = $1 and next_poll_at > $3
        and id in (select source_id from raw_items where org_id = $1 and id = $2 and kind = 'withheld')";
}

/// A dead letter.
#[derive(Debug, Clone, Serialize)]
pub struct DeadLetter {
    /// The raw item.
    pub id: RawId,
    /// Of which account.
    pub account_id: AccountId,
    /// Its id on the network.
    pub native_id: String,
    /// When it came.
    pub received_at: Micros,
    /// Why it could not be read: what and where, never the content.
    pub reason: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
}

fn letter_of(row: &Row) -> Result<DeadLetter> {
    Ok(DeadLetter {
        id: row.parsed("id")?,
        account_id: row.parsed("account_id")?,
        native_id: row.text("native_id")?,
        received_at: row.int("received_at")?,
        reason: row.opt_text("reason")?,
        attempts: row.int("attempts")?,
    })
}

/// Dead letters, newest first; those older than `before` for the next page.
pub async fn list(conn: &mut Conn, org: &OrgId, before: Option<&RawId>, most: i64) -> Result<Vec<DeadLetter>> {
    conn.all(&LIST, org, vals![before.map(RawId::as_str), most]).await?.iter().map(letter_of).collect()
}

/// How many there are.
pub async fn count(conn: &mut Conn, org: &OrgId) -> Result<i64> {
    conn.one(&COUNT, org, vals![], "count").await?.int("n")
}

/// Gives a dead letter to the intake again. One of which only the network has the content is asked for at once.
pub async fn retry(tx: &mut Tx, id: &RawId) -> Result<()> {
    let at = tx.at();
    match tx.run(&RETRY, vals![id, at]).await? {
        1 => tx.run(&ASK, vals![id, at]).await.map(drop),
        _ => Err(StoreError::NotFound { what: "dead letter" }),
    }
}
