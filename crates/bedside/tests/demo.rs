//! `bedside demo` as somebody who looks around runs it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// Starts the demo with what it needs in a folder; the program and its first line.
fn demo(folder: &Path, more: &[&str]) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bedside"))
        .args([&["demo", "--listen", "127.0.0.1:0", "--seconds", "3600", "--json"][..], more].concat())
        .env_remove("BEDSIDE_CONFIG")
        .env("TMPDIR", folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    (child, serde_json::from_str(&line).expect("a line of JSON"))
}

fn terminate(mut child: Child) -> Option<i32> {
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    child.wait().expect("it ends").code()
}

#[test]
fn the_same_seed_shows_the_same_networks_and_nothing_is_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let (first, ready) = demo(dir.path(), &["--seed", "11"]);
    let (second, again) = demo(dir.path(), &["--seed", "11"]);
    assert_eq!((&ready["ready"], &ready["email"]), (&json!(true), &json!("dana@lakeside.example.org")));
    let ids = |ready: &Value| {
        let networks = ready["sandbox"]["networks"].as_object().expect("networks").clone();
        assert_eq!(networks.len(), 9, "{networks:?}");
        networks
    };
    assert_eq!(ids(&ready), ids(&again));
    assert_eq!(dir.path().read_dir().unwrap().count(), 2, "each has a directory of its own");
    assert_eq!((terminate(first), terminate(second)), (Some(0), Some(0)));
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);
}

#[test]
fn an_installation_is_not_taken_for_a_demo() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let (child, _) = demo(dir.path(), &["--data", &data]);
    assert_eq!(terminate(child), Some(0));
    let again = Command::new(env!("CARGO_BIN_EXE_bedside"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data", &data])
        .env_remove("BEDSIDE_CONFIG")
        .output()
        .expect("the program starts");
    assert_eq!(again.status.code(), Some(1));
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(said.contains("holds an organisation already"), "{said}");
}
