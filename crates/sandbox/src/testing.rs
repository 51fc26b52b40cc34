//! A client for the tests: it speaks plain HTTP, and tells "not sent" from "maybe sent".

use bedside_model::{Micros, Phi};
use bedside_networks::{
    AccountView, HttpRequest, HttpResponse, Known, NetError, Operation, Order, Outcome, ParsedMessage, PollInput,
    Promise, RawItem, ReadbackVerdict, SelfReport, Subscribing, TransportError, Wish, end_subscription, start_poll,
    start_readback, start_self_test, start_send, start_subscription,
};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::fault_proxy::wire;

/// Sends a connector's request.
pub(crate) async fn send(request: &HttpRequest) -> Result<HttpResponse, TransportError> {
    let host = request.url.host_str().unwrap_or_default();
    let port = request.url.port_or_known_default().unwrap_or(80);
    let stream = TcpStream::connect((host, port)).await;
    let mut stream = stream.map_err(|_| TransportError::NotSent("the connection was refused"))?;
    let target = &request.url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut bytes =
        format!("{} {target} HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\n", request.method.as_str());
    for (name, value) in &request.headers {
        bytes.push_str(&format!("{name}: {}\r\n", value.expose()));
    }
    let body = whole_body(request);
    bytes.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    let mut bytes = bytes.into_bytes();
    bytes.extend_from_slice(&body);
    let answer = async {
        stream.write_all(&bytes).await?;
        wire::read(&mut stream).await
    };
    match answer.await {
        Ok(Some(message)) => Ok(HttpResponse {
            status: message.first_line().split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0),
            headers: message.headers(),
            body: message.body,
        }),
        Ok(None) => Err(TransportError::MaybeSent("the connection was closed without an answer")),
        Err(_) => Err(TransportError::MaybeSent("the connection broke")),
    }
}

/// The body with the piece of a file in its place. Any bytes do: a file is as long as it says.
fn whole_body(request: &HttpRequest) -> Vec<u8> {
    let mut body = request.body.clone();
    if let Some(piece) = &request.piece {
        let bytes = vec![7; usize::try_from(piece.bytes).unwrap()];
        body.splice(piece.at..piece.at, bytes);
    }
    body
}

/// 2026-11-24T12:00:00Z, when the stories of most networks begin.
pub(crate) const NOW: Micros = 1_795_521_600_000_000;

/// What is sent for an operation.
pub(crate) fn order<'a>(account: &'a AccountView, operation: &'a Operation) -> Order<'a> {
    Order { account, operation, idempotency_key: "out_1", progress: None, now: NOW }
}

/// Sends an operation to its end.
pub(crate) async fn deliver(account: &AccountView, operation: &Operation) -> Outcome {
    let mut sending = start_send(order(account, operation)).unwrap();
    while let Some(request) = sending.next_request() {
        sending.on_answer(send(&request).await.as_ref());
    }
    sending.outcome()
}

/// A request as people and the demo send it to the control API.
pub(crate) async fn control(base: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = url::Url::parse(base).unwrap().join(path).unwrap();
    let (host, port) = (url.host_str().unwrap().to_owned(), url.port().unwrap());
    let mut stream = TcpStream::connect((host.as_str(), port)).await.unwrap();
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let message = wire::read(&mut stream).await.unwrap().unwrap();
    let status = message.first_line().split(' ').nth(1).unwrap().parse().unwrap();
    let text = String::from_utf8(message.body).unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// Polls to the end; the items.
pub(crate) async fn poll(input: PollInput<'_>) -> (Vec<RawItem>, Vec<String>, Value) {
    let mut poll = start_poll(input).unwrap();
    let (mut items, mut gone) = (Vec::new(), Vec::new());
    while let Some(request) = poll.next_request() {
        let page = poll.on_response(&send(&request).await.unwrap()).unwrap();
        items.extend(page.items);
        gone.extend(page.gone);
    }
    (items, gone, poll.cursor())
}

/// What an item says.
pub(crate) fn parse(account: &AccountView, item: &RawItem) -> ParsedMessage {
    bedside_networks::parse(account, &item.kind, &item.body).unwrap()
}

/// Items as the store remembers them for the next poll.
pub(crate) fn known(account: &AccountView, items: &[RawItem]) -> Vec<Known> {
    let known = |item: &RawItem| Known {
        native_id: item.native_id.clone(),
        content_hash: item.content_hash.clone(),
        published_at: parse(account, item).published_at,
    };
    items.iter().map(known).collect()
}

/// An answer to a message.
pub(crate) fn reply(message: &ParsedMessage, text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: message.thread_native_id.clone(),
        parent_native_id: Some(message.native_id.clone()),
        visibility: message.visibility,
        text: Phi::new(text.to_owned()),
    }
}

/// The id of what was delivered.
pub(crate) fn delivered(outcome: Outcome) -> String {
    match outcome {
        Outcome::Delivered { native_id: Some(id), .. } => id,
        other => panic!("not delivered: {other:?}"),
    }
}

/// What a look at the network finds of an operation that was sent at [`NOW`].
pub(crate) async fn look(account: &AccountView, operation: &Operation) -> ReadbackVerdict {
    look_at(account, operation, NOW).await
}

/// What a look at the network finds of an operation that was sent at a time.
pub(crate) async fn look_at(account: &AccountView, operation: &Operation, sent: Micros) -> ReadbackVerdict {
    let mut readback = start_readback(account, operation, sent).unwrap();
    while let Some(request) = readback.next_request() {
        readback.on_response(&send(&request).await.unwrap()).unwrap();
    }
    readback.verdict()
}

/// What the self-test of an account says.
pub(crate) async fn self_test(account: &AccountView) -> SelfReport {
    let mut test = start_self_test(account).unwrap();
    while let Some(request) = test.next_request() {
        test.on_response(&send(&request).await.unwrap()).unwrap();
    }
    test.report()
}

/// Asks for webhooks at an address of ours.
pub(crate) async fn subscribe(account: &AccountView, callback: &str) -> Result<Promise, NetError> {
    let callback = callback.parse().unwrap();
    say(start_subscription(Wish { account, callback: &callback, now: NOW }).unwrap()?).await
}

/// Asks for their end.
pub(crate) async fn unsubscribe(account: &AccountView, callback: &str) -> Result<Promise, NetError> {
    let callback = callback.parse().unwrap();
    say(end_subscription(Wish { account, callback: &callback, now: NOW }).unwrap()?).await
}

async fn say(mut asking: Subscribing) -> Result<Promise, NetError> {
    while let Some(request) = asking.next_request() {
        asking.on_response(&send(&request).await.unwrap())?;
    }
    Ok(asking.promise())
}
