//! Connecting an account by asking its owner, and asking again when what was given ends.
//!
//! The browser is sent to the network with a state that nobody can guess and the hash of a verifier;
//! the network sends it back to a page of ours, which hands state and code in here, in the session of
//! the person who began. What is granted waits, sealed, until they choose which account it is for.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_model::role::Action;
use bedside_model::{AccountId, AppId, AuthorisationId, OrgId, SourceId};
use bedside_networks::{self as networks, AuthorisationRequest, CodeExchange, Granted, Network, Secret};
use bedside_store::Entry;
use bedside_store::listen::account::{self, AccountChange, NewAccount, Profile};
use bedside_store::listen::app as registration;
use bedside_store::listen::authorisation::{self, Authorisation, NewAuthorisation};
use bedside_store::listen::source::{self, NewSource};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accounts::Account;
use crate::app::{App, Inner};
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// Where the network sends the browser back to, under the public address.
pub const RETURN: &str = "/listen/connect/return";

/// A flow to begin.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BeginAuthorisation {
    /// The registration that asks.
    #[schema(value_type = String)]
    registration_id: AppId,
    /// The account to authorise again; absent to connect a new one.
    #[schema(value_type = Option<String>)]
    account_id: Option<AccountId>,
}

/// A flow that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorisationBegun {
    /// Its id.
    #[schema(value_type = String)]
    id: AuthorisationId,
    /// Where to send the browser.
    address: String,
    /// The return address, which the registration must allow.
    redirect: String,
}

/// What the network sent back.
#[derive(Deserialize, ToSchema)]
pub struct AuthorisationReturn {
    /// The state.
    state: String,
    /// The code; absent where the person refused.
    code: Option<String>,
    /// The network's error, where it gave one.
    error: Option<String>,
}

/// What was granted.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorisationGranted {
    /// The flow's id.
    #[schema(value_type = String)]
    id: AuthorisationId,
    /// The network.
    network: String,
    /// The account that is authorised again; null where a new one is connected.
    #[schema(value_type = Option<String>, required = true)]
    account_id: Option<AccountId>,
    /// The accounts to choose from.
    choices: Vec<AuthorisationChoice>,
}

/// An account that may be connected.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorisationChoice {
    /// Its id on the network.
    native_id: String,
    /// Its name as shown.
    name: String,
}

/// Which account to connect.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChooseAccount {
    /// Its id on the network.
    native_id: String,
    /// What the team calls it; the name as shown where absent.
    name: Option<String>,
}

fn no_such_flow() -> Problem {
    Problem::invalid("state", "This request to connect has ended or was used already. Begin again.")
}

/// Where a network sends the browser back to: as text, and read.
pub(super) fn return_address(app: &Inner) -> Result<(String, url::Url), Problem> {
    let address = format!("{}{RETURN}", app.config.public_url.trim_end_matches('/'));
    let read =
        address.parse().map_err(|_| Problem::invalid("public_url", "The public address of Bedside is not set."))?;
    Ok((address, read))
}

async fn app_of(app: &Inner, org: &OrgId, id: &AppId) -> Result<(Network, networks::App), Problem> {
    let mut conn = app.read().await?;
    let found = registration::get(&mut conn, org, id).await?;
    let secret = registration::secret(&mut conn, app.store.keyring(), org, id).await?;
    let network = Network::parse(&found.network).ok_or_else(|| Problem::not_found("registration"))?;
    let base_url =
        found.base_url.parse().map_err(|_| Problem::invalid("base_url", "The registration has no usable address."))?;
    let client_secret = Secret::new(secret.as_str());
    Ok((network, networks::App { base_url, client_id: found.client_id, client_secret, config: found.config }))
}

/// Begins to connect an account
///
/// Send the browser to `address`. The network sends it back to `redirect` with `state` and `code`.
#[utoipa::path(post, path = "/authorisations", tag = "listen", operation_id = "begin_authorisation",
    request_body = BeginAuthorisation, responses((status = 201, body = AuthorisationBegun)))]
pub(crate) async fn begin(
    State(app): State<App>,
    who: SignedIn,
    Json(wanted): Json<BeginAuthorisation>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let (network, asks) = app_of(&app, who.org(), &wanted.registration_id).await?;
    if let Some(id) = &wanted.account_id {
        let account = account::get(&mut app.read().await?, who.org(), id).await?;
        if account.network != network.as_str() {
            return Err(Problem::invalid("registration_id", "This registration is with another network."));
        }
    }
    let (redirect, redirect_url) = return_address(&app)?;
    let new = NewAuthorisation {
        id: AuthorisationId::from_bits(app.store.ids().bits(app.now())),
        network: network.as_str().to_owned(),
        app_id: wanted.registration_id,
        account_id: wanted.account_id,
        user_id: Some(who.user.id.clone()),
        redirect: redirect.clone(),
    };
    let keyring = app.store.keyring().clone();
    let id = new.id.clone();
    let begun = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let begun = authorisation::begin(tx, &keyring, &new).await?;
                tx.operational(begun)
            })
        })
        .await?;
    let request = AuthorisationRequest { redirect: &redirect_url, state: &begun.state, verifier: &begun.verifier };
    let address = networks::authorisation_address(network, &asks, &request)
        .map_err(|e| Problem::invalid("registration_id", format!("{e}.")))?;
    Ok((StatusCode::CREATED, Json(AuthorisationBegun { id, address: address.into(), redirect })))
}

/// Hands in what the network sent back
#[utoipa::path(post, path = "/authorisations/return", tag = "listen", operation_id = "return_authorisation",
    request_body = AuthorisationReturn, responses((status = 200, body = AuthorisationGranted)))]
pub(crate) async fn returned(
    State(app): State<App>,
    who: SignedIn,
    Json(back): Json<AuthorisationReturn>,
) -> Result<Json<AuthorisationGranted>, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let found = authorisation::find(&mut app.read().await?, &back.state).await?;
    let (_, flow) = found.filter(|(org, flow)| org == who.org() && mine(flow, &who)).ok_or_else(no_such_flow)?;
    let Some(code) = back.code.filter(|code| !code.is_empty()) else {
        // What the network says of the reason may be anything; only that it was refused is certain.
        let refused =
            if back.error.is_some() { "The network says that access was not given." } else { "No code came back." };
        return Err(Problem::invalid("code", refused));
    };
    let id = flow.id.clone();
    let taken = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let taken = authorisation::take(tx, &id).await?;
                tx.operational(taken)
            })
        })
        .await?;
    if !taken {
        return Err(no_such_flow());
    }
    let (network, asks) = app_of(&app, who.org(), &flow.app_id).await?;
    let verifier = flow.verifier(app.store.keyring(), who.org())?;
    let redirect = flow.redirect.parse().map_err(|_| no_such_flow())?;
    let exchange = CodeExchange { redirect: &redirect, code: &code, verifier: &verifier, now: app.now() };
    let granted = app.listen.exchange(who.org(), network, &asks, &exchange).await?;
    let granted = granted.map_err(|refused| Problem::invalid("code", format!("Connecting failed: {}.", refused.0)))?;
    let sealed = serde_json::to_vec(&granted).unwrap_or_default();
    let (keyring, id) = (app.store.keyring().clone(), flow.id.clone());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                authorisation::keep(tx, &keyring, &id, &sealed).await?;
                tx.operational(())
            })
        })
        .await?;
    Ok(Json(shape(flow, &granted)))
}

fn mine(flow: &Authorisation, who: &SignedIn) -> bool {
    flow.user_id.as_ref().is_none_or(|user| *user == who.user.id)
}

fn shape(flow: Authorisation, granted: &[Granted]) -> AuthorisationGranted {
    let choice =
        |one: &Granted| AuthorisationChoice { native_id: one.native_id.clone(), name: one.name.expose().clone() };
    AuthorisationGranted {
        id: flow.id,
        network: flow.network,
        account_id: flow.account_id,
        choices: granted.iter().map(choice).collect(),
    }
}

async fn granted_of(
    app: &Inner,
    who: &SignedIn,
    id: &AuthorisationId,
) -> Result<(Authorisation, Vec<Granted>), Problem> {
    let flow = authorisation::get(&mut app.read().await?, who.org(), id).await?;
    if !mine(&flow, who) || flow.expires_at <= app.now() {
        return Err(Problem::not_found("authorisation"));
    }
    let sealed = flow.granted(app.store.keyring(), who.org())?.ok_or_else(no_such_flow)?;
    let granted = serde_json::from_slice(&sealed).map_err(|_| no_such_flow())?;
    Ok((flow, granted))
}

/// What may be chosen
#[utoipa::path(get, path = "/authorisations/{id}", tag = "listen", operation_id = "authorisation",
    params(("id" = String, Path)), responses((status = 200, body = AuthorisationGranted)))]
pub(crate) async fn show(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AuthorisationId>,
) -> Result<Json<AuthorisationGranted>, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let (flow, granted) = granted_of(&app, &who, &id).await?;
    Ok(Json(shape(flow, &granted)))
}

/// Connects the chosen account, or authorises the one that was there again
///
/// Everything heard and said so far stays.
#[utoipa::path(post, path = "/authorisations/{id}/connect", tag = "listen", operation_id = "connect_authorised",
    request_body = ChooseAccount, params(("id" = String, Path)), responses((status = 201, body = Account)))]
pub(crate) async fn connect(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AuthorisationId>,
    Json(choice): Json<ChooseAccount>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let (flow, granted) = granted_of(&app, &who, &id).await?;
    let chosen = granted
        .into_iter()
        .find(|one| one.native_id == choice.native_id)
        .ok_or_else(|| Problem::invalid("native_id", "Choose one of the accounts that were offered."))?;
    let (network, asks) = app_of(&app, who.org(), &flow.app_id).await?;
    let connected = match flow.account_id.clone() {
        Some(account) => again(&app, &who, flow, account, chosen).await?,
        None => {
            let name = choice.name.map_or_else(|| chosen.name.expose().clone(), |name| name.trim().to_owned());
            crate::trust::setup::check_person("", &name, None)?;
            anew(&app, &who, flow, network, asks.base_url.into(), name, chosen).await?
        }
    };
    Ok((StatusCode::CREATED, Json(Account::from(connected))))
}

async fn again(
    app: &Inner,
    who: &SignedIn,
    flow: Authorisation,
    id: AccountId,
    chosen: Granted,
) -> Result<account::Account, Problem> {
    let old = account::get(&mut app.read().await?, who.org(), &id).await?;
    if old.native_id.as_ref().is_some_and(|known| *known != chosen.native_id) {
        return Err(Problem::invalid("native_id", "This is another account than the one that is connected."));
    }
    let held = bedside_engine::listen::account_view(&app.store, who.org(), &id).await?.credentials;
    let mut config = old.config.clone();
    if let Some(fields) = config.as_object_mut() {
        fields.extend(chosen.config);
    }
    let change = AccountChange {
        name: None,
        base_url: None,
        state: None,
        part2: None,
        profile: Some(old.profile),
        config: Some(config),
        credentials: credentials_bytes(&chosen.credentials.over(&held)),
    };
    let (keyring, by) = (app.store.keyring().clone(), who.by());
    let changed = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let changed = account::change(tx, &keyring, &id, change, None).await?;
                account::authorised_through(tx, &id, &flow.app_id).await?;
                authorisation::finish(tx, &flow.id).await?;
                tx.commit(Entry::new(by, "account.authorised_again", &id), changed)
            })
        })
        .await?;
    Ok(changed)
}

async fn anew(
    app: &Inner,
    who: &SignedIn,
    flow: Authorisation,
    network: Network,
    base_url: String,
    name: String,
    chosen: Granted,
) -> Result<account::Account, Problem> {
    let (ids, now) = (app.store.ids(), app.now());
    let new = NewAccount {
        id: AccountId::from_bits(ids.bits(now)),
        network: network.as_str().to_owned(),
        name: name.clone(),
        base_url: base_url.clone(),
        part2: false,
        profile: Profile::default(),
        config: chosen.config.clone().into(),
        credentials: credentials_bytes(&chosen.credentials),
    };
    let sources: Vec<NewSource> = networks::first_sources(network)
        .map(|kind| NewSource {
            id: SourceId::from_bits(ids.bits(now)),
            account_id: new.id.clone(),
            kind: kind.to_owned(),
            name: name.clone(),
            url: base_url.clone(),
            config: serde_json::json!({}),
            interval_seconds: super::connect::interval(network),
        })
        .collect();
    let (keyring, by, org) = (app.store.keyring().clone(), who.by(), who.org().clone());
    let added = app
        .store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &new).await?;
                account::authorised_through(tx, &new.id, &flow.app_id).await?;
                account::connected(tx, &new.id, Some(&chosen.native_id), Some(chosen.name.expose()), &new.config)
                    .await?;
                let entry = Entry::new(by.clone(), "account.added", &new.id).with("network", &new.network);
                let mut entries = vec![entry];
                for source in &sources {
                    source::add(tx, source).await?;
                    entries.push(Entry::new(by.clone(), "source.added", &source.id).with("account", &new.id));
                }
                authorisation::finish(tx, &flow.id).await?;
                let added = account::get(tx.conn(), &org, &new.id).await?;
                tx.commit_all(entries, added)
            })
        })
        .await?;
    Ok(added)
}
