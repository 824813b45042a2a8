//! The calendar: what lies where, and moving it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use reqwest::header::ACCEPT;
use serde_json::Value;
use vestnik::domain::PostId;
use vestnik_contract::Clock as _;

use super::browser::{Answer, Browser};
use super::house::{FOREIGN, House, OWN};

const HOUR: Duration = Duration::from_secs(3600);

async fn planned(house: &House, id: PostId, primary: bool) -> DateTime<Utc> {
    let all = house.office.store.deliveries_of(id).await.unwrap();
    all.iter().find(|d| d.is_primary == primary).unwrap().planned_at
}

/// What the script does when a post is dropped.
async fn drop_at(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.token().await;
    let request = browser.request(Method::POST, path).header(ACCEPT, "application/json").header("x-csrf-token", token);
    browser.send(request.form(fields)).await
}

async fn events(browser: &Browser, start: &str, end: &str) -> Vec<Value> {
    let answer =
        browser.get(&format!("/calendar/events?organisation={OWN}&start={start}&end={end}")).await.must_be(200);
    answer.json().as_array().unwrap().clone()
}

fn event<'e>(events: &'e [Value], title: &str) -> &'e Value {
    events.iter().find(|event| event["title"] == title).unwrap_or_else(|| panic!("{title} is not in {events:?}"))
}

#[tokio::test]
async fn a_list_of_a_month_without_posts_says_so() {
    let house = House::open().await;
    let officer = house.officer().await;
    house.queue("Ноябрь", "at: 2026-11-25 10:00").await;
    let says_so = async |at: &str| {
        let page = officer.get(&format!("/calendar?view=month&at={at}")).await.must_be(200).text();
        page.contains("В этом месяце публикаций нет.")
    };
    assert!(says_so("2026-10-05").await);
    assert!(!says_so("2026-11-05").await);
}

#[tokio::test]
async fn a_post_lies_at_its_time_with_what_follows_in_every_view() {
    let house = House::open().await;
    house.queue("Мост открыт", "at: 2026-11-24 22:00").await;
    let officer = house.officer().await;
    let month = officer.get("/calendar").await.must_be(200).text();
    assert!(month.contains("Ноябрь 2026") && month.contains("Мост открыт"));
    assert!(month.contains("22:00") && month.contains("25 ноября, 02:01"), "the followers come after midnight");
    let week = officer.get("/calendar?view=week&at=2026-11-25").await.must_be(200).text();
    assert!(week.contains("23 ноября – 29 ноября 2026"));
    assert_eq!(week.matches("Мост открыт").count(), 4, "MAX and its link to move it, VK and the site");
    let list = officer.get("/calendar?view=list").await.must_be(200).text();
    assert!(list.contains("вторник, 24 ноября") && list.contains("в очереди") && list.contains("ждёт MAX"));
    let before = officer.get("/calendar?view=month&at=2026-10-01").await.must_be(200).text();
    assert!(!before.contains("Мост открыт"));

    house.pass(HOUR * 48).await;
    let week = officer.get("/calendar?view=week&at=2026-11-25").await.must_be(200).text();
    assert!(week.contains("вышла") && !week.contains("/move"), "what is out is not moved");
}

#[tokio::test]
async fn what_was_stopped_is_no_hold_that_runs() {
    let house = House::open().await;
    let id = house.queue("Удалят", "").await;
    house.pass(HOUR).await;
    let channel = house.town.channel("gorod-max").unwrap();
    assert!(channel.delete_by_hand(&channel.posts()[0].id));
    house.pass(HOUR * 5).await;
    let officer = house.officer().await;
    for path in ["/calendar?view=month", "/calendar?view=week", "/calendar?view=list&at=2026-11-23"] {
        let page = officer.get(path).await.must_be(200).text();
        assert!(page.contains("Удалят") && !page.contains("выдержка"), "{path}: {page}");
    }
    let list = officer.get("/calendar?view=list&at=2026-11-23").await.text();
    assert!(list.contains("остановлена") && list.contains("удалена на площадке"), "{list}");
    let drawn = events(&officer, "2026-11-23", "2026-11-30").await;
    let is_of_vk = |event: &&Value| event["extendedProps"]["channels"].as_str().unwrap_or_default().contains("VK");
    let follower = drawn.iter().find(is_of_vk).unwrap();
    assert_eq!(follower["extendedProps"]["state"], "остановлена");
    for path in [format!("/posts/{id}"), "/today".to_owned()] {
        let page = officer.get(&path).await.must_be(200).text();
        assert!(!page.contains("data-state=\"held\""), "{path}: {page}");
    }
}

#[tokio::test]
async fn what_a_paused_channel_holds_back_is_not_simply_in_the_queue() {
    let house = House::open().await;
    let id = house.queue("Переезд", "at: 2026-11-24 10:00").await;
    let editor = house.editor().await;
    let pages = [
        "/calendar?view=month&at=2026-11-24".to_owned(),
        "/calendar?view=week&at=2026-11-24".to_owned(),
        "/calendar?view=list&at=2026-11-24".to_owned(),
        format!("/posts/{id}/move"),
    ];
    for path in &pages {
        let page = editor.get(path).await.must_be(200).text();
        assert!(page.contains("в очереди") && !page.contains("площадка остановлена"), "{path}: {page}");
    }
    // A follower's pause is told where its time is told; the primary stays in the queue.
    editor.post("/channels/gorod-vk/pause", &[("reason", "сообщество переезжает")]).await.must_be(303);
    for path in &pages {
        let page = editor.get(path).await.must_be(200).text();
        assert!(page.contains("в очереди") && page.contains("площадка остановлена"), "{path}: {page}");
    }
    let drawn = events(&editor, "2026-11-23", "2026-11-30").await;
    let mut told = drawn.iter().map(|e| (&e["extendedProps"]["channels"], &e["extendedProps"]["state"]));
    assert_eq!(told.find(|(channels, _)| *channels == "VK").unwrap().1, "площадка остановлена", "{drawn:?}");
    assert_eq!(drawn.len(), 3, "the other follower waits for something else: {drawn:?}");

    editor.post("/channels/gorod-max/pause", &[("reason", "проверка")]).await.must_be(303);
    for path in &pages {
        let page = editor.get(path).await.must_be(200).text();
        assert!(!page.contains("в очереди") && page.contains("площадка остановлена"), "{path}: {page}");
    }
    let drawn = events(&editor, "2026-11-23", "2026-11-30").await;
    assert_eq!(drawn[0]["classNames"][1], "is-paused", "{drawn:?}");
    for channel in ["gorod-vk", "gorod-max"] {
        editor.post(&format!("/channels/{channel}/resume"), &[]).await.must_be(303);
    }
    let month = editor.get(&pages[0]).await.must_be(200).text();
    assert!(month.contains("в очереди") && !month.contains("площадка остановлена"), "{month}");
}

#[tokio::test]
async fn a_follower_with_a_time_of_its_own_lies_on_its_own_day() {
    let house = House::open().await;
    house.queue("Выставка", "at: 2026-11-24 10:00\nnot_before: {vk: 2026-12-03 12:00}").await;
    let officer = house.officer().await;
    let later = officer.get("/calendar?view=week&at=2026-12-03").await.must_be(200).text();
    assert_eq!(later.matches("Выставка").count(), 1, "{later}");
    let drawn = events(&officer, "2026-11-30", "2026-12-07").await;
    let follower = event(&drawn, "Выставка");
    assert_eq!(follower["start"], "2026-12-03T12:00:00");
    assert_eq!(follower["extendedProps"]["channels"], "VK", "the headline comes first, where it goes out after it");
    let month = officer.get("/calendar?at=2026-11-24").await.must_be(200).text();
    assert_eq!(
        month.matches("Выставка</a>").count(),
        2,
        "its own day, and the day of its follower at the end of the grid"
    );
}

#[tokio::test]
async fn a_dropped_post_takes_its_followers_along_and_tells_where_they_lie() {
    let house = House::open().await;
    let id = house.queue("Перенос", "at: 2026-11-24 10:00").await;
    let officer = house.officer().await;
    let drawn = events(&officer, "2026-11-23", "2026-11-30").await;
    let post = event(&drawn, "Перенос");
    assert_eq!((post["start"].as_str(), post["startEditable"].as_bool()), (Some("2026-11-24T10:00:00"), Some(true)));
    let seen = post["extendedProps"]["fields"][0][1].as_str().unwrap();
    let path = format!("/posts/{id}/move");

    let answer = drop_at(&officer, &path, &[("at", "2026-11-25T16:30"), ("seen", seen)]).await.must_be(200);
    let told = answer.json()["told"].as_str().unwrap().to_owned();
    assert!(told.contains("«Перенос»") && told.contains("MAX 25 ноября, 16:30"), "{told}");
    assert_eq!(told.matches("25 ноября, 20:31").count(), 1, "followers of one time are told together: {told}");
    let fields = answer.json()["fields"].clone();
    assert_eq!(planned(&house, id, true).await, "2026-11-25T13:30:00Z".parse::<DateTime<Utc>>().unwrap());
    let journal = house.office.store.journal_page(OWN, 0, 100).await.unwrap();
    let moved = journal.iter().find(|row| row.kind == "post.moved").unwrap();
    assert!(moved.entry.contains("Сотрудник"), "by whom: {}", moved.entry);

    let again = drop_at(&officer, &path, &[("at", "2026-11-26T16:30"), ("seen", seen)]).await.must_be(409);
    assert!(again.json()["why"].as_str().unwrap().contains("25 ноября, 16:30"), "the second is told where it lies");

    // What the answer gives leads back to where it lay.
    let now_seen = fields[0][1].as_str().unwrap();
    drop_at(&officer, &path, &[("at", "2026-11-24T10:00"), (fields[0][0].as_str().unwrap(), now_seen)])
        .await
        .must_be(200);
    assert_eq!(planned(&house, id, true).await, "2026-11-24T07:00:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(planned(&house, id, false).await, "2026-11-24T11:01:00Z".parse::<DateTime<Utc>>().unwrap());
}

#[tokio::test]
async fn a_drop_that_breaks_a_rule_is_refused_with_the_reason() {
    let house = House::open().await;
    let id = house.queue("Правила", "at: 2026-11-24 10:00").await;
    let officer = house.officer().await;
    let path = format!("/posts/{id}/move");
    let why = async |fields: &[(&str, &str)]| {
        let before = planned(&house, id, true).await;
        let answer = drop_at(&officer, &path, fields).await.must_be(422);
        assert_eq!(planned(&house, id, true).await, before, "nothing was moved");
        answer.json()["why"].as_str().unwrap().to_owned()
    };
    assert!(why(&[("at", "2026-11-22T10:00")]).await.contains("уже прошло"));
    assert!(why(&[("at", "завтра")]).await.contains("«завтра» — не время"));
    let early = [("at", "2026-11-24T12:00"), ("channel", house_vk(&house))];
    assert!(why(&early).await.contains("24 ноября, 14:01"), "the hold of the follower");
    house.pass(HOUR * 26).await;
    assert!(why(&[("at", "2026-11-27T10:00")]).await.contains("Уже вышло"));
    let later = [("at", "2026-11-25T09:00"), ("channel", house_vk(&house))];
    drop_at(&officer, &path, &later).await.must_be(200);
    assert_eq!(house.count(vestnik_sandbox::town::Platform::Vk, "Правила"), 0);
    house.pass(HOUR * 26).await;
    assert_eq!(house.count(vestnik_sandbox::town::Platform::Vk, "Правила"), 1);
}

fn house_vk(house: &House) -> &str {
    let organisation = house.office.config.organisation(OWN).unwrap();
    &organisation.followers().find(|c| c.platform == "vk").unwrap().slug
}

#[tokio::test]
async fn everything_works_with_a_form_and_without_a_script() {
    let house = House::open().await;
    let id = house.queue("Без сценариев", "at: 2026-11-24 10:00").await;
    let officer = house.officer().await;
    let path = format!("/posts/{id}/move");
    let page = officer.get(&path).await.must_be(200).text();
    assert_eq!(page.matches("datetime-local").count(), 3, "the post and its two followers");
    assert!(page.contains("value=\"2026-11-24T10:00\"") && page.contains("Не раньше 24 ноября, 14:01"));
    let refused = officer.post(&path, &[("at", "2026-11-01T10:00"), ("channel", "")]).await.must_be(422).text();
    assert!(
        refused.contains("role=\"alert\"") && refused.contains("value=\"2026-11-01T10:00\""),
        "what was typed stays"
    );
    let moved = officer.post(&path, &[("at", "2026-12-01T10:00"), ("channel", ""), ("back", "")]).await.must_be(303);
    let around = format!("/calendar?view=month&organisation={OWN}&at=2026-12-01&moved={id}#moved");
    assert_eq!(moved.location(), around);
    let calendar = officer.get(moved.location()).await.must_be(200).text();
    assert!(calendar.contains("role=\"status\">«Без сценариев» — перенесено: MAX 1 декабря, 10:00"), "{calendar}");
    assert_eq!(calendar.matches("id=\"moved\"").count(), 1, "the fragment leads to the post: {calendar}");
    let away = officer.post(&path, &[("at", "2026-12-01T11:00"), ("back", "https://example.ru/")]).await.must_be(303);
    assert_eq!(away.location(), around, "never to another site");
    for view in ["week", "list"] {
        let from = officer.get(&format!("/calendar?view={view}&organisation={OWN}&at=2026-12-01")).await.text();
        assert!(from.contains(&format!("{path}?back={view}")), "{from}");
        let moved = officer.post(&path, &[("at", "2026-12-01T12:00"), ("back", view)]).await.must_be(303);
        let calendar = officer.get(moved.location()).await.must_be(200).text();
        assert!(moved.location().contains(&format!("view={view}&")), "{}", moved.location());
        assert!(calendar.contains("1 декабря, 12:00") && calendar.contains("id=\"moved\""), "{calendar}");
    }
    let moved = officer.post(&path, &[("at", "2026-12-01T13:00"), ("back", "post")]).await.must_be(303);
    assert_eq!(moved.location(), format!("/posts/{id}?told=moved"));
    let post = officer.get(moved.location()).await.must_be(200).text();
    assert!(post.contains("Перенесено: MAX 1 декабря, 13:00; "), "{post}");
    assert!(post.contains("MAX: 1 декабря, 12:00 → 1 декабря, 13:00"), "the history tells from where: {post}");
    let stranger = house.stranger().await;
    let foreign = stranger.get(&format!("/calendar?moved={id}")).await.must_be(200).text();
    assert!(!foreign.contains("Без сценариев"), "{foreign}");
}

#[tokio::test]
async fn what_is_offered_is_not_before_itself() {
    let house = House::open().await;
    house.clock.set(house.clock.now() + Duration::from_secs(30));
    let id = house.queue("Секунды", "").await;
    house.pass(Duration::from_secs(60)).await;
    let officer = house.officer().await;
    // The hold ends at 13:01:30.
    let page = officer.get(&format!("/posts/{id}/move")).await.must_be(200).text();
    assert!(page.contains("23 ноября, 13:02") && page.contains("Не раньше 23 ноября, 13:02"), "{page}");
    assert!(page.contains("value=\"2026-11-23T13:02\"") && !page.contains("13:01"), "{page}");
    for path in ["/today", "/calendar?view=list&at=2026-11-23", &format!("/posts/{id}")] {
        let page = officer.get(path).await.must_be(200).text();
        assert!(page.contains("13:02") && !page.contains("23 ноября, 13:01"), "{path}: {page}");
    }
}

#[tokio::test]
async fn a_narrow_window_may_have_the_grid_when_it_is_asked_for() {
    let house = House::open().await;
    house.queue("Сетка", "at: 2026-11-24 10:00").await;
    let officer = house.officer().await;
    for view in ["month", "week"] {
        let page = officer.get(&format!("/calendar?view={view}&at=2026-11-24")).await.must_be(200).text();
        assert!(page.contains("by-day") && page.contains("&amp;at=2026-11-24&amp;grid=1"), "{page}");
        let grid = officer.get(&format!("/calendar?view={view}&at=2026-11-24&grid=1")).await.must_be(200).text();
        assert!(!grid.contains("by-day") && grid.contains("Показать списком по дням"), "{grid}");
    }
}

#[tokio::test]
async fn who_may_not_settle_moves_nothing_and_strangers_find_nothing() {
    let house = House::open().await;
    let id = house.queue("Чужое", "at: 2026-11-24 10:00").await;
    let path = format!("/posts/{id}/move");
    let auditor = house.auditor().await;
    let calendar = auditor.get("/calendar").await.must_be(200).text();
    assert!(calendar.contains("Чужое") && !calendar.contains("/move"));
    auditor.post(&path, &[("at", "2026-11-25T10:00")]).await.must_be(403);
    let drawn = events(&auditor, "2026-11-23", "2026-11-30").await;
    assert!(drawn.iter().all(|event| event["startEditable"] == false));

    let stranger = house.stranger().await;
    assert!(!stranger.get("/calendar").await.must_be(200).text().contains("Чужое"));
    for foreign in [
        format!("/calendar?organisation={OWN}"),
        format!("/calendar/events?organisation={OWN}&start=2026-11-23&end=2026-11-30"),
        path.clone(),
        "/posts/00000000-0000-7000-8000-000000000000/move".into(),
        "/posts/1/move".into(),
    ] {
        stranger.get(&foreign).await.must_be(404);
    }
    stranger.post(&path, &[("at", "2026-11-25T10:00")]).await.must_be(404);
    drop_at(&stranger, &path, &[("at", "2026-11-25T10:00")]).await.must_be(404);
    assert_eq!(planned(&house, id, true).await, "2026-11-24T07:00:00Z".parse::<DateTime<Utc>>().unwrap());
    let officer = house.officer().await;
    officer.get(&format!("/calendar?organisation={FOREIGN}")).await.must_be(404);
    let forged = officer.request(Method::POST, &path).form(&[("at", "2026-11-25T10:00")]);
    officer.send(forged).await.must_be(403);
}

#[tokio::test]
async fn a_full_day_says_how_many_more_there_are_and_the_list_goes_through_them_all() {
    let house = House::open().await;
    for n in 0..120 {
        house.queue(&format!("Новость {n:03}"), &format!("at: 2026-11-26 {:02}:{:02}", 8 + n / 30, 2 * (n % 30))).await;
    }
    let officer = house.officer().await;
    let month = officer.get("/calendar").await.must_be(200).text();
    assert!(month.contains("ещё 116 публикаций"));
    assert_eq!(month.matches("Новость").count(), 4 * 2, "four posts, each with its link to move it");
    let (mut path, mut seen, mut back) = ("/calendar?view=list".to_owned(), Vec::new(), Vec::new());
    loop {
        let page = officer.get(&path).await.must_be(200).text();
        seen.extend(titles(&page));
        back.push(link(&page, "prev"));
        match link(&page, "next") {
            Some(next) => path = next,
            None => break,
        }
    }
    let all: Vec<_> = (0..120).map(|n| format!("Новость {n:03}")).collect();
    assert_eq!(seen, all);
    let middle = officer.get(&back.pop().unwrap().unwrap()).await.must_be(200).text();
    assert_eq!(titles(&middle), all[50..100], "backwards to the page before the last");
    let drawn = events(&officer, "2026-10-26", "2026-12-07").await;
    assert!(drawn.len() < 50 && event(&drawn, "ещё 114 публикаций")["allDay"] == true);
}

fn titles(page: &str) -> Vec<String> {
    let parts = page.split("<th scope=\"row\"><a href=\"/posts/").skip(1);
    parts.map(|part| part.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
}

fn link(page: &str, rel: &str) -> Option<String> {
    let rest = page.split(&format!("<a rel=\"{rel}\" href=\"")).nth(1)?;
    Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
}

#[tokio::test]
async fn what_nobody_can_mean_is_answered_all_the_same() {
    let house = House::open().await;
    let officer = house.officer().await;
    for no_day in ["32.12.2026", "9999-99-99", "вчера"] {
        let request = officer.request(Method::GET, "/calendar").query(&[("at", no_day), ("view", "list")]);
        let page = officer.send(request).await.must_be(422).text();
        assert!(
            page.contains(&format!("«{no_day}» — не дата")) && page.contains(&format!("value=\"{no_day}\"")),
            "{page}"
        );
        assert!(page.contains("aria-invalid=\"true\" aria-describedby=\"mistake-0\""), "{page}");
    }
    for odd in [
        "/calendar?view=year&at=31.12.2026",
        "/calendar?view=list&from=x.y&before=-9223372036854775808.",
        "/calendar?view=list&before=0.00000000-0000-7000-8000-000000000000",
        "/calendar?view=week&at=2199-12-31",
        "/calendar?view=month&at=2000-01-01",
    ] {
        officer.get(odd).await.must_be(200);
    }
    let period = |start: &str, end: &str| format!("/calendar/events?start={start}&end={end}");
    officer.get(&period("2026-01-01", "2026-12-31")).await.must_be(413);
    officer.get(&period("2026-12-31", "2026-01-01")).await.must_be(413);
    officer.get(&period("вчера", "сегодня")).await.must_be(404);
}

#[tokio::test]
async fn a_draft_lies_at_the_time_it_names_and_is_moved_by_whoever_writes() {
    let house = House::open().await;
    let office = &house.office;
    let id: vestnik::domain::DraftId = "01a201cd-3b77-73c6-870d-7076d8bdcc9c".parse().unwrap();
    let content = vestnik::domain::draft::DraftContent {
        title: "Набросок".into(),
        at: "2026-11-26T10:00".into(),
        ..Default::default()
    };
    let new =
        vestnik::store::NewDraft { id, organisation: OWN.into(), edits: None, content, by: "Офицер".into() };
    office.make_draft(new).await.unwrap();
    let officer = house.officer().await;
    for view in ["month", "week"] {
        let page = officer.get(&format!("/calendar?view={view}&at=2026-11-26")).await.must_be(200).text();
        assert!(page.contains("Набросок") && page.contains("черновик"), "{view}");
    }
    let drawn = events(&officer, "2026-11-23", "2026-11-30").await;
    assert_eq!(event(&drawn, "Черновик: Набросок")["startEditable"], true);
    let auditor = house.auditor().await;
    let of_auditor = events(&auditor, "2026-11-23", "2026-11-30").await;
    assert_eq!(event(&of_auditor, "Черновик: Набросок")["startEditable"], false);

    let path = format!("/drafts/{id}/move");
    let to = |at: &'static str, version: &'static str| [("at", at), ("version", version)];
    drop_at(&officer, &path, &to("2026-11-27T12:00", "1")).await.must_be(200);
    assert_eq!(office.store.draft(id).await.unwrap().content.at, "2026-11-27T12:00");
    drop_at(&officer, &path, &to("2026-11-28T12:00", "1")).await.must_be(409);
    drop_at(&officer, &path, &to("2026-11-22T12:00", "2")).await.must_be(422);
    drop_at(&auditor, &path, &to("2026-11-28T12:00", "2")).await.must_be(403);
    drop_at(&house.stranger().await, &path, &to("2026-11-28T12:00", "2")).await.must_be(404);
    assert_eq!(office.store.draft(id).await.unwrap().content.at, "2026-11-27T12:00");
}
