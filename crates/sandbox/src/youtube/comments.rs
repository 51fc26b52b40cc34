//! Comments: threads, replies, and what moderators do with them.

use std::collections::BTreeMap;

use axum::extract::{Request, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::error::ApiError;
use super::paging::{self, Shape, parts, resource, written};
use super::quota::Cost;
use super::{Comment, Moderation, State, YouTube};
use crate::kit::Key;
use crate::page::escape;
use crate::world::{Ids, Input};

/// What a call that changes a comment costs.
const CHANGE: Cost = Cost::Units(50);
/// The longest comment, in characters.
const LONGEST: usize = 10_000;
/// How many replies a thread shows with itself.
const SHOWN_REPLIES: usize = 5;

impl Moderation {
    const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::HeldForReview => "heldForReview",
            Self::LikelySpam => "likelySpam",
            Self::Rejected => "rejected",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Published, Self::HeldForReview, Self::LikelySpam, Self::Rejected]
            .into_iter()
            .find(|one| one.name() == name)
    }
}

/// The id of the next thread, or of the next reply in one.
pub(super) fn new_id(ids: &Ids, parent: Option<&str>) -> String {
    match parent {
        None => format!("Ug{}", ids.letters("youtube.thread", 24)),
        Some(parent) => format!("{parent}.{}", ids.letters("youtube.reply", 22)),
    }
}

/// The thread in which a comment stands.
pub(super) fn thread_of<'a>(state: &'a State, id: &'a str) -> Option<&'a str> {
    let comment = state.comments.get(id)?;
    Some(comment.parent.as_deref().unwrap_or(id))
}

/// The replies of a thread, whose ids begin with its own.
fn replies<'a>(state: &'a State, thread: &str, or: Moderation) -> Vec<(&'a String, &'a Comment)> {
    let is_seen = |one: &Comment| one.moderation == Moderation::Published || one.moderation == or;
    let under = format!("{thread}.");
    let all = state.comments.range(under.clone()..).take_while(|(id, _)| id.starts_with(&under));
    let mut replies: Vec<_> = all.filter(|(_, one)| is_seen(one)).collect();
    replies.sort_by_key(|(_, one)| one.key);
    replies
}

/// How comments are looked at.
struct View {
    parts: Vec<String>,
    is_plain: bool,
    /// Whether the owner is told what moderators said.
    tells_moderation: bool,
    /// Replies of this standing are shown beside those that are published.
    or: Moderation,
}

impl View {
    fn read(input: &Input, tells_moderation: bool) -> Result<Self, ApiError> {
        let is_plain = input.text("textFormat").is_some_and(|format| format.eq_ignore_ascii_case("plainText"));
        Ok(Self {
            parts: parts(input)?,
            is_plain,
            tells_moderation: tells_moderation && input.token().is_some(),
            or: Moderation::Published,
        })
    }

    fn comment(&self, state: &State, id: &str) -> Value {
        let Some(comment) = state.comments.get(id) else { return Value::Null };
        let html = || escape(&comment.text).replace('\n', "<br>");
        let mut snippet = json!({
            "channelId": state.channel.id,
            "videoId": comment.video,
            "textDisplay": if self.is_plain { comment.text.clone() } else { html() },
            "textOriginal": comment.text,
            "authorDisplayName": format!("@{}", comment.author.name),
            "authorProfileImageUrl": "https://yt3.example.org/person.jpg",
            "authorChannelUrl": format!("http://www.youtube.com/channel/{}", comment.author.id),
            "authorChannelId": {"value": comment.author.id},
            "canRate": true,
            "viewerRating": "none",
            "likeCount": 0,
            "publishedAt": written(comment.key.at),
            "updatedAt": written(comment.updated),
        });
        if let Some(parent) = &comment.parent {
            snippet["parentId"] = parent.as_str().into();
        }
        if self.tells_moderation {
            snippet["moderationStatus"] = comment.moderation.name().into();
        }
        let parts = ["snippet".to_owned()];
        let asked = if self.parts.iter().any(|part| part == "snippet") { &parts[..] } else { &[] };
        resource("youtube#comment", id, json!({"snippet": snippet}), asked)
    }

    fn thread(&self, state: &State, id: &str) -> Value {
        let Some(comment) = state.comments.get(id) else { return Value::Null };
        let replies = replies(state, id, self.or);
        // The newest come first, where a thread shows only some.
        let shown: Vec<Value> =
            replies.iter().rev().take(SHOWN_REPLIES).map(|(id, _)| self.comment(state, id)).collect();
        let with_snippet = Self { parts: vec!["snippet".to_owned()], ..*self };
        let all = json!({
            "snippet": {
                "channelId": state.channel.id,
                "videoId": comment.video,
                "topLevelComment": with_snippet.comment(state, id),
                "canReply": true,
                "totalReplyCount": replies.len(),
                "isPublic": comment.moderation == Moderation::Published,
            },
            "replies": if shown.is_empty() { Value::Null } else { json!({"comments": shown}) },
        });
        resource("youtube#commentThread", id, all, &self.parts)
    }
}

const THREADS: Shape = Shape { kind: "youtube#commentThreadListResponse", usual: 20, most: 100, tells_all: false };
const COMMENTS: Shape = Shape { kind: "youtube#commentListResponse", ..THREADS };

/// `GET /youtube/v3/commentThreads`.
pub(super) async fn threads(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(1)).await?;
    let state = youtube.lock();
    let ids = paging::ids(&input, "id");
    let mut view = View::read(&input, ids.is_empty())?;
    if !ids.is_empty() {
        // What was rejected nobody sees any more.
        let is_seen = |one: &&Comment| one.parent.is_none() && one.moderation != Moderation::Rejected;
        let found: Vec<(Key, String)> = ids
            .into_iter()
            .filter_map(|id| state.comments.get(&id).filter(is_seen).map(|c| (c.key, id.clone())))
            .collect();
        return paging::page(&input, Shape { most: 100, usual: 100, ..THREADS }, found, |id| view.thread(&state, id));
    }
    let wanted = match input.text("moderationStatus") {
        None => Moderation::Published,
        Some(_) if input.token().is_none() => return Err(ApiError::anonymous()),
        Some(name) => Moderation::named(&name)
            .filter(|status| *status != Moderation::Rejected)
            .ok_or(ApiError::bad("global", "invalidParameter", "Invalid value for moderationStatus."))?,
    };
    match input.text("order").as_deref() {
        None | Some("time" | "relevance" | "orderUnspecified") => {}
        Some(_) => return Err(ApiError::bad("global", "invalidParameter", "Invalid value for order.")),
    }
    let video = input.text("videoId");
    let channel = input.text("allThreadsRelatedToChannelId");
    match (&video, &channel) {
        (Some(video), _) if !state.videos.contains_key(video) => {
            return Err(ApiError::no_video("youtube.commentThread"));
        }
        (None, Some(channel)) if *channel != state.channel.id => {
            let message = "The channel specified in the request could not be found.";
            return Err(ApiError::not_found("youtube.commentThread", "channelNotFound", message));
        }
        (None, None) => {
            return Err(ApiError::missing(
                "No filter selected. Expected one of: id, videoId, allThreadsRelatedToChannelId",
            ));
        }
        _ => {}
    }
    view.or = wanted;
    let words = input.text("searchTerms").map(|words| words.to_lowercase());
    // A reply that waits for a moderator is found in its thread.
    let all: BTreeMap<String, Key> = state
        .comments
        .iter()
        .filter(|(_, one)| one.moderation == wanted && video.as_ref().is_none_or(|video| one.video == *video))
        .filter(|(_, one)| one.parent.is_none() || wanted != Moderation::Published)
        .filter(|(_, one)| words.as_ref().is_none_or(|words| one.text.to_lowercase().contains(words.as_str())))
        .filter_map(|(id, _)| {
            let thread = thread_of(&state, id)?;
            Some((thread.to_owned(), state.comments.get(thread)?.key))
        })
        .collect();
    let all = all.into_iter().map(|(id, key)| (key, id)).collect();
    paging::page(&input, THREADS, all, |id| view.thread(&state, id))
}

/// `POST /youtube/v3/commentThreads`: a comment of the channel on a video.
pub(super) async fn add_thread(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, CHANGE).await?;
    let view = View::read(&input, false)?;
    let snippet = input.value("snippet").cloned().unwrap_or_default();
    let text = text(&snippet["topLevelComment"]["snippet"]["textOriginal"], "youtube.commentThread")?;
    let mut state = youtube.lock();
    let video = snippet["videoId"].as_str().unwrap_or_default().to_owned();
    if !state.videos.contains_key(&video) {
        return Err(ApiError::no_video("youtube.commentThread"));
    }
    let id = put(&youtube, &mut state, video, None, text);
    Ok(paging::answer(view.thread(&state, &id)))
}

/// `GET /youtube/v3/comments`, by `parentId` or `id`.
pub(super) async fn list(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(1)).await?;
    let state = youtube.lock();
    let view = View::read(&input, false)?;
    if let Some(parent) = input.text("parentId") {
        if !state.comments.contains_key(&parent) {
            return Err(ApiError::no_comment());
        }
        let all = replies(&state, &parent, Moderation::Published)
            .into_iter()
            .map(|(id, one)| (one.key, id.clone()))
            .collect();
        return paging::page(&input, COMMENTS, all, |id| view.comment(&state, id));
    }
    let ids = paging::ids(&input, "id");
    if ids.is_empty() {
        return Err(ApiError::missing("No filter selected. Expected one of: parentId, id"));
    }
    let is_seen = |comment: &&Comment| comment.moderation != Moderation::Rejected;
    let found = ids
        .into_iter()
        .filter_map(|id| state.comments.get(&id).filter(is_seen).map(|comment| (comment.key, id.clone())))
        .collect();
    paging::page(&input, Shape { usual: 100, ..COMMENTS }, found, |id| view.comment(&state, id))
}

/// `POST /youtube/v3/comments`: a reply of the channel.
pub(super) async fn reply(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, CHANGE).await?;
    let view = View::read(&input, false)?;
    let snippet = input.value("snippet").cloned().unwrap_or_default();
    let text = text(&snippet["textOriginal"], "youtube.comment")?;
    let parent = snippet["parentId"].as_str().ok_or(ApiError::bad(
        "youtube.comment",
        "parentIdMissing",
        "The comment is a reply, and its parentId is not set.",
    ))?;
    let mut state = youtube.lock();
    let thread = thread_of(&state, parent).ok_or(ApiError::not_found(
        "youtube.comment",
        "parentCommentNotFound",
        "The specified parent comment could not be found.",
    ))?;
    let thread = thread.to_owned();
    let video = state.comments[&thread].video.clone();
    let id = put(&youtube, &mut state, video, Some(thread), text);
    Ok(paging::answer(view.comment(&state, &id)))
}

/// `PUT /youtube/v3/comments`: another text of the channel's own comment.
pub(super) async fn change(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, CHANGE).await?;
    let view = View::read(&input, false)?;
    let text = text(&input.value("snippet").cloned().unwrap_or_default()["textOriginal"], "youtube.comment")?;
    let id = input.text("id").ok_or(ApiError::missing("The id of the comment is required."))?;
    let mut state = youtube.lock();
    let channel = state.channel.id.clone();
    let comment = state.comments.get_mut(&id).ok_or(ApiError::no_comment())?;
    if comment.author.id != channel {
        let message = "The comment cannot be updated by this account.";
        return Err(ApiError::forbidden("youtube.comment", "forbidden", message));
    }
    (comment.text, comment.updated) = (text, youtube.now());
    Ok(paging::answer(view.comment(&state, &id)))
}

/// `DELETE /youtube/v3/comments`: of the channel's own comment, or of one under its videos.
pub(super) async fn delete(Shared(youtube): Shared<YouTube>, request: Request) -> Result<StatusCode, ApiError> {
    let input = youtube.admit(request, CHANGE).await?;
    let id = input.text("id").ok_or(ApiError::missing("The parameter id is required."))?;
    if remove(&mut youtube.lock(), &id) { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::no_comment()) }
}

/// `POST /youtube/v3/comments/setModerationStatus`.
pub(super) async fn moderate(Shared(youtube): Shared<YouTube>, request: Request) -> Result<StatusCode, ApiError> {
    let input = youtube.admit(request, CHANGE).await?;
    let status =
        input.text("moderationStatus").ok_or(ApiError::missing("The parameter moderationStatus is required."))?;
    let status = Moderation::named(&status).filter(|status| *status != Moderation::LikelySpam).ok_or(ApiError::bad(
        "global",
        "invalidParameter",
        "Invalid value for moderationStatus.",
    ))?;
    if input.truth("banAuthor") == Some(true) && status != Moderation::Rejected {
        let message = "banAuthor may only be used where the comment is rejected.";
        return Err(ApiError::bad("youtube.comment", "banWithoutReject", message));
    }
    set(&youtube, &input, status)
}

/// `POST /youtube/v3/comments/markAsSpam`.
pub(super) async fn mark_as_spam(Shared(youtube): Shared<YouTube>, request: Request) -> Result<StatusCode, ApiError> {
    let input = youtube.admit(request, CHANGE).await?;
    set(&youtube, &input, Moderation::LikelySpam)
}

fn set(youtube: &YouTube, input: &Input, status: Moderation) -> Result<StatusCode, ApiError> {
    let ids = paging::ids(input, "id");
    if ids.is_empty() {
        return Err(ApiError::missing("The parameter id is required."));
    }
    let mut state = youtube.lock();
    if !ids.iter().all(|id| state.comments.contains_key(id)) {
        return Err(ApiError::no_comment());
    }
    for id in ids {
        if let Some(comment) = state.comments.get_mut(&id) {
            comment.moderation = status;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

fn text(value: &Value, domain: &'static str) -> Result<String, ApiError> {
    let text = value.as_str().unwrap_or_default().to_owned();
    if text.trim().is_empty() {
        return Err(ApiError::bad(domain, "commentTextRequired", "The comment has no text."));
    }
    if text.chars().count() > LONGEST {
        return Err(ApiError::bad(domain, "commentTextTooLong", "The comment has more than 10,000 characters."));
    }
    Ok(text)
}

fn put(youtube: &YouTube, state: &mut State, video: String, parent: Option<String>, text: String) -> String {
    let now = youtube.now();
    let id = new_id(&youtube.ids, parent.as_deref());
    let (key, author) = (state.key(now), state.channel.clone());
    let moderation = Moderation::Published;
    state.comments.insert(id.clone(), Comment { key, video, parent, author, text, updated: now, moderation });
    id
}

/// Takes a comment away, and the replies with it; whether there was one.
pub(super) fn remove(state: &mut State, id: &str) -> bool {
    let found = state.comments.remove(id).is_some();
    state.comments.retain(|_, one| one.parent.as_deref() != Some(id));
    found
}
