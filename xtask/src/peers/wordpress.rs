//! A throw-away WordPress on loopback, with MariaDB behind it.
//!
//! The files are Debian's. The database is installed once, as a template; each start copies it, so that every
//! test run sees the same fresh blog. Nothing is stored in the unpacked files, so several can run at once.

use std::fs;
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::postgres::scratch;
use super::served::Served;
use super::tools::{Tool, Tools, base_directory};
use super::{Progress, is_root};
use crate::lifeline::{Lifeline, Spec};
use crate::project::Project;
use crate::stamp::{Fingerprint, Stamp};
use crate::{http, wait};

const CONFIGURATION: &str = include_str!("../../wordpress/wp-config.php");
const SETUP: &str = include_str!("../../wordpress/setup.php");
const ROUTER: &str = include_str!("../../wordpress/router.php");
const PLUGIN: &str = include_str!("../../wordpress/plugin.php");
const THEME_PAGE: &str = include_str!("../../wordpress/theme/index.php");
const THEME_STYLE: &str = include_str!("../../wordpress/theme/style.css");

/// Fetches the programs and prepares the template; returns its directory.
pub fn prepare(project: &Project, tools: &Tools, progress: &Progress) -> Result<PathBuf> {
    let (php, mariadb) = (tools.php(progress)?, tools.mariadb(progress)?);
    let code = tools.wordpress(progress)?.program.parent().context("WordPress has no directory")?.to_owned();
    let home = project.peers().join("wordpress");
    let template = home.join("template");
    let version = fs::read(code.join("wp-includes/version.php"))?;
    let parts = [CONFIGURATION, SETUP, ROUTER, PLUGIN, THEME_PAGE, THEME_STYLE];
    let inputs = parts.iter().fold(Fingerprint::new().with(&version), |all, part| all.with(part.as_bytes()));
    let stamp = Stamp::at(home.join("stamp"));
    if stamp.is_fresh(inputs) && template.is_dir() {
        return Ok(template);
    }
    stamp.forget();
    for directory in [&template, &home.join("content")] {
        if directory.exists() {
            fs::remove_dir_all(directory)?;
        }
    }
    write_files(&home, &code)?;
    progress.step("wordpress", "installing the blog into a new database");
    let work = scratch("wp")?;
    let made = install(&php, &mariadb, &home, &code, &work).and_then(|()| copy_tree(&work.join("db"), &template));
    // What is left in the temporary directory harms nobody.
    let _ = fs::remove_dir_all(&work);
    made?;
    stamp.write(inputs)?;
    Ok(template)
}

/// Starts a fresh copy of the prepared blog on a free port. What a test learns: `url`, `admin_user`, `app_password`,
/// `visitor_user`, `visitor_password`, `second_user`, `second_app_password`, `post_id`.
pub fn start(project: &Project, tools: &Tools, progress: &Progress) -> Result<Served> {
    let (php, mariadb) = (tools.php(progress)?, tools.mariadb(progress)?);
    let code = tools.wordpress(progress)?.program.parent().context("WordPress has no directory")?.to_owned();
    let home = project.peers().join("wordpress");
    let work = scratch("wp")?;
    copy_tree(&home.join("template"), &work.join("db"))?;
    copy_tree(&home.join("content"), &work.join("content"))?;
    let database = start_database(&mariadb, &work, Some(work.clone()))?;

    let port = http::free_port()?;
    let url = format!("http://127.0.0.1:{port}");
    let mut serve = site(Spec::new("php -S", &php.program, &work).with(&php.arguments), &php, &work, &url)
        .with(["-S", &format!("127.0.0.1:{port}"), "-t"])
        .with([&code])
        .with([home.join("router.php")])
        .variable("PHP_CLI_SERVER_WORKERS", "4");
    serve.log = Some(work.join("php.log"));
    let mut server = serve.start()?;
    let answer = wait::until("WordPress answers", Duration::from_secs(60), || {
        server.must_run()?;
        Ok(http::get(port, "/wp-json/wp/v2/posts").ok())
    })
    .with_context(|| server.last_lines())?;
    if answer.status != 200 {
        bail!("WordPress answers {}: {}{}", answer.status, answer.body.trim(), server.last_lines());
    }
    let mut access: Value = serde_json::from_str(&fs::read_to_string(home.join("access.json"))?)?;
    access["url"] = Value::String(url);
    // PHP ends before its database does.
    Ok(Served::new(vec![server, database], access))
}

/// Puts our files beside the prepared database, and our configuration in the place of Debian's.
fn write_files(home: &Path, code: &Path) -> Result<()> {
    let files = [
        (home.join("setup.php"), SETUP),
        (home.join("router.php"), ROUTER),
        (home.join("content/mu-plugins/bedside-tests.php"), PLUGIN),
        (home.join("content/themes/plain/index.php"), THEME_PAGE),
        (home.join("content/themes/plain/style.css"), THEME_STYLE),
        (code.join("wp-config.php"), CONFIGURATION),
    ];
    for (path, text) in files {
        super::write_whole(&path, text)?;
    }
    Ok(fs::create_dir_all(home.join("content/uploads"))?)
}

fn install(php: &Tool, mariadb: &Tool, home: &Path, code: &Path, work: &Path) -> Result<()> {
    let base = base_directory(mariadb);
    let data = work.join("db");
    let path = std::env::join_paths([base.join("bin"), base.join("sbin"), "/usr/bin".into(), "/bin".into()])?;
    let mut make = Spec::new("mariadb-install-db", base.join("bin/mariadb-install-db"), work)
        .with([option("--basedir=", &base), option("--datadir=", &data)])
        .with(["--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=8M"])
        .variable("PATH", path)
        .variable("LC_ALL", "C");
    if is_root() {
        make = make.with(["--user=root"]);
    }
    make.variables.extend(mariadb.variables());
    make.log = Some(work.join("install.log"));
    make.finish()?;

    copy_tree(&home.join("content"), &work.join("content"))?;
    let mut database = start_database(mariadb, work, None)?;
    let access = home.join("access.json");
    let mut setup =
        site(Spec::new("setup.php", &php.program, work).with(&php.arguments), php, work, "http://127.0.0.1")
            .with([home.join("setup.php")])
            .with([code, &access]);
    setup.log = Some(work.join("setup.log"));
    setup.finish()?;
    ensure!(access.is_file(), "setup.php wrote no passwords; {}", fs::read_to_string(work.join("setup.log"))?);
    database.must_run()?;
    drop(database);
    Ok(())
}

/// The variables that our `wp-config.php` reads.
fn site(spec: Spec, php: &Tool, work: &Path, url: &str) -> Spec {
    let mut spec = spec
        .variable("BEDSIDE_WP_SOCKET", work.join("m.sock"))
        .variable("BEDSIDE_WP_CONTENT", work.join("content"))
        .variable("BEDSIDE_WP_URL", url);
    spec.variables.extend(php.variables());
    spec
}

fn start_database(mariadb: &Tool, work: &Path, trash: Option<PathBuf>) -> Result<Lifeline> {
    let socket = work.join("m.sock");
    // Only a socket in a directory of our own: no port to collide on, and nobody else on this machine gets in.
    let mut serve = Spec::new("mariadbd", &mariadb.program, work)
        .with(["--no-defaults", "--skip-networking", "--skip-log-bin", "--innodb-log-file-size=8M"])
        .with(["--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", "--performance-schema=off"])
        .with([
            option("--basedir=", &base_directory(mariadb)),
            option("--datadir=", &work.join("db")),
            option("--socket=", &socket),
            option("--pid-file=", &work.join("m.pid")),
            option("--tmpdir=", work),
        ]);
    if is_root() {
        serve = serve.with(["--user=root"]);
    }
    serve.variables = mariadb.variables();
    serve.log = Some(work.join("mariadb.log"));
    serve.trash = trash;
    let mut server = serve.start()?;
    wait::until("MariaDB greets", Duration::from_secs(60), || {
        server.must_run()?;
        let Ok(mut stream) = UnixStream::connect(&socket) else { return Ok(None) };
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        Ok(stream.read(&mut [0; 16]).is_ok_and(|count| count > 0).then_some(()))
    })
    .with_context(|| server.last_lines())?;
    Ok(server)
}

fn option(name: &str, path: &Path) -> std::ffi::OsString {
    let mut word = std::ffi::OsString::from(name);
    word.push(path);
    word
}

/// Copies a directory that does not exist yet at its new place.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    let copied = Command::new("cp").args(["-a", "--reflink=auto", "--sparse=always"]).arg(from).arg(to).output()?;
    if !copied.status.success() {
        bail!("cannot copy {}: {}", from.display(), String::from_utf8_lossy(&copied.stderr).trim());
    }
    Ok(())
}
