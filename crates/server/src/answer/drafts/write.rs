//! Writing: a new answer, a new text, giving it up. The guard judges each text before it is stored.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::door::{self, Scene, Standing, Whole, hash_of, judge, prepared, stored};
use bedside_model::conversation::TimelineKind;
use bedside_model::draft::{Carried, Draft, DraftKind, DraftState, Event, text_hash};
use bedside_model::network::Visibility;
use bedside_model::role::Action;
use bedside_model::{ConversationId, DraftId, MessageId, Phi};
use bedside_store::Entry;
use bedside_store::answer::{MessageRow, thread};
use bedside_store::drafts::{self, StoredDraft};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::view::DraftView;
use super::{action, put_verdict, shown, step, verdict_id};
use crate::answer::guarding::to_answer;
use crate::app::App;
use crate::extract::{Id, IfMatch, Json, Tagged};
use crate::problem::Problem;
use crate::publish::carrying::{Asked, NewAttachment};
use crate::publish::titled;
use crate::schema;
use crate::signed_in::SignedIn;
use crate::understand::LONGEST_TEXT;

/// A new answer.
#[derive(Deserialize, ToSchema)]
pub struct NewReply {
    /// The text.
    pub text: String,
    /// Who could read it; that of what is answered where absent. Never wider.
    #[schema(value_type = Option<schema::Visibility>)]
    pub visibility: Option<Visibility>,
    /// The message that it answers; the newest that waits where absent. It stays the draft's for good: an
    /// answer to another message is another draft.
    #[schema(value_type = Option<String>)]
    pub in_reply_to: Option<MessageId>,
}

/// A text of a length that can be judged.
pub(crate) fn writable(text: &str) -> Result<(), Problem> {
    if text.len() > LONGEST_TEXT {
        return Err(Problem::invalid("text", "This text is too long."));
    }
    Ok(())
}

/// Begins an answer. The guard judges it as it is stored
#[utoipa::path(post, path = "/conversations/{id}/drafts", tag = "answer", operation_id = "add_draft", request_body = NewReply,
    params(("id" = String, Path, description = "The conversation")), responses((status = 201, body = DraftView)))]
pub(in crate::answer) async fn create(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
    Json(body): Json<NewReply>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::DraftReply)?;
    writable(&body.text)?;
    let mut conn = app.read().await?;
    let scene = Scene::of_conversation(&mut conn, who.org(), &id).await?;
    let rows = thread::messages(&mut conn, who.org(), &id).await?;
    drop(conn);
    let to = to_answer(&rows, body.in_reply_to.as_ref())?;
    let visibility = body.visibility.unwrap_or(to.visibility);
    if let Some(it) = door::too_visible(visibility, Some(to)) {
        return Err(it.into());
    }
    let now = app.now();
    let draft = StoredDraft {
        id: DraftId::from_bits(app.store.ids().bits(now)),
        conversation_id: Some(id),
        account_id: scene.speaker.id.clone(),
        title: None,
        carried: Carried::default(),
        in_reply_to: Some(to.id.clone()),
        parent_native_id: Some(to.native_id.clone()),
        edits_native_id: None,
        revises: None,
        visibility,
        draft: Draft::new(DraftKind::Reply, who.user.id.clone(), text_hash(&body.text)),
        verdict: None,
        said: vec![],
        created_at: now,
        updated_at: now,
        version: 1,
        text: Phi::new(body.text),
    };
    let made = begin(&app, &who, &scene, draft, Some(to)).await?;
    Ok((StatusCode::CREATED, shown(&app, &who, &made).await?))
}

/// Judges a new draft and stores it with its verdict.
pub(crate) async fn begin(
    app: &App,
    who: &SignedIn,
    scene: &Scene,
    mut new: StoredDraft,
    to: Option<&MessageRow>,
) -> Result<DraftId, Problem> {
    let now = app.now();
    let whole = Whole::of_draft(&new);
    writable(whole.text())?;
    if prepared::is_prepared(scene, to, whole.text()) {
        new.draft.prepared_hash = Some(new.draft.hash.clone());
    }
    let question = scene.question(new.draft.kind, new.visibility, whole.text(), to, now);
    let verdict = stored(verdict_id(app), &judge(question).await, hash_of(&new), now);
    let (ids, by, id) = (app.store.ids().clone(), who.by(), new.id.clone());
    app.store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                put_verdict(tx, &mut new, verdict).await?;
                drafts::add(tx, &new).await?;
                let detail = json!({ "draft": new.id, "state": new.draft.state });
                let kind = match new.draft.state {
                    DraftState::Blocked => TimelineKind::DraftBlocked,
                    _ => TimelineKind::DraftWritten,
                };
                super::note(tx, &ids, &new, kind, &by, detail).await?;
                let entry = Entry::new(by, "draft.written", &new.id)
                    .with("kind", new.draft.kind)
                    .with("verdict", new.verdict.as_ref().map(|v| v.id.to_string()).unwrap_or_default())
                    .with("state", new.draft.state);
                tx.commit(entry, ())
            })
        })
        .await?;
    Ok(id)
}

/// A draft
#[utoipa::path(get, path = "/drafts/{id}", tag = "answer", operation_id = "draft",
    params(("id" = String, Path, description = "The draft")), responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn one(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
) -> Result<Tagged<DraftView>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    shown(&app, &who, &id).await
}

/// What to change of a draft; what is absent stays. A title, files, a link and a language are those of a post.
#[derive(Deserialize, ToSchema)]
pub struct ChangeDraft {
    /// The new text.
    pub text: Option<String>,
    /// The new title of a post.
    pub title: Option<String>,
    /// The files from now on, in the order in which they are shown.
    pub media: Option<Vec<NewAttachment>>,
    /// The new link; an empty one takes it away.
    pub link: Option<String>,
    /// The new language, a BCP 47 tag; an empty one takes it away.
    pub language: Option<String>,
}

/// Changes what a draft says. What was said about the old one falls away
#[utoipa::path(patch, path = "/drafts/{id}", tag = "answer", operation_id = "change_draft", request_body = ChangeDraft,
    params(("id" = String, Path, description = "The draft"), ("If-Match" = String, Header, description = "The version that was changed")),
    responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn change(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    seen: IfMatch,
    Json(body): Json<ChangeDraft>,
) -> Result<Tagged<DraftView>, Problem> {
    let mut conn = app.read().await?;
    let now_standing = Standing::of(&mut conn, who.org(), &id).await?;
    let before = now_standing.stored;
    app.allow_role(&who, action(&before, Action::EditDraft, Action::DraftPost))?;
    seen.check(before.version, "draft")?;
    let title = match (&body.title, before.draft.kind) {
        (Some(title), DraftKind::Post) => titled(now_standing.scene.network(), title)?,
        (_, DraftKind::Post | DraftKind::Reply | DraftKind::Edit) => before.title.clone(),
    };
    let asked = Asked { media: body.media, link: body.link, language: body.language };
    if before.draft.kind != DraftKind::Post && !asked.is_nothing() {
        return Err(Problem::invalid(
            "media",
            "Files, a link and a language go out with posts; an answer has words only.",
        ));
    }
    let carried = asked.after(&mut conn, who.org(), &before.carried).await?;
    drop(conn);
    let text = body.text.unwrap_or_else(|| before.text.expose().clone());
    writable(&text)?;
    let mut after = StoredDraft { title, text: Phi::new(text), carried, ..before.clone() };
    let (whole, hash) = (Whole::of_draft(&after), hash_of(&after));
    writable(whole.text())?;
    let edited = Event::Edited { by: who.user.id.clone(), hash: hash.clone() };
    after.draft = step_or_problem(&before.draft, &edited)?;
    let (scene, to) = (&now_standing.scene, now_standing.answered.as_ref());
    after.draft.prepared_hash = prepared::is_prepared(scene, to, whole.text()).then(|| after.draft.hash.clone());
    let now = app.now();
    let question = scene.question(before.draft.kind, before.visibility, whole.text(), to, now);
    let verdict = stored(verdict_id(&app), &judge(question).await, hash, now);
    let (ids, by, user) = (app.store.ids().clone(), who.by(), who.user.id.clone());
    app.store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                put_verdict(tx, &mut after, verdict).await?;
                drafts::save(tx, &ids, &before, &after, &user).await?;
                if after.draft.state == DraftState::Blocked && before.draft.state != DraftState::Blocked {
                    let detail = json!({ "draft": after.id });
                    super::note(tx, &ids, &after, TimelineKind::DraftBlocked, &by, detail).await?;
                }
                let entry = Entry::new(by, "draft.edited", &after.id)
                    .with("verdict", after.verdict.as_ref().map(|v| v.id.to_string()).unwrap_or_default())
                    .with("state", after.draft.state);
                tx.commit(entry, ())
            })
        })
        .await?;
    shown(&app, &who, &id).await
}

fn step_or_problem(draft: &Draft, event: &Event) -> Result<Draft, Problem> {
    Ok(bedside_model::draft::step(draft, event)?)
}

/// Gives a draft up
#[utoipa::path(post, path = "/drafts/{id}/discard", tag = "answer", operation_id = "discard_draft",
    params(("id" = String, Path, description = "The draft")), responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn discard(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
) -> Result<Tagged<DraftView>, Problem> {
    let mut conn = app.read().await?;
    let before = drafts::get(&mut conn, who.org(), &id).await?;
    drop(conn);
    app.allow_role(&who, action(&before, Action::DiscardDraft, Action::DraftPost))?;
    let (ids, by, user) = (app.store.ids().clone(), who.by(), who.user.id.clone());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let after = StoredDraft { draft: step(&before.draft, &Event::Discarded)?, ..before.clone() };
                drafts::save(tx, &ids, &before, &after, &user).await?;
                super::note(tx, &ids, &after, TimelineKind::DraftDiscarded, &by, json!({ "draft": after.id })).await?;
                tx.commit(Entry::new(by, "draft.discarded", &after.id), ())
            })
        })
        .await?;
    shown(&app, &who, &id).await
}
