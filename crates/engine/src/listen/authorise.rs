//! Being let in: registering with a server that wants to know us first, and the exchange of a code for
//! tokens when a network sends somebody back who let us in.

use bedside_model::OrgId;
use bedside_networks::{App, CodeExchange, Granted, Network, Registration, start_exchange, start_registration};
use bedside_store::StoreError;

use super::{Listen, poller::said};

/// Why an exchange or a registration failed, for the person who waits for it. Holds no code and no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotGranted(pub String);

impl Listen {
    /// Exchanges a code. The answer are the accounts that may be connected with what was granted.
    ///
    /// The outer error is the store's; the inner one says what the network or the way there refused.
    pub async fn exchange(
        &self,
        org: &OrgId,
        network: Network,
        app: &App,
        exchange: &CodeExchange<'_>,
    ) -> Result<Result<Vec<Granted>, NotGranted>, StoreError> {
        let allowed = self.allowed_hosts(org).await?;
        let mut granting = match start_exchange(network, app, exchange) {
            Ok(granting) => granting,
            Err(e) => return Ok(Err(NotGranted(e.to_string()))),
        };
        while let Some(request) = granting.next_request() {
            let answer = match self.http.send(&request, &allowed).await {
                Ok(answer) => answer,
                Err(e) => return Ok(Err(NotGranted(said(&e).to_owned()))),
            };
            if let Err(e) = granting.on_response(&answer) {
                return Ok(Err(NotGranted(e.to_string())));
            }
        }
        let granted = granting.granted();
        if granted.is_empty() {
            return Ok(Err(NotGranted("the network offers no account that could be connected".to_owned())));
        }
        Ok(Ok(granted))
    }

    /// Registers Bedside with a server of a network where everybody may; see
    /// [`bedside_networks::registers_by_itself`].
    ///
    /// The outer error is the store's; the inner one says what the server or the way there refused.
    pub async fn register(
        &self,
        org: &OrgId,
        network: Network,
        registration: &Registration<'_>,
    ) -> Result<Result<App, NotGranted>, StoreError> {
        let refused = |why: &str| Ok(Err(NotGranted(why.to_owned())));
        let allowed = self.allowed_hosts(org).await?;
        let mut registering = match start_registration(network, registration) {
            None => return refused("this network is registered with by hand"),
            Some(Err(e)) => return refused(&e.to_string()),
            Some(Ok(registering)) => registering,
        };
        while let Some(request) = registering.next_request() {
            let answer = match self.http.send(&request, &allowed).await {
                Ok(answer) => answer,
                Err(e) => return refused(said(&e)),
            };
            if let Err(e) = registering.on_response(&answer) {
                return refused(&e.to_string());
            }
        }
        Ok(registering.registered().ok_or_else(|| NotGranted("the server registered nothing".to_owned())))
    }
}
