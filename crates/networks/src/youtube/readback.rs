//! Looking whether an operation took effect.

use bedside_model::Micros;

use super::message::{date, id_of, snippet, words};
use super::outgoing::description;
use super::uploads::uploads_playlist;
use super::{channel, checked, is_id, items, list, watch_address};
use crate::connector::ReadbackSteps;
use crate::json::{Json, Wanted};
use crate::operation::CLOCK_SKEW;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, NetError, Operation, OwnKind, ReadbackVerdict, normalise_for_comparison,
};

/// How many pages are looked through before a person must look.
const MAX_PAGES: u32 = 5;

/// A read-back under way.
#[derive(Debug)]
pub(super) struct Readback {
    account: AccountView,
    operation: Operation,
    first_sent: Micros,
    playlist: Option<String>,
    token: Option<String>,
    page: u32,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(super) fn start(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Self, NetError> {
        let playlist = account.setting("uploads_playlist").filter(|id| is_id(id)).map(str::to_owned);
        let (account, operation) = (account.clone(), operation.clone());
        let readback = Self { account, operation, first_sent, playlist, token: None, page: 1, verdict: None };
        readback.build()?;
        Ok(readback)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let plain = ("textFormat", "plainText");
        let mut query = vec![("part", "snippet")];
        let resource = match &self.operation {
            Operation::Reply { thread_native_id, .. } => {
                query.extend([plain, ("parentId", checked(thread_native_id)?), ("maxResults", "100")]);
                "comments"
            }
            Operation::Post { .. } => match &self.playlist {
                None => {
                    query = vec![("part", "contentDetails"), ("id", channel(&self.account)?)];
                    "channels"
                }
                Some(playlist) => {
                    query = vec![("part", "snippet,contentDetails"), ("playlistId", playlist), ("maxResults", "50")];
                    "playlistItems"
                }
            },
            Operation::EditOwn { kind: OwnKind::Post, native_id, .. }
            | Operation::DeleteOwn { kind: OwnKind::Post, native_id } => {
                query.push(("id", checked(native_id)?));
                "videos"
            }
            Operation::EditOwn { native_id, .. }
            | Operation::DeleteOwn { native_id, .. }
            | Operation::Remove { native_id } => {
                query.extend([plain, ("id", checked(native_id)?)]);
                "comments"
            }
            Operation::Spam { .. } | Operation::Caption { .. } => return Err(NOT_HERE),
            // Asked by its id a comment does not say how it is moderated: the list does.
            Operation::Hide { native_id } | Operation::Approve { native_id } => {
                checked(native_id)?;
                query = vec![
                    ("part", "snippet,replies"),
                    plain,
                    ("allThreadsRelatedToChannelId", channel(&self.account)?),
                    ("moderationStatus", "heldForReview"),
                    ("maxResults", "100"),
                ];
                "commentThreads"
            }
        };
        query.extend(self.token.as_deref().map(|token| ("pageToken", token)));
        list(&self.account, resource, &query)
    }

    /// The verdict of one page; `None` asks for the next.
    fn judge(&self, found: &[Json<'_>], is_last: bool) -> Option<ReadbackVerdict> {
        let nothing = ReadbackVerdict::Found { native_id: None, permalink: None };
        let this =
            |thing: &Json<'_>| ReadbackVerdict::Found { native_id: id_of(thing).map(str::to_owned), permalink: None };
        let edited = |stands: Option<&str>, text: &str| stands.is_some_and(|stands| same(stands, text));
        match &self.operation {
            Operation::Reply { text, .. } => {
                let own = found
                    .iter()
                    .find(|reply| self.is_own(reply) && self.is_recent(reply) && edited(words(reply), text.expose()));
                own.map(reply_found).or_else(|| self.end_of_list(is_last))
            }
            Operation::Post { title, text, link, .. } => {
                let description = description(text.expose(), link.as_deref());
                let video = found.iter().find(|video| {
                    self.is_recent(video)
                        && edited(snippet(video, "title"), title.expose())
                        && edited(snippet(video, "description"), &description)
                });
                video.and_then(video_found).or_else(|| self.end_of_list(is_last))
            }
            Operation::EditOwn { kind, text, .. } => Some(match found.first() {
                // It is gone: whether it was changed before no one can say.
                None => ReadbackVerdict::CannotTell,
                Some(thing) => {
                    let stands = match kind {
                        OwnKind::Reply => words(thing),
                        OwnKind::Post => snippet(thing, "description"),
                    };
                    if edited(stands, text.expose()) { this(thing) } else { ReadbackVerdict::NotThere }
                }
            }),
            Operation::DeleteOwn { .. } | Operation::Remove { .. } => {
                Some(if found.is_empty() { nothing } else { ReadbackVerdict::NotThere })
            }
            Operation::Spam { .. } | Operation::Caption { .. } => Some(ReadbackVerdict::CannotTell),
            Operation::Hide { native_id } => {
                if waits(found, native_id) {
                    Some(nothing)
                } else {
                    self.end_of_list(is_last)
                }
            }
            Operation::Approve { native_id } => match (waits(found, native_id), self.end_of_list(is_last)) {
                (true, _) => Some(ReadbackVerdict::NotThere),
                (false, Some(ReadbackVerdict::NotThere)) => Some(nothing),
                (false, end) => end,
            },
        }
    }

    /// What it means that a list was read so far and it was not there.
    fn end_of_list(&self, is_last: bool) -> Option<ReadbackVerdict> {
        if is_last {
            Some(ReadbackVerdict::NotThere)
        } else {
            (self.page >= MAX_PAGES).then_some(ReadbackVerdict::CannotTell)
        }
    }

    fn is_own(&self, comment: &Json<'_>) -> bool {
        let author = comment.get("snippet").and_then(|s| s.get("authorChannelId")?.text("value"));
        author.is_some_and(|author| self.account.is_own(author))
    }

    fn is_recent(&self, thing: &Json<'_>) -> bool {
        date(thing, "publishedAt").is_some_and(|at| at >= self.first_sent.saturating_sub(CLOCK_SKEW))
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { self.build().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if matches!(self.operation, Operation::Reply { .. }) && response.status == 404 {
            // The thread is gone, and what was answered with it.
            self.verdict = Some(ReadbackVerdict::CannotTell);
            return Ok(());
        }
        let (found, next) = items(response, &Wanted::All)?;
        if matches!(self.operation, Operation::Post { .. }) && self.playlist.is_none() {
            match found.first().and_then(uploads_playlist) {
                Some(uploads) => self.playlist = Some(uploads.to_owned()),
                None => self.verdict = Some(ReadbackVerdict::CannotTell),
            }
            return Ok(());
        }
        match self.judge(&found, next.is_none()) {
            Some(verdict) => self.verdict = Some(verdict),
            None => (self.token, self.page) = (next, self.page + 1),
        }
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}

fn same(stands: &str, text: &str) -> bool {
    normalise_for_comparison(stands) == normalise_for_comparison(text)
}

fn reply_found(reply: &Json<'_>) -> ReadbackVerdict {
    let id = id_of(reply).map(str::to_owned);
    let video = snippet(reply, "videoId").filter(|id| is_id(id));
    let permalink = id.as_ref().zip(video).map(|(id, video)| format!("{}&lc={id}", watch_address(video)));
    ReadbackVerdict::Found { native_id: id, permalink }
}

fn video_found(video: &Json<'_>) -> Option<ReadbackVerdict> {
    let id = video.get("contentDetails")?.text("videoId").filter(|id| is_id(id))?;
    Some(ReadbackVerdict::Found { native_id: Some(id.to_owned()), permalink: Some(watch_address(id)) })
}

/// Whether a comment is among the threads that have something that waits for review, and waits itself.
fn waits(threads: &[Json<'_>], id: &str) -> bool {
    let status = |comment: &Json<'_>| {
        let published = snippet(comment, "moderationStatus") == Some("published");
        id_of(comment) == Some(id) && !published
    };
    threads.iter().any(|thread| {
        let first = thread.get("snippet").and_then(|snippet| snippet.get("topLevelComment"));
        let replies = thread.get("replies").into_iter().flat_map(|replies| replies.elements("comments"));
        first.into_iter().chain(replies).any(status)
    })
}
