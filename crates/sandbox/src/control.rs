//! What every emulator has beside its network: a log, and faults on demand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

/// A fault: after `after` matching requests the next `times` get this status instead of their answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The status to answer with.
    pub status: u16,
    /// The answer is the real one instead, broken off in the middle of its body.
    #[serde(default)]
    pub cut: bool,
    /// The `Retry-After` to answer with, in seconds.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// How many matching requests are answered before.
    #[serde(default)]
    pub after: u32,
    /// How many requests it is for.
    #[serde(default = "once")]
    pub times: u32,
    /// Only requests of this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path has this in it.
    #[serde(default)]
    pub path: Option<String>,
    /// Whether the request takes effect first: the client is told of a failure that was none.
    #[serde(default)]
    pub apply: bool,
}

const fn once() -> u32 {
    1
}

impl Fault {
    /// The next request, whatever it is, gets this status.
    pub const fn status(status: u16) -> Self {
        Self { status, cut: false, retry_after: None, after: 0, times: 1, method: None, path: None, apply: false }
    }
}

/// One request, as the log shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Counted from 1.
    pub number: u64,
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The `Idempotency-Key` it carried.
    pub idempotency_key: Option<String>,
    /// The status it was answered with.
    pub status: u16,
    /// Whether a fault was injected.
    pub faulted: bool,
}

#[derive(Debug, Default)]
struct Inner {
    log: Vec<LogEntry>,
    faults: Vec<Fault>,
}

/// The log and the faults of one emulator. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Control(Arc<Mutex<Inner>>);

impl Control {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault.
    pub fn add_fault(&self, fault: Fault) {
        self.lock().faults.push(fault);
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<LogEntry> {
        self.lock().log.clone()
    }

    /// Forgets log and faults.
    pub fn reset(&self) {
        *self.lock() = Inner::default();
    }

    fn take_fault(&self, method: &str, path: &str) -> Option<Fault> {
        let mut inner = self.lock();
        let matches = |fault: &Fault| {
            fault.times > 0
                && fault.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && fault.path.as_deref().is_none_or(|wanted| path.contains(wanted))
        };
        let fault = inner.faults.iter_mut().find(|fault| matches(fault))?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        fault.times -= 1;
        Some(fault.clone())
    }

    /// Adds the routes of the control API, and the log and faults before every other route.
    pub(crate) fn around(&self, network: Router) -> Router {
        let watched = network.layer(axum::middleware::from_fn_with_state(self.clone(), watch));
        let control = Router::new()
            .route("/_sandbox/log", get(|State(control): State<Self>| async move { Json(control.log()) }))
            .route(
                "/_sandbox/fault",
                post(|State(control): State<Self>, Json(fault): Json<Fault>| async move {
                    control.add_fault(fault);
                    StatusCode::NO_CONTENT
                }),
            )
            .with_state(self.clone());
        watched.merge(control)
    }
}

async fn watch(State(control): State<Control>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    // What people do through the control API is not traffic of the network.
    if path.starts_with("/_sandbox/") || path == "/" {
        return next.run(request).await;
    }
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let fault = control.take_fault(&method, &path);
    let response = match &fault {
        Some(fault) if fault.cut => cut(next.run(request).await).await,
        Some(fault) if !fault.apply => failure(fault),
        Some(fault) => {
            next.run(request).await;
            failure(fault)
        }
        None => next.run(request).await,
    };
    let mut inner = control.lock();
    let number = inner.log.len() as u64 + 1;
    inner.log.push(LogEntry {
        number,
        method,
        path,
        idempotency_key: key,
        status: response.status().as_u16(),
        faulted: fault.is_some(),
    });
    drop(inner);
    response
}

/// An answer of which only the first half of the body arrives, as if it were all.
async fn cut(whole: Response) -> Response {
    let (mut parts, body) = whole.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, axum::body::Body::from(body.slice(..body.len() / 2)))
}

fn failure(fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, "a fault was injected").into_response();
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
