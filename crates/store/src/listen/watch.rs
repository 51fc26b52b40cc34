//! The organisation's watch terms: which of the things said in public are about it.

use bedside_model::{Micros, OrgId, UserId, WatchTermId};
use serde::Serialize;

use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::ids::Ids;
use crate::intake::clean;
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    LIST = "select id, term, unless, kind, created_by, created_at from watch_terms where org_id = $1 order by term_key, id";
    COUNT = "select count(*) as n from watch_terms where org_id = $1";
    ADD = "insert into watch_terms (org_id, id, term, term_key, unless, kind, created_by, created_at) values";
    REMOVE = "delete from watch_terms where org_id = $1 and id = $2";
    VERSION = "select version from watch_lists where org_id = $1";
    CHANGED = "insert into watch_lists (org_id, version) values ($1, 1) on conflict (org_id) do update set version = watch_lists.version + 1";
}

/// Most terms of one organisation.
pub const MOST: usize = 10_000;

/// A watch term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchTerm {
    /// Its id.
    pub id: WatchTermId,
    /// The word or phrase as it was entered.
    pub term: String,
    /// Where one of these stands in a text, the term does not count.
    pub unless: Vec<String>,
    /// `name`, `site`, `doctor`, `campaign`, `misspelling` or `other`.
    pub kind: String,
    /// Who added it; `None` for the command line.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Micros,
}

/// A term to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTerm {
    /// The word or phrase.
    pub term: String,
    /// Where one of these stands in a text, the term does not count.
    pub unless: Vec<String>,
    /// See [`WatchTerm::kind`].
    pub kind: String,
}

fn term_of(row: &Row) -> Result<WatchTerm> {
    Ok(WatchTerm {
        id: row.parsed("id")?,
        term: row.text("term")?,
        unless: row.json("unless")?,
        kind: row.text("kind")?,
        created_by: row.opt_parsed("created_by")?,
        created_at: row.int("created_at")?,
    })
}

/// One form for terms that differ only in case and spaces.
fn key(term: &str) -> String {
    term.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// All terms, in the order of their text.
pub async fn list(conn: &mut Conn, org: &OrgId) -> Result<Vec<WatchTerm>> {
    conn.all(&LIST, org, vals![]).await?.iter().map(term_of).collect()
}

/// The version of the list: it grows with every change, and is 0 before the first.
pub async fn version(conn: &mut Conn, org: &OrgId) -> Result<i64> {
    conn.opt(&VERSION, org, vals![]).await?.map_or(Ok(0), |row| row.int("version"))
}

/// Adds terms; those that are there already are left as they are. Answers how many are new.
///
/// `too_many_terms` where the organisation would have more than [`MOST`].
pub async fn add(tx: &mut Tx, ids: &Ids, new: &[NewTerm], by: Option<&UserId>) -> Result<u64> {
    let org = tx.org()?;
    let at = tx.at();
    let rows: Vec<_> = new
        .iter()
        .filter(|new| !key(&new.term).is_empty())
        .map(|new| {
            let id = WatchTermId::from_bits(ids.bits(at));
            vals![
                id,
                clean(new.term.trim()),
                clean(&key(&new.term)),
                to_json(&new.unless),
                &new.kind,
                by.map(UserId::as_str),
                at
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let added = tx.insert_many(&ADD, "on conflict (org_id, term_key) do nothing", rows).await?;
    let count = tx.conn().one(&COUNT, &org, vals![], "watch list").await?.int("n")?;
    if usize::try_from(count).unwrap_or(usize::MAX) > MOST {
        return Err(StoreError::Refused {
            code: "too_many_terms",
            sentence: format!("At most {MOST} terms can be watched. Remove some first."),
        });
    }
    tx.run(&CHANGED, vals![]).await?;
    Ok(added)
}

/// Removes a term.
pub async fn remove(tx: &mut Tx, id: &WatchTermId) -> Result<()> {
    if tx.run(&REMOVE, vals![id]).await? == 0 {
        return Err(StoreError::NotFound { what: "watch term" });
    }
    tx.run(&CHANGED, vals![]).await.map(drop)
}
