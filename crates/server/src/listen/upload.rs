//! A file that comes in: written to the data directory as it arrives, never held in memory.

use std::path::{Path, PathBuf};

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use http::StatusCode;
use tokio::io::AsyncWriteExt as _;

use crate::app::Inner;
use crate::problem::Problem;

/// Largest file: 200 MB.
pub const LARGEST_FILE: u64 = 200 << 20;

/// Largest body: the file and the few fields beside it.
pub(super) const LARGEST_BODY: usize = (LARGEST_FILE as usize) + (1 << 20);

/// How much of the beginning is looked at to propose columns: 64 KiB.
const START: usize = 64 << 10;

/// Longest field beside the file.
const LONGEST_FIELD: usize = 64 << 10;

/// A form as it comes in; refuses what is none.
#[derive(Debug)]
pub(crate) struct Form(Multipart);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let form = Multipart::from_request(request, state).await;
        form.map(Self).map_err(|_| Problem::new("not_a_form", "Send the file as multipart/form-data."))
    }
}

/// A form with a file.
#[derive(Debug)]
pub(super) struct Upload {
    /// The file, removed when this is dropped.
    pub file: Spooled,
    /// Its name as the person's machine has it, without folders.
    pub name: String,
    /// Its first 64 KiB.
    pub start: Vec<u8>,
    fields: Vec<(String, String)>,
}

/// A file that is removed when it is no longer needed.
#[derive(Debug)]
pub(super) struct Spooled(PathBuf);

impl Spooled {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        // The file may be gone already; what stays is swept with its folder by whoever looks after it.
        drop(std::fs::remove_file(&self.0));
    }
}

fn unreadable(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Problem::new("malformed", "The upload cannot be read as multipart/form-data.")
}

fn too_large() -> Problem {
    Problem::new("too_large", "The file is larger than 200 MB. Split it.")
}

impl Upload {
    /// Reads a form. With `keep` the file is written to the data directory; without, only its
    /// beginning is looked at.
    pub(super) async fn read(app: &Inner, Form(mut form): Form, keep: bool) -> Result<Self, Problem> {
        let folder = app.config.data_dir.join("uploads");
        tokio::fs::create_dir_all(&folder).await.map_err(Problem::internal)?;
        let mut upload = Self {
            file: Spooled(folder.join(app.store.ids().token())),
            name: String::new(),
            start: Vec::new(),
            fields: Vec::new(),
        };
        let mut seen = false;
        while let Some(field) = form.next_field().await.map_err(|e| unreadable(&e))? {
            let Some(name) = field.name().map(str::to_owned) else { continue };
            if name == "file" {
                seen = true;
                upload.name = plain_name(field.file_name().unwrap_or(""));
                upload.take(field, keep).await?;
            } else {
                let value = small(field).await?;
                upload.fields.push((name, value));
            }
        }
        if seen { Ok(upload) } else { Err(Problem::invalid("file", "Choose a file.")) }
    }

    async fn take(&mut self, mut field: Field<'_>, keep: bool) -> Result<(), Problem> {
        let mut out = if keep { Some(create(self.file.path()).await?) } else { None };
        let mut size = 0;
        while let Some(chunk) = field.chunk().await.map_err(|e| unreadable(&e))? {
            size += chunk.len() as u64;
            if size > LARGEST_FILE {
                return Err(too_large());
            }
            let room = START - self.start.len().min(START);
            self.start.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if let Some(out) = &mut out {
                out.write_all(&chunk).await.map_err(Problem::internal)?;
            }
        }
        match out {
            Some(mut out) => out.flush().await.map_err(Problem::internal),
            None => Ok(()),
        }
    }

    /// A field beside the file.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

async fn create(path: &Path) -> Result<tokio::fs::File, Problem> {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).await.map_err(Problem::internal)
}

async fn small(mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|e| unreadable(&e))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_FIELD {
            return Err(Problem::new("too_large", "A field of the form is too long."));
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::new("malformed", "A field of the form is no text."))
}

fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let plain: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_file_name_has_no_folders_and_no_control_characters() {
        assert_eq!(plain_name("C:\\reviews\\may\u{7}.csv"), "may.csv");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("uploads/"), "file");
    }
}
