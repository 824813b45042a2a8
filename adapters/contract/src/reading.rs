//! What adapters read back from a platform.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::finding::Finding;
use crate::prepared::{Evidence, Receipt, RemoteId};

/// What a platform says of the time. A checker sees its stamps, so it is asked before a follower goes out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlatformClock {
    /// The `Date` header (RFC 9110 section 6.6.1, whole seconds).
    pub header: Option<DateTime<Utc>>,
    /// A clock the platform offers as a method (VK `utils.getServerTime`).
    pub method: Option<DateTime<Utc>>,
}

impl PlatformClock {
    /// The earliest of what was seen: the one that must not say "too early".
    pub fn earliest(&self) -> Option<DateTime<Utc>> {
        [self.header, self.method].into_iter().flatten().min()
    }
}

/// Answer to "is it there?" after an unknown outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Certain: this is our post.
    Yes(Receipt),
    /// Certain as far as one look goes: nothing of ours is there. [`crate::DoubtPolicy`] says how many looks count.
    No(Option<Evidence>),
    /// What may be ours is there, and a person has to say: several candidates, moderation, ... The sentence says why.
    CannotTell(String),
    /// Nothing that may be ours was seen, but not all was: a list that does not reach back, no right to read it, a post
    /// without text. A person has to look. The sentence says why.
    OutOfSight(String),
}

/// Answer to "is it still up, and what does it say?".
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// What stands there.
    pub presence: Presence,
    /// What time the platform said it was.
    pub clock: PlatformClock,
}

/// Whether a post stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// It stands and reads like this.
    Live(Shown),
    /// It was certainly taken down (not merely out of our sight).
    Gone,
    /// Out of sight, and it cannot be told why (lost rights look like deletion). The sentence says what was seen.
    Unknown(String),
}

/// What a reader sees of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The text as the platform returned it. Compare with [`crate::text::same_text`], never byte by byte.
    pub text: String,
    /// The platform cut the text: only a prefix can be compared.
    pub cut: bool,
    /// The text says nothing about what was sent (a site's theme and filters rewrite it): do not compare.
    pub opaque: bool,
    /// How many media items it shows, when the platform tells.
    pub media: Option<usize>,
    /// The public address.
    pub url: Option<Url>,
    /// The platform's publication time.
    pub platform_time: Option<DateTime<Utc>>,
}

/// A post on a channel, made by anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePost {
    /// The platform's id.
    pub id: RemoteId,
    /// The public address.
    pub url: Option<Url>,
    /// The platform's publication time.
    pub published_at: DateTime<Utc>,
    /// The text as the platform returned it.
    pub text: String,
    /// How many media items it shows, when the platform tells.
    pub media: Option<usize>,
}

/// Answer to `vestnik check` for one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// Who we are there, for example `bot "Пресс-служба", channel "Администрация"`.
    pub identity: String,
    /// Whether a post would be taken.
    pub may_publish: bool,
    /// What was noticed, with the way out. Any blocking finding makes `may_publish` false.
    pub findings: Vec<Finding>,
    /// What time the platform said it was.
    pub clock: PlatformClock,
    /// When the credential ends, where the platform tells.
    pub credential_expires: Option<DateTime<Utc>>,
}
