//! Comments and posts as messages.

use std::borrow::Cow;

use bedside_model::{Micros, Phi};
use serde::Deserialize;

use super::little::to_plain;
use super::urn::{Comment, is_post, is_urn, whole};
use super::{micros, web_address};
use crate::http::percent_encode;
use crate::json::{self, Json, Wanted};
use crate::raw::Object;
use crate::{AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility};

/// The kind of a comment.
pub(super) const COMMENT: &str = "comment";
/// The kind of a post.
pub(super) const POST: &str = "post";

/// What is read of a stamp: not who typed it for the page.
const STAMP: Wanted = Wanted::Fields(&[("time", Wanted::All)]);

/// What is kept of a comment as it is, beside its name and its text; everything else is dropped.
const KEPT_COMMENT: Wanted = Wanted::Fields(&[
    ("actor", Wanted::All),
    ("created", STAMP),
    ("lastModified", STAMP),
    ("object", Wanted::All),
    ("parentComment", Wanted::All),
]);

/// What is read of a comment: not the marks in its text.
pub(super) const OF_A_COMMENT: Wanted = Wanted::More(
    &KEPT_COMMENT,
    &[
        ("$URN", Wanted::All),
        ("commentUrn", Wanted::All),
        (
            "commentsSummary",
            Wanted::Fields(&[("aggregatedTotalComments", Wanted::All), ("totalFirstLevelComments", Wanted::All)]),
        ),
        ("id", Wanted::All),
        ("message", Wanted::Fields(&[("text", Wanted::All)])),
    ],
);

/// What is kept of a post.
pub(super) const KEPT_POST: Wanted = Wanted::Fields(&[
    ("author", Wanted::All),
    ("commentary", Wanted::All),
    ("createdAt", Wanted::All),
    ("id", Wanted::All),
    ("lastModifiedAt", Wanted::All),
    ("publishedAt", Wanted::All),
]);

/// What is read of a notification.
pub(super) const OF_A_NOTIFICATION: Wanted = Wanted::Fields(&[
    ("action", Wanted::All),
    (
        "decoratedGeneratedActivity",
        Wanted::Fields(&[(
            "share",
            Wanted::Fields(&[("entity", Wanted::All), ("owner", Wanted::All), ("text", Wanted::All)]),
        )]),
    ),
    ("generatedActivity", Wanted::All),
    ("lastModifiedAt", Wanted::All),
    ("sourcePost", Wanted::All),
]);

/// The name of a comment as served: it stands there, or is made of the post and the number.
pub(super) fn comment_urn(comment: &Json<'_>) -> Option<String> {
    let field = |name: &str| comment.text(name);
    let made = || Some(format!("urn:li:comment:({},{})", field("object")?, field("id")?));
    let urn = field("commentUrn").or_else(|| field("$URN")).map(|urn| whole(urn).into_owned()).or_else(made)?;
    Comment::parse(&urn).is_some().then_some(urn)
}

/// The raw item of a comment as served. `post` is the post it stands under, where that was just read.
pub(super) fn comment_item(comment: &Json<'_>, post: Option<(&str, &str)>) -> RawItem {
    let native_id = comment_urn(comment);
    let native_id = native_id.as_deref();
    let text = comment.get("message").and_then(|message| message.get("text"));
    let post = post.map(|(urn, commentary)| Object::default().with("commentary", commentary).with("id", urn));
    let kept = Object::of(comment, &KEPT_COMMENT)
        .with_some("commentUrn", native_id)
        .with("message", Object::default().with("text", text))
        .with_some("post", post);
    let content = Object::default().with("actor", comment.get("actor")).with("id", native_id).with("text", text);
    RawItem::of(COMMENT, native_id, content, kept)
}

/// The raw item of a post of the page as served.
pub(super) fn post_item(post: &Json<'_>) -> RawItem {
    let native_id = post.text("id").filter(|id| is_post(id));
    let content =
        Object::default().with("author", post.get("author")).with("id", native_id).with("text", post.get("commentary"));
    RawItem::of(POST, native_id, content, Object::of(post, &KEPT_POST))
}

/// The raw item of a post of somebody that a notification speaks of; `None` where it holds no text: the
/// number of a post alone is nothing that anybody could answer.
pub(super) fn shared_item(notification: &Json<'_>) -> Option<RawItem> {
    let share = notification.get("decoratedGeneratedActivity")?.get("share")?;
    let native_id = share.text("entity").or_else(|| notification.text("generatedActivity"));
    let native_id = native_id.filter(|id| is_post(id));
    let text = share.text("text").filter(|text| !text.is_empty())?;
    let content = Object::default().with("author", share.text("owner")).with("id", native_id).with("text", text);
    let passed_on = notification.text("action") == Some("SHARE");
    let kept = content
        .clone()
        .with("createdAt", notification.get("lastModifiedAt"))
        .with_some("passedOn", notification.get("sourcePost").filter(|_| passed_on));
    Some(RawItem::of(POST, native_id, content, kept))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredComment<'a> {
    #[serde(borrow)]
    comment_urn: Cow<'a, str>,
    #[serde(borrow)]
    actor: Cow<'a, str>,
    #[serde(borrow)]
    message: Message<'a>,
    created: Option<Stamp>,
    last_modified: Option<Stamp>,
    #[serde(borrow)]
    parent_comment: Option<Cow<'a, str>>,
    #[serde(borrow)]
    post: Option<About<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Stamp {
    time: Option<i64>,
}

#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    commentary: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredPost<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    author: Cow<'a, str>,
    #[serde(borrow)]
    commentary: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    passed_on: Option<Cow<'a, str>>,
    created_at: Option<i64>,
    published_at: Option<i64>,
    last_modified_at: Option<i64>,
}

/// Parses a stored comment or post.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    match kind {
        COMMENT => comment(account, &read(body)?),
        POST => post(account, &read(body)?),
        _ => Err(ParseError::new("the kind of item is not known", "kind")),
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ParseError> {
    json::typed(body).map_err(|e| {
        if e.is_data() {
            ParseError::new("a field is missing or of another type", format!("column {}", e.column()))
        } else {
            ParseError::not_json(&e)
        }
    })
}

fn comment(account: &AccountView, stored: &StoredComment<'_>) -> Result<ParsedMessage, ParseError> {
    let urn = Comment::parse(&stored.comment_urn);
    let urn = urn.ok_or_else(|| ParseError::new("the comment has no name", "commentUrn"))?;
    let parent = stored.parent_comment.as_deref().map(whole).filter(|parent| Comment::parse(parent).is_some());
    let published_at = micros(stored.created.as_ref().and_then(|stamp| stamp.time));
    let changed_at = micros(stored.last_modified.as_ref().and_then(|stamp| stamp.time));
    Ok(ParsedMessage {
        native_id: urn.urn(),
        thread_native_id: parent.as_deref().map_or_else(|| urn.urn(), str::to_owned),
        parent_native_id: parent.as_deref().map(str::to_owned),
        kind: if parent.is_some() { MessageKind::Reply } else { MessageKind::Comment },
        author: author(&stored.actor)?,
        text: Phi::new(stored.message.text.as_deref().unwrap_or_default().to_owned()),
        language_hint: None,
        rating: None,
        visibility: Visibility::Public,
        permalink: Some(permalink(urn)),
        published_at,
        edited_at: changed_at.filter(|&changed| published_at.is_some_and(|published| changed > published)),
        is_own: account.is_own(&stored.actor),
        is_staff: account.is_staff(&stored.actor),
        standing: None,
        removed: false,
        context: stored.post.as_ref().map(|post| context(&post.id, &to_plain(&post.commentary))),
    })
}

fn post(account: &AccountView, stored: &StoredPost<'_>) -> Result<ParsedMessage, ParseError> {
    if !is_post(&stored.id) {
        return Err(ParseError::new("the post has no name", "id"));
    }
    let passed_on = stored.passed_on.as_deref().filter(|original| is_post(original));
    let text = match (&stored.text, &stored.commentary) {
        (Some(text), _) => text.clone().into_owned(),
        (None, commentary) => to_plain(commentary.as_deref().unwrap_or_default()),
    };
    let published_at = micros(stored.published_at.or(stored.created_at));
    let changed_at = micros(stored.last_modified_at);
    // A post is last changed a moment after it was published, when nobody changed it.
    let settled = published_at.map(|at| at + 60_000_000);
    Ok(ParsedMessage {
        native_id: stored.id.clone().into_owned(),
        thread_native_id: passed_on.unwrap_or(&stored.id).to_owned(),
        parent_native_id: passed_on.map(str::to_owned),
        kind: MessageKind::Post,
        author: author(&stored.author)?,
        text: Phi::new(text),
        language_hint: None,
        rating: None,
        visibility: Visibility::Public,
        permalink: Some(web_address(&stored.id)),
        published_at,
        edited_at: changed_at.filter(|&changed| settled.is_some_and(|settled| changed > settled)),
        is_own: account.is_own(&stored.author),
        is_staff: account.is_staff(&stored.author),
        standing: None,
        removed: false,
        context: None,
    })
}

/// LinkedIn gives applications no names of members.
fn author(urn: &str) -> Result<ParsedAuthor, ParseError> {
    if !is_urn(urn) {
        return Err(ParseError::new("the author has no name of LinkedIn's", "actor"));
    }
    let shown = if urn.starts_with("urn:li:organization:") { "LinkedIn page" } else { "LinkedIn member" };
    Ok(ParsedAuthor {
        native_id: urn.to_owned(),
        display_name: Phi::new(shown.to_owned()),
        handle: None,
        url: None,
        avatar: None,
    })
}

fn context(post: &str, text: &str) -> ThreadContext {
    ThreadContext {
        title: Phi::new(text.lines().next().unwrap_or_default().chars().take(80).collect()),
        url: Some(Phi::new(web_address(post))),
        excerpt: Some(Phi::new(text.to_owned())),
    }
}

/// The address of a comment for people.
pub(super) fn permalink(comment: Comment<'_>) -> String {
    format!("{}?commentUrn={}", web_address(comment.object), percent_encode(&comment.urn()))
}

/// When a post was published, as served.
pub(super) fn published(post: &Json<'_>) -> Option<Micros> {
    let at = |name: &str| micros(post.get(name).and_then(Json::as_i64));
    at("publishedAt").or_else(|| at("createdAt"))
}
