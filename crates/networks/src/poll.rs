//! Reading a network, page by page.

use bedside_model::Micros;

use crate::connector::PollSteps;
use crate::{AccountView, HttpRequest, HttpResponse, NetError};

/// One item as the network served it, less the fields that its connector declares not needed.
#[derive(Clone, PartialEq, Eq)]
pub struct RawItem {
    /// The id on the network; with the account it is unique.
    pub native_id: String,
    /// What sort of item it is, in the connector's own words; handed back to [`crate::parse`].
    pub kind: String,
    /// The item as canonical JSON.
    pub body: Vec<u8>,
    /// SHA-256 in hex over what a person would call the content. A changed hash is an edit.
    pub content_hash: String,
}

impl std::fmt::Debug for RawItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawItem")
            .field("native_id", &self.native_id)
            .field("kind", &self.kind)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What one answer brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Items, new and old alike: storing them is idempotent on (account, native id, hash).
    pub items: Vec<RawItem>,
    /// Ids of items that are no longer to be seen on the network. May name an id twice, and ids
    /// that were never stored.
    pub gone: Vec<String>,
}

/// An item we have stored and believe to be visible still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The id on the network.
    pub native_id: String,
    /// The hash of the newest version stored.
    pub content_hash: String,
    /// When it was published.
    pub published_at: Option<Micros>,
}

/// What a poll begins with.
#[derive(Debug, Clone, Copy)]
pub struct PollInput<'a> {
    /// The account.
    pub account: &'a AccountView,
    /// The settings of the source, as described in the connector's module.
    pub source: &'a serde_json::Value,
    /// The cursor saved last, or `None` for the first sync. A cursor of a form that the connector
    /// does not know counts as none: reading twice is harmless.
    pub cursor: Option<&'a serde_json::Value>,
    /// What is stored of this source and was published in the last 30 days.
    pub known: &'a [Known],
    /// Now.
    pub now: Micros,
}

/// How far back items are watched for edits and deletions.
pub const WATCH_WINDOW: Micros = 30 * 86_400 * 1_000_000;

/// A poll under way. See the crate's documentation for its use.
#[derive(Debug)]
pub struct Poll(pub(crate) Box<dyn PollSteps>);

impl Poll {
    /// The next request, or `None` when the poll is complete. Asking twice gives the same request.
    pub fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    /// Takes the answer to the last request and moves on. An error leaves the poll where it was, so
    /// that the request may be repeated; or the poll may be dropped and begun anew later.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        self.0.on_response(response)
    }

    /// The cursor to save once all pages returned so far are stored. Safe at any time: a poll that
    /// is begun with it misses nothing.
    pub fn cursor(&self) -> serde_json::Value {
        self.0.cursor()
    }
}
