//! Figures of a page and of its posts.
//!
//! Impressions and fans are gone since 2025-11-15 in every version, and asking for one makes the whole
//! request fail; so none is asked for.

use serde_json::Value;

use crate::meta::{Get, Insight, insights, object_id, own_id, refused, spoken};
use crate::metrics::{Figure, Metric, MetricSteps, MetricsOf};
use crate::{AccountView, HttpRequest, HttpResponse, NetError};

const PAGE: [Insight; 3] = [
    Insight { name: "page_media_view", metric: Metric::Views },
    Insight { name: "page_total_media_view_unique", metric: Metric::Reach },
    Insight { name: "page_follows", metric: Metric::Followers },
];

const POST: [Insight; 2] = [
    Insight { name: "post_media_view", metric: Metric::Views },
    Insight { name: "post_total_media_view_unique", metric: Metric::Reach },
];

/// Figures being read: those of the page by day, or those of a post as of now.
#[derive(Debug)]
pub(super) struct Insights {
    account: AccountView,
    /// The requests that are left, the last first.
    left: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Days(Get),
    Total(Get),
    Counts(Get),
}

impl Insights {
    pub(super) fn start(of: MetricsOf<'_>) -> Result<Self, NetError> {
        let names = |all: &[Insight]| all.iter().map(|one| one.name).collect::<Vec<_>>().join(",");
        let left = match of.post_native_id {
            None => {
                let get = Get { path: format!("{}/insights", own_id(of.account)?), query: Vec::new() };
                let seconds = |at: i64| at.div_euclid(1_000_000).to_string();
                vec![Step::Days(
                    get.with("metric", names(&PAGE))
                        .with("period", "day")
                        .with("since", seconds(of.since))
                        .with("until", seconds(of.until)),
                )]
            }
            Some(post) => {
                let post = object_id(post)?;
                let get = Get { path: format!("{post}/insights"), query: Vec::new() };
                let counts =
                    Get::fields(post, "shares,reactions.limit(0).summary(true),comments.limit(0).summary(true)");
                vec![Step::Total(get.with("metric", names(&POST)).with("period", "lifetime")), Step::Counts(counts)]
            }
        };
        Ok(Self { account: of.account.clone(), left })
    }
}

impl MetricSteps for Insights {
    fn next_request(&self) -> Option<HttpRequest> {
        let (Step::Days(get) | Step::Total(get) | Step::Counts(get)) = self.left.last()?;
        get.request(&self.account).ok()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        let figures = match self.left.last() {
            None => return Ok(Vec::new()),
            Some(Step::Days(_)) => insights(response, &PAGE, true)?,
            Some(Step::Total(_)) => insights(response, &POST, false)?,
            Some(Step::Counts(_)) => counts(response)?,
        };
        self.left.pop();
        Ok(figures)
    }
}

fn counts(response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
    if !response.is_success() || spoken(response).is_some() {
        return Err(refused(response));
    }
    let post = response.json()?;
    let total = |edge: &str| post.get(edge)?.get("summary")?.get("total_count")?.as_f64();
    let shares = post.get("shares").and_then(|shares| shares.get("count")).and_then(Value::as_f64);
    let all = [
        (Metric::Reactions, "reactions", total("reactions")),
        (Metric::Comments, "comments", total("comments")),
        (Metric::Shares, "shares", shares),
    ];
    let known = all.into_iter().filter_map(|(metric, name, value)| Some((metric, name, value?)));
    Ok(known.map(|(metric, name, value)| Figure { metric, native_name: name.to_owned(), day: None, value }).collect())
}
