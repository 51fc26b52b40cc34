//! Sessions: `com.atproto.server.createSession`, `refreshSession`, `deleteSession`, `getSession`.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Bluesky, Problem};
use crate::kit::{Fields, bearer};
use crate::world::{SECRET, Standing};

/// Seconds that an access token is good for.
const ACCESS: i64 = 2 * 3_600;
/// Seconds that a refresh token is good for.
const REFRESH: i64 = 60 * 86_400;

/// The beginning of a token that says of itself for whom and until when it is (RFC 7519). What the
/// server hands out behind it stands for the signature.
fn claims(server: &Bluesky, scope: &str, lasts: i64) -> String {
    let now = server.now().as_second();
    let header = json!({"typ": "at+jwt", "alg": "HS256"});
    let claims = json!({"scope": scope, "sub": server.lock().me.did, "iat": now, "exp": now + lasts});
    format!("{}.{}.", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

fn begin(server: &Bluesky) -> Value {
    let access = server.access.issue(&claims(server, "com.atproto.appPass", ACCESS), Some(ACCESS));
    let refresh = server.refresh.issue(&claims(server, "com.atproto.refresh", REFRESH), Some(REFRESH));
    let mut session = show(server);
    session["accessJwt"] = access.into();
    session["refreshJwt"] = refresh.into();
    session
}

/// Who the account is.
pub(super) fn show(server: &Bluesky) -> Value {
    let me = &server.lock().me;
    json!({"did": me.did, "handle": me.handle, "email": "elmstreet@example.org", "emailConfirmed": true, "active": true})
}

pub(super) fn create(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let (Some(identifier), Some(password)) = (fields.text("identifier"), fields.text("password")) else {
        return Err(Problem::invalid("Input must have the properties \"identifier\" and \"password\""));
    };
    let known = {
        let me = &server.lock().me;
        identifier.trim_start_matches('@').eq_ignore_ascii_case(&me.handle) || identifier == me.did
    };
    if known && password == SECRET { Ok(begin(server)) } else { Err(Problem::WRONG_PASSWORD) }
}

/// Renews a session with its refresh token, or ends it; either way the token is used up.
pub(super) fn change(server: &Bluesky, headers: &HeaderMap, ends: bool) -> Result<Value, Problem> {
    let token = bearer(headers).ok_or(Problem::NOBODY)?;
    match server.refresh.standing(token) {
        // The token that stands for everything is no refresh token.
        Standing::Valid if server.refresh.revoke(token) => {}
        Standing::Expired => return Err(Problem::EXPIRED),
        Standing::Revoked => return Err(Problem::REVOKED),
        Standing::Valid | Standing::Unknown => return Err(Problem::INVALID_TOKEN),
    }
    Ok(if ends { json!({}) } else { begin(server) })
}
