//! Two servers with Mastodon's API that know each other: snac2, from Debian.
//!
//! Each has one account. They federate over plain HTTP on loopback, so that a post of one arrives at the other as it
//! would from a stranger's server. What snac2 lacks (deleting, streaming, rate limits) is not tested here.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::postgres::scratch;
use super::served::Served;
use super::tools::Tool;
use crate::lifeline::{Lifeline, Spec};
use crate::{http, wait};

/// Where the authorization code is sent. Nobody listens there: the code is read from the redirection itself.
const REDIRECT: &str = "http://127.0.0.1:9/callback";

/// What a client may do that reads and writes for an organisation.
const SCOPES: &str = "read write follow";

/// Starts two servers: one with the account of the clinic, one with a patient's.
pub fn start(snac: &Tool) -> Result<Served> {
    let (clinic, clinic_access) = serve(snac, "clinic")?;
    let (patient, patient_access) = serve(snac, "patient")?;
    let access = json!({ "clinic": clinic_access, "patient": patient_access });
    Ok(Served::new(vec![clinic, patient], access))
}

fn serve(snac: &Tool, account: &str) -> Result<(Lifeline, Value)> {
    let home = scratch("snac")?;
    let started = prepare_and_start(snac, &home, account);
    if started.is_err() {
        // The error is the news; what stays in the temporary directory harms nobody.
        let _ = fs::remove_dir_all(&home);
    }
    started
}

fn prepare_and_start(snac: &Tool, home: &Path, account: &str) -> Result<(Lifeline, Value)> {
    let port = http::free_port()?;
    let data = home.join("data");
    let host = format!("127.0.0.1:{port}");
    let answers = format!("127.0.0.1\n{port}\n{host}\n\nadmin@example.org\n");
    typed(snac, &["init".as_ref(), &data], &answers)?;
    speak_plain_http(&data.join("server.json"))?;
    let said = typed(snac, &["adduser".as_ref(), &data, account.as_ref()], "")?;
    let password = password(&said).context("`snac adduser` printed no password")?;

    let mut serve = Spec::new("snac httpd", &snac.program, home).with(&snac.arguments).with(["httpd"]).with([&data]);
    serve.variables = snac.variables();
    serve.log = Some(home.join("log"));
    serve.trash = Some(home.to_owned());
    let mut server = serve.start()?;
    wait::until("snac answers", Duration::from_secs(30), || {
        server.must_run()?;
        Ok(http::get(port, "/api/v1/instance").ok().filter(|answer| answer.status == 200))
    })
    .with_context(|| server.last_lines())?;
    let token = token(port, account, &password).with_context(|| server.last_lines())?;
    let access = json!({
        "url": format!("http://{host}"),
        "account": account,
        "address": format!("@{account}@{host}"),
        "actor": format!("http://{host}/{account}"),
        "password": password,
        "access_token": token,
    });
    Ok((server, access))
}

/// Runs a command of snac with these lines typed into it; returns what it prints.
fn typed(snac: &Tool, words: &[&Path], lines: &str) -> Result<String> {
    let mut command = Command::new(&snac.program);
    command.args(&snac.arguments).args(words).envs(snac.variables());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    child.stdin.take().context("snac has no input")?.write_all(lines.as_bytes())?;
    let output = child.wait_with_output()?;
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    ensure!(output.status.success(), "`snac {}` failed: {}", words[0].display(), said.trim());
    Ok(said)
}

/// By default a server believes to stand behind a proxy that speaks TLS for it.
fn speak_plain_http(configuration: &Path) -> Result<()> {
    let mut server: Value = serde_json::from_str(&fs::read_to_string(configuration)?)?;
    server["protocol"] = "http".into();
    Ok(fs::write(configuration, server.to_string())?)
}

fn password(said: &str) -> Option<String> {
    said.lines().find_map(|line| Some(line.strip_prefix("User password is ")?.trim().to_owned()))
}

/// Signs in as a person would: registers a client, fills the form, exchanges the code. (The password grant only seems to
/// work: its token belongs to nobody.)
fn token(port: u16, account: &str, password: &str) -> Result<String> {
    let fields = [("client_name", "Bedside tests"), ("redirect_uris", REDIRECT), ("scopes", SCOPES)];
    let client = object(&http::post_form(port, "/api/v1/apps", &fields)?)?;
    let (id, secret) = (text(&client, "client_id")?, text(&client, "client_secret")?);

    let fields = [("login", account), ("passwd", password), ("redir", REDIRECT), ("cid", id), ("state", "")];
    let form = http::post_form(port, "/oauth/x-snac-login", &fields)?;
    let code = form.header("location").and_then(code).context("signing in gave no code")?;

    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", id),
        ("client_secret", secret),
        ("redirect_uri", REDIRECT),
        ("scope", SCOPES),
    ];
    let granted = object(&http::post_form(port, "/oauth/token", &fields)?)?;
    Ok(text(&granted, "access_token")?.to_owned())
}

/// The authorization code in the address to which a browser is sent back.
fn code(location: &str) -> Option<&str> {
    let query = location.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix("code=")).filter(|code| !code.is_empty())
}

fn object(answer: &http::Answer) -> Result<Value> {
    if answer.status != 200 {
        bail!("snac answers {}: {}", answer.status, answer.body.trim());
    }
    serde_json::from_str(&answer.body).context("snac answers with something else than JSON")
}

fn text<'a>(object: &'a Value, key: &str) -> Result<&'a str> {
    object[key].as_str().with_context(|| format!("snac gave no {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_stands_in_a_line_of_its_own() {
        let said = "Creating RSA key...\nDone.\n\nUser password is /kAH9WMj\n\nGo to http://127.0.0.1:1/clinic\n";
        assert_eq!(password(said), Some("/kAH9WMj".to_owned()));
        assert_eq!(password("Error: user already exists\n"), None);
    }

    #[test]
    fn the_code_is_found_wherever_it_stands_in_the_address() {
        assert_eq!(code("http://127.0.0.1:9/callback?code=ebca&state="), Some("ebca"));
        assert_eq!(code("http://127.0.0.1:9/callback?state=s&code=ebca"), Some("ebca"));
        for refused in ["/oauth/authorize", "http://127.0.0.1:9/callback?error=denied", "/callback?code=&state=s"] {
            assert_eq!(code(refused), None, "{refused}");
        }
    }
}
