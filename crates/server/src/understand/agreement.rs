//! How often people agree with each label.

use std::collections::BTreeMap;

use axum::extract::State;
use bedside_model::correction::{Act, LabelKind, wilson};
use bedside_model::role::Action;
use bedside_store::corrections::{self, StoredCorrection};
use bedside_understand::Assessment;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::standing;
use crate::app::App;
use crate::extract::{Json, Params};
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// Messages whose labels are counted at most.
const MOST_MESSAGES: i64 = 20_000;

/// Corrections that are counted at most.
const MOST_CORRECTIONS: i64 = 50_000;

const DAY: i64 = 86_400_000_000;

/// Of which time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgreementQuery {
    /// The last so many days; 90 where absent.
    #[param(minimum = 1, maximum = 3660)]
    pub days: Option<i64>,
}

/// How often people agreed with a label.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelAgreement {
    /// The kind of label.
    #[schema(value_type = schema::LabelKind)]
    pub kind: LabelKind,
    /// Its name; of an identifier its type.
    pub label: String,
    /// The level of a risk, the stance of a claim.
    #[schema(required = true)]
    pub detail: Option<String>,
    /// How often it was shown.
    pub shown: u32,
    /// How often a person confirmed it.
    pub agreed: u32,
    /// How often a person removed or changed it.
    pub corrected: u32,
    /// How often a person added it, or changed another label to it, where it had not been read.
    pub missed: u32,
    /// `agreed` of those that were judged; null where nobody judged it.
    #[schema(required = true)]
    pub share: Option<f64>,
    /// Lower end of the interval in which the true share lies (Wilson, 95%).
    #[schema(required = true)]
    pub low: Option<f64>,
    /// Its upper end.
    #[schema(required = true)]
    pub high: Option<f64>,
}

/// How often people agree with the labels.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agreement {
    /// Since when is counted.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Inbound messages whose labels were counted; at most the newest 20,000.
    pub messages: u32,
    /// Judgements that were counted.
    pub judged: u32,
    /// Those judged most often first.
    pub items: Vec<LabelAgreement>,
}

type Name = (LabelKind, String, Option<String>);

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    shown: u32,
    agreed: u32,
    corrected: u32,
    missed: u32,
}

/// Counts what was shown and what was said. Of one person's or several persons' words on one label
/// of one message the last counts. A label that a person had set is not the program's to answer for.
fn count(shown: &[Assessment], said: &[StoredCorrection]) -> BTreeMap<Name, Count> {
    let mut counts: BTreeMap<Name, Count> = BTreeMap::new();
    for of in shown {
        for (kind, label, _) in standing::labels(of) {
            counts.entry((kind, label.label, label.detail)).or_default().shown += 1;
        }
    }
    let mut last: BTreeMap<_, Act> = BTreeMap::new();
    let mut added: BTreeMap<_, Name> = BTreeMap::new();
    for row in said {
        let of = &row.of.correction;
        let place = |label: &bedside_model::correction::Label| {
            (row.of.message_id.clone(), of.kind, label.label.clone(), label.detail.clone(), label.span)
        };
        if let Some(label) = of.shown.as_ref() {
            if row.of.made_by == "person" {
                // Taken back what a person had added.
                if of.act != Act::Confirm {
                    added.remove(&place(label));
                }
            } else {
                last.insert(place(label), of.act);
            }
        }
        if let Some(label) = of.says.as_ref() {
            // Given back what a person had taken away: the program was right.
            match last.get_mut(&place(label)) {
                Some(act) => *act = Act::Confirm,
                None => drop(added.insert(place(label), (of.kind, label.label.clone(), label.detail.clone()))),
            }
        }
    }
    for ((_, kind, label, detail, _), act) in last {
        let count = counts.entry((kind, label, detail)).or_default();
        match act {
            Act::Confirm => count.agreed += 1,
            Act::Remove | Act::Change | Act::Add => count.corrected += 1,
        }
    }
    for name in added.into_values() {
        counts.entry(name).or_default().missed += 1;
    }
    counts
}

/// How often people agree with each label. Only what somebody judged counts, and people rather correct than confirm: the share
/// is of the judged ones, not of all.
#[utoipa::path(get, path = "/corrections/agreement", tag = "understand", operation_id = "agreement", params(AgreementQuery),
    responses((status = 200, body = Agreement)))]
pub(super) async fn agreement(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<AgreementQuery>,
) -> Result<Json<Agreement>, Problem> {
    app.allow_role(&who, Action::AssessText)?;
    let to = app.now();
    let from = to - query.days.unwrap_or(90).clamp(1, 3660) * DAY;
    let mut conn = app.read().await?;
    let shown = corrections::shown_since(&mut conn, who.org(), from, MOST_MESSAGES).await?;
    let said = corrections::since(&mut conn, who.org(), from, MOST_CORRECTIONS).await?;
    drop(conn);
    let counted = tokio::task::spawn_blocking(move || {
        let shown: Vec<Assessment> = shown.iter().filter_map(|json| serde_json::from_str(json).ok()).collect();
        (count(&shown, &said), shown.len())
    });
    let (counts, messages) = counted.await.map_err(Problem::internal)?;
    let mut items: Vec<LabelAgreement> = counts.into_iter().map(item).collect();
    items.sort_by_key(|item| {
        (std::cmp::Reverse(item.agreed + item.corrected + item.missed), std::cmp::Reverse(item.shown))
    });
    let judged = items.iter().map(|item| item.agreed + item.corrected).sum();
    let messages = u32::try_from(messages).unwrap_or(u32::MAX);
    Ok(Json(Agreement { from: Instant(from), to: Instant(to), messages, judged, items }))
}

fn item(((kind, label, detail), count): (Name, Count)) -> LabelAgreement {
    let Count { shown, agreed, corrected, missed } = count;
    let share = wilson(agreed, agreed + corrected);
    LabelAgreement {
        kind,
        label,
        detail,
        shown,
        agreed,
        corrected,
        missed,
        share: share.map(|share| share.share),
        low: share.map(|share| share.low),
        high: share.map(|share| share.high),
    }
}

#[cfg(test)]
mod tests {
    use bedside_model::correction::{Correction, Label};
    use bedside_model::{ConversationId, CorrectionId, MessageId, UserId};
    use bedside_store::corrections::NewCorrection;

    use super::*;

    fn label(name: &str) -> Option<Label> {
        Some(Label { label: name.to_owned(), detail: None, span: None })
    }

    fn said(message: u128, made_by: &str, act: Act, shown: Option<Label>, says: Option<Label>) -> StoredCorrection {
        StoredCorrection {
            of: NewCorrection {
                id: CorrectionId::from_bits(1),
                message_id: MessageId::from_bits(message),
                conversation_id: ConversationId::from_bits(1),
                correction: Correction { kind: LabelKind::Intent, act, shown, says },
                score: None,
                made_by: made_by.to_owned(),
                text_hash: String::new(),
                rank_before: 7,
                rank_after: 7,
                note: None,
            },
            user_id: UserId::from_bits(1),
            user_name: String::new(),
            at: 1,
        }
    }

    fn of(counts: &BTreeMap<Name, Count>, name: &str) -> (u32, u32, u32) {
        let count = counts.get(&(LabelKind::Intent, name.to_owned(), None)).copied().unwrap_or_default();
        (count.agreed, count.corrected, count.missed)
    }

    #[test]
    fn each_label_of_each_message_counts_once_by_the_last_word() {
        let counts = count(
            &[],
            &[
                said(1, "m", Act::Confirm, label("complaint"), None),
                said(1, "m", Act::Remove, label("complaint"), None),
                said(2, "m", Act::Confirm, label("complaint"), None),
                said(3, "m", Act::Change, label("complaint"), label("praise")),
                said(4, "m", Act::Add, None, label("suggestion")),
            ],
        );
        assert_eq!(of(&counts, "complaint"), (1, 2, 0));
        assert_eq!(of(&counts, "praise"), (0, 0, 1));
        assert_eq!(of(&counts, "suggestion"), (0, 0, 1));
    }

    #[test]
    fn what_a_person_took_back_is_no_mistake_of_the_program() {
        let counts = count(
            &[],
            &[
                said(1, "m", Act::Remove, label("complaint"), None),
                said(1, "person", Act::Add, None, label("complaint")),
                said(2, "m", Act::Add, None, label("praise")),
                said(2, "person", Act::Remove, label("praise"), None),
            ],
        );
        assert_eq!(of(&counts, "complaint"), (1, 0, 0));
        assert_eq!(of(&counts, "praise"), (0, 0, 0));
    }
}
