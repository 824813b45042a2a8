//! A copy of an earlier day is put back: what opened the desk that day may have been closed since.

use std::time::Duration;

use reqwest::Method;
use vestnik::backup;
use vestnik::domain::Role;

use super::account::token_of;
use super::browser::Browser;
use super::house::{House, OWN, PASSWORD};
use super::people::{address, told};

/// Somebody at a desk, with a token.
struct Colleague {
    id: String,
    login: String,
    browser: Browser,
    token: String,
}

impl Colleague {
    async fn at_work(house: &House, role: Role, organisation: Option<&str>) -> Self {
        let (id, login) = house.person(&[(role, organisation)]).await;
        let browser = house.visitor();
        browser.sign_in(&login, PASSWORD).await;
        let form = [("label", "сайт"), ("role", role.name()), ("days", "365"), ("password", PASSWORD)];
        let token = token_of(&browser.post("/account/tokens", &form).await.must_be(201));
        Self { id: id.to_string(), login, browser, token }
    }

    /// What the desk and the program interface answer to what this person and their program hold.
    async fn comes_in(&self) -> (u16, u16) {
        let page = self.browser.get("/account").await.status.as_u16();
        let call = self.browser.request(Method::GET, "/api/v1/channels?organisation=gorod").bearer_auth(&self.token);
        (page, self.browser.send(call).await.status.as_u16())
    }
}

#[tokio::test]
async fn a_copy_that_is_put_back_opens_nothing_that_was_closed_since() {
    let mut house = House::open().await;
    let stays = Colleague::at_work(&house, Role::Officer, Some(OWN)).await;
    let leaves = Colleague::at_work(&house, Role::Officer, Some(OWN)).await;
    let careful = Colleague::at_work(&house, Role::Officer, Some(OWN)).await;
    let demoted = Colleague::at_work(&house, Role::Administrator, None).await;
    let administrator = house.administrator().await;
    let form = [("login", "petrova"), ("name", "Петрова"), ("right", "officer@gorod")];
    let path = address(&administrator.post("/people", &form).await.must_be(201));
    let archive = house.path("office.tar");
    backup::save(&house.office.config, &archive, &*house.clock).await.unwrap();

    let fresh = "семь зелёных фонарей";
    let petrova = house.visitor();
    petrova.post(&path, &[("password", fresh), ("again", fresh)]).await.must_be(303);
    administrator.post(&format!("/people/{}/disable", leaves.id), &[]).await.must_be(303);
    let rights = [("right", "auditor@*")];
    administrator.post(&format!("/people/{}/rights", demoted.id), &rights).await.must_be(303);
    let change = [("current", PASSWORD), ("password", fresh), ("again", fresh)];
    careful.browser.post("/account/password", &change).await.must_be(303);

    let restored = house.restore(&archive).await;
    assert_eq!(restored.keys.tokens, 4);
    for colleague in [&stays, &leaves, &careful, &demoted] {
        assert_eq!(colleague.comes_in().await, (303, 401), "{}", colleague.login);
    }
    administrator.get("/people").await.must_be(303);
    house.visitor().get(&path).await.must_be(404);

    // What the history beside the database tells of people is taken up before anything is released.
    house.pass(Duration::from_secs(1)).await;
    stays.browser.sign_in(&stays.login, PASSWORD).await;
    for colleague in [&leaves, &careful] {
        let form = [("login", &*colleague.login), ("password", PASSWORD)];
        house.visitor().post("/sign-in", &form).await.must_be(401);
    }
    demoted.browser.sign_in(&demoted.login, PASSWORD).await;
    demoted.browser.get("/people").await.must_be(403);
    let people = house.office.people(vestnik::office::Ruler::Console("тест")).await.unwrap();
    let access = |login: &str| people.iter().find(|person| person.login == login).unwrap().access();
    assert_eq!([access(&leaves.login), access(&careful.login), access("petrova")], ["disabled", "invited", "invited"]);
    let kinds: Vec<_> = told(&house).await.into_iter().map(|(kind, _)| kind).collect();
    assert!(kinds.iter().filter(|kind| *kind == "token.revoked").count() == 4, "{kinds:?}");
    for kind in ["person.disabled", "person.rights_changed", "person.password_reset"] {
        assert!(kinds.iter().any(|told| told == kind), "{kind}: {kinds:?}");
    }
}
