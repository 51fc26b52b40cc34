//! Figures: of a video its views, likes and comments; of the channel its subscribers and views.
//!
//! All are totals as of now. A number that YouTube keeps to itself (hidden subscribers, likes that are
//! switched off) is left out.

use super::{channel, checked, items, list};
use crate::json::{Json, Wanted};
use crate::metrics::{Figure, Metric, MetricSteps, MetricsOf};
use crate::{HttpRequest, HttpResponse, NetError};

const OF_VIDEO: [(&str, Metric); 3] =
    [("viewCount", Metric::Views), ("likeCount", Metric::Reactions), ("commentCount", Metric::Comments)];
const OF_CHANNEL: [(&str, Metric); 2] = [("viewCount", Metric::Views), ("subscriberCount", Metric::Followers)];

/// Figures being read.
#[derive(Debug)]
pub(super) struct Metrics {
    request: Option<HttpRequest>,
    wanted: &'static [(&'static str, Metric)],
}

impl Metrics {
    pub(super) fn start(of: MetricsOf<'_>) -> Result<Self, NetError> {
        let (resource, id, wanted): (_, _, &'static [(&'static str, Metric)]) = match of.post_native_id {
            Some(video) => ("videos", checked(video)?, &OF_VIDEO),
            None => ("channels", channel(of.account)?, &OF_CHANNEL),
        };
        let request = list(of.account, resource, &[("part", "statistics"), ("id", id)])?;
        Ok(Self { request: Some(request), wanted })
    }
}

impl MetricSteps for Metrics {
    fn next_request(&self) -> Option<HttpRequest> {
        self.request.clone()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        let (found, _) = items(response, &Wanted::All)?;
        self.request = None;
        let Some(statistics) = found.first().and_then(|thing| thing.get("statistics")) else { return Ok(Vec::new()) };
        let hidden = statistics.get("hiddenSubscriberCount").and_then(Json::as_bool).unwrap_or(false);
        let figure = |&(name, metric): &(&str, Metric)| {
            // Numbers are text, since they may exceed what JavaScript can count.
            let value: u64 = statistics.get(name)?.as_str()?.parse().ok()?;
            if hidden && metric == Metric::Followers {
                return None;
            }
            #[expect(clippy::cast_precision_loss, reason = "a count above 2^53 is no count of people")]
            Some(Figure { metric, native_name: name.to_owned(), day: None, value: value as f64 })
        };
        Ok(self.wanted.iter().filter_map(figure).collect())
    }
}
