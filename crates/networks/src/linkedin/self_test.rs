//! Whether a connection works: which page, with which role, and what can be read?

use bedside_model::Phi;
use serde_json::Value;

use super::authorise::roles;
use super::{body, elements, page, refused, signed, version_ended};
use crate::connector::SelfTestSteps;
use crate::http::percent_encode;
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, SelfReport};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Role,
    Name,
    Posts,
    Done,
}

/// A self-test under way.
#[derive(Debug)]
pub(crate) struct SelfTest {
    account: AccountView,
    step: Step,
    report: SelfReport,
}

impl SelfTest {
    pub(crate) fn start(account: &AccountView) -> Result<Self, NetError> {
        let test = Self { account: account.clone(), step: Step::Role, report: SelfReport::default() };
        test.build()?;
        Ok(test)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let (route, query) = match self.step {
            Step::Role => ("organizationAcls".to_owned(), "q=roleAssignee&state=APPROVED&start=0&count=100".to_owned()),
            Step::Name => (format!("organizations/{}", number(page(&self.account)?)), String::new()),
            Step::Posts => {
                let author = percent_encode(page(&self.account)?);
                ("posts".to_owned(), format!("q=author&author={author}&start=0&count=1"))
            }
            Step::Done => return Ok(None),
        };
        signed(&self.account, Method::Get, &route, &query).map(Some)
    }

    fn stop(&mut self, problem: &'static str) {
        self.report.problems.push(problem);
        self.step = Step::Done;
    }

    fn on_role(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if version_ended(response) {
            self.stop("LinkedIn no longer serves this version of its API: set api_version to a newer month");
            return Ok(());
        }
        match response.status {
            401 => self.stop("LinkedIn refuses the access token: authorise the account again"),
            403 => self.stop("the roles on the page cannot be read: the permission rw_organization_admin is missing"),
            _ => {
                let body = body(response)?;
                let roles = roles(elements(&body)?);
                // A connection made by hand may not name its page yet: with one page there is no question.
                let own = self.account.own_native_id.clone().or_else(|| {
                    let mut pages: Vec<&String> = roles.iter().map(|(page, _)| page).collect();
                    pages.dedup();
                    (pages.len() == 1).then(|| pages[0].clone())
                });
                let held = |role: &str| roles.iter().any(|(page, held)| Some(page) == own.as_ref() && *held == role);
                let may_write = held("ADMINISTRATOR") || held("CONTENT_ADMINISTRATOR");
                match own.clone() {
                    None => self.stop("it is not said which page is meant: choose one"),
                    Some(own) if !roles.iter().any(|(page, _)| *page == own) => {
                        self.stop(
                            "the person who authorised has no role on this page: ask an administrator of the page",
                        );
                    }
                    Some(own) => {
                        self.report.native_id = Some(own.clone());
                        self.account.own_native_id = Some(own);
                        self.report.can_write = may_write;
                        if !may_write {
                            let problem = "posts and comments cannot be sent: the person who authorised is no \
                                           administrator of the page";
                            self.report.problems.push(problem);
                        }
                        self.step = Step::Name;
                    }
                }
            }
        }
        Ok(())
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match self.step {
            Step::Role => self.on_role(response)?,
            Step::Name => {
                // The name is an ornament: what counts is what can be read.
                let body = response.json().unwrap_or_default();
                let name = body.get("localizedName").and_then(Value::as_str);
                self.report.name = name.map(|name| Phi::new(name.to_owned()));
                self.step = Step::Posts;
            }
            Step::Posts => {
                self.report.can_read = response.is_success();
                match response.status {
                    200..=299 => {}
                    401 | 403 => {
                        let problem = "posts cannot be read: the permission r_organization_social is missing";
                        self.report.problems.push(problem);
                    }
                    _ => return Err(refused(response)),
                }
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

/// The number of a page, as some routes want it.
fn number(page: &str) -> &str {
    page.rsplit(':').next().unwrap_or(page)
}
