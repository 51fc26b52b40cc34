//! How good identifiers are found. Any system can be measured: it is a list of spans for each text.

use std::collections::BTreeMap;

use super::data::Case;

/// A span that a system reports, in characters, with the name of its type.
pub type Span = (usize, usize, String);

/// What was found of one type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Of {
    /// Entities of the type.
    pub all: usize,
    /// Those of which every letter and digit is covered.
    pub covered: usize,
    /// Those that a span of the right type touches.
    pub right: usize,
}

/// The figures of a system on a set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// By the set's name of the type: identifiers in our reading.
    pub counted: BTreeMap<String, Of>,
    /// The doubtful ones: titles, ages up to 89, peoples, organisations, years, states and countries by themselves.
    pub doubtful: BTreeMap<String, Of>,
    /// Texts with an identifier that counts, and those of which all are covered.
    pub with: (usize, usize),
    /// Texts without any entity, and those in which nothing is reported.
    pub clean: (usize, usize),
    /// Spans reported, and those that touch an entity of any kind.
    pub spans: (usize, usize),
}

/// The types of ours that a type of a set may be called by.
fn fits(kind: &str, ours: &str) -> bool {
    match kind {
        "PERSON" | "NAME" => ours == "name",
        "STREET_ADDRESS" | "ZIP_CODE" | "GPE" => ours == "place",
        "GEOGRAPHIC_LOCATION" => matches!(ours, "place" | "facility"),
        "ORGANIZATION" => matches!(ours, "other_id" | "facility"),
        "CREDIT_CARD" | "IBAN_CODE" | "ACCOUNT_NUMBER" => ours == "account_number",
        "EMAIL_ADDRESS" => ours == "email",
        "PHONE_NUMBER" => ours == "phone",
        "FAX_NUMBER" => ours == "fax",
        "DATE_TIME" | "DATE" => ours == "date",
        "DOMAIN_NAME" => ours == "url",
        "US_SSN" | "SOCIAL_SECURITY_NUMBER" => ours == "ssn",
        "US_DRIVER_LICENSE" | "CERTIFICATE_LICENSE_NUMBER" => ours == "licence",
        "IP_ADDRESS" => ours == "ip",
        "MEDICAL_RECORD_NUMBER" => ours == "mrn",
        "HEALTH_PLAN_BENEFICIARY_NUMBER" => ours == "plan_number",
        "UNIQUE_IDENTIFIER" => matches!(ours, "other_id" | "mrn"),
        _ => kind == ours,
    }
}

/// One entity that was not covered, or a span in a clean text.
#[derive(Debug, Clone)]
pub struct Miss {
    /// Type in the set, or `clean`.
    pub kind: String,
    /// What it says.
    pub value: String,
    /// Where.
    pub text: String,
    /// What was reported there.
    pub found: Vec<String>,
}

/// Measures a system; misses are handed to `miss`.
pub fn score(cases: &[&Case], mut find: impl FnMut(&str) -> Vec<Span>, mut miss: impl FnMut(Miss)) -> Report {
    let mut report = Report::default();
    for case in cases {
        let chars: Vec<char> = case.text.chars().collect();
        let found = find(&case.text);
        let mut covered = vec![false; chars.len()];
        for (start, end, _) in &found {
            covered[*start..*end].fill(true);
        }
        let said = || {
            found
                .iter()
                .map(|(start, end, kind)| format!("{kind}:{}", chars[*start..*end].iter().collect::<String>()))
                .collect()
        };
        report.spans.0 += found.len();
        report.spans.1 +=
            found.iter().filter(|span| case.gold.iter().any(|gold| gold.start < span.1 && span.0 < gold.end)).count();
        if case.gold.is_empty() {
            report.clean.0 += 1;
            report.clean.1 += usize::from(found.is_empty());
            if !found.is_empty() {
                miss(Miss { kind: "clean".into(), value: String::new(), text: case.text.clone(), found: said() });
            }
            continue;
        }
        let (mut any, mut all) = (false, true);
        for gold in &case.gold {
            let end = gold.end.min(chars.len());
            let hit = (gold.start..end).all(|at| covered[at] || !chars[at].is_alphanumeric());
            let right = found.iter().any(|span| span.0 < end && gold.start < span.1 && fits(&gold.kind, &span.2));
            let of = if gold.counts { &mut report.counted } else { &mut report.doubtful };
            let of = of.entry(gold.kind.clone()).or_default();
            of.all += 1;
            of.covered += usize::from(hit);
            of.right += usize::from(right);
            if gold.counts {
                any = true;
                all &= hit;
                if !hit {
                    let value = chars[gold.start..end].iter().collect();
                    miss(Miss { kind: gold.kind.clone(), value, text: case.text.clone(), found: said() });
                }
            }
        }
        if any {
            report.with.0 += 1;
            report.with.1 += usize::from(all);
        }
    }
    report
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

impl Report {
    /// Share of the entities that count that are covered.
    pub fn recall(&self) -> f64 {
        let (all, covered) = self.counted.values().fold((0, 0), |sum, of| (sum.0 + of.all, sum.1 + of.covered));
        share(covered, all)
    }

    /// The same with the doubtful ones.
    pub fn recall_of_all(&self) -> f64 {
        let both = self.counted.values().chain(self.doubtful.values());
        let (all, covered) = both.fold((0, 0), |sum, of| (sum.0 + of.all, sum.1 + of.covered));
        share(covered, all)
    }

    /// Of the entities that are covered or touched, the share that has its right type.
    pub fn right(&self) -> f64 {
        let (all, right) = self.counted.values().fold((0, 0), |sum, of| (sum.0 + of.all, sum.1 + of.right));
        share(right, all)
    }

    /// Share of the texts with identifiers of which all are covered.
    pub fn full(&self) -> f64 {
        share(self.with.1, self.with.0)
    }

    /// Share of the clean texts in which nothing is reported.
    pub fn untouched(&self) -> f64 {
        share(self.clean.1, self.clean.0)
    }

    /// Share of the reported spans that touch an entity.
    pub fn precision(&self) -> f64 {
        share(self.spans.1, self.spans.0)
    }

    /// Adds another report.
    pub fn plus(&mut self, other: &Self) {
        for (mine, theirs) in [(&mut self.counted, &other.counted), (&mut self.doubtful, &other.doubtful)] {
            for (kind, of) in theirs {
                let sum = mine.entry(kind.clone()).or_default();
                sum.all += of.all;
                sum.covered += of.covered;
                sum.right += of.right;
            }
        }
        self.with = (self.with.0 + other.with.0, self.with.1 + other.with.1);
        self.clean = (self.clean.0 + other.clean.0, self.clean.1 + other.clean.1);
        self.spans = (self.spans.0 + other.spans.0, self.spans.1 + other.spans.1);
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (title, kinds) in [("counted", &self.counted), ("doubtful", &self.doubtful)] {
            for (kind, of) in kinds {
                writeln!(f, "  {title:8} {kind:32} covered {}/{} right type {}", of.covered, of.all, of.right)?;
            }
        }
        write!(
            f,
            "  recall {:.3} (with doubtful {:.3}), right type {:.3}, fully covered {}/{} = {:.3}, clean untouched {}/{} = {:.3}, precision {:.3}",
            self.recall(),
            self.recall_of_all(),
            self.right(),
            self.with.1,
            self.with.0,
            self.full(),
            self.clean.1,
            self.clean.0,
            self.untouched(),
            self.precision()
        )
    }
}
