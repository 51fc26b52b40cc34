//! Server-sent events, cut out of the bytes in which they come.
//!
//! Source: HTML Living Standard, 9.2.6 (interpreting an event stream). `id` and `retry` are not used:
//! the connectors' cursors and our own back-off stand in their place.

use std::collections::VecDeque;

use super::open::{Frame, MAX_FRAME};

/// Cuts events out of a stream of bytes. Lines may end in any of the three ways, and anywhere within a
/// chunk.
#[derive(Debug, Default)]
pub(crate) struct Events {
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed that follows belongs to it.
    after_return: bool,
    begun: bool,
    name: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    ready: VecDeque<Frame>,
    too_large: bool,
}

impl Events {
    /// Takes a chunk.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        for &byte in chunk {
            let ends_the_last = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                _ if ends_the_last => {}
                b'\n' | b'\r' => self.end_line(),
                _ if self.line.len() + self.data.len() >= MAX_FRAME => self.too_large = true,
                _ => self.line.push(byte),
            }
        }
    }

    /// The next frame: an event's name, a line feed and its data; or a sign of life.
    pub(crate) fn next(&mut self) -> Option<Result<Frame, &'static str>> {
        match self.ready.pop_front() {
            Some(frame) => Some(Ok(frame)),
            None if self.too_large => Some(Err("an event is larger than 4 MB")),
            None => None,
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = match line.iter().position(|&byte| byte == b':') {
            Some(0) => {
                self.ready.push_back(Frame::Alive);
                return;
            }
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"event" => self.name = value.to_vec(),
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            _ => {}
        }
    }

    fn end_event(&mut self) {
        let (name, data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        if std::mem::take(&mut self.has_data) {
            let mut frame = if name.is_empty() { b"message".to_vec() } else { name };
            frame.push(b'\n');
            frame.extend_from_slice(&data);
            self.ready.push_back(Frame::Data(frame));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(chunks: &[&[u8]]) -> Vec<Frame> {
        let mut events = Events::default();
        let mut frames = Vec::new();
        for chunk in chunks {
            events.push(chunk);
            while let Some(frame) = events.next() {
                frames.push(frame.unwrap());
            }
        }
        frames
    }

    fn data(text: &str) -> Frame {
        Frame::Data(text.as_bytes().to_vec())
    }

    #[test]
    fn events_are_found_however_the_bytes_are_cut() {
        let text = b"\xef\xbb\xbf:thump\n\nevent: update\ndata: {\"a\":\ndata: 1}\r\n\r\ndata:plain\r\rid: 7\nevent: none\n\ndata\n\n";
        let expected = [Frame::Alive, data("update\n{\"a\":\n1}"), data("message\nplain"), data("message\n")];
        assert_eq!(all(&[text]), expected);
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(all(&bytes), expected);
        assert_eq!(all(&[b"data: half"]), [], "an event that is not ended is none");
    }

    #[test]
    fn an_event_without_end_is_not_collected_for_ever() {
        let mut events = Events::default();
        events.push(b"data: ");
        for _ in 0..=MAX_FRAME / 1_000 {
            events.push(&[b'x'; 1_000]);
        }
        assert_eq!(events.next(), Some(Err("an event is larger than 4 MB")));
        assert!(events.line.len() <= MAX_FRAME);
    }
}
