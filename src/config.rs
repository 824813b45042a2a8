//! The configuration: one TOML file, read once at start.
//!
//! [`file`](self) says what may stand in it (its comments are the manual), `check` and `organisations` what it must
//! say, `wording` how a mistake is told. The result is typed: whoever holds a [`Config`] need not check anything again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use ipnet::IpNet;
use url::Url;
use vestnik_contract::{Clock, Context, Renewals};

use crate::clock;
use crate::domain::HoldLength;
use crate::platforms::OwnSettings;

mod check;
mod error;
mod file;
mod near;
mod organisations;
mod server;
pub(crate) mod wording;

pub use error::{ConfigError, Problem};
pub use file::Approval;

/// The configuration that comes with vestnik. Runs as it stands, against the sandbox.
pub const SHIPPED: &str = include_str!("../config.toml");

/// Largest configuration file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A configuration that was checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file's folder: relative paths in it start here.
    pub base_dir: PathBuf,
    /// Where the desk and the API listen.
    pub server: ServerSettings,
    /// The database.
    pub store: StoreUrl,
    /// The media folder and what it takes.
    pub media: MediaSettings,
    /// How long followers wait for the primary's confirmation to age.
    pub hold: HoldLength,
    /// How many posts each channel must get in a week.
    pub week_minimum: u32,
    /// Between two posts of one channel, instead of what the platforms ask for.
    pub gap: Option<Duration>,
    /// How many times faster than real time the clock runs. More than 1 only when all channels are loopback.
    pub speed: u32,
    /// When a fast clock agrees with this machine's; `None`: when the process starts.
    pub clock_origin: Option<DateTime<Utc>>,
    /// Addresses that people type may lead to loopback and private networks.
    pub allow_private_addresses: bool,
    /// The organisations, in the order of the file. At least one.
    pub organisations: Vec<Organisation>,
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// An `SQLite` file. Created when absent.
    Sqlite(PathBuf),
}

/// How the desk is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSettings {
    /// Address and port.
    pub listen: SocketAddr,
    /// What people type, where it differs from `listen`. With `https` cookies are for TLS alone.
    pub public_url: Option<Url>,
    /// Reverse proxies whose word on a visitor's address is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where Prometheus asks for figures.
    pub metrics: Option<SocketAddr>,
}

/// What the media folder takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaSettings {
    /// The folder.
    pub dir: PathBuf,
    /// Largest picture, in bytes.
    pub picture_bytes_max: u64,
    /// Largest other file, in bytes.
    pub document_bytes_max: u64,
    /// Most pixels of a picture.
    pub pixels_max: u64,
}

/// The body that owns channels.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its name in commands and addresses.
    pub slug: String,
    /// Its name for readers.
    pub name: String,
    /// The zone in which its people live: what they type is read in it, what they see is shown in it.
    pub zone: Tz,
    /// Who must approve a draft before it is queued.
    pub approval: Approval,
    /// Its channels, in the order of the file. Exactly one is primary.
    pub channels: Vec<Channel>,
}

/// One account of an organisation on one platform.
#[derive(Debug, Clone)]
pub struct Channel {
    /// What people call it, where the configuration says so.
    pub name: Option<String>,
    /// Its name, unique in the installation.
    pub slug: String,
    /// The platform's name.
    pub platform: &'static str,
    /// Whether the hold runs from it.
    pub primary: bool,
    /// A closing paragraph in `CommonMark`; on followers it may name `{primary_url}`.
    pub footer: Option<String>,
    /// What the platform alone understands.
    pub settings: OwnSettings,
}

impl Config {
    /// Reads a configuration file.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |cause: String| ConfigError::Unreadable { path: path.to_owned(), cause };
        let full = std::path::absolute(path).map_err(|e| unreadable(e.to_string()))?;
        let bytes = match std::fs::metadata(&full) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(ConfigError::Missing { path: full }),
            Err(e) => return Err(unreadable(e.to_string())),
            Ok(meta) if !meta.is_file() => return Err(unreadable("it is not a file".into())),
            Ok(meta) if meta.len() > FILE_BYTES_MAX => {
                return Err(unreadable(format!("it has {} bytes, and {FILE_BYTES_MAX} are allowed", meta.len())));
            }
            Ok(_) => std::fs::read(&full).map_err(|e| unreadable(e.to_string()))?,
        };
        let text = String::from_utf8(bytes)
            .map_err(|e| unreadable(format!("byte {} is not UTF-8; save it as UTF-8", e.utf8_error().valid_up_to())))?;
        let base_dir = full.parent().unwrap_or(Path::new("/"));
        Self::parse(&text, base_dir).map_err(|error| error.in_file(path))
    }

    /// Reads a configuration. Relative paths in it start at `base_dir`.
    pub fn parse(text: &str, base_dir: &Path) -> Result<Self, ConfigError> {
        let file = file::File::parse(text).map_err(|problem| ConfigError::invalid(vec![problem]))?;
        check::checked(file, base_dir).map_err(ConfigError::invalid)
    }

    /// The clock that every part of this process is to be given.
    pub fn clock(&self) -> Arc<dyn Clock> {
        clock::configured(self.speed, self.clock_origin)
    }

    /// What adapters are opened with.
    pub fn context(&self, clock: Arc<dyn Clock>) -> Context {
        Context {
            clock,
            base_dir: self.base_dir.clone(),
            allow_private_addresses: self.allow_private_addresses,
            renewals: Renewals::default(),
        }
    }

    /// The organisation of a slug.
    pub fn organisation(&self, slug: &str) -> Option<&Organisation> {
        self.organisations.iter().find(|organisation| organisation.slug == slug)
    }

    /// The channel of a slug, with the organisation that owns it.
    pub fn channel(&self, slug: &str) -> Option<(&Organisation, &Channel)> {
        self.channels().find(|(_, channel)| channel.slug == slug)
    }

    /// All channels, each with the organisation that owns it.
    pub fn channels(&self) -> impl Iterator<Item = (&Organisation, &Channel)> {
        self.organisations.iter().flat_map(|o| o.channels.iter().map(move |channel| (o, channel)))
    }
}

impl Organisation {
    /// The channel that gets every post first.
    pub fn primary(&self) -> &Channel {
        let primary = self.channels.iter().find(|channel| channel.primary);
        primary.unwrap_or_else(|| unreachable!("an organisation without a primary is refused when it is read"))
    }

    /// The channels that wait for the primary.
    pub fn followers(&self) -> impl Iterator<Item = &Channel> {
        self.channels.iter().filter(|channel| !channel.primary)
    }

    /// Whether one of its channels has this name.
    pub fn has_channel(&self, slug: &str) -> bool {
        self.channels.iter().any(|channel| channel.slug == slug)
    }
}

#[cfg(test)]
mod tests;
