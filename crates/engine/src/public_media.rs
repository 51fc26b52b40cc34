//! Public addresses of files, for networks that fetch what is posted: signed, and good for a while.
//!
//! `<public address>/media/{id}?until={seconds}&sig={hex}`. The signature (HMAC-SHA-256 under a key derived
//! from the master key) binds the file and the time, so nobody can find a file by trying.

use bedside_model::{MediaId, Micros};
use bedside_store::{Keyring, StoreError};
use url::Url;

/// How long an address is good: longer than a post may wait to leave.
pub const GOOD_FOR: Micros = 2 * 3_600 * 1_000_000;

const PURPOSE: &str = "public media";

fn signed_text(id: &str, until: i64) -> String {
    format!("{id}\n{until}")
}

/// A public address of a file, good for [`GOOD_FOR`] from `now`. `None` where the installation has no
/// usable public address.
pub fn address(keyring: &Keyring, public_url: &str, id: &str, now: Micros) -> Result<Option<Url>, StoreError> {
    let until = (now + GOOD_FOR) / 1_000_000;
    let signature = keyring.sign_system(PURPOSE, signed_text(id, until).as_bytes())?;
    let Ok(mut url) = Url::parse(public_url) else { return Ok(None) };
    let Ok(mut path) = url.path_segments_mut() else { return Ok(None) };
    path.pop_if_empty().extend(["media", id]);
    drop(path);
    url.query_pairs_mut().append_pair("until", &until.to_string()).append_pair("sig", &hex::encode(signature));
    Ok(Some(url))
}

/// Whether an address was made here and is still good. `until` is in seconds, `sig` in hex, as they
/// stand in the address. Compares in constant time.
pub fn is_good(keyring: &Keyring, id: &MediaId, until: i64, sig: &str, now: Micros) -> bool {
    let Ok(signature) = hex::decode(sig) else { return false };
    let in_time = now / 1_000_000 <= until;
    keyring.verify_system(PURPOSE, signed_text(id.as_str(), until).as_bytes(), &signature) && in_time
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use bedside_store::{Ids, MasterKey};

    use super::*;

    #[test]
    fn an_address_opens_one_file_for_a_while() {
        let ring = |key| Keyring::new(MasterKey::new([key; 32]), Arc::new(Ids::seeded(1)));
        let (ours, now) = (ring(1), 1_795_514_400_000_000);
        let id = MediaId::from_bits(5);
        let url = address(&ours, "https://bedside.example.org/app/", id.as_str(), now).unwrap().unwrap();
        assert_eq!(url.path(), format!("/app/media/{id}"));
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let until: i64 = query["until"].parse().unwrap();
        let good = |ring: &Keyring, id: &MediaId, until: i64, at: Micros| is_good(ring, id, until, &query["sig"], at);
        assert!(good(&ours, &id, until, now) && good(&ours, &id, until, now + GOOD_FOR));
        assert!(!good(&ours, &id, until, now + GOOD_FOR + 1_000_000), "it ran out");
        assert!(!good(&ours, &id, until + 1, now), "its time was changed");
        assert!(!good(&ours, &MediaId::from_bits(6), until, now), "another file");
        assert!(!good(&ring(2), &id, until, now), "another installation");
        assert!(!is_good(&ours, &id, until, "", now) && !is_good(&ours, &id, until, "zz", now));
        assert_eq!(address(&ours, "not an address", id.as_str(), now).unwrap(), None);
    }
}
