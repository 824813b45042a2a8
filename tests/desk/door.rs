//! Coming in and going out.

use sqlx::Connection as _;

use super::house::{House, PASSWORD};

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_door_and_back() {
    let house = House::open().await;
    let (_, login) = house.person(&[(vestnik::domain::Role::Officer, Some("gorod"))]).await;
    let visitor = house.visitor();
    let led = visitor.get("/today?x=1").await.must_be(303);
    assert_eq!(led.location(), "/sign-in?next=%2Ftoday%3Fx%3D1");
    let inside = visitor.post("/sign-in", &[("login", &login), ("password", PASSWORD), ("next", "/today?x=1")]).await;
    assert_eq!(inside.location(), "/today?x=1");
    let page = visitor.get("/today").await.must_be(200).text();
    assert!(page.contains("Сотрудник 0"), "{page}");
    visitor.post("/sign-out", &[]).await.must_be(303);
    visitor.get("/today").await.must_be(303);
}

#[tokio::test]
async fn a_form_from_another_site_or_without_its_token_does_nothing() {
    let house = House::open().await;
    let officer = house.officer().await;
    let form = [("csrf", officer.token().await)];
    let foreign = officer.request_from("cross-site", reqwest::Method::POST, "/sign-out").form(&form);
    officer.send(foreign).await.must_be(403);
    let bare = officer.request(reqwest::Method::POST, "/sign-out").form(&[("csrf", "0".repeat(64))]);
    officer.send(bare).await.must_be(403);
    officer.get("/today").await.must_be(200);
}

#[tokio::test]
async fn the_way_back_leads_into_the_house_alone() {
    let house = House::open().await;
    let officer = house.officer().await;
    let lost = async |from: &str| {
        let request = officer.request(reqwest::Method::GET, "/no-such-page");
        officer.send(request.header("referer", format!("{}{from}", house.address))).await.must_be(404).text()
    };
    assert!(lost("/drafts?which=mine").await.contains("href=\"/drafts?which=mine\""));
    let page = lost("//example.ru/today").await;
    assert!(!page.contains("example.ru"), "{page}");
}

#[tokio::test]
async fn an_address_that_is_wrong_is_told_on_a_page() {
    let house = House::open().await;
    let officer = house.officer().await;
    for address in ["/journal/gorod/99999999999999999999", "/weeks?week=a&week=b", "/calendar/events"] {
        let page = officer.get(address).await.must_be(400).text();
        assert!(page.contains("В адресе ошибка") && !page.contains("deserialize"), "{address}: {page}");
    }
    let page = officer.get("/sign-out").await.must_be(405).text();
    assert!(page.contains("принимает только формы"), "{page}");
}

/// How many sessions lie in the database.
async fn sessions(house: &House) -> i64 {
    let url = format!("sqlite:{}", house.office.store.place().display());
    let mut db = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let (count,) = sqlx::query_as("SELECT COUNT(*) FROM session").fetch_one(&mut db).await.unwrap();
    db.close().await.unwrap();
    count
}

#[tokio::test]
async fn who_only_looks_at_the_door_leaves_nothing_behind() {
    let house = House::open().await;
    for _ in 0..3 {
        let visitor = house.visitor();
        visitor.get("/sign-in").await.must_be(200);
        visitor.get("/welcome/0123456789abcdef").await.must_be(404);
        visitor.post("/sign-in", &[("login", "petrova"), ("password", "не тот пароль")]).await.must_be(401);
        visitor.post("/language", &[("language", "en"), ("next", "/sign-in")]).await.must_be(303);
        let page = visitor.get("/sign-in").await.must_be(200).text();
        assert!(page.contains("<html lang=\"en\""), "the language is kept all the same: {page}");
    }
    assert_eq!(sessions(&house).await, 0);
    house.officer().await;
    assert_eq!(sessions(&house).await, 1);
}

#[tokio::test]
async fn nobody_is_signed_in_with_the_token_of_another_visitor() {
    let house = House::open().await;
    let (_, login) = house.person(&[(vestnik::domain::Role::Officer, Some("gorod"))]).await;
    let (victim, attacker) = (house.visitor(), house.visitor());
    let form = |token: String| vec![("csrf", token), ("login", login.clone()), ("password", PASSWORD.to_owned())];
    // Before the victim was ever here, and after.
    for _ in 0..2 {
        for token in [String::new(), attacker.token().await] {
            let forged = victim.request(reqwest::Method::POST, "/sign-in").form(&form(token));
            victim.send(forged).await.must_be(403);
        }
        victim.get("/sign-in").await.must_be(200);
    }
    let own = form(victim.token().await);
    victim.send(victim.request(reqwest::Method::POST, "/sign-in").form(&own)).await.must_be(303);
}
