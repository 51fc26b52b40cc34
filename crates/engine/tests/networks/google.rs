//! A little Google: tokens that rotate, comments of a channel, uploads in pieces.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::serve;

/// What it knows and what was asked of it.
#[derive(Default)]
pub struct Known {
    /// The access token that counts.
    pub access: String,
    /// The refresh token that counts; each use replaces it where `rotates`.
    pub refresh: String,
    pub rotates: bool,
    /// The status of every renewal, if it is not to work.
    pub token_fails: Option<u16>,
    pub renewals: usize,
    pub refused_renewals: usize,
    pub lists: usize,
    /// Others drew on the same budget, and it is used up.
    pub spent: bool,
    pub deletions: usize,
    pub sessions: usize,
    pub arrived: Vec<u8>,
    /// Pieces that are answered with 503, by their number.
    pub fail_piece: Option<usize>,
    /// A piece that is never answered, by its number.
    pub hang_piece: Option<usize>,
    pub pieces: usize,
    pub looks: usize,
}

#[derive(Clone, Default)]
pub struct Google {
    state: Arc<Mutex<Known>>,
    base: Arc<Mutex<String>>,
    /// Told when a piece hangs.
    pub hung: Arc<Notify>,
}

impl Google {
    pub async fn start(access: &str, refresh: &str) -> (Self, String) {
        let google = Self::default();
        {
            let mut state = google.state();
            state.access = access.into();
            state.refresh = refresh.into();
        }
        let router = Router::new()
            .route("/token", post(token))
            .route("/youtube/v3/commentThreads", get(list))
            .route("/youtube/v3/comments", get(list).delete(delete))
            .route("/youtube/v3/playlistItems", get(uploads))
            .route("/upload/youtube/v3/videos", post(open))
            .route("/session/1", put(piece))
            // A piece is larger than what axum takes by itself.
            .layer(DefaultBodyLimit::disable())
            .with_state(google.clone());
        let base = serve(router).await;
        *google.base.lock().unwrap() = base.clone();
        (google, base)
    }

    pub fn state(&self) -> MutexGuard<'_, Known> {
        self.state.lock().unwrap()
    }

    fn refusal(&self, headers: &HeaderMap) -> Option<Response> {
        let expected = format!("Bearer {}", self.state().access);
        if headers.get(header::AUTHORIZATION).is_some_and(|given| given.as_bytes() == expected.as_bytes()) {
            return None;
        }
        let body = json!({"error": {"code": 401, "message": "", "errors": [{"reason": "authError"}]}});
        Some((StatusCode::UNAUTHORIZED, body.to_string()).into_response())
    }
}

async fn token(State(google): State<Google>, body: Bytes) -> Response {
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let mut state = google.state();
    if let Some(status) = state.token_fails {
        return StatusCode::from_u16(status).unwrap().into_response();
    }
    if form["refresh_token"] != state.refresh {
        state.refused_renewals += 1;
        return (StatusCode::BAD_REQUEST, json!({"error": "invalid_grant"}).to_string()).into_response();
    }
    state.renewals += 1;
    state.access = format!("access-{}", state.renewals);
    let mut answer = json!({"access_token": state.access, "expires_in": 3600, "token_type": "Bearer"});
    if state.rotates {
        state.refresh = format!("refresh-{}", state.renewals);
        answer["refresh_token"] = state.refresh.clone().into();
    }
    answer.to_string().into_response()
}

async fn list(State(google): State<Google>, headers: HeaderMap) -> Response {
    if let Some(refused) = google.refusal(&headers) {
        return refused;
    }
    google.state().lists += 1;
    if google.state().spent {
        let body = json!({"error": {"code": 403, "errors": [{"domain": "youtube.quota", "reason": "quotaExceeded"}]}});
        return (StatusCode::FORBIDDEN, body.to_string()).into_response();
    }
    json!({"items": []}).to_string().into_response()
}

async fn uploads(State(google): State<Google>, headers: HeaderMap) -> Response {
    if let Some(refused) = google.refusal(&headers) {
        return refused;
    }
    google.state().looks += 1;
    json!({"items": []}).to_string().into_response()
}

async fn delete(State(google): State<Google>, headers: HeaderMap) -> Response {
    if let Some(refused) = google.refusal(&headers) {
        return refused;
    }
    google.state().deletions += 1;
    StatusCode::NO_CONTENT.into_response()
}

async fn open(State(google): State<Google>, headers: HeaderMap) -> Response {
    if let Some(refused) = google.refusal(&headers) {
        return refused;
    }
    google.state().sessions += 1;
    let session = format!("{}session/1", google.base.lock().unwrap());
    (StatusCode::OK, [(header::LOCATION, session)]).into_response()
}

/// `Content-Range: bytes from-to/total`, or `bytes */total` to ask.
async fn piece(State(google): State<Google>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(refused) = google.refusal(&headers) {
        return refused;
    }
    let range = headers["content-range"].to_str().unwrap().strip_prefix("bytes ").unwrap().to_owned();
    let (part, total) = range.split_once('/').unwrap();
    let hangs = {
        let mut state = google.state();
        if let Some((from, to)) = part.split_once('-') {
            let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
            assert_eq!(body.len(), to - from + 1, "the piece is as long as it says");
            state.pieces += 1;
            if state.fail_piece == Some(state.pieces) {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            if state.hang_piece != Some(state.pieces) {
                assert_eq!(from, state.arrived.len(), "what has arrived is not sent again");
                state.arrived.extend_from_slice(&body);
            }
            state.hang_piece == Some(state.pieces)
        } else {
            false
        }
    };
    if hangs {
        google.hung.notify_one();
        std::future::pending::<()>().await;
    }
    let arrived = google.state().arrived.len();
    if arrived == total.parse::<usize>().unwrap() {
        return json!({"id": "dQw4w9WgXcQ"}).to_string().into_response();
    }
    let so_far = if arrived == 0 {
        HeaderMap::new()
    } else {
        HeaderMap::from_iter([(header::RANGE, format!("bytes=0-{}", arrived - 1).parse().unwrap())])
    };
    (StatusCode::PERMANENT_REDIRECT, so_far).into_response()
}
