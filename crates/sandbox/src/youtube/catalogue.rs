//! Videos, the channel, its playlist of uploads, and the search that is counted dearly.

use axum::extract::{Request, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::error::ApiError;
use super::paging::{self, Shape, answer, parts, resource, written};
use super::push;
use super::quota::Cost;
use super::{State, Video, YouTube};
use crate::kit::Key;

/// The longest title, and the longest tags together, in characters.
const LONGEST_TITLE: usize = 100;
const LONGEST_TAGS: usize = 500;
/// The longest description, in bytes.
const LONGEST_DESCRIPTION: usize = 5_000;

/// A video with nothing in it.
pub(super) fn empty(key: Key) -> Video {
    Video {
        key,
        title: String::new(),
        description: String::new(),
        tags: Vec::new(),
        category: "22".to_owned(),
        privacy: "private".to_owned(),
        publish_at: None,
        is_for_kids: false,
        language: None,
        bytes: 0,
        is_processed: false,
    }
}

/// Lays metadata over a video: the parts that are there replace theirs as a whole.
///
/// Errors: a part is not one that the network takes.
pub(super) fn describe(video: &mut Video, body: &Value, now: Timestamp) -> Result<(), ApiError> {
    let bad = |reason, message| ApiError::bad("youtube.video", reason, message);
    if let Some(snippet) = body.get("snippet").filter(|part| part.is_object()) {
        let text = |name: &str| snippet[name].as_str().unwrap_or_default().to_owned();
        let title = text("title");
        if title.trim().is_empty() || title.chars().count() > LONGEST_TITLE || title.contains(['<', '>']) {
            return Err(bad("invalidTitle", "The request metadata specifies an invalid or empty video title."));
        }
        let description = text("description");
        if description.len() > LONGEST_DESCRIPTION || description.contains(['<', '>']) {
            return Err(bad("invalidDescription", "The request metadata specifies an invalid video description."));
        }
        let tags: Vec<String> = snippet["tags"]
            .as_array()
            .map(|tags| tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect())
            .unwrap_or_default();
        // A tag with a space in it counts as if it stood in quotation marks; a comma stands between two.
        let length = |tag: &String| tag.chars().count() + if tag.contains(' ') { 2 } else { 0 };
        if tags.iter().map(length).sum::<usize>() + tags.len().saturating_sub(1) > LONGEST_TAGS {
            return Err(bad("invalidTags", "The request metadata specifies invalid video keywords."));
        }
        if let Some(category) = snippet.get("categoryId") {
            let category = category.as_str().map_or_else(|| category.to_string(), str::to_owned);
            if category.parse::<u16>().is_err() {
                return Err(bad(
                    "invalidCategoryId",
                    "The snippet.categoryId property specifies an invalid category ID.",
                ));
            }
            video.category = category;
        }
        (video.title, video.description, video.tags) = (title, description, tags);
        video.language = snippet["defaultLanguage"].as_str().map(str::to_owned);
    }
    if let Some(status) = body.get("status").filter(|part| part.is_object()) {
        let privacy = status["privacyStatus"].as_str().unwrap_or("public");
        if !matches!(privacy, "public" | "private" | "unlisted") {
            return Err(bad("invalidVideoMetadata", "The request metadata specifies an invalid privacy status."));
        }
        let wrong = || bad("invalidPublishAt", "The request metadata specifies an invalid scheduled publishing time.");
        let publish_at = match status["publishAt"].as_str() {
            None => None,
            Some(text) => Some(text.parse::<Timestamp>().map_err(|_| wrong())?),
        };
        if publish_at.is_some_and(|at| privacy != "private" || at <= now) {
            return Err(wrong());
        }
        (video.privacy, video.publish_at) = (privacy.to_owned(), publish_at);
        video.is_for_kids = status["selfDeclaredMadeForKids"].as_bool().unwrap_or(video.is_for_kids);
    }
    Ok(())
}

/// A video as the network shows it.
pub(super) fn show(state: &State, id: &str, parts: &[String], now: Timestamp) -> Value {
    let Some(video) = state.videos.get(id) else { return Value::Null };
    let comments = state.comments.values().filter(|comment| comment.video == id).count();
    let is_public = video.is_public(now);
    let mut snippet = json!({
        "publishedAt": written(video.key.at),
        "channelId": state.channel.id,
        "title": video.title,
        "description": video.description,
        "thumbnails": thumbnails(id),
        "channelTitle": state.channel.name,
        "categoryId": video.category,
        "liveBroadcastContent": "none",
        "localized": {"title": video.title, "description": video.description},
    });
    if !video.tags.is_empty() {
        snippet["tags"] = json!(video.tags);
    }
    if let Some(language) = &video.language {
        snippet["defaultLanguage"] = language.as_str().into();
    }
    let mut status = json!({
        "uploadStatus": if video.is_processed { "processed" } else { "uploaded" },
        "privacyStatus": if is_public { "public" } else { &video.privacy },
        "license": "youtube",
        "embeddable": true,
        "publicStatsViewable": true,
        "madeForKids": video.is_for_kids,
        "selfDeclaredMadeForKids": video.is_for_kids,
    });
    if let Some(at) = video.publish_at.filter(|_| !is_public) {
        status["publishAt"] = written(at).into();
    }
    let processing = if video.is_processed { "succeeded" } else { "processing" };
    let all = json!({
        "snippet": snippet,
        "status": status,
        "statistics": {
            "viewCount": (240 + 10 * comments).to_string(), "likeCount": "4", "favoriteCount": "0",
            "commentCount": comments.to_string(),
        },
        "contentDetails": {"duration": "PT1M30S", "dimension": "2d", "definition": "hd", "caption": "false"},
        "fileDetails": {"fileSize": video.bytes.to_string()},
        "processingDetails": {"processingStatus": processing},
    });
    resource("youtube#video", id, all, parts)
}

fn thumbnails(id: &str) -> Value {
    json!({"default": {"url": format!("https://i.ytimg.example.org/vi/{id}/default.jpg"), "width": 120, "height": 90}})
}

/// `GET /youtube/v3/videos?id=…`.
pub(super) async fn videos(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(1)).await?;
    let (parts, ids) = (parts(&input)?, paging::ids(&input, "id"));
    if ids.is_empty() {
        return Err(ApiError::missing("No filter selected. Expected one of: id, myRating, chart"));
    }
    let now = youtube.now();
    let mut state = youtube.lock();
    let items: Vec<Value> =
        ids.iter().filter(|id| state.videos.contains_key(*id)).map(|id| show(&state, id, &parts, now)).collect();
    // Whoever looks once sees it worked on; whoever comes again finds it done.
    for id in &ids {
        if let Some(video) = state.videos.get_mut(id) {
            video.is_processed = true;
        }
    }
    let page = json!({"totalResults": items.len(), "resultsPerPage": items.len()});
    Ok(answer(json!({"kind": "youtube#videoListResponse", "items": items, "pageInfo": page})))
}

/// `PUT /youtube/v3/videos`.
pub(super) async fn update(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(50)).await?;
    let parts = parts(&input)?;
    let body: Value = serde_json::from_slice(&input.body).map_err(|_| ApiError::unreadable())?;
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    let now = youtube.now();
    let mut state = youtube.lock();
    let video = state.videos.get_mut(&id).ok_or(ApiError::no_video("youtube.video"))?;
    if body["snippet"].is_object() && body["snippet"]["categoryId"].is_null() {
        let message = "The snippet.categoryId property specifies an invalid category ID.";
        return Err(ApiError::bad("youtube.video", "invalidCategoryId", message));
    }
    let mut changed = video.clone();
    describe(&mut changed, &body, now)?;
    let is_told = changed.is_public(now)
        && (&changed.title, &changed.description) != (&video.title, &video.description)
        || changed.is_public(now) && !video.is_public(now);
    *video = changed;
    if is_told {
        push::told(&youtube, &state, &id);
    }
    Ok(answer(show(&state, &id, &parts, now)))
}

/// `DELETE /youtube/v3/videos?id`.
pub(super) async fn delete(Shared(youtube): Shared<YouTube>, request: Request) -> Result<StatusCode, ApiError> {
    let input = youtube.admit(request, Cost::Units(50)).await?;
    let id = input.text("id").ok_or(ApiError::missing("The parameter id is required."))?;
    let mut state = youtube.lock();
    if !remove(&mut state, &id) {
        return Err(ApiError::no_video("youtube.video"));
    }
    push::deleted(&youtube, &state, &id);
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a video away with everything under it; whether there was one.
pub(super) fn remove(state: &mut State, id: &str) -> bool {
    state.comments.retain(|_, comment| comment.video != id);
    state.captions.retain(|_, caption| caption.video != id);
    state.videos.remove(id).is_some()
}

/// `GET /youtube/v3/channels?mine=true` or `?id=…`.
pub(super) async fn channels(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(1)).await?;
    let parts = parts(&input)?;
    let state = youtube.lock();
    let id = &state.channel.id;
    let is_mine = input.truth("mine") == Some(true) && input.token().is_some();
    let ids = paging::ids(&input, "id");
    if !is_mine && ids.is_empty() && input.text("forHandle").is_none() {
        return Err(ApiError::missing("No filter selected. Expected one of: id, mine, forHandle"));
    }
    let is_asked = is_mine
        || ids.contains(id)
        || input.text("forHandle").is_some_and(|handle| handle.trim_start_matches('@') == "elmstreetclinic");
    let all = json!({
        "snippet": {
            "title": state.channel.name, "description": "Family medicine. Not for emergencies.",
            "customUrl": "@elmstreetclinic", "publishedAt": "2024-03-01T09:00:00Z", "thumbnails": thumbnails("channel"),
            "localized": {"title": state.channel.name, "description": "Family medicine. Not for emergencies."},
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": state.uploads()}},
        "statistics": {
            "viewCount": "9120", "subscriberCount": "310", "hiddenSubscriberCount": false,
            "videoCount": state.videos.len().to_string(),
        },
        "status": {"privacyStatus": "public", "isLinked": true, "madeForKids": false},
    });
    let items: Vec<Value> = if is_asked { vec![resource("youtube#channel", id, all, &parts)] } else { Vec::new() };
    let page = json!({"totalResults": items.len(), "resultsPerPage": 5});
    Ok(answer(json!({"kind": "youtube#channelListResponse", "pageInfo": page, "items": items})))
}

/// `GET /youtube/v3/playlistItems?playlistId=UU…`: what was uploaded, the newest first.
pub(super) async fn playlist_items(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(1)).await?;
    let parts = parts(&input)?;
    let now = youtube.now();
    let state = youtube.lock();
    let playlist =
        input.text("playlistId").ok_or(ApiError::missing("No filter selected. Expected one of: id, playlistId"))?;
    if playlist != state.uploads() {
        let message = "The playlist identified with the request's playlistId parameter cannot be found.";
        return Err(ApiError::not_found("youtube.playlistItem", "playlistNotFound", message));
    }
    // The owner sees everything, others what is public.
    let is_owner = input.token().is_some();
    let all: Vec<(Key, String)> = state
        .videos
        .iter()
        .filter(|(_, video)| is_owner || video.is_public(now))
        .map(|(id, video)| (video.key, id.clone()))
        .collect();
    let show = |id: &str| {
        let Some(video) = state.videos.get(id) else { return Value::Null };
        let position = all.iter().filter(|(key, _)| *key > video.key).count();
        let all = json!({
            "snippet": {
                "publishedAt": written(video.key.at), "channelId": state.channel.id, "title": video.title,
                "description": video.description, "thumbnails": thumbnails(id), "channelTitle": state.channel.name,
                "playlistId": playlist, "position": position, "resourceId": {"kind": "youtube#video", "videoId": id},
                "videoOwnerChannelTitle": state.channel.name, "videoOwnerChannelId": state.channel.id,
            },
            "contentDetails": {"videoId": id, "videoPublishedAt": written(video.key.at)},
            "status": {"privacyStatus": if video.is_public(now) { "public" } else { &video.privacy }},
        });
        resource("youtube#playlistItem", &format!("{playlist}.{id}"), all, &parts)
    };
    const SHAPE: Shape = Shape { kind: "youtube#playlistItemListResponse", usual: 5, most: 50, tells_all: true };
    paging::page(&input, SHAPE, all.clone(), show)
}

/// `GET /youtube/v3/search`: it is here to be counted. It finds public videos of the channel by words.
pub(super) async fn search(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Search).await?;
    parts(&input)?;
    let words = input.text("q").unwrap_or_default().to_lowercase();
    let now = youtube.now();
    let state = youtube.lock();
    let found = state
        .videos
        .iter()
        .filter(|(_, video)| video.is_public(now) && video.title.to_lowercase().contains(&words))
        .map(|(id, video)| (video.key, id.clone()))
        .collect();
    let show = |id: &str| {
        let Some(video) = state.videos.get(id) else { return Value::Null };
        json!({
            "kind": "youtube#searchResult", "etag": paging::etag(&json!(id)),
            "id": {"kind": "youtube#video", "videoId": id},
            "snippet": {
                "publishedAt": written(video.key.at), "channelId": state.channel.id, "title": video.title,
                "description": video.description, "thumbnails": thumbnails(id), "channelTitle": state.channel.name,
                "liveBroadcastContent": "none", "publishTime": written(video.key.at),
            },
        })
    };
    const SHAPE: Shape = Shape { kind: "youtube#searchListResponse", usual: 5, most: 50, tells_all: true };
    paging::page(&input, SHAPE, found, show)
}
