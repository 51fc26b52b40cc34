//! What the tests of all connectors share: canned answers, and a poll driven to its end.

use bedside_model::Micros;
use serde_json::Value;

use crate::json::{self, Json, Wanted};
use crate::{
    AccountView, HttpRequest, HttpResponse, Known, NetError, Operation, Order, Outcome, Page, PollInput, RawItem,
    TransportError, start_poll, start_send, time,
};

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> HttpResponse {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    HttpResponse { status, headers, body: body.into() }
}

pub(crate) fn json_answer(status: u16, body: &Value) -> HttpResponse {
    answer(status, &[("content-type", "application/json")], body.to_string())
}

/// A thing as a network serves it.
pub(crate) fn served(value: &Value) -> Json<'static> {
    json::read(value.to_string().as_bytes(), &Wanted::All).unwrap().into_owned()
}

pub(crate) fn at(text: &str) -> Micros {
    time::rfc3339(text).unwrap()
}

/// The value of a query parameter.
pub(crate) fn query(request: &HttpRequest, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The first request of an operation.
pub(crate) fn request(account: &AccountView, operation: &Operation, key: &str) -> Result<HttpRequest, NetError> {
    let sending = start_send(order(account, operation, key))?;
    Ok(sending.next_request().expect("a sending begins with a request"))
}

/// What an operation of one request comes to with this answer.
pub(crate) fn outcome(
    account: &AccountView,
    operation: &Operation,
    answer: Result<&HttpResponse, &TransportError>,
) -> Outcome {
    let mut sending = start_send(order(account, operation, "k")).expect("the operation can be sent");
    sending.on_answer(answer);
    assert_eq!(sending.next_request(), None, "one request is all");
    sending.outcome()
}

pub(crate) fn order<'a>(account: &'a AccountView, operation: &'a Operation, key: &'a str) -> Order<'a> {
    Order { account, operation, idempotency_key: key, progress: None, now: at("2026-11-24T12:00:00Z") }
}

/// Sends an operation of any number of requests against a function that plays the network.
pub(crate) fn run_send(
    order: Order<'_>,
    mut network: impl FnMut(&HttpRequest) -> Result<HttpResponse, TransportError>,
) -> (Outcome, Vec<HttpRequest>, Option<Value>) {
    let mut sending = start_send(order).expect("the operation can be sent");
    let mut requests = Vec::new();
    while let Some(request) = sending.next_request() {
        assert!(requests.len() < 100, "a sending must end");
        let answer = network(&request);
        requests.push(request);
        sending.on_answer(answer.as_ref());
    }
    (sending.outcome(), requests, sending.progress())
}

/// All that a finished poll brought, and its cursor.
pub(crate) struct Polled {
    pub(crate) items: Vec<RawItem>,
    pub(crate) gone: Vec<String>,
    pub(crate) cursor: Value,
    pub(crate) requests: Vec<HttpRequest>,
}

impl Polled {
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.native_id.as_str()).collect()
    }

    /// The items as the store would know them afterwards.
    pub(crate) fn known(&self, account: &AccountView) -> Vec<Known> {
        self.items
            .iter()
            .map(|item| Known {
                native_id: item.native_id.clone(),
                content_hash: item.content_hash.clone(),
                published_at: crate::parse(account, &item.kind, &item.body).ok().and_then(|m| m.published_at),
            })
            .collect()
    }
}

/// Runs a poll against a function that plays the network.
pub(crate) fn run_poll(
    input: PollInput<'_>,
    mut network: impl FnMut(&HttpRequest) -> HttpResponse,
) -> Result<Polled, NetError> {
    let mut poll = start_poll(input)?;
    let (mut items, mut gone, mut requests) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(request) = poll.next_request() {
        assert!(requests.len() < 1_000, "a poll must end");
        let page: Page = poll.on_response(&network(&request))?;
        requests.push(request);
        items.extend(page.items);
        gone.extend(page.gone);
    }
    Ok(Polled { items, gone, cursor: poll.cursor(), requests })
}
