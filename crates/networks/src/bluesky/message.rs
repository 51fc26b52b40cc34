//! A post: what is kept of it, its hash, and the message it is.

use std::borrow::Cow;

use bedside_model::Phi;
use serde::Deserialize;

use super::record::{is_did, permalink, post};
use crate::json::{self, Json, Wanted};
use crate::raw::{Object, hash_of};
use crate::{AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, Visibility, time};

/// What is kept of a record.
pub(super) const RECORD: Wanted = Wanted::Fields(&[
    ("createdAt", Wanted::All),
    ("embed", Wanted::All),
    ("facets", Wanted::All),
    ("langs", Wanted::All),
    ("reply", Wanted::All),
    ("text", Wanted::All),
]);

/// What is kept of a post.
pub(super) const KEPT: Wanted = Wanted::Fields(&[
    (
        "author",
        Wanted::Fields(&[
            ("did", Wanted::All),
            ("handle", Wanted::All),
            ("displayName", Wanted::All),
            ("avatar", Wanted::All),
        ]),
    ),
    ("cid", Wanted::All),
    ("indexedAt", Wanted::All),
    ("record", RECORD),
    ("uri", Wanted::All),
]);

/// The address of a post as served, if it is that of a post.
pub(super) fn uri<'a>(view: &'a Json<'_>) -> Option<&'a str> {
    view.text("uri").filter(|uri| post(uri).is_some())
}

/// What a person wrote. The CID is a hash over the record, the same whichever way it came.
fn content<'a>(view: &'a Json<'a>) -> Object<'a> {
    let content = Object::default().with("cid", view.get("cid")).with("uri", view.get("uri"));
    if view.text("cid").is_some() { content } else { content.with("record", view.get("record")) }
}

/// The hash of a post that has an address.
pub(super) fn hash(view: &Json<'_>) -> String {
    hash_of(content(view))
}

/// Makes the raw item of a post as served. One without an address still gets an id, so that it is stored
/// and ends visibly as a dead letter.
pub(super) fn raw_item(view: &Json<'_>) -> RawItem {
    RawItem::of("post", uri(view), content(view), Object::of(view, &KEPT))
}

#[derive(Deserialize)]
struct View<'a> {
    #[serde(borrow)]
    uri: Cow<'a, str>,
    #[serde(borrow)]
    author: Author<'a>,
    #[serde(borrow)]
    record: Record<'a>,
    #[serde(default, borrow, rename = "indexedAt")]
    indexed_at: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Author<'a> {
    #[serde(borrow)]
    did: Cow<'a, str>,
    #[serde(default)]
    handle: Option<String>,
    #[serde(default, rename = "displayName")]
    display_name: Option<String>,
    #[serde(default)]
    avatar: Option<String>,
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow, rename = "createdAt")]
    created_at: Cow<'a, str>,
    #[serde(default)]
    langs: Option<Vec<String>>,
    #[serde(default, borrow)]
    reply: Option<Reply<'a>>,
    #[serde(default, borrow)]
    embed: Option<Embed<'a>>,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    root: Place<'a>,
    #[serde(borrow)]
    parent: Place<'a>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    uri: Cow<'a, str>,
}

/// Only what is quoted is of interest, which stands one level deeper beside images.
#[derive(Deserialize)]
struct Embed<'a> {
    #[serde(default, borrow)]
    record: Option<Quoted<'a>>,
}

#[derive(Deserialize)]
struct Quoted<'a> {
    #[serde(default, borrow)]
    uri: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    record: Option<Place<'a>>,
}

impl<'a> Embed<'a> {
    fn quoted(self) -> Option<Cow<'a, str>> {
        let quoted = self.record?;
        quoted.uri.or_else(|| Some(quoted.record?.uri))
    }
}

/// Parses a stored post.
pub(crate) fn parse(account: &AccountView, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let view: View<'_> = json::typed(body).map_err(|e| unreadable(&e))?;
    let (did, key) = post(&view.uri).ok_or_else(|| ParseError::new("the post has no address", "uri"))?;
    if view.author.did != did || !is_did(did) {
        return Err(ParseError::new("the author is not the one of the address", "author.did"));
    }
    let created_at = time::rfc3339(&view.record.created_at);
    let indexed_at = view.indexed_at.as_deref().and_then(time::rfc3339);
    // Authors date their posts themselves; none was written after the network had seen it.
    let published_at = match (created_at, indexed_at) {
        (Some(created), Some(indexed)) => created.min(indexed),
        (one, other) => one.or(other).ok_or_else(|| ParseError::new("the date cannot be read", "record.createdAt"))?,
    };
    let quoted = view.record.embed.and_then(Embed::quoted);
    // A quote of ours is filed under what it quotes; other quotes begin threads of their own.
    let quoted = quoted.filter(|uri| post(uri).is_some_and(|(did, _)| account.is_own(did)));
    let (root, parent) = match view.record.reply {
        Some(reply) => (Some(reply.root.uri), Some(reply.parent.uri)),
        None => (None, None),
    };
    Ok(ParsedMessage {
        native_id: view.uri.clone().into_owned(),
        kind: if parent.is_some() { MessageKind::Reply } else { MessageKind::Post },
        thread_native_id: root.or_else(|| quoted.clone()).unwrap_or_else(|| view.uri.clone()).into_owned(),
        parent_native_id: parent.or(quoted).map(Cow::into_owned),
        is_own: account.is_own(did),
        is_staff: account.is_staff(did),
        permalink: Some(permalink(did, key)),
        text: Phi::new(view.record.text.into_owned()),
        language_hint: view.record.langs.and_then(|langs| langs.into_iter().next()),
        author: author(view.author),
        rating: None,
        visibility: Visibility::Public,
        published_at: Some(published_at),
        edited_at: None,
        standing: None,
        removed: false,
        context: None,
    })
}

fn unreadable(error: &serde_json::Error) -> ParseError {
    if error.is_data() {
        let at = format!("line {} column {}", error.line(), error.column());
        return ParseError::new("a field of the post is missing or of another type", at);
    }
    ParseError::not_json(error)
}

fn author(author: Author<'_>) -> ParsedAuthor {
    // A handle that no longer belongs to the account is shown to nobody.
    let handle = author.handle.filter(|handle| !handle.is_empty() && handle != "handle.invalid");
    let name = author.display_name.filter(|name| !name.trim().is_empty());
    let did = author.did.into_owned();
    ParsedAuthor {
        url: Some(Phi::new(format!("https://bsky.app/profile/{did}"))),
        display_name: Phi::new(name.or_else(|| handle.clone()).unwrap_or_else(|| did.clone())),
        handle: handle.map(|handle| Phi::new(format!("@{handle}"))),
        avatar: author.avatar.map(Phi::new),
        native_id: did,
    }
}
