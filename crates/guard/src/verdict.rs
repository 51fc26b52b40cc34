//! What the gate is asked and what it answers. These shapes are the interface: the command line,
//! the API and the store use them as they serialise here.

use serde::{Deserialize, Serialize};

/// What is to be said, about whom, where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The account that speaks.
    pub account: Account,
    /// The message that is answered; `None` for a post of one's own.
    #[serde(default)]
    pub in_reply_to: Option<InReplyTo>,
    /// Reply, post or private message.
    #[serde(default)]
    pub kind: Kind,
    /// Who can read it. Private messages follow the same rules.
    #[serde(default)]
    pub visibility: Visibility,
    /// The day whose rules apply (RFC 3339 date or instant); the newest rules where it is absent.
    #[serde(default)]
    pub now: Option<String>,
    /// The text.
    pub draft: String,
}

/// The account that speaks: what it may name without disclosing anything.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// The organisation's public name.
    pub name: String,
    /// The network.
    pub network: String,
    /// Registered contact telephone.
    pub phone: Option<String>,
    /// Registered contact address.
    pub email: Option<String>,
    /// Registered contact page.
    pub url: Option<String>,
    /// A programme under 42 CFR Part 2: only fixed texts may leave (B10).
    pub part2: bool,
    /// Names of staff who appear in public for the organisation.
    pub staff: Vec<String>,
    /// Names and addresses of its sites.
    pub sites: Vec<String>,
    /// Web addresses that may be named (the organisation's and vetted sources).
    pub allowed_urls: Vec<String>,
    /// ISO 3166-1 alpha-2 code; `US` where absent. Decides crisis and emergency numbers.
    pub country: Option<String>,
    /// Prepared texts that do not depend on the person.
    pub fixed_texts: Vec<String>,
}

/// The message that is answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InReplyTo {
    /// The author's display name as shown on the network.
    pub author: String,
    /// Stars, 1 to 5.
    pub rating: Option<f64>,
    /// Its text.
    pub text: String,
    /// Who can read it.
    pub visibility: Visibility,
}

/// What the draft is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An answer to somebody.
    #[default]
    Reply,
    /// A post of the organisation's own.
    Post,
    /// A private message.
    Message,
}

/// Who can read a text, narrowest last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
    /// Everybody who has the address.
    Unlisted,
    /// Only the people addressed.
    Private,
}

/// The answer of the gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The worst of the findings.
    pub verdict: Decision,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
}

/// May it leave?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Yes.
    Allow,
    /// Yes, when the writer has acknowledged each finding with a reason.
    Warn,
    /// No.
    Block,
}

/// One thing that the gate found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Rule id: B1-B10, W1-W6, C1, C2, F1, L1, U1.
    pub rule: String,
    /// Whether this finding warns or blocks.
    pub severity: Decision,
    /// First scalar value of the words meant; equal to `end` where the finding is about the whole.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words meant.
    pub evidence: String,
    /// Why this must not be said.
    pub why: String,
    /// What to say or do instead.
    pub instead: String,
}

impl Finding {
    /// May a privacy officer let it pass with a second person and a reason? B3 and B10 never.
    pub fn overridable(&self) -> bool {
        !matches!(self.rule.as_str(), "B3" | "B10")
    }
}
