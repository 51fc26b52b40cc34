//! A status: what is kept of it, its hash, and the message it is.

use std::borrow::Cow;

use bedside_model::Phi;
use serde::Deserialize;

use super::is_id;
use crate::json::{self, Json, Wanted};
use crate::raw::{Object, Part, hash_of};
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, Visibility, html_to_text, time,
};

/// Where the status is noted that began the thread, which the status itself does not say.
const THREAD_ROOT: &str = "bedside_thread_root";

/// What is kept of a status.
const KEPT: Wanted = Wanted::Fields(&[
    (
        "account",
        Wanted::Fields(&[
            ("id", Wanted::All),
            ("acct", Wanted::All),
            ("username", Wanted::All),
            ("display_name", Wanted::All),
            ("url", Wanted::All),
            ("avatar", Wanted::All),
        ]),
    ),
    ("content", Wanted::All),
    ("created_at", Wanted::All),
    ("edited_at", Wanted::All),
    ("id", Wanted::All),
    ("in_reply_to_id", Wanted::All),
    ("language", Wanted::All),
    (
        "media_attachments",
        Wanted::Fields(&[
            ("id", Wanted::All),
            ("type", Wanted::All),
            ("description", Wanted::All),
            ("url", Wanted::All),
        ]),
    ),
    ("mentions", Wanted::Fields(&[("id", Wanted::All), ("acct", Wanted::All), ("username", Wanted::All)])),
    ("quote", Wanted::Fields(&[("quoted_status", Wanted::Fields(&[("id", Wanted::All), ("url", Wanted::All)]))])),
    ("spoiler_text", Wanted::All),
    ("uri", Wanted::All),
    ("url", Wanted::All),
    ("visibility", Wanted::All),
]);

/// What is read of a status: also whether it is a boost, and how many answered it.
pub(super) const STATUS: Wanted =
    Wanted::More(&KEPT, &[("reblog", Wanted::Fields(&[])), ("replies_count", Wanted::All)]);

/// The id of a status as served.
pub(super) fn status_id<'a>(status: &'a Json<'_>) -> Option<&'a str> {
    status.text("id").filter(|id| is_id(id))
}

/// What the status answers or quotes, if anything.
pub(super) fn parent_id<'a>(status: &'a Json<'_>) -> Option<&'a str> {
    let quoted = || status.get("quote")?.get("quoted_status")?.text("id");
    status.text("in_reply_to_id").or_else(quoted).filter(|id| is_id(id))
}

/// A boost shows another's status and says nothing itself.
pub(super) fn is_boost(status: &Json<'_>) -> bool {
    status.get("reblog").is_some_and(Json::is_object)
}

/// What a person wrote and to whom: not names, counts and pictures, nor the address, which changes when
/// an account moves.
fn content<'a>(status: &'a Json<'a>) -> Object<'a> {
    let file = |file: &'a Json<'a>| -> Vec<Part<'a>> {
        vec![file.get("id").into(), file.text("description").unwrap_or_default().into()]
    };
    Object::default()
        .with("account", status.get("account").and_then(|account| account.get("id")))
        .with("content", status.get("content"))
        .with("files", status.elements("media_attachments").map(file).collect::<Vec<_>>())
        .with("id", status.get("id"))
        .with("in_reply_to_id", status.get("in_reply_to_id"))
        .with("spoiler_text", status.get("spoiler_text"))
        .with("visibility", status.get("visibility"))
}

/// The hash of a status that has an id.
pub(super) fn hash(status: &Json<'_>) -> String {
    hash_of(content(status))
}

/// Makes the raw item of a status as served. One without an id still gets one, so that it is stored
/// and ends visibly as a dead letter.
pub(super) fn raw_item(status: &Json<'_>, root: Option<&str>) -> RawItem {
    let kept = Object::of(status, &KEPT).with_some(THREAD_ROOT, root);
    RawItem::of("status", status_id(status), content(status), kept)
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default, borrow)]
    content: Cow<'a, str>,
    #[serde(default)]
    spoiler_text: Option<String>,
    #[serde(borrow)]
    created_at: Cow<'a, str>,
    #[serde(default)]
    edited_at: Option<String>,
    #[serde(default)]
    in_reply_to_id: Option<String>,
    #[serde(borrow)]
    visibility: Cow<'a, str>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    uri: Option<String>,
    #[serde(borrow)]
    account: Account<'a>,
    #[serde(default)]
    quote: Option<Quote>,
    #[serde(default)]
    bedside_thread_root: Option<String>,
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    acct: Cow<'a, str>,
    #[serde(default, borrow)]
    display_name: Cow<'a, str>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    avatar: Option<String>,
}

#[derive(Deserialize)]
struct Quote {
    #[serde(default)]
    quoted_status: Option<Quoted>,
}

#[derive(Deserialize)]
struct Quoted {
    #[serde(default)]
    id: Option<String>,
}

/// Parses a stored status.
pub(crate) fn parse(account: &AccountView, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let status: Status<'_> = json::typed(body).map_err(|e| unreadable(&e))?;
    if !is_id(&status.id) {
        return Err(ParseError::new("the status has no id", "id"));
    }
    let date = |text: &str, field: &'static str| {
        time::utc_without_offset(text).ok_or_else(|| ParseError::new("the date cannot be read", field))
    };
    let published_at = date(&status.created_at, "created_at")?;
    let edited_at = status.edited_at.as_deref().map(|edited| date(edited, "edited_at")).transpose()?;
    let visibility = visibility(&status.visibility)
        .ok_or_else(|| ParseError::new("the visibility is none of Mastodon's", "visibility"))?;
    let is_own = account.is_own(&status.account.id);
    let mut text = html_to_text(&status.content);
    if is_own && status.in_reply_to_id.is_some() {
        // Whom it answers we put there ourselves when it was sent.
        text = without_leading_handles(&text).to_owned();
    }
    if let Some(warning) = status.spoiler_text.as_deref().filter(|warning| !warning.trim().is_empty()) {
        text = format!("{}\n\n{text}", warning.trim()).trim_end().to_owned();
    }
    let quoted = status.quote.and_then(|quote| quote.quoted_status?.id);
    let thread = status.bedside_thread_root.or_else(|| status.in_reply_to_id.clone()).or_else(|| quoted.clone());
    Ok(ParsedMessage {
        thread_native_id: thread.unwrap_or_else(|| status.id.clone().into_owned()),
        native_id: status.id.into_owned(),
        kind: if status.in_reply_to_id.is_some() { MessageKind::Reply } else { MessageKind::Post },
        parent_native_id: status.in_reply_to_id.or(quoted),
        is_own,
        is_staff: account.is_staff(&status.account.id),
        author: author(status.account),
        text: Phi::new(text),
        language_hint: status.language.filter(|language| !language.is_empty()),
        rating: None,
        visibility,
        permalink: status.url.or(status.uri),
        published_at: Some(published_at),
        edited_at,
        standing: None,
        removed: false,
        context: None,
    })
}

fn unreadable(error: &serde_json::Error) -> ParseError {
    if error.is_data() {
        let at = format!("line {} column {}", error.line(), error.column());
        return ParseError::new("a field of the status is missing or of another type", at);
    }
    ParseError::not_json(error)
}

fn author(account: Account<'_>) -> ParsedAuthor {
    let name = match account.display_name.trim() {
        "" => account.acct.clone().into_owned(),
        name => name.to_owned(),
    };
    ParsedAuthor {
        native_id: account.id.into_owned(),
        display_name: Phi::new(name),
        handle: Some(Phi::new(format!("@{}", account.acct))),
        url: account.url.map(Phi::new),
        avatar: account.avatar.map(Phi::new),
    }
}

/// What only followers or those named may see is private here.
pub(super) fn visibility(name: &str) -> Option<Visibility> {
    match name {
        "public" => Some(Visibility::Public),
        "unlisted" => Some(Visibility::Unlisted),
        "private" | "direct" => Some(Visibility::Private),
        _ => None,
    }
}

/// A text without the handles it begins with.
pub(super) fn without_leading_handles(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('@') {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest = rest[end..].trim_start();
    }
    rest
}
