//! Reading a group: its newest topics, how many there are, one of them by its id.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use vestnik_contract::Evidence;
use vestnik_contract::http::CALL_TIMEOUT;

use crate::client::{Answer, Client};
use crate::errors::{CallError, NOT_FOUND};
use crate::permalink::is_id;
use crate::topic::{Topic, flag, number_of, text_of};

/// How many topics one look brings: what clients of OK ask for.
pub(crate) const PAGE: usize = 50;

/// The group that a channel is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group<'a> {
    /// The way to the platform.
    pub(crate) client: &'a Client,
    /// The group's number.
    pub(crate) id: &'a str,
}

/// Some topics, newest first as far as OK sorts them.
pub(crate) struct Page {
    /// The topics.
    pub(crate) topics: Vec<Topic>,
    /// The `Date` of the answer.
    pub(crate) date: Option<DateTime<Utc>>,
    /// The answer without secrets.
    pub(crate) evidence: Evidence,
    /// Where the next page begins, when there is one.
    pub(crate) next: Option<String>,
}

/// A topic that was asked for by its id, and when.
pub(crate) struct Looked {
    /// The topic, when it is there.
    pub(crate) topic: Option<Topic>,
    /// The `Date` of the answer.
    pub(crate) date: Option<DateTime<Utc>>,
}

impl Group<'_> {
    /// One page of topics (`mediatopic.getTopics`), from the newest or from where the last page ended.
    pub(crate) async fn page(&self, from: Option<&str>) -> Result<Page, CallError> {
        let size = PAGE.to_string();
        let mut parameters = vec![("gid", self.id), ("count", size.as_str())];
        parameters.extend(from.map(|anchor| ("anchor", anchor)));
        let answer = self.client.call("mediatopic.getTopics", &parameters).await?;
        let topics = match topics(&answer.value) {
            Some(topics) => topics,
            // An empty list may be left out, but what is left out is not certainly empty.
            None if answer.value.is_object() && self.count().await? == Some(0) => Vec::new(),
            None => return Err(answer.unreadable("OK's answer to mediatopic.getTopics has no list of topics")),
        };
        let more = flag(answer.value.get("has_more"));
        let next = text_of(answer.value.get("anchor")).filter(|anchor| more && !anchor.is_empty());
        Ok(Page { topics, date: answer.date(), evidence: answer.evidence(), next })
    }

    /// How many topics the group has (`group.getCounters`), `None` when OK does not say.
    pub(crate) async fn count(&self) -> Result<Option<i64>, CallError> {
        let parameters = [("group_id", self.id), ("counterTypes", "themes")];
        let answer = self.client.call("group.getCounters", &parameters).await?;
        let counters = answer.value.get("counters").unwrap_or(&answer.value);
        Ok(number_of(counters.get("themes")))
    }

    /// One topic (`mediatopic.getByIds`). `media_limit` is left out: it would hide blocks.
    pub(crate) async fn topic(&self, id: &str) -> Result<Looked, CallError> {
        self.topic_within(CALL_TIMEOUT, id).await
    }

    /// The same, asked for no longer than `timeout`. A renewal of the token that this comes upon is finished.
    pub(crate) async fn topic_within(&self, timeout: Duration, id: &str) -> Result<Looked, CallError> {
        let parameters = [("topic_ids", id), ("fields", "media_topic.*")];
        let answer = match self.client.call_within(timeout, "mediatopic.getByIds", &parameters).await {
            Err(error) if error.is_code(NOT_FOUND) => return Ok(Looked { topic: None, date: None }),
            other => other?,
        };
        let Some(topics) = topics(&answer.value) else {
            return Err(answer.unreadable("OK's answer to mediatopic.getByIds has no list of topics"));
        };
        Ok(Looked { topic: topics.into_iter().find(|topic| topic.id == id), date: answer.date() })
    }

    /// The id under which a topic went on after moderation or a delayed publication
    /// (`mediatopic.getRepublishedTopic`).
    pub(crate) async fn republished(&self, id: &str) -> Result<Option<String>, CallError> {
        match self.client.call("mediatopic.getRepublishedTopic", &[("topic_id", id)]).await {
            Ok(answer) => Ok(topic_id(&answer).filter(|new| new != id)),
            Err(error) if error.is_permanent() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The one success of `mediatopic.post`: a topic's id, quoted or bare.
pub(crate) fn topic_id(answer: &Answer) -> Option<String> {
    id_in(&answer.value)
}

fn id_in(value: &Value) -> Option<String> {
    text_of(Some(value)).filter(|id| is_id(id))
}

fn topics(value: &Value) -> Option<Vec<Topic>> {
    Some(value.get("media_topics")?.as_array()?.iter().filter_map(Topic::read).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_id_is_a_success() {
        assert_eq!(id_in(&json!("155013581046904")).unwrap(), "155013581046904");
        assert_eq!(id_in(&json!(155_013_581_046_904_u64)).unwrap(), "155013581046904");
        for other in
            [json!("0"), json!(0), json!(""), json!({}), json!(null), json!(true), json!([]), json!("-5"), json!(1.5)]
        {
            assert_eq!(id_in(&other), None, "{other}");
        }
    }
}
