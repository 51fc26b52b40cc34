//! What the tests of all connectors share: canned answers, and a poll driven to its end.

use bedside_model::Micros;
use serde_json::Value;

use crate::{AccountView, HttpRequest, HttpResponse, Known, NetError, Page, PollInput, RawItem, start_poll, time};

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> HttpResponse {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    HttpResponse { status, headers, body: body.into() }
}

pub(crate) fn json_answer(status: u16, body: &Value) -> HttpResponse {
    answer(status, &[("content-type", "application/json")], body.to_string())
}

pub(crate) fn at(text: &str) -> Micros {
    time::rfc3339(text).unwrap()
}

/// The value of a query parameter.
pub(crate) fn query(request: &HttpRequest, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
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
