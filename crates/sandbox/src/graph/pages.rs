//! Further pages of the same administrator, so that there is something to choose from.
//!
//! Such a page stands for itself and is quiet: it can be connected, tested, read and asked to tell of what happens on
//! it, and nothing happens. People write to the first page only.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::call::{Call, success};
use super::error::GraphError;
use super::state::{Person, State};
use super::{Graph, page};

/// What can be listed of a page.
const EDGES: [&str; 11] = [
    "conversations",
    "feed",
    "insights",
    "photos",
    "posts",
    "published_posts",
    "ratings",
    "scheduled_posts",
    "tagged",
    "videos",
    "visitor_posts",
];

/// A further page.
#[derive(Debug, Clone)]
pub(super) struct Further {
    pub(super) page: Person,
    /// The token that is good for it, and without which `me` is the first page.
    pub(super) token: String,
    /// What it passes on to the app.
    pub(super) subscribed: Option<BTreeSet<String>>,
}

impl Graph {
    /// The administrator gets another page of this name; its id and name. One of that name stays the same.
    pub(crate) fn add_page(&self, name: &str) -> Value {
        let id = self.ids.digits_of("facebook.page", name, 15);
        let mut state = self.lock();
        if id != state.page.id && state.further.iter().all(|known| known.page.id != id) {
            let page = Person { id: id.clone(), name: name.to_owned() };
            state.further.push(Further { page, token: self.tokens.issue("EAA", None), subscribed: None });
        }
        json!({"id": id, "name": name})
    }
}

/// As `me/accounts` lists them.
pub(super) fn listed(state: &State) -> impl Iterator<Item = Value> {
    state.further.iter().map(|known| {
        json!({
            "access_token": known.token,
            "category": "Medical Center",
            "name": known.page.name,
            "id": known.page.id,
            "tasks": page::tasks(),
        })
    })
}

/// Answers what is asked of a further page; `None` where it is not one.
pub(super) fn answer(call: &Call<'_>, method: &str, parts: &[&str]) -> Option<Result<Value, GraphError>> {
    let (id, rest) = parts.split_first()?;
    let at = call.graph.lock().further.iter().position(|known| known.page.id == *id)?;
    Some(match (method, rest) {
        ("GET", []) => shown(call, at),
        ("GET", ["subscribed_apps"]) => {
            let state = call.graph.lock();
            Ok(page::subscribed_apps(&state, state.further[at].subscribed.as_ref()))
        }
        ("POST", ["subscribed_apps"]) => page::wanted(call, &page::SUBSCRIBABLE).map(|fields| {
            call.graph.lock().further[at].subscribed = Some(fields);
            success()
        }),
        ("DELETE", ["subscribed_apps"]) => {
            call.graph.lock().further[at].subscribed = None;
            Ok(success())
        }
        ("GET", [edge]) if EDGES.contains(edge) => Ok(json!({"data": []})),
        (_, rest) => Err(GraphError::no_edge(&rest.join("/"))),
    })
}

fn shown(call: &Call<'_>, at: usize) -> Result<Value, GraphError> {
    let state = call.graph.lock();
    let Further { page, token, .. } = &state.further[at];
    let mut shown = Map::new();
    let asked: Vec<&str> = call.fields.0.iter().map(|field| field.name.as_str()).collect();
    for name in if asked.is_empty() { vec!["name"] } else { asked } {
        let value = match name {
            "id" => continue,
            "name" => page.name.as_str().into(),
            "link" => format!("https://www.facebook.com/{}", page.id).into(),
            "category" => "Medical Center".into(),
            "access_token" => token.as_str().into(),
            "tasks" => page::tasks(),
            "is_published" => true.into(),
            "followers_count" | "fan_count" => 0.into(),
            // It has none, and lists nothing.
            "instagram_business_account" => continue,
            name if EDGES.contains(&name) => continue,
            name => return Err(GraphError::no_field(name, "Page")),
        };
        shown.insert(name.to_owned(), value);
    }
    shown.insert("id".to_owned(), page.id.as_str().into());
    Ok(Value::Object(shown))
}
