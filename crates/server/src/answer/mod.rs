//! Answer: the queue, conversations, drafts and the door out, hand-over.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

mod cases;
pub mod drafts;
pub(crate) mod guarding;
pub mod intake;
mod moderate;
pub(crate) mod names;
pub(crate) mod outgoing;
mod prepared;
mod queue;
mod skeleton;
mod steps;
mod take_back;
#[cfg(test)]
mod tests;
mod view;
mod why;

/// The operations of this room.
pub fn routes() -> OpenApiRouter<App> {
    use drafts::{decide, send, write};
    OpenApiRouter::new()
        .routes(routes!(queue::list))
        .routes(routes!(queue::counts))
        .routes(routes!(queue::one))
        .routes(routes!(why::page))
        .routes(routes!(queue::person))
        .routes(routes!(steps::assign))
        .routes(routes!(steps::snooze))
        .routes(routes!(steps::note))
        .routes(routes!(steps::resolve))
        .routes(routes!(steps::reopen))
        .routes(routes!(steps::presence))
        .routes(routes!(guarding::check))
        .routes(routes!(guarding::rules))
        .routes(routes!(prepared::list))
        .routes(routes!(skeleton::skeleton))
        .routes(routes!(write::create))
        .routes(routes!(write::one, write::change))
        .routes(routes!(write::discard))
        .routes(routes!(decide::acknowledge))
        .routes(routes!(decide::request_override))
        .routes(routes!(decide::grant_override))
        .routes(routes!(decide::submit))
        .routes(routes!(decide::approve))
        .routes(routes!(decide::reject))
        .routes(routes!(send::send))
        .routes(routes!(take_back::take_back))
        .routes(routes!(moderate::moderate))
        .routes(routes!(outgoing::list))
        .routes(routes!(outgoing::one))
        .routes(routes!(outgoing::reconcile))
        .routes(routes!(outgoing::decide))
        .routes(routes!(cases::hand_over))
        .routes(routes!(cases::list))
        .routes(routes!(cases::one))
        .routes(routes!(cases::accept))
        .routes(routes!(cases::close))
        .routes(routes!(cases::link))
        .routes(routes!(cases::intake))
}
