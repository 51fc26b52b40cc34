//! `bedside doctor`: is everything in order?

use std::path::Path;
use std::process::ExitCode;

use bedside_store::{MasterKey, alerts, backup, listen, outbox, settings, trust};
use serde::Serialize;
use serde_json::json;

use crate::config::Config;
use crate::house::House;
use crate::{audit, output};

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    /// `fine`, `note` (works, but think of it), `wrong`.
    state: &'static str,
    detail: String,
}

fn check(name: &'static str, state: &'static str, detail: impl Into<String>) -> Check {
    Check { name, state, detail: detail.into() }
}

fn key_check(path: &Path) -> Check {
    if !path.exists() {
        return check(
            "master key",
            "wrong",
            format!("{} is not there; secrets cannot be opened without it", path.display()),
        );
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if let Ok(meta) = path.metadata()
            && meta.permissions().mode() & 0o077 != 0
        {
            return check("master key", "wrong", format!("others can read {}: chmod 600 it", path.display()));
        }
    }
    match MasterKey::load(path, None) {
        Ok(_) => check(
            "master key",
            "fine",
            format!(
                "{} is readable for its owner only. It is never part of a backup: keep a copy elsewhere",
                path.display()
            ),
        ),
        Err(e) => check("master key", "wrong", e.to_string()),
    }
}

fn web_address(config: &Config) -> Check {
    match config.public_url.as_str() {
        "" if config.listen.ip().is_loopback() => check(
            "address",
            "note",
            "only this machine can open Bedside; set public_url and a proxy with HTTPS for a team",
        ),
        "" => check(
            "address",
            "wrong",
            format!(
                "{} is reachable from outside without HTTPS; set public_url to an https:// address behind a proxy",
                config.listen
            ),
        ),
        url if url.starts_with("https://") => check("address", "fine", url),
        url => check("address", "wrong", format!("{url} is not HTTPS: passwords would cross the network in the clear")),
    }
}

/// Looks at everything; exit code 1 where something is wrong.
pub async fn run(config: Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let mut checks = vec![
        check(
            "program",
            "fine",
            format!("version {}, schema {}", env!("CARGO_PKG_VERSION"), bedside_store::migrate::newest()),
        ),
        check("data", "fine", config.data.display().to_string()),
    ];
    // A doctor makes nothing: an installation that was never started is told so.
    if !config.data.exists() {
        checks[1] = check("data", "wrong", format!("{} is not there; `bedside serve` makes it", config.data.display()));
        return show(&checks, as_json);
    }
    checks.push(key_check(&config.master_key()));
    checks.push(web_address(&config));
    if checks.iter().any(|c| c.name == "master key" && c.state == "wrong") {
        return show(&checks, as_json);
    }
    match House::open(config).await {
        Ok(house) => inside(&house, &mut checks).await?,
        Err(e) => checks.push(check("database", "wrong", format!("{e:#}"))),
    }
    show(&checks, as_json)
}

async fn inside(house: &House, checks: &mut Vec<Check>) -> anyhow::Result<()> {
    checks.push(match backup::check_sqlite(&house.store).await? {
        None => check("database", "fine", "opens and is whole"),
        Some(problem) => check("database", "wrong", problem),
    });
    for log in audit::all(house).await? {
        checks.push(match log.alarm() {
            None => check(
                "log",
                "fine",
                format!(
                    "{}: {} entries verify, {} not covered by a checkpoint yet",
                    log.org, log.height, log.uncovered
                ),
            ),
            Some(alarm) => check("log", "wrong", format!("{}: {alarm}", log.org)),
        });
    }
    let now = house.clock.now();
    let mut conn = house.store.read().await?;
    let orgs = trust::organisations(&mut conn).await?;
    if orgs.is_empty() {
        checks.push(check("organisation", "note", "none yet: open the page to set it up"));
    }
    for org in orgs {
        let out = outbox::health(&mut conn, &org, now).await?;
        let late = out.oldest_due_seconds.is_some_and(|age| age > 300);
        let state = if late || out.held > 0 {
            "wrong"
        } else if out.needs_human > 0 {
            "note"
        } else {
            "fine"
        };
        let oldest = out
            .oldest_due_seconds
            .map_or_else(|| "nothing waits".to_owned(), |age| format!("the oldest waits {age} s"));
        checks.push(check("outbox", state, format!("{oldest}; {} ask a person, {} held", out.needs_human, out.held)));
        for source in listen::source::list(&mut conn, &org).await? {
            if source.failures > 0 {
                let said = source.error.clone().unwrap_or_default();
                checks.push(check(
                    "source",
                    "wrong",
                    format!("{}: {} failures in a row: {said}", source.id, source.failures),
                ));
            }
        }
        let dead = listen::dead::count(&mut conn, &org).await?;
        if dead > 0 {
            checks.push(check(
                "dead letters",
                "note",
                format!("{dead} items could not be read; look at them under Listen"),
            ));
        }
        let (all, _) = settings::load(&mut conn, &org).await?;
        let channels = all.alerts.channels().len();
        checks.push(if all.rota.0.is_empty() {
            check(
                "on call",
                "wrong",
                "nobody is on call: a crisis would alert nobody. Set the chain under Trust, Settings",
            )
        } else if channels < 3 {
            check(
                "on call",
                "note",
                "set up e-mail and a webhook, so that an alert leaves over two ways when no page is open",
            )
        } else {
            check("on call", "fine", format!("{} people", all.rota.0.len()))
        });
        let unsent = alerts::unsent(&mut conn, &org, now - 86_400_000_000).await?;
        if unsent > 0 {
            checks.push(check("alerts", "wrong", format!("{unsent} alerts could not be sent")));
        }
    }
    Ok(())
}

fn show(checks: &[Check], as_json: bool) -> anyhow::Result<ExitCode> {
    let wrong = checks.iter().any(|c| c.state == "wrong");
    if as_json {
        output::json(&json!({ "ok": !wrong, "checks": checks }));
    } else {
        output::table(
            &["", "", ""],
            checks.iter().map(|c| vec![c.state.into(), c.name.into(), c.detail.clone()]).collect(),
        );
    }
    Ok(ExitCode::from(u8::from(wrong)))
}
