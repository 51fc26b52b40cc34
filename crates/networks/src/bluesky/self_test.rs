//! Does the connection work?

use bedside_model::Phi;
use serde_json::Value;

use super::{code, get, object, refused, session};
use crate::connector::SelfTestSteps;
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, NetError, SelfReport};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Begins a session of the test's own, where the account has none that holds.
    Session,
    /// Who are we?
    Who,
    /// Can notifications be read?
    Read,
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
        let step = if account.credentials.bearer().is_some() { Step::Who } else { Step::Session };
        let test = Self { account: account.clone(), step, report: SelfReport::default() };
        test.build()?;
        Ok(test)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        match (self.step, &self.account.credentials) {
            (Step::Session, Credentials::Session(held)) => session::create(&self.account, held).map(Some),
            (Step::Session, _) => {
                Err(NetError::Config { what: "a Bluesky account needs its handle and an app password" })
            }
            (Step::Who, _) => get(&self.account, "com.atproto.server.getSession", &[]).map(Some),
            (Step::Read, _) => {
                get(&self.account, "app.bsky.notification.listNotifications", &[("limit", "1")]).map(Some)
            }
            (Step::Done, _) => Ok(None),
        }
    }

    fn who(&mut self, me: &Value) -> Step {
        let text = |name: &str| me.get(name).and_then(Value::as_str);
        self.report.native_id = text("did").map(str::to_owned);
        self.report.name = text("handle").map(|handle| Phi::new(handle.to_owned()));
        if let Some(handle) = text("handle") {
            self.report.config.insert("handle".to_owned(), handle.into());
        }
        self.report.can_write = me.get("active").and_then(Value::as_bool) != Some(false);
        if !self.report.can_write {
            self.report.problems.push("the account is not active: log in on Bluesky and see why");
        }
        Step::Read
    }

    fn on_session(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        if response.status == 401 {
            self.report.problems.push(match code(response).as_deref() {
                Some("AuthFactorTokenRequired") => "the password asks for a code by mail: make an app password instead",
                _ => "Bluesky refuses the handle or the app password",
            });
            return Ok(Step::Done);
        }
        let me = object(response)?;
        let (_, _, session) = session::read(&me, 0)?;
        let held = self.account.credentials.clone();
        self.account.credentials = Credentials::Session(Box::new(session)).over(&held);
        Ok(self.who(&me))
    }

    fn on_who(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        let ended =
            response.status == 401 || matches!(code(response).as_deref(), Some("ExpiredToken" | "InvalidToken"));
        if ended && matches!(self.account.credentials, Credentials::Session(_)) {
            return Ok(Step::Session);
        }
        if ended {
            self.report.problems.push("the access token is refused: connect the account again");
            return Ok(Step::Done);
        }
        let me = object(response)?;
        Ok(self.who(&me))
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match self.step {
            Step::Session => self.on_session(response)?,
            Step::Who => self.on_who(response)?,
            Step::Read => {
                self.report.can_read = response.is_success();
                match response.status {
                    200..=299 => {}
                    400..=403 => self.report.problems.push("notifications may not be read with this password"),
                    _ => return Err(refused(response)),
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
