//! What goes out: a look at what is answered or changed, uploads, and the one effect.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::message::{visibility as seen_by, without_leading_handles};
use super::objections::{counted, most_characters};
use super::{DELETIONS, UPLOADS, code, endpoint, id, own, signed, until_reset};
use crate::connector::{Order, SendSteps, Step as Kind, unanswered};
use crate::http::FilePart;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, Media, Method, NetError, Operation, Outcome, TransportError, Visibility,
    html_to_text,
};

/// How long a server takes over a video, before it is asked again.
const PROCESSING_SECONDS: u64 = 5;

const NO_HIDING: &str = "on Mastodon nobody can hide or delete what others wrote: block or report the account there";

/// A file that the server has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Uploaded {
    id: String,
    ready: bool,
}

/// What a later attempt goes on from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Progress {
    media: Vec<Uploaded>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Looks at what is answered or changed.
    Look,
    /// Uploads the next file.
    Upload,
    /// Asks whether a file is processed.
    Check,
    /// The effect.
    Effect,
    /// Looks whether what could not be deleted is there.
    Confirm,
}

/// An operation being sent.
#[derive(Debug)]
pub(super) struct Sending {
    account: AccountView,
    operation: Operation,
    key: String,
    step: Step,
    /// What is answered or changed, as the look showed it.
    found: Value,
    progress: Progress,
    /// The server has only the first version of uploads.
    older_uploads: bool,
    outcome: Option<Outcome>,
}

impl Sending {
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        let progress = order.progress.and_then(|kept| serde_json::from_value(kept.clone()).ok());
        let mut sending = Self {
            account: order.account.clone(),
            operation: order.operation.clone(),
            key: order.idempotency_key.to_owned(),
            step: Step::Effect,
            found: Value::Null,
            progress: progress.unwrap_or_default(),
            older_uploads: false,
            outcome: None,
        };
        match order.operation {
            Operation::Reply { .. } => {
                own(order.account)?;
                sending.step = Step::Look;
            }
            Operation::EditOwn { .. } => sending.step = Step::Look,
            Operation::Post { .. } => sending.step = sending.next_file(),
            Operation::DeleteOwn { .. } => {}
            Operation::Hide { .. } | Operation::Approve { .. } | Operation::Remove { .. } => {
                return Err(NetError::Unsupported { what: NO_HIDING });
            }
            Operation::Spam { .. } | Operation::Caption { .. } => return Err(NOT_HERE),
        }
        sending.build()?;
        Ok(sending)
    }

    /// The status that the operation is about.
    fn about(&self) -> Result<&str, NetError> {
        match &self.operation {
            Operation::Reply { thread_native_id, parent_native_id, .. } => {
                id(parent_native_id.as_ref().unwrap_or(thread_native_id))
            }
            Operation::EditOwn { native_id, .. } | Operation::DeleteOwn { native_id, .. } => id(native_id),
            _ => Err(NetError::Unsupported { what: NO_HIDING }),
        }
    }

    fn media(&self) -> &[Media] {
        match &self.operation {
            Operation::Post { media, .. } => media,
            _ => &[],
        }
    }

    /// What is left to do for the files.
    fn next_file(&self) -> Step {
        if self.progress.media.iter().any(|file| !file.ready) {
            Step::Check
        } else if self.progress.media.len() < self.media().len() {
            Step::Upload
        } else {
            Step::Effect
        }
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let to = |method, path: &str| signed(&self.account, method, endpoint(&self.account, path, &[]));
        match self.step {
            Step::Look | Step::Confirm => to(Method::Get, &format!("/api/v1/statuses/{}", self.about()?)),
            Step::Upload => {
                let media = self.media().get(self.progress.media.len());
                let media = media.ok_or(NetError::Config { what: "there is no file to upload" })?;
                let path = if self.older_uploads { "/api/v1/media" } else { "/api/v2/media" };
                let alt = media.alt.as_ref().map(|alt| ("description", alt.expose().as_str()));
                let fields: Vec<(&str, &str)> = alt.into_iter().collect();
                let file = FilePart { name: "file", media: &media.id, mime: &media.mime, bytes: media.bytes, from: 0 };
                Ok(to(Method::Post, path)?.multipart(&fields, Some(file))?.drawing(UPLOADS, 1))
            }
            Step::Check => {
                let file = self.progress.media.iter().find(|file| !file.ready);
                let file = file.ok_or(NetError::Config { what: "there is no file to wait for" })?;
                to(Method::Get, &format!("/api/v1/media/{}", id(&file.id)?))
            }
            Step::Effect => self.effect(),
        }
    }

    fn effect(&self) -> Result<HttpRequest, NetError> {
        let to = |method, path: &str| {
            signed(&self.account, method, endpoint(&self.account, path, &[]))?.header("idempotency-key", &self.key)
        };
        match &self.operation {
            Operation::Reply { visibility, .. } => {
                let shown = self.found.get("visibility").and_then(Value::as_str).and_then(seen_by);
                let body = json!({
                    "status": self.text(), "in_reply_to_id": self.about()?,
                    "visibility": name(shown.unwrap_or(*visibility).max(*visibility)),
                });
                Ok(to(Method::Post, "/api/v1/statuses")?.json(&body))
            }
            Operation::Post { language, .. } => {
                let files: Vec<&str> = self.progress.media.iter().map(|file| file.id.as_str()).collect();
                let mut body = json!({"status": self.text(), "visibility": name(Visibility::Public)});
                if !files.is_empty() {
                    body["media_ids"] = files.into();
                }
                // Mastodon knows languages by their first part.
                let language = language.as_deref().and_then(|tag| tag.split('-').next());
                if let Some(language) = language.filter(|part| !part.is_empty()) {
                    body["language"] = language.into();
                }
                Ok(to(Method::Post, "/api/v1/statuses")?.json(&body))
            }
            Operation::EditOwn { native_id, .. } => {
                // What an edit does not name again is taken away.
                let files: Vec<&Value> = list(&self.found, "media_attachments").filter_map(|f| f.get("id")).collect();
                let mut body = json!({"status": self.text(), "media_ids": files});
                for name in ["spoiler_text", "sensitive", "language"] {
                    if let Some(value) = self.found.get(name).filter(|value| !value.is_null()) {
                        body[name] = value.clone();
                    }
                }
                Ok(to(Method::Put, &format!("/api/v1/statuses/{}", id(native_id)?))?.json(&body))
            }
            Operation::DeleteOwn { native_id, .. } => {
                Ok(to(Method::Delete, &format!("/api/v1/statuses/{}", id(native_id)?))?.drawing(DELETIONS, 1))
            }
            _ => Err(NetError::Unsupported { what: NO_HIDING }),
        }
    }

    /// The text as it goes out.
    fn text(&self) -> String {
        match &self.operation {
            Operation::Reply { text, .. } => {
                let author = self.found.get("account");
                let is_own =
                    author.and_then(|a| a.get("id")).and_then(Value::as_str) == self.account.own_native_id.as_deref();
                let handle = author.and_then(|author| author.get("acct")).and_then(Value::as_str);
                addressed(handle.filter(|_| !is_own).into_iter(), text.expose())
            }
            Operation::EditOwn { text, .. } => {
                // Whom it named at its beginning it goes on to name.
                let before = html_to_text(self.found.get("content").and_then(Value::as_str).unwrap_or_default());
                let named = before[..before.len() - without_leading_handles(&before).len()].to_lowercase();
                let named: Vec<&str> = named.split_whitespace().collect();
                let field =
                    |mention: &Value, name: &str| Some(format!("@{}", mention.get(name)?.as_str()?.to_lowercase()));
                let handles = list(&self.found, "mentions").filter(|mention| {
                    let short = field(mention, "username");
                    let long = field(mention, "acct");
                    named.iter().any(|word| short.as_deref() == Some(word) || long.as_deref() == Some(word))
                });
                addressed(handles.filter_map(|mention| mention.get("acct")?.as_str()), text.expose())
            }
            Operation::Post { text, link, .. } => with_link(text.expose(), link.as_deref()),
            _ => String::new(),
        }
    }

    /// The status that is answered or changed.
    fn on_look(&mut self, response: &HttpResponse) -> Result<(), Outcome> {
        if matches!(response.status, 404 | 410) {
            return Err(Outcome::Dead { why: "what is answered or changed is no longer there".to_owned() });
        }
        self.found = prepared(response)?;
        let (length, most) = (counted(&self.account, &self.text()), most_characters(&self.account));
        if length > most {
            let why = format!("with the names it begins with the text has {length} of at most {most} characters");
            return Err(Outcome::Dead { why });
        }
        self.step = Step::Effect;
        Ok(())
    }

    fn on_upload(&mut self, response: &HttpResponse) -> Result<(), Outcome> {
        if matches!(response.status, 404 | 405) && !self.older_uploads {
            self.older_uploads = true;
            return Ok(());
        }
        let made = prepared(response)?;
        let file = made.get("id").and_then(Value::as_str).filter(|id| super::is_id(id));
        let Some(file) = file else {
            return Err(Outcome::Retry { after: None, why: "the server took a file and named nothing".to_owned() });
        };
        self.progress.media.push(Uploaded { id: file.to_owned(), ready: response.status != 202 });
        self.step = self.next_file();
        Ok(())
    }

    fn on_check(&mut self, response: &HttpResponse) -> Result<(), Outcome> {
        let Some(at) = self.progress.media.iter().position(|file| !file.ready) else { return Ok(()) };
        match response.status {
            206 => {
                let why = "the server is still processing a file".to_owned();
                return Err(Outcome::Waiting { after: PROCESSING_SECONDS, why });
            }
            // A file that was in no status for a day is thrown away: it and what follows goes up again.
            404 | 410 => self.progress.media.truncate(at),
            _ => {
                prepared(response)?;
                self.progress.media[at].ready = true;
            }
        }
        self.step = self.next_file();
        Ok(())
    }

    fn on_effect(&mut self, response: &HttpResponse) -> Result<(), Outcome> {
        let why = said(response);
        let deleting = matches!(self.operation, Operation::DeleteOwn { .. });
        Err(match response.status {
            200..=299 => delivered(&self.operation, &self.found, response),
            // Already gone, or the server cannot delete (snac2 answers 400): a look tells.
            400 | 404 | 405 | 410 | 501 if deleting => {
                self.step = Step::Confirm;
                return Ok(());
            }
            401 => Outcome::Reauthorise { why },
            429 => Outcome::Retry { after: until_reset(response), why },
            408 | 425 | 500..=599 => Outcome::Unknown { why },
            _ => Outcome::Dead { why },
        })
    }

    fn on_confirm(response: &HttpResponse) -> Outcome {
        match response.status {
            404 | 410 => Outcome::Delivered { native_id: None, permalink: None },
            200..=299 => Outcome::Dead {
                why: "this server cannot delete through its interface: delete it on the server itself".to_owned(),
            },
            _ => prepared(response).err().unwrap_or(Outcome::Unknown { why: said(response) }),
        }
    }
}

impl SendSteps for Sending {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let done = match (answer, self.step) {
            (Err(error), Step::Effect) => Err(unanswered(Kind::Effect, error)),
            (Err(error), _) => Err(unanswered(Kind::Preparing, error)),
            (Ok(response), Step::Look) => self.on_look(response),
            (Ok(response), Step::Upload) => self.on_upload(response),
            (Ok(response), Step::Check) => self.on_check(response),
            (Ok(response), Step::Effect) => self.on_effect(response),
            (Ok(response), Step::Confirm) => Err(Self::on_confirm(response)),
        };
        self.outcome = done.err();
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }

    fn progress(&self) -> Option<Value> {
        (!self.progress.media.is_empty()).then(|| serde_json::to_value(&self.progress).unwrap_or_default())
    }
}

/// A reply is as visible as what it answers, or less: what only followers or those named may see is
/// answered to those named.
const fn name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "direct",
    }
}

/// The text behind the names of those it is for, where it does not name them itself.
fn addressed<'a>(handles: impl Iterator<Item = &'a str>, text: &str) -> String {
    let lower = text.to_lowercase();
    let missing = handles.filter(|handle| !lower.contains(&format!("@{}", handle.to_lowercase())));
    let mut out: String = missing.map(|handle| format!("@{handle} ")).collect();
    out.push_str(text);
    out
}

/// The text and below it the link, where it does not stand in the text already.
pub(super) fn with_link(text: &str, link: Option<&str>) -> String {
    match link {
        Some(link) if !text.contains(link) => format!("{text}\n\n{link}").trim_start().to_owned(),
        _ => text.to_owned(),
    }
}

fn said(response: &HttpResponse) -> String {
    match code(response) {
        Some(code) => format!("the server answered {} ({code})", response.status),
        None => format!("the server answered {}", response.status),
    }
}

/// The answer to a step that prepares; nobody saw it, so that it may be repeated.
fn prepared(response: &HttpResponse) -> Result<Value, Outcome> {
    let why = said(response);
    Err(match response.status {
        200..=299 => match response.json() {
            Ok(value) => return Ok(value),
            Err(error) => Outcome::Retry { after: None, why: error.to_string() },
        },
        401 => Outcome::Reauthorise { why },
        429 => Outcome::Retry { after: until_reset(response), why },
        408 | 425 | 500..=599 => Outcome::Retry { after: response.retry_after_seconds(), why },
        413 => Outcome::Dead { why: "a file is larger than the server takes".to_owned() },
        _ => Outcome::Dead { why },
    })
}

/// A 2xx counts only with the status that was made or changed in it.
fn delivered(operation: &Operation, found: &Value, response: &HttpResponse) -> Outcome {
    let unknown = |why: &str| Outcome::Unknown { why: why.to_owned() };
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else {
        return unknown("the server answered with success, but not with JSON");
    };
    let named = match operation {
        Operation::EditOwn { native_id, .. } | Operation::DeleteOwn { native_id, .. } => Some(native_id),
        _ => None,
    };
    let uri = |status: &Value| status.get("uri").and_then(Value::as_str).map(str::to_owned);
    // snac2 gives a status another id when it is edited, and knows it by both.
    let same = uri(&body).is_some_and(|made| Some(made) == uri(found));
    match (made(&body).filter(|_| !same), named) {
        (Some(made), Some(named)) if made != named => {
            unknown("the server answered with success, but for another status")
        }
        // Some servers answer a deletion with nothing in it.
        (None, None) => unknown("the server answered with success, but named nothing"),
        (made, named) => Outcome::Delivered {
            native_id: made.or(named.map(String::as_str)).map(str::to_owned),
            permalink: body.get("url").and_then(Value::as_str).map(str::to_owned),
        },
    }
}

/// The id of a status that the server made.
fn made(status: &Value) -> Option<&str> {
    status.get("id")?.as_str().filter(|id| super::is_id(id))
}

fn list<'a>(status: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    status.get(name).and_then(Value::as_array).into_iter().flatten()
}
