//! Yelp: excerpts for everybody, replies for partners.
//!
//! The public interface (`api.yelp.com/v3`) shows a business and three excerpts of its reviews to
//! whoever has a key, and counts the day. Only a partner may reply (`partner-api.yelp.com`), with a
//! token of the owner, without emoji, and only where the owner has a photo
//! (`POST /v3/_sandbox/owner {"photo": false}` takes it away). Webhooks are set up by Yelp's staff, so
//! by `POST /_sandbox/webhook` here.

#[cfg(test)]
mod connector_tests;
mod partner;
mod people;
mod places;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, extract::State as Shared};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Clock;
use crate::kit::{Fields, Windows};
use crate::world::{Event, Hooks, Ids, Network, Tokens};

/// A review.
#[derive(Debug, Clone)]
struct Review {
    id: String,
    user: String,
    name: String,
    rating: u8,
    text: String,
    created: Timestamp,
    /// What the owner replied.
    reply: Option<String>,
}

#[derive(Debug)]
struct State {
    business: String,
    reviews: Vec<Review>,
    /// Whether the owner has a photo that Yelp accepted.
    photo: bool,
    /// Codes that wait to be exchanged, and where they go back to.
    grants: HashMap<String, String>,
    /// Refresh tokens that were not used yet.
    refresh: Vec<String>,
    windows: Windows,
}

impl State {
    fn new(ids: &Ids) -> Self {
        Self {
            business: ids.letters_of("yelp business", "Elm Street Clinic", 22),
            reviews: Vec::new(),
            photo: true,
            grants: HashMap::new(),
            refresh: Vec::new(),
            windows: Windows::default(),
        }
    }
}

/// An emulated Yelp with one business. Clones share it.
#[derive(Clone)]
pub struct Yelp {
    state: Arc<Mutex<State>>,
    ids: Ids,
    tokens: Tokens,
    clock: Clock,
    hooks: Hooks,
}

impl Yelp {
    /// One business, which nobody has reviewed yet.
    pub fn new(clock: Clock, seed: u64, hooks: Hooks) -> Self {
        let ids = Ids::new(seed);
        let state = Arc::new(Mutex::new(State::new(&ids)));
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
        let keyed = Router::new()
            .route("/v3/businesses/search", get(places::search))
            .route("/v3/businesses/{business}", get(places::business))
            .route("/v3/businesses/{business}/reviews", get(places::reviews))
            .route_layer(axum::middleware::from_fn_with_state(self.clone(), places::check_key_and_count));
        let partner = Router::new()
            .route("/reviews/v1/{review}", post(partner::reply))
            .route("/v1/business_owner/me/profile", get(partner::profile))
            .route("/oauth2/authorize", get(partner::authorize))
            .route("/oauth2/token", post(partner::token))
            .route("/token/v1", post(partner::token))
            .route("/v3/_sandbox/owner", post(set_owner));
        keyed.merge(partner).fallback(async || places::not_found()).with_state(self.clone())
    }

    /// Tells webhooks that something happened to reviews of the business.
    fn announce(&self, update: &Value) {
        let business = self.lock().business.clone();
        let event = json!({
            "time": self.now().strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string(), "object": "business",
            "data": {"id": business, "updates": [update]},
        });
        self.hooks.publish(Network::Yelp, &Event::json(&event), |webhook| webhook.wants_topic(&business));
    }
}

/// `POST /v3/_sandbox/owner {"photo": true | false}`
async fn set_owner(Shared(yelp): Shared<Yelp>, fields: Fields) -> Response {
    let Some(photo) = fields.flag("photo") else {
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": "`photo` is true or false"}))).into_response();
    };
    yelp.lock().photo = photo;
    StatusCode::NO_CONTENT.into_response()
}
