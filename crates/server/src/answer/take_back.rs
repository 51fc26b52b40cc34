//! Taking back: an own reply that was sent is changed or deleted on its network, through the
//! outbox. What it said before is kept sealed when the network took the change.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::door::{Scene, Standing, parent_of};
use bedside_model::conversation::TimelineKind;
use bedside_model::delivery::OutboxKind;
use bedside_model::draft::{Carried, Draft, DraftKind, text_hash};
use bedside_model::network::Direction;
use bedside_model::role::Action;
use bedside_model::{DraftId, MessageId, OutboxId, Phi};
use bedside_networks::{Capability, Operation, OwnKind};
use bedside_store::answer::{MessageRow, thread};
use bedside_store::drafts::StoredDraft;
use bedside_store::{Entry, conversation, outbox};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::drafts::send::through_the_door;
use super::drafts::write::{begin, writable};
use super::outgoing::{self, OutboxView};
use crate::alter::{self, Alteration, Of};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// How a reply is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum TakeBack {
    /// It is deleted on the network.
    Delete,
    /// It gets another text there, which the guard judges like a reply.
    Edit {
        /// The new text.
        text: String,
    },
}

/// Deletes an own reply on its network, or gives it another text
#[utoipa::path(post, path = "/messages/{id}/take_back", tag = "answer", operation_id = "take_back", request_body = TakeBack,
    params(("id" = String, Path, description = "The own reply")), responses((status = 202, body = OutboxView)))]
pub(super) async fn take_back(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<MessageId>,
    Json(body): Json<TakeBack>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::TakeBack)?;
    let mut conn = app.read().await?;
    let message = thread::message(&mut conn, who.org(), &id).await?;
    if message.direction != Direction::OwnReply {
        return Err(Problem::new("not_our_reply", "Only a reply that was sent from here can be taken back."));
    }
    if message.deleted_at.is_some() {
        return Err(Problem::new("already_taken_back", "This reply is gone from the network already."));
    }
    let scene = Scene::of_conversation(&mut conn, who.org(), &message.conversation_id).await?;
    let open = outbox::of_message(&mut conn, who.org(), &id).await?;
    if open.iter().any(|row| !row.item.state.is_over()) {
        return Err(Problem::new("already_queued", "A change of this reply is on its way. Wait until it is settled."));
    }
    let rows = thread::messages(&mut conn, who.org(), &message.conversation_id).await?;
    drop(conn);
    let native_id = message.native_id.clone();
    let (capability, probe) = match &body {
        TakeBack::Delete => (Capability::DeleteOwn, Operation::DeleteOwn { kind: OwnKind::Reply, native_id }),
        TakeBack::Edit { text } => {
            let text = Phi::new(text.clone());
            (Capability::EditOwn, Operation::EditOwn { kind: OwnKind::Reply, native_id, text })
        }
    };
    alter::possible(&scene, capability, &probe)?;
    let item = match body {
        TakeBack::Delete => delete(&app, &who, &message).await?,
        TakeBack::Edit { text } => edit(&app, &who, &scene, &message, &rows, text).await?,
    };
    Ok((StatusCode::ACCEPTED, Json(outgoing::shown(&app, &who, &item).await?)))
}

async fn delete(app: &App, who: &SignedIn, message: &MessageRow) -> Result<OutboxId, Problem> {
    let (ids, by, message) = (app.store.ids().clone(), who.by(), message.clone());
    let item = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let deletion = Alteration {
                    kind: OutboxKind::Delete,
                    operation: Operation::DeleteOwn { kind: OwnKind::Reply, native_id: message.native_id },
                    of: Of::Message(message.conversation_id.clone(), message.id.clone()),
                    account_id: message.account_id,
                    priority: message.priority,
                };
                let queued = alter::queue(tx, &ids, deletion).await?;
                let detail = json!({ "message": message.id, "outbox": queued.item, "how": "delete" });
                let kind = TimelineKind::TakenBack.as_str();
                conversation::note_event(tx, &ids, &message.conversation_id, kind, &by, &detail).await?;
                let entry = Entry::new(by, "message.taken_back", &message.id)
                    .with("how", "delete")
                    .with("outbox", &queued.item)
                    .with("verdict", queued.sendable.verdict());
                tx.commit(entry, queued.item)
            })
        })
        .await?;
    Ok(item)
}

async fn edit(
    app: &App,
    who: &SignedIn,
    scene: &Scene,
    message: &MessageRow,
    rows: &[MessageRow],
    text: String,
) -> Result<OutboxId, Problem> {
    writable(&text)?;
    let now = app.now();
    let to = parent_of(rows, message.parent_native_id.as_deref());
    let draft = StoredDraft {
        id: DraftId::from_bits(app.store.ids().bits(now)),
        conversation_id: Some(message.conversation_id.clone()),
        account_id: message.account_id.clone(),
        title: None,
        carried: Carried::default(),
        in_reply_to: Some(message.id.clone()),
        parent_native_id: message.parent_native_id.clone(),
        edits_native_id: Some(message.native_id.clone()),
        revises: None,
        visibility: message.visibility,
        draft: Draft::new(DraftKind::Edit, who.user.id.clone(), text_hash(&text)),
        verdict: None,
        said: vec![],
        created_at: now,
        updated_at: now,
        version: 1,
        text: Phi::new(text),
    };
    let hash = draft.draft.hash.clone();
    // Where something is in the way the draft stays, to be acknowledged, approved and sent.
    let made = begin(app, who, scene, draft, to).await?;
    let mut conn = app.read().await?;
    let standing = Standing::of(&mut conn, who.org(), &made).await?;
    drop(conn);
    through_the_door(app, who, standing, &hash, now).await
}
