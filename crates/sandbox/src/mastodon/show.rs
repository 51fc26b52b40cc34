//! The entities of the interface as JSON (`docs.joinmastodon.org/entities`).

use serde_json::{Value, json};

use super::state::{Account, App, Media, Notification, Scheduled, State, Status};
use super::text;
use crate::kit::millis;

pub(super) fn account(account: &Account, base: &str) -> Value {
    let last = account.last.map(|last| last.strftime("%Y-%m-%d").to_string());
    let username = account.acct.split('@').next().unwrap_or(&account.acct);
    let picture = format!("{base}/avatars/original/missing.png");
    json!({
        "id": account.id.to_string(), "username": username, "acct": account.acct, "display_name": account.name,
        "locked": false, "bot": false, "group": false, "discoverable": true, "indexable": false, "noindex": false,
        "created_at": millis(account.created), "note": "", "url": format!("{base}/@{}", account.acct),
        "uri": format!("{base}/users/{}", account.acct), "avatar": picture, "avatar_static": picture,
        "header": picture, "header_static": picture, "followers_count": 0, "following_count": 0,
        "statuses_count": account.written, "last_status_at": last,
        "hide_collections": null, "emojis": [], "fields": [], "roles": [],
    })
}

/// The account of the token, with what only its owner sees.
pub(super) fn credential_account(me: &Account, base: &str) -> Value {
    let mut shown = account(me, base);
    shown["source"] = json!({
        "privacy": "public", "sensitive": false, "language": "en", "note": "", "fields": [],
        "follow_requests_count": 0, "indexable": false, "discoverable": true, "hide_collections": null,
    });
    shown["role"] = json!({
        "id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": false,
    });
    shown
}

pub(super) fn status(state: &State, status: &Status, base: &str, signed_in: bool) -> Value {
    let author = state.account(status.account);
    let acct = author.map_or("unknown", |author| author.acct.as_str());
    let parent = status.reply_to.and_then(|id| state.status(id));
    let mut shown = json!({
        "id": status.id.to_string(), "created_at": millis(status.created),
        "in_reply_to_id": status.reply_to.map(|id| id.to_string()),
        "in_reply_to_account_id": parent.map(|parent| parent.account.to_string()),
        "sensitive": status.sensitive, "spoiler_text": status.warning, "visibility": status.visibility,
        "language": status.language, "uri": format!("{base}/users/{acct}/statuses/{}", status.id),
        "url": format!("{base}/@{acct}/{}", status.id),
        "replies_count": status.replies,
        "reblogs_count": 0, "favourites_count": 0, "quotes_count": 0, "edited_at": status.edited.map(millis),
        "content": text::html(&status.text, base), "reblog": null, "card": null, "poll": null, "emojis": [],
        "account": author.map(|author| account(author, base)),
        "media_attachments": attachments(state, &status.media, base), "mentions": mentions(state, status, base),
        "tags": text::tags(&status.text).iter()
            .map(|tag| json!({"name": tag, "url": format!("{base}/tags/{tag}")})).collect::<Vec<_>>(),
    });
    if let Some(application) = &status.application {
        shown["application"] = json!({"name": application, "website": null});
    }
    if signed_in {
        for name in ["favourited", "reblogged", "muted", "bookmarked"] {
            shown[name] = false.into();
        }
        if status.account == state.me {
            shown["pinned"] = false.into();
        }
    }
    shown
}

fn mentions(state: &State, status: &Status, base: &str) -> Vec<Value> {
    let mentioned = status.mentions.iter().filter_map(|id| state.account(*id));
    mentioned
        .map(|account| {
            json!({
                "id": account.id.to_string(), "acct": account.acct, "url": format!("{base}/@{}", account.acct),
                "username": account.acct.split('@').next(),
            })
        })
        .collect()
}

pub(super) fn attachments(state: &State, ids: &[u64], base: &str) -> Vec<Value> {
    let known = |id: &u64| state.media.iter().find(|media| media.id == *id);
    ids.iter().filter_map(known).map(|known| media(known, base)).collect()
}

/// A file; without an address until it is processed.
pub(super) fn media(media: &Media, base: &str) -> Value {
    let url = (media.processing == 0).then(|| format!("{base}/api/v1/media/{}/original", media.id));
    let focus = media.focus.map(|(x, y)| json!({"focus": {"x": x, "y": y}}));
    json!({
        "id": media.id.to_string(), "type": media.kind(), "url": url, "preview_url": url, "remote_url": null,
        "meta": focus.unwrap_or_else(|| json!({})), "description": media.description, "blurhash": null,
    })
}

pub(super) fn notification(state: &State, shown: &Notification, base: &str) -> Value {
    let status = shown.status.and_then(|id| state.status(id));
    let mut value = json!({
        "id": shown.id.to_string(), "type": shown.kind, "created_at": millis(shown.created),
        "group_key": format!("ungrouped-{}", shown.id),
        "account": state.account(shown.account).map(|sender| account(sender, base)),
    });
    if let Some(found) = status {
        value["status"] = self::status(state, found, base, true);
    }
    value
}

pub(super) fn scheduled(state: &State, shown: &Scheduled, base: &str) -> Value {
    let draft = &shown.draft;
    json!({
        "id": shown.id.to_string(), "scheduled_at": millis(shown.at),
        "params": {
            "text": draft.text, "visibility": draft.visibility, "spoiler_text": draft.warning,
            "sensitive": draft.sensitive, "language": draft.language, "in_reply_to_id": draft.reply_to,
            "media_ids": draft.media.iter().map(u64::to_string).collect::<Vec<_>>(), "poll": null,
            "scheduled_at": null, "idempotency": null, "application_id": 1, "with_rate_limit": false,
        },
        "media_attachments": attachments(state, &draft.media, base),
    })
}

pub(super) fn app(app: &App, with_secret: bool) -> Value {
    let mut shown = json!({
        "id": app.id.to_string(), "name": app.name, "website": app.website,
        "scopes": app.scopes.split_whitespace().collect::<Vec<_>>(), "redirect_uris": app.redirects,
        "redirect_uri": app.redirects.join("\n"), "vapid_key": "",
    });
    if with_secret {
        shown["client_id"] = app.client_id.clone().into();
        shown["client_secret"] = app.secret.clone().into();
        shown["client_secret_expires_at"] = 0.into();
    }
    shown
}
