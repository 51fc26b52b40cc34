//! Canonical JSON and the hash over it.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// JSON in one form: keys sorted, no spaces. The same content gives the same bytes, in whatever
/// order the server wrote it.
pub fn canonical_json(value: &Value) -> Vec<u8> {
    sorted(value).to_string().into_bytes()
}

/// SHA-256 of the canonical form, in hex.
pub fn content_hash(value: &Value) -> String {
    hex::encode(Sha256::digest(canonical_json(value)))
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            Value::Object(keys.into_iter().map(|key| (key.clone(), sorted(&map[key]))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
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
