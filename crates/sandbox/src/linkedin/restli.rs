//! What Rest.li adds to HTTP: lists in queries, pages by number, and requests within requests.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::Problem;
use crate::kit::Fields;

/// The values of `List(a,b)`. The values are written in full once more, so a comma within one is `%2C`.
pub(super) fn list(text: &str) -> Vec<String> {
    let Some(inner) = text.strip_prefix("List(").and_then(|rest| rest.strip_suffix(')')) else {
        return if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    };
    // A URN of a comment has a comma of its own, within brackets.
    let (mut values, mut value, mut depth) = (Vec::new(), String::new(), 0_usize);
    for c in inner.chars() {
        match c {
            ',' if depth == 0 => values.push(std::mem::take(&mut value)),
            _ => {
                depth = match c {
                    '(' => depth + 1,
                    ')' => depth.saturating_sub(1),
                    _ => depth,
                };
                value.push(c);
            }
        }
    }
    values.push(value);
    values.retain(|value| !value.is_empty());
    values.iter().map(|value| decode(value)).collect()
}

/// The fields of `(name:value,other:value)`.
pub(super) fn record(text: &str) -> Option<Vec<(String, String)>> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    inner.split(',').map(|field| field.split_once(':').map(|(name, value)| (name.to_owned(), decode(value)))).collect()
}

fn decode(text: &str) -> String {
    let pair = format!("v={}", text.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The page that `start` and `count` ask for, with the links to its neighbours.
pub(super) fn page<T>(fields: &Fields, uri: &Uri, elements: &[T], show: impl Fn(&T) -> Value) -> Value {
    let number = |name: &str, usual: u64| usize::try_from(fields.number(name).unwrap_or(usual)).unwrap_or(0);
    let (start, count) = (number("start", 0), number("count", 10).clamp(1, 100));
    let end = (start.saturating_add(count)).min(elements.len());
    let shown: Vec<Value> = elements.get(start..end).unwrap_or_default().iter().map(show).collect();
    let link = |rel: &str, start: usize| {
        let kept = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .filter(|(name, _)| name != "start" && name != "count");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept).append_pair("start", &start.to_string()).append_pair("count", &count.to_string());
        json!({"type": "application/json", "rel": rel, "href": format!("{}?{}", uri.path(), query.finish())})
    };
    let mut links = Vec::new();
    if start > 0 {
        links.push(link("prev", start.saturating_sub(count)));
    }
    if end < elements.len() {
        links.push(link("next", end));
    }
    json!({
        "paging": {"start": start, "count": count, "total": elements.len(), "links": links}, "elements": shown,
    })
}

/// A request whose query is too long for an address comes as a `POST`, with its method in
/// `X-HTTP-Method-Override`, its query in the body, and its body, if it has one, as a second part.
pub(super) async fn unpack_tunnel(request: Request, next: Next) -> Response {
    let overridden = request.headers().get("x-http-method-override").and_then(|value| value.to_str().ok());
    let Some(method) = overridden.and_then(|method| Method::from_bytes(method.as_bytes()).ok()) else {
        return next.run(request).await;
    };
    let wrong = || Problem::bad("The tunnelled request cannot be read").into_response();
    let (mut parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return wrong();
    }
    let Ok(bytes) = axum::body::to_bytes(body, super::LARGEST).await else { return wrong() };
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (query, body) = match kind.split_once("boundary=") {
        Some((_, boundary)) => match two_parts(&text, boundary.trim_matches('"')) {
            Some((query, body)) => (query, Some(body)),
            None => return wrong(),
        },
        None => (text, None),
    };
    let Ok(uri) = format!("{}?{}", parts.uri.path(), query.trim()).parse() else { return wrong() };
    (parts.method, parts.uri) = (method, uri);
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.remove("x-http-method-override");
    if body.is_some() {
        parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    next.run(Request::from_parts(parts, Body::from(body.unwrap_or_default()))).await
}

/// The query and the JSON of a body in two parts.
fn two_parts(text: &str, boundary: &str) -> Option<(String, String)> {
    let mark = format!("--{boundary}");
    let mut contents = text.split(&mark).filter_map(|part| part.split_once("\r\n\r\n"));
    let (query, body) = (contents.next()?.1, contents.next()?.1);
    Some((query.trim().to_owned(), body.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_the_commas_of_a_comment() {
        assert_eq!(list("List(urn:li:share:1,urn:li:share:2)"), ["urn:li:share:1", "urn:li:share:2"]);
        assert_eq!(list("List(urn%3Ali%3Ashare%3A1)"), ["urn:li:share:1"]);
        let comment = "urn:li:comment:(urn:li:activity:1,2)";
        assert_eq!(list(&format!("List({comment},{comment})")), [comment, comment]);
        assert!(list("List()").is_empty() && list("").is_empty());
    }

    #[test]
    fn a_body_in_two_parts_is_a_query_and_json() {
        let text = "--xyz\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=1\r\n--xyz\r\n\
                    Content-Type: application/json\r\n\r\n{\"b\":2}\r\n--xyz--";
        assert_eq!(two_parts(text, "xyz"), Some(("a=1".to_owned(), "{\"b\":2}".to_owned())));
    }
}
