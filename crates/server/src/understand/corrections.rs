//! What people said about labels: the list, and the file from which models can learn.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bedside_model::MessageId;
use bedside_model::correction::LabelKind;
use bedside_model::role::Action;
use bedside_store::answer::thread;
use bedside_store::{Entry, corrections};
use http::header;
use serde::Deserialize;
use utoipa::IntoParams;

use super::export::rows;
use super::standing;
use super::view::CorrectionView;
use crate::app::App;
use crate::extract::{Json, Params};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;

/// Which corrections.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CorrectionsQuery {
    /// Of labels of this kind.
    #[param(value_type = Option<schema::LabelKind>)]
    pub kind: Option<LabelKind>,
    /// In which this label was shown or said.
    pub label: Option<String>,
    /// How many, 1 to 200; 50 where absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// What people said about labels, newest first. No text of a message stands in it.
#[utoipa::path(get, path = "/corrections", tag = "understand", operation_id = "corrections", params(CorrectionsQuery),
    responses((status = 200, body = Page<CorrectionView>)))]
pub(super) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<CorrectionsQuery>,
) -> Result<Json<Page<CorrectionView>>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let before = page.after::<String>()?;
    let label = query.label.as_deref().filter(|label| !label.is_empty());
    let mut conn = app.read().await?;
    let found = corrections::list(&mut conn, who.org(), query.kind, label, before.as_deref(), page.limit() + 1).await?;
    let rows = Page::of(found, page.limit(), |(row, _)| row.of.id.to_string());
    let items = rows.items.iter().map(|(row, text)| {
        let counts = text.as_ref().is_some_and(|text| standing::counts(row, text.expose()));
        CorrectionView::of(row, counts)
    });
    let items = items.collect();
    Ok(Json(Page { items, next: rows.next }))
}

/// Messages read at a time.
const STEP: i64 = 200;

/// Most messages in one file.
const MOST: usize = 20_000;

/// The name of the file says what is in it, wherever it comes to lie.
const FILE: &str = "attachment; filename=\"corrections-REAL-PERSONS-TEXTS.jsonl\"";

/// Corrected messages as training data, in the format of `data/annotated`: one JSON object a line. The texts are of real
/// persons, with everything that identifies them. Who took them out stands in the log before the first leaves.
#[utoipa::path(get, path = "/corrections/export", tag = "understand", operation_id = "export_corrections",
    responses((status = 200, content_type = "application/x-ndjson", body = String)))]
pub(super) async fn export(State(app): State<App>, who: SignedIn) -> Result<Response, Problem> {
    app.allow_role(&who, Action::Export)?;
    let mut conn = app.read().await?;
    let (mut out, mut messages, mut after) = (String::new(), 0_usize, None::<MessageId>);
    while messages < MOST {
        let ids = corrections::corrected(&mut conn, who.org(), after.as_ref(), STEP).await?;
        let Some(last) = ids.last().cloned() else { break };
        for id in &ids {
            let message = thread::message(&mut conn, who.org(), id).await?;
            // What its author took down is not learnt from.
            if message.deleted_at.is_some() {
                continue;
            }
            let said = corrections::of_message(&mut conn, who.org(), id).await?;
            for row in rows(&message, &said) {
                out.push_str(&row.to_string());
                out.push('\n');
            }
            messages += 1;
        }
        after = Some(last);
    }
    drop(conn);
    let (by, org) = (who.by(), who.org().to_string());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(
                async move { tx.commit(Entry::new(by, "corrections.exported", org).with("messages", messages), ()) },
            )
        })
        .await?;
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"), (header::CONTENT_DISPOSITION, FILE)];
    Ok((kind, out).into_response())
}
