//! The questions every network answers. Each is one exhaustive match.

use bedside_model::Micros;

use crate::operation::ReadbackInner;
use crate::poll::PollInner;
use crate::self_test::SelfTestInner;
use crate::{
    AccountView, Capabilities, ErrorClass, HttpRequest, HttpResponse, Limits, NetError, Network, Operation, Outcome,
    ParseError, ParsedMessage, Poll, PollInput, Readback, SelfTest, TransportError, feeds, google_business, import,
    wordpress,
};

/// What the network can do.
pub const fn capabilities(network: Network) -> &'static Capabilities {
    match network {
        Network::Wordpress => &wordpress::CAPABILITIES,
        Network::Feed => &feeds::CAPABILITIES,
        Network::Import => &import::CAPABILITIES,
        Network::GoogleBusiness => &google_business::CAPABILITIES,
    }
}

/// The limits of the network.
pub const fn limits(network: Network) -> &'static Limits {
    match network {
        Network::Wordpress => &wordpress::LIMITS,
        Network::Feed => &feeds::LIMITS,
        Network::Import => &import::LIMITS,
        Network::GoogleBusiness => &google_business::LIMITS,
    }
}

/// Begins a poll of a source.
///
/// Errors: the account or source lacks a setting, or the network is not polled.
pub fn start_poll(input: PollInput<'_>) -> Result<Poll, NetError> {
    Ok(Poll(match input.account.network {
        Network::Wordpress => PollInner::Wordpress(wordpress::Poll::start(input)?),
        Network::Feed => PollInner::Feed(feeds::Poll::start(input)?),
        Network::GoogleBusiness => PollInner::GoogleBusiness(google_business::Poll::start(input)?),
        Network::Import => return Err(NetError::Unsupported { what: "an imported file is read, not polled" }),
    }))
}

/// Parses one stored item: the `kind` and `body` of a [`crate::RawItem`].
///
/// Errors say what is missing and where, never what stands there.
pub fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    match account.network {
        Network::Wordpress => wordpress::parse(account, body),
        Network::Feed => feeds::parse(account, kind, body),
        Network::Import => import::parse(account, body),
        Network::GoogleBusiness => google_business::parse(account, kind, body),
    }
}

/// Builds the one request of an operation. The idempotency key is minted once per delivery, before
/// any attempt, and is the same in each.
///
/// Errors: the network cannot do it, or an id or setting is not of the right form.
pub fn request(account: &AccountView, operation: &Operation, idempotency_key: &str) -> Result<HttpRequest, NetError> {
    let request = match account.network {
        Network::Wordpress => wordpress::request(account, operation)?,
        Network::GoogleBusiness => google_business::request(account, operation)?,
        Network::Feed => return Err(NetError::Unsupported { what: "nothing can be sent to a feed" }),
        Network::Import => return Err(NetError::Unsupported { what: "nothing can be sent to an imported file" }),
    };
    request.header("idempotency-key", idempotency_key)
}

/// Judges one attempt at an operation.
pub fn outcome(network: Network, operation: &Operation, answer: Result<&HttpResponse, &TransportError>) -> Outcome {
    let response = match answer {
        Ok(response) => response,
        Err(TransportError::NotSent(why)) => return Outcome::Retry { after: None, why: (*why).to_owned() },
        Err(TransportError::MaybeSent(why)) => return Outcome::Unknown { why: (*why).to_owned() },
    };
    match network {
        Network::Wordpress => wordpress::outcome(operation, response),
        Network::GoogleBusiness => google_business::outcome(operation, response),
        Network::Feed | Network::Import => Outcome::Dead { why: "nothing can be sent there".to_owned() },
    }
}

/// Begins to look whether an operation took effect. `first_sent` is the time of the first attempt.
///
/// Errors: the network cannot do the operation at all.
pub fn start_readback(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Readback, NetError> {
    Ok(Readback(match account.network {
        Network::Wordpress => ReadbackInner::Wordpress(wordpress::Readback::start(account, operation, first_sent)?),
        Network::GoogleBusiness => ReadbackInner::GoogleBusiness(google_business::Readback::start(account, operation)?),
        Network::Feed | Network::Import => return Err(NetError::Unsupported { what: "nothing is ever sent there" }),
    }))
}

/// Says what an answer means, for reads and writes alike.
pub fn classify(network: Network, response: &HttpResponse) -> ErrorClass {
    match network {
        Network::Wordpress => wordpress::classify(response),
        Network::GoogleBusiness => google_business::classify(response),
        Network::Feed | Network::Import => feeds::classify(response),
    }
}

/// Begins a self-test of the connection.
///
/// Errors: the account lacks a setting.
pub fn start_self_test(account: &AccountView) -> Result<SelfTest, NetError> {
    Ok(SelfTest(match account.network {
        Network::Wordpress => SelfTestInner::Wordpress(wordpress::SelfTest::start(account)?),
        Network::Feed => SelfTestInner::Feed(feeds::SelfTest::start(account)?),
        Network::GoogleBusiness => SelfTestInner::GoogleBusiness(google_business::SelfTest::start(account)?),
        Network::Import => SelfTestInner::Nothing,
    }))
}
