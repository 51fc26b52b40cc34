//! The one HTTP client. Everything that Bedside fetches or sends over HTTP goes through [`Http`].
//!
//! It executes the plain requests of the `networks` crate and answers plain values. It refuses
//! addresses that no public network has (see [`address`]), unless the administrator allows the host
//! by name; follows redirects by hand, at most three, for reads only, each one vetted, without
//! credentials on another origin; and bounds time and size. What it never does is retry: that
//! belongs to the outbox and the poller, which know what a repetition would mean.
//!
//! Two clients stand behind it. The strict one resolves names itself and connects only to addresses
//! it has vetted, so a name cannot change its meaning between the check and the connection. The
//! other one is used only for hosts on the allow list.

pub mod address;
mod events;
mod open;
#[cfg(test)]
mod refusals;

use std::error::Error as _;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bedside_networks::{HttpRequest, HttpResponse, Method, TransportError};
use bytes::Bytes;
use futures_util::StreamExt as _;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::io::AsyncReadExt as _;
use url::Url;

use crate::blobs::FilePiece;
pub use address::AllowedHosts;
use address::Strictness;
pub(crate) use open::{Frame, Frames, NotOpened, Opening};

/// Largest body that is read, in bytes, counted after decompression.
pub const MAX_BODY: usize = 5 * 1024 * 1024;
/// Longest time for a whole exchange, redirects included.
pub const TOTAL_TIME: Duration = Duration::from_secs(30);
/// Longest time to reach a server, TLS included.
pub const CONNECT_TIME: Duration = Duration::from_secs(10);
/// The slowest upload that is waited for, in bytes a second.
const SLOWEST_UPLOAD: u64 = 128 * 1024;
/// How much of a file is read at once.
const CHUNK: u64 = 64 * 1024;
/// Most redirects that are followed.
pub const MAX_REDIRECTS: usize = 3;

/// The one HTTP client. Cheap to clone.
#[derive(Clone)]
pub struct Http {
    strict: reqwest::Client,
    lenient: reqwest::Client,
    always: Arc<AllowedHosts>,
    total: Duration,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("always", &self.always).finish_non_exhaustive()
    }
}

/// The client cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be built: {0}")]
pub struct BuildError(#[source] reqwest::Error);

impl Http {
    /// A client. Hosts in `always` may be in private ranges for every organisation (the demo's
    /// emulators, tests); [`AllowedHosts::default`] allows none.
    pub fn new(always: AllowedHosts) -> Result<Self, BuildError> {
        // A second call finds a provider installed, which is what is wanted.
        drop(rustls::crypto::ring::default_provider().install_default());
        Ok(Self {
            strict: client(Strictness::Public)?,
            lenient: client(Strictness::AllowedByName)?,
            always: Arc::new(always),
            total: TOTAL_TIME,
        })
    }

    /// Whether a host may be in a private range for every organisation.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        self.always.has(url)
    }

    /// The same client with another bound on the whole exchange, for tests of slow servers.
    #[must_use]
    pub fn with_total_time(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// Executes one request. `allowed` are the hosts in private ranges that the organisation's
    /// administrator allows by name.
    ///
    /// Errors say whether the request may have reached the network: see [`TransportError`].
    pub async fn send(&self, request: &HttpRequest, allowed: &AllowedHosts) -> Result<HttpResponse, TransportError> {
        if request.piece.is_some() {
            return Err(TransportError::NotSent("the file of the request was not put in"));
        }
        self.within(self.total, self.exchange(request, None, allowed)).await
    }

    /// Executes a request whose body has a piece of a file in it. The piece is read as it is sent, so
    /// its size is in no memory.
    pub async fn send_file(
        &self,
        request: &HttpRequest,
        piece: FilePiece,
        allowed: &AllowedHosts,
    ) -> Result<HttpResponse, TransportError> {
        let time = self.time_for(request);
        self.within(time, self.exchange(request, Some(piece), allowed)).await
    }

    /// The longest time that a request may take: a file has time of its own.
    pub fn time_for(&self, request: &HttpRequest) -> Duration {
        let bytes = request.piece.as_ref().map_or(0, |piece| piece.bytes);
        self.total + Duration::from_secs(bytes / SLOWEST_UPLOAD)
    }

    async fn within(
        &self,
        time: Duration,
        exchange: impl Future<Output = Result<HttpResponse, TransportError>>,
    ) -> Result<HttpResponse, TransportError> {
        match tokio::time::timeout(time, exchange).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TransportError::MaybeSent("no whole answer came in time")),
        }
    }

    async fn exchange(
        &self,
        request: &HttpRequest,
        mut piece: Option<FilePiece>,
        allowed: &AllowedHosts,
    ) -> Result<HttpResponse, TransportError> {
        let mut url = request.url.clone();
        let mut with_credentials = true;
        for hop in 0..=MAX_REDIRECTS {
            let client = self.vet(&url, allowed).map_err(|why| match hop {
                0 => TransportError::NotSent(why),
                _ => TransportError::MaybeSent("the answer redirects to an address that is refused"),
            })?;
            let answer = call(client, request, piece.take(), &url, with_credentials).await?;
            let next = match request.method {
                Method::Get => redirect(&answer, &url),
                Method::Post | Method::Put | Method::Patch | Method::Delete => None,
            };
            let Some(next) = next else { return read(answer).await };
            with_credentials &= next.origin() == url.origin();
            url = next;
        }
        Err(TransportError::MaybeSent("there are too many redirects"))
    }

    /// The client that may speak to this address, or why none may.
    fn vet(&self, url: &Url, allowed: &AllowedHosts) -> Result<&reqwest::Client, &'static str> {
        Ok(match self.strictness(url, allowed)? {
            Strictness::Public => &self.strict,
            Strictness::AllowedByName => &self.lenient,
        })
    }

    /// How strictly the addresses of this host are looked at, or why it is refused by itself.
    fn strictness(&self, url: &Url, allowed: &AllowedHosts) -> Result<Strictness, &'static str> {
        let by_name = allowed.has(url) || self.always.has(url);
        let strictness = if by_name { Strictness::AllowedByName } else { Strictness::Public };
        address::vet_url(url, strictness)?;
        Ok(strictness)
    }
}

fn client(strictness: Strictness) -> Result<reqwest::Client, BuildError> {
    let build = |with_roots: bool| {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where a client is built")]
        let builder = reqwest::Client::builder()
            .user_agent(concat!("Bedside/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .retry(reqwest::retry::never())
            .gzip(true)
            .connect_timeout(CONNECT_TIME)
            // A connection that was idle for long is often dead, and a request on it has an unknown outcome.
            .pool_idle_timeout(Duration::from_secs(5))
            .pool_max_idle_per_host(2)
            .dns_resolver(Arc::new(Vetting(strictness)));
        if with_roots { builder.build() } else { builder.tls_certs_only([]).build() }
    };
    build(true).or_else(|e| {
        // A bare machine may have no certificates at all. Plain HTTP to an allowed host still works
        // there, and each HTTPS request fails with a reason.
        tracing::warn!(error = %e, "no root certificates were found: HTTPS will be refused");
        build(false).map_err(BuildError)
    })
}

/// Resolves names and hands out only addresses that were vetted.
struct Vetting(Strictness);

/// All addresses of a name are refused.
#[derive(Debug, thiserror::Error)]
#[error("the host's address is refused")]
struct RefusedAddress;

impl Resolve for Vetting {
    fn resolve(&self, name: Name) -> Resolving {
        let strictness = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(vetted(found, strictness)?.into_iter()) as Addrs)
        })
    }
}

/// Of the addresses of a name those that may be spoken to.
fn vetted(found: Vec<SocketAddr>, strictness: Strictness) -> Result<Vec<SocketAddr>, RefusedAddress> {
    let fine: Vec<SocketAddr> = found.into_iter().filter(|at| address::vet_ip(at.ip(), strictness).is_ok()).collect();
    if fine.is_empty() { Err(RefusedAddress) } else { Ok(fine) }
}

/// Headers that must not follow a redirect to another origin.
const CREDENTIALS: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "idempotency-key"];

async fn call(
    client: &reqwest::Client,
    request: &HttpRequest,
    piece: Option<FilePiece>,
    url: &Url,
    with_credentials: bool,
) -> Result<reqwest::Response, TransportError> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut call = client.request(method, url.clone());
    for (name, value) in &request.headers {
        if with_credentials || !CREDENTIALS.contains(name) {
            call = call.header(*name, value.expose());
        }
    }
    match (&request.piece, piece) {
        (Some(mark), Some(piece)) => {
            let length = request.body.len() as u64 + piece.bytes;
            call = call.header("content-length", length).body(with_piece(&request.body, mark.at, piece));
        }
        _ if request.body.is_empty() => {}
        _ => call = call.body(request.body.clone()),
    }
    call.send().await.map_err(|e| judge(&e))
}

/// A body with a piece of a file at its mark, read as it is sent.
fn with_piece(body: &[u8], at: usize, piece: FilePiece) -> reqwest::Body {
    let (before, after) = body.split_at(at.min(body.len()));
    let whole = |part: &[u8]| futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::copy_from_slice(part))]);
    let file = futures_util::stream::try_unfold((piece.file, piece.bytes), |(mut file, left)| async move {
        let mut chunk = vec![0; usize::try_from(left.min(CHUNK)).unwrap_or(0)];
        if chunk.is_empty() {
            return Ok(None);
        }
        // A file that became shorter breaks the request off: it must not look complete.
        file.read_exact(&mut chunk).await?;
        let left = left - chunk.len() as u64;
        Ok::<_, std::io::Error>(Some((Bytes::from(chunk), (file, left))))
    });
    reqwest::Body::wrap_stream(whole(before).chain(file).chain(whole(after)))
}

/// Whether the request may have left. Only what fails while connecting provably did not.
fn judge(error: &reqwest::Error) -> TransportError {
    if error.is_builder() {
        return TransportError::NotSent("the request cannot be written");
    }
    if !error.is_connect() {
        return TransportError::MaybeSent("the connection broke before a whole answer came");
    }
    let mut cause = error.source();
    let mut tls = false;
    while let Some(e) = cause {
        if e.is::<RefusedAddress>() {
            return TransportError::NotSent(address::REFUSED);
        }
        tls |= e.is::<rustls::Error>();
        if let Some(io) = e.downcast_ref::<std::io::Error>() {
            // An I/O error shows its inner error's causes, not the inner error itself.
            tls |= io.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
        }
        cause = e.source();
    }
    TransportError::NotSent(match () {
        () if tls => "the server's certificate or TLS is not accepted",
        () if error.is_dns() => "the host's name does not resolve",
        () if error.is_timeout() => "the server could not be reached in time",
        () => "the server cannot be reached",
    })
}

/// Where a redirect leads, where the answer is one.
fn redirect(answer: &reqwest::Response, from: &Url) -> Option<Url> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = answer.headers().get("location")?.to_str().ok()?;
    let mut next = from.join(location).ok()?;
    next.set_fragment(None);
    Some(next)
}

async fn read(answer: reqwest::Response) -> Result<HttpResponse, TransportError> {
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let mut body = Vec::new();
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| TransportError::MaybeSent("the answer was cut short"))?;
        if body.len() + chunk.len() > MAX_BODY {
            return Err(TransportError::MaybeSent("the answer is larger than 5 MB"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpResponse { status, headers, body })
}
