//! How corrections are shown.

use bedside_model::correction::{Act, Label, LabelKind};
use bedside_store::corrections::StoredCorrection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::schema;
use crate::time::Instant;

/// A label by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabelView {
    /// Its name: an intent, a theme's name, a claim's id, a language tag, a type of identifier.
    pub label: String,
    /// The level of a risk, the stance of a claim.
    #[serde(default)]
    #[schema(required = true)]
    pub detail: Option<String>,
    /// Where an identifier stands.
    #[serde(default)]
    #[schema(required = true, value_type = Option<schema::Span>)]
    pub span: Option<(u32, u32)>,
}

impl From<LabelView> for Label {
    fn from(LabelView { label, detail, span }: LabelView) -> Self {
        Self { label, detail, span }
    }
}

impl From<&Label> for LabelView {
    fn from(of: &Label) -> Self {
        Self { label: of.label.clone(), detail: of.detail.clone(), span: of.span }
    }
}

/// A colleague who said something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Corrector {
    /// The user.
    pub id: String,
    /// The name that colleagues see.
    pub name: String,
}

/// What somebody said about a label.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CorrectionView {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: Corrector,
    /// The message.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// The kind of label.
    #[schema(value_type = schema::LabelKind)]
    pub kind: LabelKind,
    /// What was said.
    #[schema(value_type = schema::CorrectionAct)]
    pub act: Act,
    /// The label that was shown.
    #[schema(required = true)]
    pub shown: Option<LabelView>,
    /// The score that was shown with it; null where a person had set it.
    #[schema(required = true)]
    pub score: Option<f64>,
    /// Which models and lists had read it; `person` where a person had set it.
    pub made_by: String,
    /// The label that it should be.
    #[schema(required = true)]
    pub says: Option<LabelView>,
    /// Why.
    #[schema(required = true)]
    pub note: Option<String>,
    /// The rank of the message before.
    pub rank_before: u8,
    /// And after.
    pub rank_after: u8,
    /// It is about the text as it is now, and not about one that its author changed since.
    pub counts: bool,
}

impl CorrectionView {
    /// Shows a correction.
    pub fn of(row: &StoredCorrection, counts: bool) -> Self {
        let of = &row.of;
        Self {
            id: of.id.to_string(),
            at: Instant(row.at),
            by: Corrector { id: row.user_id.to_string(), name: row.user_name.clone() },
            message_id: of.message_id.to_string(),
            conversation_id: of.conversation_id.to_string(),
            kind: of.correction.kind,
            act: of.correction.act,
            shown: of.correction.shown.as_ref().map(LabelView::from),
            score: of.score,
            made_by: of.made_by.clone(),
            says: of.correction.says.as_ref().map(LabelView::from),
            note: of.note.as_ref().map(|note| note.expose().clone()),
            rank_before: of.rank_before,
            rank_after: of.rank_after,
            counts,
        }
    }
}
