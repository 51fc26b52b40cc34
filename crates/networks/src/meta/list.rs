//! Lists of the Graph API: `{"data":[…],"paging":{"cursors":{…},"next":"…"}}`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::refused;
use crate::{HttpResponse, NetError};

/// Where the next page begins. The network gives a whole address; only its paging parameters are
/// taken, so that the token goes nowhere but to the account's own host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Next(Vec<(String, String)>);

impl Next {
    const PARAMETERS: [&'static str; 5] = ["after", "until", "__paging_token", "offset", "page"];

    fn of(paging: &Value) -> Option<Self> {
        let address = Url::parse(paging.get("next")?.as_str()?).ok()?;
        let of_address = address.query_pairs().filter(|(name, _)| Self::PARAMETERS.contains(&name.as_ref()));
        let mut found: Vec<(String, String)> =
            of_address.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        if found.is_empty() {
            return Self::behind(paging);
        }
        found.truncate(Self::PARAMETERS.len());
        Some(Self(found))
    }

    fn behind(paging: &Value) -> Option<Self> {
        let after = paging.get("cursors")?.get("after")?.as_str()?;
        Some(Self(vec![("after".to_owned(), after.to_owned())]))
    }

    /// Adds the parameters to an address.
    pub(crate) fn extend(&self, url: &mut Url) {
        url.query_pairs_mut().extend_pairs(self.0.iter().map(|(name, value)| (name, value)));
    }
}

/// One page of a list.
pub(crate) struct List {
    /// What is on it.
    pub data: Vec<Value>,
    /// Where the next begins; `None` on the last.
    pub next: Option<Next>,
    /// The cursor behind the page, which stands on the last as well.
    pub cursor: Option<Next>,
}

/// Reads a page of a list; `before` is where it began.
pub(crate) fn list(response: &HttpResponse, before: Option<&Next>) -> Result<List, NetError> {
    if !response.is_success() || super::spoken(response).is_some() {
        return Err(refused(response));
    }
    let list = nested(&mut response.json()?)
        .ok_or(NetError::Malformed { what: "the answer is not a list", at: "data".to_owned() })?;
    if list.next.is_some() && list.next.as_ref() == before {
        return Err(NetError::Malformed { what: "the next page is this page", at: "paging.next".to_owned() });
    }
    Ok(list)
}

/// A list within an object, such as the replies within a comment; takes it out.
pub(crate) fn nested(object: &mut Value) -> Option<List> {
    let paging = object.get("paging");
    let (next, cursor) = (paging.and_then(Next::of), paging.and_then(Next::behind));
    match object.get_mut("data").map(Value::take) {
        Some(Value::Array(data)) => Some(List { data, next, cursor }),
        _ => None,
    }
}
