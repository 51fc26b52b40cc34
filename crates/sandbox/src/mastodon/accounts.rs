//! Accounts: looked up, read, blocked, muted, reported. Nobody is followed and nothing is liked.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::paging::Page;
use super::state::{Account, Status};
use super::{Mastodon, Problem, Signed, id, show, text};
use crate::kit::{Base, Fields, millis};

type Answer = Result<Json<Value>, Problem>;

/// `GET /api/v1/accounts/verify_credentials`
pub(super) async fn verify(server: State<Mastodon>, base: Base, signed: Signed) -> Answer {
    signed.user()?;
    let state = server.lock();
    let me = state.account(state.me).ok_or_else(Problem::not_found)?;
    Ok(Json(show::credential_account(me, &base.0)))
}

/// `GET /api/v1/accounts/lookup?acct=…`
pub(super) async fn lookup(server: State<Mastodon>, base: Base, fields: Fields) -> Answer {
    let state = server.lock();
    let account = state.find(&local(&fields.text("acct").unwrap_or_default(), &base));
    Ok(Json(show::account(account.ok_or_else(Problem::not_found)?, &base.0)))
}

/// An address without the host of this server, which is how its own accounts are known here.
fn local(acct: &str, base: &Base) -> String {
    let host = base.host();
    let acct = acct.trim_start_matches('@');
    acct.strip_suffix(host).and_then(|acct| acct.strip_suffix('@')).unwrap_or(acct).to_owned()
}

fn matches(account: &Account, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    !wanted.is_empty()
        && (account.acct.to_lowercase().contains(&wanted) || account.name.to_lowercase().contains(&wanted))
}

/// `GET /api/v1/accounts/search?q=…`
pub(super) async fn search(server: State<Mastodon>, base: Base, signed: Signed, fields: Fields) -> Answer {
    signed.user()?;
    let state = server.lock();
    let wanted = local(&fields.text("q").unwrap_or_default(), &base);
    let limit = fields.number("limit").unwrap_or(40).min(80) as usize;
    let found = state.accounts.iter().filter(|account| matches(account, &wanted)).take(limit);
    Ok(Json(found.map(|account| show::account(account, &base.0)).collect()))
}

/// `GET /api/v2/search?q=…`: accounts, statuses by their words, hashtags; an address of a status finds it.
pub(super) async fn search_all(server: State<Mastodon>, base: Base, signed: Signed, fields: Fields) -> Answer {
    signed.user()?;
    let state = server.lock();
    let wanted = fields.text("q").unwrap_or_default();
    let kind = fields.text("type");
    let limit = fields.number("limit").unwrap_or(20).min(40) as usize;
    let asks = |name: &str| kind.as_deref().is_none_or(|kind| kind == name);
    let address: Option<u64> =
        if wanted.starts_with(&base.0) { wanted.rsplit('/').next().and_then(|id| id.parse().ok()) } else { None };
    let found = |status: &&Status| match address {
        Some(id) => status.id == id,
        None => !wanted.is_empty() && status.text.to_lowercase().contains(&wanted.to_lowercase()),
    };
    let acct = local(&wanted, &base);
    let accounts = state.accounts.iter().filter(|account| asks("accounts") && matches(account, &acct));
    let statuses = state.statuses.iter().rev();
    let statuses = statuses.filter(|status| asks("statuses") && state.may_see(status, true)).filter(found);
    let tag = wanted.trim_start_matches('#').to_lowercase();
    let mut tags: Vec<String> = state.statuses.iter().flat_map(|status| text::tags(&status.text)).collect();
    tags.retain(|known| asks("hashtags") && !tag.is_empty() && known.contains(&tag));
    tags.sort();
    tags.dedup();
    let tags = tags.iter().take(limit);
    Ok(Json(json!({
        "accounts": accounts.take(limit).map(|account| show::account(account, &base.0)).collect::<Vec<_>>(),
        "statuses": statuses.take(limit).map(|s| show::status(&state, s, &base.0, true)).collect::<Vec<_>>(),
        "hashtags": tags.map(|tag| json!({"id": tag, "name": tag, "url": format!("{}/tags/{tag}", base.0), "history": []}))
            .collect::<Vec<_>>(),
    })))
}

/// `GET /api/v1/accounts/{id}`
pub(super) async fn show(server: State<Mastodon>, Path(wanted): Path<String>, base: Base) -> Answer {
    let state = server.lock();
    let account = state.account(id(&wanted)?).ok_or_else(Problem::not_found)?;
    Ok(Json(show::account(account, &base.0)))
}

/// `GET /api/v1/accounts/{id}/statuses`
pub(super) async fn statuses(
    server: State<Mastodon>,
    Path(wanted): Path<String>,
    base: Base,
    signed: Signed,
    uri: Uri,
    fields: Fields,
) -> Result<Response, Problem> {
    let state = server.lock();
    let account = state.account(id(&wanted)?).ok_or_else(Problem::not_found)?;
    let on = |name: &str| fields.flag(name).unwrap_or(false);
    let (no_replies, only_media, pinned) = (on("exclude_replies"), on("only_media"), on("pinned"));
    let written = state.statuses.iter().filter(|status| {
        status.account == account.id
            && state.may_see(status, signed.is_user())
            && !(no_replies && status.reply_to.is_some())
            && !(only_media && status.media.is_empty())
            && !pinned
    });
    let page = Page::of(&fields, 20, 40);
    let found = page.cut(written, |status| status.id);
    let ids: Vec<u64> = found.iter().map(|status| status.id).collect();
    let shown = found.into_iter().map(|status| show::status(&state, status, &base.0, signed.is_user())).collect();
    Ok(page.answer(&base.0, &uri, &ids, shown))
}

fn relationship(state: &super::state::State, id: u64) -> Value {
    let (blocking, muting) = (state.blocked.contains(&id), state.muted.contains(&id));
    json!({
        "id": id.to_string(), "following": false, "showing_reblogs": false, "notifying": false, "languages": null,
        "followed_by": false, "blocking": blocking, "blocked_by": false, "muting": muting, "muting_expires_at": null,
        "muting_notifications": muting, "requested": false, "requested_by": false, "domain_blocking": false,
        "endorsed": false, "note": "",
    })
}

/// `GET /api/v1/accounts/relationships?id[]=…`
pub(super) async fn relationships(server: State<Mastodon>, signed: Signed, fields: Fields) -> Answer {
    signed.user()?;
    let state = server.lock();
    let ids = fields.list("id").into_iter().filter_map(|id| state.account(id.parse().ok()?).map(|known| known.id));
    Ok(Json(ids.map(|id| relationship(&state, id)).collect()))
}

/// `POST /api/v1/accounts/{id}/{block|unblock|mute|unmute}`
pub(super) async fn act(
    server: State<Mastodon>,
    Path((wanted, action)): Path<(String, String)>,
    signed: Signed,
) -> Response {
    if let Err(problem) = signed.user() {
        return problem.into_response();
    }
    let mut state = server.lock();
    let Some(id) = id(&wanted).ok().and_then(|id| state.account(id)).map(|account| account.id) else {
        return Problem::not_found().into_response();
    };
    match action.as_str() {
        "block" if !state.blocked.contains(&id) => state.blocked.push(id),
        "unblock" => state.blocked.retain(|known| *known != id),
        "mute" if !state.muted.contains(&id) => state.muted.push(id),
        "unmute" => state.muted.retain(|known| *known != id),
        "block" | "mute" => {}
        _ => return Problem::not_found().into_response(),
    }
    Json(relationship(&state, id)).into_response()
}

/// `POST /api/v1/reports`
pub(super) async fn report(server: State<Mastodon>, base: Base, signed: Signed, fields: Fields) -> Answer {
    signed.user()?;
    let now = server.now();
    let state = server.lock();
    let target = id(&fields.text("account_id").unwrap_or_default())?;
    let target = state.account(target).ok_or_else(Problem::not_found)?;
    Ok(Json(json!({
        "id": state.ids.digits("mastodon report", 6), "action_taken": false, "action_taken_at": null,
        "category": fields.text("category").unwrap_or_else(|| "other".to_owned()),
        "comment": fields.text("comment").unwrap_or_default(), "forwarded": fields.flag("forward").unwrap_or(false),
        "created_at": millis(now), "status_ids": fields.list("status_ids"), "rule_ids": fields.list("rule_ids"),
        "collection_ids": null, "target_account": show::account(target, &base.0),
    })))
}
