//! Does the connection work: whose token is it, what may it do, can comments be read, does the account
//! tell us of new things?

use bedside_model::Phi;
use serde_json::Value;

use crate::connector::SelfTestSteps;
use crate::meta::{Get, by_instagram_login, classify, id_of, inspection, list, object_id, refused, text};
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

/// What each permission is needed for, where it lacks (login with Facebook).
const NEEDED: [(&str, &str); 3] = [
    ("instagram_basic", "media cannot be read: authorise again and grant instagram_basic"),
    (
        "instagram_manage_comments",
        "comments cannot be read, answered or hidden: authorise again and grant instagram_manage_comments",
    ),
    ("instagram_content_publish", "nothing can be posted: authorise again and grant instagram_content_publish"),
];

impl SelfTest {
    pub(super) fn start(account: &AccountView) -> Result<Self, NetError> {
        let test = Self { account: account.clone(), step: Step::Who, report: SelfReport::default() };
        test.build()?;
        Ok(test)
    }

    fn by_instagram(&self) -> bool {
        by_instagram_login(&self.account.base_url)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let own = self.report.native_id.as_deref().unwrap_or("me");
        let get = match self.step {
            Step::Who if self.by_instagram() => Get::fields("me", "user_id,username"),
            Step::Who => match self.account.own_native_id.as_deref() {
                Some(own) => Get::fields(object_id(own)?, "id,username"),
                None => Get::fields("me", "id,instagram_business_account{id,username}"),
            },
            Step::Inspect => return inspection(&self.account),
            Step::Read => Get::fields(format!("{own}/media"), "id,comments_count").with("limit", "1"),
            Step::Subscribed if self.by_instagram() => {
                Get::fields(format!("{own}/subscribed_apps"), "id,subscribed_fields")
            }
            Step::Subscribed => match self.page() {
                Some(page) => Get::fields(format!("{}/subscribed_apps", object_id(page)?), "id,subscribed_fields"),
                None => return Ok(None),
            },
            Step::Done => return Ok(None),
        };
        get.request(&self.account).map(Some)
    }

    /// The Facebook page through which the account is connected.
    fn page(&self) -> Option<&str> {
        let found = self.report.config.get("page_id").and_then(Value::as_str);
        found.or_else(|| self.account.setting("page_id"))
    }

    fn on_who(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match classify(response) {
            ErrorClass::Fine => {}
            ErrorClass::Authorisation | ErrorClass::Forbidden => {
                return self.ends("Instagram refuses the access token: authorise the account again");
            }
            ErrorClass::Gone => {
                return self.ends("the access token does not belong to this account: connect the account again");
            }
            _ => return Err(refused(response)),
        }
        let me = response.json()?;
        let linked = me.get("instagram_business_account");
        let who = linked.unwrap_or(&me);
        if linked.is_none() && self.account.own_native_id.is_none() && !self.by_instagram() {
            return self.ends("the page has no Instagram account: link them in the settings of the page");
        }
        let id = id_of(who, "user_id").or_else(|| id_of(who, "id"));
        let id = id.ok_or(NetError::Malformed { what: "the account has no id", at: "id".to_owned() })?;
        if self.account.own_native_id.as_ref().is_some_and(|known| *known != id) {
            return self.ends("the access token belongs to another account: connect the account again");
        }
        if linked.is_some()
            && let Some(page) = id_of(&me, "id")
        {
            self.report.config.insert("page_id".to_owned(), page.into());
        }
        if let Some(name) = text(who, "username") {
            self.report.name = Some(Phi::new(name.to_owned()));
            self.report.config.insert("username".to_owned(), name.into());
        }
        self.report.native_id = Some(id);
        self.report.can_write = true;
        let inspectable = !self.by_instagram() && inspection(&self.account)?.is_some();
        self.step = if inspectable { Step::Inspect } else { Step::Read };
        Ok(())
    }

    fn ends(&mut self, problem: &'static str) -> Result<(), NetError> {
        self.report.problems.push(problem);
        self.step = Step::Done;
        Ok(())
    }

    /// What the token may do. A network that does not say is not at fault.
    fn on_inspect(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match classify(response) {
            ErrorClass::Transient | ErrorClass::RateLimited { .. } => return Err(refused(response)),
            _ => self.step = Step::Read,
        }
        let body = response.json().unwrap_or_default();
        let scopes = body.get("data").and_then(|data| data.get("scopes")).and_then(Value::as_array);
        if let Some(scopes) = scopes {
            let granted = |scope: &str| scopes.iter().any(|one| one.as_str() == Some(scope));
            let lacking = NEEDED.iter().filter(|(scope, _)| !granted(scope));
            self.report.problems.extend(lacking.map(|(_, problem)| *problem));
            self.report.can_write &= granted("instagram_manage_comments");
        }
        Ok(())
    }

    fn on_read(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match list(response, None) {
            Ok(_) => self.report.can_read = true,
            Err(error) => match error.class() {
                ErrorClass::Authorisation | ErrorClass::Forbidden | ErrorClass::Invalid | ErrorClass::Gone => {
                    self.report.can_write = false;
                    return self.ends("the account's media cannot be read: grant all permissions of the account");
                }
                _ => return Err(error),
            },
        }
        let wanted = !self.account.hook_secret.is_empty() && (self.by_instagram() || self.page().is_some());
        self.step = if wanted { Step::Subscribed } else { Step::Done };
        Ok(())
    }

    /// Through Facebook the fields are the application's, but nothing is told unless the page has it
    /// installed; through Instagram the account itself is subscribed to fields.
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
        let mut ours = apps.iter().filter(|one| app.is_none_or(|app| id_of(one, "id").as_deref() == Some(app)));
        let tells_comments = |one: &Value| {
            let fields = one.get("subscribed_fields").and_then(Value::as_array);
            fields.into_iter().flatten().any(|field| field.as_str().or_else(|| text(field, "name")) == Some("comments"))
        };
        let by_instagram = self.by_instagram();
        let subscribed = ours.any(|one| !by_instagram || tells_comments(one));
        self.report.webhooks = Some(subscribed);
        if !subscribed {
            self.report.problems.push(if by_instagram {
                "Instagram does not tell us of new comments: subscribe the application to the account's field comments"
            } else {
                "Instagram does not tell us of new comments: install the application on the page of the account"
            });
        }
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
