//! Insights: `{"data":[{"name","period","values":[{"value","end_time"}],"total_value":{"value"}}]}`.

use bedside_model::Micros;
use serde_json::Value;

use super::{date, list, text};
use crate::metrics::{Figure, Metric};
use crate::{HttpResponse, NetError};

const DAY: Micros = 86_400 * 1_000_000;

/// A figure of the network, and what it counts in our terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Insight {
    /// The network's name of it.
    pub name: &'static str,
    /// What it counts.
    pub metric: Metric,
}

/// Reads an answer. `by_day`: the values are of days, and each stands with the end of its day.
pub(crate) fn insights(response: &HttpResponse, wanted: &[Insight], by_day: bool) -> Result<Vec<Figure>, NetError> {
    let mut figures = Vec::new();
    for told in list(response, None)?.data {
        let Some(insight) = wanted.iter().find(|insight| text(&told, "name") == Some(insight.name)) else { continue };
        let mut figure = |value: Option<&Value>, day: Option<Micros>| {
            if let Some(value) = value.and_then(Value::as_f64) {
                let native_name = insight.name.to_owned();
                figures.push(Figure { metric: insight.metric, native_name, day, value });
            }
        };
        let values = told.get("values").and_then(Value::as_array);
        for one in values.into_iter().flatten() {
            let end = one.get("end_time").and_then(date);
            match (by_day, end) {
                (true, Some(end)) => figure(one.get("value"), Some(end.saturating_sub(DAY))),
                (true, None) => {}
                (false, _) => figure(one.get("value"), None),
            }
        }
        figure(told.get("total_value").and_then(|total| total.get("value")), None);
    }
    Ok(figures)
}
