//! What is said about a message. These shapes are the interface: the command line, the API and the
//! store use them as they serialise here.

use bedside_model::label::{Intent, Priority, RiskLabel, RiskLevel};
use serde::{Deserialize, Serialize};

/// A piece of a text: start and end in Unicode scalar values, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct Span {
    /// First scalar value.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl From<(usize, usize)> for Span {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start, end }
    }
}

impl From<Span> for (usize, usize) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

/// What is known about a message besides its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// The network it came from (`wordpress`, `feed`, …).
    pub network: Option<String>,
    /// What it is there (`comment`, `review`, …).
    pub kind: Option<String>,
    /// Stars given, on a scale of 1 to 5.
    pub rating: Option<f64>,
}

/// Everything that is said about one message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// BCP 47 tag; `und` where it cannot be told.
    pub language: String,
    /// Probability of the language.
    #[serde(default)]
    pub language_score: f64,
    /// `None` where the text says nothing that could have a sentiment.
    pub sentiment: Option<Sentiment>,
    /// Multi-label, best first.
    pub intents: Vec<IntentScore>,
    /// The first of `risks` by precedence.
    pub risk: Option<Risk>,
    /// By precedence.
    pub risks: Vec<Risk>,
    /// Themes of patient experience.
    pub themes: Vec<Theme>,
    /// For a complaint: where it belongs in the Healthcare Complaints Analysis Tool, and how grave it is.
    #[serde(default)]
    pub hcat: Option<Hcat>,
    /// Statements of the library of claims that the text makes, asks about or denies, best first.
    #[serde(default)]
    pub claims: Vec<ClaimMatch>,
    /// Identifiers found.
    pub identifiers: Vec<Identifier>,
    /// How hard the text is to read.
    pub readability: Readability,
    /// 0 to 12, 0 first.
    pub priority: Priority,
    /// The language has no crisis and emergency rules: a person must read it. Such a message ranks
    /// no lower than 7.
    #[serde(default)]
    pub needs_reader: bool,
    /// Which models and lists said all this.
    #[serde(default)]
    pub made_by: String,
}

/// Five-point sentiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentimentLabel {
    /// Delighted.
    VeryPositive,
    /// Content.
    Positive,
    /// Neither, or both at once.
    Neutral,
    /// Dissatisfied.
    Negative,
    /// Angry, hurt, in despair.
    VeryNegative,
}

/// Sentiment folded to three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentimentThree {
    /// Positive or very positive.
    Positive,
    /// Neutral or mixed.
    Neutral,
    /// Negative or very negative.
    Negative,
}

/// Sentiment with its score and the words that decided it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    /// On five points.
    pub label: SentimentLabel,
    /// On three points.
    pub three: SentimentThree,
    /// Probability of the three-point label.
    pub score: f64,
    /// The words that decided it.
    #[serde(default)]
    pub evidence: Vec<Span>,
}

/// One intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntentScore {
    /// Which.
    pub label: Intent,
    /// Probability.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Span>,
}

/// One risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    /// Which.
    pub label: RiskLabel,
    /// How near.
    pub level: RiskLevel,
    /// Probability.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Span>,
    /// What lowered or raised the level, in plain words ("third person", "past", "idiom").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// For an adverse event: which of the four elements of a case report are present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icsr: Option<Icsr>,
}

/// The four elements of a valid individual case safety report (ICH E2D).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Icsr {
    /// An identifiable patient.
    pub patient: bool,
    /// An identifiable reporter.
    pub reporter: bool,
    /// A suspect product.
    pub product: bool,
    /// An event or reaction.
    pub event: bool,
}

/// One theme of patient experience (NHS England QDC v7 and the additions for the United States).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Theme {
    /// The subcategory, by its published name.
    pub label: String,
    /// The category, by its published name.
    pub category: String,
    /// Probability.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Span>,
}

/// Where a complaint belongs in the Healthcare Complaints Analysis Tool (Gillespie and Reader, 2016).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hcat {
    /// Of three.
    pub domain: HcatDomain,
    /// Of seven.
    pub problem: HcatProblem,
    /// 1 low, 2 medium, 3 high; of what is told, not of what happened.
    pub severity: u8,
    /// Probability of the problem.
    pub score: f64,
    /// The words that decided the problem and the severity.
    pub evidence: Vec<Span>,
    /// What raised or lowered the severity, in plain words.
    pub because: Vec<String>,
}

/// The three domains of the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HcatDomain {
    /// Quality and safety of care.
    Clinical,
    /// Environment and institutional processes.
    Management,
    /// Listening, communication, respect and patient rights.
    Relationships,
}

/// The seven problems of the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HcatProblem {
    /// Clinical standards of staff.
    Quality,
    /// Errors, incidents, staff competencies.
    Safety,
    /// Facilities, services, equipment, staffing.
    Environment,
    /// Bureaucracy, waiting times, access to care.
    InstitutionalProcesses,
    /// Disregard of what patients say.
    Listening,
    /// Absent or incorrect communication from staff.
    Communication,
    /// Disrespect, or violations of patient rights by staff.
    RespectAndPatientRights,
}

impl HcatProblem {
    /// The domain that a problem belongs to.
    pub const fn domain(self) -> HcatDomain {
        match self {
            Self::Quality | Self::Safety => HcatDomain::Clinical,
            Self::Environment | Self::InstitutionalProcesses => HcatDomain::Management,
            Self::Listening | Self::Communication | Self::RespectAndPatientRights => HcatDomain::Relationships,
        }
    }
}

/// A statement of the library of claims that a text is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimMatch {
    /// Its id in `data/claims/`.
    pub id: String,
    /// What the text does with it.
    pub stance: Stance,
    /// How well they match, calibrated; below the threshold nothing is reported.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Span>,
}

/// What a text does with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// It says that the claim is so.
    Asserts,
    /// It asks whether.
    Asks,
    /// It says that it is not so.
    Denies,
}

/// The kinds of identifier of 45 CFR 164.514(b)(2)(i).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierType {
    /// A person's name.
    Name,
    /// A geographic part smaller than a state.
    Place,
    /// A hospital, clinic, practice.
    Facility,
    /// A date finer than a year.
    Date,
    /// An age over 89.
    #[serde(rename = "age_over_89")]
    AgeOver89,
    /// A telephone number.
    Phone,
    /// A fax number.
    Fax,
    /// An e-mail address.
    Email,
    /// A US social security number.
    Ssn,
    /// A medical record number.
    Mrn,
    /// A health plan beneficiary number.
    PlanNumber,
    /// An account number.
    AccountNumber,
    /// A certificate or licence number (NPI, DEA among them).
    Licence,
    /// A vehicle identifier or plate.
    Vehicle,
    /// A device identifier or serial number.
    Device,
    /// A web address.
    Url,
    /// An IP address.
    Ip,
    /// A biometric identifier.
    Biometric,
    /// A handle on a network.
    Handle,
    /// Any other unique number, characteristic or code.
    OtherId,
}

/// One identifier found in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identifier {
    /// Which of the kinds.
    #[serde(rename = "type")]
    pub kind: IdentifierType,
    /// First scalar value.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The text itself.
    pub text: String,
    /// Probability.
    pub score: f64,
}

/// How hard a text is to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Readability {
    /// Words counted.
    pub words: usize,
    /// Sentences counted.
    pub sentences: usize,
    /// Words per sentence, mean.
    pub words_per_sentence: f64,
    /// Words in the longest sentence.
    pub longest_sentence: usize,
    /// Flesch-Kincaid grade; `None` for a short text (under 100 words).
    pub fk_grade: Option<f64>,
    /// SMOG grade; `None` under 30 sentences.
    pub smog: Option<f64>,
    /// The text is too short for a grade.
    pub short_text: bool,
    /// Hard words and a plainer one where the list has it.
    pub hard_words: Vec<HardWord>,
}

/// A word that many readers do not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HardWord {
    /// Where it stands.
    pub span: Span,
    /// The word as written.
    pub word: String,
    /// What to write instead.
    pub plainer: Option<String>,
}
