//! The channels of this installation with their adapters.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use vestnik_contract::{Adapter, Renewals};

/// A channel as the daemon uses it.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its slug.
    pub slug: String,
    /// Its organisation.
    pub organisation: String,
    /// Whether it is the organisation's primary.
    pub primary: bool,
    /// The closing paragraph of every post here.
    pub footer: Option<String>,
    /// The least time between two posts.
    pub gap: Duration,
    /// The same while posts are late: after an outage they are spread out, never fired at once.
    pub late_gap: Duration,
    /// The most posts in 24 hours.
    pub per_day: Option<u32>,
    /// Where the files of posts lie.
    pub media_dir: PathBuf,
    /// What speaks to the platform.
    pub adapter: Arc<dyn Adapter>,
}

/// All channels, by slug.
#[derive(Debug, Clone, Default)]
pub struct Channels {
    by_slug: HashMap<String, Arc<Channel>>,
    renewals: Renewals,
}

impl FromIterator<Channel> for Channels {
    fn from_iter<T: IntoIterator<Item = Channel>>(channels: T) -> Self {
        let by_slug = channels.into_iter().map(|c| (c.slug.clone(), Arc::new(c))).collect();
        Self { by_slug, renewals: Renewals::default() }
    }
}

impl Channels {
    /// The same channels; `renewals` is where their adapters tell.
    #[must_use]
    pub fn telling(self, renewals: Renewals) -> Self {
        Self { renewals, ..self }
    }

    /// Where the adapters tell that a credential was renewed.
    pub fn renewals(&self) -> &Renewals {
        &self.renewals
    }

    /// The channel with this slug.
    pub fn get(&self, slug: &str) -> Option<&Arc<Channel>> {
        self.by_slug.get(slug)
    }

    /// All channels of an organisation, in the order of their slugs.
    pub fn of(&self, organisation: &str) -> Vec<&Arc<Channel>> {
        let mut found: Vec<_> = self.by_slug.values().filter(|c| c.organisation == organisation).collect();
        found.sort_by(|a, b| a.slug.cmp(&b.slug));
        found
    }

    /// All channels, in the order of their slugs.
    pub fn all(&self) -> Vec<&Arc<Channel>> {
        let mut found: Vec<_> = self.by_slug.values().collect();
        found.sort_by(|a, b| a.slug.cmp(&b.slug));
        found
    }
}
