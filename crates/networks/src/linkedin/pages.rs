//! Lists of LinkedIn: `{"elements":[…],"paging":{"links":[…],"total":…}}`.

use super::{PER_PAGE, refused};
use crate::json::{Json, Wanted};
use crate::{HttpResponse, NetError};

/// What is read of every page.
pub(super) const PAGING: Wanted = Wanted::Fields(&[(
    "paging",
    Wanted::Fields(&[("links", Wanted::Fields(&[("rel", Wanted::All)])), ("total", Wanted::All)]),
)]);

/// What is wanted of a page.
pub(super) fn read<'a>(response: &'a HttpResponse, wanted: &'static Wanted) -> Result<Json<'a>, NetError> {
    if response.is_success() { response.read_object(wanted) } else { Err(refused(response)) }
}

/// What is on a page.
pub(super) fn elements<'a>(body: &'a Json<'_>) -> Result<&'a [Json<'a>], NetError> {
    let malformed = || NetError::Malformed { what: "the answer holds no list", at: "elements".to_owned() };
    body.get("elements").and_then(Json::as_list).ok_or_else(malformed)
}

/// Where the next page begins. LinkedIn may serve fewer than asked for, so a link or the total say
/// more than the number; an empty page is the last in any case.
pub(super) fn next_start(body: &Json<'_>, start: usize, served: usize) -> Option<usize> {
    let paging = body.get("paging").unwrap_or(&Json::Null);
    let linked = paging.elements("links").any(|link| link.text("rel") == Some("next"));
    let more = linked
        || match paging.get("total").and_then(Json::as_u64) {
            Some(total) => ((start + served) as u64) < total,
            None => served >= PER_PAGE,
        };
    (more && served > 0).then_some(start + served)
}
