//! Webhooks of version 2, and which of them the account's activity goes to.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::{Problem, X, id};
use crate::kit::{Fields, millis};
use crate::world::{Network, SECRET, Subscribe, Subscription};

type Answer = Result<Json<Value>, Problem>;

fn shown(x: &X, webhook: &Subscription) -> Value {
    let created = x.lock().webhooks.get(&webhook.id).copied().unwrap_or_else(|| x.now());
    json!({"id": webhook.id, "url": webhook.url.as_str(), "valid": true, "created_at": millis(created)})
}

fn found(x: &X, wanted: &str) -> Result<Subscription, Problem> {
    let known = x.hooks.subscriptions().into_iter().find(|known| known.network == Network::X && known.id == wanted);
    known.ok_or_else(Problem::not_found)
}

/// `POST /2/webhooks`: the address has to answer the CRC.
pub(super) async fn create(x: State<X>, fields: Fields) -> Answer {
    let body = fields.json();
    let url = body["url"].as_str().unwrap_or_default();
    let wrong = |why: &str| Problem::invalid("url", url, why);
    let parsed: url::Url = url.parse().map_err(|_| wrong("$.url: is not a valid url"))?;
    let known = |known: &Subscription| known.network == Network::X && known.url == parsed;
    if x.hooks.subscriptions().iter().any(known) {
        return Err(wrong("DuplicateUrlFailed: Webhook URL already exists"));
    }
    let ask = Subscribe {
        network: Network::X,
        url: parsed,
        secret: SECRET.to_owned(),
        verify_token: String::new(),
        topic: None,
        fields: None,
    };
    let webhook = x.hooks.subscribe(ask).await.map_err(|error| wrong(&format!("CrcValidationFailed: {error}")))?;
    let now = x.now();
    x.lock().webhooks.insert(webhook.id.clone(), now);
    Ok(Json(json!({"data": shown(&x, &webhook)})))
}

/// `GET /2/webhooks`
pub(super) async fn list(x: State<X>) -> Json<Value> {
    let known = x.hooks.subscriptions().into_iter().filter(|known| known.network == Network::X);
    let shown: Vec<Value> = known.map(|webhook| shown(&x, &webhook)).collect();
    let mut answer = json!({"meta": {"result_count": shown.len()}});
    if !shown.is_empty() {
        answer["data"] = shown.into();
    }
    Json(answer)
}

/// `PUT /2/webhooks/{id}`: asks the CRC again.
pub(super) async fn check(x: State<X>, Path(wanted): Path<String>) -> Answer {
    let webhook = found(&x, &wanted)?;
    let ask = Subscribe {
        network: Network::X,
        url: webhook.url,
        secret: webhook.secret,
        verify_token: String::new(),
        topic: None,
        fields: None,
    };
    let proved = x.hooks.shake_hands(&ask, "subscribe").await.is_ok();
    Ok(Json(json!({"data": {"attempted": proved, "valid": proved}})))
}

/// `DELETE /2/webhooks/{id}`
pub(super) async fn delete(x: State<X>, Path(wanted): Path<String>) -> Answer {
    let webhook = found(&x, &wanted)?;
    x.hooks.unsubscribe(|known| known.id == webhook.id);
    let mut state = x.lock();
    state.webhooks.remove(&webhook.id);
    state.subscribed.remove(&webhook.id);
    Ok(Json(json!({"data": {"deleted": true}})))
}

/// `POST /2/account_activity/webhooks/{id}/subscriptions/all`
pub(super) async fn subscribe(x: State<X>, Path(wanted): Path<String>) -> Answer {
    let webhook = found(&x, &wanted)?;
    x.lock().subscribed.insert(webhook.id);
    Ok(Json(json!({"data": {"subscribed": true}})))
}

/// `GET /2/account_activity/webhooks/{id}/subscriptions/all`
pub(super) async fn subscribed(x: State<X>, Path(wanted): Path<String>) -> Answer {
    let webhook = found(&x, &wanted)?;
    let subscribed = x.lock().subscribed.contains(&webhook.id);
    Ok(Json(json!({"data": {"subscribed": subscribed}})))
}

/// `GET /2/account_activity/webhooks/{id}/subscriptions/all/list`: the users that are subscribed.
pub(super) async fn subscribers(x: State<X>, Path(wanted): Path<String>) -> Answer {
    let webhook = found(&x, &wanted)?;
    let state = x.lock();
    let users = state.subscribed.contains(&webhook.id).then(|| json!({"user_id": state.me.to_string()}));
    let users: Vec<Value> = users.into_iter().collect();
    let data = json!({
        "application_id": "1", "subscriptions": users, "webhook_id": webhook.id, "webhook_url": webhook.url.as_str(),
    });
    Ok(Json(json!({"data": data})))
}

/// `DELETE /2/account_activity/webhooks/{id}/subscriptions/{user}/all`
pub(super) async fn leave(x: State<X>, Path((wanted, user)): Path<(String, String)>) -> Answer {
    let webhook = found(&x, &wanted)?;
    id("user_id", &user)?;
    x.lock().subscribed.remove(&webhook.id);
    Ok(Json(json!({"data": {"subscribed": false}})))
}
