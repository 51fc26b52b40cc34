//! Archives of networks: what a network hands to its users, and Activity Streams.
//!
//! | archive | file | what it gives |
//! |---|---|---|
//! | Activity Streams 1.0 | `activities.atom` | posts and comments; the form in which MySpace gave its activities |
//! | Activity Streams 2.0 | `outbox.json` of a Mastodon archive, any collection | own posts and replies |
//! | Twitter | `tweets.js` | own posts and replies |
//! | Facebook | `your_posts_1.json`, `comments.json`, `posts_and_comments` of a page | own posts and comments |
//! | Google Takeout | `reviews.json` of a business profile | reviews of others, and own replies |
//!
//! MySpace itself is dead: its API answers nobody since 2013. What somebody kept of it can be read;
//! nothing is fetched and nothing can be sent. Likewise for the others this is the way in where an
//! API is closed to us; it brings the past, and no news.
//!
//! What the archive's owner wrote comes in as own: it waits for no answer.

mod activity_json;
mod activity_xml;
mod facebook;
mod google;
mod pieces;
#[cfg(test)]
mod tests;
mod twitter;

use std::collections::VecDeque;
use std::io::BufRead;

use bedside_model::Phi;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::Stored;
use super::{ImportError, Reason, Rejected, TEXT_MAX};
use pieces::Pieces;

/// Whose archive a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Archive {
    /// Activity Streams 1.0 in Atom: MySpace and others of its time.
    ActivityStreams1,
    /// Activity Streams 2.0 in JSON: Mastodon and everything that speaks ActivityPub.
    ActivityStreams2,
    /// Twitter, now X.
    Twitter,
    /// Facebook.
    Facebook,
    /// Google Takeout of a business profile.
    GoogleTakeout,
}

impl Archive {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::ActivityStreams1, Self::ActivityStreams2, Self::Twitter, Self::Facebook, Self::GoogleTakeout];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ActivityStreams1 => "activity_streams1",
            Self::ActivityStreams2 => "activity_streams2",
            Self::Twitter => "twitter",
            Self::Facebook => "facebook",
            Self::GoogleTakeout => "google_takeout",
        }
    }

    /// Reads the stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|archive| archive.as_str() == name)
    }

    /// Whose archive a file is, from its first bytes; `None` for one that is no archive we know.
    pub fn guess(start: &[u8]) -> Option<Self> {
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let head = String::from_utf8_lossy(&start[..start.len().min(16 * 1024)]);
        let head = head.trim_start();
        let has = |text: &str| head.contains(text);
        if head.starts_with("window.YTD.") {
            Some(Self::Twitter)
        } else if head.starts_with('<') {
            (has("activitystrea.ms") && has("feed")).then_some(Self::ActivityStreams1)
        } else if !head.starts_with(['{', '[']) {
            None
        } else if has("\"@context\"") && (has("\"orderedItems\"") || has("\"OrderedCollection\"")) {
            Some(Self::ActivityStreams2)
        } else if has("\"reviews\"") && has("\"starRating\"") {
            Some(Self::GoogleTakeout)
        } else if has("\"timestamp\"") && (has("\"data\"") || has("\"attachments\"")) {
            Some(Self::Facebook)
        } else {
            None
        }
    }

    /// The names of the list at the top of the file.
    const fn list(self) -> fn(&str) -> bool {
        match self {
            Self::ActivityStreams2 => |name| matches!(name, "orderedItems" | "items"),
            Self::GoogleTakeout => |name| name == "reviews",
            // Facebook changes the numbers at the end of its names.
            Self::ActivityStreams1 | Self::Twitter | Self::Facebook => |name| !name.starts_with('@'),
        }
    }

    fn read(self, element: &Value) -> Result<Vec<Stored>, Reason> {
        match self {
            Self::ActivityStreams2 => activity_json::read(element),
            Self::Twitter => twitter::read(element),
            Self::Facebook => facebook::read(element),
            Self::GoogleTakeout => google::read(element),
            // Read from XML, not from JSON.
            Self::ActivityStreams1 => Err(Reason::NotJson { column: 1 }),
        }
    }
}

/// A row of an archive: its line, and what it is or why it is nothing.
pub(super) type Row = (u64, Result<Stored, Rejected>);

/// The rows of an archive.
pub(super) struct Rows<R> {
    source: Source<R>,
    /// Read already; one element may give several rows.
    waiting: VecDeque<Row>,
}

enum Source<R> {
    Json { archive: Archive, pieces: Pieces<R> },
    Xml(activity_xml::Entries<R>),
}

impl<R: BufRead> Rows<R> {
    /// Begins to read.
    ///
    /// Errors: the file has no list of what the archive should have.
    pub(super) fn start(archive: Archive, reader: R) -> Result<Self, ImportError> {
        let source = match archive {
            Archive::ActivityStreams1 => Source::Xml(activity_xml::Entries::new(reader)),
            _ => {
                let mut pieces = Pieces::new(reader);
                if !pieces.find(archive.list())? {
                    return Err(ImportError::NoList);
                }
                Source::Json { archive, pieces }
            }
        };
        Ok(Self { source, waiting: VecDeque::new() })
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, ImportError> {
        loop {
            if let Some(row) = self.waiting.pop_front() {
                return Ok(Some(row));
            }
            let (line, bytes, read) = match &mut self.source {
                Source::Json { archive, pieces } => {
                    let Some(piece) = pieces.next()? else { return Ok(None) };
                    let read = if piece.too_long {
                        Err(Reason::LineTooLong)
                    } else {
                        serde_json::from_slice::<Value>(&piece.bytes)
                            .map_err(|e| Reason::NotJson { column: e.column() })
                            .and_then(|element| archive.read(&element))
                    };
                    (piece.line, piece.bytes, read)
                }
                Source::Xml(entries) => {
                    let Some(entry) = entries.next()? else { return Ok(None) };
                    (entry.line, Vec::new(), entry.read())
                }
            };
            match read.and_then(|rows| rows.into_iter().map(checked).collect::<Result<Vec<_>, _>>()) {
                Ok(rows) => self.waiting.extend(rows.into_iter().map(|row| (line, Ok(row)))),
                Err(reason) => self.waiting.push_back((line, Err(Rejected { reason, row: Phi::new(bytes) }))),
            }
        }
    }
}

fn checked(row: Stored) -> Result<Stored, Reason> {
    if row.text.chars().count() > TEXT_MAX { Err(Reason::TextTooLong) } else { Ok(row) }
}

/// A text field, trimmed; `None` where it is absent or empty.
fn text(value: &Value, path: &str) -> Option<String> {
    let found = value.pointer(path)?.as_str()?.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

/// A web address; anything else is dropped.
fn address(text: Option<String>) -> Option<String> {
    text.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}
