//! Private messages of the page.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::call::Call;
use super::error::GraphError;
use super::listing::written;
use super::show::{Edge, Look, Shown, person};
use super::state::{Message, Node, Person, State, Thread};
use super::{Graph, events};

/// How long after a person's last message the page may answer, and with the tag that a human answers.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);
const WINDOW_OF_HUMANS: SignedDuration = SignedDuration::from_hours(24 * 7);
/// The longest message, in characters.
const LONGEST: usize = 2_000;

pub(super) fn field(state: &State, message: &Message, at: Timestamp, name: &str) -> Shown {
    let Some(Node::Thread(thread)) = state.node(&message.thread) else { return Shown::Nothing };
    let (from, to) = if message.is_ours { (&state.page, &thread.person) } else { (&thread.person, &state.page) };
    match name {
        "created_time" => Shown::Value(written(at).into()),
        "message" => Shown::Value(message.text.as_str().into()),
        "from" => Shown::Value(person(from)),
        "to" => Shown::Value(json!({"data": [person(to)]})),
        "attachments" | "shares" | "sticker" | "tags" | "thread_id" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

pub(super) fn thread_field(look: &Look<'_>, id: &str, thread: &Thread, name: &str) -> Shown {
    let messages = || look.state.list(|node| matches!(node, Node::Message(message) if message.thread == id));
    match name {
        "updated_time" => Shown::Value(written(thread.updated).into()),
        "link" => Shown::Value(format!("/{}/inbox/{id}/", look.state.page.id).into()),
        "participants" | "senders" => {
            let with_mail =
                |one: &Person| json!({"name": one.name, "email": format!("{}@facebook.com", one.id), "id": one.id});
            Shown::Value(json!({"data": [with_mail(&thread.person), with_mail(&look.state.page)]}))
        }
        "message_count" => Shown::Value(messages().len().into()),
        "unread_count" => Shown::Value(thread.unread.into()),
        "can_reply" => Shown::Value(true.into()),
        "snippet" => match messages().iter().max().and_then(|(_, id)| look.state.node(id)) {
            Some(Node::Message(message)) => Shown::Value(message.text.as_str().into()),
            _ => Shown::Nothing,
        },
        "messages" => Shown::Edge(Edge::new(messages(), true)),
        "folder"
        | "former_participants"
        | "is_owner"
        | "is_subscribed"
        | "linked_group"
        | "name"
        | "scoped_thread_key"
        | "wallpaper" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

/// The thread with somebody.
pub(super) fn thread_id(person: &Person) -> String {
    format!("t_{}", person.id)
}

/// Puts a message into the thread with somebody, which is made where there is none; its id.
pub(super) fn put(graph: &Graph, state: &mut State, with: &Person, text: &str, is_ours: bool, at: Timestamp) -> String {
    let thread = thread_id(with);
    if state.node(&thread).is_none() {
        let new = Thread { person: with.clone(), updated: at, heard: None, unread: 0 };
        state.put(thread.clone(), at, Node::Thread(new));
    }
    if let Some(Node::Thread(thread)) = state.node_mut(&thread) {
        thread.updated = at;
        if is_ours {
            thread.unread = 0;
        } else {
            thread.heard = Some(at);
            thread.unread += 1;
        }
    }
    // A listing of threads is in the order in which they changed.
    if let Some(object) = state.objects.get_mut(&thread) {
        object.key.at = at;
    }
    let id = format!("m_{}", graph.ids.letters("facebook.message", 32));
    state.put(id.clone(), at, Node::Message(Message { thread, is_ours, text: text.to_owned() }));
    events::message(graph, state, with, &id, text, is_ours);
    id
}

/// `POST /{page}/messages {recipient:{id | comment_id}, message:{text}}`.
pub(super) fn send(call: &Call<'_>) -> Result<Value, GraphError> {
    let recipient = object(call, "recipient").ok_or_else(|| GraphError::missing("recipient"))?;
    let message = object(call, "message").ok_or_else(|| GraphError::missing("message"))?;
    let text =
        message["text"].as_str().filter(|text| !text.is_empty()).ok_or_else(|| GraphError::missing("message"))?;
    if text.chars().count() > LONGEST {
        return Err(GraphError::parameter("Length of param message[text] must be less than or equal to 2000"));
    }
    let graph = call.graph;
    let now = graph.now();
    let mut state = graph.lock();
    let to = match (recipient["comment_id"].as_str(), recipient["id"].as_str()) {
        // A comment may be answered in private, whenever its author wrote to the page last.
        (Some(comment), _) => {
            let comment = state.comment(comment).ok_or_else(|| GraphError::no_object("post", comment))?;
            comment.from.clone()
        }
        (None, Some(id)) => {
            let Some(Node::Thread(thread)) = state.node(&format!("t_{id}")) else {
                return Err(GraphError::parameter("No matching user found"));
            };
            let is_human = call.input.text("tag").is_some_and(|tag| tag == "HUMAN_AGENT");
            let window = if is_human { WINDOW_OF_HUMANS } else { WINDOW };
            if thread.heard.is_none_or(|heard| now.duration_since(heard) > window) {
                return Err(GraphError::outside_window());
            }
            thread.person.clone()
        }
        (None, None) => return Err(GraphError::missing("recipient")),
    };
    let id = put(graph, &mut state, &to, text, true, now);
    Ok(json!({"recipient_id": to.id, "message_id": id}))
}

/// A parameter that is an object, or the text of one.
fn object(call: &Call<'_>, name: &str) -> Option<Value> {
    match call.input.value(name)? {
        object @ Value::Object(_) => Some(object.clone()),
        Value::String(text) => serde_json::from_str(text).ok().filter(Value::is_object),
        _ => None,
    }
}
