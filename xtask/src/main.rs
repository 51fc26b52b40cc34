//! The project's own tasks: `cargo xtask demo | test | clients | web | train | bench | peers`.
//!
//! Everything that a newcomer or the build server types stands here, so that neither needs to know
//! which tools lie behind it. The dependencies stay tiny: the first `cargo xtask` of a fresh clone must
//! begin to do something useful within seconds.

mod args;
mod baselines;
mod bench;
mod checks;
mod clients;
mod demo;
mod environment;
mod http;
mod lifeline;
mod peers;
mod project;
mod stages;
mod stamp;
mod suite;
mod train;
mod wait;
mod web;

use std::process::ExitCode;

use args::Task;
use project::Project;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let task = match args::parse(&words) {
        Ok(task) => task,
        Err(problem) => {
            eprintln!("xtask: {problem}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    match perform(task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> anyhow::Result<()> {
    if task == Task::Help {
        println!("{}", args::USAGE);
        return Ok(());
    }
    let project = Project::find()?;
    match task {
        Task::Help => Ok(()),
        Task::Demo { passed_on } => demo::run(&project, &passed_on),
        Task::Test { quick } => suite::run(&project, quick),
        Task::Clients { names } => clients::alone(&project, &names),
        Task::Web { dev } => web::run(&project, dev),
        Task::Train { models } => train::run(&project, &models),
        Task::Bench { name, passed_on } => bench::run(&project, name.as_deref(), &passed_on),
        Task::PeersFetch { names } => peers::fetch(&project, &names),
        Task::PeersRun { peer, ready_file } => peers::run(&project, peer, ready_file.as_deref()),
    }
}
