//! What an error of the Graph API means.
//!
//! The shape is `{"error":{"message","type","code","error_subcode","is_transient"}}`. The message can
//! repeat what was sent and is left; the numbers say enough.

use serde::Deserialize;
use serde_json::Value;

use crate::{ErrorClass, HttpResponse, NetError, Outcome};

/// The numbers of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Spoken {
    /// The code.
    pub code: i64,
    /// The code below it; 0 for none.
    pub subcode: i64,
    /// The network itself says that it passes.
    pub transient: bool,
}

#[derive(Deserialize)]
struct Body {
    error: Inner,
}

#[derive(Deserialize)]
struct Inner {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    error_subcode: i64,
    #[serde(default)]
    is_transient: bool,
}

/// The error that an answer speaks of, whatever its status.
pub(crate) fn spoken(response: &HttpResponse) -> Option<Spoken> {
    let Body { error } = serde_json::from_slice(&response.body).ok()?;
    Some(Spoken { code: error.code, subcode: error.error_subcode, transient: error.is_transient })
}

/// Says what an answer means ("Handling errors", "Rate limits" of the Graph API).
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    let Some(error) = spoken(response) else { return by_status(response) };
    match error.code {
        // 190 is any death of a token: expired (463), revoked (458), a changed password (460), …
        102 | 104 | 190 => ErrorClass::Authorisation,
        // The application, the user, the page, custom limits, and the business use cases.
        4 | 9 | 17 | 32 | 341 | 613 | 80_000..=80_014 => ErrorClass::RateLimited { after: wait(response) },
        1 | 2 | -1 => ErrorClass::Transient,
        // It took too long to fetch a file from us.
        _ if error.subcode == 2_207_003 => ErrorClass::Transient,
        // 100/33: no such object, or none that this token may see.
        803 => ErrorClass::Gone,
        100 if error.subcode == 33 => ErrorClass::Gone,
        3 | 10 | 200..=299 | 368 => ErrorClass::Forbidden,
        _ if error.transient => ErrorClass::Transient,
        0 => by_status(response),
        _ if response.status == 404 => ErrorClass::Gone,
        _ if response.status >= 500 => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

fn by_status(response: &HttpResponse) -> ErrorClass {
    match response.status {
        200..=299 => ErrorClass::Fine,
        401 => ErrorClass::Authorisation,
        403 => ErrorClass::Forbidden,
        404 | 410 => ErrorClass::Gone,
        429 => ErrorClass::RateLimited { after: wait(response) },
        408 | 425 | 500..=599 => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

/// Seconds until the limit is open again: `Retry-After`, or the minutes that the usage of a business
/// use case foretells (`X-Business-Use-Case-Usage`, `estimated_time_to_regain_access`).
fn wait(response: &HttpResponse) -> Option<u64> {
    const DAY: u64 = 86_400;
    response.retry_after_seconds().or_else(|| {
        let usage: Value = serde_json::from_str(response.header("x-business-use-case-usage")?).ok()?;
        let all = usage.as_object()?.values().filter_map(Value::as_array).flatten();
        let minutes = all.filter_map(|use_case| use_case.get("estimated_time_to_regain_access")?.as_u64()).max()?;
        (minutes > 0).then(|| minutes.saturating_mul(60).min(DAY))
    })
}

/// An error answer as an error.
pub(crate) fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: numbers(response) }
}

fn numbers(response: &HttpResponse) -> Option<String> {
    let error = spoken(response)?;
    Some(if error.subcode == 0 { error.code.to_string() } else { format!("{}.{}", error.code, error.subcode) })
}

/// Why something was refused, in words for the person who reads it.
pub(crate) fn reason(response: &HttpResponse) -> String {
    let error = spoken(response).unwrap_or_default();
    let words = match (error.code, error.subcode) {
        (10, 2_018_278) => "the person wrote more than 24 hours ago, so the network takes no private answer any more",
        (551, _) => "the person cannot be reached in private",
        (506, _) => "the same words were sent a moment ago",
        (368, _) => "the network blocks this account for a while",
        (3 | 10 | 200..=299, _) => "the account lacks a permission: authorise it again and grant all of them",
        (_, 2_207_050) => "the account is restricted: open the network's own application and look",
        (_, 2_207_051) => "the network holds this for spam",
        (9_004, _) | (_, 2_207_003 | 2_207_052) => {
            "the network could not fetch a file from us: is the public address reachable?"
        }
        (100, 33) => "what this is about is no longer there",
        _ => "the network does not accept it",
    };
    match numbers(response) {
        Some(numbers) => format!("{words} (error {numbers})"),
        None => format!("{words} (answer {})", response.status),
    }
}

/// Judges an answer to the request that has the effect. Success is for the caller to read.
///
/// `deleting`: what is no longer there need not be deleted.
pub(crate) fn outcome(response: &HttpResponse, deleting: bool) -> Option<Outcome> {
    let why = || reason(response);
    Some(match classify(response) {
        ErrorClass::Fine => return None,
        ErrorClass::Authorisation => Outcome::Reauthorise { why: why() },
        ErrorClass::RateLimited { after } => Outcome::Retry { after, why: "too many requests".to_owned() },
        ErrorClass::Gone if deleting => Outcome::Delivered { native_id: None, permalink: None },
        // An error "of the service" says nothing of whether the request took effect before it.
        ErrorClass::Transient | ErrorClass::UnknownOutcome => {
            Outcome::Unknown { why: format!("the network had a passing trouble (answer {})", response.status) }
        }
        // The same words a moment ago: that may have been our own earlier attempt.
        ErrorClass::Invalid if spoken(response).is_some_and(|error| error.code == 506) => {
            Outcome::Unknown { why: why() }
        }
        ErrorClass::Forbidden | ErrorClass::Gone | ErrorClass::Invalid => Outcome::Dead { why: why() },
    })
}
