//! A post with files: each is uploaded in pieces, described, and only then is the post made.
//!
//! What is uploaded is kept as progress, so that a later attempt goes on behind the last piece. X
//! forgets a file that no post uses after a day; an attempt that comes later than that begins anew.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::oauth1::Signer;
use super::outgoing::{effect, outcome};
use super::{classify, code, endpoint, is_id, request, wait};
use crate::connector::{Order, SendSteps, Step, unanswered};
use crate::http::FilePart;
use crate::{
    AccountView, ErrorClass, HttpRequest, HttpResponse, Media, MediaKind, Method, NetError, Operation, Outcome,
    TransportError,
};

/// The size of a piece, in bytes; X takes up to 5 MB, and at most 1,000 pieces.
const PIECE: u64 = 4 << 20;

/// How far one file is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Upload {
    /// X's id of it.
    id: Option<String>,
    /// Bytes that arrived.
    sent: u64,
    finalized: bool,
    ready: bool,
    described: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Next {
    Initialize(usize),
    Append(usize),
    Finalize(usize),
    Status(usize),
    Describe(usize),
    Post,
}

/// A post with files, being sent.
#[derive(Debug)]
pub(super) struct PostWithMedia {
    account: AccountView,
    operation: Operation,
    media: Vec<Media>,
    signer: Signer,
    uploads: Vec<Upload>,
    /// Something was uploaded by an earlier attempt, and X may have forgotten it.
    resumed: bool,
    outcome: Option<Outcome>,
}

impl PostWithMedia {
    pub(super) fn start(order: Order<'_>, signer: Signer) -> Result<Self, NetError> {
        let Operation::Post { media, .. } = order.operation else {
            return Err(NetError::Unsupported { what: "only posts carry files on X" });
        };
        if media.iter().any(|one| one.kind == MediaKind::Document || one.bytes == 0) {
            return Err(NetError::Unsupported { what: "X takes pictures and videos that are not empty" });
        }
        let kept = order.progress.and_then(|progress| Vec::<Upload>::deserialize(progress.get("uploads")?).ok());
        let kept = kept.filter(|uploads| uploads.len() == media.len() && uploads.iter().all(Upload::is_sound));
        let sending = Self {
            account: order.account.clone(),
            operation: order.operation.clone(),
            media: media.clone(),
            signer,
            resumed: kept.is_some(),
            uploads: kept.unwrap_or_else(|| vec![Upload::default(); media.len()]),
            outcome: None,
        };
        sending.build()?;
        Ok(sending)
    }

    fn next(&self) -> Next {
        for (at, (media, upload)) in self.media.iter().zip(&self.uploads).enumerate() {
            if upload.id.is_none() {
                return Next::Initialize(at);
            }
            if upload.sent < media.bytes {
                return Next::Append(at);
            }
            if !upload.finalized {
                return Next::Finalize(at);
            }
            if !upload.ready {
                return Next::Status(at);
            }
            if media.alt.is_some() && !upload.described {
                return Next::Describe(at);
            }
        }
        Next::Post
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let post = |route: &str| request(&self.account, Method::Post, endpoint(&self.account.base_url, route, &[]));
        let id = |at: usize| self.uploads[at].id.as_deref().unwrap_or_default();
        let unsigned = match self.next() {
            Next::Initialize(at) => {
                let media = &self.media[at];
                post("2/media/upload/initialize")?.json(&json!({
                    "media_type": media.mime,
                    "total_bytes": media.bytes,
                    "media_category": category(media),
                }))
            }
            Next::Append(at) => {
                let (media, sent) = (&self.media[at], self.uploads[at].sent);
                let segment = (sent / PIECE).to_string();
                let piece = FilePart {
                    name: "media",
                    media: &media.id,
                    mime: &media.mime,
                    from: sent,
                    bytes: PIECE.min(media.bytes - sent),
                };
                post(&format!("2/media/upload/{}/append", id(at)))?
                    .multipart(&[("segment_index", &segment)], Some(piece))?
            }
            Next::Finalize(at) => post(&format!("2/media/upload/{}/finalize", id(at)))?,
            Next::Status(at) => {
                let query = [("command", "STATUS"), ("media_id", id(at))];
                request(&self.account, Method::Get, endpoint(&self.account.base_url, "2/media/upload", &query))?
            }
            Next::Describe(at) => {
                let alt = self.media[at].alt.as_ref().map(|alt| alt.expose().as_str()).unwrap_or_default();
                let body = json!({"id": id(at), "metadata": {"alt_text": {"text": alt}}});
                post("2/media/metadata")?.json(&body)
            }
            Next::Post => {
                let ids: Vec<&str> = self.uploads.iter().filter_map(|upload| upload.id.as_deref()).collect();
                effect(&self.account, &self.operation, &ids)?
            }
        };
        self.signer.sign(unsigned)
    }

    fn on_prepared(&mut self, next: Next, response: &HttpResponse) {
        if !response.is_success() {
            self.on_refused(next, response);
            return;
        }
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let data = body.get("data").cloned().unwrap_or_default();
        match next {
            Next::Initialize(at) => match data.get("id").and_then(Value::as_str).filter(|id| is_id(id)) {
                Some(id) => self.uploads[at].id = Some(id.to_owned()),
                None => self.retry("X gave the upload no id"),
            },
            Next::Append(at) => {
                let left = self.media[at].bytes - self.uploads[at].sent;
                self.uploads[at].sent += PIECE.min(left);
            }
            Next::Finalize(at) => {
                self.uploads[at].finalized = true;
                self.on_processing(at, &data);
            }
            Next::Status(at) => self.on_processing(at, &data),
            Next::Describe(at) => self.uploads[at].described = true,
            Next::Post => {}
        }
    }

    fn on_processing(&mut self, at: usize, data: &Value) {
        let info = data.get("processing_info");
        match info.and_then(|info| info.get("state")).and_then(Value::as_str) {
            None | Some("succeeded") => self.uploads[at].ready = true,
            Some("failed") => {
                self.uploads[at] = Upload::default();
                self.outcome = Some(Outcome::Dead { why: "X could not make use of a file".to_owned() });
            }
            Some(_) => {
                let after = info.and_then(|info| info.get("check_after_secs")).and_then(Value::as_u64);
                self.outcome = Some(Outcome::Waiting {
                    after: after.unwrap_or(5).clamp(1, 3_600),
                    why: "X is still at work on a file".to_owned(),
                });
            }
        }
    }

    fn on_refused(&mut self, next: Next, response: &HttpResponse) {
        let why = match code(response) {
            Some(code) => format!("X answered {} to an upload ({code})", response.status),
            None => format!("X answered {} to an upload", response.status),
        };
        self.outcome = Some(match classify(response) {
            ErrorClass::Authorisation => Outcome::Reauthorise { why },
            ErrorClass::Transient => Outcome::Retry { after: wait(response), why },
            ErrorClass::RateLimited { after } => Outcome::Retry { after, why },
            _ if self.resumed => {
                self.forget(next);
                Outcome::Retry { after: None, why: "X no longer has what was uploaded before".to_owned() }
            }
            _ => Outcome::Dead { why },
        });
    }

    fn forget(&mut self, next: Next) {
        match next {
            Next::Initialize(at) | Next::Append(at) | Next::Finalize(at) | Next::Status(at) | Next::Describe(at) => {
                self.uploads[at] = Upload::default();
            }
            Next::Post => self.uploads.fill(Upload::default()),
        }
    }

    fn retry(&mut self, why: &str) {
        self.outcome = Some(Outcome::Retry { after: None, why: why.to_owned() });
    }
}

impl SendSteps for PostWithMedia {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let next = self.next();
        let step = if next == Next::Post { Step::Effect } else { Step::Preparing };
        match (step, answer) {
            (step, Err(error)) => self.outcome = Some(unanswered(step, error)),
            (Step::Preparing, Ok(response)) => self.on_prepared(next, response),
            // The files of an earlier attempt ran out: nothing was posted.
            (Step::Effect, Ok(response)) if response.status == 400 && self.resumed => self.on_refused(next, response),
            (Step::Effect, Ok(response)) => self.outcome = Some(outcome(&self.operation, response)),
        }
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }

    fn progress(&self) -> Option<Value> {
        let begun = self.uploads.iter().any(|upload| upload.id.is_some());
        begun.then(|| json!({"uploads": self.uploads}))
    }
}

impl Upload {
    /// Whether what was kept can stand in the path of a request.
    fn is_sound(&self) -> bool {
        self.id.as_deref().is_none_or(is_id)
    }
}

fn category(media: &Media) -> &'static str {
    match (media.kind, media.mime.as_str()) {
        (MediaKind::Video, _) => "tweet_video",
        (_, "image/gif") => "tweet_gif",
        _ => "tweet_image",
    }
}
