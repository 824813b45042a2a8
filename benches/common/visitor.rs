//! Somebody with a browser: signs in to a running desk and asks for pages.

use std::error::Error;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use reqwest::header::{COOKIE, SET_COOKIE};
use vestnik::domain::people::Right;
use vestnik::domain::{Rights, Role};
use vestnik::office::Office;
use vestnik::office::people::TokenWish;
use vestnik::store::NewPerson;
use vestnik_contract::http::Http;

type Failure = Box<dyn Error + Send + Sync>;

const PASSWORD: &str = "одиннадцать синих лодок";

/// Enters a person who can sign in.
pub async fn enter(office: &Office, login: &str, right: Right) -> Result<(), Failure> {
    // Guessing passwords is not what is measured.
    let quick = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None)?);
    let person = NewPerson {
        login: login.into(),
        name: login.into(),
        rights: Rights::new(vec![right]),
        password: Some(quick.hash_password(PASSWORD.as_bytes())?.to_string()),
        by: "bench".into(),
    };
    office.store.add_person(person, office.clock.now()).await?;
    Ok(())
}

/// A token of this person's programs.
#[allow(dead_code, reason = "one of the benchmarks is a program")]
pub async fn token(office: &Office, login: &str, organisation: &str) -> Result<String, Failure> {
    let people = office.store.people().await?;
    let person = people.into_iter().find(|person| person.login == login).ok_or("there is no such person")?;
    let wish =
        TokenWish { label: "bench".into(), role: Role::Officer, organisation: Some(organisation.into()), days: 1 };
    Ok(office.make_token(&person, PASSWORD, wish).await?)
}

/// A person who has signed in.
pub struct Visitor {
    /// What carries the session in the header `Cookie`.
    pub cookie: String,
    http: Http,
    address: String,
}

impl Visitor {
    /// Signs in at the desk under `address` (`http://host:port`).
    pub async fn sign_in(address: &str, login: &str) -> Result<Self, Failure> {
        let http = Http::new(None)?;
        let door = http.request(reqwest::Method::GET, format!("{address}/sign-in")).send().await?;
        let cookie = cookie(&door)?;
        let page = door.text().await?;
        let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let form = [("csrf", token.ok_or("the door has no token")?), ("login", login), ("password", PASSWORD)];
        let inside = http.request(reqwest::Method::POST, format!("{address}/sign-in")).header(COOKIE, cookie);
        let answer = inside.form(&form).send().await?;
        if !answer.status().is_redirection() {
            return Err(format!("signing in was answered {}", answer.status()).into());
        }
        Ok(Self { cookie: self::cookie(&answer)?, http, address: address.to_owned() })
    }

    /// Asks for a page and gives its length in bytes, once the last has arrived.
    pub async fn get(&self, page: &str) -> Result<usize, Failure> {
        let url = format!("{}{page}", self.address);
        let answer = self.http.request(reqwest::Method::GET, url).header(COOKIE, &self.cookie).send().await?;
        if !answer.status().is_success() {
            return Err(format!("{page} was answered {}", answer.status()).into());
        }
        Ok(answer.bytes().await?.len())
    }
}

fn cookie(answer: &reqwest::Response) -> Result<String, Failure> {
    let set = answer.headers().get(SET_COOKIE).ok_or("the desk gave no cookie")?.to_str()?;
    Ok(set.split(';').next().unwrap_or_default().to_owned())
}
