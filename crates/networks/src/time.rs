//! The date forms that networks write.

use bedside_model::{Micros, time::to_micros};
use jiff::{Timestamp, civil::DateTime, fmt::rfc2822, tz::TimeZone};

/// An HTTP date, RFC 9110 5.6.7 (`Tue, 24 Nov 2026 10:00:00 GMT`).
pub(crate) fn http_date(text: &str) -> Option<Micros> {
    rfc2822::parse(text).ok().map(|zoned| to_micros(zoned.timestamp()))
}

/// A date in RFC 3339 with an offset.
pub(crate) fn rfc3339(text: &str) -> Option<Micros> {
    text.parse::<Timestamp>().ok().map(to_micros)
}

/// A date without an offset that is known to be UTC, as WordPress writes `date_gmt`; an offset that
/// stands there nevertheless is believed.
pub(crate) fn utc_without_offset(text: &str) -> Option<Micros> {
    rfc3339(text).or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok().map(to_micros)
    })
}

/// Pacific time, by rule and not by a file of the machine: networks of California count days in it.
pub(crate) fn pacific() -> Option<TimeZone> {
    TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").ok()
}

/// A date without an offset that is known to be Pacific time, as Yelp writes it.
pub(crate) fn pacific_without_offset(text: &str) -> Option<Micros> {
    rfc3339(text).or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        pacific()?.to_timestamp(civil).ok().map(to_micros)
    })
}

/// The instant in RFC 3339 with `Z`, to the second.
pub(crate) fn to_rfc3339_seconds(micros: Micros) -> String {
    let at = Timestamp::from_second(micros.div_euclid(1_000_000)).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_gives_the_same_instant() {
        let instant = 1_795_514_400_000_000;
        assert_eq!(http_date("Tue, 24 Nov 2026 10:00:00 GMT"), Some(instant));
        assert_eq!(rfc3339("2026-11-24T11:00:00+01:00"), Some(instant));
        assert_eq!(utc_without_offset("2026-11-24T10:00:00"), Some(instant));
        assert_eq!(to_rfc3339_seconds(instant + 999_999), "2026-11-24T10:00:00Z");
        assert_eq!(utc_without_offset("0000-00-00T00:00:00"), None);
        assert_eq!(rfc3339("yesterday"), None);
    }
}
