//! A comment and a video: what is kept of them, their hashes, and the messages they are.

use std::borrow::Cow;

use bedside_model::moderation::Standing;
use bedside_model::{Micros, Phi};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{is_id, watch_address};
use crate::raw::short_hash;
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility, time,
};

pub(super) const COMMENT: &str = "comment";
pub(super) const VIDEO: &str = "video";

/// What is kept of a comment: not who likes it, what we may do with it, nor links that run out.
const KEPT: [&str; 11] = [
    "authorChannelId",
    "authorChannelUrl",
    "authorDisplayName",
    "authorProfileImageUrl",
    "channelId",
    "parentId",
    "publishedAt",
    "textDisplay",
    "textOriginal",
    "updatedAt",
    "videoId",
];

/// The id of a resource as served.
pub(super) fn id_of(resource: &Value) -> Option<&str> {
    resource.get("id")?.as_str().filter(|id| is_id(id))
}

/// A field of a resource's snippet.
pub(super) fn snippet<'a>(resource: &'a Value, field: &str) -> Option<&'a str> {
    resource.get("snippet")?.get(field)?.as_str()
}

/// A date in a resource's snippet.
pub(super) fn date(resource: &Value, field: &str) -> Option<Micros> {
    snippet(resource, field).and_then(time::rfc3339)
}

/// What was written. YouTube gives the original to whom it belongs, and else the text as shown.
pub(super) fn words(comment: &Value) -> Option<&str> {
    snippet(comment, "textOriginal").or_else(|| snippet(comment, "textDisplay"))
}

/// The raw item of a comment. `held` says that it waits for review, which the comment itself does not
/// always say; `title` is that of the video, which it never says.
///
/// The hash is over who wrote what where, and whether it can be seen: not over the author's picture
/// and name, which change under old comments.
pub(super) fn comment_item(comment: &Value, held: bool, title: Option<&str>) -> RawItem {
    let mut kept = Map::new();
    for name in KEPT {
        if let Some(field) = comment.get("snippet").and_then(|snippet| snippet.get(name)).filter(|f| !f.is_null()) {
            kept.insert(name.to_owned(), field.clone());
        }
    }
    let author = kept.get("authorChannelId").and_then(|id| id.get("value")).cloned();
    let id = id_of(comment);
    let content = json!({
        "id": id, "author": author, "parent": kept.get("parentId"), "published": kept.get("publishedAt"),
        "text": words(comment), "held": held,
    });
    let mut body = json!({"id": id, "snippet": kept, "held": held});
    if let Some(title) = title.filter(|title| !title.is_empty()) {
        body["video_title"] = title.into();
    }
    if id.is_none() {
        body["whole"] = comment.clone();
    }
    RawItem::keep(COMMENT, id, content, &body)
}

/// The raw item of a video of the channel, as `playlistItems` or `videos` serve it.
pub(super) fn video_item(video: &Value) -> RawItem {
    let listed = video.get("contentDetails").and_then(|details| details.get("videoId")).and_then(Value::as_str);
    let id = listed.or_else(|| video.get("id")?.as_str()).filter(|id| is_id(id));
    let published = video.get("contentDetails").and_then(|details| details.get("videoPublishedAt")?.as_str());
    let privacy = video.get("status").and_then(|status| status.get("privacyStatus"));
    let mut body = json!({
        "id": id, "title": snippet(video, "title"), "description": snippet(video, "description"),
        "published": published.or_else(|| snippet(video, "publishedAt")),
        "channel": snippet(video, "channelId"), "channel_title": snippet(video, "channelTitle"),
        "privacy": privacy,
    });
    if id.is_none() {
        body["whole"] = video.clone();
    }
    let content = json!({
        "id": id, "title": body["title"], "description": body["description"], "privacy": body["privacy"],
    });
    RawItem::keep(VIDEO, id, content, &body)
}

/// Parses a stored comment or video.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    match kind {
        COMMENT => comment(account, serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?),
        VIDEO => video(account, serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?),
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
