//! Canonical JSON and the hash over it.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::RawItem;

/// JSON in one form: keys sorted, no spaces. The same content gives the same bytes, in whatever
/// order the server wrote it.
pub fn canonical_json(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(1_024);
    write_sorted(value, &mut out);
    out
}

/// SHA-256 of the canonical form, in hex.
pub fn content_hash(value: &Value) -> String {
    hex::encode(Sha256::digest(canonical_json(value)))
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
                write_scalar(key, out);
                out.push(b':');
                write_sorted(value, out);
            });
        }
        Value::Array(items) => write_list(b"[]", items, out, write_sorted),
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

fn write_scalar(value: &(impl serde::Serialize + ?Sized), out: &mut Vec<u8>) {
    // Strings, numbers and the like into memory: nothing there can fail.
    let _ = serde_json::to_writer(out, value);
}

/// The id of an item to which the network gave none: it is stored all the same, and ends visibly as a
/// dead letter.
pub(crate) fn unreadable_id(hash: &str) -> String {
    format!("unreadable:{}", &hash[..24])
}

impl RawItem {
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

/// The fields of these names that an object has; nothing of what is no object.
pub(crate) fn pick(value: &Value, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), value.get(name)?.clone()))).collect()
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
