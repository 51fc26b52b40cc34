//! The last word: what was allowed out when it was queued is judged again when it leaves. Rules begin and end,
//! accounts and permissions go, a message that is answered disappears, a priority rises.

use bedside_model::draft::{self, Draft, DraftFacts, Event};
use bedside_model::{DraftId, Micros, OrgId, VerdictId};
use bedside_store::answer::MessageRow;
use bedside_store::conversation::refused;
use bedside_store::drafts::{StoredDraft, StoredVerdict};
use bedside_store::{Conn, StoreError};

use super::{InTheWay, Scene, Standing, Whole, files, hash_of, in_the_way, judge, stored};

/// What is said of a draft that is about to leave.
#[derive(Debug)]
pub struct LastWord {
    /// The guard's verdict by the rules of the moment.
    pub verdict: StoredVerdict,
    /// What stops it; empty where it leaves.
    pub stops: Vec<InTheWay>,
}

impl LastWord {
    /// Judges a draft that is in the outbox as if it came back and were sent now.
    pub async fn about(
        conn: &mut Conn,
        org: &OrgId,
        id: &DraftId,
        verdict: VerdictId,
        now: Micros,
    ) -> Result<Self, StoreError> {
        let standing = Standing::of(conn, org, id).await?;
        let (draft, scene, answered) = (&standing.stored, &standing.scene, standing.answered.as_ref());
        let whole = Whole::of_draft(draft);
        let question = scene.question(draft.draft.kind, draft.visibility, whole.text(), answered, now);
        let verdict = stored(verdict, &judge(question).await, hash_of(draft), now);
        let mut stops = stops(scene, draft, answered, &verdict)?;
        stops.extend(files(conn, org, draft).await?);
        Ok(Self { verdict, stops })
    }
}

/// What stops a draft that is in the outbox, by a verdict about it.
pub fn stops(
    scene: &Scene,
    stored: &StoredDraft,
    answered: Option<&MessageRow>,
    verdict: &StoredVerdict,
) -> Result<Vec<InTheWay>, StoreError> {
    let again = came_back(&stored.draft, verdict)?;
    let facts = DraftFacts { draft: &again, priority: scene.priority(), active_users: scene.active_users };
    let refusals = draft::refusals(&facts, &scene.settings.policy).into_iter();
    let mut stops: Vec<InTheWay> = refusals.map(|no| InTheWay { code: no.code(), sentence: no.to_string() }).collect();
    stops.extend(in_the_way(scene, stored, answered));
    Ok(stops)
}

/// The draft as it is where the outbox gives it back with a verdict about it.
fn came_back(draft: &Draft, verdict: &StoredVerdict) -> Result<Draft, StoreError> {
    let step = |draft, event| draft::step(draft, &event).map_err(|no| refused(no.code(), &no));
    step(&step(draft, Event::Returned)?, Event::Checked(verdict.checked()?))
}
