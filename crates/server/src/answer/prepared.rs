//! Prepared texts that fit what is answered, with contacts and numbers filled in.

use axum::extract::State;
use bedside_guard::{self as guard, ReplyClass};
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

/// What a message may be answered with, by its rank: a crisis is never answered with thanks.
fn classes(priority: u8) -> &'static [ReplyClass] {
    match priority {
        0 | 2 | 6 => &[ReplyClass::Crisis],
        1 => &[ReplyClass::Emergency],
        5 => &[ReplyClass::Privacy, ReplyClass::General],
        7 => &[ReplyClass::Complaint, ReplyClass::General],
        8 => &[ReplyClass::Question, ReplyClass::General],
        11 => &[ReplyClass::Praise, ReplyClass::General],
        _ => &[ReplyClass::General],
    }
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

/// The prepared texts that fit a message: in its language, else in the organisation's, else in
/// English.
pub fn texts(scene: &Scene, to: Option<&MessageRow>) -> Vec<PreparedText> {
    let Some(priority) = scene.priority().or(to.map(|message| message.priority)) else { return vec![] };
    let account = scene.account();
    let of = scene.conversation.as_ref().and_then(|place| place.row.language.as_deref());
    let languages = [of.unwrap_or("und"), &scene.settings.organisation.language, "en"];
    let in_language = |language: &str| -> Vec<PreparedText> {
        let fitting = classes(priority).iter().flat_map(|&class| guard::prepared(&account, class, language));
        fitting
            .map(|text| PreparedText {
                id: text.id,
                title: title(text.class).to_owned(),
                class: name(text.class).to_owned(),
                language: text.language,
                text: text.text,
            })
            .collect()
    };
    languages.into_iter().map(in_language).find(|texts| !texts.is_empty()).unwrap_or_default()
}

/// Whether a text is a prepared one that fits this message and that nobody changed.
pub fn is_prepared(scene: &Scene, to: Option<&MessageRow>, text: &str) -> bool {
    let same = |prepared: &PreparedText| prepared.text.split_whitespace().eq(text.split_whitespace());
    to.is_some() && texts(scene, to).iter().any(same)
}

/// All prepared texts of an account: what a programme under 42 CFR Part 2 may say.
pub fn fixed_texts(account: &guard::Account) -> Vec<String> {
    let classes = [
        ReplyClass::General,
        ReplyClass::Complaint,
        ReplyClass::Praise,
        ReplyClass::Question,
        ReplyClass::Crisis,
        ReplyClass::Emergency,
        ReplyClass::Privacy,
    ];
    let all = ["en", "es"].into_iter().flat_map(|language| classes.map(|class| (class, language)));
    all.flat_map(|(class, language)| guard::prepared(account, class, language)).map(|text| text.text).collect()
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
