//! Webhooks as Meta sends them: comments on a page, signed over the raw body.

use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::house::{APP_SECRET, PAGE};
use crate::words::words;

/// A whole request with the comments `first` and on.
pub fn request(host: &str, path: &str, first: u64, items: u64) -> Vec<u8> {
    let changes: Vec<Value> = (first..first + items).map(comment).collect();
    let entry = json!({"id": PAGE, "time": 1_795_780_800, "changes": changes});
    let body = json!({"object": "page", "entry": [entry]}).to_string();
    let mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).unwrap().chain_update(&body);
    let signature = hex::encode(mac.finalize().into_bytes());
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\nx-hub-signature-256: sha256={signature}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The id of the `n`th comment.
pub fn comment_id(n: u64) -> String {
    format!("{PAGE}1_{n}")
}

fn comment(n: u64) -> Value {
    let guest = n * 7 % 40_009;
    json!({"field": "feed", "value": {
        "item": "comment", "verb": "add", "comment_id": comment_id(n), "post_id": format!("{PAGE}_{PAGE}1"),
        "parent_id": format!("{PAGE}_{PAGE}1"), "created_time": 1_795_780_000 + n % 800,
        "message": words(n), "from": {"id": format!("5{guest:0>14}"), "name": format!("Guest {guest}")},
        "post": {"status_type": "added_photos", "is_published": true, "updated_time": "2026-11-27T11:00:00+0000",
            "permalink_url": format!("https://social.example.org/{PAGE}/posts/{PAGE}1"), "promotion_status": "inactive", "id": format!("{PAGE}_{PAGE}1")},
    }})
}
