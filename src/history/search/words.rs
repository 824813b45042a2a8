//! Words that must all occur, whatever their case.

use crate::journal::Entry;

/// Fields of an entry's detail that people search: reasons, ids, addresses, names.
const SEARCHED: [&str; 9] =
    ["reason", "todo", "title", "remote_id", "url", "key", "attempt", "content_sha256", "answer_sha256"];

/// What must occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(Vec<String>);

impl Words {
    pub(super) fn new(text: &str) -> Self {
        Self(text.split_whitespace().map(fold).collect())
    }

    /// Whether nothing is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every word occurs in the post's folded texts or in the entry.
    pub(super) fn occur(&self, post: &str, entry: &Entry) -> bool {
        let mut rest = self.0.iter().filter(|word| !post.contains(word.as_str())).peekable();
        rest.peek().is_none() || {
            let entry = searched(entry);
            rest.all(|word| entry.contains(word.as_str()))
        }
    }
}

fn searched(entry: &Entry) -> String {
    let ids = [entry.post, entry.delivery].into_iter().flatten().map(|id| id.to_string());
    let detail = SEARCHED.iter().filter_map(|field| entry.detail.get(*field)?.as_str()).map(fold);
    let own = [fold(&entry.actor), entry.hash.to_string()];
    own.into_iter().chain(ids).chain(detail).collect::<Vec<_>>().join("\n")
}

/// One spelling for comparing: lower case, and ё as е, which people write for it.
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::journal::{Draft, Event, Head, link};

    #[test]
    fn all_words_occur_in_the_post_or_in_the_entry() {
        let event = Event::DeliveryFailed("Запись «Ёлка» удалена".into());
        let entry = link("press", &Head::genesis("press"), Draft::new(DateTime::UNIX_EPOCH, "Анна", event));
        let post = fold("Субботник в ПАРКЕ");
        for found in ["", "  ", "субботник", "ПАРКЕ елка", "ЁЛКА анна", "суббот удален"]
        {
            assert!(Words::new(found).occur(&post, &entry), "{found}");
        }
        for not_found in ["субботник зимой", "failed", "ёлки"] {
            assert!(!Words::new(not_found).occur(&post, &entry), "{not_found}");
        }
    }
}
