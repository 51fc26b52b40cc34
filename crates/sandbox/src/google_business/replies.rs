//! Replies to reviews: put in place, and taken away.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Error, GoogleBusiness, Reply};
use crate::kit::Fields;

/// Bytes of a reply.
const MAX: usize = 4_096;

/// `POST /v4/_sandbox/replies {"state": "APPROVED" | "PENDING" | "REJECTED"}`: also for what stands there.
pub(super) async fn judge(google: State<GoogleBusiness>, fields: Fields) -> StatusCode {
    let verdict = match fields.text("state").as_deref() {
        Some("APPROVED") => "APPROVED",
        Some("PENDING") => "PENDING",
        Some("REJECTED") => "REJECTED",
        _ => return StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut state = google.lock();
    state.reply_state = verdict;
    for (_, review) in &mut state.reviews {
        if let Some(reply) = &mut review.reply {
            reply.state = Some(verdict);
        }
    }
    StatusCode::NO_CONTENT
}

/// `PUT …/reviews/{review}/reply {"comment"}`
pub(super) async fn put(
    google: State<GoogleBusiness>,
    Path((account, location, wanted)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Json<Value>, Error> {
    let comment = fields.json()["comment"].as_str().unwrap_or_default().to_owned();
    if comment.trim().is_empty() || comment.len() > MAX {
        return Err(Error::invalid("comment must have from 1 to 4096 bytes."));
    }
    let now = google.now();
    let mut state = google.lock();
    let place = state.place(&account, &location)?;
    let reply = Reply { comment, updated: now, state: Some(state.reply_state) };
    let found = state.reviews.iter_mut().find(|(of, review)| *of == place && review.id == wanted);
    let (_, review) = found.ok_or_else(Error::not_found)?;
    let shown = reply.shown();
    review.reply = Some(reply);
    Ok(Json(shown))
}

/// `DELETE …/reviews/{review}/reply`
pub(super) async fn delete(
    google: State<GoogleBusiness>,
    Path((account, location, wanted)): Path<(String, String, String)>,
) -> Result<Json<Value>, Error> {
    let mut state = google.lock();
    let place = state.place(&account, &location)?;
    let found = state.reviews.iter_mut().find(|(of, review)| *of == place && review.id == wanted);
    found.and_then(|(_, review)| review.reply.take()).map(|_| Json(json!({}))).ok_or_else(Error::not_found)
}
