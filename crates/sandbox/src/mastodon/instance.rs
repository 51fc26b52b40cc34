//! What a server says of itself.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::{Mastodon, media, text};
use crate::kit::Base;

/// The version that the emulator follows.
const VERSION: &str = "4.5.0";

fn configuration() -> Value {
    json!({
        "accounts": {
            "max_featured_tags": 10, "max_pinned_statuses": 5, "max_profile_fields": 4,
            "profile_field_name_limit": 255, "profile_field_value_limit": 255,
        },
        "statuses": {
            "max_characters": text::MAX, "max_media_attachments": media::MAX_ATTACHED,
            "characters_reserved_per_url": text::LINK,
        },
        "media_attachments": {
            "supported_mime_types": media::TYPES, "description_limit": media::DESCRIPTION,
            "image_size_limit": media::IMAGE_BYTES, "image_matrix_limit": 33_177_600,
            "video_size_limit": media::VIDEO_BYTES, "video_frame_rate_limit": 120, "video_matrix_limit": 8_294_400,
        },
        "polls": {
            "max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746,
        },
    })
}

/// Where the stream is, with TLS where the rest has it.
fn streaming(base: &Base) -> String {
    base.0.replacen("http", "ws", 1)
}

/// `GET /api/v2/instance`.
pub(super) async fn v2(State(server): State<Mastodon>, base: Base) -> Json<Value> {
    let state = server.lock();
    let contact = state.account(state.me).map(|me| super::show::account(me, &base.0));
    let mut configuration = configuration();
    configuration["urls"] = json!({
        "streaming": streaming(&base), "about": null, "privacy_policy": null, "terms_of_service": null, "status": null,
    });
    configuration["vapid"] = json!({"public_key": ""});
    configuration["translation"] = json!({"enabled": false});
    configuration["limited_federation"] = false.into();
    Json(json!({
        "domain": base.host(), "title": "Sandbox", "version": VERSION,
        "source_url": "https://github.com/mastodon/mastodon", "description": "An emulated server on loopback.",
        "usage": {"users": {"active_month": state.accounts.len()}},
        "thumbnail": {"url": format!("{}/avatars/original/missing.png", base.0), "blurhash": null, "versions": {}},
        "icon": [], "languages": ["en"], "configuration": configuration,
        "registrations": {"enabled": false, "approval_required": false, "reason_required": null, "message": null,
            "min_age": null, "url": null},
        "api_versions": {"mastodon": 7}, "contact": {"email": "admin@example.org", "account": contact}, "rules": [],
    }))
}

/// `GET /api/v1/instance`, older and still asked for by clients.
pub(super) async fn v1(State(server): State<Mastodon>, base: Base) -> Json<Value> {
    let state = server.lock();
    let contact = state.account(state.me).map(|me| super::show::account(me, &base.0));
    Json(json!({
        "uri": base.host(), "title": "Sandbox", "short_description": "An emulated server on loopback.",
        "description": "", "email": "admin@example.org", "version": VERSION,
        "urls": {"streaming_api": streaming(&base)},
        "stats": {"user_count": 1, "status_count": state.statuses.len(), "domain_count": 0},
        "thumbnail": format!("{}/avatars/original/missing.png", base.0), "languages": ["en"], "registrations": false,
        "approval_required": false, "invites_enabled": false, "configuration": configuration(),
        "contact_account": contact, "rules": [],
    }))
}

/// `GET /.well-known/nodeinfo`.
pub(super) async fn nodeinfo_links(base: Base) -> Json<Value> {
    let rel = "http://nodeinfo.diaspora.software/ns/schema/2.0";
    Json(json!({"links": [{"rel": rel, "href": format!("{}/nodeinfo/2.0", base.0)}]}))
}

/// `GET /nodeinfo/2.0`.
pub(super) async fn nodeinfo(State(server): State<Mastodon>) -> Json<Value> {
    let state = server.lock();
    Json(json!({
        "version": "2.0", "software": {"name": "mastodon", "version": VERSION}, "protocols": ["activitypub"],
        "services": {"outbound": [], "inbound": []}, "openRegistrations": false, "metadata": {},
        "usage": {"users": {"total": 1, "activeMonth": 1, "activeHalfyear": 1}, "localPosts": state.statuses.len()},
    }))
}
