//! A thread as served, taken apart.

use bedside_model::Micros;
use serde_json::Value;

use crate::youtube::message::{date, id_of, snippet};

/// A comment as served, and what is known of its moderation.
#[derive(Debug)]
pub(super) struct Seen {
    pub comment: Value,
    pub held: bool,
    pub rejected: bool,
}

/// A thread taken apart.
pub(super) struct Thread {
    pub id: Option<String>,
    pub video: Option<String>,
    /// How many replies it has, carried or not.
    pub total: u64,
    /// Its first comment, and the replies that it carried.
    pub comments: Vec<Seen>,
}

/// Takes a thread apart. Where a comment does not say how it is moderated (asked for by its id none does),
/// it is as the list and the thread are.
pub(super) fn open(mut thread: Value, list_is_held: bool) -> Thread {
    let id = id_of(&thread).map(str::to_owned);
    let video = snippet(&thread, "videoId").map(str::to_owned);
    let total = thread.get("snippet").and_then(|s| s.get("totalReplyCount")?.as_u64()).unwrap_or(0);
    let first = thread.get_mut("snippet").and_then(|s| s.get_mut("topLevelComment")).map(Value::take);
    let replies = thread.get_mut("replies").and_then(|r| r.get_mut("comments")?.as_array_mut().map(std::mem::take));
    let is_hidden = thread.get("snippet").and_then(|s| s.get("isPublic")?.as_bool()) == Some(false);
    // A thread without its first comment is kept whole: it ends visibly as a dead letter.
    let first = first.unwrap_or(thread);
    let comments = std::iter::once(first).chain(replies.unwrap_or_default());
    let comments = comments.map(|comment| seen_of(comment, list_is_held || is_hidden, video.as_deref())).collect();
    Thread { id, video, total, comments }
}

/// A comment, with the video it stands under where it does not say that itself.
pub(super) fn seen_of(mut comment: Value, list_is_held: bool, video: Option<&str>) -> Seen {
    let (held, rejected) = match snippet(&comment, "moderationStatus") {
        Some("heldForReview" | "likelySpam") => (true, false),
        Some("rejected") => (false, true),
        Some(_) => (false, false),
        None => (list_is_held, false),
    };
    let snippet = comment.get_mut("snippet").and_then(Value::as_object_mut);
    if let (Some(snippet), Some(video)) = (snippet, video) {
        snippet.entry("videoId").or_insert_with(|| video.into());
    }
    Seen { comment, held, rejected }
}

/// The newest date in a thread: that of its first comment or of a reply that it carries.
pub(super) fn last_change(thread: &Value) -> Option<Micros> {
    let first = thread.get("snippet")?.get("topLevelComment")?;
    let replies = thread.get("replies").and_then(|replies| replies.get("comments")?.as_array());
    let replies = replies.into_iter().flatten().filter_map(|reply| date(reply, "publishedAt"));
    replies.chain(date(first, "publishedAt")).max()
}
