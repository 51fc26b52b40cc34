//! What has to be true before a text may leave.

use super::*;
use crate::label::Priority;
use crate::role::RoleSet;

const TEXT: &str = "Thank you for raising this. Please call us.";

fn user(n: u128) -> UserId {
    UserId::from_bits(n)
}

fn officer() -> RoleSet {
    RoleSet::EMPTY.with(Role::PrivacyOfficer)
}

fn finding(rule: &str, severity: Decision) -> FindingRef {
    FindingRef { rule: rule.to_owned(), severity }
}

fn verdict(text: &str, findings: &[FindingRef]) -> Event {
    Event::Checked(Checked {
        verdict: VerdictId::from_bits(1),
        hash: text_hash(text),
        decision: findings.iter().map(|f| f.severity).max().unwrap_or(Decision::Allow),
        findings: findings.to_vec(),
    })
}

fn blocks(rule: &str) -> Event {
    verdict(TEXT, &[finding(rule, Decision::Block)])
}

fn draft(events: &[Event]) -> Draft {
    events.iter().fold(Draft::new(DraftKind::Reply, user(1), text_hash(TEXT)), |draft, event| {
        step(&draft, event).unwrap_or_else(|refused| panic!("{event:?}: {refused}"))
    })
}

fn facts(draft: &Draft, priority: Priority, active_users: u32) -> DraftFacts<'_> {
    DraftFacts { draft, priority: Some(priority), active_users }
}

fn send(draft: &Draft, priority: Priority, users: u32) -> Result<Sendable, Refused> {
    may_send(&facts(draft, priority, users), &Policy::default(), &draft.hash)
}

fn ack(finding: usize) -> Event {
    Event::Acknowledged { findings: vec![finding], by: user(1), reason: "it is our own name".into() }
}

fn approve(by: u128) -> Event {
    Event::Approved { by: user(by), hash: text_hash(TEXT) }
}

#[test]
fn nothing_leaves_unchecked() {
    let fresh = draft(&[]);
    assert_eq!((fresh.state, send(&fresh, 7, 5)), (DraftState::Writing, Err(Refused::NotChecked)));
    let checked = draft(&[verdict(TEXT, &[])]);
    let sendable = send(&checked, 7, 5).unwrap();
    assert_eq!(sendable.hash(), Some(text_hash(TEXT).as_str()));
    let queued = queue(&checked, &sendable).unwrap();
    assert_eq!(step(&queued, &Event::Delivered).unwrap().state, DraftState::Sent);
    assert_eq!(step(&queued, &Event::Discarded), Err(Refused::AlreadyQueued));
    assert_eq!(step(&queued, &Event::Returned).unwrap().state, DraftState::Ready);
}

#[test]
fn a_verdict_about_another_text_counts_for_nothing() {
    assert_eq!(step(&draft(&[]), &verdict("other", &[])), Err(Refused::TextChanged));
    let edited = draft(&[verdict(TEXT, &[]), Event::Edited { by: user(1), hash: text_hash("other") }]);
    assert_eq!((edited.state, send(&edited, 7, 5)), (DraftState::Writing, Err(Refused::NotChecked)));
    let seen_before = text_hash(TEXT);
    let facts = facts(&edited, 7, 5);
    assert_eq!(may_send(&facts, &Policy::default(), &seen_before), Err(Refused::TextChanged));
}

#[test]
fn each_warning_is_acknowledged_by_the_writer_with_a_reason() {
    let warned = draft(&[verdict(TEXT, &[finding("W1", Decision::Warn), finding("W3", Decision::Warn)])]);
    assert_eq!((warned.state, send(&warned, 7, 5)), (DraftState::NeedsAck, Err(Refused::NeedsAcknowledgement)));
    let one = step(&warned, &ack(0)).unwrap();
    assert_eq!(one.state, DraftState::NeedsAck, "one of two is not enough");
    assert_eq!(step(&one, &ack(1)).unwrap().state, DraftState::Ready);
    let silent = Event::Acknowledged { findings: vec![0], by: user(1), reason: "  ".into() };
    assert_eq!(step(&warned, &silent), Err(Refused::ReasonMissing));
    assert_eq!(step(&warned, &ack(2)), Err(Refused::NoSuchFinding));
    let another = Event::Acknowledged { findings: vec![0], by: user(2), reason: "fine".into() };
    assert_eq!(step(&warned, &another), Err(Refused::NotTheWriter));
    assert_eq!(step(&draft(&[blocks("B1")]), &ack(0)), Err(Refused::NothingToAcknowledge));
}

#[test]
fn an_override_takes_a_request_a_privacy_officer_and_a_second_person() {
    let asks = Event::OverrideRequested { by: user(1), reason: "the name is our hospital's".into() };
    let grants = |by, roles| Event::OverrideGranted { by: user(by), roles, reason: "looked at".into() };
    let asked = draft(&[blocks("B1"), asks.clone()]);
    assert_eq!((asked.state, send(&asked, 7, 5)), (DraftState::Blocked, Err(Refused::GuardBlocked)));
    assert_eq!(step(&asked, &grants(1, officer())), Err(Refused::OwnOverride));
    assert_eq!(step(&asked, &grants(2, RoleSet::EMPTY)), Err(Refused::NotPrivacyOfficer));
    assert_eq!(step(&draft(&[blocks("B1")]), &grants(2, officer())), Err(Refused::NoOverrideRequested));
    let granted = step(&asked, &grants(2, officer())).unwrap();
    assert_eq!(granted.state, DraftState::Ready);
    assert!(send(&granted, 7, 5).is_ok());
    let edited = step(&granted, &Event::Edited { by: user(1), hash: text_hash("other") }).unwrap();
    assert_eq!(edited.override_, None, "it was about another text");
    assert_eq!(step(&draft(&[verdict(TEXT, &[])]), &asks), Err(Refused::NotBlocked));
}

#[test]
fn an_override_does_not_acknowledge_the_warnings_beside_it() {
    let both = verdict(TEXT, &[finding("B1", Decision::Block), finding("W1", Decision::Warn)]);
    let asks = Event::OverrideRequested { by: user(1), reason: "why".into() };
    let grants = Event::OverrideGranted { by: user(2), roles: officer(), reason: "why".into() };
    let granted = draft(&[both, asks, grants]);
    assert_eq!(granted.state, DraftState::NeedsAck);
    assert_eq!(step(&granted, &ack(1)).unwrap().state, DraftState::Ready);
}

#[test]
fn identifiers_and_part_2_are_never_overridden_not_even_beside_another_block() {
    for rule in ["B3", "B10"] {
        let found = verdict(TEXT, &[finding("B1", Decision::Block), finding(rule, Decision::Block)]);
        let blocked = draft(&[found]);
        let asks = Event::OverrideRequested { by: user(1), reason: "please".into() };
        assert_eq!(step(&blocked, &asks), Err(Refused::NotOverridable), "{rule}");
        // Even a row that claims a grant does not help.
        let forged = Draft {
            override_: Some(Override {
                hash: blocked.hash.clone(),
                requested_by: user(1),
                reason: "please".into(),
                granted: Some((user(2), "yes".into())),
            }),
            ..blocked
        };
        assert_eq!(send(&forged, 7, 5), Err(Refused::GuardBlocked), "{rule}");
    }
}

#[test]
fn which_answers_need_a_second_person() {
    let checked = draft(&[verdict(TEXT, &[])]);
    let needing: Vec<Priority> = (0..=12).filter(|&p| send(&checked, p, 5) == Err(Refused::NeedsApproval)).collect();
    assert_eq!(needing, [0, 2, 3, 4, 5, 6]);
    assert!((0..=12).all(|p| send(&checked, p, 1).is_ok()), "an organisation of one has nobody to ask");
    let prepared = Draft { prepared_hash: Some(text_hash(TEXT)), ..checked.clone() };
    assert!((0..=12).all(|p| send(&prepared, p, 5).is_ok()), "a prepared text sent unchanged");
    let changed = Draft { prepared_hash: Some(text_hash("the prepared text")), ..checked.clone() };
    assert_eq!(send(&changed, 2, 5), Err(Refused::NeedsApproval));
    let post = DraftFacts { draft: &checked, priority: None, active_users: 5 };
    assert!(may_send(&post, &Policy::default(), &checked.hash).is_ok());
}

#[test]
fn an_approval_is_by_another_of_the_very_text() {
    let ready = draft(&[verdict(TEXT, &[])]);
    assert_eq!(step(&ready, &approve(2)), Err(Refused::NotSubmitted));
    let waiting = step(&ready, &Event::Submitted).unwrap();
    assert_eq!((waiting.state, send(&waiting, 2, 5)), (DraftState::AwaitingApproval, Err(Refused::NeedsApproval)));
    assert_eq!(step(&waiting, &approve(1)), Err(Refused::OwnDraft));
    let stale = Event::Approved { by: user(2), hash: text_hash("what I saw") };
    assert_eq!(step(&waiting, &stale), Err(Refused::TextChanged));
    let approved = step(&waiting, &approve(2)).unwrap();
    assert_eq!(approved.state, DraftState::Approved);
    assert!(send(&approved, 2, 5).is_ok());
    assert_eq!(step(&waiting, &Event::Rejected { by: user(2) }).unwrap().state, DraftState::Ready);
    assert_eq!(step(&waiting, &Event::Rejected { by: user(1) }), Err(Refused::OwnDraft));
}

#[test]
fn an_edit_after_approval_voids_it_and_makes_the_editor_a_writer() {
    let approved = draft(&[verdict(TEXT, &[]), Event::Submitted, approve(2)]);
    let edited = step(&approved, &Event::Edited { by: user(2), hash: text_hash("other") }).unwrap();
    assert_eq!((edited.approvals.len(), edited.state), (0, DraftState::Writing));
    let waiting = [verdict("other", &[]), Event::Submitted].iter().fold(edited, |d, e| step(&d, e).unwrap());
    let own = Event::Approved { by: user(2), hash: text_hash("other") };
    assert_eq!(step(&waiting, &own), Err(Refused::OwnDraft), "who changed a word is an author of it");
    let same = step(&approved, &Event::Edited { by: user(1), hash: text_hash(TEXT) }).unwrap();
    assert_eq!(same.state, DraftState::Approved, "saving the same text changes nothing");
}

#[test]
fn a_second_check_with_new_findings_voids_what_was_said_about_the_old() {
    let approved = draft(&[verdict(TEXT, &[]), Event::Submitted, approve(2)]);
    assert_eq!(step(&approved, &verdict(TEXT, &[])).unwrap().state, DraftState::Approved);
    let stricter = step(&approved, &blocks("B1")).unwrap();
    assert_eq!((stricter.state, stricter.approvals.len()), (DraftState::Blocked, 0));
}

#[test]
fn captions_leave_with_what_was_warned_of_seen_and_never_with_what_was_stopped() {
    let checked = |decision| Checked {
        verdict: VerdictId::from_bits(1),
        hash: text_hash("Wash your hands."),
        decision,
        findings: vec![],
    };
    let of = |decision, seen| captions(&checked(decision), seen).map(|leaves| leaves.hash().map(str::to_owned));
    let leaves = Ok(Some(text_hash("Wash your hands.")));
    assert_eq!((of(Decision::Allow, false), of(Decision::Warn, true)), (leaves.clone(), leaves));
    assert_eq!(of(Decision::Warn, false), Err(Refused::NeedsAcknowledgement));
    assert_eq!(
        (of(Decision::Block, false), of(Decision::Block, true)),
        (Err(Refused::GuardBlocked), Err(Refused::GuardBlocked))
    );
}

#[test]
fn a_forged_row_does_not_open_the_door() {
    let ready = draft(&[verdict(TEXT, &[])]);
    let forged = Draft { state: DraftState::Approved, ..ready.clone() };
    assert_eq!(send(&forged, 2, 5), Err(Refused::NeedsApproval));
    let own = Draft { approvals: vec![Approval { by: user(1), hash: text_hash(TEXT) }], ..ready.clone() };
    assert_eq!(send(&own, 2, 5), Err(Refused::NeedsApproval));
    let other = Draft { hash: text_hash("other"), ..ready.clone() };
    assert_eq!(queue(&other, &send(&ready, 7, 5).unwrap()), Err(Refused::TextChanged));
    assert_eq!(queue(&ready, &removal(VerdictId::from_bits(9))), Err(Refused::TextChanged));
}

#[test]
fn what_is_in_the_way_is_told_at_once() {
    let warned = draft(&[verdict(TEXT, &[finding("W1", Decision::Warn)])]);
    let all = refusals(&facts(&warned, 2, 5), &Policy::default());
    assert_eq!(all, [Refused::NeedsAcknowledgement, Refused::NeedsApproval]);
    let sent = Draft { state: DraftState::Sent, ..warned.clone() };
    assert_eq!(refusals(&facts(&sent, 2, 5), &Policy::default()), [Refused::AlreadySent]);
    let gone = step(&warned, &Event::Discarded).unwrap();
    assert_eq!(send(&gone, 7, 5), Err(Refused::Discarded));
}

#[test]
fn every_refusal_has_a_code_of_its_own_and_a_sentence() {
    let mut codes: Vec<_> = Refused::ALL.iter().map(Refused::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Refused::ALL.len());
    assert!(Refused::ALL.iter().all(|refused| refused.to_string().ends_with('.')));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn any_event() -> impl Strategy<Value = Event> {
        let who = (1u128..4).prop_map(user);
        let text = proptest::sample::select(&["a", "b"][..]);
        let rule = proptest::sample::select(&["B1", "B3", "W1", "W3"][..]);
        let found = proptest::collection::vec(rule, 0..3).prop_map(|rules| {
            let severity = |rule: &str| if rule.starts_with('B') { Decision::Block } else { Decision::Warn };
            rules.iter().map(|rule| finding(rule, severity(rule))).collect::<Vec<_>>()
        });
        let roles = any::<bool>().prop_map(|is| if is { officer() } else { RoleSet::EMPTY });
        prop_oneof![
            (who.clone(), text.clone()).prop_map(|(by, text)| Event::Edited { by, hash: text_hash(text) }),
            (text.clone(), found).prop_map(|(text, found)| verdict(text, &found)),
            (0usize..3, who.clone()).prop_map(|(finding, by)| Event::Acknowledged {
                findings: vec![finding],
                by,
                reason: "r".into()
            }),
            who.clone().prop_map(|by| Event::OverrideRequested { by, reason: "r".into() }),
            (who.clone(), roles).prop_map(|(by, roles)| Event::OverrideGranted { by, roles, reason: "r".into() }),
            Just(Event::Submitted),
            (who.clone(), text).prop_map(|(by, text)| Event::Approved { by, hash: text_hash(text) }),
            who.prop_map(|by| Event::Rejected { by }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
        #[test]
        fn what_may_leave_was_judged_and_seen_by_another(events in proptest::collection::vec(any_event(), 0..30)) {
            let mut draft = Draft::new(DraftKind::Reply, user(1), text_hash("a"));
            for event in &events {
                if let Ok(next) = step(&draft, event) {
                    draft = next;
                }
                let Ok(sendable) = send(&draft, 2, 3) else { continue };
                prop_assert_eq!(sendable.hash(), Some(draft.hash.as_str()));
                let checked = draft.verdict().unwrap();
                prop_assert!(checked.findings.iter().all(|f| f.rule != "B3"));
                let another = |by: &UserId| !draft.written_by.contains(by);
                prop_assert!(draft.approvals.iter().any(|a| a.hash == draft.hash && another(&a.by)));
                if checked.decision == Decision::Block {
                    let granted = draft.override_.as_ref().and_then(|o| o.granted.as_ref()).unwrap();
                    prop_assert!(another(&granted.0));
                }
            }
        }
    }
}
