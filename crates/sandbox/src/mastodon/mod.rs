//! A server that speaks the Mastodon interface, after `docs.joinmastodon.org`.
//!
//! One account, `@elmstreet`, for which the token `sandbox` stands; people of other servers write to
//! it through the control interface. Applications register, people authorise them at once, tokens
//! are taken back. Statuses have the four visibilities, an edit history, media with descriptions, a
//! schedule and keys of idempotency; notifications page by `Link`; the stream is server-sent events.
//!
//! Ids rise with time, as Mastodon's do, so that `since_id` and `max_id` mean what they say.

mod accounts;
mod instance;
mod media;
mod notifications;
mod oauth;
mod paging;
mod people;
mod scheduled;
mod show;
mod state;
mod statuses;
#[cfg(test)]
mod story;
mod streaming;
#[cfg(test)]
mod tests;
mod text;
mod timelines;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::broadcast;

use self::state::State;
pub use self::state::Visibility;
use crate::Clock;
use crate::kit::{Fields, Spent, bearer, millis};
use crate::world::{Ids, Standing, Tokens};

/// What the account has written when the world begins.
const WELCOME: &str = "Flu shots from Monday, without an appointment.";

/// An emulated server. Clones share it.
#[derive(Clone)]
pub struct Mastodon {
    state: Arc<Mutex<State>>,
    events: broadcast::Sender<state::Event>,
    ids: Ids,
    tokens: Tokens,
    clock: Clock,
}

impl Mastodon {
    /// A server with one account and nothing written. It has no webhooks: who wants to be told at
    /// once listens to the stream.
    pub fn new(clock: Clock, seed: u64) -> Self {
        let ids = Ids::new(seed);
        let state = Arc::new(Mutex::new(State::new(ids.clone(), clock())));
        let tokens = Tokens::new(clock.clone(), ids.clone());
        Self { state, events: broadcast::Sender::new(1_024), ids, tokens, clock }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Ends every stream: a server that is told to end waits for them.
    pub(crate) fn end_streams(&self) {
        // Nobody listens: nobody is told.
        let _ = self.events.send(state::Event::End);
    }

    /// Tells the streams what happened since they were last told.
    fn tell(&self) {
        let events = std::mem::take(&mut self.lock().events);
        for event in events {
            // Nobody listens: nobody is told.
            let _ = self.events.send(event);
        }
    }

    /// All its routes.
    fn routes(&self) -> Router {
        let routes = Router::new()
            .route("/.well-known/nodeinfo", get(instance::nodeinfo_links))
            .route("/nodeinfo/2.0", get(instance::nodeinfo))
            .route("/api/v1/instance", get(instance::v1))
            .route("/api/v1/instance/", get(instance::v1))
            .route("/api/v2/instance", get(instance::v2))
            .route("/api/v2/instance/", get(instance::v2))
            .route("/api/v1/custom_emojis", get(async || Json(json!([]))))
            .route("/api/v1/apps", post(oauth::register))
            .route("/api/v1/apps/verify_credentials", get(oauth::verify_app))
            .route("/oauth/authorize", get(oauth::authorize))
            .route("/oauth/token", post(oauth::token))
            .route("/oauth/revoke", post(oauth::revoke))
            .route("/api/v1/accounts/verify_credentials", get(accounts::verify))
            .route("/api/v1/accounts/lookup", get(accounts::lookup))
            .route("/api/v1/accounts/search", get(accounts::search))
            .route("/api/v1/accounts/relationships", get(accounts::relationships))
            .route("/api/v1/accounts/{id}", get(accounts::show))
            .route("/api/v1/accounts/{id}/statuses", get(accounts::statuses))
            .route("/api/v1/accounts/{id}/{action}", post(accounts::act))
            .route("/api/v1/reports", post(accounts::report))
            .route("/api/v2/search", get(accounts::search_all))
            .route("/api/v1/statuses", get(statuses::several).post(statuses::create))
            .route("/api/v1/statuses/{id}", get(statuses::show).put(statuses::edit).delete(statuses::delete))
            .route("/api/v1/statuses/{id}/context", get(statuses::context))
            .route("/api/v1/statuses/{id}/source", get(statuses::source))
            .route("/api/v1/statuses/{id}/history", get(statuses::history))
            .route("/api/v1/scheduled_statuses", get(scheduled::list))
            .route(
                "/api/v1/scheduled_statuses/{id}",
                get(scheduled::show).put(scheduled::update).delete(scheduled::cancel),
            )
            .route("/api/v1/media", post(media::upload_v1))
            .route("/api/v2/media", post(media::upload_v2))
            .route("/api/v1/media/{id}", get(media::get).put(media::update))
            .route("/api/v1/media/{id}/original", get(media::original))
            .route("/api/v1/notifications", get(notifications::list))
            .route("/api/v1/notifications/clear", post(notifications::clear))
            .route("/api/v1/notifications/{id}", get(notifications::show))
            .route("/api/v1/notifications/{id}/dismiss", post(notifications::dismiss))
            .route("/api/v1/timelines/home", get(timelines::home))
            .route("/api/v1/timelines/public", get(timelines::public))
            .route("/api/v1/timelines/tag/{hashtag}", get(timelines::tag))
            .route("/api/v1/streaming/health", get(async || "OK"))
            .route("/api/v1/streaming/{stream}", get(streaming::stream))
            .route("/api/v1/streaming/{stream}/{part}", get(streaming::stream_part))
            .fallback(async || Problem::not_found())
            .method_not_allowed_fallback(async || Problem::not_found())
            .layer(DefaultBodyLimit::max(media::VIDEO_BYTES + 65_536))
            .layer(axum::middleware::from_fn_with_state(self.clone(), before_and_after));
        routes.with_state(self.clone())
    }
}

/// For whom a request speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    /// There was no token.
    Nobody,
    /// An application without a user.
    Application,
    /// The account.
    User,
}

impl Signed {
    fn is_user(self) -> bool {
        self == Self::User
    }

    /// Passes only the account.
    fn user(self) -> Result<(), Problem> {
        match self {
            Self::User => Ok(()),
            Self::Application => Err(Problem::invalid("This method requires an authenticated user")),
            Self::Nobody => Err(Problem::unauthorized()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self::Nobody))
    }
}

/// An error as Mastodon words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(StatusCode, &'static str);

impl Problem {
    const fn not_found() -> Self {
        Self(StatusCode::NOT_FOUND, "Record not found")
    }

    const fn unauthorized() -> Self {
        Self(StatusCode::UNAUTHORIZED, "The access token is invalid")
    }

    const fn invalid(message: &'static str) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

/// The limit that a request counts against: its name, how many, and in how many minutes
/// (`docs.joinmastodon.org/api/rate-limits`).
fn limit(method: &Method, path: &str) -> (&'static str, u64, i64) {
    let media = matches!(path, "/api/v1/media" | "/api/v2/media");
    let status = path.starts_with("/api/v1/statuses/");
    match () {
        () if media && method == Method::POST => ("media", 30, 30),
        () if status && method == Method::DELETE => ("deletions", 30, 30),
        () => ("all", 300, 5),
    }
}

/// Whether a token's scopes allow a request: reading wants `read…` (or `profile`), changing `write…`.
fn within(scopes: &str, method: &Method, path: &str) -> bool {
    let has = |start: &str| scopes.split_whitespace().any(|scope| scope.split(':').next() == Some(start));
    match () {
        () if !path.starts_with("/api/") || path == "/api/v1/apps" => true,
        () if method == Method::GET => has("read") || has("profile"),
        () => has("write"),
    }
}

/// Signs in, counts, publishes what is due, and tells the streams afterwards.
async fn before_and_after(Shared(server): Shared<Mastodon>, mut request: Request, next: Next) -> Response {
    let now = server.now();
    let query = request.uri().query().unwrap_or_default();
    let in_query = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "access_token");
    let token = bearer(request.headers()).map(str::to_owned).or_else(|| in_query.map(|(_, token)| token.into_owned()));
    let path = request.uri().path().to_owned();
    let signed = match &token {
        Some(token) => match (server.tokens.standing(token), server.lock().tokens.get(token)) {
            (Standing::Valid, Some(known)) if !within(&known.scope, request.method(), &path) => {
                let message = "This action is outside the authorized scopes";
                return Problem(StatusCode::FORBIDDEN, message).into_response();
            }
            (Standing::Valid, Some(known)) if known.of_user => Signed::User,
            (Standing::Valid, Some(_)) => Signed::Application,
            _ if path.starts_with("/oauth/") => Signed::Nobody,
            _ => return Problem::unauthorized().into_response(),
        },
        None => Signed::Nobody,
    };
    let (name, limit, minutes) = limit(request.method(), &path);
    let spent = {
        let mut state = server.lock();
        state.settle(now);
        let name = format!("{name}/{}", token.unwrap_or_default());
        state.windows.spend(&name, limit, SignedDuration::from_mins(minutes), now)
    };
    request.extensions_mut().insert(signed);
    let mut response = if spent.refused {
        Problem(StatusCode::TOO_MANY_REQUESTS, "Too many requests").into_response()
    } else {
        next.run(request).await
    };
    if path.starts_with("/api/") {
        limits(&mut response, spent);
    }
    server.tell();
    response
}

/// The headers that say where the caller stands.
fn limits(response: &mut Response, spent: Spent) {
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", spent.limit.into());
    headers.insert("x-ratelimit-remaining", spent.remaining.into());
    if let Ok(reset) = HeaderValue::from_str(&millis(spent.resets)) {
        headers.insert("x-ratelimit-reset", reset);
    }
}

/// The id of a path or a field; ids are numbers, and no other word is one.
fn id(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The id in a field, if there is one.
fn id_in(fields: &Fields, name: &str) -> Result<Option<u64>, Problem> {
    fields.text(name).filter(|text| !text.is_empty()).map(|text| id(&text)).transpose()
}
