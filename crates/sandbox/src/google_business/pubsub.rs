//! Notices: an account names a topic, a subscription pushes it to an address, with a token that says
//! who pushes (OpenID Connect, RS256). The key is made for this emulator and guards nothing.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Error, GoogleBusiness};
use crate::kit::Fields;
use crate::world::{Event, Network, Subscribe};

/// Whom the tokens name as the one who pushes, where a subscription names nobody.
const PUSHER: &str = "pubsub@sandbox.iam.gserviceaccount.com";
/// Seconds that such a token is good for.
const LASTS: i64 = 3_600;

/// What is set up.
#[derive(Debug, Default)]
pub(super) struct PubSub {
    /// The topic that the account's notices go to.
    topic: String,
    /// Which notices.
    types: Vec<String>,
    topics: Vec<String>,
    subscriptions: BTreeMap<String, Subscription>,
}

#[derive(Debug, Clone)]
struct Subscription {
    topic: String,
    /// The webhook in this world.
    hook: String,
    audience: String,
    pusher: String,
}

/// `GET /v1/accounts/{account}/notificationSetting`
pub(super) async fn setting(google: State<GoogleBusiness>, Path(account): Path<String>) -> Result<Json<Value>, Error> {
    let state = google.lock();
    if state.account != format!("accounts/{account}") {
        return Err(Error::not_found());
    }
    Ok(Json(json!({
        "name": format!("{}/notificationSetting", state.account), "pubsubTopic": state.pubsub.topic,
        "notificationTypes": state.pubsub.types,
    })))
}

/// `PATCH /v1/accounts/{account}/notificationSetting?updateMask=…`
pub(super) async fn set(
    google: State<GoogleBusiness>,
    account: Path<String>,
    fields: Fields,
) -> Result<Json<Value>, Error> {
    let body = fields.json();
    let mask = fields.list("updateMask");
    if mask.is_empty() {
        return Err(Error::invalid("update_mask is required"));
    }
    let wants = |long: &str, short: &str| mask.iter().any(|name| name == long || name == short || name == "*");
    {
        let mut state = google.lock();
        if state.account != format!("accounts/{}", account.0) {
            return Err(Error::not_found());
        }
        if wants("pubsubTopic", "pubsub_topic") {
            body["pubsubTopic"].as_str().unwrap_or_default().clone_into(&mut state.pubsub.topic);
        }
        if wants("notificationTypes", "notification_types") {
            let types = body["notificationTypes"].as_array().cloned().unwrap_or_default();
            state.pubsub.types = types.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
    }
    setting(google, account).await
}

/// `PUT /v1/projects/{project}/topics/{topic}`, of Pub/Sub
pub(super) async fn create_topic(
    google: State<GoogleBusiness>,
    Path((project, topic)): Path<(String, String)>,
) -> Json<Value> {
    let name = format!("projects/{project}/topics/{topic}");
    google.lock().pubsub.topics.push(name.clone());
    Json(json!({"name": name}))
}

/// `PUT /v1/projects/{project}/subscriptions/{subscription}`, of Pub/Sub; only those that push.
pub(super) async fn subscribe(
    google: State<GoogleBusiness>,
    Path((project, subscription)): Path<(String, String)>,
    fields: Fields,
) -> Result<Json<Value>, Error> {
    let body = fields.json();
    let topic = body["topic"].as_str().unwrap_or_default().to_owned();
    if !google.lock().pubsub.topics.contains(&topic) {
        return Err(Error::not_found());
    }
    let push = &body["pushConfig"];
    let endpoint = push["pushEndpoint"].as_str().unwrap_or_default();
    let ask = Subscribe {
        network: Network::GoogleBusiness,
        url: endpoint.parse().map_err(|_| Error::invalid("Invalid push endpoint given"))?,
        secret: String::new(),
        verify_token: String::new(),
        topic: Some(topic.clone()),
        fields: None,
    };
    let hook = google.hooks.subscribe(ask).await.map_err(|error| Error::invalid(&error.to_string()))?.id;
    let text = |name: &str, usual: &str| push["oidcToken"][name].as_str().unwrap_or(usual).to_owned();
    let known =
        Subscription { topic, hook, audience: text("audience", endpoint), pusher: text("serviceAccountEmail", PUSHER) };
    let name = format!("projects/{project}/subscriptions/{subscription}");
    google.lock().pubsub.subscriptions.insert(name.clone(), known);
    Ok(Json(
        json!({"name": name, "topic": body["topic"], "pushConfig": push, "ackDeadlineSeconds": 10, "state": "ACTIVE"}),
    ))
}

/// `DELETE /v1/projects/{project}/subscriptions/{subscription}`, of Pub/Sub
pub(super) async fn unsubscribe(
    google: State<GoogleBusiness>,
    Path((project, subscription)): Path<(String, String)>,
) -> Result<Json<Value>, Error> {
    let name = format!("projects/{project}/subscriptions/{subscription}");
    let gone = google.lock().pubsub.subscriptions.remove(&name).ok_or_else(Error::not_found)?;
    google.hooks.unsubscribe(|known| known.id == gone.hook);
    Ok(Json(json!({})))
}

impl GoogleBusiness {
    /// Tells that something happened to a review, where the account wants to know: to each
    /// subscription with a token of its own, and to those that were registered by control.
    pub(super) fn announce(&self, kind: &str, review: &str) {
        let now = self.now();
        let state = self.lock();
        let (topic, wants) = (state.pubsub.topic.clone(), state.pubsub.types.iter().any(|wanted| wanted == kind));
        let subscriptions = state.pubsub.subscriptions.clone();
        drop(state);
        let place = review.split("/reviews/").next().unwrap_or_default();
        let data = json!({"notificationType": kind, "locationName": place, "reviewName": review}).to_string();
        let id = self.ids.digits("pubsub message", 16);
        let message = |subscription: &str, audience: &str, pusher: &str| {
            let time = now.to_string();
            let body = json!({
                "message": {
                    "data": STANDARD.encode(&data), "messageId": id, "message_id": id, "publishTime": time,
                    "publish_time": time, "attributes": {},
                },
                "subscription": subscription,
            });
            let mut event = Event::json(&body);
            event.headers = token(audience, pusher, now)
                .map(|token| ("authorization", format!("Bearer {token}")))
                .into_iter()
                .collect();
            event
        };
        for (name, known) in subscriptions.iter().filter(|(_, known)| wants && known.topic == topic) {
            let event = message(name, &known.audience, &known.pusher);
            self.hooks.publish(Network::GoogleBusiness, &event, |webhook| webhook.id == known.hook);
        }
        // Those of control have no topic, and get everything.
        let by_control = self.hooks.subscriptions().into_iter();
        for webhook in by_control.filter(|known| known.network == Network::GoogleBusiness && known.topic.is_none()) {
            let event = message("projects/sandbox/subscriptions/sandbox", webhook.url.as_str(), PUSHER);
            self.hooks.publish(Network::GoogleBusiness, &event, |known| known.id == webhook.id);
        }
    }
}

fn key() -> Option<KeyPair> {
    KeyPair::from_pkcs8(include_bytes!("signing_key.der")).ok()
}

/// The name of the key, which follows from it.
fn key_id(public: &[u8]) -> String {
    hex::encode(&Sha256::digest(public)[..20])
}

/// A token of OpenID Connect that says who pushes to whom.
fn token(audience: &str, pusher: &str, now: Timestamp) -> Option<String> {
    let key = key()?;
    let header = json!({"alg": "RS256", "kid": key_id(key.public_key().as_ref()), "typ": "JWT"});
    let claims = json!({
        "iss": "https://accounts.google.com", "aud": audience, "email": pusher, "email_verified": true,
        "sub": "100000000000000000001", "azp": "100000000000000000001", "iat": now.as_second(),
        "exp": now.as_second() + LASTS,
    });
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&claims));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// `GET /oauth2/v3/certs`: the key that tokens are checked with, as a JWK.
pub(super) async fn keys() -> Response {
    let Some(key) = key() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let parts = PublicKeyComponents::<Vec<u8>>::from(key.public());
    Json(json!({"keys": [{
        "kty": "RSA", "alg": "RS256", "use": "sig", "kid": key_id(key.public_key().as_ref()),
        "n": URL_SAFE_NO_PAD.encode(parts.n), "e": URL_SAFE_NO_PAD.encode(parts.e),
    }]}))
    .into_response()
}

/// Whether a token is one that this key signed, for tests.
#[cfg(test)]
pub(super) fn is_signed(token: &str, keys: &Value) -> bool {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let Some((signed, signature)) = token.rsplit_once('.') else { return false };
    let key = &keys["keys"][0];
    let public = PublicKeyComponents { n: decode(key["n"].as_str().unwrap()), e: decode(key["e"].as_str().unwrap()) };
    let algorithm = &ring::signature::RSA_PKCS1_2048_8192_SHA256;
    public.verify(algorithm, signed.as_bytes(), &decode(signature)).is_ok()
}
