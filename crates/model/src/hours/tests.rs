//! Opening times told as stories, and as properties over zones and clock changes.

use jiff::ToSpan;
use proptest::prelude::*;

use super::*;

fn range(start: &str, end: &str) -> MinuteRange {
    MinuteRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse::<Timestamp>().unwrap()
}

/// A clinic with a lunch break, open on Saturday morning, closed at Christmas and half a day before.
fn clinic(zone: &str) -> OrgHours {
    let day = [range("08:00", "12:00"), range("13:00", "17:00")];
    let hours = Hours {
        week: Week { sat: vec![range("09:00", "12:00")], ..Week::working_days(&day) },
        holidays: vec![
            Holiday { date: "2026-12-24".parse().unwrap(), name: "Eve".into(), hours: vec![range("08:00", "10:00")] },
            Holiday { date: "2026-12-25".parse().unwrap(), name: "Christmas".into(), hours: vec![] },
        ],
    };
    OrgHours::new(&hours, zone).unwrap()
}

#[test]
fn two_working_hours_go_over_lunch_night_weekend_and_holiday() {
    let clinic = clinic("America/New_York");
    let table = [
        ("a morning", "2026-11-24T09:00[America/New_York]", "2026-11-24T11:00[America/New_York]"),
        ("over lunch", "2026-11-24T11:30[America/New_York]", "2026-11-24T14:30[America/New_York]"),
        ("over night", "2026-11-24T16:00[America/New_York]", "2026-11-25T09:00[America/New_York]"),
        ("at night", "2026-11-24T23:00[America/New_York]", "2026-11-25T10:00[America/New_York]"),
        ("over Sunday", "2026-11-28T11:00[America/New_York]", "2026-11-30T09:00[America/New_York]"),
        ("over Christmas", "2026-12-24T09:00[America/New_York]", "2026-12-26T10:00[America/New_York]"),
        ("to the last minute", "2026-11-24T10:00[America/New_York]", "2026-11-24T12:00[America/New_York]"),
    ];
    for (story, from, due) in table {
        let from = from.parse::<jiff::Zoned>().unwrap().timestamp();
        let due = due.parse::<jiff::Zoned>().unwrap().timestamp();
        assert_eq!(clinic.add_working_time(from, SignedDuration::from_hours(2)), Ok(due), "{story}");
    }
}

#[test]
fn the_hour_that_a_clock_change_takes_or_repeats_counts_as_it_passes() {
    let night = Hours { week: Week { sun: vec![range("00:00", "06:00")], ..Week::default() }, holidays: vec![] };
    let night = OrgHours::new(&night, "America/New_York").unwrap();
    let three_hours = SignedDuration::from_hours(3);
    // 8 March 2026: 02:00 to 03:00 does not exist, so three hours after midnight it is 04:00.
    assert_eq!(night.add_working_time(at("2026-03-08T05:00:00Z"), three_hours), Ok(at("2026-03-08T08:00:00Z")));
    // 1 November 2026: 01:00 to 02:00 passes twice, so three hours after midnight it is 02:00.
    assert_eq!(night.add_working_time(at("2026-11-01T04:00:00Z"), three_hours), Ok(at("2026-11-01T07:00:00Z")));
    assert!(night.is_open(at("2026-11-01T05:30:00Z")) && night.is_open(at("2026-11-01T06:30:00Z")));
}

#[test]
fn opening_times_inside_the_missing_hour_do_not_exist_that_day() {
    let hours = Hours { week: Week { sun: vec![range("02:15", "02:45")], ..Week::default() }, holidays: vec![] };
    let hours = OrgHours::new(&hours, "America/New_York").unwrap();
    let next_sunday = at("2026-03-15T06:25:00Z");
    assert_eq!(hours.add_working_time(at("2026-03-08T00:00:00Z"), SignedDuration::from_mins(10)), Ok(next_sunday));
}

#[test]
fn who_is_never_open_is_told_so_and_not_searched_for_ever() {
    let never = OrgHours::new(&Hours { week: Week::default(), holidays: vec![] }, "UTC").unwrap();
    let now = at("2026-11-24T09:00:00Z");
    assert_eq!(never.add_working_time(now, SignedDuration::from_mins(1)), Err(HoursError::NeverOpen));
    assert_eq!(never.add_working_time(now, SignedDuration::ZERO), Ok(now));
    assert!(!never.is_open(now));
    // One special day is opening time, as long as it lasts.
    let special =
        Holiday { date: "2026-12-01".parse().unwrap(), name: String::new(), hours: vec![range("10:00", "11:00")] };
    let once = OrgHours::new(&Hours { week: Week::default(), holidays: vec![special] }, "UTC").unwrap();
    assert_eq!(once.add_working_time(now, SignedDuration::from_hours(1)), Ok(at("2026-12-01T11:00:00Z")));
    assert_eq!(once.add_working_time(now, SignedDuration::from_hours(2)), Err(HoursError::NeverOpen));
    assert_eq!(once.add_working_time(Timestamp::MAX, SignedDuration::from_hours(2)), Err(HoursError::NeverOpen));
}

#[test]
fn settings_read_as_the_api_shows_them_and_nonsense_is_refused() {
    let json = r#"{"week":{"mon":[["08:00","12:00"],["13:00","24:00"]],"sun":[]},
        "holidays":[{"date":"2026-12-25","name":"Christmas","hours":[]}]}"#;
    let hours: Hours = serde_json::from_str(json).unwrap();
    assert_eq!(hours.week.mon[1].end(), MinuteOfDay::END);
    assert_eq!(serde_json::from_str::<Hours>(&serde_json::to_string(&hours).unwrap()).unwrap(), hours);
    for bad in ["8:00", "24:01", "12:60", "+1:00", "noon", ""] {
        assert_eq!(bad.parse::<MinuteOfDay>(), Err(HoursError::BadTime), "{bad}");
    }
    assert!(serde_json::from_str::<MinuteRange>(r#"["12:00","12:00"]"#).is_err());
    let overlap = Week { mon: vec![range("08:00", "12:00"), range("11:00", "13:00")], ..Week::default() };
    assert_eq!(OrgHours::new(&Hours { week: overlap, holidays: vec![] }, "UTC").unwrap_err(), HoursError::Overlap);
    assert_eq!(OrgHours::new(&Hours::default(), "Mars/Olympus").unwrap_err(), HoursError::UnknownZone);
}

const ZONES_WITH_CHANGES: [&str; 8] = [
    "UTC",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe", // changes by half an hour
    "America/St_Johns",    // changed at 00:01 until 2011
    "Asia/Kathmandu",      // 5:45 ahead
    "Pacific/Apia",        // skipped a whole day in 2011
    "America/Havana",      // changes at midnight
];

fn any_week() -> impl Strategy<Value = Week> {
    let day = proptest::collection::vec(0u16..=1440, 0..=3).prop_map(|mut cuts| {
        cuts.sort_unstable();
        cuts.dedup();
        cuts.chunks_exact(2)
            .map(|pair| MinuteRange { start: MinuteOfDay(pair[0]), end: MinuteOfDay(pair[1]) })
            .collect::<Vec<_>>()
    });
    proptest::array::uniform7(day).prop_map(|[mon, tue, wed, thu, fri, sat, sun]| Week {
        mon,
        tue,
        wed,
        thu,
        fri,
        sat,
        sun,
    })
}

prop_compose! {
    fn any_case()(
        week in any_week(),
        zone in proptest::sample::select(&ZONES_WITH_CHANGES[..]),
        from in 1_262_304_000i64..1_893_456_000, // 2010 to 2030
        a in 1i64..200_000,
        b in 1i64..200_000,
    ) -> (OrgHours, Timestamp, SignedDuration, SignedDuration) {
        let hours = OrgHours::new(&Hours { week, holidays: vec![] }, zone).unwrap();
        let from = Timestamp::from_second(from).unwrap();
        (hours, from, SignedDuration::from_secs(a), SignedDuration::from_secs(b))
    }
}

proptest! {
    #[test]
    fn working_time_ends_inside_opening_time((hours, from, a, _) in any_case()) {
        if let Ok(due) = hours.add_working_time(from, a) {
            prop_assert!(due.duration_since(from) >= a);
            prop_assert!(hours.is_open(due - 1.nanosecond()), "{due} is not within opening time");
        }
    }

    #[test]
    fn first_a_then_b_is_a_and_b((hours, from, a, b) in any_case()) {
        let at_once = hours.add_working_time(from, a + b);
        let in_turn = hours.add_working_time(from, a).and_then(|middle| hours.add_working_time(middle, b));
        if let (Ok(at_once), Ok(in_turn)) = (at_once, in_turn) {
            prop_assert_eq!(at_once, in_turn);
        }
    }

    #[test]
    fn later_and_longer_is_never_earlier((hours, from, a, b) in any_case()) {
        let due = |from, duration| hours.add_working_time(from, duration);
        if let (Ok(short), Ok(long), Ok(late)) = (due(from, a), due(from, a + b), due(from + b, a)) {
            prop_assert!(short < long);
            prop_assert!(short <= late);
        }
    }

    /// The count is compared with one made minute by minute from nothing but the wall clock.
    #[test]
    fn it_agrees_with_counting_minutes(
        week in any_week(),
        zone in proptest::sample::select(&ZONES_WITH_CHANGES[..]),
        // 5 to 9 November 2011 and the last days of that year: clock changes and a missing day.
        start in prop_oneof![Just(1_320_400_800i64), Just(1_325_116_800i64), Just(1_772_900_000i64)],
        minutes in 1i64..600,
    ) {
        let hours = OrgHours::new(&Hours { week, holidays: vec![] }, zone).unwrap();
        let start = Timestamp::from_second(start / 60 * 60).unwrap();
        let mut open = 0;
        let counted = (0..4 * 24 * 60).find_map(|minute| {
            let now = start + SignedDuration::from_mins(minute);
            open += i64::from(hours.is_open(now));
            (open == minutes).then(|| now + SignedDuration::from_mins(1))
        });
        if let Some(counted) = counted {
            prop_assert_eq!(hours.add_working_time(start, SignedDuration::from_mins(minutes)), Ok(counted));
        }
    }
}
