//! Activity Streams 1.0 in Atom (<http://activitystrea.ms/specs/atom/1.0/>): entries with
//! `activity:verb` and `activity:object`, as MySpace served its users' activities.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Stored, address};
use crate::import::{ImportError, Reason};
use crate::{MessageKind, html_to_text, time};

/// The longest text of an element that is kept, in bytes.
const TEXT_MAX: usize = 256 * 1024;

/// The entries of a feed, one by one.
pub(super) struct Entries<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    /// Local names of the elements that are open.
    open: Vec<String>,
}

/// One entry as read.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// The byte at which it begins; an XML reader counts no lines.
    pub(super) line: u64,
    id: String,
    published: String,
    updated: String,
    title: String,
    content: String,
    summary: String,
    author: String,
    verb: String,
    object_type: String,
    object_content: String,
    object_title: String,
    object_link: String,
    target_id: String,
    link: String,
}

impl<R: BufRead> Entries<R> {
    pub(super) fn new(reader: R) -> Self {
        let mut reader = Reader::from_reader(reader);
        reader.config_mut().check_end_names = false;
        Self { reader, buffer: Vec::new(), open: Vec::new() }
    }

    /// The next entry. An entry ends with its end tag, whatever is broken inside.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, ImportError> {
        let mut entry: Option<Entry> = None;
        loop {
            self.buffer.clear();
            let broken = |at: u64| ImportError::BrokenXml { at };
            match self.reader.read_event_into(&mut self.buffer) {
                Ok(Event::Start(tag)) => {
                    let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                    if name == "entry" {
                        entry = Some(Entry { line: self.reader.buffer_position(), ..Entry::default() });
                    }
                    if let Some(entry) = &mut entry {
                        entry.link(&name, &self.open, attribute(&tag, b"rel"), attribute(&tag, b"href"));
                    }
                    self.open.push(name);
                }
                Ok(Event::Empty(tag)) => {
                    let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                    if let Some(entry) = &mut entry {
                        entry.link(&name, &self.open, attribute(&tag, b"rel"), attribute(&tag, b"href"));
                    }
                }
                Ok(Event::Text(text)) => {
                    if let Some(entry) = &mut entry {
                        entry.take(&self.open, &String::from_utf8_lossy(&text));
                    }
                }
                Ok(Event::CData(text)) => {
                    if let Some(entry) = &mut entry {
                        entry.take(&self.open, &String::from_utf8_lossy(&text));
                    }
                }
                Ok(Event::GeneralRef(name)) => {
                    if let Some(entry) = &mut entry {
                        // Kept as written: what reads HTML decodes it.
                        entry.take(&self.open, &format!("&{};", String::from_utf8_lossy(&name)));
                    }
                }
                Ok(Event::End(tag)) => {
                    let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                    if let Some(at) = self.open.iter().rposition(|open| *open == name) {
                        self.open.truncate(at);
                    }
                    if name == "entry"
                        && let Some(entry) = entry.take()
                    {
                        return Ok(Some(entry));
                    }
                }
                Ok(Event::Eof) => return Ok(entry),
                Ok(_) => {}
                Err(_) => return Err(broken(self.reader.error_position())),
            }
        }
    }
}

fn attribute(tag: &quick_xml::events::BytesStart<'_>, name: &[u8]) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    Some(String::from_utf8_lossy(&found.value).replace("&amp;", "&"))
}

impl Entry {
    fn link(&mut self, name: &str, open: &[String], rel: Option<String>, href: Option<String>) {
        if name != "link" || rel.is_some_and(|rel| rel != "alternate") {
            return;
        }
        let place =
            if open.last().is_some_and(|last| last == "object") { &mut self.object_link } else { &mut self.link };
        if place.is_empty() {
            *place = href.unwrap_or_default();
        }
    }

    fn take(&mut self, open: &[String], text: &str) {
        let Some(at) = open.iter().rposition(|name| name == "entry") else { return };
        let path: Vec<&str> = open[at + 1..].iter().map(String::as_str).collect();
        let place = match path.as_slice() {
            ["id"] => &mut self.id,
            ["published"] => &mut self.published,
            ["updated"] => &mut self.updated,
            ["title"] => &mut self.title,
            ["content", ..] => &mut self.content,
            ["summary", ..] => &mut self.summary,
            ["author", "name"] => &mut self.author,
            ["verb"] => &mut self.verb,
            ["object", "object-type"] => &mut self.object_type,
            ["object", "content" | "summary", ..] => &mut self.object_content,
            ["object", "title"] => &mut self.object_title,
            ["target", "id"] => &mut self.target_id,
            _ => return,
        };
        if place.len() + text.len() <= TEXT_MAX {
            place.push_str(text);
        }
    }

    /// What was said, where the activity says something.
    pub(super) fn read(&self) -> Result<Vec<Stored>, Reason> {
        // A verb may be an address; its last part is its name.
        let last = |name: &str| name.trim().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let verb = last(&self.verb);
        if !matches!(verb.as_str(), "" | "post" | "update" | "share" | "create") {
            // Somebody played a song or made a friend.
            return Ok(Vec::new());
        }
        let words = [&self.object_content, &self.content, &self.summary, &self.object_title, &self.title];
        let words = words.into_iter().map(|text| twice_decoded(text)).find(|text| !text.is_empty());
        let words = words.ok_or(Reason::MissingText)?;
        let date = if self.published.trim().is_empty() { &self.updated } else { &self.published };
        let published = match date.trim() {
            "" => None,
            date => Some(time::utc_without_offset(date).ok_or(Reason::BadDate)?),
        };
        let id = self.id.trim();
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let is_comment = last(&self.object_type) == "comment";
        Ok(vec![Stored {
            id: filled(id),
            kind: if is_comment { MessageKind::Comment } else { MessageKind::Post },
            text: words,
            author: filled(&html_to_text(&self.author)),
            published,
            rating: None,
            url: address(filled(&self.object_link).or_else(|| filled(&self.link))),
            title: None,
            parent: filled(&self.target_id).filter(|_| is_comment),
            own: true,
        }])
    }
}

/// Atom holds HTML as escaped text: decoded once it is HTML, and once more it is words.
fn twice_decoded(text: &str) -> String {
    html_to_text(&html_to_text(text))
}
