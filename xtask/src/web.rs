//! The web pages: their dependencies, their build, and the development server.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

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

/// Installs what the lock file says, unless that was done already.
///
/// This is `npm install --no-save` and not `npm ci`, because `npm ci` refuses a lock file that was written where the
/// registry did not offer the binaries of every foreign platform (Biome has eight of them). Both take versions and
/// hashes from the lock file; what `npm ci` checks beyond that, `agree` checks here.
pub fn install(project: &Project) -> Result<Outcome> {
    let web = project.web();
    let lock = web.join("package-lock.json");
    if !lock.is_file() {
        return Ok(Outcome::Skipped("web/package-lock.json does not exist yet".into()));
    }
    let (package, lock) = (std::fs::read(web.join("package.json"))?, std::fs::read(&lock)?);
    let inputs = Fingerprint::new().with(&lock).with(&package);
    // The stamp lies where the thing lies: who removes node_modules removes it too.
    let stamp = Stamp::at(web.join("node_modules/.xtask-stamp"));
    if stamp.is_fresh(inputs) {
        return Ok(Outcome::DoneWith("nothing changed in package-lock.json".into()));
    }
    stamp.forget();
    agree(&serde_json::from_slice(&package)?, &serde_json::from_slice(&lock)?)?;
    npm(project, "npm install")
        .with(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"])
        .finish()?;
    stamp.write(inputs)?;
    Ok(Outcome::Done)
}

/// Fails when package.json asks for something that the lock file does not know.
fn agree(package: &Value, lock: &Value) -> Result<()> {
    for key in ["dependencies", "devDependencies", "optionalDependencies"] {
        if package[key] != lock["packages"][""][key] {
            bail!("web/package.json and web/package-lock.json disagree about {key}; run `npm install` in web/");
        }
    }
    Ok(())
}

/// `npm run build`, unless no source changed since the last build.
pub fn build(project: &Project) -> Result<Outcome> {
    let web = project.web();
    if !web.join("package.json").is_file() {
        return Ok(Outcome::Skipped("web/package.json does not exist yet".into()));
    }
    let inputs = Fingerprint::new().with_tree(&web, LEFT_OUT)?;
    // Not in the target directory: there can be several, but there is only one web/dist.
    let stamp = Stamp::at(web.join("node_modules/.xtask-dist-stamp"));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_dependency_that_the_lock_file_does_not_know_is_noticed() {
        let lock = json!({ "packages": { "": { "dependencies": { "react": "19.3.1" } } } });
        agree(&json!({ "name": "web", "dependencies": { "react": "19.3.1" } }), &lock).unwrap();
        let problem = agree(&json!({ "dependencies": { "react": "19.3.2" } }), &lock).unwrap_err();
        assert!(problem.to_string().contains("disagree about dependencies"), "{problem}");
        let added = json!({ "dependencies": { "react": "19.3.1" }, "devDependencies": { "vite": "8.3.8" } });
        assert!(agree(&added, &lock).unwrap_err().to_string().contains("devDependencies"));
    }
}
