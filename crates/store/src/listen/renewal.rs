//! The renewal of credentials: one at a time per account, because refresh tokens rotate and the
//! second user of one loses both.

use bedside_model::account::renew_at;
use bedside_model::{AccountId, Micros, OrgId};

use super::account::{PlainCredentials, sealed};
use crate::Keyring;
use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::row::to_json;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    DUE = "select id, renewed_at from accounts where org_id = $1 and state = 'connected' and renew_at <= $2 and (renew_until is null or renew_until <= $2)
        order by renew_at, id limit 100";
    NEXT = "select min(case when renew_until is not null and renew_until > renew_at then renew_until else renew_at end) as at
        from accounts where org_id = $1 and state = 'connected' and renew_at is not null";
    [operational "a lease on the renewal of credentials"]
    CLAIM = "update accounts set renew_owner = $3, renew_until = $4 where org_id = $1 and id = $2 and state <> 'removed'
        and (renew_until is null or renew_until <= $5)";
    KEEP = "update accounts set credentials = $4, expires_at = $5, reauthorise_by = $6, renew_at = $7, renewed_at = $8, renew_failed = null,
        renew_owner = null, renew_until = null, updated_at = $8,
        state = case when state = 'needs_reauthorisation' then 'connected' else state end
        where org_id = $1 and id = $2 and renew_owner = $3 and state <> 'removed'";
    CONFIG = "select config from accounts where org_id = $1 and id = $2";
    LEARNED = "update accounts set config = $3 where org_id = $1 and id = $2";
    [operational "a lease is given back; a renewal that failed is tried again, and the account's health shows why"]
    GIVE_BACK = "update accounts set renew_failed = $4, renew_at = $5, renew_owner = null, renew_until = null
        where org_id = $1 and id = $2 and renew_owner = $3";
}

/// Accounts whose credentials are to be renewed now and that nobody renews already, each with the time of
/// its last renewal: read together, so that one who comes late sees that another was first.
pub async fn due(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Vec<(AccountId, Option<Micros>)>> {
    let rows = conn.all(&DUE, org, vals![now]).await?;
    rows.iter().map(|row| Ok((row.parsed("id")?, row.opt_int("renewed_at")?))).collect()
}

/// When the next renewal is due.
pub async fn next_time(conn: &mut Conn, org: &OrgId) -> Result<Option<Micros>> {
    conn.opt(&NEXT, org, vals![]).await?.map_or(Ok(None), |row| row.opt_int("at"))
}

/// Takes the lease of a renewal; `false` where somebody else has it.
pub async fn claim(tx: &mut Tx, id: &AccountId, owner: &str, until: Micros) -> Result<bool> {
    let at = tx.at();
    Ok(tx.run(&CLAIM, vals![id, owner, until, at]).await? == 1)
}

/// Keeps renewed credentials and gives the lease back. The version is untouched, so that nobody who
/// edits the account is disturbed. Empty credentials are refused: they never overwrite stored ones. Settings that the
/// connector `learned` on the way are laid over those that are stored.
///
/// Answers whether the lease was still held. Where it was not, nothing was kept.
pub async fn keep(
    tx: &mut Tx,
    keyring: &Keyring,
    id: &AccountId,
    owner: &str,
    renewed: &PlainCredentials,
    learned: serde_json::Map<String, serde_json::Value>,
) -> Result<bool> {
    let org = tx.org()?;
    let at = tx.at();
    let sealed = sealed(keyring, &org, id, renewed)?.ok_or(StoreError::Rule("a renewal that brought nothing"))?;
    let next = renewed.expires_at.map(|ends| renew_at(at, ends));
    let values = vals![id, owner, sealed, renewed.expires_at, renewed.reauthorise_by, next, at];
    if tx.run(&KEEP, values).await? != 1 {
        return Ok(false);
    }
    if !learned.is_empty() {
        let mut config: serde_json::Value = tx.conn().one(&CONFIG, &org, vals![id], "account").await?.json("config")?;
        if let Some(settings) = config.as_object_mut() {
            settings.extend(learned);
            tx.run(&LEARNED, vals![id, to_json(&config)]).await?;
        }
    }
    Ok(true)
}

/// Gives the lease back without new credentials. `failed` is why there are none; `again_at` is when the
/// next renewal is due (`None`: not by itself).
pub async fn give_back(
    tx: &mut Tx,
    id: &AccountId,
    owner: &str,
    failed: Option<&str>,
    again_at: Option<Micros>,
) -> Result<()> {
    tx.run(&GIVE_BACK, vals![id, owner, failed, again_at]).await.map(drop)
}
