//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Bedside manner for social media.
#[derive(Debug, Parser)]
#[command(name = "bedside", version, about, max_term_width = 100)]
pub struct Cli {
    /// A settings file; `bedside doctor` shows what counts.
    #[arg(long, global = true, env = "BEDSIDE_CONFIG")]
    pub config: Option<PathBuf>,
    /// The data directory.
    #[arg(long, global = true)]
    pub data: Option<String>,
    /// `sqlite`, or the address of a PostgreSQL database.
    #[arg(long, global = true, hide_env_values = true)]
    pub database: Option<String>,
    /// Answers in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Sets the clock ahead, for the tests of this program.
    #[arg(long, global = true, hide = true, default_value_t = 0)]
    pub clock_ahead_seconds: u64,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages and the API, and do all the work.
    Serve(Serve),
    /// A sample organisation on emulated networks, to look around.
    Demo(Demo),
    /// The networks, emulated on one port: to practise on, and to test clients against.
    Sandbox(Sandbox),
    /// Do the work without serving pages: poll, read, send.
    Worker,
    /// Read a file of reviews or comments.
    Import(Import),
    /// Listening by hand.
    #[command(subcommand)]
    Listen(Listen),
    /// Say what messages are.
    Understand(Lines),
    /// Check drafts.
    Guard(Lines),
    /// The log.
    #[command(subcommand)]
    Audit(Audit),
    /// Look whether everything is in order.
    Doctor,
    /// Print the OpenAPI document.
    Openapi,
    /// Copy everything while it runs, and verify the copy.
    Backup {
        /// The directory to make.
        to: PathBuf,
    },
    /// Put a backup in place. Nothing leaves afterwards until a person releases the outbox.
    Restore {
        /// The directory of the backup.
        from: PathBuf,
        /// Replace the database that is there.
        #[arg(long)]
        replace: bool,
    },
    /// The team.
    #[command(subcommand)]
    User(User),
    /// Connected channels.
    #[command(subcommand)]
    Account(Account),
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen.
    #[arg(long)]
    pub listen: Option<String>,
    /// The address under which people open Bedside.
    #[arg(long)]
    pub public_url: Option<String>,
    /// A proxy whose X-Forwarded headers are believed; may be given several times.
    #[arg(long)]
    pub trusted_proxy: Vec<String>,
    /// Which part of the work.
    #[arg(long, value_enum, default_value_t = Role::All)]
    pub role: Role,
}

/// Which part of the work a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Pages, API and loops.
    All,
    /// Pages and API.
    Web,
    /// Loops.
    Worker,
}

/// How to show Bedside.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8787")]
    pub listen: String,
    /// Seconds over which the feedback arrives.
    #[arg(long, default_value_t = 90)]
    pub seconds: u64,
}

/// How to emulate the networks.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:4490")]
    pub listen: String,
    /// What the ids are made from: the same number, the same ids.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// Reading JSON lines.
#[derive(Debug, Args)]
pub struct Lines {
    /// One JSON object a line on standard input, one answer a line on standard output.
    #[arg(long)]
    pub jsonl: bool,
    /// A text to look at instead.
    pub text: Option<String>,
}

/// Reading a file.
#[derive(Debug, Args)]
pub struct Import {
    /// CSV or JSON lines.
    pub file: PathBuf,
    /// The account to put it into; one named after the file is made where it is absent.
    #[arg(long)]
    pub account: Option<String>,
    /// `csv` or `jsonl`; told by the file's name where absent.
    #[arg(long)]
    pub format: Option<String>,
    /// A column: `text=Review`, `author=Name`, `date`, `rating`, `id`, `url`, `title`. Guessed where absent.
    #[arg(long = "column")]
    pub columns: Vec<String>,
    /// Where to write the rejected rows with their reasons.
    #[arg(long)]
    pub rejected: Option<PathBuf>,
}

/// Listening by hand.
#[derive(Debug, Subcommand)]
pub enum Listen {
    /// Poll every source that is due, read what came, and stop.
    Once {
        /// Only this source, due or not.
        #[arg(long)]
        source: Option<String>,
    },
}

/// The log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Verify the log of every organisation against itself and its checkpoints.
    Verify,
}

/// The team.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add somebody.
    Add {
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// The name that colleagues see.
        #[arg(long)]
        name: String,
        /// Roles, separated by commas.
        #[arg(long, default_value = "responder")]
        roles: String,
        /// Read the password from standard input; made up and printed where absent.
        #[arg(long)]
        password_stdin: bool,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Give somebody a new password and sign them out everywhere.
    ResetPassword {
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// Read the password from standard input; made up and printed where absent.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Connected channels.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Connect a channel and test it.
    Add {
        /// `wordpress`, `feed`, `google_business`, `import`.
        #[arg(long)]
        network: String,
        /// What the team calls it.
        #[arg(long)]
        name: String,
        /// The root of the site, or the address of the feed.
        #[arg(long, default_value = "")]
        url: String,
        /// The user name there.
        #[arg(long)]
        user: Option<String>,
        /// Read the application password or token from standard input.
        #[arg(long)]
        password_stdin: bool,
        /// A setting of the connector: `location=accounts/1/locations/2`.
        #[arg(long = "set")]
        settings: Vec<String>,
        /// Seconds between two polls.
        #[arg(long, default_value_t = 15)]
        interval: i64,
        /// A programme under 42 CFR Part 2: only fixed texts may leave.
        #[arg(long)]
        part2: bool,
        /// This host stands in a private range and may be spoken to all the same.
        #[arg(long)]
        allow_private: bool,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
}
