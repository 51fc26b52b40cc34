//! Connections that stay open: server-sent events and WebSockets, under the same rules as requests.
//!
//! The address is vetted, and only vetted addresses of its name are connected to; no redirect is
//! followed. Nothing is read ahead: whoever does not ask for the next frame holds the sender up.

use bedside_networks::{HttpRequest, HttpResponse, Secret, StreamTransport, TransportError};
use futures_util::stream::BoxStream;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async_tls_with_config};
use url::Url;

use super::events::Events;
use super::{AllowedHosts, CONNECT_TIME, Http, MAX_BODY, address, call, read, vetted};

/// Largest frame that is read, in bytes.
pub(crate) const MAX_FRAME: usize = 4 * 1024 * 1024;

/// A connection to open: [`bedside_networks::StreamStart`] without its reader.
#[derive(Debug)]
pub(crate) struct Opening {
    pub transport: StreamTransport,
    pub url: Url,
    pub headers: Vec<(&'static str, Secret)>,
    pub hello: Option<Vec<u8>>,
}

/// What an open connection gives.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A frame, as the connector reads it.
    Data(Vec<u8>),
    /// A sign of life without content.
    Alive,
}

/// Why a connection was not opened.
#[derive(Debug)]
pub(crate) enum NotOpened {
    /// It was not reached.
    Transport(TransportError),
    /// The network answered with something else than a stream.
    Answered(HttpResponse),
}

/// A connection that stays open.
pub(crate) enum Frames {
    Events(BoxStream<'static, reqwest::Result<bytes::Bytes>>, Events),
    Socket(Box<WebSocketStream<MaybeTlsStream<TcpStream>>>),
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[an open connection]")
    }
}

impl Frames {
    /// The next frame; `None` where the network ended the connection. An error says why it broke. May
    /// be dropped at any time without losing anything.
    pub(crate) async fn next(&mut self) -> Option<Result<Frame, &'static str>> {
        match self {
            Self::Events(chunks, events) => loop {
                if let Some(frame) = events.next() {
                    return Some(frame);
                }
                match chunks.next().await? {
                    Ok(chunk) => events.push(&chunk),
                    Err(_) => return Some(Err("the connection broke")),
                }
            },
            Self::Socket(socket) => Some(Ok(match socket.next().await? {
                Ok(Message::Text(text)) => Frame::Data(text.as_bytes().to_vec()),
                Ok(Message::Binary(bytes)) => Frame::Data(bytes.to_vec()),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => Frame::Alive,
                Ok(Message::Close(_)) | Err(SocketError::ConnectionClosed) => return None,
                Err(SocketError::Capacity(_)) => return Some(Err("a frame is larger than 4 MB")),
                Err(_) => return Some(Err("the connection broke")),
            })),
        }
    }
}

impl Http {
    /// Opens the connection of a stream and sends its first frame, where it has one.
    pub(crate) async fn open(&self, start: &Opening, allowed: &AllowedHosts) -> Result<Frames, NotOpened> {
        let late = || NotOpened::Transport(TransportError::MaybeSent("no answer came in time"));
        let opened = async {
            match start.transport {
                StreamTransport::ServerSentEvents => self.open_events(start, allowed).await,
                StreamTransport::WebSocket => self.open_socket(start, allowed).await,
            }
        };
        tokio::time::timeout(self.total, opened).await.unwrap_or_else(|_| Err(late()))
    }

    async fn open_events(&self, start: &Opening, allowed: &AllowedHosts) -> Result<Frames, NotOpened> {
        let not_sent = |why| NotOpened::Transport(TransportError::NotSent(why));
        let client = self.vet(&start.url, allowed).map_err(not_sent)?;
        let mut headers = start.headers.clone();
        headers.push(("accept", Secret::new("text/event-stream")));
        let request = HttpRequest {
            method: bedside_networks::Method::Get,
            url: start.url.clone(),
            headers,
            body: Vec::new(),
            piece: None,
            draws: None,
        };
        let answer = call(client, &request, None, &start.url, true).await.map_err(NotOpened::Transport)?;
        if answer.status().as_u16() != 200 {
            return Err(NotOpened::Answered(read(answer).await.map_err(NotOpened::Transport)?));
        }
        Ok(Frames::Events(answer.bytes_stream().boxed(), Events::default()))
    }

    async fn open_socket(&self, start: &Opening, allowed: &AllowedHosts) -> Result<Frames, NotOpened> {
        let not_sent = |why| NotOpened::Transport(TransportError::NotSent(why));
        let stream = self.reach(&start.url, allowed).await.map_err(NotOpened::Transport)?;
        let mut request =
            start.url.as_str().into_client_request().map_err(|_| not_sent("the request cannot be written"))?;
        for (name, value) in &start.headers {
            let mut value =
                HeaderValue::from_str(value.expose()).map_err(|_| not_sent("a header cannot be written"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_FRAME))
            .max_frame_size(Some(MAX_FRAME))
            .read_buffer_size(64 * 1024);
        let opened = client_async_tls_with_config(request, stream, Some(config), None).await;
        let (mut socket, _) = opened.map_err(|e| match e {
            SocketError::Http(answer) => NotOpened::Answered(HttpResponse {
                status: answer.status().as_u16(),
                headers: answer
                    .headers()
                    .iter()
                    .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into()))
                    .collect(),
                body: answer.body().as_ref().map_or_else(Vec::new, |body| body[..body.len().min(MAX_BODY)].to_vec()),
            }),
            SocketError::Tls(_) => not_sent("the server's certificate or TLS is not accepted"),
            _ => NotOpened::Transport(TransportError::MaybeSent("the server does not speak as a WebSocket")),
        })?;
        if let Some(hello) = &start.hello {
            let hello = String::from_utf8(hello.clone())
                .map_or_else(|not_text| Message::binary(not_text.into_bytes()), Message::text);
            let broke = |_| NotOpened::Transport(TransportError::MaybeSent("the connection broke"));
            socket.send(hello).await.map_err(broke)?;
        }
        Ok(Frames::Socket(Box::new(socket)))
    }

    /// Connects to a vetted address of a host.
    pub(crate) async fn reach(&self, url: &Url, allowed: &AllowedHosts) -> Result<TcpStream, TransportError> {
        let mut plain = url.clone();
        let scheme = match url.scheme() {
            "ws" | "http" => "http",
            "wss" | "https" => "https",
            _ => return Err(TransportError::NotSent("this is no address of a WebSocket")),
        };
        // The parser lets no special scheme become another kind; these are all special.
        plain.set_scheme(scheme).map_err(|()| TransportError::NotSent("this is no address of a WebSocket"))?;
        let strictness = self.strictness(&plain, allowed).map_err(TransportError::NotSent)?;
        let host = plain.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = plain.port_or_known_default().unwrap_or(443);
        let connect = async {
            let found = tokio::net::lookup_host((host.as_str(), port)).await;
            let found = found.map_err(|_| TransportError::NotSent("the host's name does not resolve"))?;
            let fine = vetted(found.collect(), strictness).map_err(|_| TransportError::NotSent(address::REFUSED))?;
            TcpStream::connect(fine.as_slice())
                .await
                .map_err(|_| TransportError::NotSent("the server cannot be reached"))
        };
        let late = |_| TransportError::NotSent("the server could not be reached in time");
        tokio::time::timeout(CONNECT_TIME, connect).await.map_err(late)?
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::net::TcpListener;
    use tokio_tungstenite::accept_async;

    use super::*;

    /// A server that takes one connection: it waits for the first frame, then sends its own and closes.
    async fn server(frames: Vec<Message>) -> (SocketAddr, tokio::task::JoinHandle<Option<Message>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let served = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut socket = accept_async(stream).await.unwrap();
            let hello = socket.next().await.and_then(Result::ok);
            for frame in frames {
                if socket.send(frame).await.is_err() {
                    return hello;
                }
            }
            drop(socket.close(None).await);
            while let Some(Ok(_)) = socket.next().await {}
            hello
        });
        (addr, served)
    }

    fn opening(url: &str) -> Opening {
        Opening {
            transport: StreamTransport::WebSocket,
            url: Url::parse(url).unwrap(),
            headers: vec![("authorization", Secret::new("Bearer token"))],
            hello: Some(b"{\"type\":\"options_update\"}".to_vec()),
        }
    }

    #[tokio::test]
    async fn a_socket_says_hello_gives_its_frames_and_ends() {
        let frames = vec![Message::text("one"), Message::Ping("still here".into()), Message::binary(vec![2, 0])];
        let (addr, served) = server(frames).await;
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let opened = http.open(&opening(&format!("ws://{addr}/subscribe")), &AllowedHosts::default()).await;
        let mut frames = opened.unwrap();
        let mut came = Vec::new();
        while let Some(frame) = frames.next().await {
            came.push(frame.unwrap());
        }
        assert_eq!(came, [Frame::Data(b"one".to_vec()), Frame::Alive, Frame::Data(vec![2, 0])]);
        drop(frames);
        assert_eq!(served.await.unwrap(), Some(Message::text("{\"type\":\"options_update\"}")));
    }

    #[tokio::test]
    async fn a_frame_that_is_too_large_ends_the_connection() {
        let (addr, _served) = server(vec![Message::binary(vec![0; MAX_FRAME + 1])]).await;
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let mut frames = http.open(&opening(&format!("ws://{addr}/")), &AllowedHosts::default()).await.unwrap();
        assert_eq!(frames.next().await, Some(Err("a frame is larger than 4 MB")));
    }

    #[tokio::test]
    async fn a_private_address_is_not_reached_by_any_spelling() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let http = Http::new(AllowedHosts::default()).unwrap();
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"] {
            for transport in [StreamTransport::WebSocket, StreamTransport::ServerSentEvents] {
                let scheme = if transport == StreamTransport::WebSocket { "ws" } else { "http" };
                let opening = Opening { transport, ..opening(&format!("{scheme}://{host}:{port}/")) };
                let refused = http.open(&opening, &AllowedHosts::default()).await.unwrap_err();
                let NotOpened::Transport(TransportError::NotSent(why)) = refused else { panic!("{host}: {refused:?}") };
                assert_eq!(why, address::REFUSED, "{host}");
            }
        }
        let accepted = tokio::select! {
            biased;
            _ = listener.accept() => true,
            () = tokio::task::yield_now() => false,
        };
        assert!(!accepted, "nobody knocked");
    }
}
