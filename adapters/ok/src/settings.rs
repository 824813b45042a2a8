//! The channel's own part of the configuration.

use std::sync::Arc;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use vestnik_contract::{Adapter, BaseUrl, ChannelSettings, Context, SecretSource, SettingsError};

use crate::adapter::OkAdapter;

/// One group on OK.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The group's number, as text: OK's numbers have up to 20 digits.
    pub group_id: String,
    /// The application's public key. Not a secret, so it may stand in the configuration.
    pub application_key: PublicKey,
    /// The application's secret key: signs calls, is never sent with them.
    pub application_secret_key: SecretSource,
    /// The token of a user who may publish in the group.
    pub access_token: SecretSource,
    /// How to renew the token when it expires. Needless with a permanent token or the right `LONG_ACCESS_TOKEN`.
    pub refresh: Option<Refresh>,
    /// Where the API is.
    #[serde(default = "api")]
    pub base_url: BaseUrl,
    /// Where topics are read by people: the beginning of their addresses. Never called.
    #[serde(default = "site")]
    pub permalink_base: BaseUrl,
    /// Longest text, in UTF-16 units. OK refuses longer ones (error 601) without publishing the figure.
    #[serde(default = "text_max")]
    pub text_max: usize,
    /// Most pictures in a topic. OK publishes no figure.
    #[serde(default = "pictures_max")]
    pub pictures_max: usize,
    /// Largest picture, in bytes. OK refuses larger ones (error 500) without publishing the figure.
    #[serde(default = "picture_bytes_max")]
    pub picture_bytes_max: u64,
    /// Most blocks (text, pictures, link) in a topic. OK refuses more (error 600) without publishing the figure.
    #[serde(default = "blocks_max")]
    pub blocks_max: usize,
    /// How a topic is named when it is deleted.
    #[serde(default)]
    pub delete_parameter: DeleteParameter,
}

/// A key that may stand in the configuration as text, or lie where secrets lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// The key itself.
    Plain(String),
    /// Where it lies.
    Source(SecretSource),
}

/// Renewal of the token through `oauth/token.do`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token, in a file that vestnik replaces when OK gives a new one.
    pub refresh_token: SecretSource,
    /// The application's number (`application_id`).
    pub client_id: String,
}

/// The name under which `mediatopic.deleteTopic` takes a topic. Clients of OK disagree on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeleteParameter {
    /// `delete_id` when the topic itself carries a field of that name, otherwise `topic_id`.
    #[default]
    Auto,
    /// Always `delete_id`.
    DeleteId,
    /// Always `topic_id` with `gid`.
    TopicId,
}

fn api() -> BaseUrl {
    constant("https://api.ok.ru")
}

fn site() -> BaseUrl {
    constant("https://ok.ru")
}

fn constant(url: &'static str) -> BaseUrl {
    BaseUrl::parse(url).unwrap_or_else(|_| unreachable!("a well-formed constant"))
}

fn text_max() -> usize {
    5_000
}

fn pictures_max() -> usize {
    10
}

fn picture_bytes_max() -> u64 {
    20 * 1024 * 1024
}

fn blocks_max() -> usize {
    10
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = PublicKey;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the application's public key as text, or as { env = \"NAME\" } or { file = \"PATH\" }")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if text.trim().is_empty() {
                    return Err(E::custom(
                        "the application's public key is empty; OK shows it in the application's settings",
                    ));
                }
                Ok(PublicKey::Plain(text.trim().to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                SecretSource::deserialize(MapAccessDeserializer::new(map)).map(PublicKey::Source)
            }
        }
        deserializer.deserialize_any(V)
    }
}

impl Settings {
    fn check(&self) -> Result<(), SettingsError> {
        let id = &self.group_id;
        if id.is_empty() || id.len() > 20 || !id.bytes().all(|b| b.is_ascii_digit()) {
            return Err(SettingsError::new(
                "group_id",
                format!("`{id}` is not a group's number; write its digits as text, like \"53038939046008\""),
            ));
        }
        for (key, value) in [("text_max", self.text_max), ("blocks_max", self.blocks_max)] {
            if value == 0 {
                return Err(SettingsError::new(key, "0 would refuse every post; write 1 or more, or leave it out"));
            }
        }
        let Some(refresh) = &self.refresh else { return Ok(()) };
        if refresh.client_id.is_empty() || !refresh.client_id.bytes().all(|b| b.is_ascii_digit()) {
            let problem = format!(
                "`{}` is not an application's number; OK shows it in the application's settings",
                refresh.client_id
            );
            return Err(SettingsError::new("refresh.client_id", problem));
        }
        for (key, source) in [("access_token", &self.access_token), ("refresh.refresh_token", &refresh.refresh_token)] {
            if !matches!(source, SecretSource::File(_)) {
                return Err(SettingsError::new(
                    key,
                    "with `refresh` OK's new tokens are written back, so write it as { file = \"PATH\" }",
                ));
            }
        }
        Ok(())
    }
}

impl ChannelSettings for Settings {
    fn account(&self) -> String {
        format!("ok:{}", self.group_id)
    }

    fn is_loopback(&self) -> bool {
        self.base_url.is_loopback()
    }

    fn open(self, context: &Context) -> Result<Arc<dyn Adapter>, SettingsError> {
        self.check()?;
        Ok(Arc::new(OkAdapter::new(self, context)?))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use vestnik_contract::SystemClock;

    use super::*;

    fn entry() -> Value {
        json!({
            "group_id": "53038939046008",
            "application_key": "CBAEXAMPLEKEY",
            "application_secret_key": {"env": "OK_SECRET"},
            "access_token": {"file": "token"},
        })
    }

    fn open(entry: Value) -> Result<Arc<dyn Adapter>, String> {
        let settings: Settings = serde_json::from_value(entry).map_err(|e| e.to_string())?;
        let context = Context {
            clock: Arc::new(SystemClock),
            base_dir: ".".into(),
            allow_private_addresses: false,
            renewals: vestnik_contract::Renewals::default(),
        };
        settings.open(&context).map_err(|e| e.to_string())
    }

    fn with(key: &str, value: Value) -> Value {
        let mut entry = entry();
        entry[key] = value;
        entry
    }

    #[test]
    fn a_public_key_may_be_text_or_a_source() {
        assert!(open(entry()).is_ok());
        assert!(open(with("application_key", json!({"env": "OK_KEY"}))).is_ok());
        assert!(open(with("application_key", json!(""))).unwrap_err().contains("empty"));
        assert!(open(with("application_key", json!(5))).unwrap_err().contains("public key"));
    }

    #[test]
    fn what_cannot_work_names_the_key_and_the_way_out() {
        assert!(open(with("group_id", json!("my-group"))).unwrap_err().contains("`my-group` is not a group's number"));
        assert!(open(with("text_max", json!(0))).unwrap_err().starts_with("text_max"));
        assert!(open(with("publish_at", json!("now"))).unwrap_err().contains("publish_at"));
        let refresh = json!({"refresh_token": {"env": "R"}, "client_id": "1"});
        assert!(open(with("refresh", refresh)).unwrap_err().contains("{ file = \"PATH\" }"));
        let refresh = json!({"refresh_token": {"file": "r"}, "client_id": "CBA"});
        assert!(open(with("refresh", refresh)).unwrap_err().starts_with("refresh.client_id"));
    }

    #[test]
    fn a_token_in_the_configuration_is_refused_and_not_repeated() {
        let error = open(with("access_token", json!("tkn1AbCdEfGh"))).unwrap_err();
        assert!(!error.contains("tkn1AbCdEfGh"), "{error}");
    }
}
