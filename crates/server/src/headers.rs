//! What every answer carries, and the one line that the log gets for each request; webhooks that were taken get none.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use crate::app::App;

/// What a page may load: our own files and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static FIXED: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: with that a browser sends `Origin: null` from a form without scripts.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), interest-cohort=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds the headers, counts the request and writes its line: the route's template, never its query.
pub(crate) async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = app.now();
    let method = request.method().clone();
    let api = request.uri().path().starts_with("/api/");
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "pages".to_owned());
    let id = bedside_model::id::encode_bits(app.store.ids().bits(began));
    let mut response = next.run(request).await;
    let micros = app.now() - began;
    let status = response.status().as_u16();
    app.metrics.count(&method, &route, status, micros);
    // A network may tell of thousands of things a second: what was taken is counted, and in the log of the
    // organisation; a line is written of what was not.
    if route.starts_with("/hooks/") && response.status().is_success() {
        tracing::debug!(request = %id, %method, %route, status, micros, "answered");
    } else {
        tracing::info!(request = %id, %method, %route, status, micros, "answered");
    }
    let headers = response.headers_mut();
    for (name, value) in &FIXED {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert("x-request-id", id);
    }
    if app.config.public_url.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}
