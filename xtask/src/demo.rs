//! `cargo xtask demo`: from a fresh clone to an inbox that comes alive.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::stages::{Outcome, Stages};
use crate::{suite, web};

/// Builds the pages and the program and becomes `bedside demo`, which then gets Ctrl-C itself and ends all that it
/// started. The debug build is taken, for the first start should not take minutes longer than it must.
pub fn run(project: &Project, passed_on: &[String]) -> Result<()> {
    web::check_tools()?;
    let mut stages = Stages::default();
    stages.run("web dependencies", || web::install(project))?;
    stages.run("web pages", || web::build(project))?;
    stages.run("program", || {
        suite::cargo(project, "cargo build").with(["build", "--package", "bedside"]).finish()?;
        Ok(Outcome::Done)
    })?;
    println!();
    let program = project.debug_binary();
    let problem = Command::new(&program).arg("demo").args(passed_on).current_dir(&project.root).exec();
    Err(problem).with_context(|| format!("cannot start {}", program.display()))
}
