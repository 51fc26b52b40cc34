//! What the answers of a server have in common.

use bedside_model::Micros;
use serde_json::Value;

use super::refused;
use crate::{HttpResponse, NetError, time};

pub(super) fn published(status: &Value) -> Option<Micros> {
    status.get("created_at").and_then(Value::as_str).and_then(time::utc_without_offset)
}

/// An answer that is a list.
pub(super) fn many(response: &HttpResponse) -> Result<Vec<Value>, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.json()? {
        Value::Array(values) => Ok(values),
        _ => Err(NetError::Malformed { what: "the answer is not a list", at: "the top level".to_owned() }),
    }
}

/// An answer that is one thing.
pub(super) fn one(response: &HttpResponse) -> Result<Value, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.json()? {
        value @ Value::Object(_) => Ok(value),
        _ => Err(NetError::Malformed { what: "the answer is not an object", at: "the top level".to_owned() }),
    }
}

/// A parameter of a link of the `Link` header (RFC 8288). The address itself is never followed: the
/// token goes nowhere but to the account's server.
pub(super) fn link(response: &HttpResponse, rel: &str, parameter: &str) -> Option<String> {
    let address = response.links(rel).next()?;
    let query = address.split_once('?')?.1;
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == parameter)?;
    Some(found.1.into_owned())
}
