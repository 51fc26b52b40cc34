//! Asking a network to tell us of new things at an address of ours, and to stop.
//!
//! Some networks are asked once, some in steps: whether the application is registered there, whether the
//! account is, and whether what stands is still good. Asking again changes nothing where all is well, so
//! the same steps also look after a subscription. Networks of one application with one address for all its
//! accounts are told any address of ours: what is delivered there is given to whom it concerns.

use std::fmt::Debug;

use bedside_model::Micros;
use url::Url;

use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, NetError};

/// What a network is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The account.
    pub account: &'a AccountView,
    /// The address of ours.
    pub callback: &'a Url,
    /// Now.
    pub now: Micros,
}

/// What a network says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// It does so, until then where that is set.
    Stands {
        /// When it ends by itself.
        until: Option<Micros>,
    },
    /// It asks back at the address first (WebSub).
    AsksBack,
}

/// Asking under way, for the beginning or the end.
#[derive(Debug)]
pub struct Subscribing(pub(crate) Box<dyn SubscriptionSteps>);

impl Subscribing {
    /// The next request, or `None` when all is said.
    pub fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    /// Takes the answer to the last request.
    ///
    /// Errors: the network refuses, and why; asking is over.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.0.on_response(response)
    }

    /// What the network promised, once there is no further request.
    pub fn promise(&self) -> Promise {
        self.0.promise()
    }
}

/// The machine behind [`Subscribing`].
pub(crate) trait SubscriptionSteps: Debug + Send {
    /// The next request, or `None` when all is said.
    fn next_request(&self) -> Option<HttpRequest>;
    /// Takes the answer to the last request.
    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError>;
    /// What the network promised.
    fn promise(&self) -> Promise {
        Promise::Stands { until: None }
    }
}

/// A machine of one network, or why it cannot begin; `None` where a network is not asked so.
pub(crate) type Asking = Option<Result<Box<dyn SubscriptionSteps>, NetError>>;

/// One request is all. An answer of 202 says that the network will ask back.
#[derive(Debug)]
pub(crate) struct OneCall {
    request: Option<HttpRequest>,
    promise: Promise,
    classify: fn(&HttpResponse) -> ErrorClass,
}

impl OneCall {
    pub(crate) fn boxed(request: HttpRequest, classify: fn(&HttpResponse) -> ErrorClass) -> Box<dyn SubscriptionSteps> {
        Box::new(Self { request: Some(request), promise: Promise::Stands { until: None }, classify })
    }
}

impl SubscriptionSteps for OneCall {
    fn next_request(&self) -> Option<HttpRequest> {
        self.request.clone()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if !response.is_success() {
            return Err(NetError::Http { class: (self.classify)(response), status: response.status, code: None });
        }
        self.request = None;
        if response.status == 202 {
            self.promise = Promise::AsksBack;
        }
        Ok(())
    }

    fn promise(&self) -> Promise {
        self.promise
    }
}

/// Whether an address that stands at a network is one of this installation, be it of another account.
pub(crate) fn is_ours(stands: &str, callback: &Url) -> bool {
    let ours = callback.as_str();
    let root = ours.find("/hooks/").map(|at| &ours[..at + "/hooks/".len()]);
    root.is_some_and(|root| stands.starts_with(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_another_account_of_this_installation_is_ours() {
        let callback = Url::parse("https://bedside.example.org/hooks/one").unwrap();
        assert!(is_ours("https://bedside.example.org/hooks/two", &callback));
        assert!(!is_ours("https://other.example.org/hooks/one", &callback));
        assert!(!is_ours("https://bedside.example.org/elsewhere", &callback));
    }
}
