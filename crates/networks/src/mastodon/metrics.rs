//! Counts: a server tells no reach, only how often something was done.

use serde_json::Value;

use super::{endpoint, id, own, refused, signed};
use crate::metrics::{MetricSteps, MetricsOf};
use crate::{Figure, HttpRequest, HttpResponse, Method, Metric, NetError};

/// What a status counts, under the server's names.
const OF_A_STATUS: [(&str, Metric); 4] = [
    ("favourites_count", Metric::Reactions),
    ("replies_count", Metric::Comments),
    ("reblogs_count", Metric::Shares),
    ("quotes_count", Metric::Shares),
];

/// What an account counts.
const OF_AN_ACCOUNT: [(&str, Metric); 1] = [("followers_count", Metric::Followers)];

/// The counts of a status or of the account, as of now.
#[derive(Debug)]
pub(super) struct Counts {
    request: HttpRequest,
    names: &'static [(&'static str, Metric)],
    done: bool,
}

impl Counts {
    pub(super) fn start(of: MetricsOf<'_>) -> Result<Self, NetError> {
        let (path, names): (String, &[(&str, Metric)]) = match of.post_native_id {
            Some(post) => (format!("/api/v1/statuses/{}", id(post)?), &OF_A_STATUS),
            None => (format!("/api/v1/accounts/{}", own(of.account)?), &OF_AN_ACCOUNT),
        };
        let request = signed(of.account, Method::Get, endpoint(of.account, &path, &[]))?;
        Ok(Self { request, names, done: false })
    }
}

impl MetricSteps for Counts {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.done { None } else { Some(self.request.clone()) }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        if !response.is_success() {
            return Err(refused(response));
        }
        let counts = response.json()?;
        self.done = true;
        let figure = |&(name, metric): &(&str, Metric)| {
            let value = counts.get(name).and_then(Value::as_f64)?;
            Some(Figure { metric, native_name: name.to_owned(), day: None, value })
        };
        Ok(self.names.iter().filter_map(figure).collect())
    }
}
