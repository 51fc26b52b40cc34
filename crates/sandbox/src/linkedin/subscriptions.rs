//! Webhooks: `/rest/eventSubscriptions`, one for each application, member and organisation.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::restli;
use super::state::Subscribed;
use super::{LinkedIn, Problem};
use crate::kit::Fields;
use crate::world::{Network, SECRET, Subscribe};

/// What there is to subscribe to.
const EVENT: &str = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS";

fn key(text: &str) -> Result<BTreeMap<String, String>, Problem> {
    let fields: Option<BTreeMap<String, String>> = restli::record(text).map(|fields| fields.into_iter().collect());
    let fields = fields.ok_or_else(|| Problem::bad("Syntax exception in path variables"))?;
    let complete =
        ["developerApplication", "user", "entity", "eventType"].iter().all(|name| fields.contains_key(*name));
    if !complete || fields["eventType"] != EVENT {
        return Err(Problem::bad(
            "The key of an event subscription has developerApplication, user, entity and eventType",
        ));
    }
    Ok(fields)
}

fn shown(known: &Subscribed) -> Value {
    let mut shown = json!({"webhook": known.webhook, "expiresAt": known.expires.as_millisecond()});
    for (name, value) in &known.key {
        shown[name] = value.clone().into();
    }
    shown
}

/// `PUT /rest/eventSubscriptions/{key} {"webhook": …}`: after the challenge.
pub(super) async fn put(
    linkedin: State<LinkedIn>,
    Path(wanted): Path<String>,
    fields: Fields,
) -> Result<StatusCode, Problem> {
    let key = key(&wanted)?;
    let webhook = fields.json()["webhook"].as_str().unwrap_or_default().to_owned();
    let url = webhook.parse().map_err(|_| Problem::field("webhook", "is not an address"))?;
    if key["entity"] != linkedin.lock().organization() {
        return Err(Problem::denied("eventSubscriptions.UPDATE of this organisation"));
    }
    let ask = Subscribe {
        network: Network::Linkedin,
        url,
        secret: SECRET.to_owned(),
        verify_token: String::new(),
        topic: None,
        fields: None,
    };
    let proved = linkedin.hooks.subscribe(ask).await;
    let hook = proved.map_err(|_| Problem::field("webhook", "This URL did not pass the security challenge check"))?.id;
    let expires = linkedin.now().saturating_add(SignedDuration::from_hours(365 * 24)).unwrap_or_default();
    let mut state = linkedin.lock();
    state.subscribed.retain(|known| known.key != key);
    state.subscribed.push(Subscribed { key, webhook, hook, expires });
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /rest/eventSubscriptions/{key}`
pub(super) async fn show(linkedin: State<LinkedIn>, Path(wanted): Path<String>) -> Result<Json<Value>, Problem> {
    let key = key(&wanted)?;
    let state = linkedin.lock();
    let found = state.subscribed.iter().find(|known| known.key == key);
    Ok(Json(shown(found.ok_or_else(Problem::not_found)?)))
}

/// `GET /rest/eventSubscriptions?q=subscriberAndEventType&eventType=…`
pub(super) async fn list(linkedin: State<LinkedIn>, uri: Uri, fields: Fields) -> Result<Json<Value>, Problem> {
    if fields.text("q").as_deref() != Some("subscriberAndEventType")
        || fields.text("eventType").as_deref() != Some(EVENT)
    {
        return Err(Problem::bad("No finder with this name and event type"));
    }
    let state = linkedin.lock();
    Ok(Json(restli::page(&fields, &uri, &state.subscribed, shown)))
}

/// `DELETE /rest/eventSubscriptions/{key}`
pub(super) async fn delete(linkedin: State<LinkedIn>, Path(wanted): Path<String>) -> Result<StatusCode, Problem> {
    let key = key(&wanted)?;
    let mut state = linkedin.lock();
    let at = state.subscribed.iter().position(|known| known.key == key).ok_or_else(Problem::not_found)?;
    let gone = state.subscribed.remove(at);
    drop(state);
    linkedin.hooks.unsubscribe(|known| known.id == gone.hook);
    Ok(StatusCode::NO_CONTENT)
}
