//! The way in: raw items stored first, then read in batches and laid into conversations.
//!
//! [`raw`] keeps what a network served, once per account and native id, with every revision.
//! [`batch`] reads what a batch of items touches in a few statements and writes what the engine
//! decided in a few more; no statement runs per message but for the rare ones (edits, deletions).
//! [`sketch`] keeps what texts are like, so that a copy finds its original.

pub mod batch;
pub mod raw;
pub mod sketch;

/// Text as both engines store it: PostgreSQL takes no NUL.
pub(crate) fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

/// A set of texts as a JSON object, for `in (select key from "json_each"(…))`: one prepared statement
/// for any number, on both engines. The quotes tell it from a table.
pub(crate) fn keys<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let map: serde_json::Map<String, serde_json::Value> =
        texts.into_iter().map(|text| (clean(text.as_ref()), serde_json::Value::from(1))).collect();
    serde_json::Value::Object(map).to_string()
}
