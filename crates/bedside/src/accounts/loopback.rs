//! Where the browser comes back to: an address on this machine, open for as long as a flow lasts.
//!
//! RFC 8252, 7.3: the listener stands on 127.0.0.1 and nowhere else, on a port that is free. What
//! comes with another state than that of the flow is answered and forgotten, so that no other page can
//! end the flow or slip in an account.

use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use bedside_engine::listen::authorise::Returned;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use url::Url;

/// How long the browser may take to read the last page.
const GRACE: Duration = Duration::from_secs(1);

/// Somebody at the door, who waits to be told.
pub struct Visit {
    /// What the browser brought.
    pub back: Returned,
    /// What it is told.
    pub tell: oneshot::Sender<&'static str>,
}

/// The door. It is shut when it is dropped.
pub struct Door {
    /// The address to which the network sends the browser.
    pub address: Url,
    visits: mpsc::Receiver<Visit>,
    shut: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

/// The return address on a port.
pub fn address(port: u16) -> anyhow::Result<Url> {
    Ok(Url::parse(&format!("http://127.0.0.1:{port}/return"))?)
}

impl Door {
    /// Opens it on this port, or on a free one.
    ///
    /// Errors: somebody else listens there.
    pub async fn open(port: Option<u16>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port.unwrap_or(0)))
            .await
            .with_context(|| format!("port {} is taken by another program", port.unwrap_or(0)))?;
        let address = address(listener.local_addr()?.port())?;
        let (knock, visits) = mpsc::channel(1);
        let (shut, is_shut) = oneshot::channel::<()>();
        let router = Router::new().route("/return", get(visit)).with_state(knock);
        let until = async move { drop(is_shut.await) };
        let serving = tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(until).await });
        Ok(Self { address, visits, shut, serving })
    }

    /// The next who comes.
    pub async fn next(&mut self) -> anyhow::Result<Visit> {
        self.visits.recv().await.context("nobody can come back to this machine any more")
    }

    /// Shuts it once the browser has read what it was told.
    pub async fn shut(self) {
        drop(self.shut);
        // A browser that keeps its connection open is of no interest any more.
        drop(tokio::time::timeout(GRACE, self.serving).await);
    }
}

#[derive(Deserialize)]
struct Brought {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
}

impl From<Brought> for Returned {
    fn from(Brought { state, code, error }: Brought) -> Self {
        Self { state, code, error }
    }
}

/// What stands in an address at which a browser ended.
pub fn pasted(address: &str) -> anyhow::Result<Returned> {
    let url = Url::parse(address.trim()).context("this is no address; paste the whole line of the browser")?;
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let state = value("state").context("there is no `state` in this address; paste it as the browser shows it")?;
    Ok(Returned { state, code: value("code"), error: value("error") })
}

async fn visit(State(knock): State<mpsc::Sender<Visit>>, Query(brought): Query<Brought>) -> Response {
    let (tell, told) = oneshot::channel();
    let visit = Visit { back: brought.into(), tell };
    let text = match knock.send(visit).await {
        Ok(()) => told.await.unwrap_or("Nobody waits for this any more."),
        Err(_) => "Nobody waits for this any more.",
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Bedside</title><h1>Bedside</h1><p>{text}</p></html>"
    );
    let mut response = (StatusCode::OK, Html(page)).into_response();
    let headers = response.headers_mut();
    // The address holds a code: it goes nowhere from here.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_the_browser_shows_it() {
        let back = pasted("  http://127.0.0.1:4711/return?code=a%20b&state=s%2B1 \n").unwrap();
        assert_eq!((back.state.as_str(), back.code.as_deref(), back.error), ("s+1", Some("a b"), None));
        let refused = pasted("http://127.0.0.1:4711/return?error=access_denied&state=s").unwrap();
        assert_eq!((refused.code, refused.error.as_deref()), (None, Some("access_denied")));
        assert!(pasted("code=1").unwrap_err().to_string().contains("whole line"));
        assert!(pasted("http://127.0.0.1:4711/return").unwrap_err().to_string().contains("`state`"));
    }
}
