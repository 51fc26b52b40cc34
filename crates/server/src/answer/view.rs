//! What the pages of this room show: queue items, messages, notes, the timeline.

use bedside_model::account::Settings;
use bedside_model::clock::{self, Basis, ClockState};
use bedside_model::conversation::{Outcome, State};
use bedside_model::network::{Direction, MessageKind, Visibility};
use bedside_model::time::from_micros;
use bedside_model::{Micros, OrgId, Phi};
use bedside_networks::Network;
use bedside_networks::watch::likeness::SAME;
use bedside_store::answer::thread::ElsewhereRow;
use bedside_store::answer::{MessageRow, NoteRow, QueueRow, TimelineRow};
use bedside_store::corrections::StoredCorrection;
use bedside_store::{Conn, settings};
use serde::Serialize;
use utoipa::ToSchema;

use super::moderate::{self, ModerationView};
use super::names;
use crate::problem::Problem;
use crate::time::Instant;
use crate::understand::standing;
use crate::understand::view::CorrectionView;
use crate::{schema, understand};

/// A colleague.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonRef {
    /// The user.
    pub id: String,
    /// The name that colleagues see.
    pub name: String,
}

/// Who wrote to us, as the network shows them.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorRef {
    /// For the page of this person; null where the network names nobody.
    #[schema(required = true)]
    pub id: Option<String>,
    /// The name shown there.
    pub display_name: String,
    /// Messages seen of them.
    pub times: i64,
}

/// The clock of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockView {
    /// Minutes from arrival; null without a clock.
    #[schema(required = true)]
    pub minutes: Option<u32>,
    /// Which minutes.
    #[schema(value_type = schema::Basis)]
    pub basis: Basis,
    /// Where it stands.
    #[schema(value_type = names::ClockState)]
    pub state: ClockState,
}

/// An open alert.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertRef {
    /// The alert.
    pub id: String,
    /// Where it stands.
    pub state: String,
}

/// A row of the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueItem {
    /// The conversation.
    pub id: String,
    /// The account that heard it.
    pub account_id: String,
    /// That account's network.
    pub network: String,
    /// What it is about there: the title of a post, a site.
    pub place: String,
    /// Where that is.
    #[schema(required = true)]
    pub place_url: Option<String>,
    /// Who began it.
    pub author: AuthorRef,
    /// Its first words.
    pub excerpt: String,
    /// BCP 47; `und` where it cannot be told.
    pub language: String,
    /// Stars.
    #[schema(required = true)]
    pub rating: Option<f64>,
    /// Who can read it.
    #[schema(value_type = schema::Visibility)]
    pub visibility: String,
    /// Where it stands.
    #[schema(value_type = names::ConversationState)]
    pub state: State,
    /// Rank, 0 first.
    pub priority: u8,
    /// Suicide is the topic.
    pub c0: bool,
    /// The language has no crisis rules: a person must read it.
    pub needs_reader: bool,
    /// Its labels.
    #[schema(value_type = understand::shape::Labels)]
    pub labels: serde_json::Value,
    /// When an answer is due.
    #[schema(required = true)]
    pub due_at: Option<Instant>,
    /// Its clock.
    pub clock: ClockView,
    /// Who works on it.
    #[schema(required = true)]
    pub assigned_to: Option<PersonRef>,
    /// Until when it is snoozed.
    #[schema(required = true)]
    pub snoozed_until: Option<Instant>,
    /// Unanswered messages.
    pub waiting: i64,
    /// When its first message was written.
    pub first_message_at: Instant,
    /// When its newest message was written.
    pub last_message_at: Instant,
    /// How it ended.
    #[schema(required = true, value_type = Option<names::ConversationOutcome>)]
    pub outcome: Option<Outcome>,
    /// Why it ended so.
    #[schema(required = true)]
    pub outcome_reason: Option<String>,
    /// The open alert about it.
    #[schema(required = true)]
    pub alert: Option<AlertRef>,
    /// Grows with every change.
    pub version: i64,
}

/// The organisation's settings.
pub async fn settings_of(conn: &mut Conn, org: &OrgId) -> Result<Settings, Problem> {
    Ok(settings::load(conn, org).await?.0)
}

/// Shows a row of the queue.
pub fn item(row: &QueueRow, settings: &Settings, now: Micros) -> QueueItem {
    let rule = settings.clocks.rule(row.priority);
    let state = clock::state(&rule, row.due_at.map(from_micros), from_micros(now));
    let (id, name, times) = match &row.author {
        Some((id, name, times)) => (Some(id.to_string()), name.expose().clone(), *times),
        None => (None, String::new(), 0),
    };
    QueueItem {
        id: row.id.to_string(),
        account_id: row.account_id.to_string(),
        network: row.network.clone(),
        place: row.place.as_ref().map(|p| p.expose().clone()).unwrap_or_default(),
        place_url: shown(&row.place_url),
        author: AuthorRef { id, display_name: name, times },
        excerpt: row.excerpt.expose().clone(),
        language: row.language.clone().unwrap_or_else(|| "und".to_owned()),
        rating: row.rating,
        visibility: row.visibility.clone(),
        state: row.state,
        priority: row.priority,
        c0: row.c0,
        needs_reader: row.needs_reader,
        labels: understand::shape::labels(&row.labels),
        due_at: row.due_at.map(Instant),
        clock: ClockView { minutes: rule.minutes, basis: rule.basis, state },
        assigned_to: row.assigned_to.as_ref().map(|(id, name)| PersonRef { id: id.to_string(), name: name.clone() }),
        snoozed_until: row.snoozed_until.map(Instant),
        waiting: row.waiting,
        first_message_at: Instant(row.first_message_at),
        last_message_at: Instant(row.last_message_at),
        outcome: row.outcome,
        outcome_reason: row.outcome_reason.clone(),
        alert: row.alert.as_ref().map(|(id, state)| AlertRef { id: id.to_string(), state: state.clone() }),
        version: row.version,
    }
}

/// Takes a text out to show it to a person who may read it.
pub fn shown(text: &Option<Phi<String>>) -> Option<String> {
    text.as_ref().map(|text| text.expose().clone())
}

/// The author of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageAuthor {
    /// For the page of this person; null for our own messages.
    #[schema(required = true)]
    pub id: Option<String>,
    /// The name shown on the network.
    pub display_name: String,
    /// The handle there.
    #[schema(required = true)]
    pub handle: Option<String>,
    /// The profile there.
    #[schema(required = true)]
    pub url: Option<String>,
}

/// What became of an own message.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryRef {
    /// The item that left.
    pub outbox_id: String,
    /// Where it stands.
    #[schema(value_type = names::OutboxState)]
    pub state: String,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// Its id.
    pub id: String,
    /// Which way it went.
    #[schema(value_type = schema::Direction)]
    pub direction: Direction,
    /// What it is there.
    #[schema(value_type = schema::MessageKind)]
    pub kind: MessageKind,
    /// Who wrote it.
    pub author: MessageAuthor,
    /// The text.
    pub text: String,
    /// The message of this conversation that it answers.
    #[schema(required = true)]
    pub parent_id: Option<String>,
    /// Who can read it.
    #[schema(value_type = schema::Visibility)]
    pub visibility: Visibility,
    /// Stars.
    #[schema(required = true)]
    pub rating: Option<f64>,
    /// Its address.
    #[schema(required = true)]
    pub permalink: Option<String>,
    /// When it was written.
    pub published_at: Instant,
    /// When Bedside had it.
    pub received_at: Instant,
    /// When it was last seen changed.
    #[schema(required = true)]
    pub edited_at: Option<Instant>,
    /// When it was seen gone.
    #[schema(required = true)]
    pub deleted_at: Option<Instant>,
    /// Its rank.
    pub priority: u8,
    /// What is said about it: what was read, changed by what people said.
    #[schema(required = true, value_type = Option<understand::shape::Assessment>)]
    pub assessment: Option<serde_json::Value>,
    /// What people said about its labels, oldest first.
    pub corrections: Vec<CorrectionView>,
    /// What became of it, where it is our own.
    #[schema(required = true)]
    pub delivery: Option<DeliveryRef>,
    /// Why it stands beside a message of somebody else: it says nearly the same.
    #[schema(required = true)]
    pub copy_of: Option<CopyRef>,
    /// Where the same words stand within a week, in other conversations of whatever account, the oldest first. Each
    /// keeps its rank and is answered where it stands.
    pub also_said: Vec<AlsoSaid>,
    /// Where it stands at its network, and what can be done about it.
    pub moderation: ModerationView,
}

/// Where the same is said.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlsoSaid {
    /// The message.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// Its network.
    pub network: String,
    /// The account that heard it, as the team calls it.
    pub account: String,
    /// When it was written.
    pub published_at: Instant,
}

/// What a message says again.
#[derive(Debug, Serialize, ToSchema)]
pub struct CopyRef {
    /// The original; it may be older than the messages shown.
    pub message_id: String,
    /// How much of the words the two have in common, estimated: 0 to 1.
    pub likeness: f64,
}

/// Shows the messages of one conversation. `us` is the name under which we speak there, on `network`.
pub fn messages(
    rows: &[MessageRow],
    outbox: &[bedside_store::outbox::OutboxRow],
    said: &[StoredCorrection],
    elsewhere: &[ElsewhereRow],
    us: &str,
    network: Option<Network>,
) -> Vec<MessageView> {
    let parent = |native: &Option<String>| {
        let native = native.as_ref()?;
        rows.iter().find(|row| row.native_id == *native).map(|row| row.id.to_string())
    };
    rows.iter()
        .map(|row| {
            let own = row.direction == Direction::OwnReply;
            let name = row.author_name.as_ref().map(|name| name.expose().clone());
            let delivery = row.outbox_id.as_ref().and_then(|id| outbox.iter().find(|item| item.id == *id));
            MessageView {
                id: row.id.to_string(),
                direction: row.direction,
                kind: row.kind,
                author: MessageAuthor {
                    id: row.author_id.as_ref().filter(|_| !own).map(ToString::to_string),
                    display_name: name.unwrap_or_else(|| if own { us.to_owned() } else { String::new() }),
                    handle: shown(&row.author_handle),
                    url: shown(&row.author_url),
                },
                text: row.text.expose().clone(),
                parent_id: parent(&row.parent_native_id),
                visibility: row.visibility,
                rating: row.rating,
                permalink: shown(&row.permalink),
                published_at: Instant(row.published_at),
                received_at: Instant(row.received_at),
                edited_at: row.edited_at.map(Instant),
                deleted_at: row.deleted_at.map(Instant),
                priority: row.priority,
                assessment: standing::of(row, said).and_then(|of| serde_json::to_value(of).ok()),
                corrections: said
                    .iter()
                    .filter(|said| said.of.message_id == row.id)
                    .map(|said| CorrectionView::of(said, standing::counts(said, row.text.expose())))
                    .collect(),
                delivery: delivery
                    .map(|item| DeliveryRef { outbox_id: item.id.to_string(), state: item.item.state.to_string() }),
                copy_of: copy_of(row),
                also_said: elsewhere.iter().filter(|one| one.mine == row.id).map(also_said).collect(),
                moderation: moderate::view(row, outbox, network),
            }
        })
        .collect()
}

fn also_said(one: &ElsewhereRow) -> AlsoSaid {
    AlsoSaid {
        message_id: one.id.to_string(),
        conversation_id: one.conversation_id.to_string(),
        network: one.network.clone(),
        account: one.account.clone(),
        published_at: Instant(one.published_at),
    }
}

/// What a message says again, as long as it does.
fn copy_of(row: &MessageRow) -> Option<CopyRef> {
    let (original, likeness) = row.copy_of.as_ref()?;
    (*likeness >= SAME).then(|| CopyRef { message_id: original.to_string(), likeness: *likeness })
}

/// A note for the team.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteView {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Who wrote it.
    pub author: PersonRef,
    /// The text.
    pub text: String,
}

/// Shows a note.
pub fn note(row: &NoteRow) -> NoteView {
    NoteView {
        id: row.id.to_string(),
        at: Instant(row.created_at),
        author: PersonRef { id: row.user_id.to_string(), name: row.user_name.clone() },
        text: row.text.expose().clone(),
    }
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorRef {
    /// `user`, `system`, `cli`, `public`.
    pub kind: String,
    /// The user, or the part of the program.
    #[schema(required = true)]
    pub id: Option<String>,
    /// The user's name.
    #[schema(required = true)]
    pub name: Option<String>,
}

/// An entry of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: ActorRef,
    /// What happened.
    pub kind: String,
    /// Codes and ids that go with it.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// Shows an entry of the timeline.
pub fn entry(row: &TimelineRow) -> TimelineEntry {
    TimelineEntry {
        id: row.id.to_string(),
        at: Instant(row.at),
        actor: ActorRef { kind: row.actor_kind.clone(), id: row.actor_id.clone(), name: row.actor_name.clone() },
        kind: row.kind.clone(),
        detail: serde_json::from_str(&row.detail).unwrap_or(serde_json::Value::Null),
    }
}
