//! Prepared texts that fit what is answered, with contacts and numbers filled in.

use bedside_guard::{self as guard, ReplyClass};
use bedside_store::answer::MessageRow;

use super::scene::Scene;

/// A prepared text.
#[derive(Debug, Clone)]
pub struct PreparedText {
    /// Its id.
    pub id: String,
    /// The class of message that it answers.
    pub class: ReplyClass,
    /// BCP 47.
    pub language: String,
    /// The text, ready to be sent.
    pub text: String,
}

/// What a message may be answered with, by its rank: a crisis is never answered with thanks.
fn classes(priority: u8) -> &'static [ReplyClass] {
    match priority {
        0 | 2 | 6 => &[ReplyClass::Crisis],
        1 => &[ReplyClass::Emergency],
        5 => &[ReplyClass::Privacy, ReplyClass::General],
        7 => &[ReplyClass::Complaint, ReplyClass::General],
        8 => &[ReplyClass::Question, ReplyClass::General],
        11 => &[ReplyClass::Praise, ReplyClass::General],
        _ => &[ReplyClass::General],
    }
}

/// The prepared texts that fit a message: in its language, else in the organisation's, else in
/// English.
pub fn texts(scene: &Scene, to: Option<&MessageRow>) -> Vec<PreparedText> {
    let Some(priority) = scene.priority().or(to.map(|message| message.priority)) else { return vec![] };
    let account = scene.account();
    let of = scene.conversation.as_ref().and_then(|place| place.row.language.as_deref());
    let languages = [of.unwrap_or("und"), &scene.settings.organisation.language, "en"];
    let in_language = |language: &str| -> Vec<PreparedText> {
        let fitting = classes(priority).iter().flat_map(|&class| guard::prepared(&account, class, language));
        fitting
            .map(|text| PreparedText { id: text.id, class: text.class, language: text.language, text: text.text })
            .collect()
    };
    languages.into_iter().map(in_language).find(|texts| !texts.is_empty()).unwrap_or_default()
}

/// Whether a text is a prepared one that fits this message and that nobody changed.
pub fn is_prepared(scene: &Scene, to: Option<&MessageRow>, text: &str) -> bool {
    let same = |prepared: &PreparedText| prepared.text.split_whitespace().eq(text.split_whitespace());
    to.is_some() && texts(scene, to).iter().any(same)
}

/// All prepared texts of an account: what a programme under 42 CFR Part 2 may say.
pub fn fixed_texts(account: &guard::Account) -> Vec<String> {
    let classes = [
        ReplyClass::General,
        ReplyClass::Complaint,
        ReplyClass::Praise,
        ReplyClass::Question,
        ReplyClass::Crisis,
        ReplyClass::Emergency,
        ReplyClass::Privacy,
    ];
    let all = ["en", "es"].into_iter().flat_map(|language| classes.map(|class| (class, language)));
    all.flat_map(|(class, language)| guard::prepared(account, class, language)).map(|text| text.text).collect()
}
