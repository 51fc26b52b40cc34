//! Drafts: written, judged, approved, and on their way through the one door.
//!
//! Every change runs the guard on the server and stores its verdict. What may happen is decided by
//! [`bedside_model::draft`]; each operation is one transaction with its audit entry.

pub mod decide;
pub mod send;
pub mod view;
pub mod write;

use std::sync::Arc;

use bedside_engine::door::{InTheWay, Standing};
use bedside_model::draft::{self, Draft};
use bedside_model::role::{Action, Resource};
use bedside_model::{DraftId, VerdictId};
use bedside_store::answer::{MessageRow, speaker};
use bedside_store::drafts::{self, StoredDraft, StoredVerdict};
use bedside_store::{By, Ids, StoreError, Tx, conversation};

use crate::app::App;
use crate::extract::Tagged;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use view::DraftView;

impl From<InTheWay> for Problem {
    fn from(it: InTheWay) -> Self {
        Self::new(it.code, it.sentence)
    }
}

impl From<draft::Refused> for Problem {
    fn from(refused: draft::Refused) -> Self {
        Self::refused(refused.code(), refused)
    }
}

/// A refusal of the model as an error of a write.
pub(super) fn refused(refused: draft::Refused) -> StoreError {
    conversation::refused(refused.code(), &refused)
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
        draft::DraftKind::Edit if stored.revises.is_some() => post,
        draft::DraftKind::Reply | draft::DraftKind::Edit => reply,
        draft::DraftKind::Post => post,
    }
}

/// Shows a draft as it stands now.
pub(crate) async fn shown(app: &App, who: &SignedIn, id: &DraftId) -> Result<Tagged<DraftView>, Problem> {
    let mut conn = app.read().await?;
    let Standing { stored, scene, answered } = Standing::of(&mut conn, who.org(), id).await?;
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
