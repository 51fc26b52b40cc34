//! A client and a webhook for the stories of the world.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::mpsc;

use super::hooks::client;
use super::{TOKEN, World, spawn};
use crate::{Clock, Running};

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// A clock that a story sets forward.
#[derive(Clone)]
pub(crate) struct Hands(Arc<Mutex<Timestamp>>);

impl Hands {
    pub(crate) fn forward(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now = Timestamp::from_second(now.as_second() + seconds).unwrap();
    }
}

/// A world on a free port, and somebody who speaks to it with the sandbox's token.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) base: String,
    pub(crate) clock: Hands,
    pub(crate) ready: Value,
    running: Running,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        let hands = Hands(Arc::new(Mutex::new("2026-11-27T12:00:00Z".parse().unwrap())));
        let clock: Clock = {
            let hands = hands.clone();
            Arc::new(move || *hands.0.lock().unwrap())
        };
        let world = World::new(clock, 7);
        let running = spawn(world.clone()).await.unwrap();
        let base = running.base_url().trim_end_matches('/').to_owned();
        let ready = world.ready(&base)["networks"].clone();
        Self { world, base, clock: hands, ready, running }
    }

    /// Ends the world.
    pub(crate) async fn end(self) {
        self.running.stop().await;
    }

    /// An id of the ready line.
    pub(crate) fn id(&self, network: &str, name: &str) -> String {
        self.ready[network][name].as_str().unwrap().to_owned()
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Answer { status, headers, text: answer.text().await? })
    }

    /// A request with the sandbox's token.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.bare(method, path).bearer_auth(TOKEN)
    }

    /// A request without a token.
    pub(crate) fn bare(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        client::client().unwrap().request(method.parse().unwrap(), url)
    }

    pub(crate) async fn call(&self, request: reqwest::RequestBuilder) -> Answer {
        self.send(request).await.unwrap()
    }

    pub(crate) async fn try_get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.send(self.request("GET", path)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(self.request("GET", path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call(self.request("DELETE", path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        let request = self.request("POST", path).header("content-type", "application/json").body(body.to_string());
        self.call(request).await
    }

    pub(crate) async fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = self.request("POST", path).header("content-type", "application/x-www-form-urlencoded").body(body);
        self.call(request).await
    }

    /// A person writes; the id of what they wrote.
    pub(crate) async fn write(&self, body: Value) -> String {
        let answer = self.post("/_sandbox/write", body).await;
        assert!(answer.status < 300, "{}", answer.text);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn fault(&self, body: Value) {
        let answer = self.post("/_sandbox/fault", body).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }
}

/// Something that was delivered.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Delivered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// A webhook that echoes challenges, and hands over what is delivered.
pub(crate) struct Webhook {
    pub(crate) url: String,
    deliveries: mpsc::UnboundedReceiver<Delivered>,
    _running: Running,
}

#[derive(Clone)]
struct Desk {
    deliveries: mpsc::UnboundedSender<Delivered>,
    refuse: Arc<Mutex<u32>>,
}

impl Webhook {
    /// A webhook that refuses so many deliveries before it takes one.
    pub(crate) async fn open(refuse: u32) -> Self {
        let (sender, deliveries) = mpsc::unbounded_channel();
        let desk = Desk { deliveries: sender, refuse: Arc::new(Mutex::new(refuse)) };
        let router = Router::new().route("/hook", get(echo).post(take)).with_state(desk);
        let running = Running::start(|listener, stopped| crate::serving::serve_until(listener, router, stopped.wait()))
            .await
            .unwrap();
        Self { url: format!("{}hook", running.base_url()), deliveries, _running: running }
    }

    pub(crate) async fn next(&mut self) -> Delivered {
        self.deliveries.recv().await.unwrap()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.deliveries.is_empty()
    }
}

async fn echo(Query(query): Query<Vec<(String, String)>>) -> String {
    query.into_iter().find(|(name, _)| name == "hub.challenge").map(|(_, value)| value).unwrap_or_default()
}

async fn take(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> StatusCode {
    desk.deliveries.send(Delivered { headers, body }).unwrap();
    let mut refuse = desk.refuse.lock().unwrap();
    if *refuse > 0 {
        *refuse -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    StatusCode::OK
}
