//! A MAX channel's entry in the configuration.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use vestnik_contract::http::Http;
use vestnik_contract::{Adapter, BaseUrl, ChannelSettings, Context, SecretSource, SettingsError};

use crate::adapter::MaxAdapter;
use crate::client::Client;

/// Where the Bot API has been since July 2026.
const BASE_URL: &str = "https://platform-api2.max.ru";
/// Longest text (MAX API schema 0.0.33, `NewMessageBody.text`). The unit is not documented: see [`Settings::text_max`].
const TEXT_MAX: usize = 4000;
/// Pictures in one post: not documented, publishers of albums keep to ten.
const ATTACHMENTS_MAX: usize = 10;
/// Far beyond anything MAX shows; larger values are typing errors.
const TEXT_MAX_CEILING: usize = 20_000;
const ATTACHMENTS_MAX_CEILING: usize = 100;

/// What a MAX channel needs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The channel. Negative, for example `-71768670111751`.
    pub chat_id: i64,
    /// The bot's token, from the bot's advanced settings on business.max.ru.
    pub token: SecretSource,
    /// Scheme, host and port of the Bot API.
    #[serde(default = "base_url")]
    pub base_url: BaseUrl,
    /// A PEM file with the Russian Trusted Root CA, which signs MAX's certificate and stands in no ordinary trust
    /// store. Trusted for this channel's calls only.
    #[serde(default)]
    pub root_certificate: Option<PathBuf>,
    /// Longest text with its markup, in UTF-16 units: the strictest reading of MAX's 4000.
    #[serde(default = "text_max")]
    pub text_max: usize,
    /// Most pictures in one post.
    #[serde(default = "attachments_max")]
    pub attachments_max: usize,
    /// Posts show no preview of the links in them.
    #[serde(default)]
    pub disable_link_preview: bool,
}

fn base_url() -> BaseUrl {
    BaseUrl::parse(BASE_URL).unwrap_or_else(|_| unreachable!("{BASE_URL} is an address"))
}

fn text_max() -> usize {
    TEXT_MAX
}

fn attachments_max() -> usize {
    ATTACHMENTS_MAX
}

impl ChannelSettings for Settings {
    fn account(&self) -> String {
        format!("max:{}", self.chat_id)
    }

    fn is_loopback(&self) -> bool {
        self.base_url.is_loopback()
    }

    fn open(self, context: &Context) -> Result<Arc<dyn Adapter>, SettingsError> {
        if self.chat_id >= 0 {
            return Err(SettingsError::new(
                "chat_id",
                format!("{} is not a channel; ids of MAX channels are negative, like -71768670111751", self.chat_id),
            ));
        }
        within("text_max", self.text_max, TEXT_MAX_CEILING)?;
        within("attachments_max", self.attachments_max, ATTACHMENTS_MAX_CEILING)?;
        let root = self.root_certificate.as_ref().map(|path| context.base_dir.join(path));
        let client = Client {
            http: Http::new(root.as_deref())?,
            base: self.base_url.clone(),
            token: self.token.open(&context.base_dir),
            anchored: root.is_some(),
        };
        Ok(Arc::new(MaxAdapter { client, clock: context.clock.clone(), settings: self }))
    }
}

fn within(key: &str, value: usize, max: usize) -> Result<(), SettingsError> {
    if (1..=max).contains(&value) {
        return Ok(());
    }
    Err(SettingsError::new(key, format!("{value} is not possible; 1 to {max} is allowed")))
}
