//! The judgement of what leaves, at the moment when it leaves.

use bedside_model::delivery::Outcome;
use bedside_model::{OrgId, VerdictId};
use bedside_store::drafts::{self, StoredVerdict};
use bedside_store::outbox::{self, OutboxRow};
use bedside_store::{StoreError, Tx};

use super::Out;
use super::send::Attempted;
use crate::door::{InTheWay, LastWord};

/// A verdict that is not the one with which an item was queued.
pub(super) struct Judged {
    pub verdict: StoredVerdict,
    codes: Vec<&'static str>,
}

impl Judged {
    /// What stops the item, for the log.
    pub fn reasons(&self) -> String {
        self.codes.join(",")
    }

    /// Keeps the verdict: the item carries it from now on.
    pub async fn write_down(&self, tx: &mut Tx, row: &OutboxRow) -> Result<(), StoreError> {
        if self.verdict.id == row.verdict_id {
            return Ok(());
        }
        drafts::add_verdict(tx, row.draft_id.as_ref(), &self.verdict).await?;
        outbox::judged(tx, &row.id, &self.verdict.id).await
    }
}

impl Out {
    /// What the rules of the moment say of an item; `None` where it may leave as it was queued. What carries
    /// no draft (a removal, an alert) is not judged: there is nothing that it says.
    pub(super) async fn last_word(&self, org: &OrgId, row: &OutboxRow) -> Result<Option<Attempted>, StoreError> {
        let (Some(draft), true) = (&row.draft_id, row.item.kind.says_something()) else { return Ok(None) };
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let fresh = VerdictId::from_bits(self.store.ids().bits(now));
        let LastWord { verdict, stops } = LastWord::about(&mut conn, org, draft, fresh, now).await?;
        let queued = drafts::verdict(&mut conn, org, &row.verdict_id).await?;
        drop(conn);
        let same = queued.decision == verdict.decision && queued.checked()?.findings == verdict.checked()?.findings;
        let verdict = if same { queued } else { verdict };
        let judged = Judged { verdict, codes: stops.iter().map(|it| it.code).collect() };
        Ok(stopped(&stops).map(|attempted| Attempted { judged: Some(Box::new(judged)), ..attempted }))
    }
}

fn stopped(stops: &[InTheWay]) -> Option<Attempted> {
    let sentences: Vec<&str> = stops.iter().map(|it| it.sentence.as_str()).collect();
    (!stops.is_empty()).then(|| Attempted::new(Outcome::Stopped, sentences.join(" ")))
}
