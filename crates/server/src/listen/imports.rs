//! Files of reviews or comments that are read in.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::listen::imports::{Begin, ImportFile};
use bedside_model::role::Action;
use bedside_model::{AccountId, ImportId};
use bedside_networks::import::{self as reader, ColumnMap, DateOrder, Format, ImportSettings};
use bedside_networks::{MessageKind, Network};
use bedside_store::listen::{account, import};
use bedside_store::settings;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::upload::{Form, Upload};
use crate::app::{App, Inner};
use crate::extract::{Id, Json, from_json};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// A file that is or was read in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Import {
    /// Its id.
    #[schema(value_type = String)]
    id: ImportId,
    /// Into which account.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// The file's name.
    name: String,
    /// `running`, `done`, `failed` or `paused`.
    state: String,
    /// The file's size.
    total_bytes: i64,
    /// How much of it is done.
    done_bytes: i64,
    /// Rows taken in.
    accepted: i64,
    /// Rows that were there already.
    known: i64,
    /// Rows refused; see `rejected`.
    rejected: i64,
    /// Which column is what.
    columns: ImportColumns,
    /// When it was begun.
    created_at: Instant,
    /// What stopped it.
    #[schema(required = true)]
    error: Option<String>,
}

/// Which column is what; in JSON lines a name may be a path such as `user.name`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ImportColumns {
    /// What was written.
    pub text: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When.
    pub date: Option<String>,
    /// How many stars.
    pub rating: Option<String>,
    /// The id it has on its network.
    pub id: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// A title of its own.
    pub title: Option<String>,
}

impl From<ColumnMap> for ImportColumns {
    fn from(map: ColumnMap) -> Self {
        let ColumnMap { text, author, date, rating, id, url, title } = map;
        Self { text, author, date, rating, id, url, title }
    }
}

impl From<ImportColumns> for ColumnMap {
    fn from(map: ImportColumns) -> Self {
        let named = |name: Option<String>| name.filter(|name| !name.is_empty());
        let ImportColumns { text, author, date, rating, id, url, title } = map;
        Self {
            text: named(text),
            author: named(author),
            date: named(date),
            rating: named(rating),
            id: named(id),
            url: named(url),
            title: named(title),
        }
    }
}

impl From<import::Import> for Import {
    fn from(is: import::Import) -> Self {
        let settings: Option<ImportSettings> = serde_json::from_value(is.columns).ok();
        Self {
            id: is.id,
            account_id: is.account_id,
            name: is.name,
            state: is.state,
            total_bytes: is.total_bytes,
            done_bytes: is.done_bytes,
            accepted: is.accepted,
            known: is.known,
            rejected: is.rejected,
            columns: settings.map(|settings| settings.columns.into()).unwrap_or_default(),
            created_at: Instant(is.created_at),
            error: is.error,
        }
    }
}

/// A form with a file to look at.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the shape of the form for the document")]
pub struct PreviewForm {
    /// The file, or its first 64 KiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A form with a file to read in.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the shape of the form for the document")]
pub struct ImportForm {
    /// The file, at most 200 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Into which account; its network is `import`.
    account_id: String,
    /// `csv`, `jsonl`, or the name of an archive as the preview says it; told by the file where absent.
    format: Option<String>,
    /// Which column is what, as JSON of `ImportColumns`; told by the names where absent.
    columns: Option<String>,
    /// `review` (default), `comment` or `post`.
    kind: Option<String>,
    /// IANA zone of dates without an offset; the organisation's where absent.
    zone: Option<String>,
    /// `day_first` (default) or `month_first`.
    date_order: Option<String>,
    /// The best rating; 5 where absent.
    rating_max: Option<f64>,
}

/// A file as it would be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportPreview {
    /// `csv`, `jsonl`, or the archive of a network: `activity_streams1` (MySpace), `activity_streams2`,
    /// `twitter`, `facebook`, `google_takeout`.
    format: &'static str,
    /// The names of all columns; of an archive `id`, `kind`, `text`, which need no map.
    columns: Vec<String>,
    /// The first rows, one value for each column.
    rows: Vec<Vec<String>>,
    /// Which column seems to be what.
    guess: ImportColumns,
}

fn unfit(error: &reader::ImportError) -> Problem {
    Problem::invalid("file", format!("{error}."))
}

async fn zone_of(app: &Inner, who: &SignedIn) -> Result<String, Problem> {
    Ok(settings::load(&mut app.read().await?, who.org()).await?.0.organisation.zone)
}

fn jsonl_rows(start: &[u8], columns: &[String]) -> Vec<Vec<String>> {
    let said = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    start
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line.trim_ascii()).ok())
        .take(ROWS)
        .map(|row| {
            let cell = |name: &String| {
                let value = row.get(name).or_else(|| row.pointer(&format!("/{}", name.replace('.', "/"))));
                value.map(said).unwrap_or_default()
            };
            columns.iter().map(cell).collect()
        })
        .collect()
}

/// Rows that are shown.
const ROWS: usize = 10;

fn csv_rows(start: &[u8], delimiter: char, columns: usize) -> Vec<Vec<String>> {
    let delimiter = u8::try_from(delimiter).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(start);
    reader
        .byte_records()
        .filter_map(Result::ok)
        .take(ROWS)
        .map(|row| {
            let cell = |at| row.get(at).map(|cell| String::from_utf8_lossy(cell).into_owned()).unwrap_or_default();
            (0..columns).map(cell).collect()
        })
        .collect()
}

/// The first rows of an archive: which, what sort, and the words.
fn archive_rows(start: &[u8], settings: &ImportSettings) -> Result<(Vec<String>, Vec<Vec<String>>), Problem> {
    let shown = reader::preview(start, settings).map_err(|e| unfit(&e))?;
    let rows = shown.iter().filter_map(|row| reader::shown(row.result.as_ref().ok()?)).map(Vec::from).collect();
    Ok((["id", "kind", "text"].map(str::to_owned).to_vec(), rows))
}

/// Shows how a file would be read; stores nothing
#[utoipa::path(post, path = "/imports/preview", tag = "listen", operation_id = "preview_import",
    request_body(content = PreviewForm, content_type = "multipart/form-data"), responses((status = 200, body = ImportPreview)))]
pub(crate) async fn preview(State(app): State<App>, who: SignedIn, form: Form) -> Result<Json<ImportPreview>, Problem> {
    app.allow_role(&who, Action::RunImport)?;
    let upload = Upload::read(&app, form, false).await?;
    let zone = zone_of(&app, &who).await?;
    let (guessed, columns) = reader::guess(&upload.start, MessageKind::Review, &zone).map_err(|e| unfit(&e))?;
    let format = guessed.format.as_str();
    let (columns, rows) = match guessed.format {
        Format::Csv { delimiter } => (columns.clone(), csv_rows(&upload.start, delimiter, columns.len())),
        Format::Jsonl => (columns.clone(), jsonl_rows(&upload.start, &columns)),
        Format::Archive { .. } => archive_rows(&upload.start, &guessed)?,
    };
    Ok(Json(ImportPreview { format, columns, rows, guess: guessed.columns.into() }))
}

fn settings_of(upload: &Upload, zone: &str) -> Result<ImportSettings, Problem> {
    let kind = match upload.field("kind") {
        None | Some("review") => MessageKind::Review,
        Some("comment") => MessageKind::Comment,
        Some("post") => MessageKind::Post,
        Some(_) => return Err(Problem::invalid("kind", "Choose review, comment or post.")),
    };
    let zone = upload.field("zone").unwrap_or(zone);
    bedside_model::hours::zone(zone).map_err(|e| Problem::invalid("zone", e.to_string()))?;
    let (mut settings, _) = reader::guess(&upload.start, kind, zone).map_err(|e| unfit(&e))?;
    match upload.field("format") {
        None => {}
        Some("jsonl") => settings.format = Format::Jsonl,
        Some("csv") if matches!(settings.format, Format::Csv { .. }) => {}
        Some("csv") => settings.format = Format::Csv { delimiter: ',' },
        // An archive is told by its content alone.
        Some(name) if name == settings.format.as_str() => {}
        Some(_) => return Err(Problem::invalid("format", "Choose csv or jsonl; an archive is told by what is in it.")),
    }
    if let Some(columns) = upload.field("columns") {
        settings.columns = from_json::<ImportColumns>(columns.as_bytes())?.into();
    }
    settings.date_order = match upload.field("date_order") {
        None | Some("day_first") => DateOrder::DayFirst,
        Some("month_first") => DateOrder::MonthFirst,
        Some(_) => return Err(Problem::invalid("date_order", "Choose day_first or month_first.")),
    };
    if let Some(most) = upload.field("rating_max") {
        settings.rating_max = most
            .parse()
            .ok()
            .filter(|most| (1.0..=100.0).contains(most))
            .ok_or_else(|| Problem::invalid("rating_max", "Give a number from 1 to 100."))?;
    }
    // What cannot be read as a whole is said now, not in an hour.
    reader::preview(&upload.start, &settings).map_err(|e| Problem::invalid("columns", format!("{e}.")))?;
    Ok(settings)
}

/// Reads a file in
#[utoipa::path(post, path = "/imports", tag = "listen", operation_id = "begin_import",
    request_body(content = ImportForm, content_type = "multipart/form-data"), responses((status = 201, body = Import)))]
pub(crate) async fn create(State(app): State<App>, who: SignedIn, form: Form) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::RunImport)?;
    let upload = Upload::read(&app, form, true).await?;
    let account_id: AccountId = upload
        .field("account_id")
        .ok_or_else(|| Problem::invalid("account_id", "Choose an account."))?
        .parse()
        .map_err(|_| Problem::not_found("account"))?;
    let account = account::get(&mut app.read().await?, who.org(), &account_id).await?;
    if account.network != Network::Import.as_str() {
        return Err(Problem::invalid("account_id", "Choose an account for imported files."));
    }
    let settings = settings_of(&upload, &zone_of(&app, &who).await?)?;
    let begin = Begin {
        account_id,
        name: upload.name.clone(),
        settings,
        file: ImportFile::Path(upload.file.path().to_owned()),
        by: who.by(),
        user: Some(who.user.id.clone()),
    };
    let id = app.listen.begin_import(who.org(), begin).await?;
    let begun = import::get(&mut app.read().await?, who.org(), &id).await?;
    Ok((StatusCode::CREATED, Json(Import::from(begun))))
}

/// The newest imports
#[utoipa::path(get, path = "/imports", tag = "listen", operation_id = "imports", responses((status = 200, body = Page<Import>)))]
pub(crate) async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<Import>>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let found = import::list(&mut app.read().await?, who.org()).await?;
    Ok(Json(Page::whole(found.into_iter().map(Import::from).collect())))
}

/// One import
#[utoipa::path(get, path = "/imports/{id}", tag = "listen", operation_id = "import", params(("id" = String, Path)),
    responses((status = 200, body = Import)))]
pub(crate) async fn show(State(app): State<App>, who: SignedIn, Id(id): Id<ImportId>) -> Result<Json<Import>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    Ok(Json(import::get(&mut app.read().await?, who.org(), &id).await?.into()))
}
