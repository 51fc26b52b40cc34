//! The bytes of files that go out with posts: `<data>/media/<organisation>/<file>`, beside the database.
//!
//! What comes in is written to a file of its own first ([`Incoming`]), is looked at, and gets its
//! place only then; what was begun and not finished leaves nothing. The type of a file is what its
//! first bytes say, never what somebody claims. Of JPEG, PNG and WebP everything that is not the picture
//! is left out ([`picture`]), and what MP4 and QuickTime say of themselves is blanked: cameras write there
//! where and when something was taken.

pub mod picture;
mod video;
mod webp;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bedside_model::{MediaId, OrgId};
use bedside_networks::MediaKind;
use sha2::{Digest as _, Sha256};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, SeekFrom};

/// Largest file that is taken, in bytes.
pub const MOST: u64 = 512 * 1024 * 1024;
/// Largest picture whose inside is looked at; it is in memory while it is.
const MOST_PICTURE: u64 = 64 * 1024 * 1024;
/// Longest description of a film; it is in memory while it is looked at. An hour has about a megabyte.
const MOST_DESCRIBED: u64 = 64 * 1024 * 1024;

/// The directory in which the bytes lie. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs(Arc<Path>);

/// Why a file is not taken, or not there.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// It is too large.
    #[error("a file may have at most {} MB", MOST / 1024 / 1024)]
    TooLarge,
    /// It is of a type that no network takes.
    #[error("this is no JPEG, PNG, GIF or WebP image, no MP4 or QuickTime video and no PDF")]
    Type,
    /// It says that it is a picture, but cannot be read as one.
    #[error("this picture is damaged")]
    Damaged,
    /// The file is not there, or shorter than it was.
    #[error("the file is no longer there")]
    Gone,
    /// The disk.
    #[error("the file could not be written or read: {0}")]
    Io(#[from] io::Error),
}

/// What was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of the bytes as they lie there, in hex.
    pub sha256: String,
    /// What sort of file it is.
    pub kind: MediaKind,
    /// Its media type.
    pub mime: &'static str,
    /// How many bytes.
    pub bytes: u64,
    /// Width and height in pixels, where they could be read.
    pub size: Option<(u32, u32)>,
    /// What the file said of place, time and camera is out of it. Not for GIF and PDF.
    pub cleaned: bool,
}

/// A part of a file, ready to be read.
#[derive(Debug)]
pub struct FilePiece {
    /// Stands where the part begins.
    pub(crate) file: File,
    /// How many bytes it has.
    pub(crate) bytes: u64,
}

/// The type that the first bytes of a file say.
fn sniff(head: &[u8]) -> Option<(MediaKind, &'static str)> {
    let brand = head.get(4..12).filter(|at| at.starts_with(b"ftyp")).map(|at| &at[4..]);
    match head {
        [0xff, 0xd8, 0xff, ..] => Some((MediaKind::Image, "image/jpeg")),
        _ if head.starts_with(picture::PNG) => Some((MediaKind::Image, "image/png")),
        _ if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") => Some((MediaKind::Image, "image/gif")),
        _ if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") => Some((MediaKind::Image, "image/webp")),
        _ if head.starts_with(b"%PDF-") => Some((MediaKind::Document, "application/pdf")),
        _ => match brand? {
            b"qt  " => Some((MediaKind::Video, "video/quicktime")),
            b"avif" | b"avis" | b"heic" | b"heix" | b"mif1" | b"msf1" => None,
            _ => Some((MediaKind::Video, "video/mp4")),
        },
    }
}

impl Blobs {
    /// In `<data>/media`.
    pub fn dir(data: &Path) -> Self {
        Self(data.join("media").into())
    }

    fn path(&self, org: &OrgId, id: &str) -> Result<PathBuf, BlobError> {
        // Only what is an id becomes a path.
        let id = MediaId::parse(id).map_err(|_| BlobError::Gone)?;
        Ok(self.0.join(org.as_str()).join(id.as_str()))
    }

    /// Begins to take a file in.
    pub async fn incoming(&self, org: &OrgId, id: &MediaId) -> Result<Incoming, BlobError> {
        let place = self.path(org, id.as_str())?;
        fs::create_dir_all(self.0.join(org.as_str())).await?;
        let begun = place.with_extension("part");
        let file = File::create(&begun).await?;
        Ok(Incoming { file, begun, place, bytes: 0, hash: Sha256::new(), head: Vec::new(), done: false })
    }

    /// A part of a file, ready to be read. [`BlobError::Gone`] where the file does not have it.
    pub async fn piece(&self, org: &OrgId, id: &str, from: u64, bytes: u64) -> Result<FilePiece, BlobError> {
        let (mut file, length) = self.open(org, id).await?;
        if from.checked_add(bytes).is_none_or(|end| end > length) {
            return Err(BlobError::Gone);
        }
        file.seek(SeekFrom::Start(from)).await?;
        Ok(FilePiece { file, bytes })
    }

    /// A whole file and its length, to be served.
    pub async fn open(&self, org: &OrgId, id: &str) -> Result<(File, u64), BlobError> {
        let file = match File::open(self.path(org, id)?).await {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(BlobError::Gone),
            opened => opened?,
        };
        let length = file.metadata().await?.len();
        Ok((file, length))
    }

    /// SHA-256 of a file's bytes as they lie there now, in lower-case hex.
    pub async fn sha256(&self, org: &OrgId, id: &str) -> Result<String, BlobError> {
        let (mut file, _) = self.open(org, id).await?;
        sha256(&mut file).await
    }

    /// Removes a file; one that is not there is fine.
    pub async fn remove(&self, org: &OrgId, id: &MediaId) -> Result<(), BlobError> {
        match fs::remove_file(self.path(org, id.as_str())?).await {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }
}

/// SHA-256 of what is in a file from here on, in lower-case hex.
async fn sha256(file: &mut File) -> Result<String, BlobError> {
    let (mut hash, mut chunk) = (Sha256::new(), vec![0; 256 * 1024]);
    loop {
        match file.read(&mut chunk).await? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(&chunk[..read]),
        }
    }
}

/// A file that is being taken in. Dropped before its end, it leaves nothing.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    begun: PathBuf,
    place: PathBuf,
    bytes: u64,
    hash: Sha256,
    head: Vec<u8>,
    done: bool,
}

impl Incoming {
    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST {
            return Err(BlobError::TooLarge);
        }
        let missing = 32usize.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        self.hash.update(bytes);
        Ok(self.file.write_all(bytes).await?)
    }

    /// Looks at what came, and gives it its place.
    pub async fn finish(mut self) -> Result<Kept, BlobError> {
        self.file.flush().await?;
        let (kind, mime) = sniff(&self.head).ok_or(BlobError::Type)?;
        let kept = if matches!(mime, "image/jpeg" | "image/png" | "image/webp") {
            if self.bytes > MOST_PICTURE {
                return Err(BlobError::TooLarge);
            }
            let picture = picture::cleaned(&fs::read(&self.begun).await?).ok_or(BlobError::Damaged)?;
            self.file = File::create(&self.begun).await?;
            self.file.write_all(&picture.bytes).await?;
            self.file.flush().await?;
            let sha256 = hex::encode(Sha256::digest(&picture.bytes));
            Kept { sha256, kind, mime, bytes: picture.bytes.len() as u64, size: Some(picture.size), cleaned: true }
        } else if kind == MediaKind::Video {
            self.blank_video().await?;
            let sha256 = sha256(&mut File::open(&self.begun).await?).await?;
            Kept { sha256, kind, mime, bytes: self.bytes, size: None, cleaned: true }
        } else {
            let sha256 = hex::encode(std::mem::take(&mut self.hash).finalize());
            Kept { sha256, kind, mime, bytes: self.bytes, size: picture::size_of_gif(&self.head), cleaned: false }
        };
        self.file.sync_all().await?;
        fs::rename(&self.begun, &self.place).await?;
        self.done = true;
        Ok(kept)
    }
}

impl Incoming {
    /// Blanks what a film says of itself, in its place. A film that cannot be read to its end is damaged.
    async fn blank_video(&mut self) -> Result<(), BlobError> {
        self.file = File::options().read(true).write(true).open(&self.begun).await?;
        let mut at = 0;
        while at < self.bytes {
            let mut begin = Vec::new();
            self.file.seek(SeekFrom::Start(at)).await?;
            (&mut self.file).take(video::LONGEST_HEAD).read_to_end(&mut begin).await?;
            let head = video::head(&begin).ok_or(BlobError::Damaged)?;
            let length = head.length.unwrap_or(self.bytes - at);
            if length > self.bytes - at {
                return Err(BlobError::Damaged);
            }
            if head.name == *b"moov" || video::describes(head.name) {
                self.blank_box(at, length).await?;
            }
            at += length;
        }
        Ok(self.file.flush().await?)
    }

    async fn blank_box(&mut self, at: u64, length: u64) -> Result<(), BlobError> {
        if length > MOST_DESCRIBED {
            return Err(BlobError::Damaged);
        }
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(at)).await?;
        (&mut self.file).take(length).read_to_end(&mut bytes).await?;
        if !video::blank(&mut bytes) {
            return Err(BlobError::Damaged);
        }
        self.file.seek(SeekFrom::Start(at)).await?;
        Ok(self.file.write_all(&bytes).await?)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed now is in nobody's way: its place was never taken.
            drop(std::fs::remove_file(&self.begun));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn take(blobs: &Blobs, org: &OrgId, n: u128, bytes: &[u8]) -> Result<Kept, BlobError> {
        let mut incoming = blobs.incoming(org, &MediaId::from_bits(n)).await?;
        for chunk in bytes.chunks(7) {
            incoming.write(chunk).await?;
        }
        incoming.finish().await
    }

    #[tokio::test]
    async fn a_file_is_taken_for_what_it_is_and_read_in_pieces() {
        let dir = tempfile::tempdir().unwrap();
        let (blobs, org) = (Blobs::dir(dir.path()), OrgId::from_bits(1));
        let kept = take(&blobs, &org, 1, b"%PDF-1.7 a leaflet").await.unwrap();
        assert_eq!(
            (kept.kind, kept.mime, kept.bytes, kept.cleaned),
            (MediaKind::Document, "application/pdf", 18, false)
        );
        let id = MediaId::from_bits(1);
        let mut piece = blobs.piece(&org, id.as_str(), 9, 4).await.unwrap();
        let mut read = vec![0; 4];
        piece.file.read_exact(&mut read).await.unwrap();
        assert_eq!((piece.bytes, read.as_slice()), (4, b"a le".as_slice()));
        assert!(matches!(blobs.piece(&org, id.as_str(), 9, 10).await, Err(BlobError::Gone)), "more than there is");
        assert!(matches!(blobs.open(&OrgId::from_bits(2), id.as_str()).await, Err(BlobError::Gone)), "another's");
        assert!(matches!(blobs.open(&org, "../../bedside.db").await, Err(BlobError::Gone)), "no id");
        blobs.remove(&org, &id).await.unwrap();
        assert!(matches!(blobs.open(&org, id.as_str()).await, Err(BlobError::Gone)));
    }

    #[tokio::test]
    async fn a_film_is_kept_without_where_it_was_made() {
        let dir = tempfile::tempdir().unwrap();
        let (blobs, org) = (Blobs::dir(dir.path()), OrgId::from_bits(1));
        let boxed = |name: &[u8; 4], inside: &[u8]| {
            [u32::try_from(inside.len() + 8).unwrap().to_be_bytes().as_slice(), name, inside].concat()
        };
        let film = |place: &[u8; 4], words: &[u8]| {
            let moov = boxed(b"moov", &boxed(place, words));
            [boxed(b"ftyp", b"isom\0\0\0\0"), moov, boxed(b"mdat", b"the pictures")].concat()
        };
        let kept = take(&blobs, &org, 1, &film(b"udta", b"43.0731 N")).await.unwrap();
        let clean = film(b"free", &[0; 9]);
        assert_eq!((kept.mime, kept.bytes, kept.cleaned), ("video/mp4", clean.len() as u64, true));
        assert_eq!(kept.sha256, hex::encode(Sha256::digest(&clean)), "the hash is of what is kept");
        let mut read = Vec::new();
        let id = MediaId::from_bits(1);
        blobs.open(&org, id.as_str()).await.unwrap().0.read_to_end(&mut read).await.unwrap();
        assert_eq!(read, clean);
        for end in [20, 30, clean.len() - 1] {
            assert!(matches!(take(&blobs, &org, 2, &clean[..end]).await, Err(BlobError::Damaged)), "{end}");
        }
    }

    #[tokio::test]
    async fn what_is_not_taken_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (blobs, org) = (Blobs::dir(dir.path()), OrgId::from_bits(1));
        assert!(matches!(take(&blobs, &org, 1, b"<html>").await, Err(BlobError::Type)));
        assert!(matches!(take(&blobs, &org, 2, &[0xff, 0xd8, 0xff, 0xe1]).await, Err(BlobError::Damaged)));
        drop(blobs.incoming(&org, &MediaId::from_bits(3)).await.unwrap());
        let left: Vec<_> = std::fs::read_dir(dir.path().join("media").join(org.as_str())).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
