//! Figures of reach, as a network tells them.

use std::fmt::Debug;

use bedside_model::Micros;
use serde::Serialize;

use crate::{AccountView, HttpRequest, HttpResponse, NetError};

/// What figures are asked of.
#[derive(Debug, Clone, Copy)]
pub struct MetricsOf<'a> {
    /// The account.
    pub account: &'a AccountView,
    /// A post of the account; `None` for the account as a whole.
    pub post_native_id: Option<&'a str>,
    /// From when, inclusive.
    pub since: Micros,
    /// Until when, exclusive.
    pub until: Micros,
}

/// What is counted, in the field's terms. What a network counts otherwise it does not get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// How often it was on a screen, repetitions counted.
    Views,
    /// How many people saw it, each once.
    Reach,
    /// People who follow the account.
    Followers,
    /// Reactions of any kind.
    Reactions,
    /// Comments or replies.
    Comments,
    /// Shares, reposts and quotes.
    Shares,
    /// Clicks on a link.
    Clicks,
    /// Stars on average, on a scale of 0 to 5.
    Stars,
    /// How many reviews there are.
    Reviews,
    /// Calls, route requests and site visits from a business profile.
    Actions,
}

impl Metric {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Views => "views",
            Self::Reach => "reach",
            Self::Followers => "followers",
            Self::Reactions => "reactions",
            Self::Comments => "comments",
            Self::Shares => "shares",
            Self::Clicks => "clicks",
            Self::Stars => "stars",
            Self::Reviews => "reviews",
            Self::Actions => "actions",
        }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What is counted.
    pub metric: Metric,
    /// The network's own name of it.
    pub native_name: String,
    /// The day it is of, as the begin of that day; `None` for a total as of now.
    pub day: Option<Micros>,
    /// The value.
    pub value: f64,
}

/// The machine behind [`crate::Metrics`].
pub(crate) trait MetricSteps: Debug + Send {
    /// The next request, or `None` when the figures stand.
    fn next_request(&self) -> Option<HttpRequest>;
    /// Takes the answer and gives the figures in it.
    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError>;
}
