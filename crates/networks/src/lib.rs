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
//! Networks that tell by themselves are heard through [`verify_webhook`] and [`read_webhook`], and
//! those that push through [`start_stream`]. Both give the same [`RawItem`]s that a poll gives, with
//! the same ids and hashes: whichever comes first is kept, and the poll remains the truth.
//!
//! **The way out.** [`objections`] says before sending what the network will not take. [`start_send`]
//! gives a [`Sending`]; most operations are one request, those with media prepare first. Its outcome
//! judges the answers (or their absence), and where it is unknown [`start_readback`] looks at the
//! network to see whether the operation took effect. An operation is sent again only when it provably
//! was not accepted.
//!
//! **Connecting.** [`authorisation_address`], [`start_exchange`] and [`start_renewal`] are the flow in
//! which somebody lets us act for an account; [`start_self_test`] proves what works.
//!
//! **Closed by an enum.** [`Network`] is matched exhaustively in one place, which names the connector
//! of each. What differs in degree stands as data: [`capabilities`] and [`limits`].
//!
//! What is absent: message text, names, handles and secrets in `Debug` output and in errors.

mod account;
mod authorise;
pub mod bluesky;
pub mod captions;
mod connector;
mod dispatch;
pub mod email;
mod error;
pub mod facebook;
pub mod feeds;
mod google;
pub mod google_business;
mod http;
pub mod import;
pub mod instagram;
mod json;
pub mod linkedin;
pub mod mastodon;
mod media;
mod message;
mod meta;
mod metrics;
mod network;
mod objection;
mod operation;
mod poll;
mod raw;
pub mod review_page;
mod self_test;
mod stream;
mod subscription;
#[cfg(test)]
mod testing;
mod text;
mod time;
pub mod watch;
mod webhook;
mod websub;
pub mod wordpress;
pub mod x;
pub mod yelp;
pub mod youtube;

pub use account::{AccountView, Credentials, Oauth2, Secret, Session};
pub use authorise::{App, AuthorisationRequest, CodeExchange, Granted, Permission, Registration};
pub use connector::Order;
pub use dispatch::{
    Granting, Metrics, Registering, authorisation_address, capabilities, classify, end_subscription, first_sources,
    home, is_spent, limits, objections, parse, permissions, price, pushes, read_webhook, read_webhook_keys,
    registers_by_itself, sources, start_exchange, start_metrics, start_poll, start_readback, start_registration,
    start_renewal, start_self_test, start_send, start_stream, start_subscription, verify_webhook, webhook_farewell,
    webhook_handshake, webhook_keys,
};
pub use error::{ErrorClass, NetError, ParseError};
pub use http::{HttpRequest, HttpResponse, Method, Piece, TransportError};
pub use media::{Media, MediaKind};
pub use message::{MessageKind, ParsedAuthor, ParsedMessage, ThreadContext, Visibility};
pub use metrics::{Figure, Metric, MetricsOf};
pub use network::{
    Capabilities, Capability, Counted, Limits, MediaLimit, Network, Period, Quota, ResendSafety, Titles, Way,
};
pub use objection::Objection;
pub use operation::{Operation, Outcome, OwnKind, Readback, ReadbackVerdict, Sending};
pub use poll::{Known, Page, Poll, PollInput, RawItem};
pub use raw::{canonical_json, content_hash};
pub use self_test::{SelfReport, SelfTest};
pub use stream::{StreamInput, StreamReader, StreamStart, StreamTransport};
pub use subscription::{Promise, Subscribing, Wish};
pub use text::{html_escape, html_to_text, normalise_for_comparison};
pub use webhook::{Delivery, DeliveryPart, Forged, Handshake, Incoming, Query, Verified, address_is_secret};
