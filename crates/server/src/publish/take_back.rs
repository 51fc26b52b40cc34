//! Taking back: a post that was sent is deleted on its network, through the outbox.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_model::delivery::{OutboxKind, OutboxState};
use bedside_model::draft::{DraftKind, removal};
use bedside_model::role::Action;
use bedside_model::{DraftId, OutboxId, VerdictId};
use bedside_networks::{self as networks, Capability, Operation, OwnKind};
use bedside_store::Entry;
use bedside_store::drafts;
use bedside_store::outbox::{self, NewItem, OutboxRow};
use http::StatusCode;
use sha2::{Digest as _, Sha256};

use crate::answer::Scene;
use crate::answer::outgoing::{self, OutboxView};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// The id that a post has on its network, where it stands there and nobody takes it back already.
fn standing_id(items: &[OutboxRow]) -> Result<String, Problem> {
    let newest_of = |kind| items.iter().rev().find(|row| row.item.kind == kind);
    match newest_of(OutboxKind::Delete).map(|row| row.item.state) {
        Some(OutboxState::Delivered) => {
            return Err(Problem::new("already_taken_back", "This post is gone from the network already."));
        }
        Some(OutboxState::Pending | OutboxState::Sending | OutboxState::Unknown | OutboxState::Held) => {
            return Err(Problem::new("already_queued", "This post is being taken back. Wait until it is settled."));
        }
        Some(OutboxState::Dead | OutboxState::Missed | OutboxState::Cancelled) | None => {}
    }
    let sent = newest_of(OutboxKind::Post).filter(|row| row.item.state == OutboxState::Delivered);
    let Some(sent) = sent else {
        return Err(Problem::new("not_sent", "Only a post that stands on the network can be taken back."));
    };
    sent.native_id.clone().ok_or_else(|| {
        Problem::new("id_unknown", "The network did not say under which name it stands. Delete it there by hand.")
    })
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
    let native_id = standing_id(&items)?;
    if !scene.network().is_some_and(|network| networks::capabilities(network).has(Capability::DeleteOwn)) {
        return Err(Problem::new("network_cannot", "This network does not let us do that. Do it there by hand."));
    }
    let now = app.now();
    let item = OutboxId::from_bits(app.store.ids().bits(now));
    let verdict = VerdictId::from_bits(app.store.ids().bits(now));
    let new = NewItem {
        id: item.clone(),
        kind: OutboxKind::Delete,
        account_id: Some(post.account_id),
        conversation_id: None,
        draft_id: Some(id.clone()),
        message_id: None,
        alert_id: None,
        verdict_id: verdict.clone(),
        payload: outbox::payload(&Operation::DeleteOwn { kind: OwnKind::Post, native_id }),
        idempotency_key: hex::encode(Sha256::digest(format!("delete\0{id}\0{}", items.len()))),
        priority: 12,
        due_at: now,
    };
    let by = who.by();
    app.store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                outbox::verdict::add_fixed(tx, &verdict, "removal").await?;
                let sendable = removal(verdict);
                outbox::enqueue(tx, &new).await?;
                let entry =
                    Entry::new(by, "post.taken_back", &id).with("outbox", &new.id).with("verdict", sendable.verdict());
                tx.commit(entry, ())
            })
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(outgoing::shown(&app, &who, &item).await?)))
}
