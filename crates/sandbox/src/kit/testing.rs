//! A client for stories about one network: it speaks HTTP to a world on loopback.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::fault_proxy::wire;
use crate::world::hooks::sign::hmac_sha256;
use crate::world::{Kind, Network, SECRET, World, Write, spawn};
use crate::{Clock, Running, fixed_clock};

/// The time at which every story begins.
pub(crate) const START: &str = "2026-11-24T12:00:00Z";

/// A world that is served, and a client of it.
pub(crate) struct Story {
    pub(crate) world: World,
    running: Running,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A request on its way.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Story {
    /// A world whose clock stands still.
    pub(crate) async fn begin() -> Self {
        Self::with_clock(fixed_clock(START.parse().unwrap())).await
    }

    /// A world whose clock is the story's.
    pub(crate) async fn with_clock(clock: Clock) -> Self {
        let world = World::new(clock, 7);
        Self { running: spawn(world.clone()).await.unwrap(), world }
    }

    /// The world ends in order.
    pub(crate) async fn end(self) {
        self.running.stop().await;
    }

    /// The root, without a slash at its end.
    pub(crate) fn base(&self) -> String {
        self.running.base_url().trim_end_matches('/').to_owned()
    }

    /// A request with the token that everybody knows.
    pub(crate) fn call(&self, method: &'static str, path: &str) -> Call {
        let call = Call { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() };
        call.header("host", &self.running.addr().to_string()).header("authorization", "Bearer sandbox")
    }

    /// Somebody writes.
    pub(crate) fn write(&self, network: Network, kind: Kind, author: &str, text: &str) -> Value {
        let (author, text) = (Some(author.to_owned()), Some(text.to_owned()));
        self.world.write(&Write { kind, author, text, ..Write::on(network) }).unwrap()
    }
}

impl Call {
    /// A header; it replaces one of the same name.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("content-type", "application/json")
    }

    pub(crate) fn form(mut self, body: &str) -> Self {
        self.body = body.as_bytes().to_vec();
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    /// A form with one file, and other fields.
    pub(crate) fn file(mut self, field: &str, media_type: &str, bytes: &[u8], others: &[(&str, &str)]) -> Self {
        for (name, value) in others {
            let part = format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            self.body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"f\"\r\ncontent-type: {media_type}\r\n\r\n"
        );
        self.body.extend_from_slice(head.as_bytes());
        self.body.extend_from_slice(bytes);
        self.body.extend_from_slice(b"\r\n--b--\r\n");
        self.header("content-type", "multipart/form-data; boundary=b")
    }

    pub(crate) fn bytes(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    /// The answer's status and JSON.
    pub(crate) async fn send(self) -> (u16, Value) {
        let answer = self.answer().await;
        (answer.status, answer.json())
    }

    pub(crate) async fn answer(self) -> Answer {
        let host = self.headers.iter().find(|(name, _)| name == "host").map(|(_, host)| host.clone()).unwrap();
        let mut stream = TcpStream::connect(&host).await.unwrap();
        let mut head = format!("{} {} HTTP/1.1\r\nconnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        stream.write_all(&[head.as_bytes(), &self.body].concat()).await.unwrap();
        let message = wire::read(&mut stream).await.unwrap().unwrap();
        let status = message.first_line().split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, headers: message.headers(), body: message.body }
    }
}

/// A webhook that answers every network's question, and keeps what it is told.
pub(crate) struct Receiver {
    running: Running,
    told: mpsc::UnboundedReceiver<Told>,
    forgotten: Arc<Mutex<Vec<String>>>,
}

/// What a webhook was told.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Told {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let take = move |headers: HeaderMap, body: Bytes| {
            let tell = tell.clone();
            async move { drop(tell.send(Told { headers, body })) }
        };
        let forgotten = Arc::<Mutex<Vec<String>>>::default();
        let gone = forgotten.clone();
        let prove = async move |uri: Uri, asked: Query<HashMap<String, String>>| {
            let is_gone = gone.lock().unwrap().iter().any(|path| path == uri.path());
            if is_gone { Err(StatusCode::NOT_FOUND) } else { Ok(prove(asked).await) }
        };
        let hook = get(prove).post(take);
        let router = Router::new().route("/hook", hook.clone()).route("/hooks/{id}", hook);
        let serve =
            |listener, stopped: crate::serving::Stopped| crate::serving::serve_until(listener, router, stopped.wait());
        Self { running: Running::start(serve).await.unwrap(), told, forgotten }
    }

    pub(crate) fn url(&self) -> String {
        format!("{}hook", self.running.base_url())
    }

    /// Nobody answers at this path any more.
    pub(crate) fn forget(&self, path: &str) {
        self.forgotten.lock().unwrap().push(path.to_owned());
    }

    /// The next thing that it is told.
    pub(crate) async fn next(&mut self) -> Told {
        self.told.recv().await.unwrap()
    }
}

async fn prove(Query(asked): Query<HashMap<String, String>>) -> String {
    let hmac = |text: &str| hmac_sha256(SECRET.as_bytes(), text.as_bytes());
    if let Some(token) = asked.get("crc_token") {
        return json!({"response_token": format!("sha256={}", STANDARD.encode(hmac(token)))}).to_string();
    }
    if let Some(code) = asked.get("challengeCode") {
        return json!({"challengeCode": code, "challengeResponse": hex::encode(hmac(code))}).to_string();
    }
    asked.get("hub.challenge").or_else(|| asked.get("verification")).cloned().unwrap_or_default()
}
