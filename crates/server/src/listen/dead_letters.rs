//! Items that could not be read. They block nothing and wait for a person.

use axum::extract::State;
use bedside_model::role::Action;
use bedside_model::{AccountId, RawId};
use bedside_store::Entry;
use bedside_store::listen::dead;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Id, Json, Params};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// An item that could not be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetter {
    /// The raw item.
    #[schema(value_type = String)]
    id: RawId,
    /// Of which account.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// Its id on the network.
    native_id: String,
    /// When it came.
    received_at: Instant,
    /// What is wrong and where, never what stands there.
    #[schema(required = true)]
    reason: Option<String>,
    /// How often it was tried.
    attempts: i64,
}

/// Items that could not be read, newest first
#[utoipa::path(get, path = "/dead_letters", tag = "listen", operation_id = "dead_letters", params(PageQuery),
    responses((status = 200, body = Page<DeadLetter>)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(page): Params<PageQuery>,
) -> Result<Json<Page<DeadLetter>>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let before: Option<RawId> = page.after()?;
    let found = dead::list(&mut app.read().await?, who.org(), before.as_ref(), page.limit() + 1).await?;
    let items = found
        .into_iter()
        .map(|letter| DeadLetter {
            id: letter.id,
            account_id: letter.account_id,
            native_id: letter.native_id,
            received_at: Instant(letter.received_at),
            reason: letter.reason,
            attempts: letter.attempts,
        })
        .collect();
    Ok(Json(Page::of(items, page.limit(), |letter| letter.id.clone())))
}

/// Reads an item again
#[utoipa::path(post, path = "/dead_letters/{id}/retry", tag = "listen", operation_id = "retry_dead_letter",
    params(("id" = String, Path)), responses((status = 202, description = "It is read again.")))]
pub(crate) async fn retry(State(app): State<App>, who: SignedIn, Id(id): Id<RawId>) -> Result<StatusCode, Problem> {
    app.allow_role(&who, Action::RetryDeadLetter)?;
    let by = who.by();
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                dead::retry(tx, &id).await?;
                tx.commit(Entry::new(by, "dead_letter.retried", &id), ())
            })
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}
