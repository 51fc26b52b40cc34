//! Trains the model of short posts or measures how it is made:
//! `BEDSIDE_DATASETS=<folder> cargo run --release -p bedside-train --example posts -- train|report`, in the root of the
//! repository.

use std::path::PathBuf;

use anyhow::{Result, bail};
use bedside_train::datasets::Datasets;
use bedside_train::posts::{self, KNOBS};

/// Where the model lies.
const FILE: &str = "data/models/posts.bin";

fn main() -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "an example of the workshop, not the program")]
    let folder = std::env::var_os("BEDSIDE_DATASETS").map(PathBuf::from);
    let datasets = Datasets::new(folder, PathBuf::from("."));
    match std::env::args().nth(1).as_deref() {
        Some("train") => {
            let file = posts::train(&datasets)?;
            println!("{FILE}: {} bytes", file.len());
            std::fs::write(FILE, file)?;
        }
        Some("report") => println!("{}", posts::report(&datasets, &KNOBS)?),
        _ => bail!("say train or report"),
    }
    Ok(())
}
