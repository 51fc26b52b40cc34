//! Hand-over: a concern leaves the public thread and becomes somebody's case.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_model::case::{self, Case, CaseEvent, CaseOutcome, CaseReason, CaseState, INTAKE_LIFETIME, OwnerRole};
use bedside_model::conversation::Event;
use bedside_model::role::{Action, Resource};
use bedside_model::time::{from_micros, to_micros};
use bedside_model::{CaseId, ConversationId, IntakeId, Micros};
use bedside_store::answer::speaker;
use bedside_store::cases::{self, StoredCase};
use bedside_store::conversation::{self, Step};
use bedside_store::{Entry, StoreError, Tx};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::drafts::view::{Names, person};
use super::names;
use super::view::PersonRef;
use crate::app::App;
use crate::extract::{Id, Json, Params};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// A link under which the person can write in private. Its address is shown this once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IntakeLink {
    /// The address to give to the person.
    pub url: String,
    /// When it stops opening.
    pub expires_at: Instant,
}

/// A case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseView {
    /// Its id.
    pub id: String,
    /// The conversation that it came from.
    pub conversation_id: String,
    /// Who is to take it.
    #[schema(value_type = names::OwnerRole)]
    pub owner_role: OwnerRole,
    /// Who took it.
    #[schema(required = true)]
    pub owner_user: Option<PersonRef>,
    /// Why it was handed over.
    #[schema(value_type = names::CaseReason)]
    pub reason: CaseReason,
    /// When it should be closed.
    #[schema(required = true)]
    pub due_at: Option<Instant>,
    /// Where it stands.
    #[schema(value_type = names::CaseState)]
    pub state: CaseState,
    /// How it ended.
    #[schema(required = true, value_type = Option<names::CaseOutcome>)]
    pub outcome: Option<CaseOutcome>,
    /// Who handed it over.
    pub created_by: PersonRef,
    /// When.
    pub created_at: Instant,
    /// When it was closed.
    #[schema(required = true)]
    pub closed_at: Option<Instant>,
    /// The new link, in the one answer that made it.
    #[schema(required = true)]
    pub intake_link: Option<IntakeLink>,
    /// Grows with every change.
    pub version: i64,
}

/// Shows a case.
pub fn view(stored: &StoredCase, names: &Names) -> CaseView {
    let case = &stored.case;
    CaseView {
        id: case.id.to_string(),
        conversation_id: case.conversation_id.to_string(),
        owner_role: case.owner_role,
        owner_user: case.owner_user.as_ref().map(|user| person(names, user)),
        reason: case.reason,
        due_at: case.due_at.map(Instant::from),
        state: case.state,
        outcome: case.outcome,
        created_by: person(names, &stored.created_by),
        created_at: Instant(stored.created_at),
        closed_at: stored.closed_at.map(Instant),
        intake_link: None,
        version: stored.version,
    }
}

impl From<case::Refused> for Problem {
    fn from(refused: case::Refused) -> Self {
        Self::refused(refused.code(), refused)
    }
}

fn refused(no: case::Refused) -> StoreError {
    conversation::refused(no.code(), &no)
}

async fn shown(app: &App, who: &SignedIn, id: &CaseId, link: Option<IntakeLink>) -> Result<CaseView, Problem> {
    let mut conn = app.read().await?;
    let stored = cases::get(&mut conn, who.org(), id).await?;
    let names = speaker::user_names(&mut conn, who.org()).await?;
    Ok(CaseView { intake_link: link, ..view(&stored, &names) })
}

/// A link that is made: its token goes into the address, its hash into the database.
struct NewLink {
    id: IntakeId,
    token: String,
    expires_at: Micros,
}

impl NewLink {
    fn new(app: &App) -> Self {
        let now = app.now();
        let expires_at = to_micros(case::link_expires(from_micros(now), INTAKE_LIFETIME));
        Self { id: IntakeId::from_bits(app.store.ids().bits(now)), token: app.store.ids().token(), expires_at }
    }

    fn shown(&self, app: &App) -> IntakeLink {
        let base = app.config.public_url.trim_end_matches('/');
        IntakeLink { url: format!("{base}/intake/{}", self.token), expires_at: Instant(self.expires_at) }
    }

    async fn add(&self, tx: &mut Tx, case: &CaseId) -> Result<(), StoreError> {
        cases::add_link(tx, &self.id, case, &self.token, self.expires_at).await
    }
}

/// Who is to take it, and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HandOver {
    /// Who.
    #[schema(value_type = names::OwnerRole)]
    pub owner_role: OwnerRole,
    /// Why.
    #[schema(value_type = names::CaseReason)]
    pub reason: CaseReason,
    /// When it should be closed.
    pub due_at: Option<Instant>,
}

/// Hands a conversation over as a case, with a link under which the person can write in private
#[utoipa::path(post, path = "/conversations/{id}/hand_over", tag = "answer", operation_id = "hand_over", request_body = HandOver,
    params(("id" = String, Path, description = "The conversation")), responses((status = 201, body = CaseView)))]
pub(super) async fn hand_over(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
    Json(body): Json<HandOver>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::HandOver)?;
    let now = app.now();
    if body.due_at.is_some_and(|due| due.0 <= now) {
        return Err(Problem::invalid("due_at", "Choose a time that is still to come."));
    }
    let case = Case {
        id: CaseId::from_bits(app.store.ids().bits(now)),
        conversation_id: id,
        owner_role: body.owner_role,
        owner_user: None,
        reason: body.reason,
        due_at: body.due_at.map(|due| from_micros(due.0)),
        state: CaseState::Open,
        outcome: None,
    };
    let link = NewLink::new(&app);
    let (shown_link, case_id) = (link.shown(&app), case.id.clone());
    let (ids, by, user) = (app.store.ids().clone(), who.by(), who.user.id.clone());
    app.store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                let event = Event::HandOver { case: case.id.clone(), owner: case.owner_role };
                let detail = json!({ "case": case.id, "owner_role": case.owner_role, "reason": case.reason });
                let step = Step { id: &case.conversation_id, event, by: &by, detail, reason: None, if_version: None };
                conversation::apply(tx, &ids, step).await?;
                cases::add(tx, &case, &user).await?;
                link.add(tx, &case.id).await?;
                let entry = Entry::new(by, "conversation.handed_over", &case.conversation_id)
                    .with("case", &case.id)
                    .with("owner_role", case.owner_role)
                    .with("reason", case.reason)
                    .with("link", &link.id);
                tx.commit(entry, ())
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(shown(&app, &who, &case_id, Some(shown_link)).await?)))
}

/// Which cases are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CasesQuery {
    /// Only those that stand here.
    pub state: Option<String>,
    /// How many, 1 to 200; 50 where absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// Cases, newest first
#[utoipa::path(get, path = "/cases", tag = "answer", operation_id = "cases", params(CasesQuery),
    responses((status = 200, body = Page<CaseView>)))]
pub(super) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<CasesQuery>,
) -> Result<Json<Page<CaseView>>, Problem> {
    app.allow_role(&who, Action::ReadCase)?;
    let state = query.state.as_deref().filter(|state| !state.is_empty()).map(str::parse::<CaseState>).transpose();
    let state = state.map_err(|_| Problem::invalid("state", "Ask for open, accepted or closed."))?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let before: Option<String> = page.after()?;
    let mut conn = app.read().await?;
    let rows = cases::list(&mut conn, who.org(), state, before.as_deref(), page.limit() + 1).await?;
    let names = speaker::user_names(&mut conn, who.org()).await?;
    let rows = Page::of(rows, page.limit(), |row| row.case.id.to_string());
    Ok(Json(Page { items: rows.items.iter().map(|row| view(row, &names)).collect(), next: rows.next }))
}

/// A case
#[utoipa::path(get, path = "/cases/{id}", tag = "answer", operation_id = "case",
    params(("id" = String, Path, description = "The case")), responses((status = 200, body = CaseView)))]
pub(super) async fn one(State(app): State<App>, who: SignedIn, Id(id): Id<CaseId>) -> Result<Json<CaseView>, Problem> {
    app.allow_role(&who, Action::ReadCase)?;
    shown(&app, &who, &id, None).await.map(Json)
}

async fn take(
    app: &App,
    who: &SignedIn,
    id: &CaseId,
    event: CaseEvent,
    entry: Entry,
) -> Result<Json<CaseView>, Problem> {
    app.allow_role(who, Action::WorkCase)?;
    let of = id.clone();
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let before = cases::get(tx.conn(), &org, &of).await?;
                let next = case::step(&before.case, &event).map_err(refused)?;
                cases::save(tx, &before, &next).await?;
                tx.commit(entry, ())
            })
        })
        .await?;
    shown(app, who, id, None).await.map(Json)
}

/// Takes a case
#[utoipa::path(post, path = "/cases/{id}/accept", tag = "answer", operation_id = "accept_case",
    params(("id" = String, Path, description = "The case")), responses((status = 200, body = CaseView)))]
pub(super) async fn accept(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<CaseId>,
) -> Result<Json<CaseView>, Problem> {
    let entry = Entry::new(who.by(), "case.accepted", &id);
    take(&app, &who, &id, CaseEvent::Accept(who.user.id.clone()), entry).await
}

/// How it ended.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CloseCase {
    /// The outcome.
    #[schema(value_type = names::CaseOutcome)]
    pub outcome: CaseOutcome,
}

/// Closes a case with an outcome
#[utoipa::path(post, path = "/cases/{id}/close", tag = "answer", operation_id = "close_case", request_body = CloseCase,
    params(("id" = String, Path, description = "The case")), responses((status = 200, body = CaseView)))]
pub(super) async fn close(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<CaseId>,
    Json(body): Json<CloseCase>,
) -> Result<Json<CaseView>, Problem> {
    let entry = Entry::new(who.by(), "case.closed", &id).with("outcome", body.outcome);
    take(&app, &who, &id, CaseEvent::Close(body.outcome), entry).await
}

/// Makes a new link; those made before and not used stop opening
#[utoipa::path(post, path = "/cases/{id}/link", tag = "answer", operation_id = "new_intake_link",
    params(("id" = String, Path, description = "The case")), responses((status = 201, body = CaseView)))]
pub(super) async fn link(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<CaseId>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::WorkCase)?;
    let link = NewLink::new(&app);
    let (shown_link, of, by) = (link.shown(&app), id.clone(), who.by());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let stored = cases::get(tx.conn(), &org, &of).await?;
                if stored.case.state == CaseState::Closed {
                    return Err(refused(case::Refused::Closed));
                }
                link.add(tx, &of).await?;
                tx.commit(Entry::new(by, "case.link_made", &of).with("link", &link.id), ())
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(shown(&app, &who, &id, Some(shown_link)).await?)))
}

/// What was entered under one link.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnteredView {
    /// The link.
    pub id: String,
    /// When it was entered.
    pub entered_at: Instant,
    /// What was entered: `{name, contact, text}`.
    #[schema(value_type = Object)]
    pub entered: serde_json::Value,
}

/// What was entered for a case, and which links are still open.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntakeView {
    /// Newest first.
    pub items: Vec<EnteredView>,
    /// When the newest unused link stops opening; null where none is open.
    #[schema(required = true)]
    pub open_until: Option<Instant>,
}

/// Opens what was entered for a case. That it was opened stands in the log
#[utoipa::path(get, path = "/cases/{id}/intake", tag = "answer", operation_id = "read_intake",
    params(("id" = String, Path, description = "The case")), responses((status = 200, body = IntakeView)))]
pub(super) async fn intake(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<CaseId>,
) -> Result<Json<IntakeView>, Problem> {
    let mut conn = app.read().await?;
    let stored = cases::get(&mut conn, who.org(), &id).await?;
    let Case { owner_role, owner_user, .. } = stored.case;
    app.allow(&who, Action::ReadIntake, &Resource::Case { owner_role, owner_user })?;
    let links = cases::links(&mut conn, who.org(), &id).await?;
    drop(conn);
    let now = app.now();
    let open_until = links.iter().find(|link| link.used_at.is_none() && link.expires_at > now);
    let open_until = open_until.map(|link| Instant(link.expires_at));
    let mut items = Vec::new();
    for link in &links {
        let (Some(used), Some(entered)) = (link.used_at, cases::open(app.store.keyring(), link)?) else { continue };
        let entered = serde_json::from_str(entered.expose()).map_err(|_| Problem::internal("intake is no JSON"))?;
        items.push(EnteredView { id: link.id.to_string(), entered_at: Instant(used), entered });
    }
    if !items.is_empty() {
        // What a person entered in private is not shown before the log says so.
        let (by, of) = (who.by(), id.clone());
        let read: Vec<IntakeId> =
            links.iter().filter(|link| link.sealed.is_some()).map(|link| link.id.clone()).collect();
        app.store
            .write(who.org(), now, move |tx| {
                Box::pin(async move {
                    for link in &read {
                        cases::opened(tx, link).await?;
                    }
                    tx.commit(Entry::new(by, "case.intake_read", &of).with("links", read.len()), ())
                })
            })
            .await?;
    }
    Ok(Json(IntakeView { items, open_until }))
}
