//! Alerts to the on-call chain.

use bedside_model::alert::{About, Alert, AlertClass};
use bedside_model::time::{from_micros, to_micros};
use bedside_model::{AlertId, ConversationId, DraftId, Micros, OrgId};

use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::event::Change;
use crate::ids::Ids;
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    ADDRESS = "select email from users where org_id = $1 and id = $2 and active = true";
    ADD = "insert into alerts (org_id, id, conversation_id, post_id, class, state, step, exhausted, raised_at, next_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)";
    SAVE = "update alerts set state = $3, step = $4, exhausted = $5, next_at = $6, acknowledged_by = $7, acknowledged_at = $8,
        version = version + 1 where org_id = $1 and id = $2";
    GET = "select * from alerts where org_id = $1 and id = $2 /*pg: for update */";
    OPEN_OF = "select * from alerts where org_id = $1 and (conversation_id = $2 or post_id = $3) and state in ('raised', 'escalated')";
    DUE = "select * from alerts where org_id = $1 and state in ('raised', 'escalated') and next_at <= $2 order by next_at limit 100";
    NEXT = "select min(next_at) as at from alerts where org_id = $1 and state in ('raised', 'escalated')";
    LIST = "select * from alerts where org_id = $1 and (state in ('raised', 'escalated') or raised_at >= $2) order by raised_at desc limit 200";
    UNSENT = "select count(*) as n from outbox where org_id = $1 and alert_id is not null and state in ('dead', 'missed')
        and updated_at >= $2 and alert_id in (select id from alerts where org_id = $1 and state in ('raised', 'escalated'))";
    NOBODY = "select count(*) as n from alerts where org_id = $1 and state in ('raised', 'escalated') and exhausted = true";
}

fn alert_of(row: &Row) -> Result<Alert> {
    Ok(Alert {
        id: row.parsed("id")?,
        class: row.parsed("class")?,
        about: match (row.opt_parsed("conversation_id")?, row.opt_parsed("post_id")?) {
            (Some(conversation), _) => About::Conversation(conversation),
            (None, Some(post)) => About::Post(post),
            (None, None) => return Err(StoreError::Rule("an alert about nothing")),
        },
        raised_at: from_micros(row.int("raised_at")?),
        state: row.parsed("state")?,
        told: u32::try_from(row.int("step")?).unwrap_or(u32::MAX),
        next_at: row.opt_int("next_at")?.map(from_micros),
        exhausted: row.bool("exhausted")?,
        acknowledged_by: row.opt_parsed("acknowledged_by")?,
        acknowledged_at: row.opt_int("acknowledged_at")?.map(from_micros),
    })
}

fn tell(tx: &mut Tx, alert: &Alert) {
    tx.publish(Change::Alert {
        id: alert.id.clone(),
        conversation_id: alert.about.conversation().cloned(),
        class: alert.class.to_string(),
        state: alert.state.to_string(),
    });
}

/// Raises an alert, unless one of the same class is open about the same thing.
pub async fn raise(tx: &mut Tx, ids: &Ids, about: &About, class: AlertClass) -> Result<()> {
    let org = tx.org()?;
    let at = tx.at();
    if open_of(tx.conn(), &org, about).await?.iter().any(|open| open.class == class) {
        return Ok(());
    }
    let alert = Alert::raise(AlertId::from_bits(ids.bits(at)), class, about.clone(), from_micros(at));
    tx.run(
        &ADD,
        vals![
            &alert.id,
            about.conversation().map(ConversationId::as_str),
            about.post().map(DraftId::as_str),
            class.as_str(),
            alert.state.as_str(),
            alert.told,
            alert.exhausted,
            at,
            alert.next_at.map(to_micros),
        ],
    )
    .await?;
    tell(tx, &alert);
    Ok(())
}

/// Stores an alert after a step.
pub async fn save(tx: &mut Tx, alert: &Alert) -> Result<()> {
    tx.run_one(
        &SAVE,
        vals![
            &alert.id,
            alert.state.as_str(),
            alert.told,
            alert.exhausted,
            alert.next_at.map(to_micros),
            &alert.acknowledged_by,
            alert.acknowledged_at.map(to_micros),
        ],
        "alert",
    )
    .await?;
    tell(tx, alert);
    Ok(())
}

/// Closes the open alerts about something: what they were about is over.
pub async fn close_for(tx: &mut Tx, about: &About) -> Result<()> {
    close_where(tx, about, |_| true).await
}

/// Closes the open alert that something was stopped at the door: somebody decided about it.
pub async fn close_stopped(tx: &mut Tx, about: &About) -> Result<()> {
    close_where(tx, about, |class| class == AlertClass::Stopped).await
}

async fn close_where(tx: &mut Tx, about: &About, which: impl Fn(AlertClass) -> bool) -> Result<()> {
    let org = tx.org()?;
    for alert in open_of(tx.conn(), &org, about).await?.iter().filter(|alert| which(alert.class)) {
        save(tx, &alert.close()).await?;
    }
    Ok(())
}

/// One alert.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &AlertId) -> Result<Alert> {
    alert_of(&conn.one(&GET, org, vals![id], "alert").await?)
}

/// The open alerts about something.
pub async fn open_of(conn: &mut Conn, org: &OrgId, about: &About) -> Result<Vec<Alert>> {
    conn.all(&OPEN_OF, org, vals![about.conversation().map(ConversationId::as_str), about.post().map(DraftId::as_str)])
        .await?
        .iter()
        .map(alert_of)
        .collect()
}

/// Alerts on which somebody is to be told now.
pub async fn due(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Vec<Alert>> {
    conn.all(&DUE, org, vals![now]).await?.iter().map(alert_of).collect()
}

/// When the next alert wants somebody told.
pub async fn next_time(conn: &mut Conn, org: &OrgId) -> Result<Option<Micros>> {
    conn.opt(&NEXT, org, vals![]).await?.map_or(Ok(None), |row| row.opt_int("at"))
}

/// All open alerts, and those raised since.
pub async fn list(conn: &mut Conn, org: &OrgId, since: Micros) -> Result<Vec<Alert>> {
    conn.all(&LIST, org, vals![since]).await?.iter().map(alert_of).collect()
}

/// Messages of open alerts that could not be sent since an instant.
pub async fn unsent(conn: &mut Conn, org: &OrgId, since: Micros) -> Result<i64> {
    conn.opt(&UNSENT, org, vals![since]).await?.ok_or(StoreError::NotFound { what: "count" })?.int("n")
}

/// Open alerts for which the chain has nobody left, or is empty.
pub async fn exhausted(conn: &mut Conn, org: &OrgId) -> Result<i64> {
    conn.opt(&NOBODY, org, vals![]).await?.ok_or(StoreError::NotFound { what: "count" })?.int("n")
}

/// Where a person of the team is reached by e-mail, while they belong to it.
pub async fn address(conn: &mut Conn, org: &OrgId, user: &bedside_model::UserId) -> Result<Option<String>> {
    conn.opt(&ADDRESS, org, vals![user]).await?.map(|row| row.text("email")).transpose()
}
