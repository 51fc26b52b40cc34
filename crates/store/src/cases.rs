//! Hand-over: cases, and the single-use links under which a person writes in private.
//!
//! Of a link's token only the hash is stored. What is entered is sealed for the link alone; it is
//! never a message and never joins a thread.

use bedside_model::case::{Case, CaseState};
use bedside_model::time::{from_micros, to_micros};
use bedside_model::{CaseId, ConversationId, IntakeId, Micros, OrgId, Phi, UserId};
use sha2::{Digest as _, Sha256};

use crate::Keyring;
use crate::db::Conn;
use crate::error::Result;
use crate::event::Change;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    ADD = "insert into cases (org_id, id, conversation_id, owner_role, owner_user, reason, due_at, state, outcome, created_by, created_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, null, $9, $10, 1)";
    SAVE = "update cases set owner_user = $3, state = $4, outcome = $5, closed_at = $6, version = version + 1
        where org_id = $1 and id = $2 and version = $7";
    GET = "select * from cases where org_id = $1 and id = $2 /*pg: for update */";
    OF_CONVERSATION = "select * from cases where org_id = $1 and conversation_id = $2 order by created_at desc, id desc limit 20";
    LIST = "select * from cases where org_id = $1 and (cast($2 as text) is null or state = $2) and (cast($3 as text) is null or id < $3)
        order by id desc limit $4";
    LINK_ADD = "insert into intake_links (org_id, id, case_id, token_hash, expires_at, created_at) values ($1, $2, $3, $4, $5, $6)";
    LINK_EXPIRE = "update intake_links set expires_at = $3 where org_id = $1 and case_id = $2 and used_at is null and expires_at > $3";
    [global "who follows a link has nothing but its token, which is unique in the installation"]
    LINK_BY_TOKEN = "select l.*, o.name as org_name from intake_links l join organisations o on o.id = l.org_id where l.token_hash = $1";
    LINK_USE = "update intake_links set used_at = $3, sealed = $4 where org_id = $1 and id = $2 and used_at is null and expires_at > $3";
    LINK_OPENED = "update intake_links set opened_at = coalesce(opened_at, $3) where org_id = $1 and id = $2";
    LINKS = "select id, case_id, expires_at, used_at, opened_at, sealed, created_at from intake_links where org_id = $1 and case_id = $2 order by created_at desc, id desc";
}

/// A case as it is stored.
#[derive(Debug, Clone)]
pub struct StoredCase {
    /// What the state machine knows.
    pub case: Case,
    /// Who handed it over.
    pub created_by: UserId,
    /// When.
    pub created_at: Micros,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// Grows with every change.
    pub version: i64,
}

/// A link, without its token.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its id.
    pub id: IntakeId,
    /// The organisation.
    pub org: OrgId,
    /// The case.
    pub case_id: CaseId,
    /// When it stops opening.
    pub expires_at: Micros,
    /// When it was used.
    pub used_at: Option<Micros>,
    /// When what was entered was first read.
    pub opened_at: Option<Micros>,
    /// What was entered, sealed.
    pub sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Micros,
}

fn case_of(row: &Row) -> Result<StoredCase> {
    Ok(StoredCase {
        case: Case {
            id: row.parsed("id")?,
            conversation_id: row.parsed("conversation_id")?,
            owner_role: row.parsed("owner_role")?,
            owner_user: row.opt_parsed("owner_user")?,
            reason: row.parsed("reason")?,
            due_at: row.opt_int("due_at")?.map(from_micros),
            state: row.parsed("state")?,
            outcome: row.opt_parsed("outcome")?,
        },
        created_by: row.parsed("created_by")?,
        created_at: row.int("created_at")?,
        closed_at: row.opt_int("closed_at")?,
        version: row.int("version")?,
    })
}

fn link_of(org: OrgId, row: &Row) -> Result<Link> {
    Ok(Link {
        id: row.parsed("id")?,
        org,
        case_id: row.parsed("case_id")?,
        expires_at: row.int("expires_at")?,
        used_at: row.opt_int("used_at")?,
        opened_at: row.opt_int("opened_at")?,
        sealed: row.opt_bytes("sealed")?,
        created_at: row.int("created_at")?,
    })
}

fn tell(tx: &mut Tx, case: &Case, priority: u8) {
    tx.publish(Change::Conversation { id: case.conversation_id.clone(), new: false, priority });
}

/// The hash under which a token is known.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(format!("bedside intake 1\0{token}")))
}

/// Adds a case.
pub async fn add(tx: &mut Tx, case: &Case, by: &UserId) -> Result<()> {
    let at = tx.at();
    tx.run(
        &ADD,
        vals![
            &case.id,
            &case.conversation_id,
            case.owner_role.as_str(),
            &case.owner_user,
            case.reason.as_str(),
            case.due_at.map(to_micros),
            case.state.as_str(),
            by,
            at,
        ],
    )
    .await
    .map(drop)
}

/// Saves a case after a step of the model.
pub async fn save(tx: &mut Tx, before: &StoredCase, next: &Case) -> Result<()> {
    let at = tx.at();
    let closed_at = (next.state == CaseState::Closed).then_some(at);
    tx.run_one(
        &SAVE,
        vals![
            &next.id,
            &next.owner_user,
            next.state.as_str(),
            next.outcome.map(|o| o.as_str()),
            closed_at,
            before.version
        ],
        "case",
    )
    .await?;
    let org = tx.org()?;
    let (conversation, _) = crate::conversation::state(tx.conn(), &org, &next.conversation_id).await?;
    tell(tx, next, conversation.priority);
    Ok(())
}

/// One case.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &CaseId) -> Result<StoredCase> {
    case_of(&conn.one(&GET, org, vals![id], "case").await?)
}

/// The cases of a conversation, newest first.
pub async fn of_conversation(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Vec<StoredCase>> {
    conn.all(&OF_CONVERSATION, org, vals![id]).await?.iter().map(case_of).collect()
}

/// Cases newest first, optionally of one state, before an id.
pub async fn list(
    conn: &mut Conn,
    org: &OrgId,
    state: Option<CaseState>,
    before: Option<&str>,
    most: i64,
) -> Result<Vec<StoredCase>> {
    conn.all(&LIST, org, vals![state.map(|s| s.as_str()), before, most]).await?.iter().map(case_of).collect()
}

/// Adds a link to a case. Links made before and not used stop opening.
pub async fn add_link(tx: &mut Tx, id: &IntakeId, case: &CaseId, token: &str, expires_at: Micros) -> Result<()> {
    let at = tx.at();
    tx.run(&LINK_EXPIRE, vals![case, at]).await?;
    tx.run(&LINK_ADD, vals![id, case, token_hash(token), expires_at, at]).await.map(drop)
}

/// A link by its token, with the name of its organisation; `None` where there is none.
pub async fn link_by_token(conn: &mut Conn, token: &str) -> Result<Option<(Link, String)>> {
    let Some(row) = conn.opt_global(&LINK_BY_TOKEN, vals![token_hash(token)]).await? else { return Ok(None) };
    let org = row.parsed("org_id")?;
    Ok(Some((link_of(org, &row)?, row.text("org_name")?)))
}

fn purpose(id: &IntakeId) -> String {
    format!("intake {id}")
}

/// Seals what was entered and marks the link as used: once, and not after it expired.
pub async fn use_link(tx: &mut Tx, keyring: &Keyring, id: &IntakeId, entered: &Phi<String>) -> Result<()> {
    let (org, at) = (tx.org()?, tx.at());
    let sealed = keyring.seal(&org, &purpose(id), entered.expose().as_bytes())?;
    tx.run_one(&LINK_USE, vals![id, at, sealed], "link").await
}

/// The links of a case, newest first.
pub async fn links(conn: &mut Conn, org: &OrgId, case: &CaseId) -> Result<Vec<Link>> {
    conn.all(&LINKS, org, vals![case]).await?.iter().map(|row| link_of(org.clone(), row)).collect()
}

/// Opens what was entered under a link.
pub fn open(keyring: &Keyring, link: &Link) -> Result<Option<Phi<String>>> {
    let Some(sealed) = &link.sealed else { return Ok(None) };
    let text = keyring.open_text(&link.org, &purpose(&link.id), sealed)?;
    Ok(Some(Phi::new(text.as_str().to_owned())))
}

/// Notes that what was entered was read.
pub async fn opened(tx: &mut Tx, id: &IntakeId) -> Result<()> {
    let at = tx.at();
    tx.run(&LINK_OPENED, vals![id, at]).await.map(drop)
}
