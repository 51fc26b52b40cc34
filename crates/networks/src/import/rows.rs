//! Reading a file row by row.

use std::io::{BufRead, BufReader, Cursor, Read};

use bedside_model::Phi;
use jiff::tz::TimeZone;
use serde_json::Value;
use thiserror::Error;

use super::archive;
use super::message::Stored;
use super::values::{date, rating};
use super::{ColumnMap, DateOrder, Format, ImportSettings, LINE_MAX, Reason, TEXT_MAX, guess_columns};
use crate::{MessageKind, RawItem};

/// The file as a whole cannot be read.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The reader failed.
    #[error("the file cannot be read")]
    Io(#[from] std::io::Error),
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The first line of a CSV file is not a line of names.
    #[error("the first line is not a line of column names")]
    NoNames,
    /// A column of the map is not in the file.
    #[error("the file has no column for {what} with the name that was given")]
    NoColumn {
        /// What the column is for.
        what: &'static str,
    },
    /// The map names no column for the text, nor one for a rating.
    #[error("no column is named for the text")]
    NoTextColumn,
    /// The archive has no list of what it should hold.
    #[error("this file of the archive holds no list of posts, comments or reviews")]
    NoList,
    /// The archive is not well-formed XML.
    #[error("the file is not well-formed XML, at byte {at}")]
    BrokenXml {
        /// Where reading stopped.
        at: u64,
    },
    /// The zone is not one of the IANA database.
    #[error("the time zone is not known")]
    BadZone,
}

/// A row that was not taken.
#[derive(Debug)]
pub struct Rejected {
    /// Why.
    pub reason: Reason,
    /// The row as it stood in the file, for the file of rejected rows.
    pub row: Phi<Vec<u8>>,
}

/// One row of the file.
#[derive(Debug)]
pub struct ImportRow {
    /// Counted from 1, without the line of names. To go on from the middle, skip as many.
    pub number: u64,
    /// The line of the file on which it begins, counted from 1.
    pub line: u64,
    /// What came of it.
    pub result: Result<RawItem, Rejected>,
}

/// The rows of a file; an error ends them.
pub struct Rows<R: Read> {
    source: Source<R>,
    settings: ImportSettings,
    zone: TimeZone,
    number: u64,
    ended: bool,
}

impl<R: Read> std::fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("number", &self.number).finish_non_exhaustive()
    }
}

enum Source<R: Read> {
    Csv { reader: Box<csv::Reader<BufReader<R>>>, names: Vec<String>, delimiter: u8, crlf: bool },
    Jsonl { reader: BufReader<R>, line: u64 },
    Archive(Box<archive::Rows<BufReader<R>>>),
}

/// Begins to read a file.
///
/// Errors: the file has no names, lacks a column of the map, or the settings are not sound.
pub fn rows<R: Read>(reader: R, settings: &ImportSettings) -> Result<Rows<R>, ImportError> {
    let columns = &settings.columns;
    let in_columns = !matches!(settings.format, Format::Archive { .. });
    if in_columns && columns.text.is_none() && columns.rating.is_none() {
        return Err(ImportError::NoTextColumn);
    }
    let zone = TimeZone::get(&settings.zone).map_err(|_| ImportError::BadZone)?;
    let source = match settings.format {
        Format::Csv { delimiter } => {
            let delimiter = u8::try_from(delimiter).map_err(|_| ImportError::NoNames)?;
            let mut reader = BufReader::with_capacity(64 * 1024, reader);
            let start = reader.fill_buf()?;
            let first_end = start.iter().position(|&byte| byte == b'\n');
            let crlf = first_end.is_some_and(|at| at > 0 && start[at - 1] == b'\r');
            let mut reader =
                csv::ReaderBuilder::new().delimiter(delimiter).has_headers(true).flexible(true).from_reader(reader);
            let names = names(&mut reader)?;
            for (what, name) in named(columns) {
                if !names.contains(name) {
                    return Err(ImportError::NoColumn { what });
                }
            }
            Source::Csv { reader: Box::new(reader), names, delimiter, crlf }
        }
        Format::Jsonl => Source::Jsonl { reader: BufReader::new(reader), line: 0 },
        Format::Archive { archive } => {
            Source::Archive(Box::new(archive::Rows::start(archive, BufReader::with_capacity(64 * 1024, reader))?))
        }
    };
    Ok(Rows { source, settings: settings.clone(), zone, number: 0, ended: false })
}

fn names<R: Read>(reader: &mut csv::Reader<R>) -> Result<Vec<String>, ImportError> {
    let headers = reader.byte_headers().map_err(io_of)?;
    let mut names = Vec::with_capacity(headers.len());
    for name in headers {
        let name = std::str::from_utf8(name).map_err(|_| ImportError::NoNames)?;
        names.push(name.trim_start_matches('\u{feff}').trim().to_owned());
    }
    if names.iter().all(String::is_empty) { Err(ImportError::Empty) } else { Ok(names) }
}

fn io_of(error: csv::Error) -> ImportError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ImportError::Io(error),
        _ => ImportError::NoNames,
    }
}

fn named(columns: &ColumnMap) -> impl Iterator<Item = (&'static str, &String)> {
    let all = [
        ("the text", &columns.text),
        ("the author", &columns.author),
        ("the date", &columns.date),
        ("the rating", &columns.rating),
        ("the id", &columns.id),
        ("the address", &columns.url),
        ("the title", &columns.title),
    ];
    all.into_iter().filter_map(|(what, name)| Some((what, name.as_ref()?)))
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<ImportRow, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = match &mut self.source {
            Source::Archive(rows) => {
                let next = rows.next().transpose();
                self.ended = !matches!(next, Some(Ok(_)));
                self.number += u64::from(!self.ended);
                let number = self.number;
                return next.map(|next| {
                    next.map(|(line, result)| ImportRow { number, line, result: result.map(|stored| stored.raw()) })
                });
            }
            Source::Csv { reader, names, delimiter, crlf } => {
                // The CSV reader ends a row at the carriage return and counts the line feed behind it
                // only with the next row.
                let one_more = u64::from(*crlf);
                next_csv(reader, names, *delimiter).map(|next| next.map(|(line, row)| (line + one_more, row)))
            }
            Source::Jsonl { reader, line } => next_line(reader, line),
        };
        match next {
            Ok(Some((line, row))) => {
                self.number += 1;
                let result = row.and_then(|(field, row)| {
                    take(&*field, &self.settings, &self.zone).map_err(|reason| Rejected { reason, row: Phi::new(row) })
                });
                Some(Ok(ImportRow { number: self.number, line, result }))
            }
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(error) => {
                self.ended = true;
                Some(Err(error))
            }
        }
    }
}

/// Finds a value by the name of its column.
type Field = Box<dyn Fn(&str) -> Option<String>>;
/// The line, and the row with its values, or why it has none.
type Next = Option<(u64, Result<(Field, Vec<u8>), Rejected>)>;

fn next_csv<R: Read>(reader: &mut csv::Reader<R>, names: &[String], delimiter: u8) -> Result<Next, ImportError> {
    let mut record = csv::ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(io_of)? {
        return Ok(None);
    }
    let line = record.position().map_or(0, csv::Position::line);
    let rejected = |reason| Rejected { reason, row: Phi::new(as_csv(&record, delimiter)) };
    if record.len() != names.len() {
        let reason = Reason::ColumnCount { expected: names.len(), found: record.len() };
        return Ok(Some((line, Err(rejected(reason)))));
    }
    let mut values = Vec::with_capacity(names.len());
    for (name, value) in names.iter().zip(&record) {
        match std::str::from_utf8(value) {
            Ok(value) => values.push((name.clone(), value.to_owned())),
            Err(_) => return Ok(Some((line, Err(rejected(Reason::NotUtf8))))),
        }
    }
    let row = as_csv(&record, delimiter);
    let field: Field =
        Box::new(move |wanted| values.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone()));
    Ok(Some((line, Ok((field, row)))))
}

fn as_csv(record: &csv::ByteRecord, delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    // Writing into memory cannot fail; an empty row is what is left if it did.
    let written = writer.write_byte_record(record).is_ok();
    writer.into_inner().ok().filter(|_| written).unwrap_or_default()
}

fn next_line<R: Read>(reader: &mut BufReader<R>, line: &mut u64) -> Result<Next, ImportError> {
    loop {
        let mut bytes = Vec::new();
        let read = reader.by_ref().take(LINE_MAX as u64 + 1).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        *line += 1;
        if read > LINE_MAX && bytes.last() != Some(&b'\n') {
            reader.skip_until(b'\n')?;
            bytes.truncate(1024);
            return Ok(Some((*line, Err(Rejected { reason: Reason::LineTooLong, row: Phi::new(bytes) }))));
        }
        let bytes = if *line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        let row = bytes.to_vec();
        let rejected = |reason, row| Err(Rejected { reason, row: Phi::new(row) });
        if std::str::from_utf8(bytes).is_err() {
            return Ok(Some((*line, rejected(Reason::NotUtf8, row))));
        }
        return Ok(Some(match serde_json::from_slice::<Value>(bytes) {
            Ok(value) if value.is_object() => (*line, Ok((Box::new(move |path: &str| at_path(&value, path)), row))),
            Ok(_) => (*line, rejected(Reason::NotJson { column: 1 }, row)),
            Err(error) => (*line, rejected(Reason::NotJson { column: error.column() }, row)),
        }));
    }
}

/// The value at a name, or at a path of names with dots between.
fn at_path(value: &Value, path: &str) -> Option<String> {
    let found = value.get(path).or_else(|| path.split('.').try_fold(value, |value, name| value.get(name)))?;
    match found {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn take(field: &dyn Fn(&str) -> Option<String>, settings: &ImportSettings, zone: &TimeZone) -> Result<RawItem, Reason> {
    let columns = &settings.columns;
    let get = |name: &Option<String>| {
        let value = field(name.as_deref()?)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let text = get(&columns.text).unwrap_or_default();
    if text.chars().count() > TEXT_MAX {
        return Err(Reason::TextTooLong);
    }
    let rating = match get(&columns.rating) {
        Some(text) => Some(rating(&text, settings.rating_max).ok_or(Reason::BadRating)?),
        None => None,
    };
    let title = get(&columns.title);
    // Stars alone are a review too.
    if text.is_empty() && title.is_none() && (rating.is_none() || settings.kind != MessageKind::Review) {
        return Err(Reason::MissingText);
    }
    let published = match get(&columns.date) {
        Some(text) => Some(date(&text, zone, settings.date_order).ok_or(Reason::BadDate)?),
        None => None,
    };
    let url = get(&columns.url).filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let stored = Stored {
        id: get(&columns.id),
        kind: settings.kind,
        text,
        author: get(&columns.author),
        published,
        rating,
        url,
        title,
        parent: None,
        own: false,
    };
    Ok(stored.raw())
}

/// Proposes how to read a file, from its first bytes (64 KiB are plenty): the format by its first
/// character, the separator by what the first line has most of, the columns by their names. Returns
/// the names of all columns too, for the form in which a person corrects the proposal.
///
/// Errors: there is nothing in it, or no line of names.
pub fn guess(start: &[u8], kind: MessageKind, zone: &str) -> Result<(ImportSettings, Vec<String>), ImportError> {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    if let Some(archive) = archive::Archive::guess(start) {
        let settings = ImportSettings {
            format: Format::Archive { archive },
            columns: ColumnMap::default(),
            kind,
            zone: zone.to_owned(),
            date_order: DateOrder::DayFirst,
            rating_max: 5.0,
        };
        return Ok((settings, Vec::new()));
    }
    let first_line = start.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let first_line = first_line.ok_or(ImportError::Empty)?;
    let (format, names) = if first_line.trim_ascii_start().starts_with(b"{") {
        let object: Value = serde_json::from_slice(first_line.trim_ascii()).map_err(|_| ImportError::NoNames)?;
        (Format::Jsonl, json_names(&object))
    } else {
        let count = |delimiter: &u8| first_line.iter().filter(|byte| *byte == delimiter).count();
        let delimiter = [b'|', b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(start);
        (Format::Csv { delimiter: char::from(delimiter) }, names(&mut reader)?)
    };
    let settings = ImportSettings {
        format,
        columns: guess_columns(&names),
        kind,
        zone: zone.to_owned(),
        date_order: DateOrder::DayFirst,
        rating_max: 5.0,
    };
    Ok((settings, names))
}

fn json_names(object: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        match value {
            Value::Object(inner) => names.extend(inner.keys().map(|key| format!("{name}.{key}"))),
            _ => names.push(name.clone()),
        }
    }
    names
}

/// The first ten rows of a file, as they would be taken. `start` is its beginning; a last line that
/// is cut off there is left out.
///
/// Errors: as [`rows`].
pub fn preview(start: &[u8], settings: &ImportSettings) -> Result<Vec<ImportRow>, ImportError> {
    let rows = rows(Cursor::new(start), settings)?;
    let ends_a_line = start.ends_with(b"\n");
    let mut shown = rows.take(11).collect::<Result<Vec<_>, _>>()?;
    if shown.len() < 11 && !ends_a_line && shown.len() > 1 {
        shown.pop();
    }
    shown.truncate(10);
    Ok(shown)
}
