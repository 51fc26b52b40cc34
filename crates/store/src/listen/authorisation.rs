//! Flows in which somebody authorises us: begun here, finished when the network sends the browser
//! back, and good once.
//!
//! The state that goes through the browser is kept as a hash; the PKCE verifier and what was granted
//! are sealed. A flow that nobody finishes runs out, and is cleared away when the next one begins.

use bedside_model::{AccountId, AppId, AuthorisationId, Micros, OrgId, UserId};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::Keyring;
use crate::db::Conn;
use crate::error::Result;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    [operational "a flow that has only begun; who was connected by it is logged"]
    BEGIN = "insert into authorisations (org_id, id, state_hash, network, app_id, account_id, user_id, redirect, verifier, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    [global "the state that a network sends back says whose flow it is"]
    FIND = "select * from authorisations where state_hash = $1";
    GET = "select * from authorisations where org_id = $1 and id = $2";
    [operational "a state is good once; who was connected by the flow is logged"]
    USE = "update authorisations set used_at = $3 where org_id = $1 and id = $2 and used_at is null and expires_at > $3";
    [operational "what a flow brought waits for the person to choose; the choice is logged"]
    KEEP = "update authorisations set granted = $3 where org_id = $1 and id = $2 and used_at is not null";
    [operational "a flow that was finished; who was connected by it is logged"]
    FINISH = "delete from authorisations where org_id = $1 and id = $2";
    [operational "flows that ran out connect nobody"]
    SWEEP = "delete from authorisations where org_id = $1 and expires_at <= $2";
}

/// How long a person may take, from the first click to the choice of accounts.
pub const GOOD_FOR: Micros = 30 * 60 * 1_000_000;

/// A flow to begin.
#[derive(Debug, Clone)]
pub struct NewAuthorisation {
    /// Its id.
    pub id: AuthorisationId,
    /// The network, as the networks crate names it.
    pub network: String,
    /// The registration that asks.
    pub app_id: AppId,
    /// The account to authorise again; `None` to connect a new one.
    pub account_id: Option<AccountId>,
    /// Who asks; `None` for the command line.
    pub user_id: Option<UserId>,
    /// Where the network sends the browser back to.
    pub redirect: String,
}

/// What goes into the address to which the browser is sent. Made by [`begin`], and not to be had again.
#[derive(Clone)]
pub struct Begun {
    /// Unguessable; comes back with the code.
    pub state: Zeroizing<String>,
    /// The PKCE verifier.
    pub verifier: Zeroizing<String>,
}

impl std::fmt::Debug for Begun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[state and verifier]")
    }
}

/// A flow under way.
#[derive(Debug, Clone)]
pub struct Authorisation {
    /// Its id.
    pub id: AuthorisationId,
    /// The network, as the networks crate names it.
    pub network: String,
    /// The registration that asks.
    pub app_id: AppId,
    /// The account to authorise again.
    pub account_id: Option<AccountId>,
    /// Who asked.
    pub user_id: Option<UserId>,
    /// Where the network sends the browser back to.
    pub redirect: String,
    /// When the network sent the browser back.
    pub used_at: Option<Micros>,
    /// When it runs out.
    pub expires_at: Micros,
    verifier: Vec<u8>,
    granted: Option<Vec<u8>>,
}

fn state_hash(state: &str) -> String {
    hex::encode(Sha256::digest(state.as_bytes()))
}

fn verifier_purpose(id: &AuthorisationId) -> String {
    format!("verifier {id}")
}

fn granted_purpose(id: &AuthorisationId) -> String {
    format!("granted {id}")
}

fn of(row: &Row) -> Result<Authorisation> {
    Ok(Authorisation {
        id: row.parsed("id")?,
        network: row.text("network")?,
        app_id: row.parsed("app_id")?,
        account_id: row.opt_parsed("account_id")?,
        user_id: row.opt_parsed("user_id")?,
        redirect: row.text("redirect")?,
        used_at: row.opt_int("used_at")?,
        expires_at: row.int("expires_at")?,
        verifier: row.bytes("verifier")?,
        granted: row.opt_bytes("granted")?,
    })
}

impl Authorisation {
    /// The PKCE verifier of the flow.
    pub fn verifier(&self, keyring: &Keyring, org: &OrgId) -> Result<Zeroizing<String>> {
        keyring.open_text(org, &verifier_purpose(&self.id), &self.verifier)
    }

    /// What [`keep`] kept; `None` before.
    pub fn granted(&self, keyring: &Keyring, org: &OrgId) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.granted.as_ref().map(|sealed| keyring.open(org, &granted_purpose(&self.id), sealed)).transpose()
    }
}

/// Begins a flow, and clears away those that ran out. An operational write.
pub async fn begin(tx: &mut Tx, keyring: &Keyring, new: &NewAuthorisation) -> Result<Begun> {
    let org = tx.org()?;
    let at = tx.at();
    tx.run(&SWEEP, vals![at]).await?;
    let begun = Begun { state: Zeroizing::new(keyring.token()), verifier: Zeroizing::new(keyring.token()) };
    let verifier = keyring.seal(&org, &verifier_purpose(&new.id), begun.verifier.as_bytes())?;
    tx.run(
        &BEGIN,
        vals![
            &new.id,
            state_hash(&begun.state),
            &new.network,
            &new.app_id,
            &new.account_id,
            &new.user_id,
            &new.redirect,
            verifier,
            at,
            at + GOOD_FOR,
        ],
    )
    .await?;
    Ok(begun)
}

/// The flow of a state that came back, and whose it is. It may be used or run out: [`take`] says.
pub async fn find(conn: &mut Conn, state: &str) -> Result<Option<(OrgId, Authorisation)>> {
    conn.opt_global(&FIND, vals![state_hash(state)])
        .await?
        .map(|row| Ok((row.parsed("org_id")?, of(&row)?)))
        .transpose()
}

/// One flow.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &AuthorisationId) -> Result<Authorisation> {
    of(&conn.one(&GET, org, vals![id], "authorisation").await?)
}

/// Uses a flow's state up. `false` where it was used already or ran out: nothing may follow then.
/// An operational write.
pub async fn take(tx: &mut Tx, id: &AuthorisationId) -> Result<bool> {
    let at = tx.at();
    Ok(tx.run(&USE, vals![id, at]).await? == 1)
}

/// Keeps, sealed, what was granted, until the person chooses. An operational write.
pub async fn keep(tx: &mut Tx, keyring: &Keyring, id: &AuthorisationId, granted: &[u8]) -> Result<()> {
    let org = tx.org()?;
    let sealed = keyring.seal(&org, &granted_purpose(id), granted)?;
    tx.run_one(&KEEP, vals![id, sealed], "authorisation").await
}

/// Ends a flow: nothing of it stays. In the transaction that connects what was chosen.
pub async fn finish(tx: &mut Tx, id: &AuthorisationId) -> Result<()> {
    tx.run(&FINISH, vals![id]).await.map(drop)
}
