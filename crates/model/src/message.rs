//! A message as Bedside keeps it: what a network served, parsed, and nothing more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::label::Priority;
use crate::network::{Direction, MessageKind, Visibility};
use crate::{AccountId, AuthorId, ConversationId, MessageId, Phi};

/// The author of messages on a network: a pseudonym there, never a patient record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Its id.
    pub id: AuthorId,
    /// The account through which the author was met.
    pub account_id: AccountId,
    /// The name shown on the network.
    pub display_name: Phi<String>,
    /// The handle, where the network has one.
    pub handle: Option<Phi<String>>,
    /// The profile's address.
    pub url: Option<Phi<String>>,
    /// When the first message came.
    pub first_seen_at: Timestamp,
    /// When the last message came.
    pub last_seen_at: Timestamp,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The account that heard it.
    pub account_id: AccountId,
    /// The conversation that it belongs to.
    pub conversation_id: ConversationId,
    /// Who wrote it; `None` for one's own.
    pub author_id: Option<AuthorId>,
    /// Its id on the network; unique within the account.
    pub native_id: String,
    /// The message that it answers, where that one is known.
    pub parent_id: Option<MessageId>,
    /// Which way it went.
    pub direction: Direction,
    /// What it is there.
    pub kind: MessageKind,
    /// Who can read it.
    pub visibility: Visibility,
    /// The text.
    pub text: Phi<String>,
    /// Stars, 1 to 5.
    pub rating: Option<f64>,
    /// Its address.
    pub permalink: Option<Phi<String>>,
    /// When the network says it was written.
    pub published_at: Timestamp,
    /// When Bedside had it.
    pub received_at: Timestamp,
    /// When it was last seen changed.
    pub edited_at: Option<Timestamp>,
    /// When it was seen gone from the network.
    pub deleted_at: Option<Timestamp>,
    /// Its rank; `None` for messages that are not inbound.
    pub priority: Option<Priority>,
}
