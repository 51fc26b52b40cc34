//! How long `assess` takes: `speed FILE...` reads lines of JSON with a `text`, and reports the mean of five passes.
use std::time::Instant;

use bedside_understand::{Context, assess};

fn main() {
    let mut texts: Vec<String> = Vec::new();
    for path in std::env::args().skip(1) {
        let content = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let rows = content.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        texts.extend(rows.filter_map(|row| row["text"].as_str().map(str::to_owned)));
    }
    let context = Context::default();
    for pass in 0..5 {
        let start = Instant::now();
        let mut risks = 0;
        for text in &texts {
            risks += std::hint::black_box(assess(text, &context)).risks.len();
        }
        let took = start.elapsed();
        let each = took.as_secs_f64() * 1e6 / texts.len() as f64;
        println!("pass {pass}: {each:.2} µs a message, {:.0} messages a second ({risks} risks)", 1e6 / each);
    }
}
