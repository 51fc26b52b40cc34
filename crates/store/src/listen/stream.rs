//! Open connections to networks that push, of the sources named `stream`: a lease, a cursor and a back-off beside those of the poll,
//! so that both run side by side and neither moves the other back.

use bedside_model::{Micros, OrgId, SourceId};

use super::source::{self, Source};
use crate::db::Conn;
use crate::error::Result;
use crate::event::Change;
use crate::row::to_json;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    OPEN = "select s.id, a.network, case when s.stream_until is not null and s.stream_until > coalesce(s.stream_next_at, 0)
        then s.stream_until else coalesce(s.stream_next_at, 0) end as at
        from sources s join accounts a on a.org_id = $1 and a.id = s.account_id
        where s.org_id = $1 and s.kind = 'stream' and s.paused = false and a.state = 'connected' order by s.id";
    [operational "a lease on an open connection"]
    CLAIM = "update sources set stream_owner = $3, stream_until = $4 where org_id = $1 and id = $2 and paused = false
        and coalesce(stream_next_at, 0) <= $5 and (stream_until is null or stream_until <= $5)";
    [operational "a cursor, saved with the items that it stands behind, and that the connection is well"]
    KEEP = "update sources set stream_cursor = $4, stream_until = $5, stream_ok_at = $6, stream_failures = 0, stream_error = null,
        last_item_at = coalesce($7, last_item_at), items = items + $8 where org_id = $1 and id = $2 and stream_owner = $3";
    [operational "why a connection ended and when it is opened again"]
    END = "update sources set stream_owner = null, stream_until = null, stream_next_at = $4, stream_failures = $5, stream_error = $6
        where org_id = $1 and id = $2 and stream_owner = $3";
}

/// A source that may be listened to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listenable {
    /// Which.
    pub id: SourceId,
    /// The network of its account; not every network pushes.
    pub network: String,
    /// From when on: the end of a lease or of a back-off.
    pub at: Micros,
}

/// The sources that may be listened to.
pub async fn listenable(conn: &mut Conn, org: &OrgId) -> Result<Vec<Listenable>> {
    conn.all(&OPEN, org, vals![])
        .await?
        .iter()
        .map(|row| Ok(Listenable { id: row.parsed("id")?, network: row.text("network")?, at: row.int("at")? }))
        .collect()
}

/// Takes the lease of a connection; `None` where somebody else has it, or it is not due.
pub async fn claim(tx: &mut Tx, id: &SourceId, owner: &str, until: Micros) -> Result<Option<Source>> {
    let org = tx.org()?;
    let at = tx.at();
    if tx.run(&CLAIM, vals![id, owner, until, at]).await? == 0 {
        return Ok(None);
    }
    source::get(tx.conn(), &org, id).await.map(Some)
}

/// The connection is well: saves its cursor, prolongs its lease, counts what came. Answers whether the
/// lease was still held; where it was not, nothing may be stored.
pub async fn keep(
    tx: &mut Tx,
    id: &SourceId,
    owner: &str,
    cursor: &serde_json::Value,
    until: Micros,
    new_items: i64,
) -> Result<bool> {
    let at = tx.at();
    let came = (new_items > 0).then_some(at);
    Ok(tx.run(&KEEP, vals![id, owner, to_json(cursor), until, at, came, new_items]).await? == 1)
}

/// Gives the lease back. `failed` is what went wrong, without content; `next_at` is when the connection
/// is opened again.
pub async fn end(tx: &mut Tx, id: &SourceId, owner: &str, failed: Option<&str>, next_at: Micros) -> Result<()> {
    let org = tx.org()?;
    let at = tx.at();
    let old = source::get(tx.conn(), &org, id).await?;
    let failures = if failed.is_some() { old.stream.failures + 1 } else { 0 };
    if tx.run(&END, vals![id, owner, next_at, failures, failed]).await? > 0 {
        let new = source::get(tx.conn(), &org, id).await?;
        if new.health(at) != old.health(at) || new.error != old.error {
            tx.publish(Change::Source { id: id.clone(), state: new.health(at).as_str().to_owned() });
        }
    }
    Ok(())
}
