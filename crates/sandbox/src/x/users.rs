//! Users: the account itself, and people by id and name.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::problem::{missing, only_missing};
use super::show::{self, View};
use super::state::User;
use super::{Problem, X, events, id};
use crate::kit::Fields;

/// `GET /2/users/me`
pub(super) async fn me(x: State<X>, fields: Fields) -> Result<Response, Problem> {
    let state = x.lock();
    let me = state.user(state.me).ok_or_else(Problem::not_found)?;
    Ok(Json(json!({"data": show::user(&state, me, &View::of(&fields))})).into_response())
}

/// `GET /1.1/account/verify_credentials.json`, with which older clients begin
pub(super) async fn verify(x: State<X>) -> Result<Response, Problem> {
    let state = x.lock();
    let me = state.user(state.me).ok_or_else(Problem::not_found)?;
    Ok(Json(events::user(me)).into_response())
}

/// `GET /2/users/{id}`
pub(super) async fn show(x: State<X>, Path(wanted): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let state = x.lock();
    let Some(user) = state.user(id("id", &wanted)?) else { return Ok(only_missing("user", "id", &wanted)) };
    Ok(Json(json!({"data": show::user(&state, user, &View::of(&fields))})).into_response())
}

/// `GET /2/users/by/username/{username}`
pub(super) async fn by_name(x: State<X>, Path(wanted): Path<String>, fields: Fields) -> Response {
    let state = x.lock();
    let Some(user) = state.named(&wanted) else { return only_missing("user", "username", &wanted) };
    Json(json!({"data": show::user(&state, user, &View::of(&fields))})).into_response()
}

/// `GET /2/users?ids=…`
pub(super) async fn several(x: State<X>, fields: Fields) -> Json<Value> {
    let state = x.lock();
    list(&fields, "ids", |wanted| state.user(wanted.parse().ok()?), |user, view| show::user(&state, user, view))
}

/// `GET /2/users/by?usernames=…`
pub(super) async fn several_by_name(x: State<X>, fields: Fields) -> Json<Value> {
    let state = x.lock();
    list(&fields, "usernames", |wanted| state.named(wanted), |user, view| show::user(&state, user, view))
}

fn list<'a>(
    fields: &Fields,
    parameter: &str,
    find: impl Fn(&str) -> Option<&'a User>,
    shown: impl Fn(&User, &View) -> Value,
) -> Json<Value> {
    let view = View::of(fields);
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for wanted in fields.list(parameter) {
        match find(&wanted) {
            Some(user) => found.push(shown(user, &view)),
            None => errors.push(missing("user", parameter, &wanted)),
        }
    }
    let mut answer = json!({});
    for (name, list) in [("data", found), ("errors", errors)] {
        if !list.is_empty() {
            answer[name] = list.into();
        }
    }
    Json(answer)
}
