//! For whoever runs the program: alive, ready, and numbers.

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/healthz", get(healthz))
}

/// Alive.
async fn healthz() -> &'static str {
    "ok\n"
}
