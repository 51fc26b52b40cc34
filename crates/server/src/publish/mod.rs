//! Publish: a post is a draft of kind `post`; the same guard, approval and door.

use axum::extract::{DefaultBodyLimit, State};
use axum::response::IntoResponse;
use bedside_engine::door::{Scene, hash_of};
use bedside_model::draft::{Carried, Draft, DraftKind};
use bedside_model::network::Visibility;
use bedside_model::role::Action;
use bedside_model::{AccountId, DraftId, Phi};
use bedside_networks::{Network, Titles};
use bedside_store::answer::speaker;
use bedside_store::drafts::{self, StoredDraft};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::drafts::view::DraftView;
use crate::answer::drafts::{self as answer_drafts, write};
use crate::app::App;
use crate::extract::{Id, Json, Params, Tagged};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

pub mod captions;
pub mod carrying;
pub mod media;
pub mod revise;
pub mod take_back;

use carrying::{Asked, NewAttachment};

/// Largest body of an upload: a file and its description.
const LARGEST_UPLOAD: usize = (bedside_engine::blobs::MOST as usize) + (1 << 20);

/// The operations of this room.
pub fn routes() -> OpenApiRouter<App> {
    let uploads =
        OpenApiRouter::new().routes(routes!(media::list, media::create)).layer(DefaultBodyLimit::max(LARGEST_UPLOAD));
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(one))
        .routes(routes!(take_back::take_back))
        .routes(routes!(revise::revise))
        .routes(routes!(revise::versions))
        .routes(routes!(captions::list, captions::add))
        .merge(uploads)
        .routes(routes!(media::describe, media::remove))
        .routes(routes!(media::file))
}

/// A title that can be published; none where the network shows none.
pub(crate) fn titled(network: Option<Network>, title: &str) -> Result<Option<Phi<String>>, Problem> {
    let title = title.trim();
    let titles = network.map_or(Titles::Needed, Network::titles);
    match title.chars().count() {
        0 if titles == Titles::Needed => Err(Problem::invalid("title", "Give the post a title.")),
        0 => Ok(None),
        _ if titles == Titles::Unseen => {
            Err(Problem::invalid("title", "This network shows no titles. Say it in the text."))
        }
        1..=200 => Ok(Some(Phi::new(title.to_owned()))),
        _ => Err(Problem::invalid("title", "Keep the title under 200 characters.")),
    }
}

/// A new post.
#[derive(Deserialize, ToSchema)]
pub struct NewPost {
    /// The account that is to publish it.
    #[schema(value_type = String)]
    pub account_id: AccountId,
    /// The title; none for networks that show none.
    #[serde(default)]
    #[schema(required = false)]
    pub title: String,
    /// The text.
    pub text: String,
    /// Files in the order in which they are shown.
    #[serde(default)]
    #[schema(required = false)]
    pub media: Vec<NewAttachment>,
    /// A link that the network may show as a card.
    pub link: Option<String>,
    /// The language of the text, a BCP 47 tag.
    pub language: Option<String>,
}

/// Begins a post. The guard judges it as it is stored; it is sent like any draft
#[utoipa::path(post, path = "/posts", tag = "publish", operation_id = "add_post", request_body = NewPost,
    responses((status = 201, body = DraftView)))]
pub(crate) async fn create(
    State(app): State<App>,
    who: SignedIn,
    Json(body): Json<NewPost>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::DraftPost)?;
    write::writable(&body.text)?;
    let asked = Asked { media: Some(body.media), link: body.link, language: body.language };
    let mut conn = app.read().await?;
    let scene = Scene::of_account(&mut conn, who.org(), &body.account_id).await?;
    let title = titled(scene.network(), &body.title)?;
    let carried = asked.after(&mut conn, who.org(), &Carried::default()).await?;
    drop(conn);
    let now = app.now();
    let mut draft = StoredDraft {
        id: DraftId::from_bits(app.store.ids().bits(now)),
        conversation_id: None,
        account_id: body.account_id,
        title,
        carried,
        in_reply_to: None,
        parent_native_id: None,
        edits_native_id: None,
        revises: None,
        visibility: Visibility::Public,
        draft: Draft::new(DraftKind::Post, who.user.id.clone(), String::new()),
        verdict: None,
        said: vec![],
        created_at: now,
        updated_at: now,
        version: 1,
        text: Phi::new(body.text),
    };
    draft.draft.hash = hash_of(&draft);
    let made = write::begin(&app, &who, &scene, draft, None).await?;
    Ok((StatusCode::CREATED, answer_drafts::shown(&app, &who, &made).await?))
}

/// Posts, newest first
#[utoipa::path(get, path = "/posts", tag = "publish", operation_id = "posts", params(PageQuery),
    responses((status = 200, body = Page<DraftView>)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(page): Params<PageQuery>,
) -> Result<Json<Page<DraftView>>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let before: Option<String> = page.after()?;
    let mut conn = app.read().await?;
    let rows = drafts::posts(&mut conn, who.org(), before.as_deref(), page.limit() + 1).await?;
    let names = speaker::user_names(&mut conn, who.org()).await?;
    let rows = Page::of(rows, page.limit(), |row| row.id.to_string());
    let mut items = Vec::with_capacity(rows.items.len());
    for stored in &rows.items {
        let scene = Scene::of_account(&mut conn, who.org(), &stored.account_id).await?;
        items.push(DraftView::of(&mut conn, &scene, &names, &who, stored, None).await?);
    }
    Ok(Json(Page { items, next: rows.next }))
}

/// A post, or other words for one
#[utoipa::path(get, path = "/posts/{id}", tag = "publish", operation_id = "post",
    params(("id" = String, Path, description = "The post")), responses((status = 200, body = DraftView)))]
pub(crate) async fn one(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
) -> Result<Tagged<DraftView>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let mut conn = app.read().await?;
    let found = drafts::get(&mut conn, who.org(), &id).await?;
    if found.draft.kind != DraftKind::Post && found.revises.is_none() {
        return Err(Problem::not_found("post"));
    }
    drop(conn);
    answer_drafts::shown(&app, &who, &id).await
}

#[cfg(test)]
mod tests;
