//! Drafts: stored text, what the guard and people said about it, and the step into the outbox.
//!
//! The model decides ([`bedside_model::draft`]); this loads what it needs to know and writes down
//! what it decided. Verdicts and approvals are only ever added, so that the history stays.

use bedside_model::draft::{
    Acknowledgement, Approval, Carried, Checked, Decision, Draft, DraftKind, DraftState, Event, FindingRef, Override,
};
use bedside_model::network::Visibility;
use bedside_model::{
    AccountId, ApprovalId, ConversationId, DraftId, MediaId, MessageId, Micros, OrgId, Phi, UserId, VerdictId,
};

use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::event::Change;
use crate::ids::Ids;
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    ADD = "insert into drafts (org_id, id, conversation_id, account_id, kind, title, text, text_hash, in_reply_to, parent_native_id,
        edits_native_id, visibility, state, written_by, verdict_id, acknowledgements, override, prepared, carried, revises, created_at, updated_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21, 1)";
    SAVE = "update drafts set title = $3, text = $4, text_hash = $5, state = $6, written_by = $7, verdict_id = $8, acknowledgements = $9,
        override = $10, prepared = $11, carried = $12, updated_at = $13, version = version + 1 where org_id = $1 and id = $2 and version = $14";
    GET = "select * from drafts where org_id = $1 and id = $2 /*pg: for update */";
    OF_CONVERSATION = "select * from drafts where org_id = $1 and conversation_id = $2 and state <> 'discarded' order by created_at desc, id desc limit 50";
    POSTS = "select * from drafts where org_id = $1 and kind = 'post' and (cast($2 as text) is null or id < $2) order by id desc limit $3";
    VERSIONS = "select * from drafts where org_id = $1 and (id = $2 or revises = $2) and state <> 'discarded' order by created_at, id limit 200";
    USING = "select count(*) as n from drafts where org_id = $1 and state not in ('sent', 'discarded') and carried like '%' || $2 || '%'";
    VERDICT_ADD = "insert into verdicts (org_id, id, draft_id, kind, decision, findings, text_hash, at) values ($1, $2, $3, 'check', $4, $5, $6, $7)";
    VERDICT = "select id, decision, findings, text_hash, at from verdicts where org_id = $1 and id = $2";
    APPROVAL_ADD = "insert into approvals (org_id, id, draft_id, text_hash, user_id, decision, reason, at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    APPROVALS = "select id, text_hash, user_id, decision, reason, at from approvals where org_id = $1 and draft_id = $2 order by at, id";
}

/// A verdict as it is stored.
#[derive(Debug, Clone)]
pub struct StoredVerdict {
    /// Its id.
    pub id: VerdictId,
    /// The worst of the findings.
    pub decision: Decision,
    /// The findings as the guard's JSON.
    pub findings: Phi<String>,
    /// Hash of what was judged.
    pub text_hash: String,
    /// When.
    pub at: Micros,
}

impl StoredVerdict {
    /// What the state machine needs of it.
    pub fn checked(&self) -> Result<Checked> {
        let findings: Vec<FindingRef> = serde_json::from_str(self.findings.expose())
            .map_err(|_| StoreError::Column { column: "findings".into(), why: "they are no findings".into() })?;
        Ok(Checked { verdict: self.id.clone(), hash: self.text_hash.clone(), decision: self.decision, findings })
    }
}

/// What a second person said about a text, in the order in which it was said.
#[derive(Debug, Clone)]
pub struct Said {
    /// Which text.
    pub text_hash: String,
    /// Who.
    pub user_id: UserId,
    /// `approved`, `rejected`, or `voided` where a change of the text or of its findings made the
    /// approvals before it fall away.
    pub decision: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: Micros,
}

/// A draft as it is stored.
#[derive(Debug, Clone)]
pub struct StoredDraft {
    /// Its id.
    pub id: DraftId,
    /// The conversation that it answers in; `None` for a post.
    pub conversation_id: Option<ConversationId>,
    /// The account that would speak.
    pub account_id: AccountId,
    /// The title of a post.
    pub title: Option<Phi<String>>,
    /// The text.
    pub text: Phi<String>,
    /// The files, link and language that go with it.
    pub carried: Carried,
    /// The message that it answers.
    pub in_reply_to: Option<MessageId>,
    /// That message's id on the network.
    pub parent_native_id: Option<String>,
    /// The own reply on the network that it would change.
    pub edits_native_id: Option<String>,
    /// The post for which it has other words.
    pub revises: Option<DraftId>,
    /// Who could read it.
    pub visibility: Visibility,
    /// What the state machine knows.
    pub draft: Draft,
    /// The newest verdict.
    pub verdict: Option<StoredVerdict>,
    /// What second persons said.
    pub said: Vec<Said>,
    /// When it was begun.
    pub created_at: Micros,
    /// When it last changed.
    pub updated_at: Micros,
    /// Grows with every change.
    pub version: i64,
}

async fn draft_of(conn: &mut Conn, org: &OrgId, row: &Row) -> Result<StoredDraft> {
    let id: DraftId = row.parsed("id")?;
    let text_hash = row.text("text_hash")?;
    let verdict = match row.opt_parsed::<VerdictId>("verdict_id")? {
        Some(verdict) => Some(self::verdict(conn, org, &verdict).await?),
        None => None,
    };
    let said = said_about(conn, org, &id).await?;
    let draft = Draft {
        kind: row.parsed("kind")?,
        written_by: row.json("written_by")?,
        state: row.parsed("state")?,
        checked: verdict.as_ref().map(StoredVerdict::checked).transpose()?.filter(|c| c.hash == text_hash),
        acknowledgements: row.json::<Vec<Acknowledgement>>("acknowledgements")?,
        override_: row.opt_json::<Override>("override")?,
        approvals: standing(&said, &text_hash),
        prepared_hash: row.bool("prepared")?.then(|| text_hash.clone()),
        hash: text_hash,
    };
    Ok(StoredDraft {
        id,
        conversation_id: row.opt_parsed("conversation_id")?,
        account_id: row.parsed("account_id")?,
        title: row.opt_phi("title")?,
        text: row.phi("text")?,
        carried: row.opt_json("carried")?.unwrap_or_default(),
        in_reply_to: row.opt_parsed("in_reply_to")?,
        parent_native_id: row.opt_text("parent_native_id")?,
        edits_native_id: row.opt_text("edits_native_id")?,
        revises: row.opt_parsed("revises")?,
        visibility: row.parsed("visibility")?,
        draft,
        verdict,
        said,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
        version: row.int("version")?,
    })
}

/// The approvals that still stand: given since the last rejection or change, for the text as it
/// stands. A text that is changed and changed back has to be approved again.
fn standing(said: &[Said], text_hash: &str) -> Vec<Approval> {
    let mut approvals = Vec::new();
    for one in said {
        if one.decision == APPROVED {
            approvals.push(Approval { by: one.user_id.clone(), hash: one.text_hash.clone() });
        } else {
            approvals.clear();
        }
    }
    approvals.retain(|approval| approval.hash == text_hash);
    approvals
}

/// A second person approved.
pub const APPROVED: &str = "approved";
/// A second person rejected.
pub const REJECTED: &str = "rejected";
/// The text or its findings changed: the approvals before no longer stand.
pub const VOIDED: &str = "voided";

/// One verdict.
pub async fn verdict(conn: &mut Conn, org: &OrgId, id: &VerdictId) -> Result<StoredVerdict> {
    let row = conn.one(&VERDICT, org, vals![id], "verdict").await?;
    Ok(StoredVerdict {
        id: row.parsed("id")?,
        decision: row.parsed("decision")?,
        findings: row.phi("findings")?,
        text_hash: row.text("text_hash")?,
        at: row.int("at")?,
    })
}

async fn said_about(conn: &mut Conn, org: &OrgId, draft: &DraftId) -> Result<Vec<Said>> {
    conn.all(&APPROVALS, org, vals![draft])
        .await?
        .iter()
        .map(|row| {
            Ok(Said {
                text_hash: row.text("text_hash")?,
                user_id: row.parsed("user_id")?,
                decision: row.text("decision")?,
                reason: row.opt_text("reason")?,
                at: row.int("at")?,
            })
        })
        .collect()
}

/// One draft.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &DraftId) -> Result<StoredDraft> {
    let row = conn.one(&GET, org, vals![id], "draft").await?;
    draft_of(conn, org, &row).await
}

/// The newest 50 drafts of a conversation that were not discarded, newest first.
pub async fn of_conversation(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Vec<StoredDraft>> {
    let rows = conn.all(&OF_CONVERSATION, org, vals![id]).await?;
    let mut drafts = Vec::with_capacity(rows.len());
    for row in &rows {
        drafts.push(draft_of(conn, org, row).await?);
    }
    Ok(drafts)
}

/// Posts newest first, before an id.
pub async fn posts(conn: &mut Conn, org: &OrgId, before: Option<&str>, most: i64) -> Result<Vec<StoredDraft>> {
    let rows = conn.all(&POSTS, org, vals![before, most]).await?;
    let mut drafts = Vec::with_capacity(rows.len());
    for row in &rows {
        drafts.push(draft_of(conn, org, row).await?);
    }
    Ok(drafts)
}

/// A post and all other words that were written for it, oldest first; what was discarded is left out.
pub async fn versions(conn: &mut Conn, org: &OrgId, post: &DraftId) -> Result<Vec<StoredDraft>> {
    let rows = conn.all(&VERSIONS, org, vals![post]).await?;
    let mut versions = Vec::with_capacity(rows.len());
    for row in &rows {
        versions.push(draft_of(conn, org, row).await?);
    }
    Ok(versions)
}

/// How many drafts that may still leave carry a file: those being worked on and those in the outbox.
pub async fn using(conn: &mut Conn, org: &OrgId, file: &MediaId) -> Result<i64> {
    conn.one(&USING, org, vals![file], "draft").await?.int("n")
}

fn carried(draft: &StoredDraft) -> Option<String> {
    (!draft.carried.is_nothing()).then(|| to_json(&draft.carried))
}

fn tell(tx: &mut Tx, stored: &StoredDraft) {
    tx.publish(Change::Draft { id: stored.id.clone(), conversation_id: stored.conversation_id.clone() });
}

/// Adds a verdict about a draft's text. `findings` is the guard's JSON.
pub async fn add_verdict(tx: &mut Tx, draft: Option<&DraftId>, verdict: &StoredVerdict) -> Result<()> {
    let at = tx.at();
    tx.run(
        &VERDICT_ADD,
        vals![
            &verdict.id,
            draft.map(|id| id.as_str()),
            verdict.decision.as_str(),
            &verdict.findings,
            &verdict.text_hash,
            at
        ],
    )
    .await
    .map(drop)
}

/// Adds a draft. Its verdict is added first.
pub async fn add(tx: &mut Tx, new: &StoredDraft) -> Result<()> {
    let at = tx.at();
    let draft = &new.draft;
    tx.run(
        &ADD,
        vals![
            &new.id,
            &new.conversation_id,
            &new.account_id,
            draft.kind.as_str(),
            &new.title,
            &new.text,
            &draft.hash,
            &new.in_reply_to,
            &new.parent_native_id,
            &new.edits_native_id,
            new.visibility.as_str(),
            draft.state.as_str(),
            to_json(&draft.written_by),
            new.verdict.as_ref().map(|v| v.id.as_str()),
            to_json(&draft.acknowledgements),
            draft.override_.as_ref().map(to_json),
            draft.is_prepared_unchanged(),
            carried(new),
            &new.revises,
            at,
        ],
    )
    .await?;
    tell(tx, new);
    Ok(())
}

/// Saves a draft after a step of the model, if nobody changed it since it was read. `before` is the
/// draft as it was read, `after` as it is to be; approvals that fell away are noted as voided.
pub async fn save(tx: &mut Tx, ids: &Ids, before: &StoredDraft, after: &StoredDraft, by: &UserId) -> Result<()> {
    let at = tx.at();
    if !before.draft.approvals.is_empty() && after.draft.approvals.is_empty() && !rejected_now(before, after) {
        let voided = Said {
            text_hash: before.draft.hash.clone(),
            user_id: by.clone(),
            decision: VOIDED.to_owned(),
            reason: None,
            at,
        };
        add_said(tx, ids, &before.id, &voided).await?;
    }
    let draft = &after.draft;
    tx.run_one(
        &SAVE,
        vals![
            &after.id,
            &after.title,
            &after.text,
            &draft.hash,
            draft.state.as_str(),
            to_json(&draft.written_by),
            after.verdict.as_ref().map(|v| v.id.as_str()),
            to_json(&draft.acknowledgements),
            draft.override_.as_ref().map(to_json),
            draft.is_prepared_unchanged(),
            carried(after),
            at,
            before.version,
        ],
        "draft",
    )
    .await?;
    tell(tx, after);
    Ok(())
}

fn rejected_now(before: &StoredDraft, after: &StoredDraft) -> bool {
    after.said.len() > before.said.len() && after.said.last().is_some_and(|said| said.decision == REJECTED)
}

/// Adds what a second person said.
pub async fn add_said(tx: &mut Tx, ids: &Ids, draft: &DraftId, said: &Said) -> Result<()> {
    let at = tx.at();
    let id = ApprovalId::from_bits(ids.bits(at));
    tx.run(&APPROVAL_ADD, vals![id, draft, &said.text_hash, &said.user_id, &said.decision, &said.reason, at])
        .await
        .map(drop)
}

/// The outbox gave a draft back: somebody gave the item up. It can be worked on again, with the verdict that
/// the item carries: it may have been judged again.
pub async fn returned(tx: &mut Tx, ids: &Ids, id: &DraftId, by: &UserId, verdict: &VerdictId) -> Result<()> {
    let org = tx.org()?;
    let before = get(tx.conn(), &org, id).await?;
    let of_reply = before.draft.kind == DraftKind::Edit && before.revises.is_none();
    if before.draft.state != DraftState::Queued || of_reply {
        return Ok(());
    }
    let verdict = self::verdict(tx.conn(), &org, verdict).await?;
    let step = |draft, event| {
        bedside_model::draft::step(draft, &event).map_err(|no| crate::conversation::refused(no.code(), &no))
    };
    let next = step(&step(&before.draft, Event::Returned)?, Event::Checked(verdict.checked()?))?;
    let after = StoredDraft { draft: next, verdict: Some(verdict), ..before.clone() };
    save(tx, ids, &before, &after, by).await
}
