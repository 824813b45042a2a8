//! What may stand in the configuration file, as it stands there. `docs/configuration.md` says the same for people.

use std::path::PathBuf;

use serde::Deserialize;

use super::error::Problem;
use super::wording;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) server: Server,
    pub(super) store: Store,
    pub(super) media: Media,
    pub(super) hold: Hold,
    pub(super) week: Week,
    pub(super) pacing: Pacing,
    pub(super) clock: Clock,
    pub(super) network: Network,
    pub(super) organisation: Vec<Organisation>,
}

/// `[server]`: the web interface and the API.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Server {
    /// Address and port to listen on.
    pub(super) listen: String,
    /// The address that people type, where it differs: behind a reverse proxy.
    pub(super) public_url: Option<String>,
    /// Networks of reverse proxies whose word on the visitor's address is believed.
    pub(super) trusted_proxies: Vec<String>,
    /// Address and port of the figures for Prometheus. Without it there are none.
    pub(super) metrics: Option<String>,
}

/// `[store]`: the database.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Store {
    /// `sqlite:PATH`. The file is created when absent.
    pub(super) url: String,
}

/// `[media]`: copies of the pictures and documents of posts.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Media {
    /// The folder they lie in.
    pub(super) dir: PathBuf,
    /// Largest picture, in bytes. Platforms may take less and say so when a post is queued.
    pub(super) picture_bytes_max: u64,
    /// Largest document, in bytes. Platforms may take less and say so when a post is queued.
    pub(super) document_bytes_max: u64,
    /// Most pixels of a picture, width times height: what is small as a file may be huge when it is opened.
    pub(super) pixels_max: u64,
}

/// `[hold]`: how long everything waits for MAX.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Hold {
    /// Hours between the confirmation of MAX and the earliest release elsewhere. 4 or more.
    pub(super) hours: f64,
    /// Seconds on top, because checkers read hours and minutes. 0 to 3600.
    pub(super) margin_seconds: i64,
}

/// `[week]`: the weekly minimum.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Week {
    /// Posts that each channel must get from Monday to Sunday.
    pub(super) minimum: u32,
}

/// `[pacing]`: how fast one channel may be written to.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Pacing {
    /// Seconds between two posts of one channel, instead of what each platform asks for.
    pub(super) gap_seconds: Option<u64>,
}

/// `[clock]`: time itself.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Clock {
    /// How many times faster than real time it runs. For demonstrations against the sandbox.
    pub(super) speed: u32,
    /// The moment of real time (RFC 3339) at which it agrees with this machine's clock; without it, the start of each
    /// process. With it a restarted daemon, the commands beside it and the sandbox all see the same time.
    pub(super) origin: Option<String>,
}

/// `[network]`: what vestnik may reach.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Network {
    /// Addresses that people type (where a post was published by hand) may lead to loopback and private networks.
    pub(super) allow_private_addresses: bool,
}

/// `[[organisation]]`: a body that owns channels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organisation {
    /// Its name in commands and addresses.
    pub(super) slug: String,
    /// Its name for readers.
    pub(super) name: String,
    /// IANA name of its time zone.
    pub(super) time_zone: String,
    /// Whether an editor must approve a draft before it is queued: `none` or `editor`.
    #[serde(default)]
    pub(super) approval: Approval,
    /// Its channels.
    #[serde(default)]
    pub(super) channel: Vec<Channel>,
}

/// Who must approve a draft before it is queued.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    /// Nobody: officers queue what they write.
    #[default]
    None,
    /// An editor, who is not its author.
    Editor,
}

/// `[[organisation.channel]]`: one account on one platform.
#[derive(Debug, Deserialize)]
pub(super) struct Channel {
    /// Its name, unique in the installation.
    pub(super) slug: String,
    /// What people call it.
    pub(super) name: Option<String>,
    /// The platform.
    pub(super) platform: String,
    /// Whether the hold runs from it. Exactly one channel of an organisation.
    #[serde(default)]
    pub(super) primary: bool,
    /// A closing paragraph in `CommonMark`. On followers `{primary_url}` becomes the address of the MAX post.
    pub(super) footer: Option<String>,
    /// The platform's own keys.
    #[serde(flatten)]
    pub(super) own: toml::Table,
}

impl Default for Server {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080".into(), public_url: None, trusted_proxies: Vec::new(), metrics: None }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self { url: "sqlite:data/vestnik.db".into() }
    }
}

impl Default for Media {
    fn default() -> Self {
        // MAX and VK both stop at 50 MB a picture.
        Self {
            dir: "data/media".into(),
            picture_bytes_max: 50_000_000,
            document_bytes_max: 100_000_000,
            pixels_max: 50_000_000,
        }
    }
}

impl Default for Hold {
    fn default() -> Self {
        Self { hours: 4.0, margin_seconds: 60 }
    }
}

impl Default for Week {
    fn default() -> Self {
        Self { minimum: crate::domain::week::MINIMUM_DEFAULT }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self { speed: 1, origin: None }
    }
}

impl File {
    /// Reads the text. The first thing that does not fit is told with its key, or its line where there is no key.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let parser = toml::Deserializer::parse(text).map_err(|e| not_toml(text, &e))?;
        serde_path_to_error::deserialize(parser).map_err(|error| {
            let path = error.path().to_string();
            wording::problem(if path == "." { "" } else { &path }, error.inner().message())
        })
    }
}

/// The parser's own display shows the line, which may hold a token: its number is enough.
fn not_toml(text: &str, error: &toml::de::Error) -> Problem {
    let start = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.as_bytes().iter().take(start).filter(|b| **b == b'\n').count() + 1;
    Problem::new(format!("line {line}"), format!("is not TOML: {}", error.message()))
}
