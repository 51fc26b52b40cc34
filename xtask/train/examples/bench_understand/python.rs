//! The baselines: one child process of Python for the whole run.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use bedside_train::identifiers::evaluate::Span;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The child; it ends when its input does.
pub struct Python {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Python {
    /// Starts `bench/understand/baselines.py`.
    pub fn start(program: &OsStr) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("bench/understand/baselines.py")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start Python; `cargo xtask bench understand` makes its environment")?;
        let (Some(requests), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("Python has no input or output")
        };
        Ok(Self { child, requests: Some(requests), answers: BufReader::new(answers) })
    }

    fn ask(&mut self, request: &Value) -> Result<Value> {
        let mut line = serde_json::to_string(request)?;
        line.push('\n');
        self.requests.as_mut().context("Python has ended")?.write_all(line.as_bytes())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        serde_json::from_str(&answer).context("the baselines ended; what they said stands above")
    }

    fn answers<T: DeserializeOwned>(&mut self, task: &str, texts: &[&str]) -> Result<Vec<T>> {
        let mut answer = self.ask(&json!({"task": task, "texts": texts}))?;
        Ok(serde_json::from_value(answer["answers"].take())?)
    }

    /// The versions of all baselines.
    pub fn versions(&mut self) -> Result<Vec<String>> {
        self.answers("versions", &[])
    }

    /// `positive`, `neutral`, `negative` by VADER.
    pub fn vader(&mut self, texts: &[&str]) -> Result<Vec<String>> {
        self.answers("vader", texts)
    }

    /// Languages by `langdetect` or `lingua`.
    pub fn languages(&mut self, which: &str, texts: &[&str]) -> Result<Vec<String>> {
        self.answers(which, texts)
    }

    /// Whether the list of phrases for crises finds something.
    pub fn keywords(&mut self, texts: &[&str]) -> Result<Vec<bool>> {
        self.answers("keywords", texts)
    }

    /// Spans by Presidio's patterns, with the names of our types.
    pub fn presidio(&mut self, texts: &[&str]) -> Result<Vec<Vec<Span>>> {
        let found: Vec<Vec<Span>> = self.answers("presidio", texts)?;
        let named = |spans: Vec<Span>| {
            spans.into_iter().map(|(start, end, kind)| (start, end, our_type(&kind).to_owned())).collect()
        };
        Ok(found.into_iter().map(named).collect())
    }

    /// Hands over the texts whose reading is timed.
    pub fn load(&mut self, texts: &[&str]) -> Result<()> {
        self.answers::<Value>("load", texts).map(|_| ())
    }

    /// Seconds of processor time that the next messages take.
    pub fn seconds(&mut self, count: usize) -> Result<f64> {
        self.ask(&json!({"task": "speed", "count": count}))?["seconds"].as_f64().context("no time came back")
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        drop(self.requests.take());
        // Nothing can be done about a child that cannot be waited for.
        let _ = self.child.wait();
    }
}

fn our_type(theirs: &str) -> &str {
    match theirs {
        "PHONE_NUMBER" => "phone",
        "EMAIL_ADDRESS" => "email",
        "US_SSN" => "ssn",
        "URL" => "url",
        "IP_ADDRESS" => "ip",
        "DATE_TIME" => "date",
        "US_DRIVER_LICENSE" | "MEDICAL_LICENSE" => "licence",
        "CREDIT_CARD" | "IBAN_CODE" | "US_BANK_NUMBER" | "CRYPTO" => "account_number",
        _ => "other_id",
    }
}
