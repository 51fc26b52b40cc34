//! The conversations that a batch touches, with what the state machine and the queue know of them, and
//! their timeline.
//!
//! A conversation is decided on as it was read and saved as it was decided: whoever saves names the
//! version that was read, so that nothing that another process wrote meanwhile is overwritten.

use bedside_model::conversation::{Conversation, State};
use bedside_model::time::to_micros;
use bedside_model::{AccountId, AuthorId, ConversationId, EventId, Micros, OrgId, Phi};

use super::{clean, keys, phi};
use crate::conversation::{self, ANSWERED_UNTIL, NO_DUE, TIMELINE_ADD};
use crate::db::Conn;
use crate::error::Result;
use crate::row::{Row, to_json};
use crate::sql::Value;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    OTHER_THREADS = "select distinct thread_native_id, conversation_id from messages where org_id = $1 and account_id = $2
        and thread_native_id in (select key from \"json_each\"($3 /*pg: ::json */))";
    CONVERSATIONS = "select id, thread_native_id, state, priority, assigned_to, snoozed_until, waiting_list, past_due_alerted, answered, due_at, outcome,
        author_id, excerpt, language, rating, visibility, labels, c0, needs_reader, place, place_url, clock_started_at,
        first_message_at, last_message_at, opened_at, resolved_at, outcome_reason, version,
        (select max(m.published_at) from messages m where m.org_id = $1 and m.conversation_id = conversations.id and m.direction <> 'inbound'
            and m.deleted_at is null) as answered_to
        from conversations where org_id = $1 and account_id = $2
        and (thread_native_id in (select key from \"json_each\"($3 /*pg: ::json */)) or id in (select key from \"json_each\"($4 /*pg: ::json */)))";
    CONVERSATIONS_ADD = "insert into conversations (org_id, id, account_id, thread_native_id, place, place_url, author_id, excerpt, language, rating,
        visibility, state, priority, c0, needs_reader, labels, due_at, due_sort, clock_started_at, outcome, outcome_reason, waiting, waiting_list,
        past_due_alerted, answered, first_message_at, last_message_at, opened_at, resolved_at, updated_at, version) values";
    CONVERSATION_SAVE = "update conversations set place = $3, place_url = $4, author_id = $5, excerpt = $6, language = $7, rating = $8, visibility = $9,
        state = $10, priority = $11, c0 = $12, needs_reader = $13, labels = $14, due_at = $15, due_sort = $16, clock_started_at = $17, outcome = $18,
        outcome_reason = $19, waiting = $20, waiting_list = $21, past_due_alerted = $22, answered = $23, first_message_at = $24, last_message_at = $25,
        opened_at = $26, resolved_at = $27, updated_at = $28, snoozed_until = $29, version = version + 1
        where org_id = $1 and id = $2 and version = $30";
}

/// A conversation with everything that the queue shows of it.
#[derive(Debug, Clone)]
pub struct Thread {
    /// Its id.
    pub id: ConversationId,
    /// The thread's id on the network.
    pub thread_native_id: String,
    /// What the state machine knows.
    pub state: Conversation,
    /// What the thread stands under.
    pub place: Option<Phi<String>>,
    /// Where that is.
    pub place_url: Option<Phi<String>>,
    /// Who began it.
    pub author_id: Option<AuthorId>,
    /// First words of the message that the queue shows.
    pub excerpt: Phi<String>,
    /// Its language.
    pub language: Option<String>,
    /// Its stars.
    pub rating: Option<f64>,
    /// Its visibility.
    pub visibility: String,
    /// Labels of the message that the queue shows, as JSON.
    pub labels: String,
    /// A message speaks of suicide as a topic.
    pub c0: bool,
    /// A message needs a person who reads its language.
    pub needs_reader: bool,
    /// When the clock that runs was started.
    pub clock_started_at: Option<Micros>,
    /// First message.
    pub first_message_at: Micros,
    /// Last message.
    pub last_message_at: Micros,
    /// When it was last opened.
    pub opened_at: Micros,
    /// When it ended.
    pub resolved_at: Option<Micros>,
    /// Why it ended so.
    pub outcome_reason: Option<String>,
    /// The newest answer's time, whoever gave it.
    pub answered_to: Option<Micros>,
    /// The version that was read; 1 for a new one.
    pub version: i64,
}

/// A timeline entry to store.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Its id.
    pub id: EventId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// What happened.
    pub kind: &'static str,
    /// Ids and codes as JSON.
    pub detail: String,
}

fn thread_of(row: &Row) -> Result<Thread> {
    let (state, version) = conversation::state_of(row)?;
    Ok(Thread {
        id: row.parsed("id")?,
        thread_native_id: row.text("thread_native_id")?,
        state,
        place: row.opt_phi("place")?,
        place_url: row.opt_phi("place_url")?,
        author_id: row.opt_parsed("author_id")?,
        excerpt: row.phi("excerpt")?,
        language: row.opt_text("language")?,
        rating: row.opt_float("rating")?,
        visibility: row.text("visibility")?,
        labels: row.text("labels")?,
        c0: row.bool("c0")?,
        needs_reader: row.bool("needs_reader")?,
        clock_started_at: row.opt_int("clock_started_at")?,
        first_message_at: row.int("first_message_at")?,
        last_message_at: row.int("last_message_at")?,
        opened_at: row.int("opened_at")?,
        resolved_at: row.opt_int("resolved_at")?,
        outcome_reason: row.opt_text("outcome_reason")?,
        answered_to: row.opt_int("answered_to")?,
        version,
    })
}

/// Conversations of an account by their threads' native ids or their own ids.
pub async fn of(
    conn: &mut Conn,
    org: &OrgId,
    account: &AccountId,
    native: impl IntoIterator<Item = &str>,
    ids: impl IntoIterator<Item = &ConversationId>,
) -> Result<Vec<Thread>> {
    let ids = keys(ids.into_iter().map(ConversationId::as_str));
    conn.all(&CONVERSATIONS, org, vals![account, keys(native), ids]).await?.iter().map(thread_of).collect()
}

/// Threads of the network that stand within a conversation of another thread, and that conversation: the
/// threads of copies.
pub async fn elsewhere(
    conn: &mut Conn,
    org: &OrgId,
    account: &AccountId,
    native: impl IntoIterator<Item = &str>,
) -> Result<Vec<(String, ConversationId)>> {
    let rows = conn.all(&OTHER_THREADS, org, vals![account, keys(native)]).await?;
    rows.iter().map(|row| Ok((row.text("thread_native_id")?, row.parsed("conversation_id")?))).collect()
}

fn due(thread: &Thread) -> Option<Micros> {
    thread.state.due_at.map(to_micros)
}

fn waiting(thread: &Thread) -> i64 {
    i64::try_from(thread.state.waiting.len()).unwrap_or(i64::MAX)
}

/// What is decided of a conversation, from its place to when it was resolved: the columns that adding and saving share,
/// in their order.
fn decided(t: &Thread) -> Vec<Value> {
    vals![
        phi(&t.place),
        phi(&t.place_url),
        &t.author_id,
        clean(t.excerpt.expose()),
        t.language.as_deref().map(clean),
        t.rating,
        &t.visibility,
        t.state.state.as_str(),
        t.state.priority,
        t.c0,
        t.needs_reader,
        &t.labels,
        due(t),
        due(t).unwrap_or(NO_DUE),
        t.clock_started_at,
        t.state.outcome.map(|o| o.as_str()),
        &t.outcome_reason,
        waiting(t),
        to_json(&t.state.waiting),
        t.state.past_due_alerted,
        t.state.answered,
        t.first_message_at,
        t.last_message_at,
        t.opened_at,
        t.resolved_at,
    ]
}

/// Stores new conversations.
pub async fn add(tx: &mut Tx, account: &AccountId, threads: &[Thread]) -> Result<()> {
    if threads.is_empty() {
        return Ok(());
    }
    let at = tx.at();
    let rows = threads
        .iter()
        .map(|t| {
            let mut row = vals![&t.id, account, clean(&t.thread_native_id)];
            row.extend(decided(t));
            row.extend(vals![at, t.version]);
            row
        })
        .collect();
    tx.insert_many(&CONVERSATIONS_ADD, "", rows).await.map(drop)
}

/// Saves a conversation that was there.
///
/// Errors: [`Conflict`](crate::StoreError::Conflict) where it is no longer as it was read; whoever decided
/// reads it and decides again.
pub async fn save(tx: &mut Tx, t: &Thread) -> Result<()> {
    let at = tx.at();
    debug_assert!(t.state.state != State::Resolved || t.resolved_at.is_some());
    let mut row = vals![&t.id];
    row.extend(decided(t));
    row.extend(vals![at, t.state.snoozed_until.map(to_micros), t.version]);
    tx.run_one(&CONVERSATION_SAVE, row, "conversation").await
}

/// Notes that what stood in a conversation until an instant is answered.
pub async fn answered_until(tx: &mut Tx, id: &ConversationId, until: Micros) -> Result<()> {
    let at = tx.at();
    tx.run(&ANSWERED_UNTIL, vals![id, at, until]).await.map(drop)
}

/// Stores timeline entries of the intake.
pub async fn add_events(tx: &mut Tx, by: &str, events: Vec<NewEvent>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let at = tx.at();
    let rows = events.into_iter().map(|e| vals![e.id, e.conversation_id, at, "system", by, e.kind, e.detail]).collect();
    tx.insert_many(&TIMELINE_ADD, "", rows).await.map(drop)
}
