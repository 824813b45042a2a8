//! Who is sending files, and that nobody sends many at a time: each takes descriptors and, in moments, a thread.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::WebError;
use crate::domain::PersonId;

/// Of one person: the composer sends one after the other, programs perhaps a few.
const OF_A_PERSON: usize = 4;
/// Altogether.
const OF_ALL: usize = 32;
/// After so many seconds another try is worth it.
const TRY_AGAIN_SECONDS: u64 = 10;

/// Uploads under way.
#[derive(Debug, Default)]
pub(super) struct Uploads(Arc<Mutex<HashMap<PersonId, usize>>>);

/// One upload's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    person: PersonId,
    uploads: Arc<Mutex<HashMap<PersonId, usize>>>,
}

impl Uploads {
    /// Begins an upload of this person, or says when to try again.
    pub(super) fn begin(&self, person: PersonId) -> Result<Place, WebError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.get(&person).copied().unwrap_or_default();
        if own >= OF_A_PERSON || held.values().sum::<usize>() >= OF_ALL {
            return Err(WebError::TooMany(TRY_AGAIN_SECONDS));
        }
        held.insert(person, own + 1);
        Ok(Place { person, uploads: Arc::clone(&self.0) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = held.get_mut(&self.person) {
            *own -= 1;
            if *own == 0 {
                held.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_person_sends_four_files_at_a_time_and_all_together_thirty_two() {
        let uploads = Uploads::default();
        let person = |n: u128| PersonId(Uuid::from_u128(n));
        let mut held: Vec<_> = (0..4).map(|_| uploads.begin(person(0)).unwrap()).collect();
        assert!(matches!(uploads.begin(person(0)), Err(WebError::TooMany(_))));
        held.extend((4..32).map(|n| uploads.begin(person(n)).unwrap()));
        assert!(matches!(uploads.begin(person(99)), Err(WebError::TooMany(_))));
        drop(held.pop());
        let _last = uploads.begin(person(99)).unwrap();
        held.clear();
        assert!(uploads.begin(person(0)).is_ok());
    }
}
