//! The gate itself: all rules on one draft.

use std::collections::HashSet;

use crate::normal::{MAX_CHARS, fold};
use crate::reading;
use crate::rules::{FRAME, Rule, Scope, compiled, rules};
use crate::special::{self, Hit};
use crate::tokens::tokens;
use crate::verdict::{Account, Decision, Finding, Kind, Request, Verdict};
use crate::{Policy, identity, languages, prepared, reader};

/// Checks what is to be said. It fails closed: a draft that cannot be analysed blocks with U1.
pub fn check(request: &Request, policy: &Policy) -> Verdict {
    with(request, policy, true)
}

/// The rules, and the scorer where it is asked for.
pub(crate) fn with(request: &Request, policy: &Policy, scored: bool) -> Verdict {
    let chars: Vec<char> = request.draft.chars().collect();
    let mut found = Found { request, chars: &chars, findings: Vec::new(), seen: HashSet::new(), in_danger: false };

    if request.account.part2 && !is_fixed(&request.account, &request.draft) {
        found.add("B10", 0, chars.len().min(MAX_CHARS));
    }
    let (folded, odd) = fold(&request.draft);
    for one in &odd {
        found.add_because("U1", one.start, one.end, &format!("The draft has {}.", one.what));
    }
    if chars.len() > MAX_CHARS {
        return found.verdict();
    }
    let class = request.in_reply_to.as_ref().map(reading::class).unwrap_or_default();
    found.in_danger = class.crisis || class.emergency;
    let mut hits: Vec<Hit> = Vec::new();
    special::help_numbers(request, class, &chars, &mut hits);
    if prepared::is_prepared(&request.account, &request.draft) {
        // A prepared text was reviewed as a whole; only what depends on the message remains to be asked.
        found.add_all(&hits);
        return found.verdict();
    }

    let tokens = tokens(&folded);
    let addressed = request.kind != Kind::Post || request.in_reply_to.is_some();
    let compiled = compiled();
    let matches = compiled.grammar.find(&tokens);
    for one in &matches {
        let (rule, scope) = &compiled.groups[one.group];
        // Frames are for the clause reader.
        let applies = rule != FRAME
            && match scope {
                Scope::All => true,
                Scope::Reply => addressed,
                Scope::Concern => class.concern,
            };
        // A health statement with a link to a vetted source is sourced.
        let sourced = rule == "W4" && sourced(&request.account, &request.draft);
        if applies && !sourced && !one.hint && one.to > one.from {
            found.add(rule, tokens[one.from].start, tokens[one.to - 1].end);
        }
    }
    for one in identity::find(request, &chars, &tokens) {
        // A retired help number has its own finding.
        if !hits.iter().any(|h| h.0 == "C2" && h.1 < one.end && one.start < h.2) {
            found.add(one.rule, one.start, one.end);
        }
    }
    if scored && addressed {
        let sentences = reader::clauses(request, &chars, &tokens, &matches);
        let judged = reader::judge(reader::tongue(&tokens), &sentences);
        let hints = matches.iter().filter(|m| m.hint && m.to > m.from);
        let hints = hints.map(|m| (compiled.groups[m.group].0.as_str(), tokens[m.from].start, tokens[m.to - 1].end));
        found.add_judged(&judged, hints);
    }
    special::product_claims(request, &tokens, &mut hits);
    languages::find(request, &chars, &mut hits);
    special::reading_ease(request, &chars, &mut hits);
    special::offline_route(request, class, &chars, &mut hits);
    special::light_tone(class, &chars, &mut hits);
    found.add_all(&hits);
    house_phrases(policy, &mut found);
    found.verdict()
}

/// A text of the account's fixed list, white space aside.
fn is_fixed(account: &Account, draft: &str) -> bool {
    let same = |text: &str| text.split_whitespace().eq(draft.split_whitespace());
    account.fixed_texts.iter().any(|text| same(text))
}

fn sourced(account: &Account, draft: &str) -> bool {
    let lower = draft.to_lowercase();
    let bare = |u: &str| {
        u.to_lowercase().trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned()
    };
    account.allowed_urls.iter().map(|u| bare(u)).any(|u| !u.is_empty() && lower.contains(&u))
}

/// Phrases that the organisation does not want: they warn, under the rule of tone.
fn house_phrases(policy: &Policy, found: &mut Found<'_>) {
    let lower: Vec<char> = found.chars.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    for phrase in &policy.house_phrases {
        let wanted: Vec<char> = phrase.trim().chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect();
        if wanted.is_empty() {
            continue;
        }
        for start in (0..lower.len().saturating_sub(wanted.len() - 1)).filter(|s| lower[*s..].starts_with(&wanted)) {
            let why = "Your organisation has chosen not to use these words.";
            found.add_because("W1", start, start + wanted.len(), why);
        }
    }
}

struct Found<'a> {
    request: &'a Request,
    chars: &'a [char],
    findings: Vec<Finding>,
    seen: HashSet<(String, usize, usize)>,
    /// The message speaks of suicide or of an emergency.
    in_danger: bool,
}

impl Found<'_> {
    fn add(&mut self, rule: &str, start: usize, end: usize) {
        let why = rules().iter().find(|r| r.id == rule).map_or("", |r| r.why.as_str());
        self.add_because(rule, start, end, why);
    }

    /// What the scorer found. Hints of the patterns count where the draft is stopped anyhow and their sentence looks bad; the
    /// scorer's own finding is left out where a rule names the same words already.
    fn add_judged<'h>(&mut self, judged: &reader::Judged, hints: impl Iterator<Item = (&'h str, usize, usize)>) {
        let worst = judged.worst.as_ref();
        let blocks = |f: &Finding| f.severity == Decision::Block;
        if self.findings.iter().any(blocks) || worst.is_some_and(|w| w.severity == Decision::Block) {
            for (rule, start, end) in hints.filter(|h| judged.bad.iter().any(|(a, b)| *a < h.2 && h.1 < *b)) {
                self.add(rule, start, end);
            }
        }
        let Some(one) = worst else { return };
        if self.findings.iter().any(|f| blocks(f) && f.start < one.end && one.start < f.end) {
            return;
        }
        self.add_scored(one);
    }

    fn add_scored(&mut self, one: &reader::Scored) {
        self.add_because(&one.rule, one.start, one.end, &one.why);
        if let Some(last) = self.findings.last_mut().filter(|f| f.start == one.start && f.why == one.why) {
            last.severity = one.severity;
        }
    }

    fn add_because(&mut self, id: &str, start: usize, end: usize, why: &str) {
        let day = self.request.now.as_deref();
        let Some(rule) = rules().iter().find(|r: &&Rule| r.id == id && r.in_force(day)) else { return };
        if !self.seen.insert((id.to_owned(), start, end)) {
            return;
        }
        let end = end.min(self.chars.len());
        let start = start.min(end);
        let evidence = self.chars[start..end].iter().take(200).collect();
        let (why, instead) = (why.to_owned(), self.instead(rule));
        self.findings.push(Finding {
            rule: id.to_owned(),
            severity: rule.severity,
            start,
            end,
            evidence,
            why,
            instead,
        });
    }

    fn add_all(&mut self, hits: &[Hit]) {
        for (rule, start, end) in hits {
            self.add(rule, *start, *end);
            // Distress without thoughts of death: a help number is good, its absence does not block.
            if let Some(last) = self.findings.last_mut().filter(|f| *rule == "C1" && f.rule == "C1" && !self.in_danger)
            {
                last.severity = Decision::Warn;
            }
        }
    }

    /// The sentence for the writer, with the number that is missing where it is known.
    fn instead(&self, rule: &Rule) -> String {
        if !matches!(rule.id.as_str(), "C1" | "C2") {
            return rule.instead.clone();
        }
        let country = self.request.account.country.as_deref().unwrap_or("US");
        let day = self.request.now.as_deref();
        let first = |kind: &str| crate::numbers::current(country, kind, day).first().map(|n| n.number.as_str());
        match (first("crisis"), first("emergency")) {
            (Some(crisis), Some(emergency)) => {
                format!("{} Here: {crisis} in a crisis, {emergency} in an emergency.", rule.instead)
            }
            (None, Some(emergency)) => format!("{} Here: {emergency}.", rule.instead),
            _ => rule.instead.clone(),
        }
    }

    /// Sorted by place; of findings of one rule that lie in one another the widest stays.
    fn verdict(mut self) -> Verdict {
        self.findings.sort_by(|a, b| {
            (a.start, std::cmp::Reverse(a.end), &a.rule).cmp(&(b.start, std::cmp::Reverse(b.end), &b.rule))
        });
        let mut kept: Vec<Finding> = Vec::with_capacity(self.findings.len());
        for one in self.findings {
            let inside =
                kept.iter().any(|k| k.rule == one.rule && k.start <= one.start && one.end <= k.end && k.end > k.start);
            if !inside {
                kept.push(one);
            }
        }
        let verdict = kept.iter().map(|f| f.severity).max().unwrap_or(Decision::Allow);
        Verdict { verdict, findings: kept }
    }
}
