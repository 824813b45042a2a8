//! `[server]`: how the desk is reached.

use std::net::SocketAddr;

use ipnet::IpNet;
use url::Url;

use super::error::Problem;
use super::{ServerSettings, file};

/// Checks everything and tells everything that is wrong.
pub(super) fn checked(server: &file::Server, problems: &mut Vec<Problem>) -> Option<ServerSettings> {
    let before = problems.len();
    let mut note = |result: Result<(), Problem>| problems.extend(result.err());
    let listen = address("server.listen", &server.listen);
    let metrics = server.metrics.as_deref().map(|text| address("server.metrics", text)).transpose();
    let public_url = server.public_url.as_deref().map(public_url).transpose();
    let proxies: Result<Vec<_>, _> = server.trusted_proxies.iter().enumerate().map(proxy).collect();
    note(listen.as_ref().map(drop).map_err(Clone::clone));
    note(metrics.as_ref().map(drop).map_err(Clone::clone));
    note(public_url.as_ref().map(drop).map_err(Clone::clone));
    note(proxies.as_ref().map(drop).map_err(Clone::clone));
    if let (Ok(listen), Ok(Some(metrics))) = (&listen, &metrics)
        && listen == metrics
        && listen.port() != 0
    {
        problems
            .push(Problem::new("server.metrics", format!("`{metrics}` is where the desk listens; take another port")));
    }
    if problems.len() > before {
        return None;
    }
    Some(ServerSettings {
        listen: listen.ok()?,
        public_url: public_url.ok()?,
        trusted_proxies: proxies.ok()?,
        metrics: metrics.ok()?,
    })
}

fn address(key: &str, text: &str) -> Result<SocketAddr, Problem> {
    text.parse().map_err(|_| {
        Problem::new(
            key,
            format!(
                "`{text}` is not an address with a port; write it like 127.0.0.1:8080, or [::]:8080 for every address"
            ),
        )
    })
}

fn public_url(text: &str) -> Result<Url, Problem> {
    let fits = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    Url::parse(text).ok().filter(fits).ok_or_else(|| {
        Problem::new(
            "server.public_url",
            "is not the address of a whole host; write scheme, host and perhaps port, like https://vestnik.gorod.ru",
        )
    })
}

fn proxy((index, text): (usize, &String)) -> Result<IpNet, Problem> {
    let net = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
    net.map_err(|_| {
        Problem::new(
            format!("server.trusted_proxies[{index}]"),
            format!("`{text}` is neither an address nor a network; write it like 10.0.0.5 or 10.0.0.0/24"),
        )
    })
}
