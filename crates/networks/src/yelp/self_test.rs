//! Does the connection work, and which business is it?

use bedside_model::Phi;
use serde_json::Value;

use super::{CALLS, ErrorClass, HOME, PARTNER, business, classify, endpoint, is_id, is_partner, refused, signed};
use crate::connector::SelfTestSteps;
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, SelfReport};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Which business is it?
    Business,
    /// May its reviews be read?
    Reviews,
    /// Who would answer?
    Owner,
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
        let test = Self { account: account.clone(), step: Step::Business, report: SelfReport::default() };
        test.build()?;
        Ok(test)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let (business, version) = (business(&self.account)?, self.account.api_version("v3"));
        let root = &self.account.base_url;
        let get = |url| signed(&self.account, Method::Get, url);
        match self.step {
            Step::Business => {
                Ok(Some(get(endpoint(root, &[version, "businesses", business], &[])?)?.drawing(CALLS, 1)))
            }
            Step::Reviews => {
                let url = endpoint(root, &[version, "businesses", business, "reviews"], &[("limit", "1")])?;
                Ok(Some(get(url)?.drawing(CALLS, 1)))
            }
            Step::Owner => {
                let root = self.account.root_at(HOME, PARTNER);
                get(endpoint(&root, &["v1", "business_owner", "me", "profile"], &[])?).map(Some)
            }
            Step::Done => Ok(None),
        }
    }

    fn on_business(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        match classify(response) {
            ErrorClass::Fine => {}
            ErrorClass::Authorisation => {
                self.report.problems.push("Yelp refuses the API key or token: enter it anew, or authorise again");
                return Ok(Step::Done);
            }
            ErrorClass::Gone => {
                self.report
                    .problems
                    .push("there is no such business on Yelp: its alias is the last part of its address");
                return Ok(Step::Done);
            }
            _ => return Err(refused(response)),
        }
        let found = response.json()?;
        let field = |name: &str| found.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let Some(id) = field("id").filter(|id| is_id(id)) else {
            return Err(NetError::Malformed { what: "the business has no id", at: "id".to_owned() });
        };
        self.report.native_id = Some(id.to_owned());
        self.report.name = field("name").map(|name| Phi::new(name.to_owned()));
        for (setting, name) in [("business_name", "name"), ("business_url", "url")] {
            if let Some(text) = field(name) {
                self.report.config.insert(setting.to_owned(), text.into());
            }
        }
        Ok(Step::Reviews)
    }

    fn on_reviews(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        match classify(response) {
            ErrorClass::Fine => self.report.can_read = true,
            ErrorClass::Forbidden | ErrorClass::Authorisation => {
                self.report.problems.push("Yelp shows no reviews for this key: its plan does not include them");
            }
            _ => return Err(refused(response)),
        }
        Ok(if is_partner(&self.account) { Step::Owner } else { Step::Done })
    }

    fn on_owner(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        match classify(response) {
            ErrorClass::Fine => {
                let profile = response.json()?;
                let photo = profile.get("photo_url").and_then(Value::as_str).is_some_and(|url| !url.is_empty());
                if !photo {
                    self.report
                        .problems
                        .push("the business owner has no photo: add one on biz.yelp.com, or Yelp takes no answer");
                }
                self.report.can_write = photo;
            }
            ErrorClass::Forbidden | ErrorClass::Authorisation | ErrorClass::Invalid | ErrorClass::Gone => {
                self.report.problems.push("the business owner has not let us answer: authorise the account again");
            }
            _ => return Err(refused(response)),
        }
        Ok(Step::Done)
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match self.step {
            Step::Business => self.on_business(response)?,
            Step::Reviews => self.on_reviews(response)?,
            Step::Owner => self.on_owner(response)?,
            Step::Done => Step::Done,
        };
        Ok(())
    }

    fn report(&self) -> SelfReport {
        self.report.clone()
    }
}
