//! Alerts: who was told, and who is on it.

use std::collections::BTreeMap;

use axum::extract::State;
use bedside_model::alert::{About, Alert as ModelAlert, AlertClass, AlertState, Channel};
use bedside_model::delivery::OutboxKind;
use bedside_model::role::Action;
use bedside_model::{AlertId, ConversationId, DraftId, Micros, UserId};
use bedside_store::{Conn, Entry, StoreError, alerts, outbox, people};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Id, Json};
use crate::page::Page;
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// Alerts that are over are shown for a week.
const SHOWN_FOR: Micros = 7 * 24 * 3600 * 1_000_000;

/// An alert. It says class, time and where to look, never text or names of people outside.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alert {
    /// Its id.
    #[schema(value_type = String)]
    id: AlertId,
    /// What it is about.
    #[schema(value_type = schema::AlertClass)]
    class: AlertClass,
    /// The conversation that somebody must look at.
    #[schema(required = true, value_type = Option<String>)]
    conversation_id: Option<ConversationId>,
    /// The post that somebody must look at.
    #[schema(required = true, value_type = Option<String>)]
    post_id: Option<DraftId>,
    /// When it was raised.
    raised_at: Instant,
    /// Where it stands.
    #[schema(value_type = schema::AlertState)]
    state: AlertState,
    /// How many places of the chain were told.
    step: u32,
    /// The whole chain was told and nobody answered, or there is no chain.
    exhausted: bool,
    /// Who is on it.
    #[schema(required = true)]
    acknowledged_by: Option<Person>,
    /// Since when.
    #[schema(required = true)]
    acknowledged_at: Option<Instant>,
    /// When the next in the chain is told.
    #[schema(required = true)]
    next_at: Option<Instant>,
    /// What was sent for it.
    deliveries: Vec<AlertDelivery>,
}

/// A colleague.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// Their id.
    #[schema(value_type = String)]
    pub id: UserId,
    /// Their name.
    pub name: String,
}

/// One message of an alert.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertDelivery {
    /// Over what.
    #[schema(value_type = schema::Channel)]
    channel: Channel,
    /// Where it stands, as in the outbox.
    state: String,
    /// Since when.
    at: Instant,
}

async fn view(
    conn: &mut Conn,
    who: &SignedIn,
    alert: ModelAlert,
    names: &mut BTreeMap<UserId, String>,
) -> Result<Alert, Problem> {
    let acknowledged_by = match alert.acknowledged_by {
        None => None,
        Some(id) => {
            if !names.contains_key(&id) {
                names.insert(id.clone(), people::get(conn, who.org(), &id).await?.user.name);
            }
            Some(Person { name: names.get(&id).cloned().unwrap_or_default(), id })
        }
    };
    let deliveries = outbox::of_alert(conn, who.org(), &alert.id)
        .await?
        .into_iter()
        .map(|row| AlertDelivery {
            channel: match row.item.kind {
                OutboxKind::AlertWebhook => Channel::Webhook,
                _ => Channel::Email,
            },
            state: row.item.state.to_string(),
            at: Instant(row.updated_at),
        })
        .collect();
    Ok(Alert {
        id: alert.id,
        class: alert.class,
        conversation_id: alert.about.conversation().cloned(),
        post_id: alert.about.post().cloned(),
        raised_at: alert.raised_at.into(),
        state: alert.state,
        step: alert.told,
        exhausted: alert.exhausted,
        acknowledged_by,
        acknowledged_at: alert.acknowledged_at.map(Instant::from),
        next_at: alert.next_at.map(Instant::from),
        deliveries,
    })
}

/// Open and recent alerts
#[utoipa::path(get, path = "/alerts", tag = "trust", operation_id = "alerts", responses((status = 200, body = Page<Alert>)))]
pub(crate) async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<Alert>>, Problem> {
    app.allow_role(&who, Action::ReadAlerts)?;
    let mut conn = app.read().await?;
    let mut names = BTreeMap::new();
    let mut items = Vec::new();
    for alert in alerts::list(&mut conn, who.org(), app.now() - SHOWN_FOR).await? {
        items.push(view(&mut conn, &who, alert, &mut names).await?);
    }
    Ok(Json(Page::whole(items)))
}

/// Says: I am on it
#[utoipa::path(post, path = "/alerts/{id}/acknowledge", tag = "trust", operation_id = "acknowledge_alert",
    params(("id" = String, Path)), responses((status = 200, body = Alert)))]
pub(crate) async fn acknowledge(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AlertId>,
) -> Result<Json<Alert>, Problem> {
    app.allow_role(&who, Action::AcknowledgeAlert)?;
    let (by, org, me, now) = (who.by(), who.org().clone(), who.user.id.clone(), app.clock.timestamp());
    let after = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let alert = alerts::get(tx.conn(), &org, &id).await?;
                let next = alert
                    .acknowledge(me, now)
                    .map_err(|e| StoreError::Refused { code: e.code(), sentence: e.to_string() })?;
                alerts::save(tx, &next).await?;
                let entry = Entry::new(by, "alert.acknowledged", &id);
                let entry = match &next.about {
                    About::Conversation(id) => entry.with("conversation", id),
                    About::Post(id) => entry.with("post", id),
                };
                tx.commit(entry, next)
            })
        })
        .await?;
    Ok(Json(view(&mut app.read().await?, &who, after, &mut BTreeMap::new()).await?))
}
