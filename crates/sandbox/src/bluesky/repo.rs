//! Records of our account: `com.atproto.repo.*`.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use unicode_segmentation::UnicodeSegmentation as _;

use super::state::{State, base32, cid, uri};
use super::{Bluesky, POSTS, Problem};
use crate::kit::Fields;

/// Bytes of a text.
const BYTES: usize = 3_000;
/// Characters of a text, as people count them.
const GRAPHEMES: usize = 300;

/// The collection and key that are meant, in our own repository.
fn place(state: &State, fields: &Fields) -> Result<(String, Option<String>), Problem> {
    let repo = fields.text("repo").unwrap_or_default();
    if repo != state.me.did && repo != state.me.handle {
        return Err(Problem::invalid("Could not find repo"));
    }
    let collection =
        fields.text("collection").ok_or(Problem::invalid("Error: Params must have the property \"collection\""))?;
    Ok((collection, fields.text("rkey")))
}

/// A record as it is, and its CID.
fn stored(state: &State, collection: &str, rkey: &str) -> Option<(Value, String)> {
    if collection == POSTS {
        return state.find(&uri(&state.me.did, POSTS, rkey)).map(|post| (post.record.clone(), post.cid.clone()));
    }
    let record = state.records.get(&(collection.to_owned(), rkey.to_owned()))?;
    Some((record.clone(), cid(record)))
}

pub(super) fn get(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let state = server.lock();
    let (collection, rkey) = place(&state, fields)?;
    let rkey = rkey.unwrap_or_default();
    let (value, cid) = stored(&state, &collection, &rkey).ok_or(Problem::NO_RECORD)?;
    Ok(json!({"uri": uri(&state.me.did, &collection, &rkey), "cid": cid, "value": value}))
}

/// Records from new to old, by their keys.
pub(super) fn list(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let state = server.lock();
    let (collection, _) = place(&state, fields)?;
    let limit = usize::try_from(fields.number("limit").unwrap_or(50).clamp(1, 100)).unwrap_or(50);
    let own = |post: &&super::state::Post| post.did == state.me.did;
    let mut keys: Vec<String> = if collection == POSTS {
        state.posts.values().filter(own).map(|post| post.rkey.clone()).collect()
    } else {
        state.records.keys().filter(|(known, _)| *known == collection).map(|(_, rkey)| rkey.clone()).collect()
    };
    keys.sort_unstable_by(|one, other| other.cmp(one));
    keys.retain(|rkey| fields.text("cursor").is_none_or(|cursor| *rkey < cursor));
    let more = keys.len() > limit;
    keys.truncate(limit);
    let show = |rkey: &String| {
        let (value, cid) = stored(&state, &collection, rkey)?;
        Some(json!({"uri": uri(&state.me.did, &collection, rkey), "cid": cid, "value": value}))
    };
    let mut answer = json!({"records": keys.iter().filter_map(show).collect::<Vec<_>>()});
    if let Some(last) = keys.last().filter(|_| more) {
        answer["cursor"] = last.as_str().into();
    }
    Ok(answer)
}

/// `createRecord` where `anew`, else `putRecord`.
pub(super) fn write(server: &Bluesky, fields: &Fields, anew: bool) -> Result<Value, Problem> {
    let now = server.now();
    let mut state = server.lock();
    let (collection, rkey) = place(&state, fields)?;
    let rkey = match rkey {
        Some(rkey) => rkey,
        None if anew => state.key(now),
        None => return Err(Problem::invalid("Input must have the property \"rkey\"")),
    };
    let record = fields.value("record").filter(|record| record.is_object()).cloned();
    let record = record.ok_or(Problem::invalid("Input must have the property \"record\""))?;
    if record["$type"] != collection {
        return Err(Problem::invalid("Invalid $type: it is not that of the collection"));
    }
    if collection == POSTS {
        check(&record)?;
    }
    let before = stored(&state, &collection, &rkey).map(|(_, cid)| cid);
    let body = fields.json();
    let swapped = body.get("swapRecord").is_none_or(|swap| swap.as_str() == before.as_deref());
    if !swapped || (anew && before.is_some()) {
        return Err(Problem(axum::http::StatusCode::BAD_REQUEST, "InvalidSwap", "Record was at another CID"));
    }
    let did = state.me.did.clone();
    let cid = if collection == POSTS {
        state.put(&did, &rkey, record, now)
    } else {
        let cid = cid(&record);
        state.records.insert((collection.clone(), rkey.clone()), record);
        cid
    };
    Ok(json!({"uri": uri(&did, &collection, &rkey), "cid": cid, "validationStatus": "valid"}))
}

/// What the lexicon `app.bsky.feed.post` says of a text.
fn check(record: &Value) -> Result<(), Problem> {
    let text = record["text"].as_str().ok_or(Problem::invalid("Record must have the property \"text\""))?;
    if !record["createdAt"].is_string() {
        return Err(Problem::invalid("Record must have the property \"createdAt\""));
    }
    if text.len() > BYTES {
        return Err(Problem::invalid("Record/text must not be longer than 3000 characters"));
    }
    if text.graphemes(true).count() > GRAPHEMES {
        return Err(Problem::invalid("Record/text must not be longer than 300 graphemes"));
    }
    Ok(())
}

/// What is not there is deleted already.
pub(super) fn delete(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let mut state = server.lock();
    let (collection, rkey) = place(&state, fields)?;
    let rkey = rkey.unwrap_or_default();
    if collection == POSTS {
        let address = uri(&state.me.did, POSTS, &rkey);
        state.remove(&address);
    } else {
        state.records.remove(&(collection, rkey));
    }
    Ok(json!({}))
}

/// A file, which is named and not kept.
pub(super) fn upload(headers: &HeaderMap, fields: &Fields) -> Result<Value, Problem> {
    let bytes = fields.raw();
    if bytes.is_empty() {
        return Err(Problem::invalid("A request body was expected but none was provided"));
    }
    let mut link = vec![0x01, 0x55, 0x12, 0x20];
    link.extend(Sha256::digest(&bytes));
    let mime = headers.get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or("application/octet-stream");
    let link = format!("b{}", base32(&link));
    Ok(json!({"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": mime, "size": bytes.len()}}))
}
