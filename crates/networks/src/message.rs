//! A message as parsed from one raw item.

use bedside_model::moderation::Standing;
use bedside_model::{Micros, Phi};
use serde::{Deserialize, Serialize};

/// What sort of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A comment under a post.
    Comment,
    /// A review of the organisation.
    Review,
    /// A post that starts a thread.
    Post,
    /// An answer to another message.
    Reply,
}

impl MessageKind {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Review => "review",
            Self::Post => "post",
            Self::Reply => "reply",
        }
    }

    /// Reads the stable name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Comment, Self::Review, Self::Post, Self::Reply].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Who can see a message on its network, from widest to narrowest. A reply is never more visible
/// than what it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Everybody who has the link.
    Unlisted,
    /// Only those addressed; also a comment that waits for moderation.
    Private,
}

/// Who wrote a message, as far as the network says.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedAuthor {
    /// The author's id on the network. Where the network gives none (a visitor of a blog), a name
    /// derived from a hash of what it does give, so that two messages of one visitor meet.
    pub native_id: String,
    /// The name as shown.
    pub display_name: Phi<String>,
    /// The handle, where the network has handles.
    pub handle: Option<Phi<String>>,
    /// The profile or home page.
    pub url: Option<Phi<String>>,
    /// The picture.
    pub avatar: Option<Phi<String>>,
}

/// What the thread is about: the post a comment stands under, the place a review is of.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreadContext {
    /// The title.
    pub title: Phi<String>,
    /// Its address.
    pub url: Option<Phi<String>>,
    /// The first lines, as plain text.
    pub excerpt: Option<Phi<String>>,
}

/// A message, in the terms every network shares.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedMessage {
    /// The id on the network; with the account it is unique.
    pub native_id: String,
    /// The id of the thread: the same for all messages that belong together.
    pub thread_native_id: String,
    /// The message it answers, if any.
    pub parent_native_id: Option<String>,
    /// What sort of message it is.
    pub kind: MessageKind,
    /// Who wrote it.
    pub author: ParsedAuthor,
    /// Plain text: markup removed, entities decoded, paragraphs kept. May be empty (a rating alone).
    pub text: Phi<String>,
    /// The language the network claims, as a BCP 47 tag.
    pub language_hint: Option<String>,
    /// Stars on a scale of 0 to 5, whatever the network's own scale is.
    pub rating: Option<f64>,
    /// Who can see it.
    pub visibility: Visibility,
    /// Its address.
    pub permalink: Option<String>,
    /// When it was published.
    pub published_at: Option<Micros>,
    /// When it was last changed, where the network says so.
    pub edited_at: Option<Micros>,
    /// Written by the connected account.
    pub is_own: bool,
    /// Written by another user of the organisation, named in `staff_ids`.
    pub is_staff: bool,
    /// Where it stands there, held for review or hidden, where the network says so. What is not shown is
    /// [`Visibility::Private`] meanwhile.
    pub standing: Option<Standing>,
    /// No longer to be seen on the network.
    pub removed: bool,
    /// What the thread is about.
    pub context: Option<ThreadContext>,
}
