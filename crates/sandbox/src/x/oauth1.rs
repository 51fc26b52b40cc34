//! Signatures of OAuth 1.0a (RFC 5849), HMAC-SHA1.

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use crate::world::hooks::sign::hmac_sha1;
use crate::world::{SECRET, TOKEN};

/// The roots under which a client may have meant the address: it signs the one that it knows.
const HOSTS: [&str; 4] =
    ["https://api.x.com", "https://api.twitter.com", "https://upload.x.com", "https://upload.twitter.com"];

/// Whether a request has a right signature of the consumer and the user that the sandbox knows.
pub(super) fn is_signed(parts: &Parts, body: &[u8]) -> bool {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(fields) = header.and_then(|header| header.strip_prefix("OAuth ")) else { return false };
    let unquote = |field: &str| -> Option<(String, String)> {
        let (name, value) = field.trim().split_once('=')?;
        Some((decode(name), decode(value.trim_matches('"'))))
    };
    let mut pairs: Vec<(String, String)> = fields.split(',').filter_map(unquote).collect();
    let take = |pairs: &Vec<(String, String)>, name: &str| {
        pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let signature = take(&pairs, "oauth_signature");
    let known = take(&pairs, "oauth_consumer_key") == TOKEN && take(&pairs, "oauth_token") == TOKEN;
    if !known || take(&pairs, "oauth_signature_method") != "HMAC-SHA1" {
        return false;
    }
    pairs.retain(|(name, _)| name != "oauth_signature" && name != "realm");
    let query = parts.uri.query().unwrap_or_default();
    let own = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
    pairs.extend(own(query.as_bytes()));
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        pairs.extend(own(body));
    }
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let roots = [format!("http://{host}"), format!("https://{host}")];
    roots
        .iter()
        .map(String::as_str)
        .chain(HOSTS)
        .any(|root| sign(parts.method.as_str(), &format!("{root}{}", parts.uri.path()), &pairs) == signature)
}

fn decode(text: &str) -> String {
    // A plus is a plus in the header; forms alone say a space with it.
    let pair = format!("v={}", text.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Everything but letters, digits and `-._~` written as `%XX` (RFC 5849, 3.6).
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn sign(method: &str, address: &str, pairs: &[(String, String)]) -> String {
    sign_with(SECRET, SECRET, method, address, pairs)
}

fn sign_with(consumer: &str, user: &str, method: &str, address: &str, pairs: &[(String, String)]) -> String {
    let mut encoded: Vec<(String, String)> = pairs.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    encoded.sort();
    let joined: Vec<String> = encoded.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let base = format!("{method}&{}&{}", encode(address), encode(&joined.join("&")));
    let key = format!("{}&{}", encode(consumer), encode(user));
    STANDARD.encode(hmac_sha1(key.as_bytes(), base.as_bytes()))
}

/// The header of a signed request, for tests.
#[cfg(test)]
pub(super) fn header(method: &str, address: &str, form: &[(&str, &str)]) -> String {
    let url: url::Url = address.parse().unwrap();
    let mut pairs: Vec<(String, String)> = [
        ("oauth_consumer_key", TOKEN),
        ("oauth_nonce", "n1"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1795521600"),
        ("oauth_token", TOKEN),
        ("oauth_version", "1.0"),
    ]
    .into_iter()
    .chain(form.iter().copied())
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    pairs.extend(url.query_pairs().into_owned());
    let root = address.split('?').next().unwrap();
    let signature = sign(method, root, &pairs);
    pairs.truncate(6);
    pairs.push(("oauth_signature".to_owned(), signature));
    let shown: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect();
    format!("OAuth {}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_of_the_published_example() {
        // "Creating a signature", the worked example of X's documentation of OAuth 1.0a.
        let pairs = [
            ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
            ("include_entities", "true"),
            ("oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"),
            ("oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "1318622958"),
            ("oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
            ("oauth_version", "1.0"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let signature = sign_with(
            "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
            "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
            "POST",
            "https://api.twitter.com/1.1/statuses/update.json",
            &pairs,
        );
        assert_eq!(signature, "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
    }
}
