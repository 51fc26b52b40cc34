//! The library of claims: wrong statements about health, what is known, and where that stands.

use axum::extract::State;
use bedside_model::role::Action;
use bedside_understand::Claims;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Json, Params};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// Which claims.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClaimsQuery {
    /// Words that all occur in the claim, in what is known, in its wordings or its sources; in any case and order.
    pub q: Option<String>,
}

/// Where a fact stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimSource {
    /// Who says so.
    pub publisher: String,
    /// Title of the page or paper.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// A statement about health that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimView {
    /// Stable.
    pub id: String,
    /// The topic.
    pub topic: String,
    /// The wrong statement.
    pub myth: String,
    /// What is known.
    pub known: String,
    /// Where that stands.
    pub sources: Vec<ClaimSource>,
    /// How people say it in English.
    pub says_en: Vec<String>,
    /// How people say it in Spanish.
    pub says_es: Vec<String>,
    /// When somebody last read it all through.
    pub reviewed_on: String,
    /// Since when it counts.
    pub effective_from: String,
}

fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ï' => 'i',
        'ó' | 'ö' | 'ô' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

/// Whether all the words asked for occur in it.
fn fits(claim: &bedside_understand::Claim, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut all = format!("{} {} {}", claim.topic, claim.myth, claim.known);
    let said = claim.says.en.iter().chain(&claim.says.es);
    let sources = claim.source.iter().flat_map(|source| [&source.publisher, &source.title]);
    for text in said.chain(sources) {
        all.push(' ');
        all.push_str(text);
    }
    let all = fold(&all);
    words.iter().all(|word| all.contains(word.as_str()))
}

/// The library of claims, with what is known and where that stands
#[utoipa::path(get, path = "/claims", tag = "understand", operation_id = "claims", params(ClaimsQuery),
    responses((status = 200, body = Page<ClaimView>)))]
pub(super) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<ClaimsQuery>,
) -> Result<Json<Page<ClaimView>>, Problem> {
    app.allow_role(&who, Action::AssessText)?;
    let words: Vec<String> =
        fold(query.q.as_deref().unwrap_or_default()).split_whitespace().map(str::to_owned).collect();
    let shown = Claims::get().all().iter().filter(|claim| fits(claim, &words)).map(|claim| ClaimView {
        id: claim.id.clone(),
        topic: claim.topic.clone(),
        myth: claim.myth.clone(),
        known: claim.known.clone(),
        sources: claim
            .source
            .iter()
            .map(|source| ClaimSource {
                publisher: source.publisher.clone(),
                title: source.title.clone(),
                url: source.url.clone(),
            })
            .collect(),
        says_en: claim.says.en.clone(),
        says_es: claim.says.es.clone(),
        reviewed_on: claim.reviewed_on.clone(),
        effective_from: claim.effective_from.clone(),
    });
    Ok(Json(Page::whole(shown.collect())))
}
