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
    /// Names and words that are looked for in open streams.
    #[command(subcommand)]
    WatchTerms(WatchTerms),
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
    /// What the ids on the emulated networks are made from: the same number, the same ids.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
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
    /// Connect a channel by a password, a token, or nothing, and test it.
    Add(AddAccount),
    /// Connect an account of a network that asks its owner in a browser, and test it.
    Authorise(Authorise),
    /// Ask the owner of a connected account again; everything heard and said stays.
    Reauthorise(Reauthorise),
    /// Test the connection of an account; nothing is written there.
    Test {
        /// Its name or id.
        account: String,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// The address to enter at a network that is to tell of new things, with its secret part; that it was shown is logged.
    Webhook {
        /// Its name or id.
        account: String,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// How the accounts do: days left, renewals, webhooks.
    Health {
        /// Only this one, by its name or id.
        account: Option<String>,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
}

/// A channel that is connected by a password, a token, or nothing.
#[derive(Debug, Args)]
pub struct AddAccount {
    /// `wordpress`, `feed`, `yelp`, `bluesky`, `email`, …
    #[arg(long)]
    pub network: String,
    /// What the team calls it.
    #[arg(long)]
    pub name: String,
    /// The root of the site, or the address of the feed; the network's own where it has one.
    #[arg(long, default_value = "")]
    pub url: String,
    /// The user name there.
    #[arg(long)]
    pub user: Option<String>,
    /// Read the application password or token from standard input.
    #[arg(long)]
    pub password_stdin: bool,
    /// A setting of the connector: `location=accounts/1/locations/2`.
    #[arg(long = "set")]
    pub settings: Vec<String>,
    /// Hear only what a watch term names: for a newspaper's feed, where everything stands.
    #[arg(long)]
    pub only_watched: bool,
    /// Seconds between two polls; as often as the network likes it where absent.
    #[arg(long)]
    pub interval: Option<i64>,
    /// A programme under 42 CFR Part 2: only fixed texts may leave.
    #[arg(long)]
    pub part2: bool,
    /// This host stands in a private range and may be spoken to all the same.
    #[arg(long)]
    pub allow_private: bool,
    /// The organisation, where there are several.
    #[arg(long)]
    pub organisation: Option<String>,
}

/// An account whose owner is asked.
#[derive(Debug, Args)]
pub struct Authorise {
    /// `facebook`, `instagram`, `youtube`, `x`, `linkedin`, `google_business`, `yelp` or `mastodon`.
    #[arg(long)]
    pub network: String,
    /// What the team calls it; the name that the network shows where absent.
    #[arg(long)]
    pub name: Option<String>,
    /// Which of the granted accounts, by its id on the network; asked for where there are several.
    #[arg(long)]
    pub pick: Option<String>,
    /// Your registration with the network.
    #[command(flatten)]
    pub registration: Registration,
    /// How the browser comes back.
    #[command(flatten)]
    pub browser: Browser,
    /// The organisation, where there are several.
    #[arg(long)]
    pub organisation: Option<String>,
}

/// An account whose owner is asked again.
#[derive(Debug, Args)]
pub struct Reauthorise {
    /// Its name or id.
    pub account: String,
    /// Another registration than the one it was authorised through.
    #[command(flatten)]
    pub registration: Registration,
    /// How the browser comes back.
    #[command(flatten)]
    pub browser: Browser,
    /// The organisation, where there are several.
    #[arg(long)]
    pub organisation: Option<String>,
}

/// The organisation's registration with a network: one that is kept, or a new one.
#[derive(Debug, Clone, Args)]
pub struct Registration {
    /// A registration that is kept, by its id; not needed where there is one of the network.
    #[arg(long, conflicts_with = "client_id")]
    pub registration: Option<String>,
    /// The client id that the network gave.
    #[arg(long)]
    pub client_id: Option<String>,
    /// Read the client secret from this file; it never stands on the command line.
    #[arg(long, requires = "client_id")]
    pub client_secret_file: Option<PathBuf>,
    /// Read the client secret from the first line of standard input.
    #[arg(long, requires = "client_id", conflicts_with = "client_secret_file")]
    pub client_secret_stdin: bool,
    /// The server, where the network has many (Mastodon: Bedside registers there by itself); the network's own
    /// address where absent.
    #[arg(long)]
    pub url: Option<String>,
    /// This host stands in a private range and may be spoken to all the same.
    #[arg(long)]
    pub allow_private: bool,
}

/// How the browser comes back from the network.
#[derive(Debug, Args)]
pub struct Browser {
    /// The port of 127.0.0.1 where it comes back; a free one where absent. Some networks want the
    /// return address to be registered with its port.
    #[arg(long)]
    pub port: Option<u16>,
    /// The browser runs on another machine: read the address at which it ended from standard input.
    #[arg(long, conflicts_with = "port")]
    pub paste: bool,
}

/// Names and words that are looked for in open streams.
#[derive(Debug, Subcommand)]
pub enum WatchTerms {
    /// The terms that there are.
    List {
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Add a term.
    Add {
        /// The word or phrase.
        term: String,
        /// It does not count beside this word; may be given several times.
        #[arg(long)]
        unless: Vec<String>,
        /// `name`, `site`, `doctor`, `campaign`, `misspelling` or `other`.
        #[arg(long, default_value = "name")]
        kind: String,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Add terms from a file: a term a line, or CSV with the columns `term`, `kind`, `unless` (words between `|`).
    Import {
        /// The file; `-` is standard input.
        file: PathBuf,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Remove a term.
    Remove {
        /// The word or phrase, or its id.
        term: String,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Say which terms stand in a text; nothing is kept of it.
    Try {
        /// The text.
        text: String,
        /// The organisation, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
}
