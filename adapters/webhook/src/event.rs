//! What is sent: the events, their ids and their bodies. Field by field in `docs/webhook.md`.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use url::Url;
use uuid::Uuid;
use vestnik_contract::text::cut;
use vestnik_contract::{DeliveryKey, Prepared, RemoteId};

use crate::files::File;

/// Longest excerpt, in characters: what a list of news shows under a headline.
const EXCERPT_MAX: usize = 300;
/// Longest slug without the part that makes it unique, in characters (an address of a hundred stays readable).
const SLUG_MAX: usize = 60;

/// The events of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Publish,
    Update,
    Withdraw,
    Lookup,
    List,
    Status,
}

impl Kind {
    /// The event's `type`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Publish => "post.publish",
            Self::Update => "post.update",
            Self::Withdraw => "post.withdraw",
            Self::Lookup => "post.lookup",
            Self::List => "post.list",
            Self::Status => "site.status",
        }
    }

    /// Whether it changes the site. Such an event carries an `Idempotency-Key`.
    pub(crate) fn changes(self) -> bool {
        matches!(self, Self::Publish | Self::Update | Self::Withdraw)
    }
}

/// One event, ready to be signed.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: Kind,
    /// `webhook-id`: the same for every attempt at the same thing. Holds no dot (Standard Webhooks 1.0.0).
    pub(crate) id: String,
    /// The body, byte for byte as it is signed and sent.
    pub(crate) body: String,
}

#[derive(Serialize)]
struct Envelope<'a, D> {
    r#type: &'static str,
    timestamp: &'a str,
    data: D,
}

/// `data` of `post.publish` and `post.update`.
#[derive(Serialize)]
struct Post<'a> {
    /// vestnik's name of the post on this site; an item carries it for good.
    id: Uuid,
    revision: u32,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    site_id: Option<&'a str>,
    title: &'a str,
    html: &'a str,
    text: &'a str,
    excerpt: String,
    slug: String,
    rubric: Option<&'a str>,
    tags: &'a [String],
    images: &'a [File],
    documents: &'a [File],
}

/// What `post.lookup` asks for.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) enum Wanted<'a> {
    /// The item that carries this id of ours.
    #[serde(rename = "id")]
    Ours(Uuid),
    /// The site's own id.
    #[serde(rename = "site_id")]
    Theirs(&'a str),
    /// What stands at a public address.
    #[serde(rename = "url")]
    At(&'a Url),
}

/// Files of a post, read and encoded.
pub(crate) struct Attached {
    pub(crate) images: Vec<File>,
    pub(crate) documents: Vec<File>,
}

impl Event {
    /// A new post.
    pub(crate) fn publish(prepared: &Prepared, at: DateTime<Utc>, rubric: Option<&str>, files: &Attached) -> Self {
        let id = key(&prepared.key, "publish");
        Self::of(Kind::Publish, id, at, Post::new(prepared, None, rubric, files))
    }

    /// New content for a post that stands.
    pub(crate) fn update(
        site_id: &RemoteId,
        prepared: &Prepared,
        at: DateTime<Utc>,
        rubric: Option<&str>,
        files: &Attached,
    ) -> Self {
        let id = key(&prepared.key, "update");
        Self::of(Kind::Update, id, at, Post::new(prepared, Some(&site_id.0), rubric, files))
    }

    /// The end of a post.
    pub(crate) fn withdraw(receiver: &Url, site_id: &RemoteId, at: DateTime<Utc>) -> Self {
        let name = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{receiver}\n{site_id}").as_bytes());
        Self::of(Kind::Withdraw, format!("{name}-withdraw"), at, serde_json::json!({ "site_id": site_id.0 }))
    }

    /// Is it there?
    pub(crate) fn lookup(wanted: Wanted<'_>, at: DateTime<Utc>) -> Self {
        Self::question(Kind::Lookup, at, wanted)
    }

    /// What stands on the site since then?
    pub(crate) fn list(since: DateTime<Utc>, at: DateTime<Utc>) -> Self {
        Self::question(Kind::List, at, serde_json::json!({ "since": rfc3339(since) }))
    }

    /// Who are you, and do you take posts?
    pub(crate) fn status(at: DateTime<Utc>) -> Self {
        Self::question(Kind::Status, at, serde_json::json!({}))
    }

    /// Questions are never repeats of each other: their id comes from what is asked and when.
    fn question(kind: Kind, at: DateTime<Utc>, data: impl Serialize) -> Self {
        let event = Self::of(kind, String::new(), at, data);
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{} {}", event.body, at.timestamp_micros()).as_bytes());
        Self { id: id.to_string(), ..event }
    }

    fn of(kind: Kind, id: String, at: DateTime<Utc>, data: impl Serialize) -> Self {
        let body = Envelope { r#type: kind.name(), timestamp: &rfc3339(at), data };
        // Serialising plain structs of text cannot fail; an empty body would be refused by any receiver.
        Self { kind, id, body: serde_json::to_string(&body).unwrap_or_default() }
    }
}

impl<'a> Post<'a> {
    fn new(prepared: &'a Prepared, site_id: Option<&'a str>, rubric: Option<&'a str>, files: &'a Attached) -> Self {
        let post = &prepared.post;
        let title = post.title.as_deref().unwrap_or_default();
        let text = post.plain.strip_prefix(title).unwrap_or(&post.plain).trim_start();
        let first = text.split("\n\n").find(|p| !p.trim().is_empty()).unwrap_or_default();
        Self {
            id: prepared.key.delivery,
            revision: prepared.key.revision,
            fingerprint: fingerprint(prepared, rubric),
            site_id,
            title,
            html: &post.body,
            text,
            excerpt: cut(&first.replace('\n', " "), EXCERPT_MAX),
            slug: slug(title, &prepared.key),
            rubric,
            tags: &post.tags,
            images: &files.images,
            documents: &files.documents,
        }
    }
}

/// One delivery's one revision's one action, in words that a contractor can read in a log.
fn key(key: &DeliveryKey, action: &str) -> String {
    format!("{}-{}-{action}", key.delivery, key.revision)
}

/// SHA-256 over everything that is to be shown. Two requests with one id and two fingerprints are a mistake, and a
/// receiver can see so without comparing field by field.
fn fingerprint(prepared: &Prepared, rubric: Option<&str>) -> String {
    let post = &prepared.post;
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    part(post.title.as_deref().unwrap_or_default());
    part(&post.body);
    part(rubric.unwrap_or_default());
    post.tags.iter().for_each(|t| part(t));
    for media in &post.media {
        part(&media.sha256);
        part(&media.alt);
    }
    hex::encode(hash.finalize())
}

/// ASCII letters, digits and hyphens; the tail keeps two posts of one headline apart and is never only digits.
fn slug(title: &str, key: &DeliveryKey) -> String {
    let words = slug::slugify(title);
    let mut head = words.as_str();
    if head.len() > SLUG_MAX {
        // The slug is ASCII: every index is a boundary.
        let whole_words = head[..=SLUG_MAX].rfind('-').filter(|end| *end > 0).unwrap_or(SLUG_MAX);
        head = &head[..whole_words];
    }
    let tail = &key.delivery.simple().to_string()[20..];
    if head.is_empty() { format!("news-{tail}") } else { format!("{head}-{tail}") }
}

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(n: u128) -> DeliveryKey {
        DeliveryKey { delivery: Uuid::from_u128(n), revision: 3 }
    }

    #[test]
    fn a_slug_is_ascii_short_and_its_own() {
        let key = delivery(0x1234_5678_9abc);
        assert_eq!(slug("Отключение воды", &key), "otkliuchenie-vody-123456789abc");
        assert_eq!(slug("😀".repeat(0).as_str(), &key), "news-123456789abc");
        let long = slug(&"Очень длинный заголовок ".repeat(20), &key);
        assert!(long.len() <= SLUG_MAX + 13 && long.is_ascii() && !long.contains("--"), "{long}");
        assert!(slug(&"ж".repeat(300), &key).len() <= SLUG_MAX + 13);
    }

    #[test]
    fn ids_hold_no_dot_and_differ_by_action() {
        let at = DateTime::UNIX_EPOCH;
        let receiver: Url = "https://gorod.ru/vestnik.php".parse().unwrap();
        let withdraw = Event::withdraw(&receiver, &RemoteId("4.7".into()), at);
        let ids =
            [key(&delivery(7), "publish"), key(&delivery(7), "update"), withdraw.id.clone(), Event::status(at).id];
        assert!(ids.iter().all(|id| !id.contains('.')), "{ids:?}");
        assert_eq!(
            withdraw.id,
            Event::withdraw(&receiver, &RemoteId("4.7".into()), at).id,
            "the same at every attempt"
        );
        assert_ne!(Event::status(at).id, Event::lookup(Wanted::Theirs("1"), at).id);
    }

    #[test]
    fn a_lookup_names_what_it_looks_for() {
        let at = DateTime::UNIX_EPOCH;
        assert_eq!(
            Event::lookup(Wanted::Theirs("4711"), at).body,
            r#"{"type":"post.lookup","timestamp":"1970-01-01T00:00:00Z","data":{"site_id":"4711"}}"#
        );
    }
}
