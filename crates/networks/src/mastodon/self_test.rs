//! Does the connection work, and what does the server allow?

use bedside_model::Phi;
use serde_json::{Map, Value};

use super::stream::{is_same_host, root};
use super::{at, endpoint, refused, signed};
use crate::connector::SelfTestSteps;
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, Method, NetError, SelfReport};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Who are we?
    Who,
    /// What does the server allow? Asked in version 2.
    Server,
    /// The same in version 1, of servers that have no version 2.
    OlderServer,
    /// Can notifications be read?
    Read,
    /// Does it stream as it says? Some tell an address where nothing answers, or only WebSockets.
    Streaming,
    Done,
}

/// A self-test under way.
#[derive(Debug)]
pub(super) struct SelfTest {
    account: AccountView,
    step: Step,
    report: SelfReport,
}

impl SelfTest {
    pub(super) fn start(account: &AccountView) -> Result<Self, NetError> {
        let test = Self { account: account.clone(), step: Step::Who, report: SelfReport::default() };
        test.build()?;
        Ok(test)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let (path, query): (&str, &[(&str, &str)]) = match self.step {
            Step::Who => ("/api/v1/accounts/verify_credentials", &[]),
            Step::Server => ("/api/v2/instance", &[]),
            Step::OlderServer => ("/api/v1/instance", &[]),
            Step::Read => ("/api/v1/notifications", &[("limit", "1")]),
            Step::Streaming => {
                let told = self.report.config.get("streaming").and_then(Value::as_str);
                let health = at(&root(told, &self.account.base_url)?, "/api/v1/streaming/health", &[]);
                return Ok(Some(HttpRequest::new(Method::Get, health)));
            }
            Step::Done => return Ok(None),
        };
        signed(&self.account, Method::Get, endpoint(&self.account, path, query)).map(Some)
    }

    fn on_who(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        match response.status {
            200..=299 => {
                let me = response.json()?;
                let Some(id) = me.get("id").and_then(Value::as_str).filter(|id| super::is_id(id)) else {
                    return Err(NetError::Malformed { what: "the account has no id", at: "id".to_owned() });
                };
                let name = text(&me, "display_name").or_else(|| text(&me, "acct"));
                self.report.native_id = Some(id.to_owned());
                self.report.name = name.map(|name| Phi::new(name.to_owned()));
                self.report.can_write = may_write(&self.account.credentials);
                if !self.report.can_write {
                    self.report.problems.push("the permission to write was not given: authorise the account again");
                }
                Ok(Step::Server)
            }
            401 | 403 => {
                self.report.problems.push("the server refuses the access token: authorise the account again");
                Ok(Step::Done)
            }
            404 => {
                self.report.problems.push("no server that speaks the Mastodon API was found at this address");
                Ok(Step::Done)
            }
            _ => Err(refused(response)),
        }
    }

    fn on_server(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        if self.step == Step::Server && matches!(response.status, 400 | 404 | 405 | 410) {
            return Ok(Step::OlderServer);
        }
        // A server that tells nothing of itself has the limits of one as it is installed.
        if response.is_success() {
            limits(&response.json()?, &mut self.report.config);
        } else if response.status >= 500 || response.status == 429 {
            return Err(refused(response));
        }
        Ok(Step::Read)
    }

    /// What is left to ask once all else is known.
    fn after_reading(&mut self) -> Step {
        let told = self.report.config.get("streaming").and_then(Value::as_str);
        match root(told, &self.account.base_url) {
            // Only Mastodon itself has a host of its own for streaming.
            Ok(root) if !is_same_host(&root, &self.account.base_url) => Step::Done,
            Ok(_) if self.report.can_read => Step::Streaming,
            _ => {
                self.report.config.insert("streaming".to_owned(), Value::Null);
                Step::Done
            }
        }
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match self.step {
            Step::Who => self.on_who(response)?,
            Step::Server | Step::OlderServer => self.on_server(response)?,
            Step::Read => {
                self.report.can_read = response.is_success();
                match response.status {
                    200..=299 => {}
                    401 | 403 => {
                        self.report.problems.push("notifications may not be read: authorise the account again")
                    }
                    _ => return Err(refused(response)),
                }
                self.after_reading()
            }
            Step::Streaming => {
                if !response.is_success() {
                    self.report.config.insert("streaming".to_owned(), Value::Null);
                }
                Step::Done
            }
            Step::Done => Step::Done,
        };
        Ok(())
    }

    fn report(&self) -> SelfReport {
        self.report.clone()
    }
}

/// Whether the token may write, as far as is known.
fn may_write(credentials: &Credentials) -> bool {
    match credentials {
        Credentials::Oauth2(held) if !held.scopes.is_empty() => {
            held.scopes.iter().any(|scope| scope == "write" || scope == "write:statuses")
        }
        _ => true,
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

/// The limits that a server tells, in either version.
fn limits(instance: &Value, config: &mut Map<String, Value>) {
    let part = |name: &str| instance.get("configuration").and_then(|all| all.get(name));
    let numbers = [
        ("statuses", "max_characters"),
        ("statuses", "characters_reserved_per_url"),
        ("statuses", "max_media_attachments"),
        ("media_attachments", "description_limit"),
        ("media_attachments", "image_size_limit"),
        ("media_attachments", "video_size_limit"),
    ];
    for (of, name) in numbers {
        if let Some(number) = part(of).and_then(|part| part.get(name)).and_then(Value::as_u64) {
            config.insert(name.to_owned(), number.into());
        }
    }
    if let Some(types) = part("media_attachments").and_then(|part| part.get("supported_mime_types")) {
        config.insert("supported_mime_types".to_owned(), types.clone());
    }
    // Some servers tell only the older name, in the first version.
    if let Some(most) = instance.get("max_toot_chars").and_then(Value::as_u64) {
        config.entry("max_characters").or_insert_with(|| most.into());
    }
    let newer = part("urls").and_then(|urls| text(urls, "streaming"));
    let older = || text(instance.get("urls")?, "streaming_api");
    let streaming = newer.or_else(older).filter(|address| address.starts_with("ws"));
    // `null` takes away what an earlier version of the server offered.
    config.insert("streaming".to_owned(), streaming.into());
}
