//! The first run: the organisation and its administrator, in one transaction, once.

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use bedside_model::account::{AlertSettings, Organisation, OrganisationKind, Settings};
use bedside_model::alert::{Channel, Rota, RotaStep};
use bedside_model::clock::Clocks;
use bedside_model::draft::Policy;
use bedside_model::hours::{Hours, OrgHours};
use bedside_model::role::RoleSet;
use bedside_model::{OrgId, UserId};
use bedside_store::people::{self, NewUser};
use bedside_store::trust::{self, NewOrganisation};
use bedside_store::{By, Entry, settings};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::{MyOrganisation, MyUser};
use super::settings_shape::HoursShape;
use crate::app::App;
use crate::client::Client;
use crate::extract::Json;
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::NewSession;

/// Whether the first run is still to be done.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupState {
    /// It is.
    pub needed: bool,
}

/// The first run.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Setup {
    organisation: SetupOrganisation,
    user: SetupUser,
}

/// The organisation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetupOrganisation {
    /// Its public name.
    name: String,
    /// What it is.
    #[schema(value_type = schema::OrganisationKind)]
    kind: OrganisationKind,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// BCP 47 tag of the language it writes in.
    language: String,
    /// IANA time zone.
    zone: String,
    /// When it is open; Monday to Friday from 8 to 17 o'clock where absent.
    #[serde(default)]
    #[schema(value_type = Option<HoursShape>)]
    hours: Option<Hours>,
}

/// Its administrator, who gets every role.
#[derive(Deserialize, ToSchema)]
pub struct SetupUser {
    /// The name that colleagues see.
    name: String,
    /// The address to sign in with.
    email: String,
    /// At least 12 characters.
    #[schema(min_length = 12, format = Password)]
    password: String,
}

impl std::fmt::Debug for SetupUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetupUser")
    }
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetUp {
    /// The administrator.
    user: MyUser,
    /// The organisation.
    organisation: MyOrganisation,
}

/// Whether the first run is still to be done
#[utoipa::path(get, path = "/setup", tag = "trust", operation_id = "setup_state", responses((status = 200, body = SetupState)))]
pub(crate) async fn show(State(app): State<App>) -> Result<Json<SetupState>, Problem> {
    let mut conn = app.read().await?;
    Ok(Json(SetupState { needed: !people::is_set_up(&mut conn).await? }))
}

/// Checks who an organisation says it is.
pub(crate) fn check_organisation(prefix: &str, is: &Organisation) -> Result<(), Problem> {
    let field = |name: &str| format!("{prefix}{name}");
    if is.name.trim().is_empty() || is.name.chars().count() > 200 {
        return Err(Problem::invalid(&field("name"), "Give a name of at most 200 characters."));
    }
    if is.country.len() != 2 || !is.country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(Problem::invalid(&field("country"), "Give a country of two capital letters, like US."));
    }
    let tag = |text: &str| {
        !text.is_empty() && text.len() <= 35 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if !tag(&is.language) {
        return Err(Problem::invalid(&field("language"), "Give a language tag, like en or es-US."));
    }
    bedside_model::hours::zone(&is.zone).map(drop).map_err(|e| Problem::invalid(&field("zone"), e.to_string()))
}

/// Checks an address as far as that can be done without writing to it.
pub(crate) fn check_person(prefix: &str, name: &str, email: Option<&str>) -> Result<(), Problem> {
    if name.trim().is_empty() || name.chars().count() > 200 {
        return Err(Problem::invalid(&format!("{prefix}name"), "Give a name of at most 200 characters."));
    }
    let fine = |email: &str| {
        let email = email.trim();
        email.len() <= 254
            && !email.chars().any(|c| c.is_whitespace() || c.is_control())
            && email
                .split_once('@')
                .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
    };
    if email.is_some_and(|email| !fine(email)) {
        return Err(Problem::invalid(&format!("{prefix}email"), "Give an e-mail address."));
    }
    Ok(())
}

/// The first run
///
/// Makes the organisation and its administrator and signs them in. Works once.
#[utoipa::path(post, path = "/setup", tag = "trust", operation_id = "set_up", request_body = Setup,
    responses((status = 201, body = SetUp, description = "Set up; the cookie signs in.")))]
pub(crate) async fn create(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    Json(setup): Json<Setup>,
) -> Result<impl IntoResponse, Problem> {
    let Setup { organisation: is, user } = setup;
    if people::is_set_up(&mut app.read().await?).await? {
        return Err(Problem::new("already_set_up", "Bedside is set up already. Sign in instead."));
    }
    let hours = is.hours.unwrap_or_default();
    let organisation = Organisation {
        name: is.name.trim().to_owned(),
        kind: is.kind,
        country: is.country,
        language: is.language,
        zone: is.zone,
    };
    check_organisation("organisation.", &organisation)?;
    OrgHours::new(&hours, &organisation.zone).map_err(|e| Problem::invalid("organisation.hours", e.to_string()))?;
    check_person("user.", &user.name, Some(&user.email))?;
    let now = app.now();
    let org = OrgId::from_bits(app.store.ids().bits(now));
    let new = NewUser {
        id: UserId::from_bits(app.store.ids().bits(now)),
        email: user.email,
        name: user.name.trim().to_owned(),
        password_hash: app.passwords.hash(app.store.ids(), "user.password", user.password).await?,
        roles: RoleSet::all(),
    };
    // Somebody must be told of a crisis from the first minute on.
    let first_on_call =
        RotaStep { user_id: new.id.clone(), channels: vec![Channel::Email, Channel::Webhook, Channel::Browser] };
    let all = Settings {
        organisation: organisation.clone(),
        hours,
        clocks: Clocks::default(),
        policy: Policy::default(),
        alerts: AlertSettings::default(),
        rota: Rota(vec![first_on_call]),
    };
    let session = NewSession::new(&app);
    let cookie = session.cookie(&client);
    let keyring = app.store.keyring().clone();
    let column = settings::to_column(&all);
    let made = app
        .store
        .write(&org.clone(), now, move |tx| {
            Box::pin(async move {
                people::take_first_run(tx).await?;
                let first = NewOrganisation {
                    id: org.clone(),
                    name: organisation.name.clone(),
                    kind: organisation.kind.to_string(),
                    country: organisation.country.clone(),
                    language: organisation.language.clone(),
                    zone: organisation.zone.clone(),
                    settings: column,
                };
                trust::add_organisation(tx, &keyring, &first).await?;
                people::add(tx, &new).await?;
                session.add(tx, &new.id).await?;
                let user = people::get(tx.conn(), &org, &new.id).await?.user;
                let made = SetUp { user: MyUser::new(&user), organisation: MyOrganisation::new(&org, organisation) };
                let entries = vec![
                    Entry::new(By::public(), "organisation.added", &org).with("kind", &first.kind),
                    Entry::new(By::public(), "user.added", &new.id).with("roles", new.roles.to_text()),
                    Entry::new(By::user(&new.id), "session.began", &session.id),
                ];
                tx.commit_all(entries, made)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(made)))
}
