//! The log and the faults of the world, and the layer that puts both before every network.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::sync::Notify;

use super::connection::Connection;
use super::emulator::Failure;
use super::fault::{Fault, FaultKind, Faults};
use super::ids::Ids;
use super::log::{Direction, Exchange, without_secrets};
use super::network::Network;
use crate::Clock;

/// How long a client that is limited should wait, where the fault does not say, in seconds.
const WAIT: u64 = 60;

#[derive(Debug, Default)]
struct Inner {
    log: Vec<Exchange>,
    faults: Faults,
}

/// The log and the faults of one world. Clones share them.
#[derive(Clone)]
pub struct Control {
    inner: Arc<Mutex<Inner>>,
    /// Told when what waits on purpose should wait no more.
    released: Arc<Notify>,
    ids: Ids,
    clock: Clock,
}

impl Control {
    /// An empty log and no fault.
    pub fn new(clock: Clock, seed: u64) -> Self {
        Self { inner: Arc::default(), released: Arc::default(), ids: Ids::new(seed), clock }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault.
    ///
    /// Errors: the fault makes no sense; the text says why.
    pub fn add_fault(&self, fault: Fault) -> Result<(), &'static str> {
        if let Some(problem) = fault.problem() {
            return Err(problem);
        }
        self.lock().faults.add(fault);
        Ok(())
    }

    /// Every exchange so far.
    pub fn log(&self) -> Vec<Exchange> {
        self.lock().log.clone()
    }

    /// Whether a fault waits for its request.
    #[cfg(test)]
    pub(super) fn waits(&self) -> bool {
        !self.lock().faults.is_empty()
    }

    /// Forgets log and faults, and lets go what waits.
    pub fn reset(&self) {
        let mut inner = self.lock();
        inner.log.clear();
        inner.faults.clear();
        drop(inner);
        self.ids.reset();
        self.release();
    }

    /// Lets go what waits on purpose.
    pub(super) fn release(&self) {
        self.released.notify_waiters();
    }

    pub(super) fn take_outgoing(&self, network: Network, url: &str) -> Option<FaultKind> {
        self.lock().faults.take_outgoing(network, url)
    }

    /// Notes an event that went out.
    pub(super) fn note_outgoing(
        &self,
        network: Network,
        url: &str,
        event: &str,
        status: Option<u16>,
        fault: Option<FaultKind>,
    ) {
        let about = About {
            direction: Direction::Out,
            network,
            method: "POST".to_owned(),
            path: without_secrets(url),
            request_id: event.to_owned(),
            idempotency_key: None,
        };
        self.note(about, status, fault);
    }

    fn note(&self, about: About, status: Option<u16>, fault: Option<FaultKind>) {
        let at = (self.clock)();
        let mut inner = self.lock();
        let number = inner.log.len() as u64 + 1;
        inner.log.push(Exchange {
            number,
            at,
            direction: about.direction,
            network: about.network,
            method: about.method,
            path: about.path,
            request_id: about.request_id,
            idempotency_key: about.idempotency_key,
            status,
            fault,
        });
    }

    /// Answers a request through `network`, with the fault that it meets, and notes it.
    pub(super) async fn watch<Answer>(
        &self,
        network: Network,
        request: Request,
        answer: impl FnOnce(Request) -> Answer,
        failure: impl FnOnce(Failure, &str) -> Response,
    ) -> Response
    where
        Answer: Future<Output = Response>,
    {
        let method = request.method().to_string();
        let path = request.uri().path().to_owned();
        let path_and_query = request.uri().path_and_query().map_or_else(|| path.clone(), ToString::to_string);
        let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
        let connection = connection_of(&request);
        let request_id = self.ids.hex("request", 32);
        let fault = self.lock().faults.take(network, &method, &path_and_query);
        let about = About {
            direction: Direction::In,
            network,
            method,
            path: without_secrets(&path_and_query),
            request_id: request_id.clone(),
            idempotency_key: key,
        };
        let Some(fault) = fault else {
            let mut response = answer(request).await;
            stamp(&mut response, &request_id);
            self.note(about, Some(response.status().as_u16()), None);
            return response;
        };
        // A cut answer needs one that can be cut.
        let applied =
            if fault.apply || fault.kind == FaultKind::Malformed { Some(answer(request).await) } else { None };
        let broken = |status: StatusCode| {
            connection.reset();
            status.into_response()
        };
        let (mut response, is_answered) = match fault.kind {
            FaultKind::Reset => (broken(StatusCode::BAD_GATEWAY), false),
            FaultKind::Stall => {
                self.stall(fault.seconds).await;
                (broken(StatusCode::GATEWAY_TIMEOUT), false)
            }
            FaultKind::Malformed => (cut(applied.unwrap_or_default()).await, true),
            FaultKind::TokenExpired => (failure(Failure::TokenExpired, &path), true),
            FaultKind::TokenRevoked => (failure(Failure::TokenRevoked, &path), true),
            FaultKind::RateLimited => (failure(Failure::RateLimited(fault.retry_after.unwrap_or(WAIT)), &path), true),
            FaultKind::QuotaExceeded => (failure(Failure::QuotaExceeded, &path), true),
            FaultKind::Forbidden => (failure(Failure::Forbidden, &path), true),
            FaultKind::Numbered => (failure(Failure::Numbered(fault.code.unwrap_or(1)), &path), true),
            // Faults of webhooks are never taken by a request.
            FaultKind::Status | FaultKind::WebhookTwice | FaultKind::WebhookLost | FaultKind::WebhookForged => {
                (plain(&fault), true)
            }
        };
        stamp(&mut response, &request_id);
        self.note(about, is_answered.then(|| response.status().as_u16()), Some(fault.kind));
        response
    }

    async fn stall(&self, seconds: Option<u64>) {
        let released = self.released.notified();
        match seconds {
            // Whether the time is over or somebody let go makes no difference here.
            Some(seconds) => drop(tokio::time::timeout(Duration::from_secs(seconds), released).await),
            None => released.await,
        }
    }
}

struct About {
    direction: Direction,
    network: Network,
    method: String,
    path: String,
    request_id: String,
    idempotency_key: Option<String>,
}

fn connection_of(request: &Request) -> Connection {
    request
        .extensions()
        .get::<axum::extract::ConnectInfo<Connection>>()
        .map_or_else(Connection::default, |info| info.0.clone())
}

fn stamp(response: &mut Response, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        response.headers_mut().entry("x-request-id").or_insert(value);
    }
}

fn plain(fault: &Fault) -> Response {
    let status = fault.status.and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), "a fault was injected").into_response();
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The first half of an answer, in a whole response: the body is cut, not the connection.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, super::input::LARGEST).await.unwrap_or_default();
    let half = if bytes.is_empty() { bytes::Bytes::from_static(b"{") } else { bytes.slice(..bytes.len().div_ceil(2)) };
    parts.status = StatusCode::OK;
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(half))
}
