//! Statuses that wait for their time.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use serde_json::{Value, json};

use super::paging::Page;
use super::{Mastodon, Problem, Signed, id, show, statuses};
use crate::kit::{Base, Fields};

type Answer = Result<Json<Value>, Problem>;

/// `GET /api/v1/scheduled_statuses`
pub(super) async fn list(
    server: State<Mastodon>,
    base: Base,
    signed: Signed,
    uri: Uri,
    fields: Fields,
) -> Result<Response, Problem> {
    signed.user()?;
    let state = server.lock();
    let page = Page::of(&fields, 20, 40);
    let found = page.cut(state.scheduled.iter(), |scheduled| scheduled.id);
    let ids: Vec<u64> = found.iter().map(|scheduled| scheduled.id).collect();
    let shown = found.into_iter().map(|scheduled| show::scheduled(&state, scheduled, &base.0)).collect();
    Ok(page.answer(&base.0, &uri, &ids, shown))
}

/// `GET /api/v1/scheduled_statuses/{id}`
pub(super) async fn show(server: State<Mastodon>, Path(wanted): Path<String>, base: Base, signed: Signed) -> Answer {
    signed.user()?;
    let wanted = id(&wanted)?;
    let state = server.lock();
    let found = state.scheduled.iter().find(|scheduled| scheduled.id == wanted).ok_or_else(Problem::not_found)?;
    Ok(Json(show::scheduled(&state, found, &base.0)))
}

/// `PUT /api/v1/scheduled_statuses/{id}`: another time.
pub(super) async fn update(
    server: State<Mastodon>,
    Path(wanted): Path<String>,
    base: Base,
    signed: Signed,
    fields: Fields,
) -> Answer {
    signed.user()?;
    let wanted = id(&wanted)?;
    let at = statuses::scheduled_at(&fields, server.now())?;
    let mut state = server.lock();
    let found = state.scheduled.iter_mut().find(|scheduled| scheduled.id == wanted).ok_or_else(Problem::not_found)?;
    found.at = at.unwrap_or(found.at);
    let found = found.clone();
    Ok(Json(show::scheduled(&state, &found, &base.0)))
}

/// `DELETE /api/v1/scheduled_statuses/{id}`
pub(super) async fn cancel(server: State<Mastodon>, Path(wanted): Path<String>, signed: Signed) -> Answer {
    signed.user()?;
    let wanted = id(&wanted)?;
    let mut state = server.lock();
    let before = state.scheduled.len();
    state.scheduled.retain(|scheduled| scheduled.id != wanted);
    if state.scheduled.len() == before { Err(Problem::not_found()) } else { Ok(Json(json!({}))) }
}
