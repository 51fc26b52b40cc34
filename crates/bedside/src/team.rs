//! `bedside user`: the team, for whoever may run commands on this machine.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use bedside_model::UserId;
use bedside_model::role::{Role, RoleSet};
use bedside_store::people::{self, NewUser};
use bedside_store::{By, Entry, StoreError};
use serde_json::json;

use crate::cli::User;
use crate::house::{House, readable};
use crate::{input, output};

/// Reads one line of standard input, or makes up a password that can be read aloud.
fn password(house: &House, stdin: bool) -> anyhow::Result<(String, bool)> {
    if !stdin {
        return Ok((house.store.ids().token()[..20].to_owned(), true));
    }
    let password = input::line()?;
    if password.chars().count() < 12 {
        bail!("the password must have at least 12 characters");
    }
    Ok((password, false))
}

fn hash(house: &House, password: &str) -> anyhow::Result<String> {
    bedside_server::password::hash(house.store.ids(), password)
        .map_err(|_| anyhow::anyhow!("the password cannot be hashed"))
}

/// Reads roles: `responder,on_call`, or `all`.
pub fn roles(text: &str) -> anyhow::Result<RoleSet> {
    if text == "all" {
        return Ok(RoleSet::all());
    }
    let known = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    let roles = text.split(',').map(str::trim).map(|name| {
        name.parse::<Role>().map_err(|_| anyhow::anyhow!("there is no role `{name}`; the roles are {}", known()))
    });
    Ok(roles.collect::<anyhow::Result<Vec<Role>>>()?.into_iter().collect())
}

/// Runs a command on the team.
pub async fn run(house: House, command: &User, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        User::Add { email, name, roles: wanted, password_stdin, organisation } => {
            let org = house.organisation(organisation.as_deref()).await?;
            let roles = roles(wanted)?;
            let (password, made_up) = password(&house, *password_stdin)?;
            let now = house.clock.now();
            let new = NewUser {
                id: UserId::from_bits(house.store.ids().bits(now)),
                email: email.clone(),
                name: name.clone(),
                password_hash: hash(&house, &password)?,
                roles,
            };
            let id = new.id.clone();
            let added = house.store.write(&org, now, move |tx| {
                Box::pin(async move {
                    people::add(tx, &new).await?;
                    let entry = Entry::new(By::cli(), "user.added", &new.id).with("roles", new.roles.to_text());
                    tx.commit(entry, ())
                })
            });
            match added.await {
                Err(StoreError::Exists { .. }) => bail!("somebody signs in with this address already"),
                other => other.map_err(readable)?,
            }
            told(json, id.as_str(), made_up.then_some(&password));
        }
        User::ResetPassword { email, password_stdin } => {
            let found = people::by_email(&mut house.store.read().await?, &people::normal_email(email)).await?;
            let user = found.context("nobody signs in with this address")?.user;
            let (password, made_up) = password(&house, *password_stdin)?;
            let hash = hash(&house, &password)?;
            let id = user.id.clone();
            house
                .store
                .write(&user.org_id, house.clock.now(), move |tx| {
                    Box::pin(async move {
                        people::set_password(tx, &id, &hash).await?;
                        people::session::end_of_user(tx, &id, None).await?;
                        tx.commit(Entry::new(By::cli(), "user.password_reset", &id), ())
                    })
                })
                .await
                .map_err(readable)?;
            told(json, user.id.as_str(), made_up.then_some(&password));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(json: bool, id: &str, password: Option<&String>) {
    if json {
        output::json(&json!({ "id": id, "password": password }));
    } else if let Some(password) = password {
        println!("{id}\nThe password is {password} (shown this once; it can be changed after signing in).");
    } else {
        println!("{id}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_that_is_not_there_is_named_with_those_that_are() {
        assert!(roles("responder, on_call").unwrap().contains_any(&[Role::OnCall]));
        let said = roles("boss").unwrap_err().to_string();
        assert!(said.contains("`boss`") && said.contains("privacy_officer"), "{said}");
    }
}
