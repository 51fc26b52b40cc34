//! `bedside account`: connecting channels, and how they do.
//!
//! A password or a token comes by [`add`]. A network that asks the account's owner is sent to in the
//! browser, and sends it back to this machine ([`authorise`]).

mod add;
pub mod authorise;
mod health;
mod loopback;
pub mod registration;
mod webhook;

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use bedside_engine::listen::accounts::{Tested, credentials_bytes, first_sources};
use bedside_model::account::AccountState;
use bedside_model::{AccountId, OrgId};
use bedside_networks::{Credentials, Network};
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source;
use bedside_store::{By, Entry, settings};
use serde_json::json;
use url::Url;

use crate::cli::Account;
use crate::house::{House, readable};
use crate::output;

/// A channel to connect.
pub struct Connect {
    pub network: Network,
    pub name: String,
    pub url: String,
    pub credentials: Credentials,
    pub config: serde_json::Value,
    pub profile: Profile,
    pub part2: bool,
    /// Seconds between two polls; as the network likes it where absent.
    pub interval: Option<i64>,
    pub by: By,
}

/// Adds an account with its first sources.
pub async fn connect(house: &House, org: &OrgId, new: Connect) -> anyhow::Result<AccountId> {
    let now = house.clock.now();
    let ids = house.store.ids().clone();
    let keyring = house.store.keyring().clone();
    let id = AccountId::from_bits(ids.bits(now));
    let account = NewAccount {
        id: id.clone(),
        network: new.network.as_str().to_owned(),
        name: new.name.clone(),
        base_url: new.url.clone(),
        part2: new.part2,
        profile: new.profile,
        config: new.config,
        credentials: credentials_bytes(&new.credentials),
    };
    let mut sources = first_sources(&ids, now, &account);
    if let Some(seconds) = new.interval {
        sources.iter_mut().for_each(|source| source.interval_seconds = seconds);
    }
    let by = new.by;
    house
        .store
        .write(org, now, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &account).await?;
                let mut entries =
                    vec![Entry::new(by.clone(), "account.added", &account.id).with("network", &account.network)];
                for source in &sources {
                    source::add(tx, source).await?;
                    entries.push(Entry::new(by.clone(), "source.added", &source.id).with("account", &account.id));
                }
                tx.commit_all(entries, ())
            })
        })
        .await
        .map_err(readable)?;
    Ok(id)
}

/// Lets an organisation speak to a host in a private range.
pub async fn allow_host(house: &House, org: &OrgId, url: &str, by: By) -> anyhow::Result<()> {
    let url = Url::parse(url).context("the address cannot be read")?;
    let host = url.host_str().context("the address has no host")?;
    let entry = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    house
        .store
        .write(org, house.clock.now(), move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let (mut all, version) = settings::load(tx.conn(), &org).await?;
                if !all.alerts.allowed_private_hosts.contains(&entry) {
                    all.alerts.allowed_private_hosts.push(entry);
                }
                settings::save(tx, &all, version).await?;
                tx.commit(Entry::new(by, "settings.changed", &org).with("field", "allowed_private_hosts"), ())
            })
        })
        .await
        .map_err(readable)
}

/// Runs `bedside account`.
pub async fn run(house: House, command: &Account, as_json: bool) -> anyhow::Result<ExitCode> {
    match command {
        Account::Add(new) => add::run(&house, new, as_json).await,
        Account::Authorise(new) => authorise::anew(&house, new, as_json).await,
        Account::Reauthorise(old) => authorise::again(&house, old, as_json).await,
        Account::Test { account, organisation } => {
            let org = house.organisation(organisation.as_deref()).await?;
            let found = named(&house, &org, account).await?;
            prove(&house, &org, &found.id, as_json).await
        }
        Account::Health { account, organisation } => {
            health::run(&house, account.as_deref(), organisation.as_deref(), as_json).await
        }
        Account::Webhook { account, organisation } => {
            webhook::run(&house, account, organisation.as_deref(), as_json).await
        }
    }
}

/// The network of this name.
fn network(name: &str) -> anyhow::Result<Network> {
    let known = || Network::ALL.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ");
    Network::parse(name).with_context(|| format!("there is no network `{name}`; the networks are {}", known()))
}

/// The connected account with this id or this name.
async fn named(house: &House, org: &OrgId, wanted: &str) -> anyhow::Result<account::Account> {
    let all = account::list(&mut house.store.read().await?, org).await.map_err(readable)?;
    let (mut found, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .filter(|account| account.state != AccountState::Removed)
        .partition(|account| account.id.as_str() == wanted || account.name.to_lowercase() == wanted.to_lowercase());
    match (found.pop(), found.as_slice()) {
        (Some(only), []) => Ok(only),
        (Some(_), _) => bail!("several accounts are called `{wanted}`: name one by its id"),
        (None, _) => {
            let names: Vec<&str> = others.iter().map(|account| account.name.as_str()).collect();
            bail!("no account is called `{wanted}`; there are: {}", names.join(", "))
        }
    }
}

/// Tests the connection of an account and prints what was found. The exit code says whether all is well.
async fn prove(house: &House, org: &OrgId, id: &AccountId, as_json: bool) -> anyhow::Result<ExitCode> {
    let tested = house.listen().self_test(org, id, By::cli()).await.map_err(readable)?;
    told(id, Some(&tested), as_json)
}

fn told(id: &AccountId, tested: Option<&Tested>, as_json: bool) -> anyhow::Result<ExitCode> {
    let ok = tested.is_none_or(|tested| tested.ok);
    if as_json {
        let checks = tested.map(|tested| serde_json::to_value(&tested.checks)).transpose()?;
        output::json(&json!({ "id": id, "ok": ok, "checks": checks }));
    } else {
        output::line(id.as_str());
        for check in tested.iter().flat_map(|tested| &tested.checks) {
            output::line(&format!("{} {}: {}", if check.ok { "fine " } else { "wrong" }, check.name, check.detail));
        }
    }
    Ok(ExitCode::from(u8::from(!ok)))
}
