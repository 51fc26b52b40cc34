//! What people say about labels. Rows are only ever added: nothing here changes or removes one.
//!
//! A correction is about the text as it was (`text_hash`): where its author changes the message, what
//! was said about the old text stays in the list and no longer counts for the new one.

use bedside_model::correction::{Act, Correction, Label, LabelKind};
use bedside_model::{ConversationId, CorrectionId, MessageId, Micros, OrgId, Phi, UserId};

use crate::conversation::NO_DUE;
use crate::db::Conn;
use crate::error::Result;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    ADD = "insert into corrections (org_id, id, message_id, conversation_id, kind, act, shown_label, shown_detail, shown_start, shown_end,
        shown_score, made_by, says_label, says_detail, says_start, says_end, text_hash, rank_before, rank_after, user_id, note, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    OF_CONVERSATION = "select c.*, u.name as user_name from corrections c left join users u on u.org_id = c.org_id and u.id = c.user_id
        where c.org_id = $1 and c.conversation_id = $2 order by c.id limit 5000";
    OF_MESSAGE = "select c.*, u.name as user_name from corrections c left join users u on u.org_id = c.org_id and u.id = c.user_id
        where c.org_id = $1 and c.message_id = $2 order by c.id limit 5000";
    LIST = "select c.*, u.name as user_name, m.text as message_text from corrections c
        left join users u on u.org_id = c.org_id and u.id = c.user_id
        left join messages m on m.org_id = c.org_id and m.id = c.message_id
        where c.org_id = $1 and (cast($2 as text) is null or c.kind = $2)
        and (cast($3 as text) is null or c.shown_label = $3 or c.says_label = $3)
        and (cast($4 as text) is null or c.id < $4) order by c.id desc limit $5";
    SINCE = "select c.*, cast(null as text) as user_name from corrections c where c.org_id = $1 and c.id >= $2 order by c.id limit $3";
    CORRECTED = "select c.message_id as id from corrections c where c.org_id = $1 and c.message_id > $2
        group by c.message_id order by c.message_id limit $3";
    SHOWN_SINCE = "select id, assessment from messages where org_id = $1 and id >= $2 and direction = 'inbound'
        and assessment is not null order by id desc limit $3";
    RANK = "update messages set priority = $3 where org_id = $1 and id = $2";
    RELABEL = "update conversations set labels = $3, language = $4, c0 = $5, needs_reader = $6, updated_at = $7, version = version + 1
        where org_id = $1 and id = $2";
    AHEAD = "select count(*) as n from (select 1 as one from conversations
        where org_id = $1 and state = 'open' and (priority, due_sort, id) < ($2, $3, $4) limit $5) t";
}

/// A correction to store.
#[derive(Debug, Clone)]
pub struct NewCorrection {
    /// Its id.
    pub id: CorrectionId,
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// What is said.
    pub correction: Correction,
    /// The score that was shown; nothing where a person had set the label.
    pub score: Option<f64>,
    /// Which models and lists had said so.
    pub made_by: String,
    /// The hash of the text as it was.
    pub text_hash: String,
    /// The rank of the message before.
    pub rank_before: u8,
    /// And after.
    pub rank_after: u8,
    /// Why.
    pub note: Option<Phi<String>>,
}

/// A correction as it is stored.
#[derive(Debug, Clone)]
pub struct StoredCorrection {
    /// What was stored.
    pub of: NewCorrection,
    /// Who said it.
    pub user_id: UserId,
    /// Their name; empty where it was not asked for.
    pub user_name: String,
    /// When.
    pub at: Micros,
}

fn label_of(row: &Row, which: [&str; 4]) -> Result<Option<Label>> {
    let [label, detail, start, end] = which;
    let Some(label) = row.opt_text(label)? else { return Ok(None) };
    let border = |name| -> Result<Option<u32>> { Ok(row.opt_int(name)?.and_then(|n| u32::try_from(n).ok())) };
    Ok(Some(Label { label, detail: row.opt_text(detail)?, span: border(start)?.zip(border(end)?) }))
}

fn correction_of(row: &Row) -> Result<StoredCorrection> {
    let rank = |name| -> Result<u8> { Ok(u8::try_from(row.int(name)?).unwrap_or(12)) };
    Ok(StoredCorrection {
        of: NewCorrection {
            id: row.parsed("id")?,
            message_id: row.parsed("message_id")?,
            conversation_id: row.parsed("conversation_id")?,
            correction: Correction {
                kind: row.parsed::<LabelKind>("kind")?,
                act: row.parsed::<Act>("act")?,
                shown: label_of(row, ["shown_label", "shown_detail", "shown_start", "shown_end"])?,
                says: label_of(row, ["says_label", "says_detail", "says_start", "says_end"])?,
            },
            score: row.opt_float("shown_score")?,
            made_by: row.text("made_by")?,
            text_hash: row.text("text_hash")?,
            rank_before: rank("rank_before")?,
            rank_after: rank("rank_after")?,
            note: row.opt_phi("note")?,
        },
        user_id: row.parsed("user_id")?,
        user_name: row.opt_text("user_name")?.unwrap_or_default(),
        at: row.int("at")?,
    })
}

/// Adds a correction. The caller commits with the entry in the log.
pub async fn add(tx: &mut Tx, new: &NewCorrection, by: &UserId) -> Result<()> {
    let at = tx.at();
    let part = |label: &Option<Label>| {
        let span = label.as_ref().and_then(|label| label.span);
        (
            label.as_ref().map(|label| label.label.clone()),
            label.as_ref().and_then(|label| label.detail.clone()),
            span.map(|(start, _)| i64::from(start)),
            span.map(|(_, end)| i64::from(end)),
        )
    };
    let (shown, says) = (part(&new.correction.shown), part(&new.correction.says));
    tx.run(
        &ADD,
        vals![
            &new.id,
            &new.message_id,
            &new.conversation_id,
            new.correction.kind.as_str(),
            new.correction.act.as_str(),
            shown.0,
            shown.1,
            shown.2,
            shown.3,
            new.score,
            &new.made_by,
            says.0,
            says.1,
            says.2,
            says.3,
            &new.text_hash,
            new.rank_before,
            new.rank_after,
            by,
            &new.note,
            at,
        ],
    )
    .await
    .map(drop)
}

async fn all(
    conn: &mut Conn,
    org: &OrgId,
    stmt: &'static crate::Stmt,
    of: Vec<crate::Value>,
) -> Result<Vec<StoredCorrection>> {
    conn.all(stmt, org, of).await?.iter().map(correction_of).collect()
}

/// The corrections in a conversation, oldest first.
pub async fn of_conversation(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Vec<StoredCorrection>> {
    all(conn, org, &OF_CONVERSATION, vals![id]).await
}

/// The corrections of a message, oldest first.
pub async fn of_message(conn: &mut Conn, org: &OrgId, id: &MessageId) -> Result<Vec<StoredCorrection>> {
    all(conn, org, &OF_MESSAGE, vals![id]).await
}

/// Corrections newest first, of a kind and about a label where these are named, before an id; each with the text of its
/// message as it is now.
pub async fn list(
    conn: &mut Conn,
    org: &OrgId,
    kind: Option<LabelKind>,
    label: Option<&str>,
    before: Option<&str>,
    most: i64,
) -> Result<Vec<(StoredCorrection, Option<Phi<String>>)>> {
    let rows = conn.all(&LIST, org, vals![kind.map(|kind| kind.as_str()), label, before, most]).await?;
    rows.iter().map(|row| Ok((correction_of(row)?, row.opt_phi("message_text")?))).collect()
}

/// Corrections since an instant, oldest first.
pub async fn since(conn: &mut Conn, org: &OrgId, from: Micros, most: i64) -> Result<Vec<StoredCorrection>> {
    all(conn, org, &SINCE, vals![CorrectionId::from_bits(first_bits(from)), most]).await
}

/// Messages that somebody corrected, after an id.
pub async fn corrected(conn: &mut Conn, org: &OrgId, after: Option<&MessageId>, most: i64) -> Result<Vec<MessageId>> {
    let after = after.map(MessageId::as_str).unwrap_or_default();
    conn.all(&CORRECTED, org, vals![after, most]).await?.iter().map(|row| row.parsed("id")).collect()
}

/// What was said about the inbound messages that came since an instant, newest first, as JSON.
pub async fn shown_since(conn: &mut Conn, org: &OrgId, from: Micros, most: i64) -> Result<Vec<String>> {
    let from = MessageId::from_bits(first_bits(from));
    conn.all(&SHOWN_SINCE, org, vals![from, most]).await?.iter().map(|row| row.text("assessment")).collect()
}

/// The least bits that an id made at this instant can have: ids begin with their milliseconds.
fn first_bits(at: Micros) -> u128 {
    u128::from(u64::try_from(at / 1000).unwrap_or(0)) << 80
}

/// Gives a message the rank that its corrected labels have.
pub async fn rank(tx: &mut Tx, id: &MessageId, priority: u8) -> Result<()> {
    tx.run_one(&RANK, vals![id, priority], "message").await
}

/// What the queue shows of a conversation beside its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Labels of the message that leads, as JSON.
    pub labels: String,
    /// Its language.
    pub language: Option<String>,
    /// A message speaks of suicide as a topic.
    pub c0: bool,
    /// A message needs a person who reads its language.
    pub needs_reader: bool,
}

/// Shows corrected labels in the queue.
pub async fn relabel(tx: &mut Tx, id: &ConversationId, shown: &Shown) -> Result<()> {
    let at = tx.at();
    let Shown { labels, language, c0, needs_reader } = shown;
    tx.run_one(&RELABEL, vals![id, labels, language, *c0, *needs_reader, at], "conversation").await
}

/// How many open conversations stand before a place in the queue; counting stops at `most`.
pub async fn ahead(
    conn: &mut Conn,
    org: &OrgId,
    priority: u8,
    due: Option<Micros>,
    id: &ConversationId,
    most: i64,
) -> Result<i64> {
    conn.one(&AHEAD, org, vals![priority, due.unwrap_or(NO_DUE), id, most], "count").await?.int("n")
}

#[cfg(test)]
mod tests;
