//! The log: who did what, in sentences; and whether it is whole.

use std::collections::BTreeMap;

use axum::extract::State;
use bedside_model::role::Action;
use bedside_model::{OrgId, UserId};
use bedside_store::log::{self, Filter, Logged};
use bedside_store::{Conn, chain, people, settings};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sentences::{self, Language};
use crate::app::{App, Inner, Verified};
use crate::extract::{Json, Params};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Of this user or part of the system.
    pub actor: Option<String>,
    /// Of this code.
    pub action: Option<String>,
    /// On this thing.
    pub object: Option<String>,
    /// From this instant on.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// Before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Instant>,
    /// How many, 1 to 200; 50 where absent.
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// One entry of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its number in the organisation's log.
    height: u64,
    /// When.
    at: Instant,
    /// Who.
    actor: AuditActor,
    /// What, as a stable code.
    action: String,
    /// On what.
    object: AuditObject,
    /// The entry in words, in the organisation's language.
    sentence: String,
    /// Codes, ids, hashes and numbers; never text or names.
    detail: BTreeMap<String, String>,
    /// Its hash, hexadecimal.
    hash: String,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditActor {
    /// `user`, `system`, `cli` or `public`.
    kind: String,
    /// The user's id or the part of the system.
    #[schema(required = true)]
    id: Option<String>,
    /// The user's name as it is now.
    #[schema(required = true)]
    name: Option<String>,
}

/// On what it was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditObject {
    /// The kind of thing.
    kind: String,
    /// Its id.
    id: String,
}

/// Whether the log is whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditState {
    /// How many entries there are.
    height: u64,
    /// The hash of the newest.
    hash: String,
    /// When it was last verified by this server.
    #[schema(required = true)]
    verified_at: Option<Instant>,
    /// Nothing is known to be wrong.
    ok: bool,
    /// The newest signed checkpoint.
    #[schema(required = true)]
    checkpoint: Option<AuditCheckpoint>,
    /// How many of the newest entries no checkpoint covers yet.
    uncovered: u64,
    /// What is wrong, in a sentence.
    #[schema(required = true)]
    alarm: Option<String>,
}

impl AuditState {
    /// Nothing is known to be wrong.
    pub(crate) fn ok(&self) -> bool {
        self.ok
    }
}

/// A signed checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditCheckpoint {
    /// The entry that it covers up to.
    height: u64,
    /// When it was written; null where only its height is known without a verification.
    #[schema(required = true)]
    at: Option<Instant>,
}

async fn names(conn: &mut Conn, org: &OrgId, entries: &[Logged]) -> Result<BTreeMap<String, String>, Problem> {
    let mut names = BTreeMap::new();
    let mentioned = entries.iter().flat_map(|e| {
        [e.actor_id.as_deref(), Some(e.object.as_str()), e.detail.get("user").map(String::as_str)].into_iter().flatten()
    });
    for text in mentioned {
        if names.contains_key(text) {
            continue;
        }
        if let Ok(id) = text.parse::<UserId>() {
            match people::get(conn, org, &id).await {
                Ok(found) => {
                    names.insert(text.to_owned(), found.user.name);
                }
                Err(bedside_store::StoreError::NotFound { .. }) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
    Ok(names)
}

/// The log, newest first
#[utoipa::path(get, path = "/audit", tag = "trust", operation_id = "audit", params(AuditQuery),
    responses((status = 200, body = Page<AuditEntry>)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, Problem> {
    app.allow_role(&who, Action::ReadAudit)?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let filter = Filter {
        before: page.after()?,
        actor: query.actor,
        action: query.action,
        object: query.object,
        from: query.from.map(|at| at.0),
        to: query.to.map(|at| at.0),
    };
    let mut conn = app.read().await?;
    let found = log::list(&mut conn, who.org(), &filter, page.limit() + 1).await?;
    let names = names(&mut conn, who.org(), &found).await?;
    let (all, _) = settings::load(&mut conn, who.org()).await?;
    drop(conn);
    let language = Language::of(&all.organisation.language);
    let entries = found
        .into_iter()
        .map(|e| AuditEntry {
            sentence: sentences::sentence(&e, &names, language),
            height: e.height,
            at: Instant(e.at),
            actor: AuditActor {
                name: e.actor_id.as_ref().and_then(|id| names.get(id).cloned()),
                kind: e.actor_kind,
                id: e.actor_id,
            },
            action: e.action,
            object: AuditObject { kind: sentences::kind_of(&e.object).to_owned(), id: e.object },
            detail: e.detail,
            hash: e.hash,
        })
        .collect();
    Ok(Json(Page::of(entries, page.limit(), |entry| entry.height)))
}

fn verified_state(verified: Verified) -> AuditState {
    let Verified { at, outcome } = verified;
    AuditState {
        height: outcome.height,
        verified_at: Some(Instant(at)),
        ok: outcome.ok(),
        checkpoint: outcome.checkpoint.as_ref().map(|c| AuditCheckpoint { height: c.height, at: Some(Instant(c.at)) }),
        uncovered: outcome.uncovered,
        alarm: outcome.alarm(),
        hash: outcome.hash,
    }
}

/// What is known of a log without walking it.
pub(crate) async fn state_now(app: &Inner, org: &OrgId) -> Result<AuditState, Problem> {
    let head = chain::head(&mut app.read().await?, org).await?;
    let covered = app.checkpoints.lock().await.last(org);
    let last = app.last_verified(org);
    // A database that is older than its newest checkpoint was cut off or put back.
    let behind = (head.height < covered)
        .then(|| format!("The log has {} entries, but a signed checkpoint names {covered}.", head.height));
    let alarm = last.as_ref().and_then(|last| last.outcome.alarm()).or(behind);
    Ok(AuditState {
        height: head.height,
        hash: hex::encode(head.hash),
        verified_at: last.as_ref().map(|last| Instant(last.at)),
        ok: alarm.is_none(),
        checkpoint: (covered > 0).then(|| AuditCheckpoint {
            height: covered,
            at: last
                .as_ref()
                .and_then(|last| last.outcome.checkpoint.as_ref())
                .filter(|c| c.height == covered)
                .map(|c| Instant(c.at)),
        }),
        uncovered: head.height.saturating_sub(covered),
        alarm,
    })
}

/// Whether the log is whole, as far as is known
#[utoipa::path(get, path = "/audit/state", tag = "trust", operation_id = "audit_state",
    responses((status = 200, body = AuditState)))]
pub(crate) async fn state(State(app): State<App>, who: SignedIn) -> Result<Json<AuditState>, Problem> {
    app.allow_role(&who, Action::ReadAudit)?;
    Ok(Json(state_now(&app, who.org()).await?))
}

/// Verifies the whole log now
#[utoipa::path(post, path = "/audit/verify", tag = "trust", operation_id = "verify_audit",
    responses((status = 200, body = AuditState)))]
pub(crate) async fn verify(State(app): State<App>, who: SignedIn) -> Result<Json<AuditState>, Problem> {
    app.allow_role(&who, Action::VerifyAudit)?;
    Ok(Json(verified_state(app.verify_audit(who.org()).await?)))
}
