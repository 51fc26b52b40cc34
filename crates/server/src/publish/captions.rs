//! Captions: what a published video says, in writing. The guard reads every word of them before they leave.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::door::{Scene, Whole, judge, stored};
use bedside_guard as guard;
use bedside_model::DraftId;
use bedside_model::delivery::OutboxKind;
use bedside_model::draft::{self, DraftKind, Refused, text_hash};
use bedside_model::network::Visibility;
use bedside_model::role::Action;
use bedside_model::{OutboxId, Phi, VerdictId};
use bedside_networks::{Capability, Operation, captions};
use bedside_store::drafts::{self, StoredDraft, StoredVerdict};
use bedside_store::outbox::{self, OutboxRow};
use bedside_store::{Entry, conversation};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::take_back::standing_id;
use crate::alter::{self, Alteration, Of};
use crate::answer::guarding::{self, VerdictView};
use crate::answer::outgoing::{self, OutboxView};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::understand::LONGEST_TEXT;

/// The largest file of captions, in bytes: times and words of several hours. As JSON it stays below the largest
/// body of a request.
const LARGEST: usize = 500_000;

/// Captions to add.
#[derive(Deserialize, ToSchema)]
pub struct NewCaptions {
    /// Their language, a BCP 47 tag.
    pub language: String,
    /// What viewers choose them by, beside the language.
    #[serde(default)]
    #[schema(required = false)]
    pub name: String,
    /// The file as text: WebVTT or SubRip, at most 500,000 bytes.
    pub text: String,
    /// The warnings of the guard were seen and the words may go out all the same; needed only where it warns.
    #[serde(default)]
    #[schema(required = false)]
    pub acknowledged: bool,
}

/// Captions that were added to a video of ours.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaptionsView {
    /// Their language, a BCP 47 tag.
    pub language: String,
    /// What viewers choose them by.
    pub name: String,
    /// What became of them.
    pub outbox: OutboxView,
}

/// Captions that were added to a post, oldest first
#[utoipa::path(get, path = "/posts/{id}/captions", tag = "publish", operation_id = "captions",
    params(("id" = String, Path, description = "The post")), responses((status = 200, body = Page<CaptionsView>)))]
pub(super) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
) -> Result<Json<Page<CaptionsView>>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let mut conn = app.read().await?;
    post(drafts::get(&mut conn, who.org(), &id).await?)?;
    let mut found = vec![];
    for row in outbox::of_draft(&mut conn, who.org(), &id).await? {
        let Some((language, name)) = track(&row) else { continue };
        found.push(CaptionsView { language, name, outbox: outgoing::view(&mut conn, who.org(), &row).await? });
    }
    Ok(Json(Page::whole(found)))
}

fn post(draft: StoredDraft) -> Result<StoredDraft, Problem> {
    if draft.draft.kind == DraftKind::Post { Ok(draft) } else { Err(Problem::not_found("post")) }
}

/// Language and name of the captions that an item is.
fn track(row: &OutboxRow) -> Option<(String, String)> {
    match serde_json::from_str(row.payload.expose()) {
        Ok(Operation::Caption { language, name, .. }) => Some((language, name.into_inner())),
        Ok(_) | Err(_) => None,
    }
}

/// Adds captions to a video that was published
///
/// They take the place of those that it has in this language under this name. What is wrong with the file is
/// said with its line; the words are judged by the guard like those of a post.
#[utoipa::path(post, path = "/posts/{id}/captions", tag = "publish", operation_id = "add_captions", request_body = NewCaptions,
    params(("id" = String, Path, description = "The post")), responses((status = 202, body = OutboxView)))]
pub(super) async fn add(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    Json(body): Json<NewCaptions>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::SendPost)?;
    let mut conn = app.read().await?;
    let post = post(drafts::get(&mut conn, who.org(), &id).await?)?;
    let scene = Scene::of_account(&mut conn, who.org(), &post.account_id).await?;
    let items = outbox::of_draft(&mut conn, who.org(), &id).await?;
    drop(conn);
    let words = readable(&body.text)?;
    let (language, name) = (body.language.trim().to_owned(), body.name.trim());
    // Viewers read the name of the captions as well.
    let whole = Whole::of(Some(name).filter(|name| !name.is_empty()), &words, None, []);
    let (name, text) = (Phi::new(name.to_owned()), Phi::new(body.text));
    let operation = Operation::Caption { native_id: standing_id(&items)?, language, name, text };
    alter::possible(&scene, Capability::Captions, &operation)?;

    let now = app.now();
    let judged = judge(scene.question(DraftKind::Post, Visibility::Public, whole.text(), None, now)).await;
    let verdict = stored(VerdictId::from_bits(app.store.ids().bits(now)), &judged, text_hash(whole.text()), now);
    if let Err(no) = draft::captions(&verdict.checked()?, body.acknowledged) {
        return Err(refused(no, &judged, &whole));
    }
    let item = leaves(&app, &who, &post, operation, Seen { verdict, acknowledged: body.acknowledged }).await?;
    Ok((StatusCode::ACCEPTED, Json(outgoing::shown(&app, &who, &item).await?)))
}

/// The words of a file that can be judged.
fn readable(text: &str) -> Result<String, Problem> {
    if text.len() > LARGEST {
        return Err(Problem::invalid("text", "This file has more than 500 kB. Captions of several hours have less."));
    }
    let words = captions::words(text)
        .map_err(|e| Problem::invalid("text", format!("These are no captions (WebVTT or SubRip): {e}.")))?;
    if words.len() > LONGEST_TEXT {
        return Err(Problem::invalid("text", "These captions have too many words to be checked at once."));
    }
    Ok(words)
}

/// What the guard has against the words, with its verdict.
fn refused(no: Refused, judged: &guard::Verdict, whole: &Whole) -> Problem {
    let verdict: VerdictView = guarding::verdict(judged, whole, None);
    Problem::from(no).with_verdict(&verdict)
}

/// What the guard said, and that somebody saw it.
struct Seen {
    verdict: StoredVerdict,
    acknowledged: bool,
}

async fn leaves(
    app: &App,
    who: &SignedIn,
    post: &StoredDraft,
    operation: Operation,
    seen: Seen,
) -> Result<OutboxId, Problem> {
    let (ids, by, id, account_id) = (app.store.ids().clone(), who.by(), post.id.clone(), post.account_id.clone());
    let item = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let of = Of::Post(id.clone());
                // Taken back meanwhile, it takes no captions.
                standing_id(&alter::items_of(tx, &of).await?)?;
                drafts::add_verdict(tx, Some(&id), &seen.verdict).await?;
                let sendable = draft::captions(&seen.verdict.checked()?, seen.acknowledged)
                    .map_err(|no| conversation::refused(no.code(), &no))?;
                let captions = Alteration { kind: OutboxKind::Caption, operation, of, account_id, priority: 12 };
                let queued = alter::leave(tx, &ids, captions, sendable).await?;
                let entry = Entry::new(by, "post.captioned", &id)
                    .with("outbox", &queued.item)
                    .with("verdict", queued.sendable.verdict())
                    .with("acknowledged", seen.acknowledged);
                tx.commit(entry, queued.item)
            })
        })
        .await?;
    Ok(item)
}
