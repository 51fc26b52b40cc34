//! The shapes of the settings, as the document shows them. The types of the model are what is read
//! and written; a test holds both to the same JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::schema;

/// Opening times.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Hours)]
pub struct HoursShape {
    /// Per weekday: ranges of wall-clock times.
    pub week: WeekShape,
    /// Dates with times of their own.
    #[serde(default)]
    pub holidays: Vec<HolidayShape>,
}

/// Opening times of a week.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Week)]
pub struct WeekShape {
    /// Monday.
    pub mon: Vec<schema::Range>,
    /// Tuesday.
    pub tue: Vec<schema::Range>,
    /// Wednesday.
    pub wed: Vec<schema::Range>,
    /// Thursday.
    pub thu: Vec<schema::Range>,
    /// Friday.
    pub fri: Vec<schema::Range>,
    /// Saturday.
    pub sat: Vec<schema::Range>,
    /// Sunday.
    pub sun: Vec<schema::Range>,
}

/// A date with opening times of its own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Holiday)]
pub struct HolidayShape {
    /// The date in the organisation's zone, like `2026-12-25`.
    pub date: String,
    /// What it is.
    pub name: String,
    /// Special times; none where it stays closed.
    pub hours: Vec<schema::Range>,
}

/// The clock of one priority.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ClockRule)]
pub struct ClockShape {
    /// 0 to 12.
    #[schema(maximum = 12)]
    pub priority: u8,
    /// Minutes until an answer is due; null for no clock.
    #[schema(required = true)]
    pub minutes: Option<u32>,
    /// Which time is counted.
    #[schema(value_type = schema::Basis)]
    pub basis: String,
}

/// What needs a second person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Policy)]
pub struct PolicyShape {
    /// Answers to messages of these priorities.
    pub second_person_priorities: Vec<u8>,
}

/// One place of the on-call chain.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = RotaStep)]
pub struct RotaStepShape {
    /// Who.
    pub user_id: String,
    /// Over what.
    #[schema(value_type = Vec<schema::Channel>)]
    pub channels: Vec<String>,
}
