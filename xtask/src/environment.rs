//! The one place of this program that reads environment variables.

use std::ffi::OsString;

/// The value of an environment variable, if it is set and not empty.
#[expect(clippy::disallowed_methods, reason = "this is the one place where xtask reads its environment")]
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Finds a program in `PATH`, and in the directories for administrators, which an ordinary user's `PATH` often lacks.
pub fn program(name: &str) -> Option<std::path::PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(Into::into))
        .map(|directory| directory.join(name))
        .find(|candidate| candidate.is_file())
}
