//! What can be asked of a network, and what became of it.

use bedside_model::{Micros, Phi};
use serde::{Deserialize, Serialize};

use crate::connector::{ReadbackSteps, SendSteps};
use crate::{HttpRequest, HttpResponse, Media, NetError, TransportError, Visibility};

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
        /// The title; networks without titles leave it out.
        title: Phi<String>,
        /// The text.
        text: Phi<String>,
        /// A link that the network may show as a card.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
        /// Images, a video or a document, in their order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        media: Vec<Media>,
        /// The language of the text, a BCP 47 tag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
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
    /// Delete somebody's message from a place of ours.
    Remove {
        /// Its id.
        native_id: String,
    },
    /// Tell the network that somebody's message is spam, which also hides it.
    Spam {
        /// Its id.
        native_id: String,
    },
    /// Give an own video captions, in the place of those that it has in this language under this name.
    Caption {
        /// The video's id.
        native_id: String,
        /// The language of the captions, a BCP 47 tag.
        language: String,
        /// What viewers choose them by, beside the language; may be empty.
        name: Phi<String>,
        /// The captions, as WebVTT or SubRip.
        text: Phi<String>,
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
            Self::Remove { .. } => "remove",
            Self::Spam { .. } => "spam",
            Self::Caption { .. } => "caption",
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
    /// It did not take effect yet: the network is still at work on what was prepared. The next
    /// attempt goes on from [`Sending::progress`]; this one does not count as failed.
    Waiting {
        /// Not before this many seconds.
        after: u64,
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

/// An operation being sent. Use it like a [`crate::Poll`]: request, answer, until there is no further
/// request; then the outcome. Most operations are one request; those with media prepare first.
#[derive(Debug)]
pub struct Sending(pub(crate) Box<dyn SendSteps>);

impl Sending {
    /// The next request, or `None` when the outcome stands.
    pub fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    /// Takes the answer to the last request, or its absence.
    pub fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        self.0.on_answer(answer);
    }

    /// What became of it. Asked only when there is no further request.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome()
    }

    /// What has been prepared so far, to hand to a later attempt ([`crate::Order::progress`]).
    pub fn progress(&self) -> Option<serde_json::Value> {
        self.0.progress()
    }
}

/// Looks at the network to see whether an operation took effect. Use it like a
/// [`crate::Poll`]: request, answer, until there is no further request; then the verdict.
#[derive(Debug)]
pub struct Readback(pub(crate) Box<dyn ReadbackSteps>);

impl Readback {
    /// The next request, or `None` when the verdict stands.
    pub fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    /// Takes the answer to the last request. An error leaves the read-back where it was.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.0.on_response(response)
    }

    /// The verdict; [`ReadbackVerdict::CannotTell`] while requests are still open.
    pub fn verdict(&self) -> ReadbackVerdict {
        self.0.verdict()
    }
}

/// The answer to an operation that a network has no word for.
pub(crate) const NOT_HERE: NetError = NetError::Unsupported { what: "this network does not offer that" };

/// How far the network's clock may differ from ours when a read-back looks for something sent at a
/// certain time.
pub(crate) const CLOCK_SKEW: Micros = 15 * 60 * 1_000_000;
