//! One short story per rule family, with both sides.

use bedside_model::label::{Intent, RiskLabel, RiskLevel};
use bedside_understand::{Assessment, Context, IdentifierType, SentimentThree, assess, identifiers};

fn said(text: &str) -> Assessment {
    assess(text, &Context::default())
}

fn level(text: &str, label: RiskLabel) -> Option<RiskLevel> {
    said(text).risks.into_iter().find(|risk| risk.label == label).map(|risk| risk.level)
}

fn wants(text: &str, intent: Intent) -> bool {
    said(text).intents.iter().any(|found| found.label == intent)
}

#[test]
fn a_complaint_needs_no_angry_word() {
    for text in ["Waited three hours and nobody told us why.", "Still waiting for a call back about my results."] {
        assert_eq!(said(text).sentiment.map(|found| found.three), Some(SentimentThree::Negative), "{text}");
        assert!(wants(text, Intent::Complaint), "{text}");
    }
    let praise = said("The nurses were so kind and explained everything. Thank you!");
    assert_eq!(praise.sentiment.map(|found| found.three), Some(SentimentThree::Positive));
    assert_eq!(praise.priority, 11);
}

#[test]
fn questions_are_told_from_complaints() {
    assert!(wants("What time are your visiting hours on Sunday?", Intent::QuestionService));
    assert!(wants("Is it safe to take ibuprofen while pregnant?", Intent::QuestionHealth));
    assert!(wants("It would be nice to have more chairs in the waiting room.", Intent::Suggestion));
    assert!(wants("Vaccines cause autism, wake up", Intent::Misinformation));
    assert!(wants("Reporter here with a media inquiry about the new wing", Intent::JobMediaLegal));
    assert!(wants("Guaranteed profit with bitcoin, click here https://example.org", Intent::SpamOfftopic));
}

#[test]
fn a_threat_and_abuse_outrank_the_complaint() {
    assert_eq!(
        level("I will come back and burn this place down", RiskLabel::SafetyThreatOrAbuse),
        Some(RiskLevel::Now)
    );
    assert_eq!(level("Last year a nurse hit me", RiskLabel::SafetyThreatOrAbuse), Some(RiskLevel::Past));
    assert_eq!(level("The parking was full and the soup was cold", RiskLabel::SafetyThreatOrAbuse), None);
}

#[test]
fn an_adverse_event_names_its_four_elements() {
    let text = "Since starting sertraline my daughter gets a terrible rash";
    let risk = said(text)
        .risks
        .into_iter()
        .find(|risk| risk.label == RiskLabel::AdverseEvent)
        .expect("a reaction tied to a product");
    let icsr = risk.icsr.expect("an adverse event says what it has");
    assert!(icsr.patient && icsr.reporter && icsr.product && icsr.event);
    for text in
        ["The pharmacy had no sertraline", "I had no side effects from the vaccine", "Does metformin cause nausea?"]
    {
        assert_eq!(level(text, RiskLabel::AdverseEvent), None, "{text}");
    }
}

#[test]
fn an_exposure_is_seen_in_the_text_and_in_the_tale() {
    assert_eq!(level("My MRN is 4471-8820, where are my results", RiskLabel::PrivacyExposure), Some(RiskLevel::Now));
    assert_eq!(level("Your clinic shared my medical records", RiskLabel::PrivacyExposure), Some(RiskLevel::Past));
    assert_eq!(level("The form asks for my records", RiskLabel::PrivacyExposure), None);
}

#[test]
fn every_identifier_has_its_right_type() {
    use IdentifierType as Kind;
    for (text, kind, found) in [
        ("my name is Priya Sharma", Kind::Name, "Priya Sharma"),
        ("thanks to Dr. Alan Reyes", Kind::Name, "Dr. Alan Reyes"),
        ("seen at Riverside Medical Center", Kind::Facility, "Riverside Medical Center"),
        ("I live at 12 Elm Street", Kind::Place, "12 Elm Street"),
        ("born on March 3rd, 1961", Kind::Date, "March 3rd, 1961"),
        ("she is 93 years old", Kind::AgeOver89, "93 years old"),
        ("call 202-555-0142", Kind::Phone, "202-555-0142"),
        ("my cell is five five five 0142", Kind::Phone, "five five five 0142"),
        ("fax: 202-555-0143", Kind::Fax, "202-555-0143"),
        ("write to a.reader@example.org", Kind::Email, "a.reader@example.org"),
        ("mail j dot roe at gmail dot com", Kind::Email, "j dot roe at gmail dot com"),
        ("SSN 219-09-9999", Kind::Ssn, "219-09-9999"),
        ("member id AB-987654", Kind::PlanNumber, "AB-987654"),
        ("see https://example.org/a", Kind::Url, "https://example.org/a"),
        ("from 192.0.2.7", Kind::Ip, "192.0.2.7"),
        ("as @some_one said", Kind::Handle, "@some_one"),
        ("VIN 1M8GDM9AXKP042788", Kind::Vehicle, "1M8GDM9AXKP042788"),
    ] {
        let all = identifiers(text);
        assert!(all.iter().any(|one| one.kind == kind && one.text == found), "{text}: {all:?}");
    }
    for text in [
        "I am 55 years old and was here in 2021",
        "The Nurse was Very Kind",
        "We waited 45 minutes",
        "I moved here from Texas",
        "Will you open in May?",
    ] {
        assert!(identifiers(text).is_empty(), "{text}: {:?}", identifiers(text));
    }
}

#[test]
fn stars_are_a_weak_prior_and_mixed_is_found() {
    let mixed = said("Lovely nurses but the wait was far too long and the room was dirty. Otherwise good care.");
    assert!(mixed.sentiment.is_some());
    let low = assess("It was my third time here.", &Context { rating: Some(1.0), ..Context::default() });
    assert_eq!(low.sentiment.map(|found| found.three), Some(SentimentThree::Negative));
}

#[test]
fn themes_have_their_published_names() {
    let has = |text: &str, label: &str| said(text).themes.iter().any(|theme| theme.label == label);
    assert!(has("There is nowhere to park and parking is expensive", "Parking"));
    assert!(has("They billed my insurance twice", "Cost, billing & insurance"));
    assert!(has("The patient portal login is broken", "Scheduling & portal"));
    assert!(has("Waited a long time for the ambulance", "Timeliness of care"));
    assert!(said("ok").themes.iter().all(|theme| theme.label != "Parking"));
}
