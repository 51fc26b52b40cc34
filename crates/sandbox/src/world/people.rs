//! The control API, and the pages on which people see what happened.

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Dispatch;
use super::emulator::{Action, Write};
use super::fault::Fault;
use super::hooks::{NotSubscribed, Subscribe};
use super::network::Network;
use crate::page::{escape, page};

pub(super) fn routes() -> Router<Dispatch> {
    Router::new()
        .route("/", get(networks))
        .route("/_sandbox/home/{network}", get(home))
        .route("/_sandbox/write", post(write))
        .route("/_sandbox/fault", post(fault))
        .route("/_sandbox/webhook", post(subscribe).get(subscriptions))
        .route("/_sandbox/pages", post(add_page))
        .route("/_sandbox/redeliver", post(redeliver))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/log", get(log))
}

/// An error of the control API.
fn refused(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({"error": {"code": code, "message": message}}))).into_response()
}

/// The body of a control call. Its errors name the place in the JSON and never a value.
fn read<T: for<'de> Deserialize<'de>>(body: Value) -> Result<T, Box<Response>> {
    serde_json::from_value(body)
        .map_err(|error| Box::new(refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid", &error.to_string())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPage {
    name: String,
}

/// The administrator of the Facebook page gets another one.
async fn add_page(State(dispatch): State<Dispatch>, Json(body): Json<Value>) -> Response {
    match read::<NewPage>(body) {
        Ok(NewPage { name }) if !name.trim().is_empty() => {
            (StatusCode::CREATED, Json(dispatch.world.add_page(name.trim()))).into_response()
        }
        Ok(_) => refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "`name` says what the page is called"),
        Err(response) => *response,
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Writes {
    Many(Vec<Value>),
    One(Value),
}

/// One thing that is written, or a list of them; of a list either all or those before the first that
/// is refused take effect.
async fn write(State(dispatch): State<Dispatch>, Json(body): Json<Writes>) -> Response {
    let one = |body: Value| -> Result<(StatusCode, Value), Box<Response>> {
        let write: Write = read(body)?;
        let status = if write.action == Action::Add { StatusCode::CREATED } else { StatusCode::OK };
        let written = dispatch.world.write(&write).map_err(|refused| Box::new(refused.into_response()))?;
        Ok((status, written))
    };
    let answer = match body {
        Writes::One(body) => one(body),
        Writes::Many(bodies) => {
            let written: Result<Vec<Value>, _> =
                bodies.into_iter().map(|body| one(body).map(|(_, written)| written)).collect();
            written.map(|written| (StatusCode::CREATED, Value::Array(written)))
        }
    };
    answer.map_or_else(|refused| *refused, |(status, written)| (status, Json(written)).into_response())
}

async fn fault(State(dispatch): State<Dispatch>, Json(body): Json<Value>) -> Response {
    let fault: Fault = match read(body) {
        Ok(fault) => fault,
        Err(refused) => return *refused,
    };
    match dispatch.world.control.add_fault(fault) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(problem) => refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid", problem),
    }
}

async fn subscribe(State(dispatch): State<Dispatch>, Json(body): Json<Value>) -> Response {
    let ask: Subscribe = match read(body) {
        Ok(ask) => ask,
        Err(refused) => return *refused,
    };
    match dispatch.world.hooks.subscribe(ask).await {
        Ok(subscription) => (StatusCode::CREATED, Json(subscription)).into_response(),
        Err(problem @ NotSubscribed::NotLoopback) => {
            refused(StatusCode::UNPROCESSABLE_ENTITY, "not_loopback", &problem.to_string())
        }
        Err(problem) => refused(StatusCode::BAD_GATEWAY, "not_verified", &problem.to_string()),
    }
}

async fn subscriptions(State(dispatch): State<Dispatch>) -> Response {
    Json(dispatch.world.hooks.subscriptions()).into_response()
}

async fn redeliver(State(dispatch): State<Dispatch>) -> StatusCode {
    dispatch.world.hooks.redeliver();
    StatusCode::NO_CONTENT
}

async fn reset(State(dispatch): State<Dispatch>) -> StatusCode {
    dispatch.world.reset();
    StatusCode::NO_CONTENT
}

async fn log(State(dispatch): State<Dispatch>) -> Response {
    Json(dispatch.world.control.log()).into_response()
}

async fn networks(State(dispatch): State<Dispatch>) -> Html<String> {
    let links: String = dispatch
        .world
        .networks()
        .map(|(network, _)| {
            format!("<li><a href=\"/_sandbox/home/{}\">{}</a></li>", network.name(), escape(network.title()))
        })
        .collect();
    let note = "Emulated networks, to practise on. Nothing here leaves this machine.";
    Html(page("The sandbox", note, &format!("<ul>{links}</ul>")))
}

async fn home(State(dispatch): State<Dispatch>, Path(name): Path<String>) -> Response {
    let Some(network) = Network::named(&name) else {
        return refused(StatusCode::NOT_FOUND, "unknown", "there is no such network here");
    };
    let note = "An emulated network. Nothing here leaves this machine.";
    Html(page(network.title(), note, &dispatch.world.emulator(network).home())).into_response()
}
