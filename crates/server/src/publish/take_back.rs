//! Taking back: a post that was sent is deleted on its network, through the outbox.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::door::Scene;
use bedside_model::DraftId;
use bedside_model::delivery::{OutboxKind, OutboxState};
use bedside_model::draft::DraftKind;
use bedside_model::role::Action;
use bedside_networks::{Capability, Operation, OwnKind};
use bedside_store::outbox::{self, OutboxRow};
use bedside_store::{Entry, StoreError, conversation, drafts};
use http::StatusCode;

use crate::alter::{self, Alteration, Of};
use crate::answer::outgoing::{self, OutboxView};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// The id that a post has on its network, where it stands there and nobody takes it back already.
pub(super) fn standing_id(items: &[OutboxRow]) -> Result<String, StoreError> {
    let no = |code, sentence: &str| Err(conversation::refused(code, &sentence));
    let newest_of = |kind| items.iter().rev().find(|row| row.item.kind == kind);
    match newest_of(OutboxKind::Delete).map(|row| row.item.state) {
        Some(OutboxState::Delivered) => {
            return no("already_taken_back", "This post is gone from the network already.");
        }
        Some(OutboxState::Pending | OutboxState::Sending | OutboxState::Unknown | OutboxState::Held) => {
            return no("already_queued", "This post is being taken back. Wait until it is settled.");
        }
        Some(OutboxState::Dead | OutboxState::Missed | OutboxState::Stopped | OutboxState::Cancelled) | None => {}
    }
    let sent = newest_of(OutboxKind::Post).filter(|row| row.item.state == OutboxState::Delivered);
    let Some(sent) = sent else {
        return no("not_sent", "Only a post that stands on the network can be taken back or changed.");
    };
    match &sent.native_id {
        Some(native_id) => Ok(native_id.clone()),
        None => no("id_unknown", "The network did not say under which name it stands. Do it there by hand."),
    }
}

/// Deletes a post of ours on its network
#[utoipa::path(post, path = "/posts/{id}/take_back", tag = "publish", operation_id = "take_back_post",
    params(("id" = String, Path, description = "The post")), responses((status = 202, body = OutboxView)))]
pub(crate) async fn take_back(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::SendPost)?;
    let mut conn = app.read().await?;
    let post = drafts::get(&mut conn, who.org(), &id).await?;
    if post.draft.kind != DraftKind::Post {
        return Err(Problem::not_found("post"));
    }
    let scene = Scene::of_account(&mut conn, who.org(), &post.account_id).await?;
    let items = outbox::of_draft(&mut conn, who.org(), &id).await?;
    drop(conn);
    let probe = Operation::DeleteOwn { kind: OwnKind::Post, native_id: standing_id(&items)? };
    alter::possible(&scene, Capability::DeleteOwn, &probe)?;
    let (ids, by) = (app.store.ids().clone(), who.by());
    let item = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let of = Of::Post(id.clone());
                let native_id = standing_id(&alter::items_of(tx, &of).await?)?;
                let deletion = Alteration {
                    kind: OutboxKind::Delete,
                    operation: Operation::DeleteOwn { kind: OwnKind::Post, native_id },
                    of,
                    account_id: post.account_id,
                    priority: 12,
                };
                let queued = alter::queue(tx, &ids, deletion).await?;
                let entry = Entry::new(by, "post.taken_back", &id)
                    .with("outbox", &queued.item)
                    .with("verdict", queued.sendable.verdict());
                tx.commit(entry, queued.item)
            })
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(outgoing::shown(&app, &who, &item).await?)))
}
