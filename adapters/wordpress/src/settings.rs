//! A site's entry in the configuration.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use url::Url;
use vestnik_contract::settings::is_loopback;
use vestnik_contract::{Adapter, ChannelSettings, Context, SecretSource, SettingsError};

use crate::adapter::WordPress;

/// What an administrator writes for one site.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The site's address as readers know it, with the folder when `WordPress` lives in one.
    pub url: SiteUrl,
    /// Login or e-mail of the user that vestnik publishes as. The role author is enough.
    pub user: String,
    /// An application password of that user (profile page, "Application Passwords"), not the login password.
    pub application_password: SecretSource,
    /// Slugs of the categories every post goes to; without any the site's default category is used.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Whether the first picture is also made the featured one. Themes show that one in lists of news, and some
    /// show it above the text too, where the picture then stands twice.
    #[serde(default)]
    pub featured_picture: bool,
    /// The largest file the site takes, in megabytes: PHP's `upload_max_filesize`, which the site does not tell.
    #[serde(default = "upload_megabytes_max")]
    pub upload_megabytes_max: u64,
}

/// What hosting companies commonly allow.
fn upload_megabytes_max() -> u64 {
    32
}

impl ChannelSettings for Settings {
    fn account(&self) -> String {
        let url = &self.url.0;
        let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
        format!("wordpress:{}{port}{}", url.host_str().unwrap_or_default(), url.path().trim_end_matches('/'))
    }

    fn is_loopback(&self) -> bool {
        is_loopback(&self.url.0)
    }

    fn open(self, context: &Context) -> Result<Arc<dyn Adapter>, SettingsError> {
        if self.user.trim().is_empty() || self.user.contains(':') {
            let problem = format!("`{}` cannot be a user; write the login or the e-mail of the site's user", self.user);
            return Err(SettingsError::new("user", problem));
        }
        if let Some(slug) = self.categories.iter().find(|s| s.trim().is_empty() || s.contains([',', ' '])) {
            let problem =
                format!("`{slug}` is not a slug; write the category's slug as its page in the admin area shows it");
            return Err(SettingsError::new("categories", problem));
        }
        if self.upload_megabytes_max == 0 {
            return Err(SettingsError::new("upload_megabytes_max", "0 would refuse every file; write 1 or more"));
        }
        Ok(Arc::new(WordPress::new(self, context)?))
    }
}

/// The address of a site: `https`, or `http` on loopback, because the password travels on it. May have a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteUrl(pub(crate) Url);

impl SiteUrl {
    /// Reads an address. It ends in `/` afterwards.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut url = Url::parse(text)
            .map_err(|e| format!("`{text}` is not an address ({e}); write it like https://gorod.example.ru"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address must not hold a user name or password; they have keys of their own".into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{text}` must be the site's address only, like https://gorod.example.ru"));
        }
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err(format!("`{text}` must begin with https:// (http:// is allowed on loopback only)"));
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self(url))
    }
}

impl<'de> Deserialize<'de> for SiteUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> Result<Settings, serde_json::Error> {
        serde_json::from_value(serde_json::json!({
            "url": url, "user": "vestnik", "application_password": { "env": "SITE_PASSWORD" },
        }))
    }

    #[test]
    fn a_site_may_live_in_a_folder_and_stands_once() {
        let one = settings("https://gorod.example.ru/news").unwrap();
        let same = settings("https://GOROD.example.ru:443/news/").unwrap();
        assert_eq!(one.account(), "wordpress:gorod.example.ru/news");
        assert_eq!(one.account(), same.account());
        assert_ne!(one.account(), settings("https://gorod.example.ru").unwrap().account());
    }

    #[test]
    fn addresses_that_would_leak_the_password_are_refused() {
        assert!(settings("http://127.0.0.1:8088").unwrap().is_loopback());
        assert!(settings("http://gorod.example.ru").unwrap_err().to_string().contains("https://"));
        let error = settings("https://me:geheim@gorod.example.ru").unwrap_err().to_string();
        assert!(error.contains("must not hold") && !error.contains("geheim"), "{error}");
        assert!(settings("https://gorod.example.ru/?p=1").is_err());
    }
}
