//! Passwords: argon2id with the parameters that OWASP recommends (19 MiB, 2 passes, 1 lane), at
//! most two at a time, so that a flood of sign-ins cannot take the machine.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use bedside_store::Ids;
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Shortest password, in characters. There is no other rule: length is what helps (NIST SP 800-63B).
pub const SHORTEST: usize = 12;

/// Longest password, in bytes.
pub const LONGEST: usize = 1_000;

/// Hashes and checks passwords.
#[derive(Debug)]
pub(crate) struct Passwords {
    gate: Arc<Semaphore>,
    /// The hash that is checked where there is no such user, so that both take the same time.
    nobody: String,
}

fn hash_now(salt: &[u8; 16], password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::encode_b64(salt)?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

fn salt(ids: &Ids) -> [u8; 16] {
    let mut salt = [0; 16];
    ids.fill(&mut salt);
    salt
}

/// Hashes a password, for the command line. Takes about 20 ms of one core and 19 MiB.
pub fn hash(ids: &Ids, password: &str) -> Result<String, Problem> {
    check_length("password", password)?;
    hash_now(&salt(ids), password).map_err(Problem::internal)
}

/// Refuses a password that is too short or too long.
pub fn check_length(field: &str, password: &str) -> Result<(), Problem> {
    if password.chars().count() < SHORTEST {
        Err(Problem::invalid(field, format!("Use at least {SHORTEST} characters. A sentence is easy to remember.")))
    } else if password.len() > LONGEST {
        Err(Problem::invalid(field, format!("Use at most {LONGEST} characters.")))
    } else {
        Ok(())
    }
}

impl Passwords {
    pub(crate) fn new(ids: &Ids) -> Self {
        // Any well-formed hash does, as long as it costs the same; its password is drawn and dropped.
        let nobody = hash_now(&salt(ids), &ids.token()).unwrap_or_default();
        Self { gate: Arc::new(Semaphore::new(2)), nobody }
    }

    async fn guarded<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        // The permit goes with the work: a client that goes away does not let a third one in.
        let permit = self.gate.clone().acquire_owned().await.map_err(Problem::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let value = work();
            drop(permit);
            value
        });
        done.await.map_err(Problem::internal)
    }

    /// Hashes a password that is long enough.
    pub(crate) async fn hash(&self, ids: &Ids, field: &str, password: String) -> Result<String, Problem> {
        check_length(field, &password)?;
        let salt = salt(ids);
        self.guarded(move || hash_now(&salt, &password)).await?.map_err(Problem::internal)
    }

    /// Checks a password against a stored hash; without one it takes as long and says no.
    pub(crate) async fn verify(&self, stored: Option<String>, password: String) -> Result<bool, Problem> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let fits = self
            .guarded(move || {
                PasswordHash::new(&stored)
                    .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(fits && known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_somebody_who_exists_fits() {
        let ids = Ids::seeded(1);
        let passwords = Passwords::new(&ids);
        let stored = passwords.hash(&ids, "password", "a long enough sentence".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify(Some(stored.clone()), "a long enough sentence".into()).await.unwrap());
        assert!(!passwords.verify(Some(stored), "a long enough sentencE".into()).await.unwrap());
        assert!(!passwords.verify(None, "a long enough sentence".into()).await.unwrap());
    }

    #[test]
    fn a_password_is_long_and_has_no_other_rule() {
        assert_eq!(check_length("password", "eleven char").unwrap_err().code(), "invalid");
        assert!(check_length("password", "aaaaaaaaaaaa").is_ok());
        assert!(check_length("password", "zwölf Zeichen").is_ok());
    }
}
