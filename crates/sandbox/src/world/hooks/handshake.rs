//! How each network makes sure that a webhook is its subscriber's before it sends anything.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::Url;

use super::sign::hmac_sha256;
use crate::world::Network;

/// What a handshake is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) network: Network,
    pub(super) secret: &'a str,
    pub(super) verify_token: &'a str,
    pub(super) topic: Option<&'a str>,
    /// `subscribe` or `unsubscribe`, for those networks that ask for both.
    pub(super) mode: &'a str,
    /// What the subscriber has to prove that it read.
    pub(super) challenge: &'a str,
}

/// The address to ask, or `None` for a network without a handshake.
pub(super) fn question(url: &Url, terms: &Terms<'_>) -> Option<Url> {
    let mut url = url.clone();
    let mut pairs = url.query_pairs_mut();
    match terms.network {
        Network::Facebook | Network::Instagram => {
            pairs
                .append_pair("hub.mode", "subscribe")
                .append_pair("hub.challenge", terms.challenge)
                .append_pair("hub.verify_token", terms.verify_token);
        }
        Network::Youtube => {
            pairs
                .append_pair("hub.mode", terms.mode)
                .append_pair("hub.topic", terms.topic.unwrap_or(""))
                .append_pair("hub.challenge", terms.challenge);
            if !terms.verify_token.is_empty() {
                pairs.append_pair("hub.verify_token", terms.verify_token);
            }
            if terms.mode == "subscribe" {
                pairs.append_pair("hub.lease_seconds", "432000");
            }
        }
        Network::X => {
            pairs.append_pair("crc_token", terms.challenge);
        }
        Network::Linkedin => {
            pairs.append_pair("challengeCode", terms.challenge);
        }
        Network::Yelp => {
            pairs.append_pair("verification", terms.challenge);
        }
        Network::GoogleBusiness | Network::Mastodon | Network::Bluesky => return None,
    }
    drop(pairs);
    Some(url)
}

/// Whether the answer proves it.
pub(super) fn proves(terms: &Terms<'_>, status: u16, body: &str) -> bool {
    let hmac = || hmac_sha256(terms.secret.as_bytes(), terms.challenge.as_bytes());
    let field = |name: &str| serde_json::from_str::<Value>(body).ok()?.get(name)?.as_str().map(str::to_owned);
    let answer = match terms.network {
        Network::Facebook | Network::Instagram | Network::Youtube => body.trim() == terms.challenge,
        Network::X => field("response_token") == Some(format!("sha256={}", STANDARD.encode(hmac()))),
        Network::Linkedin => {
            field("challengeCode").as_deref() == Some(terms.challenge)
                && field("challengeResponse") == Some(hex::encode(hmac()))
        }
        // The code comes back as it is, or in the JSON that Yelp's partners answer with.
        Network::Yelp => body.trim() == terms.challenge || field("verification").as_deref() == Some(terms.challenge),
        Network::GoogleBusiness | Network::Mastodon | Network::Bluesky => true,
    };
    (200..300).contains(&status) && answer
}

#[cfg(test)]
mod tests {
    use super::{Terms, proves, question};
    use crate::world::Network;

    fn terms(network: Network) -> Terms<'static> {
        Terms {
            network,
            secret: "sandbox-secret",
            verify_token: "mine",
            topic: Some("https://www.youtube.com/xml/feeds/videos.xml?channel_id=UC1"),
            mode: "subscribe",
            challenge: "c-1",
        }
    }

    #[test]
    fn each_network_asks_in_its_own_way() {
        let asked = |network| {
            let url = "https://clinic.example.org/hook?org=1".parse().unwrap();
            question(&url, &terms(network)).map(|url| url.query().unwrap_or("").to_owned())
        };
        assert_eq!(
            asked(Network::Facebook).as_deref(),
            Some("org=1&hub.mode=subscribe&hub.challenge=c-1&hub.verify_token=mine")
        );
        assert_eq!(asked(Network::X).as_deref(), Some("org=1&crc_token=c-1"));
        assert_eq!(asked(Network::Linkedin).as_deref(), Some("org=1&challengeCode=c-1"));
        assert_eq!(asked(Network::Yelp).as_deref(), Some("org=1&verification=c-1"));
        assert_eq!(asked(Network::Mastodon), None);
    }

    #[test]
    fn only_the_right_answer_proves_it() {
        assert!(proves(&terms(Network::Facebook), 200, "c-1"));
        assert!(!proves(&terms(Network::Facebook), 200, "c-2"));
        assert!(!proves(&terms(Network::Facebook), 403, "c-1"));
        assert!(!proves(&terms(Network::X), 200, "c-1"));
        // Computed with Python's hmac over the same values.
        let crc = r#"{"response_token":"sha256=G5scoKhEz8v7YZBqdfBT9fTT6y+0tR3FTXHT3bR146k="}"#;
        assert!(proves(&terms(Network::X), 200, crc));
        let linkedin = r#"{"challengeCode":"c-1","challengeResponse":"1b9b1ca0a844cfcbfb61906a75f053f5f4d3eb2fb4b51dc54d71d3ddb475e3a9"}"#;
        assert!(proves(&terms(Network::Linkedin), 200, linkedin));
        assert!(!proves(&terms(Network::Linkedin), 200, r#"{"challengeCode":"c-1","challengeResponse":"00"}"#));
    }
}
