//! The one client with which the sandbox speaks to others: to webhooks and for media, on loopback.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use url::{Host, Url};

use super::Event;

/// How long an answer may take. X and LinkedIn give up after 10 and 3 seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether an address is one of this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let is_http = matches!(url.scheme(), "http" | "https");
    is_http
        && match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
}

/// The client.
pub(in crate::world) fn client() -> Option<&'static reqwest::Client> {
    static CLIENT: OnceLock<Option<reqwest::Client>> = OnceLock::new();
    let make = || {
        // Another part of the program may have chosen one already, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        #[expect(
            clippy::disallowed_methods,
            reason = "the sandbox speaks to loopback only, which the engine's client refuses"
        )]
        let builder = reqwest::Client::builder();
        builder
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(PATIENCE)
            .pool_max_idle_per_host(0)
            .tls_certs_only([])
            .build()
            .inspect_err(|error| tracing::error!(%error, "no client can be made: webhooks are not told"))
            .ok()
    };
    CLIENT.get_or_init(make).as_ref()
}

/// Status and body; `None` where nobody answers.
pub(super) async fn get(url: &Url) -> Option<(u16, Bytes)> {
    let answer = client()?.get(url.clone()).send().await.ok()?;
    Some((answer.status().as_u16(), answer.bytes().await.ok()?))
}

/// The status; `None` where nobody answers.
pub(super) async fn post(url: &Url, event: &Event, signature: Option<(&'static str, String)>) -> Option<u16> {
    let mut request = client()?.post(url.clone()).header(CONTENT_TYPE, event.content_type).body(event.body.clone());
    for (name, value) in event.headers.iter().chain(signature.iter()) {
        request = request.header(*name, value);
    }
    request.send().await.ok().map(|answer| answer.status().as_u16())
}

/// What lies at an address of this machine, as a network fetches an image: its bytes, or `None` where
/// there is no such file. What lies elsewhere is not fetched.
pub(crate) async fn fetch(url: &Url) -> Fetched {
    if !is_loopback(url) {
        return Fetched::Elsewhere;
    }
    match get(url).await {
        Some((200, bytes)) if !bytes.is_empty() => Fetched::Bytes(bytes),
        _ => Fetched::Nothing,
    }
}

/// What became of a file that a network was asked to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fetched {
    /// It lies on another machine, and is believed in.
    Elsewhere,
    /// Its bytes.
    Bytes(Bytes),
    /// Nothing is there.
    Nothing,
}
