//! Counts: the network tells no reach, only how often something was done.

use serde_json::Value;

use super::record::post_or_error;
use super::{get, list, object, own};
use crate::metrics::{MetricSteps, MetricsOf};
use crate::{Figure, HttpRequest, HttpResponse, Metric, NetError};

/// What a post counts, under the network's names.
const OF_A_POST: [(&str, Metric); 4] = [
    ("likeCount", Metric::Reactions),
    ("replyCount", Metric::Comments),
    ("repostCount", Metric::Shares),
    ("quoteCount", Metric::Shares),
];

/// What an account counts.
const OF_AN_ACCOUNT: [(&str, Metric); 1] = [("followersCount", Metric::Followers)];

/// The counts of a post or of the account, as of now.
#[derive(Debug)]
pub(super) struct Counts {
    request: HttpRequest,
    of_a_post: bool,
    done: bool,
}

impl Counts {
    pub(super) fn start(of: MetricsOf<'_>) -> Result<Self, NetError> {
        let request = match of.post_native_id {
            Some(uri) => {
                post_or_error(uri)?;
                get(of.account, "app.bsky.feed.getPosts", &[("uris", uri)])
            }
            None => get(of.account, "app.bsky.actor.getProfile", &[("actor", own(of.account)?)]),
        }?;
        Ok(Self { request, of_a_post: of.post_native_id.is_some(), done: false })
    }
}

impl MetricSteps for Counts {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.done { None } else { Some(self.request.clone()) }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        let mut answer = object(response)?;
        let (counts, names): (Value, &[(&str, Metric)]) = match self.of_a_post {
            true => (list(&mut answer, "posts")?.into_iter().next().unwrap_or_default(), &OF_A_POST),
            false => (answer, &OF_AN_ACCOUNT),
        };
        self.done = true;
        let figure = |&(name, metric): &(&str, Metric)| {
            let value = counts.get(name).and_then(Value::as_f64)?;
            Some(Figure { metric, native_name: name.to_owned(), day: None, value })
        };
        Ok(names.iter().filter_map(figure).collect())
    }
}
