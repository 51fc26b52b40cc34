//! The organisation's registrations with networks. A secret goes in and never comes out.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_model::role::Action;
use bedside_model::{AppId, Micros};
use bedside_networks::{self as networks, Network};
use bedside_store::listen::app::{self as store, AppInput};
use bedside_store::{Entry, settings};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::connect::check_url;
use crate::app::{App, Inner};
use crate::extract::{Id, IfMatch, Json, Tagged};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// A registration with a network.
#[derive(Debug, Serialize, ToSchema)]
pub struct Registration {
    /// Its id.
    #[schema(value_type = String)]
    id: AppId,
    /// The network.
    network: String,
    /// What the team calls it.
    name: String,
    /// The root of the network's API.
    base_url: String,
    /// The client id that the network gave.
    client_id: String,
    /// A secret is stored.
    has_secret: bool,
    /// Settings such as `api_version`.
    #[schema(value_type = Object)]
    config: serde_json::Value,
    /// When it was added.
    created_at: Instant,
    /// For `If-Match`.
    version: i64,
}

impl From<store::App> for Registration {
    fn from(app: store::App) -> Self {
        Self {
            id: app.id,
            network: app.network,
            name: app.name,
            base_url: app.base_url,
            client_id: app.client_id,
            has_secret: app.has_secret,
            config: app.config,
            created_at: Instant(app.created_at),
            version: app.version,
        }
    }
}

/// A registration to add.
#[derive(Deserialize, ToSchema)]
pub struct AddRegistration {
    /// The network.
    network: String,
    /// What the team calls it.
    name: String,
    /// The root of the network's API; the network's own where absent.
    base_url: Option<String>,
    /// The client id that the network gave. Absent for a network of many servers that Bedside registers
    /// with by itself: then `base_url` is the server's address.
    client_id: Option<String>,
    /// The client secret; absent for a public client.
    #[serde(default)]
    #[schema(format = Password)]
    client_secret: String,
    /// Settings such as `api_version`.
    #[schema(value_type = Option<Object>)]
    config: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What to change of a registration; what is absent stays.
#[derive(Deserialize, ToSchema)]
pub struct ChangeRegistration {
    /// What the team calls it.
    name: Option<String>,
    /// The root of the network's API. Another host needs its own secret.
    base_url: Option<String>,
    /// The client id.
    client_id: Option<String>,
    /// A new secret. An empty one never overwrites a stored one.
    #[serde(default)]
    #[schema(format = Password)]
    client_secret: String,
    /// Settings, as a whole.
    #[schema(value_type = Option<Object>)]
    config: Option<serde_json::Map<String, serde_json::Value>>,
}

fn check(input: &AppInput) -> Result<(), Problem> {
    crate::trust::setup::check_person("", &input.name, None)?;
    check_url("base_url", &input.base_url)?;
    if input.client_id.len() > 500 || input.client_id.chars().any(char::is_control) {
        return Err(Problem::invalid("client_id", "Give the client id as the network shows it."));
    }
    if input.client_secret.len() > 2_000 {
        return Err(Problem::invalid("client_secret", "Give the client secret as the network shows it."));
    }
    Ok(())
}

/// The registrations
#[utoipa::path(get, path = "/registrations", tag = "listen", operation_id = "registrations",
    responses((status = 200, body = Page<Registration>)))]
pub(crate) async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<Registration>>, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let found = store::list(&mut app.read().await?, who.org()).await?;
    Ok(Json(Page::whole(found.into_iter().map(Registration::from).collect())))
}

/// Adds a registration
#[utoipa::path(post, path = "/registrations", tag = "listen", operation_id = "add_registration", request_body = AddRegistration,
    responses((status = 201, body = Registration)))]
pub(crate) async fn create(
    State(app): State<App>,
    who: SignedIn,
    Json(new): Json<AddRegistration>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let network = Network::parse(&new.network)
        .filter(|network| bedside_networks::permissions(*network).is_some())
        .ok_or_else(|| Problem::invalid("network", "Choose a network whose accounts are authorised."))?;
    let home = bedside_networks::home(network).map(str::to_owned);
    let base_url = new.base_url.filter(|url| !url.is_empty()).or(home);
    let by_itself = new.client_id.is_none();
    let mut input = AppInput {
        name: new.name.trim().to_owned(),
        base_url: base_url.ok_or_else(|| Problem::invalid("base_url", "Give the address of the server."))?,
        client_id: new.client_id.unwrap_or_default().trim().to_owned(),
        client_secret: Zeroizing::new(new.client_secret),
        config: new.config.unwrap_or_default().into(),
    };
    check(&input)?;
    if by_itself {
        let registered = registered(&app, &who, network, &input.base_url).await?;
        input.client_id = registered.client_id;
        input.client_secret = Zeroizing::new(registered.client_secret.expose().to_owned());
        check(&input)?;
    }
    let now: Micros = app.now();
    let id = AppId::from_bits(app.store.ids().bits(now));
    let (keyring, by, org) = (app.store.keyring().clone(), who.by(), who.org().clone());
    let added = app
        .store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                store::add(tx, &keyring, &id, network.as_str(), &input).await?;
                let added = store::get(tx.conn(), &org, &id).await?;
                let entry = Entry::new(by, "registration.added", &id).with("network", network.as_str());
                tx.commit(entry.with("by_itself", by_itself), added)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Registration::from(added))))
}

/// Registers Bedside with the server that somebody named.
async fn registered(app: &Inner, who: &SignedIn, network: Network, server: &str) -> Result<networks::App, Problem> {
    if !networks::registers_by_itself(network) {
        return Err(Problem::invalid("client_id", "Give the client id as the network shows it."));
    }
    let base_url = server.parse().map_err(|_| Problem::invalid("base_url", "This is not the address of a server."))?;
    let (_, redirect) = super::authorisations::return_address(app)?;
    let (settings, _) = settings::load(&mut app.read().await?, who.org()).await?;
    let name = format!("{} (Bedside)", settings.organisation.name);
    let about = networks::Registration { base_url: &base_url, redirect: &redirect, name: &name, website: None };
    Ok(app.listen.register(who.org(), network, &about).await?)
}

/// Changes a registration
#[utoipa::path(patch, path = "/registrations/{id}", tag = "listen", operation_id = "change_registration",
    request_body = ChangeRegistration,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version that was changed.")),
    responses((status = 200, body = Registration)))]
pub(crate) async fn change(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AppId>,
    if_match: IfMatch,
    Json(change): Json<ChangeRegistration>,
) -> Result<Tagged<Registration>, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let old = store::get(&mut app.read().await?, who.org(), &id).await?;
    if_match.check(old.version, "registration")?;
    let input = AppInput {
        name: change.name.map_or(old.name, |name| name.trim().to_owned()),
        base_url: change.base_url.unwrap_or_else(|| old.base_url.clone()),
        client_id: change.client_id.map_or(old.client_id, |id| id.trim().to_owned()),
        client_secret: Zeroizing::new(change.client_secret),
        config: change.config.map_or(old.config, Into::into),
    };
    check(&input)?;
    let moved = super::change_account::site(&input.base_url) != super::change_account::site(&old.base_url);
    if moved && old.has_secret && input.client_secret.is_empty() {
        return Err(Problem::invalid("client_secret", "Give the secret for the new address, too."));
    }
    let (keyring, by) = (app.store.keyring().clone(), who.by());
    let new_secret = !input.client_secret.is_empty();
    let changed = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let changed = store::change(tx, &keyring, &id, &input, if_match.0).await?;
                tx.commit(Entry::new(by, "registration.changed", &id).with("new_secret", new_secret), changed)
            })
        })
        .await?;
    Ok(Tagged(changed.version, changed.into()))
}

/// Removes a registration; accounts that were authorised through it keep their credentials
#[utoipa::path(delete, path = "/registrations/{id}", tag = "listen", operation_id = "remove_registration",
    params(("id" = String, Path)), responses((status = 204, description = "Removed")))]
pub(crate) async fn remove(State(app): State<App>, who: SignedIn, Id(id): Id<AppId>) -> Result<StatusCode, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let by = who.by();
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                store::remove(tx, &id).await?;
                tx.commit(Entry::new(by, "registration.removed", &id), ())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
