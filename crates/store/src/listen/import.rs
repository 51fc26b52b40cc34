//! Imports of files: a leased job that goes on where it stood, and the rows that it refused.

use bedside_model::{AccountId, ImportId, Micros, OrgId, Phi};
use serde::Serialize;

use crate::db::Conn;
use crate::error::Result;
use crate::event::Change;
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    LIST = "select * from imports where org_id = $1 and (cast($2 as text) is null or id = $2) order by id desc limit 200";
    ADD = "insert into imports (org_id, id, account_id, name, format, columns, file, state, total_bytes, done_bytes, line, accepted, known, rejected,
        created_by, created_at, updated_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, 'running', $8, 0, 0, 0, 0, 0, $9, $10, $10, 1)";
    DUE = "select id from imports where org_id = $1 and state = 'running' and (lease_until is null or lease_until <= $2) order by id limit 10";
    [operational "a lease on an import"]
    CLAIM = "update imports set lease_owner = $3, lease_until = $4 where org_id = $1 and id = $2 and state = 'running'
        and (lease_until is null or lease_until <= $5)";
    [operational "how far an import is; the rows it brought stand in the log by their batch"]
    PROGRESS = "update imports set done_bytes = $4, line = $5, accepted = accepted + $6, known = known + $7, rejected = rejected + $8,
        lease_until = $9, updated_at = $10 where org_id = $1 and id = $2 and lease_owner = $3 and state = 'running'";
    [operational "rows that an import refused"]
    REJECT = "insert into import_rejects (org_id, import_id, line, reason, row_text) values";
    END = "update imports set state = $4, error = $5, lease_owner = null, lease_until = null, updated_at = $6, version = version + 1
        where org_id = $1 and id = $2 and lease_owner = $3";
    REJECTS = "select line, reason, row_text from import_rejects where org_id = $1 and import_id = $2 and line > $3 order by line limit $4";
}

/// An import as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Into which account.
    pub account_id: AccountId,
    /// The file's name as the person gave it.
    pub name: String,
    /// `csv` or `jsonl`.
    pub format: String,
    /// Which column is what.
    pub columns: serde_json::Value,
    /// The stored file, relative to the data directory. Not for people.
    #[serde(skip)]
    pub file: String,
    /// `running`, `done`, `failed` or `paused`.
    pub state: String,
    /// The file's size.
    pub total_bytes: i64,
    /// How much of it is done.
    pub done_bytes: i64,
    /// The last line that is done.
    pub line: i64,
    /// Rows taken in.
    pub accepted: i64,
    /// Rows that were there already.
    pub known: i64,
    /// Rows refused.
    pub rejected: i64,
    /// What stopped it.
    pub error: Option<String>,
    /// When it was begun.
    pub created_at: Micros,
    /// When it last went on.
    pub updated_at: Micros,
    /// Grows with every change of state.
    pub version: i64,
}

/// An import to begin.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// Its id.
    pub id: ImportId,
    /// Into which account.
    pub account_id: AccountId,
    /// The file's name as the person gave it.
    pub name: String,
    /// `csv` or `jsonl`.
    pub format: String,
    /// Which column is what.
    pub columns: serde_json::Value,
    /// The stored file, relative to the data directory.
    pub file: String,
    /// The file's size.
    pub total_bytes: i64,
    /// Who began it; `None` for the command line.
    pub created_by: Option<bedside_model::UserId>,
}

/// A refused row.
#[derive(Debug, Clone)]
pub struct Reject {
    /// Its line in the file, counted from 1.
    pub line: i64,
    /// Why, without content.
    pub reason: String,
    /// The row as it stood.
    pub row: Phi<String>,
}

/// One step of an import.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Bytes done since the beginning.
    pub done_bytes: i64,
    /// The last line done.
    pub line: i64,
    /// Rows taken in by this step.
    pub accepted: i64,
    /// Rows of this step that were there already.
    pub known: i64,
    /// Rows refused by this step.
    pub rejects: Vec<Reject>,
}

fn import_of(row: &Row) -> Result<Import> {
    Ok(Import {
        id: row.parsed("id")?,
        account_id: row.parsed("account_id")?,
        name: row.text("name")?,
        format: row.text("format")?,
        columns: row.json("columns")?,
        file: row.text("file")?,
        state: row.text("state")?,
        total_bytes: row.int("total_bytes")?,
        done_bytes: row.int("done_bytes")?,
        line: row.int("line")?,
        accepted: row.int("accepted")?,
        known: row.int("known")?,
        rejected: row.int("rejected")?,
        error: row.opt_text("error")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
        version: row.int("version")?,
    })
}

/// The newest 200 imports.
pub async fn list(conn: &mut Conn, org: &OrgId) -> Result<Vec<Import>> {
    conn.all(&LIST, org, vals![None::<String>]).await?.iter().map(import_of).collect()
}

/// One import.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &ImportId) -> Result<Import> {
    import_of(&conn.one(&LIST, org, vals![id], "import").await?)
}

/// Begins an import.
pub async fn add(tx: &mut Tx, new: &NewImport) -> Result<()> {
    let at = tx.at();
    let row = vals![
        &new.id,
        &new.account_id,
        &new.name,
        &new.format,
        to_json(&new.columns),
        &new.file,
        new.total_bytes,
        &new.created_by,
        at,
    ];
    tx.run(&ADD, row).await?;
    tx.publish(Change::Import { id: new.id.clone() });
    Ok(())
}

/// Imports that nobody works on.
pub async fn due(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Vec<ImportId>> {
    conn.all(&DUE, org, vals![now]).await?.iter().map(|row| row.parsed("id")).collect()
}

/// Takes the lease of an import; `None` where somebody else was quicker.
pub async fn claim(tx: &mut Tx, id: &ImportId, owner: &str, until: Micros) -> Result<Option<Import>> {
    let org = tx.org()?;
    let at = tx.at();
    if tx.run(&CLAIM, vals![id, owner, until, at]).await? == 0 {
        return Ok(None);
    }
    get(tx.conn(), &org, id).await.map(Some)
}

/// Keeps how far an import is, together with its refused rows. Answers whether the lease was still
/// held and the import still runs.
pub async fn progress(tx: &mut Tx, id: &ImportId, owner: &str, step: Progress, until: Micros) -> Result<bool> {
    let at = tx.at();
    let refused = i64::try_from(step.rejects.len()).unwrap_or(i64::MAX);
    let values = vals![id, owner, step.done_bytes, step.line, step.accepted, step.known, refused, until, at];
    if tx.run(&PROGRESS, values).await? == 0 {
        return Ok(false);
    }
    let rows =
        step.rejects.into_iter().map(|r| vals![id, r.line, r.reason, r.row.into_inner().replace('\0', "\u{fffd}")]);
    tx.insert_many(&REJECT, "on conflict (org_id, import_id, line) do nothing", rows.collect()).await?;
    tx.publish(Change::Import { id: id.clone() });
    Ok(true)
}

/// Ends an import: `done` where `error` is `None`, else `failed`.
pub async fn end(tx: &mut Tx, id: &ImportId, owner: &str, error: Option<&str>) -> Result<()> {
    let at = tx.at();
    let state = if error.is_none() { "done" } else { "failed" };
    tx.run_one(&END, vals![id, owner, state, error, at], "import").await?;
    tx.publish(Change::Import { id: id.clone() });
    Ok(())
}

/// Refused rows after a line, in order.
pub async fn rejects(conn: &mut Conn, org: &OrgId, id: &ImportId, after: i64, most: i64) -> Result<Vec<Reject>> {
    conn.all(&REJECTS, org, vals![id, after, most])
        .await?
        .iter()
        .map(|row| Ok(Reject { line: row.int("line")?, reason: row.text("reason")?, row: row.phi("row_text")? }))
        .collect()
}
