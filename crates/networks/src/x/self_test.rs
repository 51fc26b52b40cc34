//! Whether a connection works: who are we, what can be read, what may be sent?

use bedside_model::Phi;
use serde_json::Value;

use super::oauth1::Signer;
use super::{body, endpoint, is_id, refused, request};
use crate::connector::SelfTestSteps;
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, Method, NetError, SelfReport};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Who,
    Mentions,
    Done,
}

/// A self-test under way.
#[derive(Debug)]
pub(crate) struct SelfTest {
    account: AccountView,
    signer: Signer,
    step: Step,
    report: SelfReport,
}

impl SelfTest {
    pub(crate) fn start(account: &AccountView) -> Result<Self, NetError> {
        // A self-test is not told the time: a signed request learns it from the first answer.
        let signer = Signer::new(account, 0, "self-test");
        let test = Self { account: account.clone(), signer, step: Step::Who, report: SelfReport::default() };
        test.build()?;
        Ok(test)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let (route, query) = match self.step {
            Step::Who => ("2/users/me".to_owned(), [("user.fields", "username,name,protected")]),
            Step::Mentions => {
                let own = self.report.native_id.as_deref().unwrap_or_default();
                (format!("2/users/{own}/mentions"), [("max_results", "5")])
            }
            Step::Done => return Ok(None),
        };
        let url = endpoint(&self.account.base_url, &route, &query);
        self.signer.sign(request(&self.account, Method::Get, url)?).map(Some)
    }

    fn on_who(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let problem = match response.status {
            401 => Some("X refuses the access token: authorise the account again"),
            402 => Some("the credit with X is used up: top it up in X's developer console"),
            403 => Some("X does not let this application read: check its access in X's developer console"),
            _ => None,
        };
        if let Some(problem) = problem {
            self.report.problems.push(problem);
            self.step = Step::Done;
            return Ok(());
        }
        let body = body(response)?;
        let field = |name: &str| body.get("data").and_then(|data| data.get(name)).and_then(Value::as_str);
        let id = field("id").filter(|id| is_id(id));
        let id = id.ok_or(NetError::Malformed { what: "the user has no id", at: "data.id".to_owned() })?;
        self.report.native_id = Some(id.to_owned());
        self.report.name = field("name").map(|name| Phi::new(name.to_owned()));
        if let Some(username) = field("username") {
            self.report.config.insert("username".to_owned(), username.into());
        }
        let (can_write, problem) = may_write(&self.account.credentials);
        self.report.can_write = can_write;
        self.report.problems.extend(problem);
        self.step = Step::Mentions;
        Ok(())
    }

    fn on_mentions(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.report.can_read = response.is_success();
        match response.status {
            200..=299 => {}
            402 => self.report.problems.push("the credit with X is used up: top it up in X's developer console"),
            401 | 403 => self.report.problems.push("mentions cannot be read: the permission tweet.read is missing"),
            _ => return Err(refused(response)),
        }
        self.step = Step::Done;
        Ok(())
    }
}

/// Whether posts can be sent, told from what was granted: a self-test sends nothing. OAuth 1.0a does
/// not say; the first post will.
fn may_write(credentials: &Credentials) -> (bool, Vec<&'static str>) {
    let Credentials::Oauth2(held) = credentials else { return (true, Vec::new()) };
    let granted = |scope: &str| held.scopes.is_empty() || held.scopes.iter().any(|one| one == scope);
    let mut problems = Vec::new();
    if !granted("tweet.write") {
        problems.push("posts and replies cannot be sent: the permission tweet.write is missing");
    }
    if !granted("offline.access") {
        problems.push("the connection ends in two hours: the permission offline.access is missing");
    }
    (granted("tweet.write"), problems)
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if self.signer.learn(response) {
            return Ok(());
        }
        match self.step {
            Step::Who => self.on_who(response),
            Step::Mentions => self.on_mentions(response),
            Step::Done => Ok(()),
        }
    }

    fn report(&self) -> SelfReport {
        self.report.clone()
    }
}
