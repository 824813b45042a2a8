//! Public addresses that people enter: which belong to the channel, and the one form in which each is kept.

use url::Url;

/// Where the channel's posts stand.
#[derive(Debug, Clone)]
pub(crate) struct Site(Url);

/// What counters and social networks hang onto an address. The page is the same without it.
const TRACKING: [&str; 6] = ["yclid", "ysclid", "gclid", "fbclid", "_openstat", "ymclid"];

impl Site {
    /// A site as the configuration names it.
    pub(crate) fn new(url: &Url) -> Result<Self, String> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address must not hold a user name or password".into());
        }
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(format!("`{url}` is not a web address; write it like https://gorod-r00.gosweb.gosuslugi.ru"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{url}` must be a host and a path without ? and #, like https://max.ru/gorod"));
        }
        Ok(Self(url.clone()))
    }

    /// The site's own page.
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// The one form of a post's address: without fragment and tracking marks. The error is a sentence for
    /// the person who typed it.
    pub(crate) fn post(&self, typed: &Url) -> Result<Url, String> {
        if !typed.username().is_empty() || typed.password().is_some() {
            return Err("the address must not hold a user name or password; enter it as readers see it".into());
        }
        let mut url = typed.clone();
        url.set_fragment(None);
        let kept: Vec<_> = url.query_pairs().filter(|(name, _)| !is_tracking(name)).collect();
        if kept.len() < url.query_pairs().count() {
            let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
            url.set_query(Some(query.as_str()).filter(|q| !q.is_empty()));
        }
        let same_place = url.scheme() == self.0.scheme()
            && url.host() == self.0.host()
            && url.port_or_known_default() == self.0.port_or_known_default();
        let below = self.0.path().trim_end_matches('/');
        let rest = url.path().strip_prefix(below).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let Some(rest) = rest.filter(|_| same_place) else {
            return Err(format!(
                "«{url}» does not belong to this channel; enter the address of a post that begins with {}",
                self.0
            ));
        };
        if rest.trim_matches('/').is_empty() && url.query().is_none() {
            return Err(format!("«{url}» is the channel's own page; open the post and enter its address"));
        }
        Ok(url)
    }
}

fn is_tracking(name: &str) -> bool {
    name.starts_with("utm_") || TRACKING.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(site: &str, typed: &str) -> Result<String, String> {
        Site::new(&site.parse().unwrap()).unwrap().post(&typed.parse().unwrap()).map(String::from)
    }

    #[test]
    fn one_post_has_one_form() {
        for typed in [
            "https://max.ru/gorod/AZx1",
            "https://MAX.ru:443/gorod/AZx1#comments",
            "https://max.ru/gorod/AZx1?utm_source=vk&yclid=1",
            "https://max.ru/selo/../gorod/AZx1",
        ] {
            assert_eq!(post("https://max.ru/gorod", typed).unwrap(), "https://max.ru/gorod/AZx1", "{typed}");
        }
        assert_eq!(
            post("https://gorod.ru/", "https://gorod.ru/?id=5&utm_medium=x&a=б").unwrap(),
            "https://gorod.ru/?id=5&a=%D0%B1"
        );
    }

    #[test]
    fn addresses_of_others_are_refused() {
        for typed in [
            "https://max.ru/selo/AZx1",
            "https://max.ru/gorod2/AZx1",
            "https://max.ru/gorod/../selo/AZx1",
            "https://max.ru/gorod/%2e%2e/selo/AZx1",
            "https://max.ru.example/gorod/AZx1",
            "https://max.ru@evil.example/gorod/1",
            "http://max.ru/gorod/AZx1",
            "https://max.ru:8443/gorod/AZx1",
            "https://max.ru/gorod",
            "https://max.ru/gorod/",
            "https://max.ru/gorod/?utm_source=vk",
            "javascript:alert(1)",
            "file:///gorod/1",
        ] {
            let error = post("https://max.ru/gorod", typed).expect_err(typed);
            assert!(error.contains("enter") || error.contains("open"), "{error}");
        }
        let told = post("https://max.ru/gorod", "https://u:geheim@max.ru/gorod/1").unwrap_err();
        assert!(!told.contains("geheim"), "{told}");
    }
}
