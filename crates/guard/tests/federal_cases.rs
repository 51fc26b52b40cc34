//! The five federal case patterns, in own invented wording around the published facts, each with
//! seeded variations of names and details. Every variation must block.

use bedside_guard::{Account, Decision, InReplyTo, Kind, Policy, Request, check};

const NAMES: [&str; 8] = [
    "Hollis Brandt",
    "Mirela Costa",
    "Tobin Ashgrove",
    "Yesenia Prado",
    "Karl Undset",
    "Amara Diallo",
    "Wen Liu",
    "Petra Novak",
];
const TREATMENTS: [&str; 6] = ["root canal", "crown", "extraction", "implant", "knee replacement", "physical therapy"];
const CONDITIONS: [&str; 5] = ["bipolar disorder", "depression", "anxiety", "schizophrenia", "anorexia"];
const DAYS: [&str; 5] = ["in March", "last week", "on Tuesday", "in 2019", "on June 4"];

/// A small generator of the kind of Numerical Recipes: the same seed gives the same variations.
struct Seeded(u64);

impl Seeded {
    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        of[(self.0 >> 33) as usize % of.len()]
    }
}

fn blocked(template: &[&str], kind: Kind, must: &[&str]) {
    let mut seeded = Seeded(20_261_124);
    for _ in 0..40 {
        let draft = seeded
            .pick(template)
            .replace("{name}", seeded.pick(&NAMES))
            .replace("{treatment}", seeded.pick(&TREATMENTS))
            .replace("{condition}", seeded.pick(&CONDITIONS))
            .replace("{day}", seeded.pick(&DAYS));
        let request = Request {
            account: Account { name: "Harbor Dental".into(), phone: Some("555-0100".into()), ..Account::default() },
            in_reply_to: (kind == Kind::Reply).then(|| InReplyTo {
                author: "BlueKite9".into(),
                text: "They charged me too much and were rude.".into(),
                ..InReplyTo::default()
            }),
            kind,
            visibility: Default::default(),
            now: None,
            draft: draft.clone(),
        };
        let verdict = check(&request, &Policy::default());
        assert_eq!(verdict.verdict, Decision::Block, "{draft}");
        for rule in must {
            assert!(verdict.findings.iter().any(|f| f.rule == *rule), "{rule} in {draft}: {verdict:?}");
        }
    }
}

/// Elite Dental Associates, 2019: last name, treatment plan, insurance and cost in a reply.
#[test]
fn elite_dental_name_treatment_insurance_and_cost() {
    blocked(
        &[
            "Ms. {name}, your {treatment} was quoted before we began, and your insurance paid only a part of the bill.",
            "Dear {name}, we explained the {treatment} {day}. Your plan did not cover it and you agreed to the cost.",
        ],
        Kind::Reply,
        &["B2", "B5"],
    );
}

/// U. Phillip Igbinadolor, DMD, 2022: the full name of a pseudonymous reviewer, complaints, treatment, insult.
#[test]
fn igbinadolor_real_name_of_a_pseudonym_and_insult() {
    blocked(
        &[
            "{name} came to us {day} with pain and was told to have a {treatment}. {name} never came back. Get a life, {name}!",
            "It is so easy to hide. {name}, we recommended a {treatment} {day} and you refused. Get a life.",
        ],
        Kind::Reply,
        &["B2", "B6"],
    );
}

/// New Vision Dental, 2022: names where monikers stood, visits, treatment, insurance.
#[test]
fn new_vision_visits_treatment_and_insurance_under_a_name() {
    blocked(
        &[
            "Hello {name}. You visited our office {day} for a {treatment}. Your insurance was billed as we told you.",
            "{name}, our records show your visit {day}. The {treatment} was covered by your insurance.",
        ],
        Kind::Reply,
        &["B1", "B2", "B5"],
    );
}

/// Manasa Health Center, 2023: diagnosis and treatment of mental health.
#[test]
fn manasa_diagnosis_of_mental_health() {
    blocked(
        &[
            "You were diagnosed with {condition} {day} and we adjusted your medication.",
            "Your {condition} makes you see things this way. We treated you for it {day}.",
        ],
        Kind::Reply,
        &["B1", "B4"],
    );
}

/// Cadia Healthcare, 2025: success stories with names, conditions and recovery, without authorisation.
#[test]
fn cadia_success_stories_without_authorisation() {
    blocked(
        &[
            "Success story! {name} came to us after a stroke {day} and went home walking after {treatment}.",
            "Congratulations to {name}, who had surgery {day} and finished rehab with our therapists!",
        ],
        Kind::Post,
        &["B2"],
    );
}
