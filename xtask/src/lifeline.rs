//! Child processes that cannot outlive us.
//!
//! Each runs under a small shell script (`lifeline.sh`) in a process group of its own. The script holds the
//! read end of a pipe whose write end only this process has: when we end, in whatever way, the pipe closes
//! and the script ends the group. So Ctrl-C, a kill and an error all clean up the same way, without a
//! signal handler and without unsafe code.

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

use crate::environment;

const SCRIPT: &str = include_str!("lifeline.sh");

/// What to start and how to end it.
#[derive(Debug, Clone)]
pub struct Spec {
    /// What the process is called in messages.
    pub name: String,
    /// The program and its arguments.
    pub words: Vec<OsString>,
    /// Environment variables set in addition to ours.
    pub variables: Vec<(OsString, OsString)>,
    /// The working directory.
    pub directory: PathBuf,
    /// The signal, without SIG, that asks the group to end.
    pub signal: &'static str,
    /// A directory that is removed when the process has ended.
    pub trash: Option<PathBuf>,
    /// Where its output goes; without one, to ours.
    pub log: Option<PathBuf>,
    /// The user and group to run as; only root may set it.
    pub user: Option<u32>,
}

impl Spec {
    /// A process that is asked to end by SIGTERM and writes to our output.
    pub fn new(name: &str, program: impl Into<OsString>, directory: &Path) -> Self {
        Self {
            name: name.to_owned(),
            words: vec![program.into()],
            variables: Vec::new(),
            directory: directory.to_owned(),
            signal: "TERM",
            trash: None,
            log: None,
            user: None,
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn with<S: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.words.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Starts it.
    pub fn start(self) -> Result<Lifeline> {
        let mut command = Command::new("sh");
        command.arg("-c").arg(SCRIPT).arg("lifeline").arg(self.signal);
        command.arg(self.trash.as_deref().unwrap_or(Path::new("")));
        for name in environment::left_by_cargo() {
            command.env_remove(name);
        }
        if let Some(path) = environment::library_path() {
            command.env("LD_LIBRARY_PATH", path);
        }
        command.args(&self.words).envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.directory).stdin(Stdio::piped()).process_group(0);
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        if let Some(log) = &self.log {
            let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
            command.stdout(file.try_clone()?).stderr(file);
        }
        let child = command.spawn().with_context(|| format!("cannot start {}", self.name))?;
        Ok(Lifeline { name: self.name, log: self.log, child })
    }

    /// Starts it, waits for its end, and fails unless it succeeded.
    pub fn finish(self) -> Result<()> {
        let mut running = self.start()?;
        let status = running.wait()?;
        if !status.success() {
            bail!("{} failed ({status}){}", running.name, running.last_lines());
        }
        Ok(())
    }
}

/// A running process; dropping it ends its whole group and waits for that.
#[derive(Debug)]
pub struct Lifeline {
    name: String,
    log: Option<PathBuf>,
    child: Child,
}

impl Lifeline {
    /// Waits until it ends by itself.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        // `Child::wait` would close the pipe first, and with it the lifeline.
        let pipe = self.child.stdin.take();
        let status = self.child.wait()?;
        drop(pipe);
        Ok(status)
    }

    /// Fails, with the end of its log, if it has ended already.
    pub fn must_run(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended at once ({status}){}", self.name, self.last_lines());
        }
        Ok(())
    }

    /// The last 30 lines of its log, led by a heading; empty without a log.
    pub fn last_lines(&self) -> String {
        let Some(log) = &self.log else { return String::new() };
        let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.len().saturating_sub(30);
        format!("; the end of {}:\n  {}", log.display(), lines[from..].join("\n  "))
    }
}

impl Drop for Lifeline {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // Nothing can be done about a child that cannot be waited for.
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::wait;

    fn shell(script: &str) -> Spec {
        Spec::new("a test", "sh", &std::env::temp_dir()).with(["-c", script])
    }

    #[test]
    fn the_exit_status_of_the_child_is_ours() {
        shell("exit 0").finish().unwrap();
        assert!(shell("exit 7").finish().unwrap_err().to_string().contains("exit status: 7"));
    }

    #[test]
    fn letting_go_ends_the_child_and_its_children_and_removes_the_directory() {
        let directory = std::env::temp_dir().join(format!("xtask-lifeline-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let note = directory.with_extension("pids");
        let mut spec = shell(&format!("sleep 1000 & echo $$ $! > {}.new; mv {0}.new {0}; wait", note.display()));
        spec.trash = Some(directory.clone());
        let running = spec.start().unwrap();
        let pids = wait::until("the child has written down its pids", Duration::from_secs(10), || {
            Ok(fs::read_to_string(&note).ok())
        })
        .unwrap();
        drop(running);
        for pid in pids.split_whitespace() {
            wait::until("the process is gone", Duration::from_secs(10), || {
                let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
                Ok((state.is_empty() || state.contains(") Z ")).then_some(()))
            })
            .unwrap();
        }
        assert!(!directory.exists());
        fs::remove_file(note).unwrap();
    }

    #[test]
    fn a_failure_shows_the_end_of_the_log() {
        let log = std::env::temp_dir().join(format!("xtask-lifeline-{}.log", std::process::id()));
        let mut spec = shell("for i in $(seq 1 40); do echo line $i; done; exit 1");
        spec.log = Some(log.clone());
        let problem = spec.finish().unwrap_err().to_string();
        assert!(
            problem.contains("line 40") && problem.contains("line 11\n") && !problem.contains("line 10\n"),
            "{problem}"
        );
        fs::remove_file(log).unwrap();
    }
}
