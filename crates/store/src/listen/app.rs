//! The organisation's registrations with networks: client ids and secrets. The secrets are sealed;
//! nothing here shows them.

use bedside_model::{AppId, Micros, OrgId};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::Keyring;
use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    LIST = "select id, network, name, base_url, client_id, client_secret is not null as has_secret, config, created_at, updated_at, version
        from apps where org_id = $1 and (cast($2 as text) is null or id = $2) order by network, created_at, id";
    ADD = "insert into apps (org_id, id, network, name, base_url, client_id, client_secret, config, created_at, updated_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1)";
    CHANGE = "update apps set name = $4, base_url = $5, client_id = $6, client_secret = coalesce($7, client_secret), config = $8, updated_at = $9,
        version = version + 1 where org_id = $1 and id = $2 and version = $3";
    REMOVE = "delete from apps where org_id = $1 and id = $2";
    SECRET = "select client_secret from apps where org_id = $1 and id = $2";
}

/// A registration, without its secret.
#[derive(Debug, Clone, Serialize)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// The network, as the networks crate names it.
    pub network: String,
    /// What the team calls it.
    pub name: String,
    /// The root of the network's API.
    pub base_url: String,
    /// The client id.
    pub client_id: String,
    /// A secret is stored.
    pub has_secret: bool,
    /// Settings of the connector, such as `api_version`.
    pub config: serde_json::Value,
    /// When it was added.
    pub created_at: Micros,
    /// When it was last changed.
    pub updated_at: Micros,
    /// Grows with every change.
    pub version: i64,
}

/// A registration as a person enters it.
#[derive(Clone)]
pub struct AppInput {
    /// What the team calls it.
    pub name: String,
    /// The root of the network's API.
    pub base_url: String,
    /// The client id.
    pub client_id: String,
    /// The client secret; an empty one never overwrites a stored one.
    pub client_secret: Zeroizing<String>,
    /// Settings of the connector.
    pub config: serde_json::Value,
}

impl std::fmt::Debug for AppInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppInput").field("name", &self.name).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

fn app_of(row: &Row) -> Result<App> {
    Ok(App {
        id: row.parsed("id")?,
        network: row.text("network")?,
        name: row.text("name")?,
        base_url: row.text("base_url")?,
        client_id: row.text("client_id")?,
        has_secret: row.bool("has_secret")?,
        config: row.json("config")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
        version: row.int("version")?,
    })
}

fn purpose(id: &AppId) -> String {
    format!("app {id}")
}

fn sealed(keyring: &Keyring, org: &OrgId, id: &AppId, secret: &str) -> Result<Option<Vec<u8>>> {
    if secret.is_empty() {
        return Ok(None);
    }
    keyring.seal(org, &purpose(id), secret.as_bytes()).map(Some)
}

/// All registrations, by network.
pub async fn list(conn: &mut Conn, org: &OrgId) -> Result<Vec<App>> {
    conn.all(&LIST, org, vals![None::<String>]).await?.iter().map(app_of).collect()
}

/// One registration.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &AppId) -> Result<App> {
    app_of(&conn.one(&LIST, org, vals![id], "registration").await?)
}

/// Adds a registration.
pub async fn add(tx: &mut Tx, keyring: &Keyring, id: &AppId, network: &str, new: &AppInput) -> Result<()> {
    let org = tx.org()?;
    let at = tx.at();
    let secret = sealed(keyring, &org, id, &new.client_secret)?;
    let config = to_json(&new.config);
    tx.run(&ADD, vals![id, network, &new.name, &new.base_url, &new.client_id, secret, config, at]).await.map(drop)
}

/// Changes a registration. `if_version` is the version that the person saw.
pub async fn change(tx: &mut Tx, keyring: &Keyring, id: &AppId, new: &AppInput, if_version: i64) -> Result<App> {
    let org = tx.org()?;
    let at = tx.at();
    let secret = sealed(keyring, &org, id, &new.client_secret)?;
    let config = to_json(&new.config);
    let values = vals![id, if_version, &new.name, &new.base_url, &new.client_id, secret, config, at];
    tx.run_one(&CHANGE, values, "registration").await?;
    get(tx.conn(), &org, id).await
}

/// Removes a registration. Accounts that were authorised through it keep their credentials.
pub async fn remove(tx: &mut Tx, id: &AppId) -> Result<()> {
    match tx.run(&REMOVE, vals![id]).await? {
        0 => Err(StoreError::NotFound { what: "registration" }),
        _ => Ok(()),
    }
}

/// The client secret; empty where there is none.
pub async fn secret(conn: &mut Conn, keyring: &Keyring, org: &OrgId, id: &AppId) -> Result<Zeroizing<String>> {
    let row = conn.one(&SECRET, org, vals![id], "registration").await?;
    let Some(sealed) = row.opt_bytes("client_secret")? else { return Ok(Zeroizing::default()) };
    keyring.open_text(org, &purpose(id), &sealed)
}
