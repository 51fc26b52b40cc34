//! Trust: who is signed in, what they may do, what the organisation set, and what the log says.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub mod me;
pub mod password;
pub mod roles;
pub mod sessions;
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
}
