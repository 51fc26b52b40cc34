//! Measures the scorer of replies: `replies crossed|built|test`.
use bedside_train::datasets::Datasets;
use bedside_train::replies::report;

fn main() -> anyhow::Result<()> {
    let datasets = Datasets::new(None, ".".into());
    match std::env::args().nth(1).as_deref() {
        Some("test") => report::as_built(&datasets, "test")?.lines().iter().for_each(|line| println!("{line}")),
        Some("built") => report::as_built(&datasets, "train")?.lines().iter().for_each(|line| println!("{line}")),
        _ => report::crossed(&datasets)?.lines().iter().for_each(|line| println!("{line}")),
    }
    Ok(())
}
