//! When an organisation is open, and how long it has been open between two instants.
//!
//! Opening times are wall-clock ranges per weekday, so breaks and split shifts are just two ranges.
//! A holiday replaces the ranges of its date. Working time is counted in real elapsed time: the
//! hour that a clock change takes away does not count, the hour that it repeats counts twice.
//!
//! Time zones come from the database compiled into the program, so the same version gives the same
//! answer on every machine and nothing is read from disk.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::names::refusals;

refusals! {
    /// Why opening times cannot be used.
    pub enum HoursError {
        UnknownZone = "unknown_zone", "This time zone is not known. Give it like America/New_York.";
        BadTime = "bad_time", "Give times like 08:00; a day ends at 24:00.";
        EmptyRange = "empty_range", "Each opening time must end after it begins.";
        Overlap = "overlapping_hours", "Opening times of one day must not overlap.";
        NeverOpen = "never_open", "The opening times leave no time in which this could be done.";
    }
}

/// Minutes of a wall-clock day, 0 to 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MinuteOfDay(u16);

impl MinuteOfDay {
    /// The end of the day, 24:00.
    pub const END: Self = Self(1440);

    /// From hours and minutes; 24:00 is the end of the day.
    pub const fn new(hour: u16, minute: u16) -> Result<Self, HoursError> {
        if minute < 60 && (hour < 24 || (hour == 24 && minute == 0)) {
            Ok(Self(hour * 60 + minute))
        } else {
            Err(HoursError::BadTime)
        }
    }

    /// Minutes since midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    fn on(self, date: Date) -> Option<jiff::civil::DateTime> {
        if self == Self::END {
            Some(date.tomorrow().ok()?.to_datetime(Time::midnight()))
        } else {
            Some(date.at((self.0 / 60) as i8, (self.0 % 60) as i8, 0, 0))
        }
    }
}

impl fmt::Display for MinuteOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for MinuteOfDay {
    type Err = HoursError;
    fn from_str(text: &str) -> Result<Self, HoursError> {
        let two = |digits: &str| match digits.len() {
            2 if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().map_err(|_| HoursError::BadTime),
            _ => Err(HoursError::BadTime),
        };
        let (hour, minute) = text.split_once(':').ok_or(HoursError::BadTime)?;
        Self::new(two(hour)?, two(minute)?)
    }
}

/// A range of opening: from the first minute to before the last. As JSON `["08:00", "12:00"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "(String, String)", into = "(String, String)")]
pub struct MinuteRange {
    start: MinuteOfDay,
    end: MinuteOfDay,
}

impl MinuteRange {
    /// A range; it must end after it begins. A shift over midnight is two ranges on two days.
    pub fn new(start: MinuteOfDay, end: MinuteOfDay) -> Result<Self, HoursError> {
        if start < end { Ok(Self { start, end }) } else { Err(HoursError::EmptyRange) }
    }

    /// First minute.
    pub const fn start(self) -> MinuteOfDay {
        self.start
    }

    /// One past the last minute.
    pub const fn end(self) -> MinuteOfDay {
        self.end
    }
}

impl TryFrom<(String, String)> for MinuteRange {
    type Error = HoursError;
    fn try_from((start, end): (String, String)) -> Result<Self, HoursError> {
        Self::new(start.parse()?, end.parse()?)
    }
}

impl From<MinuteRange> for (String, String) {
    fn from(range: MinuteRange) -> Self {
        (range.start.to_string(), range.end.to_string())
    }
}

/// Opening times of a week.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Week {
    /// Monday.
    pub mon: Vec<MinuteRange>,
    /// Tuesday.
    pub tue: Vec<MinuteRange>,
    /// Wednesday.
    pub wed: Vec<MinuteRange>,
    /// Thursday.
    pub thu: Vec<MinuteRange>,
    /// Friday.
    pub fri: Vec<MinuteRange>,
    /// Saturday.
    pub sat: Vec<MinuteRange>,
    /// Sunday.
    pub sun: Vec<MinuteRange>,
}

impl Week {
    /// The same ranges from Monday to Friday, closed at the weekend.
    pub fn working_days(ranges: &[MinuteRange]) -> Self {
        let day = || ranges.to_vec();
        Self { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), ..Self::default() }
    }

    /// The ranges of a weekday.
    pub fn day(&self, weekday: Weekday) -> &[MinuteRange] {
        match weekday {
            Weekday::Monday => &self.mon,
            Weekday::Tuesday => &self.tue,
            Weekday::Wednesday => &self.wed,
            Weekday::Thursday => &self.thu,
            Weekday::Friday => &self.fri,
            Weekday::Saturday => &self.sat,
            Weekday::Sunday => &self.sun,
        }
    }
}

/// A date with opening times of its own; none means closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The date in the organisation's zone.
    pub date: Date,
    /// What it is.
    #[serde(default)]
    pub name: String,
    /// Special opening times; empty where it stays closed.
    #[serde(default)]
    pub hours: Vec<MinuteRange>,
}

/// Opening times as they are set and stored. [`OrgHours::new`] makes them usable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Per weekday.
    pub week: Week,
    /// Exceptions.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

impl Default for Hours {
    /// Monday to Friday from 8 to 17 o'clock.
    fn default() -> Self {
        let day = MinuteRange { start: MinuteOfDay(8 * 60), end: MinuteOfDay(17 * 60) };
        Self { week: Week::working_days(&[day]), holidays: vec![] }
    }
}

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of an IANA name, from the compiled-in database.
pub fn zone(name: &str) -> Result<TimeZone, HoursError> {
    ZONES.get(name).map_err(|_| HoursError::UnknownZone)
}

/// How far ahead opening time is looked for. Whoever is closed for ten years is closed.
const HORIZON_DAYS: i32 = 3660;

/// Opening times in a zone, ready to count with.
#[derive(Debug, Clone)]
pub struct OrgHours {
    zone: TimeZone,
    week: Week,
    holidays: BTreeMap<Date, Vec<MinuteRange>>,
}

impl OrgHours {
    /// Checks opening times and puts them in order.
    pub fn new(hours: &Hours, zone_name: &str) -> Result<Self, HoursError> {
        let in_order = |ranges: &[MinuteRange]| {
            let mut ranges = ranges.to_vec();
            ranges.sort();
            match ranges.windows(2).any(|pair| pair[0].end > pair[1].start) {
                true => Err(HoursError::Overlap),
                false => Ok(ranges),
            }
        };
        let week = Week {
            mon: in_order(&hours.week.mon)?,
            tue: in_order(&hours.week.tue)?,
            wed: in_order(&hours.week.wed)?,
            thu: in_order(&hours.week.thu)?,
            fri: in_order(&hours.week.fri)?,
            sat: in_order(&hours.week.sat)?,
            sun: in_order(&hours.week.sun)?,
        };
        let holidays = hours
            .holidays
            .iter()
            .map(|holiday| Ok((holiday.date, in_order(&holiday.hours)?)))
            .collect::<Result<_, HoursError>>()?;
        Ok(Self { zone: zone(zone_name)?, week, holidays })
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The ranges that hold on a date.
    pub fn ranges(&self, date: Date) -> &[MinuteRange] {
        self.holidays.get(&date).map_or_else(|| self.week.day(date.weekday()), Vec::as_slice)
    }

    /// Whether the organisation is open at this instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let wall = self.zone.to_datetime(at);
        let minute = wall.hour() as u16 * 60 + wall.minute() as u16;
        self.ranges(wall.date()).iter().any(|range| range.start.0 <= minute && minute < range.end.0)
    }

    /// The first instant at which the organisation has been open for `duration` since `from`. A
    /// duration of zero or less gives `from` itself.
    ///
    /// Errors with [`HoursError::NeverOpen`] where there is not enough opening time in the next ten
    /// years.
    pub fn add_working_time(&self, from: Timestamp, duration: SignedDuration) -> Result<Timestamp, HoursError> {
        if duration <= SignedDuration::ZERO {
            return Ok(from);
        }
        let mut left = duration;
        let mut cursor = from;
        let last_day = self
            .zone
            .to_datetime(from)
            .date()
            .checked_add(jiff::Span::new().days(HORIZON_DAYS))
            .map_err(|_| HoursError::NeverOpen)?;
        // Between two clock changes wall time and real time differ by a constant, so a stretch
        // without one is counted by plain arithmetic; the changes cut the time into stretches.
        loop {
            let stretch_end = self.zone.following(cursor).next().map_or(Timestamp::MAX, |t| t.timestamp());
            let offset = self.zone.to_offset(cursor);
            let mut date = offset.to_datetime(cursor).date();
            loop {
                if date > last_day {
                    return Err(HoursError::NeverOpen);
                }
                for range in self.ranges(date) {
                    let instant = |minute: MinuteOfDay| {
                        let wall = minute.on(date).ok_or(HoursError::NeverOpen)?;
                        offset.to_timestamp(wall).map_err(|_| HoursError::NeverOpen)
                    };
                    let start = instant(range.start)?.max(cursor);
                    let end = instant(range.end)?.min(stretch_end);
                    if start >= end {
                        continue;
                    }
                    let open = end.duration_since(start);
                    if left <= open {
                        return start.checked_add(left).map_err(|_| HoursError::NeverOpen);
                    }
                    left -= open;
                }
                date = date.tomorrow().map_err(|_| HoursError::NeverOpen)?;
                let midnight = offset.to_timestamp(date.to_datetime(Time::midnight()));
                match midnight {
                    Ok(midnight) if midnight < stretch_end => {}
                    Ok(_) => break,
                    Err(_) => return Err(HoursError::NeverOpen),
                }
            }
            cursor = stretch_end;
        }
    }
}

#[cfg(test)]
mod tests;
