//! Instagram, for professional accounts, through the Graph API.
//!
//! What comes in: comments and replies under the account's own media, media in which it is tagged, and
//! mentions. What goes out: images, carousels and reels, answers, hiding and deleting comments. A post
//! is made in two steps: the network fetches each file from a public address of ours into a container,
//! and once that is finished the container is published.
//!
//! **Two logins, two hosts.** An account that is connected through its Facebook page is spoken with on
//! `graph.facebook.com`, one that is connected by itself on `graph.instagram.com`; the paths are the
//! same, the names of the permissions are not. Which of them it is says the address of the account.
//!
//! **Mentions** are told by webhook alone, and only by their ids; the text is asked for in the next
//! poll, and comes as a change of the same item. Through `graph.instagram.com` it cannot be asked for.
//!
//! Threads: a comment begins one, and its replies belong to it. Native ids are those of the network;
//! tagged media are `tag:<media>`, mentions `mention:<media>` or `mention:<media>:<comment>`.
//!
//! Account settings: `api_version`, `staff_ids`, `username` and `page_id` (found when connecting, and
//! by the self-test). Source settings: `kind` (`everything`, `comments`, `tags`), `post_days` (default
//! 90), `reread_cycle` (default 12 polls).

mod authorise;
mod message;
mod metrics;
mod outgoing;
mod poll;
mod publish;
mod self_test;
#[cfg(test)]
mod tests;
mod webhook;

use bedside_model::Micros;

use crate::authorise::Authorisation;
use crate::connector::{Connector, OneRequest, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::metrics::{MetricSteps, MetricsOf};
use crate::webhook::Webhooks;
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpResponse, Limits, MediaKind, MediaLimit, NetError,
    Objection, Operation, ParseError, ParsedMessage, PollInput, ResendSafety, meta,
};

/// An Instagram professional account.
pub(crate) struct Instagram;

impl Connector for Instagram {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn home(&self) -> Option<&'static str> {
        Some(meta::FACEBOOK)
    }

    fn sources(&self) -> &'static [&'static str] {
        &["everything", "comments", "tags"]
    }

    fn classify(&self, response: &HttpResponse) -> ErrorClass {
        meta::classify(response)
    }

    fn parse(&self, account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, kind, body)
    }

    fn poll(&self, input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        Ok(Box::new(meta::Sweep::start(&poll::Account, "everything", input)?))
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(self_test::SelfTest::start(account)?))
    }

    fn objections(&self, _account: &AccountView, operation: &Operation) -> Vec<Objection> {
        outgoing::objections(operation)
    }

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        match order.operation {
            Operation::Post { .. } => Ok(Box::new(publish::Publishing::start(order)?)),
            operation => {
                let request = outgoing::request(order.account, operation)?;
                Ok(OneRequest::boxed(request, operation, outgoing::judge))
            }
        }
    }

    fn readback(
        &self,
        account: &AccountView,
        operation: &Operation,
        first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        let sought = outgoing::sought(account, operation)?;
        Ok(Box::new(meta::Search::start(account, sought, first_sent)?))
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::Hooks)
    }

    fn authorisation(&self) -> Option<&'static dyn Authorisation> {
        Some(&authorise::Login)
    }

    fn metrics(&self, of: MetricsOf<'_>) -> Result<Box<dyn MetricSteps>, NetError> {
        Ok(Box::new(metrics::Insights::start(of)?))
    }
}

/// What an Instagram account can do. There is no post of text alone, and nobody can change a comment.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadComments,
    Capability::ReadMentions,
    Capability::SeeDeletions,
    Capability::Reply,
    Capability::Hide,
    Capability::Approve,
    Capability::Remove,
    Capability::DeleteOwn,
    Capability::PostImage,
    Capability::PostVideo,
    Capability::PostCarousel,
    Capability::AltText,
    Capability::Webhooks,
    Capability::Metrics,
]);

/// Most files of a carousel.
const CAROUSEL_MAX: usize = 10;
/// Most hashtags of a caption, and most accounts named in it (reference of `POST /{ig-user}/media`; third
/// parties report fewer).
const HASHTAGS_MAX: usize = 30;
const NAMED_MAX: usize = 20;

/// The limits of an Instagram account. How many posts a day it may publish is asked at run time.
pub const LIMITS: Limits = Limits {
    reply_max: Some(2_196),
    post_max: Some(2_200),
    counted: Counted::Chars,
    requests_per_minute: 60,
    poll_min_seconds: 60,
    settle_seconds: 90,
    resend: ResendSafety::Doubles,
    media: &[
        MediaLimit {
            kind: MediaKind::Image,
            most: 10,
            bytes_max: 8_388_608,
            types: &["image/jpeg"],
            alt_max: Some(1_000),
        },
        MediaLimit {
            kind: MediaKind::Video,
            most: 10,
            bytes_max: 300_000_000,
            types: &["video/mp4", "video/quicktime"],
            alt_max: None,
        },
    ],
    quotas: &[],
    as_of: "2026-11-27",
    source: "Instagram Platform, Content publishing and IG User Media: JPEG of at most 8 MiB, reels of at most 300 MB, \
             caption 2200, carousel 10; comment 2196 and alternative text 1000 are third-party figures",
};
