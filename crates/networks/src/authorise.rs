//! How somebody lets us act for an account, and how that is renewed.
//!
//! The flow is the authorisation code grant with PKCE and state (RFC 6749, RFC 7636, RFC 9700). The
//! differences between the networks (extra exchanges, pages to choose from, other names) stay in the
//! connectors; random values come in as arguments.

use std::fmt::Debug;

use base64::Engine as _;
use bedside_model::{Micros, Phi};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::{AccountView, Credentials, HttpRequest, HttpResponse, NetError, Secret};

/// One permission that is asked for, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Permission {
    /// The network's own name of it.
    pub scope: &'static str,
    /// What Bedside does with it, in plain words.
    pub what_for: &'static str,
}

/// How a network is connected.
pub(crate) trait Authorisation: Sync {
    /// What is asked for, each with its reason.
    fn permissions(&self) -> &'static [Permission];

    /// Where the browser is sent.
    fn address(&self, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError>;

    /// Begins to exchange the code that came back.
    fn exchange(&self, app: &App, request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError>;

    /// Begins to renew what the account holds; `None` where it needs no renewal or cannot have one.
    fn renew(&self, account: &AccountView, now: Micros) -> Option<Box<dyn GrantSteps>>;

    /// Whether [`Authorisation::register`] gives something.
    fn registers_by_itself(&self) -> bool {
        false
    }

    /// Begins to register us with a server, for a network of many servers that each want that
    /// first; `None` where an organisation registers by hand.
    fn register(&self, _registration: &Registration<'_>) -> Option<Result<Box<dyn RegisterSteps>, NetError>> {
        None
    }
}

/// What a server is told of us when we register with it.
#[derive(Debug, Clone, Copy)]
pub struct Registration<'a> {
    /// The root of the server.
    pub base_url: &'a Url,
    /// Where it will send the browser back to.
    pub redirect: &'a Url,
    /// The name that people see when they authorise.
    pub name: &'a str,
    /// The organisation's page, where it has one.
    pub website: Option<&'a Url>,
}

/// The machine behind [`crate::Registering`].
pub(crate) trait RegisterSteps: Debug + Send {
    /// The next request, or `None` when the registration stands.
    fn next_request(&self) -> Option<HttpRequest>;
    /// Takes the answer to the last request.
    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError>;
    /// The registration, once there is no further request.
    fn registered(&self) -> Option<App>;
}

/// The organisation's registration with a network.
#[derive(Debug, Clone)]
pub struct App {
    /// The root of the network's API; the connector knows the other hosts that belong to it.
    pub base_url: Url,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Secret,
    /// Settings such as `api_version`, as in [`AccountView::config`].
    pub config: serde_json::Value,
}

/// What goes into the address to which the browser is sent.
#[derive(Debug, Clone, Copy)]
pub struct AuthorisationRequest<'a> {
    /// Where the network sends the browser back to.
    pub redirect: &'a Url,
    /// Unguessable, bound to the session.
    pub state: &'a str,
    /// The PKCE verifier (43 to 128 characters); only its hash goes out.
    pub verifier: &'a str,
}

/// What is exchanged for tokens.
#[derive(Debug, Clone, Copy)]
pub struct CodeExchange<'a> {
    /// The address the code came back to.
    pub redirect: &'a Url,
    /// The code.
    pub code: &'a str,
    /// The PKCE verifier of the request.
    pub verifier: &'a str,
    /// Now.
    pub now: Micros,
}

/// The machine behind [`crate::Granting`].
pub(crate) trait GrantSteps: Debug + Send {
    /// The next request, or `None` when the accounts stand.
    fn next_request(&self) -> Option<HttpRequest>;
    /// Takes the answer to the last request.
    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError>;
    /// What was granted, once there is no further request.
    fn granted(&self) -> Vec<Granted>;
}

/// An account that may be connected with what was granted. A network may offer several (pages,
/// channels, locations); the person chooses. A renewal gives one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Granted {
    /// The account's own id on the network.
    pub native_id: String,
    /// Its name as shown.
    pub name: Phi<String>,
    /// What it proves itself with.
    pub credentials: Credentials,
    /// Settings of the connector that were learned on the way.
    pub config: serde_json::Map<String, serde_json::Value>,
}

/// The PKCE challenge of a verifier, method S256 (RFC 7636, 4.2).
pub(crate) fn challenge(verifier: &str) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        assert_eq!(
            super::challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        );
    }
}
