//! Forms that come back: what is wrong leads to its field, the field says the same, and what was typed is still there.

use std::time::Duration;

use reqwest::Method;
use vestnik::domain::Role;

use super::browser::{Answer, Browser};
use super::drafts::{TEXT, fields, new_id, with_approval, written};
use super::house::{House, PASSWORD};

const HOUR: Duration = Duration::from_secs(3600);

/// The tag of the page that bears this `id`.
fn tag<'p>(page: &'p str, id: &str) -> &'p str {
    let at = page.find(&format!(" id=\"{id}\"")).unwrap_or_else(|| panic!("nothing bears the id {id}: {page}"));
    let begun = page[..at].rfind('<').unwrap();
    &page[begun..at + page[at..].find('>').unwrap()]
}

/// The fields that a page that came back leads to, in the order in which it tells what is wrong. Each of them is
/// described by what leads there.
#[track_caller]
fn led_to(answer: Answer) -> Vec<String> {
    let page = answer.must_be(422).text();
    assert!(page.contains("role=\"alert\""), "{page}");
    let mut fields = Vec::new();
    for place in 0.. {
        let id = format!("mistake-{place}");
        if !page.contains(&format!("id=\"{id}\"")) {
            break;
        }
        let told = &page[page.find(&format!("id=\"{id}\"")).unwrap()..];
        let Some(field) = told.split("href=\"").nth(1).map(|rest| rest.split('"').next().unwrap()) else { continue };
        let (_, field) = field.split_once('#').unwrap();
        let tag = tag(&page, field);
        let described = tag.split("aria-describedby=\"").nth(1).unwrap_or_else(|| panic!("{tag}"));
        assert!(described.split('"').next().unwrap().split(' ').any(|by| by == id), "{id}: {tag}");
        let is_group = tag.starts_with("<fieldset") || tag.contains("role=\"group\"");
        assert_ne!(tag.contains("aria-invalid=\"true\""), is_group, "{tag}");
        fields.push(field.to_owned());
    }
    fields
}

#[tokio::test]
async fn the_composer_leads_from_what_is_wrong_to_where_it_is_mended() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    let mut wrong = fields("0", "Субботник", TEXT);
    wrong.extend([
        ("link", "ftp://example.ru/dela"),
        ("tags", "двор, два слова #раз"),
        ("at", "2026-11-23T99:00"),
        ("expires_at", "послезавтра"),
        ("not_before.gorod-vk", "32-го"),
    ]);
    let answer = officer.post(&format!("/drafts/{id}/queue"), &wrong).await;
    let page = answer.text();
    let mut told = led_to(answer);
    told.sort();
    told.dedup();
    assert_eq!(told, ["at", "expires_at", "link", "not_before.gorod-vk", "tags"], "{page}");
    assert!(page.contains("value=\"ftp://example.ru/dela\"") && page.contains("value=\"2026-11-23T99:00\""), "{page}");
    assert!(!tag(&page, "title").contains("aria-invalid"), "the headline is right: {page}");

    let id = new_id(&officer).await;
    let mut late = fields("0", "Субботник", TEXT);
    late.push(("at", "2026-11-22T10:00"));
    assert_eq!(led_to(officer.post(&format!("/drafts/{id}/queue"), &late).await), ["at"]);

    // What one channel does not take is mended in the text that goes there.
    let long = "слово ".repeat(1_000);
    let id = new_id(&officer).await;
    let told = led_to(officer.post(&format!("/drafts/{id}/queue"), &fields("0", "Длинная", &long)).await);
    assert_eq!(told, ["body"]);
    let id = new_id(&officer).await;
    let mut own = fields("0", "Своя", TEXT);
    let longest = "слово ".repeat(6_000);
    own.push(("overrides.gorod-vk", &longest));
    let told = led_to(officer.post(&format!("/drafts/{id}/queue"), &own).await);
    assert_eq!(told, ["overrides.gorod-vk"]);
    // The views that are drawn while one types say it, too.
    let view = officer.post("/preview", &own).await.must_be(200).text();
    assert!(view.contains("data-problem=\"VK\" data-field=\"overrides.gorod-vk\""), "{view}");
}

#[tokio::test]
async fn forms_about_people_lead_to_the_field_that_is_wrong() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let add = async |name: &str, login: &str, right: &str| {
        led_to(administrator.post("/people", &[("name", name), ("login", login), ("right", right)]).await)
    };
    assert_eq!(add("", "petrova", "officer@gorod").await, ["name"]);
    assert_eq!(add("Петрова", "p", "officer@gorod").await, ["login"]);
    assert_eq!(add("Петрова", "petrova", "officer@*").await, ["rights"]);

    let (id, login) = house.person(&[(Role::Officer, Some("gorod"))]).await;
    let page = administrator.post(&format!("/people/{id}/rights"), &[]).await;
    assert_eq!(led_to(page), ["rights"]);

    let officer = house.visitor();
    officer.sign_in(&login, PASSWORD).await;
    let change = async |current: &str, new: &str, again: &str| {
        led_to(officer.post("/account/password", &[("current", current), ("password", new), ("again", again)]).await)
    };
    let new = "двенадцать зелёных лодок";
    assert_eq!(change("не тот", new, new).await, ["current-password"]);
    assert_eq!(change(PASSWORD, "короткий", "короткий").await, ["new-password"]);
    assert_eq!(change(PASSWORD, new, PASSWORD).await, ["password-again"]);
    let token = async |label: &str, role: &str, days: &str, password: &str| {
        let form = [("label", label), ("role", role), ("days", days), ("password", password)];
        led_to(officer.post("/account/tokens", &form).await)
    };
    assert_eq!(token("", "officer", "90", PASSWORD).await, ["token-label"]);
    assert_eq!(token("сайт", "administrator", "90", PASSWORD).await, ["token-role"]);
    assert_eq!(token("сайт", "officer", "9000", PASSWORD).await, ["token-days"]);
    assert_eq!(token("сайт", "officer", "90", "не тот").await, ["token-password"]);
}

#[tokio::test]
async fn the_door_says_of_both_fields_that_they_do_not_fit() {
    let house = House::open().await;
    let visitor = house.visitor();
    let page = visitor.post("/sign-in", &[("login", "никто"), ("password", "ничто")]).await.must_be(401).text();
    assert!(page.contains("<a id=\"refused\" href=\"#login\">"), "{page}");
    for field in ["login", "password"] {
        assert!(tag(&page, field).contains("aria-invalid=\"true\" aria-describedby=\"refused\""), "{page}");
    }
}

#[tokio::test]
async fn what_is_done_with_a_post_is_asked_again_on_its_page() {
    let house = House::open().await;
    let id = house.queue("Мост", "at: 2026-11-24 10:00").await;
    let officer = house.officer().await;
    let page = officer.get(&format!("/posts/{id}")).await.text();
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let story = "почему ".repeat(80);
    let answer = officer.post(&format!("/posts/{id}/cancel"), &[("seen", &seen), ("reason", &story)]).await;
    let page = answer.text();
    assert_eq!(led_to(answer), [format!("reason-cancel-{id}")]);
    assert!(page.contains(&story) && page.contains("<details open"), "what was typed is there: {page}");

    let wrong = [("at", "2026-11-22T10:00"), ("channel", "gorod-vk")];
    assert_eq!(led_to(officer.post(&format!("/posts/{id}/move"), &wrong).await), ["at-gorod-vk"]);
    assert_eq!(led_to(officer.post(&format!("/posts/{id}/move"), &wrong[..1]).await), ["at"]);

    let editor = house.editor().await;
    let answer = editor.post("/channels/gorod-vk/pause", &[("reason", " ")]).await;
    assert_eq!(led_to(answer), ["reason-gorod-vk"]);
    let auditor = house.auditor().await;
    let answer = auditor.post("/journal/gorod/check", &[("head", "не отпечаток")]).await;
    assert!(answer.text().contains("value=\"не отпечаток\""));
    assert_eq!(led_to(answer), ["head"]);
}

#[tokio::test]
async fn a_day_that_is_none_is_said_beside_its_field_and_stays_there() {
    let house = House::open().await;
    let auditor = house.auditor().await;
    for path in ["/journal", "/rule"] {
        for (field, other) in [("from", "to"), ("to", "from")] {
            let day = if field == "from" { "2026-11-30" } else { "2026-11-01" };
            let asked = [(field, "32.11.2026"), (other, day), ("channel", "gorod-vk")];
            let answer = auditor.send(auditor.request(Method::GET, path).query(&asked)).await.must_be(422);
            let page = answer.text();
            assert!(page.contains("id=\"mistake-0\">«32.11.2026» — не дата"), "{path}: {page}");
            let wrong = tag(&page, field);
            assert!(wrong.contains("value=\"32.11.2026\"") && wrong.contains("type=\"text\""), "{wrong}");
            assert!(wrong.contains("aria-invalid=\"true\" aria-describedby=\"mistake-0\""), "{wrong}");
            assert!(!tag(&page, other).contains("aria-invalid") && tag(&page, other).contains(day), "{page}");
            assert!(page.contains("value=\"gorod-vk\" selected"), "what was chosen beside it stays: {page}");
            assert!(!page.contains("Ничего не найдено") && !page.contains("verdict"), "nothing is answered: {page}");
        }
        let asked = [("from", "2026-11-24"), ("to", "2026-11-22")];
        let page = auditor.send(auditor.request(Method::GET, path).query(&asked)).await.must_be(422).text();
        assert!(page.contains("раньше, чем начинается") && tag(&page, "to").contains("aria-invalid"), "{page}");
    }
}

#[tokio::test]
async fn a_new_time_that_is_none_is_asked_for_again() {
    let house = with_approval().await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let id = new_id(&officer).await;
    let late = [&fields("0", "Поздно", TEXT)[..], &[("at", "2026-11-23T10:00")]].concat();
    officer.post(&format!("/drafts/{id}"), &late).await.must_be(303);
    let late = [&fields("1", "Поздно", TEXT)[..], &[("at", "2026-11-23T10:00")]].concat();
    officer.post(&format!("/drafts/{id}/submit"), &late).await.must_be(303);
    let ask = async |who: &Browser, what: &str, at: &str| {
        let version = house.office.store.draft(id).await.unwrap().version.to_string();
        let form = [("version", version.as_str()), ("at", at)];
        let page = who.post(&format!("/drafts/{id}/{what}"), &form).await.must_be(422).text();
        assert!(tag(&page, "at").contains(&format!("value=\"{at}\"")), "{page}");
        assert!(tag(&page, "at").contains("aria-describedby=\"zone-how mistake-0\""), "{page}");
        page
    };
    house.pass(HOUR * 2).await;
    assert!(ask(&editor, "approve", "потом").await.contains("«потом» — не время"));
    ask(&editor, "approve", "2026-11-22T10:00").await;
    let good = [("version", "1"), ("at", "2026-11-23T12:00")];
    editor.post(&format!("/drafts/{id}/approve"), &good).await.must_be(303);
    house.pass(HOUR * 2).await;
    assert!(ask(&officer, "release", "потом").await.contains("«потом» — не время"));
    ask(&officer, "release", "2026-11-22T10:00").await;
}

#[tokio::test]
async fn a_remark_that_says_nothing_is_asked_for_again() {
    let house = with_approval().await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let id = written(&officer, "Правки").await;
    assert_eq!(led_to(officer.post(&format!("/drafts/{id}/comment"), &[("text", " ")]).await), ["remark"]);
    officer.post(&format!("/drafts/{id}/submit"), &fields("1", "Правки", TEXT)).await.must_be(303);
    let version = house.office.store.draft(id).await.unwrap().version.to_string();
    let empty = [("version", version.as_str()), ("text", "\n")];
    assert_eq!(led_to(editor.post(&format!("/drafts/{id}/return"), &empty).await), ["return-reason"]);
    assert_eq!(led_to(editor.post(&format!("/drafts/{id}/comment"), &empty).await), ["remark"]);
}
