//! Running an emulator, in the program and in tests.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Where an emulator takes the time from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A clock that stands still.
pub fn fixed_clock(at: Timestamp) -> Clock {
    Arc::new(move || at)
}

/// Serves until `shutdown` is ready, then lets open requests finish.
pub(crate) async fn serve_until(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await
}

/// A server that runs in the background. It ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Starts a server on a free port of loopback. `serve` is given the listener and the future
    /// that becomes ready when the server should end.
    pub(crate) async fn start<F, S>(serve: S) -> std::io::Result<Self>
    where
        S: FnOnce(TcpListener, Stopped) -> F,
        F: Future<Output = std::io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, Stopped(stopped)));
        Ok(Self { addr, stop: Some(stop), task })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its root, `http://127.0.0.1:PORT/`.
    pub fn base_url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// Lets open requests finish, and ends.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        // The outcome of a server that is told to end is of no interest to anybody.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Becomes ready when the server should end.
pub(crate) struct Stopped(oneshot::Receiver<()>);

impl Stopped {
    pub(crate) async fn wait(self) {
        // Both a message and a dropped sender mean the end.
        let _ = self.0.await;
    }
}
