//! The safe skeleton: a text that discloses nothing, with the organisation's own contact filled in,
//! offered where the guard stopped what was written.

use axum::extract::State;
use bedside_engine::door::{Scene, answered, judge, prepared};
use bedside_model::ConversationId;
use bedside_model::role::Action;
use bedside_store::answer::thread;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Json, Params};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// For which conversation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SkeletonQuery {
    /// The conversation that is answered.
    pub conversation_id: String,
}

/// A safe text to begin with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Skeleton {
    /// The text; null where the guard would stop each that there is.
    #[schema(required = true)]
    pub text: Option<String>,
    /// BCP 47.
    pub language: String,
    /// The contacts of the account that stand in it.
    pub contacts: Vec<String>,
    /// The account has no contact at all: it should get one.
    pub needs_contact: bool,
}

/// A safe text to begin with, in the language of what is answered, with the account's own contact filled in. The guard has
/// let it pass as a reply to this message.
#[utoipa::path(get, path = "/guard/skeleton", tag = "answer", operation_id = "skeleton", params(SkeletonQuery),
    responses((status = 200, body = Skeleton)))]
pub(super) async fn skeleton(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<SkeletonQuery>,
) -> Result<Json<Skeleton>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let id = ConversationId::parse(&query.conversation_id).map_err(|_| Problem::not_found("conversation"))?;
    let mut conn = app.read().await?;
    let scene = Scene::of_conversation(&mut conn, who.org(), &id).await?;
    let rows = thread::messages(&mut conn, who.org(), &id).await?;
    drop(conn);
    let to = answered(&rows);
    let account = scene.account();
    // What fits the message comes first: a crisis is not answered with what fits a complaint.
    let mut candidates: Vec<(String, String)> =
        prepared::texts(&scene, to).into_iter().map(|text| (text.language, text.text)).collect();
    let written = scene.conversation.as_ref().and_then(|place| place.row.language.as_deref()).unwrap_or("und");
    let language = if written.starts_with("es") { "es" } else { "en" };
    candidates.push((language.to_owned(), bedside_guard::skeleton(&account, language)));
    candidates.retain(|(_, text)| !text.is_empty());
    let own: Vec<String> = [account.phone, account.email, account.url].into_iter().flatten().collect();
    let own: Vec<String> = own.into_iter().filter(|contact| !contact.trim().is_empty()).collect();
    let mut chosen = None;
    for (language, text) in candidates {
        let visibility = to.map(|row| row.visibility).unwrap_or_default();
        let question = scene.question(bedside_model::draft::DraftKind::Reply, visibility, &text, to, app.now());
        if judge(question).await.verdict != bedside_guard::Decision::Block {
            chosen = Some((language, text));
            break;
        }
    }
    let contacts = chosen.iter().flat_map(|(_, text)| own.iter().filter(|contact| text.contains(contact.as_str())));
    Ok(Json(Skeleton {
        contacts: contacts.cloned().collect(),
        needs_contact: own.is_empty(),
        language: chosen.as_ref().map_or_else(|| "und".to_owned(), |(language, _)| language.clone()),
        text: chosen.map(|(_, text)| text),
    }))
}
