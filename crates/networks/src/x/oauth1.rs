//! Signing as OAuth 1.0a asks for it: HMAC-SHA1 over the method, the address and all parameters
//! (RFC 5849, 3.4).
//!
//! A signature holds the time, and this crate has no clock. Where the caller knows the time it comes
//! in; where it does not (a self-test, a read-back), a first request with a time that is off is
//! answered 401 with a `Date`, and [`Signer::learn`] takes the time from there. The nonce is a hash of
//! what is signed and when, so the same request in the same second has the same nonce: X then
//! refuses the second, which is what a nonce is for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_model::Micros;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use url::Url;

use crate::http::percent_encode;
use crate::raw::short_hash;
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, NetError, time};

/// Puts the account's proof on requests, whichever of the two kinds it is.
#[derive(Debug, Clone)]
pub(super) struct Signer {
    credentials: Credentials,
    now: Micros,
    /// Makes the nonces of two sendings differ that build the same request in the same second.
    salt: String,
    learned: bool,
}

impl Signer {
    pub(super) fn new(account: &AccountView, now: Micros, salt: &str) -> Self {
        Self { credentials: account.credentials.clone(), now, salt: salt.to_owned(), learned: false }
    }

    /// Adds the `authorization` header.
    pub(super) fn sign(&self, request: HttpRequest) -> Result<HttpRequest, NetError> {
        let Credentials::Oauth1 { consumer_key, consumer_secret, token, token_secret } = &self.credentials else {
            return request.authorised(&self.credentials);
        };
        let timestamp = self.now.div_euclid(1_000_000).to_string();
        let body = String::from_utf8_lossy(&request.body);
        let nonce = short_hash(&[&self.salt, request.method.as_str(), request.url.as_str(), &body, &timestamp]);
        let keys = Keys {
            consumer_key,
            consumer_secret: consumer_secret.expose(),
            token: token.expose(),
            token_secret: token_secret.expose(),
        };
        let header = keys.header(request.method.as_str(), &request.url, &nonce, &timestamp);
        request.header("authorization", &header)
    }

    /// Takes the network's own time from a refusal, once. `true` where the request is worth repeating.
    pub(super) fn learn(&mut self, response: &HttpResponse) -> bool {
        let signs = matches!(self.credentials, Credentials::Oauth1 { .. });
        let date = response.header("date").and_then(time::http_date);
        match date.filter(|_| signs && response.status == 401 && !self.learned) {
            Some(now) => {
                (self.now, self.learned) = (now, true);
                true
            }
            None => false,
        }
    }
}

struct Keys<'a> {
    consumer_key: &'a str,
    consumer_secret: &'a str,
    token: &'a str,
    token_secret: &'a str,
}

impl Keys<'_> {
    fn header(&self, method: &str, url: &Url, nonce: &str, timestamp: &str) -> String {
        let mut fields = vec![
            ("oauth_consumer_key", self.consumer_key),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", timestamp),
            ("oauth_token", self.token),
            ("oauth_version", "1.0"),
        ];
        let signature = self.signature(method, url, &fields);
        fields.push(("oauth_signature", &signature));
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}=\"{}\"", percent_encode(value))).collect();
        format!("OAuth {}", fields.join(", "))
    }

    fn signature(&self, method: &str, url: &Url, oauth: &[(&str, &str)]) -> String {
        let key = format!("{}&{}", percent_encode(self.consumer_secret), percent_encode(self.token_secret));
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else {
            unreachable!("an HMAC takes a key of any length")
        };
        mac.update(base_string(method, url, oauth).as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

/// The signature base string, RFC 5849 3.4.1. Bodies of JSON and multipart are not part of it.
fn base_string(method: &str, url: &Url, oauth: &[(&str, &str)]) -> String {
    let query = url.query_pairs().map(|(name, value)| (percent_encode(&name), percent_encode(&value)));
    let mut parameters: Vec<(String, String)> =
        query.chain(oauth.iter().map(|(name, value)| (percent_encode(name), percent_encode(value)))).collect();
    parameters.sort();
    let parameters: Vec<String> = parameters.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    format!("{method}&{}&{}", percent_encode(bare.as_str()), percent_encode(&parameters.join("&")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_rfc_5849_section_1_2() {
        let keys = Keys {
            consumer_key: "dpf43f3p2l4k3l03",
            consumer_secret: "kd94hf93k423kf44",
            token: "nnch734d00sl2jdk",
            token_secret: "pfkkdhi9sl3r4s00",
        };
        let url = Url::parse("http://photos.example.net/photos?file=vacation.jpg&size=original").unwrap();
        // The example sends no `oauth_version`.
        let fields = [
            ("oauth_consumer_key", keys.consumer_key),
            ("oauth_token", keys.token),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131202"),
            ("oauth_nonce", "chapoH"),
        ];
        assert_eq!(keys.signature("GET", &url, &fields), "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
    }

    #[test]
    fn the_header_carries_what_was_signed_and_no_secret() {
        let keys = Keys { consumer_key: "k y", consumer_secret: "s1", token: "t", token_secret: "s2" };
        let url = Url::parse("https://x.example.org/2/tweets?ids=1,2&tweet.fields=a%20b").unwrap();
        let header = keys.header("GET", &url, "n", "1");
        assert!(header.starts_with("OAuth oauth_consumer_key=\"k%20y\", oauth_nonce=\"n\""), "{header}");
        assert!(header.contains("oauth_signature=\"") && !header.contains("s1"));
        let base = base_string("GET", &url, &[("oauth_nonce", "n")]);
        assert_eq!(
            base,
            "GET&https%3A%2F%2Fx.example.org%2F2%2Ftweets&\
             ids%3D1%252C2%26oauth_nonce%3Dn%26tweet.fields%3Da%2520b"
        );
    }
}
