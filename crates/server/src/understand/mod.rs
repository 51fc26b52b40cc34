//! Understand: try the labels on a text, correct those of a message, and see how often people agree;
//! the library of claims.

use axum::extract::State;
use bedside_model::role::Action;
use bedside_understand::Context;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::extract::Json;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

mod agreement;
mod claims;
mod correct;
mod corrections;
mod export;
pub mod shape;
pub mod standing;
pub mod view;

/// The longest text that is tried: no network of ours serves a longer one.
pub const LONGEST_TEXT: usize = 100_000;

/// The operations of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(understand))
        .routes(routes!(correct::correct))
        .routes(routes!(corrections::list))
        .routes(routes!(corrections::export))
        .routes(routes!(agreement::agreement))
        .routes(routes!(claims::list))
}

/// A text to try.
#[derive(Deserialize, ToSchema)]
pub struct Understand {
    /// The text.
    pub text: String,
    /// The network that it would come from.
    pub network: Option<String>,
    /// What it would be there.
    pub kind: Option<String>,
    /// Stars that would go with it.
    pub rating: Option<f64>,
}

/// Says what a text is, with the words that decided it. Stores nothing.
#[utoipa::path(post, path = "/understand", tag = "understand", operation_id = "understand", request_body = Understand, responses(
    (status = 200, description = "What is said about the text", body = shape::Assessment)))]
async fn understand(
    State(app): State<App>,
    who: SignedIn,
    Json(body): Json<Understand>,
) -> Result<Json<bedside_understand::Assessment>, Problem> {
    app.allow_role(&who, Action::AssessText)?;
    if body.text.len() > LONGEST_TEXT {
        return Err(Problem::invalid("text", "This text is too long to be tried at once."));
    }
    let context = Context { network: body.network, kind: body.kind, rating: body.rating };
    let assessed = tokio::task::spawn_blocking(move || bedside_understand::assess(&body.text, &context)).await;
    assessed.map(Json).map_err(Problem::internal)
}
