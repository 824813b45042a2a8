//! Why something is not out: of every platform the kind of what it told reaches the people of the desk in their
//! language, and programs by its name.

use std::time::Duration;

use serde_json::{Value, json};
use vestnik::domain::{PostId, ReasonKind};
use vestnik_contract::ToldKind;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::town::Platform;

use super::house::House;

const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

impl House {
    /// The name of the reason that a channel's delivery gives.
    async fn last_kind(&self, id: PostId, channel: &str) -> Option<ReasonKind> {
        let all = self.office.store.deliveries_of(id).await.unwrap();
        all.iter().find(|d| d.channel == channel).unwrap().last_kind
    }

    fn slug(&self, platform: Platform) -> String {
        self.town.organisations().next().unwrap().channel_slug(platform)
    }

    /// What the next publishing calls of a platform meet.
    fn meets(&self, platform: Platform, fault: Fault) {
        self.town.server(platform).switches.always(platform.publishing_call().unwrap(), fault);
    }
}

fn of_vk(code: i64, said: &str) -> Canned {
    Canned::json(200, &json!({ "error": { "error_code": code, "error_msg": said } }))
}

#[tokio::test]
async fn every_platform_is_heard_in_the_language_of_the_page() {
    let house = House::with(&Platform::ALL, |config| config).await;
    let busy = Canned::json(429, &json!({"code": "too.many.requests", "message": "slow down"}));
    house.town.max().server.switches.next("POST /messages", Fault::Refuse(busy.retry_after(60)));
    house.meets(Platform::Vk, Fault::Refuse(of_vk(14, "Captcha needed")));
    let long = json!({"error_code": 601, "error_msg": "LIMIT_REACHED : text is too long", "error_data": null});
    house.meets(Platform::Ok, Fault::Refuse(Canned::json(200, &long)));
    house.meets(Platform::WordPress, Fault::Refuse(Canned::html(503)));
    house.meets(Platform::Webhook, Fault::DropBefore);
    let id = house.queue("Субботник в парке", "").await;
    house.pass(4 * HOUR + 20 * MINUTE).await;

    let told = [
        (Platform::Vk, ToldKind::Captcha),
        (Platform::Ok, ToldKind::TooLong),
        (Platform::WordPress, ToldKind::Unavailable),
        (Platform::Manual, ToldKind::ByHand),
    ];
    for (platform, kind) in told {
        let given = house.last_kind(id, &house.slug(platform)).await;
        assert_eq!(given, Some(ReasonKind::Told(kind)), "{platform}");
    }
    let officer = house.officer().await;
    let page = officer.get(&format!("/posts/{id}")).await.must_be(200).text();
    let words = [
        "Площадка MAX просит подождать: обращений слишком много.",
        "Площадка VK просит ввести капчу.",
        "Публикация слишком велика для площадки OK.",
        "Площадка Сайт временно не работает.",
        "Площадка Портал не ответила.",
        "На площадке Госвеб публикуете вы сами.",
    ];
    for said in words {
        assert!(page.contains(said), "«{said}» is missing\n{page}");
    }
    assert!(
        page.contains("lang=\"en\">VK answered wall.post with error 14"),
        "the platform's own words follow\n{page}"
    );
    let today = officer.get("/today").await.must_be(200).text();
    for said in &words[2..4] {
        assert!(today.contains(said), "«{said}» is missing\n{today}");
    }
    officer.post("/language", &[("language", "en"), ("next", "/today")]).await.must_be(303);
    let page = officer.get(&format!("/posts/{id}")).await.must_be(200).text();
    assert!(page.contains("VK asks for a captcha.") && !page.contains("капчу"), "{page}");
}

#[tokio::test]
async fn the_journal_tells_the_kind_and_a_page_says_it() {
    let house = House::with(&[Platform::Max, Platform::Vk], |config| config).await;
    house.town.lose_next_reply(Platform::Max);
    let id = house.queue("Открыт мост", "").await;
    house.pass(MINUTE).await;
    let rows = house.office.store.journal_of_post(id).await.unwrap();
    let ended = rows.iter().map(|row| row.entry().unwrap()).find(|entry| entry.kind == "attempt.ended").unwrap();
    assert_eq!(ended.detail["kind"], "no_answer");
    let auditor = house.auditor().await;
    let entry = auditor.get(&format!("/journal/{}/{}", ended.chain, ended.seq)).await.must_be(200).text();
    assert!(entry.contains("Вид причины") && entry.contains("Площадка MAX не ответила."), "{entry}");
}

#[tokio::test]
async fn what_vestnik_itself_decides_has_a_kind_too() {
    let house = House::with(&[Platform::Max, Platform::Vk], |config| config).await;
    // The daemon is at work: what is queued from now on needs no look before it expires.
    house.pass(MINUTE).await;
    house.editor().await.post("/channels/gorod-max/pause", &[("reason", "проверка")]).await.must_be(303);
    let id = house.queue("Ярмарка", "at: 2026-11-23 10:00\nexpires_at: 2026-11-23 15:00").await;
    house.pass(7 * HOUR).await;
    let kinds = [house.last_kind(id, "gorod-max").await, house.last_kind(id, "gorod-vk").await];
    assert_eq!(kinds.map(|kind| kind.unwrap().name()), ["expired", "primary_failed"]);
    let officer = house.officer().await;
    for path in [format!("/posts/{id}"), "/today".to_owned()] {
        let page = officer.get(&path).await.must_be(200).text();
        assert!(page.contains("Время, до которого публикация могла выйти, прошло."), "{page}");
        assert!(!page.contains("Вестник ждёт и попробует сам"), "nothing more is tried\n{page}");
    }
    assert!(officer.get(&format!("/posts/{id}")).await.text().contains("Публикация не вышла в MAX, поэтому не выйдет"));
}

/// What the journal's list quotes of entries of one kind, and whether as the program's English.
fn quoted(list: &str, sentence: &str) -> Vec<(String, bool)> {
    let rows = list.split("<tr").filter(|row| row.contains(sentence));
    let of_row = |row: &str| {
        let (tag, said) = row.split_once("<small class=\"said\"")?.1.split_once('>')?;
        Some((said.split("</small>").next()?.to_owned(), tag.contains("lang=\"en\"")))
    };
    rows.filter_map(of_row).collect()
}

#[tokio::test]
async fn the_journal_says_in_the_language_of_the_page_why_a_post_stands_still_and_a_channel_is_paused() {
    let house = House::with(&[Platform::Max, Platform::Vk], |config| config).await;
    house.queue("Дорожные работы", "").await;
    house.pass(HOUR).await;
    let max = house.town.channels().find(|channel| channel.platform() == Platform::Max).unwrap();
    assert!(max.delete_by_hand(&max.posts()[0].id));
    house.pass(4 * HOUR).await;
    house.meets(Platform::Max, Fault::Refuse(Canned::json(401, &json!({"code": "verify.token"}))));
    house.queue("Ярмарка", "").await;
    house.pass(MINUTE).await;
    let list = house.auditor().await.get("/journal").await.must_be(200).text();
    for (sentence, said) in [
        ("Остановлено до решения человека", "Публикации в MAX больше нет: её удалили."),
        ("Площадка остановлена", "Площадка MAX не принимает ключ доступа."),
    ] {
        let quoted = quoted(&list, sentence);
        assert!(quoted.iter().any(|(text, english)| text.starts_with(said) && !english), "{sentence}: {quoted:?}");
    }
}

#[tokio::test]
async fn a_reason_of_an_earlier_version_is_shown_as_it_was() {
    let house = House::with(&[Platform::Max, Platform::Vk], |config| config).await;
    house.meets(Platform::Max, Fault::Refuse(Canned::json(429, &json!({"code": "too.many.requests"}))));
    let id = house.queue("Ремонт моста", "").await;
    house.pass(MINUTE).await;
    house.sql("UPDATE delivery SET last_kind = NULL").await;
    let page = house.officer().await.get(&format!("/posts/{id}")).await.must_be(200).text();
    assert!(page.contains("Площадка пока не приняла публикацию. Вестник повторит сам."), "{page}");
    assert!(page.contains("<p lang=\"en\">MAX asks to slow down"), "{page}");
}

/// The kinds as the program interface documents them.
pub fn documented(document: &Value) -> Vec<&str> {
    let kinds = document["components"]["schemas"]["ReasonKind"]["enum"].as_array().unwrap();
    kinds.iter().map(|kind| kind.as_str().unwrap()).collect()
}
