//! Mail as it is in the world: Dovecot serves over IMAP what a small SMTP server (`xtask/mail/server.py`) accepts.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::Progress;
use super::postgres::scratch;
use super::python::Environment;
use super::served::{Served, start_speaking};
use super::tools::{NOBODY, Tool};
use crate::lifeline::{Lifeline, Spec};
use crate::project::Project;
use crate::{http, wait};

/// What the SMTP server is made of.
pub const ENVIRONMENT: Environment =
    Environment { name: "mail", requirements: include_str!("../../mail/requirements.txt") };

const CONFIGURATION: &str = include_str!("../../mail/dovecot.conf");

/// Of every mailbox, and of whoever sends.
const PASSWORD: &str = "mail-of-the-tests";

/// Starts both. What a test learns: `host`, `password`, `imap_port` (also with STARTTLS), `imap_tls_port`, `smtp_port`,
/// `smtp_starttls_port`, `smtp_tls_port`, and `ca`, the file of the authority that signed for 127.0.0.1 and localhost. Any
/// address is a mailbox.
pub fn start(project: &Project, dovecot: &Tool, progress: &Progress) -> Result<Served> {
    let python = ENVIRONMENT.bring(project, progress)?;
    let home = scratch("mail")?;
    let owner = Owner::of_mail()?;
    chown(&home, Some(owner.user), None)?;
    let mut spec = Spec::new("the SMTP server", python, &home)
        .with([project.root.join("xtask/mail/server.py"), home.clone()])
        .with([PASSWORD, &owner.user.to_string()]);
    spec.trash = Some(home.clone());
    let (smtp, mut access) = start_speaking(spec, &home, Duration::from_secs(60))?;
    let ports = Ports { plain: http::free_port()?, tls: http::free_port()? };
    let imap = start_dovecot(dovecot, &home, &owner, ports)?;
    access["host"] = "127.0.0.1".into();
    access["password"] = PASSWORD.into();
    access["imap_port"] = ports.plain.into();
    access["imap_tls_port"] = ports.tls.into();
    Ok(Served::new(vec![imap, smtp], access))
}

#[derive(Debug, Clone, Copy)]
struct Ports {
    plain: u16,
    tls: u16,
}

/// Whom the mailboxes belong to: `nobody` in place of root, as whom Dovecot serves no mail.
#[derive(Debug)]
struct Owner {
    user: u32,
    user_name: String,
    group_name: String,
}

impl Owner {
    fn of_mail() -> Result<Self> {
        if super::is_root() {
            return Ok(Self { user: NOBODY, user_name: "nobody".into(), group_name: "nogroup".into() });
        }
        let name = |option: &str| -> Result<String> {
            let said = Command::new("id").arg(option).output().context("cannot start id")?;
            ensure!(said.status.success(), "`id {option}` failed");
            Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
        };
        let user = fs::metadata("/proc/self")?.uid();
        Ok(Self { user, user_name: name("-un")?, group_name: name("-gn")? })
    }
}

fn start_dovecot(dovecot: &Tool, home: &Path, owner: &Owner, ports: Ports) -> Result<Lifeline> {
    let file = home.join("dovecot.conf");
    fs::write(&file, configuration(home, owner, ports))?;
    for file in ["cert.pem", "key.pem"] {
        chown(home.join(file), Some(owner.user), None)?;
    }
    let mut serve =
        Spec::new("dovecot", &dovecot.program, home).with(&dovecot.arguments).with(["-F", "-c"]).with([&file]);
    serve.variables = dovecot.variables();
    serve.user = super::is_root().then_some(owner.user);
    serve.log = Some(home.join("dovecot.out"));
    let mut server = serve.start()?;
    wait::until("Dovecot greets", Duration::from_secs(60), || {
        server.must_run()?;
        Ok(greets(ports.plain).then_some(()))
    })
    .with_context(|| {
        let log = fs::read_to_string(home.join("dovecot.log")).unwrap_or_default();
        format!("{}; its own log:\n  {}", server.last_lines(), log.trim().replace('\n', "\n  "))
    })?;
    Ok(server)
}

fn configuration(home: &Path, owner: &Owner, ports: Ports) -> String {
    let values = [
        ("@HOME@", home.display().to_string()),
        ("@USER@", owner.user_name.clone()),
        ("@GROUP@", owner.group_name.clone()),
        ("@PASSWORD@", PASSWORD.to_owned()),
        ("@PORT@", ports.plain.to_string()),
        ("@TLS_PORT@", ports.tls.to_string()),
    ];
    values.iter().fold(CONFIGURATION.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// Whether an IMAP server says on this port that it is there.
fn greets(port: u16) -> bool {
    http::greeting(port).is_ok_and(|line| line.starts_with("* OK"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blank_of_the_configuration_is_filled_in() {
        let owner = Owner { user: 1000, user_name: "mara".into(), group_name: "staff".into() };
        let text = configuration(Path::new("/tmp/mail"), &owner, Ports { plain: 1143, tls: 1993 });
        let settings = text.lines().filter(|line| !line.starts_with('#'));
        assert!(settings.clone().all(|line| !line.contains('@')), "{text}");
        for line in ["base_dir = /tmp/mail/run", "default_login_user = mara", "    port = 1143", "    port = 1993"] {
            assert!(settings.clone().any(|setting| setting == line), "{line}");
        }
    }
}
