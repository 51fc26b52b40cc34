//! What everybody with a key may see (`docs.developer.yelp.com/reference`, Yelp Places).

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Review, Yelp};
use crate::kit::{Fields, bearer};
use crate::world::Standing;

/// Requests of a key on one day, on the smallest plan.
const A_DAY: u64 = 300;
/// Characters of an excerpt.
const EXCERPT: usize = 160;
/// Excerpts of one answer, whatever was asked for.
const EXCERPTS: usize = 3;

/// The alias of the business, which serves as well as its id.
pub(super) const ALIAS: &str = "elm-street-clinic-springfield";

fn error(status: StatusCode, code: &str, description: &str) -> Response {
    (status, Json(json!({"error": {"code": code, "description": description}}))).into_response()
}

pub(super) fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "NOT_FOUND", "Resource could not be found.")
}

pub(super) fn token_invalid() -> Response {
    error(StatusCode::UNAUTHORIZED, "TOKEN_INVALID", "Invalid access token or authorization header.")
}

pub(super) fn limit_reached() -> Response {
    let description = "You've reached the access limit for this client. See instructions for requesting a higher access \
                       limit at https://docs.developer.yelp.com/docs/places-rate-limiting";
    error(StatusCode::TOO_MANY_REQUESTS, "ACCESS_LIMIT_REACHED", description)
}

pub(super) fn too_fast() -> Response {
    let description = "You have exceeded the queries-per-second limit for this endpoint. Try reducing the rate at which \
                       you make queries.";
    error(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS_PER_SECOND", description)
}

pub(super) fn forbidden() -> Response {
    error(
        StatusCode::FORBIDDEN,
        "AUTHORIZATION_ERROR",
        "Authorization Error: Missing authorization to access this resource.",
    )
}

fn invalid(field: &str, value: &str, description: &str) -> Response {
    let body = json!({"error": {
        "code": "VALIDATION_ERROR", "description": description, "field": field, "instance": value,
    }});
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// The next midnight, UTC.
fn midnight(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    let into_the_day = second.rem_euclid(86_400);
    Timestamp::from_second(second - into_the_day + 86_400).unwrap_or(now)
}

/// Lets in whoever has a key, and counts until midnight UTC.
pub(super) async fn check_key_and_count(State(yelp): State<Yelp>, request: Request, next: Next) -> Response {
    let standing = bearer(request.headers()).map_or(Standing::Unknown, |key| yelp.tokens.standing(key));
    if standing != Standing::Valid {
        return token_invalid();
    }
    let now = yelp.now();
    let resets = midnight(now);
    let rest = now.duration_until(resets).max(SignedDuration::from_secs(1));
    let spent = yelp.lock().windows.spend(&now.strftime("%F").to_string(), A_DAY, rest, now);
    let mut response = if spent.refused { limit_reached() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert("ratelimit-dailylimit", spent.limit.into());
    headers.insert("ratelimit-remaining", spent.remaining.into());
    if let Ok(reset) = HeaderValue::from_str(&resets.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()) {
        headers.insert("ratelimit-resettime", reset);
    }
    response
}

/// The locale of a request: a language and a country.
fn locale(fields: &Fields) -> Result<String, Box<Response>> {
    let locale = fields.text("locale").unwrap_or_else(|| "en_US".to_owned());
    let parts = locale.split_once('_');
    let is_locale = parts.is_some_and(|(language, country)| {
        (2..=3).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    if is_locale {
        return Ok(locale);
    }
    let description = format!("'{locale}' does not match '^[a-z]{{2,3}}_[A-Z]{{2}}$'");
    Err(Box::new(invalid("locale", &locale, &description)))
}

fn shown_business(yelp: &Yelp) -> Value {
    let state = yelp.lock();
    let count = state.reviews.len();
    let sum: u32 = state.reviews.iter().map(|review| u32::from(review.rating)).sum();
    // Averages are shown in halves.
    let average = if count == 0 { 0.0 } else { (f64::from(sum) / count as f64 * 2.0).round() / 2.0 };
    json!({
        "id": state.business, "alias": ALIAS, "name": "Elm Street Clinic", "is_closed": false,
        "image_url": "https://media.example.org/elm-street-clinic.jpg", "is_claimed": true, "url": format!("https://www.yelp.com/biz/{ALIAS}"), "phone": "+15555550142",
        "display_phone": "(555) 555-0142", "review_count": count, "rating": average, "photos": [], "transactions": [],
        "categories": [{"alias": "medcenters", "title": "Medical Centers"}],
        "coordinates": {"latitude": 39.78, "longitude": -89.65},
        "location": {
            "address1": "1 Elm Street", "address2": null, "address3": null, "city": "Springfield", "zip_code": "00000",
            "country": "US", "state": "XX", "display_address": ["1 Elm Street", "Springfield, XX 00000"],
        },
    })
}

fn is_the_business(yelp: &Yelp, wanted: &str) -> Result<(), Box<Response>> {
    let state = yelp.lock();
    if wanted == state.business || wanted == ALIAS {
        return Ok(());
    }
    let description = "The requested business could not be found.";
    Err(Box::new(error(StatusCode::NOT_FOUND, "BUSINESS_NOT_FOUND", description)))
}

/// `GET /v3/businesses/search`: the one business, if its name has the term in it.
pub(super) async fn search(yelp: State<Yelp>, fields: Fields) -> Response {
    if fields.value("location").is_none() && fields.value("latitude").is_none() {
        return invalid("location", "", "Please specify a location or a latitude and longitude");
    }
    let term = fields.text("term").unwrap_or_default().to_lowercase();
    let found: Vec<Value> = if "elm street clinic".contains(&term) { vec![shown_business(&yelp)] } else { Vec::new() };
    let region = json!({"center": {"latitude": 39.78, "longitude": -89.65}});
    Json(json!({"total": found.len(), "businesses": found, "region": region})).into_response()
}

/// `GET /v3/businesses/{business}`
pub(super) async fn business(yelp: State<Yelp>, Path(wanted): Path<String>, fields: Fields) -> Response {
    match locale(&fields).and_then(|_| is_the_business(&yelp, &wanted)) {
        Ok(()) => Json(shown_business(&yelp)).into_response(),
        Err(refused) => *refused,
    }
}

/// `GET /v3/businesses/{business}/reviews`: three excerpts, the newest first.
pub(super) async fn reviews(yelp: State<Yelp>, Path(wanted): Path<String>, fields: Fields) -> Response {
    let language = match locale(&fields).and_then(|locale| is_the_business(&yelp, &wanted).map(|()| locale)) {
        Ok(locale) => locale.split('_').next().unwrap_or_default().to_owned(),
        Err(refused) => return *refused,
    };
    let number = |name: &str, usual: u64| usize::try_from(fields.number(name).unwrap_or(usual)).unwrap_or(usize::MAX);
    let (limit, offset) = (number("limit", 20), number("offset", 0));
    for (name, value, most) in [("limit", limit, 50), ("offset", offset, 1_000)] {
        if value > most {
            return invalid(name, &value.to_string(), &format!("{value} is greater than the maximum of {most}"));
        }
    }
    let state = yelp.lock();
    let mut all: Vec<&Review> = state.reviews.iter().filter(|_| language == "en").collect();
    all.sort_by_key(|review| std::cmp::Reverse(review.created));
    let shown: Vec<Value> = all.iter().skip(offset).take(limit.min(EXCERPTS)).map(|review| excerpt(review)).collect();
    Json(json!({"total": all.len(), "possible_languages": ["en"], "reviews": shown})).into_response()
}

/// What everybody may see of a review: its beginning, and where the rest is.
pub(super) fn excerpt(review: &Review) -> Value {
    let mut text: String = review.text.chars().take(EXCERPT).collect();
    if text.len() < review.text.len() {
        text.push_str("...");
    }
    let local = review.created.in_tz("America/Los_Angeles").map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    json!({
        "id": review.id, "url": format!("https://www.yelp.com/biz/{ALIAS}?hrid={}", review.id), "text": text,
        "rating": review.rating, "time_created": local.unwrap_or_default(),
        "user": {
            "id": review.user, "profile_url": format!("https://www.yelp.com/user_details?userid={}", review.user),
            "image_url": null, "name": review.name,
        },
    })
}
