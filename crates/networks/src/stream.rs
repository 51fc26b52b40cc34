//! What a network pushes over an open connection.

use std::fmt::Debug;
use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::watch::Watch;
use crate::{AccountView, NetError, Page, ParseError, Secret};

/// How a network pushes.
pub(crate) trait Streaming: Sync {
    /// Begins to listen.
    fn start(&self, input: StreamInput<'_>) -> Result<StreamStart, NetError>;
}

/// What a stream begins with.
#[derive(Debug, Clone)]
pub struct StreamInput<'a> {
    /// The account.
    pub account: &'a AccountView,
    /// The settings of the source.
    pub source: &'a Value,
    /// The cursor saved last.
    pub cursor: Option<&'a Value>,
    /// The organisation's watch terms, where the stream is a public one.
    pub watch: Arc<Watch>,
}

/// How frames come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamTransport {
    /// A WebSocket (RFC 6455): a frame is a text or binary message.
    WebSocket,
    /// Server-sent events: a frame is the event's name, a line feed, and its data.
    ServerSentEvents,
}

/// A stream to open.
#[derive(Debug)]
pub struct StreamStart {
    /// How frames come.
    pub transport: StreamTransport,
    /// Where.
    pub url: Url,
    /// Header names in lower case, and their values.
    pub headers: Vec<(&'static str, Secret)>,
    /// Sent first, once the connection stands.
    pub hello: Option<Vec<u8>>,
    /// After how many silent seconds the connection counts as dead.
    pub silence_seconds: u32,
    /// Reads the frames.
    pub reader: StreamReader,
}

/// Reads the frames of one connection.
#[derive(Debug)]
pub struct StreamReader(pub(crate) Box<dyn StreamSteps>);

impl StreamReader {
    /// Reads a frame. A frame that cannot be read is an error that stops nothing.
    pub fn on_frame(&mut self, frame: &[u8]) -> Result<Page, ParseError> {
        self.0.on_frame(frame)
    }

    /// The cursor to save once all that was read so far is stored.
    pub fn cursor(&self) -> Value {
        self.0.cursor()
    }
}

/// The machine behind [`StreamReader`].
pub(crate) trait StreamSteps: Debug + Send {
    /// Reads a frame.
    fn on_frame(&mut self, frame: &[u8]) -> Result<Page, ParseError>;
    /// The cursor to save once all that was read so far is stored.
    fn cursor(&self) -> Value;
}
