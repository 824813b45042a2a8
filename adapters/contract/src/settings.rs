//! What every adapter's own settings are made of.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use url::{Host, Url};

use crate::adapter::Adapter;
use crate::clock::Clock;
use crate::renewals::Renewals;

/// What the program hands to an adapter beside its settings.
#[derive(Debug, Clone)]
pub struct Context {
    /// The clock to use.
    pub clock: Arc<dyn Clock>,
    /// Relative paths in settings are taken from here (the configuration's folder).
    pub base_dir: PathBuf,
    /// Addresses that people type may lead to loopback and private networks. For tests and closed networks.
    pub allow_private_addresses: bool,
    /// Where the adapter tells that its platform renewed a credential.
    pub renewals: Renewals,
}

/// Settings that cannot work, found when the adapter is made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct SettingsError {
    /// The key within the channel's entry.
    pub key: String,
    /// The value's problem and what is allowed.
    pub problem: String,
}

impl SettingsError {
    /// A problem with one key.
    pub fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into() }
    }
}

/// A platform's own part of a channel's entry in the configuration. Each adapter crate has one, named `Settings`,
/// with `#[serde(deny_unknown_fields)]`; the program knows no field of it.
pub trait ChannelSettings: serde::de::DeserializeOwned + Send + Sync + 'static {
    /// The remote account, for example `max:-71768670111751`: one may not stand in the configuration twice.
    fn account(&self) -> String;

    /// Whether every address in it is loopback: only then may a clock run faster than time.
    fn is_loopback(&self) -> bool;

    /// The adapter. Checks what can be checked without asking anybody.
    fn open(self, context: &Context) -> Result<Arc<dyn Adapter>, SettingsError>;
}

/// Scheme, host and port of a platform; the adapter appends its paths. Plain `http` is taken for loopback only:
/// tokens travel on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base address.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text)
            .map_err(|e| format!("`{text}` is not an address ({e}); write it like https://api.example.ru"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address must not hold a user name or password".into());
        }
        if url.query().is_some() || url.fragment().is_some() || url.path() != "/" {
            return Err(format!("`{text}` must be scheme, host and port only, like https://api.example.ru"));
        }
        let url = Self(url);
        match url.0.scheme() {
            "https" => Ok(url),
            "http" if url.is_loopback() => Ok(url),
            _ => Err(format!("`{text}` must begin with https:// (http:// is allowed on loopback only)")),
        }
    }

    /// The address of `path` (with leading `/`, may hold a query).
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0.as_str().trim_end_matches('/'))
    }

    /// The address itself.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Whether it can only be on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether files may go to `address`, which the platform at this base named: over TLS to the outside, and to
    /// this machine only from a platform that is played on it. A name is taken as it stands, not resolved.
    pub fn may_upload_to(&self, address: &Url) -> bool {
        match address.scheme() {
            "https" => self.is_loopback() || !leads_inside(address),
            "http" => self.is_loopback() && is_loopback(address),
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Whether an address can only be on this machine: 127.0.0.0/8, `[::1]` or `localhost`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether an address names this machine or a host in a private network.
fn leads_inside(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => !is_public(ip.into()),
        Some(Host::Ipv6(ip)) => !is_public(ip.into()),
        // All names below it are this machine, too (RFC 6761 section 6.3).
        Some(Host::Domain(name)) => name.trim_end_matches('.').rsplit('.').next() == Some("localhost"),
        None => true,
    }
}

/// Whether an address lies on the public internet: not loopback, private, link-local, carrier-grade NAT,
/// documentation, multicast or reserved (RFC 6890), in either family, nor one of those mapped into IPv6.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            !(ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_documentation()
                || ip.is_multicast()
                || ip.is_broadcast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (b == 18 || b == 19))
                || (a == 192 && b == 0 && c == 0))
        }
        IpAddr::V6(ip) => {
            if let Some(v4) = ip.to_ipv4() {
                return is_public(IpAddr::V4(v4));
            }
            let s = ip.segments();
            let nat64 = s[0] == 0x64 && s[1] == 0xff9b;
            let six_to_four = s[0] == 0x2002;
            let documentation = s[0] == 0x2001 && s[1] == 0xdb8;
            (s[0] & 0xe000) == 0x2000 && !nat64 && !six_to_four && !documentation
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback() {
        assert!(BaseUrl::parse("http://127.0.0.1:8080").is_ok());
        assert!(BaseUrl::parse("https://platform-api2.max.ru").is_ok());
        assert!(BaseUrl::parse("http://platform-api2.max.ru").unwrap_err().contains("https://"));
        assert!(BaseUrl::parse("https://api.vk.ru/method").unwrap_err().contains("scheme, host and port"));
        assert!(!BaseUrl::parse("https://user:geheim@api.vk.ru").unwrap_err().contains("geheim"));
        assert_eq!(BaseUrl::parse("http://[::1]:9").unwrap().at("/me"), "http://[::1]:9/me");
    }

    #[test]
    fn files_stay_out_of_private_networks() {
        let allowed =
            |base: &str, address: &str| BaseUrl::parse(base).unwrap().may_upload_to(&address.parse().unwrap());
        for inside in [
            "https://127.0.0.1/up",
            "https://2130706433/up",
            "https://[::1]/up",
            "https://[::ffff:10.0.0.1]/up",
            "https://10.0.0.1/up",
            "https://169.254.169.254/latest",
            "https://localhost:8443/up",
            "https://LOCALHOST./up",
            "https://vault.localhost/up",
        ] {
            assert!(!allowed("https://api.vk.ru", inside), "{inside}");
        }
        for outside in ["https://pu.vk.com/c1/up", "https://95.213.1.1/up", "https://[2a00:1450:4001::1]/up"] {
            assert!(allowed("https://api.vk.ru", outside), "{outside}");
        }
        assert!(allowed("http://127.0.0.1:9", "http://127.0.0.1:9/up"), "a world that is played here");
        for plain in ["http://pu.vk.com/up", "http://10.0.0.1/up", "ftp://127.0.0.1/up"] {
            assert!(!allowed("http://127.0.0.1:9", plain) && !allowed("https://api.vk.ru", plain), "{plain}");
        }
    }

    #[test]
    fn private_networks_are_not_public() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::ffff:127.0.0.1",
            "fe80::1",
            "fd00::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "255.255.255.255",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["8.8.8.8", "95.213.1.1", "2a00:1450:4001::1"] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }
}
