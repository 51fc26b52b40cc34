//! The day's shares: three buckets, filled anew at midnight in California.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What is called, as far as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cost {
    /// One of the day's searches.
    Search,
    /// One of the day's uploads of a video.
    Upload,
    /// So many units of everything else.
    Units(u32),
}

/// Searches and uploads a day, and units a day.
const SEARCHES: u32 = 100;
const UPLOADS: u32 = 100;
const UNITS: u32 = 10_000;

/// What was used today.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Quota {
    day: Option<Date>,
    searches: u32,
    uploads: u32,
    units: u32,
}

impl Quota {
    /// Takes what a call costs out of today's share; whether there was enough. A call that is refused
    /// costs nothing.
    pub(super) fn take(&mut self, cost: Cost, now: Timestamp) -> bool {
        let today = day(now);
        if self.day != Some(today) {
            *self = Self { day: Some(today), ..Self::default() };
        }
        let (used, most, more) = match cost {
            Cost::Search => (&mut self.searches, SEARCHES, 1),
            Cost::Upload => (&mut self.uploads, UPLOADS, 1),
            Cost::Units(units) => (&mut self.units, UNITS, units),
        };
        if *used + more > most {
            return false;
        }
        *used += more;
        true
    }
}

/// The day in California. The rule stands here in full, so that no database of zones is needed.
fn day(now: Timestamp) -> Date {
    let zone = TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").unwrap_or(TimeZone::UTC);
    now.to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::{Cost, Quota};

    #[test]
    fn each_bucket_is_used_up_by_itself_and_filled_at_midnight_in_california() {
        let (noon, before, after) = (
            "2026-11-27T20:00:00Z".parse().unwrap(),
            "2026-11-28T07:59:59Z".parse().unwrap(),
            "2026-11-28T08:00:00Z".parse().unwrap(),
        );
        let mut quota = Quota::default();
        assert!((0..100).all(|_| quota.take(Cost::Search, noon)));
        assert!(!quota.take(Cost::Search, before));
        assert!(quota.take(Cost::Upload, before));
        assert!((0..200).all(|_| quota.take(Cost::Units(50), before)));
        assert!(!quota.take(Cost::Units(1), before));
        assert!(quota.take(Cost::Units(1), after) && quota.take(Cost::Search, after));
    }
}
