//! The way in: raw items stored first, then read in batches and laid into conversations.
//!
//! [`raw`] keeps what a network served, once per account and native id, with every revision.
//! [`message`], [`thread`] and [`author`] read what a batch of items touches in a few statements and write
//! what the engine decided in a few more; no statement runs per message but for the rare ones (edits,
//! deletions).
//! [`sketch`] keeps what texts are like, so that a copy finds its original.

pub mod author;
pub mod message;
pub mod raw;
pub mod sketch;
pub mod thread;

use bedside_model::Phi;

/// Text as both engines store it: PostgreSQL takes no NUL.
pub(crate) fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

/// A text of somebody, where there is one, as both engines store it.
fn phi(value: &Option<Phi<String>>) -> Option<String> {
    value.as_ref().map(|value| clean(value.expose()))
}

/// The same of a text that is given away, which is seldom another.
pub(crate) fn cleaned(text: String) -> String {
    if text.contains('\0') { clean(&text) } else { text }
}

/// A set of texts as a JSON object, for `in (select key from "json_each"(…))`: one prepared statement
/// for any number, on both engines. The quotes tell it from a table. A text may stand in it twice.
pub(crate) fn keys<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let mut out = Vec::with_capacity(256);
    out.push(b'{');
    for text in texts {
        if out.len() > 1 {
            out.push(b',');
        }
        // Text into memory: nothing there can fail.
        let _ = serde_json::to_writer(&mut out, &clean(text.as_ref()));
        out.extend_from_slice(b":1");
    }
    out.push(b'}');
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn keys_are_one_json_object_whatever_is_in_them() {
        assert_eq!(keys([""; 0]), "{}");
        let texts = ["plain", "with \"quotes\" and \\", "line\nbreak", "ohne Umlaute ä", "plain"];
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&keys(texts)).unwrap();
        assert_eq!(object.len(), 4);
        assert!(texts.iter().all(|text| object.contains_key(*text)));
        assert_eq!(keys(["nul \0"]), "{\"nul \u{fffd}\":1}", "PostgreSQL takes no NUL");
    }
}
