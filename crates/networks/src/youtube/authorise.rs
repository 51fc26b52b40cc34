//! Connecting a channel.

use bedside_model::{Micros, Phi};
use url::Url;

use super::message::{id_of, snippet};
use super::uploads::uploads_playlist;
use super::{HOME, items};
use crate::authorise::{App, Authorisation, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission};
use crate::google::oauth;
use crate::json::{Json, Wanted};
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, Method, NetError, Secret};

/// The permission to write comments and to moderate.
pub(super) const WRITE: &str = "https://www.googleapis.com/auth/youtube.force-ssl";

const PERMISSIONS: [Permission; 3] = [
    Permission {
        scope: "https://www.googleapis.com/auth/youtube.readonly",
        what_for: "To read your channel: its videos, their figures, and which channel it is.",
    },
    Permission {
        scope: WRITE,
        what_for: "To read the comments under your videos, answer them, and hide, show or remove them when you say so.",
    },
    Permission {
        scope: "https://www.googleapis.com/auth/youtube.upload",
        what_for: "To upload a video that you approved.",
    },
];

/// How a channel is connected.
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
            step: Step::Tokens(oauth::exchange(HOME, app, request)?),
        }))
    }

    fn renew(&self, account: &AccountView, now: Micros) -> Option<Box<dyn GrantSteps>> {
        oauth::Renewal::boxed(HOME, account, now)
    }
}

#[derive(Debug)]
enum Step {
    /// The code is exchanged.
    Tokens(HttpRequest),
    /// Which channels belong to whoever agreed.
    Channels(Credentials),
    Done(Vec<Granted>),
}

#[derive(Debug)]
struct Connecting {
    base_url: Url,
    client_id: String,
    client_secret: Secret,
    now: Micros,
    step: Step,
}

impl Connecting {
    fn channels(&self, credentials: &Credentials) -> Result<HttpRequest, NetError> {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}/youtube/v3/channels", self.base_url.path().trim_end_matches('/')));
        url.query_pairs_mut().append_pair("part", "snippet,contentDetails").append_pair("mine", "true");
        Ok(HttpRequest::new(Method::Get, url).authorised(credentials)?.drawing(super::UNITS, super::LIST))
    }
}

impl GrantSteps for Connecting {
    fn next_request(&self) -> Option<HttpRequest> {
        match &self.step {
            Step::Tokens(request) => Some(request.clone()),
            Step::Channels(credentials) => self.channels(credentials).ok(),
            Step::Done(_) => None,
        }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match &self.step {
            Step::Tokens(_) => Step::Channels(oauth::tokens(&self.client_id, &self.client_secret, self.now, response)?),
            Step::Channels(credentials) => {
                let (channels, _) = items(response, &Wanted::All)?;
                let granted = |channel: &Json<'_>| {
                    let mut config = serde_json::Map::new();
                    if let Some(uploads) = uploads_playlist(channel) {
                        config.insert("uploads_playlist".to_owned(), uploads.into());
                    }
                    Some(Granted {
                        native_id: id_of(channel)?.to_owned(),
                        name: Phi::new(snippet(channel, "title").unwrap_or_default().to_owned()),
                        credentials: credentials.clone(),
                        config,
                    })
                };
                Step::Done(channels.iter().filter_map(granted).collect())
            }
            Step::Done(_) => return Ok(()),
        };
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        match &self.step {
            Step::Done(granted) => granted.clone(),
            Step::Tokens(_) | Step::Channels(_) => Vec::new(),
        }
    }
}
