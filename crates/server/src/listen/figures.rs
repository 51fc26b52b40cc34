//! Figures of reach of an account, as its network tells them.

use axum::extract::State;
use bedside_model::AccountId;
use bedside_model::role::Action;
use bedside_store::listen::account;
use bedside_store::listen::figures::{self as store, StoredFigure};
use bedside_store::listen::upkeep::{self, Upkeep};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Id, Json, Params};
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// Days that are shown where nobody asks for others.
const DAYS: u32 = 28;
/// The most days.
const DAYS_MAX: u32 = 366;
const DAY: i64 = 86_400 * 1_000_000;

/// Of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Since {
    /// How many days back, today among them; 28 where absent, at most 366.
    days: Option<u32>,
}

/// What a network counts of an account. What it does not tell is missing, never zero.
#[derive(Debug, Serialize, ToSchema)]
pub struct Figures {
    /// The newest day first.
    items: Vec<FigureShape>,
    /// When all of them were last read.
    #[schema(required = true)]
    read_at: Option<Instant>,
    /// When they are read next.
    #[schema(required = true)]
    next_at: Option<Instant>,
    /// Why they could not be read the last time.
    #[schema(required = true)]
    error: Option<String>,
}

/// A figure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figure)]
pub struct FigureShape {
    /// `views`, `reach`, `followers`, `reactions`, `comments`, `shares`, `clicks`, `stars`, `reviews` or `actions`.
    metric: String,
    /// The network's own name of it.
    source: String,
    /// The day (UTC) it is of, as its begin; of a total, the day on which it was read.
    day: Instant,
    /// A total as of that day, not what the day brought.
    total: bool,
    /// The value.
    value: f64,
    /// The post it is of, by its id on the network; null for the account as a whole.
    #[schema(required = true)]
    post_native_id: Option<String>,
    /// When it was read.
    read_at: Instant,
}

impl From<StoredFigure> for FigureShape {
    fn from(is: StoredFigure) -> Self {
        Self {
            metric: is.metric,
            source: is.native_name,
            day: Instant(is.day),
            total: is.is_total,
            value: is.value,
            post_native_id: Some(is.post_native_id).filter(|post| !post.is_empty()),
            read_at: Instant(is.read_at),
        }
    }
}

/// Figures of an account and of what it posted in the last month
#[utoipa::path(get, path = "/accounts/{id}/figures", tag = "listen", operation_id = "figures",
    params(("id" = String, Path), Since), responses((status = 200, body = Figures)))]
pub(crate) async fn show(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AccountId>,
    Params(asked): Params<Since>,
) -> Result<Json<Figures>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let mut conn = app.read().await?;
    account::get(&mut conn, who.org(), &id).await?;
    let days = i64::from(asked.days.unwrap_or(DAYS).clamp(1, DAYS_MAX));
    let since = (app.now().div_euclid(DAY) + 1 - days) * DAY;
    let items = store::list(&mut conn, who.org(), &id, since).await?;
    let stood = upkeep::standing(&mut conn, who.org(), &id, Upkeep::Figures).await?;
    Ok(Json(Figures {
        items: items.into_iter().map(FigureShape::from).collect(),
        read_at: stood.as_ref().and_then(|stood| stood.since).map(Instant),
        next_at: stood.as_ref().map(|stood| Instant(stood.next_at)),
        error: stood.and_then(|stood| stood.failed),
    }))
}
