//! The web pages: their dependencies, their build, and the development server.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::environment;
use crate::lifeline::Spec;
use crate::project::Project;
use crate::stages::Outcome;
use crate::stamp::{Fingerprint, Stamp};

/// What is no source: made by the build, by the tests, or by npm.
const LEFT_OUT: &[&str] = &["node_modules", "dist", "test-results", "playwright-report", ".vite", "coverage"];

/// `cargo xtask web`: dependencies and build, or with `dev` the server that reloads.
pub fn run(project: &Project, dev: bool) -> Result<()> {
    if let Outcome::Skipped(why) = install(project)? {
        bail!("{why}");
    }
    if dev {
        return npm(project, "vite").with(["exec", "--", "vite"]).finish();
    }
    match build(project)? {
        Outcome::DoneWith(note) => println!("  {note}"),
        Outcome::Done => println!("  built {}", project.web().join("dist").display()),
        Outcome::Skipped(why) => bail!("{why}"),
    }
    Ok(())
}

/// `npm ci`, unless the lock file is the one that was installed last.
pub fn install(project: &Project) -> Result<Outcome> {
    let web = project.web();
    let lock = web.join("package-lock.json");
    if !lock.is_file() {
        return Ok(Outcome::Skipped("web/package-lock.json does not exist yet".into()));
    }
    let inputs = Fingerprint::new().with(&std::fs::read(&lock)?).with(&std::fs::read(web.join("package.json"))?);
    // The stamp lies where the thing lies: who removes node_modules removes it too.
    let stamp = Stamp::at(web.join("node_modules/.xtask-stamp"));
    if stamp.is_fresh(inputs) {
        return Ok(Outcome::DoneWith("nothing changed in package-lock.json".into()));
    }
    stamp.forget();
    npm(project, "npm ci").with(["ci", "--no-audit", "--no-fund"]).finish()?;
    stamp.write(inputs)?;
    Ok(Outcome::Done)
}

/// `npm run build`, unless no source changed since the last build.
pub fn build(project: &Project) -> Result<Outcome> {
    let web = project.web();
    if !web.join("package.json").is_file() {
        return Ok(Outcome::Skipped("web/package.json does not exist yet".into()));
    }
    let inputs = Fingerprint::new().with_tree(&web, LEFT_OUT)?;
    let stamp = Stamp::at(project.stamps().join("web-dist"));
    if stamp.is_fresh(inputs) && web.join("dist/index.html").is_file() {
        return Ok(Outcome::DoneWith("nothing changed in web/".into()));
    }
    stamp.forget();
    npm(project, "npm run build").with(["run", "--silent", "build"]).finish()?;
    if !web.join("dist/index.html").is_file() {
        bail!("`npm run build` made no web/dist/index.html");
    }
    stamp.write(inputs)?;
    Ok(Outcome::Done)
}

/// A program that npm installed, if it is there.
pub fn installed(project: &Project, name: &str) -> Option<PathBuf> {
    let program = project.web().join("node_modules/.bin").join(name);
    program.exists().then_some(program)
}

/// Fails with one line unless Node.js is there.
pub fn check_tools() -> Result<()> {
    for name in ["node", "npm"] {
        environment::program(name).with_context(|| {
            format!("`{name}` is not in PATH; please install Node.js 20 or newer, for instance with: apt-get install -y nodejs npm")
        })?;
    }
    Ok(())
}

fn npm(project: &Project, name: &str) -> Spec {
    Spec::new(name, "npm", &project.web())
        // The browser comes from Debian; npm need not bring another.
        .variable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .variable("npm_config_update_notifier", "false")
}
