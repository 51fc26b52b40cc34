//! Stub.
use crate::*;
use bedside_model::Micros;
pub const CAPABILITIES: Capabilities = Capabilities(&[]);
pub const LIMITS: Limits = Limits {
    reply_max: None,
    post_max: None,
    counted: Counted::Chars,
    requests_per_minute: 60,
    poll_min_seconds: 60,
    settle_seconds: 60,
    resend: ResendSafety::Doubles,
    as_of: "2026-11-24",
    source: "",
};
#[derive(Debug)]
pub struct Poll;
impl Poll {
    pub(crate) fn start(_: PollInput<'_>) -> Result<Self, NetError> {
        Ok(Poll)
    }
    pub(crate) fn next_request(&self) -> Option<HttpRequest> {
        None
    }
    pub(crate) fn on_response(&mut self, _: &HttpResponse) -> Result<Page, NetError> {
        Ok(Page::default())
    }
    pub(crate) fn cursor(&self) -> serde_json::Value {
        serde_json::Value::Null
    }
}
#[derive(Debug)]
pub struct Readback;
impl Readback {
    pub(crate) fn next_request(&self) -> Option<HttpRequest> {
        None
    }
    pub(crate) fn on_response(&mut self, _: &HttpResponse) -> Result<(), NetError> {
        Ok(())
    }
    pub(crate) fn verdict(&self) -> ReadbackVerdict {
        ReadbackVerdict::CannotTell
    }
}
#[derive(Debug)]
pub struct SelfTest;
impl SelfTest {
    pub(crate) fn start(_: &AccountView) -> Result<Self, NetError> {
        Ok(SelfTest)
    }
    pub(crate) fn next_request(&self) -> Option<HttpRequest> {
        None
    }
    pub(crate) fn on_response(&mut self, _: &HttpResponse) -> Result<(), NetError> {
        Ok(())
    }
    pub(crate) fn report(&self) -> SelfReport {
        SelfReport::default()
    }
}
pub(crate) fn request(_: &AccountView, _: &Operation) -> Result<HttpRequest, NetError> {
    Err(NetError::Unsupported { what: "not yet" })
}
pub(crate) fn outcome(_: &Operation, _: &HttpResponse) -> Outcome {
    Outcome::Unknown { why: String::new() }
}
pub(crate) fn classify(_: &HttpResponse) -> ErrorClass {
    ErrorClass::Transient
}
pub(crate) fn parse(_: &AccountView, _: &str, _: &[u8]) -> Result<ParsedMessage, ParseError> {
    Err(ParseError::new("not yet", ""))
}
