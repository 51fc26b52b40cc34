//! Statuses: written, read, edited, deleted.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::state::{Draft, Scheduled, Status};
use super::{Mastodon, Problem, Signed, Visibility, id, id_in, media, show, text};
use crate::kit::{Base, Fields, bearer, millis};

type Answer = Result<Json<Value>, Problem>;

/// `POST /api/v1/statuses`, once for each `Idempotency-Key`.
pub(super) async fn create(
    server: State<Mastodon>,
    base: Base,
    signed: Signed,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    signed.user()?;
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let key = key.map(|key| format!("{}/{key}", bearer(&headers).unwrap_or_default()));
    let now = server.now();
    let mut state = server.lock();
    if let Some((_, answer)) = key.as_ref().and_then(|key| state.answered.get(key)) {
        return Ok(Json(answer.clone()));
    }
    let draft = draft(&state, &fields, &headers)?;
    let answer = match scheduled_at(&fields, now)? {
        Some(at) => {
            let scheduled = Scheduled { id: state.ids.rising("mastodon scheduled", now), at, draft };
            let shown = show::scheduled(&state, &scheduled, &base.0);
            state.scheduled.push(scheduled);
            shown
        }
        None => {
            let me = state.me;
            let id = state.publish(me, draft, now);
            let status = state.status(id).ok_or_else(Problem::not_found)?;
            show::status(&state, status, &base.0, true)
        }
    };
    if let Some(key) = key {
        state.answered.insert(key, (now, answer.clone()));
    }
    Ok(Json(answer))
}

/// When a status is to appear: at least five minutes ahead.
pub(super) fn scheduled_at(fields: &Fields, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let Some(at) = fields.text("scheduled_at").filter(|at| !at.is_empty()) else { return Ok(None) };
    let at: Timestamp = at.parse().map_err(|_| Problem::invalid("Validation failed: Scheduled at is invalid"))?;
    if at.duration_since(now) < SignedDuration::from_mins(5) {
        return Err(Problem::invalid("Validation failed: Scheduled at must be at least 5 minutes in the future"));
    }
    Ok(Some(at))
}

/// Reads a status out of a request, and refuses what the server would.
fn draft(state: &super::State, fields: &Fields, headers: &HeaderMap) -> Result<Draft, Problem> {
    if fields.is_malformed() {
        return Err(Problem(axum::http::StatusCode::BAD_REQUEST, "There was a problem parsing the JSON body"));
    }
    let (text, warning) = texts(fields)?;
    let files = files(fields)?;
    if text.trim().is_empty() && files.is_empty() {
        return Err(Problem::invalid("Validation failed: Text can't be blank"));
    }
    for id in &files {
        let found = state.media.iter().find(|media| media.id == *id);
        let file = found.ok_or(Problem::invalid("Validation failed: Media attachments are invalid"))?;
        if file.processing > 0 {
            let message = "Cannot attach files that have not finished processing. Try again in a moment!";
            return Err(Problem::invalid(message));
        }
    }
    let reply_to = id_in(fields, "in_reply_to_id")?;
    if let Some(parent) = reply_to
        && state.visible(parent, true).is_none()
    {
        return Err(Problem::not_found());
    }
    let visibility = match fields.text("visibility").as_deref() {
        None | Some("" | "public") => Visibility::Public,
        Some("unlisted") => Visibility::Unlisted,
        Some("private") => Visibility::Private,
        Some("direct") => Visibility::Direct,
        Some(_) => return Err(Problem::invalid("Validation failed: Visibility is not included in the list")),
    };
    let token = bearer(headers).and_then(|token| state.tokens.get(token));
    Ok(Draft {
        text,
        sensitive: fields.flag("sensitive").unwrap_or(false) || !warning.is_empty(),
        warning,
        visibility,
        language: fields.text("language").filter(|language| !language.is_empty()).or(Some("en".to_owned())),
        reply_to,
        media: files,
        application: token.map(|token| token.application.clone()),
    })
}

fn texts(fields: &Fields) -> Result<(String, String), Problem> {
    let text = fields.text("status").unwrap_or_default();
    let warning = fields.text("spoiler_text").unwrap_or_default();
    if text::length(&text) + warning.chars().count() > text::MAX {
        return Err(Problem::invalid("Validation failed: Text character limit of 500 exceeded"));
    }
    Ok((text, warning))
}

fn files(fields: &Fields) -> Result<Vec<u64>, Problem> {
    let files = fields.list("media_ids");
    if files.len() > media::MAX_ATTACHED {
        return Err(Problem::invalid("Validation failed: Cannot attach more than 4 files"));
    }
    files.iter().map(|file| id(file)).collect()
}

/// `GET /api/v1/statuses?id[]=…`
pub(super) async fn several(server: State<Mastodon>, base: Base, signed: Signed, fields: Fields) -> Json<Value> {
    let state = server.lock();
    let ids = fields.list("id");
    let found = ids.iter().filter_map(|id| state.visible(id.parse().ok()?, signed.is_user()));
    Json(found.map(|status| show::status(&state, status, &base.0, signed.is_user())).collect())
}

/// `GET /api/v1/statuses/{id}`
pub(super) async fn show(server: State<Mastodon>, Path(wanted): Path<String>, base: Base, signed: Signed) -> Answer {
    let state = server.lock();
    let status = state.visible(id(&wanted)?, signed.is_user()).ok_or_else(Problem::not_found)?;
    Ok(Json(show::status(&state, status, &base.0, signed.is_user())))
}

fn own<'a>(state: &'a super::State, wanted: &str) -> Result<&'a Status, Problem> {
    state.status(id(wanted)?).filter(|status| status.account == state.me).ok_or_else(Problem::not_found)
}

/// `PUT /api/v1/statuses/{id}`
pub(super) async fn edit(
    server: State<Mastodon>,
    Path(wanted): Path<String>,
    base: Base,
    signed: Signed,
    fields: Fields,
) -> Answer {
    signed.user()?;
    let (text, warning) = texts(&fields)?;
    let now = server.now();
    let mut state = server.lock();
    let status = own(&state, &wanted)?;
    let id = status.id;
    let files = match fields.value("media_ids") {
        Some(_) => files(&fields)?,
        None => status.media.clone(),
    };
    if text.trim().is_empty() && files.is_empty() {
        return Err(Problem::invalid("Validation failed: Text can't be blank"));
    }
    state.edit(id, text, warning, now);
    if let Some(status) = state.statuses.iter_mut().find(|status| status.id == id) {
        status.media = files;
        status.sensitive = fields.flag("sensitive").unwrap_or(status.sensitive);
        status.language = fields.text("language").or_else(|| status.language.take());
    }
    // Descriptions of files that are already in a status change with the status.
    for change in fields.value("media_attributes").and_then(Value::as_array).into_iter().flatten() {
        let (file, description) = (change["id"].as_str(), change["description"].as_str());
        let found = state.media.iter_mut().find(|media| Some(media.id.to_string().as_str()) == file);
        if let (Some(media), Some(description)) = (found, description) {
            media.description = Some(description.to_owned());
        }
    }
    let status = state.status(id).ok_or_else(Problem::not_found)?;
    Ok(Json(show::status(&state, status, &base.0, true)))
}

/// `DELETE /api/v1/statuses/{id}`: the answer has the source, so that it can be written anew.
pub(super) async fn delete(server: State<Mastodon>, Path(wanted): Path<String>, base: Base, signed: Signed) -> Answer {
    signed.user()?;
    let mut state = server.lock();
    let status = own(&state, &wanted)?;
    let mut shown = show::status(&state, status, &base.0, true);
    shown["text"] = status.text.clone().into();
    let id = status.id;
    state.delete(id);
    Ok(Json(shown))
}

/// `GET /api/v1/statuses/{id}/context`
pub(super) async fn context(server: State<Mastodon>, Path(wanted): Path<String>, base: Base, signed: Signed) -> Answer {
    let state = server.lock();
    let status = state.visible(id(&wanted)?, signed.is_user()).ok_or_else(Problem::not_found)?;
    let mut ancestors = Vec::new();
    let mut parent = status.reply_to;
    while let Some(above) = parent.and_then(|id| state.visible(id, signed.is_user())) {
        ancestors.insert(0, above);
        parent = above.reply_to;
    }
    let mut descendants = Vec::new();
    let mut above = vec![status.id];
    while let Some(id) = above.pop() {
        for below in state.statuses.iter().filter(|other| other.reply_to == Some(id)) {
            if state.may_see(below, signed.is_user()) {
                descendants.push(below);
                above.push(below.id);
            }
        }
    }
    descendants.sort_by_key(|status| status.id);
    let shown = |statuses: Vec<&Status>| -> Vec<Value> {
        statuses.into_iter().map(|status| show::status(&state, status, &base.0, signed.is_user())).collect()
    };
    Ok(Json(json!({"ancestors": shown(ancestors), "descendants": shown(descendants)})))
}

/// `GET /api/v1/statuses/{id}/source`
pub(super) async fn source(server: State<Mastodon>, Path(wanted): Path<String>, signed: Signed) -> Answer {
    signed.user()?;
    let state = server.lock();
    let status = own(&state, &wanted)?;
    Ok(Json(json!({"id": status.id.to_string(), "text": status.text, "spoiler_text": status.warning})))
}

/// `GET /api/v1/statuses/{id}/history`
pub(super) async fn history(
    server: State<Mastodon>,
    Path(wanted): Path<String>,
    base: Base,
    signed: Signed,
) -> Response {
    let state = server.lock();
    let Some(status) = id(&wanted).ok().and_then(|id| state.visible(id, signed.is_user())) else {
        return Problem::not_found().into_response();
    };
    let author = state.account(status.account).map(|author| show::account(author, &base.0));
    let last = (status.text.clone(), status.warning.clone(), status.edited.unwrap_or(status.created));
    let versions = status.history.iter().chain(std::iter::once(&last));
    let shown: Vec<Value> = versions
        .map(|(text, warning, at)| {
            json!({
                "content": text::html(text, &base.0), "spoiler_text": warning, "sensitive": status.sensitive,
                "created_at": millis(*at), "account": author, "poll": null, "emojis": [],
                "media_attachments": show::attachments(&state, &status.media, &base.0),
            })
        })
        .collect();
    Json(shown).into_response()
}
