//! A comment and a video: what is kept of them, their hashes, and the messages they are.

use std::borrow::Cow;

use bedside_model::moderation::Standing;
use bedside_model::{Micros, Phi};
use serde::Deserialize;

use super::{is_id, watch_address};
use crate::json::{self, Json, Wanted};
use crate::raw::{Object, hash_of, short_hash};
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility, time,
};

pub(super) const COMMENT: &str = "comment";
pub(super) const VIDEO: &str = "video";

/// What is kept of what a comment says: not who likes it, what we may do with it, nor links that run out.
const SNIPPET: Wanted = Wanted::Fields(&[
    ("authorChannelId", Wanted::All),
    ("authorChannelUrl", Wanted::All),
    ("authorDisplayName", Wanted::All),
    ("authorProfileImageUrl", Wanted::All),
    ("channelId", Wanted::All),
    ("parentId", Wanted::All),
    ("publishedAt", Wanted::All),
    ("textDisplay", Wanted::All),
    ("textOriginal", Wanted::All),
    ("updatedAt", Wanted::All),
    ("videoId", Wanted::All),
]);

/// What is read of a comment: also how it is moderated.
pub(super) const OF_A_COMMENT: Wanted =
    Wanted::Fields(&[("id", Wanted::All), ("snippet", Wanted::More(&SNIPPET, &[("moderationStatus", Wanted::All)]))]);

/// The id of a resource as served.
pub(super) fn id_of<'a>(resource: &'a Json<'_>) -> Option<&'a str> {
    resource.text("id").filter(|id| is_id(id))
}

/// A field of a resource's snippet.
pub(super) fn snippet<'a>(resource: &'a Json<'_>, field: &str) -> Option<&'a str> {
    resource.get("snippet")?.text(field)
}

/// A date in a resource's snippet.
pub(super) fn date(resource: &Json<'_>, field: &str) -> Option<Micros> {
    snippet(resource, field).and_then(time::rfc3339)
}

/// What was written. YouTube gives the original to whom it belongs, and else the text as shown.
pub(super) fn words<'a>(comment: &'a Json<'_>) -> Option<&'a str> {
    snippet(comment, "textOriginal").or_else(|| snippet(comment, "textDisplay"))
}

/// Who wrote what where, and whether it can be seen: not the author's picture and name, which change
/// under old comments. `held` says that it waits for review.
fn content<'a>(comment: &'a Json<'a>, held: bool) -> Object<'a> {
    let part = |name: &str| comment.get("snippet").and_then(|snippet| snippet.get(name));
    Object::default()
        .with("author", part("authorChannelId").and_then(|id| id.get("value")))
        .with("held", held)
        .with("id", id_of(comment))
        .with("parent", part("parentId"))
        .with("published", part("publishedAt"))
        .with("text", words(comment))
}

/// The hash of a comment that has an id.
pub(super) fn comment_hash(comment: &Json<'_>, held: bool) -> String {
    hash_of(content(comment, held))
}

/// The raw item of a comment. `held` says that it waits for review, which the comment itself does not
/// always say; `title` is that of the video, which it never says.
pub(super) fn comment_item(comment: &Json<'_>, held: bool, title: Option<&str>) -> RawItem {
    let id = id_of(comment);
    let said = comment.get("snippet").map(|snippet| Object::of(snippet, &SNIPPET));
    let kept = Object::default()
        .with("held", held)
        .with("id", id)
        .with("snippet", said.unwrap_or_default())
        .with_some("video_title", title.filter(|title| !title.is_empty()))
        .with_some("whole", Some(comment).filter(|_| id.is_none()));
    RawItem::of(COMMENT, id, content(comment, held), kept)
}

/// The raw item of a video of the channel, as `playlistItems` or `videos` serve it.
pub(super) fn video_item(video: &Json<'_>) -> RawItem {
    let details = video.get("contentDetails");
    let listed = details.and_then(|details| details.text("videoId"));
    let id = listed.or_else(|| video.text("id")).filter(|id| is_id(id));
    let published = details.and_then(|details| details.text("videoPublishedAt"));
    let privacy = video.get("status").and_then(|status| status.get("privacyStatus"));
    let content = Object::default()
        .with("description", snippet(video, "description"))
        .with("id", id)
        .with("privacy", privacy)
        .with("title", snippet(video, "title"));
    let kept = content
        .clone()
        .with("channel", snippet(video, "channelId"))
        .with("channel_title", snippet(video, "channelTitle"))
        .with("published", published.or_else(|| snippet(video, "publishedAt")))
        .with_some("whole", Some(video).filter(|_| id.is_none()));
    RawItem::of(VIDEO, id, content, kept)
}

/// Parses a stored comment or video.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    match kind {
        COMMENT => comment(account, json::typed(body).map_err(|e| ParseError::not_json(&e))?),
        VIDEO => video(account, json::typed(body).map_err(|e| ParseError::not_json(&e))?),
        _ => Err(ParseError::new("the kind of item is not known", "kind")),
    }
}

#[derive(Deserialize)]
struct Comment<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(default)]
    held: bool,
    #[serde(borrow)]
    video_title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    snippet: Snippet<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet<'a> {
    #[serde(borrow)]
    author_channel_id: Option<ChannelId<'a>>,
    #[serde(borrow)]
    author_channel_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    author_display_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    author_profile_image_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    parent_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    published_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    updated_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text_original: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text_display: Option<Cow<'a, str>>,
    #[serde(borrow)]
    video_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ChannelId<'a> {
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

fn comment(account: &AccountView, item: Comment<'_>) -> Result<ParsedMessage, ParseError> {
    let id = item.id.filter(|id| is_id(id)).ok_or_else(|| ParseError::new("the comment has no id", "id"))?.into_owned();
    let said = item.snippet;
    let text = said.text_original.or(said.text_display);
    let text = text.ok_or_else(|| ParseError::new("the comment has no text", "snippet.textDisplay"))?;
    let at = |date: Option<&str>, field: &'static str| match date {
        None => Ok(None),
        Some(date) => time::rfc3339(date).map(Some).ok_or_else(|| ParseError::new("the date cannot be read", field)),
    };
    let published_at = at(said.published_at.as_deref(), "snippet.publishedAt")?;
    let updated_at = at(said.updated_at.as_deref(), "snippet.updatedAt")?;
    let parent = said.parent_id.filter(|parent| is_id(parent)).map(Cow::into_owned);
    let video = said.video_id.filter(|video| is_id(video));
    let address = video.as_deref().map(watch_address);
    let name = said.author_display_name.unwrap_or_default();
    let author = match said.author_channel_id.and_then(|id| id.value).filter(|id| !id.is_empty()) {
        Some(channel) => channel.into_owned(),
        None => format!("author:{}", short_hash(&[&name, said.author_channel_url.as_deref().unwrap_or_default()])),
    };
    Ok(ParsedMessage {
        thread_native_id: parent.clone().unwrap_or_else(|| id.clone()),
        kind: if parent.is_some() { MessageKind::Reply } else { MessageKind::Comment },
        parent_native_id: parent,
        is_own: account.is_own(&author),
        is_staff: account.is_staff(&author),
        author: ParsedAuthor {
            native_id: author,
            handle: name.starts_with('@').then(|| Phi::new(name.clone().into_owned())),
            display_name: Phi::new(name.into_owned()),
            url: said.author_channel_url.map(|url| Phi::new(url.into_owned())),
            avatar: said.author_profile_image_url.map(|url| Phi::new(url.into_owned())),
        },
        text: Phi::new(text.into_owned()),
        language_hint: None,
        rating: None,
        visibility: if item.held { Visibility::Private } else { Visibility::Public },
        permalink: address.as_ref().map(|address| format!("{address}&lc={id}")),
        published_at,
        edited_at: updated_at.filter(|&updated| published_at.is_some_and(|published| updated > published)),
        standing: Some(if item.held { Standing::Held } else { Standing::Visible }),
        removed: false,
        context: item.video_title.map(|title| ThreadContext {
            title: Phi::new(title.into_owned()),
            url: address.map(Phi::new),
            excerpt: None,
        }),
        native_id: id,
    })
}

#[derive(Deserialize)]
struct Video<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    published: Option<Cow<'a, str>>,
    #[serde(borrow)]
    channel: Option<Cow<'a, str>>,
    #[serde(borrow)]
    channel_title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    privacy: Option<Cow<'a, str>>,
}

fn video(account: &AccountView, item: Video<'_>) -> Result<ParsedMessage, ParseError> {
    let id = item.id.filter(|id| is_id(id)).ok_or_else(|| ParseError::new("the video has no id", "id"))?.into_owned();
    let title = item.title.ok_or_else(|| ParseError::new("the video has no title", "title"))?;
    let published = item.published.as_deref();
    let published_at = published
        .map(|date| time::rfc3339(date).ok_or_else(|| ParseError::new("the date cannot be read", "published")))
        .transpose()?;
    let description = item.description.unwrap_or_default();
    let address = watch_address(&id);
    let author = item.channel.unwrap_or_default().into_owned();
    Ok(ParsedMessage {
        thread_native_id: format!("video:{id}"),
        parent_native_id: None,
        kind: MessageKind::Post,
        is_own: account.is_own(&author),
        is_staff: account.is_staff(&author),
        author: ParsedAuthor {
            native_id: author,
            display_name: Phi::new(item.channel_title.unwrap_or_default().into_owned()),
            handle: None,
            url: None,
            avatar: None,
        },
        text: Phi::new(if description.is_empty() { title.to_string() } else { format!("{title}\n\n{description}") }),
        language_hint: None,
        rating: None,
        visibility: match item.privacy.as_deref() {
            Some("private") => Visibility::Private,
            Some("unlisted") => Visibility::Unlisted,
            _ => Visibility::Public,
        },
        permalink: Some(address.clone()),
        published_at,
        edited_at: None,
        standing: None,
        removed: false,
        context: Some(ThreadContext {
            title: Phi::new(title.into_owned()),
            url: Some(Phi::new(address)),
            excerpt: None,
        }),
        native_id: id,
    })
}
