//! A post: its files are registered, uploaded to the addresses LinkedIn names, waited for, and only then
//! is the post made.
//!
//! Videos come with several addresses, one a piece, and are put together at the end. What has arrived is
//! kept as progress; what LinkedIn no longer has by the next attempt is uploaded anew.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::outgoing::{make_post, outcome};
use super::urn::is_urn;
use super::{HOME, classify, code, page, signed, wait};
use crate::connector::{Order, SendSteps, Step, unanswered};
use crate::http::percent_encode;
use crate::{
    AccountView, ErrorClass, HttpRequest, HttpResponse, Media, MediaKind, Method, NetError, Operation, Outcome,
    TransportError,
};

/// How many seconds LinkedIn is given between two looks at a file.
const LOOK_AGAIN: u64 = 5;

/// What was uploaded for a post.
#[derive(Debug, Clone, Copy)]
pub(super) struct Uploaded<'a> {
    pub(super) urn: &'a str,
    pub(super) kind: MediaKind,
    pub(super) alt: Option<&'a str>,
}

/// How far one file is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Upload {
    /// LinkedIn's name of it; empty before it is registered.
    urn: String,
    /// Of a video: what puts its pieces together.
    token: String,
    parts: Vec<Part>,
    /// The marks of the pieces that arrived, in their order.
    etags: Vec<String>,
    finalized: bool,
    ready: bool,
}

/// A piece, and where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Part {
    url: String,
    from: u64,
    bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Next {
    Register(usize),
    Put(usize),
    Finalize(usize),
    Look(usize),
    Post,
}

/// A post, being sent.
#[derive(Debug)]
pub(super) struct PostOut {
    account: AccountView,
    operation: Operation,
    media: Vec<Media>,
    uploads: Vec<Upload>,
    /// Something was uploaded by an earlier attempt, and LinkedIn may have forgotten it.
    resumed: bool,
    outcome: Option<Outcome>,
}

impl PostOut {
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        let Operation::Post { media, .. } = order.operation else {
            return Err(NetError::Unsupported { what: "only posts carry files on LinkedIn" });
        };
        if media.iter().any(|one| one.bytes == 0) {
            return Err(NetError::Unsupported { what: "LinkedIn takes no empty file" });
        }
        let kept = order.progress.and_then(|progress| Vec::<Upload>::deserialize(progress.get("uploads")?).ok());
        let kept = kept.filter(|kept| kept.len() == media.len() && kept.iter().all(|one| one.is_sound(order.account)));
        let sending = Self {
            account: order.account.clone(),
            operation: order.operation.clone(),
            media: media.clone(),
            resumed: kept.is_some(),
            uploads: kept.unwrap_or_else(|| vec![Upload::default(); media.len()]),
            outcome: None,
        };
        sending.build()?;
        Ok(sending)
    }

    fn next(&self) -> Next {
        for (at, (media, upload)) in self.media.iter().zip(&self.uploads).enumerate() {
            if upload.urn.is_empty() {
                return Next::Register(at);
            }
            if upload.etags.len() < upload.parts.len() {
                return Next::Put(at);
            }
            if media.kind == MediaKind::Video && !upload.finalized {
                return Next::Finalize(at);
            }
            if !upload.ready {
                return Next::Look(at);
            }
        }
        Next::Post
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        match self.next() {
            Next::Register(at) => {
                let media = &self.media[at];
                let mut ask = json!({"owner": page(&self.account)?});
                if media.kind == MediaKind::Video {
                    ask["fileSizeBytes"] = media.bytes.into();
                    ask["uploadCaptions"] = false.into();
                    ask["uploadThumbnail"] = false.into();
                }
                let body = json!({"initializeUploadRequest": ask});
                Ok(signed(&self.account, Method::Post, collection(media.kind), "action=initializeUpload")?.json(&body))
            }
            Next::Put(at) => {
                let (media, upload) = (&self.media[at], &self.uploads[at]);
                let part = upload.parts.get(upload.etags.len());
                let part = part.ok_or(NetError::Config { what: "all pieces of the file were sent" })?;
                let url = upload_address(&self.account, &part.url)
                    .ok_or(NetError::Config { what: "LinkedIn named an address for the upload that is not its own" })?;
                let request = HttpRequest::new(Method::Put, url).authorised(&self.account.credentials)?;
                request.file(&media.id, part.from, part.bytes, "application/octet-stream")
            }
            Next::Finalize(at) => {
                let Upload { urn, token, etags, .. } = &self.uploads[at];
                let body =
                    json!({"finalizeUploadRequest": {"video": urn, "uploadToken": token, "uploadedPartIds": etags}});
                Ok(signed(&self.account, Method::Post, "videos", "action=finalizeUpload")?.json(&body))
            }
            Next::Look(at) => {
                let route = format!("{}/{}", collection(self.media[at].kind), percent_encode(&self.uploads[at].urn));
                signed(&self.account, Method::Get, &route, "")
            }
            Next::Post => {
                let uploaded = self.media.iter().zip(&self.uploads).map(|(media, upload)| Uploaded {
                    urn: &upload.urn,
                    kind: media.kind,
                    alt: media.alt.as_ref().map(|alt| alt.expose().as_str()),
                });
                make_post(&self.account, &self.operation, &uploaded.collect::<Vec<_>>())
            }
        }
    }

    fn on_prepared(&mut self, next: Next, response: &HttpResponse) {
        if !response.is_success() {
            self.on_refused(next, response);
            return;
        }
        match next {
            Next::Register(at) => match registered(&self.account, &self.media[at], response) {
                Some(upload) => self.uploads[at] = upload,
                None => self.retry("LinkedIn named no address of its own for the upload"),
            },
            Next::Put(at) => {
                let etag = response.header("etag").unwrap_or_default().trim_matches('"').to_owned();
                self.uploads[at].etags.push(etag);
            }
            Next::Finalize(at) => self.uploads[at].finalized = true,
            Next::Look(at) => self.on_look(at, response),
            Next::Post => {}
        }
    }

    fn on_look(&mut self, at: usize, response: &HttpResponse) {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        match body.get("status").and_then(Value::as_str) {
            Some("AVAILABLE") => self.uploads[at].ready = true,
            Some("PROCESSING_FAILED") => {
                self.uploads[at] = Upload::default();
                self.outcome = Some(Outcome::Dead { why: "LinkedIn could not make use of a file".to_owned() });
            }
            _ => {
                let why = "LinkedIn is still at work on a file".to_owned();
                self.outcome = Some(Outcome::Waiting { after: LOOK_AGAIN, why });
            }
        }
    }

    fn on_refused(&mut self, next: Next, response: &HttpResponse) {
        let why = match code(response) {
            Some(code) => format!("LinkedIn answered {} to an upload ({code})", response.status),
            None => format!("LinkedIn answered {} to an upload", response.status),
        };
        self.outcome = Some(match classify(response) {
            ErrorClass::Authorisation => Outcome::Reauthorise { why },
            ErrorClass::Transient => Outcome::Retry { after: wait(response), why },
            ErrorClass::RateLimited { after } => Outcome::Retry { after, why },
            _ if self.resumed => {
                self.forget(next);
                Outcome::Retry { after: None, why: "LinkedIn no longer has what was uploaded before".to_owned() }
            }
            _ => Outcome::Dead { why },
        });
    }

    fn forget(&mut self, next: Next) {
        match next {
            Next::Register(at) | Next::Put(at) | Next::Finalize(at) | Next::Look(at) => {
                self.uploads[at] = Upload::default();
            }
            Next::Post => self.uploads.fill(Upload::default()),
        }
    }

    fn retry(&mut self, why: &str) {
        self.outcome = Some(Outcome::Retry { after: None, why: why.to_owned() });
    }
}

impl SendSteps for PostOut {
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
        let begun = self.uploads.iter().any(|upload| !upload.urn.is_empty());
        begun.then(|| json!({"uploads": self.uploads}))
    }
}

impl Upload {
    /// Whether what was kept can stand in requests.
    fn is_sound(&self, account: &AccountView) -> bool {
        (self.urn.is_empty() || is_urn(&self.urn))
            && self.parts.iter().all(|part| upload_address(account, &part.url).is_some())
    }
}

const fn collection(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "images",
        MediaKind::Video => "videos",
        MediaKind::Document => "documents",
    }
}

/// What LinkedIn made of the registration of a file.
fn registered(account: &AccountView, media: &Media, response: &HttpResponse) -> Option<Upload> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    let value = body.get("value")?;
    let field = |name: &str| value.get(name).and_then(Value::as_str);
    let urn = field("image").or_else(|| field("video")).or_else(|| field("document")).filter(|urn| is_urn(urn))?;
    let parts = match value.get("uploadInstructions").and_then(Value::as_array) {
        None => vec![Part { url: field("uploadUrl")?.to_owned(), from: 0, bytes: media.bytes }],
        Some(instructions) => instructions.iter().map(|one| part(one, media.bytes)).collect::<Option<Vec<_>>>()?,
    };
    let upload = Upload {
        urn: urn.to_owned(),
        token: field("uploadToken").unwrap_or_default().to_owned(),
        parts,
        ..Upload::default()
    };
    let whole = upload.parts.iter().map(|part| part.bytes).sum::<u64>() == media.bytes;
    (whole && upload.is_sound(account)).then_some(upload)
}

fn part(instruction: &Value, bytes: u64) -> Option<Part> {
    let number = |name: &str| instruction.get(name).and_then(Value::as_u64);
    let (from, last) = (number("firstByte")?, number("lastByte")?);
    let inside = from <= last && last < bytes;
    inside.then_some(Part { url: instruction.get("uploadUrl")?.as_str()?.to_owned(), from, bytes: last - from + 1 })
}

/// The address of an upload, where it is LinkedIn's own: the token goes nowhere else.
fn upload_address(account: &AccountView, address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let at_home = Url::parse(HOME).is_ok_and(|home| home.origin() == account.base_url.origin());
    let host = url.host_str()?;
    let of_linkedin = url.scheme() == "https" && (host == "linkedin.com" || host.ends_with(".linkedin.com"));
    let trusted = url.origin() == account.base_url.origin() || (at_home && of_linkedin);
    trusted.then_some(url)
}
