//! Trains the scorer of replies, or measures: `replies train|crossed|test`.
use bedside_train::datasets::Datasets;
use bedside_train::replies::{report, train};

fn main() -> anyhow::Result<()> {
    let datasets = Datasets::new(None, ".".into());
    match std::env::args().nth(1).as_deref() {
        Some("train") => {
            let trained = train(&datasets, &mut |line| println!("{line}"))?;
            std::fs::write("data/models/replies.bin", trained.file)?;
        }
        Some("test") => report::as_built(&datasets, "test")?.lines().iter().for_each(|line| println!("{line}")),
        Some("built") => report::as_built(&datasets, "train")?.lines().iter().for_each(|line| println!("{line}")),
        _ => report::crossed(&datasets)?.lines().iter().for_each(|line| println!("{line}")),
    }
    Ok(())
}
