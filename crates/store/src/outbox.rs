//! The outbox: rows that leave, and what became of them.
//!
//! A row is written in the transaction that caused it and never without a verdict. The sender
//! claims rows with a lease; every change of state is a decision of [`bedside_model::delivery`].

use bedside_model::delivery::{Item, OutboxKind, OutboxState};
use bedside_model::time::{from_micros, to_micros};
use bedside_model::{
    AccountId, AlertId, AttemptId, ConversationId, DraftId, MessageId, Micros, OrgId, OutboxId, Phi, VerdictId,
};
use serde::Serialize;

use crate::db::Conn;
use crate::error::Result;
use crate::event::Change;
use crate::ids::Ids;
use crate::row::{Row, to_json};
use crate::sql::Stmt;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    ADD = "insert into outbox (org_id, id, kind, account_id, conversation_id, draft_id, message_id, alert_id, verdict_id, payload,
        idempotency_key, state, priority, attempts, due_at, next_at, needs_human, created_at, updated_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15, false, $16, $16, 1)";
    [operational "a lease on a row whose cause and end stand in the log"]
    CLAIM = "update outbox set state = $3, attempts = $4, next_at = null, lease_owner = $5, lease_until = $6, sent_at = $7, updated_at = $7,
        version = version + 1 where org_id = $1 and id = $2";
    [operational "a lease on a row whose cause and end stand in the log, and how far it came"]
    GO_ON = "update outbox set lease_until = $5, sent_at = $6, progress = coalesce($7, progress) where org_id = $1 and id = $2 and state = 'sending'
        and attempts = $3 and lease_owner = $4";
    SAVE = "update outbox set state = $3, attempts = $4, due_at = $5, next_at = $6, lease_owner = null, lease_until = $7, sent_at = $8, absent_since = $9,
        needs_human = $10, native_id = coalesce($11, native_id), permalink = coalesce($12, permalink), why = $13, updated_at = $14, progress = coalesce($15, progress),
        version = version + 1 where org_id = $1 and id = $2";
    JUDGED = "update outbox set verdict_id = $3 where org_id = $1 and id = $2";
    [operational "a later look at a row that the limit of its network holds back"]
    POSTPONE = "update outbox set next_at = $3 where org_id = $1 and id = $2 and state = 'pending'";
    DUE = "select * from outbox where org_id = $1 and state = 'pending' and next_at <= $2
        order by case when alert_id is null then 1 else 0 end, priority, next_at limit $3 /*pg: for update skip locked */";
    LOST = "select * from outbox where org_id = $1 and state = 'sending' and lease_until <= $2 limit 100 /*pg: for update skip locked */";
    TO_CHECK = "select * from outbox where org_id = $1 and state = 'unknown' and needs_human = false and next_at <= $2
        order by next_at limit $3 /*pg: for update skip locked */";
    [operational "a lease on the reading back of a row"]
    CHECKING = "update outbox set next_at = $3 where org_id = $1 and id = $2 and state = 'unknown'";
    GET = "select * from outbox where org_id = $1 and id = $2 /*pg: for update */";
    BY_DRAFT = "select * from outbox where org_id = $1 and draft_id = $2 order by created_at";
    BY_CONVERSATION = "select * from outbox where org_id = $1 and conversation_id = $2 order by created_at";
    BY_MESSAGE = "select * from outbox where org_id = $1 and message_id = $2 order by created_at, id";
    BY_ALERT = "select * from outbox where org_id = $1 and alert_id = $2 order by created_at";
    LIST = "select * from outbox where org_id = $1 and (cast($2 as text) is null or state = $2) and (cast($3 as text) is null or id < $3)
        order by id desc limit $4";
    UNSURE = "select * from outbox where org_id = $1 and account_id = $2 and state in ('sending', 'unknown') and kind in ('reply', 'post')";
    HELD = "select * from outbox where org_id = $1 and state = 'held' order by id";
    HOLDABLE = "select * from outbox where org_id = $1 and state in ('pending', 'sending', 'unknown') order by id";
    NEXT = "select min(at) as at from (
        select min(next_at) as at from outbox where org_id = $1 and state in ('pending', 'unknown') and needs_human = false
        union all
        select min(lease_until) as at from outbox where org_id = $1 and state = 'sending'
        ) t";
    HEALTH = "select state, count(*) as n, min(due_at) as oldest from outbox where org_id = $1
        and state in ('pending', 'sending', 'unknown', 'dead', 'missed', 'held', 'stopped') group by state";
    OLDEST_DUE = "select min(due_at) as oldest from outbox where org_id = $1 and state in ('pending', 'sending') and due_at <= $2";
    ASKING = "select count(*) as n from outbox where org_id = $1 and needs_human = true";
    [operational "the record of an attempt; its end is logged"]
    ATTEMPT_ADD = "insert into attempts (org_id, id, outbox_id, started_at) values ($1, $2, $3, $4)";
    [operational "the record of an attempt; its end is logged"]
    ATTEMPT_END = "update attempts set ended_at = $3, outcome = $4, detail = $5 where org_id = $1 and id = $2";
    ATTEMPTS = "select id, started_at, ended_at, outcome, detail from attempts where org_id = $1 and outbox_id = $2 order by started_at, id";
}

/// A thing that is to leave.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Its id.
    pub id: OutboxId,
    /// What.
    pub kind: OutboxKind,
    /// Through which account; alerts have none.
    pub account_id: Option<AccountId>,
    /// For which conversation.
    pub conversation_id: Option<ConversationId>,
    /// Of which draft.
    pub draft_id: Option<DraftId>,
    /// Which message it changes, hides, shows or removes.
    pub message_id: Option<MessageId>,
    /// For which alert.
    pub alert_id: Option<AlertId>,
    /// The verdict without which nothing leaves.
    pub verdict_id: VerdictId,
    /// The operation, or an alert's class, time and link, as JSON.
    pub payload: Phi<String>,
    /// The same for every attempt, and for the same cause.
    pub idempotency_key: String,
    /// The rank of what it answers; 12 where it answers nothing.
    pub priority: u8,
    /// When it is to leave.
    pub due_at: Micros,
}

/// A row of the outbox.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    /// Its id.
    pub id: OutboxId,
    /// What the state machine knows.
    pub item: Item,
    /// Through which account.
    pub account_id: Option<AccountId>,
    /// For which conversation.
    pub conversation_id: Option<ConversationId>,
    /// Of which draft.
    pub draft_id: Option<DraftId>,
    /// Which message it changes, hides, shows or removes.
    pub message_id: Option<MessageId>,
    /// For which alert.
    pub alert_id: Option<AlertId>,
    /// Its verdict.
    pub verdict_id: VerdictId,
    /// The operation as JSON.
    pub payload: Phi<String>,
    /// Key of all its attempts.
    pub idempotency_key: String,
    /// How far an earlier attempt came, as its connector wrote it down.
    pub progress: Option<Phi<serde_json::Value>>,
    /// The rank of what it answers.
    pub priority: u8,
    /// The network's id of what was made.
    pub native_id: Option<String>,
    /// Where it stands.
    pub permalink: Option<String>,
    /// Why it stands where it does, without text of anybody.
    pub why: Option<String>,
    /// When it was made.
    pub created_at: Micros,
    /// When it last changed.
    pub updated_at: Micros,
    /// Grows with every change.
    pub version: i64,
}

/// One attempt.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// When it began.
    pub started_at: Micros,
    /// When it ended, if it did.
    pub ended_at: Option<Micros>,
    /// How it ended.
    pub outcome: Option<String>,
    /// What was said, without text of anybody.
    pub detail: Option<String>,
}

/// How the outbox of an organisation does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Age in seconds of the oldest item that is due and not sent.
    pub oldest_due_seconds: Option<i64>,
    /// Items that wait or are on their way.
    pub pending: i64,
    /// Items of which nobody knows whether the network took them.
    pub unknown: i64,
    /// Items that the network refused.
    pub dead: i64,
    /// Items that came too late.
    pub missed: i64,
    /// Items held after a restore.
    pub held: i64,
    /// Items that were judged again when they were to leave, and did not.
    pub stopped: i64,
    /// Items that ask a person.
    pub needs_human: i64,
}

fn row_of(row: &Row) -> Result<OutboxRow> {
    Ok(OutboxRow {
        id: row.parsed("id")?,
        item: Item {
            kind: row.parsed("kind")?,
            state: row.parsed("state")?,
            attempts: u32::try_from(row.int("attempts")?).unwrap_or(u32::MAX),
            due_at: from_micros(row.int("due_at")?),
            next_at: row.opt_int("next_at")?.map(from_micros),
            lease_until: row.opt_int("lease_until")?.map(from_micros),
            attempted_at: row.opt_int("sent_at")?.map(from_micros),
            absent_since: row.opt_int("absent_since")?.map(from_micros),
            needs_human: row.bool("needs_human")?,
        },
        account_id: row.opt_parsed("account_id")?,
        conversation_id: row.opt_parsed("conversation_id")?,
        draft_id: row.opt_parsed("draft_id")?,
        message_id: row.opt_parsed("message_id")?,
        alert_id: row.opt_parsed("alert_id")?,
        verdict_id: row.parsed("verdict_id")?,
        payload: row.phi("payload")?,
        idempotency_key: row.text("idempotency_key")?,
        progress: row.opt_json("progress")?.map(Phi::new),
        priority: u8::try_from(row.int("priority")?).unwrap_or(12),
        native_id: row.opt_text("native_id")?,
        permalink: row.opt_text("permalink")?,
        why: row.opt_text("why")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
        version: row.int("version")?,
    })
}

async fn rows(conn: &mut Conn, stmt: &'static Stmt, org: &OrgId, values: Vec<crate::Value>) -> Result<Vec<OutboxRow>> {
    conn.all(stmt, org, values).await?.iter().map(row_of).collect()
}

fn tell(tx: &mut Tx, id: &OutboxId, conversation_id: Option<&ConversationId>, state: OutboxState) {
    tx.publish(Change::Outbox { id: id.clone(), conversation_id: conversation_id.cloned(), state: state.to_string() });
}

/// Puts a thing into the outbox, in the transaction that caused it.
pub async fn enqueue(tx: &mut Tx, new: &NewItem) -> Result<()> {
    let at = tx.at();
    let item = Item::new(new.kind, from_micros(new.due_at));
    tx.run(
        &ADD,
        vals![
            &new.id,
            new.kind.as_str(),
            &new.account_id,
            &new.conversation_id,
            &new.draft_id,
            &new.message_id,
            &new.alert_id,
            &new.verdict_id,
            &new.payload,
            &new.idempotency_key,
            item.state.as_str(),
            new.priority,
            new.due_at,
            item.next_at.map(to_micros),
            at,
        ],
    )
    .await?;
    tell(tx, &new.id, new.conversation_id.as_ref(), item.state);
    Ok(())
}

/// Items that are due, alerts first, then the worst. For use within a write.
pub async fn due(conn: &mut Conn, org: &OrgId, now: Micros, most: i64) -> Result<Vec<OutboxRow>> {
    rows(conn, &DUE, org, vals![now, most]).await
}

/// Items whose worker is gone. For use within a write.
pub async fn lost(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Vec<OutboxRow>> {
    rows(conn, &LOST, org, vals![now]).await
}

/// Items of unknown fate that are to be read back now. For use within a write.
pub async fn to_check(conn: &mut Conn, org: &OrgId, now: Micros, most: i64) -> Result<Vec<OutboxRow>> {
    rows(conn, &TO_CHECK, org, vals![now, most]).await
}

/// Writes a claim (the item as the model made it) and the beginning of its attempt.
pub async fn claim(tx: &mut Tx, ids: &Ids, row: &OutboxRow, claimed: &Item, owner: &str) -> Result<AttemptId> {
    let at = tx.at();
    tx.run_one(
        &CLAIM,
        vals![
            &row.id,
            claimed.state.as_str(),
            claimed.attempts,
            owner,
            claimed.lease_until.map(to_micros),
            claimed.attempted_at.map(to_micros),
        ],
        "outbox item",
    )
    .await?;
    let attempt = AttemptId::from_bits(ids.bits(at));
    tx.run(&ATTEMPT_ADD, vals![&attempt, &row.id, at]).await?;
    tell(tx, &row.id, row.conversation_id.as_ref(), claimed.state);
    Ok(attempt)
}

/// A step of a sending is done and another is to follow: prolongs the lease and keeps how far it came.
///
/// Answers whether the worker still holds the item in this attempt. Where it does not, nothing more
/// may be sent: the item counts as unknown by now.
pub async fn go_on(
    tx: &mut Tx,
    id: &OutboxId,
    attempt: u32,
    owner: &str,
    lease_until: Micros,
    progress: Option<&serde_json::Value>,
) -> Result<bool> {
    let at = tx.at();
    Ok(tx.run(&GO_ON, vals![id, attempt, owner, lease_until, at, progress.map(to_json)]).await? == 1)
}

/// Looks at a pending item later: its network's limit is reached.
pub async fn postpone(tx: &mut Tx, id: &OutboxId, until: Micros) -> Result<()> {
    tx.run(&POSTPONE, vals![id, until]).await.map(drop)
}

/// Leases the reading back of an item: nobody else looks before `until`.
pub async fn checking(tx: &mut Tx, id: &OutboxId, until: Micros) -> Result<()> {
    tx.run(&CHECKING, vals![id, until]).await.map(drop)
}

/// What the network said of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The id of what was made.
    pub native_id: Option<String>,
    /// Where it stands.
    pub permalink: Option<String>,
    /// Why, without text of anybody.
    pub why: Option<String>,
    /// How far the attempt came, to go on from there; `None` leaves what an earlier one wrote.
    pub progress: Option<Phi<serde_json::Value>>,
}

/// Stores an item after a step of the model.
pub async fn save(tx: &mut Tx, row: &OutboxRow, next: &Item, said: &Said) -> Result<()> {
    let at = tx.at();
    tx.run_one(
        &SAVE,
        vals![
            &row.id,
            next.state.as_str(),
            next.attempts,
            to_micros(next.due_at),
            next.next_at.map(to_micros),
            next.lease_until.map(to_micros),
            next.attempted_at.map(to_micros),
            next.absent_since.map(to_micros),
            next.needs_human,
            &said.native_id,
            &said.permalink,
            &said.why,
            at,
            said.progress.as_ref().map(|progress| to_json(progress.expose())),
        ],
        "outbox item",
    )
    .await?;
    tell(tx, &row.id, row.conversation_id.as_ref(), next.state);
    Ok(())
}

/// An item was judged again: it carries the new verdict from now on.
pub async fn judged(tx: &mut Tx, id: &OutboxId, verdict: &VerdictId) -> Result<()> {
    tx.run_one(&JUDGED, vals![id, verdict], "outbox item").await
}

/// Ends an attempt.
pub async fn end_attempt(tx: &mut Tx, attempt: &AttemptId, outcome: &str, detail: Option<&str>) -> Result<()> {
    let at = tx.at();
    tx.run(&ATTEMPT_END, vals![attempt, at, outcome, detail]).await.map(drop)
}

/// One item.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &OutboxId) -> Result<OutboxRow> {
    row_of(&conn.one(&GET, org, vals![id], "outbox item").await?)
}

/// The items of a draft, oldest first.
pub async fn of_draft(conn: &mut Conn, org: &OrgId, draft: &DraftId) -> Result<Vec<OutboxRow>> {
    rows(conn, &BY_DRAFT, org, vals![draft]).await
}

/// The items of a conversation, oldest first.
pub async fn of_conversation(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Vec<OutboxRow>> {
    rows(conn, &BY_CONVERSATION, org, vals![id]).await
}

/// The items that change a message, oldest first.
pub async fn of_message(conn: &mut Conn, org: &OrgId, id: &MessageId) -> Result<Vec<OutboxRow>> {
    rows(conn, &BY_MESSAGE, org, vals![id]).await
}

/// The items of an alert, oldest first.
pub async fn of_alert(conn: &mut Conn, org: &OrgId, id: &AlertId) -> Result<Vec<OutboxRow>> {
    rows(conn, &BY_ALERT, org, vals![id]).await
}

/// Items newest first, optionally of one state, before an id.
pub async fn list(
    conn: &mut Conn,
    org: &OrgId,
    state: Option<OutboxState>,
    before: Option<&str>,
    most: i64,
) -> Result<Vec<OutboxRow>> {
    rows(conn, &LIST, org, vals![state.map(|s| s.as_str()), before, most]).await
}

/// Replies and posts of an account of which it is not known yet whether they arrived: what comes
/// back from the network may be one of them.
pub async fn unsure(conn: &mut Conn, org: &OrgId, account: &AccountId) -> Result<Vec<OutboxRow>> {
    rows(conn, &UNSURE, org, vals![account]).await
}

/// The attempts of an item, oldest first.
pub async fn attempts(conn: &mut Conn, org: &OrgId, id: &OutboxId) -> Result<Vec<Attempt>> {
    conn.all(&ATTEMPTS, org, vals![id])
        .await?
        .iter()
        .map(|row| {
            Ok(Attempt {
                id: row.parsed("id")?,
                started_at: row.int("started_at")?,
                ended_at: row.opt_int("ended_at")?,
                outcome: row.opt_text("outcome")?,
                detail: row.opt_text("detail")?,
            })
        })
        .collect()
}

/// Items held after a restore.
pub async fn held(conn: &mut Conn, org: &OrgId) -> Result<Vec<OutboxRow>> {
    rows(conn, &HELD, org, vals![]).await
}

/// Items that a restore must hold.
pub async fn holdable(conn: &mut Conn, org: &OrgId) -> Result<Vec<OutboxRow>> {
    rows(conn, &HOLDABLE, org, vals![]).await
}

/// When the sender next has something to do.
pub async fn next_time(conn: &mut Conn, org: &OrgId) -> Result<Option<Micros>> {
    conn.opt(&NEXT, org, vals![]).await?.map_or(Ok(None), |row| row.opt_int("at"))
}

/// How the outbox does.
pub async fn health(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Health> {
    let mut health = Health::default();
    for row in conn.all(&HEALTH, org, vals![]).await? {
        let n = row.int("n")?;
        match row.parsed::<OutboxState>("state")? {
            OutboxState::Pending | OutboxState::Sending => health.pending += n,
            OutboxState::Unknown => health.unknown += n,
            OutboxState::Dead => health.dead += n,
            OutboxState::Missed => health.missed += n,
            OutboxState::Held => health.held += n,
            OutboxState::Stopped => health.stopped += n,
            OutboxState::Delivered | OutboxState::Cancelled => {}
        }
    }
    if let Some(row) = conn.opt(&OLDEST_DUE, org, vals![now]).await? {
        health.oldest_due_seconds = row.opt_int("oldest")?.map(|oldest| (now - oldest) / 1_000_000);
    }
    if let Some(row) = conn.opt(&ASKING, org, vals![]).await? {
        health.needs_human = row.int("n")?;
    }
    Ok(health)
}

/// The verdict kinds that are no check of a text.
pub mod verdict {
    use super::{Result, Tx, VerdictId, statements, vals};

    statements! {
        ADD = "insert into verdicts (org_id, id, draft_id, kind, decision, findings, text_hash, at) values ($1, $2, null, $3, 'allow', '[]', '', $4)";
    }

    /// A verdict of kind `removal` (hide, show, delete, unpublish: no text of ours) or `alert` (class, time
    /// and link, no text): always allowed, and always there.
    pub async fn add_fixed(tx: &mut Tx, id: &VerdictId, kind: &'static str) -> Result<()> {
        let at = tx.at();
        tx.run(&ADD, vals![id, kind, at]).await.map(drop)
    }
}

/// Writes an item's payload.
pub fn payload<T: Serialize>(operation: &T) -> Phi<String> {
    Phi::new(to_json(operation))
}
