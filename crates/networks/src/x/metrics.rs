//! Figures: what X counts of a post, and followers.

use serde_json::Value;

use super::oauth1::Signer;
use super::{body, endpoint, own_id, post_id, request};
use crate::metrics::MetricSteps;
use crate::{Figure, HttpRequest, HttpResponse, Method, Metric, MetricsOf, NetError};

/// The figures of one post or of the account, by one request.
#[derive(Debug)]
pub(crate) struct Metrics {
    request: HttpRequest,
    signer: Signer,
    of_post: bool,
    done: bool,
}

impl Metrics {
    pub(crate) fn start(of: MetricsOf<'_>) -> Result<Self, NetError> {
        let (route, query) = match of.post_native_id {
            Some(post) => (format!("2/tweets/{}", post_id(post)?), [("tweet.fields", "public_metrics")]),
            None => (format!("2/users/{}", own_id(of.account)?), [("user.fields", "public_metrics")]),
        };
        let request = request(of.account, Method::Get, endpoint(&of.account.base_url, &route, &query))?;
        let signer = Signer::new(of.account, of.until, "metrics");
        signer.sign(request.clone())?;
        Ok(Self { request, signer, of_post: of.post_native_id.is_some(), done: false })
    }
}

impl MetricSteps for Metrics {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.done { None } else { self.signer.sign(self.request.clone()).ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        if self.signer.learn(response) {
            return Ok(Vec::new());
        }
        let body = body(response)?;
        self.done = true;
        let counted = body.get("data").and_then(|data| data.get("public_metrics")).cloned().unwrap_or_default();
        Ok(if self.of_post { of_post(&counted) } else { of_account(&counted) })
    }
}

fn of_account(counted: &Value) -> Vec<Figure> {
    figure(counted, Metric::Followers, &["followers_count"]).into_iter().collect()
}

/// A total as of now. Reposts have two names; quotes are shares, too.
fn of_post(counted: &Value) -> Vec<Figure> {
    let reposts = if counted.get("repost_count").is_some() { "repost_count" } else { "retweet_count" };
    [
        figure(counted, Metric::Views, &["impression_count"]),
        figure(counted, Metric::Reactions, &["like_count"]),
        figure(counted, Metric::Comments, &["reply_count"]),
        figure(counted, Metric::Shares, &[reposts, "quote_count"]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The sum of what is there of these; nothing where none is.
fn figure(counted: &Value, metric: Metric, names: &[&str]) -> Option<Figure> {
    let there: Vec<(&str, f64)> =
        names.iter().filter_map(|name| Some((*name, counted.get(*name)?.as_f64()?))).collect();
    let native: Vec<&str> = there.iter().map(|(name, _)| *name).collect();
    let value = there.iter().map(|(_, value)| value).sum();
    (!there.is_empty()).then(|| Figure { metric, native_name: native.join("+"), day: None, value })
}
