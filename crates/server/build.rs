//! Puts the built web pages into the program, as a table of bytes. Where they were not built there is
//! one page that says how to build them, so that the crate compiles without Node.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn collect(root: &Path, dir: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(dir)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            // Hidden files are stamps of the build, no pages.
            if !name.to_string_lossy().starts_with('.') {
                found.push(name.to_owned());
            }
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "cargo hands a build script its folders in the environment")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let dist = here.join("../../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.is_dir() {
        collect(&dist, &dist, &mut files)?;
    }
    let mut table = String::from("pub(super) static FILES: &[(&str, &[u8])] = &[\n");
    if files.iter().any(|name| name == Path::new("index.html")) {
        let dist = dist.canonicalize()?;
        for name in files {
            let key = name.to_string_lossy().replace('\\', "/");
            writeln!(table, "    ({key:?}, include_bytes!({:?})),", dist.join(&name))?;
        }
    } else {
        writeln!(table, "    (\"index.html\", include_bytes!({:?})),", here.join("src/assets/not-built.html"))?;
    }
    table.push_str("];\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("assets.rs"), table)?;
    Ok(())
}
