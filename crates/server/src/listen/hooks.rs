//! Where networks tell by themselves: `/hooks/{hook_id}`, and `/hooks/{hook_id}/{secret}` for those
//! that sign nothing.
//!
//! These addresses are no part of the API: no session, no origin, no idempotency key. The signature
//! over the raw body says who speaks, and the answer comes after everything in it is durable. A
//! network that is refused with 503 comes again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bedside_engine::listen::hooks::{HookError, Posted};
use bedside_networks::Handshake;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::app::App;
use crate::problem::Problem;

/// Seconds after which a network is asked to come again.
const COME_AGAIN: u64 = 5;

/// The addresses.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/hooks/{hook_id}", get(handshake).post(deliver))
        .route("/hooks/{hook_id}/{secret}", get(handshake_by_secret).post(deliver_by_secret))
}

type Parameters = Query<Vec<(String, String)>>;

async fn handshake(State(app): State<App>, Path(hook_id): Path<String>, Query(query): Parameters) -> Response {
    shake(&app, &hook_id, &query).await
}

async fn handshake_by_secret(
    State(app): State<App>,
    Path((hook_id, _)): Path<(String, String)>,
    Query(query): Parameters,
) -> Response {
    shake(&app, &hook_id, &query).await
}

async fn shake(app: &App, hook_id: &str, query: &[(String, String)]) -> Response {
    match app.hooks.handshake(hook_id, query).await {
        Ok(Handshake::Answer { content_type, body }) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))], body).into_response()
        }
        Ok(Handshake::Refused) => {
            Problem::new("wrong_token", "This request does not know the secret of the address.").into_response()
        }
        Ok(Handshake::NotOne) => Problem::new("malformed", "This is no handshake of the network.").into_response(),
        Err(e) => refused(e),
    }
}

async fn deliver(State(app): State<App>, Path(hook_id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    take(&app, &hook_id, "", &headers, &body).await
}

async fn deliver_by_secret(
    State(app): State<App>,
    Path((hook_id, secret)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    take(&app, &hook_id, &secret, &headers, &body).await
}

async fn take(app: &App, hook_id: &str, path_secret: &str, headers: &HeaderMap, body: &[u8]) -> Response {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    match app.hooks.deliver(Posted { hook_id, path_secret, headers: &headers, body }).await {
        Ok(_) => StatusCode::OK.into_response(),
        Err(e) => refused(e),
    }
}

fn refused(error: HookError) -> Response {
    match error {
        HookError::NotFound => Problem::not_found("address").into_response(),
        HookError::Forged(_) => Problem::new("forged", "The signature of this delivery does not hold.").into_response(),
        HookError::Unreadable(_) => Problem::new("malformed", "This delivery cannot be read.").into_response(),
        HookError::Refused(_) | HookError::Store(_) => {
            if let HookError::Store(e) = &error {
                tracing::error!(error = %e.inner(), "a webhook could not be stored");
            }
            let mut response = Problem::new("unavailable", "It could not be stored; come again.").into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(COME_AGAIN));
            response
        }
    }
}
