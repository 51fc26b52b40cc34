//! Canonical JSON and the hash over it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::RawItem;
use crate::json::{Json, Wanted};

/// JSON in one form: keys sorted, no spaces. The same content gives the same bytes, in whatever
/// order the server wrote it.
pub fn canonical_json(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(1_024);
    write_sorted(value, &mut out);
    out
}

/// SHA-256 of the canonical form, in hex.
pub fn content_hash(value: &Value) -> String {
    hash(&canonical_json(value))
}

/// Writes the canonical form straight from the value: every item of every network comes through here,
/// and a sorted copy first would cost more than all else.
fn write_sorted(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut fields: Vec<(&String, &Value)> = map.iter().collect();
            if !fields.is_sorted_by_key(|(key, _)| *key) {
                fields.sort_by_key(|(key, _)| *key);
            }
            write_list(b"{}", fields, out, |(key, value), out| {
                write_text(key, out);
                out.push(b':');
                write_sorted(value, out);
            });
        }
        Value::Array(items) => write_list(b"[]", items, out, write_sorted),
        Value::String(text) => write_text(text, out),
        other => write_scalar(other, out),
    }
}

fn write_list<T>(
    [open, close]: &[u8; 2],
    items: impl IntoIterator<Item = T>,
    out: &mut Vec<u8>,
    each: impl Fn(T, &mut Vec<u8>),
) {
    out.push(*open);
    for (n, item) in items.into_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        each(item, out);
    }
    out.push(*close);
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    // Nearly no text has anything to escape, and that is seen many bytes at a time.
    let plain = text.bytes().fold(true, |plain, byte| plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\'));
    if !plain {
        return write_scalar(text, out);
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn write_scalar(value: &(impl serde::Serialize + ?Sized), out: &mut Vec<u8>) {
    // Strings, numbers and the like into memory: nothing there can fail.
    let _ = serde_json::to_writer(out, value);
}

/// An object to be written: what a connector keeps of an item, or what makes its hash. It is put
/// together of what was served and of what we know, and copies none of it. Fields may come in any order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object<'a>(Vec<(&'a str, Part<'a>)>);

/// The value of a field of an [`Object`].
#[derive(Debug, Clone)]
pub(crate) enum Part<'a> {
    Null,
    Bool(bool),
    Text(&'a str),
    /// As it was served, with what of it is kept.
    Served(&'a Json<'a>, &'static Wanted),
    List(Vec<Self>),
    Object(Object<'a>),
}

impl<'a> Object<'a> {
    /// What is kept of an object as served; nothing of what is no object.
    pub(crate) fn of(served: &'a Json<'a>, kept: &'static Wanted) -> Self {
        let mut fields = Vec::with_capacity(16);
        for_each_kept(served, kept, |name, value, inner| fields.push((name, Part::Served(value, inner))));
        Self(fields)
    }

    /// With a field more. What is absent is null.
    pub(crate) fn with(mut self, name: &'a str, value: impl Into<Part<'a>>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// With a field more, where there is a value for it.
    pub(crate) fn with_some(self, name: &'a str, value: Option<impl Into<Part<'a>>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Its canonical form.
    pub(crate) fn canonical(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1_024);
        self.write(&mut out);
        out
    }

    fn write(mut self, out: &mut Vec<u8>) {
        self.0.sort_by_key(|(name, _)| *name);
        write_fields(self.0, out, |value, out| value.write(out));
    }
}

impl Part<'_> {
    fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(value) => write_scalar(&value, out),
            Self::Text(text) => write_text(text, out),
            Self::Served(value, kept) => write_served(value, kept, out),
            Self::List(parts) => write_list(b"[]", parts, out, |part, out| part.write(out)),
            Self::Object(object) => object.write(out),
        }
    }
}

impl From<bool> for Part<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<'a> From<&'a str> for Part<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Json<'a>> for Part<'a> {
    fn from(value: &'a Json<'a>) -> Self {
        Self::Served(value, &Wanted::All)
    }
}

impl<'a> From<Object<'a>> for Part<'a> {
    fn from(object: Object<'a>) -> Self {
        Self::Object(object)
    }
}

impl<'a, T: Into<Self>> From<Vec<T>> for Part<'a> {
    fn from(parts: Vec<T>) -> Self {
        Self::List(parts.into_iter().map(Into::into).collect())
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Part<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The fields of an object that are kept. Of two of one name, writing takes the last.
fn for_each_kept<'a>(
    served: &'a Json<'a>,
    kept: &'static Wanted,
    mut each: impl FnMut(&'a str, &'a Json<'a>, &'static Wanted),
) {
    let Json::Object(fields) = served else { return };
    for (name, value) in fields {
        if let Some((name, inner)) = kept.field(name) {
            each(name, value, inner);
        }
    }
}

fn write_served(value: &Json<'_>, kept: &'static Wanted, out: &mut Vec<u8>) {
    match value {
        Json::Object(fields) => {
            let mut found = Vec::with_capacity(fields.len());
            for_each_kept(value, kept, |name, value, inner| found.push((name, (value, inner))));
            // Fields of one name stay in their order.
            found.sort_by_key(|(name, _)| *name);
            write_fields(found, out, |(value, inner), out| write_served(value, inner, out));
        }
        Json::List(elements) => write_list(b"[]", elements, out, |element, out| write_served(element, kept, out)),
        // Where an object was to stand, nothing else was declared to be kept.
        _ if !matches!(kept, Wanted::All) => out.extend_from_slice(b"null"),
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(value) => write_scalar(value, out),
        Json::Number(number) => write_scalar(number, out),
        Json::Text(text) => write_text(text, out),
    }
}

/// Writes fields that stand in the order of their names; of those of one name the last.
fn write_fields<T>(fields: Vec<(&str, T)>, out: &mut Vec<u8>, each: impl Fn(T, &mut Vec<u8>)) {
    let mut fields = fields.into_iter().peekable();
    let last_of_its_name = std::iter::from_fn(|| {
        loop {
            let (name, value) = fields.next()?;
            if fields.peek().is_none_or(|(next, _)| *next != name) {
                return Some((name, value));
            }
        }
    });
    write_list(b"{}", last_of_its_name, out, |(name, value), out| {
        write_text(name, out);
        out.push(b':');
        each(value, out);
    });
}

fn hash(canonical: &[u8]) -> String {
    let mut digits = [0; 64];
    // Two digits for each of the 32 bytes: there is room.
    let _ = hex::encode_to_slice(Sha256::digest(canonical), &mut digits);
    String::from_utf8_lossy(&digits).into_owned()
}

/// The hash over an object.
pub(crate) fn hash_of(content: Object<'_>) -> String {
    hash(&content.canonical())
}

/// The id of an item to which the network gave none: it is stored all the same, and ends visibly as a
/// dead letter.
pub(crate) fn unreadable_id(hash: &str) -> String {
    format!("unreadable:{}", &hash[..24])
}

impl RawItem {
    /// An item as a connector keeps it. `content` is what a person would call its content: it makes the
    /// hash. An item without an id is told from others by all that is kept of it.
    pub(crate) fn of(kind: &str, native_id: Option<&str>, content: Object<'_>, kept: Object<'_>) -> Self {
        let content = match native_id {
            Some(_) => content,
            None => content.with("whole", kept.clone()),
        };
        let content_hash = hash_of(content);
        Self {
            native_id: native_id.map_or_else(|| unreadable_id(&content_hash), str::to_owned),
            kind: kind.to_owned(),
            body: kept.canonical(),
            content_hash,
        }
    }

    /// An item as a connector keeps it. `content` is what a person would call its content: it makes the
    /// hash. An item without an id is told from others by all that is kept of it.
    pub(crate) fn keep(kind: &str, native_id: Option<&str>, mut content: Value, kept: &Value) -> Self {
        if native_id.is_none() {
            content["whole"] = kept.clone();
        }
        let hash = content_hash(&content);
        Self {
            native_id: native_id.map_or_else(|| unreadable_id(&hash), str::to_owned),
            kind: kind.to_owned(),
            body: canonical_json(kept),
            content_hash: hash,
        }
    }
}

/// A short name derived from text, for things to which a network gives no id.
pub(crate) fn short_hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex::encode(&hasher.finalize()[..12])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let one: Value = serde_json::from_str(r#"{"b":[{"y":1,"x":2}],"a":"é"}"#).unwrap();
        let two = json!({"a": "é", "b": [{"x": 2, "y": 1}]});
        assert_eq!(content_hash(&one), content_hash(&two));
        assert_eq!(canonical_json(&one), r#"{"a":"é","b":[{"x":2,"y":1}]}"#.as_bytes());
        assert_ne!(content_hash(&one), content_hash(&json!({"a": "e"})));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(short_hash(&["ab", "c"]), short_hash(&["a", "bc"]));
    }
}
