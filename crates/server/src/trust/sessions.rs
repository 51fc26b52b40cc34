//! Signing in and out.

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use bedside_store::Entry;
use bedside_store::people::throttle::{self, Key};
use bedside_store::people::{self, session};
use http::{StatusCode, header};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::me::{Me, me};
use crate::app::{App, Inner};
use crate::client::Client;
use crate::extract::Json;
use crate::problem::Problem;
use crate::signed_in::{self, NewSession, SignedIn};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// The address.
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn")
    }
}

/// Failures of one account and of one client that do not wait yet. A hospital's whole staff may sit
/// behind one address.
const FREE_OF_ACCOUNT: i64 = 5;
const FREE_OF_CLIENT: i64 = 50;

fn key(kind: &str, what: &str, free: i64) -> Key {
    Key { hash: hex::encode(Sha256::digest(format!("{kind}\0{what}"))), free }
}

/// What failures of an account are counted under.
pub(crate) fn account_key(email: &str) -> Key {
    key("account", &people::normal_email(email), FREE_OF_ACCOUNT)
}

fn client_key(client: &Client) -> Key {
    // One household or provider has a whole /64 of IPv6.
    let what = match client.address {
        std::net::IpAddr::V4(v4) => v4.to_string(),
        std::net::IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
    };
    key("client", &what, FREE_OF_CLIENT)
}

/// Counts an attempt and refuses it where it has to wait.
pub(crate) async fn count_attempt(app: &Inner, keys: Vec<Key>) -> Result<(), Problem> {
    let now = app.now();
    let blocked = app
        .store
        .write_system(now, move |tx| {
            Box::pin(async move {
                let blocked = throttle::attempt(tx, &keys).await?;
                if blocked.is_some() { tx.unchanged(blocked) } else { tx.operational(blocked) }
            })
        })
        .await?;
    match blocked {
        None => Ok(()),
        Some(until) => {
            let seconds = (until - now).max(0).unsigned_abs().div_ceil(1_000_000);
            Err(Problem::from(throttle::refusal()).retry_after(seconds.max(1)))
        }
    }
}

/// Signs in
///
/// Sets the cookie `bedside_session`.
#[utoipa::path(post, path = "/sessions", tag = "trust", operation_id = "sign_in", request_body = SignIn,
    responses((status = 201, body = Me)))]
pub(crate) async fn create(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    Json(SignIn { email, password }): Json<SignIn>,
) -> Result<impl IntoResponse, Problem> {
    let (account, from) = (account_key(&email), client_key(&client));
    count_attempt(&app, vec![account.clone(), from.clone()]).await?;
    let found = people::by_email(&mut app.read().await?, &email).await?;
    let (user, stored) = match found {
        Some(found) if found.user.active => (Some(found.user), Some(found.password_hash)),
        Some(_) | None => (None, None),
    };
    let fits = app.passwords.verify(stored, password).await?;
    let Some(user) = user.filter(|_| fits) else {
        return Err(Problem::new("wrong_credentials", "This address and password do not belong together."));
    };
    let session = NewSession::new(&app);
    let cookie = session.cookie(&client);
    let (id, session_id) = (user.id.clone(), session.id.clone());
    app.store
        .write(&user.org_id, app.now(), move |tx| {
            Box::pin(async move {
                throttle::succeeded(tx, &account, &from).await?;
                session.add(tx, &id).await?;
                tx.commit(Entry::new(bedside_store::By::user(&id), "session.began", &session_id), ())
            })
        })
        .await?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(me(&app, &user).await?)))
}

/// Signs out
#[utoipa::path(delete, path = "/sessions/current", tag = "trust", operation_id = "sign_out",
    responses((status = 204, description = "Signed out")))]
pub(crate) async fn end(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    who: SignedIn,
) -> Result<impl IntoResponse, Problem> {
    let (by, id) = (who.by(), who.session.clone());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                session::end(tx, &id).await?;
                tx.commit(Entry::new(by, "session.ended", &id), ())
            })
        })
        .await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, signed_in::no_cookie(&client))]))
}

#[cfg(test)]
mod tests;
