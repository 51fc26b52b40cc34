//! The audit chain of an organisation: appended by the writer, verified from the outside.
//!
//! What an entry's bytes are and how they are hashed is decided in [`bedside_model::audit`]; here
//! they are stored and read back. Entries are numbered from 1; the head of an organisation that
//! has none is 32 zero bytes at height 0.

use std::collections::BTreeMap;

use bedside_model::OrgId;
use bedside_model::audit::{self as model, ChainEntry, ChainVerifier, Tamper};

use crate::audit::Entry;
use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;

statements! {
    HEAD_LOCK = "select height, hash from audit_heads where org_id = $1 /*pg: for update */";
    HEAD = "select height, hash from audit_heads where org_id = $1";
    HEAD_MOVE = "update audit_heads set height = $2, hash = $3 where org_id = $1";
    APPEND = "insert into audit_entries (org_id, height, at, actor_kind, actor_id, action, object, detail, hash) values";
    RANGE = "select height, at, actor_kind, actor_id, action, object, detail, hash from audit_entries
        where org_id = $1 and height > $2 order by height limit $3";
    COUNT_BEYOND = "select count(*) as n from audit_entries where org_id = $1 and (height < 1 or height > $2)";
}

/// The newest entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 where there is none.
    pub height: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// It was appended to in this transaction.
    pub(crate) grew: bool,
}

fn head_of(row: &Row) -> Result<Head> {
    Ok(Head { height: row.int("height")?.unsigned_abs(), hash: hash_of(row)?, grew: false })
}

fn hash_of(row: &Row) -> Result<[u8; 32]> {
    row.bytes("hash")?
        .try_into()
        .map_err(|_| StoreError::Column { column: "hash".into(), why: "it is not 32 bytes".into() })
}

/// The head of a chain as it stands.
pub async fn head(conn: &mut Conn, org: &OrgId) -> Result<Head> {
    conn.opt(&HEAD, org, vals![]).await?.map_or(Ok(Head { height: 0, hash: [0; 32], grew: false }), |row| head_of(&row))
}

pub(crate) async fn lock_head(conn: &mut Conn, org: &OrgId) -> Result<Option<Head>> {
    conn.opt(&HEAD_LOCK, org, vals![]).await?.map(|row| head_of(&row)).transpose()
}

/// Appends the entries of a batch and moves the head.
pub(crate) async fn append(
    conn: &mut Conn,
    org: Option<&OrgId>,
    head: &mut Option<Head>,
    entries: Vec<(i64, Entry)>,
) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let org = org.ok_or(StoreError::Rule("an audit entry without an organisation"))?;
    if head.is_none() {
        // The batch that adds an organisation made its head within this transaction.
        *head = lock_head(conn, org).await?;
    }
    let head = head.as_mut().ok_or(StoreError::NotFound { what: "organisation" })?;
    let mut rows = Vec::with_capacity(entries.len());
    for (at, entry) in entries {
        head.height += 1;
        let chained = ChainEntry {
            org: org.clone(),
            height: head.height,
            at,
            actor_kind: entry.by.kind.to_owned(),
            actor_id: entry.by.id,
            action: entry.action.to_owned(),
            object: entry.object,
            detail: entry.detail,
        };
        head.hash = model::hash(&head.hash, &chained);
        rows.push(vals![
            head.height.cast_signed(),
            at,
            chained.actor_kind,
            chained.actor_id,
            chained.action,
            chained.object,
            to_json(&chained.detail),
            head.hash,
        ]);
    }
    head.grew = true;
    conn.run_rows(&APPEND, "", org, rows).await?;
    let moved_to = vals![org, head.height.cast_signed(), head.hash];
    let moved = conn.run_text(&HEAD_MOVE, moved_to).await?;
    if moved == 1 { Ok(()) } else { Err(StoreError::NotFound { what: "audit head" }) }
}

fn entry_of(org: &OrgId, row: &Row) -> Result<(ChainEntry, [u8; 32])> {
    let detail: BTreeMap<String, String> = row.json("detail")?;
    let entry = ChainEntry {
        org: org.clone(),
        height: row.int("height")?.unsigned_abs(),
        at: row.int("at")?,
        actor_kind: row.text("actor_kind")?,
        actor_id: row.opt_text("actor_id")?,
        action: row.text("action")?,
        object: row.text("object")?,
        detail,
    };
    Ok((entry, hash_of(row)?))
}

/// What a walk over a whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// Entries that verified, from 1.
    pub height: u64,
    /// The hash of the last that verified.
    pub hash: [u8; 32],
    /// The first thing that is wrong, if any.
    pub tamper: Option<Tamper>,
    /// The hashes at the heights that were asked for.
    pub at: BTreeMap<u64, [u8; 32]>,
}

/// Walks a chain from its beginning, recomputing each hash, and notes the hashes at `heights`
/// (those of the checkpoints) on the way.
pub async fn walk(conn: &mut Conn, org: &OrgId, heights: &[u64]) -> Result<Walk> {
    let mut verifier = ChainVerifier::new(org.clone());
    let mut at = BTreeMap::new();
    let mut tamper = None;
    'walk: loop {
        let rows = conn.all(&RANGE, org, vals![verifier.height().cast_signed(), 5_000_i64]).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            // An entry that cannot be read any more was changed.
            let checked = match entry_of(org, row) {
                Ok((entry, hash)) => verifier.check(&entry, &hash),
                Err(_) => Err(Tamper::unreadable(verifier.height() + 1)),
            };
            if let Err(found) = checked {
                tamper = Some(found);
                break 'walk;
            }
            if heights.contains(&verifier.height()) {
                at.insert(verifier.height(), *verifier.hash());
            }
        }
    }
    if tamper.is_none() {
        let head = head(conn, org).await?;
        let beyond = conn.one(&COUNT_BEYOND, org, vals![verifier.height().cast_signed()], "entry").await?.int("n")?;
        if head.height != verifier.height() || head.hash != *verifier.hash() {
            tamper = Some(Tamper::head(verifier.height()));
        } else if beyond != 0 {
            tamper = Some(Tamper::inserted(verifier.height() + 1));
        }
    }
    Ok(Walk { height: verifier.height(), hash: *verifier.hash(), tamper, at })
}
