//! Google Business Profile reviews, version 4 of the API.
//!
//! `GET /v4/accounts/{a}/locations/{l}/reviews`, the same with `/{review}`, and `PUT` and `DELETE`
//! of its `/reply`, with the access token [`TOKEN`]. `GET /` shows people the reviews and replies.
//!
//! `POST /_sandbox/write` takes `{"author","rating","text","at"?,"id"?,"anonymous"?}`: with the id
//! of a review it changes that review. `POST /_sandbox/delete` takes `{"id"}`.

mod api;
mod people;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post, put};
use tokio::net::TcpListener;

use crate::google_business::Review;
use crate::serving::serve_until;
use crate::{Clock, Control, Running};

pub use people::WriteReview;

/// The access token that the emulator takes.
pub const TOKEN: &str = "sandbox";
/// The account and location that the emulator serves.
pub const LOCATION: &str = "accounts/1/locations/1";

#[derive(Debug, Default)]
struct State {
    reviews: Vec<Review>,
    counted: u64,
}

/// A review profile of one place. Clones share it.
#[derive(Clone)]
pub struct ReviewSite {
    state: Arc<Mutex<State>>,
    clock: Clock,
    title: Arc<str>,
    /// The log, and faults on demand.
    pub control: Control,
}

impl ReviewSite {
    /// An empty profile of the place with this name.
    pub fn new(title: &str, clock: Clock) -> Self {
        Self { state: Arc::default(), clock, title: title.into(), control: Control::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All its routes.
    pub fn router(&self) -> Router {
        let network = Router::new()
            .route("/", get(people::home))
            .route("/_sandbox/write", post(people::write))
            .route("/_sandbox/delete", post(people::delete))
            .route("/_sandbox/reset", post(people::reset))
            .route("/v4/accounts/{account}/locations/{location}/reviews", get(api::list))
            .route("/v4/accounts/{account}/locations/{location}/reviews/{review}", get(api::show))
            .route(
                "/v4/accounts/{account}/locations/{location}/reviews/{review}/reply",
                put(api::put_reply).delete(api::delete_reply),
            )
            .with_state(self.clone());
        self.control.around(network)
    }
}

/// Serves the profile until `shutdown` is ready.
///
/// Errors: the listener fails.
pub async fn serve(
    listener: TcpListener,
    site: ReviewSite,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_until(listener, site.router(), shutdown).await
}

/// Serves the profile in the background, on a free port of loopback.
///
/// Errors: no port can be had.
pub async fn spawn(site: ReviewSite) -> std::io::Result<Running> {
    Running::start(|listener, stopped| serve(listener, site, stopped.wait())).await
}
