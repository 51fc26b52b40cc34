//! A mailbox: letters to the organisation, and the notifications of networks that have no open door.
//!
//! The engine speaks IMAP and SMTP; here is what a letter says and what an answer to it looks like. A
//! folder is named to which alerts and notifications of review sites are forwarded. A letter of a
//! sender that is known ([`profiles`]) becomes the reviews or posts it tells of, with stars, words and
//! the address where they stand; any other letter is a private message of its sender. A sender's name
//! proves nothing: a forged notification is as possible as a forged review, and is handled like one.
//!
//! An answer goes to the sender of a private message, with the same subject, and is answered alike. A
//! review that came by mail cannot be answered by mail: that is said, with its address, before sending.
//!
//! Native ids are Message-IDs; of a letter that tells of several things, that and a number.
//!
//! Account: `base_url` is `imaps://host[:port]` or `imap://…` (only for hosts that are allowed by
//! name); the credentials are user name and password. Account settings: `folder` (default `INBOX`),
//! `smtp` (`{"host", "port", "tls": "tls" | "starttls" | "none"}`), `from` (the address that answers),
//! `subject` (a subject in place of that of the letter, where none may be repeated).

mod letter;
mod mail;
mod message;
mod profiles;
#[cfg(test)]
mod tests;

use crate::connector::{Connector, SelfTestSteps};
use crate::objection::{self, Objection};
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpResponse, Limits, NetError, Operation, ParseError,
    ParsedMessage, ResendSafety, Visibility,
};

pub use letter::{Letter, letter};
pub use mail::{read, withheld};

/// Mailboxes.
pub(crate) struct Email;

/// What a mailbox can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadDirectMessages,
    Capability::ReadReviews,
    Capability::ReadPosts,
    Capability::Reply,
    Capability::Push,
]);

/// The limits of mail.
pub const LIMITS: Limits = Limits {
    reply_max: Some(100_000),
    post_max: None,
    counted: Counted::Chars,
    requests_per_minute: 30,
    poll_min_seconds: 60,
    settle_seconds: 60,
    resend: ResendSafety::Doubles,
    media: &[],
    quotas: &[],
    as_of: "2026-11-27",
    source: "RFC 5321 sets no length of a letter; ours is what a person reads",
};

impl Connector for Email {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn sources(&self) -> &'static [&'static str] {
        &["mailbox"]
    }

    fn classify(&self, _response: &HttpResponse) -> ErrorClass {
        ErrorClass::Invalid
    }

    fn parse(&self, account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, kind, body)
    }

    fn self_test(&self, _account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Err(NetError::Unsupported { what: "a mailbox is tested by signing in to it" })
    }

    fn objections(&self, _account: &AccountView, operation: &Operation) -> Vec<Objection> {
        let mut found = objection::by_limits(&CAPABILITIES, &LIMITS, operation);
        if let Operation::Reply { visibility, .. } = operation
            && *visibility != Visibility::Private
        {
            found.push(Objection::new(
                "answer_there",
                "This came as a notification by e-mail. Answer it on the site itself; its address stands with it.",
            ));
        }
        found
    }
}
