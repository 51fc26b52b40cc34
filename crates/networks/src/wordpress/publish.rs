//! A post: its files go up and are described first, then it is made; and another text for a post,
//! which keeps its files.
//!
//! Each file has a name that is made of the delivery's key. Before it goes up, the site is asked
//! whether it is there already, so that an attempt that broke off leaves no second copy.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::body::{Placed, body, reworded};
use super::message::content_html;
use super::outgoing::{outcome, own_route};
use super::{classify, code, endpoint, signed};
use crate::connector::{Order, SendSteps, Step, unanswered};
use crate::raw::short_hash;
use crate::{
    AccountView, ErrorClass, HttpRequest, HttpResponse, Media, Method, NetError, Operation, Outcome, OwnKind,
    TransportError, html_escape,
};

/// A file that is on the site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct OnSite {
    id: u64,
    url: String,
    /// The site has its description.
    described: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Asks whether a file is on the site already.
    Look(usize),
    Upload(usize),
    Describe(usize),
    /// Reads the post that is to be changed.
    Read,
    Effect,
}

/// A post being made or changed.
#[derive(Debug)]
pub(super) struct Publishing {
    account: AccountView,
    operation: Operation,
    key: String,
    media: Vec<Media>,
    files: Vec<Option<OnSite>>,
    /// Files that the site was asked about in this attempt.
    looked: BTreeSet<usize>,
    /// The markup of the post that is to be changed.
    old: Option<String>,
    outcome: Option<Outcome>,
}

impl Publishing {
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        let media = match order.operation {
            Operation::Post { media, .. } => media.clone(),
            _ => Vec::new(),
        };
        if let Some(odd) = media.iter().find(|one| ending(&one.mime).is_none() || one.bytes == 0) {
            let what = if odd.bytes == 0 { "a file is empty" } else { "WordPress takes no file of this type" };
            return Err(NetError::Unsupported { what });
        }
        let kept = order.progress.and_then(|kept| Vec::<Option<OnSite>>::deserialize(kept.get("files")?).ok());
        let publishing = Self {
            account: order.account.clone(),
            operation: order.operation.clone(),
            key: order.idempotency_key.to_owned(),
            files: kept.filter(|kept| kept.len() == media.len()).unwrap_or_else(|| vec![None; media.len()]),
            media,
            looked: BTreeSet::new(),
            old: None,
            outcome: None,
        };
        publishing.build()?;
        Ok(publishing)
    }

    fn next(&self) -> Next {
        for (at, file) in self.files.iter().enumerate() {
            match file {
                None if self.looked.contains(&at) => return Next::Upload(at),
                None => return Next::Look(at),
                Some(file) if !file.described => return Next::Describe(at),
                Some(_) => {}
            }
        }
        let changing = matches!(self.operation, Operation::EditOwn { .. });
        if changing && self.old.is_none() { Next::Read } else { Next::Effect }
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let account = &self.account;
        let to =
            |method, route: &str, query: &[(&str, &str)]| signed(account, method, endpoint(account, route, query)?);
        match self.next() {
            Next::Look(at) => {
                let query = [("slug", &*self.name(at)), ("context", "edit"), ("_fields", "id,source_url")];
                to(Method::Get, "/wp/v2/media", &query)
            }
            Next::Upload(at) => {
                let media = &self.media[at];
                let name = format!("{}.{}", self.name(at), ending(&media.mime).unwrap_or("bin"));
                to(Method::Post, "/wp/v2/media", &[])?
                    .header("content-disposition", &format!("attachment; filename=\"{name}\""))?
                    .file(&media.id, 0, media.bytes, &media.mime)
            }
            Next::Describe(at) => {
                let id = self.files[at].as_ref().map_or(0, |file| file.id);
                let alt = self.media[at].alt.as_ref().map_or("", |alt| alt.expose());
                // Its own name would be shown where a site lists its files.
                let body = json!({"alt_text": alt, "title": html_escape(self.title())});
                Ok(to(Method::Post, &format!("/wp/v2/media/{id}"), &[])?.json(&body))
            }
            Next::Read => to(Method::Get, &self.route()?, &[("context", "edit"), ("_fields", "id,content")]),
            Next::Effect => {
                let request = to(Method::Post, &self.route()?, &[])?.json(&self.body());
                request.header("idempotency-key", &self.key)
            }
        }
    }

    fn route(&self) -> Result<String, NetError> {
        match &self.operation {
            Operation::EditOwn { native_id, .. } => own_route(OwnKind::Post, native_id),
            _ => Ok("/wp/v2/posts".to_owned()),
        }
    }

    fn title(&self) -> &str {
        match &self.operation {
            Operation::Post { title, .. } => title.expose(),
            _ => "",
        }
    }

    /// The name of a file on the site, less its ending.
    fn name(&self, at: usize) -> String {
        format!("post-{}", short_hash(&[&self.key, &at.to_string()]))
    }

    /// What makes or changes the post. A change names no status: a draft stays a draft.
    fn body(&self) -> Value {
        match &self.operation {
            Operation::Post { title, text, link, .. } => {
                let files = self.files.iter().zip(&self.media).filter_map(|(file, media)| {
                    let file = file.as_ref()?;
                    Some(Placed { id: file.id, url: &file.url, media })
                });
                json!({
                    "title": html_escape(title.expose()),
                    "content": body(title.expose(), text.expose(), link.as_deref(), files),
                    "status": "publish",
                })
            }
            Operation::EditOwn { text, .. } => {
                json!({"content": reworded(self.old.as_deref().unwrap_or_default(), text.expose())})
            }
            _ => Value::Null,
        }
    }

    fn on_prepared(&mut self, next: Next, response: &HttpResponse) {
        if !response.is_success() {
            self.outcome = Some(self.refused(next, response));
            return;
        }
        let Ok(answer) = serde_json::from_slice::<Value>(&response.body) else {
            self.retry("the site answered with success, but not with JSON");
            return;
        };
        match next {
            Next::Look(at) => {
                self.looked.insert(at);
                self.files[at] = answer.get(0).and_then(on_site);
            }
            Next::Upload(at) => match on_site(&answer) {
                Some(file) => self.files[at] = Some(file),
                None => self.retry("the site took a file and named nothing"),
            },
            Next::Describe(at) => {
                if let Some(file) = &mut self.files[at] {
                    file.described = true;
                }
            }
            Next::Read => self.old = Some(content_html(&answer).unwrap_or_default().to_owned()),
            Next::Effect => {}
        }
    }

    fn refused(&mut self, next: Next, response: &HttpResponse) -> Outcome {
        let code = code(response);
        let why = match &code {
            Some(code) => format!("the site answered {} ({code})", response.status),
            None => format!("the site answered {}", response.status),
        };
        match (classify(response), code.as_deref()) {
            (_, Some("rest_upload_sideload_error" | "rest_upload_unknown_error")) => {
                Outcome::Dead { why: format!("{why}: it does not take files of this type or size") }
            }
            (ErrorClass::Authorisation, _) => Outcome::Reauthorise { why },
            (ErrorClass::RateLimited { after }, _) => Outcome::Retry { after, why },
            (ErrorClass::Transient, _) => Outcome::Retry { after: response.retry_after_seconds(), why },
            // Somebody took the file away meanwhile: it goes up again.
            (ErrorClass::Gone, _) => match next {
                Next::Describe(at) => {
                    self.files[at] = None;
                    Outcome::Retry { after: None, why }
                }
                _ => Outcome::Dead { why },
            },
            _ if response.status == 413 => Outcome::Dead { why: format!("{why}: a file is larger than it takes") },
            _ => Outcome::Dead { why },
        }
    }

    fn retry(&mut self, why: &str) {
        self.outcome = Some(Outcome::Retry { after: None, why: why.to_owned() });
    }
}

impl SendSteps for Publishing {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let next = self.next();
        let step = if next == Next::Effect { Step::Effect } else { Step::Preparing };
        match (step, answer) {
            (step, Err(error)) => self.outcome = Some(unanswered(step, error)),
            (Step::Preparing, Ok(response)) => self.on_prepared(next, response),
            (Step::Effect, Ok(response)) => self.outcome = Some(outcome(&self.operation, response)),
        }
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }

    fn progress(&self) -> Option<Value> {
        let begun = self.files.iter().any(Option::is_some);
        begun.then(|| json!({"files": self.files}))
    }
}

/// A file as the site describes it.
fn on_site(file: &Value) -> Option<OnSite> {
    let url = file.get("source_url")?.as_str()?;
    Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(OnSite { id: file.get("id")?.as_u64().filter(|&id| id > 0)?, url: url.to_owned(), described: false })
}

/// The ending of a file's name, by which WordPress knows its type; `None` for what it does not take.
fn ending(mime: &str) -> Option<&'static str> {
    Some(match mime {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "video/mp4" => "mp4",
        "video/quicktime" => "mov",
        "application/pdf" => "pdf",
        _ => return None,
    })
}
