//! What becomes of one thing that leaves, whatever happens on the way.

use super::*;

fn t(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn reply() -> Item {
    Item::new(OutboxKind::Reply, t(0))
}

fn at(item: &Item, event: Event, second: i64) -> Item {
    step(item, &event, Some(7), t(second)).unwrap_or_else(|refused| panic!("{event:?} at {second}: {refused}"))
}

fn claimed(item: &Item, second: i64) -> Item {
    at(item, Event::Claimed { lease_until: t(second + 60) }, second)
}

#[test]
fn delivered_at_the_first_attempt() {
    let sending = claimed(&reply(), 1);
    assert_eq!((sending.state, sending.attempts, sending.lease_until), (OutboxState::Sending, 1, Some(t(61))));
    assert_eq!(step(&sending, &Event::Claimed { lease_until: t(99) }, None, t(2)), Err(Refused::LeaseHeld));
    let delivered = at(&sending, Event::Outcome(Outcome::Delivered), 2);
    assert_eq!((delivered.state, delivered.needs_human), (OutboxState::Delivered, false));
    assert_eq!(step(&delivered, &Event::Claimed { lease_until: t(99) }, None, t(3)), Err(Refused::Final));
}

#[test]
fn what_was_provably_not_accepted_is_tried_again_until_it_is_dead() {
    let mut item = reply();
    for attempt in 1..=MAX_ATTEMPTS {
        item = claimed(&item, i64::from(attempt) * 100);
        item = at(&item, Event::Outcome(Outcome::Retry { at: t(i64::from(attempt) * 100 + 50) }), 1);
    }
    assert_eq!((item.state, item.attempts, item.needs_human), (OutboxState::Dead, MAX_ATTEMPTS, true));
    let refused = at(&claimed(&reply(), 0), Event::Outcome(Outcome::Dead), 1);
    assert_eq!((refused.state, refused.needs_human), (OutboxState::Dead, true));
    let waiting = at(&claimed(&reply(), 0), Event::Outcome(Outcome::Retry { at: t(50) }), 1);
    assert_eq!(step(&waiting, &Event::Claimed { lease_until: t(99) }, None, t(49)), Err(Refused::NotDue));
}

#[test]
fn what_is_stopped_as_it_leaves_waits_for_a_person_and_cannot_have_arrived() {
    let stopped = at(&claimed(&reply(), 1), Event::Outcome(Outcome::Stopped), 2);
    assert_eq!((stopped.state, stopped.needs_human, stopped.next_at), (OutboxState::Stopped, true, None));
    let decide = |decision| step(&stopped, &Event::Decided(decision), Some(7), t(9));
    assert_eq!(decide(Decision::MarkDelivered), Err(Refused::NothingToDecide));
    assert_eq!(decide(Decision::GiveUp).map(|item| item.state), Ok(OutboxState::Cancelled));
    let again = at(&stopped, Event::Decided(Decision::SendAgain), 9);
    assert_eq!((again.state, again.next_at, again.needs_human), (OutboxState::Pending, Some(t(9)), false));
    assert_eq!(step(&stopped, &Event::Released, Some(7), t(9)), Err(Refused::NotHeld), "no restore held it");
}

#[test]
fn waiting_for_the_network_is_no_failed_attempt_and_ends_when_it_is_too_late() {
    let mut item = Item::new(OutboxKind::Post, t(0));
    for minute in 0..60 {
        item = claimed(&item, minute * 60);
        item = at(&item, Event::Outcome(Outcome::Waiting { at: t(minute * 60 + 60) }), minute * 60 + 1);
        assert_eq!((item.state, item.attempts, item.next_at), (OutboxState::Pending, 0, Some(t(minute * 60 + 60))));
    }
    assert_eq!(at(&item, Event::TooLate, 3_601).state, OutboxState::Missed);
    // A worker whose lease ran out does not know whether it still waits.
    let unknown = at(&claimed(&reply(), 0), Event::LeaseExpired, 60);
    let late = Event::Outcome(Outcome::Waiting { at: t(80) });
    assert_eq!(step(&unknown, &late, None, t(70)), Err(Refused::NotSending));
}

#[test]
fn a_worker_that_dies_leaves_an_unknown_never_a_pending() {
    let sending = claimed(&reply(), 0);
    assert_eq!(step(&sending, &Event::LeaseExpired, None, t(59)), Err(Refused::LeaseHeld));
    let unknown = at(&sending, Event::LeaseExpired, 60);
    assert_eq!(unknown.state, OutboxState::Unknown);
    assert_eq!(step(&unknown, &Event::Claimed { lease_until: t(999) }, None, t(500)), Err(Refused::NotPending));
    // The worker was only slow: what it knows settles it, what it does not know changes nothing.
    assert_eq!(at(&unknown, Event::Outcome(Outcome::Delivered), 70).state, OutboxState::Delivered);
    let late_retry = Event::Outcome(Outcome::Retry { at: t(80) });
    assert_eq!(step(&unknown, &late_retry, None, t(70)), Err(Refused::NotSending));
}

#[test]
fn an_unknown_is_sent_again_only_when_two_settled_looks_did_not_find_it() {
    let unknown = at(&claimed(&reply(), 0), Event::Outcome(Outcome::Unknown), 30);
    assert_eq!(unknown.next_at, Some(t(90)));
    let not_there = Event::Reconciled(ReadBack::NotThere);
    let too_early = at(&unknown, not_there, 40);
    assert_eq!((too_early.absent_since, too_early.next_at), (None, Some(t(90))), "it may still appear");
    let once = at(&too_early, not_there, 90);
    assert_eq!((once.state, once.absent_since, once.next_at), (OutboxState::Unknown, Some(t(90)), Some(t(180))));
    let hasty = at(&once, not_there, 100);
    assert_eq!((hasty.state, hasty.absent_since), (OutboxState::Unknown, Some(t(90))));
    let again = at(&hasty, not_there, 180);
    assert_eq!((again.state, again.absent_since), (OutboxState::Pending, None));
    let found = at(&once, Event::Reconciled(ReadBack::Found), 180);
    assert_eq!(found.state, OutboxState::Delivered);
}

#[test]
fn where_nobody_can_tell_a_person_decides() {
    let unknown = at(&claimed(&reply(), 0), Event::Outcome(Outcome::Unknown), 30);
    let asks = at(&unknown, Event::Reconciled(ReadBack::CannotTell), 100);
    assert_eq!((asks.state, asks.needs_human, asks.next_at), (OutboxState::Unknown, true, None));
    let decide = |decision| at(&asks, Event::Decided(decision), 200);
    assert_eq!(decide(Decision::MarkDelivered).state, OutboxState::Delivered);
    assert_eq!(decide(Decision::GiveUp).state, OutboxState::Cancelled);
    let again = decide(Decision::SendAgain);
    assert_eq!(
        (again.state, again.attempts, again.due_at, again.needs_human),
        (OutboxState::Pending, 0, t(200), false)
    );
}

#[test]
fn what_may_be_repeated_is() {
    for &kind in OutboxKind::ALL {
        let unknown = at(&claimed(&Item::new(kind, t(0)), 0), Event::Outcome(Outcome::Unknown), 30);
        let next = at(&unknown, Event::Reconciled(ReadBack::CannotTell), 90);
        let expected = match kind {
            OutboxKind::Reply | OutboxKind::Post => OutboxState::Unknown,
            OutboxKind::Edit
            | OutboxKind::Delete
            | OutboxKind::Hide
            | OutboxKind::Approve
            | OutboxKind::Remove
            | OutboxKind::Spam
            | OutboxKind::Caption
            | OutboxKind::AlertEmail
            | OutboxKind::AlertWebhook => OutboxState::Pending,
        };
        assert_eq!(next.state, expected, "{kind}");
    }
}

#[test]
fn what_is_too_late_asks_a_person() {
    const HOUR: i64 = 3600;
    let item = reply();
    let claim = Event::Claimed { lease_until: t(100 * HOUR) };
    assert!(step(&item, &claim, Some(2), t(HOUR)).is_ok());
    assert_eq!(step(&item, &claim, Some(2), t(HOUR + 1)), Err(Refused::TooLate));
    assert!(step(&item, &claim, Some(7), t(HOUR + 1)).is_ok(), "a complaint can wait longer than a crisis");
    let missed = step(&item, &Event::TooLate, Some(2), t(HOUR + 1)).unwrap();
    assert_eq!((missed.state, missed.needs_human), (OutboxState::Missed, true));
    assert_eq!(step(&item, &Event::TooLate, Some(2), t(1)), Err(Refused::NotDue));
    let again = step(&missed, &Event::Decided(Decision::SendAgain), Some(2), t(2 * HOUR)).unwrap();
    assert!(step(&again, &claim, Some(2), t(2 * HOUR)).is_ok(), "lateness counts from the decision");
}

#[test]
fn after_a_restore_nothing_leaves_until_a_person_releases_it() {
    let held = at(&reply(), Event::Hold, 0);
    assert_eq!(step(&held, &Event::Claimed { lease_until: t(99) }, None, t(1)), Err(Refused::NotPending));
    assert_eq!(at(&held, Event::Released, 10).state, OutboxState::Pending);
    let on_its_way = at(&claimed(&reply(), 0), Event::Hold, 5);
    assert_eq!((on_its_way.state, on_its_way.needs_human), (OutboxState::Unknown, true));
    assert_eq!(step(&reply(), &Event::Released, None, t(0)), Err(Refused::NotHeld));
    assert_eq!(at(&held, Event::Decided(Decision::GiveUp), 1).state, OutboxState::Cancelled);
}

#[test]
fn back_off_doubles_to_half_an_hour_and_a_retry_after_is_a_floor() {
    let wait =
        |attempt, retry_after, jitter| retry_at(attempt, t(0), retry_after, jitter).duration_since(t(0)).as_millis();
    let whole: Vec<_> = (1..=11).map(|attempt| wait(attempt, None, 0.0) / 1000).collect();
    assert_eq!(whole, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800]);
    assert_eq!(wait(1, None, 1.0), 2500, "jitter takes up to half away");
    let two_minutes = Some(SignedDuration::from_secs(120));
    assert_eq!(wait(1, two_minutes, 0.0), 120_000);
    assert_eq!(wait(1, two_minutes, 1.0), 132_000);
    assert_eq!(wait(9, two_minutes, 0.0), 1_280_000, "a short Retry-After does not shorten the back-off");
    let absurd = Some(SignedDuration::from_hours(24 * 365));
    assert_eq!(wait(1, absurd, 0.0), 24 * 3600 * 1000);
    assert_eq!(wait(u32::MAX, None, f64::NAN), 1_800_000);
}

#[test]
fn an_account_is_spoken_to_as_often_as_it_allows() {
    let mut bucket = Bucket::full(2, 60, t(0));
    bucket = bucket.take(t(0)).unwrap();
    bucket = bucket.take(t(0)).unwrap();
    let when = bucket.take(t(0)).unwrap_err();
    assert!(when > t(0) && when.duration_since(t(1)) < SignedDuration::from_millis(10), "one a second comes back");
    assert!(bucket.take(when).is_ok());
    assert_eq!(bucket.take(t(-100)).unwrap_err(), when, "a clock that runs backwards gives nothing");
    assert!((bucket.take(t(1000)).unwrap().tokens - 1.0).abs() < 1e-9, "never more than the bucket holds");
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn any_event() -> impl Strategy<Value = Event> {
        prop_oneof![
            4 => Just(Event::Claimed { lease_until: t(0) }),
            2 => Just(Event::LeaseExpired),
            1 => Just(Event::Outcome(Outcome::Delivered)),
            1 => Just(Event::Outcome(Outcome::Retry { at: t(0) })),
            2 => Just(Event::Outcome(Outcome::Unknown)),
            1 => Just(Event::Outcome(Outcome::Waiting { at: t(0) })),
            1 => Just(Event::Outcome(Outcome::Dead)),
            1 => Just(Event::Reconciled(ReadBack::Found)),
            3 => Just(Event::Reconciled(ReadBack::NotThere)),
            1 => Just(Event::Reconciled(ReadBack::CannotTell)),
            1 => Just(Event::TooLate),
            1 => Just(Event::Hold),
            1 => Just(Event::Released),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
        /// A network that accepts on the first attempt and whose answers are lost. Whatever the
        /// workers live through, it is never sent a second time without a person, as long as
        /// read-backs tell the truth once the network has settled.
        #[test]
        fn what_was_accepted_is_never_sent_again(
            events in proptest::collection::vec((any_event(), 1i64..400), 1..40),
        ) {
            let mut item = reply();
            let mut now = 0;
            let mut sent = 0;
            for (event, seconds) in events {
                now += seconds;
                let event = match event {
                    Event::Claimed { .. } => Event::Claimed { lease_until: t(now + 60) },
                    // The network accepted, so nothing proves the contrary, and once settled it shows.
                    Event::Outcome(Outcome::Retry { .. } | Outcome::Waiting { .. } | Outcome::Dead) => Event::Outcome(Outcome::Unknown),
                    Event::Reconciled(ReadBack::NotThere)
                        if item.attempted_at.is_some_and(|began| t(now) >= began + SETTLE) =>
                    {
                        Event::Reconciled(ReadBack::Found)
                    }
                    other => other,
                };
                if let Ok(next) = step(&item, &event, Some(7), t(now)) {
                    sent += u32::from(matches!(event, Event::Claimed { .. }));
                    item = next;
                }
                prop_assert!(sent <= 1);
                prop_assert_eq!(item.lease_until.is_some(), item.state == OutboxState::Sending);
            }
        }

        #[test]
        fn a_retry_is_later_and_never_sooner_than_asked(
            attempt in 0u32..40,
            asked in proptest::option::of(0i64..100_000),
            jitter in -0.5f64..1.5,
        ) {
            let asked = asked.map(SignedDuration::from_secs);
            let at = retry_at(attempt, t(0), asked, jitter);
            prop_assert!(at > t(0));
            prop_assert!(asked.is_none_or(|asked| at >= t(0) + asked.min(SignedDuration::from_hours(24))));
        }

        #[test]
        fn in_any_hour_no_more_leaves_than_the_bucket_and_an_hour_of_refill(
            gaps in proptest::collection::vec(0i64..20, 1..400),
        ) {
            let mut bucket = Bucket::full(5, 10, t(0));
            let mut now = 0;
            let mut taken = 0;
            for gap in gaps {
                now += gap;
                match bucket.take(t(now)) {
                    Ok(next) => {
                        bucket = next;
                        taken += 1;
                    }
                    Err(when) => prop_assert!(bucket.take(when).is_ok(), "the time that was named is right"),
                }
            }
            prop_assert!(taken <= 5 + now * 10 / 60);
        }
    }
}
