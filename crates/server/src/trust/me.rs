//! Who I am and what I may do.

use axum::extract::State;
use bedside_model::OrgId;
use bedside_model::UserId;
use bedside_model::account::{Organisation, OrganisationKind};
use bedside_model::role::{Action, Role, permissions};
use bedside_model::user::User;
use bedside_store::settings;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{App, Inner};
use crate::extract::Json;
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;

/// The person who is signed in, their organisation, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The person.
    pub user: MyUser,
    /// Their organisation.
    pub organisation: MyOrganisation,
    /// What they may do.
    #[schema(value_type = Vec<schema::Action>)]
    pub permissions: Vec<Action>,
    /// The version of the program.
    pub version: &'static str,
}

/// The person who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyUser {
    /// Their id.
    #[schema(value_type = String)]
    pub id: UserId,
    /// The name that colleagues see.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// Their roles.
    #[schema(value_type = Vec<schema::Role>)]
    pub roles: Vec<Role>,
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyOrganisation {
    /// Its id.
    #[schema(value_type = String)]
    pub id: OrgId,
    /// Its public name.
    pub name: String,
    /// What it is.
    #[schema(value_type = schema::OrganisationKind)]
    pub kind: OrganisationKind,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// BCP 47 tag of the language it writes in.
    pub language: String,
    /// IANA time zone.
    pub zone: String,
}

impl MyOrganisation {
    pub(crate) fn new(id: &OrgId, is: Organisation) -> Self {
        let Organisation { name, kind, country, language, zone } = is;
        Self { id: id.clone(), name, kind, country, language, zone }
    }
}

impl MyUser {
    pub(crate) fn new(user: &User) -> Self {
        Self { id: user.id.clone(), name: user.name.clone(), email: user.email.clone(), roles: user.roles.into() }
    }
}

/// [`Me`] for a user.
pub(crate) async fn me(app: &Inner, user: &User) -> Result<Me, Problem> {
    let mut conn = app.read().await?;
    let (all, _) = settings::load(&mut conn, &user.org_id).await?;
    Ok(Me {
        user: MyUser::new(user),
        organisation: MyOrganisation::new(&user.org_id, all.organisation),
        permissions: permissions(user.roles),
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Who I am and what I may do
#[utoipa::path(get, path = "/me", tag = "trust", operation_id = "me", responses((status = 200, body = Me)))]
pub(crate) async fn show(State(app): State<App>, who: SignedIn) -> Result<Json<Me>, Problem> {
    Ok(Json(me(&app, &who.user).await?))
}
