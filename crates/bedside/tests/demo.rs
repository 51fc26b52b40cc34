//! `bedside demo` as somebody who looks around runs it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A demo that runs. One that a test leaves behind, because something in it did not hold, is killed.
struct Demo(Child);

impl Demo {
    /// Asks it to end, and waits until it has; its exit code.
    fn terminate(mut self) -> Option<i32> {
        let told = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
        self.0.wait().expect("it ends").code()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // One that has ended is left alone; an error here would hide the one that the test found.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the demo with what it needs in a folder; the program and its first line.
fn demo(folder: &Path, more: &[&str]) -> (Demo, Value) {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_bedside"))
        .args([&["demo", "--listen", "127.0.0.1:0", "--seconds", "3600", "--json"][..], more].concat())
        .env_remove("BEDSIDE_CONFIG")
        .env("TMPDIR", folder)
        .stdout(Stdio::piped())
        .spawn()
        .map(Demo)
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(demo.0.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    (demo, serde_json::from_str(&line).expect("a line of JSON"))
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
    assert_eq!((first.terminate(), second.terminate()), (Some(0), Some(0)));
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);
}

#[test]
fn an_installation_is_not_taken_for_a_demo() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let (first, _) = demo(dir.path(), &["--data", &data]);
    assert_eq!(first.terminate(), Some(0));
    let again = Command::new(env!("CARGO_BIN_EXE_bedside"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data", &data])
        .env_remove("BEDSIDE_CONFIG")
        .output()
        .expect("the program starts");
    assert_eq!(again.status.code(), Some(1));
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(said.contains("holds an organisation already"), "{said}");
}
