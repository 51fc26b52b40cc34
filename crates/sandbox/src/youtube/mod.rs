//! YouTube, version 3 of its Data API, and the tokens of all of Google.
//!
//! One channel with one video. Comments, moderation, uploads in one piece or resumable, metadata,
//! captions, the day's quota in its three buckets, and the hub that tells of uploads (WebSub). The hub
//! says nothing of comments: these are polled, as on the network.

mod captions;
mod catalogue;
mod comments;
#[cfg(test)]
mod connector_tests;
mod error;
mod oauth;
mod paging;
mod people;
mod push;
mod quota;
#[cfg(test)]
mod tests;
mod upload;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Clock;
use crate::kit::Key;
use crate::world::{Emulator, Failure, Hooks, Ids, Input, Refused, Standing, TOKEN, Tokens, Write};
use error::ApiError;
use quota::{Cost, Quota};

/// Somebody with a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Person {
    id: String,
    name: String,
}

/// What moderators say of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moderation {
    Published,
    HeldForReview,
    LikelySpam,
    Rejected,
}

#[derive(Debug, Clone)]
struct Comment {
    key: Key,
    video: String,
    parent: Option<String>,
    author: Person,
    text: String,
    updated: Timestamp,
    moderation: Moderation,
}

#[derive(Debug, Clone)]
struct Video {
    key: Key,
    title: String,
    description: String,
    tags: Vec<String>,
    category: String,
    privacy: String,
    publish_at: Option<Timestamp>,
    is_for_kids: bool,
    language: Option<String>,
    bytes: u64,
    /// Whether the network is done with it: it says once that it is not.
    is_processed: bool,
}

impl Video {
    /// Whether everybody sees it: what was scheduled appears when its time comes.
    fn is_public(&self, now: Timestamp) -> bool {
        self.privacy == "public" || self.publish_at.is_some_and(|at| at <= now)
    }
}

#[derive(Debug, Clone)]
struct Caption {
    video: String,
    language: String,
    name: String,
    is_draft: bool,
    updated: Timestamp,
    /// What was uploaded, as it came.
    words: Bytes,
}

struct State {
    channel: Person,
    videos: BTreeMap<String, Video>,
    comments: BTreeMap<String, Comment>,
    captions: BTreeMap<String, Caption>,
    sessions: BTreeMap<String, upload::Session>,
    quota: Quota,
    made: u64,
}

impl State {
    fn key(&mut self, at: Timestamp) -> Key {
        self.made += 1;
        Key { at, number: self.made }
    }

    /// The playlist of everything that the channel uploaded.
    fn uploads(&self) -> String {
        format!("UU{}", self.channel.id.strip_prefix("UC").unwrap_or(&self.channel.id))
    }

    fn first_video(&self) -> Option<String> {
        self.videos.iter().min_by_key(|(_, video)| video.key).map(|(id, _)| id.clone())
    }
}

/// YouTube. Clones share it.
#[derive(Clone)]
pub struct YouTube {
    state: Arc<Mutex<State>>,
    ids: Ids,
    tokens: Tokens,
    hooks: Hooks,
    clock: Clock,
}

impl YouTube {
    /// A channel with one video.
    pub fn new(clock: Clock, seed: u64, hooks: Hooks) -> Self {
        let ids = Ids::new(seed);
        let tokens = Tokens::new(clock.clone(), ids.clone());
        let state = Arc::new(Mutex::new(begin(&ids, clock())));
        Self { state, ids, tokens, hooks, clock }
    }

    /// The tokens of Google, which its other services take as well.
    pub fn tokens(&self) -> Tokens {
        self.tokens.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Reads a call, sees who asks, and takes its cost out of the day's share.
    ///
    /// Errors: it cannot be read, nobody or a wrong one asks, or the share is used up.
    async fn admit(&self, request: Request, cost: Cost) -> Result<Input, ApiError> {
        let input = Input::read(request).await.map_err(|_| ApiError::unreadable())?;
        match input.token() {
            Some(token) if self.tokens.standing(&token) == Standing::Valid => {}
            Some(_) => return Err(ApiError::unauthenticated()),
            // A key of the app is enough to read what is public.
            None if input.method == "GET" && input.text("key").as_deref() == Some(TOKEN) => {}
            None if input.text("key").is_some() => {
                return Err(ApiError::bad(
                    "usageLimits",
                    "badRequest",
                    "API key not valid. Please pass a valid API key.",
                ));
            }
            None => return Err(ApiError::anonymous()),
        }
        if self.lock().quota.take(cost, self.now()) { Ok(input) } else { Err(ApiError::quota()) }
    }
}

/// What there is at the start.
fn begin(ids: &Ids, now: Timestamp) -> State {
    let channel = Person {
        id: format!("UC{}", ids.letters_of("youtube.channel", "Elm Street Clinic", 22)),
        name: "Elm Street Clinic".to_owned(),
    };
    let mut state = State {
        channel,
        videos: BTreeMap::new(),
        comments: BTreeMap::new(),
        captions: BTreeMap::new(),
        sessions: BTreeMap::new(),
        quota: Quota::default(),
        made: 0,
    };
    let video = Video {
        title: "A walk through our clinic".to_owned(),
        description: "Where to find what.".to_owned(),
        privacy: "public".to_owned(),
        bytes: 1,
        is_processed: true,
        ..catalogue::empty(state.key(now))
    };
    state.videos.insert(ids.letters("youtube.video", 11), video);
    state
}

impl Emulator for YouTube {
    fn router(&self) -> Router {
        let uploads = post(upload::begin_video).put(upload::go_on);
        let captions = post(upload::begin_caption).put(upload::put_caption);
        Router::new()
            .route("/youtube/v3/commentThreads", get(comments::threads).post(comments::add_thread))
            .route(
                "/youtube/v3/comments",
                get(comments::list).post(comments::reply).put(comments::change).delete(comments::delete),
            )
            .route("/youtube/v3/comments/setModerationStatus", post(comments::moderate))
            .route("/youtube/v3/comments/markAsSpam", post(comments::mark_as_spam))
            .route("/youtube/v3/videos", get(catalogue::videos).put(catalogue::update).delete(catalogue::delete))
            .route("/youtube/v3/channels", get(catalogue::channels))
            .route("/youtube/v3/playlistItems", get(catalogue::playlist_items))
            .route("/youtube/v3/search", get(catalogue::search))
            .route("/youtube/v3/captions", get(captions::list).delete(captions::delete))
            .route("/youtube/v3/captions/{id}", get(captions::download))
            .route("/upload/youtube/v3/videos", uploads.clone())
            .route("/resumable/upload/youtube/v3/videos", uploads)
            .route("/upload/youtube/v3/captions", captions.clone())
            .route("/resumable/upload/youtube/v3/captions", captions)
            .route("/token", post(oauth::token))
            .route("/oauth2/v4/token", post(oauth::token))
            .route("/o/oauth2/v2/auth", get(oauth::consent))
            .route("/revoke", post(oauth::revoke))
            .route("/tokeninfo", get(oauth::info))
            .route("/subscribe", post(push::hub))
            .route("/xml/feeds/videos.xml", get(push::feed))
            .route("/feeds/videos.xml", get(push::feed))
            .fallback(|| async { ApiError::no_path() })
            .with_state(self.clone())
    }

    fn write(&self, write: &Write) -> Result<Value, Refused> {
        people::write(self, write)
    }

    fn failure(&self, failure: Failure, path: &str) -> Response {
        if oauth::is_token_path(path) && matches!(failure, Failure::TokenExpired | Failure::TokenRevoked) {
            return oauth::invalid_grant();
        }
        let error = match failure {
            Failure::TokenExpired | Failure::TokenRevoked => ApiError::unauthenticated(),
            Failure::RateLimited(seconds) => ApiError::rate(seconds),
            Failure::QuotaExceeded => ApiError::quota(),
            Failure::Forbidden | Failure::Numbered(_) => ApiError::forbidden(
                "youtube.common",
                "forbidden",
                "Access forbidden. The request may not be authorized.",
            ),
        };
        error.into_response()
    }

    fn ready(&self) -> Value {
        let state = self.lock();
        json!({"channel": state.channel.id, "video": state.first_video()})
    }

    fn home(&self) -> String {
        people::home(&self.lock(), self.now())
    }

    fn reset(&self) {
        self.ids.reset();
        self.tokens.reset();
        *self.lock() = begin(&self.ids, self.now());
    }
}
