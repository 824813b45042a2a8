//! Public addresses of topics: `https://ok.ru/group/{gid}/topic/{id}`.

use url::Url;
use vestnik_contract::BaseUrl;

/// What a public address names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A topic of a group that is named by its number.
    Numbered {
        /// The group.
        group: String,
        /// The topic.
        topic: String,
    },
    /// A topic of a group that is named by its short name; `url.getInfo` tells the number.
    Named {
        /// The group's own address.
        group: Url,
        /// The topic.
        topic: String,
    },
}

/// The address of a topic.
pub(crate) fn of_topic(base: &BaseUrl, group: &str, topic: &str) -> Option<Url> {
    Url::parse(&base.at(&format!("/group/{group}/topic/{topic}"))).ok()
}

/// Reads an address that a person entered; `None` when it names no topic on OK.
pub(crate) fn read(base: &BaseUrl, url: &Url) -> Option<Address> {
    let own = url.host() == base.url().host() && url.port() == base.url().port();
    let host = url.host_str()?;
    if !own && host != "ok.ru" && !host.ends_with(".ok.ru") {
        return None;
    }
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["group", group, "topic", topic] if is_id(group) && is_id(topic) => {
            Some(Address::Numbered { group: (*group).to_owned(), topic: (*topic).to_owned() })
        }
        [name, "topic", topic] if is_id(topic) => {
            Some(Address::Named { group: Url::parse(&base.at(&format!("/{name}"))).ok()?, topic: (*topic).to_owned() })
        }
        _ => None,
    }
}

/// Whether a text can be an id: decimal digits, not all of them zero. OK answers `0` where it took nothing.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && text.bytes().any(|b| b != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(url: &str) -> Option<Address> {
        read(&BaseUrl::parse("https://ok.ru").unwrap(), &url.parse().unwrap())
    }

    #[test]
    fn what_is_written_is_read_back() {
        let url = of_topic(&BaseUrl::parse("https://ok.ru").unwrap(), "53", "155").unwrap();
        assert_eq!(url.as_str(), "https://ok.ru/group/53/topic/155");
        let numbered = Some(Address::Numbered { group: "53".into(), topic: "155".into() });
        assert_eq!(reading(url.as_str()), numbered);
        assert_eq!(reading("https://m.ok.ru/group/53/topic/155/?utm=1"), numbered);
    }

    #[test]
    fn a_short_name_is_left_to_the_platform() {
        let named = Some(Address::Named { group: "https://ok.ru/gorod".parse().unwrap(), topic: "155".into() });
        assert_eq!(reading("https://ok.ru/gorod/topic/155"), named);
    }

    #[test]
    fn other_addresses_name_no_topic() {
        for url in [
            "https://example.org/group/53/topic/155",
            "https://notok.ru/group/53/topic/155",
            "https://ok.ru/group/53",
            "https://ok.ru/group/53/topic/0",
            "https://ok.ru/group/53/topic/155,156",
        ] {
            assert_eq!(reading(url), None, "{url}");
        }
    }
}
