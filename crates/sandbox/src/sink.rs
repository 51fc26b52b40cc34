//! A recording sink: a blog that writes each effect to a file, durably, before it answers.
//!
//! A test kills the program that sends, and a checker then reads the file by itself
//! ([`read_effects`]): what the file holds took effect, once for each line, whatever the sender
//! believes. The sink takes the same comment twice, so a sender that repeats itself is found out.

use std::future::Future;
use std::path::Path;

use tokio::net::TcpListener;

use crate::blog::Blog;
use crate::{Clock, Running};

pub use crate::blog::{Effect, read_effects};

/// Serves a sink that records to `path`, until `shutdown` is ready. It speaks enough of WordPress
/// that the connector works against it, read-back included.
///
/// Errors: the file or the listener fails.
pub async fn serve(
    listener: TcpListener,
    path: &Path,
    clock: Clock,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let blog = Blog::recording("Recording sink", clock, path)?;
    crate::blog::serve(listener, blog, shutdown).await
}

/// Serves a sink in the background, on a free port of loopback.
///
/// Errors: the file cannot be opened, or no port can be had.
pub async fn spawn(path: &Path, clock: Clock) -> std::io::Result<Running> {
    crate::blog::spawn(Blog::recording("Recording sink", clock, path)?).await
}
