//! For whoever runs the program: alive, ready, and numbers. No ids and no names stand here, since
//! nobody has to sign in.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bedside_store::trust::organisations;
use http::{StatusCode, header};

use crate::app::{App, Inner};
use crate::metrics::line;
use crate::problem::Problem;
use crate::trust::health;

/// How long the writer may take for nothing.
const WRITER_PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).route("/metrics", get(metrics))
}

/// Alive.
async fn healthz() -> &'static str {
    "ok\n"
}

async fn writer_answers(app: &Inner) -> bool {
    let nothing = app.store.write_system(app.now(), |tx| Box::pin(async move { tx.unchanged(()) }));
    matches!(tokio::time::timeout(WRITER_PATIENCE, nothing).await, Ok(Ok(())))
}

async fn reasons(app: &Inner) -> Result<BTreeSet<&'static str>, Problem> {
    let mut reasons = BTreeSet::new();
    if !writer_answers(app).await {
        reasons.insert("the database's writer does not answer");
    }
    let orgs = organisations(&mut app.read().await?).await?;
    for org in orgs {
        reasons.extend(health::look(app, &org).await?.reasons());
    }
    Ok(reasons)
}

/// Ready; 503 with the reasons where something needs a person.
async fn readyz(State(app): State<App>) -> Response {
    let reasons = match reasons(&app).await {
        Ok(reasons) => reasons,
        Err(_) => BTreeSet::from(["the database does not answer"]),
    };
    if reasons.is_empty() {
        return "ready\n".into_response();
    }
    let text: String = reasons.into_iter().map(|reason| format!("{reason}\n")).collect();
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

/// Prometheus text.
async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let mut out = String::new();
    app.metrics.write(&mut out);
    line(&mut out, "bedside_writes_waiting", "", app.store.writes_waiting());
    let mut sums: Vec<(&'static str, i64)> = Vec::new();
    let orgs = organisations(&mut app.read().await?).await?;
    for org in orgs {
        let numbers = health::look(&app, &org).await?.numbers();
        if sums.is_empty() {
            sums.extend(numbers);
        } else {
            for (sum, (name, n)) in sums.iter_mut().zip(numbers) {
                // An age is the oldest of all organisations; counts add up.
                sum.1 = if name.ends_with("_seconds") { sum.1.max(n) } else { sum.1 + n };
            }
        }
    }
    for (name, n) in sums {
        line(&mut out, &format!("bedside_{name}"), "", n);
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response())
}
