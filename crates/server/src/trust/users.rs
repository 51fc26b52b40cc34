//! The team.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_model::UserId;
use bedside_model::role::{Action, Role, RoleSet};
use bedside_store::people::{self, NewUser, Versioned, session};
use bedside_store::{Entry, StoreError, settings};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::setup::check_person;
use crate::app::App;
use crate::extract::{Id, Json, Params, Tagged};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// A person who works with Bedside.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// Their id.
    #[schema(value_type = String)]
    id: UserId,
    /// The name that colleagues see.
    name: String,
    /// The address to sign in with.
    email: String,
    /// What they may do.
    #[schema(value_type = Vec<schema::Role>)]
    roles: Vec<Role>,
    /// Whether they may sign in. Users are never deleted: the log names them.
    active: bool,
    /// When they were added.
    created_at: Instant,
    /// For `If-Match`.
    version: i64,
}

impl From<Versioned> for User {
    fn from(Versioned { user, version }: Versioned) -> Self {
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            roles: user.roles.into(),
            active: user.active,
            created_at: user.created_at.into(),
            version,
        }
    }
}

/// A person to add.
#[derive(Deserialize, ToSchema)]
pub struct AddUser {
    /// The name that colleagues see.
    name: String,
    /// The address to sign in with.
    email: String,
    /// Their first password, at least 12 characters.
    #[schema(min_length = 12, format = Password)]
    password: String,
    /// What they may do.
    #[schema(value_type = Vec<schema::Role>)]
    roles: RoleSet,
}

impl std::fmt::Debug for AddUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddUser")
    }
}

/// What to change of a person.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeUser {
    /// The name that colleagues see.
    name: Option<String>,
    /// What they may do.
    #[schema(value_type = Option<Vec<schema::Role>>)]
    roles: Option<RoleSet>,
    /// Whether they may sign in.
    active: Option<bool>,
}

/// The team
#[utoipa::path(get, path = "/users", tag = "trust", operation_id = "users", params(PageQuery),
    responses((status = 200, body = Page<User>)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(page): Params<PageQuery>,
) -> Result<Json<Page<User>>, Problem> {
    app.allow_role(&who, Action::ManageUsers)?;
    let after: Option<UserId> = page.after()?;
    let found = people::list(&mut app.read().await?, who.org(), after.as_ref(), page.limit() + 1).await?;
    Ok(Json(Page::of(found.into_iter().map(User::from).collect(), page.limit(), |user| user.id.clone())))
}

/// Adds a person
#[utoipa::path(post, path = "/users", tag = "trust", operation_id = "add_user", request_body = AddUser,
    responses((status = 201, body = User)))]
pub(crate) async fn create(
    State(app): State<App>,
    who: SignedIn,
    Json(add): Json<AddUser>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageUsers)?;
    check_person("", &add.name, Some(&add.email))?;
    if add.roles.is_empty() {
        return Err(Problem::invalid("roles", "Give at least one role."));
    }
    let now = app.now();
    let new = NewUser {
        id: UserId::from_bits(app.store.ids().bits(now)),
        email: add.email,
        name: add.name.trim().to_owned(),
        password_hash: app.passwords.hash(app.store.ids(), "password", add.password).await?,
        roles: add.roles,
    };
    let (by, org) = (who.by(), who.org().clone());
    let added = app.store.write(who.org(), now, move |tx| {
        Box::pin(async move {
            people::add(tx, &new).await?;
            let added = people::get(tx.conn(), &org, &new.id).await?;
            tx.commit(Entry::new(by, "user.added", &new.id).with("roles", new.roles.to_text()), added)
        })
    });
    match added.await {
        Ok(added) => Ok((StatusCode::CREATED, Json(User::from(added)))),
        Err(StoreError::Exists { .. }) => {
            let taken = "Somebody signs in with this address already.";
            Err(Problem::new("exists_already", taken).with_field("email", taken))
        }
        Err(e) => Err(e.into()),
    }
}

/// Changes a person
///
/// Who may no longer sign in is signed out at once and leaves the on-call chain. The last
/// administrator stays one.
#[utoipa::path(patch, path = "/users/{id}", tag = "trust", operation_id = "change_user", request_body = ChangeUser,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header, description = "The version that was changed.")),
    responses((status = 200, body = User)))]
pub(crate) async fn change(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<UserId>,
    headers: HeaderMap,
    Json(change): Json<ChangeUser>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageUsers)?;
    if let Some(name) = &change.name {
        check_person("", name, None)?;
    }
    if change.roles.is_some_and(RoleSet::is_empty) {
        return Err(Problem::invalid("roles", "Give at least one role, or let the person no longer sign in."));
    }
    // Two administrators rarely edit one person; who sends the version is protected all the same.
    let expected = headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()?.trim_matches('"').parse::<i64>().ok());
    let (by, org) = (who.by(), who.org().clone());
    let changed = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let before = people::get(tx.conn(), &org, &id).await?;
                if expected.is_some_and(|expected| expected != before.version) {
                    return Err(StoreError::Conflict { what: "user" });
                }
                let mut user = before.user.clone();
                user.name = change.name.map_or(user.name, |name| name.trim().to_owned());
                user.roles = change.roles.unwrap_or(user.roles);
                user.active = change.active.unwrap_or(user.active);
                if user == before.user {
                    return tx.unchanged(before);
                }
                let administers =
                    |user: &bedside_model::user::User| user.active && user.roles.contains(Role::Administrator);
                if administers(&before.user)
                    && !administers(&user)
                    && !people::another_holds(tx.conn(), &org, &id, Role::Administrator).await?
                {
                    return Err(StoreError::Refused {
                        code: "last_administrator",
                        sentence: "Somebody has to be administrator. Make somebody else one first.".into(),
                    });
                }
                let mut entry = Entry::new(by, "user.changed", &id);
                if user.roles != before.user.roles {
                    entry = entry.with("roles", user.roles.to_text());
                }
                if user.active != before.user.active {
                    entry = entry.with("active", user.active);
                }
                if !user.active {
                    session::end_of_user(tx, &id, None).await?;
                    let (mut all, version) = settings::load(tx.conn(), &org).await?;
                    if settings::leave_rota(&mut all, &id) {
                        settings::save(tx, &all, version).await?;
                        entry = entry.with("left_rota", true);
                    }
                }
                people::save(tx, &Versioned { user, version: before.version }).await?;
                let after = people::get(tx.conn(), &org, &id).await?;
                tx.commit(entry, after)
            })
        })
        .await?;
    Ok(Tagged(changed.version, User::from(changed)))
}
