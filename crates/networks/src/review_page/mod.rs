//! A web page that marks up its reviews with schema.org, as JSON-LD or microdata.
//!
//! The organisation names the page. Before it is read, the site is asked by its robots.txt whether
//! programs may (RFC 9309), under the name `Bedside`; the answer holds a day, and a no is a no. The
//! page is fetched conditionally, and pages that follow it (`rel=next`, same origin) as long as they
//! bring something new.
//!
//! Such a page shows a choice of reviews, so one that is no longer on it is not taken to be deleted.
//! Nothing can be sent. Its average and the number of its reviews are figures.
//!
//! Native ids are the review's own id or address where the page gives one; else they are made of the
//! page, the author and the date.
//!
//! Account: `base_url` is the page. Account settings: `title` (shown as the context where the page
//! does not name what is reviewed). Source settings: `url` (another page), `max_pages` (default 5).

mod markup;
mod message;
mod poll;
mod robots;
#[cfg(test)]
mod tests;

use crate::connector::{Connector, PollSteps, SelfTestSteps};
use crate::metrics::{MetricSteps, MetricsOf};
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpResponse, Limits, NetError, ParseError,
    ParsedMessage, PollInput, ResendSafety, feeds,
};

/// Review pages.
pub(crate) struct ReviewPage;

/// What a review page can do.
pub const CAPABILITIES: Capabilities =
    Capabilities(&[Capability::ReadReviews, Capability::SeeEdits, Capability::Metrics]);

/// The limits of review pages: our own politeness.
pub const LIMITS: Limits = Limits {
    reply_max: None,
    post_max: None,
    counted: Counted::Chars,
    requests_per_minute: 6,
    poll_min_seconds: 3_600,
    settle_seconds: 0,
    resend: ResendSafety::Upsert,
    media: &[],
    quotas: &[],
    as_of: "2026-11-27",
    source: "RFC 9309 sets no rate; once an hour is our courtesy",
};

/// Types of schema.org that reviews are of, from the widest use.
const PLACES: [&str; 9] = [
    "MedicalClinic",
    "MedicalOrganization",
    "MedicalBusiness",
    "Hospital",
    "Physician",
    "Dentist",
    "LocalBusiness",
    "Organization",
    "Product",
];

impl Connector for ReviewPage {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn sources(&self) -> &'static [&'static str] {
        &["page"]
    }

    fn classify(&self, response: &HttpResponse) -> ErrorClass {
        feeds::classify(response)
    }

    fn parse(&self, account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        match kind {
            message::REVIEW => message::parse(account, body),
            _ => Err(ParseError::new("the kind of item is not known", "kind")),
        }
    }

    fn poll(&self, input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        Ok(Box::new(poll::Poll::start(input)?))
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(poll::SelfTest::start(account)?))
    }

    fn metrics(&self, of: MetricsOf<'_>) -> Result<Box<dyn MetricSteps>, NetError> {
        Ok(Box::new(poll::Metrics::start(of.account, of.until)?))
    }
}

fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: feeds::classify(response), status: response.status, code: None }
}
