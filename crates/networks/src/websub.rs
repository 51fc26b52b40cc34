//! WebSub (W3C Recommendation of 2018-01-23), for feeds and for uploads on YouTube.
//!
//! A hub tells us of a topic once we asked it to: it makes sure of the asking by a handshake, and
//! signs each delivery with a secret that we gave it (`X-Hub-Signature: method=hex`). Hubs sign with
//! what they like, Google's with SHA-1, so all four methods of the recommendation are taken.

use hmac::{Hmac, Mac};
use url::Url;

use crate::subscription::{OneCall, SubscriptionSteps};
use crate::webhook::same_bytes;
use crate::{ErrorClass, Forged, Handshake, HttpRequest, HttpResponse, Incoming, Method, Query, Secret};

/// What is asked of a hub.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subscription<'a> {
    /// The address of ours that the hub delivers to.
    pub callback: &'a Url,
    /// What is listened to.
    pub topic: &'a str,
    /// What the hub signs with; below 200 bytes.
    pub secret: &'a Secret,
    /// For how long, in seconds; the hub may shorten it.
    pub lease_seconds: u32,
}

/// Asks to subscribe. The hub answers 202 and then asks back ([`handshake`]).
pub(crate) fn subscribe(hub: Url, subscription: &Subscription<'_>) -> Box<dyn SubscriptionSteps> {
    let request = HttpRequest::new(Method::Post, hub).form(&[
        ("hub.mode", "subscribe"),
        ("hub.callback", subscription.callback.as_str()),
        ("hub.topic", subscription.topic),
        ("hub.secret", subscription.secret.expose()),
        ("hub.lease_seconds", &subscription.lease_seconds.to_string()),
    ]);
    OneCall::boxed(request, classify)
}

/// Asks to end. The hub asks back here, too ([`farewell`]).
pub(crate) fn unsubscribe(hub: Url, callback: &Url, topic: &str) -> Box<dyn SubscriptionSteps> {
    let mode = ("hub.mode", "unsubscribe");
    let request = [mode, ("hub.callback", callback.as_str()), ("hub.topic", topic)];
    OneCall::boxed(HttpRequest::new(Method::Post, hub).form(&request), classify)
}

/// What a hub's answer means (WebSub, 5.1: any 4xx or 5xx is a refusal).
fn classify(response: &HttpResponse) -> ErrorClass {
    match response.status {
        200..=299 => ErrorClass::Fine,
        401 | 403 => ErrorClass::Forbidden,
        404 | 410 => ErrorClass::Gone,
        429 => ErrorClass::RateLimited { after: response.retry_after_seconds() },
        408 | 425 | 500..=599 => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

/// Answers the hub that makes sure that a subscription is to end. Asked only while we want an end ourselves.
pub(crate) fn farewell(query: &Query<'_>, is_ours: impl Fn(&str) -> bool) -> Handshake {
    let asked = (query.get("hub.mode"), query.get("hub.topic"), query.get("hub.challenge"));
    let (Some("unsubscribe"), Some(topic), Some(challenge)) = asked else { return Handshake::NotOne };
    if !is_ours(topic) {
        return Handshake::Refused;
    }
    Handshake::Answer { content_type: "text/plain", body: challenge.to_owned() }
}

/// Answers the hub that makes sure of a subscription. Only our own topics are confirmed, and an end never is: while
/// we listen, whoever asks for one is not us.
pub(crate) fn handshake(query: &Query<'_>, is_ours: impl Fn(&str) -> bool) -> Handshake {
    let Some(mode) = query.get("hub.mode") else { return Handshake::NotOne };
    let Some(topic) = query.get("hub.topic") else { return Handshake::NotOne };
    match (mode, query.get("hub.challenge")) {
        ("subscribe", Some(challenge)) if is_ours(topic) => {
            Handshake::Answer { content_type: "text/plain", body: challenge.to_owned() }
        }
        // The hub will not deliver, and wants only to be heard.
        ("denied", _) if is_ours(topic) => Handshake::Answer { content_type: "text/plain", body: String::new() },
        _ => Handshake::Refused,
    }
}

/// Whether the hub signed the delivery with our secret.
pub(crate) fn verify(secret: &Secret, delivery: &Incoming<'_>) -> Result<(), Forged> {
    if secret.is_empty() {
        return Err(Forged("the subscription has no secret"));
    }
    let signature = delivery.header("x-hub-signature").ok_or(Forged("there is no X-Hub-Signature"))?;
    let (method, given) = signature.split_once('=').ok_or(Forged("X-Hub-Signature is not of the form method=hex"))?;
    let given = hex::decode(given).map_err(|_| Forged("the signature is not hexadecimal"))?;
    let key = secret.expose().as_bytes();
    let expected = match method {
        "sha1" => hmac_over::<Hmac<sha1::Sha1>>(key, delivery.body),
        "sha256" => hmac_over::<Hmac<sha2::Sha256>>(key, delivery.body),
        "sha384" => hmac_over::<Hmac<sha2::Sha384>>(key, delivery.body),
        "sha512" => hmac_over::<Hmac<sha2::Sha512>>(key, delivery.body),
        _ => return Err(Forged("the method of the signature is not known")),
    };
    if same_bytes(&expected, &given) { Ok(()) } else { Err(Forged("the signature does not hold")) }
}

fn hmac_over<M: Mac + hmac::digest::KeyInit>(key: &[u8], body: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = <M as Mac>::new_from_slice(key) else { unreachable!("an HMAC takes a key of any length") };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod heavy;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signed<'a>(headers: &'a [(String, String)], body: &'a [u8]) -> Incoming<'a> {
        Incoming { headers, path_secret: "", body }
    }

    fn header(value: &str) -> Vec<(String, String)> {
        vec![("X-Hub-Signature".to_owned(), value.to_owned())]
    }

    /// Key and message of RFC 4231, case 2, and RFC 2202, case 2.
    const KEY: &str = "Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";

    #[test]
    fn every_method_of_the_recommendation_is_taken() {
        let vectors = [
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd\
             caeab1a34d4a6b4b636e070a38bce737",
        ];
        for vector in vectors {
            assert_eq!(verify(&Secret::new(KEY), &signed(&header(vector), BODY)), Ok(()), "{vector}");
        }
    }

    #[test]
    fn what_is_not_signed_with_our_secret_is_refused() {
        let good = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
        let refused = |key: &str, value: &str| verify(&Secret::new(key), &signed(&header(value), BODY)).unwrap_err().0;
        assert_eq!(refused("", good), "the subscription has no secret");
        assert_eq!(refused("other", good), "the signature does not hold");
        assert_eq!(refused(KEY, &good.replace("sha1", "md5")), "the method of the signature is not known");
        assert_eq!(refused(KEY, &good.replace("sha1", "sha256")), "the signature does not hold");
        assert_eq!(refused(KEY, "sha1="), "the signature does not hold");
        assert!(verify(&Secret::new(KEY), &signed(&[], BODY)).is_err());
    }

    #[test]
    fn only_our_topic_is_confirmed() {
        let ask = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            handshake(&Query(&pairs), |topic| topic == "https://feeds.example.org/a")
        };
        let topic = ("hub.topic", "https://feeds.example.org/a");
        let confirmed = ask(&[("hub.mode", "subscribe"), topic, ("hub.challenge", "c-1"), ("hub.lease_seconds", "60")]);
        assert_eq!(confirmed, Handshake::Answer { content_type: "text/plain", body: "c-1".to_owned() });
        let other = ("hub.topic", "https://feeds.example.org/b");
        assert_eq!(ask(&[("hub.mode", "subscribe"), other, ("hub.challenge", "c")]), Handshake::Refused);
        assert_eq!(ask(&[("hub.mode", "unsubscribe"), topic, ("hub.challenge", "c")]), Handshake::Refused);
        assert_eq!(ask(&[("verification", "x")]), Handshake::NotOne);

        let end = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            farewell(&Query(&pairs), |topic| topic == "https://feeds.example.org/a")
        };
        let confirmed = end(&[("hub.mode", "unsubscribe"), topic, ("hub.challenge", "c-2")]);
        assert_eq!(confirmed, Handshake::Answer { content_type: "text/plain", body: "c-2".to_owned() });
        assert_eq!(end(&[("hub.mode", "unsubscribe"), other, ("hub.challenge", "c")]), Handshake::Refused);
        assert_eq!(end(&[("hub.mode", "subscribe"), topic, ("hub.challenge", "c")]), Handshake::NotOne);
    }

    proptest! {
        #[test]
        fn a_changed_delivery_is_never_accepted(body in proptest::collection::vec(any::<u8>(), 1..80), at in any::<usize>(), bit in 0u8..8) {
            let secret = Secret::new("a secret of ours");
            let mac = hmac_over::<Hmac<sha1::Sha1>>(secret.expose().as_bytes(), &body);
            let header = header(&format!("sha1={}", hex::encode(mac)));
            prop_assert!(verify(&secret, &signed(&header, &body)).is_ok());
            let mut changed = body.clone();
            let at = at % changed.len();
            changed[at] ^= 1 << bit;
            prop_assert!(verify(&secret, &signed(&header, &changed)).is_err());
        }
    }
}
