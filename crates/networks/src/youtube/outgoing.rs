//! What goes out: replies, moderation, uploads, changes and deletions.

use serde_json::{Value, json};

use super::captions::{self, Captioning};
use super::upload::Upload;
use super::{CAPABILITIES, LIMITS, WRITE, checked, endpoint, is_id, items, list, signed, watch_address};
use crate::connector::{OneRequest, Order, SendSteps, Step, unanswered};
use crate::google::refusal;
use crate::json::Wanted;
use crate::objection::by_limits;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, MediaKind, Method, NetError, Objection, Operation, Outcome, OwnKind,
    TransportError, Visibility,
};

/// The longest title, in characters.
const TITLE_MAX: usize = 100;
/// The longest description, in bytes of UTF-8.
const DESCRIPTION_MAX: usize = 5_000;

/// What speaks against an operation.
pub(super) fn objections(operation: &Operation) -> Vec<Objection> {
    let mut found = by_limits(&CAPABILITIES, &LIMITS, operation);
    match operation {
        Operation::Reply { visibility: Visibility::Private | Visibility::Unlisted, .. } => found.push(Objection::new(
            "held_for_review",
            "This comment still waits for review, and an answer on YouTube is always public. Show the comment first.",
        )),
        Operation::Post { title, text, link, media, .. } => {
            if !media.iter().any(|one| one.kind == MediaKind::Video) {
                found.push(Objection::new("needs_video", "YouTube takes no post without a video."));
            }
            let title = title.expose();
            if title.trim().is_empty() {
                found.push(Objection::new("needs_title", "A video needs a title."));
            }
            let length = title.chars().count();
            if length > TITLE_MAX {
                let text = format!("The title has {length} of at most {TITLE_MAX} characters here.");
                found.push(Objection::new("title_too_long", text));
            }
            found.extend(description_objections(&description(text.expose(), link.as_deref())));
            if title.contains(['<', '>']) {
                found.push(Objection::new("angle_brackets", "YouTube takes no < or > in a title."));
            }
        }
        Operation::EditOwn { kind: OwnKind::Post, text, .. } => found.extend(description_objections(text.expose())),
        Operation::Caption { language, name, text, .. } => {
            found.extend(captions::objections(language, name.expose(), text.expose()));
        }
        _ => {}
    }
    found.dedup();
    found
}

fn description_objections(description: &str) -> Vec<Objection> {
    let mut found = Vec::new();
    if description.len() > DESCRIPTION_MAX && description.chars().count() <= DESCRIPTION_MAX {
        let length = description.len();
        let text = format!(
            "The description has {length} of at most {DESCRIPTION_MAX} bytes; letters with accents count twice."
        );
        found.push(Objection::new("too_long", text));
    }
    if description.contains(['<', '>']) {
        found.push(Objection::new("angle_brackets", "YouTube takes no < or > in a description."));
    }
    found
}

/// The description of a video: the text, and the link behind it.
pub(super) fn description(text: &str, link: Option<&str>) -> String {
    match link {
        Some(link) if !text.contains(link) => format!("{text}\n\n{link}"),
        _ => text.to_owned(),
    }
}

/// Begins to send.
pub(super) fn send(order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
    let account = order.account;
    match order.operation {
        Operation::Post { .. } => Ok(Box::new(Upload::start(order)?)),
        Operation::EditOwn { kind: OwnKind::Post, native_id, text } => {
            Ok(Box::new(Describe::start(account, native_id, text.expose())?))
        }
        Operation::Caption { .. } => Ok(Box::new(Captioning::start(order)?)),
        operation => Ok(OneRequest::boxed(request(account, operation)?, operation, outcome)),
    }
}

fn request(account: &AccountView, operation: &Operation) -> Result<HttpRequest, NetError> {
    let moderate = |id: &str, status: &str| {
        let query = [("id", checked(id)?), ("moderationStatus", status)];
        signed(account, Method::Post, endpoint(account, "comments/setModerationStatus", &query), WRITE)
    };
    let snippet = [("part", "snippet")];
    match operation {
        Operation::Reply { visibility: Visibility::Private | Visibility::Unlisted, .. } => {
            Err(NetError::Unsupported { what: "a comment that waits for review must be shown before it is answered" })
        }
        Operation::Reply { thread_native_id, text, .. } => {
            // Threads have two levels: whoever is answered, the parent is the first comment.
            let body = json!({"snippet": {"parentId": checked(thread_native_id)?, "textOriginal": text.expose()}});
            Ok(signed(account, Method::Post, endpoint(account, "comments", &snippet), WRITE)?.json(&body))
        }
        Operation::EditOwn { kind: OwnKind::Reply, native_id, text } => {
            let body = json!({"id": checked(native_id)?, "snippet": {"textOriginal": text.expose()}});
            Ok(signed(account, Method::Put, endpoint(account, "comments", &snippet), WRITE)?.json(&body))
        }
        Operation::DeleteOwn { kind, native_id } => {
            let resource = match kind {
                OwnKind::Reply => "comments",
                OwnKind::Post => "videos",
            };
            let url = endpoint(account, resource, &[("id", checked(native_id)?)]);
            signed(account, Method::Delete, url, WRITE)
        }
        Operation::Hide { native_id } => moderate(native_id, "heldForReview"),
        Operation::Approve { native_id } => moderate(native_id, "published"),
        Operation::Remove { native_id } => moderate(native_id, "rejected"),
        Operation::Post { .. } | Operation::EditOwn { kind: OwnKind::Post, .. } | Operation::Caption { .. } => {
            Err(NetError::Unsupported { what: "this takes more than one request" })
        }
        // YouTube takes no such report any more: what is rejected is gone.
        Operation::Spam { .. } => Err(NOT_HERE),
    }
}

/// Judges the answer to an operation of one request.
fn outcome(operation: &Operation, response: &HttpResponse) -> Outcome {
    let done = |id: &str| Outcome::Delivered { native_id: Some(id.to_owned()), permalink: None };
    match operation {
        Operation::DeleteOwn { .. } if response.is_success() || matches!(response.status, 404 | 410) => {
            Outcome::Delivered { native_id: None, permalink: None }
        }
        Operation::Hide { native_id } | Operation::Approve { native_id } | Operation::Remove { native_id }
            if response.is_success() =>
        {
            done(native_id)
        }
        _ if response.is_success() => made(response),
        _ => refusal::outcome(response, plain),
    }
}

/// A success counts only with the comment that was made or changed in it.
fn made(response: &HttpResponse) -> Outcome {
    let body = serde_json::from_slice::<Value>(&response.body).unwrap_or_default();
    let Some(id) = body.get("id").and_then(Value::as_str).filter(|id| is_id(id)) else {
        return Outcome::Unknown { why: "YouTube answered with success, but named nothing".to_owned() };
    };
    let video = body.get("snippet").and_then(|snippet| snippet.get("videoId")?.as_str()).filter(|id| is_id(id));
    let permalink = video.map(|video| format!("{}&lc={id}", watch_address(video)));
    Outcome::Delivered { native_id: Some(id.to_owned()), permalink }
}

/// YouTube's reasons in words for a person.
pub(super) fn plain(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "captionNotFound" => "the captions are no longer there",
        "contentRequired" | "invalidMetadata" => "YouTube cannot read these captions",
        "commentsDisabled" => "comments are switched off under this video",
        "forbidden" | "insufficientPermissions" => "the channel is not allowed to do this",
        "commentNotFound" | "parentCommentNotFound" => "the comment is no longer there",
        "videoNotFound" => "the video is no longer there",
        "parentCommentIsPrivate" => "the comment still waits for review: show it first",
        "commentTextTooLong" => "the text is too long",
        "commentTextRequired" => "there is no text",
        "operationNotSupported" => "this cannot be done with this comment",
        "banWithoutReject" | "moderationStatusInvalid" => "this cannot be done with this comment",
        "invalidTitle" => "the title is empty or holds characters that YouTube does not take",
        "invalidDescription" => "the description is too long or holds characters that YouTube does not take",
        "quotaExceeded" | "dailyLimitExceeded" => "today's quota is spent",
        "uploadLimitExceeded" => "the channel has uploaded as many videos as it may today",
        "ineligibleAccount" => "the account may not write comments on YouTube",
        _ => return None,
    })
}

/// A new description. YouTube replaces the whole snippet, so what stands there is read first.
#[derive(Debug)]
struct Describe {
    account: AccountView,
    video: String,
    description: String,
    /// The snippet to put, once it was read.
    snippet: Option<Value>,
    outcome: Option<Outcome>,
}

impl Describe {
    fn start(account: &AccountView, video: &str, description: &str) -> Result<Self, NetError> {
        let video = checked(video)?.to_owned();
        let one =
            Self { account: account.clone(), video, description: description.to_owned(), snippet: None, outcome: None };
        one.build()?;
        Ok(one)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let Some(snippet) = &self.snippet else {
            return list(&self.account, "videos", &[("part", "snippet"), ("id", &self.video)]);
        };
        let url = endpoint(&self.account, "videos", &[("part", "snippet")]);
        let body = json!({"id": self.video, "snippet": snippet});
        Ok(signed(&self.account, Method::Put, url, WRITE)?.json(&body))
    }

    fn on_read(&mut self, response: &HttpResponse) {
        match items(response, &Wanted::All) {
            Err(_) if response.is_success() => {
                let why = "YouTube's answer cannot be read".to_owned();
                self.outcome = Some(Outcome::Retry { after: None, why });
            }
            // Nothing was changed yet, so a passing trouble is no reason to wonder.
            Err(_) => {
                self.outcome = Some(match refusal::outcome(response, plain) {
                    Outcome::Unknown { why } => Outcome::Retry { after: response.retry_after_seconds(), why },
                    other => other,
                });
            }
            Ok((mut videos, _)) => match videos.first_mut().and_then(|video| video.take("snippet")) {
                None => self.outcome = Some(Outcome::Dead { why: "the video is no longer there".to_owned() }),
                Some(mut stands) => {
                    let mut snippet = json!({"description": self.description});
                    for name in ["title", "categoryId", "tags", "defaultLanguage", "defaultAudioLanguage"] {
                        if let Some(field) = stands.take(name) {
                            snippet[name] = field.into();
                        }
                    }
                    self.snippet = Some(snippet);
                }
            },
        }
    }
}

impl SendSteps for Describe {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let step = if self.snippet.is_some() { Step::Effect } else { Step::Preparing };
        match (answer, step) {
            (Err(error), step) => self.outcome = Some(unanswered(step, error)),
            (Ok(response), Step::Preparing) => self.on_read(response),
            (Ok(response), Step::Effect) => {
                self.outcome = Some(if response.is_success() {
                    let permalink = Some(watch_address(&self.video));
                    Outcome::Delivered { native_id: Some(self.video.clone()), permalink }
                } else {
                    refusal::outcome(response, plain)
                });
            }
        }
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }
}
