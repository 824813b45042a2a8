//! What a browser does, without its pictures: keeps cookies, carries the token of its session, says where it comes from.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use vestnik_contract::http::Http;

/// A browser of one visitor.
pub struct Browser {
    client: Http,
    address: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |v| v.to_str().unwrap())
    }

    /// The answer, which must be of this status.
    #[track_caller]
    pub fn must_be(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "location {:?}\n{}", self.location(), self.text());
        self
    }
}

impl Browser {
    pub fn new(address: &str) -> Self {
        let client = Http::new(None).unwrap();
        Self { client, address: address.to_owned(), cookies: Mutex::default() }
    }

    pub async fn sign_in(&self, login: &str, password: &str) {
        let answer = self.post("/sign-in", &[("login", login), ("password", password)]).await;
        assert_eq!(answer.location(), "/today", "{}", answer.text());
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Sends a form as a page of ours would: with the token of the session.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut form = vec![("csrf", token.as_str())];
        form.extend_from_slice(fields);
        self.send(self.request(Method::POST, path).form(&form)).await
    }

    /// The token of the session, as it stands in a page.
    pub async fn token(&self) -> String {
        let page = self.send(self.request(Method::GET, "/sign-in")).await;
        let page = if page.status.is_redirection() { self.get("/account").await } else { page };
        let text = page.text();
        let mark = "name=\"csrf\" value=\"";
        text.split(mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }

    /// A request with the cookies and the headers of a browser on one of our pages.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_from("same-origin", method, path)
    }

    /// The same from a page of some other site (`cross-site`).
    pub fn request_from(&self, site: &str, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.lock().unwrap();
        let cookies = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = self.client.request(method, format!("{}{path}", self.address));
        request.header(COOKIE, cookies).header("sec-fetch-site", site).header("accept-language", "ru")
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default().to_owned();
            self.cookies.lock().unwrap().insert(name.to_owned(), value);
        }
        let (status, headers) = (answer.status(), answer.headers().clone());
        Answer { status, headers, body: answer.bytes().await.unwrap().to_vec() }
    }
}
