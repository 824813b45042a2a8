//! The journal: what is found, who may see it, what a copy proves, what the check of a chain finds.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use sqlx::Connection as _;
use vestnik::domain::Role;

use super::browser::{Answer, Browser};
use super::house::{FOREIGN, House, OWN};

/// A house with one post that is out everywhere.
async fn house() -> House {
    let house = House::open().await;
    house.queue("Мост открыт", "").await;
    house.pass(Duration::from_secs(6 * 3600)).await;
    house
}

/// Changes the database behind vestnik's back, past its triggers.
async fn tamper(house: &House, statement: &'static str) {
    let url = format!("sqlite:{}", house.office.store.place().display());
    let mut db = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let triggers: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetch_all(&mut db).await.unwrap();
    for (trigger,) in triggers {
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}"))).execute(&mut db).await.unwrap();
    }
    assert!(sqlx::query(statement).execute(&mut db).await.unwrap().rows_affected() > 0, "{statement}");
    db.close().await.unwrap();
}

async fn find(browser: &Browser, query: &[(&str, &str)]) -> String {
    let request = browser.request(reqwest::Method::GET, "/journal").query(query);
    browser.send(request).await.must_be(200).text()
}

/// How many entries a page lists.
fn entries(page: &str) -> usize {
    page.matches("<a href=\"/journal/gorod/").count() - page.matches("<a href=\"/journal/gorod/check\"").count()
}

/// Asks for a check and looks on until it is over.
async fn check(browser: &Browser, chain: &str, head: &str) -> String {
    let path = format!("/journal/{chain}/check");
    browser.post(&path, &[("head", head)]).await.must_be(303);
    for _ in 0..5_000 {
        let page = browser.get(&path).await.must_be(200).text();
        if !page.contains("<progress") {
            return page;
        }
    }
    panic!("the check of {chain} does not end");
}

fn python(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new("python3").args(["-I", "-S"]).args(arguments).output();
    let output = output.expect("these tests need python3; install it");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

async fn copy(browser: &Browser, kind: &str, more: &[(&str, &str)]) -> Answer {
    browser.post("/journal/export", &[&[("kind_of_copy", kind)], more].concat()).await
}

#[tokio::test]
async fn what_happened_is_told_in_sentences_and_leads_to_its_evidence() {
    let house = house().await;
    let auditor = house.auditor().await;
    let page = find(&auditor, &[]).await;
    for told in ["Публикация поставлена в очередь", "Опубликовано, редакция 1", "Мост открыт", "после MAX"]
    {
        assert!(page.contains(told), "{told} is not in\n{page}");
    }
    let published = find(&auditor, &[("kind", "delivery.published"), ("channel", "gorod-vk")]).await;
    assert_eq!(entries(&published), 1, "{published}");
    let place = published.split("href=\"/journal/gorod/").nth(1).unwrap().split('"').next().unwrap();
    let evidence = auditor.get(&format!("/journal/gorod/{place}")).await.must_be(200).text();
    for told in ["Сходится с текстом записи", "Совпадает с предыдущей записью", "Ответ платформы", "Время платформы"]
    {
        assert!(evidence.contains(told), "{told} is not in\n{evidence}");
    }
    auditor.get("/journal/gorod/999999").await.must_be(404);
    auditor.get("/journal/gorod/0").await.must_be(404);
}

#[tokio::test]
async fn words_are_found_in_all_their_forms() {
    let house = house().await;
    house.queue("Субботник", "").await;
    let auditor = house.auditor().await;
    for words in ["мост", "моста", "Мосту", "открытый мост", "«мост открыт»"] {
        let page = find(&auditor, &[("words", words)]).await;
        assert!(entries(&page) > 0 && !page.contains("Субботник"), "{words}: {page}");
    }
    assert!(find(&auditor, &[("words", "«открыт мост»")]).await.contains("Ничего нет"));
    let english = auditor.request(reqwest::Method::GET, "/journal").query(&[("words", "\" OR marks : \"")]);
    auditor.send(english).await.must_be(200);
}

#[tokio::test]
async fn nobody_learns_of_another_organisation() {
    let house = house().await;
    let stranger = house.stranger().await;
    for path in ["/journal/gorod/1", "/journal/gorod/check", "/journal?organisation=gorod", "/journal?channel=gorod-vk"]
    {
        stranger.get(path).await.must_be(404);
    }
    stranger.post("/journal/gorod/check", &[]).await.must_be(404);
    stranger.post("/journal/gorod/check/stop", &[]).await.must_be(404);
    copy(&stranger, "jsonl", &[("organisation", OWN)]).await.must_be(404);
    let whole = copy(&stranger, "jsonl", &[]).await.must_be(200).text();
    assert!(whole.contains(FOREIGN) && !whole.contains("Мост"), "{whole}");
    assert!(!find(&stranger, &[]).await.contains("Мост"));
    assert!(!find(&stranger, &[("words", "мост")]).await.contains("Мост открыт"));
}

#[tokio::test]
async fn the_installations_own_chain_is_for_who_spans_all() {
    let house = house().await;
    for (roles, status) in [
        (vec![(Role::Auditor, None)], 200),
        (vec![(Role::Administrator, None)], 200),
        (vec![(Role::Administrator, Some(OWN)), (Role::Auditor, Some(OWN))], 404),
        (vec![(Role::Editor, Some(OWN))], 404),
    ] {
        let visitor = house.signed_in(&roles).await;
        visitor.get("/journal?organisation=installation").await.must_be(status);
        visitor.get("/journal/installation/1").await.must_be(status);
        visitor.get("/journal/installation/check").await.must_be(status);
    }
}

#[tokio::test]
async fn a_whole_copy_is_proven_by_a_program_that_is_not_ours() {
    let house = house().await;
    let auditor = house.auditor().await;
    let answer = copy(&auditor, "jsonl", &[]).await.must_be(200);
    let named = answer.headers["content-disposition"].to_str().unwrap();
    assert_eq!(named, "attachment; filename=\"journal-gorod-2026-11-23.jsonl\"");
    let file = house.path("copy.jsonl");
    std::fs::write(&file, &answer.body).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify_export.py");
    let (script, file) = (script.to_str().unwrap(), file.to_str().unwrap());
    let (status, said) = python(&[script, file]);
    assert_eq!(status, Some(0), "{said}");
    let ours = vestnik::history::copy::verify_file(Path::new(file), None).unwrap();
    assert_eq!(ours.to_string(), said);

    let last = answer.text().lines().last().unwrap().to_owned();
    assert!(last.contains("history.exported") && last.contains("Сотрудник"), "{last}");
    let part = copy(&auditor, "jsonl", &[("words", "мост")]).await.must_be(200).text();
    assert!(part.lines().count() > 2 && part.contains("words мост"), "{part}");
    std::fs::write(file, &part).unwrap();
    let (status, said) = python(&[script, file]);
    assert!(status == Some(1) && said.contains("verdict: part"), "{said}");
    std::fs::write(file, answer.text().replacen("Мост", "Mост", 1)).unwrap();
    assert_eq!(python(&[script, file]).0, Some(1));
}

#[tokio::test]
async fn no_cell_of_a_table_is_a_formula() {
    let house = House::open().await;
    house.queue("\"=HYPERLINK(\\\"http://example.ru\\\")\"", "").await;
    let auditor = house.auditor().await;
    let table = copy(&auditor, "csv", &[]).await.must_be(200).text();
    for record in csv::Reader::from_reader(table.as_bytes()).records() {
        let record = record.unwrap();
        assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{record:?}");
    }
    let book = copy(&auditor, "xlsx", &[]).await.must_be(200);
    let file = house.path("book.xlsx");
    std::fs::write(&file, &book.body).unwrap();
    let read = "import sys,zipfile; print(zipfile.ZipFile(sys.argv[1]).read('xl/worksheets/sheet1.xml').decode())";
    let (status, sheet) = python(&["-c", read, file.to_str().unwrap()]);
    assert_eq!(status, Some(0), "{sheet}");
    assert!(sheet.contains("=HYPERLINK(") && !sheet.contains("<f>"), "{sheet}");
    assert!(sheet.contains("inlineStr") && sheet.contains("+03:00"), "{sheet}");
}

#[tokio::test]
async fn a_copy_is_a_form_and_no_link() {
    let house = house().await;
    let auditor = house.auditor().await;
    let bare = auditor.request(reqwest::Method::POST, "/journal/export").form(&[("kind_of_copy", "jsonl")]);
    auditor.send(bare).await.must_be(403);
    auditor.get("/journal/export?kind_of_copy=jsonl").await.must_be(405);
}

#[tokio::test]
async fn the_check_of_a_chain_proves_it_and_finds_what_was_changed() {
    let house = house().await;
    let auditor = house.auditor().await;
    let proven = check(&auditor, OWN, "").await;
    assert!(proven.contains("Доказано") && !proven.contains("Не доказано"), "{proven}");
    let head = house.office.store.head(OWN).await.unwrap();
    assert!(proven.contains(&head.hash.to_string()));
    assert!(check(&auditor, OWN, &head.hash.to_string()).await.contains("На месте"));
    assert!(check(&auditor, OWN, &"0".repeat(64)).await.contains("В этой цепочке его нет"));
    auditor.post("/journal/gorod/check", &[("head", "x")]).await.must_be(422);

    tamper(&house, "UPDATE attempt SET answer = 'ok' WHERE answer IS NOT NULL AND channel = 'gorod-vk'").await;
    let broken = check(&auditor, OWN, "").await;
    assert!(broken.contains("Не доказано") && broken.contains("answer"), "{broken}");
    tamper(&house, "UPDATE journal SET entry = replace(entry, 'Мост', 'Рост') WHERE chain = 'gorod'").await;
    let broken = check(&auditor, OWN, "").await;
    assert!(broken.contains("Запись изменена"), "{broken}");
    let page = find(&auditor, &[]).await;
    let queued = page.split("href=\"/journal/gorod/").skip(1).map(|rest| rest.split('"').next().unwrap());
    let oldest = queued.filter(|place| place.parse::<u64>().is_ok()).last().unwrap();
    let evidence = auditor.get(&format!("/journal/gorod/{oldest}")).await.must_be(200).text();
    assert!(evidence.contains("Не сходится с текстом записи"), "{evidence}");
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_shown_as_it_lies() {
    let house = house().await;
    tamper(&house, "UPDATE journal SET entry = 'rubbish <b>' WHERE chain = 'gorod' AND seq = 1").await;
    let auditor = house.auditor().await;
    assert!(find(&auditor, &[]).await.contains("нельзя прочитать"));
    let evidence = auditor.get("/journal/gorod/1").await.must_be(200).text();
    assert!(evidence.contains("rubbish &#60;b&#62;") || evidence.contains("rubbish &lt;b&gt;"), "{evidence}");
    let whole = copy(&auditor, "jsonl", &[]).await.must_be(200);
    assert!(whole.text().contains("\nrubbish <b>\n"), "a copy leaves nothing out");
    let file = house.path("copy.jsonl");
    std::fs::write(&file, &whole.body).unwrap();
    let proof = vestnik::history::copy::verify_file(&file, None).unwrap().proof();
    assert_eq!(proof, vestnik::history::verify::Proof::Broken);
    for kind in ["csv", "xlsx"] {
        copy(&auditor, kind, &[]).await.must_be(200);
    }
}

#[tokio::test]
async fn pages_lead_to_the_oldest_entry_and_back() {
    let house = house().await;
    for nth in 0..60 {
        house.queue(&format!("Новость {nth}"), "").await;
    }
    let auditor = house.auditor().await;
    let mut page = find(&auditor, &[]).await;
    assert_eq!(entries(&page), 50);
    let first = page.clone();
    let link = |page: &str, rel: &str| {
        let before = page.split(&format!("\" rel=\"{rel}\">")).next().filter(|before| before.len() < page.len())?;
        Some(before.rsplit("<a href=\"").next()?.replace("&#38;", "&").replace("&amp;", "&"))
    };
    let mut seen = 0;
    while let Some(older) = link(&page, "next") {
        seen += entries(&page);
        page = auditor.get(&older).await.must_be(200).text();
    }
    seen += entries(&page);
    assert_eq!(seen as u64, house.office.store.head(OWN).await.unwrap().seq);
    while let Some(newer) = link(&page, "prev") {
        page = auditor.get(&newer).await.must_be(200).text();
    }
    let list = |page: &str| page.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap().to_owned();
    assert_eq!(list(&page), list(&first));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_in_words() {
    let house = house().await;
    let auditor = house.auditor().await;
    let long = "мост ".repeat(200);
    for (field, value, told) in [
        ("words", long.as_str(), "Слишком длинный"),
        ("words", &"а ".repeat(60), "слишком много слов"),
        ("from", "вчера", "не дата"),
        ("kind", "delivery.exploded", "Такого выбора нет"),
        ("state", "lost", "Такого выбора нет"),
        ("person", &"я".repeat(1_500), "Слишком длинный"),
    ] {
        let request = auditor.request(reqwest::Method::GET, "/journal").query(&[(field, value)]);
        let page = auditor.send(request).await.must_be(422).text();
        assert!(page.contains(told), "{field}: {page}");
    }
    let backwards = [("from", "2026-11-24"), ("to", "2026-11-22")];
    let request = auditor.request(reqwest::Method::GET, "/journal").query(&backwards);
    assert!(auditor.send(request).await.must_be(422).text().contains("раньше, чем начинается"));
    for path in
        ["/journal?page=rubbish", "/journal?post=1", "/journal?organisation=nowhere", "/journal?channel=nowhere"]
    {
        auditor.get(path).await.must_be(404);
    }
}
