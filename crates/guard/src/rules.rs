//! The rules as dated data, and the patterns that find what they forbid.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::grammar::Grammar;
use crate::verdict::Decision;

/// One rule of the gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// B1-B10, W1-W6, C1, C2, F1, L1, U1.
    pub id: String,
    /// A few words.
    pub title: String,
    /// Warns or blocks.
    pub severity: Decision,
    /// What the rule rests on.
    pub citation: String,
    /// First day in force (ISO 8601).
    pub effective_from: String,
    /// Last day in force, where it has ended.
    #[serde(default)]
    pub effective_to: Option<String>,
    /// When a person last read the rule through.
    pub last_reviewed: String,
    /// Why this must not be said.
    pub why: String,
    /// What the writer does instead.
    pub instead: String,
    /// Texts in which the rule finds something.
    pub block: Vec<String>,
    /// Texts in which it finds nothing.
    pub allow: Vec<String>,
    /// Examples that need more than a text.
    #[serde(default, rename = "case")]
    pub cases: Vec<Case>,
}

/// An example on either side of a rule, with what it depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The text.
    pub draft: String,
    /// Does the rule find something in it?
    pub found: bool,
    /// The message that it answers; none for a post.
    #[serde(default)]
    pub message: Option<String>,
    /// The message's author as shown.
    #[serde(default)]
    pub author: Option<String>,
    /// The account's country, where it is not the United States.
    #[serde(default)]
    pub country: Option<String>,
    /// The account is a programme under 42 CFR Part 2 whose one fixed text is "Thank you for writing."
    #[serde(default)]
    pub part2: bool,
}

impl Rule {
    /// Is the rule in force on the day (`YYYY-MM-DD`, or an instant that begins so)? Always where no day is given
    /// and the rule has not ended.
    pub fn in_force(&self, day: Option<&str>) -> bool {
        match day.and_then(|d| d.get(..10)) {
            Some(day) => {
                self.effective_from.as_str() <= day && self.effective_to.as_deref().is_none_or(|end| day <= end)
            }
            None => self.effective_to.is_none(),
        }
    }
}

#[derive(Deserialize)]
struct RuleFile {
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
struct WordFile {
    class: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    name: String,
    words: String,
}

#[derive(Deserialize)]
struct PatternFile {
    group: Vec<PatternGroup>,
}

#[derive(Deserialize)]
struct PatternGroup {
    rule: String,
    #[serde(rename = "in")]
    scope: Scope,
    patterns: String,
}

/// Where a group of patterns applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// Everywhere.
    All,
    /// Where somebody is answered or written to.
    Reply,
    /// Where a concern is answered.
    Concern,
}

/// The grammar of all rules, and which rule and scope each group of it has.
pub(crate) struct Compiled {
    pub grammar: Grammar,
    pub groups: Vec<(String, Scope)>,
}

/// The group of patterns that are no rule: whole sentences that bind nobody to anything.
pub(crate) const FRAME: &str = "frame";

const RULES: &str = include_str!("../../../data/guard/rules.toml");
const WORDS: [&str; 2] =
    [include_str!("../../../data/guard/words.toml"), include_str!("../../../data/guard/words_es.toml")];
const PATTERNS: [&str; 4] = [
    include_str!("../../../data/guard/frames.toml"),
    include_str!("../../../data/guard/patterns_en.toml"),
    include_str!("../../../data/guard/patterns_rest_en.toml"),
    include_str!("../../../data/guard/patterns_es.toml"),
];

/// All rules, also those that have ended, in the order of the file.
pub fn rules() -> &'static [Rule] {
    static RULE_LIST: OnceLock<Vec<Rule>> = OnceLock::new();
    RULE_LIST.get_or_init(|| toml::from_str::<RuleFile>(RULES).expect("the rules are part of the program").rule)
}

pub(crate) fn compiled() -> &'static Compiled {
    static COMPILED: OnceLock<Compiled> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let mut grammar = Grammar::new();
        for file in WORDS {
            let words: WordFile = toml::from_str(file).expect("the word lists are part of the program");
            for class in words.class {
                grammar.class(&class.name, &class.words);
            }
        }
        let mut groups: Vec<(String, Scope)> = Vec::new();
        for file in PATTERNS {
            let patterns: PatternFile = toml::from_str(file).expect("the patterns are part of the program");
            for group in patterns.group {
                let index = groups.len();
                grammar.group(index, &group.patterns).expect("the patterns are part of the program");
                groups.push((group.rule, group.scope));
            }
        }
        grammar.ready();
        Compiled { grammar, groups }
    })
}
