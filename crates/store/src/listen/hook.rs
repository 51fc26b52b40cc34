//! The webhook address of an account: `/hooks/{hook_id}`, a secret of its own, and how it does.

use bedside_model::{AccountId, Micros, OrgId};
use zeroize::Zeroizing;

use crate::Keyring;
use crate::db::Conn;
use crate::error::Result;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    [global "the address of a delivery says whose it is"]
    FIND = "select org_id, id, network from accounts where hook_id = $1 and state <> 'removed'";
    [global "the address of a hub that asks back whether we want an end says whose it is"]
    LEAVING = "select a.org_id, a.id, a.network from accounts a join upkeep u on u.org_id = a.org_id and u.account_id = a.id
        where a.hook_id = $1 and u.kind = 'farewell'";
    SIBLINGS = "select id, native_id from accounts where org_id = $1 and network = $2 and native_id is not null and state <> 'removed' order by created_at, id";
    SECRET = "select hook_secret from accounts where org_id = $1 and id = $2";
    MINT = "update accounts set hook_id = $3, hook_secret = $4, version = version + 1
        where org_id = $1 and id = $2 and state <> 'removed'";
    [operational "when a delivery last came to an address, and whether it was the network's"]
    SEEN = "update accounts set hook_seen_at = $3, hook_ok = $4 where org_id = $1 and id = $2
        and (hook_seen_at is null or hook_seen_at <= $3 - 1000000 or hook_ok is null or hook_ok <> $4)";
}

/// A new address and its sealed secret.
pub(super) struct Minted {
    pub id: String,
    pub sealed: Vec<u8>,
}

fn purpose(account: &AccountId) -> String {
    format!("webhook {account}")
}

pub(super) fn mint(keyring: &Keyring, org: &OrgId, account: &AccountId) -> Result<Minted> {
    let secret = Zeroizing::new(keyring.token());
    Ok(Minted { id: keyring.token(), sealed: keyring.seal(org, &purpose(account), secret.as_bytes())? })
}

/// Gives an account a new webhook address and secret; the old ones no longer count. Answers the
/// address's id.
pub async fn renew(tx: &mut Tx, keyring: &Keyring, account: &AccountId) -> Result<String> {
    let org = tx.org()?;
    let minted = mint(keyring, &org, account)?;
    tx.run_one(&MINT, vals![account, &minted.id, minted.sealed], "account").await?;
    Ok(minted.id)
}

/// Whose address it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// The organisation.
    pub org: OrgId,
    /// The account.
    pub account: AccountId,
    /// Its network, as the networks crate names it.
    pub network: String,
}

/// Whose address `/hooks/{hook_id}` is.
pub async fn find(conn: &mut Conn, hook_id: &str) -> Result<Option<Addressed>> {
    conn.opt_global(&FIND, vals![hook_id]).await?.as_ref().map(addressed).transpose()
}

/// Whose address it is or was, where its network is to be asked to tell us nothing more.
pub async fn find_leaving(conn: &mut Conn, hook_id: &str) -> Result<Option<Addressed>> {
    conn.opt_global(&LEAVING, vals![hook_id]).await?.as_ref().map(addressed).transpose()
}

fn addressed(row: &Row) -> Result<Addressed> {
    Ok(Addressed { org: row.parsed("org_id")?, account: row.parsed("id")?, network: row.text("network")? })
}

/// The accounts of a network by their own ids there: one delivery may speak of several.
pub async fn siblings(conn: &mut Conn, org: &OrgId, network: &str) -> Result<Vec<(String, AccountId)>> {
    conn.all(&SIBLINGS, org, vals![network])
        .await?
        .iter()
        .map(|row| Ok((row.text("native_id")?, row.parsed("id")?)))
        .collect()
}

/// The webhook secret of an account; `None` for one that was connected before there were any.
pub async fn secret(
    conn: &mut Conn,
    keyring: &Keyring,
    org: &OrgId,
    account: &AccountId,
) -> Result<Option<Zeroizing<String>>> {
    let row = conn.one(&SECRET, org, vals![account], "account").await?;
    row.opt_bytes("hook_secret")?.map(|sealed| keyring.open_text(org, &purpose(account), &sealed)).transpose()
}

/// Notes that a delivery came, and whether it was the network's; at most once a second, so that a
/// burst costs one write.
pub async fn seen(tx: &mut Tx, account: &AccountId, at: Micros, ok: bool) -> Result<()> {
    tx.run(&SEEN, vals![account, at, ok]).await.map(drop)
}
