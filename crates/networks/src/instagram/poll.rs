//! What of an account is swept: see [`crate::meta`] for how.

use bedside_model::Phi;
use serde_json::{Value, json};

use super::message::{self, Mention};
use crate::meta::{Again, Family, Get, Part, Place, Taken, by_instagram_login, date, id_of, nested, own_id, text};
use crate::{AccountView, NetError, RawItem};

pub(super) const COMMENT_FIELDS: &str = "id,text,timestamp,username,from,hidden,parent_id";
const AGAIN_FIELDS: &str = "id,text,timestamp,username,from,hidden,parent_id,media";
const MEDIA_FIELDS: &str = "id,caption,permalink,timestamp,comments_count";
const TAG_FIELDS: &str = "id,caption,permalink,timestamp,username";
/// Up to how many comments a medium is read wholly whenever their count changes: a reply may stand deep
/// below, under an old comment.
const SMALL: u64 = 500;
const PER_PAGE: &str = "50";

/// The account as a whole.
#[derive(Debug)]
pub(super) struct Account;

impl Family for Account {
    fn parts(&self, kind: &str) -> Option<Vec<&'static dyn Part>> {
        match kind {
            "everything" => Some(vec![&Comments, &Tags]),
            "comments" => Some(vec![&Comments]),
            "tags" => Some(vec![&Tags]),
            _ => None,
        }
    }

    fn again(&self, account: &AccountView, native_id: &str) -> Option<Again> {
        if let Some(mention) = Mention::of(native_id) {
            if by_instagram_login(&account.base_url) {
                return None;
            }
            let fields = match mention.comment {
                Some(comment) => format!("mentioned_comment.comment_id({comment}){{id,text,timestamp,username}}"),
                None => {
                    let media = mention.media;
                    format!("mentioned_media.media_id({media}){{id,caption,timestamp,username,permalink}}")
                }
            };
            return own_id(account).ok().map(|own| Again::Alone(Get::fields(own, &fields)));
        }
        native_id.bytes().all(|byte| byte.is_ascii_digit()).then_some(Again::Object(AGAIN_FIELDS))
    }

    fn reread(
        &self,
        _account: &AccountView,
        native_id: &str,
        mut found: Value,
        context: &dyn Fn(&str) -> Option<Value>,
    ) -> Option<RawItem> {
        if let Some(mention) = Mention::of(native_id) {
            let name = if mention.comment.is_some() { "mentioned_comment" } else { "mentioned_media" };
            let told = found.get_mut(name).map(Value::take).filter(Value::is_object)?;
            return Some(message::mention(&mention, told));
        }
        let media = found.get("media").and_then(|media| id_of(media, "id"));
        let media = media.map(|id| context(&id).unwrap_or_else(|| json!({"id": id})));
        found.get("timestamp")?;
        Some(message::comment(found, &media.unwrap_or_default()))
    }
}

fn media_place(element: &Value) -> Option<Place> {
    let id = id_of(element, "id")?;
    let mut context = json!({"id": id});
    for name in ["caption", "permalink"] {
        if let Some(value) = text(element, name) {
            context[name] = value.into();
        }
    }
    let count = element.get("comments_count").and_then(Value::as_u64);
    Some(Place {
        at: element.get("timestamp").and_then(date),
        mark: count.map(|count| count.to_string()).unwrap_or_default(),
        small: count.is_none_or(|count| count <= SMALL),
        context: Phi::new(context),
        id,
    })
}

/// The comments on a medium, with the replies to each.
pub(super) fn comments(media: &str) -> Get {
    let fields = format!("{COMMENT_FIELDS},replies.limit({PER_PAGE}){{{COMMENT_FIELDS}}}");
    Get::fields(format!("{media}/comments"), &fields).with("limit", PER_PAGE)
}

/// The replies to a comment.
pub(super) fn replies(comment: &str) -> Get {
    Get::fields(format!("{comment}/replies"), COMMENT_FIELDS).with("limit", PER_PAGE)
}

/// Comments under the account's own media.
#[derive(Debug)]
struct Comments;

impl Part for Comments {
    fn name(&self) -> &'static str {
        "comments"
    }

    fn places(&self, account: &AccountView) -> Result<Get, NetError> {
        Ok(Get::fields(format!("{}/media", own_id(account)?), MEDIA_FIELDS).with("limit", "100"))
    }

    fn place(&self, _account: &AccountView, element: &Value) -> Option<Place> {
        media_place(element)
    }

    fn under(&self, place: &Place) -> Option<Get> {
        Some(comments(&place.id))
    }

    fn take(&self, mut element: Value, place: &Place) -> Taken {
        let media = place.context.expose();
        let (id, at) = (id_of(&element, "id"), element.get("timestamp").and_then(date));
        let replies = element.get_mut("replies").and_then(nested);
        let mut taken = Taken { items: vec![message::comment(element, media)], at, more: Vec::new() };
        let (Some(id), Some(found)) = (id, replies) else { return taken };
        for mut reply in found.data {
            if let Some(fields) = reply.as_object_mut() {
                fields.entry("parent_id").or_insert_with(|| id.clone().into());
            }
            taken.items.push(message::comment(reply, media));
        }
        taken.more.extend(found.next.map(|next| (self::replies(&id), next)));
        taken
    }
}

/// Media of others in which the account is tagged.
#[derive(Debug)]
struct Tags;

impl Part for Tags {
    fn name(&self) -> &'static str {
        "tags"
    }

    fn places(&self, account: &AccountView) -> Result<Get, NetError> {
        Ok(Get::fields(format!("{}/tags", own_id(account)?), TAG_FIELDS).with("limit", PER_PAGE))
    }

    fn place(&self, _account: &AccountView, element: &Value) -> Option<Place> {
        media_place(element)
    }

    fn itself(&self, _account: &AccountView, element: Value) -> Option<RawItem> {
        Some(message::tag(element))
    }

    /// This list gives cursors, but no address of the next page.
    fn by_cursor(&self) -> bool {
        true
    }
}
