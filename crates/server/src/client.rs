//! Who is at the other end of the connection. A header is believed only from a configured proxy.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;

use crate::app::App;

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The client's address.
    pub address: IpAddr,
    /// Whether the client came by HTTPS.
    pub https: bool,
}

fn seen_through(headers: &HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    // Each proxy appends whom it saw. What stands left of the first that is not ours is hearsay.
    let seen: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
    let mut client = peer;
    for text in seen.iter().rev() {
        let Ok(address) = text.trim().parse() else { break };
        client = address;
        if !trusted.contains(&address) {
            break;
        }
    }
    client
}

/// Notes who the client is.
pub(crate) async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let trusted = &app.config.trusted_proxies;
    let by_proxy = trusted.contains(&peer)
        && request.headers().get("x-forwarded-proto").is_some_and(|v| v.as_bytes().eq_ignore_ascii_case(b"https"));
    let https = by_proxy || app.config.public_url.starts_with("https://");
    let client = Client { address: seen_through(request.headers(), peer, trusted), https };
    request.extensions_mut().insert(client);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_configured_proxy_is_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "198.51.100.7, 203.0.113.9".parse().unwrap());
        headers.append("x-forwarded-for", "10.0.0.2".parse().unwrap());
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(seen_through(&headers, ip("10.0.0.1"), &proxies), ip("203.0.113.9"), "the first that is not ours");
        assert_eq!(
            seen_through(&headers, ip("203.0.113.80"), &proxies),
            ip("203.0.113.80"),
            "a client may say anything"
        );
        assert_eq!(seen_through(&headers, ip("10.0.0.1"), &[]), ip("10.0.0.1"));
        headers.append("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(seen_through(&headers, ip("10.0.0.1"), &proxies), ip("10.0.0.1"));
    }
}
