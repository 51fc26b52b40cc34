//! What was typed, as a value. Pure, so that every spelling can be tested without running anything.

use std::path::PathBuf;

use crate::peers::{Peer, Runnable};

/// The help text; also printed when a command line is not understood.
pub const USAGE: &str = "\
usage: cargo xtask <task>

  demo [ARGUMENTS]         build everything and start Bedside with a sample organisation
  test [--quick]           every check and every test; --quick is the inner loop
  clients [NAME...]        let official clients of the networks drive the sandbox, as `test` does
  web [--dev]              build the web pages, or serve them for development
  train [MODEL...]         train the models of data/models/ from the sets in BEDSIDE_DATASETS
  bench [NAME] [-- ARGS]   run a benchmark; without a name, list them
  peers [NAME...]          fetch what the tests need: postgres, chromium, wordpress, snac,
                           mail, websub, bluesky, clients
  peers run NAME [--ready-file FILE]
                           start a throw-away postgres, wordpress, snac, mail, websub,
                           bluesky, bluesky-pds until Ctrl-C
";

/// One task with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Print the usage.
    Help,
    /// Start the demonstration; the arguments go to `bedside demo`.
    Demo { passed_on: Vec<String> },
    /// Check and test.
    Test { quick: bool },
    /// Let official clients of networks drive the sandbox; an empty list means all.
    Clients { names: Vec<String> },
    /// Build the web pages, or serve them with hot reload.
    Web { dev: bool },
    /// Train models; an empty list means all.
    Train { models: Vec<String> },
    /// Run one benchmark, or list them.
    Bench { name: Option<String>, passed_on: Vec<String> },
    /// Fetch peers; an empty list means all.
    PeersFetch { names: Vec<Peer> },
    /// Start one peer and keep it until this process ends.
    PeersRun { peer: Runnable, ready_file: Option<PathBuf> },
}

/// Reads the words after `cargo xtask`. The error is a sentence for the person who typed them.
pub fn parse(words: &[String]) -> Result<Task, String> {
    let Some((task, rest)) = words.split_first() else { return Ok(Task::Help) };
    match task.as_str() {
        "help" | "--help" | "-h" => Ok(Task::Help),
        "demo" => Ok(Task::Demo { passed_on: without_separator(rest) }),
        "test" => Ok(Task::Test { quick: flag("test", rest, "--quick")? }),
        "clients" => Ok(Task::Clients { names: without_separator(rest) }),
        "web" => Ok(Task::Web { dev: flag("web", rest, "--dev")? }),
        "train" => Ok(Task::Train { models: without_separator(rest) }),
        "bench" => Ok(match rest.split_first() {
            Some((name, more)) if name != "--" => {
                Task::Bench { name: Some(name.clone()), passed_on: without_separator(more) }
            }
            _ => Task::Bench { name: None, passed_on: Vec::new() },
        }),
        "peers" => peers(rest),
        other => Err(format!("there is no task `{other}`")),
    }
}

fn peers(words: &[String]) -> Result<Task, String> {
    let Some((first, rest)) = words.split_first().filter(|(first, _)| *first == "run") else {
        let names = words.iter().map(|word| Peer::named(word).ok_or_else(|| no_such_peer(word)));
        return Ok(Task::PeersFetch { names: names.collect::<Result<_, _>>()? });
    };
    match rest {
        [name] => Ok(Task::PeersRun { peer: runnable(name)?, ready_file: None }),
        [name, option, file] if option == "--ready-file" => {
            Ok(Task::PeersRun { peer: runnable(name)?, ready_file: Some(PathBuf::from(file)) })
        }
        _ => Err(format!("`peers {first}` takes one of {} and perhaps --ready-file FILE", names_of_servers())),
    }
}

fn runnable(word: &str) -> Result<Runnable, String> {
    Runnable::named(word).ok_or_else(|| format!("`{word}` cannot be run; only {} can", names_of_servers()))
}

fn names_of_servers() -> String {
    Runnable::ALL.map(Runnable::name).join(", ")
}

fn no_such_peer(word: &str) -> String {
    let known: Vec<&str> = Peer::ALL.iter().map(|peer| peer.name()).collect();
    format!("there is no peer `{word}`; known are {}", known.join(", "))
}

fn flag(task: &str, words: &[String], name: &str) -> Result<bool, String> {
    match words {
        [] => Ok(false),
        [word] if word == name => Ok(true),
        _ => Err(format!("`{task}` takes only {name}, not `{}`", words.join(" "))),
    }
}

fn without_separator(words: &[String]) -> Vec<String> {
    let words = if words.first().is_some_and(|word| word == "--") { &words[1..] } else { words };
    words.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Result<Task, String> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn every_task_has_its_spelling() {
        let passed_on = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let table = [
            ("", Task::Help),
            ("--help", Task::Help),
            ("test", Task::Test { quick: false }),
            ("test --quick", Task::Test { quick: true }),
            ("web", Task::Web { dev: false }),
            ("web --dev", Task::Web { dev: true }),
            ("demo", Task::Demo { passed_on: vec![] }),
            ("demo --listen 127.0.0.1:9000", Task::Demo { passed_on: passed_on(&["--listen", "127.0.0.1:9000"]) }),
            ("demo -- --json", Task::Demo { passed_on: passed_on(&["--json"]) }),
            ("clients", Task::Clients { names: vec![] }),
            ("clients facebook x_xdk", Task::Clients { names: passed_on(&["facebook", "x_xdk"]) }),
            ("train", Task::Train { models: vec![] }),
            ("train reader claims", Task::Train { models: passed_on(&["reader", "claims"]) }),
            ("bench", Task::Bench { name: None, passed_on: vec![] }),
            ("bench ingest -- --n 5", Task::Bench { name: Some("ingest".into()), passed_on: passed_on(&["--n", "5"]) }),
            ("peers", Task::PeersFetch { names: vec![] }),
            ("peers postgres chromium", Task::PeersFetch { names: vec![Peer::Postgres, Peer::Chromium] }),
            ("peers run postgres", Task::PeersRun { peer: Runnable::Postgres, ready_file: None }),
            (
                "peers run wordpress --ready-file a.json",
                Task::PeersRun { peer: Runnable::Wordpress, ready_file: Some("a.json".into()) },
            ),
        ];
        for (line, task) in table {
            assert_eq!(typed(line), Ok(task), "cargo xtask {line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said_by_name() {
        for (line, word) in [
            ("tset", "tset"),
            ("test --fast", "--fast"),
            ("peers mysql", "mysql"),
            ("peers run chromium", "chromium"),
            ("peers run", "postgres, wordpress"),
        ] {
            let problem = typed(line).expect_err(line);
            assert!(problem.contains(word), "{line}: {problem}");
        }
    }

    #[test]
    fn the_usage_names_every_peer() {
        for name in Peer::ALL.map(Peer::name).into_iter().chain(Runnable::ALL.map(Runnable::name)) {
            assert!(USAGE.contains(&format!(" {name}")), "{name}");
        }
    }
}
