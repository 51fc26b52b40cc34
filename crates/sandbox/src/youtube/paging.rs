//! Pages of a listing, by a token that stays good when its element is deleted.

use std::cmp::Reverse;

use axum::Json;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::error::ApiError;
use crate::kit::Key;
use crate::world::Input;

/// How a listing is made: its kind, the number of elements where none is named, and the most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) kind: &'static str,
    pub(super) usual: usize,
    pub(super) most: usize,
    /// Whether the whole number of elements is told, or that of the page.
    pub(super) tells_all: bool,
}

/// The page that is asked for, the newest first. `show` makes an element from its id.
///
/// Errors: a number out of bounds, or a token that was never handed out.
pub(super) fn page(
    input: &Input,
    shape: Shape,
    mut all: Vec<(Key, String)>,
    show: impl Fn(&str) -> Value,
) -> Result<Response, ApiError> {
    let most = match input.text("maxResults") {
        None => shape.usual,
        Some(text) => text.parse().ok().filter(|most| (1..=shape.most).contains(most)).ok_or(ApiError::bad(
            "global",
            "invalidParameter",
            "Invalid value for maxResults.",
        ))?,
    };
    let after = match input.text("pageToken").filter(|token| !token.is_empty()) {
        None => None,
        Some(token) => Some(Key::read(&token).ok_or(ApiError::bad(
            "youtube.parameter",
            "invalidPageToken",
            "The request specifies an invalid page token.",
        ))?),
    };
    all.sort_by_key(|(key, _)| Reverse(*key));
    let from = after.map_or(0, |after| all.partition_point(|(key, _)| *key >= after));
    let to = all.len().min(from + most);
    let items: Vec<Value> = all[from..to].iter().map(|(_, id)| show(id)).collect();
    let total = if shape.tells_all { all.len() } else { items.len() };
    let mut body =
        json!({"kind": shape.kind, "pageInfo": {"totalResults": total, "resultsPerPage": most}, "items": items});
    if to < all.len() && to > from {
        body["nextPageToken"] = all[to - 1].0.cursor().into();
    }
    Ok(answer(body))
}

/// An answer with its tag.
pub(super) fn answer(mut body: Value) -> Response {
    body["etag"] = etag(&body).into();
    Json(body).into_response()
}

/// The tag of a resource: another one as soon as anything of it is another.
pub(super) fn etag(body: &Value) -> String {
    let digest = Sha256::digest(body.to_string());
    URL_SAFE_NO_PAD.encode(&digest[..20])
}

/// The parts that are asked for.
///
/// Errors: none is.
pub(super) fn parts(input: &Input) -> Result<Vec<String>, ApiError> {
    let parts: Vec<String> =
        input.list("part").iter().filter_map(|part| part.as_str().map(|part| part.trim().to_owned())).collect();
    if parts.is_empty() {
        Err(ApiError::missing("No part selected; the parameter part is required."))
    } else {
        Ok(parts)
    }
}

/// Ids in a parameter.
pub(super) fn ids(input: &Input, name: &str) -> Vec<String> {
    input.list(name).iter().filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

/// A resource with those of its parts that were asked for.
pub(super) fn resource(kind: &str, id: &str, all: Value, parts: &[String]) -> Value {
    let mut shown = json!({"kind": kind, "id": id});
    if let Value::Object(all) = all {
        for (name, part) in all {
            if !part.is_null() && parts.contains(&name) {
                shown[name] = part;
            }
        }
    }
    shown["etag"] = etag(&shown).into();
    shown
}

/// A time as YouTube writes it.
pub(super) fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
