//! What people do on Facebook.

use serde_json::{Value, json};

use super::comment as comments;
use super::events::{self, Verb};
use super::state::{Comment, Node, Person, Place, Post, Rating, State};
use super::{Graph, messages, post};
use crate::world::{Action, Kind, Refused, Write};

/// A person writes, edits or deletes.
///
/// Errors: [`Refused`].
pub(super) fn write(graph: &Graph, write: &Write) -> Result<Value, Refused> {
    let mut state = graph.lock();
    match write.action {
        Action::Add => add(graph, &mut state, write),
        Action::Edit => edit(graph, &mut state, write),
        Action::Delete => delete(graph, &mut state, write),
    }
}

fn add(graph: &Graph, state: &mut State, write: &Write) -> Result<Value, Refused> {
    let at = write.at.unwrap_or_else(|| graph.now());
    let from = if write.own { state.page.clone() } else { somebody(graph, write.author()) };
    let text = write.text().to_owned();
    match write.kind {
        Kind::Comment => {
            let under = match write.parent.as_ref().or(write.on.as_ref()) {
                Some(id) => id.clone(),
                None => first_post(state).ok_or(Refused::Unknown("on"))?,
            };
            let (on, parent) = comments::place(state, &under).ok_or(Refused::Unknown("on"))?;
            let id = comments::new_id(&graph.ids, &on);
            let shown = json!({"id": id, "on": on, "parent": parent});
            let comment =
                Comment { on, parent, from, message: text, attachment: None, is_hidden: write.held, liked: false };
            comments::put(state, &id, at, comment);
            events::comment(graph, state, &id, Verb::Add);
            Ok(shown)
        }
        Kind::Post | Kind::Mention | Kind::Review => {
            let place = match write.kind {
                Kind::Mention => Place::Elsewhere,
                Kind::Review => Place::Rating,
                _ if write.own => Place::Page,
                _ => Place::Visitor,
            };
            let rating = match (write.kind, write.rating) {
                (Kind::Review, Some(stars @ 1..=5)) => Some(Rating { stars: Some(stars), is_positive: stars > 3 }),
                (Kind::Review, _) => return Err(Refused::Invalid("`rating` of a review is from 1 to 5")),
                _ => None,
            };
            let id = match place {
                Place::Page | Place::Visitor => post::new_id(&graph.ids, state),
                Place::Elsewhere | Place::Rating => {
                    format!("{}_{}", from.id, graph.ids.digits("facebook.post", 15))
                }
            };
            let new = Post { message: text, rating, ..post::by(place, from, at) };
            state.put(id.clone(), at, Node::Post(new));
            events::post(graph, state, &id, Verb::Add);
            Ok(json!({"id": id}))
        }
        Kind::Message => {
            let with = somebody(graph, write.author());
            let id = messages::put(graph, state, &with, &text, write.own, at);
            Ok(json!({"id": id, "thread": messages::thread_id(&with), "person": with.id}))
        }
    }
}

fn edit(graph: &Graph, state: &mut State, write: &Write) -> Result<Value, Refused> {
    let id = write.id()?;
    let at = write.at.unwrap_or_else(|| graph.now());
    match state.node_mut(id) {
        Some(Node::Comment(comment)) => {
            comment.message = write.text().to_owned();
            events::comment(graph, state, id, Verb::Edited);
        }
        Some(Node::Post(post)) => {
            post.message = write.text().to_owned();
            post.updated = at;
            if let (Some(stars @ 1..=5), Some(_)) = (write.rating, post.rating) {
                post.rating = Some(Rating { stars: Some(stars), is_positive: stars > 3 });
            }
            events::post(graph, state, id, Verb::Edited);
        }
        Some(_) => return Err(Refused::Unsupported("way to edit this")),
        None => return Err(Refused::Unknown("id")),
    }
    Ok(json!({"id": id}))
}

fn delete(graph: &Graph, state: &mut State, write: &Write) -> Result<Value, Refused> {
    let id = write.id()?;
    match state.node(id) {
        Some(Node::Comment(_)) => events::comment(graph, state, id, Verb::Remove),
        Some(Node::Post(_)) => events::post(graph, state, id, Verb::Remove),
        Some(Node::Message(_) | Node::Photo(_) | Node::Video(_)) => {}
        _ => return Err(Refused::Unknown("id")),
    }
    state.remove(id);
    Ok(json!({"id": id}))
}

fn somebody(graph: &Graph, name: &str) -> Person {
    Person { id: graph.ids.digits_of("facebook.person", name, 17), name: name.to_owned() }
}

/// The first post of the page.
fn first_post(state: &State) -> Option<String> {
    state.first(|node| matches!(node, Node::Post(post) if post.place == Place::Page))
}
