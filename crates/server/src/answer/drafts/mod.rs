//! Drafts: written, judged, approved, and on their way through the one door.
//!
//! Every change runs the guard on the server and stores its verdict. What may happen is decided by
//! [`bedside_model::draft`]; each operation is one transaction with its audit entry.

pub mod decide;
pub mod door;
pub mod send;
pub mod view;
pub mod whole;
pub mod write;

use std::sync::Arc;

use bedside_model::draft::{self, Draft};
use bedside_model::network::Direction;
use bedside_model::role::{Action, Resource};
use bedside_model::{DraftId, OrgId, VerdictId};
use bedside_store::answer::{MessageRow, speaker, thread};
use bedside_store::drafts::{self, StoredDraft, StoredVerdict};
use bedside_store::{By, Conn, Ids, StoreError, Tx, conversation};

use super::scene::Scene;
use crate::app::App;
use crate::extract::Tagged;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use view::DraftView;

impl From<draft::Refused> for Problem {
    fn from(refused: draft::Refused) -> Self {
        Self::refused(refused.code(), refused)
    }
}

/// A refusal of the model as an error of a write.
pub(super) fn refused(refused: draft::Refused) -> StoreError {
    conversation::refused(refused.code(), &refused)
}

/// A draft with the scene it stands in.
#[derive(Debug)]
pub(super) struct Standing {
    pub stored: StoredDraft,
    pub scene: Scene,
    pub answered: Option<MessageRow>,
}

/// Loads a draft with its scene.
pub(super) async fn standing(conn: &mut Conn, org: &OrgId, id: &DraftId) -> Result<Standing, Problem> {
    let stored = drafts::get(conn, org, id).await?;
    let scene = match &stored.conversation_id {
        Some(conversation) => Scene::of_conversation(conn, org, conversation).await?,
        None => Scene::of_account(conn, org, &stored.account_id).await?,
    };
    let answered = match (&stored.in_reply_to, &stored.conversation_id) {
        // A new text for an own reply answers what that reply answered.
        (Some(_), Some(conversation)) if stored.draft.kind == draft::DraftKind::Edit => {
            let rows = thread::messages(conn, org, conversation).await?;
            parent_of(&rows, stored.parent_native_id.as_deref()).cloned()
        }
        (Some(message), _) => Some(thread::message(conn, org, message).await?),
        (None, _) => None,
    };
    Ok(Standing { stored, scene, answered })
}

/// The message that an own reply answers: its parent, else the newest of somebody else.
pub(super) fn parent_of<'a>(rows: &'a [MessageRow], parent_native_id: Option<&str>) -> Option<&'a MessageRow> {
    let parent = rows.iter().find(|row| Some(row.native_id.as_str()) == parent_native_id);
    parent.filter(|row| row.direction == Direction::Inbound).or_else(|| super::guarding::answered(rows))
}

/// What the model's rules look at.
pub(super) fn resource(stored: &StoredDraft) -> Resource {
    Resource::Draft {
        written_by: stored.draft.written_by.clone(),
        override_requested_by: stored.draft.override_.as_ref().map(|asked| asked.requested_by.clone()),
    }
}

/// The action of a reply, or its twin for a post.
pub(super) fn action(stored: &StoredDraft, reply: Action, post: Action) -> Action {
    match stored.draft.kind {
        draft::DraftKind::Reply | draft::DraftKind::Edit => reply,
        draft::DraftKind::Post => post,
    }
}

/// Shows a draft as it stands now.
pub(crate) async fn shown(app: &App, who: &SignedIn, id: &DraftId) -> Result<Tagged<DraftView>, Problem> {
    let mut conn = app.read().await?;
    let Standing { stored, scene, answered } = standing(&mut conn, who.org(), id).await?;
    let names = speaker::user_names(&mut conn, who.org()).await?;
    let rows: Vec<MessageRow> = answered.into_iter().collect();
    let view = DraftView::of(&mut conn, &scene, &names, who, &stored, Some(&rows)).await?;
    Ok(Tagged(stored.version, view))
}

/// Stores a verdict about the text of `after` and takes the model's step with it.
pub(super) async fn put_verdict(
    tx: &mut Tx,
    after: &mut StoredDraft,
    verdict: StoredVerdict,
) -> Result<(), StoreError> {
    drafts::add_verdict(tx, Some(&after.id), &verdict).await?;
    after.draft = step(&after.draft, &draft::Event::Checked(verdict.checked()?))?;
    after.verdict = Some(verdict);
    Ok(())
}

/// One step of the model.
pub(super) fn step(draft: &Draft, event: &draft::Event) -> Result<Draft, StoreError> {
    draft::step(draft, event).map_err(refused)
}

/// Adds an entry to the timeline of the draft's conversation, where it has one.
pub(super) async fn note(
    tx: &mut Tx,
    ids: &Arc<Ids>,
    stored: &StoredDraft,
    kind: bedside_model::conversation::TimelineKind,
    by: &By,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    let Some(conversation) = &stored.conversation_id else { return Ok(()) };
    conversation::note_event(tx, ids, conversation, kind.as_str(), by, &detail).await
}

/// A new verdict's id.
pub(super) fn verdict_id(app: &App) -> VerdictId {
    VerdictId::from_bits(app.store.ids().bits(app.now()))
}
