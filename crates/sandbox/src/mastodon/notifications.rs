//! Notifications: what concerns the account.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use serde_json::{Value, json};

use super::paging::Page;
use super::state::Notification;
use super::{Mastodon, Problem, Signed, id, show};
use crate::kit::{Base, Fields};

/// `GET /api/v1/notifications`
pub(super) async fn list(
    server: State<Mastodon>,
    base: Base,
    signed: Signed,
    uri: Uri,
    fields: Fields,
) -> Result<Response, Problem> {
    signed.user()?;
    let (types, without) = (fields.list("types"), fields.list("exclude_types"));
    let has = |list: &[String], kind: &str| list.iter().any(|wanted| wanted == kind);
    let from = fields.text("account_id");
    let state = server.lock();
    let wanted = state.notifications.iter().filter(|notification| {
        (types.is_empty() || has(&types, notification.kind))
            && !has(&without, notification.kind)
            && from.as_ref().is_none_or(|from| *from == notification.account.to_string())
    });
    let page = Page::of(&fields, 40, 80);
    let found = page.cut(wanted, |notification| notification.id);
    let ids: Vec<u64> = found.iter().map(|notification| notification.id).collect();
    let shown = found.into_iter().map(|notification| show::notification(&state, notification, &base.0)).collect();
    Ok(page.answer(&base.0, &uri, &ids, shown))
}

/// `GET /api/v1/notifications/{id}`
pub(super) async fn show(
    server: State<Mastodon>,
    Path(wanted): Path<String>,
    base: Base,
    signed: Signed,
) -> Result<Json<Value>, Problem> {
    signed.user()?;
    let wanted = id(&wanted)?;
    let state = server.lock();
    let found = state.notifications.iter().find(|notification| notification.id == wanted);
    Ok(Json(show::notification(&state, found.ok_or_else(Problem::not_found)?, &base.0)))
}

/// `POST /api/v1/notifications/{id}/dismiss`
pub(super) async fn dismiss(
    server: State<Mastodon>,
    Path(wanted): Path<String>,
    signed: Signed,
) -> Result<Json<Value>, Problem> {
    let wanted = id(&wanted)?;
    forget(&server, signed, |notification| notification.id == wanted)
}

/// `POST /api/v1/notifications/clear`
pub(super) async fn clear(server: State<Mastodon>, signed: Signed) -> Result<Json<Value>, Problem> {
    forget(&server, signed, |_| true)
}

fn forget(server: &Mastodon, signed: Signed, which: impl Fn(&Notification) -> bool) -> Result<Json<Value>, Problem> {
    signed.user()?;
    server.lock().notifications.retain(|notification| !which(notification));
    Ok(Json(json!({})))
}
