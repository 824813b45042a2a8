//! The channel's entry in the configuration.

use std::sync::Arc;

use serde::Deserialize;
use url::Url;
use vestnik_contract::http::Http;
use vestnik_contract::{Adapter, ChannelSettings, Context, SecretSource, SettingsError, settings};

use crate::adapter::Webhook;
use crate::client::Client;
use crate::signature::Signer;

/// The largest request, unless configured: PHP's `post_max_size` is 8 MB where nobody has raised it.
const BODY_BYTES_MAX: u64 = 8_000_000;

/// A site with a receiver.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The receiver's full address. `https`, or `http` on loopback.
    pub url: Url,
    /// The signing secret, `whsec_…` (Standard Webhooks 1.0.0).
    pub secret: SecretSource,
    /// The secret before the last change: requests are signed with both until the site knows the new one.
    pub previous_secret: Option<SecretSource>,
    /// The host of the site's public pages, for example `gorod.ru`; the host of `url` unless given. With or without
    /// `www.` is the same site.
    pub public_site: Option<String>,
    /// The section of the site that posts go to, in the site's own words; sent as it stands.
    pub rubric: Option<String>,
    /// Longest headline, in characters.
    #[serde(default = "defaults::title_max")]
    pub title_max: usize,
    /// Longest text with headline, in characters as read.
    #[serde(default = "defaults::text_max")]
    pub text_max: usize,
    /// Most pictures of a post.
    #[serde(default = "defaults::pictures_max")]
    pub pictures_max: usize,
    /// Most documents of a post; 0 for a site that takes none.
    #[serde(default = "defaults::documents_max")]
    pub documents_max: usize,
    /// Largest picture or document, in bytes.
    #[serde(default = "defaults::file_bytes_max")]
    pub file_bytes_max: u64,
    /// Largest request, in bytes: text and files together, files one third larger than they are.
    #[serde(default = "defaults::body_bytes_max")]
    pub body_bytes_max: u64,
}

mod defaults {
    /// 1C-Bitrix keeps an element's name in 255 characters.
    pub(super) fn title_max() -> usize {
        255
    }

    pub(super) fn text_max() -> usize {
        30_000
    }

    pub(super) fn pictures_max() -> usize {
        10
    }

    pub(super) fn documents_max() -> usize {
        5
    }

    pub(super) fn file_bytes_max() -> u64 {
        5_000_000
    }

    pub(super) fn body_bytes_max() -> u64 {
        super::BODY_BYTES_MAX
    }
}

impl Settings {
    /// The site's host, without `www.`.
    fn site(&self) -> Result<String, SettingsError> {
        let wrong = |text: &str| {
            SettingsError::new("public_site", format!("`{text}` is not a host; write the site's name, like gorod.ru"))
        };
        let host = match &self.public_site {
            // The address parser brings names in Cyrillic into the form that addresses have (xn--…).
            Some(text) => {
                let url = Url::parse(&format!("https://{text}/")).map_err(|_| wrong(text))?;
                let bare = url.path() == "/"
                    && url.query().is_none()
                    && url.fragment().is_none()
                    && url.port().is_none()
                    && url.username().is_empty()
                    && url.password().is_none();
                if bare { url.host_str().map(str::to_owned) } else { None }.ok_or_else(|| wrong(text))?
            }
            None => self.url.host_str().map(str::to_owned).ok_or_else(|| {
                SettingsError::new("url", format!("`{}` names no host; write it like https://gorod.ru/…", self.url))
            })?,
        };
        Ok(without_www(&host).to_owned())
    }

    fn checked_url(&self) -> Result<Url, SettingsError> {
        let wrong = |problem: String| Err(SettingsError::new("url", problem));
        if !self.url.username().is_empty() || self.url.password().is_some() {
            return wrong("an address must not hold a user name or password; the signature is the credential".into());
        }
        if self.url.fragment().is_some() {
            return wrong(format!("`{}` must not hold a fragment (#…)", self.url));
        }
        match self.url.scheme() {
            "https" => Ok(self.url.clone()),
            "http" if settings::is_loopback(&self.url) => Ok(self.url.clone()),
            _ => wrong(format!("`{}` must begin with https:// (http:// is allowed on loopback only)", self.url)),
        }
    }

    fn check_limits(&self) -> Result<(), SettingsError> {
        let too_small = |key, value: u64, least: u64| {
            Err(SettingsError::new(key, format!("{value} is too small; give {least} or more")))
        };
        match self {
            _ if self.title_max == 0 => too_small("title_max", 0, 1),
            _ if self.text_max == 0 => too_small("text_max", 0, 1),
            _ if self.body_bytes_max < 64_000 => too_small("body_bytes_max", self.body_bytes_max, 64_000),
            _ if self.file_bytes_max == 0 => too_small("file_bytes_max", 0, 1),
            _ => Ok(()),
        }
    }
}

/// `www.gorod.ru` and `gorod.ru` are one site to its readers.
pub(crate) fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

impl ChannelSettings for Settings {
    fn account(&self) -> String {
        let port = self.url.port().map(|p| format!(":{p}")).unwrap_or_default();
        let query = self.url.query().map(|q| format!("?{q}")).unwrap_or_default();
        format!("webhook:{}{port}{}{query}", self.url.host_str().unwrap_or_default(), self.url.path())
    }

    fn is_loopback(&self) -> bool {
        settings::is_loopback(&self.url)
    }

    fn open(self, context: &Context) -> Result<Arc<dyn Adapter>, SettingsError> {
        let (url, site) = (self.checked_url()?, self.site()?);
        self.check_limits()?;
        let signer = Signer::new(
            self.secret.open(&context.base_dir),
            self.previous_secret.as_ref().map(|s| s.open(&context.base_dir)),
        );
        let client = Client::new(Http::new(None)?, url, signer, context.clock.clone());
        Ok(Arc::new(Webhook { client, site, clock: context.clock.clone(), settings: self }))
    }
}

#[cfg(test)]
mod tests {
    use vestnik_contract::SystemClock;

    use super::*;

    fn opened(extra: &str) -> Result<Arc<dyn Adapter>, String> {
        let text = format!(r#"{{"secret":{{"env":"VESTNIK_WEBHOOK"}},{extra}}}"#);
        let settings: Settings = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        let context = Context {
            clock: Arc::new(SystemClock),
            base_dir: ".".into(),
            allow_private_addresses: false,
            renewals: vestnik_contract::Renewals::default(),
        };
        settings.open(&context).map_err(|e| e.to_string())
    }

    #[test]
    fn what_cannot_work_is_refused_with_the_key() {
        for (extra, told) in [
            (r#""url":"http://gorod.ru/vestnik""#, "url: `http://gorod.ru/vestnik` must begin with https://"),
            (r#""url":"https://u:geheim@gorod.ru/""#, "user name or password"),
            (r#""url":"https://gorod.ru/","public_site":"https://gorod.ru/""#, "public_site: `https://gorod.ru/`"),
            (r#""url":"https://gorod.ru/","body_bytes_max":10"#, "body_bytes_max: 10 is too small; give 64000"),
            (r#""url":"https://gorod.ru/","sekret":1"#, "unknown field `sekret`"),
        ] {
            let error = opened(extra).expect_err(extra);
            assert!(error.contains(told), "{error}");
            assert!(!error.contains("geheim"), "{error}");
        }
        assert!(opened(r#""url":"https://gorod.ru/vestnik.php?site=1","public_site":"www.город.рф""#).is_ok());
    }

    #[test]
    fn the_account_is_the_receiver_whatever_else_is_set() {
        let account = |text: &str| serde_json::from_str::<Settings>(text).unwrap().account();
        assert_eq!(
            account(r#"{"url":"https://Gorod.RU:443/v?x=1","secret":{"env":"A"}}"#),
            account(r#"{"url":"https://gorod.ru/v?x=1","secret":{"env":"B"},"rubric":"Новости"}"#),
        );
    }
}
