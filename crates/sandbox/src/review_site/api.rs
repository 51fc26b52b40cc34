//! What programs see.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{LOCATION, ReviewSite, TOKEN};
use crate::google_business::Reply;

/// An error in Google's form.
fn error(code: StatusCode, status: &str, message: &str) -> Response {
    (code, Json(json!({"error": {"code": code.as_u16(), "status": status, "message": message}}))).into_response()
}

fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "NOT_FOUND", "Requested entity was not found.")
}

fn check(headers: &HeaderMap, account: &str, location: &str) -> Result<(), Box<Response>> {
    let token =
        headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    if token != Some(TOKEN) {
        let message = "Request had invalid authentication credentials.";
        return Err(Box::new(error(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)));
    }
    if format!("accounts/{account}/locations/{location}") != LOCATION {
        return Err(Box::new(not_found()));
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListQuery {
    page_size: Option<usize>,
    page_token: Option<String>,
    order_by: Option<String>,
}

pub(super) async fn list(
    State(site): State<ReviewSite>,
    Path((account, location)): Path<(String, String)>,
    Query(query): Query<ListQuery>,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check(&headers, &account, &location) {
        return *refused;
    }
    let invalid = |message| error(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message);
    let size = query.page_size.unwrap_or(50);
    if !(1..=50).contains(&size) {
        return invalid("pageSize must be from 1 to 50.");
    }
    let from = match query.page_token.as_deref().map(|token| token.strip_prefix("from-").map(str::parse)) {
        None => 0,
        Some(Some(Ok(from))) => from,
        Some(_) => return invalid("pageToken is not one that was handed out."),
    };
    let state = site.lock();
    let mut reviews: Vec<_> = state.reviews.iter().collect();
    match query.order_by.as_deref() {
        None | Some("updateTime desc") => reviews.sort_by_key(|review| std::cmp::Reverse(review.updated)),
        Some("rating") => reviews.sort_by_key(|review| review.rating),
        Some("rating desc") => reviews.sort_by_key(|review| std::cmp::Reverse(review.rating)),
        Some(_) => return invalid("orderBy is not known."),
    }
    let mut body = json!({});
    if !reviews.is_empty() {
        let sum: u32 = reviews.iter().map(|review| u32::from(review.rating)).sum();
        let page: Vec<Value> = reviews.iter().skip(from).take(size).map(|review| review.shown(LOCATION)).collect();
        body = json!({
            "reviews": page,
            "averageRating": f64::from(sum) / reviews.len() as f64,
            "totalReviewCount": reviews.len(),
        });
        if from + size < reviews.len() {
            body["nextPageToken"] = format!("from-{}", from + size).into();
        }
    }
    Json(body).into_response()
}

type ReviewPath = Path<(String, String, String)>;

pub(super) async fn show(
    State(site): State<ReviewSite>,
    Path((account, location, review)): ReviewPath,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check(&headers, &account, &location) {
        return *refused;
    }
    let state = site.lock();
    let found = state.reviews.iter().find(|known| known.id == review);
    found.map_or_else(not_found, |review| Json(review.shown(LOCATION)).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct ReplyBody {
    comment: String,
}

pub(super) async fn put_reply(
    State(site): State<ReviewSite>,
    Path((account, location, review)): ReviewPath,
    headers: HeaderMap,
    Json(body): Json<ReplyBody>,
) -> Response {
    if let Err(refused) = check(&headers, &account, &location) {
        return *refused;
    }
    if body.comment.trim().is_empty() || body.comment.len() > 4096 {
        return error(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", "comment must have from 1 to 4096 bytes.");
    }
    let now = (site.clock)();
    let mut state = site.lock();
    let Some(review) = state.reviews.iter_mut().find(|known| known.id == review) else { return not_found() };
    let reply = Reply { comment: body.comment, updated: now, state: None };
    let shown = reply.shown();
    review.reply = Some(reply);
    Json(shown).into_response()
}

pub(super) async fn delete_reply(
    State(site): State<ReviewSite>,
    Path((account, location, review)): ReviewPath,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check(&headers, &account, &location) {
        return *refused;
    }
    let mut state = site.lock();
    let Some(review) = state.reviews.iter_mut().find(|known| known.id == review) else { return not_found() };
    match review.reply.take() {
        Some(_) => Json(json!({})).into_response(),
        None => not_found(),
    }
}
