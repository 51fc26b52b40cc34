//! `bedside account health`: what will need a person soon.

use std::process::ExitCode;

use bedside_model::account::AccountState;
use bedside_model::{Micros, time};
use bedside_store::listen::account::{self, Account};
use serde_json::json;

use super::named;
use crate::house::{House, readable};
use crate::output;

/// Prints how the accounts do. The exit code is 1 where one needs a person.
pub async fn run(
    house: &House,
    wanted: Option<&str>,
    organisation: Option<&str>,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let org = house.organisation(organisation).await?;
    let accounts = match wanted {
        Some(wanted) => vec![named(house, &org, wanted).await?],
        None => account::list(&mut house.store.read().await?, &org).await.map_err(readable)?,
    };
    let accounts: Vec<Account> = accounts.into_iter().filter(|a| a.state != AccountState::Removed).collect();
    let now = house.clock.now();
    let needs: Vec<Option<String>> = accounts.iter().map(|account| need(account, now)).collect();
    if as_json {
        for (account, need) in accounts.iter().zip(&needs) {
            output::json(&json!({
                "id": account.id, "network": account.network, "name": account.name, "state": account.state,
                "days_left": account.health.days_left(now), "renewal_error": account.health.renew_failed,
                "last_heard_at": account.last_heard_at.map(|at| time::from_micros(at).to_string()),
                "webhook_seen_at": account.health.hook_seen_at.map(|at| time::from_micros(at).to_string()),
                "webhook_ok": account.health.hook_ok, "needs": need,
            }));
        }
    } else if accounts.is_empty() {
        output::line("No account is connected yet.");
    } else {
        let rows = accounts.iter().zip(&needs).map(|(account, need)| row(account, need.as_deref(), now)).collect();
        output::table(&["account", "network", "heard", "days left", "webhook", "needs"], rows);
    }
    Ok(ExitCode::from(u8::from(needs.iter().any(Option::is_some))))
}

/// What a person should do, if anything.
fn need(account: &Account, now: Micros) -> Option<String> {
    let again = || format!("bedside account reauthorise {}", account.id);
    if account.state == AccountState::NeedsReauthorisation {
        return Some(format!("the network refuses its credentials: {}", again()));
    }
    if let Some(why) = &account.health.renew_failed {
        return Some(format!("its credentials could not be renewed ({why}): {}", again()));
    }
    if account.health.reauthorise_soon(now) {
        return Some(format!("a person must authorise again: {}", again()));
    }
    if account.health.hook_ok == Some(false) {
        return Some("a webhook came that was not the network's: compare the secret on both sides".to_owned());
    }
    None
}

fn row(account: &Account, need: Option<&str>, now: Micros) -> Vec<String> {
    let ago = |at: Option<Micros>| at.map_or_else(|| "never".to_owned(), |at| since(now - at));
    let webhook = match (account.health.hook_seen_at, account.health.hook_ok) {
        (None, _) => "none came".to_owned(),
        (seen, Some(false)) => format!("refused {}", ago(seen)),
        (seen, _) => ago(seen),
    };
    vec![
        account.name.clone(),
        account.network.clone(),
        ago(account.last_heard_at),
        account.health.days_left(now).map_or_else(|| "no end".to_owned(), |days| days.to_string()),
        webhook,
        need.unwrap_or_default().to_owned(),
    ]
}

/// A time that passed, in its largest unit.
fn since(passed: Micros) -> String {
    let seconds = passed.max(0) / 1_000_000;
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_time_that_passed_is_told_in_its_largest_unit() {
        let told = [0, 59, 60, 3_599, 3_600, 86_399, 86_400].map(|seconds| super::since(seconds * 1_000_000));
        assert_eq!(told, ["0 s ago", "59 s ago", "1 min ago", "59 min ago", "1 h ago", "23 h ago", "1 days ago"]);
    }
}
