//! Numbers of a place, day by day (Business Profile Performance, version 1). They are invented; the
//! place, the metric and the day decide them.

use axum::Json;
use axum::extract::{Path, State};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Error, GoogleBusiness};
use crate::kit::Fields;

/// The metrics that there are.
const METRICS: [&str; 11] = [
    "BUSINESS_IMPRESSIONS_DESKTOP_MAPS",
    "BUSINESS_IMPRESSIONS_DESKTOP_SEARCH",
    "BUSINESS_IMPRESSIONS_MOBILE_MAPS",
    "BUSINESS_IMPRESSIONS_MOBILE_SEARCH",
    "BUSINESS_CONVERSATIONS",
    "BUSINESS_DIRECTION_REQUESTS",
    "CALL_CLICKS",
    "WEBSITE_CLICKS",
    "BUSINESS_BOOKINGS",
    "BUSINESS_FOOD_ORDERS",
    "BUSINESS_FOOD_MENU_CLICKS",
];
/// Days of one answer at most: 18 months are kept.
const DAYS: i32 = 550;

/// `GET /v1/locations/{location}`, and the same with a verb behind a colon.
pub(super) async fn or_place(
    google: State<GoogleBusiness>,
    Path(segment): Path<String>,
    fields: Fields,
) -> Result<Json<Value>, Error> {
    let (location, verb) = segment.split_once(':').map_or((segment.as_str(), None), |(name, verb)| (name, Some(verb)));
    let state = google.lock();
    let wanted = format!("locations/{location}");
    let place = state.places.iter().find(|place| place.name == wanted).ok_or_else(Error::not_found)?;
    let (metrics, one) = match verb {
        None => return Ok(Json(place.shown(&fields)?)),
        Some("fetchMultiDailyMetricsTimeSeries") => (fields.list("dailyMetrics"), false),
        Some("getDailyMetricsTimeSeries") => (fields.list("dailyMetric"), true),
        Some(_) => return Err(Error::not_found()),
    };
    if !place.verified {
        return Err(Error::denied());
    }
    let days = days(&fields)?;
    if metrics.is_empty() || metrics.iter().any(|metric| !METRICS.contains(&metric.as_str())) {
        return Err(Error::invalid("Request contains an invalid argument: daily_metrics"));
    }
    let series = |metric: &String| -> Value {
        let dated = days.iter().map(|day| {
            let mut value = json!({"date": {"year": day.year(), "month": day.month(), "day": day.day()}});
            let drawn: u64 =
                google.ids.digits_of("google numbers", &format!("{wanted}/{metric}/{day}"), 3).parse().unwrap_or(0);
            let count = drawn % 40;
            // A zero is left out.
            if count > 0 {
                value["value"] = count.to_string().into();
            }
            value
        });
        json!({"datedValues": dated.collect::<Vec<_>>()})
    };
    if one {
        return Ok(Json(json!({"timeSeries": series(&metrics[0])})));
    }
    let all: Vec<Value> =
        metrics.iter().map(|metric| json!({"dailyMetric": metric, "timeSeries": series(metric)})).collect();
    Ok(Json(json!({"multiDailyMetricTimeSeries": [{"dailyMetricTimeSeries": all}]})))
}

/// The days of `dailyRange.startDate.*` to `dailyRange.endDate.*`, both included.
fn days(fields: &Fields) -> Result<Vec<Date>, Error> {
    let wrong = || Error::invalid("Request contains an invalid argument: daily_range");
    let date = |end: &str| -> Option<Date> {
        let part = |name: &str| fields.number(&format!("dailyRange.{end}.{name}"));
        Date::new(part("year")?.try_into().ok()?, part("month")?.try_into().ok()?, part("day")?.try_into().ok()?).ok()
    };
    let (first, last) = (date("startDate").ok_or_else(wrong)?, date("endDate").ok_or_else(wrong)?);
    let count = first.until(last).map_err(|_| wrong())?.get_days();
    if !(0..DAYS).contains(&count) {
        return Err(wrong());
    }
    Ok(first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last).collect())
}
