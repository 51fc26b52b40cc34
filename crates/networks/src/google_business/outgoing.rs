//! What goes out: replies to reviews, put in place and taken back, and local posts.

use serde_json::{Value, json};

use super::{CAPABILITIES, LIMITS, endpoint, is_resource, locations, review_name, signed};
use crate::google::refusal;
use crate::objection::by_limits;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, Counted, HttpRequest, HttpResponse, Limits, Media, Method, NetError, Objection, Operation, Outcome,
    OwnKind, Visibility,
};

/// What an operation does there.
pub(super) enum Effect<'a> {
    /// A reply is put in place.
    PutReply { review: &'a str, text: &'a str },
    /// The reply is taken away.
    DropReply { review: &'a str },
    /// A post is made.
    NewPost { location: &'a str, text: &'a str, link: Option<&'a str>, media: &'a [Media], language: Option<&'a str> },
    /// A post gets another text.
    EditPost { post: &'a str, text: &'a str },
    /// A post is taken back.
    DropPost { post: &'a str },
}

/// Reads an operation; what cannot be done is an error.
pub(super) fn effect<'a>(account: &'a AccountView, operation: &'a Operation) -> Result<Effect<'a>, NetError> {
    let of_reply = |native_id| review_name(str::strip_suffix(native_id, "/reply").unwrap_or(native_id));
    match operation {
        Operation::Reply { visibility: Visibility::Unlisted | Visibility::Private, .. } => {
            Err(NetError::Unsupported { what: "a reply to a review is always public" })
        }
        Operation::Reply { thread_native_id, text, .. } => {
            Ok(Effect::PutReply { review: review_name(thread_native_id)?, text: text.expose() })
        }
        Operation::EditOwn { kind: OwnKind::Reply, native_id, text } => {
            Ok(Effect::PutReply { review: of_reply(native_id.as_str())?, text: text.expose() })
        }
        Operation::DeleteOwn { kind: OwnKind::Reply, native_id } => {
            Ok(Effect::DropReply { review: of_reply(native_id.as_str())? })
        }
        Operation::Post { text, link, media, language, .. } => Ok(Effect::NewPost {
            location: post_location(account)?,
            text: text.expose(),
            link: link.as_deref(),
            media,
            language: language.as_deref(),
        }),
        Operation::EditOwn { kind: OwnKind::Post, native_id, text } => {
            Ok(Effect::EditPost { post: post_name(native_id)?, text: text.expose() })
        }
        Operation::DeleteOwn { kind: OwnKind::Post, native_id } => Ok(Effect::DropPost { post: post_name(native_id)? }),
        Operation::Hide { .. } | Operation::Approve { .. } | Operation::Remove { .. } => {
            Err(NetError::Unsupported { what: "Google alone decides which reviews are shown" })
        }
        Operation::Spam { .. } | Operation::Caption { .. } => Err(NOT_HERE),
    }
}

/// The location that posts are made for: the one that is named, or the only one.
fn post_location(account: &AccountView) -> Result<&str, NetError> {
    let named = account.setting("post_location").or_else(|| account.setting("location"));
    let mut listed = locations::of(account).map(|(name, _)| name);
    let only = match (listed.next(), listed.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    named.or(only).filter(|name| is_resource(name, &["accounts", "locations"])).ok_or(NetError::Config {
        what: "the account has several locations: say in its settings which one posts are made for (post_location)",
    })
}

fn post_name(name: &str) -> Result<&str, NetError> {
    if is_resource(name, &["accounts", "locations", "localPosts"]) {
        Ok(name)
    } else {
        Err(NetError::Config { what: "the id is not the name of a local post" })
    }
}

/// What speaks against an operation. Replies are counted in bytes, posts in characters.
pub(super) fn objections(account: &AccountView, operation: &Operation) -> Vec<Objection> {
    const OF_POSTS: Limits = Limits { counted: Counted::Chars, ..LIMITS };
    let is_post = matches!(operation, Operation::Post { .. } | Operation::EditOwn { kind: OwnKind::Post, .. });
    let mut found = by_limits(&CAPABILITIES, if is_post { &OF_POSTS } else { &LIMITS }, operation);
    match operation {
        Operation::Reply { visibility: Visibility::Unlisted | Visibility::Private, .. } => {
            found.push(Objection::new("always_public", "A reply to a review is always public."));
        }
        Operation::Post { .. } if post_location(account).is_err() => found.push(Objection::new(
            "which_location",
            "This account has several locations. Say in its settings which one posts are made for.",
        )),
        _ => {}
    }
    found
}

/// Builds the request of an operation.
pub(super) fn request(account: &AccountView, operation: &Operation) -> Result<HttpRequest, NetError> {
    let to =
        |method, resource: &str, query: &[(&str, &str)]| signed(account, method, endpoint(account, resource, query));
    match effect(account, operation)? {
        Effect::PutReply { review, text } => {
            Ok(to(Method::Put, &format!("{review}/reply"), &[])?.json(&json!({"comment": text})))
        }
        Effect::DropReply { review } => to(Method::Delete, &format!("{review}/reply"), &[]),
        Effect::NewPost { location, text, link, media, language } => {
            let mut post = json!({"topicType": "STANDARD", "summary": text});
            if let Some(language) = language {
                post["languageCode"] = language.into();
            }
            if let Some(link) = link {
                post["callToAction"] = json!({"actionType": "LEARN_MORE", "url": link});
            }
            if !media.is_empty() {
                post["media"] = media.iter().map(photo).collect::<Result<Value, _>>()?;
            }
            Ok(to(Method::Post, &format!("{location}/localPosts"), &[])?.json(&post))
        }
        Effect::EditPost { post, text } => {
            Ok(to(Method::Patch, post, &[("updateMask", "summary")])?.json(&json!({"summary": text})))
        }
        Effect::DropPost { post } => to(Method::Delete, post, &[]),
    }
}

/// Google fetches the photo of a post itself.
fn photo(media: &Media) -> Result<Value, NetError> {
    let url = media.public_url.as_deref().ok_or(NetError::Config {
        what: "Google fetches the image of a post itself: Bedside needs an address that Google can reach",
    })?;
    Ok(json!({"mediaFormat": "PHOTO", "sourceUrl": url}))
}

/// Judges the answer to an operation. What was put there must come back with the answer.
pub(super) fn outcome(operation: &Operation, response: &HttpResponse) -> Outcome {
    let deletes = matches!(operation, Operation::DeleteOwn { .. });
    let reply = match operation {
        Operation::Reply { thread_native_id, .. } => Some(thread_native_id.as_str()),
        Operation::EditOwn { kind: OwnKind::Reply, native_id, .. }
        | Operation::DeleteOwn { kind: OwnKind::Reply, native_id } => {
            Some(native_id.strip_suffix("/reply").unwrap_or(native_id))
        }
        _ => None,
    };
    let native_id = match (reply, operation) {
        (Some(review), _) => Some(format!("{review}/reply")),
        (None, Operation::DeleteOwn { native_id, .. }) => Some(native_id.clone()),
        _ => None,
    };
    if deletes && (response.is_success() || matches!(response.status, 404 | 410)) {
        return Outcome::Delivered { native_id, permalink: None };
    }
    if !response.is_success() {
        return refusal::outcome(response, plain);
    }
    let body = serde_json::from_slice::<Value>(&response.body).unwrap_or_default();
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    if reply.is_some() {
        return match field("comment") {
            Some(_) => Outcome::Delivered { native_id, permalink: None },
            None => Outcome::Unknown { why: "Google answered with success, but without the reply".to_owned() },
        };
    }
    match (field("name").filter(|name| post_name(name).is_ok()), field("state")) {
        (_, Some("REJECTED")) => {
            Outcome::Dead { why: "Google rejected the post: it breaks the content policy".to_owned() }
        }
        (Some(name), _) => {
            Outcome::Delivered { native_id: Some(name.to_owned()), permalink: field("searchUrl").map(str::to_owned) }
        }
        (None, _) => Outcome::Unknown { why: "Google answered with success, but without the post".to_owned() },
    }
}

/// Google's reasons in words for a person.
fn plain(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "PERMISSION_DENIED" | "forbidden" => "the account may not manage this location",
        "FAILED_PRECONDITION" => "the location is not verified",
        "NOT_FOUND" => "the review or location is no longer there",
        "INVALID_ARGUMENT" => "Google does not take the text, link or image",
        _ => return None,
    })
}
