//! Virtual environments: programs from PyPI, each with its dependencies in a directory of its own below
//! `target/peers/python`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::Progress;
use crate::environment;
use crate::lifeline::Spec;
use crate::project::Project;
use crate::stamp::{Fingerprint, Stamp};

/// What to type where Python cannot make an environment: Debian cuts that part off into a package of its own.
const ADVICE: &str =
    "Python cannot make virtual environments here; please run: apt-get install -y python3 python3-venv";

/// An environment and what goes into it.
#[derive(Debug, Clone, Copy)]
pub struct Environment {
    /// The name of its directory.
    pub name: &'static str,
    /// The requirements, as pip reads them from a file.
    pub requirements: &'static str,
}

impl Environment {
    /// Makes it, unless it was made from the same requirements by the same Python before; returns its `python`.
    pub fn bring(self, project: &Project, progress: &Progress) -> Result<PathBuf> {
        let system = environment::program("python3").context(ADVICE)?;
        let version = Command::new(&system).arg("--version").output()?.stdout;
        let directory = project.peers().join("python").join(self.name);
        // An environment knows the path at which it was made.
        let inputs = [self.requirements.as_bytes(), &version, directory.as_os_str().as_encoded_bytes()];
        let inputs = inputs.into_iter().fold(Fingerprint::new(), Fingerprint::with);
        let stamp = Stamp::at(directory.join("xtask-stamp"));
        let python = directory.join("bin/python");
        if stamp.is_fresh(inputs) && python.is_file() {
            return Ok(python);
        }
        if directory.exists() {
            // What an interrupted run left behind.
            fs::remove_dir_all(&directory).with_context(|| format!("cannot remove {}", directory.display()))?;
        }
        fs::create_dir_all(&directory)?;
        let made = Command::new(&system).args(["-m", "venv"]).arg(&directory).output()?;
        if !made.status.success() {
            let said = [made.stdout, made.stderr].concat();
            bail!("{ADVICE} (it says: {})", String::from_utf8_lossy(&said).trim());
        }
        let wanted: Vec<&str> = self.requirements.lines().filter(|line| !line.starts_with('#')).collect();
        let wanted = wanted.join(", ");
        progress.step(self.name, &format!("installing from PyPI: {wanted}"));
        let begun = Instant::now();
        let requirements = directory.join("requirements.txt");
        fs::write(&requirements, self.requirements)?;
        let mut install = Spec::new("pip install", &python, &directory)
            .with(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .with([&requirements]);
        install.log = Some(directory.join("pip.log"));
        install.finish()?;
        stamp.write(inputs)?;
        progress.step(self.name, &format!("installed in {:.1} s", begun.elapsed().as_secs_f64()));
        Ok(python)
    }
}
