//! Secrets at rest: master key -> organisation key -> value, each AES-256-GCM.
//!
//! A sealed value is `1 | nonce (12) | ciphertext and tag`. The associated data binds it to its
//! organisation and its purpose, so that it opens nowhere else. The master key is never in the
//! database and never in a backup.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use bedside_model::OrgId;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{Result, StoreError};
use crate::ids::Ids;

const VERSION: u8 = 1;

/// The key that opens all others: 32 bytes, from a file outside the database.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[master key]")
    }
}

impl MasterKey {
    /// Of 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the key file (64 hexadecimal characters), or makes it with mode 0600 where it is
    /// absent and `create` allows it.
    pub fn load(path: &Path, create: Option<&Ids>) -> Result<Self> {
        let file = |source| StoreError::File { what: format!("the master key {}", path.display()), source };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let mut bytes = Zeroizing::new([0u8; 32]);
                hex::decode_to_slice(text.trim(), bytes.as_mut()).map_err(|_| {
                    StoreError::Open(format!(
                        "the master key file {} must hold exactly 64 hexadecimal characters",
                        path.display()
                    ))
                })?;
                Ok(Self(bytes))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let Some(ids) = create else { return Err(file(e)) };
                let mut bytes = Zeroizing::new([0u8; 32]);
                ids.fill(bytes.as_mut());
                write_private(path, hex::encode(bytes.as_ref()).as_bytes()).map_err(file)?;
                Ok(Self(bytes))
            }
            Err(e) => Err(file(e)),
        }
    }

    /// Where the key file lies by default: `<data>/master.key`.
    pub fn default_path(data: &Path) -> PathBuf {
        data.join("master.key")
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Seals and opens values of organisations. Cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    master: MasterKey,
    ids: Arc<Ids>,
    orgs: Arc<Mutex<HashMap<OrgId, MasterKey>>>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[keyring]")
    }
}

impl Keyring {
    /// A keyring under a master key.
    pub fn new(master: MasterKey, ids: Arc<Ids>) -> Self {
        Self { master, ids, orgs: Arc::default() }
    }

    /// Makes an organisation's key; the answer is what to store.
    pub fn make_org_key(&self, org: &OrgId) -> Result<Vec<u8>> {
        let mut key = Zeroizing::new([0u8; 32]);
        self.ids.fill(key.as_mut());
        let wrapped = seal_with(&self.master, &self.ids, &aad(org.as_str(), "org-key"), key.as_ref())?;
        self.remember(org, MasterKey(key));
        Ok(wrapped)
    }

    /// Opens an organisation's stored key and remembers it.
    pub fn load_org_key(&self, org: &OrgId, wrapped: &[u8]) -> Result<()> {
        let bytes = open_with(&self.master, &aad(org.as_str(), "org-key"), wrapped)?;
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| StoreError::Sealed("organisation key"))?;
        self.remember(org, MasterKey::new(key));
        Ok(())
    }

    fn remember(&self, org: &OrgId, key: MasterKey) {
        self.orgs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(org.clone(), key);
    }

    /// Is the organisation's key at hand?
    pub fn knows(&self, org: &OrgId) -> bool {
        self.orgs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains_key(org)
    }

    fn org_key(&self, org: &OrgId) -> Result<MasterKey> {
        let orgs = self.orgs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        orgs.get(org).cloned().ok_or(StoreError::Sealed("the organisation's key is not loaded"))
    }

    /// Seals a value of an organisation for one purpose (`credentials acc_…`).
    pub fn seal(&self, org: &OrgId, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        seal_with(&self.org_key(org)?, &self.ids, &aad(org.as_str(), purpose), plain)
    }

    /// Opens a value sealed for the same organisation and purpose.
    pub fn open(&self, org: &OrgId, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        open_with(&self.org_key(org)?, &aad(org.as_str(), purpose), sealed)
    }

    /// Opens a sealed text, as [`Keyring::open`] does.
    pub fn open_text(&self, org: &OrgId, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<String>> {
        let plain = self.open(org, purpose, sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| StoreError::Sealed("not text"))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// Seals a value of the whole installation (the signing key of the checkpoints).
    pub fn seal_system(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        seal_with(&self.master, &self.ids, &aad("system", purpose), plain)
    }

    /// Opens a value of the whole installation.
    pub fn open_system(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        open_with(&self.master, &aad("system", purpose), sealed)
    }

    /// A secret of 256 bits as 52 characters.
    pub fn token(&self) -> String {
        self.ids.token()
    }

    fn system_mac(&self, purpose: &str, value: &[u8]) -> Result<Hmac<Sha256>> {
        let mac = |key: &[u8]| <Hmac<Sha256> as Mac>::new_from_slice(key).map_err(|_| StoreError::Sealed("signature"));
        let mut derived = mac(self.master.0.as_ref())?;
        derived.update(b"bedside signing key\0");
        derived.update(purpose.as_bytes());
        let mut signed = mac(&derived.finalize().into_bytes())?;
        signed.update(value);
        Ok(signed)
    }

    /// Signs a value of the whole installation for one purpose: HMAC-SHA-256, with a key that is
    /// derived from the master key.
    pub fn sign_system(&self, purpose: &str, value: &[u8]) -> Result<[u8; 32]> {
        Ok(self.system_mac(purpose, value)?.finalize().into_bytes().into())
    }

    /// Whether a signature is one of [`Keyring::sign_system`] for this value and purpose, in constant time.
    pub fn verify_system(&self, purpose: &str, value: &[u8], signature: &[u8]) -> bool {
        self.system_mac(purpose, value).is_ok_and(|mac| mac.verify_slice(signature).is_ok())
    }

    /// A keyed hash (HMAC-SHA-256, hexadecimal, 32 characters) by which the log can name a thing
    /// without holding it. It cannot be guessed without the organisation's key.
    pub fn keyed_hash(&self, org: &OrgId, value: &str) -> Result<String> {
        let key = self.org_key(org)?;
        let mut mac =
            <Hmac<Sha256> as Mac>::new_from_slice(key.0.as_ref()).map_err(|_| StoreError::Sealed("keyed hash"))?;
        mac.update(b"bedside keyed hash\0");
        mac.update(value.as_bytes());
        Ok(hex::encode(&mac.finalize().into_bytes()[..16]))
    }
}

fn aad(owner: &str, purpose: &str) -> Vec<u8> {
    format!("bedside\0{owner}\0{purpose}").into_bytes()
}

fn seal_with(key: &MasterKey, ids: &Ids, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0u8; 12];
    ids.fill(&mut nonce);
    let cipher = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key.0.as_ref()));
    let body = cipher
        .encrypt(Nonce::from_slice(&nonce), Payload { msg: plain, aad })
        .map_err(|_| StoreError::Sealed("sealing failed"))?;
    let mut out = Vec::with_capacity(13 + body.len());
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&body);
    Ok(out)
}

fn open_with(key: &MasterKey, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let bad = || StoreError::Sealed("wrong master key, or the value was changed");
    let (&version, rest) = sealed.split_first().ok_or_else(bad)?;
    if version != VERSION || rest.len() < 12 {
        return Err(bad());
    }
    let (nonce, body) = rest.split_at(12);
    let cipher = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key.0.as_ref()));
    let plain = cipher.decrypt(Nonce::from_slice(nonce), Payload { msg: body, aad }).map_err(|_| bad())?;
    Ok(Zeroizing::new(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring(master: u8) -> Keyring {
        Keyring::new(MasterKey::new([master; 32]), Arc::new(Ids::seeded(7)))
    }

    #[test]
    fn a_sealed_value_opens_only_for_its_organisation_and_purpose() {
        let ring = keyring(1);
        let (lake, hill) = (OrgId::from_bits(1), OrgId::from_bits(2));
        let wrapped = ring.make_org_key(&lake).unwrap();
        ring.make_org_key(&hill).unwrap();
        let sealed = ring.seal(&lake, "credentials", b"s3cret").unwrap();
        assert!(!sealed.windows(6).any(|w| w == b"s3cret"));
        assert_eq!(ring.open(&lake, "credentials", &sealed).unwrap().as_slice(), b"s3cret");
        assert!(ring.open(&lake, "intake", &sealed).is_err());
        assert!(ring.open(&hill, "credentials", &sealed).is_err());

        let after_restart = keyring(1);
        after_restart.load_org_key(&lake, &wrapped).unwrap();
        assert_eq!(after_restart.open(&lake, "credentials", &sealed).unwrap().as_slice(), b"s3cret");
        assert!(keyring(2).load_org_key(&lake, &wrapped).is_err(), "another master key opens nothing");
    }

    #[test]
    fn a_master_key_is_made_once_and_only_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = MasterKey::default_path(dir.path());
        assert!(MasterKey::load(&path, None).is_err());
        let made = MasterKey::load(&path, Some(&Ids::seeded(3))).unwrap();
        assert_eq!(MasterKey::load(&path, None).unwrap().0, made.0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "not a key").unwrap();
        assert!(MasterKey::load(&path, None).unwrap_err().to_string().contains("64 hexadecimal"));
    }
}
