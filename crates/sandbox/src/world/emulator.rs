//! What the world asks of each network, and what people can do on it.

use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::network::Network;

/// The surface of an emulated network. Clones share its state.
///
/// A module has a constructor `new(clock, seed, hooks)`, and this.
pub trait Emulator: Send + Sync {
    /// Every route of the network, under the paths of its real hosts.
    fn router(&self) -> Router;
    /// A person writes, edits or deletes. The answer has at least the `id`, as the interface of the
    /// network shows it.
    fn write(&self, write: &Write) -> Result<Value, Refused>;
    /// The network's own answer, headers included, where a fault asks for one. `path` is what was
    /// called: the end points for tokens may answer otherwise than the rest.
    fn failure(&self, failure: Failure, path: &str) -> Response;
    /// What the ready line says of it: ids that a client needs to begin, as in `{"page":"…"}`.
    fn ready(&self) -> Value;
    /// What people see: the body of a plain page, as HTML (see `page.rs` for its classes).
    fn home(&self) -> String;
    /// Everything as at the start: the same ids again.
    fn reset(&self);
}

/// A failure that each network has a form of its own for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The access token is too old; a fresh one would do.
    TokenExpired,
    /// The access was taken back; somebody has to authorise again.
    TokenRevoked,
    /// Too many requests in a short time; come back after so many seconds.
    RateLimited(u64),
    /// What may be asked in a day, or paid for, is used up.
    QuotaExceeded,
    /// The network does not permit this to this app or this person.
    Forbidden,
    /// An error that the network numbers. A network without numbers answers as to [`Self::Forbidden`].
    Numbered(u32),
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A comment on something of the organisation, or a reply in its thread.
    #[default]
    Comment,
    /// A post: on the organisation's page by a visitor, or by the organisation itself with `own`.
    Post,
    /// A post or comment elsewhere that names the organisation.
    Mention,
    /// A review or recommendation.
    Review,
    /// A private message to the organisation.
    Message,
}

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Writes something new.
    #[default]
    Add,
    /// Changes what has this `id`.
    Edit,
    /// Takes away what has this `id`.
    Delete,
}

/// A person writes, edits or deletes: the body of `POST /_sandbox/write`. `docs/sandbox.md`
/// describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// Where.
    pub network: Network,
    /// What.
    #[serde(default)]
    pub kind: Kind,
    /// Whether it is new.
    #[serde(default)]
    pub action: Action,
    /// Which one is changed or deleted.
    #[serde(default)]
    pub id: Option<String>,
    /// The name of who writes. The same name is the same person.
    #[serde(default)]
    pub author: Option<String>,
    /// The text.
    #[serde(default)]
    pub text: Option<String>,
    /// The post, video or media it is on; the first of the organisation where none is named.
    #[serde(default)]
    pub on: Option<String>,
    /// The comment or message that it answers.
    #[serde(default)]
    pub parent: Option<String>,
    /// Stars, 1 to 5. For Facebook: 4 and 5 recommend.
    #[serde(default)]
    pub rating: Option<u8>,
    /// When, if not now.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// The organisation itself does it, on the network's own pages: its `author` does not count.
    #[serde(default)]
    pub own: bool,
    /// The network holds it back for a moderator, where it has such a thing.
    #[serde(default)]
    pub held: bool,
}

impl Write {
    /// A new comment on this network, to be filled in.
    pub const fn on(network: Network) -> Self {
        Self {
            network,
            kind: Kind::Comment,
            action: Action::Add,
            id: None,
            author: None,
            text: None,
            on: None,
            parent: None,
            rating: None,
            at: None,
            own: false,
            held: false,
        }
    }

    /// The name of who writes.
    pub fn author(&self) -> &str {
        self.author.as_deref().unwrap_or("Somebody")
    }

    /// The text; none is an empty one.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or("")
    }

    /// The id of what is changed or deleted.
    ///
    /// Errors: there is none.
    pub fn id(&self) -> Result<&str, Refused> {
        self.id.as_deref().ok_or(Refused::Invalid("`id` says what is edited or deleted"))
    }

    /// What an edited text becomes.
    ///
    /// Errors: that is not said.
    pub fn becomes(&self) -> Result<&str, Refused> {
        self.text.as_deref().ok_or(Refused::Invalid("`text` says what it becomes"))
    }
}

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such thing on the network.
    #[error("nothing there has the id in `{0}`")]
    Unknown(&'static str),
    /// The network has no such thing.
    #[error("this network has no {0}")]
    Unsupported(&'static str),
    /// The request makes no sense.
    #[error("{0}")]
    Invalid(&'static str),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::Unknown(_) => (StatusCode::NOT_FOUND, "unknown"),
            Self::Unsupported(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unsupported"),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        };
        (status, Json(json!({"error": {"code": code, "message": self.to_string()}}))).into_response()
    }
}
