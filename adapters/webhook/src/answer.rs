//! What comes back. Everything in it is a stranger's text: read leniently, trusted only where it was checked.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use url::Url;
use vestnik_contract::text::cut;
use vestnik_contract::{PlatformClock, Receipt, RemoteId, RemotePost, Shown};

use crate::client::Answer;
use crate::settings::without_www;

/// Longest id a site may give a post, in characters.
const ID_MAX: usize = 255;
/// Longest public address, in bytes.
const URL_MAX: usize = 2048;

/// A refusal in the contract's own form.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Problem {
    pub(crate) error: String,
    #[serde(default, deserialize_with = "lenient")]
    message: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) retryable: Option<bool>,
}

/// `post.publish`, `post.update` and `post.withdraw` answer with this.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Placed {
    #[serde(deserialize_with = "site_id")]
    pub(crate) id: RemoteId,
    #[serde(default, deserialize_with = "lenient")]
    url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    published_at: Option<DateTime<Utc>>,
}

/// One post of the site, as `post.lookup` and `post.list` show it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Item {
    #[serde(flatten)]
    pub(crate) placed: Placed,
    pub(crate) state: State,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) revision: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    media: Option<usize>,
}

/// Where a post stands in its life on the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Readers see it.
    Live,
    /// Taken, and readers do not see it yet.
    Pending,
    /// Taken down by `post.withdraw` or by an editor.
    Withdrawn,
    /// Removed.
    Deleted,
    /// Anything a later version of the contract may say.
    #[serde(other)]
    Other,
}

/// `post.lookup` answers with this.
#[derive(Debug, Clone)]
pub(crate) enum Looked {
    Item(Box<Item>),
    Missing,
}

/// `post.list` answers with this.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Listed {
    pub(crate) posts: Vec<Item>,
}

/// `site.status` answers with this.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Status {
    pub(crate) name: String,
    pub(crate) may_publish: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) message: Option<String>,
}

#[derive(Deserialize)]
struct NotFound {
    found: bool,
}

impl Problem {
    /// Reads a refusal; `None` when the body is something else, for example a web server's own page.
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        answer.reply().json()
    }

    /// The site's words, fit for a sentence.
    pub(crate) fn words(&self) -> String {
        match self.message.as_deref().map(str::trim) {
            Some(message) if !message.is_empty() => format!("{} ({})", one_line(message), one_line(&self.error)),
            _ => one_line(&self.error),
        }
    }
}

impl Looked {
    /// Reads the answer to a look-up; `None` when it is not of the contract.
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        let reply = answer.reply();
        match reply.status.as_u16() {
            200 | 404 if reply.json::<NotFound>().is_some_and(|n| !n.found) => Some(Self::Missing),
            200 => reply.json().map(|item| Self::Item(Box::new(item))),
            404 if Problem::of(answer).is_some_and(|p| p.error == "not_found") => Some(Self::Missing),
            _ => None,
        }
    }
}

impl Placed {
    /// The public address, when it is one of the site's.
    pub(crate) fn url(&self, site: &str) -> Option<Url> {
        self.url.as_deref().and_then(|text| on_site(text, site))
    }

    pub(crate) fn receipt(&self, site: &str, answer: &Answer) -> Receipt {
        let url = self.url(site);
        let remark = match (&url, self.url.as_deref()) {
            (Some(_), _) => None,
            (None, None) => Some("the site named no public address; the contractor has to return `url`".into()),
            (None, Some(text)) => Some(format!(
                "the site named the address «{}», which is not one of {site}; it is not recorded. Correct the receiver, \
                 or `public_site` in the configuration",
                one_line(text)
            )),
        };
        Receipt {
            id: self.id.clone(),
            url,
            platform_time: self.published_at,
            server_date: answer.reply().date(),
            remark,
            answer: Some(answer.evidence()),
            shown: None,
        }
    }
}

impl Item {
    pub(crate) fn shown(&self, site: &str) -> Shown {
        // Without both parts nothing can be compared with what was sent.
        let whole = self.title.as_deref().zip(self.text.as_deref());
        Shown {
            text: self.read(),
            cut: false,
            opaque: whole.is_none(),
            media: self.media,
            url: self.placed.url(site),
            platform_time: self.placed.published_at,
        }
    }

    /// As a post of the feed; `None` when the site does not say when it was published.
    pub(crate) fn remote_post(&self, site: &str) -> Option<RemotePost> {
        Some(RemotePost {
            id: self.placed.id.clone(),
            url: self.placed.url(site),
            published_at: self.placed.published_at?,
            text: self.read(),
            media: self.media,
        })
    }

    /// Headline and text as a reader reads them.
    fn read(&self) -> String {
        let parts = [self.title.as_deref(), self.text.as_deref()];
        parts.into_iter().flatten().filter(|p| !p.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
    }
}

/// The clock of an answer.
pub(crate) fn clock(answer: &Answer) -> PlatformClock {
    PlatformClock { header: answer.reply().date(), method: None }
}

/// A public address of the site: auditors will follow it, so it must not lead elsewhere.
pub(crate) fn on_site(text: &str, site: &str) -> Option<Url> {
    if text.len() > URL_MAX {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let ours = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && without_www(url.host_str()?) == site;
    ours.then_some(url)
}

/// A stranger's text as part of a sentence.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    cut(&words.join(" "), 300)
}

/// A value of another type than the contract's counts as not given.
fn lenient<'de, T: serde::de::DeserializeOwned, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
    let value = serde_json::Value::deserialize(d)?;
    Ok(serde_json::from_value(value).ok())
}

/// The site's id: text or a whole number. Success is an id, so an empty one is none.
fn site_id<'de, D: Deserializer<'de>>(d: D) -> Result<RemoteId, D::Error> {
    use serde::de::Error as _;
    let text = match serde_json::Value::deserialize(d)? {
        serde_json::Value::String(text) => text,
        serde_json::Value::Number(number) if number.is_u64() => number.to_string(),
        _ => return Err(D::Error::custom("an id is text or a whole number")),
    };
    if text.trim().is_empty() || text.chars().count() > ID_MAX || text.chars().any(char::is_control) {
        return Err(D::Error::custom("an id has 1 to 255 visible characters"));
    }
    Ok(RemoteId(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_site_are_taken() {
        for good in ["https://gorod.ru/news/1", "http://www.gorod.ru/news/1", "https://gorod.ru:8443/a?b#c"] {
            assert!(on_site(good, "gorod.ru").is_some(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "https://gorod.ru@evil.example/",
            "https://user:pw@gorod.ru/",
            "https://evil.example/gorod.ru",
            "https://gorod.ru.evil.example/",
            "//gorod.ru/news",
            "/news/1",
            "ftp://gorod.ru/",
            "data:text/html,x",
            "",
        ] {
            assert!(on_site(bad, "gorod.ru").is_none(), "{bad}");
        }
        assert!(on_site(&format!("https://gorod.ru/{}", "a".repeat(URL_MAX)), "gorod.ru").is_none());
    }

    #[test]
    fn an_id_is_needed_and_the_rest_is_lenient() {
        let placed = |text: &str| serde_json::from_str::<Placed>(text);
        assert_eq!(placed(r#"{"id":4711,"url":7,"published_at":"gestern"}"#).unwrap().id.0, "4711");
        for none in [r#"{"id":""}"#, r#"{"id":" "}"#, r#"{"id":null}"#, r#"{"id":{}}"#, "{}", "[]", r#"{"id":1.5}"#] {
            assert!(placed(none).is_err(), "{none}");
        }
        let item: Item = serde_json::from_str(r#"{"id":"1","state":"archived","media":"two"}"#).unwrap();
        assert_eq!((item.state, item.media), (State::Other, None));
        assert!(serde_json::from_str::<Item>(r#"{"id":"1"}"#).is_err(), "a state is needed");
    }
}
