//! Steps on a conversation: each is one event of the model, one transaction, one audit entry.

use axum::extract::State;
use bedside_model::conversation::{Event, Outcome};
use bedside_model::role::Action;
use bedside_model::time::from_micros;
use bedside_model::{ConversationId, NoteId, Phi, UserId};
use bedside_store::answer::{queue, thread};
use bedside_store::conversation::{self, Step};
use bedside_store::{Entry, people};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::names;
use super::view::{self, QueueItem};
use crate::app::App;
use crate::extract::{Id, Json, Tagged};
use crate::live::Present;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// The longest note or reason, in characters.
pub(super) const LONGEST_NOTE: usize = 10_000;

/// A text that a person has to give: not empty, not endless.
pub(super) fn given(field: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::invalid(field, "Write something here."));
    }
    if text.chars().count() > LONGEST_NOTE {
        return Err(Problem::invalid(field, "This is too long. Keep it under 10,000 characters."));
    }
    Ok(text.to_owned())
}

/// What a step is besides its event.
struct Taking {
    event: Event,
    detail: serde_json::Value,
    reason: Option<String>,
    entry: Entry,
}

async fn take(app: &App, who: &SignedIn, id: &ConversationId, taking: Taking) -> Result<Tagged<QueueItem>, Problem> {
    let (ids, by, of) = (app.store.ids().clone(), who.by(), id.clone());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let Taking { event, detail, reason, entry } = taking;
                let step = Step { id: &of, event, by: &by, detail, reason, if_version: None };
                conversation::apply(tx, &ids, step).await?;
                tx.commit(entry, ())
            })
        })
        .await?;
    now_shown(app, who, id).await
}

async fn now_shown(app: &App, who: &SignedIn, id: &ConversationId) -> Result<Tagged<QueueItem>, Problem> {
    let mut conn = app.read().await?;
    let row = queue::one(&mut conn, who.org(), id).await?;
    let settings = view::settings_of(&mut conn, who.org()).await?;
    Ok(Tagged(row.version, view::item(&row, &settings, app.now())))
}

/// Whose it is to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Assign {
    /// A colleague; null for nobody.
    #[schema(value_type = Option<String>)]
    pub user_id: Option<UserId>,
}

/// Gives a conversation to a colleague, or to nobody.
#[utoipa::path(post, path = "/conversations/{id}/assign", tag = "answer", operation_id = "assign", request_body = Assign,
    params(("id" = String, Path, description = "The conversation")), responses(
    (status = 200, description = "The conversation", body = QueueItem)))]
pub(super) async fn assign(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
    Json(body): Json<Assign>,
) -> Result<Tagged<QueueItem>, Problem> {
    app.allow_role(&who, Action::Assign)?;
    let taking = match body.user_id {
        Some(user) => {
            let mut conn = app.read().await?;
            let colleague = people::get(&mut conn, who.org(), &user).await?.user;
            if !colleague.active {
                return Err(Problem::invalid("user_id", "This colleague can no longer sign in."));
            }
            let entry = Entry::new(who.by(), "conversation.assigned", &id).with("user", &user);
            Taking { detail: json!({ "user": user }), event: Event::Assign { user }, reason: None, entry }
        }
        None => {
            let entry = Entry::new(who.by(), "conversation.unassigned", &id);
            Taking { event: Event::Unassign, detail: json!({}), reason: None, entry }
        }
    };
    take(&app, &who, &id, taking).await
}

/// Until when it is to be out of the queue.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Snooze {
    /// When it comes back.
    pub until: Instant,
}

/// Takes a conversation out of the queue until an instant.
#[utoipa::path(post, path = "/conversations/{id}/snooze", tag = "answer", operation_id = "snooze", request_body = Snooze,
    params(("id" = String, Path, description = "The conversation")), responses(
    (status = 200, description = "The conversation", body = QueueItem)))]
pub(super) async fn snooze(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
    Json(body): Json<Snooze>,
) -> Result<Tagged<QueueItem>, Problem> {
    app.allow_role(&who, Action::Snooze)?;
    let event = Event::Snooze { until: from_micros(body.until.0), now: from_micros(app.now()) };
    let entry = Entry::new(who.by(), "conversation.snoozed", &id).with("until", body.until);
    take(&app, &who, &id, Taking { event, detail: json!({ "until": body.until }), reason: None, entry }).await
}

/// A note for the team.
#[derive(Deserialize, ToSchema)]
pub struct NewNote {
    /// The text.
    pub text: String,
}

/// Writes a note for the team. It never leaves.
#[utoipa::path(post, path = "/conversations/{id}/notes", tag = "answer", operation_id = "add_note", request_body = NewNote,
    params(("id" = String, Path, description = "The conversation")), responses(
    (status = 201, description = "The note", body = view::NoteView)))]
pub(super) async fn note(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
    Json(body): Json<NewNote>,
) -> Result<(http::StatusCode, Json<view::NoteView>), Problem> {
    app.allow_role(&who, Action::Note)?;
    let text = given("text", &body.text)?;
    let now = app.now();
    let (ids, by, user) = (app.store.ids().clone(), who.by(), who.user.id.clone());
    let note = NoteId::from_bits(ids.bits(now));
    let shown = view::NoteView {
        id: note.to_string(),
        at: Instant(now),
        author: view::PersonRef { id: user.to_string(), name: who.user.name.clone() },
        text: text.clone(),
    };
    app.store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                let detail = json!({ "note": note });
                let step = Step { id: &id, event: Event::Note, by: &by, detail, reason: None, if_version: None };
                conversation::apply(tx, &ids, step).await?;
                thread::add_note(tx, &note, &id, &user, &Phi::new(text)).await?;
                tx.commit(Entry::new(by, "conversation.noted", &id).with("note", &note), ())
            })
        })
        .await?;
    Ok((http::StatusCode::CREATED, Json(shown)))
}

/// How it ended.
#[derive(Deserialize, ToSchema)]
pub struct Resolve {
    /// The outcome.
    #[schema(value_type = names::ConversationOutcome)]
    pub outcome: Outcome,
    /// Why; needed unless it was answered here.
    pub reason: Option<String>,
}

/// Ends a conversation with an outcome.
#[utoipa::path(post, path = "/conversations/{id}/resolve", tag = "answer", operation_id = "resolve", request_body = Resolve,
    params(("id" = String, Path, description = "The conversation")), responses(
    (status = 200, description = "The conversation", body = QueueItem)))]
pub(super) async fn resolve(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
    Json(body): Json<Resolve>,
) -> Result<Tagged<QueueItem>, Problem> {
    app.allow_role(&who, Action::Resolve)?;
    let reason = body.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| given("reason", reason)).transpose()?;
    let event = Event::Resolve { outcome: body.outcome, has_reason: reason.is_some(), bulk: false };
    let entry = Entry::new(who.by(), "conversation.resolved", &id).with("outcome", body.outcome);
    // The reason's words stay with the conversation; timeline and log hold codes.
    let detail = json!({ "outcome": body.outcome, "has_reason": reason.is_some() });
    take(&app, &who, &id, Taking { event, detail, reason, entry }).await
}

/// Opens a resolved conversation again.
#[utoipa::path(post, path = "/conversations/{id}/reopen", tag = "answer", operation_id = "reopen",
    params(("id" = String, Path, description = "The conversation")), responses(
    (status = 200, description = "The conversation", body = QueueItem)))]
pub(super) async fn reopen(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
) -> Result<Tagged<QueueItem>, Problem> {
    app.allow_role(&who, Action::Reopen)?;
    let entry = Entry::new(who.by(), "conversation.reopened", &id);
    take(&app, &who, &id, Taking { event: Event::Reopen, detail: json!({}), reason: None, entry }).await
}

/// What I do there.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Presence {
    /// I am writing an answer.
    #[serde(default)]
    pub writing: bool,
}

/// Who else is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Others {
    /// Everybody else who looks at this conversation.
    pub others: Vec<Present>,
}

/// Says that I look at a conversation, or write in it, and who else does. Stores nothing.
#[utoipa::path(post, path = "/conversations/{id}/presence", tag = "answer", operation_id = "presence", request_body = Presence,
    params(("id" = String, Path, description = "The conversation")),
    responses((status = 200, body = Others)))]
pub(super) async fn presence(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
    Json(body): Json<Presence>,
) -> Result<Json<Others>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    // Nobody can be present where there is nothing, nor in another organisation's conversation.
    conversation::state(&mut app.read().await?, who.org(), &id).await?;
    Ok(Json(Others { others: app.live.look(&who, &id, body.writing, app.now()) }))
}
