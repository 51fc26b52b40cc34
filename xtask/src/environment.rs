//! The one place of this program that reads environment variables.

use std::ffi::OsString;
use std::path::PathBuf;

/// The value of an environment variable, if it is set and not empty.
#[expect(clippy::disallowed_methods, reason = "this is the one place where xtask reads its environment")]
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The variables that `cargo run` sets for us and that must not reach the programs we start: build scripts of some crates
/// (ring's, for one) watch them, and would be built again after every change between `cargo xtask` and plain `cargo`.
pub fn left_by_cargo() -> impl Iterator<Item = OsString> {
    let prefixes = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(move |name| prefixes.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)))
        .chain(["CARGO".into(), "LD_LIBRARY_PATH".into()])
}

/// `LD_LIBRARY_PATH` as it was before `cargo run` put the directories of this build and of the toolchain in front of it.
pub fn library_path() -> Option<OsString> {
    let joined = variable("LD_LIBRARY_PATH")?;
    let build = std::env::current_exe().ok()?.parent()?.to_owned();
    let toolchain = variable("CARGO").map(PathBuf::from).and_then(|cargo| Some(cargo.parent()?.parent()?.to_owned()));
    let is_cargos = |path: &PathBuf| {
        path.starts_with(&build) || toolchain.as_ref().is_some_and(|toolchain| path.starts_with(toolchain))
    };
    let own: Vec<PathBuf> = std::env::split_paths(&joined).filter(|path| !is_cargos(path)).collect();
    if own.is_empty() { None } else { std::env::join_paths(own).ok() }
}

/// Finds a program in `PATH`, and in the directories for administrators, which an ordinary user's `PATH` often lacks.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(Into::into))
        .map(|directory| directory.join(name))
        .find(|candidate| candidate.is_file())
}
