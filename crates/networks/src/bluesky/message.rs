//! A post: what is kept of it, its hash, and the message it is.

use std::borrow::Cow;

use bedside_model::Phi;
use serde::Deserialize;
use serde_json::{Value, json};

use super::record::{is_did, permalink, post};
use crate::raw::{pick, unreadable_id};
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, Visibility, canonical_json,
    content_hash, time,
};

/// The address of a post as served, if it is that of a post.
pub(super) fn uri(view: &Value) -> Option<&str> {
    view.get("uri")?.as_str().filter(|uri| post(uri).is_some())
}

/// The hash over what a person wrote. The CID is one over the record, the same whichever way it came.
pub(super) fn hash(view: &Value) -> String {
    let field = |name: &str| view.get(name).cloned().unwrap_or_default();
    let mut content = json!({"uri": field("uri"), "cid": field("cid")});
    if uri(view).is_none() || !field("cid").is_string() {
        content["whole"] = field("record");
    }
    content_hash(&content)
}

/// Makes the raw item of a post as served: `uri`, `cid`, `author`, `record`, `indexedAt`. One without an
/// address still gets an id, so that it is stored and ends visibly as a dead letter.
pub(super) fn raw_item(view: &Value) -> RawItem {
    let hash = hash(view);
    let native_id = uri(view).map_or_else(|| unreadable_id(&hash), str::to_owned);
    let mut kept = pick(view, &["uri", "cid", "indexedAt"]);
    if let Some(author) = view.get("author") {
        kept.insert("author".to_owned(), pick(author, &["did", "handle", "displayName", "avatar"]).into());
    }
    if let Some(record) = view.get("record") {
        kept.insert(
            "record".to_owned(),
            pick(record, &["text", "createdAt", "langs", "reply", "embed", "facets"]).into(),
        );
    }
    RawItem { native_id, kind: "post".to_owned(), body: canonical_json(&kept.into()), content_hash: hash }
}

#[derive(Deserialize)]
struct View<'a> {
    #[serde(borrow)]
    uri: Cow<'a, str>,
    #[serde(borrow)]
    author: Author<'a>,
    #[serde(borrow)]
    record: Record<'a>,
    #[serde(default, rename = "indexedAt")]
    indexed_at: Option<&'a str>,
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
    let view: View<'_> = serde_json::from_slice(body).map_err(|e| unreadable(&e))?;
    let (did, key) = post(&view.uri).ok_or_else(|| ParseError::new("the post has no address", "uri"))?;
    if view.author.did != did || !is_did(did) {
        return Err(ParseError::new("the author is not the one of the address", "author.did"));
    }
    let created_at = time::rfc3339(&view.record.created_at);
    let indexed_at = view.indexed_at.and_then(time::rfc3339);
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
