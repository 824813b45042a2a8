//! People: the first of them, those who are invited, what they may do to each other, and keeping them out.

use chrono::TimeDelta;
use vestnik::domain::{PersonId, Rights, Role};
use vestnik::journal::INSTALLATION;
use vestnik::office::people::{real_now, sha256_hex};
use vestnik::store::{NewPerson, StoredSession};
use vestnik_contract::Clock as _;

use super::browser::{Answer, Browser};
use super::house::{FOREIGN, House, OWN, PASSWORD};

const NEW_PASSWORD: &str = "семь зелёных фонарей";

/// What stands in the chain of the installation: kind and the whole entry.
pub async fn told(house: &House) -> Vec<(String, String)> {
    let rows = house.office.store.journal_page(INSTALLATION, 0, 1000).await.unwrap();
    rows.into_iter().map(|row| (row.kind, row.entry)).collect()
}

pub async fn count(house: &House, kind: &str) -> usize {
    told(house).await.iter().filter(|(k, _)| k == kind).count()
}

/// The path of the one-time address on a page.
pub fn address(answer: &Answer) -> String {
    let text = answer.text();
    let secret = text.split("/welcome/").nth(1).unwrap_or_else(|| panic!("{text}"));
    format!("/welcome/{}", secret.split('"').next().unwrap())
}

async fn add(browser: &Browser, login: &str, rights: &[&str]) -> Answer {
    let name = format!("Имя {login}");
    let mut form = vec![("login", login), ("name", name.as_str())];
    form.extend(rights.iter().map(|right| ("right", *right)));
    browser.post("/people", &form).await
}

async fn id_of(house: &House, login: &str) -> PersonId {
    house.office.store.person_of_login(login).await.unwrap().unwrap().id
}

#[tokio::test]
async fn the_first_administrator_comes_once() {
    let house = House::open().await;
    let path = house.office.invite_first().await.unwrap().unwrap();
    let replaced = path;
    let path = house.office.invite_first().await.unwrap().unwrap();
    let visitor = house.visitor();
    visitor.get(&replaced).await.must_be(404);
    visitor.get("/welcome/0123456789abcdef").await.must_be(404);
    assert!(visitor.get(&path).await.must_be(200).text().contains("Вы первый"));
    let come = async |login: &str, name: &str, password: &str, again: &str| {
        visitor.post(&path, &[("login", login), ("name", name), ("password", password), ("again", again)]).await
    };
    for (login, name, password, again) in [
        ("p", "Первый", NEW_PASSWORD, NEW_PASSWORD),
        ("первый", "vestnik", NEW_PASSWORD, NEW_PASSWORD),
        ("первый", "Первый", "короткий", "короткий"),
        ("первый", "Первый", "йцукенгшщзхъ", "йцукенгшщзхъ"),
        ("администратор-города", "Первый", "администратор-города!", "администратор-города!"),
        ("первый", "Первый", NEW_PASSWORD, PASSWORD),
    ] {
        come(login, name, password, again).await.must_be(422);
    }
    assert!(!house.office.store.has_people().await.unwrap());
    assert_eq!(come("Первый", " Первый  Админ ", NEW_PASSWORD, NEW_PASSWORD).await.location(), "/today");
    let page = visitor.get("/people").await.must_be(200).text();
    assert!(page.contains("Первый Админ"), "{page}");
    // Nobody comes after the first, whatever address they hold.
    house.visitor().get(&path).await.must_be(404);
    assert_eq!(house.office.invite_first().await.unwrap(), None);
    let kinds: Vec<_> = told(&house).await.into_iter().map(|(kind, _)| kind).collect();
    let came = ["person.added", "person.password_set", "person.signed_in"].map(String::from);
    assert!(kinds.ends_with(&came), "{kinds:?}");
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_once() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let shown = add(&administrator, "Petrova", &["officer@gorod"]).await.must_be(201);
    let path = address(&shown);
    add(&administrator, "petrova", &["officer@gorod"]).await.must_be(422);
    let petrova = house.visitor();
    // Before she has come, no password opens her door.
    petrova.post("/sign-in", &[("login", "petrova"), ("password", "")]).await.must_be(401);
    assert!(petrova.get(&path).await.must_be(200).text().contains("Имя Petrova"));
    let form = [("password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
    assert_eq!(petrova.post(&path, &form).await.location(), "/today");
    petrova.get("/account").await.must_be(200);
    house.visitor().post(&path, &form).await.must_be(404);
    let elsewhere = house.visitor();
    elsewhere.sign_in(" PETROVA ", NEW_PASSWORD).await;
    // A new address takes the password and the sessions.
    let id = id_of(&house, "petrova").await;
    let reset = administrator.post(&format!("/people/{id}/reset"), &[]).await.must_be(201);
    petrova.get("/account").await.must_be(303);
    elsewhere.get("/account").await.must_be(303);
    house.visitor().post("/sign-in", &[("login", "petrova"), ("password", NEW_PASSWORD)]).await.must_be(401);
    assert_ne!(address(&reset), path);
    assert_eq!(petrova.post(&address(&reset), &form).await.location(), "/today");
}

#[tokio::test]
async fn an_administrator_of_one_organisation_reaches_no_further() {
    let house = House::open().await;
    let (own_id, own) = house.person(&[(Role::Administrator, Some(OWN))]).await;
    let (stranger, _) = house.person(&[(Role::Officer, Some(FOREIGN))]).await;
    let (both, _) = house.person(&[(Role::Officer, Some(OWN)), (Role::Auditor, Some(FOREIGN))]).await;
    let browser = house.visitor();
    browser.sign_in(&own, PASSWORD).await;
    let list = browser.get("/people").await.must_be(200).text();
    assert!(list.contains(&both.to_string()) && !list.contains(&stranger.to_string()), "{list}");
    assert!(!list.contains(FOREIGN), "{list}");
    let of = |id: PersonId, what: &str| format!("/people/{id}{what}");
    browser.get(&of(stranger, "")).await.must_be(404);
    for what in ["/rights", "/disable", "/enable", "/reset", "/sessions/end"] {
        browser.post(&of(stranger, what), &[("right", "auditor@gorod")]).await.must_be(404);
    }
    // Roles elsewhere are neither seen nor given nor taken.
    let page = browser.get(&of(both, "")).await.must_be(200).text();
    assert!(!page.contains(&format!("@{FOREIGN}")) && !page.contains("@*"), "{page}");
    for right in [format!("officer@{FOREIGN}"), "administrator@*".into(), "auditor@*".into(), "officer@*".into()] {
        browser.post(&of(both, "/rights"), &[("right", &right)]).await.must_be(422);
        add(&browser, "new", &[&right]).await.must_be(422);
    }
    browser.post(&of(both, "/rights"), &[("right", "editor@gorod")]).await.must_be(303);
    let person = house.office.store.person(both).await.unwrap().unwrap();
    let roles: Vec<_> =
        person.rights.all().iter().map(|r| format!("{}@{}", r.role, r.organisation.as_deref().unwrap())).collect();
    assert_eq!(roles, ["editor@gorod".to_owned(), format!("auditor@{FOREIGN}")]);
    for what in ["/disable", "/reset", "/sessions/end"] {
        browser.post(&of(both, what), &[]).await.must_be(422);
    }
    // Nor do they lift themselves.
    browser.post(&of(own_id, "/rights"), &[("right", "editor@gorod")]).await.must_be(422);
    browser.post(&of(own_id, "/disable"), &[]).await.must_be(422);
    add(&browser, "new", &[]).await.must_be(422);
    add(&browser, "new", &["officer@gorod"]).await.must_be(201);
}

#[tokio::test]
async fn somebody_always_remains_who_may_let_people_in() {
    let house = House::open().await;
    let (first, login) = house.person(&[(Role::Administrator, None)]).await;
    let browser = house.visitor();
    browser.sign_in(&login, PASSWORD).await;
    let of = |id: PersonId, what: &str| format!("/people/{id}{what}");
    // One who was invited and has not come does not count.
    add(&browser, "second", &["administrator@*"]).await.must_be(201);
    let demoted = browser.post(&of(first, "/rights"), &[("right", "auditor@*")]).await.must_be(422);
    assert!(demoted.text().contains("Сначала назначьте второго"), "{}", demoted.text());
    let (third, _) = house.person(&[(Role::Administrator, None)]).await;
    browser.post(&of(third, "/disable"), &[]).await.must_be(303);
    browser.post(&of(first, "/rights"), &[("right", "auditor@*")]).await.must_be(422);
    browser.post(&of(third, "/enable"), &[]).await.must_be(303);
    browser.post(&of(first, "/rights"), &[("right", "auditor@*")]).await.must_be(303);
    browser.get("/people").await.must_be(403);
    assert_eq!(count(&house, "person.disabled").await, 1);
    assert_eq!(count(&house, "person.enabled").await, 1);
    assert_eq!(count(&house, "person.rights_changed").await, 1);
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_with_everything() {
    let house = House::open().await;
    let (id, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let officer = house.visitor();
    officer.sign_in(&login, PASSWORD).await;
    let made = officer
        .post("/account/tokens", &[("label", "сайт"), ("role", "officer"), ("days", "30"), ("password", PASSWORD)])
        .await;
    let token = super::account::token_of(&made.must_be(201));
    assert!(house.office.person_of_token(&token).await.unwrap().is_some());
    let administrator = house.administrator().await;
    administrator.post(&format!("/people/{id}/disable"), &[]).await.must_be(303);
    officer.get("/account").await.must_be(303);
    assert!(house.office.person_of_token(&token).await.unwrap().is_none());
    house.visitor().post("/sign-in", &[("login", &login), ("password", PASSWORD)]).await.must_be(401);
    administrator.post(&format!("/people/{id}/reset"), &[]).await.must_be(422);
    // Back in with the old password; sessions and tokens stay dead.
    administrator.post(&format!("/people/{id}/enable"), &[]).await.must_be(303);
    officer.get("/account").await.must_be(303);
    assert!(house.office.person_of_token(&token).await.unwrap().is_none());
    house.visitor().sign_in(&login, PASSWORD).await;
}

#[tokio::test]
async fn an_administrator_takes_what_a_persons_programs_have() {
    let house = House::open().await;
    let (id, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let officer = house.visitor();
    officer.sign_in(&login, PASSWORD).await;
    let make = async |label: &str| {
        let form = [("label", label), ("role", "officer"), ("days", "365"), ("password", PASSWORD)];
        super::account::token_of(&officer.post("/account/tokens", &form).await.must_be(201))
    };
    let reads = async |token: &str| {
        let request = officer.request(reqwest::Method::GET, "/api/v1/channels?organisation=gorod").bearer_auth(token);
        officer.send(request).await.status.as_u16()
    };
    let (site, robot) = (make("сайт").await, make("робот").await);
    let administrator = house.administrator().await;
    let page = administrator.get(&format!("/people/{id}")).await.must_be(200).text();
    assert!(page.contains("сайт") && page.contains("робот") && !page.contains(&site), "{page}");
    let row = page.split("<tr>").find(|row| row.contains("сайт")).unwrap();
    let token = row.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/people/{id}/tokens/revoke");
    // Not by who looks after somebody else, nor of who works elsewhere, too.
    let elsewhere = house.signed_in(&[(Role::Administrator, Some(FOREIGN))]).await;
    elsewhere.post(&path, &[("token", token)]).await.must_be(404);
    assert_eq!(reads(&site).await, 200);
    administrator.post(&path, &[("token", token)]).await.must_be(303);
    administrator.post(&path, &[("token", token)]).await.must_be(404);
    assert_eq!((reads(&site).await, reads(&robot).await), (401, 200));
    // A password is taken because somebody else knows it: what they made with it goes, too.
    administrator.post(&format!("/people/{id}/reset"), &[]).await.must_be(201);
    assert_eq!(reads(&robot).await, 401);
    let revoked: Vec<_> = told(&house).await.into_iter().filter(|(kind, _)| kind == "token.revoked").collect();
    assert!(revoked.len() == 2 && revoked[0].1.contains("сайт") && revoked[1].1.contains("робот"), "{revoked:?}");
}

#[tokio::test]
async fn a_one_time_address_is_not_of_the_askers_making() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let poisoned = async |browser: &Browser| {
        let token = browser.token().await;
        let form = [("csrf", &*token), ("login", "new"), ("name", "Новый"), ("right", "officer@gorod")];
        let request = browser.request(reqwest::Method::POST, "/people").header("host", "evil.example").form(&form);
        browser.send(request).await.must_be(201).text()
    };
    let page = poisoned(&administrator).await;
    assert!(page.contains(&format!("value=\"{}/welcome/", house.address)) && !page.contains("evil"), "{page}");
    // Where it listens everywhere, nobody here knows its name.
    let everywhere = |config: String| config.replacen("127.0.0.1:0", "0.0.0.0:0", 1);
    let house = House::with(&[vestnik_sandbox::town::Platform::Max], everywhere).await;
    let administrator = Browser::new(&house.address.replace("0.0.0.0", "127.0.0.1"));
    let (_, login) = house.person(&[(Role::Administrator, None)]).await;
    administrator.sign_in(&login, PASSWORD).await;
    let page = poisoned(&administrator).await;
    assert!(page.contains("value=\"/welcome/") && page.contains("public_url") && !page.contains("evil"), "{page}");
}

#[tokio::test]
async fn a_refused_deed_stands_in_the_journal_and_a_loop_does_not_flood_it() {
    let house = House::open().await;
    let (_, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let officer = house.visitor();
    officer.sign_in(&login, PASSWORD).await;
    officer.get("/people").await.must_be(403);
    let refused = told(&house).await.into_iter().find(|(kind, _)| kind == "person.refused").unwrap().1;
    assert!(refused.contains("run_people: GET /people") && refused.contains(&login), "{refused}");
    for _ in 0..40 {
        officer.get("/people").await.must_be(403);
    }
    assert_eq!(count(&house, "person.refused").await, 20);
}

#[tokio::test]
async fn no_secret_lies_in_the_database() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let path = address(&add(&administrator, "petrova", &["officer@gorod"]).await.must_be(201));
    let petrova = house.visitor();
    petrova.post(&path, &[("password", NEW_PASSWORD), ("again", NEW_PASSWORD)]).await.must_be(303);
    let form = [("label", "сайт"), ("role", "officer"), ("days", "30"), ("password", NEW_PASSWORD)];
    let token = super::account::token_of(&petrova.post("/account/tokens", &form).await.must_be(201));
    let secrets = [path.trim_start_matches("/welcome/").to_owned(), NEW_PASSWORD.to_owned(), token];
    let place = house.office.store.place().to_owned();
    for name in ["", "-wal", ".history"] {
        let mut file = place.clone().into_os_string();
        file.push(name);
        let Ok(bytes) = std::fs::read(&file) else { continue };
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} lies in {}", file.display());
        }
    }
}

#[tokio::test]
async fn nobody_is_named_so_that_they_are_taken_for_another() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let add = async |login: &str, name: &str| {
        administrator.post("/people", &[("login", login), ("name", name), ("right", "officer@gorod")]).await
    };
    add("petrova", "Anna Петрова").await.must_be(201);
    // In another case, and in the wide letters of other keyboards.
    for (login, name) in [("second", "ANNA ПЕТРОВА"), ("third", "\u{ff21}\u{ff4e}\u{ff4e}\u{ff41} Петрова")]
    {
        let page = add(login, name).await.must_be(422).text();
        assert!(page.contains("такое имя уже есть"), "{name}: {page}");
    }
    // With a Latin `e` and `o` among Russian letters.
    for name in ["Anna П\u{65}тр\u{6f}ва", "Отдел П\u{ff45}чати"] {
        let page = add("fourth", name).await.must_be(422).text();
        assert!(page.contains("и русские, и латинские буквы"), "{name}: {page}");
    }
    add("fifth", "IT-отдел, Ольга O’Нил-Smith").await.must_be(201);
}

#[tokio::test]
async fn what_is_too_old_opens_nothing() {
    let house = House::open().await;
    let store = &house.office.store;
    let path = house.office.invite_first().await.unwrap().unwrap();
    let secret = sha256_hex(path.trim_start_matches("/welcome/"));
    let made = real_now();
    let after = |minutes: i64| made + TimeDelta::minutes(minutes);
    assert!(store.invitation(&secret, after(59)).await.unwrap().is_some());
    assert!(store.invitation(&secret, after(61)).await.unwrap().is_none());
    let late = NewPerson {
        login: "late".into(),
        name: "Поздний".into(),
        rights: Rights::default(),
        password: Some("$argon2id$".into()),
        by: "Поздний".into(),
    };
    assert_eq!(store.accept_first(&secret, late, after(61), house.clock.now()).await.unwrap(), None);
    assert!(!store.has_people().await.unwrap());

    let officer = house.officer().await;
    let made = officer
        .post("/account/tokens", &[("label", "сайт"), ("role", "officer"), ("days", "30"), ("password", PASSWORD)])
        .await;
    let token = sha256_hex(&super::account::token_of(&made.must_be(201)));
    let days = |days: i64| real_now() + TimeDelta::days(days);
    assert!(store.token_of_secret(&token, days(29)).await.unwrap().is_some());
    assert!(store.token_of_secret(&token, days(31)).await.unwrap().is_none());

    officer.get("/account").await.must_be(200);
    store.end_expired_sessions(after(0) + TimeDelta::hours(13)).await.unwrap();
    officer.get("/account").await.must_be(200);
    assert!(store.end_expired_sessions(after(0) + TimeDelta::hours(15)).await.unwrap() > 0);
    officer.get("/account").await.must_be(303);
}

#[tokio::test]
async fn the_hourly_job_forgets_what_is_over_and_nothing_else() {
    let house = House::open().await;
    let officer = house.officer().await;
    let (store, now) = (&house.office.store, real_now());
    let old = |nth: u32| StoredSession {
        id_sha256: format!("{nth:064}"),
        person: None,
        data: "{}".into(),
        address: None,
        agent: None,
        expires_at: now - TimeDelta::minutes(1),
    };
    for nth in 0..3 {
        store.begin_session(old(nth), now - TimeDelta::hours(15)).await.unwrap();
    }
    vestnik::jobs::forget(&house.office.jobs()).await.unwrap();
    assert_eq!(store.end_expired_sessions(now).await.unwrap(), 0, "they were forgotten");
    officer.get("/account").await.must_be(200);
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_brought_back_by_a_late_answer() {
    let house = House::open().await;
    let store = &house.office.store;
    let now = real_now();
    let session = StoredSession {
        id_sha256: "0".repeat(64),
        person: None,
        data: "{}".into(),
        address: None,
        agent: None,
        expires_at: now + TimeDelta::hours(1),
    };
    store.begin_session(session.clone(), now).await.unwrap();
    assert!(store.end_session(&session.id_sha256).await.unwrap());
    store.keep_session(session.clone(), now).await.unwrap();
    assert_eq!(store.session(&session.id_sha256, now).await.unwrap(), None);
}
