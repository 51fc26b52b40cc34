//! The chain, told minute by minute.

use super::*;

const BOTH: [Channel; 2] = [Channel::Email, Channel::Browser];

fn t(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + 60 * minute).unwrap()
}

fn user(n: u128) -> UserId {
    UserId::from_bits(n)
}

fn rota(length: u128) -> Rota {
    Rota((1..=length).map(|n| RotaStep { user_id: user(n), channels: BOTH.to_vec() }).collect())
}

fn raised() -> Alert {
    Alert::raise(AlertId::from_bits(1), AlertClass::Crisis, About::Conversation(ConversationId::from_bits(2)), t(0))
}

fn told(effects: &[AlertEffect]) -> Vec<UserId> {
    let mut users: Vec<UserId> = effects
        .iter()
        .filter_map(|effect| match effect {
            AlertEffect::Tell { user_id, .. } => Some(user_id.clone()),
            AlertEffect::Exhausted | AlertEffect::NobodyOnCall => None,
        })
        .collect();
    users.dedup();
    users
}

#[test]
fn each_has_ten_minutes_and_after_the_last_the_chain_starts_again() {
    let rota = rota(2);
    let mut alert = raised();
    let mut log = vec![];
    for minute in 0..=40 {
        let (next, effects) = step(&alert, &rota, &BOTH, ESCALATE_AFTER, t(minute));
        if !effects.is_empty() {
            let exhausted = effects.contains(&AlertEffect::Exhausted);
            log.push((minute, told(&effects), next.state, exhausted));
        }
        alert = next;
    }
    let expected = [
        (0, vec![user(1)], AlertState::Raised, false),
        (10, vec![user(2)], AlertState::Escalated, false),
        (20, vec![user(1)], AlertState::Escalated, true),
        (30, vec![user(2)], AlertState::Escalated, false),
        (40, vec![user(1)], AlertState::Escalated, false),
    ];
    assert_eq!(log, expected);
    assert!(alert.exhausted);
}

#[test]
fn an_acknowledgement_ends_it_and_is_kept() {
    let (alert, _) = step(&raised(), &rota(2), &BOTH, ESCALATE_AFTER, t(0));
    let acknowledged = alert.acknowledge(user(1), t(4)).unwrap();
    assert_eq!((acknowledged.acknowledged_by.clone(), acknowledged.acknowledged_at), (Some(user(1)), Some(t(4))));
    let (same, effects) = step(&acknowledged, &rota(2), &BOTH, ESCALATE_AFTER, t(100));
    assert_eq!((same, effects), (acknowledged.clone(), vec![]));
    assert_eq!(acknowledged.acknowledge(user(2), t(5)), Err(Refused::AlreadyAcknowledged));
    assert_eq!(acknowledged.close().state, AlertState::Acknowledged, "who was there stays on record");
    assert_eq!(alert.close().acknowledge(user(1), t(5)), Err(Refused::Over));
    assert_eq!(step(&alert.close(), &rota(2), &BOTH, ESCALATE_AFTER, t(100)).1, vec![]);
}

#[test]
fn everybody_is_told_over_two_channels_where_two_are_set_up() {
    use Channel::{Browser, Email, Webhook};
    let table = [
        (vec![Email, Webhook], vec![Email, Webhook, Browser], vec![Email, Webhook]),
        (vec![Browser], vec![Email, Webhook, Browser], vec![Browser, Email]),
        (vec![Webhook, Browser], vec![Email, Browser], vec![Browser, Email]),
        (vec![Email, Webhook, Browser], vec![Email, Webhook, Browser], vec![Email, Webhook, Browser]),
        (vec![], vec![Browser], vec![Browser]),
        (vec![Email, Email], vec![Email], vec![Email]),
    ];
    for (channels, configured, expected) in table {
        let step = RotaStep { user_id: user(1), channels: channels.clone() };
        assert_eq!(channels_for(&step, &configured), expected, "{channels:?} of {configured:?}");
    }
}

#[test]
fn an_empty_chain_is_itself_an_alarm() {
    let (alert, effects) = step(&raised(), &Rota::default(), &BOTH, ESCALATE_AFTER, t(0));
    assert_eq!((alert.exhausted, effects), (true, vec![AlertEffect::NobodyOnCall]));
    // Once somebody is put on the rota, they are told at the next step.
    let (alert, effects) = step(&alert, &rota(1), &BOTH, ESCALATE_AFTER, t(10));
    assert_eq!((told(&effects), alert.state), (vec![user(1)], AlertState::Raised));
}

#[test]
fn after_a_long_silence_one_is_told_and_the_next_has_full_time() {
    let (alert, _) = step(&raised(), &rota(3), &BOTH, ESCALATE_AFTER, t(0));
    let (alert, effects) = step(&alert, &rota(3), &BOTH, ESCALATE_AFTER, t(500));
    assert_eq!((told(&effects), alert.next_at), (vec![user(2)], Some(t(510))));
}

#[test]
fn what_leaves_is_class_time_and_link() {
    let json = serde_json::to_value(Payload::new(&raised(), "https://bedside.example.org/")).unwrap();
    let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["at", "class", "link"]);
    assert_eq!(json["link"], format!("https://bedside.example.org/inbox/{}", ConversationId::from_bits(2)));
    let post = Alert { about: About::Post(DraftId::from_bits(3)), ..raised() };
    let link = Payload::new(&post, "https://bedside.example.org").link;
    assert_eq!(link, format!("https://bedside.example.org/publish/{}", DraftId::from_bits(3)));
}

#[test]
fn only_crisis_and_emergency_alert_when_they_come() {
    let classes: Vec<_> = (0..=12).filter_map(AlertClass::of_priority).collect();
    assert_eq!(classes, [AlertClass::Crisis, AlertClass::Emergency, AlertClass::Crisis]);
}
