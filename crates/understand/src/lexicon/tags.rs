//! What a phrase of the lists can say.

use bedside_model::label::{Intent, RiskLevel};
use serde::Deserialize;

use crate::risks::parts::Part;

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Tag {
    /// A crisis phrase, with the level it has when nothing lowers it.
    Crisis(RiskLevel),
    /// Something that changes how another phrase is to be read.
    Cue(Cue),
    /// A red flag of an emergency.
    Emergency(Flag),
    /// A threat or abuse.
    Safety(Harm),
    /// A medicine, vaccine or device.
    Product,
    /// A symptom that may be a reaction.
    Reaction,
    /// Words that tie a reaction to a product ("made me", "after taking").
    Link,
    /// A part of a risk that says nothing by itself; [`crate::risks`] puts parts together.
    Part(Part),
    /// Information in the wrong hands; `true` where the phrase is enough by itself.
    Privacy(bool),
    /// A cue of an intent; its weight counts.
    Intent(Intent),
    /// Names a theme, by its index in `themes.toml`.
    Theme(u16),
    /// What went wrong in a complaint, or what came of it.
    Grave(Grave),
    /// A feeling; its weight is its polarity, -3 to 3.
    Feeling,
}

/// What changes how a phrase is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cue {
    /// Turns around what follows.
    Negation,
    /// It lies in the past, by a time that is named.
    Past,
    /// It is told as a story, by the verbs.
    Narrative,
    /// It is happening.
    Now,
    /// Somebody else is meant.
    Third,
    /// News, campaigns, research, training.
    News,
    /// Songs, films, books, games.
    Fiction,
    /// A figure of speech.
    Idiom,
    /// Asked in general, or imagined.
    General,
    /// It makes a feeling stronger.
    Stronger,
    /// It makes a feeling weaker.
    Weaker,
    /// The writer speaks of themselves.
    First,
    /// Somebody has died.
    Bereaved,
    /// Speaks of care that is long done ("saved my life").
    Resolved,
}

/// Red flags of an emergency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flag {
    /// Says by itself that it is now.
    Now,
    /// A red flag; whether it is now the rest of the sentence tells.
    Sign,
    /// A cry for help that needs a red flag or stands for one.
    Help,
}

/// Kinds of harm by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Harm {
    /// The writer threatens.
    Threat,
    /// The writer or another is hurt.
    Abuse,
    /// Might be.
    Possible,
}

/// What went wrong in a complaint, or what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Grave {
    /// Somebody died, or nearly.
    Death,
    /// Harm that stays.
    LastingHarm,
    /// A mistake in care.
    Error,
    /// Left without care.
    Neglect,
    /// Not listened to.
    Ignored,
    /// Treated without respect.
    Disrespect,
    /// Pain, fear, a long wait.
    Suffering,
}

impl Grave {
    /// 1 low, 2 medium, 3 high.
    pub fn severity(self) -> u8 {
        match self {
            Self::Death | Self::LastingHarm => 3,
            Self::Error | Self::Neglect | Self::Suffering => 2,
            Self::Ignored | Self::Disrespect => 1,
        }
    }

    /// In plain words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Death => "a death, or nearly, is told",
            Self::LastingHarm => "lasting harm is told",
            Self::Error => "a mistake in care is told",
            Self::Neglect => "neglect is told",
            Self::Suffering => "suffering or a long wait is told",
            Self::Ignored => "not being listened to is told",
            Self::Disrespect => "disrespect is told",
        }
    }
}

pub(super) fn tag(family: &str, label: &str) -> Result<Tag, String> {
    fn parse<T: serde::de::DeserializeOwned>(label: &str) -> Result<T, String> {
        serde_json::from_value(serde_json::Value::String(label.to_string())).map_err(|error| error.to_string())
    }
    Ok(match family {
        "crisis" => Tag::Crisis(parse(label)?),
        "cue" => Tag::Cue(parse(label)?),
        "emergency" => Tag::Emergency(parse(label)?),
        "safety" => Tag::Safety(parse(label)?),
        "product" => Tag::Product,
        "reaction" => Tag::Reaction,
        "link" => Tag::Link,
        "part" => Tag::Part(parse(label)?),
        "privacy" => Tag::Privacy(label == "sure"),
        "intent" => Tag::Intent(parse(label)?),
        "feeling" => Tag::Feeling,
        "grave" => Tag::Grave(parse(label)?),
        other => return Err(format!("no such family: {other}")),
    })
}
