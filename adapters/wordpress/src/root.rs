//! Where a site's REST interface is (developer.wordpress.org, "Discovery").

use reqwest::header::{HeaderMap, LINK};
use url::Url;

const RELATION: &str = "https://api.w.org/";

/// The interface's root as the site's own `Link` header names it. Only an address of the same origin counts: the
/// password does not travel to another.
pub(crate) fn announced(headers: &HeaderMap, site: &Url) -> Option<Url> {
    let links = headers.get_all(LINK).iter().filter_map(|v| v.to_str().ok());
    let address = links.flat_map(targets).find(|(_, parameters)| parameters.contains(RELATION))?.0;
    let root = site.join(address).ok()?;
    (root.origin() == site.origin()).then_some(root)
}

/// The form that works whatever the permalinks are.
pub(crate) fn fallback(site: &Url) -> Url {
    let mut root = site.clone();
    root.set_query(Some("rest_route=/"));
    root
}

/// The address of a route (without leading `/`) under `root`, which may keep its route in the query.
pub(crate) fn endpoint(root: &Url, route: &str, query: &[(&str, &str)]) -> Url {
    let mut url = root.clone();
    let kept: Vec<(String, String)> = root.query_pairs().into_owned().collect();
    url.set_query(None);
    let by_query = kept.iter().any(|(k, _)| k == "rest_route");
    if !by_query {
        url.set_path(&format!("{}/{route}", root.path().trim_end_matches('/')));
    }
    if by_query || !query.is_empty() {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in &kept {
            if name == "rest_route" {
                pairs.append_pair(name, &format!("{}/{route}", value.trim_end_matches('/')));
            } else {
                pairs.append_pair(name, value);
            }
        }
        pairs.extend_pairs(query);
    }
    url
}

/// The targets of a `Link` header with their parameters (RFC 8288 section 3).
fn targets(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split('<').skip(1).filter_map(|link| link.split_once('>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(link: &str) -> HeaderMap {
        HeaderMap::from_iter([(LINK, link.parse().unwrap())])
    }

    #[test]
    fn the_announced_root_is_taken_from_our_own_origin_only() {
        let site = Url::parse("https://gorod.example.ru/news/").unwrap();
        let link = "<https://gorod.example.ru/a,b>; rel=shortlink, <https://gorod.example.ru/news/wp-json/>; rel=\"https://api.w.org/\"";
        assert_eq!(announced(&headers(link), &site).unwrap().as_str(), "https://gorod.example.ru/news/wp-json/");
        assert_eq!(announced(&headers("<https://evil.example/>; rel=\"https://api.w.org/\""), &site), None);
        assert_eq!(announced(&headers("<http://gorod.example.ru/>; rel=\"https://api.w.org/\""), &site), None);
        assert_eq!(announced(&HeaderMap::new(), &site), None);
    }

    #[test]
    fn both_kinds_of_permalinks_work() {
        let pretty = Url::parse("https://a.ru/wp-json/").unwrap();
        assert_eq!(
            endpoint(&pretty, "wp/v2/posts", &[("slug", "а")]).as_str(),
            "https://a.ru/wp-json/wp/v2/posts?slug=%D0%B0"
        );
        assert_eq!(endpoint(&pretty, "", &[]).as_str(), "https://a.ru/wp-json/");
        for plain in ["https://a.ru/index.php?rest_route=/", "https://a.ru/?rest_route=%2F"] {
            let url = endpoint(&Url::parse(plain).unwrap(), "wp/v2/posts", &[("slug", "x")]);
            assert_eq!(url.query(), Some("rest_route=%2Fwp%2Fv2%2Fposts&slug=x"));
        }
        assert_eq!(fallback(&Url::parse("https://a.ru/n/").unwrap()).as_str(), "https://a.ru/n/?rest_route=/");
    }
}
