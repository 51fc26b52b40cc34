//! How the installation does, and letting the outbox go after a restore.

use axum::extract::State;
use bedside_model::delivery::{self, Event};
use bedside_model::role::Action;
use bedside_model::{Micros, OrgId, SourceId};
use bedside_store::listen::source;
use bedside_store::{Entry, StoreError, alerts, outbox, trust};
use serde::Serialize;
use utoipa::ToSchema;

use super::audit::{AuditState, state_now};
use crate::app::{App, Inner};
use crate::extract::Json;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// A due item that did not leave for this long is a reason to look, in seconds.
pub(crate) const OLDEST_DUE: i64 = 300;

/// Alerts that could not be sent are looked at this far back.
const UNSENT_SINCE: Micros = 24 * 3600 * 1_000_000;

/// How the installation does.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Nothing needs anybody.
    ok: bool,
    /// What leaves.
    outbox: OutboxHealth,
    /// What is heard.
    sources: Vec<SourceHealth>,
    /// Messages of open alerts that could not be sent, and alerts that reached nobody.
    alerts_unsent: i64,
    /// The database's writer.
    writer: WriterHealth,
    /// The log.
    audit: AuditState,
}

/// What leaves.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutboxHealth {
    /// Age of the oldest item that is due and did not leave.
    #[schema(required = true)]
    oldest_due_seconds: Option<i64>,
    /// Items that wait or are on their way.
    pending: i64,
    /// Items of which nobody knows whether the network took them.
    unknown: i64,
    /// Items that the network refused.
    dead: i64,
    /// Items that came too late.
    missed: i64,
    /// Items held after a restore.
    held: i64,
    /// Items that were judged again when they were to leave, and did not.
    stopped: i64,
    /// Items that ask a person.
    needs_human: i64,
}

/// How one source does.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceHealth {
    /// Which.
    #[schema(value_type = String)]
    id: SourceId,
    /// What the team calls it.
    name: String,
    /// `ok`, `silent`, `failing` or `paused`.
    state: &'static str,
}

/// The database's writer.
#[derive(Debug, Serialize, ToSchema)]
pub struct WriterHealth {
    /// Writes that wait.
    waiting: usize,
}

/// What an organisation's health comes to, also for `/readyz`.
pub(crate) async fn look(app: &Inner, org: &OrgId) -> Result<Health, Problem> {
    let now = app.now();
    let mut conn = app.read().await?;
    let out = outbox::health(&mut conn, org, now).await?;
    let sources = source::list(&mut conn, org).await?;
    let unsent = alerts::unsent(&mut conn, org, now - UNSENT_SINCE).await? + alerts::exhausted(&mut conn, org).await?;
    drop(conn);
    let audit = state_now(app, org).await?;
    let sources: Vec<SourceHealth> = sources
        .into_iter()
        .map(|source| SourceHealth { state: source.health(now).as_str(), id: source.id, name: source.name })
        .collect();
    let late = out.oldest_due_seconds.is_some_and(|age| age > OLDEST_DUE);
    let outbox_ok = !late && out.held == 0 && out.needs_human == 0;
    let ok = outbox_ok && unsent == 0 && audit.ok() && sources.iter().all(|source| source.state != "failing");
    Ok(Health {
        ok,
        outbox: OutboxHealth {
            oldest_due_seconds: out.oldest_due_seconds,
            pending: out.pending,
            unknown: out.unknown,
            dead: out.dead,
            missed: out.missed,
            held: out.held,
            stopped: out.stopped,
            needs_human: out.needs_human,
        },
        sources,
        alerts_unsent: unsent,
        writer: WriterHealth { waiting: app.store.writes_waiting() },
        audit,
    })
}

impl Health {
    /// Reasons for not being ready, without ids.
    pub(crate) fn reasons(&self) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        if self.outbox.oldest_due_seconds.is_some_and(|age| age > OLDEST_DUE) {
            reasons.push("something that is due has not left for more than five minutes");
        }
        if self.alerts_unsent > 0 {
            reasons.push("an alert could not be sent or reached nobody");
        }
        if !self.audit.ok() {
            reasons.push("the audit log does not verify, or is behind its checkpoint");
        }
        reasons
    }

    /// Numbers for `/metrics`.
    pub(crate) fn numbers(&self) -> [(&'static str, i64); 9] {
        let failing = self.sources.iter().filter(|source| source.state == "failing").count();
        [
            ("outbox_oldest_due_seconds", self.outbox.oldest_due_seconds.unwrap_or(0)),
            ("outbox_pending", self.outbox.pending),
            ("outbox_unknown", self.outbox.unknown),
            ("outbox_dead", self.outbox.dead),
            ("outbox_missed", self.outbox.missed),
            ("outbox_held", self.outbox.held),
            ("outbox_stopped", self.outbox.stopped),
            ("alerts_unsent", self.alerts_unsent),
            ("sources_failing", i64::try_from(failing).unwrap_or(i64::MAX)),
        ]
    }
}

/// How the installation does
#[utoipa::path(get, path = "/health", tag = "trust", operation_id = "health", responses((status = 200, body = Health)))]
pub(crate) async fn show(State(app): State<App>, who: SignedIn) -> Result<Json<Health>, Problem> {
    app.allow_role(&who, Action::ReadHealth)?;
    Ok(Json(look(&app, who.org()).await?))
}

/// How many items were let go.
#[derive(Debug, Serialize, ToSchema)]
pub struct Released {
    /// How many.
    released: usize,
}

/// Lets the outbox go again after a restore
#[utoipa::path(post, path = "/outbox/release", tag = "trust", operation_id = "release_outbox",
    responses((status = 200, body = Released)))]
pub(crate) async fn release(State(app): State<App>, who: SignedIn) -> Result<Json<Released>, Problem> {
    app.allow_role(&who, Action::ReleaseOutbox)?;
    let (by, org, now) = (who.by(), who.org().clone(), app.clock.timestamp());
    let released = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let held = outbox::held(tx.conn(), &org).await?;
                for row in &held {
                    let next = delivery::step(&row.item, &Event::Released, Some(row.priority), now)
                        .map_err(|e| StoreError::Refused { code: e.code(), sentence: e.to_string() })?;
                    outbox::save(tx, row, &next, &outbox::Said::default()).await?;
                }
                trust::put_state(tx, trust::OUTBOX_HELD, "released").await?;
                tx.commit(Entry::new(by, "outbox.released", &org).with("items", held.len()), held.len())
            })
        })
        .await?;
    Ok(Json(Released { released }))
}
