//! The life of a post, and what people decide about it with a button.

use std::time::Duration;

use vestnik::domain::{PostId, Role, State};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::town::Platform;

use super::browser::{Answer, Browser};
use super::house::{FOREIGN, House, OWN};

const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

/// What the forms of a page carry.
fn seen(page: &str) -> String {
    page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// Presses a button of the post's page as it stands now.
async fn press(browser: &Browser, id: PostId, button: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(&format!("/posts/{id}")).await.must_be(200).text();
    assert!(page.contains(&format!("/posts/{id}/{button}\"")), "there is no such button:\n{page}");
    press_as_seen(browser, id, button, &seen(&page), fields).await
}

async fn press_as_seen(browser: &Browser, id: PostId, button: &str, seen: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = vec![("seen", seen)];
    form.extend_from_slice(fields);
    browser.post(&format!("/posts/{id}/{button}"), &form).await
}

impl House {
    async fn state(&self, id: PostId, channel: &str) -> State {
        let all = self.office.store.deliveries_of(id).await.unwrap();
        all.iter().filter(|d| d.channel == channel).max_by_key(|d| d.number).unwrap().state
    }

    /// Who did a deed of this kind to a post.
    async fn actors(&self, id: PostId, kind: &str) -> Vec<String> {
        let rows = self.office.store.journal_of_post(id).await.unwrap();
        rows.iter().filter(|row| row.kind == kind).map(|row| row.entry().unwrap().actor).collect()
    }
}

#[tokio::test]
async fn the_page_tells_the_whole_life() {
    let house = House::open().await;
    let id = house.queue("Субботник <b>в парке</b>", "").await;
    house.pass(HOUR * 5).await;
    let auditor = house.auditor().await;
    let page = auditor.get(&format!("/posts/{id}")).await.must_be(200).text();
    assert!(page.contains("Субботник &#60;b&#62;в парке&#60;/b&#62;"), "{page}");
    // Every channel: state, both times, address, attempt with the platform's answer, distance.
    assert_eq!(page.matches("data-state=\"published\"").count(), 3, "{page}");
    assert_eq!(page.matches("Время площадки").count(), 3, "{page}");
    assert!(page.contains("https://max.ru/gorod/"), "{page}");
    assert_eq!(page.matches("<dt>После MAX</dt>").count(), 2, "{page}");
    assert!(page.contains("data-state=\"good\">4:01:"), "{page}");
    assert!(page.contains("Ответ площадки (200)") && page.contains("1 попытка"), "{page}");
    assert!(page.contains("Публикация поставлена в очередь") && page.contains("Выдержка до"), "{page}");
    for secret in ["sandbox-max-token", "vk1.a.", "abcd EFGH"] {
        assert!(!page.contains(secret), "{secret}");
    }
    assert!(!page.contains("name=\"seen\""), "an auditor has no buttons");
    let refused = auditor.post(&format!("/posts/{id}/withdraw"), &[("reason", "x"), ("seen", "x.1")]).await;
    refused.must_be(403);
    let english = auditor.request(reqwest::Method::GET, &format!("/posts/{id}"));
    auditor.send(english.header("accept-language", "en")).await.must_be(200);
}

#[tokio::test]
async fn revisions_are_told_apart_word_by_word() {
    let house = House::open().await;
    let id = house.queue("Сход граждан", "").await;
    let file = house.path("edit.md");
    std::fs::write(&file, "---\ntitle: Сход граждан\n---\nПереносится на среду.\n").unwrap();
    house.office.edit(id, &file, "Офицер").await.unwrap();
    let page = house.officer().await.get(&format!("/posts/{id}")).await.text();
    assert!(page.contains("Редакция 2") && page.contains("<ins>Переносится") && page.contains("<del>"), "{page}");
}

#[tokio::test]
async fn a_foreign_post_does_not_exist() {
    let house = House::open().await;
    let id = house.queue("Своя новость", "").await;
    let stranger = house.stranger().await;
    for path in [format!("/posts/{id}"), format!("/posts/{id}/channels/gorod-max/look"), "/posts/rubbish".into()] {
        stranger.get(&path).await.must_be(404);
    }
    for (button, more) in [
        ("cancel", "reason"),
        ("withdraw", "reason"),
        ("republish", "x"),
        ("channels/gorod-max/published", "url"),
        ("channels/gorod-max/not-published", "x"),
        ("channels/gorod-max/again", "x"),
    ] {
        press_as_seen(&stranger, id, button, "x.1", &[(more, "https://max.ru/x")]).await.must_be(404);
    }
    let list = stranger.get("/posts").await.must_be(200).text();
    assert!(!list.contains("Своя новость"), "{list}");
    stranger.get(&format!("/posts?organisation={OWN}")).await.must_be(404);
    assert!(
        stranger.get(&format!("/posts?organisation={FOREIGN}")).await.must_be(200).text().contains("Ничего не найдено")
    );
    assert!(!stranger.get("/today").await.text().contains("Своя новость"));
}

#[tokio::test]
async fn what_is_cancelled_in_time_goes_out_nowhere_else_and_a_second_click_does_no_harm() {
    let house = House::open().await;
    let id = house.queue("Отменённая", "").await;
    house.pass(MINUTE).await;
    let officer = house.officer().await;
    let page = officer.get(&format!("/posts/{id}")).await.text();
    let seen = seen(&page);
    press_as_seen(&officer, id, "cancel", &seen, &[("reason", " ")]).await.must_be(422);
    let reason = [("reason", "опечатка в дате")];
    // Both clicks at once.
    let (one, two) = tokio::join!(
        press_as_seen(&officer, id, "cancel", &seen, &reason),
        press_as_seen(&officer, id, "cancel", &seen, &reason)
    );
    let mut told: Vec<_> = [&one, &two].map(|answer| answer.location().rsplit('=').next().unwrap().to_owned()).into();
    told.sort();
    assert_eq!(told, ["already", "cancelled"]);
    // And one from another window, that stood open all the while.
    let late = press_as_seen(&house.officer().await, id, "cancel", &seen, &reason).await.must_be(303);
    assert_eq!(late.location(), format!("/posts/{id}?told=stale"));
    assert_eq!(house.actors(id, "post.cancel_requested").await, ["Сотрудник 0"]);
    house.pass(HOUR * 5).await;
    assert_eq!((house.count(Platform::Max, "Отменённая"), house.count(Platform::Vk, "Отменённая")), (1, 0));
    let page = officer.get(&format!("/posts/{id}?told=cancelled")).await.text();
    assert!(page.contains("Отменено: что не вышло, не выйдет.") && page.contains("опечатка в дате"), "{page}");
}

#[tokio::test]
async fn what_is_withdrawn_is_taken_down_everywhere() {
    let house = House::open().await;
    let id = house.queue("Снятая", "").await;
    house.pass(HOUR * 5).await;
    let officer = house.officer().await;
    let done = press(&officer, id, "withdraw", &[("reason", "не согласована"), ("back", "today")]).await;
    assert_eq!(done.location(), format!("/today?told=withdrawn&post={id}"));
    house.pass(MINUTE).await;
    for platform in [Platform::Max, Platform::Vk, Platform::WordPress] {
        assert_eq!(house.count(platform, "Снятая"), 0, "{platform:?}");
    }
    assert_eq!(house.actors(id, "post.withdraw_requested").await, ["Сотрудник 0"]);
}

/// The request is lost, and colleagues post the same text twice by hand: nobody can tell which is ours.
pub(super) async fn doubtful(house: &House) -> PostId {
    house.town.max().server.switches.next("POST /messages", Fault::DropBefore);
    let id = house.queue("Двойник", "").await;
    house.pass(Duration::from_secs(1)).await;
    let channel = house.town.channel("gorod-max").unwrap();
    for _ in 0..2 {
        channel.post_by_hand("Двойник", "Текст новости «Двойник».").unwrap();
    }
    house.pass(HOUR).await;
    assert_eq!(house.state(id, "gorod-max").await, State::InDoubt);
    id
}

#[tokio::test]
async fn a_doubt_is_settled_with_what_stands_there_beside_it() {
    let house = House::open().await;
    let id = doubtful(&house).await;
    let officer = house.officer().await;
    let today = officer.get("/today").await.must_be(200).text();
    assert!(today.contains("data-kind=\"in_doubt\"") && today.contains("Неизвестно, вышла ли публикация"), "{today}");
    house.auditor().await.get(&format!("/posts/{id}/channels/gorod-max/look")).await.must_be(403);

    let look = officer.get(&format!("/posts/{id}/channels/gorod-max/look")).await.must_be(200).text();
    assert!(look.contains("Площадка не может сказать"), "{look}");
    assert_eq!(look.matches("Это она").count(), 2, "{look}");
    let address = look.split("name=\"url\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let rubbish = press(&officer, id, "channels/gorod-max/published", &[("url", "javascript:alert(1)")]).await;
    rubbish.must_be(422);
    let seen = seen(&look);
    let word = [("url", address.as_str())];
    let done = press_as_seen(&officer, id, "channels/gorod-max/published", &seen, &word).await.must_be(303);
    assert_eq!(done.location(), format!("/posts/{id}?told=settled"));
    let again = press_as_seen(&officer, id, "channels/gorod-max/published", &seen, &word).await.must_be(303);
    assert_eq!(again.location(), format!("/posts/{id}?told=already"));
    assert_eq!(house.state(id, "gorod-max").await, State::Published);
    assert_eq!(house.actors(id, "delivery.published").await, ["Сотрудник 0"]);
    house.pass(HOUR * 5).await;
    assert_eq!(house.state(id, "gorod-vk").await, State::Published);
    assert!(!officer.get("/today").await.text().contains("data-kind=\"in_doubt\""));
}

#[tokio::test]
async fn what_is_said_not_to_be_out_is_sent_once_more() {
    let house = House::open().await;
    let id = doubtful(&house).await;
    let officer = house.officer().await;
    let channel = house.town.channel("gorod-max").unwrap();
    for post in channel.posts() {
        assert!(channel.delete_by_hand(&post.id));
    }
    let done = press(&officer, id, "channels/gorod-max/not-published", &[]).await;
    assert_eq!(done.location(), format!("/posts/{id}?told=settled"));
    house.pass(MINUTE).await;
    assert_eq!(house.count(Platform::Max, "Двойник"), 1);
}

#[tokio::test]
async fn an_address_where_something_else_stands_is_refused_and_nothing_changes() {
    let house = House::open().await;
    let id = doubtful(&house).await;
    let officer = house.officer().await;
    let nothing = [("url", "https://max.ru/gorod/AAAAAAAAAAA")];
    let refused = press(&officer, id, "channels/gorod-max/published", &nothing).await.must_be(422).text();
    let words = ["По этому адресу ничего нет", "Этот адрес не с этой площадки"];
    assert!(words.iter().any(|said| refused.contains(said)), "{refused}");
    assert_eq!(house.state(id, "gorod-max").await, State::InDoubt);
}

#[tokio::test]
async fn a_post_that_was_deleted_in_max_is_published_anew_with_a_new_hold() {
    let house = House::open().await;
    let id = house.queue("Удалённая", "").await;
    house.pass(MINUTE).await;
    let channel = house.town.channel("gorod-max").unwrap();
    assert!(channel.delete_by_hand(&channel.posts()[0].id));
    house.pass(HOUR * 5).await;
    let officer = house.officer().await;
    let today = officer.get("/today").await.text();
    assert!(
        today.contains("Публикации в MAX больше нет") && today.contains(&format!("/posts/{id}/republish")),
        "{today}"
    );
    let done = press(&officer, id, "republish", &[]).await.must_be(303);
    assert_eq!(done.location(), format!("/posts/{id}?told=republished"));
    house.pass(HOUR * 3).await;
    assert_eq!((house.count(Platform::Max, "Удалённая"), house.count(Platform::Vk, "Удалённая")), (1, 0));
    house.pass(HOUR * 2).await;
    assert_eq!(house.count(Platform::Vk, "Удалённая"), 1);
    assert_eq!(house.actors(id, "post.republished").await, ["Сотрудник 0"]);
}

#[tokio::test]
async fn what_was_deleted_in_max_is_not_told_as_out_also_after_the_rest_was_cancelled() {
    let house = House::open().await;
    let id = house.queue("Исчезла", "").await;
    house.pass(MINUTE).await;
    let channel = house.town.channel("gorod-max").unwrap();
    assert!(channel.delete_by_hand(&channel.posts()[0].id));
    house.pass(HOUR * 5).await;
    let officer = house.officer().await;
    let is_told = async |when: &str| {
        for path in [format!("/posts/{id}"), "/posts".to_owned()] {
            let page = officer.get(&path).await.must_be(200).text();
            assert!(page.contains("data-state=\"gone\">удалена на площадке"), "{when}, {path}: {page}");
            assert!(!page.contains("data-state=\"published\""), "{when}, {path}: {page}");
        }
        let page = officer.get(&format!("/posts/{id}")).await.text();
        assert!(page.contains("Была по адресу") && !page.contains("<a href=\"https://max.ru/"), "{when}: {page}");
    };
    is_told("while the others wait").await;
    press(&officer, id, "cancel", &[("reason", "больше не нужна")]).await.must_be(303);
    is_told("after it was cancelled").await;
    assert_eq!(house.state(id, "gorod-max").await, State::Withdrawn);
    let page = officer.get(&format!("/posts/{id}")).await.text();
    assert!(!page.contains("/withdraw\""), "nothing stands that could be taken down: {page}");
}

#[tokio::test]
async fn what_people_did_stands_above_what_vestnik_did() {
    let house = House::open().await;
    let id = house.queue("Хроника", "at: 2026-11-23 10:00").await;
    house.pass(HOUR * 6).await;
    let officer = house.officer().await;
    press(&officer, id, "withdraw", &[("reason", "ошибка в дате")]).await.must_be(303);
    let page = officer.get(&format!("/posts/{id}")).await.must_be(200).text();
    let history = page.split("id=\"post-history\"").nth(1).unwrap();
    let (people, program) = history.split_once("Что делал Вестник").unwrap();
    assert!(people.contains("Публикация поставлена в очередь") && people.contains("ошибка в дате"), "{people}");
    assert!(!people.contains("Обращение") && program.contains("Обращение 1 к платформе"), "{history}");
    assert!(!people.contains("<details><summary>"), "reasons are not folded: {people}");
}

#[tokio::test]
async fn a_text_that_was_rewritten_in_max_is_told_with_the_way_out() {
    let house = House::open().await;
    let id = house.queue("Переписанная", "").await;
    house.pass(MINUTE).await;
    let channel = house.town.channel("gorod-max").unwrap();
    assert!(channel.edit_by_hand(&channel.posts()[0].id, "Переписанная", "Совсем другое."));
    house.pass(HOUR * 5).await;
    let today = house.officer().await.get("/today").await.text();
    assert!(today.contains("В MAX стоит другой текст") && today.contains(&format!("/posts/{id}/edit")), "{today}");
    assert_eq!(house.count(Platform::Vk, "Переписанная"), 0);
}

#[tokio::test]
async fn a_site_without_an_interface_is_confirmed_with_its_address() {
    let house = House::with(&[Platform::Max, Platform::Manual], |config| config).await;
    let id = house.queue("Сход граждан", "").await;
    house.pass(HOUR * 5).await;
    let officer = house.officer().await;
    let today = officer.get("/today").await.must_be(200).text();
    assert!(today.contains("Здесь публикуете вы"), "{today}");
    let page = officer.get(&format!("/posts/{id}")).await.text();
    assert!(page.contains("data-state=\"handed\">публикуете вы"), "{page}");
    for (place, page) in [("Today", &today), ("the post", &page)] {
        assert!(!page.contains("остановлена"), "{place}: {page}");
        assert!(
            page.contains("Текст новости «Сход граждан».") && page.contains("Скопировать текст"),
            "{place}: {page}"
        );
        assert!(page.contains("-title\">Сход граждан</p>"), "{place}: {page}");
    }
    assert!(page.contains("разместите текст на площадке и укажите адрес") && !page.contains("снимите"), "{page}");
    let list = officer.get("/calendar?view=list&at=2026-11-23").await.text();
    assert!(list.contains("data-state=\"handed\"") && !list.contains("data-state=\"stopped\""), "{list}");
    let seen = house.auditor().await.get("/today").await.must_be(200).text();
    assert!(!seen.contains("Скопировать"), "nothing is asked of an auditor: {seen}");
    // In the site's own editor: the address that the browser shows then is the one that is asked for.
    let site = house.town.manual().server.url();
    let editor = super::browser::Browser::new(site.as_str().trim_end_matches('/'));
    let form = editor.get("/reader").await.must_be(200).text();
    assert!(form.contains("action=\"/reader/publish\""), "{form}");
    let post = [("title", "Сход граждан"), ("text", "Текст новости «Сход граждан».")];
    let send = editor.request(reqwest::Method::POST, "/reader/publish").form(&post);
    let shown = editor.send(send).await.must_be(303);
    let address = site.join(shown.location()).unwrap().to_string();
    let from_afar = editor.request_from("cross-site", reqwest::Method::POST, "/reader/publish").form(&post);
    editor.send(from_afar).await.must_be(403);
    let word = [("url", address.as_str()), ("back", "today")];
    let done = press(&officer, id, "channels/gorod-gosweb/published", &word).await;
    assert_eq!(done.location(), format!("/today?told=settled&post={id}"));
    assert_eq!(house.state(id, "gorod-gosweb").await, State::Published);
    assert!(officer.get(&format!("/posts/{id}")).await.text().contains(&address));
}

#[tokio::test]
async fn what_waits_after_a_refusal_is_tried_again_at_once_and_never_before_its_hold() {
    let house = House::open().await;
    let busy = Canned::json(429, &serde_json::json!({"code": "too.many.requests", "message": "slow down"}));
    house.town.max().server.switches.always("POST /messages", Fault::Refuse(busy.retry_after(3 * 3600)));
    let id = house.queue("Повтор", "").await;
    house.pass(HOUR).await;
    assert_eq!(house.count(Platform::Max, "Повтор"), 0);
    house.town.max().server.switches.clear();
    let officer = house.officer().await;
    let page = officer.get(&format!("/posts/{id}")).await.text();
    let button = "channels/gorod-max/again";
    assert!(page.contains(&format!("/posts/{id}/{button}\"")), "{page}");
    for told in ["again", "already"] {
        let done = press_as_seen(&officer, id, button, &seen(&page), &[]).await.must_be(303);
        assert_eq!(done.location(), format!("/posts/{id}?told={told}"));
    }
    house.pass(Duration::from_secs(1)).await;
    assert_eq!(house.count(Platform::Max, "Повтор"), 1);
    let page = officer.get(&format!("/posts/{id}")).await.text();
    assert!(!page.contains("/again\""), "a follower whose hold runs is not tried: {page}");
}

#[tokio::test]
async fn the_list_finds_posts_by_state_and_words_and_goes_on() {
    let house = House::open().await;
    for n in 0..53 {
        house.queue(&format!("Новость номер {n}"), "at: \"2026-12-01 10:00\"").await;
    }
    let out = house.queue("Ёлка зажглась", "").await;
    house.pass(HOUR * 5).await;
    let officer = house.officer().await;
    let first = officer.get("/posts").await.must_be(200).text();
    assert_eq!(first.matches("<th scope=\"row\">").count(), 50);
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let second = officer.get(&next).await.must_be(200).text();
    assert_eq!(second.matches("<th scope=\"row\">").count(), 4);
    assert!(!second.contains("rel=\"next\""), "{second}");
    let found = officer.get("/posts?words=%D0%B5%D0%BB%D0%BA%D0%B0").await.text();
    assert!(found.contains(&out.to_string()) && found.matches("<th scope=\"row\">").count() == 1, "{found}");
    let standing = officer.get("/posts?standing=out").await.text();
    assert!(standing.contains(&out.to_string()) && standing.matches("<th scope=\"row\">").count() == 1, "{standing}");
    officer.get("/posts?before=rubbish").await.must_be(404);
}

#[tokio::test]
async fn the_list_of_some_organisations_is_not_drowned_by_those_of_others() {
    let house = House::open().await;
    house.queue("Своя новость", "").await;
    // What a third organisation has queued since.
    let n = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) SELECT ";
    let post = "printf('ffffffff-0000-7000-8000-%012d', i)";
    house
        .sql(&format!(
            "INSERT INTO organisation VALUES ('gorod-3', 'Третий', 'Europe/Moscow');
             INSERT INTO post (id, organisation, revision, created_at, created_by, request_sha256) \
             {n} {post}, 'gorod-3', 1, 0, 'a', '' FROM n;
             INSERT INTO revision (post, number, content, title, sha256, created_at, created_by) \
             {n} {post}, 1, '{{}}', 'Чужая', printf('%064d', 0), 0, 'a' FROM n;"
        ))
        .await;
    let of_both = house.signed_in(&[(Role::Officer, Some(OWN)), (Role::Auditor, Some(FOREIGN))]).await;
    for address in ["/posts", "/posts?words=новость"] {
        let page = of_both.get(address).await.must_be(200).text();
        assert!(page.contains("Своя новость") && !page.contains("before="), "{page}");
    }
}
