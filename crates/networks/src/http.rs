//! Plain HTTP values. The engine translates them to its client and back.

use std::fmt;

use url::Url;

use crate::json::{self, Json, Wanted};
use crate::{Credentials, NetError, Secret, time};

/// The methods connectors use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or changes on WordPress.
    Post,
    /// Puts in place: the same request twice has the effect of one.
    Put,
    /// Changes a part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request to send. `Debug` shows method, host, path and sizes, never a header value, the query
/// or the body.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute address.
    pub url: Url,
    /// Header names in lower case, and their values.
    pub headers: Vec<(&'static str, Secret)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// A piece of a file that stands in the body at its mark; the sender puts it in.
    pub piece: Option<Piece>,
    /// What the request draws on: the bucket of a [`crate::Quota`] and the units.
    pub draws: Option<(&'static str, u32)>,
}

/// A piece of a media file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The [`crate::Media::id`].
    pub media: String,
    /// From which byte.
    pub from: u64,
    /// How many bytes.
    pub bytes: u64,
    /// Where in the body it stands: so many bytes of the body come before it.
    pub at: usize,
}

impl HttpRequest {
    /// A request without a body.
    pub(crate) fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: Vec::new(), body: Vec::new(), piece: None, draws: None }
    }

    /// Says what the request draws on.
    pub(crate) fn drawing(mut self, bucket: &'static str, units: u32) -> Self {
        self.draws = Some((bucket, units));
        self
    }

    /// Adds a body of form fields (`application/x-www-form-urlencoded`).
    pub(crate) fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes();
        self.headers.push(("content-type", Secret::new("application/x-www-form-urlencoded")));
        self
    }

    /// Makes a piece of a file the whole body.
    pub(crate) fn file(mut self, media: &str, from: u64, bytes: u64, mime: &str) -> Result<Self, NetError> {
        self.piece = Some(Piece { media: media.to_owned(), from, bytes, at: 0 });
        self.header("content-type", mime)
    }

    /// Adds a body of form fields and one file (`multipart/form-data`, RFC 7578). The boundary holds a
    /// hash over the fields and the file's id, so it cannot stand in them by chance.
    pub(crate) fn multipart(self, fields: &[(&str, &str)], file: Option<FilePart<'_>>) -> Result<Self, NetError> {
        let mut parts: Vec<&str> = fields.iter().flat_map(|(name, value)| [*name, *value]).collect();
        parts.extend(file.as_ref().map(|file| file.media));
        let boundary = format!("bedside-{}", crate::raw::short_hash(&parts));
        let mut request = self.header("content-type", &format!("multipart/form-data; boundary={boundary}"))?;
        for (name, value) in fields {
            let head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
            request.body.extend_from_slice(head.as_bytes());
            request.body.extend_from_slice(value.as_bytes());
            request.body.extend_from_slice(b"\r\n");
        }
        if let Some(file) = file {
            let FilePart { name, media, mime, bytes, from } = file;
            let head = format!(
                "--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"media\"\r\n\
                 content-type: {mime}\r\n\r\n"
            );
            request.body.extend_from_slice(head.as_bytes());
            request.piece = Some(Piece { media: media.to_owned(), from, bytes, at: request.body.len() });
            request.body.extend_from_slice(b"\r\n");
        }
        request.body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok(request)
    }

    /// Adds a body of a JSON resource and what it describes (`multipart/related`, RFC 2387).
    pub(crate) fn related(self, resource: &serde_json::Value, mime: &str, content: &str) -> Result<Self, NetError> {
        let resource = resource.to_string();
        let boundary = format!("bedside-{}", crate::raw::short_hash(&[&resource, content]));
        let mut request = self.header("content-type", &format!("multipart/related; boundary={boundary}"))?;
        request.body = format!(
            "--{boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n{resource}\r\n\
             --{boundary}\r\ncontent-type: {mime}\r\n\r\n{content}\r\n--{boundary}--\r\n"
        )
        .into_bytes();
        Ok(request)
    }

    /// Adds a header. A value that could not stand on one header line is refused, so that no
    /// configuration can smuggle in a second header.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Result<Self, NetError> {
        if !value.bytes().all(|byte| byte == b'\t' || (0x20..0x7f).contains(&byte)) {
            return Err(NetError::Config { what: "a header value has characters that a header cannot hold" });
        }
        self.headers.push((name, Secret::new(value)));
        Ok(self)
    }

    /// Adds a JSON body.
    pub(crate) fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.headers.push(("content-type", Secret::new("application/json")));
        self
    }

    /// Adds the `authorization` header.
    pub(crate) fn authorised(self, credentials: &Credentials) -> Result<Self, NetError> {
        use base64::Engine as _;
        match credentials {
            Credentials::None => Ok(self),
            Credentials::Basic { user, password } => {
                let pair = Secret::new(format!("{user}:{}", password.expose()));
                let encoded = base64::engine::general_purpose::STANDARD.encode(pair.expose());
                self.header("authorization", &format!("Basic {encoded}"))
            }
            Credentials::Bearer { .. } | Credentials::Oauth2(_) | Credentials::Session(_) => match credentials.bearer()
            {
                Some(token) => self.header("authorization", &format!("Bearer {}", token.expose())),
                None => Err(NetError::Config { what: "the account has no access token: authorise it" }),
            },
            Credentials::Oauth1 { .. } => Err(NetError::Config { what: "OAuth 1.0a signs the whole request" }),
        }
    }
}

/// Percent-encoding of everything but the unreserved characters of RFC 3986 (as RFC 5849, 3.6 has it): fit
/// to be one part of a path or one value of a query.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A file in a multipart body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FilePart<'a> {
    /// The field's name.
    pub name: &'a str,
    /// The [`crate::Media::id`].
    pub media: &'a str,
    /// Its media type.
    pub mime: &'a str,
    /// From which byte.
    pub from: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method.as_str())
            .field("host", &self.url.host_str().unwrap_or_default())
            .field("path", &self.url.path())
            .field("headers", &self.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// An answer. `Debug` shows status and sizes only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Headers as received, in any case.
    pub headers: Vec<(String, String)>,
    /// The whole body. A body that was cut short is not a response: it is
    /// [`TransportError::MaybeSent`].
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The addresses of the `Link` headers that have this relation (RFC 8288), in their order.
    pub(crate) fn links<'a>(&'a self, relation: &'a str) -> impl Iterator<Item = &'a str> {
        let values = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
        values
            .flat_map(|(_, value)| link_values(value))
            .filter(move |(_, relations)| {
                relations.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(relation))
            })
            .map(|(address, _)| address)
    }

    /// Whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// `Retry-After` in seconds from now. The date form is read against the answer's own `Date`
    /// header (RFC 9110, 10.2.3), so no clock is needed; at most a day, at least nothing.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        const DAY: u64 = 86_400;
        let value = self.header("retry-after")?;
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(seconds.min(DAY));
        }
        let until = time::http_date(value)?;
        let now = time::http_date(self.header("date")?)?;
        Some(u64::try_from((until - now) / 1_000_000).unwrap_or(0).min(DAY))
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<serde_json::Value, NetError> {
        serde_json::from_slice(&self.body).map_err(|e| not_json(&e))
    }

    /// What is wanted of the body, borrowed from it.
    pub(crate) fn read(&self, wanted: &'static Wanted) -> Result<Json<'_>, NetError> {
        json::read(&self.body, wanted).map_err(|e| not_json(&e))
    }

    /// The same, where the body is an object.
    pub(crate) fn read_object(&self, wanted: &'static Wanted) -> Result<Json<'_>, NetError> {
        let body = self.read(wanted)?;
        let malformed = || NetError::Malformed { what: "the answer is not an object", at: "the top level".to_owned() };
        if body.is_object() { Ok(body) } else { Err(malformed()) }
    }
}

fn not_json(error: &serde_json::Error) -> NetError {
    NetError::Malformed {
        what: "the answer is not JSON",
        at: format!("line {} column {}", error.line(), error.column()),
    }
}

/// The links of one `Link` header: each address, and its relations.
fn link_values(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = header;
    std::iter::from_fn(move || {
        let (address, behind) = rest.split_once('<')?.1.split_once('>')?;
        let end = unquoted(behind, ',').unwrap_or(behind.len());
        let (mut parameters, mut relations) = (&behind[..end], "");
        rest = &behind[end..];
        while !parameters.is_empty() {
            let end = unquoted(parameters, ';').unwrap_or(parameters.len());
            if let Some((name, value)) = parameters[..end].split_once('=')
                && name.trim().eq_ignore_ascii_case("rel")
                && relations.is_empty()
            {
                relations = value.trim().trim_matches('"');
            }
            parameters = parameters.get(end + 1..).unwrap_or_default();
        }
        Some((address.trim(), relations))
    })
}

/// Where this character stands outside quotes.
fn unquoted(text: &str, wanted: char) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == wanted && !quoted).then_some(at)
    })
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// No answer came back. The two cases differ in the one question that matters: may it be sent again?
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// No byte of the request reached the network: the name did not resolve, the connection was
    /// refused, TLS failed, the address is forbidden. Provably not accepted.
    NotSent(&'static str),
    /// The request left, wholly or in part, and no whole answer came back: timeout, reset,
    /// truncation. It may have been accepted.
    MaybeSent(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(headers: &[(&str, &str)]) -> HttpResponse {
        let headers = headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        HttpResponse { status: 429, headers, body: Vec::new() }
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        assert_eq!(response(&[("Retry-After", "17")]).retry_after_seconds(), Some(17));
        assert_eq!(response(&[("retry-after", "99999999")]).retry_after_seconds(), Some(86_400));
        let dated =
            response(&[("Date", "Tue, 24 Nov 2026 10:00:00 GMT"), ("Retry-After", "Tue, 24 Nov 2026 10:02:05 GMT")]);
        assert_eq!(dated.retry_after_seconds(), Some(125));
        let past =
            response(&[("Date", "Tue, 24 Nov 2026 10:00:00 GMT"), ("Retry-After", "Tue, 24 Nov 2026 09:00:00 GMT")]);
        assert_eq!(past.retry_after_seconds(), Some(0));
        assert_eq!(response(&[("Retry-After", "soon")]).retry_after_seconds(), None);
    }

    #[test]
    fn links_are_found_by_their_relation() {
        let header =
            "<https://hub.example.org/a,b>; title=\"one, two; three\"; rel=\"hub next\", </feed>;REL=self,<x>; rel=hub";
        let answer = response(&[("Link", header), ("link", "<y>; rel=\"HUB\""), ("Link", "broken"), ("Link", "<z")]);
        let links = |relation| answer.links(relation).collect::<Vec<_>>();
        assert_eq!(links("hub"), ["https://hub.example.org/a,b", "x", "y"]);
        assert_eq!(links("self"), ["/feed"]);
        assert_eq!(links("prev"), [""; 0]);
    }

    #[test]
    fn debug_output_of_a_request_shows_no_value() {
        let url = Url::parse("https://blog.example.org/wp-json/wp/v2/comments?search=secretword").unwrap();
        let request = HttpRequest::new(Method::Post, url)
            .authorised(&Credentials::Bearer { token: Secret::new("tok-123") })
            .unwrap()
            .json(&serde_json::json!({"content": "my scan"}));
        let shown = format!("{request:?}");
        for hidden in ["secretword", "tok-123", "scan"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
        let injected = HttpRequest::new(Method::Get, request.url).header("if-none-match", "a\r\nx-evil: 1");
        assert!(injected.is_err());
    }
}
