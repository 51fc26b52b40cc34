//! Google Business Profile: places, their reviews, posts and numbers, and notices by Pub/Sub.
//!
//! Reviews and local posts are version 4 of the interface, everything else the versions 1 that came
//! after it. One account with two verified places and one that is not. Notices go where a subscription
//! of Pub/Sub pushes them, with a token that [`pubsub`] signs and whose key is at `/oauth2/v3/certs`.
//! `POST /v4/_sandbox/replies {"state": "PENDING"}` says what becomes of the next replies.

#[cfg(test)]
mod connector_tests;
mod error;
mod people;
mod performance;
mod places;
mod posts;
mod pubsub;
mod replies;
mod review;
mod reviews;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use jiff::{SignedDuration, Timestamp};

use self::error::Error;
use self::places::Place;
use self::posts::LocalPost;
use self::pubsub::PubSub;
pub(crate) use self::review::{Reply, Review};
use crate::Clock;
use crate::kit::{Windows, bearer};
use crate::world::{Hooks, Ids, Standing, Tokens};

/// Requests of a project in one minute.
const A_MINUTE: u64 = 300;

#[derive(Debug)]
struct State {
    /// `accounts/…`
    account: String,
    places: Vec<Place>,
    /// Reviews with the place that each is of (`locations/…`).
    reviews: Vec<(String, Review)>,
    posts: Vec<LocalPost>,
    /// What becomes of a reply that is written.
    reply_state: &'static str,
    pubsub: PubSub,
    windows: Windows,
}

impl State {
    fn new(ids: &Ids) -> Self {
        let account = format!("accounts/{}", ids.digits_of("google account", "Elm Street Clinic", 19));
        Self {
            account,
            places: places::all(ids),
            reviews: Vec::new(),
            posts: Vec::new(),
            reply_state: "APPROVED",
            pubsub: PubSub::default(),
            windows: Windows::default(),
        }
    }

    /// The whole name of a place, `accounts/…/locations/…`.
    fn full_name(&self, place: &str) -> String {
        format!("{}/{place}", self.account)
    }

    /// The verified place that an account and a location name; `-` stands for the account.
    fn place(&self, account: &str, location: &str) -> Result<String, Error> {
        let wanted = format!("locations/{location}");
        let is_account = account == "-" || self.account == format!("accounts/{account}");
        let place = self.places.iter().find(|place| is_account && place.name == wanted).ok_or_else(Error::not_found)?;
        if place.verified {
            Ok(wanted)
        } else {
            Err(Error::precondition("This operation is only valid if the specified location is verified."))
        }
    }
}

/// An emulated account of Google Business Profile. Clones share it.
#[derive(Clone)]
pub struct GoogleBusiness {
    state: Arc<Mutex<State>>,
    ids: Ids,
    tokens: Tokens,
    clock: Clock,
    hooks: Hooks,
}

impl GoogleBusiness {
    /// An account of three places, which nobody has reviewed yet. `tokens` are those of Google, which
    /// its networks have in common.
    pub fn new(clock: Clock, seed: u64, hooks: Hooks, tokens: Tokens) -> Self {
        let ids = Ids::new(seed);
        let state = Arc::new(Mutex::new(State::new(&ids)));
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
            .route("/v4/accounts/{account}/locations/{location}/reviews", get(reviews::list))
            .route("/v4/accounts/{account}/locations/{location}/reviews/{review}", get(reviews::show))
            .route(
                "/v4/accounts/{account}/locations/{location}/reviews/{review}/reply",
                put(replies::put).delete(replies::delete),
            )
            .route("/v4/accounts/{account}/locations:batchGetReviews", post(reviews::of_several))
            .route("/v4/accounts/{account}/locations/{location}/localPosts", get(posts::list).post(posts::create))
            .route(
                "/v4/accounts/{account}/locations/{location}/localPosts/{post}",
                get(posts::show).patch(posts::update).delete(posts::delete),
            )
            .route("/v1/accounts", get(places::accounts))
            .route("/v1/accounts/{account}", get(places::account))
            .route("/v1/accounts/{account}/locations", get(places::list))
            .route("/v1/accounts/{account}/notificationSetting", get(pubsub::setting).patch(pubsub::set))
            .route("/v1/locations/{location}", get(performance::or_place))
            .route("/v1/projects/{project}/topics/{topic}", put(pubsub::create_topic))
            .route(
                "/v1/projects/{project}/subscriptions/{subscription}",
                put(pubsub::subscribe).delete(pubsub::unsubscribe),
            )
            .route_layer(axum::middleware::from_fn_with_state(self.clone(), sign_in_and_count));
        let open = Router::new()
            .route("/oauth2/v3/certs", get(pubsub::keys))
            .route("/v4/_sandbox/replies", post(replies::judge));
        signed.merge(open).fallback(async || Error::not_found()).with_state(self.clone())
    }
}

/// Lets in whoever has a token, and counts the minute.
async fn sign_in_and_count(Shared(google): Shared<GoogleBusiness>, request: Request, next: Next) -> Response {
    if bearer(request.headers()).map(|token| google.tokens.standing(token)) != Some(Standing::Valid) {
        return Error::unauthenticated().into_response();
    }
    let now = google.now();
    if google.lock().windows.spend("requests", A_MINUTE, SignedDuration::from_mins(1), now).refused {
        return Error::exhausted().into_response();
    }
    next.run(request).await
}
