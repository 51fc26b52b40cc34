//! Moderating: somebody's comment under something of ours is shown, hidden, removed or reported at its
//! network, through the outbox. What takes words away needs one of few reasons, which stays in the log.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::door::Scene;
use bedside_model::conversation::TimelineKind;
use bedside_model::delivery::OutboxKind;
use bedside_model::moderation::{self, Ground, Moderation, Refused, Standing};
use bedside_model::role::Action;
use bedside_model::{MessageId, NoteId, OutboxId, Phi};
use bedside_networks::{self as networks, Capability, Network, Operation};
use bedside_store::answer::{MessageRow, thread};
use bedside_store::outbox::OutboxRow;
use bedside_store::{Entry, StoreError, conversation};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::names;
use super::outgoing::{self, OutboxView};
use super::steps::given;
use crate::alter::{self, Alteration, Of};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// What is to be done about somebody's message.
#[derive(Deserialize, ToSchema)]
pub struct Moderate {
    /// What.
    #[schema(value_type = names::Moderation)]
    pub action: Moderation,
    /// Why it is taken away; needed to hide, remove or report it. It stands in the log and leaves nowhere.
    #[schema(value_type = Option<names::Ground>)]
    pub reason: Option<Ground>,
    /// A few words on it for the team, kept as a note of the conversation.
    pub note: Option<String>,
}

/// Where somebody's message stands at its network, and what can be done about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModerationView {
    /// Where it stands.
    #[schema(value_type = names::Standing)]
    pub standing: Standing,
    /// It was brought there from here, and not on the network itself.
    pub by_us: bool,
    /// What its network lets us do about it as it stands. Who may is said by the roles.
    #[schema(value_type = Vec<names::Moderation>)]
    pub can: Vec<Moderation>,
    /// What was asked for last and did not take effect yet, or could not.
    #[schema(required = true)]
    pub open: Option<Asked>,
}

/// What was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asked {
    /// The item that leaves.
    pub outbox_id: String,
    /// What.
    #[schema(value_type = names::OutboxKind)]
    pub kind: OutboxKind,
    /// Where it is.
    #[schema(value_type = names::OutboxState)]
    pub state: bedside_model::delivery::OutboxState,
}

/// Shows where a message stands. `outbox` holds the items of its conversation, oldest first.
pub(super) fn view(row: &MessageRow, outbox: &[OutboxRow], network: Option<Network>) -> ModerationView {
    let moderates = |item: &&OutboxRow| {
        item.message_id.as_ref() == Some(&row.id)
            && matches!(item.item.kind, OutboxKind::Approve | OutboxKind::Hide | OutboxKind::Remove | OutboxKind::Spam)
    };
    let newest = outbox.iter().rev().find(moderates);
    let open = newest.filter(|item| !item.item.state.is_over() || item.item.needs_human);
    let under_way = open.is_some_and(|item| !item.item.state.is_over());
    let has = |action| network.is_some_and(|network| networks::capabilities(network).has(capability(action)));
    let can = |action: &Moderation| !under_way && has(*action) && moderation::step(&row.moderated(), *action).is_ok();
    ModerationView {
        standing: row.standing,
        by_us: row.standing_by.is_some(),
        can: Moderation::ALL.iter().copied().filter(can).collect(),
        open: open.map(|item| Asked { outbox_id: item.id.to_string(), kind: item.item.kind, state: item.item.state }),
    }
}

const fn capability(action: Moderation) -> Capability {
    match action {
        Moderation::Approve | Moderation::Show => Capability::Approve,
        Moderation::Hide => Capability::Hide,
        Moderation::Remove => Capability::Remove,
        Moderation::Spam => Capability::Spam,
    }
}

fn effect(action: Moderation, native_id: String) -> (OutboxKind, Operation) {
    match action {
        Moderation::Approve | Moderation::Show => (OutboxKind::Approve, Operation::Approve { native_id }),
        Moderation::Hide => (OutboxKind::Hide, Operation::Hide { native_id }),
        Moderation::Remove => (OutboxKind::Remove, Operation::Remove { native_id }),
        Moderation::Spam => (OutboxKind::Spam, Operation::Spam { native_id }),
    }
}

/// The log's code for what was asked.
const fn code(action: Moderation) -> &'static str {
    match action {
        Moderation::Approve => "message.approved",
        Moderation::Show => "message.shown",
        Moderation::Hide => "message.hidden",
        Moderation::Remove => "message.removed",
        Moderation::Spam => "message.reported",
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self::refused(refused.code(), refused)
    }
}

fn refused(no: Refused) -> StoreError {
    conversation::refused(no.code(), &no)
}

/// Shows, hides, removes or reports somebody's message at its network
///
/// It is queued like anything that leaves, done once, and read back where nobody knows whether it was done.
/// Hiding, removing and reporting need a reason: abuse, spam, or somebody's data disclosed.
#[utoipa::path(post, path = "/messages/{id}/moderate", tag = "answer", operation_id = "moderate", request_body = Moderate,
    params(("id" = String, Path, description = "The message")), responses((status = 202, body = OutboxView)))]
pub(super) async fn moderate(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<MessageId>,
    Json(body): Json<Moderate>,
) -> Result<impl IntoResponse, Problem> {
    let action = body.action;
    app.allow_role(&who, if action.takes_away() { Action::HideMessage } else { Action::ShowMessage })?;
    let mut conn = app.read().await?;
    let message = thread::message(&mut conn, who.org(), &id).await?;
    let scene = Scene::of_account(&mut conn, who.org(), &message.account_id).await?;
    drop(conn);
    let ground = moderation::ground(action, body.reason)?;
    let note = body.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let note = note.map(|note| given("note", note)).transpose()?;
    moderation::step(&message.moderated(), action)?;
    alter::possible(&scene, capability(action), &effect(action, message.native_id).1)?;
    let item = ask(&app, &who, id, action, Why { ground, note }).await?;
    Ok((StatusCode::ACCEPTED, Json(outgoing::shown(&app, &who, &item).await?)))
}

/// Why it is done: what the log keeps, and what only the team reads.
struct Why {
    ground: Option<Ground>,
    note: Option<String>,
}

/// Decides on the message as it stands now, and queues.
async fn ask(app: &App, who: &SignedIn, id: MessageId, action: Moderation, why: Why) -> Result<OutboxId, Problem> {
    let now = app.now();
    let (ids, by, user) = (app.store.ids().clone(), who.by(), who.user.id.clone());
    let item = app
        .store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                let message = thread::message_alone(tx, &id).await?;
                moderation::step(&message.moderated(), action).map_err(refused)?;
                let conversation_id = message.conversation_id.clone();
                let (kind, operation) = effect(action, message.native_id);
                let of = Of::Message(conversation_id.clone(), id.clone());
                let asked =
                    Alteration { kind, operation, of, account_id: message.account_id, priority: message.priority };
                let queued = alter::queue(tx, &ids, asked).await?;
                if let Some(text) = why.note {
                    let note = NoteId::from_bits(ids.bits(now));
                    thread::add_note(tx, &note, &conversation_id, &user, &Phi::new(text)).await?;
                }
                let detail = json!({ "message": id, "outbox": queued.item, "action": action, "ground": why.ground });
                let kind = TimelineKind::Moderated.as_str();
                conversation::note_event(tx, &ids, &conversation_id, kind, &by, &detail).await?;
                let mut entry = Entry::new(by, code(action), &id)
                    .with("outbox", &queued.item)
                    .with("verdict", queued.sendable.verdict());
                if let Some(ground) = why.ground {
                    entry = entry.with("ground", ground);
                }
                tx.commit(entry, queued.item)
            })
        })
        .await?;
    Ok(item)
}
