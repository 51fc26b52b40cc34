//! The programs behind the peers: where each was found, and how it must be called to run from there.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::Progress;
use super::debian::{self, Debian, Packages};
use crate::environment;
use crate::project::Project;

/// The user that runs what refuses to run as root: `nobody`, who has this number on every Debian.
pub const NOBODY: u32 = 65_534;

/// A program with all that it takes to start it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// The program itself.
    pub program: PathBuf,
    /// Arguments that come before all others.
    pub arguments: Vec<String>,
    /// `LD_LIBRARY_PATH`, if it runs from the unpacked tree.
    pub library_path: Option<String>,
}

impl Tool {
    fn at(program: PathBuf) -> Self {
        Self { program, arguments: Vec::new(), library_path: None }
    }

    /// Another program of the same directory, called in the same way.
    #[must_use]
    pub fn sibling(&self, name: &str) -> Self {
        Self { program: self.program.with_file_name(name), ..self.clone() }
    }

    /// The environment that it needs.
    pub fn variables(&self) -> Vec<(OsString, OsString)> {
        self.library_path.iter().map(|path| ("LD_LIBRARY_PATH".into(), path.into())).collect()
    }

    /// A command that runs it, in a fixed locale.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).envs(self.variables()).env("LC_ALL", "C").stdin(Stdio::null());
        command
    }

    fn as_json(&self) -> Value {
        json!({ "program": self.program, "arguments": self.arguments, "library_path": self.library_path })
    }

    fn from_json(value: &Value) -> Option<Self> {
        let arguments = value["arguments"].as_array()?.iter().map(|word| word.as_str().map(str::to_owned));
        Some(Self {
            program: PathBuf::from(value["program"].as_str()?),
            arguments: arguments.collect::<Option<_>>()?,
            library_path: value["library_path"].as_str().map(str::to_owned),
        })
    }
}

/// Finds and fetches programs for one checkout.
#[derive(Debug, Clone)]
pub struct Tools {
    debian: Debian,
    notes: PathBuf,
}

/// Where a program is looked for: on the system, or in the unpacked tree.
enum Place<'a> {
    System,
    Unpacked(&'a Path),
}

impl Tools {
    /// The tools below `target/peers`.
    pub fn of(project: &Project) -> Self {
        let peers = project.peers();
        Self { debian: Debian::at(peers.clone()), notes: peers.join("tools") }
    }

    /// The root of the unpacked tree.
    pub fn root(&self) -> PathBuf {
        self.debian.root()
    }

    /// `postgres`; `initdb` and `pg_isready` are its siblings.
    pub fn postgres(&self, progress: &Progress) -> Result<Tool> {
        let packages = Packages { whole: &["postgresql"], alone: &[] };
        self.bring("postgres", packages, progress, |place| self.find_postgres(place))
    }

    /// `postgres` if it needs no fetching.
    pub fn postgres_at_hand(&self) -> Option<Tool> {
        self.find_postgres(&Place::System).or_else(|_| self.find_postgres(&Place::Unpacked(&self.root()))).ok()
    }

    /// A browser that prints a page without a window.
    pub fn chromium(&self, progress: &Progress) -> Result<Tool> {
        let packages = Packages { whole: &["chromium"], alone: &[] };
        self.bring("chromium", packages, progress, |place| self.find_chromium(place))
    }

    /// PHP with the extensions of WordPress.
    pub fn php(&self, progress: &Progress) -> Result<Tool> {
        let packages =
            Packages { whole: &["php-cli", "php-mysql", "php-gd", "php-xml", "php-mbstring", "php-curl"], alone: &[] };
        self.bring("php", packages, progress, |place| self.find_php(place))
    }

    /// `mariadbd`; its base directory is two levels up.
    pub fn mariadb(&self, progress: &Progress) -> Result<Tool> {
        let packages = Packages { whole: &["mariadb-server-core", "mariadb-client-core"], alone: &[] };
        self.bring("mariadb", packages, progress, |place| self.find_mariadb(place))
    }

    /// The files of WordPress, only ever unpacked: Debian's package would bring a web server. The program of this
    /// "tool" is its `wp-load.php`.
    pub fn wordpress(&self, progress: &Progress) -> Result<Tool> {
        let packages = Packages { whole: &[], alone: &["wordpress", "php-getid3"] };
        self.bring("wordpress", packages, progress, |place| match place {
            Place::System => bail!("WordPress is always taken from its package"),
            Place::Unpacked(root) => existing(root.join("usr/share/wordpress/wp-load.php")).map(Tool::at),
        })
    }

    /// `snac`, a server with Mastodon's API; on Debian 12 it is in the backports.
    pub fn snac(&self, progress: &Progress) -> Result<Tool> {
        let packages = Packages { whole: &["snac2"], alone: &[] };
        self.bring("snac", packages, progress, |place| {
            let tool = match place {
                Place::System => Tool::at(environment::program("snac").context("no snac in PATH")?),
                Place::Unpacked(root) => self.unpacked(root.join("usr/bin/snac"))?,
            };
            // Without arguments it says what it is, and fails.
            let said = tool.command().output().context("cannot start snac")?;
            let is_snac = String::from_utf8_lossy(&said.stdout).contains("ActivityPub");
            ensure!(
                is_snac,
                "{} does not run: {}",
                tool.program.display(),
                String::from_utf8_lossy(&said.stderr).trim()
            );
            Ok(tool)
        })
    }

    /// `dovecot`, which serves IMAP.
    pub fn dovecot(&self, progress: &Progress) -> Result<Tool> {
        let packages = Packages { whole: &["dovecot-imapd"], alone: &[] };
        self.bring("dovecot", packages, progress, |place| {
            let tool = match place {
                Place::System => Tool::at(environment::program("dovecot").context("no dovecot in PATH")?),
                Place::Unpacked(root) => laid_over_the_system(root, "usr/sbin/dovecot")?,
            };
            let mut command = tool.command();
            command.args(["--version"]);
            if super::is_root() {
                command.uid(NOBODY).gid(NOBODY);
            }
            answers(command, "2.")?;
            Ok(tool)
        })
    }

    /// `redis-server`, on which Bluesky's AppView builds.
    pub fn redis(&self, progress: &Progress) -> Result<Tool> {
        let packages = Packages { whole: &["redis-server"], alone: &[] };
        self.bring("redis", packages, progress, |place| {
            let tool = match place {
                Place::System => Tool::at(environment::program("redis-server").context("no redis-server in PATH")?),
                Place::Unpacked(root) => self.unpacked(root.join("usr/bin/redis-server"))?,
            };
            let mut command = tool.command();
            command.arg("--version");
            answers(command, "Redis server")?;
            Ok(tool)
        })
    }

    fn bring(
        &self,
        name: &str,
        packages: Packages,
        progress: &Progress,
        find: impl Fn(&Place) -> Result<Tool>,
    ) -> Result<Tool> {
        let note = self.notes.join(format!("{name}.json"));
        if let Some(tool) = remembered(&note, &packages) {
            return Ok(tool);
        }
        let root = self.root();
        let found = find(&Place::System).or_else(|_| find(&Place::Unpacked(&root))).or_else(|_| {
            let unpacked = self.debian.unpack(name, packages, progress).and_then(|()| find(&Place::Unpacked(&root)));
            unpacked.or_else(|why| {
                progress.step(name, &format!("cannot run unpacked: {why:#}"));
                debian::install(name, packages.whole, progress)?;
                find(&Place::System)
            })
        });
        let tool = found.with_context(|| format!("no {name}"))?;
        let mut written = tool.as_json();
        written["packages"] = packages.as_json();
        super::write_whole(&note, &written.to_string())?;
        Ok(tool)
    }

    fn unpacked(&self, program: PathBuf) -> Result<Tool> {
        Ok(Tool { library_path: Some(self.debian.library_path()?), ..Tool::at(existing(program)?) })
    }

    fn find_postgres(&self, place: &Place) -> Result<Tool> {
        let (root, is_unpacked) = match place {
            Place::System => (Path::new("/"), false),
            Place::Unpacked(root) => (*root, true),
        };
        let newest = newest_version(&root.join("usr/lib/postgresql"))?;
        let program = existing(newest.join("bin/postgres"))?;
        let tool = if is_unpacked { self.unpacked(program)? } else { Tool::at(program) };
        for name in ["postgres", "initdb", "pg_isready"] {
            let mut command = tool.sibling(name).command();
            command.arg("--version").current_dir("/");
            if super::is_root() {
                command.uid(NOBODY).gid(NOBODY);
            }
            answers(command, "PostgreSQL")?;
        }
        Ok(tool)
    }

    fn find_chromium(&self, place: &Place) -> Result<Tool> {
        let tool = match place {
            Place::System => {
                let found =
                    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(environment::program);
                Tool::at(found.context("no browser in PATH")?)
            }
            Place::Unpacked(root) => {
                let real = self.unpacked(root.join("usr/lib/chromium/chromium"))?;
                Tool::at(launcher(&self.notes.join("chromium"), &real, root)?)
            }
        };
        let mut command = Command::new("timeout");
        command.arg("60").arg(&tool.program).stdin(Stdio::null());
        // A profile of its own, since the home directory may be missing or not ours.
        command.arg(format!("--user-data-dir={}", self.notes.join("chromium.profile").display()));
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "data:text/html,<p>bedside</p>"]);
        answers(command, "<p>bedside</p>")?;
        Ok(tool)
    }

    fn find_php(&self, place: &Place) -> Result<Tool> {
        let tool = match place {
            Place::System => Tool::at(environment::program("php").context("no php in PATH")?),
            Place::Unpacked(root) => {
                let programs = listed(&root.join("usr/bin"))?;
                let is_php = |path: &PathBuf| {
                    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    name.strip_prefix("php").is_some_and(|version| version.parse::<f32>().is_ok())
                };
                let program = programs.into_iter().rfind(is_php).context("no php was unpacked")?;
                let extensions = listed(&root.join("usr/lib/php"))?;
                let is_build = |path: &PathBuf| path.join("mysqli.so").is_file();
                let extensions = extensions.into_iter().rfind(is_build).context("no PHP extensions were unpacked")?;
                Tool { arguments: php_arguments(&extensions), ..self.unpacked(program)? }
            }
        };
        let mut command = tool.command();
        command.args([
            "-r",
            "foreach (['mysqli','gd','dom','mbstring','curl'] as $e) extension_loaded($e) or die($e); echo 'complete';",
        ]);
        answers(command, "complete")?;
        Ok(tool)
    }

    fn find_mariadb(&self, place: &Place) -> Result<Tool> {
        let tool = match place {
            Place::System => Tool::at(environment::program("mariadbd").context("no mariadbd in PATH")?),
            Place::Unpacked(root) => self.unpacked(root.join("usr/sbin/mariadbd"))?,
        };
        existing(base_directory(&tool).join("bin/mariadb-install-db"))?;
        existing(base_directory(&tool).join("bin/my_print_defaults"))?;
        let mut command = tool.command();
        command.args(["--no-defaults", "--version"]);
        answers(command, "MariaDB")?;
        Ok(tool)
    }
}

/// A program that finds its parts only at paths that were compiled in: it runs in a view of the files of its own, in which
/// the unpacked tree lies over the system's `/usr`. It takes no right but that to open such a view (user_namespaces(7)).
fn laid_over_the_system(root: &Path, program: &str) -> Result<Tool> {
    existing(root.join(program))?;
    let usr = root.join("usr");
    let usr = usr.to_str().filter(|path| !path.contains([':', ',', '\\'])).context("no path for an overlay")?;
    let unshare = environment::program("unshare").context("no unshare in PATH")?;
    let script = "mount -t overlay overlay -o lowerdir=\"$0:/usr\" /usr && exec \"$@\"";
    let arguments = ["--user", "--map-current-user", "--keep-caps", "--mount", "sh", "-c", script, usr];
    let mut tool = Tool::at(unshare);
    tool.arguments = arguments.into_iter().map(str::to_owned).chain([format!("/{program}")]).collect();
    Ok(tool)
}

/// The `usr` above `usr/sbin/mariadbd`.
pub fn base_directory(mariadbd: &Tool) -> PathBuf {
    mariadbd.program.ancestors().nth(2).map(Path::to_owned).unwrap_or_default()
}

/// What was found last time, unless it has gone or was found for other packages than those wanted now.
fn remembered(note: &Path, packages: &Packages) -> Option<Tool> {
    let written: Value = serde_json::from_str(&fs::read_to_string(note).ok()?).ok()?;
    let tool = Tool::from_json(&written)?;
    (tool.program.is_file() && written["packages"] == packages.as_json()).then_some(tool)
}

fn existing(path: PathBuf) -> Result<PathBuf> {
    if !path.is_file() {
        bail!("{} does not exist", path.display());
    }
    Ok(path)
}

fn listed(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).with_context(|| format!("{} does not exist", directory.display()))?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The subdirectory with the highest number as its name.
fn newest_version(directory: &Path) -> Result<PathBuf> {
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = listed(directory)?.into_iter().filter(|path| path.join("bin/initdb").is_file()).max_by_key(version);
    newest.with_context(|| format!("no server in {}", directory.display()))
}

/// Unpacked extensions have no configuration that would load them; this loads those that WordPress uses, in an order in
/// which each finds what it builds on.
fn php_arguments(extensions: &Path) -> Vec<String> {
    let wanted = "mysqlnd mysqli curl gd mbstring xml dom simplexml xmlreader xmlwriter ctype exif fileinfo iconv tokenizer posix";
    let mut arguments = vec!["-n".to_owned(), "-d".to_owned(), format!("extension_dir={}", extensions.display())];
    let present = wanted.split(' ').filter(|name| extensions.join(format!("{name}.so")).is_file());
    for option in present.map(|name| format!("extension={name}")) {
        arguments.extend(["-d".to_owned(), option]);
    }
    if extensions.join("opcache.so").is_file() {
        arguments.extend(["-d".to_owned(), "zend_extension=opcache".to_owned()]);
    }
    arguments
}

/// Other programs can be told only one path to a browser, so the unpacked one gets a script that sets its libraries and,
/// on a system without fonts, its fonts.
fn launcher(at: &Path, tool: &Tool, root: &Path) -> Result<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let fonts = at.with_extension("fonts.conf");
    let list = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n  <dir>/usr/share/fonts</dir>\n  \
         <dir>{}/usr/share/fonts</dir>\n  <cachedir>{}</cachedir>\n</fontconfig>\n",
        root.display(),
        at.with_extension("fonts.cache").display(),
    );
    super::write_whole(&fonts, &list)?;
    let quoted = |path: &str| format!("'{}'", path.replace('\'', "'\\''"));
    let script = format!(
        "#!/bin/sh\nexport LD_LIBRARY_PATH={}\n[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE={}\nexec {} \"$@\"\n",
        quoted(tool.library_path.as_deref().unwrap_or_default()),
        quoted(&fonts.display().to_string()),
        quoted(&tool.program.display().to_string()),
    );
    super::write_whole(at, &script)?;
    fs::set_permissions(at, fs::Permissions::from_mode(0o755))?;
    Ok(at.to_owned())
}

/// Runs a command and looks for a word in what it prints.
fn answers(mut command: Command, word: &str) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() || !String::from_utf8_lossy(&output.stdout).contains(word) {
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = said.lines().collect();
        bail!("{name} does not run: {}", lines[lines.len().saturating_sub(3)..].join(" | "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_remembered_with_all_it_takes_to_start_it() {
        let tool = Tool {
            program: "/peers/usr/bin/php8.2".into(),
            arguments: vec!["-n".into(), "-d".into(), "extension=gd".into()],
            library_path: Some("/peers/usr/lib".into()),
        };
        assert_eq!(Tool::from_json(&tool.as_json()), Some(tool.clone()));
        assert_eq!(tool.sibling("phar").program, Path::new("/peers/usr/bin/phar"));
        assert_eq!(Tool::from_json(&Value::Null), None);
    }
}
