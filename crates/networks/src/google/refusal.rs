//! How Google refuses.
//!
//! An error is `{"error":{"code":403,"status":"PERMISSION_DENIED","errors":[{"reason":"forbidden"}]}}`
//! (Google's API design guide, "Errors"); newer APIs carry the reason in
//! `details[]` as `google.rpc.ErrorInfo`. The token endpoint writes `{"error":"invalid_grant"}`
//! (RFC 6749, 5.2). The status alone does not tell a spent quota from a missing permission: both are 403.

use bedside_model::{Micros, time::to_micros};
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;

use crate::error::plain_code;
use crate::{ErrorClass, HttpResponse, NetError, Outcome, time};

/// The reason of a refusal, in Google's word; `None` where it is not a plain word.
pub(crate) fn reason(response: &HttpResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    let error = body.get("error")?;
    let first = |list: &str| {
        let list = error.get(list).and_then(Value::as_array)?;
        list.iter().find_map(|entry| entry.get("reason")?.as_str())
    };
    let word = error.as_str().or_else(|| first("errors")).or_else(|| first("details"));
    plain_code(word.or_else(|| error.get("status")?.as_str()))
}

/// Says what an answer means.
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    if response.is_success() {
        return ErrorClass::Fine;
    }
    let reason = reason(response);
    match (response.status, reason.as_deref().unwrap_or_default()) {
        (_, "quotaExceeded" | "dailyLimitExceeded" | "uploadLimitExceeded") => {
            ErrorClass::RateLimited { after: until_full(response) }
        }
        (_, "rateLimitExceeded" | "userRateLimitExceeded" | "RATE_LIMIT_EXCEEDED") | (429, _) => {
            ErrorClass::RateLimited { after: response.retry_after_seconds() }
        }
        (401, _) | (_, "invalid_grant" | "authError" | "ACCESS_TOKEN_EXPIRED" | "API_KEY_INVALID") => {
            ErrorClass::Authorisation
        }
        (_, "youtubeSignupRequired" | "authenticatedUserAccountClosed" | "authenticatedUserAccountSuspended") => {
            ErrorClass::Authorisation
        }
        // The request is right, but not for a place that is not verified.
        (403, _) | (400, "FAILED_PRECONDITION") => ErrorClass::Forbidden,
        (404 | 410, _) => ErrorClass::Gone,
        (408 | 425 | 500..=599, _) => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

/// Whether the quota of the day is used up.
pub(crate) fn is_spent(response: &HttpResponse) -> bool {
    let spent = ["quotaExceeded", "dailyLimitExceeded", "uploadLimitExceeded"];
    !response.is_success() && reason(response).is_some_and(|reason| spent.contains(&reason.as_str()))
}

/// The error of a request that was refused.
pub(crate) fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: reason(response) }
}

/// What a refusal of an effect comes to. `plain` puts the network's reasons into words for a person.
pub(crate) fn outcome(response: &HttpResponse, plain: fn(&str) -> Option<&'static str>) -> Outcome {
    let reason = reason(response);
    let why = match (&reason, reason.as_deref().and_then(plain)) {
        (Some(code), Some(words)) => format!("{words} (Google answered {}, {code})", response.status),
        (Some(code), None) => format!("Google answered {} ({code})", response.status),
        (None, _) => format!("Google answered {}", response.status),
    };
    match classify(response) {
        ErrorClass::RateLimited { after } => Outcome::Retry { after, why },
        ErrorClass::Authorisation => Outcome::Reauthorise { why },
        ErrorClass::Transient | ErrorClass::Fine | ErrorClass::UnknownOutcome => Outcome::Unknown { why },
        ErrorClass::Forbidden | ErrorClass::Gone | ErrorClass::Invalid => Outcome::Dead { why },
    }
}

/// Seconds until a daily quota is full again, by the answer's own `Date`: quotas are of a day in
/// Pacific time. `None` where the answer has no date; the engine then goes by its own count.
fn until_full(response: &HttpResponse) -> Option<u64> {
    seconds_to_pacific_midnight(time::http_date(response.header("date")?)?)
}

/// Seconds from `now` to the next midnight in Pacific time.
pub(crate) fn seconds_to_pacific_midnight(now: Micros) -> Option<u64> {
    let here = Timestamp::from_microsecond(now).ok()?.to_zoned(time::pacific()?);
    let midnight = here.checked_add(1.day()).ok()?.start_of_day().ok()?;
    u64::try_from((to_micros(midnight.timestamp()) - now).div_euclid(1_000_000)).ok()
}
