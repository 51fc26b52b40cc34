//! An upload that goes on where it stopped.
//!
//! A session is opened with the video's particulars; the file follows in pieces, each a multiple of
//! 256 KiB but the last; YouTube answers 308 with what it has so far, and the last piece with the video
//! ("Resumable uploads", developers.google.com/youtube/v3/guides/using_resumable_upload_protocol). The
//! last piece is the effect. The session is its key: asked about itself, it says whether the whole file
//! arrived, so a piece that got no answer is no reason to send the video twice.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::outgoing::{description, plain};
use super::{HOME, UPLOADS, is_id, rooted, watch_address};
use crate::connector::{Order, SendSteps, Step, unanswered};
use crate::google::refusal;
use crate::{
    AccountView, HttpRequest, HttpResponse, Media, MediaKind, Method, NetError, Operation, Outcome, TransportError,
};

/// The size of a piece, in bytes: sixteen times 256 KiB.
const PIECE: u64 = 16 * 256 * 1_024;
/// How often a piece may leave nothing behind before a later attempt goes on.
const PATIENCE: u8 = 3;

/// How far an upload came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Progress {
    session: Url,
    media: String,
    /// So many bytes have arrived.
    offset: u64,
    /// The last piece has left at least once.
    ending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Opens a session.
    Opening,
    /// Asks the session what has arrived.
    Asking,
    /// Sends the next piece.
    Sending,
}

/// An upload under way.
#[derive(Debug)]
pub(super) struct Upload {
    account: AccountView,
    media: Media,
    particulars: Value,
    progress: Option<Progress>,
    doing: Doing,
    idle: u8,
    outcome: Option<Outcome>,
}

impl Upload {
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        let Operation::Post { title, text, link, media, language } = order.operation else {
            return Err(NetError::Unsupported { what: "only a video can be uploaded" });
        };
        let [video] = media.as_slice() else {
            return Err(NetError::Unsupported { what: "a post on YouTube is exactly one video" });
        };
        if video.kind != MediaKind::Video || video.bytes == 0 {
            return Err(NetError::Unsupported { what: "a post on YouTube is exactly one video" });
        }
        let account = order.account;
        let mut particulars = json!({
            "snippet": {
                "title": title.expose(),
                "description": description(text.expose(), link.as_deref()),
                "categoryId": account.setting("category_id").unwrap_or("22"),
            },
            "status": {
                "privacyStatus": account.setting("privacy").unwrap_or("public"),
                "selfDeclaredMadeForKids": account.config.get("made_for_kids").and_then(Value::as_bool).unwrap_or(false),
            },
        });
        if let Some(language) = language {
            particulars["snippet"]["defaultLanguage"] = language.as_str().into();
        }
        let progress = order.progress.and_then(|progress| serde_json::from_value::<Progress>(progress.clone()).ok());
        let progress = progress.filter(|progress| progress.media == video.id && is_session(account, &progress.session));
        let upload = Self {
            account: account.clone(),
            media: video.clone(),
            particulars,
            doing: if progress.is_some() { Doing::Asking } else { Doing::Opening },
            progress,
            idle: 0,
            outcome: None,
        };
        upload.build()?;
        Ok(upload)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let (total, mime) = (self.media.bytes, self.media.mime.as_str());
        let to = |method, url: Url| HttpRequest::new(method, url).authorised(&self.account.credentials);
        match (&self.progress, self.doing) {
            (None, _) | (_, Doing::Opening) => {
                let path = format!("upload/youtube/{}/videos", self.account.api_version("v3"));
                let url = rooted(&self.account, &path, &[("uploadType", "resumable"), ("part", "snippet,status")]);
                if self.account.credentials.bearer().is_none() {
                    return Err(NetError::Config { what: "a YouTube account needs an access token: authorise it" });
                }
                let request = to(Method::Post, url)?
                    .header("x-upload-content-length", &total.to_string())?
                    .header("x-upload-content-type", mime)?;
                Ok(request.json(&self.particulars).drawing(UPLOADS, 1))
            }
            (Some(progress), Doing::Asking) => {
                to(Method::Put, progress.session.clone())?.header("content-range", &format!("bytes */{total}"))
            }
            (Some(progress), Doing::Sending) => {
                let bytes = self.piece(progress);
                let last = progress.offset + bytes - 1;
                to(Method::Put, progress.session.clone())?
                    .header("content-range", &format!("bytes {}-{last}/{total}", progress.offset))?
                    .file(&self.media.id, progress.offset, bytes, mime)
            }
        }
    }

    fn piece(&self, progress: &Progress) -> u64 {
        PIECE.min(self.media.bytes.saturating_sub(progress.offset)).max(1)
    }

    /// Whether what is sent now completes the file.
    fn is_last(&self) -> bool {
        self.progress.as_ref().is_some_and(|p| p.offset.saturating_add(PIECE) >= self.media.bytes)
    }

    /// Whether the last piece has left, so that the video may be there.
    fn may_be_done(&self) -> bool {
        self.progress.as_ref().is_some_and(|progress| progress.ending)
    }

    fn retry(&mut self, after: Option<u64>, why: impl Into<String>) {
        self.outcome = Some(Outcome::Retry { after, why: why.into() });
    }

    fn on_opened(&mut self, response: &HttpResponse) {
        if !response.is_success() {
            self.outcome = Some(match refusal::outcome(response, plain) {
                // No file was sent, so there is no video.
                Outcome::Unknown { why } => Outcome::Retry { after: response.retry_after_seconds(), why },
                other => other,
            });
            return;
        }
        let session = response.header("location").and_then(|location| Url::parse(location).ok());
        match session.filter(|session| is_session(&self.account, session)) {
            None => self.retry(None, "YouTube named no address of its own to upload to"),
            Some(session) => {
                self.progress = Some(Progress { session, media: self.media.id.clone(), offset: 0, ending: false });
                self.doing = Doing::Sending;
            }
        }
    }

    fn on_session(&mut self, response: &HttpResponse) {
        match response.status {
            308 => self.on_arrived(response),
            200..=299 => self.on_video(response),
            404 | 410 => self.on_lost_session(),
            401 => self.outcome = Some(refusal::outcome(response, plain)),
            // The session knows what arrived; where it does not say so either, nobody does.
            408 | 425 | 500..=599 if self.doing == Doing::Sending && self.is_last() => self.doing = Doing::Asking,
            408 | 425 | 500..=599 if self.doing == Doing::Asking && self.may_be_done() => {
                let why = format!("YouTube answered {} to whether the file arrived", response.status);
                self.outcome = Some(Outcome::Unknown { why });
            }
            408 | 425 | 429 | 500..=599 => {
                let why = format!("YouTube answered {} in the middle of an upload", response.status);
                self.retry(response.retry_after_seconds(), why);
            }
            _ => match refusal::outcome(response, plain) {
                Outcome::Retry { after, why } => self.retry(after, why),
                other => self.outcome = Some(other),
            },
        }
    }

    /// 308: `Range: bytes=0-n` says what has arrived, and its absence that nothing has.
    fn on_arrived(&mut self, response: &HttpResponse) {
        let end = response.header("range").and_then(|range| range.trim().strip_prefix("bytes=0-")?.parse::<u64>().ok());
        let arrived = end.map_or(0, |end| end.saturating_add(1));
        let asked = self.doing == Doing::Asking;
        let total = self.media.bytes;
        let Some(progress) = &mut self.progress else { return };
        if asked && progress.ending && arrived >= total {
            self.outcome =
                Some(Outcome::Waiting { after: 30, why: "YouTube has the whole file and is still at work".to_owned() });
            return;
        }
        self.idle = if arrived > progress.offset { 0 } else { self.idle + 1 };
        progress.offset = arrived.min(total.saturating_sub(1));
        self.doing = Doing::Sending;
        if self.idle > PATIENCE {
            self.retry(Some(60), "YouTube takes no more of the file for now");
        }
    }

    fn on_video(&mut self, response: &HttpResponse) {
        let body = serde_json::from_slice::<Value>(&response.body).unwrap_or_default();
        self.outcome = Some(match body.get("id").and_then(Value::as_str).filter(|id| is_id(id)) {
            Some(id) => Outcome::Delivered { native_id: Some(id.to_owned()), permalink: Some(watch_address(id)) },
            None => Outcome::Unknown { why: "YouTube answered with success, but named no video".to_owned() },
        });
    }

    /// A session that is gone took nothing that is complete, unless its last piece had left.
    fn on_lost_session(&mut self) {
        if self.may_be_done() {
            self.outcome = Some(Outcome::Unknown { why: "the upload ended without an answer".to_owned() });
        } else {
            self.progress = None;
            if self.idle > PATIENCE {
                self.retry(Some(60), "YouTube does not keep the upload");
            }
            self.idle += 1;
            self.doing = Doing::Opening;
        }
    }
}

impl SendSteps for Upload {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let last = self.doing == Doing::Sending && self.is_last();
        let left = !matches!(answer, Err(TransportError::NotSent(_)));
        if let Some(progress) = self.progress.as_mut().filter(|_| last && left) {
            progress.ending = true;
        }
        match answer {
            Ok(response) if self.doing == Doing::Opening => self.on_opened(response),
            Ok(response) => self.on_session(response),
            // Without an answer to the effect the session is asked; if that fails, too, nobody knows.
            Err(TransportError::MaybeSent(_)) if last => self.doing = Doing::Asking,
            Err(error) => {
                let (TransportError::NotSent(why) | TransportError::MaybeSent(why)) = error;
                self.outcome = Some(if self.doing == Doing::Asking && self.may_be_done() {
                    Outcome::Unknown { why: (*why).to_owned() }
                } else {
                    unanswered(Step::Preparing, error)
                });
            }
        }
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }

    fn progress(&self) -> Option<Value> {
        serde_json::to_value(self.progress.as_ref()?).ok()
    }
}

/// Whether a session is where the account's API is: the access token goes there.
fn is_session(account: &AccountView, session: &Url) -> bool {
    let at_home = Url::parse(HOME).is_ok_and(|home| home.origin() == account.base_url.origin());
    let google =
        session.scheme() == "https" && session.host_str().is_some_and(|host| host.ends_with(".googleapis.com"));
    session.origin() == account.base_url.origin() || (at_home && google)
}
