//! The one HTTP client: what it refuses, bounds and says when no answer comes.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails")]

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use bedside_engine::http::{AllowedHosts, Http, MAX_BODY};
use bedside_networks::{HttpRequest, Method, Secret, TransportError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

fn request(method: Method, url: &str) -> HttpRequest {
    HttpRequest {
        method,
        url: Url::parse(url).unwrap(),
        headers: vec![("authorization", Secret::new("Bearer tok-123")), ("accept", Secret::new("text/plain"))],
        body: vec![],
        piece: None,
        draws: None,
    }
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    addr
}

fn http() -> (Http, AllowedHosts) {
    (Http::new(AllowedHosts::default()).unwrap(), AllowedHosts::new(["127.0.0.1", "localhost"]))
}

/// A deflate stream of fixed Huffman codes that unfolds to `length` zeros, as gzip.
fn gzip_of_zeros(length: usize) -> Vec<u8> {
    let (mut out, mut held, mut count) = (vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], 0u32, 0);
    let mut put = |bits: u32, n: u32| {
        held |= bits << count;
        count += n;
        while count >= 8 {
            out.push((held & 0xff) as u8);
            held >>= 8;
            count -= 8;
        }
    };
    put(0b011, 3); // the last block, fixed codes
    put(0b0000_1100, 8); // the byte 0, its code 00110000 from the highest bit
    for _ in 0..length / 258 {
        put(0b1010_0011, 8); // copy 258 bytes, code 11000101
        put(0, 5); // from one byte back
    }
    put(0, 7); // end of the block
    put(0, 7);
    out.extend([0; 8]);
    out
}

fn echo(headers: &HeaderMap) -> String {
    headers.get(header::AUTHORIZATION).map_or_else(String::new, |v| v.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_private_host_is_spoken_to_only_when_it_is_allowed_by_name() {
    let addr = serve(Router::new().route("/", get(|| async { "inside" }))).await;
    let (http, allowed) = http();
    for url in [format!("http://{addr}/"), format!("http://localhost:{}/", addr.port())] {
        let refused = http.send(&request(Method::Get, &url), &AllowedHosts::default()).await;
        assert_eq!(
            refused,
            Err(TransportError::NotSent("the address is private and not on the list of allowed hosts")),
            "{url}"
        );
        let answer = http.send(&request(Method::Get, &url), &allowed).await.unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"inside".as_slice()));
    }
}

#[tokio::test]
async fn redirects_are_vetted_counted_and_carry_no_credentials_elsewhere() {
    let other = serve(Router::new().route("/", get(|headers: HeaderMap| async move { echo(&headers) }))).await;
    let away = format!("http://localhost:{}/", other.port());
    let router = Router::new()
        .route("/here", get(|headers: HeaderMap| async move { echo(&headers) }))
        .route("/same", get(|| async { Redirect::temporary("/here") }))
        .route("/away", get(move || async move { Redirect::temporary(&away) }))
        .route("/inside", get(|| async { Redirect::temporary("http://169.254.169.254/latest/meta-data/") }))
        .route("/file", get(|| async { Redirect::temporary("file:///etc/passwd") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/post", post(|| async { Redirect::temporary("/here") }));
    let addr = serve(router).await;
    let (http, allowed) = http();
    let get = async |path: &str| http.send(&request(Method::Get, &format!("http://{addr}{path}")), &allowed).await;
    assert_eq!(get("/same").await.unwrap().body, b"Bearer tok-123");
    assert_eq!(get("/away").await.unwrap().body, b"", "another port is another origin");
    for path in ["/inside", "/file"] {
        let refused = "the answer redirects to an address that is refused";
        assert_eq!(get(path).await, Err(TransportError::MaybeSent(refused)), "{path}");
    }
    assert_eq!(get("/loop").await, Err(TransportError::MaybeSent("there are too many redirects")));
    // A redirected effect is never followed: who knows what it would do there.
    let answer = http.send(&request(Method::Post, &format!("http://{addr}/post")), &allowed).await.unwrap();
    assert_eq!(answer.status, 307);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read_to_its_end() {
    let bomb = gzip_of_zeros(MAX_BODY * 20);
    assert!(bomb.len() < MAX_BODY);
    let router = Router::new()
        .route("/large", get(|| async { vec![b'x'; MAX_BODY + 1] }))
        .route("/fits", get(|| async { vec![b'x'; MAX_BODY] }))
        .route("/bomb", get(move || async move { ([(header::CONTENT_ENCODING, "gzip")], bomb).into_response() }));
    let addr = serve(router).await;
    let (http, allowed) = http();
    for path in ["/large", "/bomb"] {
        let answer = http.send(&request(Method::Get, &format!("http://{addr}{path}")), &allowed).await;
        assert_eq!(answer, Err(TransportError::MaybeSent("the answer is larger than 5 MB")), "{path}");
    }
    let fits = http.send(&request(Method::Get, &format!("http://{addr}/fits")), &allowed).await.unwrap();
    assert_eq!(fits.body.len(), MAX_BODY);
}

#[tokio::test]
async fn it_says_whether_the_request_may_have_arrived() {
    let (http, allowed) = http();
    // Nobody listens.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = free.local_addr().unwrap();
    drop(free);
    let refused = http.send(&request(Method::Post, &format!("http://{nobody}/")), &allowed).await;
    assert_eq!(refused, Err(TransportError::NotSent("the server cannot be reached")));
    let unknown = http.send(&request(Method::Post, "http://no-such-host.invalid/"), &allowed).await;
    assert!(matches!(unknown, Err(TransportError::NotSent(_))), "{unknown:?}");

    // The server takes the request and closes, cuts its answer short, speaks no TLS, or says nothing.
    let answers: [(&str, &[u8], bool); 3] = [
        ("closes", b"", true),
        ("cuts short", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", true),
        ("no TLS", b"not a handshake", false),
    ];
    for (how, bytes, maybe) in answers {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut read = [0; 1024];
            let _ = stream.read(&mut read).await.unwrap();
            stream.write_all(bytes).await.unwrap();
        });
        let scheme = if maybe { "http" } else { "https" };
        let answer = http.send(&request(Method::Post, &format!("{scheme}://{addr}/")), &allowed).await;
        match answer {
            Err(TransportError::MaybeSent(_)) => assert!(maybe, "{how}"),
            Err(TransportError::NotSent(_)) => assert!(!maybe, "{how}"),
            Ok(_) => panic!("{how} is no answer"),
        }
    }
    let router = Router::new().route("/", post(std::future::pending::<StatusCode>));
    let addr = serve(router).await;
    let hasty = http.with_total_time(Duration::from_millis(50));
    let silent = hasty.send(&request(Method::Post, &format!("http://{addr}/")), &allowed).await;
    assert_eq!(silent, Err(TransportError::MaybeSent("no whole answer came in time")));
}
