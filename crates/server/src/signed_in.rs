//! Who is signed in: the session cookie, its token's hash, its time.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bedside_model::role::Actor;
use bedside_model::user::User;
use bedside_model::{OrgId, SessionId, UserId};
use bedside_store::people::session;
use bedside_store::{By, Result, Tx};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};

use crate::app::{App, Inner};
use crate::client::Client;
use crate::problem::Problem;

/// The name of the cookie.
pub const COOKIE: &str = "bedside_session";

/// The person who makes this request. As an argument of a handler it refuses everybody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// The user.
    pub user: User,
}

impl SignedIn {
    /// The organisation whose things may be seen.
    pub fn org(&self) -> &OrgId {
        &self.user.org_id
    }

    /// For the model's decisions.
    pub fn actor(&self) -> Actor {
        self.user.actor()
    }

    /// For the log.
    pub fn by(&self) -> By {
        By::user(&self.user.id)
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, Problem> {
        let signed_in = parts.extensions.get::<Self>().cloned();
        signed_in.ok_or_else(|| Problem::new("not_signed_in", "Sign in first."))
    }
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

fn token_of(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Looks up who is signed in. A request without a session goes on; the handler decides.
pub(crate) async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if let Some(token) = token_of(request.headers()) {
        let hash = hash(token);
        match find(&app, &hash).await {
            Ok(Some(signed_in)) => {
                request.extensions_mut().insert(signed_in);
            }
            Ok(None) => {}
            Err(problem) => return problem.into_response(),
        }
    }
    next.run(request).await
}

async fn find(app: &Inner, hash: &str) -> std::result::Result<Option<SignedIn>, Problem> {
    let mut conn = app.read().await?;
    let found = session::find(&mut conn, hash).await?;
    drop(conn);
    let now = app.now();
    let Some(found) = found.filter(|session| session.is_open(now)) else { return Ok(None) };
    if now - found.seen_at >= session::SEEN_EVERY {
        note_use(app, &found, now);
    }
    Ok(Some(SignedIn { session: found.id, user: found.user }))
}

/// Notes the use of a session without making the request wait for it.
fn note_use(app: &Inner, found: &session::Session, now: i64) {
    let (store, org, id) = (app.store.clone(), found.user.org_id.clone(), found.id.clone());
    tokio::spawn(async move {
        let noted = store.write(&org, now, move |tx| {
            Box::pin(async move {
                session::seen(tx, &id).await?;
                tx.operational(())
            })
        });
        if let Err(e) = noted.await {
            tracing::warn!(error = %e.inner(), "the use of a session could not be noted");
        }
    });
}

/// Whether a session is still open, for connections that stay.
pub(crate) async fn still_open(app: &Inner, token_hash: &str) -> bool {
    find(app, token_hash).await.is_ok_and(|found| found.is_some())
}

/// The hash of the token of a request, for [`still_open`].
pub(crate) fn token_hash(headers: &HeaderMap) -> Option<String> {
    token_of(headers).map(hash)
}

/// A session that begins: its token goes into the cookie, its hash into the database.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    token: String,
}

impl NewSession {
    /// Draws a token.
    pub fn new(app: &Inner) -> Self {
        Self { id: SessionId::from_bits(app.store.ids().bits(app.now())), token: app.store.ids().token() }
    }

    /// Writes the session of a user. The caller commits.
    pub async fn add(&self, tx: &mut Tx, user: &UserId) -> Result<()> {
        session::add(tx, &hash(&self.token), &self.id, user).await
    }

    /// The `Set-Cookie` header.
    pub fn cookie(&self, client: &Client) -> HeaderValue {
        cookie(&self.token, session::LONGEST / 1_000_000, client)
    }
}

fn cookie(value: &str, seconds: i64, client: &Client) -> HeaderValue {
    let secure = if client.https { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    // A token holds letters and digits only.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// The `Set-Cookie` header that ends a session in the browser.
pub(crate) fn no_cookie(client: &Client) -> HeaderValue {
    cookie("", 0, client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others_and_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "bedside_session_old=a; x=1; bedside_session=tok; y=2".parse().unwrap());
        assert_eq!(token_of(&headers), Some("tok"));
    }

    #[test]
    fn the_cookie_is_secure_behind_https() {
        let client = |https| Client { address: [127, 0, 0, 1].into(), https };
        let text = cookie("tok", 60, &client(true));
        assert_eq!(text, "bedside_session=tok; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
        assert!(!cookie("tok", 60, &client(false)).to_str().unwrap().contains("Secure"));
    }
}
