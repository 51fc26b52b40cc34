//! Tokens of Meta, and the webhooks of the app.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use url::Url;

use super::Graph;
use super::call::{Call, success};
use super::error::GraphError;
use crate::world::{Input, Network, NotSubscribed, SECRET, Standing, Subscribe, TOKEN};

/// Sixty days, as Meta's own example has them.
const LONG: i64 = 5_183_944;
const SHORT: i64 = 3_600;

/// What the user consented to.
const SCOPES: [&str; 12] = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_messaging",
    "read_insights",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
];

/// The token of an app itself.
fn app_token(app: &str) -> String {
    format!("{app}|{SECRET}")
}

/// The app whose own token this is. Every number is an app here: each has the secret of the sandbox.
pub(super) fn app_of(token: &str) -> Option<&str> {
    let (app, secret) = token.split_once('|')?;
    let is_number = !app.is_empty() && app.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && secret == SECRET).then_some(app)
}

/// `GET /me/permissions`.
pub(super) fn permissions() -> Value {
    let granted = |scope: &str| json!({"permission": scope, "status": "granted"});
    json!({"data": SCOPES.map(granted)})
}

/// Answers the calls that need no token.
pub(super) fn answer(graph: &Graph, input: &Input, parts: &[&str]) -> Option<Result<Value, GraphError>> {
    match parts {
        ["oauth", "access_token"] | ["access_token" | "refresh_access_token"] => Some(access_token(graph, input)),
        _ => None,
    }
}

/// Whether a path is the dialog in which people consent, of Facebook or of Instagram.
pub(super) fn is_consent(parts: &[String]) -> bool {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    matches!(parts.as_slice(), ["dialog", "oauth"] | ["oauth", "authorize"])
}

/// `GET /dialog/oauth`: everybody consents, at once.
pub(super) fn consent(graph: &Graph, input: &Input) -> Response {
    let target = input.text("redirect_uri").and_then(|target| Url::parse(&target).ok());
    let Some(mut target) = target.filter(|target| matches!(target.scheme(), "http" | "https")) else {
        return (StatusCode::BAD_REQUEST, "The redirect_uri is missing or invalid.").into_response();
    };
    target.query_pairs_mut().append_pair("code", &graph.ids.letters("facebook.code", 40));
    if let Some(state) = input.text("state") {
        target.query_pairs_mut().append_pair("state", &state);
    }
    Redirect::to(target.as_str()).into_response()
}

/// `GET` or `POST /oauth/access_token`: from a code, from a short token, or for the app.
fn access_token(graph: &Graph, input: &Input) -> Result<Value, GraphError> {
    let grant = input.text("grant_type").unwrap_or_else(|| "authorization_code".to_owned());
    let is_refresh = grant == "ig_refresh_token";
    if !is_refresh && input.text("client_secret").is_none_or(|secret| secret != SECRET) {
        return Err(GraphError::bad_secret());
    }
    let exchanged = |name: &str| {
        let token = input.text(name).ok_or_else(|| GraphError::missing(name))?;
        match graph.tokens.standing(&token) {
            Standing::Valid => Ok(()),
            Standing::Expired => Err(GraphError::expired()),
            Standing::Revoked => Err(GraphError::revoked()),
            Standing::Unknown => Err(GraphError::bad_token()),
        }
    };
    let seconds = match grant.as_str() {
        "fb_exchange_token" => exchanged("fb_exchange_token").map(|()| LONG)?,
        "ig_exchange_token" | "ig_refresh_token" => exchanged("access_token").map(|()| LONG)?,
        "client_credentials" => {
            let app = input.text("client_id").unwrap_or_else(|| graph.lock().app.clone());
            return Ok(json!({"access_token": app_token(&app), "token_type": "bearer"}));
        }
        "authorization_code" => {
            input.text("code").filter(|code| !code.is_empty()).ok_or_else(|| GraphError::missing("code"))?;
            SHORT
        }
        _ => return Err(GraphError::parameter("Unsupported grant_type")),
    };
    let token = graph.tokens.issue("EAA", Some(seconds));
    Ok(json!({"access_token": token, "token_type": "bearer", "expires_in": seconds}))
}

/// `GET /debug_token?input_token`.
pub(super) fn debug(graph: &Graph, input: &Input) -> Result<Value, GraphError> {
    let token = input.text("input_token").ok_or_else(|| GraphError::missing("input_token"))?;
    let state = graph.lock();
    let standing = graph.tokens.standing(&token);
    let is_valid = standing == Standing::Valid;
    let until = graph.tokens.until(&token).map_or(0, jiff::Timestamp::as_second);
    let mut data = json!({
        "app_id": state.app, "application": "Sandbox", "is_valid": is_valid,
        "type": if token == TOKEN { "PAGE" } else { "USER" },
        "expires_at": until, "data_access_expires_at": 0,
        "profile_id": state.page.id, "user_id": state.admin.id,
        "scopes": SCOPES,
    });
    let error = match standing {
        Standing::Valid => None,
        Standing::Expired => Some((463, "Error validating access token: Session has expired.")),
        Standing::Revoked => Some((458, "Error validating access token: The user has not authorized application.")),
        Standing::Unknown => Some((0, "The access token could not be decrypted")),
    };
    if let Some((subcode, message)) = error {
        data["scopes"] = json!([]);
        data["error"] = json!({"code": 190, "message": message, "subcode": subcode});
    }
    Ok(json!({"data": data}))
}

/// The webhooks of the app.
pub(super) fn subscriptions(graph: &Graph) -> Value {
    let one = |hook: crate::world::Subscription| {
        let object = object_of(hook.network)?;
        let field = |name: &String| json!({"name": name, "version": super::VERSION});
        let fields: Vec<Value> = hook.fields.iter().flatten().map(field).collect();
        Some(json!({"object": object, "callback_url": hook.url, "active": true, "fields": fields}))
    };
    json!({"data": graph.hooks.subscriptions().into_iter().filter_map(one).collect::<Vec<Value>>()})
}

const fn object_of(network: Network) -> Option<&'static str> {
    match network {
        Network::Facebook => Some("page"),
        Network::Instagram => Some("instagram"),
        _ => None,
    }
}

fn network_of(object: &str) -> Option<Network> {
    match object {
        "page" => Some(Network::Facebook),
        "instagram" => Some(Network::Instagram),
        _ => None,
    }
}

/// `POST /{app}/subscriptions {object, callback_url, fields, verify_token}`, with the app's own token.
pub(super) async fn subscribe(call: &Call<'_>) -> Result<Value, GraphError> {
    let text = |name: &str| call.input.text(name).ok_or_else(|| GraphError::missing(name));
    let object = text("object")?;
    let network = network_of(&object).ok_or_else(|| GraphError::parameter("Param object is not known"))?;
    let url = Url::parse(&text("callback_url")?).map_err(|_| GraphError::parameter("Invalid callback_url"))?;
    let fields = call.input.list("fields");
    let fields = fields.iter().filter_map(|field| field.as_str().map(str::to_owned)).collect();
    let ask = Subscribe {
        network,
        url,
        secret: SECRET.to_owned(),
        verify_token: text("verify_token")?,
        topic: Some(object.clone()),
        fields: Some(fields),
    };
    let problem =
        |problem: NotSubscribed| GraphError::parameter(&format!("(#2200) Callback verification failed: {problem}"));
    let stands = call.graph.hooks.subscribe(ask).await.map_err(problem)?;
    // An application has one address for each kind of object.
    call.graph.hooks.unsubscribe(|hook| hook.topic.as_ref() == Some(&object) && hook.id != stands.id);
    Ok(success())
}

/// `DELETE /{app}/subscriptions?object`.
pub(super) fn unsubscribe(call: &Call<'_>) -> Value {
    let object = call.input.text("object");
    call.graph.hooks.unsubscribe(|hook| {
        let known = object_of(hook.network);
        known.is_some() && object.as_deref().is_none_or(|wanted| known == Some(wanted))
    });
    success()
}
