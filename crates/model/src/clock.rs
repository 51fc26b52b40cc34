//! Response clocks: by when somebody should have an answer.
//!
//! What is urgent runs on wall clock, because a crisis does not wait for opening time; complaints
//! and questions run on the organisation's hours (Cleveland Clinic answers complaints within two
//! hours, which is where the default comes from).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::hours::OrgHours;
use crate::label::Priority;
use crate::names::text_enum;

text_enum! {
    /// Which time a clock counts.
    pub enum Basis {
        /// Every minute.
        Wall = "wall",
        /// Only while the organisation is open.
        Organisation = "organisation",
    }
}

/// The clock of one priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRule {
    /// Which priority, 0 to 12.
    pub priority: Priority,
    /// Minutes until an answer is due; `None` for no clock.
    pub minutes: Option<u32>,
    /// Which time is counted.
    pub basis: Basis,
}

/// The clocks of an organisation, at most one for each priority. As JSON a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks(pub Vec<ClockRule>);

impl Clocks {
    /// The clock of a priority where the organisation sets none: ten minutes for 0 to 2, one hour
    /// for 3 to 6, two working hours for a complaint, 24 working hours for a question, none below.
    pub const fn default_rule(priority: Priority) -> ClockRule {
        let (minutes, basis) = match priority {
            0..=2 => (Some(10), Basis::Wall),
            3..=6 => (Some(60), Basis::Wall),
            7 => (Some(120), Basis::Organisation),
            8 => (Some(24 * 60), Basis::Organisation),
            9..=Priority::MAX => (None, Basis::Organisation),
        };
        ClockRule { priority, minutes, basis }
    }

    /// The clock of a priority: the organisation's, else the default. The clocks of priorities 0 to
    /// 2 can be made shorter but not longer, and not switched off.
    pub fn rule(&self, priority: Priority) -> ClockRule {
        let default = Self::default_rule(priority);
        let Some(set) = self.0.iter().find(|rule| rule.priority == priority) else { return default };
        if priority <= 2 {
            let minutes = set.minutes.min(default.minutes).or(default.minutes);
            ClockRule { priority, minutes, basis: Basis::Wall }
        } else {
            *set
        }
    }
}

impl Default for Clocks {
    fn default() -> Self {
        Self((0..=12).map(Self::default_rule).collect())
    }
}

/// When the answer to a message of this priority that came at `at` is due; `None` without a clock.
///
/// An organisation that is never open has its clocks on the wall: a due time must not vanish
/// because the opening times are missing.
pub fn due(priority: Priority, at: Timestamp, clocks: &Clocks, hours: &OrgHours) -> Option<Timestamp> {
    let rule = clocks.rule(priority);
    let duration = SignedDuration::from_mins(rule.minutes?.into());
    let on_the_wall = || at.checked_add(duration).unwrap_or(Timestamp::MAX);
    Some(match rule.basis {
        Basis::Wall => on_the_wall(),
        Basis::Organisation => hours.add_working_time(at, duration).unwrap_or_else(|_never_open| on_the_wall()),
    })
}

text_enum! {
    /// Where a clock stands.
    pub enum ClockState {
        /// No clock runs.
        None = "none",
        /// There is time.
        Ok = "ok",
        /// A quarter of the time or less is left.
        DueSoon = "due_soon",
        /// The time is over.
        PastDue = "past_due",
    }
}

/// Where a clock stands now. `due` is `None` while nothing waits for an answer.
pub fn state(rule: &ClockRule, due: Option<Timestamp>, now: Timestamp) -> ClockState {
    let Some(due) = due else { return ClockState::None };
    let quarter = SignedDuration::from_secs(i64::from(rule.minutes.unwrap_or(0)) * 15);
    let left = due.duration_since(now);
    if left <= SignedDuration::ZERO {
        ClockState::PastDue
    } else if left <= quarter {
        ClockState::DueSoon
    } else {
        ClockState::Ok
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::{Hours, Week};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_default_clocks() {
        // A Friday at 16:00 in an office that is open from Monday to Friday, 8 to 17 o'clock.
        let hours = OrgHours::new(&Hours::default(), "UTC").unwrap();
        let friday = at("2026-11-27T16:00:00Z");
        let due = |priority| due(priority, friday, &Clocks::default(), &hours).map(|due| due.to_string());
        for crisis_or_emergency in 0..=2 {
            assert_eq!(due(crisis_or_emergency).as_deref(), Some("2026-11-27T16:10:00Z"));
        }
        for risk in 3..=6 {
            assert_eq!(due(risk).as_deref(), Some("2026-11-27T17:00:00Z"));
        }
        assert_eq!(due(7).as_deref(), Some("2026-11-30T09:00:00Z"), "a complaint: one hour on Friday, one on Monday");
        assert_eq!(due(8).as_deref(), Some("2026-12-02T13:00:00Z"), "a question: 1 + 9 + 9 + 5 hours");
        for rest in 9..=12 {
            assert_eq!(due(rest), None);
        }
    }

    #[test]
    fn an_organisation_can_change_its_clocks_but_not_make_a_crisis_wait() {
        let rule = |priority, minutes, basis| ClockRule { priority, minutes, basis };
        let clocks = Clocks(vec![
            rule(0, None, Basis::Wall),
            rule(1, Some(60), Basis::Organisation),
            rule(2, Some(5), Basis::Wall),
            rule(7, Some(30), Basis::Wall),
            rule(8, None, Basis::Wall),
        ]);
        assert_eq!(clocks.rule(0), rule(0, Some(10), Basis::Wall));
        assert_eq!(clocks.rule(1), rule(1, Some(10), Basis::Wall));
        assert_eq!(clocks.rule(2), rule(2, Some(5), Basis::Wall));
        assert_eq!(clocks.rule(7), rule(7, Some(30), Basis::Wall));
        assert_eq!(clocks.rule(8).minutes, None);
        assert_eq!(clocks.rule(3), Clocks::default_rule(3), "what is not set is as ever");
    }

    #[test]
    fn without_opening_times_the_clocks_run_on_the_wall() {
        let never = OrgHours::new(&Hours { week: Week::default(), holidays: vec![] }, "UTC").unwrap();
        let due = due(7, at("2026-11-27T16:00:00Z"), &Clocks::default(), &never);
        assert_eq!(due, Some(at("2026-11-27T18:00:00Z")));
    }

    #[test]
    fn a_clock_goes_from_ok_to_soon_to_past() {
        let rule = Clocks::default_rule(7);
        let due = Some(at("2026-11-27T12:00:00Z"));
        let table = [
            ("2026-11-27T11:00:00Z", ClockState::Ok),
            ("2026-11-27T11:29:59Z", ClockState::Ok),
            ("2026-11-27T11:30:00Z", ClockState::DueSoon),
            ("2026-11-27T12:00:00Z", ClockState::PastDue),
        ];
        for (now, expected) in table {
            assert_eq!(state(&rule, due, at(now)), expected, "{now}");
        }
        assert_eq!(state(&rule, None, at("2026-11-27T12:00:00Z")), ClockState::None);
    }
}
