//! Connecting an account by asking its owner, and asking again when what was given ends.
//!
//! The browser is sent to the network, which sends it back to a page of ours; that page hands state
//! and code in here, in the session of the person who began. The flow itself is the engine's
//! ([`bedside_engine::listen::authorise`]).

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::listen::authorise::{Authorised, Choice, FlowError, Returned, Wanted};
use bedside_model::role::Action;
use bedside_model::{AccountId, AppId, AuthorisationId};
use bedside_networks::Granted;
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

impl From<FlowError> for Problem {
    fn from(error: FlowError) -> Self {
        let field = match error {
            FlowError::Store(e) => return e.into(),
            FlowError::OtherNetwork | FlowError::NotAsked(_) => "registration_id",
            FlowError::NoAddress | FlowError::NotRegistered(_) => "base_url",
            FlowError::Ended => "state",
            FlowError::Denied | FlowError::NoCode | FlowError::NotGranted(_) => "code",
            FlowError::NotOffered | FlowError::AnotherAccount => "native_id",
        };
        Self::invalid(field, error.to_string())
    }
}

impl From<Authorised> for AuthorisationGranted {
    fn from(is: Authorised) -> Self {
        let choice =
            |one: &Granted| AuthorisationChoice { native_id: one.native_id.clone(), name: one.name.expose().clone() };
        Self {
            id: is.id,
            network: is.network,
            account_id: is.account,
            choices: is.choices.iter().map(choice).collect(),
        }
    }
}

/// Where a network sends the browser back to: as text, and read.
pub(super) fn return_address(app: &Inner) -> Result<(String, url::Url), Problem> {
    let address = format!("{}{RETURN}", app.config.public_url.trim_end_matches('/'));
    let read =
        address.parse().map_err(|_| Problem::invalid("public_url", "The public address of Bedside is not set."))?;
    Ok((address, read))
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
    let (redirect, address) = return_address(&app)?;
    let wanted = Wanted {
        app: wanted.registration_id,
        account: wanted.account_id,
        user: Some(who.user.id.clone()),
        redirect: address,
    };
    let begun = app.listen.begin_authorisation(who.org(), wanted).await?;
    Ok((StatusCode::CREATED, Json(AuthorisationBegun { id: begun.id, address: begun.address.into(), redirect })))
}

/// Hands in what the network sent back
#[utoipa::path(post, path = "/authorisations/return", tag = "listen", operation_id = "return_authorisation",
    request_body = AuthorisationReturn, responses((status = 200, body = AuthorisationGranted)))]
pub(crate) async fn returned(
    State(app): State<App>,
    who: SignedIn,
    Json(AuthorisationReturn { state, code, error }): Json<AuthorisationReturn>,
) -> Result<Json<AuthorisationGranted>, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let back = Returned { state, code, error };
    Ok(Json(app.listen.returned(who.org(), Some(&who.user.id), back).await?.into()))
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
    Ok(Json(app.listen.authorised(who.org(), Some(&who.user.id), &id).await?.into()))
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
    Json(ChooseAccount { native_id, name }): Json<ChooseAccount>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let user = Some(&who.user.id);
    let granted = app.listen.authorised(who.org(), user, &id).await?;
    let chosen = granted.choices.into_iter().find(|one| one.native_id == native_id).ok_or(FlowError::NotOffered)?;
    let name = name.map_or_else(|| chosen.name.expose().clone(), |name| name.trim().to_owned());
    if granted.account.is_none() {
        crate::trust::setup::check_person("", &name, None)?;
    }
    let choice = Choice { native_id, name };
    let connected = app.listen.connect_authorised(who.org(), who.by(), user, &id, choice).await?;
    Ok((StatusCode::CREATED, Json(Account::from(connected))))
}
