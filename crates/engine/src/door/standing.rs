//! A draft with the scene that it stands in, as it is shown, decided on and sent.

use bedside_model::draft::DraftKind;
use bedside_model::network::Direction;
use bedside_model::{DraftId, OrgId};
use bedside_store::answer::{MessageRow, thread};
use bedside_store::drafts::{self, StoredDraft};
use bedside_store::{Conn, StoreError};

use super::scene::Scene;

/// A draft with the scene it stands in.
#[derive(Debug)]
pub struct Standing {
    /// The draft.
    pub stored: StoredDraft,
    /// Where it would be said.
    pub scene: Scene,
    /// The message that it answers.
    pub answered: Option<MessageRow>,
}

impl Standing {
    /// Loads a draft with its scene.
    pub async fn of(conn: &mut Conn, org: &OrgId, id: &DraftId) -> Result<Self, StoreError> {
        let stored = drafts::get(conn, org, id).await?;
        let scene = match &stored.conversation_id {
            Some(conversation) => Scene::of_conversation(conn, org, conversation).await?,
            None => Scene::of_account(conn, org, &stored.account_id).await?,
        };
        let answered = match (&stored.in_reply_to, &stored.conversation_id) {
            // A new text for an own reply answers what that reply answered.
            (Some(_), Some(conversation)) if stored.draft.kind == DraftKind::Edit => {
                let rows = thread::messages(conn, org, conversation).await?;
                parent_of(&rows, stored.parent_native_id.as_deref()).cloned()
            }
            (Some(message), _) => Some(thread::message(conn, org, message).await?),
            (None, _) => None,
        };
        Ok(Self { stored, scene, answered })
    }
}

/// The message that an own reply answers: its parent, else the newest of somebody else.
pub fn parent_of<'a>(rows: &'a [MessageRow], parent_native_id: Option<&str>) -> Option<&'a MessageRow> {
    let parent = rows.iter().find(|row| Some(row.native_id.as_str()) == parent_native_id);
    parent.filter(|row| row.direction == Direction::Inbound).or_else(|| answered(rows))
}

/// The message that a new answer is to: the newest that waits, else the newest that came.
pub fn answered(rows: &[MessageRow]) -> Option<&MessageRow> {
    let inbound = || rows.iter().rev().filter(|row| row.direction == Direction::Inbound && row.deleted_at.is_none());
    let waits = |row: &&MessageRow| row.answered_at.is_none();
    let own_words = |row: &&MessageRow| waits(row) && row.copy_of.is_none();
    inbound().find(own_words).or_else(|| inbound().find(waits)).or_else(|| inbound().next())
}
