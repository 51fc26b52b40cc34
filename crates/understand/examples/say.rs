//! What is said about a text: `say TEXT...`.
use bedside_understand::{Context, assess};

fn main() {
    for text in std::env::args().skip(1) {
        let said = assess(&text, &Context::default());
        println!("{text}\n{}", serde_json::to_string(&said).unwrap_or_default());
    }
}
