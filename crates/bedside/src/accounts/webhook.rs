//! `bedside account webhook`: what a person enters at a network that Bedside does not ask by itself.

use std::process::ExitCode;

use anyhow::Context as _;
use bedside_engine::listen::account_view;
use bedside_networks::address_is_secret;
use bedside_store::{By, Entry};
use serde_json::json;

use super::named;
use crate::house::{House, readable};
use crate::output;

/// Prints the address of an account's webhooks, whole, and notes in the log that it was shown.
///
/// Errors: there is no such account, or its network tells nothing by itself.
pub async fn run(house: &House, wanted: &str, organisation: Option<&str>, as_json: bool) -> anyhow::Result<ExitCode> {
    let org = house.organisation(organisation).await?;
    let account = named(house, &org, wanted).await?;
    let told = account.health.hook_id.as_deref();
    let hook_id =
        told.with_context(|| format!("{} tells nothing by itself: it is asked regularly", account.network))?;
    let view = account_view(&house.store, &org, &account.id).await.map_err(readable)?;
    let id = account.id.clone();
    let shown = house.store.write(&org, house.clock.now(), move |tx| {
        Box::pin(async move { tx.commit(Entry::new(By::cli(), "account.webhook_shown", &id), ()) })
    });
    shown.await.map_err(readable)?;

    let secret = view.hook_secret.expose();
    let mut address = format!("{}/hooks/{hook_id}", house.config.public_url.trim_end_matches('/'));
    let verify_token = if address_is_secret(view.network) {
        address = format!("{address}/{secret}");
        None
    } else {
        Some(secret)
    };
    if as_json {
        output::json(&json!({ "id": account.id, "address": address, "verify_token": verify_token }));
    } else {
        output::line(&address);
        if let Some(token) = verify_token {
            output::line(&format!("verify token: {token}"));
        }
        if house.config.public_url.is_empty() {
            output::line(
                "This is the path only: set public_url to the address at which the network reaches this machine.",
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
