//! The organisation of the demo: two people who can do everything between them.

use bedside_model::alert::{Channel, Rota, RotaStep};
use bedside_model::role::{Role as Duty, RoleSet};
use bedside_model::{OrgId, UserId};
use bedside_store::people::{self, NewUser};
use bedside_store::trust::{self, NewOrganisation};
use bedside_store::{By, Entry, settings};

use crate::house::{House, readable};

/// Who signs in.
pub const EMAIL: &str = "dana@lakeside.example.org";
/// A colleague who can approve.
pub const SECOND: &str = "robin@lakeside.example.org";
/// The networks of the demo answer only on loopback, and so does Bedside unless told otherwise.
pub const PASSWORD: &str = "lakeside-demo-2026";

/// Adds the organisation with its people.
pub async fn add(house: &House) -> anyhow::Result<OrgId> {
    let now = house.clock.now();
    let ids = house.store.ids().clone();
    let keyring = house.store.keyring().clone();
    let org = OrgId::from_bits(ids.bits(now));
    let hash =
        bedside_server::password::hash(&ids, PASSWORD).map_err(|_| anyhow::anyhow!("the password cannot be hashed"))?;
    let person = |email: &str, name: &str, roles: RoleSet| NewUser {
        id: UserId::from_bits(ids.bits(now)),
        email: email.to_owned(),
        name: name.to_owned(),
        password_hash: hash.clone(),
        roles,
    };
    let dana = person(EMAIL, "Dana Whitfield", RoleSet::all());
    let duties = [Duty::Responder, Duty::PrivacyOfficer, Duty::ClinicalReviewer, Duty::OnCall, Duty::Manager];
    let robin = person(SECOND, "Robin Okafor", duties.into_iter().collect());
    let new = NewOrganisation {
        id: org.clone(),
        name: "Lakeside Health".to_owned(),
        kind: "hospital".to_owned(),
        country: "US".to_owned(),
        language: "en".to_owned(),
        zone: "America/New_York".to_owned(),
        settings: "{}".to_owned(),
    };
    house
        .store
        .write(&org, now, move |tx| {
            Box::pin(async move {
                people::take_first_run(tx).await?;
                trust::add_organisation(tx, &keyring, &new).await?;
                let rota =
                    [&dana, &robin].map(|user| RotaStep { user_id: user.id.clone(), channels: vec![Channel::Browser] });
                people::add(tx, &dana).await?;
                people::add(tx, &robin).await?;
                let org = tx.org()?;
                let (mut all, version) = settings::load(tx.conn(), &org).await?;
                all.rota = Rota(rota.to_vec());
                settings::save(tx, &all, version).await?;
                tx.commit(Entry::new(By::cli(), "organisation.added", &new.id).with("kind", "demo"), ())
            })
        })
        .await
        .map_err(readable)?;
    Ok(org)
}
