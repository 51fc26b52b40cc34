//! What is read from standard input: secrets, which never stand on the command line, and answers.

use anyhow::Context as _;

/// One line of standard input, without its end; empty at the end of the input.
pub fn line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("standard input")?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
