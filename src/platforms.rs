//! The registry: one line per platform. A new platform is its crate and its line in `ALL`; nothing else changes.

use std::sync::Arc;

use vestnik_contract::{Adapter, ChannelSettings, Context, SettingsError};

use crate::config::Channel;

/// Every platform that a channel may name.
const ALL: &[Platform] = &[
    Platform::of::<vestnik_max::Settings>("max").primary(),
    Platform::of::<vestnik_vk::Settings>("vk"),
    Platform::of::<vestnik_ok::Settings>("ok"),
    Platform::of::<vestnik_wordpress::Settings>("wordpress"),
    Platform::of::<vestnik_webhook::Settings>("webhook"),
    Platform::of::<vestnik_manual::Settings>("manual").primary(),
];

type Opened = Result<Arc<dyn Adapter>, SettingsError>;

/// One platform, by the name that channels give.
#[derive(Debug)]
pub struct Platform {
    name: &'static str,
    may_be_primary: bool,
    read: fn(&toml::Table) -> Result<Account, KeyError>,
    open: fn(&toml::Table, &Context) -> Opened,
}

/// A channel's own keys, read by its platform.
#[derive(Debug, Clone)]
pub struct OwnSettings {
    platform: &'static Platform,
    // Kept as read: an adapter takes its settings by value, and a channel may be opened more than once.
    table: toml::Table,
    account: Account,
}

#[derive(Debug, Clone)]
struct Account {
    name: String,
    is_loopback: bool,
}

/// A key that a platform does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyError {
    /// The path within the channel's entry; empty for the entry itself.
    pub(crate) path: String,
    /// As serde words it.
    pub(crate) message: String,
}

/// A channel whose adapter cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("channel {channel}: {problem}")]
pub struct OpenError {
    /// The channel's slug.
    pub channel: String,
    /// The key and what is wrong with it.
    pub problem: SettingsError,
}

/// The names of all platforms, in the order of the registry.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|platform| platform.name)
}

/// The platform of a name.
pub fn find(name: &str) -> Option<&'static Platform> {
    ALL.iter().find(|platform| platform.name == name)
}

/// The adapter of a channel.
pub fn open(channel: &Channel, context: &Context) -> Result<Arc<dyn Adapter>, OpenError> {
    let settings = &channel.settings;
    let context = Context { renewals: context.renewals.of(&channel.slug), ..context.clone() };
    (settings.platform.open)(&settings.table, &context)
        .map_err(|problem| OpenError { channel: channel.slug.clone(), problem })
}

impl Platform {
    const fn of<S: ChannelSettings>(name: &'static str) -> Self {
        Self { name, may_be_primary: false, read: read::<S>, open: open_as::<S> }
    }

    const fn primary(mut self) -> Self {
        self.may_be_primary = true;
        self
    }

    /// The name that channels give.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the hold may run from it: MAX, and what stands in for MAX.
    pub fn may_be_primary(&self) -> bool {
        self.may_be_primary
    }

    /// Reads a channel's own keys.
    pub(crate) fn settings(&'static self, table: toml::Table) -> Result<OwnSettings, KeyError> {
        let account = (self.read)(&table)?;
        Ok(OwnSettings { platform: self, table, account })
    }
}

impl OwnSettings {
    /// The platform that read them.
    pub fn platform(&self) -> &'static Platform {
        self.platform
    }

    /// The remote account, for example `max:-71768670111751`.
    pub fn account(&self) -> &str {
        &self.account.name
    }

    /// Whether every address in them is on this machine.
    pub fn is_loopback(&self) -> bool {
        self.account.is_loopback
    }
}

fn read<S: ChannelSettings>(table: &toml::Table) -> Result<Account, KeyError> {
    let settings: S = serde_path_to_error::deserialize(table.clone()).map_err(|error| {
        let path = error.path().to_string();
        KeyError { path: if path == "." { String::new() } else { path }, message: error.inner().message().to_owned() }
    })?;
    Ok(Account { name: settings.account(), is_loopback: settings.is_loopback() })
}

fn open_as<S: ChannelSettings>(table: &toml::Table, context: &Context) -> Opened {
    let settings = S::deserialize(table.clone()).map_err(|e| SettingsError::new("settings", e.message()))?;
    settings.open(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_fit_for_a_slug() {
        let mut seen = std::collections::HashSet::new();
        for name in names() {
            assert!(seen.insert(name), "{name} stands twice");
            assert!(name.bytes().all(|b| b.is_ascii_lowercase()), "{name}");
            assert_eq!(find(name).map(Platform::name), Some(name));
        }
    }

    #[test]
    fn the_hold_runs_from_max_or_what_stands_in_for_it() {
        let primaries: Vec<_> = ALL.iter().filter(|p| p.may_be_primary()).map(Platform::name).collect();
        assert_eq!(primaries, ["max", "manual"]);
    }
}
