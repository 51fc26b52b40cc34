//! Complaints by the Healthcare Complaints Analysis Tool (Gillespie and Reader, 2016): which of its seven problems, and
//! how grave the text says it was. The problem follows from the themes found and from a few phrases; the severity from
//! phrases for what came of it. It grades what is told, not what happened.

use crate::assessment::{Hcat, HcatProblem, Span, Theme};
use crate::lexicon::{Grave, Hit, Tag};
use crate::risks::{Around, spans};
use crate::text::Text;

/// Which problem a theme of a complaint points to.
const BY_THEME: [(&str, HcatProblem); 24] = [
    ("Staff manner & personal attributes", HcatProblem::RespectAndPatientRights),
    ("Privacy", HcatProblem::RespectAndPatientRights),
    ("Mental Health Act", HcatProblem::RespectAndPatientRights),
    ("Staff listening, understanding & involving patients", HcatProblem::Listening),
    ("Unspecified communication", HcatProblem::Communication),
    ("Information directly from staff during care", HcatProblem::Communication),
    ("Information provision & guidance", HcatProblem::Communication),
    ("Being kept informed, clarity & consistency of information", HcatProblem::Communication),
    ("Interaction with family/carers", HcatProblem::Communication),
    ("Contacting services", HcatProblem::InstitutionalProcesses),
    ("Appointment arrangements", HcatProblem::InstitutionalProcesses),
    ("Appointment method", HcatProblem::InstitutionalProcesses),
    ("Timeliness of care", HcatProblem::InstitutionalProcesses),
    ("Cost, billing & insurance", HcatProblem::InstitutionalProcesses),
    ("Scheduling & portal", HcatProblem::InstitutionalProcesses),
    ("Organisation & efficiency", HcatProblem::InstitutionalProcesses),
    ("Discharge", HcatProblem::InstitutionalProcesses),
    ("Competence & training", HcatProblem::Safety),
    ("Supplying & understanding medication", HcatProblem::Quality),
    ("Pain management", HcatProblem::Quality),
    ("Continuity of care", HcatProblem::Quality),
    ("Staffing levels & responsiveness", HcatProblem::Environment),
    ("Environment, facilities & equipment", HcatProblem::Environment),
    ("Cleanliness, tidiness & infection control", HcatProblem::Environment),
];
/// The category whose other themes are of the environment.
const SURROUNDINGS: [&str; 3] =
    ["Environment, equipment & catering", "Service location, travel & transport", "Activities"];

/// Grades a complaint.
pub(crate) fn hcat(text: &Text, hits: &[Hit], around: &Around<'_>, themes: &[Theme]) -> Option<Hcat> {
    let mut grave: Vec<(Grave, &Hit)> = Vec::new();
    for hit in hits {
        if let Tag::Grave(sort) = hit.tag
            && !around.negated(hit)
        {
            grave.push((sort, hit));
        }
    }
    let (problem, score, mut evidence) = problem(&grave, themes, text)?;
    let (severity, because) = severity(&grave);
    evidence.extend(spans(text, grave.iter().filter(|(sort, _)| sort.severity() == severity).map(|(_, hit)| *hit)));
    Some(Hcat { domain: problem.domain(), problem, severity, score, evidence: crate::risks::merged(evidence), because })
}

/// A phrase that names the problem goes first, then the likeliest theme that points to one.
fn problem(grave: &[(Grave, &Hit)], themes: &[Theme], text: &Text) -> Option<(HcatProblem, f64, Vec<Span>)> {
    for (sort, hit) in grave {
        let named = match sort {
            Grave::Error => HcatProblem::Safety,
            Grave::Neglect => HcatProblem::Quality,
            Grave::Ignored => HcatProblem::Listening,
            Grave::Disrespect => HcatProblem::RespectAndPatientRights,
            _ => continue,
        };
        return Some((named, 0.7, vec![hit.span(text)]));
    }
    themes.iter().find_map(|theme| {
        let listed = BY_THEME.iter().find(|(label, _)| *label == theme.label).map(|(_, problem)| *problem);
        let problem =
            listed.or_else(|| SURROUNDINGS.contains(&theme.category.as_str()).then_some(HcatProblem::Environment))?;
        Some((problem, theme.score, theme.evidence.clone()))
    })
}

/// 3 where lasting harm or danger is told, 2 where somebody suffered or was endangered, else 1.
fn severity(grave: &[(Grave, &Hit)]) -> (u8, Vec<String>) {
    let most = grave.iter().max_by_key(|(sort, _)| sort.severity());
    match most {
        Some((sort, _)) => (sort.severity(), vec![sort.reason().to_owned()]),
        None => (1, vec!["no harm is told".to_owned()]),
    }
}
