//! How each network signs what it sends to a webhook.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::Sha256;

use crate::world::Network;

/// HMAC-SHA-256.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA-1, which Google's hub still signs with.
pub fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else { return [0; 20] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The header with the signature of a body, as the network sends it; `None` for one that signs nothing.
///
/// Meta: `X-Hub-Signature-256`, hex over the raw body. X: base64. LinkedIn: hex over the body with
/// `hmacsha256=` before it. WebSub: only where the subscriber gave a secret.
pub fn signature(network: Network, secret: &str, body: &[u8]) -> Option<(&'static str, String)> {
    let key = secret.as_bytes();
    match network {
        Network::Facebook | Network::Instagram => {
            Some(("x-hub-signature-256", format!("sha256={}", hex::encode(hmac_sha256(key, body)))))
        }
        Network::Youtube => {
            (!key.is_empty()).then(|| ("x-hub-signature", format!("sha1={}", hex::encode(hmac_sha1(key, body)))))
        }
        Network::X => {
            Some(("x-twitter-webhooks-signature", format!("sha256={}", STANDARD.encode(hmac_sha256(key, body)))))
        }
        Network::Linkedin => {
            let signed = [b"hmacsha256=", body].concat();
            Some(("x-li-signature", hex::encode(hmac_sha256(key, &signed))))
        }
        Network::GoogleBusiness | Network::Yelp | Network::Mastodon | Network::Bluesky => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{hmac_sha1, hmac_sha256, signature};
    use crate::world::Network;

    #[test]
    fn the_hmacs_are_those_of_the_standards() {
        // RFC 4231 and RFC 2202, case 2.
        let (key, message) = (b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            hex::encode(hmac_sha256(key, message)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(hex::encode(hmac_sha1(key, message)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    }

    #[test]
    fn a_signature_of_meta_is_the_published_one() {
        let (name, value) = signature(Network::Facebook, "It's a Secret to Everybody", b"Hello, World!").unwrap();
        assert_eq!(name, "x-hub-signature-256");
        assert_eq!(value, "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }

    #[test]
    fn linkedin_signs_its_prefix_too() {
        let (_, value) = signature(Network::Linkedin, "secret", b"{}").unwrap();
        assert_eq!(value, hex::encode(hmac_sha256(b"secret", b"hmacsha256={}")));
    }
}
