//! The organisation's registrations with networks, for the command line.

use anyhow::{Context as _, bail};
use bedside_model::{AppId, OrgId};
use bedside_networks::{self as networks, Network};
use bedside_store::listen::app::{self, AppInput};
use bedside_store::{By, Entry, settings};
use serde_json::json;
use url::Url;

use super::authorise::plain;
use crate::cli::Registration;
use crate::house::{House, readable};
use crate::input;

/// Adds a registration.
pub async fn add(house: &House, org: &OrgId, network: Network, input: AppInput) -> anyhow::Result<AppId> {
    let now = house.clock.now();
    let id = AppId::from_bits(house.store.ids().bits(now));
    let keyring = house.store.keyring().clone();
    let added = id.clone();
    house
        .store
        .write(org, now, move |tx| {
            Box::pin(async move {
                app::add(tx, &keyring, &added, network.as_str(), &input).await?;
                tx.commit(Entry::new(By::cli(), "registration.added", &added).with("network", network.as_str()), ())
            })
        })
        .await
        .map_err(readable)?;
    Ok(id)
}

/// The registration that asks: the one that is named, the one just given, or the only one of the network.
pub async fn wanted(
    house: &House,
    org: &OrgId,
    network: Network,
    given: &Registration,
    back: &Url,
) -> anyhow::Result<app::App> {
    let all = app::list(&mut house.store.read().await?, org).await.map_err(readable)?;
    let mut of_network = all.into_iter().filter(|app| app.network == network.as_str());
    if let Some(id) = &given.registration {
        return of_network
            .find(|app| app.id.as_str() == id)
            .with_context(|| format!("there is no registration {id} with {}", network.title()));
    }
    let home = networks::home(network);
    if let Some(client_id) = &given.client_id {
        let url = given
            .url
            .as_deref()
            .or(home)
            .with_context(|| format!("{} has many servers: name one with --url", network.title()))?;
        let base_url = Url::parse(url).context("--url must be a whole address, like https://social.example.org/")?;
        let secret = secret(given)?;
        let known = of_network.find(|app| app.client_id == *client_id && app.base_url == base_url.as_str());
        return match known {
            Some(known) if secret.is_empty() => Ok(known),
            Some(known) => renewed(house, org, known, secret).await,
            None => {
                let input = AppInput {
                    name: network.title().to_owned(),
                    base_url: base_url.into(),
                    client_id: client_id.clone(),
                    client_secret: secret.into(),
                    config: json!({}),
                };
                let id = add(house, org, network, input).await?;
                app::get(&mut house.store.read().await?, org, &id).await.map_err(readable)
            }
        };
    }
    if networks::registers_by_itself(network)
        && let Some(url) = &given.url
    {
        return by_itself(house, org, network, url, back).await;
    }
    let at = |app: &app::App| {
        given.url.as_deref().is_none_or(|url| Url::parse(url).is_ok_and(|url| app.base_url == url.as_str()))
    };
    let several: Vec<app::App> = of_network.filter(at).collect();
    match <[app::App; 1]>::try_from(several) {
        Ok([only]) => Ok(only),
        Err(none) if none.is_empty() => bail!("{}", how_to_register(network, back)),
        Err(several) => {
            let list: Vec<String> = several.iter().map(|app| format!("{} ({})", app.id, app.name)).collect();
            bail!(
                "there are several registrations with {}; say which with --registration: {}",
                network.title(),
                list.join(", ")
            )
        }
    }
}

/// Registers with a server where everybody may. The registration holds for this return address.
async fn by_itself(house: &House, org: &OrgId, network: Network, url: &str, back: &Url) -> anyhow::Result<app::App> {
    let base_url = Url::parse(url).context("--url must be a whole address, like https://social.example.org/")?;
    let (settings, _) = settings::load(&mut house.store.read().await?, org).await.map_err(readable)?;
    let name = format!("{} (Bedside)", settings.organisation.name);
    let about = networks::Registration { base_url: &base_url, redirect: back, name: &name, website: None };
    let made = house.listen().register(org, network, &about).await.map_err(plain)?;
    let input = AppInput {
        name: format!("{} at a terminal", network.title()),
        base_url: made.base_url.into(),
        client_id: made.client_id,
        client_secret: made.client_secret.expose().to_owned().into(),
        config: made.config,
    };
    let id = add(house, org, network, input).await?;
    app::get(&mut house.store.read().await?, org, &id).await.map_err(readable)
}

/// A registration that is known by its client id gets the secret that was given now.
async fn renewed(house: &House, org: &OrgId, known: app::App, secret: String) -> anyhow::Result<app::App> {
    let keyring = house.store.keyring().clone();
    let input = AppInput {
        name: known.name,
        base_url: known.base_url,
        client_id: known.client_id,
        client_secret: secret.into(),
        config: known.config,
    };
    house
        .store
        .write(org, house.clock.now(), move |tx| {
            Box::pin(async move {
                let changed = app::change(tx, &keyring, &known.id, &input, known.version).await?;
                tx.commit(Entry::new(By::cli(), "registration.changed", &known.id).with("new_secret", true), changed)
            })
        })
        .await
        .map_err(readable)
}

fn secret(given: &Registration) -> anyhow::Result<String> {
    if given.client_secret_stdin {
        return input::line();
    }
    let Some(path) = &given.client_secret_file else { return Ok(String::new()) };
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(text.trim().to_owned())
}

fn how_to_register(network: Network, back: &Url) -> String {
    let title = network.title();
    if networks::registers_by_itself(network) {
        return format!(
            "{title} has many servers: name that of the account with --url https://social.example.org/, and Bedside \
             registers there by itself"
        );
    }
    format!(
        "{title} wants to know who asks. Register your organisation there once, allow the return address {back} (name \
         a --port that stays the same), and come back with the client id and secret that it gives you:\n  bedside \
         account authorise --network {network} --client-id ID --client-secret-file FILE"
    )
}
