//! The channel's entry in the configuration.

use std::sync::Arc;

use serde::Deserialize;
use url::Url;
use vestnik_contract::http::Http;
use vestnik_contract::{Adapter, ChannelSettings, Context, SettingsError, settings};

use crate::adapter::Manual;
use crate::address::Site;

/// MAX's own host: a page there carries MAX's own clock.
const MAX_HOST: &str = "max.ru";

/// A channel that a person works.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the channel's posts stand, for example `https://gorod-r00.gosweb.gosuslugi.ru` or
    /// `https://max.ru/gorod`. The address that a person enters after publishing must be on this host and under
    /// this path.
    pub site: Url,
    /// Longest text with headline, in characters, where the channel has a limit (a MAX post: 4000).
    pub text_max: Option<usize>,
    /// The site answers 404 or 410 when a page is gone. Where it is not known to, a person confirms that a post
    /// still stands before anything follows it.
    #[serde(default)]
    pub sees_deletion: bool,
    /// For trials on loopback only: this page stands for `max.ru`, so its clock may be the outside witness. On
    /// `max.ru` itself that is so without a word, anywhere else it is refused: a site's owner sets its clock.
    #[serde(default)]
    pub stands_for_max: bool,
}

impl Settings {
    /// Whether the page's `Date` is a clock that neither we nor a site's owner sets.
    pub(crate) fn clock_is_witness(&self) -> bool {
        self.stands_for_max || (self.site.scheme() == "https" && self.site.host_str() == Some(MAX_HOST))
    }
}

impl ChannelSettings for Settings {
    fn account(&self) -> String {
        let port = self.site.port().map(|p| format!(":{p}")).unwrap_or_default();
        format!("manual:{}{port}{}", self.site.host_str().unwrap_or_default(), self.site.path().trim_end_matches('/'))
    }

    fn is_loopback(&self) -> bool {
        settings::is_loopback(&self.site)
    }

    fn open(self, context: &Context) -> Result<Arc<dyn Adapter>, SettingsError> {
        let site = Site::new(&self.site).map_err(|problem| SettingsError::new("site", problem))?;
        if self.text_max == Some(0) {
            return Err(SettingsError::new("text_max", "0 is too small; give 1 or more, or leave it out"));
        }
        if self.stands_for_max && !settings::is_loopback(&self.site) {
            return Err(SettingsError::new(
                "stands_for_max",
                format!("`{}` is not on loopback; only a trial may stand for max.ru, so leave it out", self.site),
            ));
        }
        let allow_private = context.allow_private_addresses;
        let http = Http::for_typed_addresses(allow_private)?;
        Ok(Arc::new(Manual { http, site, allow_private, clock: context.clock.clone(), settings: self }))
    }
}

#[cfg(test)]
mod tests {
    use vestnik_contract::SystemClock;

    use super::*;

    fn settings(text: &str) -> Result<Settings, String> {
        serde_json::from_str(text).map_err(|e| e.to_string())
    }

    fn opened(text: &str) -> Result<Arc<dyn Adapter>, String> {
        let context = Context {
            clock: Arc::new(SystemClock),
            base_dir: ".".into(),
            allow_private_addresses: false,
            renewals: vestnik_contract::Renewals::default(),
        };
        settings(text)?.open(&context).map_err(|e| e.to_string())
    }

    #[test]
    fn only_max_itself_or_a_trial_is_a_witness() {
        let witness = |text: &str| opened(text).map(|a| a.traits().clock_is_witness);
        assert_eq!(witness(r#"{"site":"https://max.ru/gorod"}"#), Ok(true));
        assert_eq!(witness(r#"{"site":"http://max.ru/gorod"}"#), Ok(false), "anybody on the way could answer");
        assert_eq!(witness(r#"{"site":"https://gorod.gosuslugi.ru"}"#), Ok(false));
        assert_eq!(witness(r#"{"site":"https://max.ru.example/"}"#), Ok(false));
        assert_eq!(witness(r#"{"site":"http://127.0.0.1:1/gorod","stands_for_max":true}"#), Ok(true));
        assert!(witness(r#"{"site":"https://gorod.ru","stands_for_max":true}"#).unwrap_err().contains("loopback"));
    }

    #[test]
    fn what_cannot_work_is_refused_with_the_key() {
        for (text, told) in [
            (r#"{"site":"ftp://gorod.ru"}"#, "site: `ftp://gorod.ru"),
            (r#"{"site":"https://u:geheim@gorod.ru"}"#, "site: an address must not hold"),
            (r#"{"site":"https://gorod.ru/?a=1"}"#, "site: `https://gorod.ru/?a=1`"),
            (r#"{"site":"https://gorod.ru","text_max":0}"#, "text_max: 0"),
            (r#"{"site":"https://gorod.ru","token":1}"#, "unknown field `token`"),
        ] {
            let error = opened(text).expect_err(text);
            assert!(error.contains(told) && !error.contains("geheim"), "{error}");
        }
    }

    #[test]
    fn one_channel_is_one_account() {
        let account = |site: &str| settings(&format!(r#"{{"site":"{site}"}}"#)).unwrap().account();
        assert_eq!(account("https://MAX.ru/gorod/"), account("https://max.ru:443/gorod"));
        assert_ne!(account("https://max.ru/gorod"), account("https://max.ru/selo"));
    }
}
