//! Figures of an account by day, and of a medium as of now.
//!
//! Most figures of an account come only as the total of a span (`metric_type=total_value`), so each day
//! is asked for by itself. Impressions are gone since 2025-04-21 in every version.

use bedside_model::Micros;

use crate::meta::{Get, Insight, insights, object_id, own_id, refused, spoken};
use crate::metrics::{Figure, Metric, MetricSteps, MetricsOf};
use crate::{AccountView, HttpRequest, HttpResponse, NetError};

const DAY: Micros = 86_400 * 1_000_000;
/// Most days of one reading.
const DAYS: usize = 30;

const FIGURES: [Insight; 5] = [
    Insight { name: "views", metric: Metric::Views },
    Insight { name: "reach", metric: Metric::Reach },
    Insight { name: "likes", metric: Metric::Reactions },
    Insight { name: "comments", metric: Metric::Comments },
    Insight { name: "shares", metric: Metric::Shares },
];

#[derive(Debug, Clone)]
enum Step {
    Followers(Get),
    Day(Get, Micros),
    Medium(Get),
}

/// Figures being read.
#[derive(Debug)]
pub(super) struct Insights {
    account: AccountView,
    /// The requests that are left, the last first.
    left: Vec<Step>,
}

impl Insights {
    pub(super) fn start(of: MetricsOf<'_>) -> Result<Self, NetError> {
        let names = FIGURES.map(|figure| figure.name).join(",");
        let read = |of: &str| Get { path: format!("{of}/insights"), query: Vec::new() }.with("metric", names.as_str());
        let left = match of.post_native_id {
            Some(medium) => vec![Step::Medium(read(object_id(medium)?))],
            None => {
                let own = own_id(of.account)?;
                let mut left = vec![Step::Followers(Get::fields(own, "followers_count"))];
                let starts = (0..).map(|day| of.since.saturating_add(day * DAY));
                let whole = starts.take(DAYS).take_while(|start| start.saturating_add(DAY) <= of.until);
                left.extend(whole.map(|start| {
                    let seconds = |at: Micros| at.div_euclid(1_000_000).to_string();
                    let get = read(own).with("metric_type", "total_value").with("period", "day");
                    Step::Day(get.with("since", seconds(start)).with("until", seconds(start + DAY)), start)
                }));
                left
            }
        };
        Ok(Self { account: of.account.clone(), left })
    }
}

impl MetricSteps for Insights {
    fn next_request(&self) -> Option<HttpRequest> {
        let (Step::Followers(get) | Step::Day(get, _) | Step::Medium(get)) = self.left.last()?;
        get.request(&self.account).ok()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        let figures = match self.left.last() {
            None => return Ok(Vec::new()),
            Some(Step::Followers(_)) => followers(response)?,
            Some(Step::Medium(_)) => insights(response, &FIGURES, false)?,
            Some(Step::Day(_, start)) => {
                let mut figures = insights(response, &FIGURES, false)?;
                for figure in &mut figures {
                    figure.day = Some(*start);
                }
                figures
            }
        };
        self.left.pop();
        Ok(figures)
    }
}

fn followers(response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
    if !response.is_success() || spoken(response).is_some() {
        return Err(refused(response));
    }
    let count = response.json()?.get("followers_count").and_then(serde_json::Value::as_f64);
    let figure =
        |value| Figure { metric: Metric::Followers, native_name: "followers_count".to_owned(), day: None, value };
    Ok(count.map(figure).into_iter().collect())
}
