//! One step of a conversation: the model decides, this writes down what it decided.

use bedside_model::alert::About;
use bedside_model::conversation::{self as model, Conversation, Effect, Event, Waiting};
use bedside_model::time::{from_micros, to_micros};
use bedside_model::{ConversationId, EventId, Micros, OrgId};

use crate::alerts;
use crate::audit::By;
use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::event::Change;
use crate::ids::Ids;
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    STATE = "select id, state, priority, assigned_to, snoozed_until, waiting_list, past_due_alerted, answered, due_at, outcome, version
        from conversations where org_id = $1 and id = $2 /*pg: for update */";
    SAVE = "update conversations set state = $3, priority = $4, assigned_to = $5, snoozed_until = $6, waiting = $7, waiting_list = $8,
        past_due_alerted = $9, answered = $10, due_at = $11, due_sort = $12, outcome = $13, outcome_reason = $14, resolved_at = $15,
        clock_started_at = case when cast($11 as bigint) is null then null else coalesce(clock_started_at, $16) end,
        updated_at = $16, version = version + 1
        where org_id = $1 and id = $2";
    TIMELINE_ADD = "insert into timeline (org_id, id, conversation_id, at, actor_kind, actor_id, kind, detail) values";
    ANSWERED_UNTIL = "update messages set answered_at = $3 where org_id = $1 and conversation_id = $2 and direction = 'inbound'
        and answered_at is null and published_at <= $4";
    WAKE_DUE = "select id from conversations where org_id = $1 and state = 'snoozed' and snoozed_until <= $2 order by snoozed_until limit 200";
    CLOCK_DUE = "select id from conversations where org_id = $1 and due_at is not null and due_at <= $2 and past_due_alerted = false
        and state <> 'resolved' and priority <= 6 order by due_at limit 200";
    NEXT_TIME = "select min(least_at) as at from (
        select min(snoozed_until) as least_at from conversations where org_id = $1 and state = 'snoozed'
        union all
        select min(due_at) as least_at from conversations where org_id = $1 and due_at > $2 and priority <= 6 and state <> 'resolved'
        ) t";
}

/// A queue's `due_at` for sorting: conversations without a clock come last within their rank.
pub const NO_DUE: Micros = Micros::MAX;

/// The state in a row that has its columns, and the version.
pub(crate) fn state_of(row: &Row) -> Result<(Conversation, i64)> {
    let conversation = Conversation {
        state: row.parsed("state")?,
        priority: u8::try_from(row.int("priority")?).unwrap_or(12),
        assigned_to: row.opt_parsed("assigned_to")?,
        snoozed_until: row.opt_int("snoozed_until")?.map(from_micros),
        waiting: row.json::<Vec<Waiting>>("waiting_list")?,
        due_at: row.opt_int("due_at")?.map(from_micros),
        answered: row.bool("answered")?,
        past_due_alerted: row.bool("past_due_alerted")?,
        outcome: row.opt_parsed("outcome")?,
    };
    Ok((conversation, row.int("version")?))
}

/// What the state machine knows of a conversation, and its version.
pub async fn state(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<(Conversation, i64)> {
    state_of(&conn.one(&STATE, org, vals![id], "conversation").await?)
}

/// Turns a refusal of the model into an error that carries its code and sentence.
pub fn refused(code: &'static str, refusal: &impl std::fmt::Display) -> StoreError {
    StoreError::Refused { code, sentence: refusal.to_string() }
}

/// What a person or a loop does to a conversation.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// On which.
    pub id: &'a ConversationId,
    /// What happens.
    pub event: Event,
    /// Who does it.
    pub by: &'a By,
    /// For the timeline: codes and ids (an outcome, a user, an outbox row), never text of a message.
    pub detail: serde_json::Value,
    /// The reason that goes with an outcome.
    pub reason: Option<String>,
    /// The version that the person saw, where two people may act at once.
    pub if_version: Option<i64>,
}

/// Takes one step: loads, decides, saves, writes the timeline, raises and closes alerts, tells the
/// live pages. The caller commits with the audit entry. Answers the new state and version.
pub async fn apply(tx: &mut Tx, ids: &Ids, step: Step<'_>) -> Result<(Conversation, i64)> {
    let org = tx.org()?;
    let at = tx.at();
    let (before, version) = state(tx.conn(), &org, step.id).await?;
    if step.if_version.is_some_and(|seen| seen != version) {
        return Err(StoreError::Conflict { what: "conversation" });
    }
    let (next, effects) = model::step(&before, &step.event).map_err(|e| refused(e.code(), &e))?;
    let due = next.due_at.map(to_micros);
    let resolved_at = (next.state == model::State::Resolved).then_some(at);
    tx.run_one(
        &SAVE,
        vals![
            step.id,
            next.state.as_str(),
            next.priority,
            &next.assigned_to,
            next.snoozed_until.map(to_micros),
            i64::try_from(next.waiting.len()).unwrap_or(i64::MAX),
            to_json(&next.waiting),
            next.past_due_alerted,
            next.answered,
            due,
            due.unwrap_or(NO_DUE),
            next.outcome.map(|o| o.as_str()),
            step.reason,
            resolved_at,
            at,
        ],
        "conversation",
    )
    .await?;
    if let Event::OwnReplyDelivered { answers_until } | Event::StaffReplySeen { answers_until } = &step.event {
        tx.run(&ANSWERED_UNTIL, vals![step.id, at, to_micros(*answers_until)]).await?;
    }
    follow(tx, ids, step.id, &effects, step.by, &step.detail).await?;
    tx.publish(Change::Conversation { id: step.id.clone(), new: false, priority: next.priority });
    Ok((next, version + 1))
}

/// Writes what follows from a step: timeline entries and alerts.
pub async fn follow(
    tx: &mut Tx,
    ids: &Ids,
    id: &ConversationId,
    effects: &[Effect],
    by: &By,
    detail: &serde_json::Value,
) -> Result<()> {
    let at = tx.at();
    let mut rows = Vec::new();
    for effect in effects {
        match effect {
            Effect::Timeline { kind } => {
                let event = EventId::from_bits(ids.bits(at));
                rows.push(vals![event, id, at, by.kind, by.id.clone(), kind.as_str(), to_json(detail)]);
            }
            Effect::RaiseAlert { class } => alerts::raise(tx, ids, &About::Conversation(id.clone()), *class).await?,
            Effect::CloseAlerts => alerts::close_for(tx, &About::Conversation(id.clone())).await?,
            // The clock stands in the conversation's own columns; posts that promote come with the
            // calendar and look at open crises when they are claimed.
            Effect::StartClock { .. } | Effect::StopClock | Effect::PausePromotions => {}
        }
    }
    tx.insert_many(&TIMELINE_ADD, "", rows).await.map(drop)
}

/// Adds a timeline entry that no step of the state machine makes (a draft was sent for approval).
pub async fn note_event(
    tx: &mut Tx,
    ids: &Ids,
    id: &ConversationId,
    kind: &str,
    by: &By,
    detail: &serde_json::Value,
) -> Result<()> {
    let at = tx.at();
    let event = EventId::from_bits(ids.bits(at));
    let row = vals![event, id, at, by.kind, by.id.clone(), kind, to_json(detail)];
    tx.insert_many(&TIMELINE_ADD, "", vec![row]).await.map(drop)
}

async fn ids_of(conn: &mut Conn, org: &OrgId, stmt: &'static crate::Stmt, now: Micros) -> Result<Vec<ConversationId>> {
    conn.all(stmt, org, vals![now]).await?.iter().map(|row| row.parsed("id")).collect()
}

/// Snoozed conversations whose time has come.
pub async fn to_wake(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Vec<ConversationId>> {
    ids_of(conn, org, &WAKE_DUE, now).await
}

/// Urgent conversations whose clock ran out and of which nobody was told.
pub async fn past_due(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Vec<ConversationId>> {
    ids_of(conn, org, &CLOCK_DUE, now).await
}

/// When the next snooze ends or the next urgent clock runs out.
pub async fn next_time(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Option<Micros>> {
    conn.opt(&NEXT_TIME, org, vals![now]).await?.map_or(Ok(None), |row| row.opt_int("at"))
}
