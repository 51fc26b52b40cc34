//! Whoever changes something comes from our own pages (or is a program that says so). A page of
//! somebody else can make a browser send a request with its cookies, but it cannot choose `Origin`
//! or `Sec-Fetch-Site`.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, header};

use crate::app::App;
use crate::problem::Problem;

/// Scheme, host and port of an address, without a path.
fn origin_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    url[after_scheme..].find('/').map_or(url, |slash| &url[..after_scheme + slash])
}

/// The hosts that mean this machine are one to a person who types them.
fn same(origin: &str, ours: &str) -> bool {
    fn loopback(origin: &str) -> Option<&str> {
        let rest = origin.strip_prefix("http://")?;
        ["localhost", "127.0.0.1", "[::1]"].iter().find_map(|host| {
            let port = rest.strip_prefix(host)?;
            (port.is_empty() || port.starts_with(':')).then_some(port)
        })
    }
    origin == ours || loopback(origin).is_some_and(|port| loopback(ours) == Some(port))
}

fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let ours = origin_of(public_url);
    let text = |name: header::HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    let site = headers.get("sec-fetch-site").map(|v| v.to_str().unwrap_or("?"));
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    match text(header::ORIGIN) {
        Some(origin) => same(origin, ours),
        // Without Origin the browser's word for it counts, as long as it found us under our own
        // name: a name that was pointed at us later is not ours.
        None => {
            let scheme = ours.find("://").map_or("", |at| &ours[..at + 3]);
            site.is_some() && text(header::HOST).is_some_and(|host| same(&format!("{scheme}{host}"), ours))
        }
    }
}

/// Refuses a changing request that does not come from our own pages.
pub(crate) async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reading || is_ours(request.headers(), &app.config.public_url) {
        return next.run(request).await;
    }
    let ours = origin_of(&app.config.public_url);
    Problem::new(
        "wrong_origin",
        format!("This did not come from Bedside's own pages at {ours}. If that is not the address you use, start Bedside with --public-url."),
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)], public_url: &str) -> bool {
        let headers = pairs.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect();
        is_ours(&headers, public_url)
    }

    #[test]
    fn only_our_own_pages_change_things() {
        let url = "https://bedside.example.org/";
        assert!(ours(&[("origin", "https://bedside.example.org")], url));
        assert!(ours(&[("sec-fetch-site", "same-origin"), ("host", "bedside.example.org")], url));
        assert!(!ours(&[], url), "who says nothing is refused");
        assert!(!ours(&[("origin", "https://evil.example")], url));
        assert!(!ours(&[("origin", "http://bedside.example.org")], url));
        assert!(!ours(&[("origin", "https://bedside.example.org.evil.example")], url));
        assert!(!ours(&[("origin", "null")], url));
        assert!(!ours(&[("origin", "https://bedside.example.org"), ("sec-fetch-site", "same-site")], url));
        assert!(!ours(&[("sec-fetch-site", "cross-site"), ("host", "bedside.example.org")], url));
        assert!(!ours(&[("sec-fetch-site", "same-origin"), ("host", "rebound.example")], url), "a rebound name");
    }

    #[test]
    fn this_machine_has_three_names() {
        let url = "http://127.0.0.1:8787";
        assert!(ours(&[("origin", "http://localhost:8787")], url));
        assert!(ours(&[("origin", "http://[::1]:8787")], url));
        assert!(!ours(&[("origin", "http://localhost:9999")], url));
        assert!(!ours(&[("origin", "http://localhost.evil.example:8787")], url));
        assert!(!ours(&[("origin", "http://localhost:8787")], "https://bedside.example.org"));
    }
}
