//! What a server pushes: the events of the account (`docs.joinmastodon.org/methods/streaming`).
//!
//! The stream cannot ask to which thread a status belongs. What answers something unknown is left to
//! the poll, which can; everything else is the same item that the poll would give.

use serde_json::{Value, json};
use url::Url;

use super::message::{STATUS, is_boost, parent_id, raw_item, status_id};
use super::poll::{NOTIFICATION, told};
use super::roots::Roots;
use super::{at, is_id, own, signed};
use crate::json::{self, Json};
use crate::stream::{StreamInput, StreamReader, StreamStart, StreamSteps, StreamTransport, Streaming};
use crate::{Method, NetError, Page, ParseError};

/// Servers send a sign of life every 15 seconds.
const SILENCE_SECONDS: u32 = 90;

/// The events of the account.
pub(super) struct User;

impl Streaming for User {
    fn start(&self, input: StreamInput<'_>) -> Result<StreamStart, NetError> {
        let account = input.account;
        let root = root(account.setting("streaming"), &account.base_url)?;
        let request = signed(account, Method::Get, at(&root, "/api/v1/streaming/user", &[]))?;
        let events = Events {
            own: own(account)?.to_owned(),
            roots: input.cursor.map(Roots::of_cursor).unwrap_or_default(),
            saved: input.cursor.filter(|cursor| cursor.is_object()).cloned().unwrap_or_else(|| json!({"v": 1})),
        };
        Ok(StreamStart {
            transport: StreamTransport::ServerSentEvents,
            url: request.url,
            headers: request.headers.into_iter().filter(|(name, _)| *name == "authorization").collect(),
            hello: None,
            silence_seconds: SILENCE_SECONDS,
            reader: StreamReader(Box::new(events)),
        })
    }
}

/// Where the server streams. It names the address of its WebSocket; events come from the same host.
pub(super) fn root(streaming: Option<&str>, base: &Url) -> Result<Url, NetError> {
    let told = streaming.ok_or(NetError::Unsupported { what: "this server does not stream: it is polled" })?;
    let plain = told.strip_prefix("wss://").map(|rest| format!("https://{rest}"));
    let plain = plain.or_else(|| Some(format!("http://{}", told.strip_prefix("ws://")?)));
    let root = plain.and_then(|plain| Url::parse(&plain).ok());
    // Servers behind a proxy do not always know how they are spoken to.
    if root.as_ref().is_some_and(|root| is_same_host(root, base)) {
        return Ok(base.clone());
    }
    // The token goes over a plain connection only where it does anyway.
    root.filter(|root| root.scheme() == "https" || base.scheme() == "http")
        .ok_or(NetError::Config { what: "the server's address for streaming is not one" })
}

/// Whether both are the same server.
pub(super) fn is_same_host(one: &Url, other: &Url) -> bool {
    one.host_str() == other.host_str() && one.port_or_known_default() == other.port_or_known_default()
}

#[derive(Debug)]
struct Events {
    own: String,
    /// The threads that are known: at first those of the poll, then also what was heard here.
    roots: Roots,
    /// The rest of the cursor, which is the poll's.
    saved: Value,
}

impl Events {
    fn status(&mut self, status: &Json<'_>, page: &mut Page) {
        if is_boost(status) {
            return;
        }
        let Some(id) = status_id(status) else {
            page.items.push(raw_item(status, None));
            return;
        };
        if let Some(root) = self.roots.find(id, parent_id(status)) {
            self.roots.learn(id, &root);
            page.items.push(raw_item(status, Some(&root)));
        }
    }

    /// Whether a status of the home timeline concerns us: our own, or one that names us.
    fn concerns_us(&self, status: &Json<'_>) -> bool {
        let is_us = |account: &Json<'_>| account.text("id") == Some(self.own.as_str());
        status.get("account").is_some_and(is_us) || status.elements("mentions").any(is_us)
    }
}

impl StreamSteps for Events {
    fn on_frame(&mut self, frame: &[u8]) -> Result<Page, ParseError> {
        let end = frame.iter().position(|&byte| byte == b'\n').unwrap_or(frame.len());
        let (event, data) = (&frame[..end], frame.get(end + 1..).unwrap_or_default());
        let read = |wanted| json::read(data, wanted).map_err(|e| ParseError::not_json(&e));
        let mut page = Page::default();
        match event {
            b"update" | b"status.update" => {
                let status = read(&STATUS)?;
                if self.concerns_us(&status) {
                    self.status(&status, &mut page);
                }
            }
            b"notification" => {
                if let Some(status) = told(&mut read(&NOTIFICATION)?) {
                    self.status(&status, &mut page);
                }
            }
            b"delete" => {
                let id = std::str::from_utf8(data).ok().map(str::trim).filter(|id| is_id(id));
                page.gone.extend(id.map(str::to_owned));
            }
            _ => {}
        }
        Ok(page)
    }

    fn cursor(&self) -> Value {
        let mut cursor = self.saved.clone();
        if let (Ok(roots), Some(fields)) = (serde_json::to_value(&self.roots), cursor.as_object_mut()) {
            fields.insert("roots".to_owned(), roots);
        }
        cursor
    }
}
