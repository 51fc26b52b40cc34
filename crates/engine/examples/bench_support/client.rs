//! A client that costs next to nothing: one connection, one request after the other, HTTP/1.1.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection that is kept open.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects to `host:port`.
    pub async fn connect(to: &str) -> Self {
        Self::try_connect(to).await.unwrap()
    }

    /// The same where it may be that nobody is there.
    pub async fn try_connect(to: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(1 << 12) })
    }

    /// Sends a request and reads the answer, which must succeed: its head as text, and its body.
    pub async fn ask(&mut self, request: &[u8]) -> (String, Vec<u8>) {
        let (head, body) = self.try_ask(request).await.unwrap();
        assert!(head.starts_with("HTTP/1.1 2"), "{head}");
        (head, body)
    }

    /// The same, whatever is answered.
    ///
    /// Errors: the connection broke; nobody knows what became of the request.
    pub async fn try_ask(&mut self, request: &[u8]) -> io::Result<(String, Vec<u8>)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head_ends = loop {
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8(self.buffer[..head_ends].to_vec()).unwrap();
        let length: usize = header(&head, "content-length").expect("an answer with a length").parse().unwrap();
        while self.buffer.len() < head_ends + length {
            self.more().await?;
        }
        let body = self.buffer[head_ends..head_ends + length].to_vec();
        Ok((head, body))
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// The value of a header.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
