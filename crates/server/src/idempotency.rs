//! `Idempotency-Key`: a request that is sent again acts once.
//!
//! The key is reserved before the handler runs and holds its answer afterwards. Only what changed
//! something is kept: a refusal changed nothing, so the same key may be tried again. The handler
//! runs to its end even when the client goes away.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bedside_store::people::idempotency::{Key, Known};
use http::{HeaderValue, Method, StatusCode, header};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// Routes whose `POST` creates, decides and sends nothing, or happens before anybody is signed in.
pub(crate) const EXEMPT: &[&str] = &[
    "/api/v1/accounts/{id}/self_test",
    "/api/v1/audit/verify",
    "/api/v1/conversations/{id}/presence",
    "/api/v1/guard/check",
    "/api/v1/imports/preview",
    "/api/v1/me/password",
    "/api/v1/sessions",
    "/api/v1/setup",
    "/api/v1/understand",
];

/// After this time without an answer the process that worked on it is gone: two minutes.
const INTERRUPTED_AFTER: i64 = 120 * 1_000_000;

/// Longest answer that is kept.
const LARGEST_ANSWER: usize = 4 << 20;

fn key_of(request: &Request) -> Result<String, Problem> {
    let missing = || {
        Problem::new(
            "missing_idempotency_key",
            "Send an Idempotency-Key of 1 to 200 characters, the same for each attempt of one decision.",
        )
    };
    let value = request.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).ok_or_else(missing)?;
    if value.is_empty() || value.len() > 200 { Err(missing()) } else { Ok(value.to_owned()) }
}

/// Applies the key to every `POST` but the exempt ones.
pub(crate) async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let exempt = request.method() != Method::POST || route.is_none_or(|route| EXEMPT.contains(&route.as_str()));
    let who = request.extensions().get::<SignedIn>().cloned();
    // Who is not signed in is refused by the handler.
    let Some(who) = who.filter(|_| !exempt) else { return next.run(request).await };
    match once(&app, &who, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn once(app: &App, who: &SignedIn, request: Request, next: Next) -> Result<Response, Problem> {
    let key = Key { org: who.org().clone(), user: who.user.id.clone(), key: key_of(&request)? };
    let route = format!("POST {}", request.uri().path());
    let (request, hash) = hashed(app, &key, request).await?;
    match app.store.reserve(&key, &route, &hash, app.now()).await? {
        Known::New => {}
        Known::Reserved { route: r, request_hash, .. } | Known::Answered { route: r, request_hash, .. }
            if r != route || request_hash != hash =>
        {
            return Err(Problem::new("idempotency_key_reused", "This Idempotency-Key belongs to another request."));
        }
        Known::Reserved { since, .. } if app.now() - since < INTERRUPTED_AFTER => {
            return Err(Problem::new("in_progress", "This is being worked on. Ask again in a moment.").retry_after(1));
        }
        Known::Reserved { .. } => {
            return Err(Problem::new(
                "interrupted",
                "An earlier attempt was interrupted. Look whether it happened; if not, try again with a new Idempotency-Key.",
            ));
        }
        Known::Answered { status, sealed, .. } => return replay(app, &key, status, &sealed),
    }
    let app = app.clone();
    let answered = tokio::spawn(async move { keep(&app, &key, next.run(request).await).await });
    answered.await.map_err(Problem::internal)?
}

/// The hash under which the body is compared. An upload is told by its length: it is not held in
/// memory, and an import that is repeated finds its rows known.
async fn hashed(app: &App, key: &Key, request: Request) -> Result<(Request, String), Problem> {
    let upload =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    if upload {
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).unwrap_or("");
        let told = format!("multipart {length}");
        return Ok((request, told));
    }
    let (parts, body) = request.into_parts();
    let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), app)
        .await
        .map_err(|_| Problem::new("too_large", "The body is too large."))?;
    let digest = hex::encode(Sha256::digest(&bytes));
    // Keyed, since a body may hold a password.
    let hash = app.store.keyring().keyed_hash(&key.org, &digest)?;
    Ok((Request::from_parts(parts, Body::from(bytes)), hash))
}

async fn keep(app: &App, key: &Key, response: Response) -> Result<Response, Problem> {
    if !response.status().is_success() {
        app.store.free_key(key, app.now()).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, LARGEST_ANSWER).await.map_err(Problem::internal)?;
    app.store.keep_answer(key, parts.status.as_u16(), &bytes, app.now()).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replay(app: &App, key: &Key, status: u16, sealed: &[u8]) -> Result<Response, Problem> {
    let bytes = app.store.open_answer(key, sealed)?;
    let json = !bytes.is_empty();
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    if json {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    Ok(response)
}
