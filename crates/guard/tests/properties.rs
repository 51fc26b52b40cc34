//! The gate holds on whatever is typed: no panic, spans inside the draft, evidence as it stands there.

use bedside_guard::{Account, Decision, InReplyTo, Kind, Policy, Request, check};
use proptest::prelude::*;

fn holds(draft: String, author: String, message: String) {
    let request = Request {
        account: Account { name: "Harbor".into(), phone: Some("555-0100".into()), ..Account::default() },
        in_reply_to: Some(InReplyTo { author, text: message, ..InReplyTo::default() }),
        kind: Kind::Reply,
        visibility: Default::default(),
        now: None,
        draft,
    };
    let verdict = check(&request, &Policy::default());
    let chars: Vec<char> = request.draft.chars().collect();
    let mut last = 0;
    let mut seen = std::collections::HashSet::new();
    for finding in &verdict.findings {
        assert!(finding.start <= finding.end && finding.end <= chars.len());
        assert!(finding.start >= last, "sorted by position");
        last = finding.start;
        assert!(chars[finding.start..finding.end].iter().take(200).copied().eq(finding.evidence.chars()));
        assert!(seen.insert((finding.rule.clone(), finding.start, finding.end)), "no duplicates");
    }
    let worst = verdict.findings.iter().map(|f| f.severity).max().unwrap_or(Decision::Allow);
    assert_eq!(verdict.verdict, worst);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_unicode_is_answered(draft in "\\PC{0,200}", author in "\\PC{0,12}", message in "\\PC{0,60}") {
        holds(draft, author, message);
    }

    #[test]
    fn any_scalar_values_are_answered(draft in proptest::collection::vec(any::<char>(), 0..200)) {
        holds(draft.into_iter().collect(), String::new(), String::new());
    }

    #[test]
    fn words_in_any_order_are_answered(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "your", "visit", "we", "saw", "you", "'s", "mother", ".", ",", "988", "555-0199", "@", "Dr.", "Ana", "su", "cita",
                "\u{200b}", "ｖisit", "a", "b", "c", "not", "if", "patient", "record", "no", "of", "👩\u{200d}⚕️", "1-800-273-TALK",
            ]),
            0..60,
        )
    ) {
        holds(words.join(" "), "Ana".into(), String::new());
    }

    #[test]
    fn a_confirming_sentence_blocks_among_any_words(before in "[a-z ]{0,80}", after in "[a-z ]{0,80}") {
        let draft = format!("{before}. We are sorry about your visit on Tuesday. {after}");
        let request = Request {
            account: Account::default(),
            in_reply_to: None,
            kind: Kind::Reply,
            visibility: Default::default(),
            now: None,
            draft,
        };
        prop_assert!(check(&request, &Policy::default()).findings.iter().any(|f| f.rule == "B1"));
    }
}
