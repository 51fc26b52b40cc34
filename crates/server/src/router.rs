//! All routes, their layers, and the document that describes them: one list, so that they cannot
//! differ.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::{
    answer, assets, client, document, headers, idempotency, listen, live, ops, origin, publish, signed_in, trust,
    understand,
};

/// Largest body: 1 MB. The import of a file sets its own.
const LARGEST_BODY: usize = 1 << 20;

/// The routes of the API, without layers.
fn api() -> OpenApiRouter<App> {
    let rooms = OpenApiRouter::new()
        .merge(trust::routes())
        .merge(listen::routes())
        .merge(understand::routes())
        .merge(answer::routes())
        .merge(publish::routes())
        .routes(routes!(live::stream));
    OpenApiRouter::with_openapi(document::Head::openapi()).nest("/api/v1", rooms)
}

/// The complete document of the API.
pub fn openapi() -> OpenApi {
    document::finish(api().into_openapi())
}

/// The whole server. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, which
/// login throttling needs to know the client.
pub fn router(app: App) -> Router {
    let layer = |app: &App| app.clone();
    let (api, _) = api().split_for_parts();
    let api = api.route("/api/v1/openapi.json", axum::routing::get(document::serve));
    api.layer(from_fn_with_state(layer(&app), idempotency::layer))
        .layer(from_fn_with_state(layer(&app), signed_in::layer))
        .merge(ops::routes())
        .merge(answer::intake::routes())
        .fallback(assets::serve)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(layer(&app), origin::layer))
        .merge(publish::media::public_routes())
        .layer(from_fn_with_state(layer(&app), client::layer))
        // Networks are programs with no origin, from any address: their signature is looked at instead.
        .merge(listen::hooks::routes().layer(DefaultBodyLimit::max(LARGEST_BODY)))
        .layer(from_fn_with_state(layer(&app), headers::layer))
        .with_state(app)
}

/// The service with the addresses of its clients.
pub type MakeService = IntoMakeServiceWithConnectInfo<Router, SocketAddr>;

/// Serves until the future is dropped.
pub async fn serve(listener: TcpListener, service: MakeService) -> std::io::Result<()> {
    axum::serve(listener, service).await
}
