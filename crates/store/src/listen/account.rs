//! Connected channels. Their credentials are sealed; nothing here shows them.

use bedside_model::account::{AccountState, Contacts, renew_at};
use bedside_model::{AccountId, AppId, Micros, OrgId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{hook, upkeep};
use crate::Keyring;
use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    LIST = "select a.id, a.network, a.name, a.base_url, a.native_id, a.connected_as, a.state, a.part2, a.profile, a.config,
        a.credentials is not null and a.state <> 'removed' as has_credentials, a.app_id, a.hook_id, a.hook_seen_at, a.hook_ok, a.expires_at, a.reauthorise_by,
        a.renew_at, a.renewed_at, a.renew_failed, a.created_at, a.updated_at, a.version,
        u.asked_at as hook_asked_at, u.since as hook_since, u.until as hook_until, u.failed as hook_failed,
        (select max(s.last_ok_at) from sources s where s.org_id = $1 and s.account_id = a.id) as last_heard_at
        from accounts a left join upkeep u on u.org_id = a.org_id and u.account_id = a.id and u.kind = case when a.state = 'removed' then 'farewell' else 'subscription' end
        where a.org_id = $1 and (cast($2 as text) is null or a.id = $2) order by a.created_at, a.id";
    ADD = "insert into accounts (org_id, id, network, name, base_url, state, part2, profile, config, credentials, created_at, updated_at, version,
        hook_id, hook_secret, expires_at, reauthorise_by, renew_at)
        values ($1, $2, $3, $4, $5, 'connected', $6, $7, $8, $9, $10, $10, 1, $11, $12, $13, $14, $15)";
    CHANGE = "update accounts set name = $4, base_url = $5, state = $6, part2 = $7, profile = $8, config = $9,
        credentials = coalesce($10, credentials), updated_at = $11,
        expires_at = case when $12 then $13 else expires_at end, reauthorise_by = case when $12 then $14 else reauthorise_by end,
        renew_at = case when $12 then $15 else renew_at end, renew_failed = case when $12 then null else renew_failed end,
        renew_owner = case when $12 then null else renew_owner end, renew_until = case when $12 then null else renew_until end,
        version = version + 1 where org_id = $1 and id = $2 and version = $3";
    THROUGH = "update accounts set app_id = $3 where org_id = $1 and id = $2 and state <> 'removed'";
    REMOVE = "update accounts set state = 'removed', renew_at = null, removed_at = $3, updated_at = $3, version = version + 1
        where org_id = $1 and id = $2 and state <> 'removed'";
    FORGET = "update accounts set credentials = null, hook_id = null, hook_secret = null where org_id = $1 and id = $2 and state = 'removed'";
    REMOVE_SOURCES = "update sources set paused = true, version = version + 1 where org_id = $1 and account_id = $2";
    CREDENTIALS = "select credentials from accounts where org_id = $1 and id = $2";
    CONNECTED = "update accounts set native_id = coalesce($3, native_id), connected_as = coalesce($4, connected_as), config = $5,
        state = case when state = 'needs_reauthorisation' then 'connected' else state end, updated_at = $6, version = version + 1
        where org_id = $1 and id = $2 and state <> 'removed'";
    SETTLE = "update accounts set config = $3 where org_id = $1 and id = $2 and state <> 'removed'";
    REFUSED = "update accounts set state = 'needs_reauthorisation', updated_at = $3, version = version + 1
        where org_id = $1 and id = $2 and state = 'connected'";
}

/// What the guard and the composer may name of an account, stored as one JSON text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Public contacts.
    pub contacts: Contacts,
    /// Names of staff who appear in public.
    pub staff: Vec<String>,
    /// Names and addresses of its sites.
    pub sites: Vec<String>,
    /// Web addresses that may be named.
    pub allowed_urls: Vec<String>,
    /// ISO 3166-1 alpha-2; the organisation's where absent.
    pub country: Option<String>,
}

/// A connected channel, without its credentials.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The network, as the networks crate names it.
    pub network: String,
    /// What the team calls it.
    pub name: String,
    /// The root of the site or API.
    pub base_url: String,
    /// Its own user id on the network, once the self-test has found it.
    pub native_id: Option<String>,
    /// The name under which it answers there.
    pub connected_as: Option<String>,
    /// Where it stands.
    pub state: AccountState,
    /// A programme under 42 CFR Part 2: only fixed texts may leave.
    pub part2: bool,
    /// Contacts, staff, sites, addresses, country.
    #[serde(flatten)]
    pub profile: Profile,
    /// Settings of the connector.
    pub config: serde_json::Value,
    /// Credentials are stored.
    pub has_credentials: bool,
    /// The registration through which it was authorised.
    pub app_id: Option<AppId>,
    /// How its credentials and its webhooks do.
    #[serde(flatten)]
    pub health: AccountHealth,
    /// When one of its sources was last read without an error.
    pub last_heard_at: Option<Micros>,
    /// When it was connected.
    pub created_at: Micros,
    /// When it was last changed.
    pub updated_at: Micros,
    /// Grows with every change.
    pub version: i64,
}

/// How an account's credentials and webhooks do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AccountHealth {
    /// When the credentials end by themselves.
    pub expires_at: Option<Micros>,
    /// Until when a person must authorise again, whatever is renewed before.
    pub reauthorise_by: Option<Micros>,
    /// When they are renewed next; `None` where they do not end.
    pub renew_at: Option<Micros>,
    /// When they were last renewed.
    pub renewed_at: Option<Micros>,
    /// Why the last renewal failed, without content.
    pub renew_failed: Option<String>,
    /// The part of its webhook address that names it (`/hooks/{hook_id}`).
    pub hook_id: Option<String>,
    /// When a delivery last came there.
    pub hook_seen_at: Option<Micros>,
    /// Whether that delivery was the network's.
    pub hook_ok: Option<bool>,
    /// When the network was asked to deliver there that has not asked back yet.
    pub hook_asked_at: Option<Micros>,
    /// Since when the network has promised to deliver there.
    pub hook_since: Option<Micros>,
    /// Until when, where it said so.
    pub hook_until: Option<Micros>,
    /// Why it does not, and what to do.
    pub hook_failed: Option<String>,
}

/// From how many days before [`AccountHealth::reauthorise_by`] on a person is asked.
pub const REAUTHORISE_SOON_DAYS: i64 = 14;

impl AccountHealth {
    /// Whole days until a person must authorise again, where that is set; 0 on the last day and
    /// after it.
    pub fn days_left(&self, now: Micros) -> Option<i64> {
        self.reauthorise_by.map(|by| (by - now).max(0) / 86_400_000_000)
    }

    /// Whether a person should authorise again soon.
    pub fn reauthorise_soon(&self, now: Micros) -> bool {
        self.days_left(now).is_some_and(|days| days < REAUTHORISE_SOON_DAYS)
    }
}

/// Credentials before they are sealed, with what the store may know of them. Empty ones never
/// overwrite stored ones.
#[derive(Clone, Default)]
pub struct PlainCredentials {
    /// As the engine serialises them; empty for none.
    pub json: Zeroizing<Vec<u8>>,
    /// When they end by themselves.
    pub expires_at: Option<Micros>,
    /// Until when a person must authorise again.
    pub reauthorise_by: Option<Micros>,
}

impl PlainCredentials {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.json.is_empty()
    }
}

impl std::fmt::Debug for PlainCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[credentials]")
    }
}

/// An account to connect. Its webhook address and secret are made with it.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// The network, as the networks crate names it.
    pub network: String,
    /// What the team calls it.
    pub name: String,
    /// The root of the site or API.
    pub base_url: String,
    /// A programme under 42 CFR Part 2.
    pub part2: bool,
    /// Contacts, staff, sites, addresses, country.
    pub profile: Profile,
    /// Settings of the connector.
    pub config: serde_json::Value,
    /// How it proves who it is.
    pub credentials: PlainCredentials,
}

/// What changes of an account; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// What the team calls it.
    pub name: Option<String>,
    /// The root of the site or API.
    pub base_url: Option<String>,
    /// Connected or paused. Use [`remove`] to remove.
    pub state: Option<AccountState>,
    /// A programme under 42 CFR Part 2.
    pub part2: Option<bool>,
    /// Contacts, staff, sites, addresses, country, as a whole.
    pub profile: Option<Profile>,
    /// Settings of the connector, as a whole.
    pub config: Option<serde_json::Value>,
    /// New credentials; empty ones never overwrite stored ones. New ones end "needs re-authorisation".
    pub credentials: PlainCredentials,
}

fn account_of(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.parsed("id")?,
        network: row.text("network")?,
        name: row.text("name")?,
        base_url: row.text("base_url")?,
        native_id: row.opt_text("native_id")?,
        connected_as: row.opt_text("connected_as")?,
        state: row.parsed("state")?,
        part2: row.bool("part2")?,
        profile: row.json("profile")?,
        config: row.json("config")?,
        has_credentials: row.bool("has_credentials")?,
        app_id: row.opt_parsed("app_id")?,
        health: AccountHealth {
            expires_at: row.opt_int("expires_at")?,
            reauthorise_by: row.opt_int("reauthorise_by")?,
            renew_at: row.opt_int("renew_at")?,
            renewed_at: row.opt_int("renewed_at")?,
            renew_failed: row.opt_text("renew_failed")?,
            hook_id: row.opt_text("hook_id")?,
            hook_seen_at: row.opt_int("hook_seen_at")?,
            hook_ok: row.opt_bool("hook_ok")?,
            hook_asked_at: row.opt_int("hook_asked_at")?,
            hook_since: row.opt_int("hook_since")?,
            hook_until: row.opt_int("hook_until")?,
            hook_failed: row.opt_text("hook_failed")?,
        },
        last_heard_at: row.opt_int("last_heard_at")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
        version: row.int("version")?,
    })
}

fn purpose(id: &AccountId) -> String {
    format!("credentials {id}")
}

pub(super) fn sealed(
    keyring: &Keyring,
    org: &OrgId,
    id: &AccountId,
    plain: &PlainCredentials,
) -> Result<Option<Vec<u8>>> {
    if plain.is_empty() {
        return Ok(None);
    }
    keyring.seal(org, &purpose(id), &plain.json).map(Some)
}

/// All accounts, the removed ones too: history stays.
pub async fn list(conn: &mut Conn, org: &OrgId) -> Result<Vec<Account>> {
    conn.all(&LIST, org, vals![None::<String>]).await?.iter().map(account_of).collect()
}

/// One account.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &AccountId) -> Result<Account> {
    account_of(&conn.one(&LIST, org, vals![id], "account").await?)
}

/// Connects an account, and mints its webhook address and secret.
pub async fn add(tx: &mut Tx, keyring: &Keyring, new: &NewAccount) -> Result<()> {
    let org = tx.org()?;
    let credentials = sealed(keyring, &org, &new.id, &new.credentials)?;
    let hook = hook::mint(keyring, &org, &new.id)?;
    let at = tx.at();
    let plain = &new.credentials;
    tx.run(
        &ADD,
        vals![
            &new.id,
            &new.network,
            &new.name,
            &new.base_url,
            new.part2,
            to_json(&new.profile),
            to_json(&new.config),
            credentials,
            at,
            hook.id,
            hook.sealed,
            plain.expires_at,
            plain.reauthorise_by,
            plain.expires_at.map(|ends| renew_at(at, ends)),
        ],
    )
    .await
    .map(drop)
}

/// Changes an account. `if_version` is the version that the person saw; `Conflict` where it is
/// another by now. A removed account cannot be changed. New credentials end a renewal of the old ones that
/// is under way: what it brings is not kept.
pub async fn change(
    tx: &mut Tx,
    keyring: &Keyring,
    id: &AccountId,
    change: AccountChange,
    if_version: Option<i64>,
) -> Result<Account> {
    let org = tx.org()?;
    let at = tx.at();
    let old = get(tx.conn(), &org, id).await?;
    if old.state == AccountState::Removed {
        return Err(StoreError::NotFound { what: "account" });
    }
    if if_version.is_some_and(|seen| seen != old.version) {
        return Err(StoreError::Conflict { what: "account" });
    }
    let plain = &change.credentials;
    let credentials = sealed(keyring, &org, id, plain)?;
    let reauthorised = credentials.is_some() && old.state == AccountState::NeedsReauthorisation;
    let state = change.state.unwrap_or(if reauthorised { AccountState::Connected } else { old.state });
    if state == AccountState::Removed {
        return Err(StoreError::Rule("an account is removed, not changed to removed"));
    }
    tx.run_one(
        &CHANGE,
        vals![
            id,
            old.version,
            change.name.unwrap_or(old.name),
            change.base_url.unwrap_or(old.base_url),
            state.as_str(),
            change.part2.unwrap_or(old.part2),
            to_json(&change.profile.unwrap_or(old.profile)),
            to_json(&change.config.unwrap_or(old.config)),
            credentials,
            at,
            !plain.is_empty(),
            plain.expires_at,
            plain.reauthorise_by,
            plain.expires_at.map(|ends| renew_at(at, ends)),
        ],
        "account",
    )
    .await?;
    get(tx.conn(), &org, id).await
}

/// Removes an account: it is no longer heard or answered. Everything heard and said stays. Its credentials are gone,
/// too; where its network is still to be asked to tell us nothing more, as soon as that is done or given up.
pub async fn remove(tx: &mut Tx, id: &AccountId) -> Result<()> {
    let at = tx.at();
    if tx.run(&REMOVE, vals![id, at]).await? == 0 {
        return Err(StoreError::NotFound { what: "account" });
    }
    tx.run(&REMOVE_SOURCES, vals![id]).await?;
    if upkeep::ended(tx, id).await? { Ok(()) } else { forget(tx, id).await }
}

/// Forgets what a removed account proved itself with, and its address.
pub(super) async fn forget(tx: &mut Tx, id: &AccountId) -> Result<()> {
    tx.run(&FORGET, vals![id]).await.map(drop)
}

/// The credentials as the engine serialised them; `None` where there are none.
pub async fn credentials(
    conn: &mut Conn,
    keyring: &Keyring,
    org: &OrgId,
    id: &AccountId,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let row = conn.one(&CREDENTIALS, org, vals![id], "account").await?;
    row.opt_bytes("credentials")?.map(|sealed| keyring.open(org, &purpose(id), &sealed)).transpose()
}

/// Notes the registration through which an account was authorised.
pub async fn authorised_through(tx: &mut Tx, id: &AccountId, app: &AppId) -> Result<()> {
    tx.run_one(&THROUGH, vals![id, app], "account").await
}

/// Keeps what a self-test found. It worked, so the account no longer needs re-authorisation.
pub async fn connected(
    tx: &mut Tx,
    id: &AccountId,
    native_id: Option<&str>,
    connected_as: Option<&str>,
    config: &serde_json::Value,
) -> Result<()> {
    let at = tx.at();
    tx.run_one(&CONNECTED, vals![id, native_id, connected_as, to_json(config), at], "account").await?;
    upkeep::ask_again(tx, id).await
}

/// Merges settings that were found out on the way. It is no change that a person makes, so whoever is just
/// making one is not disturbed.
pub async fn settle(tx: &mut Tx, id: &AccountId, found: serde_json::Map<String, serde_json::Value>) -> Result<()> {
    let org = tx.org()?;
    let mut config = get(tx.conn(), &org, id).await?.config;
    if let Some(fields) = config.as_object_mut() {
        fields.extend(found);
    }
    tx.run_one(&SETTLE, vals![id, to_json(&config)], "account").await
}

/// The network refuses the credentials. Answers whether the account was connected until now.
pub async fn refused(tx: &mut Tx, id: &AccountId) -> Result<bool> {
    let at = tx.at();
    let was_connected = tx.run(&REFUSED, vals![id, at]).await? > 0;
    if was_connected {
        upkeep::lapsed(tx, id).await?;
    }
    Ok(was_connected)
}
