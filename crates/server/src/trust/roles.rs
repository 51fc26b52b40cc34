//! The role matrix.

use bedside_model::role::{self, Action, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::schema;
use crate::signed_in::SignedIn;

/// Which roles may do what.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleMatrix {
    /// All roles.
    #[schema(value_type = Vec<schema::Role>)]
    roles: &'static [Role],
    /// All actions.
    actions: Vec<MatrixAction>,
}

/// One action.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatrixAction {
    /// Its name.
    #[schema(value_type = schema::Action)]
    action: Action,
    /// What it is called.
    title: &'static str,
    /// Who may do it.
    #[schema(value_type = Vec<schema::Role>)]
    allowed: &'static [Role],
}

/// Which roles may do what
#[utoipa::path(get, path = "/roles", tag = "trust", operation_id = "roles", responses((status = 200, body = RoleMatrix)))]
pub(crate) async fn show(_: SignedIn) -> Json<RoleMatrix> {
    let actions = role::matrix()
        .into_iter()
        .map(|row| MatrixAction { action: row.action, title: row.title, allowed: row.allowed })
        .collect();
    Json(RoleMatrix { roles: Role::ALL, actions })
}
