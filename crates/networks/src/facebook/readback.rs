//! What is sought to see whether an operation took effect.

use serde_json::Value;

use super::message::person_of;
use super::outgoing::answered;
use super::poll::{comments, messages};
use super::publish;
use crate::meta::{Get, Sought, id_of, object_id, own_id};
use crate::operation::NOT_HERE;
use crate::{AccountView, NetError, Operation};

/// What is sought.
pub(super) fn sought(account: &AccountView, operation: &Operation) -> Result<Sought, NetError> {
    let object = |native_id: &str, fields: &str| Ok::<_, NetError>(Get::fields(object_id(native_id)?, fields));
    Ok(match operation {
        Operation::Reply { thread_native_id, parent_native_id, visibility, text } => {
            if let Some(person) = person_of(thread_native_id) {
                let conversations = format!("{}/conversations", own_id(account)?);
                let get = Get::fields(conversations, "id").with("user_id", object_id(person)?);
                return Ok(Sought::Through { get, then: conversation, says: text.clone(), is_own });
            }
            let under = answered(account, thread_native_id, parent_native_id.as_deref(), *visibility)?;
            Sought::InList { get: comments(under), says: text.clone(), field: "message", is_own }
        }
        Operation::Post { text, link, media, .. } => {
            let get = Get::fields(
                format!("{}/published_posts", own_id(account)?),
                "id,message,created_time,from,permalink_url",
            );
            let says = publish::message(text.expose(), link.as_deref(), media);
            // All that stands in this list is the page's own.
            Sought::InList { get: get.with("limit", "100"), says: says.into(), field: "message", is_own: |_, _| true }
        }
        Operation::EditOwn { native_id, text, .. } => {
            let field = if native_id.contains('_') { "message" } else { "description" };
            Sought::Says { get: object(native_id, field)?, field, says: text.clone() }
        }
        Operation::DeleteOwn { native_id, .. } | Operation::Remove { native_id } => {
            Sought::Gone(object(native_id, "id")?)
        }
        Operation::Hide { native_id } => {
            Sought::Is { get: object(native_id, "id,is_hidden")?, field: "is_hidden", so: true }
        }
        Operation::Approve { native_id } => {
            Sought::Is { get: object(native_id, "id,is_hidden")?, field: "is_hidden", so: false }
        }
        Operation::Spam { .. } | Operation::Caption { .. } => return Err(NOT_HERE),
    })
}

fn is_own(account: &AccountView, one: &Value) -> bool {
    one.get("from").and_then(|from| id_of(from, "id")).is_some_and(|author| account.is_own(&author))
}

/// The list of messages, from the answer that names the conversation.
fn conversation(answer: &Value) -> Option<Get> {
    let id = answer.get("data")?.as_array()?.first().and_then(|first| id_of(first, "id"))?;
    Some(messages(&id))
}
