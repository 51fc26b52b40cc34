//! Prepared texts that fit what is answered, with contacts and numbers filled in.

use axum::extract::State;
use bedside_engine::door::{Scene, answered, prepared};
use bedside_guard::ReplyClass;
use bedside_model::ConversationId;
use bedside_model::role::Action;
use bedside_store::answer::thread;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Json, Params};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// A prepared text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreparedText {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub title: String,
    /// The class of message that it answers.
    pub class: String,
    /// BCP 47.
    pub language: String,
    /// The text, ready to be sent.
    pub text: String,
}

fn title(class: ReplyClass) -> &'static str {
    match class {
        ReplyClass::General => "Any message",
        ReplyClass::Complaint => "A complaint",
        ReplyClass::Praise => "Thanks and praise",
        ReplyClass::Question => "A question",
        ReplyClass::Crisis => "Somebody in crisis",
        ReplyClass::Emergency => "A medical emergency",
        ReplyClass::Privacy => "Private information in public",
    }
}

fn name(class: ReplyClass) -> &'static str {
    match class {
        ReplyClass::General => "general",
        ReplyClass::Complaint => "complaint",
        ReplyClass::Praise => "praise",
        ReplyClass::Question => "question",
        ReplyClass::Crisis => "crisis",
        ReplyClass::Emergency => "emergency",
        ReplyClass::Privacy => "privacy",
    }
}

/// For which conversation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreparedQuery {
    /// The conversation that is answered.
    pub conversation_id: String,
}

/// Prepared texts that fit a conversation
#[utoipa::path(get, path = "/prepared_texts", tag = "answer", operation_id = "prepared_texts", params(PreparedQuery),
    responses((status = 200, body = Page<PreparedText>)))]
pub(super) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<PreparedQuery>,
) -> Result<Json<Page<PreparedText>>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let id = ConversationId::parse(&query.conversation_id).map_err(|_| Problem::not_found("conversation"))?;
    let mut conn = app.read().await?;
    let scene = Scene::of_conversation(&mut conn, who.org(), &id).await?;
    let rows = thread::messages(&mut conn, who.org(), &id).await?;
    drop(conn);
    let shown = |text: prepared::PreparedText| PreparedText {
        id: text.id,
        title: title(text.class).to_owned(),
        class: name(text.class).to_owned(),
        language: text.language,
        text: text.text,
    };
    Ok(Json(Page::whole(prepared::texts(&scene, answered(&rows)).into_iter().map(shown).collect())))
}
