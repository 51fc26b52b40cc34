//! A hundred thousand forged deliveries, over every network that tells by itself: none is taken for the
//! network's own. What a forger may do is drawn from a fixed seed, so a failure comes back the same.

#![expect(clippy::unwrap_used, reason = "what is made here by hand can be read")]

#[expect(dead_code, reason = "a part of it is for the tests within the crate")]
#[path = "../src/google/vectors.rs"]
mod vectors;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_networks::{
    AccountView, Credentials, HttpResponse, Incoming, Network, Oauth2, Secret, read_webhook_keys, verify_webhook,
};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Digest as _;

const FORGERIES: usize = 100_000;
const NOW: i64 = 1_795_780_800_000_000;
const KEY: &str = "what the app and the network know";
const PATH: &str = "5f1c0a9e7b3d4826";
/// The last part of the address that [`vectors::TOKEN`] is for.
const GOOGLES_PATH: &str = "hooks";

/// How a network says that it is the one who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    /// A signature over the body, in this header, in this form.
    Signature(&'static str, Form),
    /// Nothing but the address, whose last part only the network was told.
    Address,
    /// Such an address, and a token that says who speaks to it.
    Token,
}

impl Proof {
    /// The secret of an account's address.
    fn secret(self) -> &'static str {
        if self == Self::Token { GOOGLES_PATH } else { PATH }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `sha256=` and hexadecimal.
    Hub,
    /// `sha1=` and hexadecimal; other methods are fine as well.
    WebSub,
    /// `sha256=` and base64.
    X,
    /// Hexadecimal alone, over the body behind a prefix.
    LinkedIn,
}

const NETWORKS: [(Network, Proof); 7] = [
    (Network::Facebook, Proof::Signature("X-Hub-Signature-256", Form::Hub)),
    (Network::Instagram, Proof::Signature("X-Hub-Signature-256", Form::Hub)),
    (Network::Youtube, Proof::Signature("X-Hub-Signature", Form::WebSub)),
    (Network::X, Proof::Signature("X-Twitter-Webhooks-Signature", Form::X)),
    (Network::Linkedin, Proof::Signature("X-LI-Signature", Form::LinkedIn)),
    (Network::Yelp, Proof::Address),
    (Network::GoogleBusiness, Proof::Token),
];

/// A delivery to the address of an account.
#[derive(Clone, PartialEq, Debug)]
struct Posted {
    headers: Vec<(String, String)>,
    path: String,
    body: Vec<u8>,
}

/// What a forger draws (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most.max(1) as u64).unwrap()
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

fn account(network: Network, key: &str, path: &str) -> AccountView {
    let mut account = AccountView {
        network,
        base_url: "https://networks.example.org/".parse().unwrap(),
        own_native_id: Some("100".to_owned()),
        credentials: Credentials::Oauth2(Box::new(Oauth2 {
            client_secret: Secret::new(key),
            access_token: Secret::new("token"),
            ..Oauth2::default()
        })),
        // What YouTube's hub signs with is what stands in the address elsewhere.
        hook_secret: Secret::new(if network == Network::Youtube { key } else { path }),
        config: json!({}),
    };
    if network == Network::GoogleBusiness {
        let keys = HttpResponse { status: 200, headers: vec![], body: vectors::keys().to_string().into_bytes() };
        let keys = read_webhook_keys(&account, &keys, NOW).unwrap();
        account.config.as_object_mut().unwrap().extend(keys);
    }
    account
}

fn bearer(token: &str) -> (String, String) {
    ("Authorization".to_owned(), format!("Bearer {token}"))
}

fn hmac<M: Mac + hmac::digest::KeyInit>(key: &str, body: &[u8]) -> Vec<u8> {
    let mut mac = <M as Mac>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn sha1(key: &str, body: &[u8]) -> Vec<u8> {
    hmac::<Hmac<sha1::Sha1>>(key, body)
}

fn sha256(key: &str, body: &[u8]) -> Vec<u8> {
    hmac::<Hmac<sha2::Sha256>>(key, body)
}

fn sha512(key: &str, body: &[u8]) -> Vec<u8> {
    hmac::<Hmac<sha2::Sha512>>(key, body)
}

impl Form {
    /// What the network signs with.
    fn mac(self, key: &str, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Hub | Self::X => sha256(key, body),
            Self::WebSub => sha1(key, body),
            Self::LinkedIn => sha256(key, &[b"hmacsha256=", body].concat()),
        }
    }

    /// How it writes that.
    fn write(self, mac: &[u8]) -> String {
        match self {
            Self::Hub => format!("sha256={}", hex::encode(mac)),
            Self::WebSub => format!("sha1={}", hex::encode(mac)),
            Self::X => format!("sha256={}", STANDARD.encode(mac)),
            Self::LinkedIn => hex::encode(mac),
        }
    }
}

/// What somebody wrote, as each network tells of it.
fn body(network: Network, n: usize) -> Vec<u8> {
    let text = format!("Where do I park? ({n})");
    let told = match network {
        Network::Facebook | Network::Instagram => {
            let object = if network == Network::Facebook { "page" } else { "instagram" };
            json!({"object": object, "entry": [{"id": "100", "time": 1_795_510_800, "changes": [{"field": "feed", "value": {
                "item": "comment", "verb": "add", "comment_id": format!("1_{n}"), "post_id": "100_1", "message": text,
                "from": {"id": "501", "name": "Rosa N."}}}]}]})
        }
        Network::Youtube => {
            let entry = format!("<entry><yt:videoId>v{n}</yt:videoId><yt:channelId>100</yt:channelId></entry>");
            return format!("<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\">{entry}</feed>").into_bytes();
        }
        Network::X => json!({"for_user_id": "100", "tweet_create_events": [{"id_str": n.to_string(), "text": text}]}),
        Network::Linkedin => json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [{
            "notificationId": n, "organizationalEntity": "urn:li:organization:100", "action": "COMMENT"}]}),
        Network::Yelp => json!({"object": "business", "data": {"id": "lakeside", "updates": [{
            "event_type": "NEW_REVIEW_EVENT", "review_id": format!("r{n}")}]}}),
        _ => json!({"message": {"data": STANDARD.encode(r#"{"type":"NEW_REVIEW"}"#), "messageId": n.to_string()}}),
    };
    told.to_string().into_bytes()
}

/// The delivery as the network makes it.
fn genuine(network: Network, proof: Proof, n: usize) -> Posted {
    let body = body(network, n);
    let headers = match proof {
        Proof::Address => vec![],
        Proof::Token => vec![bearer(vectors::TOKEN)],
        Proof::Signature(name, form) => vec![(name.to_owned(), form.write(&form.mac(KEY, &body)))],
    };
    let path = if matches!(proof, Proof::Signature(..)) { "" } else { proof.secret() };
    Posted { headers, path: path.to_owned(), body }
}

fn is_taken(account: &AccountView, posted: &Posted) -> bool {
    let Posted { headers, path, body } = posted;
    verify_webhook(account, &Incoming { headers, path_secret: path, body }, NOW).is_ok()
}

/// Changes bytes: a bit, the end, the middle, the order.
fn bend(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let at = draw.below(bytes.len());
    match draw.below(7) {
        0..2 => bytes[at] ^= 1 << draw.below(8),
        2 => bytes.truncate(at),
        // Not a zero: a key is filled up with zeros, so one more changes nothing.
        3 => bytes.push(draw.of(b" \n}1aZ")),
        4 => bytes.insert(at, draw.of(b" \t\n,")),
        5 => drop(bytes.remove(at)),
        _ => {
            let other = draw.below(bytes.len());
            bytes.swap(at, other);
        }
    }
}

fn bent(text: &str, draw: &mut Draw) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bend(&mut bytes, draw);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a forger makes of a signed delivery.
fn forge_signed(posted: &Posted, name: &'static str, form: Form, n: usize, draw: &mut Draw) -> Posted {
    let mut forged = posted.clone();
    let sign = |forged: &mut Posted, value: String| forged.headers = vec![(name.to_owned(), value)];
    match draw.below(15) {
        // The body is not what was signed.
        0..4 => bend(&mut forged.body, draw),
        // The signature is not of this body.
        4..6 => {
            let mut mac = form.mac(KEY, &posted.body);
            bend(&mut mac, draw);
            sign(&mut forged, form.write(&mac));
        }
        6 => sign(&mut forged, form.write(&form.mac(KEY, &body(Network::Facebook, n + 1)))),
        7 => forged.headers.clear(),
        8 => sign(
            &mut forged,
            draw.of(&["", "sha256=", "sha1=", "sha256", "=", "null", "sha256=00", "none="]).to_owned(),
        ),
        // Whoever signed did not know the secret.
        9..11 => {
            let key = match draw.below(4) {
                0 => String::new(),
                1 => PATH.to_owned(),
                _ => bent(KEY, draw),
            };
            sign(&mut forged, form.write(&form.mac(&key, &posted.body)));
        }
        // Another method, whatever it is called; no key at all; the key before the text, without HMAC.
        11..13 => {
            let mac = match draw.below(5) {
                0 => {
                    if form == Form::WebSub {
                        sha256(KEY, &posted.body)
                    } else {
                        sha1(KEY, &posted.body)
                    }
                }
                1 => sha512(KEY, &posted.body),
                2 => sha2::Sha256::digest(&posted.body).to_vec(),
                3 => sha2::Sha256::digest([KEY.as_bytes(), &posted.body].concat()).to_vec(),
                _ => form.mac(KEY, hex::encode(&posted.body).as_bytes()),
            };
            let called = draw.of(&["", "sha1=", "sha256=", "sha384=", "md5=", "none=", "SHA256="]);
            let written = form.write(&mac);
            let bare = written.split_once('=').filter(|_| form != Form::LinkedIn).map_or(&*written, |(_, bare)| bare);
            sign(&mut forged, if draw.below(2) == 0 { form.write(&mac) } else { format!("{called}{bare}") });
        }
        // The right signature in a header that nobody reads, or behind a false one.
        13 => {
            forged.headers[0].0 =
                draw.of(&["X-Hub-Signature-255", "X-Signature", "Signature", "X-Hub-Signatur"]).to_owned()
        }
        _ => forged.headers.insert(0, (name.to_lowercase(), form.write(&form.mac("guessed", &posted.body)))),
    }
    forged
}

/// What a forger makes of a delivery whose address is its only proof.
fn forge_address(posted: &Posted, draw: &mut Draw) -> Posted {
    let mut forged = posted.clone();
    forged.path = match draw.below(6) {
        0 => String::new(),
        1 => KEY.to_owned(),
        2 => posted.path.to_uppercase(),
        3 => format!("{}{}", posted.path, draw.of(&["/", "%00", " ", "?", "0", "\0"])),
        _ => bent(&posted.path, draw),
    };
    // A signature proves nothing here.
    forged.headers.push(("X-Hub-Signature-256".to_owned(), Form::Hub.write(&sha256(KEY, &posted.body))));
    forged
}

/// What a forger makes of a delivery with a token: the address is guessed, or the token.
fn forge_token(posted: &Posted, draw: &mut Draw) -> Posted {
    if draw.below(2) == 0 {
        return forge_address(posted, draw);
    }
    let token = match draw.below(6) {
        0 => String::new(),
        1 => draw.of(&[vectors::OF_ANOTHER_ISSUER, vectors::OF_ANOTHER_METHOD, vectors::WITH_AN_EXTENSION]).to_owned(),
        // Whoever signs nothing at all.
        2 => vectors::TOKEN.rsplit_once('.').unwrap().0.to_owned() + ".",
        _ => bent(vectors::TOKEN, draw),
    };
    Posted { headers: vec![bearer(&token)], ..posted.clone() }
}

#[test]
fn of_a_hundred_thousand_forged_deliveries_none_is_accepted() {
    let mut draw = Draw(7);
    let mut made: BTreeMap<&str, usize> = BTreeMap::new();
    let mut accepted = Vec::new();
    while made.values().sum::<usize>() < FORGERIES {
        let n = draw.below(1_000);
        let (network, proof) = draw.of(&NETWORKS);
        let posted = genuine(network, proof, n);
        let (mut to, mut forged) = (account(network, KEY, proof.secret()), posted.clone());
        match (draw.below(10), proof) {
            // What another network sent, whole.
            (0, _) => {
                let (other, other_proof) = draw.of(&NETWORKS);
                forged = genuine(other, other_proof, n);
            }
            // What is right for one account, at another that knows no secret, or a different one.
            (1, _) => {
                let (key, path) = draw.of(&[("", ""), ("another app's", "1111111111111111")]);
                to = account(network, key, path);
                if let Proof::Signature(name, form) = proof {
                    let signed_with = draw.of(&["", KEY]);
                    forged.headers = vec![(name.to_owned(), form.write(&form.mac(signed_with, &forged.body)))];
                }
            }
            (_, Proof::Signature(name, form)) => forged = forge_signed(&posted, name, form, n, &mut draw),
            (_, Proof::Address) => forged = forge_address(&posted, &mut draw),
            (_, Proof::Token) => forged = forge_token(&posted, &mut draw),
        }
        if is_genuine(&to, proof, &forged) {
            continue;
        }
        *made.entry(network.as_str()).or_default() += 1;
        if is_taken(&to, &forged) {
            accepted.push((network, forged));
        }
    }
    assert_eq!(made.values().sum::<usize>(), FORGERIES);
    assert!(made.len() == NETWORKS.len() && made.values().all(|n| *n > FORGERIES / 10), "{made:?}");
    assert!(accepted.is_empty(), "{} accepted, among them {:?}", accepted.len(), accepted.first());
}

/// Whether chance made what the network itself would send: by the checker's own reading.
fn is_genuine(to: &AccountView, proof: Proof, forged: &Posted) -> bool {
    let Credentials::Oauth2(held) = &to.credentials else { return false };
    let key = held.client_secret.expose();
    match proof {
        Proof::Address => !to.hook_secret.is_empty() && forged.path == to.hook_secret.expose(),
        Proof::Token => {
            let for_it = to.hook_secret.expose() == GOOGLES_PATH && forged.path == GOOGLES_PATH;
            // Blanks around a header say nothing.
            let carried = forged.headers.first().map(|(name, value)| (name.clone(), value.trim().to_owned()));
            for_it && carried == Some(bearer(vectors::TOKEN))
        }
        Proof::Signature(..) if key.is_empty() => false,
        Proof::Signature(name, form) => {
            let first = forged.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            let Some((_, value)) = first else { return false };
            let right = |mac: &[u8], method: &str| match form {
                Form::WebSub => *value == format!("{method}={}", hex::encode(mac)),
                _ => *value == form.write(mac),
            };
            let body = &forged.body;
            right(&form.mac(key, body), "sha1")
                || form == Form::WebSub && (right(&sha256(key, body), "sha256") || right(&sha512(key, body), "sha512"))
        }
    }
}

#[test]
fn what_each_network_sends_itself_is_accepted() {
    for (network, proof) in NETWORKS {
        for n in 0..100 {
            assert!(is_taken(&account(network, KEY, proof.secret()), &genuine(network, proof, n)), "{network}");
        }
    }
}
