//! The API, the live pages and the web pages.
//!
//! One folder per room, one file per operation with its request, its handler, its errors and its
//! tests. What holds for all of them stands here: [`problem`] knows HTTP status codes,
//! [`signed_in`] who asks, [`idempotency`] that a repeated request acts once, [`origin`] that it
//! comes from our own pages. To add a room: give it `routes()` and merge it in [`router`](mod@router).

mod alter;
pub mod answer;
pub mod app;
pub mod assets;
pub mod client;
mod document;
pub mod extract;
mod headers;
pub mod idempotency;
pub mod listen;
pub mod live;
mod metrics;
mod ops;
pub mod origin;
pub mod page;
pub mod password;
pub mod problem;
pub mod publish;
pub mod router;
pub mod schema;
pub mod signed_in;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod time;
pub mod trust;
pub mod understand;

pub use crate::app::{App, Config};
pub use crate::document::text as openapi_text;
pub use crate::problem::Problem;
pub use crate::router::{MakeService, openapi, router, serve};
pub use crate::signed_in::SignedIn;
pub use crate::time::Instant;
