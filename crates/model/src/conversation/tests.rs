//! The life of a conversation, told in stories.

use jiff::SignedDuration;

use super::*;
use crate::CaseId;
use crate::case::OwnerRole;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn t(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap() + MINUTE * i32::try_from(minute).unwrap()
}

fn msg(n: u128) -> MessageId {
    MessageId::from_bits(n)
}

/// A message that comes at minute `at` and is due ten minutes later.
fn comes(n: u128, priority: Priority, at: i64) -> Event {
    Event::MessageIn { message: msg(n), priority, at: t(at), due: Some(t(at + 10)) }
}

fn story(events: &[Event]) -> (Conversation, Vec<Effect>) {
    let mut conversation = Conversation::new();
    let mut last = vec![];
    for event in events {
        (conversation, last) = step(&conversation, event).unwrap_or_else(|refused| panic!("{event:?}: {refused}"));
    }
    (conversation, last)
}

fn alerts(effects: &[Effect]) -> Vec<AlertClass> {
    effects.iter().filter_map(|e| if let Effect::RaiseAlert { class } = e { Some(*class) } else { None }).collect()
}

const ANSWERED: Event = Event::Resolve { outcome: Outcome::AnsweredHere, has_reason: false, bulk: false };
const NO_ACTION: Event = Event::Resolve { outcome: Outcome::NoAction, has_reason: true, bulk: false };

#[test]
fn the_worst_unanswered_message_ranks_and_the_earliest_due_counts() {
    let (thread, _) = story(&[comes(1, 11, 0), comes(2, 7, 1), comes(3, 8, 2)]);
    assert_eq!((thread.priority, thread.due_at, thread.waiting.len()), (7, Some(t(10)), 3));
    // Our reply answers what had come when it was sent off, not what came meanwhile.
    let (thread, effects) =
        story(&[comes(1, 11, 0), comes(2, 7, 1), comes(3, 8, 2), Event::OwnReplyDelivered { answers_until: t(1) }]);
    assert_eq!((thread.priority, thread.due_at, thread.waiting.len()), (8, Some(t(12)), 1));
    assert!(effects.contains(&Effect::StartClock { due: t(12) }));
}

#[test]
fn the_clock_stops_with_the_answer_and_starts_with_a_new_message_after_resolving() {
    let reply = Event::StaffReplySeen { answers_until: t(5) };
    let (thread, effects) = story(&[comes(1, 7, 0), reply.clone()]);
    assert_eq!((thread.due_at, effects.contains(&Effect::StopClock)), (None, true));
    let (thread, effects) = story(&[comes(1, 7, 0), reply, ANSWERED, comes(2, 7, 60)]);
    assert_eq!((thread.state, thread.due_at, thread.outcome), (State::Open, Some(t(70)), None));
    assert!(effects.contains(&Effect::Timeline { kind: TimelineKind::Reopened }));
    assert!(!thread.answered, "an answer from before does not resolve what came after");
    assert_eq!(step(&thread, &ANSWERED), Err(Refused::NothingAnsweredYet));
}

#[test]
fn resolving_takes_an_outcome_that_is_true() {
    let (thread, _) = story(&[comes(1, 7, 0)]);
    let resolve = |outcome, has_reason| step(&thread, &Event::Resolve { outcome, has_reason, bulk: false });
    assert_eq!(resolve(Outcome::AnsweredHere, true), Err(Refused::NothingAnsweredYet));
    assert_eq!(resolve(Outcome::MovedOffline, false), Err(Refused::OutcomeNeedsReason));
    assert_eq!(resolve(Outcome::NoAction, false), Err(Refused::OutcomeNeedsReason));
    let (resolved, effects) = resolve(Outcome::MovedOffline, true).unwrap();
    assert_eq!((resolved.state, resolved.due_at), (State::Resolved, None), "the clock does not run after resolving");
    assert!(effects.contains(&Effect::StopClock));
    assert_eq!(step(&resolved, &NO_ACTION), Err(Refused::AlreadyResolved));
}

#[test]
fn a_crisis_alerts_is_never_snoozed_nor_resolved_in_bulk() {
    for (priority, class) in [(0, AlertClass::Crisis), (1, AlertClass::Emergency), (2, AlertClass::Crisis)] {
        let (thread, effects) = story(&[comes(1, priority, 0)]);
        assert_eq!(alerts(&effects), [class]);
        assert_eq!(effects.contains(&Effect::PausePromotions), class == AlertClass::Crisis);
        let snooze = Event::Snooze { until: t(60), now: t(1) };
        assert_eq!(step(&thread, &snooze), Err(Refused::TooUrgentToSnooze));
        let bulk = Event::Resolve { outcome: Outcome::NoAction, has_reason: true, bulk: true };
        assert_eq!(step(&thread, &bulk), Err(Refused::NotInBulk));
        let (resolved, effects) = step(&thread, &NO_ACTION).unwrap();
        assert_eq!(resolved.state, State::Resolved);
        assert_eq!(effects.iter().filter(|e| **e == Effect::CloseAlerts).count(), 1);
    }
    let (thread, effects) = story(&[comes(1, 3, 0)]);
    assert_eq!(alerts(&effects), []);
    assert!(step(&thread, &Event::Snooze { until: t(60), now: t(1) }).is_ok());
}

#[test]
fn a_snoozed_conversation_comes_back_by_time_by_a_message_and_by_danger() {
    let snooze = Event::Snooze { until: t(60), now: t(1) };
    let (thread, _) = story(&[comes(1, 8, 0), snooze.clone()]);
    assert_eq!((thread.state, thread.snoozed_until), (State::Snoozed, Some(t(60))));
    assert_eq!(thread.due_at, Some(t(10)), "a snooze does not stop the clock");
    for wakes in [Event::Wake, comes(2, 12, 5)] {
        let (awake, effects) = step(&thread, &wakes).unwrap();
        assert_eq!((awake.state, awake.snoozed_until), (State::Open, None));
        assert!(effects.contains(&Effect::Timeline { kind: TimelineKind::Woken }));
    }
    let danger = Event::PriorityChanged { message: msg(1), was: 8, priority: 2, at: t(1), due: Some(t(11)) };
    let (awake, effects) = step(&thread, &danger).unwrap();
    assert_eq!((awake.state, alerts(&effects)), (State::Open, vec![AlertClass::Crisis]));
    assert_eq!(step(&awake, &Event::Wake), Err(Refused::NotSnoozed));
    let past = Event::Snooze { until: t(1), now: t(1) };
    assert_eq!(step(&story(&[comes(1, 8, 0)]).0, &past), Err(Refused::SnoozeInThePast));
}

#[test]
fn somebody_in_danger_who_deletes_or_softens_the_message_is_still_in_danger() {
    let (crisis, _) = story(&[comes(1, 2, 0)]);
    let (deleted, effects) = step(&crisis, &Event::MessageDeleted { message: msg(1) }).unwrap();
    assert_eq!((deleted.priority, deleted.waiting.len(), deleted.due_at), (2, 1, Some(t(10))));
    assert!(!effects.contains(&Effect::CloseAlerts));
    let soft = Event::MessageEdited { message: msg(1), was: 2, priority: 11, at: t(3), due: None };
    let (softened, _) = step(&crisis, &soft).unwrap();
    assert_eq!((softened.priority, softened.due_at), (2, Some(t(10))));
    // A person may lower it, and with it the alert is over.
    let lowered = Event::PriorityChanged { message: msg(1), was: 2, priority: 7, at: t(3), due: Some(t(130)) };
    let (lowered, effects) = step(&crisis, &lowered).unwrap();
    assert_eq!((lowered.priority, lowered.due_at), (7, Some(t(130))));
    assert!(effects.contains(&Effect::CloseAlerts));
    // A complaint that is deleted no longer waits.
    let (complaint, _) = story(&[comes(1, 7, 0), Event::MessageDeleted { message: msg(1) }]);
    assert_eq!((complaint.waiting.len(), complaint.due_at), (0, None));
}

#[test]
fn an_edit_that_worsens_is_seen_even_after_the_answer() {
    let worse = Event::MessageEdited { message: msg(1), was: 7, priority: 2, at: t(30), due: Some(t(40)) };
    let (thread, effects) = story(&[comes(1, 7, 0), worse.clone()]);
    assert_eq!((thread.priority, thread.due_at), (2, Some(t(10))), "an edit does not buy time");
    assert_eq!(alerts(&effects), [AlertClass::Crisis]);
    let reply = Event::OwnReplyDelivered { answers_until: t(5) };
    let (thread, effects) = story(&[comes(1, 7, 0), reply.clone(), ANSWERED, worse]);
    assert_eq!((thread.state, thread.priority, thread.due_at), (State::Open, 2, Some(t(40))));
    assert_eq!(alerts(&effects), [AlertClass::Crisis]);
    let typo = Event::MessageEdited { message: msg(1), was: 7, priority: 7, at: t(30), due: Some(t(40)) };
    let (thread, _) = story(&[comes(1, 7, 0), reply, ANSWERED, typo]);
    assert_eq!((thread.state, thread.waiting.len()), (State::Resolved, 0), "a corrected typo asks nobody");
}

#[test]
fn an_urgent_clock_past_due_alerts_once_and_a_question_never() {
    let (safety, effects) = story(&[comes(1, 3, 0), Event::ClockRanOut { now: t(10) }]);
    assert_eq!(alerts(&effects), [AlertClass::PastDue]);
    let (again, effects) = step(&safety, &Event::ClockRanOut { now: t(11) }).unwrap();
    assert_eq!((alerts(&effects), &again), (vec![], &safety));
    let (_, effects) = story(&[comes(1, 3, 0), Event::ClockRanOut { now: t(9) }]);
    assert_eq!(alerts(&effects), [], "not before its time");
    let (_, effects) = story(&[comes(1, 8, 0), Event::ClockRanOut { now: t(100) }]);
    assert_eq!(alerts(&effects), []);
    let (answered, effects) = step(&safety, &Event::OwnReplyDelivered { answers_until: t(12) }).unwrap();
    assert!(effects.contains(&Effect::CloseAlerts) && !answered.past_due_alerted);
}

#[test]
fn the_same_message_again_changes_nothing_but_the_timeline() {
    let (once, _) = story(&[comes(1, 7, 0)]);
    let (twice, effects) = step(&once, &comes(1, 7, 0)).unwrap();
    assert_eq!(once, twice);
    assert_eq!(effects, [Effect::Timeline { kind: TimelineKind::MessageReceived }]);
}

#[test]
fn assigning_noting_and_handing_over_leave_their_marks() {
    let nurse = UserId::from_bits(9);
    let (thread, _) = story(&[comes(1, 7, 0), Event::Assign { user: nurse.clone() }, Event::Note]);
    assert_eq!(thread.assigned_to, Some(nurse));
    let hand_over = Event::HandOver { case: CaseId::from_bits(1), owner: OwnerRole::PatientRelations };
    let (handed, effects) = step(&thread, &hand_over).unwrap();
    assert_eq!((handed.state, handed.due_at), (State::Open, Some(t(10))), "handing over answers nobody");
    assert_eq!(effects, [Effect::Timeline { kind: TimelineKind::HandedOver }]);
    let (free, _) = step(&thread, &Event::Unassign).unwrap();
    assert_eq!(step(&free, &Event::Unassign), Err(Refused::NotAssigned));
    let (resolved, _) = step(&thread, &NO_ACTION).unwrap();
    assert_eq!(step(&resolved, &hand_over), Err(Refused::AlreadyResolved));
    assert_eq!(step(&free, &Event::Reopen), Err(Refused::NotResolved));
    assert_eq!(step(&resolved, &Event::Reopen).unwrap().0.state, State::Open);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn any_event() -> impl Strategy<Value = Event> {
        let message = (1u128..6).prop_map(msg);
        prop_oneof![
            4 => (1u128..6, 0u8..13, 0i64..50).prop_map(|(n, p, at)| comes(n, p, at)),
            1 => (message.clone(), 0u8..13, 0u8..13, 0i64..50).prop_map(|(message, was, priority, at)| {
                Event::MessageEdited { message, was, priority, at: t(at), due: Some(t(at + 10)) }
            }),
            1 => message.clone().prop_map(|message| Event::MessageDeleted { message }),
            1 => (0i64..60).prop_map(|at| Event::OwnReplyDelivered { answers_until: t(at) }),
            1 => (0i64..60).prop_map(|at| Event::StaffReplySeen { answers_until: t(at) }),
            1 => (0i64..60, 0i64..60).prop_map(|(until, now)| Event::Snooze { until: t(until), now: t(now) }),
            1 => Just(Event::Wake),
            1 => (any::<bool>(), any::<bool>(), 0usize..3).prop_map(|(has_reason, bulk, outcome)| {
                Event::Resolve { outcome: Outcome::ALL[outcome], has_reason, bulk }
            }),
            1 => Just(Event::Reopen),
            1 => (message, 0u8..13, 0u8..13).prop_map(|(message, was, priority)| {
                Event::PriorityChanged { message, was, priority, at: t(50), due: Some(t(99)) }
            }),
            1 => (0i64..90).prop_map(|now| Event::ClockRanOut { now: t(now) }),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_the_invariants_hold(events in proptest::collection::vec(any_event(), 0..40)) {
            let mut conversation = Conversation::new();
            for event in &events {
                let before = conversation.clone();
                let result = step(&conversation, event);
                let from_the_network = matches!(
                    event,
                    Event::MessageIn { .. } | Event::MessageEdited { .. } | Event::MessageDeleted { .. }
                        | Event::OwnReplyDelivered { .. } | Event::StaffReplySeen { .. } | Event::ClockRanOut { .. }
                );
                prop_assert!(result.is_ok() || !from_the_network, "what comes from the network is never refused");
                let Ok((next, effects)) = result else { continue };
                if let Some(worst) = next.waiting.iter().map(|w| w.priority).min() {
                    prop_assert_eq!(next.priority, worst);
                }
                prop_assert!(next.state != State::Snoozed || !next.is_urgent(), "nothing urgent is hidden");
                prop_assert_eq!(next.snoozed_until.is_some(), next.state == State::Snoozed);
                prop_assert_eq!(next.outcome.is_some(), next.state == State::Resolved);
                prop_assert!(next.state != State::Resolved || next.waiting.is_empty(), "nobody waits behind a resolved one");
                prop_assert_eq!(next.due_at, next.waiting.iter().filter_map(|w| w.due).min());
                let clock_moved = effects.iter().any(|e| matches!(e, Effect::StartClock { .. } | Effect::StopClock));
                prop_assert_eq!(clock_moved, next.due_at != before.due_at, "each clock change is an effect");
                conversation = next;
            }
        }
    }
}

#[test]
fn a_person_who_sees_danger_in_an_answered_message_brings_it_back() {
    let reply = Event::OwnReplyDelivered { answers_until: t(5) };
    let (answered, _) = story(&[comes(1, 7, 0), reply, ANSWERED]);
    let danger = Event::PriorityChanged { message: msg(1), was: 7, priority: 2, at: t(30), due: Some(t(40)) };
    let (back, effects) = step(&answered, &danger).unwrap();
    assert_eq!((back.state, back.priority, back.due_at), (State::Open, 2, Some(t(40))));
    assert_eq!(alerts(&effects), [AlertClass::Crisis]);
    // What is no danger stays answered; nothing waits there that could be lowered; and raising buys no time.
    let complaint = Event::PriorityChanged { message: msg(1), was: 11, priority: 7, at: t(30), due: Some(t(90)) };
    assert_eq!(step(&answered, &complaint), Err(Refused::NotWaiting));
    let milder = Event::PriorityChanged { message: msg(1), was: 7, priority: 11, at: t(30), due: None };
    assert_eq!(step(&answered, &milder), Err(Refused::NotWaiting));
    let late = Event::PriorityChanged { message: msg(1), was: 7, priority: 2, at: t(3), due: Some(t(90)) };
    let (raised, _) = step(&story(&[comes(1, 7, 0)]).0, &late).unwrap();
    assert_eq!((raised.priority, raised.due_at), (2, Some(t(10))));
}
