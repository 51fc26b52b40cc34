//! A proxy that breaks connections on purpose.
//!
//! It stands between a client and a server on loopback and does to each request what its plan says:
//! an ordered list, so that a test can tell a story, or chances drawn from a seed, so that a long
//! run is varied and can be repeated. One connection carries one request. What was done stands in
//! the log, with whether the server ever saw the request: that is the truth a test compares with.

mod plan;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::Running;
use wire::Message;

pub use plan::{Applies, NetFault, Plan};

/// What was done to one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProxyEntry {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The `Idempotency-Key` it carried.
    pub idempotency_key: Option<String>,
    /// What was done.
    pub fault: NetFault,
    /// The status with which the server answered; `None` if it never saw the request.
    pub upstream_status: Option<u16>,
}

#[derive(Debug)]
struct Inner {
    plan: Plan,
    log: Vec<ProxyEntry>,
}

/// The plan and the log of a proxy. Clones share them.
#[derive(Debug, Clone)]
pub struct FaultProxy {
    upstream: SocketAddr,
    inner: Arc<Mutex<Inner>>,
}

impl FaultProxy {
    /// A proxy before the server at `upstream`.
    pub fn new(upstream: SocketAddr, plan: Plan) -> Self {
        Self { upstream, inner: Arc::new(Mutex::new(Inner { plan, log: Vec::new() })) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on another plan.
    pub fn set_plan(&self, plan: Plan) {
        self.lock().plan = plan;
    }

    /// Everything done so far.
    pub fn log(&self) -> Vec<ProxyEntry> {
        self.lock().log.clone()
    }

    fn note(&self, entry: ProxyEntry) {
        self.lock().log.push(entry);
    }
}

/// Serves until `shutdown` is ready; connections that are open then are dropped.
///
/// Errors: the listener fails.
pub async fn serve(
    listener: TcpListener,
    proxy: FaultProxy,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // Dropping the sender ends the half-open connections that wait for it.
    let (alive, end) = watch::channel(());
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => {
                let (client, _) = accepted?;
                let (proxy, end) = (proxy.clone(), end.clone());
                tokio::spawn(async move {
                    if let Err(error) = handle(client, &proxy, end).await {
                        tracing::debug!(%error, "a connection through the fault proxy ended early");
                    }
                });
            }
        }
    }
    drop(alive);
    Ok(())
}

/// Serves in the background, on a free port of loopback.
///
/// Errors: no port can be had.
pub async fn spawn(proxy: FaultProxy) -> std::io::Result<Running> {
    Running::start(|listener, stopped| serve(listener, proxy, stopped.wait())).await
}

async fn handle(mut client: TcpStream, proxy: &FaultProxy, mut end: watch::Receiver<()>) -> std::io::Result<()> {
    let Some(request) = wire::read(&mut client).await? else { return Ok(()) };
    let line = request.first_line();
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let fault = proxy.lock().plan.next(&method);
    let mut entry = ProxyEntry {
        method,
        path,
        idempotency_key: request.header("idempotency-key"),
        fault: fault.clone(),
        upstream_status: None,
    };
    if fault.reaches_server() {
        if let NetFault::Delay { millis } = fault {
            pause(millis).await;
        }
        let answer = forward(proxy.upstream, &request).await?;
        entry.upstream_status = answer.first_line().split(' ').nth(1).and_then(|status| status.parse().ok());
        // Noted before the client can know, so that whoever sees the outcome finds it in the log.
        proxy.note(entry);
        return respond(client, &fault, &answer).await;
    }
    proxy.note(entry);
    match fault {
        NetFault::Reset => reset(client),
        NetFault::HalfOpen => {
            // Neither answers nor closes, until the client gives up or the proxy ends.
            let mut nothing = [0_u8; 64];
            tokio::select! {
                _ = client.read(&mut nothing) => {}
                _ = end.changed() => {}
            }
            Ok(())
        }
        NetFault::Status { status, retry_after } => {
            let after = retry_after.map_or_else(String::new, |seconds| format!("retry-after: {seconds}\r\n"));
            let head = format!("HTTP/1.1 {status} Fault\r\n{after}content-length: 0\r\nconnection: close\r\n\r\n");
            client.write_all(head.as_bytes()).await?;
            client.shutdown().await
        }
        // Drop: the connection closes in good order, without an answer.
        _ => client.shutdown().await,
    }
}

async fn respond(mut client: TcpStream, fault: &NetFault, answer: &Message) -> std::io::Result<()> {
    match fault {
        NetFault::LostAfterApply => reset(client),
        NetFault::Truncate { bytes } => {
            let whole = answer.closing();
            client.write_all(&whole[..whole.len().saturating_sub(1).min(*bytes)]).await?;
            client.shutdown().await
        }
        NetFault::OddBody => {
            let body = "<html><body>Welcome</body></html>";
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            client.write_all(head.as_bytes()).await?;
            client.shutdown().await
        }
        NetFault::ErrorAfterApply { status } => {
            let head = format!("HTTP/1.1 {status} Fault\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            client.write_all(head.as_bytes()).await?;
            client.shutdown().await
        }
        _ => {
            client.write_all(&answer.closing()).await?;
            client.shutdown().await
        }
    }
}

async fn forward(upstream: SocketAddr, request: &Message) -> std::io::Result<Message> {
    let mut server = TcpStream::connect(upstream).await?;
    server.write_all(&request.closing()).await?;
    let answer = wire::read(&mut server).await?;
    answer.ok_or_else(|| std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the server answered nothing"))
}

/// Closes with a TCP reset: the client sees "connection reset by peer".
fn reset(client: TcpStream) -> std::io::Result<()> {
    client.set_zero_linger()?;
    drop(client);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the delay is the fault that was asked for")]
async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
