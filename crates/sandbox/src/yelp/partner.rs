//! What partners may do: reply in the name of an owner (`docs.developer.yelp.com`, Respond to Reviews).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde_json::json;
use url::Url;

use super::Yelp;
use crate::kit::{Fields, basic, bearer};
use crate::world::{SECRET, Standing, TOKEN};

/// Characters of a reply.
const MAX: usize = 5_000;
/// Replies of one owner at one place on one day.
const A_DAY: u64 = 20;
/// Seconds that an access token is good for: seven days.
const LASTS: i64 = 7 * 86_400;

/// An error of the partner interface, which names it `id` and repeats the status.
fn error(status: StatusCode, id: &str, description: &str) -> Response {
    let body = json!({"error": {"id": id, "description": description, "http_code": status.as_u16()}});
    (status, Json(body)).into_response()
}

pub(super) fn invalid_token() -> Response {
    let description = "The access token provided is expired, revoked, malformed, or invalid for other reasons.";
    error(StatusCode::UNAUTHORIZED, "INVALID_TOKEN", description)
}

pub(super) fn quota_exceeded() -> Response {
    refused("R2R_COMMENT_QUOTA_EXCEEDED", "You have made too many comments recently.")
}

pub(super) fn permission_denied() -> Response {
    refused("R2R_PERMISSION_DENIED", "You do not have permission to comment on that review.")
}

fn refused(id: &str, description: &str) -> Response {
    error(StatusCode::BAD_REQUEST, id, description)
}

fn is_owner(yelp: &Yelp, headers: &HeaderMap) -> bool {
    bearer(headers).is_some_and(|token| yelp.tokens.standing(token) == Standing::Valid)
}

/// Whether a text has a picture in it.
fn has_emoji(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{fe0f}' | '\u{200d}'))
}

/// `POST /reviews/v1/{review} {"response_text", "response_type": "public_comment"}`
pub(super) async fn reply(
    yelp: State<Yelp>,
    Path(wanted): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    if !is_owner(&yelp, &headers) {
        return invalid_token();
    }
    let (text, kind) = (fields.text("response_text"), fields.text("response_type"));
    let (Some(text), Some(kind)) = (text, kind) else {
        return refused("INVALID_REQUEST", "Missing a required parameter or includes an unsupported parameter.");
    };
    if kind != "public_comment" {
        return refused("R2R_INVALID_RESPONSE_TYPE", "Invalid response type.");
    }
    let now = yelp.now();
    let mut state = yelp.lock();
    if !state.photo {
        return refused("R2R_PROBLEM_WITH_USER_PHOTO", "Photo is missing, unacceptable, or pending.");
    }
    let same = |review: &super::Review| review.reply.as_deref() == Some(text.as_str());
    let wrong =
        text.trim().is_empty() || text.chars().count() > MAX || has_emoji(&text) || state.reviews.iter().any(same);
    if wrong {
        return refused("R2R_INVALID_RESPONSE_TEXT", "Invalid response text.");
    }
    let Some(at) = state.reviews.iter().position(|review| review.id == wanted) else {
        return refused("R2R_REVIEW_DOES_NOT_EXIST", "Review does not exist.");
    };
    let day = format!("replies/{}", now.strftime("%F"));
    if state.windows.spend(&day, A_DAY, SignedDuration::from_hours(24), now).refused {
        return quota_exceeded();
    }
    state.reviews[at].reply = Some(text);
    Json(json!({"success": true})).into_response()
}

/// `GET /v1/business_owner/me/profile`
pub(super) async fn profile(yelp: State<Yelp>, headers: HeaderMap) -> Response {
    if !is_owner(&yelp, &headers) {
        return invalid_token();
    }
    let photo = yelp.lock().photo.then_some("https://s3-media0.fl.yelpcdn.com/buphoto/sandbox/ms.jpg");
    Json(json!({
        "first_name": "Ada", "last_name": "Byrne", "email": "ada.byrne@elmstreet.example.org", "position": "MANAGER",
        "id": yelp.ids.letters_of("yelp owner", "Ada Byrne", 22), "photo_url": photo,
    }))
    .into_response()
}

/// `GET /oauth2/authorize`: the owner pressed "Allow", and the code is on its way.
pub(super) async fn authorize(yelp: State<Yelp>, fields: Fields) -> Response {
    let text = |name: &str| fields.text(name).unwrap_or_default();
    let redirect = text("redirect_uri");
    let Ok(mut url) = Url::parse(&redirect) else {
        return refused("INVALID_REQUEST", "Missing a required parameter or includes an unsupported parameter.");
    };
    if text("client_id") != TOKEN || text("response_type") != "code" {
        return error(StatusCode::NOT_FOUND, "CLIENT_NOT_FOUND", "Supplied client ID does not exist.");
    }
    let code = yelp.ids.letters("yelp code", 32);
    yelp.lock().grants.insert(code.clone(), redirect);
    url.query_pairs_mut().append_pair("code", &code);
    if let Some(given) = fields.text("state") {
        url.query_pairs_mut().append_pair("state", &given);
    }
    (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response()
}

/// `POST /token/v1`, `POST /oauth2/token`: a code, or a refresh token, each good for one use.
pub(super) async fn token(yelp: State<Yelp>, headers: HeaderMap, fields: Fields) -> Response {
    let sent = basic(&headers).or_else(|| Some((fields.text("client_id")?, fields.text("client_secret")?)));
    if !sent.is_some_and(|(id, secret)| id == TOKEN && secret == SECRET) {
        let description = "Client authentication failed due to unknown client, no client authentication included, or \
                           unsupported authentication method.";
        return error(StatusCode::UNAUTHORIZED, "INVALID_CLIENT", description);
    }
    let granted = match fields.text("grant_type").as_deref() {
        Some("authorization_code") => {
            let redirect = fields.text("code").and_then(|code| yelp.lock().grants.remove(&code));
            redirect.is_some_and(|known| fields.text("redirect_uri").is_none_or(|sent| sent == known))
        }
        Some("refresh_token") => {
            let token = fields.text("refresh_token").unwrap_or_default();
            let mut state = yelp.lock();
            let before = state.refresh.len();
            state.refresh.retain(|known| *known != token);
            state.refresh.len() < before
        }
        _ => {
            let description = "The authorization grant type is not supported by the authorization server.";
            return refused("UNSUPPORTED_GRANT_TYPE", description);
        }
    };
    if !granted {
        return refused("INVALID_GRANT", "The provided authorization grant is invalid, expired or revoked.");
    }
    let access = yelp.tokens.issue("", Some(LASTS));
    let refresh = yelp.ids.letters("yelp refresh", 32);
    yelp.lock().refresh.push(refresh.clone());
    let until = yelp.now().saturating_add(SignedDuration::from_secs(LASTS)).unwrap_or_else(|_| yelp.now());
    Json(json!({
        "access_token": access, "expires_in": LASTS, "expiration_timestamp": until.to_string(), "token_type": "Bearer",
        "refresh_token": refresh,
    }))
    .into_response()
}
