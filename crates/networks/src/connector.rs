//! The one shape of every connector.
//!
//! A network is a type without data that implements [`Connector`]. What it can do stands as data
//! ([`Capabilities`], [`Limits`]); everything else is a pure function, or a small machine that is
//! asked for its next request and given the answer. The machines are boxed behind the plain types
//! of the crate ([`crate::Poll`], [`crate::Sending`], …), so that nobody outside needs to know which
//! network speaks.
//!
//! What a network does not offer it leaves to the default, which says so.

use std::fmt::Debug;

use bedside_model::Micros;
use serde_json::Value;

use crate::authorise::Authorisation;
use crate::metrics::{MetricSteps, MetricsOf};
use crate::objection::{self, Objection};
use crate::stream::Streaming;
use crate::webhook::Webhooks;
use crate::{
    AccountView, Capabilities, ErrorClass, HttpRequest, HttpResponse, Limits, NetError, Operation, Outcome, Page,
    ParseError, ParsedMessage, PollInput, ReadbackVerdict, SelfReport, TransportError,
};

/// How one network speaks.
pub(crate) trait Connector: Sync {
    /// What it can do.
    fn capabilities(&self) -> &'static Capabilities;

    /// Its limits.
    fn limits(&self) -> &'static Limits;

    /// Where its API is, for a network that has one address for all; `None` where each account has
    /// its own (a site, a server).
    fn home(&self) -> Option<&'static str> {
        None
    }

    /// The names of what can be polled of an account, the usual one first. The name stands as
    /// `kind` in the settings of a source, and the connector's module describes it.
    fn sources(&self) -> &'static [&'static str];

    /// Says what an answer means, for reads and writes alike.
    fn classify(&self, response: &HttpResponse) -> ErrorClass;

    /// Whether an answer says that the budget on which the request drew is used up, whatever we counted: others
    /// may draw on it, too.
    fn is_spent(&self, _response: &HttpResponse) -> bool {
        false
    }

    /// Parses one stored item. Errors say what is missing and where, never what stands there.
    fn parse(&self, account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError>;

    /// Begins a poll of a source.
    fn poll(&self, _input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        Err(NetError::Unsupported { what: "this network is not polled" })
    }

    /// Begins a self-test, which sends only reading requests.
    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError>;

    /// What speaks against an operation before it is sent: what is too long, what the network does
    /// not permit. Empty where nothing does.
    fn objections(&self, account: &AccountView, operation: &Operation) -> Vec<Objection> {
        let _ = account;
        objection::by_limits(self.capabilities(), self.limits(), operation)
    }

    /// What the operation costs, in millionths of a US dollar; `None` where it costs nothing.
    fn price(&self, _account: &AccountView, _operation: &Operation) -> Option<u64> {
        None
    }

    /// Begins to send.
    fn send(&self, _order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        Err(NetError::Unsupported { what: "nothing can be sent there" })
    }

    /// Begins to look whether an operation took effect. `first_sent` is the time of the first attempt.
    fn readback(
        &self,
        _account: &AccountView,
        _operation: &Operation,
        _first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        Err(NetError::Unsupported { what: "nothing is ever sent there" })
    }

    /// How it tells of new things by itself.
    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        None
    }

    /// How it pushes over an open connection.
    fn streaming(&self) -> Option<&'static dyn Streaming> {
        None
    }

    /// How somebody lets us act for an account, and how that is renewed.
    fn authorisation(&self) -> Option<&'static dyn Authorisation> {
        None
    }

    /// Begins to read figures of reach.
    fn metrics(&self, _of: MetricsOf<'_>) -> Result<Box<dyn MetricSteps>, NetError> {
        Err(NetError::Unsupported { what: "this network tells no figures" })
    }
}

/// What is to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The account that sends.
    pub account: &'a AccountView,
    /// What it does.
    pub operation: &'a Operation,
    /// Minted once per delivery, before any attempt, and the same in each.
    pub idempotency_key: &'a str,
    /// How far an earlier attempt came: what [`crate::Sending::progress`] gave last.
    pub progress: Option<&'a Value>,
    /// Now.
    pub now: Micros,
}

/// The machine behind [`crate::Poll`].
pub(crate) trait PollSteps: Debug + Send {
    /// The next request, or `None` when the poll is complete. Asking twice gives the same request.
    fn next_request(&self) -> Option<HttpRequest>;
    /// Takes the answer. An error leaves the poll where it was.
    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError>;
    /// The cursor to save once all pages returned so far are stored.
    fn cursor(&self) -> Value;
}

/// The machine behind [`crate::SelfTest`].
pub(crate) trait SelfTestSteps: Debug + Send {
    /// The next request, or `None` when the report stands.
    fn next_request(&self) -> Option<HttpRequest>;
    /// Takes the answer to the last request.
    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError>;
    /// What was found so far.
    fn report(&self) -> SelfReport;
}

/// The machine behind [`crate::Sending`].
///
/// Most operations are one request. Those with media prepare first: such steps may be repeated
/// ([`unanswered`] with [`Step::Preparing`]). Exactly one request of a sending has the effect that
/// people see; once it has left without an answer, the outcome is unknown.
pub(crate) trait SendSteps: Debug + Send {
    /// The next request, or `None` when the outcome stands.
    fn next_request(&self) -> Option<HttpRequest>;
    /// Takes the answer, or its absence.
    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>);
    /// What became of it. Asked only when there is no further request.
    fn outcome(&self) -> Outcome;
    /// What has been prepared so far, for a later attempt; `None` where nothing has.
    fn progress(&self) -> Option<Value> {
        None
    }
}

/// The machine behind [`crate::Readback`].
pub(crate) trait ReadbackSteps: Debug + Send {
    /// The next request, or `None` when the verdict stands.
    fn next_request(&self) -> Option<HttpRequest>;
    /// Takes the answer to the last request. An error leaves the read-back where it was.
    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError>;
    /// The verdict; [`ReadbackVerdict::CannotTell`] while requests are still open.
    fn verdict(&self) -> ReadbackVerdict;
}

/// What a request of a sending does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It prepares, and nobody sees it: it may be repeated.
    Preparing,
    /// It is the effect.
    Effect,
}

/// The outcome where no answer came.
pub(crate) fn unanswered(step: Step, error: &TransportError) -> Outcome {
    match (step, error) {
        (_, TransportError::NotSent(why)) | (Step::Preparing, TransportError::MaybeSent(why)) => {
            Outcome::Retry { after: None, why: (*why).to_owned() }
        }
        (Step::Effect, TransportError::MaybeSent(why)) => Outcome::Unknown { why: (*why).to_owned() },
    }
}

/// A sending of one request: the effect itself.
#[derive(Debug)]
pub(crate) struct OneRequest {
    request: HttpRequest,
    operation: Operation,
    judge: fn(&Operation, &HttpResponse) -> Outcome,
    outcome: Option<Outcome>,
}

impl OneRequest {
    /// Sends this request; `judge` reads the answer.
    pub(crate) fn boxed(
        request: HttpRequest,
        operation: &Operation,
        judge: fn(&Operation, &HttpResponse) -> Outcome,
    ) -> Box<dyn SendSteps> {
        Box::new(Self { request, operation: operation.clone(), judge, outcome: None })
    }
}

impl SendSteps for OneRequest {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { Some(self.request.clone()) }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        self.outcome = Some(match answer {
            Ok(response) => (self.judge)(&self.operation, response),
            Err(error) => unanswered(Step::Effect, error),
        });
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }
}
