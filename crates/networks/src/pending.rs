//! A network whose connector is not there yet.

use crate::connector::{Connector, SelfTestSteps};
use crate::{
    AccountView, Capabilities, Counted, ErrorClass, HttpResponse, Limits, NetError, ParseError, ParsedMessage,
    ResendSafety,
};

/// Can do nothing, and says so.
pub(crate) struct Pending;

const LIMITS: Limits = Limits {
    reply_max: None,
    post_max: None,
    counted: Counted::Chars,
    requests_per_minute: 0,
    poll_min_seconds: 60,
    settle_seconds: 0,
    resend: ResendSafety::Doubles,
    media: &[],
    quotas: &[],
    as_of: "2026-11-27",
    source: "this network cannot be connected yet",
};

impl Connector for Pending {
    fn capabilities(&self) -> &'static Capabilities {
        &Capabilities(&[])
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn sources(&self) -> &'static [&'static str] {
        &[]
    }

    fn classify(&self, _response: &HttpResponse) -> ErrorClass {
        ErrorClass::Invalid
    }

    fn parse(&self, _account: &AccountView, _kind: &str, _body: &[u8]) -> Result<ParsedMessage, ParseError> {
        Err(ParseError::new("this network cannot be connected yet", "the account"))
    }

    fn self_test(&self, _account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Err(NetError::Unsupported { what: "this network cannot be connected yet" })
    }
}
