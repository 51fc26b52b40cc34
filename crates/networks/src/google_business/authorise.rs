//! Connecting: one Bedside account for each account of Google Business Profile, with all its locations.

use bedside_model::{Micros, Phi};
use url::Url;

use super::HOME;
use super::listing::{Account, Listing, location_settings};
use crate::authorise::{App, Authorisation, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission};
use crate::google::oauth;
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, NetError, Secret};

const PERMISSIONS: [Permission; 1] = [Permission {
    scope: "https://www.googleapis.com/auth/business.manage",
    what_for: "To read the reviews of your locations, answer them, and publish posts that you approved. Google has no \
               narrower permission for this.",
}];

/// How an account is connected.
pub(super) struct Flow;

impl Authorisation for Flow {
    fn permissions(&self) -> &'static [Permission] {
        &PERMISSIONS
    }

    fn address(&self, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
        oauth::address(HOME, &PERMISSIONS, app, request)
    }

    fn exchange(&self, app: &App, request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError> {
        Ok(Box::new(Connecting {
            base_url: app.base_url.clone(),
            client_id: app.client_id.clone(),
            client_secret: app.client_secret.clone(),
            now: request.now,
            credentials: Credentials::None,
            step: Step::Tokens(oauth::exchange(HOME, app, request)?),
            open: Vec::new(),
            granted: Vec::new(),
        }))
    }

    fn renew(&self, account: &AccountView, now: Micros) -> Option<Box<dyn GrantSteps>> {
        oauth::Renewal::boxed(HOME, account, now)
    }
}

#[derive(Debug)]
enum Step {
    Tokens(HttpRequest),
    Accounts(Listing),
    Locations(Account, Listing),
    Done,
}

#[derive(Debug)]
struct Connecting {
    base_url: Url,
    client_id: String,
    client_secret: Secret,
    now: Micros,
    credentials: Credentials,
    step: Step,
    /// Accounts whose locations are still to be listed, the next one last.
    open: Vec<Account>,
    granted: Vec<Granted>,
}

impl Connecting {
    fn next_account(&mut self) -> Result<Step, NetError> {
        match self.open.pop() {
            None => Ok(Step::Done),
            Some(account) => {
                let listing = Listing::of_locations(HOME, &self.base_url, &account.name)?;
                Ok(Step::Locations(account, listing))
            }
        }
    }

    fn grant(&mut self, account: &Account, listing: &Listing) {
        let locations = listing.locations();
        // A personal account often has none of its own.
        if locations.is_empty() {
            return;
        }
        let mut config = serde_json::Map::new();
        config.insert("account".to_owned(), account.name.as_str().into());
        config.insert("locations".to_owned(), location_settings(&locations));
        self.granted.push(Granted {
            native_id: account.name.clone(),
            name: Phi::new(account.title.clone()),
            credentials: self.credentials.clone(),
            config,
        });
    }
}

impl GrantSteps for Connecting {
    fn next_request(&self) -> Option<HttpRequest> {
        match &self.step {
            Step::Tokens(request) => Some(request.clone()),
            Step::Accounts(listing) | Step::Locations(_, listing) => listing.request(&self.credentials).ok(),
            Step::Done => None,
        }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match &mut self.step {
            Step::Tokens(_) => {
                self.credentials = oauth::tokens(&self.client_id, &self.client_secret, self.now, response)?;
                self.step = Step::Accounts(Listing::of_accounts(HOME, &self.base_url)?);
            }
            Step::Accounts(listing) => {
                if listing.take(response)? {
                    self.open = listing.accounts();
                    self.open.reverse();
                    self.step = self.next_account()?;
                }
            }
            Step::Locations(_, listing) => {
                if listing.take(response)?
                    && let Step::Locations(account, listing) = std::mem::replace(&mut self.step, Step::Done)
                {
                    self.grant(&account, &listing);
                    self.step = self.next_account()?;
                }
            }
            Step::Done => {}
        }
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        if matches!(self.step, Step::Done) { self.granted.clone() } else { Vec::new() }
    }
}
