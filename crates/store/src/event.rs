//! What the bus carries after a commit: ids and states, never text.

use bedside_model::{AccountId, AlertId, ConversationId, DraftId, ImportId, OrgId, OutboxId, SourceId};
use serde::{Deserialize, Serialize};

/// Something that changed, for the live pages and for the loops that wait for work. Losing one
/// costs only the latency of the next poll: the truth is in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Whose.
    pub org: OrgId,
    /// What.
    pub change: Change,
}

/// The kinds of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A conversation is new or changed.
    Conversation {
        /// Which.
        id: ConversationId,
        /// It was not there before.
        new: bool,
        /// Its rank now.
        priority: u8,
    },
    /// A draft changed.
    Draft {
        /// Which.
        id: DraftId,
        /// In which conversation.
        conversation_id: Option<ConversationId>,
    },
    /// An outbox row is new or changed its state.
    Outbox {
        /// Which.
        id: OutboxId,
        /// For which conversation.
        conversation_id: Option<ConversationId>,
        /// Its state.
        state: String,
    },
    /// An alert was raised, told on or acknowledged.
    Alert {
        /// Which.
        id: AlertId,
        /// About what.
        conversation_id: Option<ConversationId>,
        /// Its class.
        class: String,
        /// Its state.
        state: String,
    },
    /// A source's health or schedule changed.
    Source {
        /// Which.
        id: SourceId,
        /// Its state.
        state: String,
    },
    /// An import went on.
    Import {
        /// Which.
        id: ImportId,
    },
    /// Something was heard and waits to be read; nothing that people see yet.
    Heard {
        /// Through which account.
        account_id: AccountId,
    },
    /// The log grew.
    Audit {
        /// To this height.
        height: u64,
    },
}
