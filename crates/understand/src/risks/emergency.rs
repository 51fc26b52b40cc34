//! Medical emergencies: now, past, possible. Screening words with high recall and no diagnosis
//! (domain rules 3.3): what the reply says is "call 911" and nothing more.
//!
//! A red flag gets points for what makes it present (a cry for help, "right now", "started ten
//! minutes ago", a second red flag) and loses points for what makes it a story, a question in
//! general or a figure of speech.
//!
//! Parts that stand together ([`super::parts`]: how somebody looks, where it hurts, since when) are now,
//! unless the text says that it is over, mild or asked in general.

use bedside_model::label::{RiskLabel, RiskLevel};

use super::parts::{Found, Part, Together};
use super::{Around, spans};
use crate::assessment::Risk;
use crate::lexicon::{Cue, Flag, Hit, Tag};
use crate::text::Text;

/// From how many points a red flag is taken to be happening.
const NOW_FROM: f64 = 1.5;

/// What no phrase foresees: few things, said together.
const TOGETHER: &[Together<()>] = {
    use Part::{Failing, Frail, Grave, Ingested, Onset, Poison, Present, Textbook, Third, Trauma, Vital};
    const fn of(parts: &'static [Part], near: bool, because: &'static str) -> Together<()> {
        Together { parts, near, says: (), because }
    }
    &[
        of(&[Failing, Vital, Onset], false, "a grave sign that began lately"),
        of(&[Failing, Vital, Grave], false, "several grave signs"),
        of(&[Failing, Grave, Third], false, "several grave signs"),
        of(&[Failing, Vital, Third], false, "several grave signs"),
        of(&[Vital, Grave, Frail], true, "a grave sign in somebody frail"),
        of(&[Vital, Grave, Present], false, "a grave sign that is present"),
        of(&[Failing, Onset, Present], false, "a grave sign that is present"),
        of(&[Failing, Textbook], false, "a case that is described"),
        of(&[Vital, Grave, Trauma], false, "a grave sign after an injury"),
        of(&[Vital, Grave, Trauma, Third], true, "a grave sign after an injury"),
        of(&[Failing, Vital, Trauma], true, "a grave sign after an injury"),
        of(&[Vital, Grave, Poison, Third], true, "a grave sign after something taken in"),
        of(&[Failing, Ingested, Third], false, "a grave sign after something taken in"),
        of(&[Ingested, Poison, Present], false, "something taken in, and it is present"),
    ]
};

/// Finds the red flags of a text and whether they are now.
pub(crate) fn emergency(text: &Text, hits: &[Hit], around: &Around<'_>) -> Option<Risk> {
    let flags: Vec<(Flag, Hit)> = hits
        .iter()
        .filter_map(|hit| match hit.tag {
            Tag::Emergency(flag) => Some((flag, *hit)),
            _ => None,
        })
        .collect();
    let help = flags.iter().any(|(flag, _)| *flag == Flag::Help);
    let signs: Vec<Hit> = flags.iter().filter(|(flag, _)| *flag != Flag::Help).map(|(_, hit)| *hit).collect();
    let mut found = around.parts.together(TOGETHER);
    found.retain(Found::several);
    let resolved = around.anywhere(Cue::Resolved) && text.question_marks == 0;
    let over = around.parts.anywhere(Part::Over) || resolved;
    if signs.is_empty() && found.is_empty() {
        return None;
    }
    let open = !over && (text.question_marks > 0 || help);
    let separate = spans(text, &signs).len().max(1);
    let mut common = if help { 1.0 } else { 0.0 };
    common += if text.shouting || text.exclamations > 1 { 0.4 } else { 0.0 };
    common += 0.5 * (separate.min(3) as f64 - 1.0);
    common -= if around.anywhere(Cue::Resolved) || around.parts.anywhere(Part::Over) { 1.2 } else { 0.0 };
    common -= if around.parts.anywhere(Part::Mild) { 0.5 } else { 0.0 };
    common -= if text.words.len() > 90 { 0.7 } else { 0.0 };
    let mut best: Option<(RiskLevel, f64)> = None;
    let mut judged = Vec::new();
    for (flag, hit) in flags.iter().filter(|(flag, _)| *flag != Flag::Help) {
        let (level, points, because) = judge(*flag, hit, text, around, common, open);
        if best.is_none_or(|(seen, most)| (rank(level), points) > (rank(seen), most)) {
            best = Some((level, points));
        }
        judged.push((level, *hit, because));
    }
    for of_rule in &found {
        let (level, points, because) = judge_together(of_rule, text, around, over);
        if best.is_none_or(|(seen, most)| (rank(level), points) > (rank(seen), most)) {
            best = Some((level, points));
        }
        judged.extend(of_rule.hits.iter().map(|hit| (level, *hit, because.clone())));
    }
    let (level, points) = best?;
    let decisive: Vec<_> = judged.iter().filter(|(of_hit, ..)| *of_hit == level).collect();
    let mut because: Vec<String> = Vec::new();
    for reason in decisive.iter().flat_map(|(_, _, because)| because) {
        if !because.iter().any(|seen| seen == reason) {
            because.push((*reason).to_string());
        }
    }
    let score = match level {
        RiskLevel::Now => 1.0 / (1.0 + (-(points - NOW_FROM) - 1.0).exp()),
        RiskLevel::Past => 0.7,
        _ => 0.5,
    };
    let evidence = spans(text, decisive.iter().map(|(_, hit, _)| hit));
    Some(Risk { label: RiskLabel::MedicalEmergency, level, score, evidence, because, icsr: None })
}

/// The nearer, the higher.
fn rank(level: RiskLevel) -> u8 {
    match level {
        RiskLevel::Now => 2,
        RiskLevel::Past => 1,
        _ => 0,
    }
}

/// Parts that stand together are now, unless the text tells of a time that is over.
fn judge_together(found: &Found, text: &Text, around: &Around<'_>, over: bool) -> (RiskLevel, f64, Vec<&'static str>) {
    let because = TOGETHER[found.rule].because;
    let any = |holds: &dyn Fn(&Hit) -> bool| found.hits.iter().any(holds);
    if any(&|hit| around.overlaps(hit, Cue::Idiom)) {
        return (RiskLevel::Possible, 0.0, vec![because, "idiom"]);
    }
    if any(&|hit| around.in_sentence(hit, Cue::General) && !around.in_sentence(hit, Cue::Third)) {
        return (RiskLevel::Possible, 0.5, vec![because, "asked or said in general"]);
    }
    if any(&|hit| around.in_sentence(hit, Cue::Fiction)) {
        return (RiskLevel::Possible, 0.5, vec![because, "news or fiction"]);
    }
    if any(&|hit| denied(text, hit)) {
        return (RiskLevel::Possible, 0.5, vec![because, "negation"]);
    }
    if around.parts.anywhere(Part::Mild) {
        return (RiskLevel::Possible, 0.5, vec![because, "mild, or said to be well"]);
    }
    if over || any(&|hit| around.long_past(hit)) {
        return (RiskLevel::Past, 1.0, vec![because, "past"]);
    }
    (RiskLevel::Now, NOW_FROM + 0.3, vec![because])
}

/// "No" stands right before the sign ("no fits, no faints").
fn denied(text: &Text, hit: &Hit) -> bool {
    hit.from > 0 && matches!(text.piece(hit.from - 1), "no" | "without" | "sin" | "never" | "not")
}

fn judge(
    flag: Flag,
    hit: &Hit,
    text: &Text,
    around: &Around<'_>,
    common: f64,
    open: bool,
) -> (RiskLevel, f64, Vec<&'static str>) {
    let mut because = Vec::new();
    let mut points = common + if flag == Flag::Now { 1.8 } else { 0.7 };
    if around.overlaps(hit, Cue::Idiom) {
        because.push("idiom");
        return (RiskLevel::Possible, 0.0, because);
    }
    if around.negated(hit) {
        because.push("negation");
        return (RiskLevel::Possible, 0.0, because);
    }
    let now = around.in_sentence(hit, Cue::Now);
    if now || around.nearby(hit, Cue::Now) {
        points += if now { 1.0 } else { 0.6 };
        because.push("present");
    }
    if present_tense(text, hit) {
        points += 0.8;
    }
    let past = around.in_sentence(hit, Cue::Past);
    let story = around.in_sentence(hit, Cue::Narrative) || past_tense(text, hit);
    if past {
        points -= 1.8;
    }
    if story {
        // Who asks what to do, and names no end, tells of what still goes on.
        let asked = flag == Flag::Now && open && !past;
        points -= if asked {
            0.3
        } else if now {
            0.6
        } else {
            1.2
        };
    }
    if past || story {
        because.push("past");
    }
    if around.in_sentence(hit, Cue::General) {
        points -= 1.6;
        because.push("asked or said in general");
    }
    if around.in_sentence(hit, Cue::News) || around.in_sentence(hit, Cue::Fiction) {
        points -= 1.6;
        because.push("news or fiction");
    }
    if points >= NOW_FROM {
        (RiskLevel::Now, points, because)
    } else if past || story || around.anywhere(Cue::Resolved) {
        (RiskLevel::Past, points, because)
    } else {
        (RiskLevel::Possible, points, because)
    }
}

/// A verb in the present right before the flag ("I have", "she is having", "my dad has").
fn present_tense(text: &Text, hit: &Hit) -> bool {
    let sentence = text.word(hit.from).sentence;
    (hit.from.saturating_sub(4)..hit.from).any(|at| {
        text.word(at).sentence == sentence
            && matches!(
                text.piece(at),
                "have"
                    | "having"
                    | "has"
                    | "is"
                    | "am"
                    | "are"
                    | "getting"
                    | "keeps"
                    | "keep"
                    | "feel"
                    | "feels"
                    | "feeling"
                    | "got"
                    | "tengo"
                    | "tiene"
                    | "está"
                    | "esta"
                    | "estoy"
                    | "siento"
            )
    })
}

/// A verb in the past within the flag or right before it.
fn past_tense(text: &Text, hit: &Hit) -> bool {
    let sentence = text.word(hit.from).sentence;
    (hit.from.saturating_sub(3)..hit.from).any(|at| {
        text.word(at).sentence == sentence
            && matches!(
                text.piece(at),
                "was" | "were" | "had" | "suffered" | "been" | "could" | "needed" | "suspected" | "having" | "did"
            )
            && text.piece(at) != "having"
    })
}
