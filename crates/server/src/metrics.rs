//! Counts and durations of requests, by route template and never by id.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use http::Method;

/// Upper bounds of the histogram, in microseconds.
const BOUNDS: [(i64, &str); 8] = [
    (1_000, "0.001"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (5_000_000, "5"),
];

#[derive(Debug, Default)]
struct Route {
    statuses: BTreeMap<u16, u64>,
    within: [u64; BOUNDS.len()],
    count: u64,
    micros: i64,
}

/// What was counted since the start.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    routes: Mutex<BTreeMap<(String, String), Route>>,
}

impl Metrics {
    pub(crate) fn count(&self, method: &Method, route: &str, status: u16, micros: i64) {
        // A method that we do not know could be anything; its name is not kept.
        let method = if matches!(method.as_str(), "GET" | "POST" | "PATCH" | "DELETE" | "HEAD") {
            method.as_str()
        } else {
            "other"
        };
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = routes.entry((method.to_owned(), route.to_owned())).or_default();
        *counted.statuses.entry(status).or_default() += 1;
        counted.count += 1;
        counted.micros += micros;
        for (within, (bound, _)) in counted.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(micros <= bound);
        }
    }

    /// Prometheus text.
    pub(crate) fn write(&self, out: &mut String) {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        out.push_str("# TYPE bedside_http_requests_total counter\n");
        for ((method, route), counted) in routes.iter() {
            for (status, n) in &counted.statuses {
                line(
                    out,
                    "bedside_http_requests_total",
                    &format!("method=\"{method}\",route=\"{route}\",status=\"{status}\""),
                    n,
                );
            }
        }
        out.push_str("# TYPE bedside_http_request_seconds histogram\n");
        for ((method, route), counted) in routes.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            for (n, (_, bound)) in counted.within.iter().zip(BOUNDS) {
                line(out, "bedside_http_request_seconds_bucket", &format!("{labels},le=\"{bound}\""), n);
            }
            line(out, "bedside_http_request_seconds_bucket", &format!("{labels},le=\"+Inf\""), counted.count);
            line(out, "bedside_http_request_seconds_sum", &labels, counted.micros as f64 / 1e6);
            line(out, "bedside_http_request_seconds_count", &labels, counted.count);
        }
    }
}

/// One line of Prometheus text.
pub(crate) fn line(out: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ =
        if labels.is_empty() { writeln!(out, "{name} {value}") } else { writeln!(out, "{name}{{{labels}}} {value}") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_time() {
        let metrics = Metrics::default();
        metrics.count(&Method::GET, "/api/v1/me", 200, 900);
        metrics.count(&Method::GET, "/api/v1/me", 401, 60_000);
        let mut out = String::new();
        metrics.write(&mut out);
        assert!(out.contains("bedside_http_requests_total{method=\"GET\",route=\"/api/v1/me\",status=\"401\"} 1"));
        assert!(
            out.contains("bedside_http_request_seconds_bucket{method=\"GET\",route=\"/api/v1/me\",le=\"0.001\"} 1")
        );
        assert!(out.contains("bedside_http_request_seconds_sum{method=\"GET\",route=\"/api/v1/me\"} 0.0609"));
    }
}
