//! Plain requests over loopback: enough to ask a test server whether it is up, and to sign in to it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

/// An answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The header lines, names in lower case.
    headers: Vec<(String, String)>,
    /// Everything after the header, as served.
    pub body: String,
}

impl Answer {
    /// The value of a header line; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Asks `127.0.0.1:port` for a path.
pub fn get(port: u16, path: &str) -> Result<Answer> {
    ask(port, &format!("GET {path}"), "", "")
}

/// Sends a form to `127.0.0.1:port`, as a browser does; a redirection is not followed.
pub fn post_form(port: u16, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    let about = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len());
    ask(port, &format!("POST {path}"), &about, &body)
}

/// HTTP/1.0, so that the end of the connection is the end of the answer.
fn ask(port: u16, line: &str, about: &str, body: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "{line} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{about}\r\n{body}")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&String::from_utf8_lossy(&bytes)).context("the answer is not HTTP")
}

/// The first bytes that a server says by itself on `127.0.0.1:port`, as servers of mail do.
pub fn greeting(port: u16) -> Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut bytes = [0; 256];
    let count = stream.read(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes[..count]).into_owned())
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Some(Answer { status, headers, body: body.to_owned() })
}

/// Percent-encodes all but what RFC 3986 calls unreserved.
fn encoded(text: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes()
        .map(|byte| if is_plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A loopback port on which nothing listens now. Another program may take it before we do; then the start fails
/// and says so in its log.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_its_status_and_its_body() {
        let answer =
            parse("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno such page\r\n\r\nreally").unwrap();
        assert_eq!(answer.status, 404);
        assert_eq!(answer.body, "no such page\r\n\r\nreally");
        assert_eq!(answer.header("content-type"), Some("text/plain"));
        assert_eq!(answer.header("location"), None);
        assert!(parse("SSH-2.0-OpenSSH\r\n\r\n").is_none());
    }

    #[test]
    fn a_field_of_a_form_may_hold_anything() {
        assert_eq!(encoded("a-z_0.9~"), "a-z_0.9~");
        assert_eq!(encoded("read write"), "read%20write");
        assert_eq!(encoded("/k&Ö=+"), "%2Fk%26%C3%96%3D%2B");
    }
}
