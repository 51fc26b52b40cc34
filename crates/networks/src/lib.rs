//! How each network speaks, without speaking: "sans I/O" connectors.
//!
//! A connector is a handful of plain functions from values to values. It builds the request for an
//! operation, reads the answer, says what an error means, and parses one raw item into a message.
//! It opens no socket, reads no clock and draws no random number: the engine does that, on one
//! guarded HTTP client, and a test does it with canned bytes. So every answer a network ever gave
//! us can be replayed, and a second network costs a folder, not a second way of doing things.
//!
//! **The way in.** [`start_poll`] gives a [`Poll`]: ask it for [`Poll::next_request`], send that,
//! hand the answer to [`Poll::on_response`], store the returned [`Page`], and repeat until there is
//! no further request. [`Poll::cursor`] may be saved whenever all pages returned so far are stored.
//! An error leaves the poll where it was. [`parse`] turns one stored item into a
//! [`ParsedMessage`]; an item that cannot be parsed gives an error that says where, never what.
//!
//! **The way out.** [`request`] builds the one request of an [`Operation`], [`outcome`] judges the
//! answer (or its absence), and where the outcome is unknown [`start_readback`] looks at the network
//! to see whether the operation took effect. An operation is sent again only when it provably was
//! not accepted; that rule lives in [`outcome`], and nowhere else.
//!
//! **Closed by an enum.** [`Network`] is matched exhaustively; adding a network does not compile
//! until every question has an answer. What differs in degree stands as data: [`capabilities`] and
//! [`limits`].
//!
//! What is absent: message text, names, handles and secrets in `Debug` output and in errors.

mod account;
mod dispatch;
mod error;
pub mod feeds;
pub mod google_business;
mod http;
pub mod import;
mod message;
mod network;
mod operation;
mod poll;
mod raw;
mod self_test;
#[cfg(test)]
mod testing;
mod text;
mod time;
pub mod wordpress;

pub use account::{AccountView, Credentials, Secret};
pub use dispatch::{
    capabilities, classify, limits, outcome, parse, request, start_poll, start_readback, start_self_test,
};
pub use error::{ErrorClass, NetError, ParseError};
pub use http::{HttpRequest, HttpResponse, Method, TransportError};
pub use message::{MessageKind, ParsedAuthor, ParsedMessage, ThreadContext, Visibility};
pub use network::{Capabilities, Capability, Counted, Limits, Network, ResendSafety};
pub use operation::{Operation, Outcome, OwnKind, Readback, ReadbackVerdict};
pub use poll::{Known, Page, Poll, PollInput, RawItem};
pub use raw::{canonical_json, content_hash};
pub use self_test::{SelfReport, SelfTest};
pub use text::{html_escape, html_to_text, normalise_for_comparison};
