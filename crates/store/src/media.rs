//! Files that go out with posts: their particulars. The bytes lie beside the database.

use bedside_model::draft::MediaKind;
use bedside_model::{MediaId, Micros, OrgId, Phi, UserId};
use serde::Serialize;

use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    GET = "select * from media where org_id = $1 and id = $2";
    LIST = "select * from media where org_id = $1 and (cast($2 as text) is null or id < $2) order by id desc limit $3";
    ADD = "insert into media (org_id, id, sha256, kind, mime, bytes, width, height, alt, created_by, created_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)";
    ALT = "update media set alt = $3, version = version + 1 where org_id = $1 and id = $2";
    REMOVE = "delete from media where org_id = $1 and id = $2";
    [global "a signed address names a file and nothing else; the signature was checked before"]
    OWNER = "select org_id from media where id = $1";
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaFile {
    /// Its id, under which its bytes lie.
    pub id: MediaId,
    /// SHA-256 of the bytes as they are stored, in hex.
    pub sha256: String,
    /// What sort of file it is.
    pub kind: MediaKind,
    /// The media type, as its first bytes say.
    pub mime: String,
    /// Its size.
    pub bytes: i64,
    /// Width in pixels, where known.
    pub width: Option<i64>,
    /// Height in pixels, where known.
    pub height: Option<i64>,
    /// The text for people who do not see it.
    pub alt: Option<Phi<String>>,
    /// Who brought it; `None` for the command line.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Micros,
    /// Grows with every change.
    pub version: i64,
}

fn file_of(row: &Row) -> Result<MediaFile> {
    Ok(MediaFile {
        id: row.parsed("id")?,
        sha256: row.text("sha256")?,
        kind: row.parsed("kind")?,
        mime: row.text("mime")?,
        bytes: row.int("bytes")?,
        width: row.opt_int("width")?,
        height: row.opt_int("height")?,
        alt: row.opt_phi("alt")?,
        created_by: row.opt_parsed("created_by")?,
        created_at: row.int("created_at")?,
        version: row.int("version")?,
    })
}

/// One file.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &MediaId) -> Result<MediaFile> {
    file_of(&conn.one(&GET, org, vals![id], "file").await?)
}

/// Files newest first, before an id.
pub async fn list(conn: &mut Conn, org: &OrgId, before: Option<&MediaId>, most: i64) -> Result<Vec<MediaFile>> {
    conn.all(&LIST, org, vals![before.map(MediaId::as_str), most]).await?.iter().map(file_of).collect()
}

/// Adds a file whose bytes are stored. Its time and version are those of the write.
pub async fn add(tx: &mut Tx, new: &MediaFile) -> Result<()> {
    let at = tx.at();
    let values = vals![
        &new.id,
        &new.sha256,
        new.kind.as_str(),
        &new.mime,
        new.bytes,
        new.width,
        new.height,
        &new.alt,
        &new.created_by,
        at,
    ];
    tx.run(&ADD, values).await.map(drop)
}

/// Gives a file another text for people who do not see it.
pub async fn describe(tx: &mut Tx, id: &MediaId, alt: Option<&Phi<String>>) -> Result<()> {
    let alt = alt.map(|alt| alt.expose().as_str());
    tx.run_one(&ALT, vals![id, alt], "file").await
}

/// Removes a file's particulars; the caller has asked whether a draft still needs it, and removes its
/// bytes after the commit.
pub async fn remove(tx: &mut Tx, id: &MediaId) -> Result<()> {
    match tx.run(&REMOVE, vals![id]).await? {
        0 => Err(StoreError::NotFound { what: "file" }),
        _ => Ok(()),
    }
}

/// Whose file it is, for an address whose signature holds.
pub async fn owner(conn: &mut Conn, id: &MediaId) -> Result<Option<OrgId>> {
    conn.opt_global(&OWNER, vals![id]).await?.map(|row| row.parsed("org_id")).transpose()
}
