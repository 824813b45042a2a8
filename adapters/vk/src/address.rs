//! Public addresses of posts: `https://vk.com/wall-{group}_{post}`.

use url::Url;
use vestnik_contract::{AdapterError, BaseUrl, RemoteId, Told, ToldKind};

/// VK's own hosts, less `www.` and `m.`.
const HOSTS: [&str; 2] = ["vk.com", "vk.ru"];

/// The addresses of one community's posts.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    base: BaseUrl,
    group: i64,
}

impl Addresses {
    pub(crate) fn new(base: BaseUrl, group: i64) -> Self {
        Self { base, group }
    }

    /// Where readers find a post.
    pub(crate) fn of(&self, post: i64) -> Option<Url> {
        Url::parse(&self.base.at(&format!("/wall-{}_{post}", self.group))).ok()
    }

    /// The post behind an address that a person entered: `/wall-1_2`, or `?w=wall-1_2` where the post lies open above
    /// a page.
    pub(crate) fn read(&self, url: &Url) -> Result<RemoteId, AdapterError> {
        let unclear = |reason: String| AdapterError::Unclear { told: Told::plain(ToldKind::WrongAddress, reason) };
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches("www.").trim_start_matches("m.");
        let configured = self.base.url();
        let ours = HOSTS.contains(&bare)
            || (configured.host() == url.host() && configured.port_or_known_default() == url.port_or_known_default());
        if !ours {
            return Err(unclear(format!("`{url}` is not an address on VK; enter one like {}", self.example())));
        }
        let opened = url.query_pairs().find(|(key, _)| key == "w").map(|(_, value)| value.into_owned());
        let name = opened.unwrap_or_else(|| url.path().trim_matches('/').to_owned());
        let ids = name.strip_prefix("wall").and_then(|ids| ids.split('/').next()).and_then(|ids| ids.split_once('_'));
        let ids = ids.and_then(|(owner, post)| Some((owner.parse::<i64>().ok()?, post.parse::<i64>().ok()?)));
        match ids {
            Some((owner, post)) if owner == -self.group && post > 0 => Ok(RemoteId(post.to_string())),
            Some((owner, _)) => Err(unclear(format!(
                "`{url}` is a post of {owner}, not of this channel's community -{}; enter one like {}",
                self.group,
                self.example()
            ))),
            None => Err(unclear(format!("`{url}` is not the address of a post; enter one like {}", self.example()))),
        }
    }

    fn example(&self) -> String {
        self.base.at(&format!("/wall-{}_123", self.group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_a_post_is_read_and_foreign_ones_are_refused() {
        let addresses = Addresses::new(BaseUrl::parse("https://vk.com").unwrap(), 1);
        assert_eq!(addresses.of(2).unwrap().as_str(), "https://vk.com/wall-1_2");
        for text in [
            "https://vk.com/wall-1_2",
            "https://m.vk.com/wall-1_2?reply=5",
            "https://vk.ru/wall-1_2",
            "https://vk.com/gorod?w=wall-1_2%2Fall",
        ] {
            assert_eq!(addresses.read(&text.parse().unwrap()).unwrap().0, "2", "{text}");
        }
        for text in
            ["https://vk.com/wall-3_2", "https://vk.com/gorod", "https://vk.com.ru/wall-1_2", "https://vk.com/wall-1_x"]
        {
            assert!(addresses.read(&text.parse().unwrap()).is_err(), "{text}");
        }
    }
}
