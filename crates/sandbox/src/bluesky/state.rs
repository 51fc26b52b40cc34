//! What the network knows: who there is, what was posted, and the other records of our account.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::POSTS;
use crate::kit::millis;
use crate::world::Ids;

/// What the account has posted when the world begins.
const WELCOME: &str = "Flu shots from Monday, without an appointment.";

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) did: String,
    pub(super) handle: String,
    pub(super) name: String,
}

impl Person {
    /// The same name is the same person.
    pub(super) fn named(ids: &Ids, name: &str) -> Self {
        let slug: String =
            name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let slug = slug.trim_matches('-');
        let did = base32(ids.letters_of("bluesky account", name, 32).as_bytes());
        Self {
            did: format!("did:plc:{}", &did[..24]),
            handle: format!("{}.example.org", if slug.is_empty() { "somebody" } else { slug }),
            name: name.to_owned(),
        }
    }
}

/// A post.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) did: String,
    pub(super) rkey: String,
    pub(super) record: Value,
    pub(super) cid: String,
    pub(super) indexed_at: Timestamp,
    /// Why our account is told of it, if it is.
    pub(super) reason: Option<&'static str>,
}

impl Post {
    pub(super) fn uri(&self) -> String {
        uri(&self.did, POSTS, &self.rkey)
    }

    /// The post that it answers.
    pub(super) fn parent(&self) -> Option<&str> {
        self.record["reply"]["parent"]["uri"].as_str()
    }

    /// As a record names it (`com.atproto.repo.strongRef`).
    pub(super) fn strong(&self) -> Value {
        json!({"uri": self.uri(), "cid": self.cid})
    }
}

/// Everything. Posts are in the order in which the network came to know them.
#[derive(Debug)]
pub(super) struct State {
    pub(super) me: Person,
    pub(super) people: BTreeMap<String, Person>,
    pub(super) posts: BTreeMap<u64, Post>,
    by_uri: HashMap<String, u64>,
    /// What answers a post, by its address.
    answers: HashMap<String, Vec<u64>>,
    /// Records of our account that are no posts, by collection and key.
    pub(super) records: BTreeMap<(String, String), Value>,
    count: u64,
}

impl State {
    pub(super) fn new(ids: &Ids, now: Timestamp) -> Self {
        let me = Person { handle: "elmstreet.example.org".to_owned(), ..Person::named(ids, "Elm Street Clinic") };
        let mut state = Self {
            people: BTreeMap::from([(me.did.clone(), me.clone())]),
            me,
            posts: BTreeMap::new(),
            by_uri: HashMap::new(),
            answers: HashMap::new(),
            records: BTreeMap::new(),
            count: 0,
        };
        let did = state.me.did.clone();
        let key = state.key(now);
        state.put(&did, &key, record(WELCOME, now), now);
        state
    }

    /// The next key of a record: microseconds and a count, which sort as they are.
    pub(super) fn key(&self, at: Timestamp) -> String {
        const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
        let micros = u64::try_from(at.as_microsecond()).unwrap_or(0) + self.count / 1_024;
        let bits = (micros << 10) | (self.count % 1_024);
        (0..13).rev().map(|place| char::from(ALPHABET[(bits >> (5 * place) & 31) as usize])).collect()
    }

    pub(super) fn find(&self, uri: &str) -> Option<&Post> {
        self.posts.get(self.by_uri.get(uri)?)
    }

    /// What answers a post, in order.
    pub(super) fn answers_to(&self, uri: &str) -> impl Iterator<Item = &Post> {
        self.answers.get(uri).into_iter().flatten().filter_map(|number| self.posts.get(number))
    }

    /// Writes a post, or writes it anew in its place; its CID.
    pub(super) fn put(&mut self, did: &str, rkey: &str, record: Value, now: Timestamp) -> String {
        let address = uri(did, POSTS, rkey);
        let known = self.by_uri.get(&address).copied();
        let number = known.unwrap_or_else(|| {
            self.count += 1;
            self.count
        });
        let indexed_at = known.and_then(|number| self.posts.get(&number)).map_or(now, |post| post.indexed_at);
        let reason = if did == self.me.did { None } else { self.reason(&record) };
        let cid = cid(&record);
        let post = Post { did: did.to_owned(), rkey: rkey.to_owned(), record, cid: cid.clone(), indexed_at, reason };
        if let Some(parent) = post.parent().filter(|_| known.is_none()) {
            self.answers.entry(parent.to_owned()).or_default().push(number);
        }
        self.by_uri.insert(address, number);
        self.posts.insert(number, post);
        cid
    }

    /// Takes a post away; whether it was there.
    pub(super) fn remove(&mut self, uri: &str) -> bool {
        self.by_uri.remove(uri).and_then(|number| self.posts.remove(&number)).is_some()
    }

    /// Why our account is told of somebody's post.
    fn reason(&self, record: &Value) -> Option<&'static str> {
        let is_ours = |uri: &Value| {
            let rest = uri.as_str().and_then(|uri| uri.strip_prefix("at://")?.strip_prefix(&self.me.did));
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let features = record["facets"].as_array().into_iter().flatten();
        let mut features = features.flat_map(|facet| facet["features"].as_array().into_iter().flatten());
        if is_ours(&record["reply"]["parent"]["uri"]) || is_ours(&record["reply"]["root"]["uri"]) {
            Some("reply")
        } else if features.any(|feature| feature["did"] == self.me.did) {
            Some("mention")
        } else if is_ours(&record["embed"]["record"]["uri"]) {
            Some("quote")
        } else {
            None
        }
    }
}

/// The record of a plain post.
pub(super) fn record(text: &str, at: Timestamp) -> Value {
    json!({"$type": POSTS, "text": text, "createdAt": millis(at), "langs": ["en"]})
}

/// The address of a record.
pub(super) fn uri(did: &str, collection: &str, rkey: &str) -> String {
    format!("at://{did}/{collection}/{rkey}")
}

/// A CID (version 1, DAG-CBOR, SHA-256) over the JSON of a record.
pub(super) fn cid(record: &Value) -> String {
    let mut bytes = vec![0x01, 0x71, 0x12, 0x20];
    bytes.extend(Sha256::digest(record.to_string()));
    format!("b{}", base32(&bytes))
}

/// Base32 in lower case without padding (RFC 4648), as CIDs and `did:plc` have it.
pub(super) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    let digit = |place: usize| (0..5).fold(0, |digit, at| digit << 1 | usize::from(bit(place * 5 + at)));
    (0..(bytes.len() * 8).div_ceil(5)).map(|place| char::from(ALPHABET[digit(place)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_the_standard() {
        // RFC 4648, section 10.
        for (text, written) in [("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foobar", "mzxw6ytboi")] {
            assert_eq!(base32(text.as_bytes()), written);
        }
        assert!(cid(&json!({})).starts_with("bafyrei") && cid(&json!({})).len() == 59);
    }
}
