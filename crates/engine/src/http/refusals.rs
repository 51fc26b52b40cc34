//! Every way that we know to make a program speak to a machine only it can reach, through the client
//! itself: none leaves. The addresses that lead inside stand once, and each is tried in every spelling
//! that a URL parser takes for it; what cannot be spelt otherwise stands in a list of its own.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::get;
use bedside_networks::{HttpRequest, Method, StreamTransport, TransportError};
use tokio::net::TcpListener;
use url::Url;

use super::address::Strictness;
use super::{AllowedHosts, Http, NotOpened, Opening, vetted};

/// Addresses that lead inside: loopback, this network, private, shared, link-local with its metadata
/// services, those of clouds, documentation, benchmarking, multicast, reserved, broadcast.
const INSIDE: [[u8; 4]; 16] = [
    [127, 0, 0, 1],
    [127, 255, 255, 254],
    [0, 0, 0, 0],
    [10, 1, 2, 3],
    [172, 16, 0, 1],
    [172, 31, 255, 255],
    [192, 168, 1, 1],
    [100, 64, 0, 1],
    [100, 100, 100, 200],
    [169, 254, 169, 254],
    [168, 63, 129, 16],
    [192, 0, 0, 192],
    [198, 18, 0, 1],
    [224, 0, 0, 1],
    [240, 0, 0, 1],
    [255, 255, 255, 255],
];

/// What has one spelling only.
const OTHERS: &[&str] = &[
    // IPv6 of its own: loopback, nothing, unique-local, link-local, site-local, discard, multicast.
    "http://[::1]/",
    "http://[::1]:6379/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
    "http://[::]/",
    "http://[fc00::1]/",
    "http://[fd12:3456:789a::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fd20:ce::254]/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://[fe80::a9fe:a9fe]/",
    "http://[fec0::1]/",
    "http://[100::1]/",
    "http://[ff01::1]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    // Documentation, benchmarking, tunnels, identifiers that are no addresses, segments.
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[2001:2::1]/",
    "http://[2001::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2001:10::1]/",
    "http://[2001:20::1]/",
    "http://[5f00::1]/",
    "http://[4000::1]/",
    // Documentation and relays of IPv4.
    "http://192.0.2.1/",
    "http://198.51.100.7/",
    "http://203.0.113.9/",
    "http://192.88.99.1/",
    "http://198.19.255.255/",
    // Names of this machine.
    "http://localhost/",
    "http://localhost:8787/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://ｌｏｃａｌｈｏｓｔ/",
    "http://%6cocalhost/",
    // Ports that speak another language, on this machine.
    "http://127.0.0.1:22/",
    "http://127.0.0.1:5432/",
    "http://127.0.0.1:11211/",
    "https://127.0.0.1:2375/containers/json",
    "http://example.org:0/",
    // A name or password in the address, which hides where it leads or gives a secret away.
    "http://user@example.org/",
    "http://user:secret@example.org/",
    "http://:x@example.org/",
    "http://example.org@127.0.0.1/",
    "http://example.org%40127.0.0.1@10.0.0.1/",
    "http://127.0.0.1\\@example.org/",
    // Not what is fetched over HTTP.
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "ftp://example.org/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:11211/stats",
    "ldap://10.0.0.1/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "unix:///run/docker.sock",
];

/// What is no address at all, however some libraries read it.
const UNREADABLE: &[&str] = &[
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::ffff:0x7f.0.0.1]/",
    "http://[127.0.0.1]/",
    "http://0x7f.0.0.0.1.2/",
    "http://127.0.0.1:99999/",
    "http://256.256.256.256/",
    "http:///",
];

/// Every spelling of an address that a URL parser takes.
fn spellings([a, b, c, d]: [u8; 4]) -> Vec<String> {
    let whole = u32::from_be_bytes([a, b, c, d]);
    let (ab, cd) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    let plain = Ipv4Addr::from(whole).to_string();
    let wide: String =
        plain.chars().map(|c| c.to_digit(10).and_then(|n| char::from_u32(0xff10 + n)).unwrap_or(c)).collect();
    vec![
        format!("http://{plain}/"),
        format!("https://{plain}:8443/x"),
        format!("http://{plain}./"),
        // One number, in three bases; four in others; fewer than four.
        format!("http://{whole}/"),
        format!("http://{whole:#x}/"),
        format!("http://0{whole:o}/"),
        format!("http://{a:#x}.{b:#x}.{c:#x}.{d:#x}/"),
        format!("http://0{a:o}.0{b:o}.0{c:o}.0{d:o}/"),
        format!("http://{a}.{b}.{}/", cd),
        format!("http://{a}.{}/", whole & 0xff_ffff),
        // Digits and dots that look otherwise until they are normalised.
        format!("http://{wide}/"),
        format!("http://{}/", plain.replace('.', "。")),
        format!("http://{}/", plain.replace('1', "%31").replace('2', "%32")),
        // Within IPv6: mapped, compatible, NAT64, NAT64 of one network, 6to4, Teredo's server.
        format!("http://[::ffff:{plain}]/"),
        format!("http://[::ffff:{ab:x}:{cd:x}]/"),
        format!("http://[::{ab:x}:{cd:x}]/"),
        format!("http://[64:ff9b::{ab:x}:{cd:x}]/"),
        format!("http://[64:ff9b:1::{ab:x}:{cd:x}]/"),
        format!("http://[2002:{ab:x}:{cd:x}::1]/"),
        format!("http://[2001:0:{ab:x}:{cd:x}::1]/"),
    ]
}

fn vectors() -> BTreeSet<String> {
    let spelt = INSIDE.into_iter().flat_map(spellings);
    spelt.chain(OTHERS.iter().map(|&text| text.to_owned())).collect()
}

fn get_of(url: Url) -> HttpRequest {
    HttpRequest { method: Method::Get, url, headers: vec![], body: vec![], piece: None, draws: None }
}

#[tokio::test]
async fn of_two_hundred_ways_inside_none_is_gone() {
    let vectors = vectors();
    assert!(vectors.len() >= 200, "{}", vectors.len());
    let http = Http::new(AllowedHosts::default()).unwrap();
    for text in &vectors {
        let answer = http.send(&get_of(Url::parse(text).unwrap()), &AllowedHosts::default()).await;
        assert!(matches!(answer, Err(TransportError::NotSent(_))), "{text}: {answer:?}");
    }
    for text in UNREADABLE {
        assert!(Url::parse(text).is_err(), "{text}");
    }
}

/// Nothing is learnt of the inside either: the client does not even look whether somebody listens.
#[tokio::test]
async fn nobody_inside_hears_of_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let http = Http::new(AllowedHosts::default()).unwrap();
    for host in ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "localhost", "0"] {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        let answer = http.send(&get_of(url), &AllowedHosts::default()).await;
        assert_eq!(answer, Err(TransportError::NotSent(super::address::REFUSED)), "{host}");
    }
    let heard = futures_util::FutureExt::now_or_never(listener.accept());
    assert!(heard.is_none(), "somebody connected");
}

#[tokio::test]
async fn no_redirect_leads_there() {
    let vectors: Vec<String> = vectors().into_iter().filter(|text| text.is_ascii() && !text.contains('\\')).collect();
    assert!(vectors.len() >= 200, "{}", vectors.len());
    let places = vectors.clone();
    let router = Router::new().route(
        "/{n}",
        get(move |axum::extract::Path(n): axum::extract::Path<usize>| async move {
            (StatusCode::FOUND, [(header::LOCATION, places[n].clone())])
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    // One host inside is allowed, by name and port; it does not open the door to the others.
    let (http, allowed) = (Http::new(AllowedHosts::default()).unwrap(), AllowedHosts::new([at.to_string()]));
    for (n, text) in vectors.iter().enumerate() {
        let answer = http.send(&get_of(Url::parse(&format!("http://{at}/{n}")).unwrap()), &allowed).await;
        assert!(answer.is_err(), "{text}: {answer:?}");
    }
}

#[tokio::test]
async fn no_open_connection_leads_there() {
    let http = Http::new(AllowedHosts::default()).unwrap();
    for text in vectors().iter().filter(|text| text.starts_with("http")) {
        let url = Url::parse(&text.replacen("http", "ws", 1)).unwrap();
        let opening = Opening { transport: StreamTransport::WebSocket, url, headers: vec![], hello: None };
        let opened = http.open(&opening, &AllowedHosts::default()).await;
        assert!(matches!(opened, Err(NotOpened::Transport(TransportError::NotSent(_)))), "{text}");
    }
}

/// A name is what it resolves to, and only that is connected to which was looked at.
#[test]
fn of_what_a_name_resolves_to_only_what_is_public_is_spoken_to() {
    let addresses = |texts: &[&str]| -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse::<IpAddr>().unwrap(), 0)).collect()
    };
    let public = "93.184.215.14";
    for inside in INSIDE.map(|ip| Ipv4Addr::from(ip).to_string()) {
        for wrapped in [inside.clone(), format!("::ffff:{inside}"), format!("64:ff9b::{inside}"), format!("::{inside}")]
        {
            assert!(vetted(addresses(&[&wrapped]), Strictness::Public).is_err(), "{wrapped}");
            let mixed = vetted(addresses(&[&wrapped, public, &wrapped]), Strictness::Public).unwrap();
            assert_eq!(mixed, addresses(&[public]), "{wrapped} beside a public address");
        }
    }
    assert!(vetted(vec![], Strictness::Public).is_err(), "a name without an address");
    assert!(vetted(addresses(&["169.254.169.254"]), Strictness::AllowedByName).is_err(), "whoever allows it by name");
}
