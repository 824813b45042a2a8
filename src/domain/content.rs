//! The content of a post: one immutable revision, and what each channel gets of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;
use vestnik_contract::{Content, Media};

/// The place in a footer where the address of the MAX post goes.
pub const PRIMARY_URL: &str = "{primary_url}";

/// Stands for the address until it is known: as long as the longest form of a MAX address
/// (`https://max.ru/<name>/<token>`, a name of 64 characters, a token of 11).
pub const PRIMARY_URL_RESERVE: &str =
    "https://max.ru/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/xxxxxxxxxxx";

/// Whether an address is a page that a browser opens.
pub fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// What an officer queued, for all channels together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostContent {
    /// The headline.
    pub title: String,
    /// The text, in `CommonMark`.
    pub body: String,
    /// A link that belongs to the post as a whole.
    pub link: Option<Url>,
    /// Tags without `#`.
    pub tags: Vec<String>,
    /// Files, in order.
    pub media: Vec<Media>,
    /// Another text for some channels, by slug.
    pub overrides: BTreeMap<String, String>,
}

/// What is known of the MAX post's address when a footer is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrimaryUrl<'a> {
    /// Not yet: count with the longest.
    NotYet,
    /// This one.
    Known(&'a Url),
    /// The platform gave none: a paragraph that names it is left out.
    None,
}

impl PostContent {
    /// What the channel gets.
    pub fn for_channel(&self, slug: &str, footer: Option<&str>, primary_url: PrimaryUrl<'_>) -> Content {
        Content {
            title: self.title.clone(),
            body: self.overrides.get(slug).unwrap_or(&self.body).clone(),
            link: self.link.clone(),
            tags: self.tags.clone(),
            media: self.media.clone(),
            footer: footer.and_then(|f| fill(f, primary_url)),
        }
    }

    /// SHA-256 of the whole content, lower-case hex: what history names a revision by.
    pub fn sha256(&self) -> String {
        // A struct of strings always serialises; the order of fields and map keys is fixed.
        let json = serde_json::to_vec(self).unwrap_or_default();
        hex::encode(Sha256::digest(json))
    }
}

/// Where the copy of a file with this hash lies in the media folder.
pub fn file_place(media_dir: &Path, sha256: &str) -> PathBuf {
    media_dir.join(sha256.get(..2).unwrap_or_default()).join(sha256)
}

fn fill(footer: &str, primary_url: PrimaryUrl<'_>) -> Option<String> {
    let filled = match primary_url {
        PrimaryUrl::NotYet => footer.replace(PRIMARY_URL, PRIMARY_URL_RESERVE),
        PrimaryUrl::Known(url) => footer.replace(PRIMARY_URL, url.as_str()),
        PrimaryUrl::None => {
            footer.split("\n\n").filter(|paragraph| !paragraph.contains(PRIMARY_URL)).collect::<Vec<_>>().join("\n\n")
        }
    };
    (!filled.trim().is_empty()).then_some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post() -> PostContent {
        PostContent {
            title: "Субботник".into(),
            body: "Всем".into(),
            link: None,
            tags: Vec::new(),
            media: Vec::new(),
            overrides: BTreeMap::from([("gorod-vk".into(), "Только ВК".into())]),
        }
    }

    #[test]
    fn a_channel_gets_its_own_text_and_footer() {
        let url = "https://max.ru/gorod/AZ".parse().unwrap();
        let vk = post().for_channel("gorod-vk", Some("Первыми узнают в MAX: {primary_url}"), PrimaryUrl::Known(&url));
        assert_eq!(vk.body, "Только ВК");
        assert_eq!(vk.footer.as_deref(), Some("Первыми узнают в MAX: https://max.ru/gorod/AZ"));
        assert_eq!(post().for_channel("gorod-ok", None, PrimaryUrl::NotYet).body, "Всем");
    }

    #[test]
    fn limits_count_the_address_before_it_is_known() {
        let footer = |url| post().for_channel("x", Some("{primary_url}"), url).footer.unwrap().len();
        let longest = format!("https://max.ru/{}/AaBbCcDdEeF", "g".repeat(64)).parse().unwrap();
        assert!(footer(PrimaryUrl::NotYet) >= footer(PrimaryUrl::Known(&longest)));
    }

    #[test]
    fn a_footer_without_an_address_is_left_out() {
        let footer = Some("Мы в MAX: {primary_url}\n\nТел. 122");
        assert_eq!(post().for_channel("x", footer, PrimaryUrl::None).footer.as_deref(), Some("Тел. 122"));
        assert_eq!(post().for_channel("x", Some("{primary_url}"), PrimaryUrl::None).footer, None);
    }

    #[test]
    fn any_change_changes_the_hash() {
        let mut other = post();
        other.overrides.insert("gorod-ok".into(), "Всем".into());
        assert_ne!(post().sha256(), other.sha256());
    }
}
