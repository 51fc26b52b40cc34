//! A thread as served, taken apart.

use bedside_model::Micros;

use crate::json::{Json, Wanted};
use crate::youtube::message::{OF_A_COMMENT, date, id_of, snippet};

/// What is read of a list of threads.
pub(super) const THREADS: Wanted = Wanted::Fields(&[
    (
        "items",
        Wanted::Fields(&[
            ("id", Wanted::All),
            ("replies", Wanted::Fields(&[("comments", OF_A_COMMENT)])),
            (
                "snippet",
                Wanted::Fields(&[
                    ("isPublic", Wanted::All),
                    ("topLevelComment", OF_A_COMMENT),
                    ("totalReplyCount", Wanted::All),
                    ("videoId", Wanted::All),
                ]),
            ),
        ]),
    ),
    ("nextPageToken", Wanted::All),
]);

/// What is read of a list of comments.
pub(super) const COMMENTS: Wanted = Wanted::Fields(&[("items", OF_A_COMMENT), ("nextPageToken", Wanted::All)]);

/// A comment as served, and what is known of its moderation.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub comment: Json<'a>,
    pub held: bool,
    pub rejected: bool,
}

impl Seen<'_> {
    /// The same, for as long as it must wait.
    pub(super) fn into_owned(self) -> Seen<'static> {
        Seen { comment: self.comment.into_owned(), held: self.held, rejected: self.rejected }
    }
}

/// A thread taken apart.
pub(super) struct Thread<'a> {
    pub id: Option<String>,
    pub video: Option<String>,
    /// How many replies it has, carried or not.
    pub total: u64,
    /// Its first comment, and the replies that it carried.
    pub comments: Vec<Seen<'a>>,
}

/// Takes a thread apart. Where a comment does not say how it is moderated (asked for by its id none does),
/// it is as the list and the thread are.
pub(super) fn open(mut thread: Json<'_>, list_is_held: bool) -> Thread<'_> {
    let id = id_of(&thread).map(str::to_owned);
    let video = snippet(&thread, "videoId").map(str::to_owned);
    let total = thread.get("snippet").and_then(|s| s.get("totalReplyCount")?.as_u64()).unwrap_or(0);
    let first = thread.get_mut("snippet").and_then(|snippet| snippet.take("topLevelComment"));
    let replies = thread.get_mut("replies").and_then(|replies| replies.take_list("comments"));
    let is_hidden = thread.get("snippet").and_then(|s| s.get("isPublic")?.as_bool()) == Some(false);
    // A thread without its first comment is kept whole: it ends visibly as a dead letter.
    let first = first.unwrap_or(thread);
    let comments = std::iter::once(first).chain(replies.unwrap_or_default());
    let comments = comments.map(|comment| seen_of(comment, list_is_held || is_hidden, video.as_deref())).collect();
    Thread { id, video, total, comments }
}

/// A comment, with the video it stands under where it does not say that itself.
pub(super) fn seen_of<'a>(mut comment: Json<'a>, list_is_held: bool, video: Option<&str>) -> Seen<'a> {
    let (held, rejected) = match snippet(&comment, "moderationStatus") {
        Some("heldForReview" | "likelySpam") => (true, false),
        Some("rejected") => (false, true),
        Some(_) => (false, false),
        None => (list_is_held, false),
    };
    if let (Some(said), Some(video)) = (comment.get_mut("snippet"), video)
        && said.get("videoId").is_none()
    {
        said.set("videoId", video.to_owned());
    }
    Seen { comment, held, rejected }
}

/// The newest date in a thread: that of its first comment or of a reply that it carries.
pub(super) fn last_change(thread: &Json<'_>) -> Option<Micros> {
    let first = thread.get("snippet")?.get("topLevelComment")?;
    let replies = thread.get("replies").into_iter().flat_map(|replies| replies.elements("comments"));
    let replies = replies.filter_map(|reply| date(reply, "publishedAt"));
    replies.chain(date(first, "publishedAt")).max()
}
