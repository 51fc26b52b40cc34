//! LinkedIn: a page of an organisation, its posts, and what members comment.
//!
//! After the Community Management interface: Rest.li 2.0, a version by month in every request, URNs
//! written in full in addresses. A version is taken for two years (LinkedIn promises one). One
//! organisation, of which the member behind the token `sandbox` is the administrator.

mod comments;
#[cfg(test)]
mod connector_tests;
mod media;
mod notices;
mod oauth;
mod people;
mod posts;
mod problem;
mod restli;
mod state;
mod stats;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State as Shared};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use jiff::{SignedDuration, Timestamp};

use self::problem::Problem;
use self::state::State;
use crate::Clock;
use crate::kit::bearer;
use crate::world::{Hooks, Ids, Standing, Tokens};

/// The largest body that is read, in bytes: one part of a video, or a document.
const LARGEST: usize = 100 << 20;
/// Requests of an application to one resource on one day. LinkedIn tells its numbers only in its portal.
const A_DAY: u64 = 20_000;
/// What the organisation has posted when the world begins.
const WELCOME: &str = "Flu shots from Monday, without an appointment.";

/// An emulated LinkedIn. Clones share it.
#[derive(Clone)]
pub struct LinkedIn {
    state: Arc<Mutex<State>>,
    ids: Ids,
    tokens: Tokens,
    clock: Clock,
    hooks: Hooks,
}

impl LinkedIn {
    /// One organisation, which has posted once.
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
        let versioned = Router::new()
            .route("/rest/posts", get(posts::list).post(posts::create))
            .route("/rest/posts/{urn}", get(posts::show).post(posts::update).delete(posts::delete))
            .route("/rest/socialActions/{urn}", get(comments::summary))
            .route("/rest/socialActions/{urn}/comments", get(comments::list).post(comments::create))
            .route(
                "/rest/socialActions/{urn}/comments/{id}",
                get(comments::show).post(comments::edit).delete(comments::delete),
            )
            .route("/rest/socialMetadata/{urn}", get(comments::metadata).post(comments::update_metadata))
            .route("/rest/images", post(media::act))
            .route("/rest/videos", post(media::act))
            .route("/rest/documents", post(media::act))
            .route("/rest/images/{urn}", get(media::show))
            .route("/rest/videos/{urn}", get(media::show))
            .route("/rest/documents/{urn}", get(media::show))
            .route("/rest/organizationalEntityNotifications", get(notices::list))
            .route("/rest/eventSubscriptions", get(subscriptions::list))
            .route(
                "/rest/eventSubscriptions/{key}",
                get(subscriptions::show).put(subscriptions::put).delete(subscriptions::delete),
            )
            .route("/rest/organizationalEntityShareStatistics", get(stats::shares))
            .route("/rest/organizationalEntityFollowerStatistics", get(stats::followers))
            .route("/rest/organizationPageStatistics", get(stats::page))
            .route("/rest/networkSizes/{urn}", get(stats::network_size))
            .route("/rest/organizations/{id}", get(stats::organization))
            .route("/rest/organizationAcls", get(stats::roles))
            .route("/rest/people/{key}", get(stats::person))
            .route("/rest/me", get(stats::me))
            .route_layer(axum::middleware::from_fn_with_state(self.clone(), check_version));
        let signed = Router::new()
            .route("/v2/userinfo", get(stats::user_info))
            .route("/v2/me", get(stats::me))
            .merge(versioned)
            .route_layer(axum::middleware::from_fn_with_state(self.clone(), sign_in_and_count));
        let open = Router::new()
            .route("/oauth/v2/authorization", get(oauth::authorize))
            .route("/oauth/native-pkce/authorization", get(oauth::authorize_native))
            .route("/oauth/v2/accessToken", post(oauth::token))
            .route("/oauth/v2/introspectToken", post(oauth::introspect))
            .route("/oauth/v2/revoke", post(oauth::revoke))
            .route("/v2/dms-uploads/{id}/{part}", put(media::part).post(media::part));
        let routes = signed.merge(open).fallback(async || Problem::not_found()).with_state(self.clone());
        // A tunnelled request has another method than it shows, so it is unpacked before it is routed.
        Router::new()
            .fallback_service(routes.layer(DefaultBodyLimit::max(LARGEST)))
            .layer(axum::middleware::from_fn(restli::unpack_tunnel))
    }
}

/// Refuses a request without a version, or with one that has been sunset.
async fn check_version(Shared(linkedin): Shared<LinkedIn>, request: Request, next: Next) -> Response {
    match in_order(request.headers(), request.uri(), linkedin.now()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Whether a request says its version and its protocol, and writes its address as that asks for.
fn in_order(headers: &HeaderMap, uri: &Uri, now: Timestamp) -> Result<(), Problem> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let protocol = header("x-restli-protocol-version");
    if !matches!(protocol, None | Some("1.0.0" | "2.0.0")) {
        return Err(Problem::bad("Rest.li protocol version is not supported"));
    }
    let version = header("linkedin-version").ok_or_else(Problem::version_missing)?;
    let month = |at: Timestamp| at.strftime("%Y%m").to_string();
    let oldest = now.saturating_sub(SignedDuration::from_hours(24 * 731)).map(month).unwrap_or_default();
    // A version may have a revision behind it, `202607.01`.
    let year_and_month = version.split('.').next().unwrap_or_default();
    let is_month = year_and_month.len() == 6 && year_and_month.bytes().all(|byte| byte.is_ascii_digit());
    if !is_month || year_and_month < oldest.as_str() || year_and_month > month(now).as_str() {
        return Err(Problem::version_not_active(version));
    }
    // The older protocol writes lists and keys in another way; nobody uses it with this interface.
    let is_new = uri.path().contains('(') || uri.query().unwrap_or_default().contains("List(");
    if is_new && protocol != Some("2.0.0") {
        return Err(Problem::bad("Invalid query parameters passed to request"));
    }
    let mut segments = uri.path().split('/').skip(2);
    let (resource, key) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    let by_urn = ["posts", "socialActions", "socialMetadata", "images", "videos", "documents"];
    if by_urn.contains(&resource) && key.contains([':', '(', ',']) {
        return Err(Problem::bad("Syntax exception in path variables"));
    }
    Ok(())
}

/// Lets in whoever has a token, and counts for the day.
async fn sign_in_and_count(Shared(linkedin): Shared<LinkedIn>, request: Request, next: Next) -> Response {
    let standing = bearer(request.headers()).map_or(Standing::Unknown, |token| linkedin.tokens.standing(token));
    let refused = match standing {
        Standing::Valid => None,
        Standing::Expired => Some(Problem::token_expired()),
        Standing::Revoked => Some(Problem::token_revoked()),
        Standing::Unknown => Some(Problem::token_invalid()),
    };
    if let Some(problem) = refused {
        return problem.into_response();
    }
    let now = linkedin.now();
    // The day ends at midnight UTC, so each has a window of its own.
    let resource = request.uri().path().split('/').nth(2).unwrap_or_default();
    let name = format!("{resource}/{}", now.strftime("%F"));
    if linkedin.lock().windows.spend(&name, A_DAY, SignedDuration::from_hours(24), now).refused {
        return Problem::throttled().into_response();
    }
    next.run(request).await
}
