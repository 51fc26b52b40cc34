//! Debian packages: downloaded and unpacked into `target/peers/root`, without touching the system; installed
//! only where unpacking did not do.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Progress, backports};
use crate::environment;

/// Packages that one peer needs.
#[derive(Debug, Clone, Copy)]
pub struct Packages {
    /// Wanted with everything they depend on and the system lacks.
    pub whole: &'static [&'static str],
    /// Wanted alone: what they depend on (say, a web server) is of no use to us.
    pub alone: &'static [&'static str],
}

impl Packages {
    /// For the note of what was fetched.
    pub fn as_json(&self) -> Value {
        json!([self.whole, self.alone])
    }
}

/// The unpacked tree and the state that apt needs for it.
#[derive(Debug, Clone)]
pub struct Debian {
    directory: PathBuf,
}

impl Debian {
    /// Works below this directory.
    pub fn at(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The root of the unpacked tree.
    pub fn root(&self) -> PathBuf {
        self.directory.join("root")
    }

    /// The library directories of the unpacked tree, as `LD_LIBRARY_PATH` wants them.
    pub fn library_path(&self) -> Result<String> {
        let mut directories = Vec::new();
        for top in ["usr/lib", "lib"] {
            for entry in fs::read_dir(self.root().join(top)).into_iter().flatten() {
                let path = entry?.path();
                if path.is_dir() && path.to_string_lossy().ends_with("-linux-gnu") {
                    // Libraries that other libraries find by a run path in the real place, such as PulseAudio's.
                    let inner = fs::read_dir(&path)?.filter_map(|entry| entry.ok().map(|entry| entry.path()));
                    let inner: Vec<PathBuf> = inner.filter(|path| path.is_dir() && holds_libraries(path)).collect();
                    directories.push(path);
                    directories.extend(inner);
                }
            }
        }
        let joined = std::env::join_paths(directories)?;
        joined.into_string().ok().context("the path of the checkout is not UTF-8")
    }

    /// Downloads the packages and unpacks them. When apt does not know a package, or knows it from a list so old that
    /// the file is gone, fresh lists are fetched into our own directory and it is tried once more.
    pub fn unpack(&self, peer: &str, packages: Packages, progress: &Progress) -> Result<()> {
        if environment::program("apt-get").is_none() || environment::program("dpkg").is_none() {
            bail!("this system has no apt-get");
        }
        fs::create_dir_all(self.root())?;
        match self.download(peer, packages, self.has_own_lists(), progress) {
            Ok(files) => self.extract(peer, &files, progress),
            Err(first) => {
                progress.step(peer, "fetching fresh package lists");
                self.update()?;
                let files = self.download(peer, packages, true, progress).context(first)?;
                self.extract(peer, &files, progress)
            }
        }
    }

    fn has_own_lists(&self) -> bool {
        self.directory.join("apt/sources.list").is_file()
    }

    fn apt(&self, own_lists: bool) -> Command {
        let mut command = plain("apt-get");
        command.args(["-o", "Debug::NoLocking=true", "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=3"]);
        if own_lists {
            let state = self.directory.join("apt");
            command.arg("-o").arg(with_path("Dir::State::Lists=", &state.join("lists")));
            command.arg("-o").arg(with_path("Dir::Cache=", &state.join("cache")));
            command.arg("-o").arg(with_path("Dir::Etc::SourceList=", &state.join("sources.list")));
        }
        command
    }

    fn update(&self) -> Result<()> {
        let state = self.directory.join("apt");
        for directory in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(state.join(directory))?;
        }
        super::write_whole(&state.join("sources.list"), &backports::sources())?;
        // One unreachable third-party source makes apt fail although Debian's own lists came; the download tells.
        let _ = self.apt(true).args(["update", "-qq"]).output();
        Ok(())
    }

    fn download(&self, peer: &str, packages: Packages, own_lists: bool, progress: &Progress) -> Result<Vec<PathBuf>> {
        let mut wanted: Vec<String> = packages.alone.iter().map(|name| (*name).to_owned()).collect();
        let mut size = 0;
        if !packages.whole.is_empty() {
            let mut plan = self.apt(own_lists);
            plan.args(["install", "--print-uris", "-qq", "-y", "--no-install-recommends"]).args(packages.whole);
            for line in text(&ran(plan)?).lines() {
                let Some(entry) = plan_line(line) else { continue };
                size += entry.bytes;
                wanted.push(entry.package);
            }
        }
        let directory = self.directory.join("debs").join(peer);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory)?;
        if !wanted.is_empty() {
            let megabytes = size.div_ceil(1_000_000);
            progress.step(peer, &format!("downloading {} packages from Debian ({megabytes} MB)", wanted.len()));
            let mut command = self.apt(own_lists);
            command.args(["download", "-qq"]).args(&wanted).current_dir(&directory);
            ran(command)?;
        }
        Ok(fs::read_dir(&directory)?.collect::<std::io::Result<Vec<_>>>()?.iter().map(fs::DirEntry::path).collect())
    }

    fn extract(&self, peer: &str, files: &[PathBuf], progress: &Progress) -> Result<()> {
        if !files.is_empty() {
            progress.step(peer, &format!("unpacking {} packages", files.len()));
        }
        for file in files {
            let mut command = plain("dpkg");
            command.arg("-x").arg(file).arg(self.root());
            ran(command)?;
            fs::remove_file(file)?;
        }
        Ok(())
    }
}

/// Installs packages on the system, as root or through sudo without a password; else the error is the one line that
/// says what to type.
pub fn install(peer: &str, packages: &[&str], progress: &Progress) -> Result<()> {
    let mut advice = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    let Some(mut prefix) = right_to_install() else {
        if !super::is_root() {
            advice.insert_str(0, "sudo ");
        }
        bail!("{peer} is missing and may not be installed from here; please run: {advice}");
    };
    let mut install = |words: &[&str]| {
        prefix.extend(words.iter().map(|word| (*word).to_owned()));
        let mut command = plain(&prefix[0]);
        command.args(&prefix[1..]);
        prefix.truncate(prefix.len() - words.len());
        ran(command)
    };
    progress.step(peer, &format!("installing {}", packages.join(" ")));
    let words: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].into_iter().chain(packages.iter().copied()).collect();
    if install(&words).is_err() {
        progress.step(peer, "fetching fresh package lists for the system");
        // As above: the installation tells whether it was enough.
        let _ = install(&["update", "-qq"]);
        install(&words).with_context(|| format!("{peer} could not be installed; the command was: {advice}"))?;
    }
    Ok(())
}

fn right_to_install() -> Option<Vec<String>> {
    environment::program("apt-get")?;
    if super::is_root() {
        return Some(vec!["apt-get".into()]);
    }
    let mut asked = plain("sudo");
    asked.args(["-n", "true"]);
    ran(asked).ok()?;
    Some(["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"].map(Into::into).into())
}

fn holds_libraries(directory: &Path) -> bool {
    let is_library = |entry: std::io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.file_name().to_string_lossy().contains(".so"))
    };
    fs::read_dir(directory).is_ok_and(|mut entries| entries.any(is_library))
}

/// A command whose words do not depend on the locale or on questions to a person.
fn plain(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env("LC_ALL", "C").env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    command
}

fn ran(mut command: Command) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = said.lines().collect();
        bail!("{name} failed: {}", lines[lines.len().saturating_sub(3)..].join(" | "));
    }
    Ok(output)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn with_path(option: &str, path: &Path) -> std::ffi::OsString {
    let mut word = std::ffi::OsString::from(option);
    word.push(path);
    word
}

#[derive(Debug, PartialEq, Eq)]
struct PlanLine {
    package: String,
    bytes: u64,
}

/// Reads one line of `apt-get install --print-uris`: `'address' file size hash`.
fn plan_line(line: &str) -> Option<PlanLine> {
    let mut words = line.strip_prefix('\'')?.split_once("' ")?.1.split(' ');
    let package = words.next()?.split_once('_')?.0.to_owned();
    Some(PlanLine { package, bytes: words.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_of_apt_names_packages_and_sizes() {
        let line = "'http://deb.example.org/pool/m/mariadb-common_10.11_all.deb' mariadb-common_1%3a10.11_all.deb 27624 SHA256:ab";
        assert_eq!(plan_line(line), Some(PlanLine { package: "mariadb-common".into(), bytes: 27_624 }));
        assert_eq!(plan_line("Reading package lists..."), None);
        assert_eq!(plan_line(""), None);
    }
}
