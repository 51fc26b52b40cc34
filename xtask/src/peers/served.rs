//! A peer that runs, and how it tells where it is.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::lifeline::{Lifeline, Spec};
use crate::wait;

/// Running servers that make up one peer; dropping it stops them, the first one first.
#[derive(Debug)]
pub struct Served {
    /// Never empty: what others build on stands last.
    servers: Vec<Lifeline>,
    /// What a test needs to know.
    pub access: Value,
}

impl Served {
    /// A peer of one or more servers, in the order in which they are to end.
    pub fn new(servers: Vec<Lifeline>, access: Value) -> Self {
        Self { servers, access }
    }

    /// Waits until the first server ends by itself.
    pub fn wait(&mut self) -> Result<()> {
        self.servers.first_mut().context("a peer without a server")?.wait()?;
        Ok(())
    }
}

/// Starts a server of our own that prints one line of JSON when it is ready, and waits for that line.
pub fn start_speaking(mut spec: Spec, home: &Path, limit: Duration) -> Result<(Lifeline, Value)> {
    let log = home.join("log");
    let what = format!("{} is ready", spec.name);
    spec.log = Some(log.clone());
    let mut server = spec.start()?;
    let access = wait::until(&what, limit, || {
        let ready = ready_line(&log)?;
        if ready.is_none() {
            server.must_run()?;
        }
        Ok(ready)
    })
    .with_context(|| server.last_lines())?;
    Ok((server, access))
}

/// The first line of a log that is a JSON object with `"ready": true`.
fn ready_line(log: &Path) -> Result<Option<Value>> {
    let lines = BufReader::new(File::open(log)?).lines().map_while(Result::ok);
    let objects = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
    Ok(objects.into_iter().find(|object| object["ready"] == true))
}

/// The file through which a test learns how to reach a peer; removed when dropped, for the passwords in it are worth
/// nothing once the peer is gone.
#[derive(Debug)]
pub struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Writes it.
    pub fn write(path: PathBuf, access: &Value) -> Result<Self> {
        super::write_whole(&path, &access.to_string())?;
        Ok(Self(path))
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Left behind it would harm nobody.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_speaks_once_it_is_ready_and_what_it_grumbles_before_is_no_answer() {
        let home = std::env::temp_dir().join(format!("xtask-served-{}", std::process::id()));
        fs::create_dir_all(&home).unwrap();
        let script = r#"echo '(deprecated)'; echo '{"ready":false}'; echo '{"ready":true,"url":"here"}'; sleep 1000"#;
        let spec = Spec::new("a test", "sh", &home).with(["-c", script]);
        let (server, access) = start_speaking(spec, &home, Duration::from_secs(10)).unwrap();
        assert_eq!(access, json!({ "ready": true, "url": "here" }));
        drop(server);

        let spec = Spec::new("a test", "sh", &home).with(["-c", "echo no port; exit 3"]);
        let problem = format!("{:#}", start_speaking(spec, &home, Duration::from_secs(10)).unwrap_err());
        assert!(problem.contains("ended at once") && problem.contains("no port"), "{problem}");
        fs::remove_dir_all(home).unwrap();
    }
}
