//! The page under a hand-over's link: a form without scripts, for somebody who has no account here.
//!
//! It says who asks and what happens with the text, and confirms nothing about anybody: neither that
//! the reader is a patient nor what the conversation was about. The link opens once and for a while;
//! its token is the whole right to write, and names nothing else. What is entered is sealed at once.

mod page;
mod throttle;
mod words;

use std::sync::Arc;

use axum::Extension;
use axum::Router;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bedside_model::case::{self, LinkRefused};
use bedside_model::time::from_micros;
use bedside_model::{OrgId, Phi};
use bedside_store::cases::{self, Link};
use bedside_store::{By, Change, Entry, StoreError, conversation};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;

use crate::app::App;
use crate::problem::Problem;
use page::Form;
use throttle::Throttle;
use words::Words;

/// The pages of the links. They are no part of the API.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/intake/style.css", get(style))
        .route("/intake/{token}", get(open).post(enter))
        .layer(Extension(Arc::new(Throttle::default())))
}

/// What this page may load: its own sheet; where its form may go: here.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

async fn style() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")],
        include_str!("style.css"),
    )
}

fn answer(status: StatusCode, html: String) -> Response {
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn words_for(headers: &HeaderMap) -> &'static Words {
    words::preferred(headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or(""))
}

/// The link behind a token, with its organisation's name, or the page that says why not.
async fn link_of(
    app: &App,
    throttle: &Throttle,
    token: &str,
    words: &'static Words,
) -> Result<(Link, String), Response> {
    let now = app.now();
    let failed = |e: StoreError| Problem::from(e).into_response();
    if !throttle.allow(&cases::token_hash(token), now) {
        let mut response = answer(StatusCode::TOO_MANY_REQUESTS, page::notice(words, words.slow_title, words.slow));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return Err(response);
    }
    let mut conn = app.store.read().await.map_err(failed)?;
    let Some((link, org)) = cases::link_by_token(&mut conn, token).await.map_err(failed)? else {
        return Err(answer(StatusCode::NOT_FOUND, page::notice(words, words.gone_title, words.unknown)));
    };
    match case::may_open(from_micros(now), link.used_at.map(from_micros), from_micros(link.expires_at)) {
        Ok(()) => Ok((link, org)),
        Err(LinkRefused::Used) => Err(answer(StatusCode::GONE, page::notice(words, words.gone_title, words.used))),
        Err(LinkRefused::Expired) => {
            Err(answer(StatusCode::GONE, page::notice(words, words.gone_title, words.expired)))
        }
    }
}

async fn open(
    State(app): State<App>,
    Extension(throttle): Extension<Arc<Throttle>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let words = words_for(&headers);
    match link_of(&app, &throttle, &token, words).await {
        Ok((link, org)) => {
            answer(StatusCode::OK, page::form(words, &org, &token, link.expires_at, &Form::default(), None))
        }
        Err(response) => response,
    }
}

async fn enter(
    State(app): State<App>,
    Extension(throttle): Extension<Arc<Throttle>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    fields: Multipart,
) -> Response {
    let words = words_for(&headers);
    let (link, org) = match link_of(&app, &throttle, &token, words).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let form = match Form::read(fields).await {
        Some(form) => form,
        None => {
            let html = page::form(words, &org, &token, link.expires_at, &Form::default(), Some(words.too_long));
            return answer(StatusCode::PAYLOAD_TOO_LARGE, html);
        }
    };
    if let Some(wrong) = form.wrong(words) {
        let html = page::form(words, &org, &token, link.expires_at, &form, Some(wrong));
        return answer(StatusCode::UNPROCESSABLE_ENTITY, html);
    }
    match seal(&app, &link, &form).await {
        Ok(()) => answer(StatusCode::OK, page::notice(words, words.thanks_title, words.thanks)),
        // Somebody sent the same form twice: once is what counts.
        Err(StoreError::Conflict { .. }) => answer(StatusCode::GONE, page::notice(words, words.gone_title, words.used)),
        Err(e) => Problem::from(e).into_response(),
    }
}

async fn seal(app: &App, link: &Link, form: &Form) -> Result<(), StoreError> {
    let entered = json!({ "name": form.name, "contact": form.contact, "text": form.text });
    let (entered, keyring, ids) = (Phi::new(entered.to_string()), app.store.keyring().clone(), app.store.ids().clone());
    let (id, case_id, org): (_, _, OrgId) = (link.id.clone(), link.case_id.clone(), link.org.clone());
    app.store
        .write(&link.org, app.now(), move |tx| {
            Box::pin(async move {
                cases::use_link(tx, &keyring, &id, &entered).await?;
                let case = cases::get(tx.conn(), &org, &case_id).await?.case;
                let (by, of) = (By::public(), case.conversation_id);
                conversation::note_event(tx, &ids, &of, "intake_entered", &by, &json!({ "case": case_id })).await?;
                let (state, _) = conversation::state(tx.conn(), &org, &of).await?;
                tx.publish(Change::Conversation { id: of, new: false, priority: state.priority });
                tx.commit(Entry::new(by, "case.intake_entered", &case_id).with("link", &id), ())
            })
        })
        .await
}
