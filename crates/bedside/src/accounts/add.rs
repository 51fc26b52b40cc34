//! `bedside account add`: a channel with a password, a token, or nothing to prove.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use bedside_networks::{Credentials, Network, Secret, Way};
use bedside_store::By;
use bedside_store::listen::account::Profile;
use serde_json::json;
use url::Url;

use super::{Connect, allow_host, connect, network, prove, told};
use crate::cli::AddAccount;
use crate::house::House;
use crate::input;

/// Connects the channel and tests it.
pub async fn run(house: &House, new: &AddAccount, as_json: bool) -> anyhow::Result<ExitCode> {
    let org = house.organisation(new.organisation.as_deref()).await?;
    let network = network(&new.network)?;
    let home = bedside_networks::home(network).unwrap_or_default();
    let url = if new.url.is_empty() { home } else { new.url.as_str() };
    if network != Network::Import && Url::parse(url).is_err() {
        bail!("--url must be a whole address, like https://blog.example.org/");
    }
    let secret = if new.password_stdin { input::line()? } else { String::new() };
    let credentials = match (&new.user, secret.is_empty()) {
        (_, true) if network.ways() != [Way::Open] => bail!("{}", how_to_prove(network)),
        (_, true) => Credentials::None,
        (Some(user), false) => Credentials::of_password(network, user.clone(), Secret::new(secret)),
        (None, false) => Credentials::Bearer { token: Secret::new(secret) },
    };
    if new.allow_private {
        allow_host(house, &org, url, By::cli()).await?;
    }
    let mut config = settings(&new.settings)?;
    if new.only_watched {
        config.insert("hears".to_owned(), "watch_terms".into());
    }
    let connected = Connect {
        network,
        name: new.name.clone(),
        url: url.to_owned(),
        credentials,
        config: config.into(),
        profile: Profile::default(),
        part2: new.part2,
        interval: new.interval,
        by: By::cli(),
    };
    let id = connect(house, &org, connected).await?;
    match network {
        Network::Import | Network::Feed => told(&id, None, as_json),
        _ => prove(house, &org, &id, as_json).await,
    }
}

/// What to do for a network to which something must be proved.
fn how_to_prove(network: Network) -> String {
    let title = network.title();
    match network.ways() {
        [Way::Password, ..] => format!("{title} wants --user and its password, read by --password-stdin"),
        ways if ways.contains(&Way::Authorisation) => format!(
            "{title} asks the account's owner: `bedside account authorise --network {network}`, or give a token that \
             you have with --password-stdin"
        ),
        _ => format!("{title} wants a token or key, read by --password-stdin"),
    }
}

fn settings(given: &[String]) -> anyhow::Result<serde_json::Map<String, serde_json::Value>> {
    let setting = |setting: &String| {
        let (key, value) = setting.split_once('=').context("--set takes name=value")?;
        // A setting of several parts is written as JSON: smtp={"host":"mail.example.org","port":465}.
        let parts = serde_json::from_str::<serde_json::Value>(value).ok().filter(|v| v.is_object() || v.is_array());
        Ok((key.to_owned(), parts.unwrap_or_else(|| json!(value))))
    };
    given.iter().map(setting).collect()
}
