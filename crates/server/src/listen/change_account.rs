//! Changing and removing a channel.

use axum::extract::State;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_model::AccountId;
use bedside_model::account::AccountState;
use bedside_model::role::Action;
use bedside_networks::{Credentials, Network};
use bedside_store::Entry;
use bedside_store::listen::account::{self, AccountChange, Profile};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::accounts::{Account, ContactsShape};
use super::connect::{AccountCredentials, check_address, check_hears, check_profile};
use crate::app::App;
use crate::extract::{Id, IfMatch, Json, Tagged};
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;

/// What to change of a channel; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeAccount {
    /// What the team calls it.
    name: Option<String>,
    /// The root of the site or API. Another site needs its own credentials.
    base_url: Option<String>,
    /// `connected` or `paused`.
    #[schema(value_type = Option<schema::AccountState>)]
    state: Option<AccountState>,
    /// New credentials. Empty ones never overwrite stored ones.
    credentials: Option<AccountCredentials>,
    /// A programme under 42 CFR Part 2: only fixed texts may leave.
    part2: Option<bool>,
    /// Public contacts, as a whole.
    contacts: Option<ContactsShape>,
    /// Names of staff who appear in public, as a whole.
    staff: Option<Vec<String>>,
    /// Names and addresses of its sites, as a whole.
    sites: Option<Vec<String>>,
    /// Web addresses that may be named, as a whole.
    allowed_urls: Option<Vec<String>>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Settings of the connector, as a whole.
    #[schema(value_type = Option<Object>)]
    config: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Scheme, host and port.
pub(super) fn site(url: &str) -> Option<(String, String)> {
    let uri: http::Uri = url.parse().ok()?;
    Some((uri.scheme_str()?.to_owned(), uri.authority()?.as_str().to_lowercase()))
}

/// Changes a channel
#[utoipa::path(patch, path = "/accounts/{id}", tag = "listen", operation_id = "change_account", request_body = ChangeAccount,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version that was changed.")),
    responses((status = 200, body = Account, headers(("ETag" = String, description = "For If-Match")))))]
pub(crate) async fn change(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AccountId>,
    if_match: IfMatch,
    Json(change): Json<ChangeAccount>,
) -> Result<Tagged<Account>, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let old = account::get(&mut app.read().await?, who.org(), &id).await?;
    if_match.check(old.version, "account")?;
    if let Some(name) = &change.name {
        crate::trust::setup::check_person("", name, None)?;
    }
    if matches!(change.state, Some(AccountState::Removed | AccountState::NeedsReauthorisation)) {
        return Err(Problem::invalid("state", "Choose connected or paused. To remove an account, delete it."));
    }
    let network = Network::parse(&old.network).ok_or_else(|| Problem::not_found("account"))?;
    let given = change.credentials.map_or(Credentials::None, |given| given.for_network(network));
    let held = bedside_engine::listen::account_view(&app.store, who.org(), &id).await?.credentials;
    // What is left empty of the new ones stays as it is stored.
    let credentials = if given.is_empty() { credentials_bytes(&given) } else { credentials_bytes(&given.over(&held)) };
    if let Some(url) = &change.base_url {
        check_address(network, "base_url", url)?;
        // Credentials are meant for one site: a changed address must not carry them elsewhere.
        if old.has_credentials && credentials.is_empty() && site(url) != site(&old.base_url) {
            return Err(Problem::invalid("credentials", "Give the credentials of the new site, too."));
        }
    }
    let profile = Profile {
        contacts: change.contacts.map_or(old.profile.contacts, Into::into),
        staff: change.staff.unwrap_or(old.profile.staff),
        sites: change.sites.unwrap_or(old.profile.sites),
        allowed_urls: change.allowed_urls.unwrap_or(old.profile.allowed_urls),
        country: change.country.or(old.profile.country),
    };
    check_profile(&profile)?;
    check_hears(change.config.as_ref())?;
    let new_credentials = !credentials.is_empty();
    let change = AccountChange {
        name: change.name.map(|name| name.trim().to_owned()),
        base_url: change.base_url,
        state: change.state,
        part2: change.part2,
        profile: Some(profile),
        config: change.config.map(Into::into),
        credentials,
    };
    let keyring = app.store.keyring().clone();
    let by = who.by();
    let changed = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let changed = account::change(tx, &keyring, &id, change, Some(if_match.0)).await?;
                let entry = Entry::new(by, "account.changed", &id)
                    .with("state", changed.state)
                    .with("part2", changed.part2)
                    .with("new_credentials", new_credentials);
                tx.commit(entry, changed)
            })
        })
        .await?;
    Ok(Tagged(changed.version, changed.into()))
}

/// Removes a channel
///
/// It is no longer heard or answered, and everything heard and said stays. Its credentials are gone. Where its network
/// was asked to send webhooks, that is taken back in the background, within a day and a half, and its credentials are
/// kept sealed for as long; `webhook_error` says what is left where the network does not answer.
#[utoipa::path(delete, path = "/accounts/{id}", tag = "listen", operation_id = "remove_account",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version that was seen.")),
    responses((status = 204, description = "Removed")))]
pub(crate) async fn remove(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AccountId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let (by, org) = (who.by(), who.org().clone());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let old = account::get(tx.conn(), &org, &id).await?;
                if old.version != if_match.0 {
                    return Err(bedside_store::StoreError::Conflict { what: "account" });
                }
                account::remove(tx, &id).await?;
                tx.commit(Entry::new(by, "account.removed", &id), ())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
