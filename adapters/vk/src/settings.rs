//! A VK channel's entry in the configuration.

use std::sync::Arc;

use serde::Deserialize;
use vestnik_contract::http::Http;
use vestnik_contract::{Adapter, BaseUrl, ChannelSettings, Context, Secret, SecretSource, SettingsError};

use crate::adapter::Vk;
use crate::client::Client;
use crate::credentials::Credentials;
use crate::renewal::Renewal;

/// A VK channel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The community's id, a positive number.
    pub group_id: i64,
    /// The community's key: publishes text and documents. Community settings, section "API usage".
    pub community_token: Option<SecretSource>,
    /// The service key of an application: reads the wall.
    pub service_token: Option<SecretSource>,
    /// A token of a person who manages the community: uploads pictures, edits and deletes. Stands in for the other
    /// two where they are missing.
    pub user_token: Option<SecretSource>,
    /// How to renew a user token that ends after an hour (VK ID).
    pub user_refresh: Option<UserRefresh>,
    /// Where the API answers.
    #[serde(default = "api_host")]
    pub base_url: BaseUrl,
    /// Where readers find posts. VK keeps post links on vk.com.
    #[serde(default = "permalink_host")]
    pub permalink_base: BaseUrl,
    /// Longest text, in characters. VK documents no figure; this one is known to be taken.
    #[serde(default = "text_max")]
    pub text_max: usize,
    /// Most posts in a day. VK's error 214 names 50; verified communities may have more.
    #[serde(default = "per_day")]
    pub per_day: u32,
    /// The API version that is asked for.
    #[serde(default = "version")]
    pub version: String,
    /// Refuse a post with a link of its own and another one in its text when it is queued. VK shows one link beside a
    /// post and refuses a second (dev.vk.com, wall.post); whether it counts addresses in the text is not documented,
    /// so the careful reading is the default.
    #[serde(default = "yes")]
    pub refuse_second_link: bool,
}

/// How a user's one-hour token is renewed (VK ID, `POST /oauth2/auth`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserRefresh {
    /// The refresh token, in a file that vestnik replaces at every renewal.
    pub refresh_token: SecretSource,
    /// The application's id.
    pub client_id: u64,
    /// The device that VK ID named when the person signed in.
    pub device_id: String,
    /// Where VK ID answers.
    #[serde(default = "id_host")]
    pub base_url: BaseUrl,
}

impl ChannelSettings for Settings {
    fn account(&self) -> String {
        format!("vk:{}", self.group_id)
    }

    fn is_loopback(&self) -> bool {
        // The permalink base is shown, never called.
        self.base_url.is_loopback() && self.user_refresh.as_ref().is_none_or(|r| r.base_url.is_loopback())
    }

    fn open(self, context: &Context) -> Result<Arc<dyn Adapter>, SettingsError> {
        self.verify()?;
        let base = context.base_dir.as_path();
        let http = Http::new(None)?;
        let open = |source: &Option<SecretSource>| source.as_ref().map(|s| s.open(base));
        let credentials = Credentials {
            community: open(&self.community_token),
            service: open(&self.service_token),
            user: open(&self.user_token),
        };
        let renewal = self.user_refresh.as_ref().zip(credentials.user.clone());
        let renewal = renewal.map(|(refresh, user)| refresh.open(user, &http, context));
        let client = Client::new(http, self.base_url.clone(), self.version.clone(), credentials, renewal);
        Ok(Arc::new(Vk::new(self, client, Arc::clone(&context.clock))))
    }
}

impl Settings {
    fn verify(&self) -> Result<(), SettingsError> {
        let problem = |key: &str, problem: String| Err(SettingsError::new(key, problem));
        if self.group_id <= 0 {
            let id = self.group_id;
            return problem("group_id", format!("{id} is not a community's id; write the number without a minus"));
        }
        if self.community_token.is_none() && self.user_token.is_none() && self.service_token.is_none() {
            return problem(
                "community_token",
                "no token is given; give a community_token to publish and a service_token to read the wall".into(),
            );
        }
        if self.text_max == 0 {
            return problem("text_max", "0 leaves no room for a text; leave it out for 15000 characters".into());
        }
        if self.per_day == 0 {
            return problem("per_day", "0 allows no post at all; leave it out for 50 a day".into());
        }
        let version = &self.version;
        let minor = version.split_once('.').filter(|(major, _)| *major == "5").map(|(_, minor)| minor);
        if minor.is_none_or(|m| m.parse::<u32>().is_err()) {
            return problem("version", format!("`{version}` is not a version of VK's API; write it like 5.199"));
        }
        if let Some(refresh) = &self.user_refresh {
            let kept_in_file = |source: &SecretSource| matches!(source, SecretSource::File(_));
            if !self.user_token.as_ref().is_some_and(kept_in_file) {
                return problem(
                    "user_token",
                    "a token that is renewed must lie in a file that vestnik replaces; write { file = \"PATH\" }"
                        .into(),
                );
            }
            if !kept_in_file(&refresh.refresh_token) {
                return problem(
                    "user_refresh.refresh_token",
                    "VK answers a new one at every renewal; write { file = \"PATH\" } so that it can be kept".into(),
                );
            }
            if refresh.device_id.trim().is_empty() {
                return problem(
                    "user_refresh.device_id",
                    "it is empty; give the device_id that VK ID named when the person signed in".into(),
                );
            }
        }
        Ok(())
    }
}

impl UserRefresh {
    fn open(&self, user_token: Secret, http: &Http, context: &Context) -> Renewal {
        Renewal::new(
            http.clone(),
            self.base_url.clone(),
            self.client_id,
            self.device_id.clone(),
            self.refresh_token.open(&context.base_dir),
            user_token,
            context,
        )
    }
}

fn host(address: &str) -> BaseUrl {
    BaseUrl::parse(address).unwrap_or_else(|_| unreachable!("the built-in addresses are well-formed"))
}

fn api_host() -> BaseUrl {
    host("https://api.vk.ru")
}

fn permalink_host() -> BaseUrl {
    host("https://vk.com")
}

fn id_host() -> BaseUrl {
    host("https://id.vk.ru")
}

fn text_max() -> usize {
    15_000
}

fn per_day() -> u32 {
    50
}

fn version() -> String {
    "5.199".into()
}

fn yes() -> bool {
    true
}
