//! Pages over HTTP: a feed of comments, and a page with reviews. Both show a hundred things, the newest
//! first, and name the page behind (RFC 5005; `rel=next`). A hub tells what is new in the feed.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_engine::clock::Clock;
use bedside_networks::{Credentials, Secret};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::hub::Hub;
use crate::place::{Place, Said, Trouble, Troubles, When};

/// How many things a page shows.
const SHOWN: usize = 100;
const USER: &str = "care";
const PASSWORD: &str = "reader";

/// Something that somebody said.
#[derive(Debug, Clone)]
struct Thing {
    number: usize,
    author: String,
    text: String,
    at: jiff::Timestamp,
}

/// How things are shown: on a site, with the address of the page behind them.
type Show = fn(&str, &[Thing], Option<&str>) -> String;

struct Site {
    things: Vec<Thing>,
    /// Counts every change.
    version: u32,
    troubles: Troubles,
}

#[derive(Clone)]
struct Pages {
    site: Arc<Mutex<Site>>,
    show: Show,
    kind: &'static str,
    /// Whether it asks for a password.
    closed: bool,
    /// Where it listens, without a slash at its end.
    base: String,
}

struct Open {
    pages: Pages,
    hub: Hub,
    clock: Clock,
    task: JoinHandle<()>,
}

/// Opens a feed of comments behind a password.
pub fn feed(clock: Clock) -> BoxFuture<'static, Box<dyn Place>> {
    Box::pin(open(clock, atom, "application/atom+xml", true))
}

/// Opens a public page with reviews.
pub fn reviews(clock: Clock) -> BoxFuture<'static, Box<dyn Place>> {
    Box::pin(open(clock, page, "text/html; charset=utf-8", false))
}

async fn open(clock: Clock, show: Show, kind: &'static str, closed: bool) -> Box<dyn Place> {
    let site = Site { things: Vec::new(), version: 0, troubles: Troubles::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (pages, hub) = (Pages { site: Arc::new(Mutex::new(site)), show, kind, closed, base }, Hub::default());
    let robots = async || "User-agent: *\nDisallow: /private/\n";
    let app = Router::new().route("/robots.txt", get(robots)).route("/all", get(answer)).with_state(pages.clone());
    let app = app.merge(hub.router());
    let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    Box::new(Open { pages, hub, clock, task })
}

impl Pages {
    fn site(&self) -> MutexGuard<'_, Site> {
        self.site.lock().unwrap()
    }
}

async fn answer(
    State(pages): State<Pages>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let mut site = pages.site();
    let trouble = site.troubles.meet();
    let asked = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let known = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
    match trouble {
        Some(Trouble::TooMuch) => return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "900")]).into_response(),
        Some(Trouble::Down) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Trouble::Revoked | Trouble::Expired) => return StatusCode::UNAUTHORIZED.into_response(),
        None | Some(Trouble::Malformed) if pages.closed && asked(header::AUTHORIZATION) != Some(&known) => {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        None | Some(Trouble::Malformed) => {}
    }
    let page = query.iter().find(|(name, _)| name == "page").map_or(1, |(_, page)| page.parse().unwrap());
    let tag = format!("\"{}-{page}\"", site.version);
    if asked(header::IF_NONE_MATCH) == Some(&tag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let shown: Vec<Thing> = site.things.iter().rev().skip((page - 1) * SHOWN).take(SHOWN).cloned().collect();
    let next = (site.things.len() > page * SHOWN).then(|| format!("?page={}", page + 1));
    let mut body = (pages.show)(&pages.base, &shown, next.as_deref());
    if trouble == Some(Trouble::Malformed) {
        body.truncate(body.floor_char_boundary(body.len() / 2));
    }
    ([("content-type", pages.kind), ("etag", &tag)], body).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A feed of comments under one post (RFC 4287).
fn atom(base: &str, things: &[Thing], next: Option<&str>) -> String {
    let next = next.map_or_else(String::new, |next| format!("<link rel=\"next\" href=\"{next}\"/>"));
    let entries: String = things
        .iter()
        .map(|thing| {
            let Thing { number, author, text, at } = thing;
            format!(
                "<entry><id>tag:blog.example.org,2026:comment-{number}</id><title>Comment on Flu shots</title>\
                 <link href=\"https://blog.example.org/flu#comment-{number}\"/><author><name>{}</name></author>\
                 <published>{at}</published><updated>{at}</updated><content type=\"html\">{}</content></entry>\n",
                escape(author),
                escape(&format!("<p>{}</p>", escape(text))),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\
         <id>tag:blog.example.org,2026:comments</id><title>Comments</title><updated>2026-11-24T10:00:00Z</updated>\
         <link rel=\"hub\" href=\"{base}/hub\"/><link rel=\"self\" href=\"{base}/all\"/>{next}{entries}</feed>\n"
    )
}

/// A page with reviews as JSON-LD.
fn page(_base: &str, things: &[Thing], next: Option<&str>) -> String {
    let next = next.map_or_else(String::new, |next| format!("<a rel=\"next\" href=\"{next}\">Older</a>"));
    let reviews: Vec<Value> = things
        .iter()
        .map(|thing| {
            json!({"@type": "Review", "@id": format!("#review-{}", thing.number), "author": {"name": thing.author},
                "datePublished": thing.at.to_string(), "reviewRating": {"ratingValue": 2}, "reviewBody": thing.text})
        })
        .collect();
    let clinic = json!({"@context": "https://schema.org", "@type": "MedicalClinic", "name": "Elm Street Clinic",
        "aggregateRating": {"@type": "AggregateRating", "ratingValue": 2}, "review": reviews});
    format!("<!doctype html><title>Reviews</title>{next}<script type=\"application/ld+json\">{clinic}</script>\n")
}

impl Place for Open {
    fn base(&self) -> String {
        format!("{}/all", self.pages.base)
    }

    fn account(&self) -> (Option<String>, Value) {
        (None, json!({"kind": if self.pages.closed { "comment" } else { "review" }}))
    }

    fn credentials(&self) -> Credentials {
        match self.pages.closed {
            true => Credentials::Basic { user: USER.into(), password: Secret::new(PASSWORD) },
            false => Credentials::None,
        }
    }

    fn write(&self, said: Said<'_>) -> String {
        let mut site = self.pages.site();
        let (author, text) = (said.author.to_owned(), said.text.to_owned());
        let number = site.things.len() + 1;
        let thing = Thing { number, author, text, at: self.clock.timestamp() };
        self.hub.publish(self.pages.kind, (self.pages.show)(&self.pages.base, std::slice::from_ref(&thing), None));
        site.things.push(thing);
        site.version += 1;
        number.to_string()
    }

    fn edit(&self, id: &str, text: &str) {
        let mut site = self.pages.site();
        let thing = site.things.iter_mut().find(|thing| thing.number.to_string() == id).unwrap();
        text.clone_into(&mut thing.text);
        site.version += 1;
    }

    fn delete(&self, _id: &str) {
        unreachable!("what is no longer shown tells of no deletion");
    }

    fn trouble(&self, trouble: Trouble, when: When) {
        self.pages.site().troubles.add(trouble, when);
    }

    fn well(&self) {
        self.pages.site().troubles.clear();
    }

    fn stutter(&self) {
        self.hub.stutter();
    }

    fn told(&self) -> usize {
        self.hub.subscribers()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.task.abort();
    }
}
