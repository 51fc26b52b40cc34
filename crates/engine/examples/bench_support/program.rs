//! The program itself, as an operator starts it: `bedside serve` of the release build that
//! `BEDSIDE_BENCH_BIN` names.

#![expect(dead_code, reason = "each benchmark uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::client::Client;

/// A `bedside serve` that runs; it is killed where this is dropped.
pub struct Program {
    child: Child,
    /// Where it listens.
    pub host: String,
    /// Its number.
    pub pid: u32,
}

#[expect(clippy::disallowed_methods, reason = "`cargo xtask bench` hands the program over in the environment")]
fn binary() -> PathBuf {
    std::env::var_os("BEDSIDE_BENCH_BIN")
        .expect("BEDSIDE_BENCH_BIN names the program; `cargo xtask bench` sets it")
        .into()
}

impl Program {
    /// Starts it on a data directory and waits until it is ready. The second value is the processor
    /// time that this took, in milliseconds.
    pub async fn start(data: &Path) -> (Self, f64) {
        Self::start_as("all", data).await
    }

    /// The same in a role: `all`, or `web` for the pages, the API and the webhooks alone.
    pub async fn start_as(role: &str, data: &Path) -> (Self, f64) {
        let mut child = Command::new(binary())
            .arg("--data")
            .arg(data)
            .args(["--json", "serve", "--listen", "127.0.0.1:0", "--role", role])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("it says that it is ready");
        let pid = child.id().unwrap();
        let cpu = cpu_millis(pid);
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["ready"], true, "{line}");
        let host = ready["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
        (Self { child, host, pid }, cpu)
    }

    /// A connection whose requests are those of a responder who signed in, and the beginning of
    /// each such request behind its method and path.
    pub async fn signed_in(&self, password: &str) -> (Client, String) {
        let mut client = Client::connect(&self.host).await;
        let host = &self.host;
        let body = serde_json::json!({ "email": "ana@example.org", "password": password }).to_string();
        let request = format!(
            "POST /api/v1/sessions HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (head, _) = client.ask(request.as_bytes()).await;
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
        let cookie = cookie.split(';').next().unwrap();
        (client, format!(" HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\r\n"))
    }

    /// Processor time so far, all threads, user and system, in milliseconds.
    pub fn cpu_millis(&self) -> f64 {
        cpu_millis(self.pid)
    }

    /// Anonymous memory that is resident now, in MB of 1,000,000 bytes.
    pub fn anonymous_memory(&self) -> f64 {
        anonymous_memory(self.pid).expect("it runs")
    }

    /// Kills it: SIGKILL, and waits until it is gone.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Ends it as an operator does, and waits until it is gone.
    pub async fn stop(mut self) {
        assert!(Command::new("kill").arg(self.pid.to_string()).status().await.unwrap().success());
        self.child.wait().await.unwrap();
    }
}

/// Adds the user who signs in later; answers the password.
pub async fn add_user(data: &Path) -> String {
    let password = "correct horse battery";
    let mut child = Command::new(binary())
        .arg("--data")
        .arg(data)
        .args(["--json", "user", "add", "--email", "ana@example.org", "--name", "Ana", "--roles", "responder"])
        .arg("--password-stdin")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(password.as_bytes()).await.unwrap();
    assert!(child.wait().await.unwrap().success());
    password.to_owned()
}

/// Processor time of a process, all threads, user and system, in milliseconds; the kernel counts in
/// hundredths of a second.
pub fn cpu_millis(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) * 10.0
}

/// Anonymous memory of a process that is resident now, in MB of 1,000,000 bytes; `None` where it is gone.
pub fn anonymous_memory(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kb| kb * 1_024.0 / 1e6)
}
