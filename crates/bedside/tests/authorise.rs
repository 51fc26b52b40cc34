//! `bedside account authorise`, from the first line to the test of what was connected, against the
//! consent pages of the emulated networks.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::Arc;

use bedside_store::testing::{self, NOON};
use bedside_store::{By, Ids, MasterKey, Store, Target};
use serde_json::{Value, json};
use url::Url;

/// A program under way, and what it says line by line.
struct Running {
    child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(data: &Path, args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bedside"))
            .args(args)
            .arg("--json")
            .env("BEDSIDE_DATA", data)
            .env_remove("BEDSIDE_DATABASE")
            .env_remove("BEDSIDE_CONFIG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take().expect("its input");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { child, input, lines }
    }

    fn says(&mut self) -> Value {
        let line = self.lines.next().expect("another line").expect("a line");
        serde_json::from_str(&line).expect("a line of JSON")
    }

    fn code(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that ended already cannot be ended again.
        drop(self.child.kill());
    }
}

/// The networks on one port.
fn sandbox(data: &Path) -> (Running, Value) {
    let mut running = Running::start(data, &["sandbox", "--listen", "127.0.0.1:0"]);
    let ready = running.says();
    (running, ready)
}

fn request(method: &str, url: &Url) -> String {
    request_with(method, url, "")
}

fn request_with(method: &str, url: &Url, body: &str) -> String {
    let host = format!("127.0.0.1:{}", url.port().expect("a port"));
    let mut stream = TcpStream::connect(&host).expect("it listens");
    let target = &url[url::Position::BeforePath..];
    let head = format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer sandbox\r\n");
    let kind = "content-type: application/json\r\nconnection: close";
    write!(stream, "{head}content-length: {}\r\n{kind}\r\n\r\n{body}", body.len()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

/// Where the network sends the browser back to: everybody consents there at once.
fn consent(address: &Value) -> Url {
    let answer = request("GET", &address.as_str().expect("an address").parse().expect("an address"));
    let to = answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a redirect");
    to.parse().expect("an address")
}

/// An installation with an organisation, as the first run leaves it.
async fn installed(data: &Path) {
    let ids = Arc::new(Ids::seeded(5));
    let master = MasterKey::load(&MasterKey::default_path(data), Some(&ids)).expect("a fresh installation");
    let store = Store::open(&Target::Sqlite(data.join("bedside.db")), master, ids.clone()).await.expect("a store");
    let new = testing::organisation(&ids, "Lakeside Health");
    store.add_organisation(new, By::cli(), NOON).await.expect("an organisation");
    store.close().await;
}

fn run(data: &Path, args: &[&str]) -> (Output, Vec<Value>) {
    let output = Command::new(env!("CARGO_BIN_EXE_bedside"))
        .args(args)
        .arg("--json")
        .env("BEDSIDE_DATA", data)
        .env_remove("BEDSIDE_DATABASE")
        .env_remove("BEDSIDE_CONFIG")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    (output, lines)
}

#[tokio::test]
async fn a_page_is_connected_through_the_browser_and_authorised_again() {
    let dir = tempfile::tempdir().unwrap();
    installed(dir.path()).await;
    let (_sandbox, ready) = sandbox(dir.path());
    let base = ready["base_url"].as_str().unwrap();
    let (page, app) = (&ready["networks"]["facebook"]["page"], &ready["networks"]["facebook"]["app"]);
    let fields = "feed,mention,ratings,messages,messaging_postbacks,message_echoes";
    let install = format!("{base}/{}/subscribed_apps?subscribed_fields={fields}", page.as_str().unwrap());
    assert!(request("POST", &install.parse().unwrap()).contains("200 OK"));

    let asks = ["account", "authorise", "--network", "facebook", "--url", base, "--allow-private"];
    let known = ["--client-id", app.as_str().unwrap(), "--client-secret-stdin"];
    let mut flow = Running::start(dir.path(), &[&asks[..], &known[..]].concat());
    writeln!(flow.input, "sandbox-secret").unwrap();
    let said = flow.says();
    assert!(said["permissions"].as_array().unwrap().iter().all(|permission| permission["what_for"].is_string()));
    let back = consent(&said["address"]);
    assert!(back.as_str().starts_with(said["return"].as_str().unwrap()), "{back}");

    // Another page may knock; it ends nothing and connects nothing.
    let mut foreign = back.clone();
    foreign.set_query(Some("state=guessed&code=theirs"));
    assert!(request("GET", &foreign).contains("was not asked for"));
    let read = request("GET", &back);
    assert!(read.contains("It worked") && read.contains("referrer-policy: no-referrer"), "{read}");
    let connected = flow.says();
    assert_eq!((&connected["ok"], flow.code()), (&json!(true), Some(0)), "{connected}");
    let checks: Vec<&str> =
        connected["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(checks, ["connect", "read", "write", "webhooks"]);

    let (health, lines) = run(dir.path(), &["account", "health", "elm street clinic"]);
    assert_eq!((health.status.code(), &lines[0]["needs"]), (Some(0), &Value::Null), "{lines:?}");
    assert_eq!(lines[0]["id"], connected["id"]);

    // Which registration it was is known, so only the browser is asked again.
    let mut again = Running::start(dir.path(), &["account", "reauthorise", "Elm Street Clinic"]);
    let address = again.says()["address"].clone();
    assert!(request("GET", &consent(&address)).contains("It worked"));
    let same = again.says();
    assert_eq!((&same["id"], &same["ok"]), (&connected["id"], &json!(true)), "{same}");
    let (_, accounts) = run(dir.path(), &["account", "health"]);
    assert_eq!(accounts.len(), 1, "it is the same account: {accounts:?}");
}

#[tokio::test]
async fn a_browser_on_another_machine_is_told_by_its_address() {
    let dir = tempfile::tempdir().unwrap();
    installed(dir.path()).await;
    let (_sandbox, ready) = sandbox(dir.path());
    let base = ready["base_url"].as_str().unwrap();
    let secret = dir.path().join("secret");
    std::fs::write(&secret, "sandbox-secret\n").unwrap();
    let secret = secret.display().to_string();
    let asks = ["account", "authorise", "--network", "linkedin", "--url", base, "--allow-private", "--paste"];
    let known = ["--client-id", "sandbox", "--client-secret-file", &secret, "--name", "Our page"];
    let mut flow = Running::start(dir.path(), &[&asks[..], &known[..]].concat());
    let back = consent(&flow.says()["address"]);
    writeln!(flow.input, "{back}").unwrap();
    let connected = flow.says();
    assert!(connected["id"].as_str().unwrap_or_default().starts_with("acc_"), "{connected}");
    let (tested, lines) = run(dir.path(), &["account", "test", "our page"]);
    assert_eq!(lines[0]["id"], connected["id"], "{}", String::from_utf8_lossy(&tested.stderr));
}

#[tokio::test]
async fn a_server_where_everybody_may_register_asks_for_no_client_id() {
    let dir = tempfile::tempdir().unwrap();
    installed(dir.path()).await;
    let (_sandbox, ready) = sandbox(dir.path());
    let base = ready["base_url"].as_str().unwrap();
    let asks = ["account", "authorise", "--network", "mastodon", "--url", base, "--allow-private", "--name", "Ours"];
    let mut flow = Running::start(dir.path(), &asks);
    let address = flow.says()["address"].clone();
    assert!(request("GET", &consent(&address)).contains("It worked"));
    let connected = flow.says();
    assert_eq!(connected["ok"], json!(true), "{connected}");
    // The registration was for another return address: there is a new one, and the account is the same.
    let mut again = Running::start(dir.path(), &["account", "reauthorise", "ours"]);
    let address = again.says()["address"].clone();
    assert!(request("GET", &consent(&address)).contains("It worked"));
    assert_eq!(again.says()["id"], connected["id"]);
}

#[tokio::test]
async fn who_lacks_something_is_told_what_and_how() {
    let dir = tempfile::tempdir().unwrap();
    installed(dir.path()).await;
    let said = |args: &[&str]| {
        let (output, lines) = run(dir.path(), args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        lines[0]["error"].as_str().unwrap_or_default().to_owned()
    };
    let unknown = said(&["account", "authorise", "--network", "facebook"]);
    assert!(
        unknown.contains("allow the return address http://127.0.0.1:") && unknown.contains("--client-id"),
        "{unknown}"
    );
    let feed = said(&["account", "authorise", "--network", "feed"]);
    assert!(feed.contains("account add --network feed"), "{feed}");
    let bare = said(&["account", "add", "--network", "facebook", "--name", "Page"]);
    assert!(bare.contains("account authorise --network facebook"), "{bare}");
    let nobody = said(&["account", "reauthorise", "Our page"]);
    assert!(nobody.contains("no account is called `Our page`"), "{nobody}");
    let secret = ["account", "authorise", "--network", "x", "--client-id", "a", "--client-secret", "hush"];
    let (refused, _) = (Command::new(env!("CARGO_BIN_EXE_bedside")).args(secret).output().unwrap(), ());
    assert_eq!(refused.status.code(), Some(2), "a secret never stands on the command line");
}

#[tokio::test]
async fn of_several_pages_the_one_that_is_named_is_connected() {
    let dir = tempfile::tempdir().unwrap();
    installed(dir.path()).await;
    let (_sandbox, ready) = sandbox(dir.path());
    let base = ready["base_url"].as_str().unwrap();
    let added = request_with(
        "POST",
        &format!("{base}/_sandbox/pages").parse().unwrap(),
        &json!({"name": "Lakeside Dental"}).to_string(),
    );
    let second: Value = serde_json::from_str(added.rsplit("\r\n\r\n").next().unwrap()).unwrap();
    let app = ready["networks"]["facebook"]["app"].as_str().unwrap();
    let asks = ["account", "authorise", "--network", "facebook", "--url", base, "--allow-private"];
    let known = ["--client-id", app, "--client-secret-stdin"];
    let mut unsure = Running::start(dir.path(), &[&asks[..], &known[..]].concat());
    writeln!(unsure.input, "sandbox-secret").unwrap();
    assert!(request("GET", &consent(&unsure.says()["address"])).contains("It worked"));
    assert_eq!(unsure.code(), Some(1), "a program is not asked which one; it says so");
    let (_, none) = run(dir.path(), &["account", "health"]);
    assert!(none.is_empty(), "and nothing was connected: {none:?}");

    let pick = ["--pick", second["id"].as_str().unwrap()];
    let mut flow = Running::start(dir.path(), &[&asks[..], &known[..], &pick[..]].concat());
    writeln!(flow.input, "sandbox-secret").unwrap();
    assert!(request("GET", &consent(&flow.says()["address"])).contains("It worked"));
    let connected = flow.says();
    assert!(connected["id"].is_string(), "{connected}");
    drop(flow);
    let (_, accounts) = run(dir.path(), &["account", "health", "lakeside dental"]);
    assert_eq!(accounts[0]["id"], connected["id"], "{accounts:?}");
}

#[tokio::test]
async fn the_address_that_a_network_is_told_is_shown_whole_to_whoever_asks_here() {
    let dir = tempfile::tempdir().unwrap();
    installed(dir.path()).await;
    let (_sandbox, ready) = sandbox(dir.path());
    let base = ready["base_url"].as_str().unwrap();
    let business = format!("business={}", ready["networks"]["yelp"]["business"].as_str().unwrap());
    let add = ["account", "add", "--network", "yelp", "--name", "Reviews", "--url", base, "--allow-private"];
    let mut added = Running::start(
        dir.path(),
        &[&add[..], &["--set", &business, "--set", "mode=partner", "--password-stdin"]].concat(),
    );
    writeln!(added.input, "sandbox").unwrap();
    let told = added.says();
    assert_eq!(added.code(), Some(0), "{told}");

    let (shown, lines) = run(dir.path(), &["account", "webhook", "reviews"]);
    assert_eq!(shown.status.code(), Some(0));
    let address = lines[0]["address"].as_str().unwrap();
    let parts: Vec<&str> = address.split('/').collect();
    assert!(matches!(parts[..], ["", "hooks", hook, secret] if hook.len() > 8 && secret.len() > 20), "{address}");
    assert_eq!(lines[0]["verify_token"], Value::Null, "Yelp repeats no token");
    let (none, _) = run(dir.path(), &["account", "webhook", "nobody"]);
    assert_ne!(none.status.code(), Some(0));
}
