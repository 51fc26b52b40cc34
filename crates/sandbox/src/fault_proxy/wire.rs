//! One HTTP/1.1 message, read whole from a connection.

use std::io::{Error, ErrorKind, Result};

use tokio::io::{AsyncRead, AsyncReadExt};

/// The largest message that is read: an emulator has nothing larger to say.
const MAX: usize = 16 * 1024 * 1024;

/// A message as it stood on the wire: the head with its empty line, and the body with its framing.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// The first line.
    pub(crate) fn first_line(&self) -> String {
        let end = self.head.iter().position(|&byte| byte == b'\r').unwrap_or(self.head.len());
        String::from_utf8_lossy(&self.head[..end]).into_owned()
    }

    /// Names in lower case, and values.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let head = String::from_utf8_lossy(&self.head);
        let lines = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
        lines.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Head and body, with the connection to be closed after it.
    pub(crate) fn closing(&self) -> Vec<u8> {
        let head = String::from_utf8_lossy(&self.head);
        let mut out = Vec::with_capacity(self.head.len() + self.body.len() + 24);
        for line in head.trim_end_matches("\r\n").split("\r\n") {
            let name = line.split(':').next().unwrap_or_default();
            if !name.eq_ignore_ascii_case("connection") {
                out.extend_from_slice(line.as_bytes());
                out.extend_from_slice(b"\r\n");
            }
        }
        out.extend_from_slice(b"connection: close\r\n\r\n");
        out.extend_from_slice(&self.body);
        out
    }
}

/// Reads one message; `None` where the connection ended before it began.
///
/// Errors: the connection broke or ended in the middle, or the message is too large.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<Message>> {
    let mut buffer = Vec::with_capacity(4096);
    let head_end = loop {
        if let Some(at) = find(&buffer, b"\r\n\r\n") {
            break at + 4;
        }
        if more(stream, &mut buffer).await? == 0 {
            return if buffer.is_empty() { Ok(None) } else { Err(cut()) };
        }
    };
    let mut body = buffer.split_off(head_end);
    let message = Message { head: buffer, body: Vec::new() };
    let chunked =
        message.header("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let is_response = message.head.starts_with(b"HTTP/");
    let length = message.header("content-length").and_then(|length| length.parse::<usize>().ok());
    if chunked {
        while !ends_chunked(&body) {
            if more(stream, &mut body).await? == 0 {
                return Err(cut());
            }
        }
    } else if let Some(length) = length {
        while body.len() < length {
            if more(stream, &mut body).await? == 0 {
                return Err(cut());
            }
        }
        body.truncate(length);
    } else if is_response && !has_no_body(&message) {
        while more(stream, &mut body).await? > 0 {}
    }
    Ok(Some(Message { body, ..message }))
}

fn has_no_body(message: &Message) -> bool {
    let status = message.first_line();
    let status = status.split(' ').nth(1).unwrap_or_default();
    matches!(status, "204" | "304") || status.starts_with('1')
}

async fn more(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Result<usize> {
    if buffer.len() > MAX {
        return Err(Error::new(ErrorKind::InvalidData, "the message is too large"));
    }
    stream.read_buf(buffer).await
}

fn cut() -> Error {
    Error::new(ErrorKind::UnexpectedEof, "the connection ended in the middle of a message")
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// Whether the chunks are complete, walking from one chunk to the next.
fn ends_chunked(mut body: &[u8]) -> bool {
    loop {
        let Some(line) = find(body, b"\r\n") else { return false };
        let size = String::from_utf8_lossy(&body[..line]);
        let size = size.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(size, 16) else { return true };
        if size == 0 {
            return find(&body[line..], b"\r\n\r\n").is_some();
        }
        let Some(next) = line.checked_add(2 + size + 2).filter(|&next| next <= body.len()) else { return false };
        body = &body[next..];
    }
}
