//! Does the connection work, and which locations are there?

use bedside_model::Phi;

use super::listing::{Listing, location_settings};
use super::{HOME, endpoint, locations, poll, signed};
use crate::connector::SelfTestSteps;
use crate::google::refusal::{classify, refused};
use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, Method, NetError, SelfReport};

#[derive(Debug)]
enum Step {
    /// Which locations has the account?
    Locations(Listing),
    /// Can the reviews of this one be read?
    Reviews(String),
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
        let mut report = SelfReport::default();
        let step = match account.setting("account") {
            Some(name) => {
                report.native_id = Some(name.to_owned());
                Step::Locations(Listing::of_locations(HOME, &account.base_url, name)?)
            }
            None => {
                let location = poll::location(account, &serde_json::Value::Null)?.to_owned();
                report.native_id = Some(location.clone());
                report.name = locations::title(account, &location).map(|title| Phi::new(title.to_owned()));
                Step::Reviews(location)
            }
        };
        let test = Self { account: account.clone(), step, report };
        test.build()?;
        Ok(test)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        match &self.step {
            Step::Locations(listing) => listing.request(&self.account.credentials).map(Some),
            Step::Reviews(location) => {
                let url = endpoint(&self.account, &format!("{location}/reviews"), &[("pageSize", "1")]);
                signed(&self.account, Method::Get, url).map(Some)
            }
            Step::Done => Ok(None),
        }
    }

    fn is_refused(&mut self, response: &HttpResponse) -> Result<bool, NetError> {
        self.report.problems.push(match classify(response) {
            ErrorClass::Fine => return Ok(false),
            ErrorClass::Authorisation => "the access token is refused: authorise the account again",
            ErrorClass::Forbidden => "the account may not manage this location, or the location is not verified",
            ErrorClass::Gone => "there is no such location",
            _ => return Err(refused(response)),
        });
        Ok(true)
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if matches!(self.step, Step::Done) {
            return Ok(());
        }
        if self.is_refused(response)? {
            self.step = Step::Done;
            return Ok(());
        }
        match &mut self.step {
            Step::Locations(listing) => {
                if !listing.take(response)? {
                    return Ok(());
                }
                let found = listing.locations();
                self.report.config.insert("locations".to_owned(), location_settings(&found));
                if found.iter().any(|location| !location.verified) {
                    self.report.problems.push("a location is not verified: Google shows no reviews of it");
                }
                // The first that is verified stands for all.
                let first = found.iter().find(|location| location.verified).or(found.first());
                self.step = match first {
                    Some(location) => Step::Reviews(location.name.clone()),
                    None => {
                        self.report.problems.push("the account has no location");
                        Step::Done
                    }
                };
            }
            Step::Reviews(_) => {
                response.json()?;
                // Who may read the reviews of a place may answer them.
                (self.report.can_read, self.report.can_write) = (true, true);
                self.step = Step::Done;
            }
            Step::Done => {}
        }
        Ok(())
    }

    fn report(&self) -> SelfReport {
        self.report.clone()
    }
}
