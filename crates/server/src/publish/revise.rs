//! Other words for a post that stands on its network: written, judged, approved and sent like a post. What it
//! said before stays: each version is a draft of its own, and the log holds the hash of each that left.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::door::{Scene, hash_of};
use bedside_model::draft::{Draft, DraftKind, DraftState};
use bedside_model::role::Action;
use bedside_model::{DraftId, Phi};
use bedside_networks::Capability;
use bedside_store::answer::speaker;
use bedside_store::drafts::{self, StoredDraft};
use bedside_store::outbox;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::take_back::standing_id;
use crate::alter;
use crate::answer::drafts::view::DraftView;
use crate::answer::drafts::{shown, write};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// Other words for a post.
#[derive(Deserialize, ToSchema)]
pub struct Revise {
    /// The new text.
    pub text: String,
}

/// Begins other words for a post that stands on its network. They are judged, approved and sent like a post
#[utoipa::path(post, path = "/posts/{id}/revise", tag = "publish", operation_id = "revise_post", request_body = Revise,
    params(("id" = String, Path, description = "The post")), responses((status = 201, body = DraftView)))]
pub(crate) async fn revise(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    Json(body): Json<Revise>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::DraftPost)?;
    write::writable(&body.text)?;
    let mut conn = app.read().await?;
    let versions = drafts::versions(&mut conn, who.org(), &id).await?;
    let Some(post) = versions.iter().find(|one| one.id == id && one.draft.kind == DraftKind::Post) else {
        return Err(Problem::not_found("post"));
    };
    let scene = Scene::of_account(&mut conn, who.org(), &post.account_id).await?;
    let native_id = standing_id(&outbox::of_draft(&mut conn, who.org(), &id).await?)?;
    drop(conn);
    if versions.iter().any(|one| one.revises.is_some() && one.draft.state != DraftState::Sent) {
        let text = "Other words for this post are being written or are on their way already.";
        return Err(Problem::new("revised_already", text));
    }
    alter::offered(&scene, Capability::EditOwn)?;
    let now = app.now();
    let mut draft = StoredDraft {
        id: DraftId::from_bits(app.store.ids().bits(now)),
        edits_native_id: Some(native_id),
        revises: Some(id),
        draft: Draft::new(DraftKind::Edit, who.user.id.clone(), String::new()),
        text: Phi::new(body.text),
        verdict: None,
        said: vec![],
        created_at: now,
        updated_at: now,
        version: 1,
        // Title, files and link stay as they are there; they are read together with the new words.
        ..post.clone()
    };
    draft.draft.hash = hash_of(&draft);
    let made = write::begin(&app, &who, &scene, draft, None).await?;
    Ok((StatusCode::CREATED, shown(&app, &who, &made).await?))
}

/// What a post said and says, oldest first: as it was written, and each other words for it
#[utoipa::path(get, path = "/posts/{id}/versions", tag = "publish", operation_id = "post_versions",
    params(("id" = String, Path, description = "The post")), responses((status = 200, body = Page<DraftView>)))]
pub(crate) async fn versions(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
) -> Result<Json<Page<DraftView>>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let mut conn = app.read().await?;
    let versions = drafts::versions(&mut conn, who.org(), &id).await?;
    let Some(post) = versions.first().filter(|first| first.draft.kind == DraftKind::Post) else {
        return Err(Problem::not_found("post"));
    };
    let scene = Scene::of_account(&mut conn, who.org(), &post.account_id).await?;
    let names = speaker::user_names(&mut conn, who.org()).await?;
    let mut items = Vec::with_capacity(versions.len());
    for stored in &versions {
        items.push(DraftView::of(&mut conn, &scene, &names, &who, stored, None).await?);
    }
    Ok(Json(Page::whole(items)))
}
