//! The web pages, from within the program. A path that names no file and has no ending is a page of
//! the single-page application.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};

use crate::problem::Problem;

mod files {
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

fn find(name: &str) -> Option<&'static [u8]> {
    files::FILES.iter().find(|(key, _)| *key == name).map(|(_, bytes)| *bytes)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Answers what no route of the API answers.
pub(crate) async fn serve(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::not_found("route").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::new("method_not_allowed", "This address can only be read.").into_response();
    }
    let page = path.is_empty() || !path.rsplit('/').next().unwrap_or(path).contains('.');
    let name = if page { "index.html" } else { path };
    let Some(bytes) = find(name) else { return StatusCode::NOT_FOUND.into_response() };
    // The build names what stands in assets/ by its content, so it never changes.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let body = if method == Method::HEAD { Body::empty() } else { Body::from(bytes) };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(path: &'static str) -> (u16, String) {
        let response = serve(Method::GET, Uri::from_static(path)).await;
        let kind = response.headers().get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap().to_owned());
        (response.status().as_u16(), kind.unwrap_or_default())
    }

    #[tokio::test]
    async fn a_page_is_the_application_and_a_missing_file_is_missing() {
        assert_eq!(get("/").await, (200, "text/html; charset=utf-8".into()));
        assert_eq!(get("/inbox/cnv_1").await, (200, "text/html; charset=utf-8".into()));
        assert_eq!(get("/assets/none.js").await.0, 404);
        assert_eq!(get("/../../etc/passwd.txt").await.0, 404);
        assert_eq!(get("/api/v1/none").await, (404, "application/problem+json".into()));
    }
}
