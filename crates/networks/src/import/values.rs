//! Dates and ratings as people and exports write them.

use bedside_model::{Micros, time::to_micros};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::time;

/// How a date such as 03/04/2026 is to be read. A file has one way, and a date that cannot be read
/// that way is rejected rather than read the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 3 April.
    DayFirst,
    /// 4 March.
    MonthFirst,
}

const DATES: [&str; 6] = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %b %Y", "%b %d, %Y", "%b %d %Y"];
const TIMES: [&str; 5] = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S%.f"];

/// Reads a date. One without an offset is taken in the zone; one without a time is its midnight.
pub(super) fn date(text: &str, zone: &TimeZone, order: DateOrder) -> Option<Micros> {
    let text = text.trim();
    if let Some(at) = time::rfc3339(text).or_else(|| time::http_date(text)) {
        return Some(at);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        // Seconds have ten digits from 2001 to 2286, milliseconds thirteen.
        return match text.len() {
            10 => number.checked_mul(1_000_000),
            13 => number.checked_mul(1_000),
            _ => None,
        };
    }
    let civil = text.parse::<DateTime>().ok().or_else(|| written(text, order))?;
    zone.to_timestamp(civil).ok().map(to_micros)
}

fn written(text: &str, order: DateOrder) -> Option<DateTime> {
    let by_order = match order {
        DateOrder::DayFirst => ["%d/%m/%Y", "%d-%m-%Y"],
        DateOrder::MonthFirst => ["%m/%d/%Y", "%m-%d-%Y"],
    };
    let text = text.replace(" at ", " ");
    for format in DATES.into_iter().chain(by_order).chain(["%d %B %Y", "%B %d, %Y", "%B %d %Y"]) {
        if let Ok(date) = Date::strptime(format, &text) {
            return Some(date.at(0, 0, 0, 0));
        }
        for clock in TIMES {
            for between in [" ", ", "] {
                if let Ok(at) = DateTime::strptime(format!("{format}{between}{clock}"), &text) {
                    return Some(at);
                }
            }
        }
    }
    None
}

/// Reads a rating as 0 to 5; `max` is the best where a number stands alone.
pub(super) fn rating(text: &str, max: f64) -> Option<f64> {
    let lower = text.trim().to_lowercase();
    let word = match lower.trim_end_matches("stars").trim_end_matches("star").trim() {
        "one" => Some(1.0),
        "two" => Some(2.0),
        "three" => Some(3.0),
        "four" => Some(4.0),
        "five" => Some(5.0),
        _ => None,
    };
    if word.is_some() {
        return word;
    }
    let full = lower.chars().filter(|c| matches!(c, '★' | '⭐')).count();
    let empty = lower.chars().filter(|&c| c == '☆').count();
    if full + empty > 0 {
        let others = lower.chars().any(|c| !matches!(c, '★' | '⭐' | '☆' | '\u{fe0f}') && !c.is_whitespace());
        let scale = if empty > 0 { full + empty } else { 5 };
        return (!others).then_some(()).and_then(|()| on_scale(full as f64, scale as f64));
    }
    if let Some(percent) = lower.strip_suffix('%') {
        return on_scale(number(percent)?, 100.0);
    }
    if let Some((value, best)) = lower.split_once('/').or_else(|| lower.split_once(" out of ")) {
        return on_scale(number(value)?, number(best)?);
    }
    on_scale(number(lower.trim_end_matches("stars").trim_end_matches("star"))?, max)
}

fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok()
}

fn on_scale(value: f64, best: f64) -> Option<f64> {
    (value.is_finite() && best.is_finite() && best > 0.0 && (0.0..=best).contains(&value)).then(|| value / best * 5.0)
}
