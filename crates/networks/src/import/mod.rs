//! Files of reviews or comments that somebody exported: CSV, JSON lines, and archives of networks
//! ([`archive`]).
//!
//! The way in for every network that has no open door. [`guess`] proposes which column is what,
//! [`preview`] shows the first rows as they would be taken, [`rows`] reads the whole file row by row
//! in constant memory. A row is taken or rejected with its line and a reason; neither stops the
//! file. A row keeps the id it brings, or gets one made of its content, so that the same file read
//! twice, or on from the middle, adds nothing twice.
//!
//! This crate opens no file: the caller brings anything that can be read.

pub mod archive;
mod columns;
mod message;
mod rows;
#[cfg(test)]
mod tests;
mod values;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::connector::{Connector, SelfTestSteps};
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpRequest, HttpResponse, Limits, MessageKind,
    NetError, ParseError, ParsedMessage, ResendSafety, SelfReport,
};

pub use columns::{ColumnMap, guess_columns};
pub use message::shown;
pub use rows::{ImportError, ImportRow, Rejected, Rows, guess, preview, rows};
pub use values::DateOrder;

/// What an imported file can do.
pub const CAPABILITIES: Capabilities =
    Capabilities(&[Capability::ReadComments, Capability::ReadReviews, Capability::ReadPosts]);

/// The limits of imported files. Nothing is fetched and nothing is sent.
pub const LIMITS: Limits = Limits {
    reply_max: None,
    post_max: None,
    counted: Counted::Chars,
    requests_per_minute: 0,
    poll_min_seconds: 0,
    settle_seconds: 0,
    resend: ResendSafety::Upsert,
    media: &[],
    quotas: &[],
    as_of: "2026-11-24",
    source: "nothing is fetched and nothing is sent",
};

/// Files.
pub(crate) struct Import;

impl Connector for Import {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn sources(&self) -> &'static [&'static str] {
        &[]
    }

    fn classify(&self, _response: &HttpResponse) -> ErrorClass {
        ErrorClass::Invalid
    }

    fn parse(&self, account: &AccountView, _kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, body)
    }

    fn self_test(&self, _account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(NothingToTest))
    }
}

/// An import has nothing to connect to.
#[derive(Debug)]
struct NothingToTest;

impl SelfTestSteps for NothingToTest {
    fn next_request(&self) -> Option<HttpRequest> {
        None
    }

    fn on_response(&mut self, _response: &HttpResponse) -> Result<(), NetError> {
        Ok(())
    }

    fn report(&self) -> SelfReport {
        SelfReport { can_read: true, ..SelfReport::default() }
    }
}

/// The longest text of a row, in characters. More than that is a file read with the wrong settings.
pub const TEXT_MAX: usize = 50_000;
/// The longest line of a JSON lines file, in bytes.
pub const LINE_MAX: usize = 1024 * 1024;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Values separated by a character, with a first line of names.
    Csv {
        /// The separator: `,`, `;`, a tab or `|`.
        delimiter: char,
    },
    /// One JSON object a line.
    Jsonl,
    /// An archive of a network.
    Archive {
        /// Whose.
        archive: archive::Archive,
    },
}

impl Format {
    /// The stable name: `csv`, `jsonl`, or that of the archive.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv { .. } => "csv",
            Self::Jsonl => "jsonl",
            Self::Archive { archive } => archive.as_str(),
        }
    }
}

/// How the file is to be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportSettings {
    /// How it is written.
    pub format: Format,
    /// Which column is what.
    pub columns: ColumnMap,
    /// What the rows are.
    pub kind: MessageKind,
    /// The IANA zone of dates that have no offset of their own.
    pub zone: String,
    /// How a date such as 03/04/2026 is to be read.
    pub date_order: DateOrder,
    /// The best rating, where a row gives only a number.
    pub rating_max: f64,
}

/// Why a row was not taken. Holds nothing of the row, so it may be logged and shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Reason {
    /// The row has bytes that are not text.
    #[error("the row is not valid UTF-8")]
    NotUtf8,
    /// The row has more or fewer values than the first line has names.
    #[error("the row has {found} columns, and the first line has {expected}")]
    ColumnCount {
        /// As many as the first line names.
        expected: usize,
        /// As many as the row has.
        found: usize,
    },
    /// Nothing was written, and nothing was rated.
    #[error("the text is missing")]
    MissingText,
    /// The text is longer than [`TEXT_MAX`].
    #[error("the text is longer than {TEXT_MAX} characters")]
    TextTooLong,
    /// It has no id, so that it could not be told from others.
    #[error("the id is missing")]
    MissingId,
    /// The date cannot be read, or stands for no time in its zone.
    #[error("the date cannot be read")]
    BadDate,
    /// The rating cannot be read, or lies outside its scale.
    #[error("the rating cannot be read")]
    BadRating,
    /// The line is not a JSON object.
    #[error("the line is not a JSON object (column {column})")]
    NotJson {
        /// Where reading stopped.
        column: usize,
    },
    /// The line is longer than [`LINE_MAX`].
    #[error("the line is longer than {LINE_MAX} bytes")]
    LineTooLong,
}

impl Reason {
    /// A stable name, for counting.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8 => "not_utf8",
            Self::ColumnCount { .. } => "column_count",
            Self::MissingText => "missing_text",
            Self::MissingId => "missing_id",
            Self::TextTooLong => "text_too_long",
            Self::BadDate => "bad_date",
            Self::BadRating => "bad_rating",
            Self::NotJson { .. } => "not_json",
            Self::LineTooLong => "line_too_long",
        }
    }
}
