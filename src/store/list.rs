//! Lists of posts, the newest first, by what people look for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::changes::json;
use super::db::read_all;
use super::read::PostSummary;
use super::rows::{DELIVERIES_OF_POSTS, Delivery, DeliveryRow, count, instant, uuid};
use super::{Store, StoreError};
use crate::domain::{PostId, State};

/// What someone looks for among the posts.
#[derive(Debug, Clone, Default)]
pub struct PostFilter {
    /// Of these organisations; `None`: of all.
    pub organisations: Option<Vec<String>>,
    /// How they stand.
    pub standing: Option<Standing>,
    /// Words that the headline holds, in any order and case.
    pub words: String,
}

/// How a post stands, all channels together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Something is still to go out.
    Open,
    /// It is out, and nothing more is to go out.
    Out,
    /// Some channel will not get it.
    Failed,
    /// A person cancelled it before it was out.
    Cancelled,
    /// A person took it down.
    Withdrawn,
}

impl Standing {
    /// All of them, in the order in which people look for them.
    pub const ALL: &'static [Self] = &[Self::Open, Self::Out, Self::Failed, Self::Cancelled, Self::Withdrawn];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Out => "out",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The standing of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|standing| standing.name() == name)
    }

    fn fits(self, states: &[State]) -> bool {
        let any = |test: fn(State) -> bool| states.iter().any(|state| test(*state));
        let open = any(State::may_go_out);
        let out = any(|state| state == State::Published);
        match self {
            Self::Open => open,
            Self::Out => out && !open,
            Self::Failed => any(|state| state == State::Failed),
            Self::Cancelled => any(|state| state == State::Cancelled) && !out,
            Self::Withdrawn => any(|state| state == State::Withdrawn),
        }
    }
}

/// A part of a list.
#[derive(Debug, Clone, Default)]
pub struct PostPage {
    /// The posts, the newest first.
    pub posts: Vec<PostSummary>,
    /// Where the list goes on: everything before this post.
    pub next: Option<PostId>,
}

macro_rules! heads_where {
    ($where:literal) => {
        concat!(
            "SELECT p.id, p.organisation, p.revision, r.title, p.created_at, p.created_by, p.cancel_at IS NOT NULL, \
             p.withdraw_at IS NOT NULL, (SELECT group_concat(state) FROM delivery d WHERE d.post = p.id) \
             FROM post p JOIN revision r ON r.post = p.id AND r.number = p.revision WHERE ",
            $where
        )
    };
}
pub(super) const HEADS_BEFORE: &str = heads_where!("p.id < $1 ORDER BY p.id DESC LIMIT $2");
/// Of the organisations in a JSON array: of each the next ones, and of those the newest.
pub(super) const HEADS_OF_BEFORE: &str = heads_where!(
    "p.id IN (SELECT l.id FROM json_each($3) q CROSS JOIN post l ON l.id IN (SELECT o.id FROM post o \
     WHERE o.organisation = q.value AND o.id < $1 ORDER BY o.id DESC LIMIT $2) ORDER BY l.id DESC LIMIT $2) \
     ORDER BY p.id DESC"
);
pub(super) const HEADS_BY_ID: &str = heads_where!("p.id IN (SELECT value FROM json_each($1))");

type HeadRow = (String, String, i64, String, i64, String, bool, bool, Option<String>);

/// Sorts after every id.
const AFTER_ALL: &str = "~";
/// Where only some of them fit, posts are looked through so many at a time.
const CHUNK: usize = 500;
/// After so many the rest is left to the next page, so that a rare word never holds a page up.
const LOOKED_THROUGH_MAX: usize = 5_000;

impl Store {
    /// The newest posts that fit, before `before` when given. A page may hold fewer than `most`, even none, and go on.
    pub async fn post_page(
        &self,
        filter: &PostFilter,
        before: Option<PostId>,
        most: usize,
    ) -> Result<PostPage, StoreError> {
        let words = folded_words(&filter.words);
        let organisations = filter.organisations.as_ref().map(json).transpose()?;
        let chooses = filter.standing.is_some() || !words.is_empty();
        let chunk = if chooses { CHUNK } else { most + 1 };
        let mut last = before.map_or_else(|| AFTER_ALL.to_owned(), |id| id.to_string());
        let (mut found, mut looked_through, mut next) = (Vec::new(), 0, None);
        'all: loop {
            let at_once = i64::try_from(chunk).unwrap_or(i64::MAX);
            let rows = match &organisations {
                Some(of) => read_all!(&self.readers, HeadRow, HEADS_OF_BEFORE, &*last, at_once, &**of)?,
                None => read_all!(&self.readers, HeadRow, HEADS_BEFORE, &*last, at_once)?,
            };
            let is_last = rows.len() < chunk;
            for row in rows {
                last.clone_from(&row.0);
                looked_through += 1;
                if fits(&row, filter, &words) {
                    found.push(row);
                }
                if found.len() > most || looked_through >= LOOKED_THROUGH_MAX {
                    // One more than asked for: there is another page, and that one begins the next.
                    if found.len() > most {
                        found.pop();
                        last = found.last().map_or(last, |row| row.0.clone());
                    }
                    next = Some(PostId(uuid("post", &last)?));
                    break 'all;
                }
            }
            if is_last {
                break;
            }
        }
        Ok(PostPage { posts: self.with_deliveries(found).await?, next })
    }

    /// These posts, in the order of the list; those that are not there are left out.
    pub async fn post_summaries(&self, ids: &[PostId]) -> Result<Vec<PostSummary>, StoreError> {
        let rows = read_all!(&self.readers, HeadRow, HEADS_BY_ID, json(ids)?)?;
        let mut list = self.with_deliveries(rows).await?;
        let places: HashMap<_, _> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        list.sort_by_key(|post| places.get(&post.id).copied());
        Ok(list)
    }

    async fn with_deliveries(&self, rows: Vec<HeadRow>) -> Result<Vec<PostSummary>, StoreError> {
        let ids: Vec<_> = rows.iter().map(|row| row.0.as_str()).collect();
        let mut deliveries: HashMap<PostId, Vec<Delivery>> = HashMap::new();
        for row in read_all!(&self.readers, DeliveryRow, DELIVERIES_OF_POSTS, json(&ids)?)? {
            let delivery = Delivery::try_from(row)?;
            deliveries.entry(delivery.post).or_default().push(delivery);
        }
        let summary = |row: HeadRow| {
            let (id, organisation, revision, title, created_at, created_by, is_cancelled, is_withdrawn, _) = row;
            let created_at: DateTime<Utc> = instant("post", &id, created_at)?;
            let revision = count("post", &id, revision)?;
            let id = PostId(uuid("post", &id)?);
            let deliveries = deliveries.remove(&id).unwrap_or_default();
            Ok(PostSummary {
                id,
                organisation,
                revision,
                title,
                created_at,
                created_by,
                is_cancelled,
                is_withdrawn,
                deliveries,
            })
        };
        rows.into_iter().map(summary).collect()
    }
}

fn fits(row: &HeadRow, filter: &PostFilter, words: &[String]) -> bool {
    let (_, _, _, title, .., states) = row;
    let stands = || {
        filter.standing.is_none_or(|standing| {
            let states: Vec<State> = states.iter().flat_map(|s| s.split(',')).filter_map(|s| s.parse().ok()).collect();
            standing.fits(&states)
        })
    };
    let says = || {
        let title = folded(title);
        words.iter().all(|word| title.contains(word))
    };
    stands() && (words.is_empty() || says())
}

/// SQLite folds the case of Latin letters alone.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

fn folded_words(text: &str) -> Vec<String> {
    folded(text).split_whitespace().map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_stands_as_its_channels_do_together() {
        let fits = |standing: Standing, states: &[State]| standing.fits(states);
        assert!(fits(Standing::Open, &[State::Published, State::Held]));
        assert!(!fits(Standing::Out, &[State::Published, State::Held]));
        assert!(fits(Standing::Out, &[State::Published, State::Failed]));
        assert!(fits(Standing::Failed, &[State::Published, State::Failed]));
        assert!(!fits(Standing::Cancelled, &[State::Published, State::Cancelled]));
        assert!(fits(Standing::Cancelled, &[State::Cancelled, State::Cancelled]));
        for standing in Standing::ALL {
            assert_eq!(Standing::named(standing.name()), Some(*standing));
        }
    }

    #[test]
    fn words_are_found_in_any_case_and_order() {
        let row = |title: &str| {
            let (id, org, by) = (String::new(), "gorod".to_owned(), String::new());
            (id, org, 1, title.to_owned(), 0, by, false, false, None)
        };
        let filter = PostFilter::default();
        assert!(fits(&row("Ёлка на Площади"), &filter, &folded_words("площад ЕЛКА")));
        assert!(!fits(&row("Ёлка на площади"), &filter, &folded_words("ёлка каток")));
    }
}
