//! `bedside sandbox` as a referee of clients runs it: one line, one port, and an end when it is told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

fn sandbox(listen: &str, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_bedside"))
        .args([&["sandbox", "--listen", listen, "--seed", "7"][..], more].concat())
        .env_remove("BEDSIDE_CONFIG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn get(base: &str, path: &str) -> String {
    let host = base.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(host).expect("it listens");
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer sandbox\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn every_network_is_ready_on_one_port_until_the_program_is_told_to_stop() {
    let mut child = sandbox("127.0.0.1:0", &["--json"]);
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("a line of JSON");
    assert_eq!(ready["ready"], json!(true));
    for (network, ids) in [
        ("facebook", &["page"][..]),
        ("instagram", &["user"]),
        ("youtube", &["channel", "video"]),
        ("x", &["user"]),
        ("linkedin", &["organization"]),
        ("google_business", &["account", "location"]),
        ("yelp", &["business"]),
        ("mastodon", &["account"]),
        ("bluesky", &["account"]),
    ] {
        for id in ids {
            assert!(ready["networks"][network][id].is_string(), "{network} says its {id}");
        }
    }
    let base = ready["base_url"].as_str().expect("an address");
    let page = ready["networks"]["facebook"]["page"].as_str().expect("an id");
    assert!(get(base, &format!("/v26.0/{page}")).contains("Elm Street Clinic"));
    assert!(get(base, "/").contains("/_sandbox/home/youtube"));

    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port();
    let output = sandbox(&format!("127.0.0.1:{port}"), &[]).wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(&format!("port {port} is taken by another program")), "{said}");
}
