//! A program that works for a person by their token.

use reqwest::Method;
use serde_json::{Value, json};
use vestnik::domain::Role;
use vestnik::office::people::TokenWish;

use super::browser::{Answer, Browser};
use super::house::{House, OWN, PASSWORD};

/// A program with a token.
pub struct Program {
    pub browser: Browser,
    token: String,
}

impl Program {
    pub async fn of(house: &House, roles: &[(Role, Option<&str>)], role: Role) -> Self {
        let (id, _) = house.person(roles).await;
        let person = house.office.store.person(id).await.unwrap().unwrap();
        let wish = TokenWish { label: "сайт".into(), role, organisation: None, days: 30 };
        let token = house.office.make_token(&person, PASSWORD, wish).await.unwrap();
        Self { browser: house.visitor(), token }
    }

    pub async fn officer(house: &House) -> Self {
        Self::of(house, &[(Role::Officer, Some(OWN))], Role::Officer).await
    }

    pub fn call(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.browser.request(method, &format!("/api/v1{path}")).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.browser.send(self.call(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.browser.send(self.call(Method::POST, path).json(body)).await
    }

    /// How a post stands now, as its answer names it.
    pub async fn tag(&self, id: &str) -> String {
        let post = self.get(&format!("/posts/{id}")).await.must_be(200);
        post.headers["etag"].to_str().unwrap().to_owned()
    }

    /// An order about a post that was seen like this.
    pub async fn order(&self, path: &str, seen: &str, body: &Value) -> Answer {
        self.browser.send(self.call(Method::POST, path).header("If-Match", seen).json(body)).await
    }

    pub async fn queue(&self, title: &str) -> Value {
        let body = json!({"title": title, "body": "Подробности на сайте."});
        self.post("/posts", &body).await.must_be(201).json()
    }
}

/// A failure, with its code.
pub fn code(answer: &Answer) -> String {
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16());
    assert!(problem["detail"].as_str().is_some_and(|text| !text.is_empty()));
    problem["code"].as_str().unwrap().to_owned()
}
