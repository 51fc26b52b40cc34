//! What a log tells about those who changed it.

use super::*;

fn entry(height: u64, action: &str) -> ChainEntry {
    ChainEntry {
        org: OrgId::from_bits(1),
        height,
        at: 1_000 + height.cast_signed(),
        actor_kind: "user".into(),
        actor_id: Some("usr_1".into()),
        action: action.into(),
        object: "cnv_1".into(),
        detail: BTreeMap::from([("reason".into(), "moved".into())]),
    }
}

fn chain() -> Vec<(ChainEntry, [u8; 32])> {
    let mut last = [0; 32];
    (1..=4)
        .map(|height| {
            let entry = entry(height, "conversation.resolved");
            last = hash(&last, &entry);
            (entry, last)
        })
        .collect()
}

fn chain_only(chain: &[(ChainEntry, [u8; 32])]) -> Result<u64, Tamper> {
    let mut verifier = ChainVerifier::new(OrgId::from_bits(1));
    for (entry, stored) in chain {
        verifier.check(entry, stored)?;
    }
    Ok(verifier.height())
}

#[test]
fn a_chain_tells_of_every_change_insertion_removal_and_move() {
    assert_eq!(chain_only(&chain()), Ok(4));

    let mut changed = chain();
    changed[1].0.detail.insert("reason".into(), "none".into());
    assert_eq!(chain_only(&changed), Err(Tamper { height: 2, kind: TamperKind::Changed }));

    let mut removed = chain();
    removed.remove(1);
    assert_eq!(chain_only(&removed), Err(Tamper { height: 2, kind: TamperKind::Missing }));

    let mut moved = chain();
    moved.swap(1, 2);
    assert!(chain_only(&moved).is_err());

    let mut inserted = chain();
    let copy = inserted[1].clone();
    inserted.insert(1, copy);
    assert!(chain_only(&inserted).is_err());
}

#[test]
fn no_two_entries_have_the_same_bytes() {
    let a = ChainEntry { action: "ab".into(), object: "c".into(), ..entry(1, "x") };
    let b = ChainEntry { action: "a".into(), object: "bc".into(), ..entry(1, "x") };
    assert_ne!(a.canonical(), b.canonical());
    let none = ChainEntry { actor_id: None, ..entry(1, "x") };
    let empty = ChainEntry { actor_id: Some(String::new()), ..entry(1, "x") };
    assert_ne!(none.canonical(), empty.canonical());
}

fn checkpoint(chain: &[(ChainEntry, [u8; 32])], height: usize) -> Checkpoint {
    Checkpoint {
        org: OrgId::from_bits(1),
        height: height as u64,
        hash: hex::encode(chain[height - 1].1),
        at: 2_000,
        signature: String::new(),
    }
}

fn with_checkpoints(chain: &[(ChainEntry, [u8; 32])], checkpoints: &[Checkpoint]) -> Result<u64, Tamper> {
    verify(&OrgId::from_bits(1), chain.iter().map(|(entry, hash)| (entry, hash)), checkpoints)
}

/// Computes every hash anew, as somebody could who can write the whole table.
fn rehash(chain: &mut [(ChainEntry, [u8; 32])]) {
    let mut last = [0; 32];
    for (entry, stored) in chain {
        last = hash(&last, entry);
        *stored = last;
    }
}

#[test]
fn a_checkpoint_tells_of_a_log_that_was_rewritten_or_cut_off() {
    let whole = chain();
    let signed = [checkpoint(&whole, 2), checkpoint(&whole, 3)];
    assert_eq!(with_checkpoints(&whole, &signed), Ok(4));

    let mut rewritten = chain();
    rewritten[0].0.detail.clear();
    rehash(&mut rewritten);
    assert_eq!(chain_only(&rewritten), Ok(4), "the chain alone cannot tell");
    assert_eq!(with_checkpoints(&rewritten, &signed), Err(Tamper::checkpoint(2)));

    assert_eq!(with_checkpoints(&whole[..2], &signed), Err(Tamper::checkpoint(3)));
    assert_eq!(with_checkpoints(&whole[..3], &signed), Ok(3), "what no checkpoint covers may be missing unseen");
    let foreign = Checkpoint { org: OrgId::from_bits(2), height: 99, ..signed[0].clone() };
    assert_eq!(with_checkpoints(&whole, &[foreign]), Ok(4));
}

#[test]
fn an_entry_of_another_organisation_does_not_pass() {
    let mut mixed = chain();
    mixed[3].0.org = OrgId::from_bits(2);
    rehash(&mut mixed);
    assert_eq!(chain_only(&mixed), Err(Tamper { height: 4, kind: TamperKind::Changed }));
}

#[test]
fn what_is_signed_names_every_field() {
    let signed = checkpoint(&chain(), 2);
    let variants = [
        Checkpoint { org: OrgId::from_bits(2), ..signed.clone() },
        Checkpoint { height: 3, ..signed.clone() },
        Checkpoint { hash: "00".into(), ..signed.clone() },
        Checkpoint { at: 2_001, ..signed.clone() },
    ];
    for variant in variants {
        assert_ne!(variant.message(), signed.message());
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// One thing that somebody may do to a stored log.
    #[derive(Debug, Clone)]
    enum Attack {
        Flip { entry: usize, field: usize },
        FlipHash { entry: usize, bit: usize },
        Remove(usize),
        Repeat(usize),
        Swap(usize, usize),
        RewriteFrom(usize),
    }

    fn any_attack() -> impl Strategy<Value = Attack> {
        prop_oneof![
            (0usize..8, 0usize..7).prop_map(|(entry, field)| Attack::Flip { entry, field }),
            (0usize..8, 0usize..256).prop_map(|(entry, bit)| Attack::FlipHash { entry, bit }),
            (0usize..8).prop_map(Attack::Remove),
            (0usize..8).prop_map(Attack::Repeat),
            (0usize..8, 0usize..8).prop_filter("another place", |(a, b)| a != b).prop_map(|(a, b)| Attack::Swap(a, b)),
            (0usize..8).prop_map(Attack::RewriteFrom),
        ]
    }

    fn apply(log: &mut Vec<(ChainEntry, [u8; 32])>, attack: &Attack) {
        match *attack {
            Attack::Flip { entry, field } => {
                let entry = &mut log[entry].0;
                match field {
                    0 => entry.org = OrgId::from_bits(7),
                    1 => entry.height += 1,
                    2 => entry.at ^= 1,
                    3 => entry.actor_kind.push('x'),
                    4 => entry.actor_id = None,
                    5 => entry.action.push('x'),
                    _ => entry.object.push('x'),
                }
            }
            Attack::FlipHash { entry, bit } => log[entry].1[bit / 8] ^= 1 << (bit % 8),
            Attack::Remove(entry) => drop(log.remove(entry)),
            Attack::Repeat(entry) => log.insert(entry, log[entry].clone()),
            Attack::Swap(a, b) => log.swap(a, b),
            Attack::RewriteFrom(entry) => {
                log[entry].0.detail.insert("outcome".into(), "answered_here".into());
                rehash(log);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
        #[test]
        fn whatever_is_done_below_the_newest_checkpoint_is_found(attack in any_attack()) {
            let mut log: Vec<_> = (1..=8).map(|height| (entry(height, "draft.approved"), [0; 32])).collect();
            rehash(&mut log);
            let signed = [checkpoint(&log, 8)];
            prop_assert_eq!(with_checkpoints(&log, &signed), Ok(8));
            apply(&mut log, &attack);
            prop_assert!(with_checkpoints(&log, &signed).is_err(), "{attack:?} was not found");
        }

        #[test]
        fn fields_cannot_flow_into_each_other(
            a in proptest::array::uniform4("[ab]{0,3}"),
            b in proptest::array::uniform4("[ab]{0,3}"),
        ) {
            let with = |[kind, action, object, key]: [String; 4]| ChainEntry {
                actor_kind: kind,
                action,
                object,
                detail: BTreeMap::from([(key, "v".into())]),
                ..entry(1, "x")
            };
            prop_assert_eq!(a == b, with(a.clone()).canonical() == with(b.clone()).canonical());
        }
    }
}
