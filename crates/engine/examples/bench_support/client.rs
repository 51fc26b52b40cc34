//! A client that costs next to nothing: one connection, one request after the other, HTTP/1.1.

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
        let stream = TcpStream::connect(to).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(1 << 16) }
    }

    /// Sends a request and reads the answer, which must succeed: its head as text, and its body.
    pub async fn ask(&mut self, request: &[u8]) -> (String, Vec<u8>) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let head_ends = loop {
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await;
        };
        let head = String::from_utf8(self.buffer[..head_ends].to_vec()).unwrap();
        let header = |name: &str| {
            head.lines().find_map(|line| {
                let (field, value) = line.split_once(':')?;
                field.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        assert!(head.starts_with("HTTP/1.1 2"), "{head}");
        let length: usize = header("content-length").expect("an answer with a length").parse().unwrap();
        while self.buffer.len() < head_ends + length {
            self.more().await;
        }
        let body = self.buffer[head_ends..head_ends + length].to_vec();
        (head, body)
    }

    async fn more(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
        assert!(read > 0, "the server hung up");
    }
}
