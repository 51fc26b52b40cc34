//! What can be asked of a network, and what became of it.

use bedside_model::{Micros, Phi};
use serde::{Deserialize, Serialize};

use crate::{HttpRequest, HttpResponse, NetError, Visibility, google_business, wordpress};

/// Which kind of own thing an edit or a deletion is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnKind {
    /// An answer to somebody.
    Reply,
    /// A post of our own.
    Post,
}

/// One effect on a network. All texts are plain text; the connector makes markup of it where the
/// network wants markup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Operation {
    /// Answer a message.
    Reply {
        /// The thread: [`crate::ParsedMessage::thread_native_id`].
        thread_native_id: String,
        /// The message that is answered; `None` answers the thread as a whole.
        parent_native_id: Option<String>,
        /// The visibility of what is answered. The reply gets the same, never a wider one; a
        /// network that cannot do that refuses.
        visibility: Visibility,
        /// The answer.
        text: Phi<String>,
    },
    /// Publish a post.
    Post {
        /// The title.
        title: Phi<String>,
        /// The text.
        text: Phi<String>,
    },
    /// Replace the text of an own answer or post.
    EditOwn {
        /// Which kind it is.
        kind: OwnKind,
        /// Its id.
        native_id: String,
        /// The new text.
        text: Phi<String>,
    },
    /// Take an own answer or post back.
    DeleteOwn {
        /// Which kind it is.
        kind: OwnKind,
        /// Its id.
        native_id: String,
    },
    /// Hide somebody's message from the public.
    Hide {
        /// Its id.
        native_id: String,
    },
    /// Show a message that was held or hidden.
    Approve {
        /// Its id.
        native_id: String,
    },
}

impl Operation {
    /// The stable name of the kind of operation.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Reply { .. } => "reply",
            Self::Post { .. } => "post",
            Self::EditOwn { .. } => "edit_own",
            Self::DeleteOwn { .. } => "delete_own",
            Self::Hide { .. } => "hide",
            Self::Approve { .. } => "approve",
        }
    }
}

/// What became of one attempt. `why` is made of fixed phrases, status codes and plain error codes:
/// it may be logged and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It took effect.
    Delivered {
        /// The id of what was made or changed, where there is one.
        native_id: Option<String>,
        /// Its address.
        permalink: Option<String>,
    },
    /// It provably did not take effect, and may be sent again.
    Retry {
        /// Not before this many seconds, where the network says so.
        after: Option<u64>,
        /// The reason.
        why: String,
    },
    /// Nobody can say from here: read back, and never send it again blindly.
    Unknown {
        /// The reason.
        why: String,
    },
    /// It did not take effect and never will as it stands.
    Dead {
        /// The reason.
        why: String,
    },
    /// It did not take effect because the credentials no longer hold. It may be sent again once a
    /// person has re-authorised the account.
    Reauthorise {
        /// The reason.
        why: String,
    },
}

/// What a read-back found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadbackVerdict {
    /// The operation took effect.
    Found {
        /// The id of what was made or changed, where there is one.
        native_id: Option<String>,
        /// Its address.
        permalink: Option<String>,
    },
    /// It did not take effect. To be believed only after [`crate::Limits::settle_seconds`].
    NotThere,
    /// The network does not let us tell: a person must look.
    CannotTell,
}

/// Looks at the network to see whether an operation took effect. Use it like a
/// [`crate::Poll`]: request, answer, until there is no further request; then the verdict.
#[derive(Debug)]
pub struct Readback(pub(crate) ReadbackInner);

#[derive(Debug)]
pub(crate) enum ReadbackInner {
    Wordpress(wordpress::Readback),
    GoogleBusiness(google_business::Readback),
}

impl Readback {
    /// The next request, or `None` when the verdict stands.
    pub fn next_request(&self) -> Option<HttpRequest> {
        match &self.0 {
            ReadbackInner::Wordpress(inner) => inner.next_request(),
            ReadbackInner::GoogleBusiness(inner) => inner.next_request(),
        }
    }

    /// Takes the answer to the last request. An error leaves the read-back where it was.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match &mut self.0 {
            ReadbackInner::Wordpress(inner) => inner.on_response(response),
            ReadbackInner::GoogleBusiness(inner) => inner.on_response(response),
        }
    }

    /// The verdict; [`ReadbackVerdict::CannotTell`] while requests are still open.
    pub fn verdict(&self) -> ReadbackVerdict {
        match &self.0 {
            ReadbackInner::Wordpress(inner) => inner.verdict(),
            ReadbackInner::GoogleBusiness(inner) => inner.verdict(),
        }
    }
}

/// How far the network's clock may differ from ours when a read-back looks for something sent at a
/// certain time.
pub(crate) const CLOCK_SKEW: Micros = 15 * 60 * 1_000_000;
