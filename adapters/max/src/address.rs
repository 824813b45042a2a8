//! MAX's ids and public addresses, and how one follows from the other. Verified arithmetically on real samples but
//! not documented: what is built here is checked with MAX, or marked as constructed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;
use vestnik_contract::RemoteId;

/// Where posts of all channels are read.
const HOST: &str = "max.ru";

/// The id of the post with this sequence number on a channel: both as 16 hex digits.
pub(crate) fn mid(chat_id: i64, seq: u64) -> RemoteId {
    RemoteId(format!("mid.{:016x}{seq:016x}", chat_id.cast_unsigned()))
}

/// The sequence number in an id.
pub(crate) fn seq(mid: &RemoteId) -> Option<u64> {
    let digits = mid.0.strip_prefix("mid.").filter(|digits| digits.len() == 32)?;
    u64::from_str_radix(digits.get(16..)?, 16).ok()
}

/// The public address of a post: below the channel's own where it has one, below its id otherwise.
pub(crate) fn construct(link: Option<&str>, chat_id: i64, seq: u64) -> Option<Url> {
    let token = URL_SAFE_NO_PAD.encode(seq.to_be_bytes());
    let below = match link {
        Some(link) => link.trim_end_matches('/').to_owned(),
        None => format!("https://{HOST}/c/{chat_id}"),
    };
    web(&format!("{below}/{token}"))
}

/// An address that readers and auditors can follow; what else an answer calls an address is none.
pub(crate) fn web(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http"))
}

/// What a public address says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// The channel.
    pub(crate) channel: ChannelName<'a>,
    /// The post's sequence number.
    pub(crate) seq: u64,
}

/// How an address names a channel.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ChannelName<'a> {
    /// By its public name.
    Public(&'a str),
    /// By its id.
    Id(i64),
}

/// Reads `https://max.ru/<name>/<token>` or `https://max.ru/c/<chat_id>/<token>`.
pub(crate) fn parse(url: &Url) -> Option<Address<'_>> {
    if url.scheme() != "https" || url.host_str() != Some(HOST) || url.port().is_some() {
        return None;
    }
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let (channel, token) = match parts.as_slice() {
        ["c", chat_id, token] => (ChannelName::Id(chat_id.parse().ok()?), token),
        [name, token] => (ChannelName::Public(name), token),
        _ => return None,
    };
    let bytes: [u8; 8] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    Some(Address { channel, seq: u64::from_be_bytes(bytes) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_addresses_lead_to_each_other() {
        let seq_there = 117_657_577_509_814_279;
        let id = mid(-71_768_670_111_751, seq_there);
        assert_eq!(seq(&id), Some(seq_there));
        assert_eq!(seq(&RemoteId("mid.000000000e7174f701a0da828c245855".into())), Some(117_333_844_543_428_693));
        let url = construct(Some("https://max.ru/gorod/"), -5, seq_there).unwrap();
        assert_eq!(parse(&url), Some(Address { channel: ChannelName::Public("gorod"), seq: seq_there }));
        let url = construct(None, -5, seq_there).unwrap();
        assert_eq!(parse(&url), Some(Address { channel: ChannelName::Id(-5), seq: seq_there }));
    }

    #[test]
    fn other_addresses_are_none() {
        for url in [
            "https://vk.com/gorod/AaIAwQdVAAc",
            "http://max.ru/gorod/AaIAwQdVAAc",
            "https://max.ru/gorod",
            "https://max.ru/join/abc",
            "https://max.ru/c/x/AaIAwQdVAAc",
            "https://max.ru/a/b/c/d",
        ] {
            assert_eq!(parse(&url.parse().unwrap()), None, "{url}");
        }
        assert_eq!(seq(&RemoteId("mid.short".into())), None);
    }
}
