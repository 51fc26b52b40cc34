//! Listen: what is connected, how it is heard, and files that are read in.

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub mod accounts;
pub mod authorisations;
pub mod change_account;
pub mod connect;
pub mod dead_letters;
pub mod figures;
pub mod hooks;
pub mod imports;
pub mod networks;
pub mod registrations;
pub mod rejected;
pub mod sources;
pub mod upload;
pub mod watch_terms;

/// The operations of this room.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let uploads = OpenApiRouter::new()
        .routes(routes!(imports::list, imports::create))
        .routes(routes!(imports::preview))
        .layer(DefaultBodyLimit::max(upload::LARGEST_BODY));
    OpenApiRouter::new()
        .routes(routes!(accounts::list, connect::create))
        .routes(routes!(accounts::show, change_account::change, change_account::remove))
        .routes(routes!(connect::self_test))
        .routes(routes!(figures::show))
        .routes(routes!(networks::list))
        .routes(routes!(registrations::list, registrations::create))
        .routes(routes!(registrations::change, registrations::remove))
        .routes(routes!(authorisations::begin))
        .routes(routes!(authorisations::returned))
        .routes(routes!(authorisations::show))
        .routes(routes!(authorisations::connect))
        .routes(routes!(watch_terms::list, watch_terms::create))
        .routes(routes!(watch_terms::remove))
        .routes(routes!(watch_terms::attempt))
        .routes(routes!(sources::list, sources::create))
        .routes(routes!(sources::change))
        .routes(routes!(sources::poll))
        .routes(routes!(dead_letters::list))
        .routes(routes!(dead_letters::retry))
        .merge(uploads)
        .routes(routes!(imports::show))
        .routes(routes!(rejected::show))
}

#[cfg(test)]
mod network_tests;
#[cfg(test)]
mod tests;
