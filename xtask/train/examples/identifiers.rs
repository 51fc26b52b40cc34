//! Trains and measures the identifiers: `identifiers cv`, `identifiers lists FILE`.
fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    bedside_train::identifiers::workshop(&args)
}
