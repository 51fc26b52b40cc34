//! What commands print: a table for a person, JSON for a program.

use std::io::Write as _;

use comfy_table::{ContentArrangement, Table, presets};

/// Prints a line. Whoever reads us may stop reading (`| head`), and that is fine.
pub fn line(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// Prints a JSON value on one line.
pub fn json(value: &serde_json::Value) {
    line(&value.to_string());
}

/// Prints rows under headings.
pub fn table(headings: &[&str], rows: Vec<Vec<String>>) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(headings);
    for row in rows {
        table.add_row(row);
    }
    line(&table.to_string());
}
