//! Argon2id, as OWASP's cheat sheet on password storage advises: 19 MiB, two rounds, one lane.
//!
//! A hash costs a good part of a tenth of a second and 19 MiB, so it is made on a thread of its own, two at a time at the
//! most: whoever sends thousands of passwords slows down sign-in and nothing else.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use tokio::sync::Semaphore;

use super::error::{PeopleError, Refusal};

const MEMORY_KIB: u32 = 19_456;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;

static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Who would wait longer is told so: a few seconds.
static IN_LINE: Semaphore = Semaphore::const_new(48);

/// The hash of no password, for logins that nobody has: to find out costs as much as a wrong password.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy1pdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What became of comparing a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// It is another one, or there is none.
    Differs,
    /// It is the one.
    Fits {
        /// It is kept under weaker parameters than today's.
        is_weak: bool,
    },
}

/// Hashes a password that was [`checked`](super::password::checked).
pub(super) async fn hash(password: String) -> Result<String, PeopleError> {
    on_a_thread(move || {
        let hash = argon2()?.hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|e| PeopleError::Failed(e.to_string()))
    })
    .await
}

/// Compares a password with a kept one.
pub(super) async fn compare(stored: Option<String>, password: String) -> Result<Compared, PeopleError> {
    on_a_thread(move || {
        let known = stored.is_some();
        let stored = stored.as_deref().unwrap_or(NOBODYS);
        let hash = PasswordHash::new(stored).map_err(|e| PeopleError::Failed(e.to_string()))?;
        let fits = argon2()?.verify_password(password.as_bytes(), &hash).is_ok();
        Ok(if known && fits { Compared::Fits { is_weak: is_weak(&hash) } } else { Compared::Differs })
    })
    .await
}

fn argon2() -> Result<Argon2<'static>, PeopleError> {
    let params = Params::new(MEMORY_KIB, ROUNDS, LANES, None).map_err(|e| PeopleError::Failed(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn is_weak(hash: &PasswordHash) -> bool {
    let params = Params::try_from(hash);
    params.is_ok_and(|p| p.m_cost() < MEMORY_KIB || p.t_cost() < ROUNDS)
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PeopleError> + Send + 'static,
) -> Result<T, PeopleError> {
    let _place = IN_LINE.try_acquire().map_err(|_| Refusal::Busy)?;
    let failed = |e: &dyn std::fmt::Display| PeopleError::Failed(e.to_string());
    let turn = AT_ONCE.acquire().await.map_err(|e| failed(&e))?;
    let done = tokio::task::spawn_blocking(move || {
        // The turn goes with the work: a visitor who hangs up must not let a third one in.
        let _turn = turn;
        work()
    });
    done.await.map_err(|e| failed(&e))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let stored = hash("одиннадцать синих лодок".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let against = |password: &str| compare(Some(stored.clone()), password.to_owned());
        assert_eq!(against("одиннадцать синих лодок").await.unwrap(), Compared::Fits { is_weak: false });
        assert_eq!(against("одиннадцать синих лодки").await.unwrap(), Compared::Differs);
    }

    #[tokio::test]
    async fn nobody_comes_in_without_a_password_and_finding_out_costs_the_same() {
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        let params = Params::try_from(&nobodys).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (MEMORY_KIB, ROUNDS, LANES));
        assert_eq!(nobodys.hash.map(|hash| hash.as_bytes().len()), Some(32));
        assert_eq!(compare(None, String::new()).await.unwrap(), Compared::Differs);
    }

    #[tokio::test]
    async fn a_hash_of_yesterday_is_told() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        let stored = weak.hash_password("одиннадцать".as_bytes()).unwrap().to_string();
        assert_eq!(compare(Some(stored), "одиннадцать".into()).await.unwrap(), Compared::Fits { is_weak: true });
    }
}
