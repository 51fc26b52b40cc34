//! Figures of the profile, day by day (Business Profile Performance API v1,
//! `locations.fetchMultiDailyMetricsTimeSeries`).
//!
//! Impressions count a person once a day on each of four surfaces, so each is a reach of its own and they
//! are not added up. Of an account with several locations each figure is the sum over them. Figures of
//! the last days are missing at first: Google needs some days for them.

use std::collections::BTreeMap;

use bedside_model::Micros;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;

use super::{HOME, locations, poll, signed};
use crate::google::{oauth, refusal::refused};
use crate::metrics::{Figure, Metric, MetricSteps, MetricsOf};
use crate::{HttpRequest, HttpResponse, Method, NetError};

const HOST: &str = "https://businessprofileperformance.googleapis.com/v1/";

const WANTED: [(&str, Metric); 8] = [
    ("BUSINESS_IMPRESSIONS_DESKTOP_MAPS", Metric::Reach),
    ("BUSINESS_IMPRESSIONS_DESKTOP_SEARCH", Metric::Reach),
    ("BUSINESS_IMPRESSIONS_MOBILE_MAPS", Metric::Reach),
    ("BUSINESS_IMPRESSIONS_MOBILE_SEARCH", Metric::Reach),
    ("BUSINESS_DIRECTION_REQUESTS", Metric::Actions),
    ("CALL_CLICKS", Metric::Actions),
    ("WEBSITE_CLICKS", Metric::Actions),
    ("BUSINESS_BOOKINGS", Metric::Actions),
];

/// Figures being read, location by location.
#[derive(Debug)]
pub(super) struct Metrics {
    /// The questions still open, the next one last.
    open: Vec<HttpRequest>,
    sums: BTreeMap<(usize, Micros), u64>,
}

impl Metrics {
    pub(super) fn start(of: MetricsOf<'_>) -> Result<Self, NetError> {
        if of.post_native_id.is_some() {
            return Err(NetError::Unsupported { what: "Google tells no figures of a single post" });
        }
        let account = of.account;
        let mut places: Vec<&str> = locations::of(account).map(|(name, _)| name).collect();
        if places.is_empty() || account.setting("location").is_some() {
            places = vec![poll::location(account, &Value::Null)?];
        }
        let (since, until) = (day(of.since)?, day(of.until.saturating_sub(1))?);
        let open = places.iter().rev().map(|place| {
            let place = place.find("locations/").map_or(*place, |at| &place[at..]);
            let mut url =
                oauth::at(HOME, &account.base_url, &format!("{HOST}{place}:fetchMultiDailyMetricsTimeSeries"))?;
            let mut query = url.query_pairs_mut();
            for (name, _) in WANTED {
                query.append_pair("dailyMetrics", name);
            }
            for (end, date) in [("startDate", since), ("endDate", until)] {
                query.append_pair(&format!("dailyRange.{end}.year"), &date.year().to_string());
                query.append_pair(&format!("dailyRange.{end}.month"), &date.month().to_string());
                query.append_pair(&format!("dailyRange.{end}.day"), &date.day().to_string());
            }
            drop(query);
            signed(account, Method::Get, url)
        });
        Ok(Self { open: open.collect::<Result<_, _>>()?, sums: BTreeMap::new() })
    }

    fn take(&mut self, body: &Value) {
        let series = body.get("multiDailyMetricTimeSeries").and_then(Value::as_array).into_iter().flatten();
        let series = series.filter_map(|many| many.get("dailyMetricTimeSeries")?.as_array()).flatten();
        for one in series {
            let name = one.get("dailyMetric").and_then(Value::as_str).unwrap_or_default();
            let Some(wanted) = WANTED.iter().position(|(wanted, _)| *wanted == name) else { continue };
            let values = one.get("timeSeries").and_then(|series| series.get("datedValues")?.as_array());
            for dated in values.into_iter().flatten() {
                let Some(at) = dated.get("date").and_then(midnight) else { continue };
                // Google leaves out the value of a day on which there was nothing.
                let value = match dated.get("value") {
                    None => Some(0),
                    Some(value) => value.as_str().and_then(|text| text.parse::<u64>().ok()),
                };
                if let Some(value) = value {
                    let sum = self.sums.entry((wanted, at)).or_default();
                    *sum = sum.saturating_add(value);
                }
            }
        }
    }
}

impl MetricSteps for Metrics {
    fn next_request(&self) -> Option<HttpRequest> {
        self.open.last().cloned()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        if !response.is_success() {
            return Err(refused(response));
        }
        let body = response.json()?;
        self.open.pop();
        self.take(&body);
        if !self.open.is_empty() {
            return Ok(Vec::new());
        }
        let figure = |((wanted, day), value): ((usize, Micros), u64)| {
            let (name, metric) = WANTED[wanted];
            #[expect(clippy::cast_precision_loss, reason = "a count above 2^53 is no count of people")]
            let value = value as f64;
            Figure { metric, native_name: name.to_owned(), day: Some(day), value }
        };
        Ok(std::mem::take(&mut self.sums).into_iter().map(figure).collect())
    }
}

fn day(at: Micros) -> Result<Date, NetError> {
    let at = Timestamp::from_microsecond(at).map_err(|_| NetError::Config { what: "the time is out of range" })?;
    Ok(at.to_zoned(TimeZone::UTC).date())
}

/// The begin of a day as Google writes days: `{"year":2026,"month":11,"day":24}`.
fn midnight(date: &Value) -> Option<Micros> {
    let part = |name: &str| date.get(name)?.as_i64();
    let year = i16::try_from(part("year")?).ok()?;
    let (month, day) = (i8::try_from(part("month")?).ok()?, i8::try_from(part("day")?).ok()?);
    let midnight = Date::new(year, month, day).ok()?.to_datetime(jiff::civil::Time::midnight());
    Some(bedside_model::time::to_micros(TimeZone::UTC.to_timestamp(midnight).ok()?))
}
