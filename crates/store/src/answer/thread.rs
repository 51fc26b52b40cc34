//! A whole conversation: its messages, notes and timeline, and one message by itself.

use bedside_model::moderation::{Moderated, Standing};
use bedside_model::network::{Direction, MessageKind, Visibility};
use bedside_model::{
    AccountId, AuthorId, ConversationId, EventId, MessageId, Micros, NoteId, OrgId, OutboxId, Phi, UserId,
};

use crate::Keyring;
use crate::db::Conn;
use crate::error::Result;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    MESSAGES = "select m.*, au.display_name as author_name, au.handle as author_handle, au.url as author_url
        from messages m left join authors au on au.org_id = m.org_id and au.id = m.author_id
        where m.org_id = $1 and m.conversation_id = $2 order by m.published_at desc, m.n desc limit 500";
    MESSAGE = "select m.*, au.display_name as author_name, au.handle as author_handle, au.url as author_url
        from messages m left join authors au on au.org_id = m.org_id and au.id = m.author_id
        where m.org_id = $1 and m.id = $2";
    ELSEWHERE = "select mine.id as mine, m.id, m.conversation_id, m.published_at, a.network, a.name as account
        from messages mine join messages m on m.org_id = mine.org_id and m.said = mine.said and m.conversation_id <> mine.conversation_id
        join accounts a on a.org_id = m.org_id and a.id = m.account_id
        where mine.org_id = $1 and mine.conversation_id = $2 and mine.deleted_at is null and m.deleted_at is null
        and m.published_at >= mine.published_at - $3 and m.published_at <= mine.published_at + $3
        order by m.published_at, m.id limit 200";
    ALONE = "select id from messages where org_id = $1 and id = $2 /*pg: for update */";
    THREAD = "select thread_native_id from conversations where org_id = $1 and id = $2";
    NOTES = "select n.id, n.user_id, n.text, n.created_at, u.name as user_name from notes n
        left join users u on u.org_id = n.org_id and u.id = n.user_id
        where n.org_id = $1 and n.conversation_id = $2 order by n.created_at, n.id limit 500";
    NOTE_ADD = "insert into notes (org_id, id, conversation_id, user_id, text, created_at) values ($1, $2, $3, $4, $5, $6)";
    TIMELINE = "select t.*, u.name as actor_name from timeline t
        left join users u on u.org_id = t.org_id and u.id = t.actor_id
        where t.org_id = $1 and t.conversation_id = $2 order by t.at desc, t.id desc limit 500";
    SEALED = "select sealed, created_at from sealed_copies where org_id = $1 and message_id = $2 order by created_at, id";
}

/// A message as a conversation shows it.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The account.
    pub account_id: AccountId,
    /// Its id on the network.
    pub native_id: String,
    /// The id on the network of what it answers.
    pub parent_native_id: Option<String>,
    /// Who wrote it.
    pub author_id: Option<AuthorId>,
    /// The name shown there.
    pub author_name: Option<Phi<String>>,
    /// The handle.
    pub author_handle: Option<Phi<String>>,
    /// The profile.
    pub author_url: Option<Phi<String>>,
    /// Which way it went.
    pub direction: Direction,
    /// What it is there.
    pub kind: MessageKind,
    /// Who can read it.
    pub visibility: Visibility,
    /// The text.
    pub text: Phi<String>,
    /// Stars.
    pub rating: Option<f64>,
    /// Its address.
    pub permalink: Option<Phi<String>>,
    /// Its rank.
    pub priority: u8,
    /// What is said about it, as JSON.
    pub assessment: Option<String>,
    /// The outbox item that made it.
    pub outbox_id: Option<OutboxId>,
    /// When it was written.
    pub published_at: Micros,
    /// When Bedside had it.
    pub received_at: Micros,
    /// When it was seen changed.
    pub edited_at: Option<Micros>,
    /// When it was seen gone.
    pub deleted_at: Option<Micros>,
    /// When it was answered.
    pub answered_at: Option<Micros>,
    /// The thread in which it stands on the network, where that is another than its conversation's: a copy
    /// stands under its original here, and in a place of its own there.
    pub thread_native_id: Option<String>,
    /// What it says again, and how much of the words the two have in common (0 to 1).
    pub copy_of: Option<(MessageId, f64)>,
    /// Where it stands at its network.
    pub standing: Standing,
    /// The item that left from here and brought it there.
    pub standing_by: Option<OutboxId>,
}

impl MessageRow {
    /// What decides about moderating it.
    pub fn moderated(&self) -> Moderated {
        Moderated {
            direction: self.direction,
            kind: self.kind,
            visibility: self.visibility,
            standing: self.standing,
            deleted: self.deleted_at.is_some(),
        }
    }
}

/// Where the same is said that a message of a conversation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereRow {
    /// The message of the conversation.
    pub mine: MessageId,
    /// The one that says the same.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its network.
    pub network: String,
    /// The account that heard it.
    pub account: String,
    /// When it was written.
    pub published_at: Micros,
}

/// How far two messages lie apart at most that say the same: a week.
const SAID_AGAIN: Micros = 7 * 86_400 * 1_000_000;

/// A note for the team.
#[derive(Debug, Clone)]
pub struct NoteRow {
    /// Its id.
    pub id: NoteId,
    /// Who wrote it.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// The text.
    pub text: Phi<String>,
    /// When.
    pub created_at: Micros,
}

/// An entry of the timeline.
#[derive(Debug, Clone)]
pub struct TimelineRow {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Micros,
    /// What kind of actor.
    pub actor_kind: String,
    /// Which.
    pub actor_id: Option<String>,
    /// Their name, where it is a person.
    pub actor_name: Option<String>,
    /// What happened.
    pub kind: String,
    /// Codes and ids, as JSON.
    pub detail: String,
}

fn message_of(row: &Row) -> Result<MessageRow> {
    Ok(MessageRow {
        id: row.parsed("id")?,
        conversation_id: row.parsed("conversation_id")?,
        account_id: row.parsed("account_id")?,
        native_id: row.text("native_id")?,
        parent_native_id: row.opt_text("parent_native_id")?,
        author_id: row.opt_parsed("author_id")?,
        author_name: row.opt_phi("author_name")?,
        author_handle: row.opt_phi("author_handle")?,
        author_url: row.opt_phi("author_url")?,
        direction: row.parsed("direction")?,
        kind: row.parsed("kind")?,
        visibility: row.parsed("visibility")?,
        text: row.phi("text")?,
        rating: row.opt_float("rating")?,
        permalink: row.opt_phi("permalink")?,
        priority: u8::try_from(row.int("priority")?).unwrap_or(12),
        assessment: row.opt_text("assessment")?,
        outbox_id: row.opt_parsed("outbox_id")?,
        published_at: row.int("published_at")?,
        received_at: row.int("received_at")?,
        edited_at: row.opt_int("edited_at")?,
        deleted_at: row.opt_int("deleted_at")?,
        answered_at: row.opt_int("answered_at")?,
        thread_native_id: row.opt_text("thread_native_id")?,
        copy_of: row.opt_parsed("copy_of")?.zip(row.opt_float("likeness")?),
        standing: row.opt_parsed("standing")?.unwrap_or_default(),
        standing_by: row.opt_parsed("standing_by")?,
    })
}

/// The newest 500 messages of a conversation, oldest first.
pub async fn messages(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Vec<MessageRow>> {
    let rows = conn.all(&MESSAGES, org, vals![id]).await?;
    rows.iter().rev().map(message_of).collect()
}

/// Where else the same words stand within a week, in other conversations of whatever account; the first 200, the
/// oldest first.
pub async fn elsewhere(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Vec<ElsewhereRow>> {
    conn.all(&ELSEWHERE, org, vals![id, SAID_AGAIN])
        .await?
        .iter()
        .map(|row| {
            Ok(ElsewhereRow {
                mine: row.parsed("mine")?,
                id: row.parsed("id")?,
                conversation_id: row.parsed("conversation_id")?,
                network: row.text("network")?,
                account: row.text("account")?,
                published_at: row.int("published_at")?,
            })
        })
        .collect()
}

/// One message, for a decision that is taken and written in one transaction: nobody else decides about it
/// meanwhile.
pub async fn message_alone(tx: &mut Tx, id: &MessageId) -> Result<MessageRow> {
    let org = tx.org()?;
    tx.conn().one(&ALONE, &org, vals![id], "message").await?;
    message(tx.conn(), &org, id).await
}

/// One message.
pub async fn message(conn: &mut Conn, org: &OrgId, id: &MessageId) -> Result<MessageRow> {
    message_of(&conn.one(&MESSAGE, org, vals![id], "message").await?)
}

/// The thread's id on its network.
pub async fn thread_native_id(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<String> {
    conn.one(&THREAD, org, vals![id], "conversation").await?.text("thread_native_id")
}

/// The notes of a conversation, oldest first.
pub async fn notes(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Vec<NoteRow>> {
    conn.all(&NOTES, org, vals![id])
        .await?
        .iter()
        .map(|row| {
            Ok(NoteRow {
                id: row.parsed("id")?,
                user_id: row.parsed("user_id")?,
                user_name: row.opt_text("user_name")?.unwrap_or_default(),
                text: row.phi("text")?,
                created_at: row.int("created_at")?,
            })
        })
        .collect()
}

/// Adds a note.
pub async fn add_note(
    tx: &mut Tx,
    id: &NoteId,
    conversation: &ConversationId,
    user: &UserId,
    text: &Phi<String>,
) -> Result<()> {
    let at = tx.at();
    tx.run(&NOTE_ADD, vals![id, conversation, user, text, at]).await.map(drop)
}

/// The newest 500 entries of the timeline, oldest first.
pub async fn timeline(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Vec<TimelineRow>> {
    let rows = conn.all(&TIMELINE, org, vals![id]).await?;
    rows.iter()
        .rev()
        .map(|row| {
            Ok(TimelineRow {
                id: row.parsed("id")?,
                at: row.int("at")?,
                actor_kind: row.text("actor_kind")?,
                actor_id: row.opt_text("actor_id")?,
                actor_name: row.opt_text("actor_name")?,
                kind: row.text("kind")?,
                detail: row.text("detail")?,
            })
        })
        .collect()
}

/// The texts that a message had before it was taken back, oldest first.
pub async fn sealed_copies(
    conn: &mut Conn,
    keyring: &Keyring,
    org: &OrgId,
    message: &MessageId,
) -> Result<Vec<Phi<String>>> {
    conn.all(&SEALED, org, vals![message])
        .await?
        .iter()
        .map(|row| {
            let plain = keyring.open(org, &format!("sealed copy {message}"), &row.bytes("sealed")?)?;
            Ok(Phi::new(String::from_utf8_lossy(&plain).into_owned()))
        })
        .collect()
}
