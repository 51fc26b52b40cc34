//! A server of Bluesky (PDS) that passes on what the network answers, after the lexicons of the AT
//! Protocol (`docs.bsky.app`).
//!
//! One account, `@elmstreet.example.org`, for which the access token `sandbox` stands, and which signs in
//! with the app password `sandbox-secret`. An access token lasts two hours, a refresh token two months and
//! is good once. Records are written, changed only where they still are what they were (`swapRecord`),
//! and deleted; what people write comes as notifications, in threads and by address.
//!
//! CIDs have the form of real ones and change with the record, but are made of its JSON.

#[cfg(test)]
mod connector_tests;
mod people;
mod repo;
mod sessions;
mod state;
mod views;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};

use self::state::State;
use crate::Clock;
use crate::kit::{Fields, bearer};
use crate::world::{Ids, Standing, Tokens};

/// The collection of posts.
const POSTS: &str = "app.bsky.feed.post";

/// An emulated server. Clones share it.
#[derive(Clone)]
pub struct Bluesky {
    state: Arc<Mutex<State>>,
    ids: Ids,
    access: Tokens,
    refresh: Tokens,
    clock: Clock,
}

impl Bluesky {
    /// A server with one account, which has posted once. It has no webhooks.
    pub fn new(clock: Clock, seed: u64) -> Self {
        let ids = Ids::new(seed);
        let state = Arc::new(Mutex::new(State::new(&ids, clock())));
        let access = Tokens::new(clock.clone(), ids.clone());
        let refresh = Tokens::new(clock.clone(), ids.clone());
        Self { state, ids, access, refresh, clock }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn routes(&self) -> Router {
        Router::new().route("/xrpc/{method}", any(xrpc)).with_state(self.clone())
    }

    /// Passes whoever shows an access token that holds.
    fn signed(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let token = bearer(headers).ok_or(Problem::NOBODY)?;
        match self.access.standing(token) {
            Standing::Valid => Ok(()),
            Standing::Expired => Err(Problem::EXPIRED),
            Standing::Revoked | Standing::Unknown => Err(Problem::INVALID_TOKEN),
        }
    }
}

/// An error as the AT Protocol words it: a name and a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Problem(StatusCode, &'static str, &'static str);

impl Problem {
    const NOBODY: Self = Self(StatusCode::UNAUTHORIZED, "AuthMissing", "Authentication Required");
    const EXPIRED: Self = Self(StatusCode::BAD_REQUEST, "ExpiredToken", "Token has expired");
    const REVOKED: Self = Self(StatusCode::BAD_REQUEST, "ExpiredToken", "Token has been revoked");
    const INVALID_TOKEN: Self = Self(StatusCode::BAD_REQUEST, "InvalidToken", "Token could not be verified");
    const WRONG_PASSWORD: Self =
        Self(StatusCode::UNAUTHORIZED, "AuthenticationRequired", "Invalid identifier or password");
    const TOO_MUCH: Self = Self(StatusCode::TOO_MANY_REQUESTS, "RateLimitExceeded", "Rate Limit Exceeded");
    const FORBIDDEN: Self = Self(StatusCode::FORBIDDEN, "Forbidden", "Forbidden");
    const NO_RECORD: Self = Self(StatusCode::BAD_REQUEST, "RecordNotFound", "Could not locate record");
    const NO_METHOD: Self = Self(StatusCode::NOT_IMPLEMENTED, "MethodNotImplemented", "Method Not Implemented");

    const fn invalid(message: &'static str) -> Self {
        Self(StatusCode::BAD_REQUEST, "InvalidRequest", message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1, "message": self.2}))).into_response()
    }
}

async fn xrpc(
    Shared(server): Shared<Bluesky>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Value>, Problem> {
    let asks = match method {
        Method::GET => false,
        Method::POST => true,
        _ => return Err(Problem::NO_METHOD),
    };
    if let (true, "com.atproto.server.createSession") = (asks, name.as_str()) {
        return sessions::create(&server, &fields).map(Json);
    }
    if let (true, "com.atproto.server.refreshSession" | "com.atproto.server.deleteSession") = (asks, name.as_str()) {
        return sessions::change(&server, &headers, name.ends_with("deleteSession")).map(Json);
    }
    server.signed(&headers)?;
    let answer = match (asks, name.as_str()) {
        (false, "com.atproto.server.getSession") => Ok(sessions::show(&server)),
        (false, "com.atproto.identity.resolveHandle") => views::resolve(&server, &fields),
        (false, "app.bsky.notification.listNotifications") => views::notifications(&server, &fields),
        (false, "app.bsky.feed.getAuthorFeed") => views::author_feed(&server, &fields),
        (false, "app.bsky.feed.getPostThread") => views::thread(&server, &fields),
        (false, "app.bsky.feed.getPosts") => views::posts(&server, &fields),
        (false, "com.atproto.repo.getRecord") => repo::get(&server, &fields),
        (false, "com.atproto.repo.listRecords") => repo::list(&server, &fields),
        (true, "com.atproto.repo.createRecord") => repo::write(&server, &fields, true),
        (true, "com.atproto.repo.putRecord") => repo::write(&server, &fields, false),
        (true, "com.atproto.repo.deleteRecord") => repo::delete(&server, &fields),
        (true, "com.atproto.repo.uploadBlob") => repo::upload(&headers, &fields),
        _ => Err(Problem::NO_METHOD),
    };
    answer.map(Json)
}
