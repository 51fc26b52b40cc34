//! What the matcher does, told in examples.

use super::*;

/// What is found, as `id stance`.
fn found(text: &str) -> Vec<(String, Stance)> {
    claims(text).into_iter().map(|one| (one.id, one.stance)).collect()
}

#[test]
fn the_library_is_well_formed_and_of_some_size() {
    let claims = Claims::compile().expect("every claim has its sources, dates, wordings and concepts");
    assert!(claims.all().len() >= 80);
    assert!(claims.claim("vaccines.mmr_autism").is_some() && claims.claim("vaccines.nothing").is_none());
}

#[test]
fn a_claim_is_made_asked_about_or_denied() {
    let id = "cancer.sugar_feeds".to_owned();
    for (text, stance) in [
        ("My aunt cut out sugar because sugar feeds the cancer", Stance::Asserts),
        ("Is it true that sugar feeds cancer?", Stance::Asks),
        ("does sugar feed cancer", Stance::Asks),
        ("Sugar does not feed cancer.", Stance::Denies),
        ("It is a myth that sugar feeds cancer.", Stance::Denies),
        ("There is no evidence that sugar makes tumors grow.", Stance::Denies),
        ("El azúcar no alimenta el cáncer", Stance::Denies),
        ("¿Es verdad que el azúcar alimenta el cáncer?", Stance::Asks),
    ] {
        assert_eq!(found(text), [(id.clone(), stance)], "{text}");
    }
}

#[test]
fn a_negation_turns_what_it_stands_before() {
    assert_eq!(found("No vaccine causes autism")[0].1, Stance::Denies);
    assert_eq!(found("The shots contain no mercury")[0].1, Stance::Denies);
    // Ahead of the thing it belongs to something else.
    assert_eq!(found("Do not sleep in a bra, it causes breast cancer")[0].1, Stance::Asserts);
}

#[test]
fn a_myth_that_is_a_negation_is_asserted_by_it() {
    assert_eq!(found("Men can't get breast cancer")[0].1, Stance::Asserts);
    assert_eq!(found("Yes, men can get breast cancer")[0].1, Stance::Denies);
    assert_eq!(found("Covid was never real")[0].1, Stance::Asserts);
    assert_eq!(found("ADHD is a real condition")[0].1, Stance::Denies);
}

#[test]
fn the_same_words_need_not_make_a_claim() {
    for text in [
        "When can my autistic son have his MMR vaccine?",
        "My daughter had a mild fever after the MMR vaccine.",
        "The chemo ward ran out of sugar for the tea.",
        "Got my flu shot at the pharmacy, in and out in five minutes.",
        "Our dog was vaccinated and got his microchip on the same day.",
        "Breast cancer support group for men, Tuesdays at 6.",
        "Where can I return leftover antibiotics?",
        "¿A qué hora ponen la vacuna de la influenza?",
    ] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
    }
}

#[test]
fn misspelt_and_in_capitals_it_is_found_all_the_same() {
    for text in ["VACCINES CAUSE AUTISM!!!", "vacines cause autisim", "the vaccinnes are causing autism"] {
        assert_eq!(found(text).first().map(|one| one.0.as_str()), Some("vaccines.mmr_autism"), "{text}");
    }
}

#[test]
fn other_languages_are_left_alone() {
    for text in [
        "As vacinas causam autismo nas crianças, é isso que ninguém diz",
        "Les vaccins causent l'autisme chez les enfants, tout le monde le sait",
        "I vaccini causano l'autismo nei bambini e nessuno lo dice",
        "Impfungen verursachen Autismus bei Kindern",
        "疫苗导致自闭症",
        "اللقاحات تسبب التوحد",
    ] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
    }
}

#[test]
fn the_evidence_is_the_words_themselves() {
    let text = "Well… 🙂 everybody KNOWS vaccines CAUSE all this autism";
    let said: Vec<String> = claims(text)[0]
        .evidence
        .iter()
        .map(|span| text.chars().skip(span.start).take(span.end - span.start).collect())
        .collect();
    assert_eq!(said, ["vaccines CAUSE", "autism"]);
}

#[test]
fn every_claim_finds_its_own_wordings() {
    let mut missed = Vec::new();
    for claim in Claims::get().all() {
        for says in claim.says.en.iter().chain(&claim.says.es) {
            if !found(says).contains(&(claim.id.clone(), Stance::Asserts)) {
                missed.push(format!("{} {says:?} {:?}", claim.id, found(says)));
            }
        }
    }
    assert!(missed.is_empty(), "{}\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn what_is_known_does_not_assert_the_myth() {
    let mut wrong = Vec::new();
    for claim in Claims::get().all() {
        if found(&claim.known).contains(&(claim.id.clone(), Stance::Asserts)) {
            wrong.push(format!("{} {:?} {:?}", claim.id, claim.known, found(&claim.known)));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
