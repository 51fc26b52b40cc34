//! A post: how much may still be published today, containers, waiting, and then the publishing.
//!
//! Containers are made once and kept; a later attempt goes on with them. While the network still
//! works on one, the attempt ends as waiting. A container lives for 24 hours: one that expired is
//! made anew. One that is already published says that an earlier attempt succeeded after all.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Phi;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::outgoing::judge;
use crate::connector::{Order, SendSteps, Step, unanswered};
use crate::meta::{Get, classify, id_of, own_id, post, reason, spoken, text};
use crate::{
    AccountView, ErrorClass, HttpRequest, HttpResponse, Media, MediaKind, NetError, Operation, Outcome, TransportError,
};

/// How long the network is left alone while it works on a file, in seconds.
const WORK: u64 = 30;
/// How long to wait where the day's posts are used up. The window rolls, so nobody says when one gets free.
const QUOTA_WAIT: u64 = 3_600;

/// What is ready so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Progress {
    /// The id of a file -> its container.
    #[serde(default)]
    containers: BTreeMap<String, String>,
    /// Containers that are finished.
    #[serde(default)]
    finished: BTreeSet<String>,
    /// The container of the carousel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carousel: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    Quota,
    /// Make the container of a file.
    Container(usize),
    Carousel,
    Status(String),
    Publish(String),
}

/// A post being sent.
#[derive(Debug)]
pub(super) struct Publishing {
    account: AccountView,
    operation: Operation,
    caption: Phi<String>,
    media: Vec<Media>,
    progress: Progress,
    /// An earlier attempt left something.
    resumed: bool,
    quota_read: bool,
    /// The container that is published was found finished in this attempt.
    checked: bool,
    outcome: Option<Outcome>,
}

impl Publishing {
    /// Begins, or goes on where an earlier attempt stopped.
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        let Operation::Post { text, media, .. } = order.operation else {
            return Err(NetError::Unsupported { what: "only a post is sent in steps" });
        };
        if media.is_empty() || media.iter().any(|one| one.kind == MediaKind::Document) {
            return Err(NetError::Unsupported { what: "Instagram takes images and videos, and no text alone" });
        }
        if media.iter().any(|one| one.public_url.is_none()) {
            return Err(NetError::Config { what: "Instagram fetches files itself: set a public address for them" });
        }
        let saved = order.progress.and_then(|saved| serde_json::from_value::<Progress>(saved.clone()).ok());
        let publishing = Self {
            account: order.account.clone(),
            operation: order.operation.clone(),
            caption: text.clone(),
            media: media.clone(),
            resumed: saved.is_some(),
            progress: saved.unwrap_or_default(),
            quota_read: false,
            checked: false,
            outcome: None,
        };
        publishing.build()?;
        Ok(publishing)
    }

    /// What is to be done next. Files of a carousel must be finished before it is made; what is published
    /// is looked at in each attempt, for it may have expired, or been published.
    fn next(&self) -> Next {
        if !self.quota_read {
            return Next::Quota;
        }
        for (at, one) in self.media.iter().enumerate() {
            match self.progress.containers.get(&one.id) {
                None => return Next::Container(at),
                Some(container) if self.is_carousel() && !self.progress.finished.contains(container) => {
                    return Next::Status(container.clone());
                }
                Some(_) => {}
            }
        }
        let single = self.media.first().and_then(|one| self.progress.containers.get(&one.id));
        match self.progress.carousel.as_ref().or(single.filter(|_| !self.is_carousel())) {
            None => Next::Carousel,
            Some(container) if self.checked => Next::Publish(container.clone()),
            Some(container) => Next::Status(container.clone()),
        }
    }

    fn is_carousel(&self) -> bool {
        self.media.len() > 1
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let own = own_id(&self.account)?;
        let caption = self.caption.expose().as_str();
        match self.next() {
            Next::Quota => {
                Get::fields(format!("{own}/content_publishing_limit"), "quota_usage,config").request(&self.account)
            }
            Next::Container(at) => {
                let fields = self.media.get(at).map(|one| self.container(one, caption)).unwrap_or_default();
                post(&self.account, &format!("{own}/media"), &fields)
            }
            Next::Carousel => {
                let containers = self.media.iter().filter_map(|one| self.progress.containers.get(&one.id));
                let children = containers.map(String::as_str).collect::<Vec<_>>().join(",");
                let fields = [("media_type", "CAROUSEL"), ("children", children.as_str()), ("caption", caption)];
                post(&self.account, &format!("{own}/media"), &fields)
            }
            Next::Status(container) => Get::fields(container, "status_code").request(&self.account),
            Next::Publish(container) => {
                post(&self.account, &format!("{own}/media_publish"), &[("creation_id", container.as_str())])
            }
        }
    }

    fn container<'a>(&'a self, one: &'a Media, caption: &'a str) -> Vec<(&'static str, &'a str)> {
        let address = one.public_url.as_deref().unwrap_or_default();
        let mut fields = match (one.kind, self.is_carousel()) {
            (MediaKind::Video, true) => vec![("media_type", "VIDEO"), ("video_url", address)],
            (MediaKind::Video, false) => vec![("media_type", "REELS"), ("video_url", address)],
            _ => vec![("image_url", address)],
        };
        if one.kind == MediaKind::Image {
            fields.extend(one.alt.as_ref().map(|alt| ("alt_text", alt.expose().as_str())));
        }
        fields.push(if self.is_carousel() { ("is_carousel_item", "true") } else { ("caption", caption) });
        fields
    }

    /// The answer to a request that prepares; `None` goes on.
    fn prepared(&mut self, step: &Next, response: &HttpResponse) -> Option<Outcome> {
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
            // An account that may not ask how much is left may publish all the same.
            _ if *step == Next::Quota => {
                self.quota_read = true;
                return None;
            }
            ErrorClass::Gone if matches!(step, Next::Status(_)) => return Some(self.anew()),
            _ if is_expired(response) => return Some(self.anew()),
            ErrorClass::Forbidden | ErrorClass::Gone | ErrorClass::Invalid => {
                return Some(Outcome::Dead { why: why() });
            }
        }
        let body = response.json().unwrap_or_default();
        match step {
            Next::Quota => {
                self.quota_read = true;
                used_up(&body)
            }
            Next::Container(at) => self.made(&body, *at),
            Next::Carousel => match id_of(&body, "id") {
                Some(container) => {
                    self.progress.carousel = Some(container);
                    None
                }
                None => Some(odd()),
            },
            Next::Status(container) => self.status(container, &body),
            Next::Publish(_) => None,
        }
    }

    fn made(&mut self, body: &Value, at: usize) -> Option<Outcome> {
        let (Some(container), Some(one)) = (id_of(body, "id"), self.media.get(at)) else { return Some(odd()) };
        self.progress.containers.insert(one.id.clone(), container);
        None
    }

    fn status(&mut self, container: &str, body: &Value) -> Option<Outcome> {
        match text(body, "status_code") {
            Some("FINISHED") => {
                let is_part = self.is_carousel() && self.progress.carousel.as_deref() != Some(container);
                if is_part {
                    self.progress.finished.insert(container.to_owned());
                } else {
                    self.checked = true;
                }
                None
            }
            Some("PUBLISHED") => {
                Some(Outcome::Unknown { why: "an earlier attempt seems to have published it".to_owned() })
            }
            Some("EXPIRED") => Some(self.anew()),
            Some("ERROR") => {
                self.progress = Progress::default();
                let why = "the network cannot process a file: check its format, size and length";
                Some(Outcome::Dead { why: why.to_owned() })
            }
            _ => Some(Outcome::Waiting { after: WORK, why: "the network still works on a file".to_owned() }),
        }
    }

    /// What was prepared is no longer good.
    fn anew(&mut self) -> Outcome {
        self.progress = Progress::default();
        Outcome::Retry { after: None, why: "what was prepared has expired and is prepared anew".to_owned() }
    }

    fn published(&self, response: &HttpResponse) -> Outcome {
        let error = spoken(response).unwrap_or_default();
        // "Not ready to be published": it provably was not.
        if error.code == 9_007 {
            return Outcome::Waiting { after: WORK, why: "the network still works on a file".to_owned() };
        }
        // The container is gone, which is also what becomes of one that an earlier attempt published.
        if error.code == 24 {
            return Outcome::Unknown { why: reason(response) };
        }
        judge(&self.operation, response)
    }
}

/// Whether the day's posts are used up.
fn used_up(body: &Value) -> Option<Outcome> {
    let told = body.get("data")?.as_array()?.first()?;
    let used = told.get("quota_usage")?.as_u64()?;
    let total = told.get("config")?.get("quota_total")?.as_u64()?;
    (used >= total).then(|| Outcome::Retry {
        after: Some(QUOTA_WAIT),
        why: format!("{used} of the {total} posts that Instagram takes in 24 hours are used"),
    })
}

/// A container, or a file that a container was made of, that is no longer there (subcodes 2207008, 2207020).
fn is_expired(response: &HttpResponse) -> bool {
    spoken(response).is_some_and(|error| matches!(error.subcode, 2_207_008 | 2_207_020))
}

fn odd() -> Outcome {
    Outcome::Retry { after: None, why: "the network did not say what became of a file".to_owned() }
}

impl SendSteps for Publishing {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let next = self.next();
        let step = if matches!(next, Next::Publish(_)) { Step::Effect } else { Step::Preparing };
        self.outcome = match answer {
            Err(error) => Some(unanswered(step, error)),
            Ok(response) if step == Step::Preparing => self.prepared(&next, response),
            Ok(response) => Some(self.published(response)),
        };
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }

    fn progress(&self) -> Option<Value> {
        // What was thrown away must be told as well, or it would be taken up again.
        let nothing = !self.resumed && self.progress == Progress::default();
        if nothing { None } else { serde_json::to_value(&self.progress).ok() }
    }
}
