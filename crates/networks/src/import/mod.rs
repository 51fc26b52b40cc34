//! Stub.
use crate::*;
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
pub(crate) fn parse(_: &AccountView, _: &[u8]) -> Result<ParsedMessage, ParseError> {
    Err(ParseError::new("not yet", ""))
}
