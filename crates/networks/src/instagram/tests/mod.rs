//! Stories of an account, told with canned answers. All people and texts are invented.

mod connects;
mod hears;
mod speaks;

use serde_json::{Value, json};
use url::Url;

use crate::testing::{at, json_answer};
use crate::*;

const OWN: &str = "17841";
const NOW: &str = "2026-11-24T12:00:00Z";

fn account() -> AccountView {
    AccountView {
        network: Network::Instagram,
        base_url: Url::parse("https://graph.facebook.com/").unwrap(),
        own_native_id: Some(OWN.to_owned()),
        credentials: Credentials::Oauth2(Box::new(Oauth2 {
            client_id: "77".into(),
            client_secret: Secret::new("It's a Secret to Everybody"),
            access_token: Secret::new("page-token"),
            ..Oauth2::default()
        })),
        hook_secret: Secret::new("verify-me"),
        config: json!({"username": "elmstreetclinic", "page_id": "1000"}),
    }
}

/// The same account, connected through Instagram itself.
fn by_itself() -> AccountView {
    AccountView { base_url: Url::parse("https://graph.instagram.com/").unwrap(), ..account() }
}

fn input<'a>(
    account: &'a AccountView,
    source: &'a Value,
    cursor: Option<&'a Value>,
    known: &'a [Known],
) -> PollInput<'a> {
    PollInput { account, source, cursor, known, now: at(NOW) }
}

fn list(data: &[Value]) -> HttpResponse {
    json_answer(200, &json!({"data": data}))
}

fn error(status: u16, code: i64, subcode: i64) -> HttpResponse {
    let error = json!({"message": "about rosa.n", "type": "OAuthException", "code": code, "error_subcode": subcode});
    json_answer(status, &json!({"error": error}))
}

fn path(request: &HttpRequest) -> &str {
    request.url.path().strip_prefix("/v26.0/").unwrap()
}
