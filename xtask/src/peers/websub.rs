//! A WebSub hub with the pages that it watches: Flask-WebSub, under `xtask/websub/hub.py`.

use std::time::Duration;

use anyhow::Result;

use super::Progress;
use super::postgres::scratch;
use super::python::Environment;
use super::served::{Served, start_speaking};
use crate::lifeline::Spec;
use crate::project::Project;

/// What the hub is made of.
pub const ENVIRONMENT: Environment =
    Environment { name: "websub", requirements: include_str!("../../websub/requirements.txt") };

/// Starts it. What a test learns: `hubs.ALGORITHM.hub` and `hubs.ALGORITHM.topic` for each algorithm that a hub may sign
/// with.
pub fn start(project: &Project, progress: &Progress) -> Result<Served> {
    let python = ENVIRONMENT.bring(project, progress)?;
    let home = scratch("websub")?;
    let mut spec =
        Spec::new("the WebSub hub", python, &home).with([project.root.join("xtask/websub/hub.py")]).with([&home]);
    spec.trash = Some(home.clone());
    let (server, access) = start_speaking(spec, &home, Duration::from_secs(60))?;
    Ok(Served::new(vec![server], access))
}
