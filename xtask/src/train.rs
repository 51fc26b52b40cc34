//! `cargo xtask train`: builds the trainer for release and lets it write the models of `data/models/`.

use anyhow::Result;

use crate::project::Project;
use crate::suite;

/// Trains the models named, or all. The trainer says where the sets come from if they are absent.
pub fn run(project: &Project, models: &[String]) -> Result<()> {
    suite::cargo(project, "the trainer")
        .with(["run", "--release", "--quiet", "--package", "bedside-train", "--"])
        .with(models)
        .finish()
}
