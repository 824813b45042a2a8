//! Looking at the channel.

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;
use vestnik_contract::{AdapterError, PlatformClock, Presence, RemoteId, RemotePost, Sighting, Told, ToldKind};

use crate::adapter::MaxAdapter;
use crate::address::{self, Address, ChannelName};
use crate::client::Answer;
use crate::errors::Meaning;
use crate::message::Message;
use crate::publish::path_part;

/// Most posts in one answer (MAX API schema 0.0.33, `GET /messages`).
pub(crate) const LIST_MAX: usize = 100;

/// The newest posts of the channel.
pub(crate) struct Newest {
    pub(crate) posts: Vec<Message>,
    /// There may be older ones.
    pub(crate) full: bool,
    /// What they were read from.
    pub(crate) answer: Answer,
}

impl Newest {
    /// One post as it stood in the list.
    pub(crate) fn entry(&self, id: &RemoteId) -> Option<&Value> {
        self.answer.value["messages"].as_array()?.iter().find(|m| m["body"]["mid"].as_str() == Some(&id.0))
    }
}

/// What was found under an id.
enum Seen {
    Post(Message),
    /// Why not.
    Nothing(Presence),
}

impl MaxAdapter {
    pub(crate) async fn look(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        let (seen, clock) = self.fetch(id).await?;
        let presence = match seen {
            Seen::Post(message) => Presence::Live(message.shown()),
            Seen::Nothing(presence) => presence,
        };
        Ok(Sighting { presence, clock })
    }

    async fn fetch(&self, id: &RemoteId) -> Result<(Seen, PlatformClock), AdapterError> {
        let failure = match self.client.get(&format!("/messages/{}", path_part(id))).await {
            Ok(answer) => {
                return match Message::read(&answer.value) {
                    Some(message) => Ok((Seen::Post(message), by_header(answer.date))),
                    None => Err(unclear("MAX answered without the post that was asked for", answer.evidence)),
                };
            }
            Err(failure) => failure,
        };
        let clock = by_header(failure.date());
        match (failure.meaning(), failure.status()) {
            // Of a missing post only the status is sure, not the code.
            (Some(Meaning::NotFound), _) | (Some(Meaning::Nothing), Some(404)) => {
                Ok((Seen::Nothing(self.why_out_of_sight().await?), clock))
            }
            (Some(Meaning::Denied), _) => Ok((Seen::Nothing(Presence::Unknown(failure.told().reason)), clock)),
            _ => Err(failure.of_question()),
        }
    }

    /// A post that is not found was deleted, or the bot no longer sees the channel: both look alike.
    async fn why_out_of_sight(&self) -> Result<Presence, AdapterError> {
        let membership = match self.membership().await {
            Ok(membership) => membership,
            Err(failure) => match (failure.meaning(), failure.status()) {
                (Some(Meaning::NotFound | Meaning::Denied), _) | (Some(Meaning::Nothing), Some(403 | 404)) => {
                    return Ok(Presence::Unknown(format!(
                        "the post is out of sight, and so is the channel: {}",
                        failure.told().reason
                    )));
                }
                _ => return Err(failure.of_question()),
            },
        };
        if membership.may_read() {
            return Ok(Presence::Gone);
        }
        Ok(Presence::Unknown(
            "the post is out of sight, but the bot may no longer read the channel; make it an administrator with the \
             right to read all messages, then it can be told whether the post stands"
                .into(),
        ))
    }

    /// The newest hundred, without bounds: their unit and direction differ between schemas.
    pub(crate) async fn newest(&self) -> Result<Newest, AdapterError> {
        let path = format!("/messages?chat_id={}&count={LIST_MAX}", self.settings.chat_id);
        let answer = self.client.get(&path).await.map_err(|f| f.of_question())?;
        let Some(posts) = Message::list(&answer.value) else {
            return Err(unclear("MAX answered without a list of posts", answer.evidence));
        };
        let full = answer.value["messages"].as_array().is_some_and(|list| list.len() >= LIST_MAX);
        Ok(Newest { posts, full, answer })
    }

    pub(crate) async fn posts_since(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        let remote = |message: Message| {
            Some(RemotePost {
                published_at: message.at?,
                media: Some(message.media_count()),
                id: message.id,
                url: message.url,
                text: message.text,
            })
        };
        let mut posts: Vec<RemotePost> = self.newest().await?.posts.into_iter().filter_map(remote).collect();
        posts.retain(|post| post.published_at >= since);
        posts.sort_by_key(|post| std::cmp::Reverse(post.published_at));
        Ok(posts)
    }

    pub(crate) async fn behind(&self, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
        let chat_id = self.settings.chat_id;
        let refused = |why: &str| AdapterError::Unclear {
            told: Told::plain(
                ToldKind::WrongAddress,
                format!("{url} {why}; copy the address of the post from this channel in MAX"),
            ),
        };
        let Some(address) = address::parse(url) else {
            return Err(refused("is not the address of a post in MAX, like https://max.ru/gorod/AaIAwQdVAAc"));
        };
        if matches!(address.channel, ChannelName::Id(other) if other != chat_id) {
            return Err(refused(&format!("belongs to another channel than {chat_id}")));
        }
        // The id is constructed; that the post belongs to this channel is for MAX to say.
        let id = address::mid(chat_id, address.seq);
        let (seen, clock) = self.fetch(&id).await?;
        match seen {
            Seen::Post(message) if is_of(&message, chat_id, &address) => {
                Ok((message.id.clone(), Sighting { presence: Presence::Live(message.shown()), clock }))
            }
            Seen::Post(_) => Err(refused(&format!("belongs to another channel than {chat_id}"))),
            Seen::Nothing(Presence::Unknown(why)) => {
                Err(AdapterError::Unauthorised { told: Told::plain(ToldKind::PostUnseen, why) })
            }
            Seen::Nothing(_) => Err(refused(&format!("leads to no post of channel {chat_id}"))),
        }
    }
}

/// Whether a post stands on this channel and, as far as MAX tells, under this address.
fn is_of(message: &Message, chat_id: i64, address: &Address<'_>) -> bool {
    let named = message.url.as_ref().and_then(address::parse);
    let same_name = match (named.as_ref().map(|n| &n.channel), &address.channel) {
        (Some(ChannelName::Public(there)), ChannelName::Public(here)) => there == here,
        _ => true,
    };
    same_name && message.chat_id.is_none_or(|chat| chat == chat_id)
}

pub(crate) fn by_header(header: Option<DateTime<Utc>>) -> PlatformClock {
    PlatformClock { header, method: None }
}

fn unclear(reason: &str, evidence: vestnik_contract::Evidence) -> AdapterError {
    AdapterError::Unclear { told: Told::with(ToldKind::NotUnderstood, reason, evidence) }
}
