//! Calls to one site: where its interface is, who we are, and what came back.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::multipart::Form;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;
use vestnik_contract::http::{Http, Reply, UPLOAD_TIMEOUT};
use vestnik_contract::prepared::Evidence;
use vestnik_contract::{Secret, Told};

use crate::errors::Failure;
use crate::root;

/// A call, before it is sent.
pub(crate) struct Ask<'a> {
    method: Method,
    route: Cow<'a, str>,
    query: &'a [(&'a str, &'a str)],
    body: Body,
}

enum Body {
    None,
    Json(Value),
    Upload(Form),
}

/// A good answer, and the reply it was read from.
#[derive(Debug)]
pub(crate) struct Answered<T> {
    pub(crate) value: T,
    pub(crate) reply: Reply,
    pub(crate) evidence: Evidence,
}

impl<'a> Ask<'a> {
    /// A question.
    pub(crate) fn get(route: impl Into<Cow<'a, str>>, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { method: Method::GET, route: route.into(), query, body: Body::None }
    }

    /// A change.
    pub(crate) fn post(route: impl Into<Cow<'a, str>>, query: &'a [(&'a str, &'a str)], body: Value) -> Self {
        Self { method: Method::POST, route: route.into(), query, body: Body::Json(body) }
    }

    /// A file.
    pub(crate) fn upload(route: &'a str, query: &'a [(&'a str, &'a str)], form: Form) -> Self {
        Self { method: Method::POST, route: route.into(), query, body: Body::Upload(form) }
    }

    /// A deletion.
    pub(crate) fn delete(route: impl Into<Cow<'a, str>>, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { method: Method::DELETE, route: route.into(), query, body: Body::None }
    }
}

#[derive(Debug)]
pub(crate) struct Client {
    http: Http,
    site: Url,
    user: String,
    password: Secret,
    /// Found once a process: a site that moves its interface is restarted with a new `url` anyway.
    root: OnceCell<Url>,
}

impl Client {
    pub(crate) fn new(http: Http, site: Url, user: String, password: Secret) -> Self {
        Self { http, site, user, password, root: OnceCell::new() }
    }

    /// The configured site; ends in `/`.
    pub(crate) fn site(&self) -> &Url {
        &self.site
    }

    /// The login vestnik uses.
    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// Whether an address belongs to the configured site. The scheme does not count: behind a proxy that ends TLS,
    /// a site may believe that it speaks http.
    pub(crate) fn is_ours(&self, url: &Url) -> bool {
        let same_host =
            url.host() == self.site.host() && (url.port() == self.site.port() || url.scheme() != self.site.scheme());
        let folder = self.site.path();
        same_host && (url.path().starts_with(folder) || url.path() == folder.trim_end_matches('/'))
    }

    /// Sends one call with credentials; any status is an answer here.
    pub(crate) async fn send(&self, ask: Ask<'_>) -> Result<(Reply, Evidence), Failure> {
        let password = self.password.get()?;
        let root = self.root.get_or_try_init(|| self.discover()).await?;
        let url = root::endpoint(root, &ask.route, ask.query);
        let request = self.http.request(ask.method, url).basic_auth(&self.user, Some(password.expose_secret()));
        let request = match ask.body {
            Body::None => request,
            Body::Json(body) => request.json(&body),
            Body::Upload(form) => request.multipart(form).timeout(UPLOAD_TIMEOUT),
        };
        let reply = self.http.send(request).await.map_err(|e| self.explained(e.into()))?;
        let reply = self.without_password(reply, &password);
        let evidence = reply.evidence(&[]);
        Ok((reply, evidence))
    }

    /// Sends one call and reads a good answer. The `Content-Type` is looked at first: a wrong root answers 200 with
    /// the home page.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, ask: Ask<'_>) -> Result<Answered<T>, Failure> {
        let (reply, evidence) = self.send(ask).await?;
        Self::read(reply, evidence)
    }

    /// Reads a good answer.
    pub(crate) fn read<T: DeserializeOwned>(reply: Reply, evidence: Evidence) -> Result<Answered<T>, Failure> {
        if !reply.status.is_success() {
            return Err(Failure::of(&reply, evidence));
        }
        match reply.json().filter(|_| reply.is_json()) {
            Some(value) => Ok(Answered { value, reply, evidence }),
            None => Err(Failure::unreadable(reply.status, evidence)),
        }
    }

    /// How a reader without an account gets a public page; `None` when nothing answers.
    pub(crate) async fn look_like_a_reader(&self, page: &Url) -> Option<StatusCode> {
        self.http.send(self.http.get(page.clone())).await.ok().map(|reply| reply.status)
    }

    async fn discover(&self) -> Result<Url, Failure> {
        let reply = self.http.send(self.http.request(Method::HEAD, self.site.clone())).await;
        let reply = reply.map_err(|e| match e.into() {
            // Nothing was published by looking for the interface.
            Failure::Unknown { told } => Failure::Later { after: None, told },
            other => self.explained(other),
        })?;
        if reply.status.is_redirection()
            || reply.status.is_server_error()
            || reply.status == StatusCode::TOO_MANY_REQUESTS
        {
            return Err(match Failure::of(&reply, reply.evidence(&[])) {
                Failure::Unknown { told } => Failure::Later { after: None, told },
                other => other,
            });
        }
        Ok(root::announced(&reply.headers, &self.site).unwrap_or_else(|| root::fallback(&self.site)))
    }

    fn without_password(&self, reply: Reply, password: &SecretString) -> Reply {
        // A debugging plugin may echo the header; the site shows passwords with and without blanks.
        let basic = BASE64_STANDARD.encode(format!("{}:{}", self.user, password.expose_secret()));
        let bare: String = password.expose_secret().chars().filter(|c| !c.is_whitespace()).collect();
        reply.without(&[password, &SecretString::from(bare), &SecretString::from(basic)])
    }

    fn explained(&self, failure: Failure) -> Failure {
        let name = |told: Told| Told { reason: format!("{}: {}", self.site, told.reason), ..told };
        match failure {
            Failure::Later { after, told } => Failure::Later { after, told: name(told) },
            Failure::Unknown { told } => Failure::Unknown { told: name(told) },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use vestnik_contract::SecretSource;

    use super::*;

    #[test]
    fn an_address_belongs_to_the_site_or_not() {
        let password = SecretSource::Env("NOWHERE".into()).open(".".as_ref());
        let site = Url::parse("https://gorod.example.ru/news/").unwrap();
        let client = Client::new(Http::new(None).unwrap(), site, "u".into(), password);
        let ours = |url: &str| client.is_ours(&url.parse().unwrap());
        assert!(ours("https://gorod.example.ru/news/post/") && ours("http://gorod.example.ru/news/?p=1"));
        assert!(ours("https://gorod.example.ru/news"));
        assert!(!ours("https://gorod.example.ru/newspaper/1"));
        assert!(!ours("https://gorod.example.ru.evil.example/news/1"));
        assert!(!ours("https://gorod.example.ru:8443/news/1"));
    }
}
