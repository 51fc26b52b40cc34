//! Does the connection work: whose token is it, what may it do, can the page be read, and does it tell
//! us of new things?
//!
//! A page that is connected but not subscribed looks healthy and stays silent, so a field that lacks
//! is a problem that a person is told of.

use bedside_model::Phi;
use serde_json::Value;

use super::webhook::FIELDS;
use crate::connector::SelfTestSteps;
use crate::meta::{Get, classify, id_of, inspection, list, refused, text};
use crate::{AccountView, Credentials, ErrorClass, HttpRequest, HttpResponse, NetError, SelfReport};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Who,
    Inspect,
    Read,
    Subscribed,
    Done,
}

/// A self-test under way.
#[derive(Debug)]
pub(super) struct SelfTest {
    account: AccountView,
    step: Step,
    report: SelfReport,
}

/// What each permission is needed for, where it lacks.
const NEEDED: [(&str, &str); 4] = [
    ("pages_read_user_content", "comments cannot be read: authorise again and grant pages_read_user_content"),
    (
        "pages_manage_engagement",
        "comments cannot be answered or hidden: authorise again and grant pages_manage_engagement",
    ),
    ("pages_manage_posts", "nothing can be posted: authorise again and grant pages_manage_posts"),
    ("pages_messaging", "private messages cannot be read or answered: authorise again and grant pages_messaging"),
];

impl SelfTest {
    pub(super) fn start(account: &AccountView) -> Result<Self, NetError> {
        let test = Self { account: account.clone(), step: Step::Who, report: SelfReport::default() };
        test.build()?;
        Ok(test)
    }

    fn page(&self) -> &str {
        self.report.native_id.as_deref().unwrap_or("me")
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let page = self.page();
        let get = match self.step {
            Step::Who => Get::fields("me", "id,name"),
            Step::Inspect => return inspection(&self.account),
            Step::Read => Get::fields(format!("{page}/published_posts"), "id").with("limit", "1"),
            Step::Subscribed => Get::fields(format!("{page}/subscribed_apps"), "id,subscribed_fields"),
            Step::Done => return Ok(None),
        };
        get.request(&self.account).map(Some)
    }

    fn on_who(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match classify(response) {
            ErrorClass::Fine => {}
            ErrorClass::Authorisation | ErrorClass::Forbidden => {
                self.report.problems.push("Facebook refuses the access token: authorise the page again");
                self.step = Step::Done;
                return Ok(());
            }
            _ => return Err(refused(response)),
        }
        let me = response.json()?;
        let id = id_of(&me, "id");
        let id = id.ok_or(NetError::Malformed { what: "the page has no id", at: "id".to_owned() })?;
        if self.account.own_native_id.as_ref().is_some_and(|known| *known != id) {
            self.report
                .problems
                .push("the access token is that of another page or of a person: connect the page again");
            self.step = Step::Done;
            return Ok(());
        }
        self.report.native_id = Some(id);
        self.report.name = text(&me, "name").map(|name| Phi::new(name.to_owned()));
        self.step = if inspection(&self.account)?.is_some() { Step::Inspect } else { Step::Read };
        self.report.can_write = true;
        Ok(())
    }

    /// What the token may do. A network that does not say is not at fault.
    fn on_inspect(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = Step::Read;
        match classify(response) {
            ErrorClass::Fine => {}
            ErrorClass::Transient | ErrorClass::RateLimited { .. } => {
                self.step = Step::Inspect;
                return Err(refused(response));
            }
            _ => return Ok(()),
        }
        let body = response.json()?;
        let Some(data) = body.get("data") else { return Ok(()) };
        if data.get("type").and_then(Value::as_str) == Some("USER") {
            self.report.problems.push("the access token is that of a person, not of the page: connect the page again");
            self.report.can_write = false;
        }
        if let Some(scopes) = data.get("scopes").and_then(Value::as_array) {
            let granted = |scope: &str| scopes.iter().any(|one| one.as_str() == Some(scope));
            let lacking = NEEDED.iter().filter(|(scope, _)| !granted(scope));
            self.report.problems.extend(lacking.map(|(_, problem)| *problem));
            self.report.can_write &= granted("pages_manage_engagement");
        }
        Ok(())
    }

    fn on_read(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match list(response, None) {
            Ok(_) => self.report.can_read = true,
            Err(error) => match error.class() {
                ErrorClass::Authorisation | ErrorClass::Forbidden | ErrorClass::Invalid | ErrorClass::Gone => {
                    self.report.problems.push("the page's posts cannot be read: grant all permissions of the page");
                    self.report.can_write = false;
                }
                _ => return Err(error),
            },
        }
        let wanted = !self.account.hook_secret.is_empty();
        self.step = if wanted { Step::Subscribed } else { Step::Done };
        Ok(())
    }

    fn on_subscribed(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let apps = match list(response, None) {
            Ok(apps) => apps.data,
            Err(error) if matches!(error.class(), ErrorClass::Forbidden | ErrorClass::Invalid) => Vec::new(),
            Err(error) => return Err(error),
        };
        let app = match &self.account.credentials {
            Credentials::Oauth2(held) if !held.client_id.is_empty() => Some(held.client_id.as_str()),
            _ => None,
        };
        let ours = apps.iter().filter(|one| app.is_none_or(|app| id_of(one, "id").as_deref() == Some(app)));
        let fields = ours.filter_map(|one| one.get("subscribed_fields")?.as_array()).flatten();
        let fields: Vec<&str> = fields.filter_map(|field| field.as_str().or_else(|| text(field, "name"))).collect();
        let lacking: Vec<&'static str> =
            FIELDS.iter().filter(|(field, _)| !fields.contains(field)).map(|(_, problem)| *problem).collect();
        self.report.webhooks = Some(lacking.is_empty());
        self.report.problems.extend(lacking);
        self.step = Step::Done;
        Ok(())
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match self.step {
            Step::Who => self.on_who(response),
            Step::Inspect => self.on_inspect(response),
            Step::Read => self.on_read(response),
            Step::Subscribed => self.on_subscribed(response),
            Step::Done => Ok(()),
        }
    }

    fn report(&self) -> SelfReport {
        self.report.clone()
    }
}
