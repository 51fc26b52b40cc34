//! The messages that a batch touches: those that are there, read in one statement, and those that are
//! new, written in a few.

use std::collections::HashMap;

use bedside_model::moderation::Standing;
use bedside_model::{AccountId, AuthorId, ConversationId, MessageId, Micros, OrgId, OutboxId, Phi, RawId, SourceId};

use super::{clean, keys};
use crate::db::Conn;
use crate::error::Result;
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
        thread_native_id, copy_of, likeness, standing, said) values";
    MESSAGE_EDIT = "update messages set text = $3, language = $4, rating = $5, visibility = $6, permalink = $7, priority = $8, assessment = $9,
        edited_at = coalesce($10, edited_at), deleted_at = null, raw_id = $11, standing = $12, said = $13,
        standing_by = case when $12 = coalesce(standing, 'visible') then standing_by end where org_id = $1 and id = $2";
    TEXT = "select text from messages where org_id = $1 and id = $2";
    LIKENESS = "update messages set likeness = $3 where org_id = $1 and id = $2";
    MESSAGE_DELETE = "update messages set deleted_at = $3, standing = coalesce($4, standing) where org_id = $1 and id = $2 and deleted_at is null";
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
    /// A key of what is said, the same for the same words; `None` for our own words and short ones.
    pub said: Option<i64>,
}

/// Messages of an account by their native ids.
pub async fn known(
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

/// Stores messages and brings them into the full-text index.
pub async fn add(tx: &mut Tx, messages: Vec<NewMessage>) -> Result<()> {
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
                m.content.said,
            ]
        })
        .collect();
    tx.insert_many(&MESSAGES_ADD, "", rows).await?;
    search::index_since(tx, mark).await
}

/// Changes a message that was changed on the network, or came back. `edited_at` is `None` where the
/// text is the same.
pub async fn edit(
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
            content.said,
        ],
        "message",
    )
    .await?;
    tx.conn().reindex_message(old.n).await
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
pub async fn delete(tx: &mut Tx, id: &MessageId, standing: Option<Standing>) -> Result<()> {
    let at = tx.at();
    tx.run(&MESSAGE_DELETE, vals![id, at, standing.map(Standing::as_str)]).await.map(drop)
}
