//! A WordPress site: posts and comments through its REST API, under `/wp-json/` and
//! `/?rest_route=`, with the user name [`USER`] and the application password [`PASSWORD`].
//!
//! It keeps to what WordPress does where a client can tell the difference: paging headers and the
//! error past the last page, statuses, `context`, `_embed`, `_fields`, files, the trash, the refusal of a
//! duplicate comment, error codes. `GET /` shows people the posts and comments.
//!
//! `POST /_sandbox/write` takes `{"author","text","post"?,"parent"?,"status"?,"at"?,"id"?}`: with
//! the id of a comment it changes that comment. `POST /_sandbox/delete` takes `{"id","force"?}`.

mod comments;
mod journal;
mod media;
mod people;
mod posts;
mod rest;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::serving::serve_until;
use crate::{Clock, Control, Running};
use journal::Journal;

pub use journal::{Effect, read_effects};
pub use people::WriteComment;

/// The user name of the account.
pub const USER: &str = "bedside";
/// Its application password.
pub const PASSWORD: &str = "sandbox";
/// Its user id.
pub const USER_ID: u64 = 2;
/// The name under which it writes.
pub const USER_NAME: &str = "Patient relations";

/// The largest file that the site takes, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// A comment as the site keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its id.
    pub id: u64,
    /// The post it stands under.
    pub post: u64,
    /// The comment it answers, or 0.
    pub parent: u64,
    /// The user who wrote it, or 0 for a visitor.
    pub author: u64,
    /// The name shown.
    pub author_name: String,
    /// When.
    pub date: Timestamp,
    /// `approved`, `hold`, `spam` or `trash`.
    pub status: String,
    /// The content as it was sent.
    pub content: String,
}

/// A post as the site keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its id.
    pub id: u64,
    /// The title as it was sent.
    pub title: String,
    /// The content as it was sent.
    pub content: String,
    /// `publish`, `draft` or `trash`.
    pub status: String,
    /// The user who wrote it.
    pub author: u64,
    /// When.
    pub date: Timestamp,
}

/// A file as the site keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its id.
    pub id: u64,
    /// Its name, less the ending.
    pub slug: String,
    /// The media type, as its name says.
    pub mime: String,
    /// The title.
    pub title: String,
    /// The text for people who do not see it.
    pub alt: String,
    /// When it came.
    pub date: Timestamp,
    /// What is in it; in memory only.
    #[serde(skip)]
    pub bytes: Bytes,
}

/// What an effect made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// A comment, as it is now.
    Comment(Comment),
    /// A post, as it is now.
    Post(Post),
    /// A file, as it is described now.
    File(File),
    /// A comment that is deleted for good.
    CommentDeleted(u64),
    /// A post that is deleted for good.
    PostDeleted(u64),
}

#[derive(Debug, Default)]
struct State {
    comments: BTreeMap<u64, Comment>,
    posts: BTreeMap<u64, Post>,
    files: BTreeMap<u64, File>,
    last_comment: u64,
    last_post: u64,
    last_file: u64,
}

impl State {
    fn put(&mut self, object: Object) {
        match object {
            Object::Comment(comment) => {
                self.last_comment = self.last_comment.max(comment.id);
                self.comments.insert(comment.id, comment);
            }
            Object::Post(post) => {
                self.last_post = self.last_post.max(post.id);
                self.posts.insert(post.id, post);
            }
            Object::File(file) => {
                self.last_file = self.last_file.max(file.id);
                self.files.insert(file.id, file);
            }
            Object::CommentDeleted(id) => {
                self.comments.remove(&id);
            }
            Object::PostDeleted(id) => {
                self.posts.remove(&id);
            }
        }
    }
}

#[derive(Debug)]
struct Kept {
    state: State,
    journal: Journal,
}

/// A blog. Clones share it.
#[derive(Clone)]
pub struct Blog {
    kept: Arc<Mutex<Kept>>,
    clock: Clock,
    title: Arc<str>,
    refuse_duplicates: bool,
    /// Whether the application password was taken back.
    forgotten: Arc<AtomicBool>,
    /// The log, and faults on demand.
    pub control: Control,
}

impl Blog {
    /// A blog with one post, kept in memory.
    pub fn new(title: &str, clock: Clock) -> Self {
        Self::with_journal(title, clock, Journal::none(), State::default(), true)
    }

    /// A blog that writes every effect to a file, durably, before it answers; one that was written
    /// earlier is read back first. It takes the same comment twice, so that a client that sends
    /// twice is found out.
    ///
    /// Errors: the file cannot be read or written, or holds something else.
    pub fn recording(title: &str, clock: Clock, path: &Path) -> std::io::Result<Self> {
        let mut state = State::default();
        let journal = Journal::open(path, |effect| {
            if let Some(object) = effect.object.filter(|_| effect.accepted) {
                state.put(object);
            }
        })?;
        Ok(Self::with_journal(title, clock, journal, state, false))
    }

    fn with_journal(title: &str, clock: Clock, journal: Journal, mut state: State, refuse_duplicates: bool) -> Self {
        first_post(&mut state, &clock);
        Self {
            kept: Arc::new(Mutex::new(Kept { state, journal })),
            clock,
            title: title.into(),
            refuse_duplicates,
            forgotten: Arc::default(),
            control: Control::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the application password back, or knows it again.
    pub fn forget_password(&self, forgotten: bool) {
        self.forgotten.store(forgotten, Ordering::Relaxed);
    }

    /// All its routes.
    pub fn router(&self) -> Router {
        let network = Router::new()
            .route("/", any(rest::root))
            .route("/wp-json/{*route}", any(rest::pretty))
            .route("/wp-content/uploads/{name}", get(media::serve))
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(self.clone());
        let people = Router::new()
            .route("/_sandbox/write", post(people::write))
            .route("/_sandbox/delete", post(people::delete))
            .route("/_sandbox/reset", post(people::reset))
            .route("/_sandbox/home", get(people::home))
            .with_state(self.clone());
        self.control.around(network.merge(people))
    }
}

/// Every blog begins with one post, so that there is something to comment on.
fn first_post(state: &mut State, clock: &Clock) {
    if state.posts.is_empty() {
        state.put(Object::Post(Post {
            id: 1,
            title: "Welcome to our blog".to_owned(),
            content: "<p>Tell us what you think.</p>".to_owned(),
            status: "publish".to_owned(),
            author: USER_ID,
            date: clock(),
        }));
    }
}

/// Serves the blog until `shutdown` is ready.
///
/// Errors: the listener fails.
pub async fn serve(
    listener: TcpListener,
    blog: Blog,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_until(listener, blog.router(), shutdown).await
}

/// Serves the blog in the background, on a free port of loopback.
///
/// Errors: no port can be had.
pub async fn spawn(blog: Blog) -> std::io::Result<Running> {
    Running::start(|listener, stopped| serve(listener, blog, stopped.wait())).await
}
