//! A new password for oneself. It ends the other sessions.

use axum::extract::State;
use bedside_store::Entry;
use bedside_store::people::{self, session};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::Json;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
pub struct ChangePassword {
    /// The password so far.
    #[schema(format = Password)]
    old: String,
    /// The new one, at least 12 characters.
    #[schema(min_length = 12, format = Password)]
    new: String,
}

impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChangePassword")
    }
}

/// Sets a new password for oneself
///
/// Other sessions of the same person end.
#[utoipa::path(post, path = "/me/password", tag = "trust", operation_id = "change_password", request_body = ChangePassword,
    responses((status = 204, description = "Changed")))]
pub(crate) async fn change(
    State(app): State<App>,
    who: SignedIn,
    Json(ChangePassword { old, new }): Json<ChangePassword>,
) -> Result<StatusCode, Problem> {
    // Whoever found an open browser must not try passwords at leisure.
    super::sessions::count_attempt(&app, vec![super::sessions::account_key(&who.user.email)]).await?;
    let stored = people::password_hash(&mut app.read().await?, who.org(), &who.user.id).await?;
    if !app.passwords.verify(Some(stored), old).await? {
        return Err(Problem::new("wrong_password", "The old password is not right.").with_field("old", "Not right."));
    }
    let hash = app.passwords.hash(app.store.ids(), "new", new).await?;
    let (by, id, session_id) = (who.by(), who.user.id.clone(), who.session.clone());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                people::set_password(tx, &id, &hash).await?;
                let ended = session::end_of_user(tx, &id, Some(&session_id)).await?;
                tx.commit(Entry::new(by, "user.password_changed", &id).with("sessions_ended", ended), ())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
