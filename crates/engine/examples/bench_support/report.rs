//! How a benchmark says what it measured: one row of the table in `bench/README.md`, which
//! `cargo xtask bench` copies there with the day and the load of the machine.

/// The value below which the part `part` (0 to 1) of the values lies.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

/// Prints the row: what was measured, the result, the goal, and how.
pub fn row(what: &str, measured: &str, goal: &str, how: &str) {
    println!("| {what} | {measured} | goal {goal} | {how} |");
}

/// The number given at a place of the command line.
pub fn argument(at: usize, absent: u64) -> u64 {
    std::env::args().nth(at + 1).map_or(absent, |text| text.parse().expect("a number"))
}
