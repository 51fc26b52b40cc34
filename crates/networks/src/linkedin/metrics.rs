//! Figures: how often the page's posts were seen and what people did, by day; of one post in total; and
//! followers.

use serde_json::Value;

use super::urn::post;
use super::{body, elements, micros, page, signed};
use crate::http::percent_encode;
use crate::metrics::MetricSteps;
use crate::{AccountView, Figure, HttpRequest, HttpResponse, Method, Metric, MetricsOf, NetError};

/// What LinkedIn counts, and what that is in our terms.
const COUNTED: [(&str, Metric); 6] = [
    ("impressionCount", Metric::Views),
    ("uniqueImpressionsCount", Metric::Reach),
    ("likeCount", Metric::Reactions),
    ("commentCount", Metric::Comments),
    ("shareCount", Metric::Shares),
    ("clickCount", Metric::Clicks),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Shares,
    Followers,
    Done,
}

/// The figures of one post or of the page.
#[derive(Debug)]
pub(crate) struct Metrics {
    account: AccountView,
    post: Option<String>,
    from: i64,
    until: i64,
    step: Step,
}

impl Metrics {
    pub(crate) fn start(of: MetricsOf<'_>) -> Result<Self, NetError> {
        let post = of.post_native_id.map(post).transpose()?.map(str::to_owned);
        let (from, until) = (of.since.div_euclid(1_000), of.until.div_euclid(1_000));
        let metrics = Self { account: of.account.clone(), post, from, until, step: Step::Shares };
        metrics.build()?;
        Ok(metrics)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let page = percent_encode(page(&self.account)?);
        let (route, query) = match self.step {
            Step::Shares => {
                let of = match &self.post {
                    Some(post) if post.starts_with("urn:li:ugcPost:") => {
                        format!("ugcPosts=List({})", percent_encode(post))
                    }
                    Some(post) => format!("shares=List({})", percent_encode(post)),
                    None => {
                        let (from, until) = (self.from, self.until);
                        format!("timeIntervals=(timeRange:(start:{from},end:{until}),timeGranularityType:DAY)")
                    }
                };
                let query = format!("q=organizationalEntity&organizationalEntity={page}&{of}");
                ("organizationalEntityShareStatistics".to_owned(), query)
            }
            Step::Followers => (format!("networkSizes/{page}"), "edgeType=COMPANY_FOLLOWED_BY_MEMBER".to_owned()),
            Step::Done => return Ok(None),
        };
        signed(&self.account, Method::Get, &route, &query).map(Some)
    }
}

impl MetricSteps for Metrics {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        let body = body(response)?;
        match self.step {
            Step::Shares => {
                let figures = elements(&body)?.iter().flat_map(of_element).collect();
                self.step = if self.post.is_some() { Step::Done } else { Step::Followers };
                Ok(figures)
            }
            Step::Followers => {
                self.step = Step::Done;
                let followers = body.get("firstDegreeSize").and_then(Value::as_f64);
                let figure = |value| Figure {
                    metric: Metric::Followers,
                    native_name: "firstDegreeSize".into(),
                    day: None,
                    value,
                };
                Ok(followers.map(figure).into_iter().collect())
            }
            Step::Done => Ok(Vec::new()),
        }
    }
}

fn of_element(element: &Value) -> Vec<Figure> {
    let day = micros(element.get("timeRange").and_then(|range| range.get("start")?.as_i64()));
    let counted = element.get("totalShareStatistics");
    let value = |name: &str| counted.and_then(|counted| counted.get(name)).and_then(Value::as_f64);
    COUNTED
        .iter()
        .filter_map(|(name, metric)| {
            Some(Figure { metric: *metric, native_name: (*name).to_owned(), day, value: value(name)? })
        })
        .collect()
}
