//! One's own account: the door, language, password, sessions, tokens, and what others try with them.

use reqwest::Method;
use reqwest::header::{COOKIE, SET_COOKIE};
use vestnik::domain::people::Right;
use vestnik::domain::{Deed, Rights, Role};
use vestnik::office::{PeopleError, Refusal, Ruler};
use vestnik::store::NewPerson;
use vestnik_contract::Clock as _;

use super::browser::{Answer, Browser};
use super::house::{FOREIGN, House, OWN, PASSWORD};
use super::people::told;

/// The token on the page that shows it once.
pub fn token_of(answer: &Answer) -> String {
    let text = answer.text();
    let rest = text.split("value=\"vst_").nth(1).unwrap_or_else(|| panic!("{text}"));
    format!("vst_{}", rest.split('"').next().unwrap())
}

/// The cookie that a browser got last, by its value.
fn session_cookie(answer: &Answer) -> String {
    let cookie = answer.headers.get(SET_COOKIE).unwrap().to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

async fn officer(house: &House) -> (String, Browser) {
    let (_, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let browser = house.visitor();
    browser.sign_in(&login, PASSWORD).await;
    (login, browser)
}

#[tokio::test]
async fn signing_in_gives_the_session_another_name() {
    let house = House::open().await;
    let (_, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let visitor = house.visitor();
    let before = session_cookie(&visitor.get("/sign-in").await);
    let signed_in = visitor.post("/sign-in", &[("login", &login), ("password", PASSWORD)]).await.must_be(303);
    let cookie = signed_in.headers.get(SET_COOKIE).unwrap().to_str().unwrap().to_owned();
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert_ne!(session_cookie(&signed_in), before);
    // Whoever knew the old name has nothing of it.
    let planted = house.visitor();
    let request = planted.request(Method::GET, "/account").header(COOKIE, before);
    planted.send(request).await.must_be(303);
}

#[tokio::test]
async fn behind_tls_the_cookie_travels_over_nothing_else() {
    let tls = |config: String| config.replacen("[server]", "[server]\npublic_url = \"https://vestnik.example\"", 1);
    let platforms = [vestnik_sandbox::town::Platform::Max];
    let house = House::with(&platforms, tls).await;
    let door = house.visitor().get("/sign-in").await.must_be(200);
    let cookie = door.headers.get(SET_COOKIE).unwrap().to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-vestnik-door=") && cookie.contains("Secure"), "{cookie}");
    assert!(door.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn passwords_are_not_guessed_here() {
    let house = House::open().await;
    let (_, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let guesser = house.visitor();
    for _ in 0..10 {
        guesser.post("/sign-in", &[("login", &login), ("password", "не тот пароль")]).await.must_be(401);
    }
    // Now not even the right one opens from this network.
    let late = house.visitor().post("/sign-in", &[("login", &login), ("password", PASSWORD)]).await.must_be(429);
    assert!(late.text().contains("Слишком много попыток"), "{}", late.text());
    guesser.post("/sign-in", &[("login", "мой секретный пароль"), ("password", "petrova")]).await.must_be(401);
    let refused: Vec<_> =
        told(&house).await.into_iter().filter(|(kind, _)| kind == "person.sign_in_refused").map(|(_, e)| e).collect();
    assert_eq!(refused.len(), 12);
    assert!(refused[0].contains(&login) && refused[10].contains("too many tries"), "{refused:?}");
    // A password in the wrong field stands nowhere.
    assert!(!refused[11].contains("секретный") && !refused[11].contains("\"login\""), "{}", refused[11]);
}

#[tokio::test]
async fn who_signs_in_all_day_long_is_let_in() {
    let house = House::open().await;
    let (_, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    for _ in 0..12 {
        house.visitor().post("/sign-in", &[("login", &login), ("password", PASSWORD)]).await.must_be(303);
    }
}

#[tokio::test]
async fn whoever_guesses_a_password_does_not_keep_its_owner_out() {
    let proxied = |config: String| config.replacen("[server]", "[server]\ntrusted_proxies = [\"127.0.0.1\"]", 1);
    let house = House::with(&[vestnik_sandbox::town::Platform::Max], proxied).await;
    let (_, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let tries = async |address: &str, password: &str| {
        let visitor = house.visitor();
        let token = visitor.token().await;
        let form = [("csrf", &*token), ("login", &*login), ("password", password)];
        let request = visitor.request(Method::POST, "/sign-in").header("x-forwarded-for", address).form(&form);
        visitor.send(request).await
    };
    for nth in 0..10 {
        tries(&format!("203.0.113.{nth}"), "не тот пароль").await.must_be(401);
    }
    tries("203.0.113.99", PASSWORD).await.must_be(429);
    tries("198.51.100.7", PASSWORD).await.must_be(303);
}

#[tokio::test]
async fn a_login_is_known_whichever_keyboard_typed_it() {
    let house = House::open().await;
    let new = NewPerson {
        login: "андрей".into(),
        name: "Андрей".into(),
        rights: Rights::new(vec![Right { role: Role::Officer, organisation: Some(OWN.into()) }]),
        password: Some(super::house::quick_hash()),
        by: "тест".into(),
    };
    house.office.store.add_person(new, house.clock.now()).await.unwrap();
    // й as и with a breve, as some systems send it.
    house.visitor().sign_in("Андреи\u{306}", PASSWORD).await;
}

#[tokio::test]
async fn a_password_that_was_taken_meanwhile_opens_nothing() {
    let house = House::open().await;
    let (id, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    // The password was compared, and before the session begins an administrator takes it.
    let recognised = house.office.recognise(&login, PASSWORD).await.unwrap().unwrap();
    house.office.reset_password(id, Ruler::Console("тест")).await.unwrap();
    let refused = house.office.admit(recognised, "203.0.113.1").await.unwrap_err();
    assert!(matches!(refused, PeopleError::Refused(Refusal::Overtaken)), "{refused}");
    assert!(told(&house).await.iter().all(|(kind, _)| kind != "person.signed_in"));
    // The same where they are kept out, and let in again later.
    let (id, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let recognised = house.office.recognise(&login, PASSWORD).await.unwrap().unwrap();
    house.office.disable_person(id, Ruler::Console("тест")).await.unwrap();
    house.office.admit(recognised, "203.0.113.1").await.unwrap_err();
}

#[tokio::test]
async fn a_language_is_kept_and_the_session_with_it() {
    let house = House::open().await;
    let (login, browser) = officer(&house).await;
    let switched = browser.post("/language", &[("language", "en"), ("next", "/account")]).await.must_be(303);
    assert_eq!(switched.location(), "/account");
    assert!(browser.get("/account").await.must_be(200).text().contains("Where you are signed in"));
    let elsewhere = house.visitor();
    elsewhere.sign_in(&login, PASSWORD).await;
    assert!(elsewhere.get("/account").await.text().contains("Where you are signed in"));
    browser.post("/language", &[("language", "fr")]).await.must_be(404);
    let out = browser.post("/language", &[("language", "ru"), ("next", "//example.com/")]).await;
    assert_eq!(out.location(), "/today");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let house = House::open().await;
    let (login, here) = officer(&house).await;
    let elsewhere = house.visitor();
    elsewhere.sign_in(&login, PASSWORD).await;
    let fresh = "семь зелёных фонарей";
    for (current, password, again, why) in [
        ("не тот", fresh, fresh, "Нынешний пароль не подходит"),
        (PASSWORD, "короткий", "короткий", "короче 12"),
        (PASSWORD, fresh, "другой", "не совпадают"),
        (PASSWORD, "qwertyuiop123", "qwertyuiop123", "подбирают первым"),
        (PASSWORD, &format!("я — {login} — я"), &format!("я — {login} — я"), "не должно быть вашего логина"),
    ] {
        let form = [("current", current), ("password", password), ("again", again)];
        let refused = here.post("/account/password", &form).await.must_be(422).text();
        assert!(refused.contains(why), "{why}: {refused}");
    }
    elsewhere.get("/account").await.must_be(200);
    here.post("/account/password", &[("current", PASSWORD), ("password", fresh), ("again", fresh)]).await.must_be(303);
    here.get("/account").await.must_be(200);
    elsewhere.get("/account").await.must_be(303);
    house.visitor().post("/sign-in", &[("login", &login), ("password", PASSWORD)]).await.must_be(401);
    house.visitor().sign_in(&login, fresh).await;
}

#[tokio::test]
async fn a_new_password_revokes_tokens_unless_their_owner_keeps_them() {
    let house = House::open().await;
    let (_, here) = officer(&house).await;
    let make = async |label: &str, password: &str| {
        let form = [("label", label), ("role", "officer"), ("days", "30"), ("password", password)];
        here.post("/account/tokens", &form).await
    };
    // A token outlives the session: an open desk gives none away.
    let refused = make("сайт", "не тот пароль").await.must_be(422).text();
    assert!(refused.contains("Нынешний пароль не подходит"), "{refused}");
    let reads = async |token: &str| {
        let request = here.request(Method::GET, "/api/v1/channels?organisation=gorod").bearer_auth(token);
        here.send(request).await
    };
    let token = token_of(&make("сайт", PASSWORD).await.must_be(201));
    let mut now = PASSWORD;
    for (fresh, keeps, status) in
        [("семь зелёных фонарей", Some("true"), 200), ("восемь синих рыб под мостом", None, 401)]
    {
        let mut form = vec![("current", now), ("password", fresh), ("again", fresh)];
        form.extend(keeps.map(|keeps| ("keep_tokens", keeps)));
        here.post("/account/password", &form).await.must_be(303);
        reads(&token).await.must_be(status);
        now = fresh;
    }
    let revoked = told(&house).await.into_iter().filter(|(kind, _)| kind == "token.revoked").count();
    assert_eq!(revoked, 1);
}

#[tokio::test]
async fn sessions_are_ended_by_their_owner_alone() {
    let house = House::open().await;
    let (login, here) = officer(&house).await;
    let elsewhere = house.visitor();
    elsewhere.sign_in(&login, PASSWORD).await;
    let name_of = |page: &str| -> Vec<String> {
        page.split("name=\"session\" value=\"").skip(1).map(|s| s.split('"').next().unwrap().to_owned()).collect()
    };
    let names = name_of(&here.get("/account").await.text());
    assert_eq!(names.len(), 2);
    let (_, other) = officer(&house).await;
    for name in &names {
        other.post("/account/sessions/end", &[("session", name)]).await.must_be(303);
    }
    elsewhere.get("/account").await.must_be(200);
    here.post("/account/sessions/end", &[]).await.must_be(303);
    elsewhere.get("/account").await.must_be(303);
    let left = name_of(&here.get("/account").await.must_be(200).text());
    assert_eq!(left.len(), 1);
    here.post("/account/sessions/end", &[("session", &left[0])]).await.must_be(303);
    here.get("/account").await.must_be(303);
}

#[tokio::test]
async fn a_token_is_shown_once_and_lends_no_more_than_its_owner_has() {
    let house = House::open().await;
    let (_, login) = house.person(&[(Role::Editor, Some(OWN))]).await;
    let editor = house.visitor();
    editor.sign_in(&login, PASSWORD).await;
    let make = async |label: &str, role: &str, organisation: &str, days: &str| {
        let form =
            [("label", label), ("role", role), ("organisation", organisation), ("days", days), ("password", PASSWORD)];
        editor.post("/account/tokens", &form).await
    };
    make("сайт", "administrator", "", "30").await.must_be(422);
    make("сайт", "officer", FOREIGN, "30").await.must_be(422);
    make("сайт", "officer", "", "0").await.must_be(422);
    make("сайт", "officer", "", "99999").await.must_be(422);
    make(" ", "officer", "", "30").await.must_be(422);
    let token = token_of(&make("сайт", "officer", OWN, "30").await.must_be(201));
    make("сайт", "officer", OWN, "30").await.must_be(422);
    assert!(!editor.get("/account").await.text().contains(&token));
    let bearer = house.office.person_of_token(&token).await.unwrap().unwrap();
    assert_eq!(bearer.person.login, login);
    assert!(bearer.person.rights.may(Deed::Write, OWN) && !bearer.person.rights.may(Deed::Approve, OWN));
    assert!(!bearer.person.rights.may(Deed::Read, FOREIGN));
    assert!(house.office.person_of_token(&token.to_uppercase()).await.unwrap().is_none());
    assert!(house.office.person_of_token(token.trim_start_matches("vst_")).await.unwrap().is_none());
    let id = bearer.token.id.to_string();
    let (_, other) = officer(&house).await;
    other.post("/account/tokens/revoke", &[("token", &id)]).await.must_be(404);
    assert!(house.office.person_of_token(&token).await.unwrap().is_some());
    editor.post("/account/tokens/revoke", &[("token", &id)]).await.must_be(303);
    assert!(house.office.person_of_token(&token).await.unwrap().is_none());
    // The owner loses the role, the token with them.
    let token = token_of(&make("сайт", "editor", "", "30").await.must_be(201));
    let by = vestnik::office::Ruler::Console("тест");
    let right = vestnik::domain::people::Right { role: Role::Auditor, organisation: Some(OWN.into()) };
    house.office.change_rights(bearer.person.id, vec![right], by).await.unwrap();
    let weak = house.office.person_of_token(&token).await.unwrap().unwrap();
    assert!(!weak.person.rights.may(Deed::Read, OWN));
    let kinds: Vec<_> =
        told(&house).await.into_iter().filter(|(k, _)| k.starts_with("token.")).map(|(k, _)| k).collect();
    assert_eq!(kinds, ["token.made", "token.revoked", "token.made"]);
}

/// Each of the two guards is enough by itself, on every form of people and accounts.
#[tokio::test]
async fn forged_forms_change_nothing() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let (id, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let victim = house.visitor();
    victim.sign_in(&login, PASSWORD).await;
    let own = administrator.token().await;
    let stolen = victim.token().await;
    let of = |what: &str| format!("/people/{id}{what}");
    let paths = [
        "/people".to_owned(),
        of("/rights"),
        of("/disable"),
        of("/enable"),
        of("/reset"),
        of("/sessions/end"),
        of("/tokens/revoke"),
        "/account/password".into(),
        "/account/sessions/end".into(),
        "/account/tokens".into(),
        "/account/tokens/revoke".into(),
        "/language".into(),
        "/sign-out".into(),
    ];
    let before = told(&house).await.len();
    for path in &paths {
        for (site, token) in
            [("same-origin", ""), ("same-origin", &*stolen), ("cross-site", &*own), ("same-site", &*own)]
        {
            let form =
                [("csrf", token), ("login", "x1"), ("name", "X"), ("right", "officer@gorod"), ("language", "en")];
            let request = administrator.request_from(site, Method::POST, path).form(&form);
            administrator.send(request).await.must_be(403);
        }
        // An old browser, which names its origin alone.
        let request = administrator.request(Method::POST, path).header("origin", "https://example.com");
        let request = request.form(&[("csrf", &*own)]);
        let (client, built) = request.build_split();
        let mut built = built.unwrap();
        built.headers_mut().remove("sec-fetch-site");
        let answer = client.execute(built).await.unwrap();
        assert_eq!(answer.status().as_u16(), 403, "{path}");
    }
    assert_eq!(told(&house).await.len(), before);
    victim.get("/account").await.must_be(200);
    administrator.get("/account").await.must_be(200);
}
