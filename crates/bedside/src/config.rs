//! The settings of the program: built-in defaults, a file, the environment, the command line.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use bedside_engine::Clock;
use bedside_store::{MasterKey, Target};
use serde::Deserialize;

/// The documentation of the settings, which is also their defaults.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// The names of the settings, each also an environment variable `BEDSIDE_<NAME>`.
const NAMES: [&str; 7] = ["data", "database", "listen", "public_url", "trusted_proxy", "master_key_file", "log"];

/// The settings of the program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    database: String,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address under which people open Bedside; empty for the listening address.
    pub public_url: String,
    /// Proxies that are believed.
    pub trusted_proxy: Vec<IpAddr>,
    master_key_file: String,
    /// What is logged.
    pub log: String,
    /// The clock, which only tests set.
    #[serde(skip, default = "system_clock")]
    pub clock: Clock,
}

fn system_clock() -> Clock {
    Clock::System
}

/// The one place where the environment is read.
#[expect(clippy::disallowed_methods, reason = "configuration is read here and nowhere else")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Config {
    /// Reads the settings. `given` are those of the command line.
    pub fn load(file: Option<&Path>, given: &[(&str, String)]) -> anyhow::Result<Self> {
        let mut table: toml::Table = DEFAULTS.parse().context("the built-in settings cannot be read")?;
        if let Some(path) = file {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("the settings file {}", path.display()))?;
            let own: toml::Table = text.parse().with_context(|| format!("the settings file {}", path.display()))?;
            for (name, value) in own {
                if !NAMES.contains(&name.as_str()) {
                    bail!("{}: there is no setting `{name}`; the settings are {}", path.display(), NAMES.join(", "));
                }
                table.insert(name, value);
            }
        }
        for name in NAMES {
            let variable = format!("BEDSIDE_{}", name.to_uppercase());
            if let Some(value) = environment(&variable) {
                table.insert(name.to_owned(), text_value(name, &value));
            }
        }
        for (name, value) in given {
            table.insert((*name).to_owned(), text_value(name, value));
        }
        let config: Self = table.try_into().context("a setting cannot be read")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        let url = &self.public_url;
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            bail!("public_url must begin with https:// or http://, like https://bedside.example.org");
        }
        Ok(())
    }

    /// Which database.
    pub fn target(&self) -> anyhow::Result<Target> {
        match self.database.as_str() {
            "sqlite" => Ok(Target::Sqlite(self.data.join("bedside.db"))),
            url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Target::Postgres(bedside_store::db::secret::Url(url.to_owned())))
            }
            _ => bail!("database must be \"sqlite\" or an address that begins with postgres://"),
        }
    }

    /// Where the master key lies.
    pub fn master_key(&self) -> PathBuf {
        if self.master_key_file.is_empty() {
            MasterKey::default_path(&self.data)
        } else {
            PathBuf::from(&self.master_key_file)
        }
    }

    /// May the master key be made where it is absent? Only in the default place: a file that
    /// somebody named and that is not there is a mistake.
    pub fn may_make_key(&self) -> bool {
        self.master_key_file.is_empty()
    }

    /// The file of the checkpoints.
    pub fn checkpoints(&self) -> PathBuf {
        self.data.join("checkpoints.jsonl")
    }

    /// The address under which people open Bedside, once it is known where it listens.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        if self.public_url.is_empty() {
            format!("http://{bound}")
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }
}

fn text_value(name: &str, value: &str) -> toml::Value {
    if name == "trusted_proxy" {
        let list = value.split(',').map(str::trim).filter(|part| !part.is_empty());
        return toml::Value::Array(list.map(|part| toml::Value::String(part.to_owned())).collect());
    }
    toml::Value::String(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_documentation() {
        let config = Config::load(None, &[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8787");
        assert_eq!(config.target().unwrap(), Target::Sqlite("bedside-data/bedside.db".into()));
        for name in NAMES {
            assert!(DEFAULTS.contains(&format!("\n{name} = ")), "{name} is not explained");
        }
    }

    #[test]
    fn an_unknown_setting_is_an_error_that_names_the_known_ones() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bedside.toml");
        std::fs::write(&path, "listn = \"0.0.0.0:80\"\n").unwrap();
        let said = format!("{:#}", Config::load(Some(&path), &[]).unwrap_err());
        assert!(said.contains("`listn`") && said.contains("listen"), "{said}");
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bedside.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:1\"\ntrusted_proxy = [\"127.0.0.1\"]\n").unwrap();
        let given = [("listen", "127.0.0.1:2".to_owned())];
        let config = Config::load(Some(&path), &given).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.trusted_proxy.len(), 1);
    }
}
