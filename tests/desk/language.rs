//! Whoever reads Russian is told in Russian why something was not done, and whoever reads English in English.

use std::time::Duration;

use reqwest::Method;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::town::Platform;

use super::browser::{Answer, Browser};
use super::house::{House, OWN};

const MINUTE: Duration = Duration::from_secs(60);

/// What a page says aloud, without what it marks as English and without evidence as it lies.
fn said(page: &str) -> String {
    let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or(page);
    let main: String = main.split("<pre").map(|part| part.rsplit("</pre>").next().unwrap_or(part)).collect();
    let mut words = String::new();
    for (n, part) in main.split("lang=\"en\"").enumerate() {
        // After such a mark the element's own text goes before its end.
        let part = if n == 0 { part } else { part.split_once("</").map_or("", |(_, rest)| rest) };
        words.push_str(part);
    }
    let mut text = String::new();
    let mut is_tag = true;
    for c in words.chars() {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    text
}

/// Two English words in a row are a sentence that nobody translated.
#[track_caller]
fn must_be_russian(page: &str) {
    let said = said(page);
    let words: Vec<_> = said.split_whitespace().collect();
    let is_english = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let english = words.windows(2).find(|pair| is_english(pair[0]) && is_english(pair[1]));
    assert!(english.is_none(), "{english:?}\n{said}");
}

async fn english(browser: &Browser, method: Method, path: &str, form: &[(&str, &str)]) -> Answer {
    let token = browser.token().await;
    let form = [&[("csrf", token.as_str())], form].concat();
    browser.post("/language", &[("language", "en"), ("next", "/today")]).await.must_be(303);
    let answer = browser.send(browser.request(method, path).form(&form)).await;
    browser.post("/language", &[("language", "ru"), ("next", "/today")]).await.must_be(303);
    answer
}

/// Fields of a form.
type Form<'a> = Vec<(&'a str, &'a str)>;

#[tokio::test]
async fn a_refusal_is_told_in_the_visitors_language() {
    let approval = |config: String| config.replace("time_zone = ", "approval = \"editor\"\ntime_zone = ");
    let house = House::with(&[Platform::Max, Platform::Vk], approval).await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let page = officer.get("/drafts/new").await.must_be(200).text();
    let id = page.split("data-draft=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let draft = [("version", "0"), ("organisation", OWN), ("title", "Школа"), ("body", "Открыта.")];
    officer.post(&format!("/drafts/{id}"), &draft).await.must_be(303);
    let submitted = [("version", "1"), ("organisation", OWN), ("title", "Школа"), ("body", "Открыта.")];
    officer.post(&format!("/drafts/{id}/submit"), &submitted).await.must_be(303);

    let endless = "ы".repeat(5000);
    let back = format!("/drafts/{id}/return");
    let cases: [(&str, Form, u16, &str, &str); 4] = [
        (&back, vec![("version", "1"), ("text", " ")], 422, "Замечание пустое", "The remark is empty"),
        (&back, vec![("version", "1"), ("text", &endless)], 422, "Сократите его", "Shorten it"),
        (&back, vec![("version", "first")], 422, "Форму не удалось прочитать", "The form could not be read"),
        (
            "/account/tokens",
            vec![("label", "сайт"), ("role", "mayor"), ("organisation", ""), ("days", "30")],
            422,
            "Форму не удалось прочитать",
            "The form could not be read",
        ),
    ];
    for (path, form, status, russian, in_english) in cases {
        let page = editor.post(path, &form).await.must_be(status).text();
        assert!(page.contains(russian), "{page}");
        must_be_russian(&page);
        let page = english(&editor, Method::POST, path, &form).await.must_be(status).text();
        assert!(page.contains(in_english), "{page}");
    }
}

#[tokio::test]
async fn what_a_platform_refuses_is_told_in_russian_wherever_an_officer_reads_of_it() {
    let house = House::with(&[Platform::Max, Platform::Vk], |config| config).await;
    let switches = &house.town.max().server.switches;
    let busy = Canned::json(429, &serde_json::json!({"code": "too.many.requests", "message": "slow down"}));
    switches.next("POST /messages", Fault::Refuse(busy.retry_after(3600)));
    let postponed = house.queue("Мост закрыт", "").await;
    house.pass(MINUTE).await;
    let editor = house.editor().await;
    let life = editor.get(&format!("/posts/{postponed}")).await.must_be(200).text();
    assert!(life.contains("Площадка пока не приняла публикацию. Вестник повторит сам."), "{life}");
    must_be_russian(&life);

    let denied = Canned::json(401, &serde_json::json!({"code": "verify.token", "message": "Invalid access_token"}));
    switches.always("*", Fault::Refuse(denied));
    house.pass(MINUTE * 70).await;
    let today = editor.get("/today").await.must_be(200).text();
    assert!(today.contains("платформа отказала в доступе"), "{today}");
    must_be_russian(&today);
    let channels = editor.get("/channels").await.must_be(200).text();
    assert!(channels.contains("платформа отказала в доступе"), "{channels}");
    must_be_russian(&channels);
    must_be_russian(&editor.get(&format!("/posts/{postponed}")).await.must_be(200).text());
    for entry in 1..=5 {
        must_be_russian(&editor.get(&format!("/journal/{OWN}/{entry}")).await.must_be(200).text());
    }

    // Asked on purpose, the channel says what is wrong with it, in words for whoever asked.
    let checked = editor.post("/channels/gorod-max/check", &[]).await.must_be(200).text();
    assert!(checked.contains("Площадка не принимает доступ Вестника") && checked.contains("Мешает публиковать"));
    assert!(checked.contains("<p lang=\"en\">"), "the program's own words stay to be read\n{checked}");
    must_be_russian(&checked);
    let checked = english(&editor, Method::POST, "/channels/gorod-max/check", &[]).await.must_be(200).text();
    assert!(checked.contains("The channel does not accept vestnik"), "{checked}");
}
