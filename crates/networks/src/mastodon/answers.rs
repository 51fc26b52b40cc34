//! What the answers of a server have in common.

use bedside_model::Micros;

use super::refused;
use crate::json::{Json, Wanted};
use crate::{HttpResponse, NetError, time};

pub(super) fn published(status: &Json<'_>) -> Option<Micros> {
    status.text("created_at").and_then(time::utc_without_offset)
}

/// An answer that is a list.
pub(super) fn many<'a>(response: &'a HttpResponse, wanted: &'static Wanted) -> Result<Vec<Json<'a>>, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.read(wanted)? {
        Json::List(values) => Ok(values),
        _ => Err(NetError::Malformed { what: "the answer is not a list", at: "the top level".to_owned() }),
    }
}

/// An answer that is one thing.
pub(super) fn one<'a>(response: &'a HttpResponse, wanted: &'static Wanted) -> Result<Json<'a>, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    response.read_object(wanted)
}

/// A parameter of a link of the `Link` header (RFC 8288). The address itself is never followed: the
/// token goes nowhere but to the account's server.
pub(super) fn link(response: &HttpResponse, rel: &str, parameter: &str) -> Option<String> {
    let address = response.links(rel).next()?;
    let query = address.split_once('?')?.1;
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == parameter)?;
    Some(found.1.into_owned())
}
