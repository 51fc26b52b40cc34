//! The rows of an import that were refused, as a file with the reasons.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bedside_model::ImportId;
use bedside_model::role::Action;
use bedside_store::listen::import;
use http::header;

use crate::app::App;
use crate::extract::Id;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// Rows read at a time.
const STEP: i64 = 5_000;

/// Most rows in one file.
const MOST: usize = 100_000;

/// A spreadsheet must not take a row for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// The rows that were refused, as CSV of line, reason and row
#[utoipa::path(get, path = "/imports/{id}/rejected", tag = "listen", operation_id = "rejected_rows", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub(crate) async fn show(State(app): State<App>, who: SignedIn, Id(id): Id<ImportId>) -> Result<Response, Problem> {
    app.allow_role(&who, Action::RunImport)?;
    let mut conn = app.read().await?;
    import::get(&mut conn, who.org(), &id).await?;
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["line", "reason", "row"]).map_err(Problem::internal)?;
    let (mut after, mut rows) = (0, 0);
    loop {
        let found = import::rejects(&mut conn, who.org(), &id, after, STEP).await?;
        let Some(last) = found.last() else { break };
        after = last.line;
        rows += found.len();
        for reject in &found {
            let row = harmless(reject.row.expose());
            out.write_record([reject.line.to_string().as_str(), &reject.reason, &row]).map_err(Problem::internal)?;
        }
        if rows >= MOST {
            break;
        }
    }
    app.viewed(&who, &id);
    let bytes = out.into_inner().map_err(Problem::internal)?;
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rejected.csv\""),
    ];
    Ok((kind, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_row_is_a_formula() {
        assert_eq!(harmless("=HYPERLINK(\"http://evil.example\")"), "'=HYPERLINK(\"http://evil.example\")");
        assert_eq!(harmless("2026-11-24,Fine"), "2026-11-24,Fine");
    }
}
