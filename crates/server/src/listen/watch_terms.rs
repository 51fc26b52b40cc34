//! Watch terms: which of the things said in public are about the organisation.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_model::WatchTermId;
use bedside_model::role::Action;
use bedside_networks::watch::{Term, Watch};
use bedside_store::Entry;
use bedside_store::listen::watch::{self, NewTerm};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::{App, Inner};
use crate::extract::{Id, Json};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// What sort of term it is; for the people who keep the list.
const KINDS: [&str; 6] = ["name", "site", "doctor", "campaign", "misspelling", "other"];

/// A watch term.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchTerm {
    /// Its id.
    #[schema(value_type = String)]
    id: WatchTermId,
    /// The word or phrase.
    term: String,
    /// Where one of these stands in a text, the term does not count.
    unless: Vec<String>,
    /// `name`, `site`, `doctor`, `campaign`, `misspelling` or `other`.
    kind: String,
    /// When it was added.
    created_at: Instant,
}

/// A term to add.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewWatchTerm {
    /// The word or phrase, at most 200 characters.
    term: String,
    /// Where one of these stands in a text, the term does not count; at most 20.
    #[serde(default)]
    unless: Vec<String>,
    /// `name` (default), `site`, `doctor`, `campaign`, `misspelling` or `other`.
    kind: Option<String>,
}

/// Terms to add.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AddWatchTerms {
    /// Those that are there already stay as they are.
    terms: Vec<NewWatchTerm>,
}

/// What adding came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedWatchTerms {
    /// How many are new.
    added: u64,
}

/// A text to try the terms on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TryWatchTerms {
    /// The text.
    text: String,
}

/// A term that stands in a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchHit {
    /// The term.
    term: String,
    /// Where it begins, in bytes of UTF-8.
    start: usize,
    /// Where it ends.
    end: usize,
}

async fn terms(app: &Inner, who: &SignedIn) -> Result<Vec<watch::WatchTerm>, Problem> {
    Ok(watch::list(&mut app.read().await?, who.org()).await?)
}

fn term_of(term: &watch::WatchTerm) -> Term {
    Term { id: term.term.clone(), text: term.term.clone(), unless: term.unless.clone() }
}

/// The watch terms
#[utoipa::path(get, path = "/watch_terms", tag = "listen", operation_id = "watch_terms",
    responses((status = 200, body = Page<WatchTerm>)))]
pub(crate) async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<WatchTerm>>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let shape = |term: watch::WatchTerm| WatchTerm {
        id: term.id,
        term: term.term,
        unless: term.unless,
        kind: term.kind,
        created_at: Instant(term.created_at),
    };
    Ok(Json(Page::whole(terms(&app, &who).await?.into_iter().map(shape).collect())))
}

/// Adds watch terms
#[utoipa::path(post, path = "/watch_terms", tag = "listen", operation_id = "add_watch_terms", request_body = AddWatchTerms,
    responses((status = 201, body = AddedWatchTerms)))]
pub(crate) async fn create(
    State(app): State<App>,
    who: SignedIn,
    Json(new): Json<AddWatchTerms>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageSources)?;
    let mut looked_for = Vec::new();
    let mut wanted = Vec::new();
    for NewWatchTerm { term, unless, kind } in new.terms {
        let kind = kind.unwrap_or_else(|| "name".to_owned());
        if !KINDS.contains(&kind.as_str()) {
            return Err(Problem::invalid("kind", format!("Choose one of {}.", KINDS.join(", "))));
        }
        looked_for.push(Term { id: term.clone(), text: term.clone(), unless: unless.clone() });
        wanted.push(NewTerm { term, unless, kind });
    }
    // What cannot be looked for is said now, with its place in the list.
    Watch::new(&looked_for).map_err(|e| Problem::invalid("terms", format!("{e}.")))?;
    let (ids, by, user) = (app.store.ids().clone(), who.by(), who.user.id.clone());
    let org = who.org().clone();
    let added = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let added = watch::add(tx, &ids, &wanted, Some(&user)).await?;
                if added == 0 {
                    return tx.unchanged(0);
                }
                tx.commit(Entry::new(by, "watch.added", &org).with("terms", added), added)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(AddedWatchTerms { added })))
}

/// Removes a watch term
#[utoipa::path(delete, path = "/watch_terms/{id}", tag = "listen", operation_id = "remove_watch_term",
    params(("id" = String, Path)), responses((status = 204, description = "Removed")))]
pub(crate) async fn remove(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<WatchTermId>,
) -> Result<StatusCode, Problem> {
    app.allow_role(&who, Action::ManageSources)?;
    let by = who.by();
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                watch::remove(tx, &id).await?;
                tx.commit(Entry::new(by, "watch.removed", &id), ())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tries the watch terms on a text; stores nothing
#[utoipa::path(post, path = "/watch_terms/try", tag = "listen", operation_id = "try_watch_terms", request_body = TryWatchTerms,
    responses((status = 200, body = Page<WatchHit>)))]
pub(crate) async fn attempt(
    State(app): State<App>,
    who: SignedIn,
    Json(wanted): Json<TryWatchTerms>,
) -> Result<Json<Page<WatchHit>>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let terms: Vec<Term> = terms(&app, &who).await?.iter().map(term_of).collect();
    let watch = Watch::new(&terms).map_err(|e| Problem::invalid("terms", format!("{e}.")))?;
    let hits = watch.hits(&wanted.text).into_iter();
    let hits = hits.map(|hit| WatchHit { term: hit.term.to_owned(), start: hit.start, end: hit.end });
    Ok(Json(Page::whole(hits.collect())))
}
