//! What a person says about a label: that it is right, wrong, missing, or another one.
//!
//! Corrections are only ever added. What stands for a message is what the program read, changed by
//! its corrections in their order. A person may lower the rank of a message, also of a crisis; that
//! takes a reason, and who and when stand with it for good.

use serde::{Deserialize, Serialize};

use crate::conversation::is_watched;
use crate::label::Priority;
use crate::names::{refusals, text_enum};

text_enum! {
    /// What kind of label it is.
    pub enum LabelKind {
        /// One of the five points.
        Sentiment = "sentiment",
        /// What a message is about to do or ask.
        Intent = "intent",
        /// A theme of patient experience.
        Theme = "theme",
        /// A risk with its level.
        Risk = "risk",
        /// A BCP 47 tag.
        Language = "language",
        /// A piece of the text that identifies somebody.
        Identifier = "identifier",
        /// A statement of the library of claims, with what the text does with it.
        Claim = "claim",
    }
}

text_enum! {
    /// What the person says.
    pub enum Act {
        /// It is right.
        Confirm = "confirm",
        /// It does not belong there.
        Remove = "remove",
        /// It is missing.
        Add = "add",
        /// It is another one.
        Change = "change",
    }
}

/// A label by its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Label {
    /// Its name: `complaint`, `crisis_self_harm`, a theme's name, a claim's id, a tag, a type.
    pub label: String,
    /// The level of a risk, the stance of a claim; nothing for the others.
    #[serde(default)]
    pub detail: Option<String>,
    /// Where an identifier stands, in Unicode scalar values, end exclusive; nothing for the others.
    #[serde(default)]
    pub span: Option<(u32, u32)>,
}

/// A correction: what was shown and what the person says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Correction {
    /// The kind of label.
    pub kind: LabelKind,
    /// What the person says.
    pub act: Act,
    /// The label that was shown; nothing where one is missing.
    pub shown: Option<Label>,
    /// The label that the person gives; nothing where it is right or does not belong there.
    pub says: Option<Label>,
}

refusals! {
    /// Why a correction is refused.
    pub enum Refused {
        Shape = "correction_incomplete", "Say which label was shown and which it should be.";
        Same = "correction_says_the_same", "This is the label that is shown already. Confirm it instead.";
        NotShown = "label_not_shown", "This label is not shown on the message any more. Open it again.";
        ShownAlready = "label_shown_already", "This label is on the message already.";
        Reason = "reason_missing", "This moves the message behind those that are watched. Say in a few words why.";
    }
}

impl Correction {
    /// Refuses a correction in which something is missing or too much.
    pub fn well_formed(&self) -> Result<(), Refused> {
        match (self.act, &self.shown, &self.says) {
            (Act::Confirm | Act::Remove, Some(_), None) | (Act::Add, None, Some(_)) => Ok(()),
            (Act::Change, Some(shown), Some(says)) if shown == says => Err(Refused::Same),
            (Act::Change, Some(_), Some(_)) => Ok(()),
            _ => Err(Refused::Shape),
        }
    }

    /// The label that the correction is about: what was shown, else what is missing.
    pub fn about(&self) -> Option<&Label> {
        self.shown.as_ref().or(self.says.as_ref())
    }
}

/// Whether a change of rank needs a reason and the right to change places: it takes a message out
/// of a watched rank, or lower among them.
pub const fn is_lowering(was: Priority, now: Priority) -> bool {
    is_watched(was) && now > was
}

/// How often people agreed with a label, with the interval in which the true share lies (Wilson,
/// 95%); `None` where nobody judged it.
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
pub fn wilson(agreed: u32, judged: u32) -> Option<Share> {
    if judged == 0 {
        return None;
    }
    const Z: f64 = 1.959_963_984_540_054;
    let n = f64::from(judged);
    let share = f64::from(agreed.min(judged)) / n;
    let middle = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    Some(Share {
        share,
        low: ((middle - spread) / whole).clamp(0.0, share),
        high: ((middle + spread) / whole).clamp(share, 1.0),
    })
}

/// A share and the interval in which the true one lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// What was counted.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(name: &str) -> Option<Label> {
        Some(Label { label: name.to_owned(), detail: None, span: None })
    }

    #[test]
    fn a_correction_says_what_was_shown_and_what_it_should_be() {
        let correction = |act, shown, says| Correction { kind: LabelKind::Intent, act, shown, says }.well_formed();
        assert_eq!(correction(Act::Confirm, label("praise"), None), Ok(()));
        assert_eq!(correction(Act::Remove, label("praise"), None), Ok(()));
        assert_eq!(correction(Act::Add, None, label("praise")), Ok(()));
        assert_eq!(correction(Act::Change, label("praise"), label("complaint")), Ok(()));
        assert_eq!(correction(Act::Change, label("praise"), label("praise")), Err(Refused::Same));
        for (act, shown, says) in [
            (Act::Confirm, None, None),
            (Act::Confirm, label("praise"), label("complaint")),
            (Act::Remove, None, label("praise")),
            (Act::Add, label("praise"), None),
            (Act::Change, label("praise"), None),
        ] {
            assert_eq!(correction(act, shown, says), Err(Refused::Shape), "{act}");
        }
    }

    #[test]
    fn whoever_lowers_what_is_watched_says_why() {
        assert!(is_lowering(2, 7) && is_lowering(0, 2) && is_lowering(6, 12));
        assert!(!is_lowering(7, 11), "a complaint that is none needs no reason");
        assert!(!is_lowering(7, 2) && !is_lowering(2, 2));
    }

    #[test]
    fn few_judgements_give_a_wide_interval() {
        assert_eq!(wilson(0, 0), None);
        // Checked by hand: 8 of 10 is 0.490 to 0.943.
        let share = wilson(8, 10).unwrap();
        assert!((share.low - 0.490_2).abs() < 5e-4 && (share.high - 0.943_3).abs() < 5e-4, "{share:?}");
        let (one, many) = (wilson(1, 1).unwrap(), wilson(200, 200).unwrap());
        assert!((one.share, one.high) == (1.0, 1.0) && one.low < 0.21 && many.low > 0.98);
        let none = wilson(0, 5).unwrap();
        assert!(none.low == 0.0 && none.high > 0.4 && none.high < 0.5);
    }
}
