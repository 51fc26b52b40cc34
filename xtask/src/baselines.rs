//! The Python packages that `cargo xtask bench understand` measures beside ours: an environment of their own in the target
//! directory, made anew where `bench/understand/requirements.txt` changed.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::environment;
use crate::lifeline::Spec;
use crate::project::Project;
use crate::stamp::{Fingerprint, Stamp};

/// Makes the environment unless it is there, and says where its Python is.
pub fn prepare(project: &Project) -> Result<PathBuf> {
    let folder = project.target.join("bench/python");
    let python = folder.join("bin/python");
    let requirements = project.root.join("bench/understand/requirements.txt");
    let wanted = std::fs::read(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let inputs = Fingerprint::new().with(&wanted);
    let stamp = Stamp::at(folder.join("stamp"));
    if python.is_file() && stamp.is_fresh(inputs) {
        return Ok(python);
    }
    let Some(system) = environment::program("python3") else {
        bail!(
            "the baselines need Python 3.10 or newer with venv and pip, and there is no `python3`: install it (Debian, Ubuntu: \
             apt install python3 python3-venv; macOS: brew install python)"
        )
    };
    stamp.forget();
    println!("installing the baselines from PyPI into {}", folder.display());
    Spec::new("python3 -m venv", system, &project.root)
        .with(["-m".into(), "venv".into(), folder.clone()].iter().map(PathBuf::as_path))
        .finish()
        .context("Python has no venv (Debian, Ubuntu: apt install python3-venv)")?;
    Spec::new("pip install", &python, &project.root)
        .with(["-m", "pip", "install", "--quiet", "--requirement"])
        .with([&requirements])
        .finish()
        .context(
            "the baselines could not be installed from PyPI; their versions stand in bench/understand/requirements.txt",
        )?;
    stamp.write(inputs)?;
    Ok(python)
}
