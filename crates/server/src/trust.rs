//! Trust: who is signed in, what they may do, what the organisation set, and what the log says.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub mod alerts;
pub mod audit;
pub mod health;
pub mod me;
pub mod password;
pub mod roles;
pub mod sentences;
pub mod sessions;
pub mod settings;
pub mod settings_shape;
pub mod setup;
pub mod users;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(setup::show, setup::create))
        .routes(routes!(sessions::create))
        .routes(routes!(sessions::end))
        .routes(routes!(me::show))
        .routes(routes!(password::change))
        .routes(routes!(roles::show))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::change))
        .routes(routes!(audit::list))
        .routes(routes!(audit::state))
        .routes(routes!(audit::verify))
        .routes(routes!(settings::show, settings::change))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::acknowledge))
        .routes(routes!(health::show))
        .routes(routes!(health::release))
}
