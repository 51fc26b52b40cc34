//! Timelines: home, public, and by hashtag.

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;

use super::paging::Page;
use super::state::Status;
use super::{Mastodon, Problem, Signed, Visibility, show, text};
use crate::kit::{Base, Fields};

/// One answer out of the statuses that `wanted` says.
fn timeline(
    server: &Mastodon,
    base: &Base,
    signed: Signed,
    uri: &Uri,
    fields: &Fields,
    wanted: impl Fn(&super::state::State, &Status) -> bool,
) -> Response {
    let state = server.lock();
    let only_media = fields.flag("only_media").unwrap_or(false);
    let written = state.statuses.iter().filter(|status| {
        state.may_see(status, signed.is_user()) && wanted(&state, status) && !(only_media && status.media.is_empty())
    });
    let page = Page::of(fields, 20, 40);
    let found = page.cut(written, |status| status.id);
    let ids: Vec<u64> = found.iter().map(|status| status.id).collect();
    let shown = found.into_iter().map(|status| show::status(&state, status, &base.0, signed.is_user())).collect();
    page.answer(&base.0, uri, &ids, shown)
}

/// `GET /api/v1/timelines/home`: the account follows nobody, so it is what it wrote itself.
pub(super) async fn home(
    server: State<Mastodon>,
    base: Base,
    signed: Signed,
    uri: Uri,
    fields: Fields,
) -> Result<Response, Problem> {
    signed.user()?;
    let own = |state: &super::state::State, status: &Status| {
        status.account == state.me && status.visibility != Visibility::Direct
    };
    Ok(timeline(&server, &base, signed, &uri, &fields, own))
}

/// `GET /api/v1/timelines/public`
pub(super) async fn public(server: State<Mastodon>, base: Base, signed: Signed, uri: Uri, fields: Fields) -> Response {
    let local = fields.flag("local").unwrap_or(false);
    let remote = fields.flag("remote").unwrap_or(false);
    timeline(&server, &base, signed, &uri, &fields, |state, status| {
        let is_remote = state.account(status.account).is_some_and(|author| author.acct.contains('@'));
        status.visibility == Visibility::Public
            && status.reply_to.is_none()
            && !(local && is_remote)
            && (is_remote || !remote)
    })
}

/// `GET /api/v1/timelines/tag/{hashtag}`
pub(super) async fn tag(
    server: State<Mastodon>,
    Path(hashtag): Path<String>,
    base: Base,
    signed: Signed,
    uri: Uri,
    fields: Fields,
) -> Response {
    let hashtag = hashtag.to_lowercase();
    timeline(&server, &base, signed, &uri, &fields, |_, status| {
        status.visibility == Visibility::Public && text::tags(&status.text).contains(&hashtag)
    })
}
