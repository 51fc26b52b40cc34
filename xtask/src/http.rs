//! One plain GET over loopback: enough to ask a test server whether it is up.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

/// A status code and the body of an answer.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// Everything after the header, as served.
    pub body: String,
}

/// Asks `127.0.0.1:port` for a path. HTTP/1.0, so that the end of the connection is the end of the answer.
pub fn get(port: u16, path: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&String::from_utf8_lossy(&bytes)).context("the answer is not HTTP")
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
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
        assert!(parse("SSH-2.0-OpenSSH\r\n\r\n").is_none());
    }
}
