//! X: version 2 of its interface, and what its clients still need of version 1.1.
//!
//! After the OpenAPI descriptions 2.166 (which says *tweet*) and 2.167 (*post*); an answer follows the
//! names of the question. One account, `@elmstreet`. Requests are signed with a bearer token or with
//! OAuth 1.0a, whose signature is checked. The rules that surprise people are kept: 280 weighted
//! characters, nothing twice, no reply to somebody who did not mention or quote the account
//! (`POST /2/_sandbox/replies {"permitted": "everybody"}` lifts that).

#[cfg(test)]
mod connector_tests;
mod events;
mod lists;
mod media;
mod messages;
mod oauth1;
mod oauth2;
mod people;
mod posts;
mod problem;
mod search;
mod show;
mod state;
#[cfg(test)]
mod tests;
mod text;
mod users;
mod webhooks;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State as Shared};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use jiff::{SignedDuration, Timestamp};

use self::problem::Problem;
use self::state::State;
use crate::Clock;
use crate::kit::{Spent, bearer};
use crate::world::{Hooks, Ids, Standing, TOKEN, Tokens};

/// The largest body that is read, in bytes: a video in one part.
const LARGEST: usize = 64 << 20;

/// What the account has posted when the world begins.
const WELCOME: &str = "Flu shots from Monday, without an appointment.";

/// An emulated X. Clones share it.
#[derive(Clone)]
pub struct X {
    state: Arc<Mutex<State>>,
    ids: Ids,
    tokens: Tokens,
    clock: Clock,
    hooks: Hooks,
}

impl X {
    /// One account, which has posted once.
    pub fn new(clock: Clock, seed: u64, hooks: Hooks) -> Self {
        let ids = Ids::new(seed);
        let state = Arc::new(Mutex::new(State::new(ids.clone(), clock())));
        let tokens = Tokens::new(clock.clone(), ids.clone());
        Self { state, ids, tokens, clock, hooks }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn routes(&self) -> Router {
        let signed = Router::new()
            .route("/2/tweets", get(posts::several).post(posts::create))
            .route("/2/tweets/{id}", get(posts::show).delete(posts::delete))
            .route("/2/tweets/{id}/hidden", put(posts::hide))
            .route("/2/tweets/{id}/quote_tweets", get(lists::quotes))
            .route("/2/tweets/search/recent", get(lists::search))
            .route("/2/tweets/analytics", get(posts::analytics))
            .route("/2/users", get(users::several))
            .route("/2/users/me", get(users::me))
            .route("/2/users/{id}", get(users::show))
            .route("/2/users/by", get(users::several_by_name))
            .route("/2/users/by/username/{username}", get(users::by_name))
            .route("/2/users/{id}/mentions", get(lists::mentions))
            .route("/2/users/{id}/tweets", get(lists::timeline))
            .route("/2/media/upload", get(media::status).post(media::upload))
            .route("/2/media/upload/initialize", post(media::initialize))
            .route("/2/media/upload/{id}/append", post(media::append))
            .route("/2/media/upload/{id}/finalize", post(media::finalize))
            .route("/2/media/metadata", post(media::metadata))
            .route("/1.1/account/verify_credentials.json", get(users::verify))
            .route("/1.1/media/upload.json", get(media::old::upload).post(media::old::upload))
            .route("/1.1/media/metadata/create.json", post(media::old::metadata))
            .route("/2/dm_events", get(messages::all))
            .route("/2/dm_conversations/with/{user}/dm_events", get(messages::with))
            .route("/2/dm_conversations/with/{user}/messages", post(messages::send_with))
            .route("/2/dm_conversations/{id}/dm_events", get(messages::of))
            .route("/2/dm_conversations/{id}/messages", post(messages::send))
            .route("/2/webhooks", get(webhooks::list).post(webhooks::create))
            .route("/2/webhooks/{id}", put(webhooks::check).delete(webhooks::delete))
            .route(
                "/2/account_activity/webhooks/{id}/subscriptions/all",
                get(webhooks::subscribed).post(webhooks::subscribe),
            )
            .route("/2/account_activity/webhooks/{id}/subscriptions/all/list", get(webhooks::subscribers))
            .route("/2/account_activity/webhooks/{id}/subscriptions/{user}/all", axum::routing::delete(webhooks::leave))
            .route_layer(axum::middleware::from_fn_with_state(self.clone(), sign_in_and_count));
        let open = Router::new()
            .route("/i/oauth2/authorize", get(oauth2::authorize))
            .route("/2/oauth2/token", post(oauth2::token))
            .route("/oauth2/token", post(oauth2::application_token))
            .route("/2/oauth2/revoke", post(oauth2::revoke))
            .route("/2/_sandbox/replies", post(people::permit_replies));
        let routes = signed.merge(open).fallback(async || Problem::not_found());
        routes.layer(DefaultBodyLimit::max(LARGEST)).with_state(self.clone())
    }
}

/// How many requests of a user are taken in 15 minutes (`docs.x.com/x-api/fundamentals/rate-limits`).
fn limit(method: &Method, path: &str) -> u64 {
    match (method.as_str(), path) {
        ("POST", "/2/tweets") => 100,
        ("PUT" | "DELETE", path) if path.starts_with("/2/tweets/") => 50,
        ("GET", "/2/users/me") => 75,
        ("GET", "/2/users/{id}/mentions" | "/2/tweets/search/recent" | "/2/tweets/analytics") => 300,
        ("GET", "/2/tweets/{id}/quote_tweets") => 75,
        ("POST", path) if path.starts_with("/2/dm_") => 15,
        ("GET", path) if path.starts_with("/2/dm_") => 15,
        (_, path) if path.contains("media") => 500,
        (_, "/2/webhooks") => 450,
        _ => 900,
    }
}

/// What only the application's own token may ask for (`BearerToken` in the specification).
fn needs_application(method: &Method, path: &str) -> bool {
    let lists = method == Method::GET && path == "/2/webhooks";
    lists || (path.starts_with("/2/account_activity/") && (path.ends_with("/list") || method == Method::DELETE))
}

/// What only a user's token may ask for.
fn needs_user(path: &str) -> bool {
    path.starts_with("/2/account_activity/") && path.ends_with("/subscriptions/all")
}

/// Lets in whoever is signed in, by token or signature, and counts.
async fn sign_in_and_count(Shared(x): Shared<X>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return Problem::unreadable().into_response();
    };
    let token = bearer(&parts.headers);
    let is_known = match token {
        Some(token) => x.tokens.standing(token) == Standing::Valid,
        None => oauth1::is_signed(&parts, &body),
    };
    let is_old = parts.uri.path().starts_with("/1.1/");
    if !is_known {
        return if is_old { media::old::unauthorized() } else { Problem::unauthorized().into_response() };
    }
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let is_application = token.is_some_and(|token| token == TOKEN || x.lock().applications.contains(token));
    let is_user = token.is_none_or(|token| token == TOKEN || !is_application);
    if (needs_application(&parts.method, &path) && !is_application) || (needs_user(&path) && !is_user) {
        return Problem::unsupported_authentication().into_response();
    }
    let name = format!("{} {path}", parts.method);
    let length = SignedDuration::from_mins(15);
    let spent = x.lock().windows.spend(&name, limit(&parts.method, &path), length, x.now());
    let mut response = if spent.refused {
        Problem::too_many().into_response()
    } else {
        next.run(Request::from_parts(parts, Body::from(body))).await
    };
    stamp(&mut response, spent);
    response
}

/// The headers that say where the caller stands.
fn stamp(response: &mut Response, spent: Spent) {
    let headers = response.headers_mut();
    headers.insert("x-rate-limit-limit", spent.limit.into());
    headers.insert("x-rate-limit-remaining", spent.remaining.into());
    headers.insert("x-rate-limit-reset", spent.resets.as_second().into());
    headers.entry(header::CACHE_CONTROL).or_insert(axum::http::HeaderValue::from_static("no-store"));
}

/// An id of a path, or the problem that it is none.
fn id(parameter: &str, text: &str) -> Result<u64, Problem> {
    let valid = !text.is_empty() && text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = if valid { text.parse().ok() } else { None };
    parsed.ok_or_else(|| {
        let message = format!("The `{parameter}` query parameter value [{text}] is not valid");
        Problem::invalid(parameter, text, &message)
    })
}
