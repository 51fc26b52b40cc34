//! A post: its images or its video first, then the post itself.
//!
//! Images are uploaded unpublished, each with its text for people who do not see it, and attached to
//! the post. A video goes up in pieces as the network asks for them, and its last request publishes it.
//! What went up is kept, so that a later attempt does not do it again.

use std::collections::BTreeMap;

use bedside_model::Phi;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::outgoing::judge;
use crate::connector::{Order, SendSteps, Step, unanswered};
use crate::http::FilePart;
use crate::meta::{self, FACEBOOK, classify, endpoint, id_of, own_id, reason, signed};
use crate::{
    AccountView, ErrorClass, HttpRequest, HttpResponse, Media, MediaKind, Method, NetError, Operation, Outcome,
    TransportError,
};

/// Where videos go up.
const VIDEO_HOST: &str = "https://graph-video.facebook.com/";

/// What went up so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Progress {
    /// The id of a file -> the id of the unpublished photo.
    #[serde(default)]
    photos: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    video: Option<Upload>,
}

/// A video on its way up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Upload {
    session: String,
    video: String,
    /// The piece that the network asks for; nothing is left where both are equal.
    from: u64,
    to: u64,
}

/// A post being sent.
#[derive(Debug)]
pub(super) struct Publishing {
    account: AccountView,
    operation: Operation,
    message: Phi<String>,
    link: Option<String>,
    media: Vec<Media>,
    progress: Progress,
    /// An earlier attempt left something.
    had_progress: bool,
    /// The upload was begun by an earlier attempt, and may have ended meanwhile.
    resumed: bool,
    outcome: Option<Outcome>,
}

/// The text of a post. A link cannot stand beside files, so there it ends the text.
pub(super) fn message(text: &str, link: Option<&str>, media: &[Media]) -> String {
    match link.filter(|link| !media.is_empty() && !text.contains(link)) {
        Some(link) => format!("{text}\n\n{link}").trim().to_owned(),
        None => text.to_owned(),
    }
}

impl Publishing {
    /// Begins, or goes on where an earlier attempt stopped.
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        let Operation::Post { text, link, media, .. } = order.operation else {
            return Err(NetError::Unsupported { what: "only a post is sent in steps" });
        };
        let videos = media.iter().filter(|one| one.kind == MediaKind::Video).count();
        if media.iter().any(|one| one.kind == MediaKind::Document) || (videos > 0 && media.len() > 1) {
            return Err(NetError::Unsupported { what: "Facebook takes images or one video in a post" });
        }
        let saved = order.progress.and_then(|saved| serde_json::from_value::<Progress>(saved.clone()).ok());
        let publishing = Self {
            account: order.account.clone(),
            operation: order.operation.clone(),
            message: message(text.expose(), link.as_deref(), media).into(),
            link: link.clone().filter(|_| media.is_empty()),
            media: media.clone(),
            had_progress: saved.is_some(),
            resumed: saved.as_ref().is_some_and(|saved| saved.video.is_some()),
            progress: saved.unwrap_or_default(),
            outcome: None,
        };
        publishing.build()?;
        Ok(publishing)
    }

    fn video(&self) -> Option<&Media> {
        self.media.first().filter(|one| one.kind == MediaKind::Video)
    }

    fn next_image(&self) -> Option<&Media> {
        self.media.iter().find(|one| one.kind == MediaKind::Image && !self.progress.photos.contains_key(&one.id))
    }

    fn step(&self) -> Step {
        let video_is_up = self.progress.video.as_ref().is_some_and(|upload| upload.from >= upload.to);
        if self.next_image().is_some() || (self.video().is_some() && !video_is_up) {
            Step::Preparing
        } else {
            Step::Effect
        }
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let page = own_id(&self.account)?;
        if let Some(video) = self.video() {
            return self.build_video(page, video);
        }
        if let Some(image) = self.next_image() {
            let url = endpoint(&self.account, &self.account.base_url, &format!("{page}/photos"))?;
            let mut fields = vec![("published", "false")];
            fields.extend(image.alt.as_ref().map(|alt| ("alt_text_custom", alt.expose().as_str())));
            return signed(&self.account, Method::Post, url)?
                .multipart(&fields, Some(part("source", image, 0, image.bytes)));
        }
        let mut fields = vec![("message".to_owned(), self.message.expose().clone())];
        fields.extend(self.link.clone().map(|link| ("link".to_owned(), link)));
        let photos = self.media.iter().filter_map(|one| self.progress.photos.get(&one.id));
        for (at, photo) in photos.enumerate() {
            fields.push((format!("attached_media[{at}]"), json!({"media_fbid": photo}).to_string()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        meta::post(&self.account, &format!("{page}/feed"), &fields)
    }

    fn build_video(&self, page: &str, video: &Media) -> Result<HttpRequest, NetError> {
        let root = self.account.root_at(FACEBOOK, VIDEO_HOST);
        let url = endpoint(&self.account, &root, &format!("{page}/videos"))?;
        let request = signed(&self.account, Method::Post, url)?;
        let Some(upload) = &self.progress.video else {
            let size = video.bytes.to_string();
            return Ok(request.form(&[("upload_phase", "start"), ("file_size", &size)]));
        };
        let session = ("upload_session_id", upload.session.as_str());
        if upload.from < upload.to {
            let from = upload.from.to_string();
            let fields = [("upload_phase", "transfer"), session, ("start_offset", from.as_str())];
            let bytes = upload.to - upload.from;
            return request.multipart(&fields, Some(part("video_file_chunk", video, upload.from, bytes)));
        }
        let Operation::Post { title, .. } = &self.operation else {
            return Err(NetError::Unsupported { what: "only a post is sent in steps" });
        };
        let mut fields = vec![("upload_phase", "finish"), session, ("description", self.message.expose().as_str())];
        if !title.expose().is_empty() {
            fields.push(("title", title.expose()));
        }
        Ok(request.form(&fields))
    }

    /// The answer to a request that prepares.
    fn prepared(&mut self, response: &HttpResponse) -> Option<Outcome> {
        let why = || reason(response);
        match classify(response) {
            ErrorClass::Fine => {}
            ErrorClass::Authorisation => return Some(Outcome::Reauthorise { why: why() }),
            ErrorClass::RateLimited { after } => {
                return Some(Outcome::Retry { after, why: "too many requests".to_owned() });
            }
            ErrorClass::Transient | ErrorClass::UnknownOutcome => {
                return Some(Outcome::Retry { after: response.retry_after_seconds(), why: why() });
            }
            // What an earlier attempt began may have ended meanwhile: begin anew, once.
            ErrorClass::Invalid | ErrorClass::Gone if self.resumed => {
                (self.progress.video, self.resumed) = (None, false);
                return None;
            }
            ErrorClass::Forbidden | ErrorClass::Gone | ErrorClass::Invalid => {
                return Some(Outcome::Dead { why: why() });
            }
        }
        let body = response.json().unwrap_or_default();
        match self.next_image().map(|image| image.id.clone()) {
            Some(image) => match id_of(&body, "id") {
                Some(photo) => drop(self.progress.photos.insert(image, photo)),
                None => return Some(odd()),
            },
            None => match self.uploaded(&body) {
                Some(upload) => (self.progress.video, self.resumed) = (Some(upload), false),
                None => return Some(odd()),
            },
        }
        None
    }

    /// Which piece of the video is wanted next.
    fn uploaded(&self, body: &Value) -> Option<Upload> {
        let offset = |name: &str| id_of(body, name)?.parse::<u64>().ok();
        let (from, to) = (offset("start_offset")?, offset("end_offset")?);
        let size = self.video()?.bytes;
        let (session, video) = match &self.progress.video {
            // A network that asks for the same piece for ever is not waited for.
            Some(upload) if from <= upload.from => return None,
            Some(upload) => (upload.session.clone(), upload.video.clone()),
            None => (id_of(body, "upload_session_id")?, id_of(body, "video_id")?),
        };
        (from <= to && to <= size).then_some(Upload { session, video, from, to })
    }

    fn published(&self, response: &HttpResponse) -> Outcome {
        let Some(upload) = self.progress.video.as_ref().filter(|_| self.video().is_some()) else {
            return judge(&self.operation, response);
        };
        if let Some(outcome) = meta::outcome(response, false) {
            return outcome;
        }
        match response.json().unwrap_or_default().get("success").and_then(Value::as_bool) {
            Some(true) => Outcome::Delivered {
                native_id: Some(upload.video.clone()),
                permalink: Some(format!("https://www.facebook.com/{}", upload.video)),
            },
            _ => Outcome::Unknown { why: "the network answered with success, but named nothing".to_owned() },
        }
    }
}

fn odd() -> Outcome {
    Outcome::Retry { after: None, why: "the network did not say what became of a file".to_owned() }
}

fn part<'a>(name: &'a str, media: &'a Media, from: u64, bytes: u64) -> FilePart<'a> {
    FilePart { name, media: &media.id, mime: &media.mime, from, bytes }
}

impl SendSteps for Publishing {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let step = self.step();
        self.outcome = match answer {
            Err(error) => Some(unanswered(step, error)),
            Ok(response) if step == Step::Preparing => self.prepared(response),
            Ok(response) => Some(self.published(response)),
        };
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }

    fn progress(&self) -> Option<Value> {
        // What was thrown away must be told as well, or it would be taken up again.
        let nothing = !self.had_progress && self.progress == Progress::default();
        if nothing { None } else { serde_json::to_value(&self.progress).ok() }
    }
}
