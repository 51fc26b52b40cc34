//! What a client sent, whatever way it sent it: parameters of query and body in one list, and files.

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, Method, Uri};
use bytes::Bytes;
use serde_json::Value;

/// The largest body that is taken, in bytes: a short video.
pub const LARGEST: usize = 256 << 20;

/// A file that was sent in a form.
#[derive(Debug, Clone)]
pub struct File {
    /// The field.
    pub field: String,
    /// Its type, where one is said.
    pub content_type: Option<String>,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What a client sent.
#[derive(Debug, Clone)]
pub struct Input {
    /// The method.
    pub method: Method,
    /// The address.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// Parameters of the query and then of the body, in order. A value of a form is a string; of
    /// JSON, whatever it is there.
    pub params: Vec<(String, Value)>,
    /// Files of a form.
    pub files: Vec<File>,
    /// The whole body, of anything but a form with files.
    pub body: Bytes,
}

/// A body that cannot be read: too large, cut, or not what its type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body cannot be read")]
pub struct Unreadable;

impl Input {
    /// Reads a request. Forms, JSON and forms with files become parameters; any other body is only
    /// kept.
    ///
    /// Errors: [`Unreadable`].
    pub async fn read(request: Request) -> Result<Self, Unreadable> {
        let (parts, body) = request.into_parts();
        let query = parts.uri.query().unwrap_or("");
        let mut params: Vec<(String, Value)> = form(query.as_bytes());
        let kind = text_of(&parts.headers, CONTENT_TYPE).unwrap_or("").to_ascii_lowercase();
        let (method, uri, headers) = (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
        let mut files = Vec::new();
        let body = if kind.starts_with("multipart/form-data") {
            let limit = axum::extract::DefaultBodyLimit::max(LARGEST);
            read_form(with_limit(Request::from_parts(parts, body), limit), &mut params, &mut files).await?;
            Bytes::new()
        } else {
            axum::body::to_bytes(body, LARGEST).await.map_err(|_| Unreadable)?
        };
        if kind.starts_with("application/x-www-form-urlencoded") {
            params.extend(form(&body));
        } else if kind.starts_with("application/json")
            && !body.is_empty()
            && let Value::Object(fields) = serde_json::from_slice(&body).map_err(|_| Unreadable)?
        {
            params.extend(fields);
        }
        Ok(Self { method, uri, headers, params, files, body })
    }

    /// The last value of a parameter: the body overrides the query.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.params.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A parameter as text; a number or a truth as it is written.
    pub fn text(&self, name: &str) -> Option<String> {
        self.value(name).and_then(|value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        })
    }

    /// A parameter as a whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name).and_then(|text| text.trim().parse().ok())
    }

    /// A parameter as a truth: `true`, `1`, or `false`, `0`.
    pub fn truth(&self, name: &str) -> Option<bool> {
        match self.text(name)?.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// All values of a list: `name=a,b`, `name[]=a&name[]=b`, `name[0]=a`, a JSON list, or its text.
    pub fn list(&self, name: &str) -> Vec<Value> {
        let indexed = |known: &str| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('['));
        let mut out = Vec::new();
        for (known, value) in &self.params {
            if known != name && !indexed(known) {
                continue;
            }
            match value {
                Value::Array(values) => out.extend(values.iter().cloned()),
                Value::String(text) => match serde_json::from_str(text) {
                    Ok(Value::Array(values)) => out.extend(values),
                    Ok(object @ Value::Object(_)) => out.push(object),
                    _ if known == name => {
                        out.extend(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Value::from));
                    }
                    _ => out.push(value.clone()),
                },
                other => out.push(other.clone()),
            }
        }
        out
    }

    /// The access token: of the header, or else of the parameter `access_token`.
    pub fn token(&self) -> Option<String> {
        self.bearer().map(str::to_owned).or_else(|| self.text("access_token"))
    }

    /// The token of `Authorization: Bearer …` or `OAuth …`.
    pub fn bearer(&self) -> Option<&str> {
        let value = text_of(&self.headers, AUTHORIZATION)?;
        let (scheme, token) = value.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") || (scheme == "OAuth" && !token.contains('='))).then(|| token.trim())
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The host that the client meant.
    pub fn host(&self) -> &str {
        host_of(&self.headers, &self.uri)
    }

    /// What addresses begin with that this client is given (see [`base_of`]).
    pub fn base(&self) -> String {
        base_of(&self.headers, &self.uri)
    }

    /// The path.
    pub fn path(&self) -> &str {
        self.uri.path()
    }
}

fn host_of<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> &'a str {
    text_of(headers, HOST).or_else(|| uri.host()).unwrap_or("")
}

/// What addresses begin with that a client is given: the host that it meant, without TLS on this
/// machine, and with it behind a proxy that stands for the real host.
pub(crate) fn base_of(headers: &HeaderMap, uri: &Uri) -> String {
    let host = host_of(headers, uri);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_here = matches!(name, "localhost" | "127.0.0.1" | "[::1]" | "");
    format!("{}://{host}", if is_here { "http" } else { "https" })
}

fn text_of(headers: &HeaderMap, name: http::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn form(bytes: &[u8]) -> Vec<(String, Value)> {
    url::form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect()
}

fn with_limit(mut request: Request, limit: axum::extract::DefaultBodyLimit) -> Request {
    limit.apply(&mut request);
    request
}

async fn read_form(
    request: Request,
    params: &mut Vec<(String, Value)>,
    files: &mut Vec<File>,
) -> Result<(), Unreadable> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Unreadable)?;
    while let Some(field) = form.next_field().await.map_err(|_| Unreadable)? {
        let name = field.name().unwrap_or("").to_owned();
        let content_type = field.content_type().map(str::to_owned);
        // Some clients send a file without a name; its type tells it from a value.
        let is_bytes = content_type.as_deref().is_some_and(|kind| !kind.starts_with("text/") && !kind.contains("json"));
        let is_file = field.file_name().is_some() || is_bytes;
        let bytes = field.bytes().await.map_err(|_| Unreadable)?;
        if is_file {
            files.push(File { field: name, content_type, bytes });
        } else {
            params.push((name, String::from_utf8_lossy(&bytes).into_owned().into()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use serde_json::json;

    use super::{File, Input};

    async fn read(uri: &str, kind: &str, body: &str) -> Input {
        let request = Request::post(uri).header("content-type", kind).body(Body::from(body.to_owned())).unwrap();
        Input::read(request).await.unwrap()
    }

    #[tokio::test]
    async fn forms_json_and_forms_with_files_are_the_same_parameters() {
        let form = read("/1?a=1", "application/x-www-form-urlencoded", "message=Hello+there").await;
        let json = read("/1?a=1", "application/json; charset=utf-8", r#"{"message":"Hello there"}"#).await;
        let multipart = "--b\r\ncontent-disposition: form-data; name=\"message\"\r\n\r\nHello there\r\n\
            --b\r\ncontent-disposition: form-data; name=\"source\"; filename=\"a.png\"\r\n\
            content-type: image/png\r\n\r\nPNG\r\n\
            --b\r\ncontent-disposition: form-data; name=\"media\"\r\n\
            content-type: application/octet-stream\r\n\r\nPART\r\n--b--\r\n";
        let files = read("/1?a=1", "multipart/form-data; boundary=b", multipart).await;
        for input in [&form, &json, &files] {
            assert_eq!(input.text("message").as_deref(), Some("Hello there"));
            assert_eq!(input.number("a"), Some(1));
        }
        let told = |file: &File| (file.field.clone(), file.bytes.to_vec());
        let named = |field: &str, bytes: &[u8]| (field.to_owned(), bytes.to_vec());
        assert_eq!(
            files.files.iter().map(told).collect::<Vec<_>>(),
            [named("source", b"PNG"), named("media", b"PART")],
            "a file needs no name"
        );
    }

    #[test]
    fn an_address_begins_with_the_host_that_the_client_meant() {
        let base = |host: &'static str| {
            let headers = [(axum::http::header::HOST, host.parse().unwrap())].into_iter().collect();
            super::base_of(&headers, &"/api/v1/statuses".parse().unwrap())
        };
        assert_eq!(base("127.0.0.1:4490"), "http://127.0.0.1:4490");
        assert_eq!(base("[::1]:4490"), "http://[::1]:4490");
        assert_eq!(base("social.example.org"), "https://social.example.org", "a proxy ends TLS for it");
    }

    #[tokio::test]
    async fn a_list_is_a_list_however_it_is_written() {
        for body in ["ids=1,2", "ids[]=1&ids[]=2", "ids[0]=1&ids[1]=2", r#"ids=["1","2"]"#] {
            let input = read("/1", "application/x-www-form-urlencoded", body).await;
            assert_eq!(input.list("ids"), [json!("1"), json!("2")], "{body}");
        }
        let input = read("/1", "application/x-www-form-urlencoded", r#"m[0]={"media_fbid":"7"}"#).await;
        assert_eq!(input.list("m"), [json!({"media_fbid": "7"})]);
    }
}
