//! Does the connection work, and where is the REST API?

use bedside_model::Phi;
use serde_json::Value;
use url::Url;

use super::{endpoint, plain_base, pretty_base, refused, scope, signed};
use crate::connector::SelfTestSteps;
use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, Method, NetError, SelfReport};

#[derive(Debug)]
enum Step {
    /// Who are we, asked at the roots that are left to try.
    Who {
        bases: Vec<Url>,
    },
    /// Can comments of all statuses be read, or those that are public?
    Read,
    /// Who else writes for the site? Their comments are the organisation's own answers.
    Staff,
    Done,
}

/// A self-test under way.
#[derive(Debug)]
pub(crate) struct SelfTest {
    account: AccountView,
    step: Step,
    moderates: bool,
    report: SelfReport,
}

impl SelfTest {
    pub(crate) fn start(account: &AccountView) -> Result<Self, NetError> {
        // Tried from the last to the first.
        let bases = vec![plain_base(&account.base_url), pretty_base(&account.base_url)];
        let mut test = Self {
            account: account.clone(),
            step: Step::Who { bases },
            moderates: true,
            report: SelfReport::default(),
        };
        test.use_next_base();
        test.build()?;
        Ok(test)
    }

    fn use_next_base(&mut self) -> bool {
        let Step::Who { bases } = &mut self.step else { return false };
        let Some(base) = bases.pop() else { return false };
        if !self.account.config.is_object() {
            self.account.config = Value::Object(serde_json::Map::new());
        }
        self.account.config["rest_base"] = base.as_str().into();
        true
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let url = match self.step {
            Step::Who { .. } => endpoint(&self.account, "/wp/v2/users/me", &[("context", "edit")])?,
            Step::Read => {
                let query: Vec<_> =
                    scope(&self.account).iter().copied().chain([("per_page", "1"), ("_fields", "id")]).collect();
                endpoint(&self.account, "/wp/v2/comments", &query)?
            }
            Step::Staff => {
                endpoint(&self.account, "/wp/v2/users", &[("who", "authors"), ("per_page", "100"), ("_fields", "id")])?
            }
            Step::Done => return Ok(None),
        };
        signed(&self.account, Method::Get, url).map(Some)
    }

    /// Adds the site's writers to those named by hand. A site that does not tell them is not at
    /// fault: then only those named by hand count.
    fn on_staff(&mut self, response: &HttpResponse) {
        let Ok(Value::Array(users)) = response.json() else { return };
        if !response.is_success() {
            return;
        }
        let named = self.account.config.get("staff_ids").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut ids: Vec<String> =
            named.iter().map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect();
        ids.extend(users.iter().filter_map(|user| user.get("id")?.as_u64()).map(|id| id.to_string()));
        ids.retain(|id| self.report.native_id.as_ref() != Some(id));
        ids.sort();
        ids.dedup();
        self.report.config.insert("staff_ids".to_owned(), ids.into());
    }

    fn on_read(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.report.can_read = response.is_success();
        if response.is_success() {
            self.step = Step::Staff;
            return Ok(());
        }
        let error = refused(response);
        if !matches!(error.class(), ErrorClass::Forbidden | ErrorClass::Authorisation) {
            return Err(error);
        }
        // What was asked was everything, or already only what is public.
        if self.moderates {
            self.may_not_moderate();
        } else {
            self.step = Step::Done;
        }
        Ok(())
    }

    /// Goes on as somebody who is shown only what is public.
    fn may_not_moderate(&mut self) {
        self.note_moderates(false);
        self.report.problems.push(
            "the user may not moderate comments, so what is held is not read and nothing can be hidden: give it the \
             role Editor",
        );
    }

    fn note_moderates(&mut self, moderates: bool) {
        self.moderates = moderates;
        self.account.config["moderates"] = moderates.into();
        self.report.config.insert("moderates".to_owned(), moderates.into());
    }

    fn on_who(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let me = response.json().ok().filter(Value::is_object);
        match (response.status, me) {
            (200..=299, Some(me)) => {
                let Some(id) = me.get("id").and_then(Value::as_u64) else {
                    return Err(NetError::Malformed { what: "the user has no id", at: "id".to_owned() });
                };
                // A site names what a user may; what it does not name the user may not.
                let capabilities = me.get("capabilities").and_then(Value::as_object);
                let may = |what: &str| Some(capabilities?.get(what).and_then(Value::as_bool) == Some(true));
                self.report.native_id = Some(id.to_string());
                self.report.name = me.get("name").and_then(Value::as_str).map(|name| Phi::new(name.to_owned()));
                let (moderates, publishes) = (may("moderate_comments"), may("publish_posts"));
                self.report.can_write = moderates.unwrap_or(true);
                self.note_moderates(true);
                if moderates == Some(false) {
                    self.may_not_moderate();
                }
                if publishes == Some(false) {
                    self.report.problems.push("the user may not publish posts: give it the role Editor");
                }
                let base = self.account.config["rest_base"].clone();
                self.report.config.insert("rest_base".to_owned(), base);
                self.step = Step::Read;
                Ok(())
            }
            // Not JSON, or nothing there: the REST API is elsewhere.
            (200..=299, None) | (300..=399 | 404 | 405, _) => {
                if !self.use_next_base() {
                    self.report.problems.push("no WordPress REST API was found at this address");
                    self.step = Step::Done;
                }
                Ok(())
            }
            (401 | 403, _) => {
                self.report.problems.push(
                    "the site refuses the user name or application password (or its web server drops the \
                     Authorization header)",
                );
                self.step = Step::Done;
                Ok(())
            }
            _ => Err(refused(response)),
        }
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match self.step {
            Step::Who { .. } => self.on_who(response),
            Step::Read => self.on_read(response),
            Step::Staff => {
                self.on_staff(response);
                self.step = Step::Done;
                Ok(())
            }
            Step::Done => Ok(()),
        }
    }

    fn report(&self) -> SelfReport {
        self.report.clone()
    }
}
