//! `bedside account add` and `bedside listen once`.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_model::{AccountId, OrgId, SourceId};
use bedside_networks::{Credentials, Network, Secret};
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source::{self, NewSource};
use bedside_store::{By, Entry, settings};
use serde_json::json;
use url::Url;

use crate::cli::{Account, Listen};
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
    pub interval: i64,
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
    let sources: Vec<NewSource> = bedside_networks::first_sources(new.network)
        .map(|kind| NewSource {
            id: SourceId::from_bits(ids.bits(now)),
            account_id: id.clone(),
            kind: kind.to_owned(),
            name: new.name.clone(),
            url: new.url.clone(),
            config: json!({}),
            interval_seconds: new.interval,
        })
        .collect();
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
    let Account::Add {
        network,
        name,
        url,
        user,
        password_stdin,
        settings,
        interval,
        part2,
        allow_private,
        organisation,
    } = command;
    let org = house.organisation(organisation.as_deref()).await?;
    let known = || Network::ALL.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ");
    let network = Network::parse(network)
        .with_context(|| format!("there is no network `{network}`; the networks are {}", known()))?;
    if network != Network::Import && Url::parse(url).is_err() {
        bail!("--url must be a whole address, like https://blog.example.org/");
    }
    let secret = if *password_stdin {
        let line = std::io::read_to_string(std::io::stdin()).context("standard input")?;
        line.lines().next().unwrap_or_default().to_owned()
    } else {
        String::new()
    };
    let credentials = match (user, secret.is_empty()) {
        (_, true) => Credentials::None,
        (Some(user), false) => Credentials::of_password(network, user.clone(), Secret::new(secret)),
        (None, false) => Credentials::Bearer { token: Secret::new(secret) },
    };
    let mut config = serde_json::Map::new();
    for setting in settings {
        let (key, value) = setting.split_once('=').context("--set takes name=value")?;
        // A setting of several parts is written as JSON: smtp={"host":"mail.example.org","port":465}.
        let parts = serde_json::from_str::<serde_json::Value>(value).ok().filter(|v| v.is_object() || v.is_array());
        config.insert(key.to_owned(), parts.unwrap_or_else(|| json!(value)));
    }
    if *allow_private {
        allow_host(&house, &org, url, By::cli()).await?;
    }
    let new = Connect {
        network,
        name: name.clone(),
        url: url.clone(),
        credentials,
        config: config.into(),
        profile: Profile::default(),
        part2: *part2,
        interval: *interval,
        by: By::cli(),
    };
    let id = connect(&house, &org, new).await?;
    let tested = match network {
        Network::Import | Network::Feed => None,
        _ => Some(house.listen().self_test(&org, &id, By::cli()).await.map_err(readable)?),
    };
    let ok = tested.as_ref().is_none_or(|t| t.ok);
    if as_json {
        output::json(
            &json!({ "id": id, "ok": ok, "checks": tested.map(|t| serde_json::to_value(t.checks)).transpose()? }),
        );
    } else {
        println!("{id}");
        for check in tested.iter().flat_map(|t| &t.checks) {
            println!("{} {}: {}", if check.ok { "fine " } else { "wrong" }, check.name, check.detail);
        }
    }
    Ok(ExitCode::from(u8::from(!ok)))
}

/// Runs `bedside listen once`.
pub async fn listen(house: House, command: &Listen, as_json: bool) -> anyhow::Result<ExitCode> {
    let Listen::Once { source } = command;
    let listen = house.listen();
    if let Some(id) = source {
        let id = SourceId::parse(id)?;
        let org = house.organisation(None).await?;
        if listen.poll_source_once(&org, &id).await.map_err(readable)?.is_none() {
            bail!("somebody else polls this source right now, or it is paused");
        }
    }
    let done = listen.run_until_idle().await.map_err(readable)?;
    if as_json {
        output::json(&json!({ "polls": done.polls, "items": done.items, "imports": done.imports }));
    } else {
        println!("{} sources polled, {} items read", done.polls, done.items);
    }
    house.store.close().await;
    Ok(ExitCode::SUCCESS)
}
