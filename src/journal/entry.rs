//! One entry of the journal, and its one text.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::canonical::{self, Unfit};
use super::event::{Event, EventError};
use super::hash::Hash;
use super::stamp;

/// What is to be written down: an entry before it has its place in a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// When it happened, by our clock.
    pub at: DateTime<Utc>,
    /// Who did it: a person's name, or [`super::VESTNIK`].
    pub actor: String,
    /// What happened.
    pub event: Event,
    /// The post it happened to.
    pub post: Option<Uuid>,
    /// The delivery it happened to.
    pub delivery: Option<Uuid>,
    /// The slug of the channel it happened on.
    pub channel: Option<String>,
}

impl Draft {
    /// Something that happened to no post and no channel.
    pub fn new(at: DateTime<Utc>, actor: impl Into<String>, event: Event) -> Self {
        Self { at, actor: actor.into(), event, post: None, delivery: None, channel: None }
    }

    /// It happened to this post as a whole.
    #[must_use]
    pub fn of_post(self, post: Uuid) -> Self {
        Self { post: Some(post), ..self }
    }

    /// It happened to this delivery of this post on this channel.
    #[must_use]
    pub fn of_delivery(self, post: Uuid, delivery: Uuid, channel: impl Into<String>) -> Self {
        Self { post: Some(post), delivery: Some(delivery), channel: Some(channel.into()), ..self }
    }

    /// It happened to this channel as a whole.
    #[must_use]
    pub fn of_channel(self, channel: impl Into<String>) -> Self {
        Self { channel: Some(channel.into()), ..self }
    }
}

/// One entry of a chain. `docs/journal-format.md` tells each field to outsiders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The chain: an organisation's slug, or [`super::INSTALLATION`].
    pub chain: String,
    /// The place in the chain, counted from 1 without gaps.
    pub seq: u64,
    /// When it happened, by our clock; whole microseconds.
    pub at: DateTime<Utc>,
    /// Who did it: a person's name, or [`super::VESTNIK`].
    pub actor: String,
    /// What happened, for example `delivery.published`. Kinds are listed in [`super::event`].
    pub kind: String,
    /// The post it happened to.
    pub post: Option<Uuid>,
    /// The delivery it happened to.
    pub delivery: Option<Uuid>,
    /// The slug of the channel it happened on.
    pub channel: Option<String>,
    /// What is known of it, in the shape of its kind.
    pub detail: Map<String, Value>,
    /// The hash of the entry before, or the chain's beginning ([`super::Head::genesis`]).
    pub prev: Hash,
    /// SHA-256 of [`Entry::canonical`].
    pub hash: Hash,
}

/// A line is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Not JSON, or not the fields of an entry.
    #[error("it is not an entry of a journal ({0})")]
    Shape(String),
    /// The detail holds a value that entries never hold.
    #[error("its detail is not in the journal's form: {0}")]
    Unfit(#[from] Unfit),
    /// Another spelling (white space, order, escapes, a field twice) of what may be the same entry.
    #[error("it is not spelt as the journal spells entries, so it was written or changed by something else")]
    Spelling,
}

/// The fields as they stand in a line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    actor: String,
    #[serde(with = "stamp")]
    at: DateTime<Utc>,
    chain: String,
    channel: Option<String>,
    delivery: Option<Uuid>,
    detail: Map<String, Value>,
    hash: Hash,
    kind: String,
    post: Option<Uuid>,
    prev: Hash,
    seq: u64,
}

impl Entry {
    /// The text that is hashed: RFC 8785 form of every field but `hash`. Fields that do not apply are `null`.
    pub fn canonical(&self) -> String {
        self.spell(None)
    }

    /// The entry as a line of an export, without its line end: like [`Entry::canonical`], with `hash`.
    pub fn line(&self) -> String {
        self.spell(Some(self.hash))
    }

    /// The hash that the entry must have.
    pub fn computed_hash(&self) -> Hash {
        Hash::of(self.canonical())
    }

    /// Reads a line that [`Entry::line`] wrote, and no other spelling of it, so that a change to any byte is found:
    /// here, or by the hash, which [`super::Verifier`] compares.
    pub fn parse(line: &str) -> Result<Self, EntryError> {
        let fields: Fields = serde_json::from_str(line).map_err(|e| EntryError::Shape(e.to_string()))?;
        let Fields { actor, at, chain, channel, delivery, detail, hash, kind, post, prev, seq } = fields;
        if !canonical::is_count(seq) || seq == 0 {
            return Err(EntryError::Shape(format!("the number {seq} cannot be that of an entry")));
        }
        canonical::check(&detail)?;
        let entry = Self { chain, seq, at, actor, kind, post, delivery, channel, detail, prev, hash };
        if entry.line() == line { Ok(entry) } else { Err(EntryError::Spelling) }
    }

    /// What happened, typed. `None`: a kind of a newer vestnik.
    pub fn event(&self) -> Result<Option<Event>, EventError> {
        Event::read(&self.kind, &self.detail)
    }

    fn spell(&self, hash: Option<Hash>) -> String {
        let mut out = String::with_capacity(640);
        let text = |out: &mut String, key: &str, value: &str| {
            out.push_str(key);
            canonical::write_string(out, value);
        };
        let maybe = |out: &mut String, key: &str, value: Option<&str>| {
            if let Some(value) = value {
                return text(out, key, value);
            }
            out.push_str(key);
            out.push_str("null");
        };
        // The keys stand in the order that RFC 8785 asks for.
        text(&mut out, r#"{"actor":"#, &self.actor);
        text(&mut out, r#","at":"#, &stamp::text(self.at));
        text(&mut out, r#","chain":"#, &self.chain);
        maybe(&mut out, r#","channel":"#, self.channel.as_deref());
        maybe(&mut out, r#","delivery":"#, self.delivery.map(|id| id.to_string()).as_deref());
        out.push_str(r#","detail":"#);
        canonical::write_object(&mut out, &self.detail);
        if let Some(hash) = hash {
            text(&mut out, r#","hash":"#, &hash.to_string());
        }
        text(&mut out, r#","kind":"#, &self.kind);
        maybe(&mut out, r#","post":"#, self.post.map(|id| id.to_string()).as_deref());
        text(&mut out, r#","prev":"#, &self.prev.to_string());
        out.push_str(r#","seq":"#);
        out.push_str(&self.seq.to_string());
        out.push('}');
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::journal::{Head, link};

    fn sample(actor: &str, reason: &str) -> Entry {
        let at = stamp::parse("2026-11-22T06:30:00.000000Z").unwrap();
        let event = Event::DeliveryFailed(reason.into());
        let draft = Draft::new(at, actor, event).of_delivery(Uuid::from_u128(1), Uuid::from_u128(2), "vk");
        link("press", &Head::genesis("press"), draft)
    }

    #[test]
    fn the_spelling_is_fixed() {
        let entry = sample("vestnik", "Запись «удалена»");
        assert_eq!(
            entry.canonical(),
            concat!(
                r#"{"actor":"vestnik","at":"2026-11-22T06:30:00.000000Z","chain":"press","channel":"vk","#,
                r#""delivery":"00000000-0000-0000-0000-000000000002","detail":{"reason":"Запись «удалена»"},"#,
                r#""kind":"delivery.failed","post":"00000000-0000-0000-0000-000000000001","#,
                r#""prev":"PREV","seq":1}"#,
            )
            .replace("PREV", &Head::genesis("press").hash.to_string()),
        );
    }

    #[test]
    fn only_the_one_spelling_is_read() {
        let line = sample("vestnik", "moved").line();
        assert!(Entry::parse(&line).is_ok());
        let field_more = line.replacen(r#","kind""#, r#","extra":1,"kind""#, 1);
        let float = line.replacen(r#"{"reason":"moved"}"#, r#"{"n":1.0,"reason":"moved"}"#, 1);
        let twice = line.replacen(r#"{"reason":"moved"}"#, r#"{"reason":"stayed","reason":"moved"}"#, 1);
        let spelt = [
            format!("{line} "),
            line.replacen(':', ": ", 1),
            line.replacen("moved", "\\u006doved", 1),
            line.replacen(".000000Z", ".0000000Z", 1),
            line.replacen(r#""seq":1"#, r#""seq":1e0"#, 1),
            line.replacen(r#""channel":"vk","#, "", 1),
            line.replacen("00000000-0000-0000-0000-000000000002", "00000000000000000000000000000002", 1),
            field_more,
            float,
            twice,
            String::new(),
            "[".repeat(100_000),
        ];
        for other in spelt {
            assert!(Entry::parse(&other).is_err(), "{}", other.chars().take(500).collect::<String>());
        }
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read_and_is_rfc_8785(actor: String, reason: String) {
            let entry = sample(&actor, &reason);
            let line = entry.line();
            prop_assert_eq!(Entry::parse(&line).unwrap(), entry);
            let value: Value = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(serde_jcs::to_string(&value).unwrap(), line);
        }
    }
}
