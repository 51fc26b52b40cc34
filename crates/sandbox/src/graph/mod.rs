//! The Graph: Facebook Pages and Instagram, which are one interface of Meta.
//!
//! One page with one account of Instagram, and one user who administers both. An object is found by its
//! id alone, whatever network it belongs to. The shapes follow Meta's public description of versions 19
//! to 26: `fields` with nesting and modifiers, cursors, errors by number, and headers that tell of use.
//!
//! Metrics of impressions and fans are gone since November 2025, and are refused as the network does.

mod call;
mod comment;
#[cfg(test)]
mod connector_facebook;
#[cfg(test)]
mod connector_instagram;
mod error;
mod events;
mod fields;
mod home;
mod insights;
mod instagram;
mod listing;
mod messages;
mod oauth;
mod page;
mod pages;
mod people;
mod photo;
mod post;
mod show;
mod state;
#[cfg(test)]
mod tests_facebook;
#[cfg(test)]
mod tests_instagram;
mod video;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Clock;
use crate::world::{Emulator, Failure, Hooks, Ids, Network, Refused, Tokens, Write};
use error::GraphError;
use state::{Person, Place, Post, State};

/// The version that a call without one gets.
const VERSION: &str = "v26.0";

/// Facebook and Instagram. Clones share them.
#[derive(Clone)]
pub struct Graph {
    state: Arc<Mutex<State>>,
    ids: Ids,
    tokens: Tokens,
    hooks: Hooks,
    clock: Clock,
}

impl Graph {
    /// A page and an account, each with one post.
    pub fn new(clock: Clock, seed: u64, hooks: Hooks) -> Self {
        let ids = Ids::new(seed);
        let tokens = Tokens::new(clock.clone(), ids.clone());
        let state = Arc::new(Mutex::new(begin(&ids, clock())));
        Self { state, ids, tokens, hooks, clock }
    }

    /// The half that is Facebook.
    pub fn facebook(&self) -> Facebook {
        Facebook(self.clone())
    }

    /// The half that is Instagram.
    pub fn instagram(&self) -> Instagram {
        Instagram(self.clone())
    }

    /// Whose object a path names: Instagram's, if its id is one of Instagram; else Facebook's.
    pub(crate) fn network_of(&self, path: &str, host: &str) -> Network {
        let id = call::segments(path).into_iter().next().unwrap_or_default();
        let state = self.lock();
        let is_host = host.split(':').next().is_some_and(|host| host.ends_with("instagram.com"));
        let is_object = match state.node(&id) {
            Some(node) => {
                use state::Node::{Container, IgComment, Media};
                matches!(node, Media(_) | IgComment(_) | Container(_))
            }
            None => id == state.account.id || is_host,
        };
        if is_object { Network::Instagram } else { Network::Facebook }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn router(&self) -> Router {
        Router::new().fallback(call::answer).with_state(self.clone())
    }

    fn failure(&self, failure: Failure, network: Network) -> Response {
        let error = match failure {
            Failure::TokenExpired => GraphError::expired(),
            Failure::TokenRevoked => GraphError::revoked(),
            Failure::RateLimited(_) if network == Network::Instagram => GraphError::numbered(80_002),
            Failure::RateLimited(_) => GraphError::numbered(80_001),
            Failure::QuotaExceeded if network == Network::Instagram => GraphError::published_enough(),
            Failure::QuotaExceeded => GraphError::numbered(4),
            Failure::Forbidden => GraphError::permission(),
            Failure::Numbered(code) => GraphError::numbered(code),
        };
        let wait = match failure {
            Failure::RateLimited(seconds) => seconds,
            _ => 3600,
        };
        call::finish(self, VERSION, Err(error), wait)
    }

    fn reset(&self) {
        self.ids.reset();
        self.tokens.reset();
        *self.lock() = begin(&self.ids, self.now());
    }
}

/// What there is at the start.
fn begin(ids: &Ids, now: Timestamp) -> State {
    let named = |kind, length, name: &str| Person { id: ids.digits_of(kind, name, length), name: name.to_owned() };
    let page = named("facebook.page", 15, "Elm Street Clinic");
    let admin = named("facebook.user", 17, "Dana Whitlock");
    let app = ids.digits_of("facebook.app", "Sandbox", 16);
    // Ids of Instagram accounts begin with these digits.
    let account = Person {
        id: format!("17841{}", ids.digits_of("instagram.user", "elmstreetclinic", 12)),
        name: "elmstreetclinic".to_owned(),
    };
    let mut state = State::new(page, account, admin, app);
    let welcome = Post {
        message: "Welcome to our page. Tell us what you think.".to_owned(),
        ..post::by(Place::Page, state.page.clone(), now)
    };
    state.put(post::new_id(ids, &state), now, state::Node::Post(welcome));
    instagram::begin(ids, &mut state, now);
    state
}

/// Facebook Pages.
#[derive(Clone)]
pub struct Facebook(Graph);

impl Emulator for Facebook {
    fn router(&self) -> Router {
        self.0.router()
    }

    fn write(&self, write: &Write) -> Result<Value, Refused> {
        people::write(&self.0, write)
    }

    fn failure(&self, failure: Failure, _path: &str) -> Response {
        self.0.failure(failure, Network::Facebook)
    }

    fn ready(&self) -> Value {
        let state = self.0.lock();
        json!({"page": state.page.id, "app": state.app})
    }

    fn home(&self) -> String {
        home::facebook(&self.0.lock(), self.0.now())
    }

    fn reset(&self) {
        self.0.reset();
    }
}

/// Instagram, for professional accounts.
#[derive(Clone)]
pub struct Instagram(Graph);

impl Emulator for Instagram {
    fn router(&self) -> Router {
        self.0.router()
    }

    fn write(&self, write: &Write) -> Result<Value, Refused> {
        instagram::write(&self.0, write)
    }

    fn failure(&self, failure: Failure, _path: &str) -> Response {
        self.0.failure(failure, Network::Instagram)
    }

    fn ready(&self) -> Value {
        let state = self.0.lock();
        json!({"user": state.account.id, "page": state.page.id, "app": state.app})
    }

    fn home(&self) -> String {
        home::instagram(&self.0.lock())
    }

    fn reset(&self) {
        self.0.reset();
    }
}
