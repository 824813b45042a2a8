//! *Today*, the channels and what keeps both up to date.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::Value;
use vestnik_contract::Clock as _;
use vestnik_sandbox::town::Platform;

use super::browser::Browser;
use super::house::{FOREIGN, House, OWN};

const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

/// Server-sent events of `/live`, as they come.
struct Stream {
    bytes: futures_util::stream::BoxStream<'static, Vec<u8>>,
    text: String,
}

impl Stream {
    async fn open(browser: &Browser) -> Self {
        let answer = browser.request(Method::GET, "/live").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let bytes = answer.bytes_stream().take_while(|part| std::future::ready(part.is_ok()));
        Self { bytes: bytes.map(|part| part.unwrap().to_vec()).boxed(), text: String::new() }
    }

    /// The next event; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(ToOwned::to_owned);
                self.text = String::from(rest);
                if let Some(data) = data {
                    return Some(serde_json::from_str(&data).unwrap());
                }
                continue;
            }
            let part = tokio::time::timeout(Duration::from_secs(20), self.bytes.next()).await.unwrap()?;
            self.text.push_str(&String::from_utf8(part).unwrap());
        }
    }
}

#[tokio::test]
async fn the_hold_counts_down_to_the_release_of_the_followers() {
    let house = House::open().await;
    let id = house.queue("Открыт мост через Дон", "").await;
    let officer = house.officer().await;
    let before = officer.get("/today").await.must_be(200).text();
    assert!(before.contains("Открыт мост через Дон") && before.contains("data-state=\"waiting\""), "{before}");

    house.pass(Duration::from_secs(1)).await;
    let page = officer.get("/today").await.must_be(200).text();
    // 09:00 in MAX, four hours and a minute later elsewhere.
    let until = (super::house::morning() + chrono::TimeDelta::seconds(4 * 3600 + 60)).timestamp_millis();
    assert_eq!(page.matches(&format!("data-until=\"{until}\"")).count(), 1, "{page}");
    assert!(page.contains("Сайт, VK") || page.contains("VK, Сайт"), "those that wait alike stand together");
    assert!(page.contains("23 ноября, 13:01") && page.contains("data-state=\"held\""), "{page}");
    assert!(page.contains(&format!("data-now=\"{}\"", house.clock.now().timestamp_millis())), "{page}");

    house.pass(HOUR * 5).await;
    let after = officer.get("/today").await.must_be(200).text();
    assert!(!after.contains("data-until") && after.contains("Ничего не запланировано"), "{after}");
    assert_eq!(house.count(Platform::Vk, "Открыт мост через Дон"), 1);
    officer.get(&format!("/posts/{id}")).await.must_be(200);
}

#[tokio::test]
async fn an_author_hears_what_the_editor_decided() {
    let approval = |config: String| config.replace("time_zone = ", "approval = \"editor\"\ntime_zone = ");
    let house = House::with(&[Platform::Max, Platform::Vk], approval).await;
    let (officer, editor, auditor) = (house.officer().await, house.editor().await, house.auditor().await);
    let submitted = async |title: &str| {
        let page = officer.get("/drafts/new").await.text();
        let id = page.split("data-draft=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form = [("version", "0"), ("organisation", OWN), ("title", title), ("body", "Текст")];
        officer.post(&format!("/drafts/{id}/submit"), &form).await.must_be(303);
        id
    };
    let (school, park) = (submitted("Школа").await, submitted("Парк").await);
    let today = editor.get("/today").await.must_be(200).text();
    assert!(today.contains("data-kind=\"drafts\"") && today.contains("which=submitted"), "{today}");
    let remark = [("version", "1"), ("text", "Где это?")];
    editor.post(&format!("/drafts/{school}/return"), &remark).await.must_be(303);
    editor.post(&format!("/drafts/{park}/approve"), &[("version", "1")]).await.must_be(303);

    let today = officer.get("/today").await.must_be(200).text();
    assert!(
        today.contains("data-kind=\"returned\"") && today.contains(&format!("href=\"/drafts/{school}\"")),
        "{today}"
    );
    assert!(today.contains("data-kind=\"approved\"") && today.contains(&format!("href=\"/drafts/{park}\"")), "{today}");
    let seen = auditor.get("/today").await.must_be(200).text();
    assert!(!seen.contains("data-kind=\"returned\"") && !seen.contains("data-kind=\"approved\""), "{seen}");
    // Who returned it is not asked to mend it, and neither is anybody else who did not write it.
    for other in [&editor, &house.officer().await] {
        let page = other.get("/today").await.must_be(200).text();
        let (yours, others) = page.split_once("id=\"today-others\"").unwrap();
        assert!(!yours.contains("data-kind=\"returned\"") && !yours.contains("data-kind=\"approved\""), "{page}");
        assert!(others.contains("data-kind=\"returned\"") && others.contains("Решает автор черновика"), "{page}");
        assert!(!page.contains("исправьте"), "{page}");
    }
    // Settled: mended and submitted again, queued.
    let form = [("version", "1"), ("organisation", OWN), ("title", "Школа"), ("body", "Ленина, 1")];
    officer.post(&format!("/drafts/{school}/submit"), &form).await.must_be(303);
    officer.post(&format!("/drafts/{park}/release"), &[("version", "1")]).await.must_be(303);
    let today = officer.get("/today").await.must_be(200).text();
    assert!(!today.contains("data-kind=\"returned\"") && !today.contains("data-kind=\"approved\""), "{today}");
}

#[tokio::test]
async fn nothing_is_asked_of_who_may_do_nothing() {
    let house = House::open().await;
    let id = house.queue("Удалят", "").await;
    house.pass(MINUTE).await;
    let channel = house.town.channel("gorod-max").unwrap();
    assert!(channel.delete_by_hand(&channel.posts()[0].id));
    house.pass(HOUR * 5).await;
    let yours = |page: &str| page.split("id=\"today-others\"").next().unwrap().contains("<article class=\"task\"");
    let officer = house.officer().await.get("/today").await.must_be(200).text();
    assert!(yours(&officer) && officer.contains("Опубликуйте заново"), "{officer}");
    for visitor in [house.auditor().await, house.administrator().await] {
        let page = visitor.get("/today").await.must_be(200).text();
        assert!(page.contains("Ждёт других") && page.contains(&format!("/posts/{id}")), "{page}");
        assert!(!yours(&page) && page.contains("Решает сотрудник пресс-службы или редактор"), "{page}");
        assert!(!page.contains("Опубликуйте") && !page.contains("Поставьте"), "{page}");
    }
}

#[tokio::test]
async fn what_stands_still_is_told() {
    let house = House::open().await;
    house.queue("Никто не отправит", "").await;
    let officer = house.officer().await;
    assert!(!officer.get("/today").await.text().contains("Вестник стоит"));
    // The daemon does not go round: nobody calls `pass`.
    house.clock.set(house.clock.now() + HOUR);
    let page = officer.get("/today").await.must_be(200).text();
    assert!(page.contains("Вестник стоит") && page.contains("data-kind=\"late\""), "{page}");
}

#[tokio::test]
async fn a_week_that_stays_short_is_told_to_those_who_may_read_it() {
    let house = House::open().await;
    let officer = house.officer().await;
    let page = officer.get("/today").await.must_be(200).text();
    assert!(page.contains("data-kind=\"week\"") && page.contains("VK (−3)"), "{page}");
}

#[tokio::test]
async fn a_stream_tells_of_a_change_and_ends_with_the_desk() {
    let mut house = House::open().await;
    let officer = house.officer().await;
    let stranger = house.stranger().await;
    let mut stream = Stream::open(&officer).await;
    let mut foreign = Stream::open(&stranger).await;
    let first = stream.next().await.unwrap();
    let nothing = foreign.next().await.unwrap()["seen"].clone();
    assert_eq!(first["now"], house.clock.now().timestamp_millis());
    assert_eq!(first["speed"], 1);
    // As another process does it: past the desk.
    house.queue("Новость", "").await;
    let changed = stream.next().await.unwrap();
    assert!(changed["seen"].as_i64() > first["seen"].as_i64(), "{first} {changed}");
    let page = officer.get("/today").await.text();
    assert!(page.contains(&format!("data-seen=\"{}\"", changed["seen"])), "{page}");
    let elsewhere = foreign.next().await.unwrap();
    assert_eq!(elsewhere["seen"], nothing, "what happens in {OWN} is no business of {FOREIGN}");
    house.end_desk();
    assert_eq!(stream.next().await, None);
    assert_eq!(foreign.next().await, None);
}

#[tokio::test]
async fn a_stream_ends_with_the_session_it_was_opened_in() {
    let house = House::open().await;
    let (officer, other) = (house.officer().await, house.officer().await);
    let (mut ended, mut goes_on) = (Stream::open(&officer).await, Stream::open(&other).await);
    let before = ended.next().await.unwrap()["seen"].clone();
    officer.post("/sign-out", &[]).await.must_be(303);
    house.queue("Уже не для него", "").await;
    while let Some(told) = ended.next().await {
        assert_eq!(told["seen"], before, "nothing is told to who signed out");
    }
    while goes_on.next().await.unwrap()["seen"] == before {}
}

#[tokio::test]
async fn one_person_holds_only_so_many_streams() {
    let house = House::open().await;
    let officer = house.officer().await;
    let mut open = Vec::new();
    for _ in 0..8 {
        let mut stream = Stream::open(&officer).await;
        stream.next().await.unwrap();
        open.push(stream);
    }
    officer.get("/live").await.must_be(429);
    Stream::open(&house.officer().await).await.next().await.unwrap();
    house.visitor().get("/live").await.must_be(303);
}

#[tokio::test]
async fn a_channel_that_lost_its_rights_is_told_and_goes_on_after_a_check() {
    let house = House::open().await;
    let id = house.queue("Без прав", "").await;
    house.town.max().revoke_token();
    house.pass(MINUTE).await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let page = officer.get("/today").await.must_be(200).text();
    assert!(page.contains("data-kind=\"channel_paused\"") && page.contains("платформа отказала в доступе"), "{page}");
    assert!(!page.contains("/channels/gorod-max/resume"), "an officer does not run channels");
    officer.post("/channels/gorod-max/resume", &[]).await.must_be(403);

    let checked = editor.post("/channels/gorod-max/check", &[]).await.must_be(200).text();
    assert!(checked.contains("не примет публикацию"), "{checked}");
    let token = std::fs::read_to_string(house.path("secrets/max-token")).unwrap();
    house.town.max().set_token(token.trim());
    let checked = editor.post("/channels/gorod-max/check", &[]).await.must_be(200).text();
    assert!(checked.contains("примет публикацию") && !checked.contains("не примет публикацию"), "{checked}");
    let page = editor.get("/today").await.text();
    assert!(page.contains("/channels/gorod-max/resume"), "{page}");
    assert_eq!(editor.post("/channels/gorod-max/resume", &[("back", "today")]).await.location(), "/today?told=resumed");
    house.pass(MINUTE).await;
    assert_eq!(house.count(Platform::Max, "Без прав"), 1, "nothing was burnt: {id}");
}

#[tokio::test]
async fn a_channel_is_paused_with_a_reason_and_only_by_those_who_run_it() {
    let house = House::open().await;
    let (editor, auditor) = (house.editor().await, house.auditor().await);
    let listed = auditor.get("/channels").await.must_be(200).text();
    assert!(listed.contains("gorod-vk") && !listed.contains("gorod-2-vk"), "{listed}");
    assert!(!listed.contains("/channels/gorod-vk/"), "an auditor changes nothing");
    auditor.post("/channels/gorod-vk/pause", &[("reason", "x")]).await.must_be(403);
    house.stranger().await.post("/channels/gorod-vk/pause", &[("reason", "x")]).await.must_be(404);
    editor.post("/channels/gorod-vk/pause", &[("reason", "  ")]).await.must_be(422);
    for told in ["paused", "already"] {
        let answer = editor.post("/channels/gorod-vk/pause", &[("reason", "сообщество переезжает")]).await.must_be(303);
        assert_eq!(answer.location(), format!("/channels?told={told}"));
    }
    let listed = auditor.get("/channels").await.text();
    assert!(listed.contains("сообщество переезжает") && listed.contains("Сотрудник 0"), "{listed}");
    for told in ["resumed", "already"] {
        assert_eq!(editor.post("/channels/gorod-vk/resume", &[]).await.location(), format!("/channels?told={told}"));
    }
    editor.post("/channels/nothing/resume", &[]).await.must_be(404);
}

#[tokio::test]
async fn what_a_paused_channel_holds_back_is_no_hold_that_runs() {
    let house = House::open().await;
    let id = house.queue("Портал стоит", "").await;
    house.pass(MINUTE).await;
    let editor = house.editor().await;
    editor.post("/channels/gorod-vk/pause", &[("reason", "сообщество переезжает")]).await.must_be(303);
    let vk = |page: &str| {
        let leg =
            page.split("<li data-leg=\"").find(|leg| leg.starts_with("Портал стоит, VK\"")).map(ToOwned::to_owned);
        leg.unwrap_or_else(|| panic!("VK stands with others: {page}")).split("</li>").next().unwrap().to_owned()
    };
    let leg = vk(&editor.get("/today").await.must_be(200).text());
    assert!(leg.contains("площадка остановлена") && leg.contains("не раньше") && leg.contains("13:01"), "{leg}");
    assert!(!leg.contains("data-until"), "nothing goes out then: {leg}");
    // The post's own page and the list say the same.
    let page = editor.get(&format!("/posts/{id}")).await.must_be(200).text();
    let life = page.split("data-leg=\"VK\"").nth(1).unwrap().split("</article>").next().unwrap();
    assert!(life.contains("площадка остановлена") && !life.contains("data-until"), "{life}");
    let list = editor.get("/posts").await.must_be(200).text();
    assert!(list.contains("VK <span class=\"state\" data-state=\"paused\">"), "{list}");
    house.pass(HOUR * 6).await;
    let leg = vk(&editor.get("/today").await.must_be(200).text());
    assert!(leg.contains("площадка остановлена") && leg.contains("должна была выйти"), "{leg}");
}

#[tokio::test]
async fn one_organisation_in_trouble_hides_nothing_of_another() {
    let house = House::open().await;
    let editor = house.editor().await;
    // The daemon is at work: what is queued from now on needs no look before it expires.
    house.pass(MINUTE).await;
    editor.post("/channels/gorod-max/pause", &[("reason", "проверка")]).await.must_be(303);
    house.queue("Своя беда", "at: 2026-11-23 10:00\nexpires_at: 2026-11-23 15:00").await;
    house.pass(HOUR * 7).await;
    // Since then a thousand posts of the other organisation failed.
    house.sql(&failed_posts(FOREIGN, "gorod-2-max", house.clock.now(), 1_000)).await;
    let page = house.officer().await.get("/today").await.must_be(200).text();
    assert!(page.contains("data-kind=\"failed\"") && page.contains("Своя беда"), "{page}");
    let everything = house.administrator().await.get("/today").await.must_be(200).text();
    assert!(everything.contains("Чужая беда"), "{everything}");
}

/// Posts that failed a while after `now`, as they lie in the database.
fn failed_posts(organisation: &str, channel: &str, now: chrono::DateTime<chrono::Utc>, n: u32) -> String {
    let at = now.timestamp_micros();
    let each = |values: &str| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) SELECT {values} FROM n;"
        )
    };
    let post = "printf('00000000-0000-7000-8000-%012d', i)";
    let delivery = "printf('00000000-0000-7000-9000-%012d', i)";
    [
        "INSERT INTO post (id, organisation, revision, created_at, created_by, request_sha256) ".to_owned()
            + &each(&format!("{post}, '{organisation}', 1, {at}, 'a', ''")),
        "INSERT INTO revision (post, number, content, title, sha256, created_at, created_by) ".to_owned()
            + &each(&format!("{post}, 1, '{{}}', 'Чужая беда', printf('%064d', 0), {at}, 'a'")),
        "INSERT INTO delivery (id, post, organisation, channel, is_primary, state, planned_at, last_reason) "
            .to_owned()
            + &each(&format!("{delivery}, {post}, '{organisation}', '{channel}', 1, 'failed', {at}, 'no'")),
    ]
    .concat()
}
