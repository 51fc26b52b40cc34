//! What a network tells us by itself: the handshake, the signature, the reading.
//!
//! The signature is over the raw body, so nothing is read before it is verified: [`Verified`] is
//! the only thing that can be read, and only [`crate::verify_webhook`] makes one.

use bedside_model::Micros;
use hmac::{Hmac, Mac as _};
use serde_json::{Map, Value};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::subscription::{Asking, Wish};
use crate::{AccountView, HttpRequest, HttpResponse, NetError, Network, ParseError, RawItem};

/// How a network's webhooks work.
pub(crate) trait Webhooks: Sync {
    /// Begins to ask the network to deliver to an address; `None` where a person sets that up at the network, or
    /// nothing has to be asked. Repeating it renews, and looks whether all still stands.
    fn subscribe(&self, _wish: Wish<'_>) -> Asking {
        None
    }

    /// Begins to ask the network to deliver nothing more for the account; `None` where a person ends that there.
    fn unsubscribe(&self, _wish: Wish<'_>) -> Asking {
        None
    }

    /// Answers the request with which a network makes sure that we want an end (WebSub).
    fn farewell(&self, _account: &AccountView, _query: &Query<'_>) -> Handshake {
        Handshake::NotOne
    }

    /// Answers the request with which a network makes sure that an address is ours.
    fn handshake(&self, account: &AccountView, query: &Query<'_>) -> Handshake;

    /// The request for the public keys that deliveries are checked with, where those that the account holds
    /// are missing or old; `None` for networks that sign with a secret.
    fn keys(&self, _account: &AccountView, _now: Micros) -> Option<Result<HttpRequest, NetError>> {
        None
    }

    /// Reads the answer: settings to merge into the account's.
    fn keys_of(&self, _response: &HttpResponse, _now: Micros) -> Result<Map<String, Value>, NetError> {
        Ok(Map::new())
    }

    /// Whether the delivery is the network's. `now` bounds the age of what is dated.
    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, now: Micros) -> Result<(), Forged>;

    /// Reads a delivery. What cannot be read in part is left to the poll (`poll_now`).
    fn read(&self, account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError>;
}

/// The parameters of a query.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a>(pub &'a [(String, String)]);

impl<'a> Query<'a> {
    /// The first parameter of this name.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Whether what a network delivers carries nothing of ours, so that the address itself is the secret: the
/// account's [`hook_secret`](crate::AccountView::hook_secret) is its last part. Of other networks that is the
/// token which they repeat when they ask whether we want to hear.
pub const fn address_is_secret(network: Network) -> bool {
    matches!(network, Network::Yelp | Network::GoogleBusiness)
}

/// A delivery as it came in.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    /// Headers as received, in any case.
    pub headers: &'a [(String, String)],
    /// The secret part of the address it came to, for networks that sign nothing.
    pub path_secret: &'a str,
    /// The raw body.
    pub body: &'a [u8],
}

impl<'a> Incoming<'a> {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

impl std::fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming").field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// The answer to a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handshake {
    /// Answer 200 with this.
    Answer {
        /// The media type.
        content_type: &'static str,
        /// The body.
        body: String,
    },
    /// It is a handshake, but not for us: answer 403.
    Refused,
    /// It is no handshake: answer 400.
    NotOne,
}

/// A delivery that is not the network's, or cannot be told to be. Says which check failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Forged(pub &'static str);

/// The body of a delivery whose signature holds.
#[derive(Debug, Clone, Copy)]
pub struct Verified<'a>(pub(crate) &'a [u8]);

/// What one delivery brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// Part by part: one delivery may speak of several accounts of the same application.
    pub parts: Vec<DeliveryPart>,
}

/// What a delivery says of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryPart {
    /// The account's own id on the network; `None` for the account whose address it came to.
    pub owner: Option<String>,
    /// Items, with the ids and hashes that a poll would give them: whichever comes first is kept.
    pub items: Vec<RawItem>,
    /// Ids of items that are no longer to be seen.
    pub gone: Vec<String>,
    /// Something changed that only a poll can tell: poll the account's sources at once.
    pub poll_now: bool,
}

/// HMAC-SHA-256 over the parts, one behind the other. Compare with [`same_bytes`] only.
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { unreachable!("an HMAC takes a key of any length") };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether two byte strings are equal, in a time that does not tell where they differ.
pub(crate) fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}
