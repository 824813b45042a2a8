//! The times that people have given a post: what an edit of it could overwrite.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The times of a post as they stand, as far as an edit may give it others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenTimes {
    /// When the primary goes out; `None`: it is out, or on its way.
    pub at: Option<DateTime<Utc>>,
    /// By channel, the own earliest times of followers that are still to go out; `None`: when the hold has passed.
    pub not_before: BTreeMap<String, Option<DateTime<Utc>>>,
}

impl GivenTimes {
    /// Whether an edit that began when these times stood would overwrite one that was given since: it stands otherwise
    /// `now`, and the edit wants neither to keep it nor the same. `at`: `None` keeps what stands; of followers nothing
    /// means none.
    pub fn are_overrun(
        &self,
        now: &Self,
        at: Option<DateTime<Utc>>,
        not_before: &BTreeMap<String, DateTime<Utc>>,
    ) -> bool {
        let primary = self.at.zip(now.at).zip(at);
        let is_primary_overrun = primary.is_some_and(|((began, now), wanted)| now != began && now != wanted);
        // What stood in no list was out or on its way then: nobody has seen a time of it.
        let is_overrun = |(channel, now): (&String, &Option<DateTime<Utc>>)| {
            let began = self.not_before.get(channel);
            began.is_some_and(|began| now != began && now.as_ref() != not_before.get(channel))
        };
        is_primary_overrun || now.not_before.iter().any(is_overrun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hour: u32) -> DateTime<Utc> {
        format!("2026-11-23T{hour:02}:00:00Z").parse().unwrap()
    }

    fn times(at: Option<u32>, vk: Option<u32>) -> GivenTimes {
        GivenTimes { at: at.map(hour), not_before: [("vk".to_owned(), vk.map(hour))].into() }
    }

    #[test]
    fn only_a_time_that_was_given_since_can_be_overrun() {
        let own = |vk: Option<u32>| vk.map(|vk| ("vk".to_owned(), hour(vk))).into_iter().collect();
        let overrun = |began: &GivenTimes, now: &GivenTimes, at: Option<u32>, vk: Option<u32>| {
            began.are_overrun(now, at.map(hour), &own(vk))
        };
        let began = times(Some(10), Some(18));
        assert!(!overrun(&began, &began, Some(12), None), "nobody else was there");
        assert!(overrun(&began, &times(Some(11), Some(18)), Some(12), Some(18)));
        assert!(!overrun(&began, &times(Some(11), Some(18)), None, Some(18)), "it keeps what stands");
        assert!(!overrun(&began, &times(Some(12), Some(18)), Some(12), Some(18)), "both want the same");
        assert!(overrun(&began, &times(Some(10), Some(20)), None, Some(18)));
        assert!(overrun(&began, &times(Some(10), None), None, Some(18)), "an own time was taken away");
        assert!(overrun(&times(Some(10), None), &times(Some(10), Some(20)), None, None));
        assert!(!overrun(&began, &times(None, Some(18)), Some(12), Some(18)), "what is out has no time to lose");
        assert!(!overrun(&GivenTimes::default(), &times(Some(10), Some(20)), Some(12), None), "nothing was seen");
    }
}
