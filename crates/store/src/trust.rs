//! Organisations and their keys. Users and sessions stand in `people` of the same room.

use bedside_model::OrgId;
use zeroize::Zeroizing;

use crate::Store;
use crate::audit::{By, Entry};
use crate::db::Conn;
use crate::error::Result;
use crate::statements;
use crate::vals;
use crate::writer::{Committed, Tx};

statements! {
    [global "each organisation's key is opened at start"] ORG_KEYS = "select org_id, wrapped from org_keys order by org_id";
    [global "loops go through the organisations one by one"] ORGS = "select id from organisations order by id";
    [global "the first row of a new organisation"] ORG_ADD = "insert into organisations (id, name, kind, country, language, zone, settings, version, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, 1, $8)";
    ORG_KEY_ADD = "insert into org_keys (org_id, wrapped, created_at) values ($1, $2, $3)";
    HEAD_ADD = "insert into audit_heads (org_id, height, hash) values ($1, 0, $2)";
    SECRET_PUT = "insert into secrets (org_id, name, sealed, updated_at) values ($1, $2, $3, $4)
        on conflict (org_id, name) do update set sealed = excluded.sealed, updated_at = excluded.updated_at";
    SECRET = "select sealed from secrets where org_id = $1 and name = $2";
    SECRET_REMOVE = "delete from secrets where org_id = $1 and name = $2";
    [global "the installation's state"] STATE = "select value from system_state where name = $1";
    [global "the installation's state"] [operational "it holds switches such as the held outbox; who switched stands in each organisation's log"]
    STATE_PUT = "insert into system_state (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
    [global "the installation's keys"] SYSTEM_KEY = "select sealed, public from system_keys where name = $1";
    [global "the installation's keys"] [operational "made once, at the first start"]
    SYSTEM_KEY_ADD = "insert into system_keys (name, sealed, public, created_at) values ($1, $2, $3, $4) on conflict (name) do nothing";
}

/// A new organisation.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Its id.
    pub id: OrgId,
    /// Its name.
    pub name: String,
    /// `hospital`, `practice`, `physician_group`, `charity`, `consumer_group`.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// BCP 47.
    pub language: String,
    /// IANA time zone.
    pub zone: String,
    /// Hours, clocks, policy, alert channels, rota as JSON.
    pub settings: String,
}

/// All organisations, for the loops.
pub async fn organisations(conn: &mut Conn) -> Result<Vec<OrgId>> {
    conn.all_global(&ORGS, vals![]).await?.iter().map(|row| row.parsed("id")).collect()
}

/// The wrapped keys of all organisations.
pub(crate) async fn org_keys(conn: &mut Conn) -> Result<Vec<(OrgId, Vec<u8>)>> {
    conn.all_global(&ORG_KEYS, vals![])
        .await?
        .iter()
        .map(|row| Ok((row.parsed("org_id")?, row.bytes("wrapped")?)))
        .collect()
}

/// Adds an organisation with its key and the beginning of its chain. For use within a write whose
/// organisation is the new one; the caller adds the first user and commits.
pub async fn add_organisation(tx: &mut Tx, keyring: &crate::Keyring, new: &NewOrganisation) -> Result<()> {
    let at = tx.at();
    let wrapped = keyring.make_org_key(&new.id)?;
    tx.run_global(
        &ORG_ADD,
        vals![&new.id, &new.name, &new.kind, &new.country, &new.language, &new.zone, &new.settings, at],
    )
    .await?;
    tx.run(&ORG_KEY_ADD, vals![wrapped, at]).await?;
    tx.run(&HEAD_ADD, vals![vec![0u8; 32]]).await?;
    Ok(())
}

/// Seals and stores a secret of an organisation (an SMTP password, a signing secret). An empty
/// value never overwrites a stored one.
pub async fn put_secret(tx: &mut Tx, keyring: &crate::Keyring, name: &str, value: &str) -> Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    let org = tx.org()?;
    let sealed = keyring.seal(&org, &format!("secret {name}"), value.as_bytes())?;
    let at = tx.at();
    tx.run(&SECRET_PUT, vals![name, sealed, at]).await.map(drop)
}

/// Removes a secret.
pub async fn remove_secret(tx: &mut Tx, name: &str) -> Result<()> {
    tx.run(&SECRET_REMOVE, vals![name]).await.map(drop)
}

/// Opens a stored secret.
pub async fn secret(
    conn: &mut Conn,
    keyring: &crate::Keyring,
    org: &OrgId,
    name: &str,
) -> Result<Option<Zeroizing<String>>> {
    let Some(row) = conn.opt(&SECRET, org, vals![name]).await? else { return Ok(None) };
    keyring.open_text(org, &format!("secret {name}"), &row.bytes("sealed")?).map(Some)
}

/// A switch of the installation.
pub async fn state(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    conn.opt_global(&STATE, vals![name]).await?.map(|row| row.text("value")).transpose()
}

/// Sets a switch of the installation. The caller writes who did it into the logs concerned.
pub async fn put_state(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.run_global(&STATE_PUT, vals![name, value]).await.map(drop)
}

/// The name of the switch that holds the outbox after a restore: `held` or absent.
pub const OUTBOX_HELD: &str = "outbox";

/// A key of the installation: its sealed secret and its public part.
pub async fn system_key(conn: &mut Conn, name: &str) -> Result<Option<(Vec<u8>, String)>> {
    conn.opt_global(&SYSTEM_KEY, vals![name])
        .await?
        .map(|row| Ok((row.bytes("sealed")?, row.text("public")?)))
        .transpose()
}

/// Stores a key of the installation, unless there is one of that name.
pub async fn add_system_key(tx: &mut Tx, name: &str, sealed: Vec<u8>, public: &str) -> Result<()> {
    let at = tx.at();
    tx.run_global(&SYSTEM_KEY_ADD, vals![name, sealed, public, at]).await.map(drop)
}

impl Store {
    /// Adds an organisation without a user: the command line and the tests use it. The pages use
    /// the first-run setup, which adds the administrator in the same transaction.
    pub async fn add_organisation(&self, new: NewOrganisation, by: By, at: bedside_model::Micros) -> Result<OrgId> {
        let keyring = self.keyring().clone();
        let org = new.id.clone();
        self.write(&org, at, move |tx| {
            Box::pin(async move {
                add_organisation(tx, &keyring, &new).await?;
                commit_added(tx, by, &new)
            })
        })
        .await
    }
}

fn commit_added(tx: &Tx, by: By, new: &NewOrganisation) -> Result<Committed<OrgId>> {
    tx.commit(Entry::new(by, "organisation.added", &new.id).with("kind", &new.kind), new.id.clone())
}
