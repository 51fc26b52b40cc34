//! The log of the world: every exchange, without a secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fault::FaultKind;
use super::network::Network;

/// Which way an exchange went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A client asked the network.
    In,
    /// The network told a webhook.
    Out,
}

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Counted from 1.
    pub number: u64,
    /// When it ended.
    pub at: Timestamp,
    /// Which way it went.
    pub direction: Direction,
    /// The network.
    pub network: Network,
    /// The method.
    pub method: String,
    /// Path and query of a request, address of a webhook. Values that are secret are replaced by
    /// `***`.
    pub path: String,
    /// The id that stands in the answer's `X-Request-Id`; of a webhook, the id of the event, which
    /// all its deliveries share.
    pub request_id: String,
    /// The `Idempotency-Key` it carried.
    pub idempotency_key: Option<String>,
    /// The status it was answered with; none where nothing was answered.
    pub status: Option<u16>,
    /// The fault that happened to it.
    pub fault: Option<FaultKind>,
}

/// Parameters whose values are nobody's business, as parts of their names.
const SECRET: [&str; 9] =
    ["token", "secret", "proof", "code", "key", "signature", "password", "assertion", "challenge"];

/// Path and query with the values of secret parameters replaced. A name that was encoded to slip
/// through has its value hidden like the plain one.
pub(super) fn without_secrets(path_and_query: &str) -> String {
    let Some((path, query)) = path_and_query.split_once('?') else { return path_and_query.to_owned() };
    // These name a page of a listing and no secret; they are what one looks for in a log.
    const PAGES: [&str; 3] = ["pageToken", "pagination_token", "next_token"];
    let shown = |pair: &str| {
        let Some((name, _)) = pair.split_once('=') else { return pair.to_owned() };
        let plain: String = url::form_urlencoded::parse(name.as_bytes()).map(|(name, _)| name.into_owned()).collect();
        let lower = plain.to_ascii_lowercase();
        let secret = !PAGES.contains(&plain.as_str()) && SECRET.iter().any(|part| lower.contains(part));
        if secret { format!("{name}=***") } else { pair.to_owned() }
    };
    let pairs: Vec<String> = query.split('&').map(shown).collect();
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn secret_values_never_stand_in_the_log() {
        let table = [
            ("/1?fields=id&access_token=abc", "/1?fields=id&access_token=***"),
            ("/1?access%5Ftoken=abc&appsecret_proof=ff", "/1?access%5Ftoken=***&appsecret_proof=***"),
            ("/debug_token?input_token=abc", "/debug_token?input_token=***"),
            ("/youtube/v3/comments?pageToken=CAE&key=abc", "/youtube/v3/comments?pageToken=CAE&key=***"),
            ("/token", "/token"),
        ];
        for (path, shown) in table {
            assert_eq!(without_secrets(path), shown);
        }
    }
}
