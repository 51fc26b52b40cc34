//! The matrix as a picture, and the rules that look at the thing itself.

use std::fmt::Write;

use super::*;

fn user(n: u128) -> UserId {
    UserId::from_bits(n)
}

fn actor(n: u128, roles: &[Role]) -> Actor {
    Actor::user(user(n), roles.iter().copied().collect())
}

#[test]
fn the_whole_matrix() {
    let short = ["resp", "auth", "clin", "priv", "call", "mgr", "admn", "audt"];
    let mut table = format!("{:22}", "action");
    for name in short {
        write!(table, " {name:4}").unwrap();
    }
    table.push_str(" system cli\n");
    for row in matrix() {
        write!(table, "{:22}", row.action.as_str()).unwrap();
        for role in Role::ALL {
            write!(table, " {:4}", if row.allowed.contains(role) { "x" } else { "." }).unwrap();
        }
        let may = |actor: &Actor| if can(actor, row.action, &Resource::Organisation).is_ok() { "x" } else { "." };
        writeln!(table, " {:6} {}", may(&Actor::system()), may(&Actor::cli())).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn nobody_approves_an_own_draft() {
    let draft = Resource::Draft { written_by: vec![user(1), user(2)], override_requested_by: None };
    for action in [Action::ApproveDraft, Action::ApprovePost] {
        let everything = Actor::user(user(1), RoleSet::all());
        assert_eq!(can(&everything, action, &draft), Err(Refused::OwnDraft));
        assert_eq!(can(&Actor::user(user(2), RoleSet::all()), action, &draft), Err(Refused::OwnDraft), "a co-author");
        assert_eq!(can(&actor(3, &[Role::ClinicalReviewer]), action, &draft), Ok(()));
        assert_eq!(can(&actor(3, &[Role::Responder]), action, &draft), Err(Refused::RoleMissing));
        assert_eq!(can(&actor(3, &[Role::Manager]), action, &Resource::Organisation), Err(Refused::NothingNamed));
    }
}

#[test]
fn an_override_takes_a_privacy_officer_who_neither_wrote_nor_asked() {
    let draft = Resource::Draft { written_by: vec![user(1)], override_requested_by: Some(user(2)) };
    let table = [
        (actor(1, &[Role::PrivacyOfficer]), Err(Refused::OwnOverride)),
        (actor(2, &[Role::PrivacyOfficer]), Err(Refused::OwnOverride)),
        (actor(3, &[Role::PrivacyOfficer]), Ok(())),
        (actor(3, &[Role::Administrator, Role::Manager, Role::ClinicalReviewer]), Err(Refused::RoleMissing)),
        (Actor::system(), Err(Refused::MachineMayNot)),
        (Actor::cli(), Err(Refused::MachineMayNot)),
    ];
    for (actor, expected) in table {
        assert_eq!(can(&actor, Action::OverrideBlock, &draft), expected, "{actor:?}");
    }
}

#[test]
fn what_was_entered_on_an_intake_page_is_for_the_privacy_officer_and_the_owner() {
    let case = Resource::Case { owner_role: OwnerRole::NurseManager, owner_user: Some(user(7)) };
    let table = [
        (actor(1, &[Role::PrivacyOfficer]), Ok(())),
        (actor(2, &[Role::ClinicalReviewer]), Ok(())),
        (actor(7, &[Role::Responder]), Ok(())),
        (actor(3, &[Role::Responder, Role::Manager]), Err(Refused::NotYourCase)),
        (actor(4, &[Role::Administrator, Role::Auditor]), Err(Refused::NotYourCase)),
        (Actor::cli(), Err(Refused::MachineMayNot)),
    ];
    for (actor, expected) in table {
        assert_eq!(can(&actor, Action::ReadIntake, &case), expected, "{actor:?}");
    }
}

#[test]
fn an_auditor_reads_and_changes_nothing() {
    for &action in Action::ALL {
        let allowed = roles_for(action).contains(&Role::Auditor);
        assert!(!allowed || is_reading(action), "{action} changes something");
    }
}

#[test]
fn without_a_role_or_a_name_nothing_is_allowed() {
    let nobody = Actor { user: None, roles: RoleSet::all(), kind: ActorKind::User };
    for &action in Action::ALL {
        assert_eq!(can(&nobody, action, &Resource::Organisation), Err(Refused::NotSignedIn));
        assert!(can(&actor(1, &[]), action, &Resource::Organisation).is_err());
        assert!(!roles_for(action).is_empty(), "{action} can be done by nobody");
    }
}

#[test]
fn the_program_itself_decides_nothing() {
    for action in [
        Action::SendReply,
        Action::ApproveDraft,
        Action::Resolve,
        Action::AcknowledgeAlert,
        Action::ReleaseOutbox,
        Action::ReadIntake,
    ] {
        let draft = Resource::Draft { written_by: vec![], override_requested_by: None };
        assert_eq!(can(&Actor::system(), action, &draft), Err(Refused::MachineMayNot), "{action}");
    }
}

#[test]
fn a_set_of_roles_reads_back_from_text_and_json() {
    let set: RoleSet = [Role::Auditor, Role::Responder].into_iter().collect();
    assert_eq!(set.to_text(), "responder,auditor");
    assert_eq!(RoleSet::from_text("responder,auditor"), Ok(set));
    assert_eq!(RoleSet::from_text(""), Ok(RoleSet::EMPTY));
    assert!(RoleSet::from_text("responder,king").is_err());
    assert_eq!(serde_json::to_string(&set).unwrap(), r#"["responder","auditor"]"#);
    assert_eq!(serde_json::from_str::<RoleSet>(r#"["auditor","responder"]"#).unwrap(), set);
    assert_eq!(permissions(RoleSet::EMPTY), vec![]);
    assert_eq!(permissions(RoleSet::all()).len(), Action::ALL.len());
}
