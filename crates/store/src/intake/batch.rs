//! What a batch of messages touches, read and written in a few statements.

use std::collections::HashMap;

use bedside_model::conversation::{Conversation, State, Waiting};
use bedside_model::moderation::Standing;
use bedside_model::time::{from_micros, to_micros};
use bedside_model::{
    AccountId, AuthorId, ConversationId, EventId, MessageId, Micros, OrgId, OutboxId, Phi, RawId, SourceId,
};

use super::{clean, keys};
use crate::conversation::{ANSWERED_UNTIL, NO_DUE, TIMELINE_ADD};
use crate::db::Conn;
use crate::error::Result;
use crate::row::{Row, to_json};
use crate::search;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    MESSAGES = "select n, id, conversation_id, native_id, direction, text, priority, published_at, edited_at, deleted_at, answered_at, outbox_id, copy_of, standing,
        exists (select 1 from corrections c where c.org_id = $1 and c.message_id = messages.id) as corrected
        from messages where org_id = $1 and account_id = $2 and native_id in (select key from \"json_each\"($3 /*pg: ::json */))";
    MESSAGES_ADD = "insert into messages (org_id, id, conversation_id, account_id, source_id, raw_id, outbox_id, native_id, parent_native_id, author_id,
        direction, kind, visibility, text, language, rating, permalink, priority, assessment, published_at, received_at, edited_at, answered_at,
        thread_native_id, copy_of, likeness, standing) values";
    MESSAGE_EDIT = "update messages set text = $3, language = $4, rating = $5, visibility = $6, permalink = $7, priority = $8, assessment = $9,
        edited_at = coalesce($10, edited_at), deleted_at = null, raw_id = $11, standing = $12,
        standing_by = case when $12 = coalesce(standing, 'visible') then standing_by end where org_id = $1 and id = $2";
    OTHER_THREADS = "select distinct thread_native_id, conversation_id from messages where org_id = $1 and account_id = $2
        and thread_native_id in (select key from \"json_each\"($3 /*pg: ::json */))";
    TEXT = "select text from messages where org_id = $1 and id = $2";
    LIKENESS = "update messages set likeness = $3 where org_id = $1 and id = $2";
    MESSAGE_DELETE = "update messages set deleted_at = $3, standing = coalesce($4, standing) where org_id = $1 and id = $2 and deleted_at is null";
    CONVERSATIONS = "select id, thread_native_id, state, priority, assigned_to, snoozed_until, waiting_list, past_due_alerted, answered, due_at, outcome,
        author_id, excerpt, language, rating, visibility, labels, c0, needs_reader, place, place_url, clock_started_at,
        first_message_at, last_message_at, opened_at, resolved_at, outcome_reason,
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
        where org_id = $1 and id = $2";
    AUTHORS = "select id, native_id from authors where org_id = $1 and account_id = $2 and native_id in (select key from \"json_each\"($3 /*pg: ::json */))";
    AUTHORS_ADD = "insert into authors (org_id, id, account_id, native_id, display_name, handle, url, avatar, messages, first_seen_at, last_seen_at) values";
}

/// A message that is stored already.
#[derive(Debug, Clone)]
pub struct StoredMessage {
    /// Its number, for the full-text index.
    pub n: i64,
    /// Its id.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// It came from outside.
    pub inbound: bool,
    /// Its text.
    pub text: Phi<String>,
    /// Its rank.
    pub priority: u8,
    /// When it was published.
    pub published_at: Micros,
    /// It is gone from the network.
    pub deleted: bool,
    /// Somebody answered it.
    pub answered: bool,
    /// A person corrected a label of it.
    pub corrected: bool,
    /// What it said again when it came.
    pub copy_of: Option<MessageId>,
    /// Where it stood on the network when it was last heard of.
    pub standing: Standing,
}

/// A message to store.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Its id.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// Which account heard it.
    pub account_id: AccountId,
    /// Through which source.
    pub source_id: Option<SourceId>,
    /// The raw item.
    pub raw_id: RawId,
    /// The outbox row that sent it.
    pub outbox_id: Option<OutboxId>,
    /// Its id on the network.
    pub native_id: String,
    /// What it answers there.
    pub parent_native_id: Option<String>,
    /// Who wrote it.
    pub author_id: Option<AuthorId>,
    /// `inbound`, `own_reply` or `staff_elsewhere`.
    pub direction: &'static str,
    /// `comment`, `review`, `post`, `reply`.
    pub kind: &'static str,
    /// Text, rank and what else an edit can change.
    pub content: Content,
    /// When it was published.
    pub published_at: Micros,
    /// When it first came.
    pub received_at: Micros,
    /// When it was changed, as far as the network says.
    pub edited_at: Option<Micros>,
    /// When its answer was seen.
    pub answered_at: Option<Micros>,
    /// The thread in which it stands on the network, where that is another than its conversation's.
    pub thread_native_id: Option<String>,
    /// What it says again.
    pub copy: Option<CopyOf>,
}

/// What a message says again.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyOf {
    /// The original.
    pub original: MessageId,
    /// How much of the words the two have in common, estimated: 0 to 1.
    pub likeness: f64,
}

/// What an edit can change of a message.
#[derive(Debug, Clone)]
pub struct Content {
    /// The text.
    pub text: Phi<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Stars.
    pub rating: Option<f64>,
    /// `public`, `unlisted`, `private`.
    pub visibility: &'static str,
    /// Its address.
    pub permalink: Option<String>,
    /// Its rank.
    pub priority: u8,
    /// The assessment as JSON; `None` for what is not inbound.
    pub assessment: Option<String>,
    /// Where it stands there.
    pub standing: Standing,
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
}

/// An author to store.
#[derive(Debug, Clone)]
pub struct NewAuthor {
    /// Its id, used where the author is new.
    pub id: AuthorId,
    /// Its id on the network.
    pub native_id: String,
    /// The name as shown.
    pub display_name: Phi<String>,
    /// The handle.
    pub handle: Option<Phi<String>>,
    /// The profile's address.
    pub url: Option<Phi<String>>,
    /// The picture.
    pub avatar: Option<Phi<String>>,
    /// How many new messages this batch brings.
    pub messages: i64,
    /// The first of them.
    pub first_at: Micros,
    /// The last of them.
    pub last_at: Micros,
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

/// Messages of an account by their native ids.
pub async fn messages(
    conn: &mut Conn,
    org: &OrgId,
    account: &AccountId,
    native: impl IntoIterator<Item = &str>,
) -> Result<HashMap<String, StoredMessage>> {
    let rows = conn.all(&MESSAGES, org, vals![account, keys(native)]).await?;
    rows.iter()
        .map(|row| {
            let message = StoredMessage {
                n: row.int("n")?,
                id: row.parsed("id")?,
                conversation_id: row.parsed("conversation_id")?,
                inbound: row.text("direction")? == "inbound",
                text: row.phi("text")?,
                priority: u8::try_from(row.int("priority")?).unwrap_or(12),
                published_at: row.int("published_at")?,
                deleted: row.opt_int("deleted_at")?.is_some(),
                answered: row.opt_int("answered_at")?.is_some(),
                corrected: row.bool("corrected")?,
                copy_of: row.opt_parsed("copy_of")?,
                standing: row.opt_parsed("standing")?.unwrap_or_default(),
            };
            Ok((row.text("native_id")?, message))
        })
        .collect()
}

fn thread_of(row: &Row) -> Result<Thread> {
    let state = Conversation {
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
    })
}

/// Conversations of an account by their threads' native ids or their own ids.
pub async fn threads(
    conn: &mut Conn,
    org: &OrgId,
    account: &AccountId,
    native: impl IntoIterator<Item = &str>,
    ids: impl IntoIterator<Item = &ConversationId>,
) -> Result<Vec<Thread>> {
    let ids = keys(ids.into_iter().map(ConversationId::as_str));
    conn.all(&CONVERSATIONS, org, vals![account, keys(native), ids]).await?.iter().map(thread_of).collect()
}

/// Stores authors and answers their ids by native id. An author who is known keeps the id; name and
/// addresses are brought up to date.
pub async fn authors(tx: &mut Tx, account: &AccountId, new: Vec<NewAuthor>) -> Result<HashMap<String, AuthorId>> {
    if new.is_empty() {
        return Ok(HashMap::new());
    }
    let org = tx.org()?;
    let native = keys(new.iter().map(|author| &author.native_id));
    let rows = tx.conn().all(&AUTHORS, &org, vals![account, native]).await?;
    let mut ids: HashMap<String, AuthorId> =
        rows.iter().map(|row| Ok((row.text("native_id")?, row.parsed("id")?))).collect::<Result<_>>()?;
    let mut values = Vec::with_capacity(new.len());
    for author in new {
        let native = clean(&author.native_id);
        let id = ids.entry(native.clone()).or_insert(author.id).clone();
        values.push(vals![
            id,
            account,
            native,
            clean(author.display_name.expose()),
            phi(&author.handle),
            phi(&author.url),
            phi(&author.avatar),
            author.messages,
            author.first_at,
            author.last_at,
        ]);
    }
    tx.insert_many(
        &AUTHORS_ADD,
        "on conflict (org_id, account_id, native_id) do update set display_name = excluded.display_name, handle = excluded.handle,
         url = excluded.url, avatar = excluded.avatar, messages = authors.messages + excluded.messages,
         first_seen_at = case when excluded.first_seen_at < authors.first_seen_at then excluded.first_seen_at else authors.first_seen_at end,
         last_seen_at = case when excluded.last_seen_at > authors.last_seen_at then excluded.last_seen_at else authors.last_seen_at end",
        values,
    )
    .await?;
    Ok(ids)
}

fn phi(value: &Option<Phi<String>>) -> Option<String> {
    value.as_ref().map(|value| clean(value.expose()))
}

/// Stores messages and brings them into the full-text index.
pub async fn add_messages(tx: &mut Tx, messages: Vec<NewMessage>) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let mark = search::mark(tx).await?;
    let rows = messages
        .into_iter()
        .map(|m| {
            vals![
                m.id,
                m.conversation_id,
                m.account_id,
                m.source_id,
                m.raw_id,
                m.outbox_id,
                clean(&m.native_id),
                m.parent_native_id.as_deref().map(clean),
                m.author_id,
                m.direction,
                m.kind,
                m.content.visibility,
                clean(m.content.text.expose()),
                m.content.language.as_deref().map(clean),
                m.content.rating,
                m.content.permalink.as_deref().map(clean),
                m.content.priority,
                m.content.assessment,
                m.published_at,
                m.received_at,
                m.edited_at,
                m.answered_at,
                m.thread_native_id.as_deref().map(clean),
                m.copy.as_ref().map(|copy| &copy.original),
                m.copy.as_ref().map(|copy| copy.likeness),
                m.content.standing.as_str(),
            ]
        })
        .collect();
    tx.insert_many(&MESSAGES_ADD, "", rows).await?;
    search::index_since(tx, mark).await
}

/// Changes a message that was changed on the network, or came back. `edited_at` is `None` where the
/// text is the same.
pub async fn edit_message(
    tx: &mut Tx,
    old: &StoredMessage,
    content: &Content,
    edited_at: Option<Micros>,
    raw: &RawId,
) -> Result<()> {
    tx.run_one(
        &MESSAGE_EDIT,
        vals![
            &old.id,
            clean(content.text.expose()),
            content.language.as_deref().map(clean),
            content.rating,
            content.visibility,
            content.permalink.as_deref().map(clean),
            content.priority,
            &content.assessment,
            edited_at,
            raw,
            content.standing.as_str(),
        ],
        "message",
    )
    .await?;
    tx.conn().reindex_message(old.n).await
}

/// Threads of the network that stand within a conversation of another thread, and that conversation: the
/// threads of copies.
pub async fn other_threads(
    conn: &mut Conn,
    org: &OrgId,
    account: &AccountId,
    native: impl IntoIterator<Item = &str>,
) -> Result<Vec<(String, ConversationId)>> {
    let rows = conn.all(&OTHER_THREADS, org, vals![account, keys(native)]).await?;
    rows.iter().map(|row| Ok((row.text("thread_native_id")?, row.parsed("conversation_id")?))).collect()
}

/// The text of a message; `None` where there is no such message.
pub async fn text(conn: &mut Conn, org: &OrgId, id: &MessageId) -> Result<Option<Phi<String>>> {
    conn.opt(&TEXT, org, vals![id]).await?.map(|row| row.phi("text")).transpose()
}

/// Notes how much a copy is like its original, after its text was changed.
pub async fn still_like(tx: &mut Tx, id: &MessageId, likeness: f64) -> Result<()> {
    tx.run(&LIKENESS, vals![id, likeness]).await.map(drop)
}

/// Notes that a message is gone from the network, and as what, where the network says so.
pub async fn delete_message(tx: &mut Tx, id: &MessageId, standing: Option<Standing>) -> Result<()> {
    let at = tx.at();
    tx.run(&MESSAGE_DELETE, vals![id, at, standing.map(Standing::as_str)]).await.map(drop)
}

/// Notes that what stood in a conversation until an instant is answered.
pub async fn answered_until(tx: &mut Tx, id: &ConversationId, until: Micros) -> Result<()> {
    let at = tx.at();
    tx.run(&ANSWERED_UNTIL, vals![id, at, until]).await.map(drop)
}

fn due(thread: &Thread) -> Option<Micros> {
    thread.state.due_at.map(to_micros)
}

fn waiting(thread: &Thread) -> i64 {
    i64::try_from(thread.state.waiting.len()).unwrap_or(i64::MAX)
}

/// Stores new conversations.
pub async fn add_threads(tx: &mut Tx, account: &AccountId, threads: &[Thread]) -> Result<()> {
    if threads.is_empty() {
        return Ok(());
    }
    let at = tx.at();
    let rows = threads
        .iter()
        .map(|t| {
            vals![
                &t.id,
                account,
                clean(&t.thread_native_id),
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
                at,
                1,
            ]
        })
        .collect();
    tx.insert_many(&CONVERSATIONS_ADD, "", rows).await.map(drop)
}

/// Saves a conversation that was there.
pub async fn save_thread(tx: &mut Tx, t: &Thread) -> Result<()> {
    let at = tx.at();
    debug_assert!(t.state.state != State::Resolved || t.resolved_at.is_some());
    tx.run_one(
        &CONVERSATION_SAVE,
        vals![
            &t.id,
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
            at,
            t.state.snoozed_until.map(to_micros),
        ],
        "conversation",
    )
    .await
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
