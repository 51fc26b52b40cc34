//! Captions of an own video: put in the place of those that it has in the language under the name, or
//! beside the others.
//!
//! YouTube tells tracks apart by language and name and takes no second one of both, so that captions that
//! are sent twice stand there once.

use bedside_model::Micros;
use serde_json::json;

use super::message::{id_of, snippet};
use super::outgoing::plain;
use super::{checked, endpoint, is_id, items, rooted, signed};
use crate::connector::{Order, ReadbackSteps, SendSteps, Step, unanswered};
use crate::google::refusal;
use crate::json::{Json, Wanted};
use crate::operation::{CLOCK_SKEW, NOT_HERE};
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Objection, Operation, Outcome, ReadbackVerdict,
    TransportError, time,
};

/// What a list of tracks costs, in units of quota.
const LOOK: u32 = 50;
const INSERT: u32 = 400;
const UPDATE: u32 = 450;
/// The longest name of a track, in characters.
const NAME_MAX: usize = 150;
/// The largest file of captions, in bytes.
const BYTES_MAX: usize = 100 * 1_024 * 1_024;

/// What speaks against captions.
pub(super) fn objections(language: &str, name: &str, text: &str) -> Vec<Objection> {
    let mut found = Vec::new();
    if !is_language(language) {
        found.push(Objection::new("needs_language", "Say in which language the captions are."));
    }
    if name.chars().count() > NAME_MAX {
        let text = format!("The name of the captions has more than {NAME_MAX} characters.");
        found.push(Objection::new("name_too_long", text));
    }
    if let Err(e) = crate::captions::words(text) {
        found.push(Objection::new("captions_form", format!("These are no captions (WebVTT or SubRip): {e}.")));
    }
    if text.len() > BYTES_MAX {
        found.push(Objection::new("too_long", "The captions have more than 100 MB."));
    }
    found
}

/// Whether it has the form of a BCP 47 tag.
fn is_language(tag: &str) -> bool {
    let first = tag.split('-').next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Which captions they are.
#[derive(Debug, Clone)]
struct Track {
    account: AccountView,
    video: String,
    language: String,
    name: String,
}

impl Track {
    fn of(account: &AccountView, operation: &Operation) -> Result<Self, NetError> {
        let Operation::Caption { native_id, language, name, .. } = operation else { return Err(NOT_HERE) };
        let (account, video) = (account.clone(), checked(native_id)?.to_owned());
        Ok(Self { account, video, language: language.clone(), name: name.expose().clone() })
    }

    /// Asks which tracks the video has.
    fn look(&self) -> Result<HttpRequest, NetError> {
        let query = [("part", "snippet"), ("videoId", self.video.as_str())];
        signed(&self.account, Method::Get, endpoint(&self.account, "captions", &query), LOOK)
    }

    /// The one of this language and name that people made, not the one that YouTube heard.
    fn find<'a>(&self, tracks: &'a [Json<'a>]) -> Option<&'a Json<'a>> {
        tracks.iter().find(|track| {
            snippet(track, "language").is_some_and(|language| language.eq_ignore_ascii_case(&self.language))
                && snippet(track, "name").unwrap_or_default() == self.name
                && snippet(track, "trackKind").is_none_or(|kind| !kind.eq_ignore_ascii_case("asr"))
        })
    }
}

/// Captions being sent.
#[derive(Debug)]
pub(super) struct Captioning {
    track: Track,
    text: String,
    /// The track that stands there, once it was asked; `None` for none.
    stands: Option<Option<String>>,
    outcome: Option<Outcome>,
}

impl Captioning {
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        let Operation::Caption { text, .. } = order.operation else { return Err(NOT_HERE) };
        let track = Track::of(order.account, order.operation)?;
        let captioning = Self { track, text: text.expose().clone(), stands: None, outcome: None };
        captioning.build()?;
        Ok(captioning)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let Track { account, video, language, name } = &self.track;
        let (method, units, resource) = match &self.stands {
            None => return self.track.look(),
            Some(None) => {
                let snippet = json!({"videoId": video, "language": language, "name": name, "isDraft": false});
                (Method::Post, INSERT, json!({"snippet": snippet}))
            }
            // Language and name of a track stay; what it says is replaced, and a draft is shown.
            Some(Some(id)) => (Method::Put, UPDATE, json!({"id": id, "snippet": {"isDraft": false}})),
        };
        let path = format!("upload/youtube/{}/captions", account.api_version("v3"));
        let url = rooted(account, &path, &[("uploadType", "multipart"), ("part", "snippet")]);
        signed(account, method, url, units)?.related(&resource, "application/octet-stream", &self.text)
    }

    fn on_look(&mut self, response: &HttpResponse) {
        match items(response, &Wanted::All) {
            Ok((tracks, _)) => {
                let found = self.track.find(&tracks).and_then(id_of).filter(|id| is_id(id));
                self.stands = Some(found.map(str::to_owned));
            }
            Err(_) => {
                self.outcome = Some(match refusal::outcome(response, plain) {
                    // It only looked.
                    Outcome::Unknown { why } => Outcome::Retry { after: response.retry_after_seconds(), why },
                    other => other,
                });
            }
        }
    }

    fn on_sent(&mut self, response: &HttpResponse) {
        let body = response.read(&Wanted::All).unwrap_or(Json::Null);
        self.outcome = Some(match (response.is_success(), id_of(&body)) {
            (true, Some(id)) => Outcome::Delivered { native_id: Some(id.to_owned()), permalink: None },
            (true, None) => Outcome::Unknown { why: "YouTube answered with success, but named no captions".to_owned() },
            // Somebody, perhaps an earlier attempt, was faster: the next one puts these in the place.
            (false, _) if response.status == 409 => {
                Outcome::Retry { after: None, why: "there are such captions by now".to_owned() }
            }
            (false, _) => refusal::outcome(response, plain),
        });
    }
}

impl SendSteps for Captioning {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let step = if self.stands.is_none() { Step::Preparing } else { Step::Effect };
        match (answer, step) {
            (Err(error), step) => self.outcome = Some(unanswered(step, error)),
            (Ok(response), Step::Preparing) => self.on_look(response),
            (Ok(response), Step::Effect) => self.on_sent(response),
        }
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }
}

/// Looks whether captions arrived.
#[derive(Debug)]
pub(super) struct Readback {
    track: Track,
    first_sent: Micros,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(super) fn start(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Self, NetError> {
        let readback = Self { track: Track::of(account, operation)?, first_sent, verdict: None };
        readback.track.look()?;
        Ok(readback)
    }

    /// A track that was changed since we sent is ours; what it says YouTube shows only for 200 units more.
    fn judge(&self, tracks: &[Json<'_>]) -> ReadbackVerdict {
        let Some(track) = self.track.find(tracks) else { return ReadbackVerdict::NotThere };
        let changed = snippet(track, "lastUpdated").and_then(time::rfc3339);
        if changed.is_some_and(|at| at >= self.first_sent.saturating_sub(CLOCK_SKEW)) {
            ReadbackVerdict::Found { native_id: id_of(track).map(str::to_owned), permalink: None }
        } else {
            ReadbackVerdict::NotThere
        }
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { self.track.look().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.verdict = Some(if response.status == 404 {
            // The video is gone, and its captions with it.
            ReadbackVerdict::CannotTell
        } else {
            self.judge(&items(response, &Wanted::All)?.0)
        });
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}
