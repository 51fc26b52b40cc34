//! `understand --jsonl` and `guard --jsonl`: one JSON object a line in, one a line out.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use bedside_guard::{Policy, Request};
use bedside_understand::{Context, assess};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::Lines;

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    id: Value,
    text: String,
    #[serde(default)]
    network: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    rating: Option<f64>,
}

#[derive(Deserialize)]
struct Draft {
    #[serde(default)]
    id: Value,
    #[serde(flatten)]
    request: Request,
}

fn with_id(id: Value, answer: impl serde::Serialize) -> anyhow::Result<Value> {
    let mut line = serde_json::Map::new();
    line.insert("id".to_owned(), id);
    if let Value::Object(fields) = serde_json::to_value(answer).context("an answer cannot be written")? {
        line.extend(fields);
    }
    Ok(Value::Object(line))
}

fn understand_line(line: &str) -> anyhow::Result<Value> {
    let message: Message = serde_json::from_str(line)?;
    let context = Context { network: message.network, kind: message.kind, rating: message.rating };
    with_id(message.id, assess(&message.text, &context))
}

fn guard_line(line: &str) -> anyhow::Result<Value> {
    let draft: Draft = serde_json::from_str(line)?;
    with_id(draft.id, bedside_guard::check(&draft.request, &Policy::default()))
}

/// Says what messages are.
pub fn understand(lines: &Lines, json: bool) -> anyhow::Result<ExitCode> {
    match (&lines.text, lines.jsonl) {
        (Some(text), false) => {
            let assessment = assess(text, &Context::default());
            let out =
                if json { serde_json::to_string(&assessment)? } else { serde_json::to_string_pretty(&assessment)? };
            crate::output::line(&out);
            Ok(ExitCode::SUCCESS)
        }
        (None, true) => run(std::io::stdin().lock(), std::io::stdout().lock(), understand_line),
        _ => anyhow::bail!("give a text, or --jsonl and JSON lines on standard input"),
    }
}

/// Checks drafts.
pub fn guard(lines: &Lines, json: bool) -> anyhow::Result<ExitCode> {
    match (&lines.text, lines.jsonl) {
        (Some(text), false) => {
            let request: Request = serde_json::from_value(json!({ "account": {}, "draft": text }))?;
            let verdict = bedside_guard::check(&request, &Policy::default());
            let out = if json { serde_json::to_string(&verdict)? } else { serde_json::to_string_pretty(&verdict)? };
            crate::output::line(&out);
            Ok(ExitCode::SUCCESS)
        }
        (None, true) => run(std::io::stdin().lock(), std::io::stdout().lock(), guard_line),
        _ => anyhow::bail!("give a draft, or --jsonl and JSON lines on standard input"),
    }
}

/// Answers line by line. A line that cannot be read gives a line with `error` and does not stop the
/// run; the exit code is 1 then.
fn run(
    mut input: impl BufRead,
    output: impl Write,
    answer: impl Fn(&str) -> anyhow::Result<Value>,
) -> anyhow::Result<ExitCode> {
    let mut output = std::io::BufWriter::new(output);
    let mut bad = false;
    let mut bytes = Vec::new();
    for number in 1_u64.. {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes).context("standard input")? == 0 {
            break;
        }
        let said = std::str::from_utf8(&bytes).map_err(|_| anyhow::anyhow!("the line is not UTF-8"));
        let line =
            match said.and_then(|line| if line.trim().is_empty() { Ok(None) } else { answer(line.trim()).map(Some) }) {
                Ok(None) => continue,
                Ok(Some(line)) => line,
                Err(e) => {
                    bad = true;
                    // Where it is wrong, not what it says.
                    let id = serde_json::from_slice::<Value>(&bytes)
                        .ok()
                        .and_then(|v| v.get("id").cloned())
                        .unwrap_or(Value::Null);
                    json!({ "id": id, "line": number, "error": safe(&e) })
                }
            };
        serde_json::to_writer(&mut output, &line)?;
        output.write_all(b"\n")?;
        // Whoever feeds us line by line waits for each answer.
        output.flush()?;
    }
    Ok(ExitCode::from(u8::from(bad)))
}

/// An error of JSON may quote a value; only its kind and place are told.
fn safe(error: &anyhow::Error) -> String {
    match error.downcast_ref::<serde_json::Error>() {
        Some(e) if e.is_data() => format!("the line does not have the expected fields (column {})", e.column()),
        Some(e) => format!("the line is not valid JSON (column {})", e.column()),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &str, answer: fn(&str) -> anyhow::Result<Value>) -> (Vec<Value>, bool) {
        let mut out = Vec::new();
        let code = run(input.as_bytes(), &mut out, answer).unwrap();
        let lines = out.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).unwrap());
        (lines.collect(), code == ExitCode::SUCCESS)
    }

    #[test]
    fn a_line_that_is_no_json_does_not_stop_the_run() {
        let (lines, fine) =
            answers("{\"id\":1,\"text\":\"hello\"}\nnonsense\n{\"id\":3,\"text\":\"bye\"}\n", understand_line);
        assert!(!fine);
        assert_eq!((lines.len(), &lines[0]["id"], &lines[2]["id"]), (3, &json!(1), &json!(3)));
        assert!(lines[1]["error"].as_str().unwrap().contains("not valid JSON"));
        assert!(lines[0]["priority"].is_u64() && lines[0]["readability"].is_object());
    }

    #[test]
    fn the_error_of_a_line_does_not_repeat_its_text() {
        let (lines, _) = answers("{\"id\":7,\"text\":[\"my scan\"]}\n", understand_line);
        assert_eq!(lines[0]["id"], json!(7));
        assert!(!lines[0].to_string().contains("scan"), "{}", lines[0]);
    }

    #[test]
    fn a_draft_is_checked_with_the_defaults_of_the_interface() {
        let line = json!({ "id": "a", "account": { "name": "Lakeside Health", "network": "wordpress" }, "draft": "Your visit on Tuesday was fine." });
        let (lines, fine) = answers(&format!("{line}\n"), guard_line);
        assert!(fine);
        assert_eq!(lines[0]["verdict"], json!("block"));
        assert!(lines[0]["findings"].is_array());
    }
}
