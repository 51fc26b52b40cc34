//! Reading the log: newest first, by who, what, on what and when.

use std::collections::BTreeMap;

use bedside_model::{Micros, OrgId};

use crate::db::Conn;
use crate::error::Result;
use crate::row::Row;
use crate::statements;
use crate::vals;

statements! {
    LIST = "select height, at, actor_kind, actor_id, action, object, detail, hash from audit_entries
        where org_id = $1 and height < $2 and (cast($3 as text) is null or actor_id = $3)
        and (cast($4 as text) is null or action = $4) and (cast($5 as text) is null or object = $5)
        and at >= $6 and at < $7 order by height desc limit $8";
    SECRETS = "select name from secrets where org_id = $1";
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Below this number; the newest where absent.
    pub before: Option<i64>,
    /// Of this user or part of the system.
    pub actor: Option<String>,
    /// Of this code.
    pub action: Option<String>,
    /// On this thing.
    pub object: Option<String>,
    /// From this instant on.
    pub from: Option<Micros>,
    /// Before this instant.
    pub to: Option<Micros>,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its number.
    pub height: u64,
    /// When.
    pub at: Micros,
    /// `user`, `system`, `cli`, `public`.
    pub actor_kind: String,
    /// The user's id or the part of the system.
    pub actor_id: Option<String>,
    /// What, as a code.
    pub action: String,
    /// On what.
    pub object: String,
    /// Why and how; empty where it cannot be read any more, of which the verification tells.
    pub detail: BTreeMap<String, String>,
    /// Its hash, hexadecimal.
    pub hash: String,
}

fn logged(row: &Row) -> Result<Logged> {
    Ok(Logged {
        height: row.int("height")?.unsigned_abs(),
        at: row.int("at")?,
        actor_kind: row.text("actor_kind")?,
        actor_id: row.opt_text("actor_id")?,
        action: row.text("action")?,
        object: row.text("object")?,
        detail: row.json("detail").unwrap_or_default(),
        hash: hex::encode(row.bytes("hash")?),
    })
}

/// Entries, newest first.
pub async fn list(conn: &mut Conn, org: &OrgId, filter: &Filter, most: i64) -> Result<Vec<Logged>> {
    let values = vals![
        filter.before.unwrap_or(i64::MAX),
        &filter.actor,
        &filter.action,
        &filter.object,
        filter.from.unwrap_or(i64::MIN),
        filter.to.unwrap_or(i64::MAX),
        most,
    ];
    conn.all(&LIST, org, values).await?.iter().map(logged).collect()
}

/// The names of the secrets that are stored.
pub async fn secret_names(conn: &mut Conn, org: &OrgId) -> Result<Vec<String>> {
    conn.all(&SECRETS, org, vals![]).await?.iter().map(|row| row.text("name")).collect()
}
