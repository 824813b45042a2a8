//! Drafts in the browser: from the first word to the queue, alone and with others.

use reqwest::Method;
use vestnik::domain::draft::DraftState;
use vestnik::domain::{DraftId, Role};
use vestnik::office::MoveTo;
use vestnik::store::Draft;
use vestnik_contract::Clock as _;
use vestnik_sandbox::town::Platform;

use super::browser::{Answer, Browser};
use super::house::{FOREIGN, House, OWN};

pub(super) const TEXT: &str = "Открыта **новая** школа.\n\nВход свободный.";

/// The id that a page of a new draft was given.
pub(super) fn id_on(page: &str) -> DraftId {
    let mark = "data-draft=\"";
    page.split(mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap().parse().unwrap()
}

pub(super) async fn new_id(browser: &Browser) -> DraftId {
    id_on(&browser.get("/drafts/new").await.must_be(200).text())
}

pub(super) fn fields<'a>(version: &'a str, title: &'a str, body: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("organisation", OWN),
        ("title", title),
        ("body", body),
        ("channels", "gorod-vk"),
        ("channels", "gorod-site"),
    ]
}

/// What the script of the composer sends.
pub(super) async fn autosave(browser: &Browser, id: DraftId, form: &[(&str, &str)]) -> Answer {
    let token = browser.token().await;
    let form = [&[("csrf", token.as_str())], form].concat();
    let request = browser.request(Method::POST, &format!("/drafts/{id}")).form(&form);
    browser.send(request.header("accept", "application/json").header("hx-request", "true")).await
}

pub(super) async fn kept(house: &House, id: DraftId) -> Draft {
    house.office.store.draft(id).await.unwrap()
}

/// A draft that an officer keeps as version 1.
pub(super) async fn written(browser: &Browser, title: &str) -> DraftId {
    let id = new_id(browser).await;
    browser.post(&format!("/drafts/{id}"), &fields("0", title, TEXT)).await.must_be(303);
    id
}

pub(super) async fn with_approval() -> House {
    let approval = |config: String| config.replace("time_zone = ", "approval = \"editor\"\ntime_zone = ");
    House::with(&[Platform::Max, Platform::Vk, Platform::WordPress], approval).await
}

pub(super) fn kinds(rows: &[vestnik::store::JournalRow]) -> Vec<String> {
    rows.iter().map(|row| row.kind.clone()).filter(|kind| kind.starts_with("draft.")).collect()
}

#[tokio::test]
async fn a_headline_with_a_mark_that_turns_the_line_is_not_queued() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    let path = format!("/drafts/{id}/queue");
    let told = officer.post(&path, &fields("0", "Школа \u{202e}открыта", TEXT)).await.must_be(422).text();
    assert!(told.contains("Есть невидимый знак U+202E"), "{told}");
    assert_eq!(house.posts().await.len(), 0);
}

#[tokio::test]
async fn a_draft_is_kept_as_it_is_typed_and_becomes_a_post() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    let first = autosave(&officer, id, &fields("0", "Шк", "")).await.must_be(200).json();
    assert_eq!((first["version"].as_u64(), first["say"].as_str()), (Some(1), Some("Сохранено в 09:00")));
    let second = autosave(&officer, id, &fields("1", "Школа открыта", TEXT)).await.must_be(200).json();
    assert_eq!((&second["version"], &second["plan"]), (&2.into(), &"MAX сразу → VK, Сайт не раньше 13:01".into()));

    let list = officer.get("/drafts").await.must_be(200).text();
    assert!(list.contains("Школа открыта") && list.contains("Пишется"), "{list}");
    let composer = officer.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(composer.contains("Открыта **новая** школа.\n\nВход свободный.</textarea>"), "{composer}");
    assert!(composer.contains("MAX сразу → VK, Сайт не раньше 13:01"), "{composer}");

    let queued = officer.post(&format!("/drafts/{id}/queue"), &fields("2", "Школа открыта", TEXT)).await.must_be(303);
    let draft = kept(&house, id).await;
    let page = format!("/posts/{}?told=queued", draft.post.unwrap());
    assert_eq!((draft.state, queued.location()), (DraftState::Queued, &*page));
    let told = officer.get(&page).await.must_be(200).text();
    let said = "Поставлена в очередь: MAX 23 ноября, 09:00 → VK, Сайт не раньше 13:01.";
    assert!(told.contains(said), "{told}");
    let list = officer.get("/today?told=queued").await.must_be(200).text();
    assert!(!list.contains("Поставлена в очередь"), "the plan is of one post: {list}");
    house.pass(std::time::Duration::from_secs(60)).await;
    assert_eq!(house.count(Platform::Max, "Школа открыта"), 1);
    assert_eq!(house.count(Platform::Vk, "Школа открыта"), 0);
    house.pass(std::time::Duration::from_secs(4 * 3600 + 60)).await;
    assert_eq!(house.count(Platform::Vk, "Школа открыта"), 1);
    assert!(!officer.get("/drafts").await.text().contains("Школа открыта"));
}

#[tokio::test]
async fn whether_another_organisation_has_a_draft_nobody_learns() {
    let house = House::open().await;
    let (officer, stranger) = (house.officer().await, house.stranger().await);
    let theirs = written(&officer, "Школа").await;
    let nobodys = house.office.store.draft_id(OWN, house.clock.now());
    let (mut pages, mut paths) = (Vec::new(), Vec::new());
    for id in [theirs, nobodys] {
        let page = stranger.get(&format!("/drafts/new?organisation={FOREIGN}&id={id}")).await.must_be(200);
        pages.push(page.text().replace(&id_on(&page.text()).to_string(), "ID"));
        let kept = stranger.post(&format!("/drafts/{id}"), &[("version", "0"), ("organisation", FOREIGN)]).await;
        let path = kept.must_be(303).location().to_owned();
        stranger.get(&path).await.must_be(200);
        paths.push(path.contains(&id.to_string()));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(paths[0], paths[1]);
    assert_eq!(kept(&house, theirs).await.organisation, OWN, "nothing of theirs was touched");
}

#[tokio::test]
async fn two_clicks_and_two_tabs_make_one_post() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    let path = format!("/drafts/{id}/queue");
    let form = fields("0", "Школа", TEXT);
    let (one, two) = tokio::join!(officer.post(&path, &form), officer.post(&path, &form));
    let third = officer.post(&path, &form).await;
    assert!(one.location().starts_with("/posts/"), "{}", one.text());
    assert_eq!((one.location(), one.location()), (two.location(), third.location()));
    assert!(one.location().ends_with("?told=queued"), "whichever answer the browser shows: {}", one.location());
    assert_eq!(house.posts().await.len(), 1);
}

#[tokio::test]
async fn of_two_texts_neither_is_lost() {
    let house = House::open().await;
    let (ivanova, petrov) = (house.officer().await, house.officer().await);
    let id = written(&ivanova, "Школа").await;
    let path = format!("/drafts/{id}");
    ivanova.post(&path, &fields("1", "Школа открыта", TEXT)).await.must_be(303);

    let late = "Открыта **старая** школа.";
    let refused = autosave(&petrov, id, &fields("1", "Школа", late)).await.must_be(409).json();
    assert!(refused["say"].as_str().unwrap().starts_with("Сотрудник 0 сохраняет другой текст"), "{refused}");
    let both = petrov.post(&path, &fields("1", "Школа", late)).await.must_be(409).text();
    for part in ["<del> открыта</del>", "<ins>**старая**</ins>", "name=\"version\" value=\"2\""] {
        assert!(both.contains(part), "{part}\n{both}");
    }
    assert_eq!(kept(&house, id).await.content.title, "Школа открыта");

    let merging = petrov.post(&format!("{path}/merge"), &fields("2", "Школа", late)).await.must_be(200).text();
    assert!(merging.contains(&format!("{late}</textarea>")) && merging.contains("data-merging"), "{merging}");
    assert_eq!(kept(&house, id).await.version, 2);

    // "Take mine" knows the version that it replaces.
    petrov.post(&path, &fields("2", "Школа", late)).await.must_be(303);
    let draft = kept(&house, id).await;
    assert_eq!((draft.version, draft.content.body.as_str()), (3, late));
    assert_eq!(draft.authors, ["Сотрудник 0", "Сотрудник 1"]);
    // Queueing an older text is the same meeting.
    ivanova.post(&format!("{path}/queue"), &fields("2", "Школа открыта", TEXT)).await.must_be(409);
    assert_eq!(kept(&house, id).await.state, DraftState::Draft);
}

#[tokio::test]
async fn a_reply_that_was_lost_is_no_conflict() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    for _ in 0..2 {
        let answer = autosave(&officer, id, &fields("0", "Школа", TEXT)).await.must_be(200).json();
        assert_eq!(answer["version"], 1);
    }
    for _ in 0..2 {
        let answer = autosave(&officer, id, &fields("1", "Школа", "Иначе")).await.must_be(200).json();
        assert_eq!(answer["version"], 2);
    }
    // Browsers end lines with both characters: no change.
    let windows = autosave(&officer, id, &fields("2", "Школа ", "Иначе\r\n")).await.must_be(200).json();
    assert_eq!(windows["version"], 2);
}

#[tokio::test]
async fn a_session_that_ended_in_the_middle_loses_nothing() {
    let house = House::open().await;
    let (_, login) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let browser = house.visitor();
    browser.sign_in(&login, super::house::PASSWORD).await;
    let id = new_id(&browser).await;
    autosave(&browser, id, &fields("0", "Школа", "Начало")).await.must_be(200);
    browser.post("/sign-out", &[]).await.must_be(303);

    let away = autosave(&browser, id, &fields("1", "Школа", TEXT)).await.must_be(401);
    assert!(away.headers["hx-redirect"].to_str().unwrap().starts_with("/sign-in?next="));
    // A form without scripts leads back to its page, not to its own address.
    let form = browser.request(Method::POST, &format!("/drafts/{id}/queue")).form(&[("csrf", "")]);
    let led = form.header("referer", format!("{}/drafts/{id}?edit", house.address));
    let led = browser.send(led).await.must_be(303);
    assert_eq!(led.location(), format!("/sign-in?next=%2Fdrafts%2F{}%3Fedit", id.to_string().replace('-', "%2D")));
    browser.sign_in(&login, super::house::PASSWORD).await;
    let page = browser.get(&format!("/drafts/{id}?edit")).await.must_be(200).text();
    assert!(page.contains("Начало</textarea>"), "{page}");
    // What the browser kept is sent as it was.
    let back = autosave(&browser, id, &fields("1", "Школа", TEXT)).await.must_be(200).json();
    assert_eq!(back["version"], 2);

    // Also where the desk had nothing yet: the page comes back under the same id.
    let fresh = new_id(&browser).await;
    let again = browser.get(&format!("/drafts/new?organisation={OWN}&id={fresh}")).await.must_be(200).text();
    assert_eq!(id_on(&again), fresh);
    let known = browser.get(&format!("/drafts/new?organisation={OWN}&id={id}")).await.must_be(303);
    assert_eq!(known.location(), format!("/drafts/{id}"));
}

#[tokio::test]
async fn what_does_not_fit_is_told_and_nothing_is_queued() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    let mut form = fields("0", "Школа", "");
    form.extend([("link", "gorod.ru"), ("at", "2026-11-22T10:00"), ("expires_at", "вчера")]);
    let page = officer.post(&format!("/drafts/{id}/queue"), &form).await.must_be(422).text();
    assert!(page.contains("Время выхода прошло") && page.contains("role=\"alert\""), "{page}");
    let mut form = fields("1", "Школа", "");
    form.extend([("link", "gorod.ru"), ("at", "2026-11-23T12:00"), ("expires_at", "вчера")]);
    let page = officer.post(&format!("/drafts/{id}/queue"), &form).await.must_be(422).text();
    assert!(page.contains("gorod.ru") && page.contains("вчера"), "{page}");
    assert!(page.contains(">Не выпускать позже: «вчера»"), "a field is named as the page names it: {page}");
    assert!(page.contains("value=\"2026-11-23T12:00\""), "{page}");
    assert_eq!(kept(&house, id).await.version, 2);
    assert!(house.posts().await.is_empty());
}

#[tokio::test]
async fn what_is_out_is_edited_without_a_time() {
    let house = House::open().await;
    let officer = house.officer().await;
    let post = house.queue("Школа", "at: 2026-11-23 12:00").await;
    let page = officer.get(&format!("/posts/{post}/edit")).await.must_be(200).text();
    assert!(page.contains("name=\"at\"") && page.contains("MAX 23 ноября, 12:00 →"), "its own time stays: {page}");
    let (id, name) = (id_on(&page), post.to_string());
    let edit = [("edits", &*name), ("began_from", "1"), ("at", "2026-11-23T13:00")];
    let form = |version, title| [&fields(version, title, TEXT)[..], &edit].concat();
    officer.post(&format!("/drafts/{id}"), &form("0", "Школа")).await.must_be(303);
    house.pass(std::time::Duration::from_secs(4 * 3600)).await;
    assert_eq!(house.count(Platform::Max, "Школа"), 1);

    let page = officer.get(&format!("/drafts/{id}?edit")).await.must_be(200).text();
    assert!(!page.contains("name=\"at\"") && !page.contains("Выход в MAX"), "{page}");
    assert!(page.contains("name=\"expires_at\""), "{page}");
    // What was typed there before is no reason to ask for another time.
    let asked = [&fields("1", "Школа открыта", TEXT)[..], &edit].concat();
    let done = officer.post(&format!("/drafts/{id}/queue"), &asked).await.must_be(303);
    let told = officer.get(done.location()).await.must_be(200).text();
    assert!(told.contains("Правка применена. В MAX Вестник исправит публикацию сейчас"), "{told}");
    house.pass(std::time::Duration::from_secs(60)).await;
    assert_eq!(house.count(Platform::Max, "Школа открыта"), 1);
}

#[tokio::test]
async fn a_queued_post_is_edited_in_a_draft() {
    let house = House::open().await;
    let officer = house.officer().await;
    let post = house.queue("Школа", "at: 2026-11-23 12:00").await;
    let page = officer.get(&format!("/posts/{post}/edit")).await.must_be(200).text();
    assert!(page.contains("value=\"Школа\"") && page.contains("name=\"began_from\" value=\"1\""), "{page}");
    assert!(house.office.store.draft_that_edits(post).await.unwrap().is_none(), "looking makes nothing");

    let (id, name) = (id_on(&page), post.to_string());
    let form = |version, title| [&fields(version, title, TEXT)[..], &[("edits", &*name), ("began_from", "1")]].concat();
    officer.post(&format!("/drafts/{id}"), &form("0", "Школа открыта")).await.must_be(303);
    let again = officer.get(&format!("/posts/{post}/edit")).await.must_be(303);
    assert_eq!(again.location(), format!("/drafts/{id}"));

    // Someone else edits the post meanwhile: told, not overwritten.
    let file = house.path("other.md");
    std::fs::write(&file, "---\ntitle: Школа и сад\n---\nТекст.\n").unwrap();
    house.office.edit(post, &file, "Другой").await.unwrap();
    let refused = officer.post(&format!("/drafts/{id}/queue"), &form("1", "Школа открыта")).await.must_be(422).text();
    assert!(refused.contains("Публикация за это время изменилась") && refused.contains("<del>"), "{refused}");
    assert!(refused.contains("name=\"revision\" value=\"2\""), "{refused}");
    // Only from what was seen: neither unsaid nor ahead of it.
    officer.post(&format!("/drafts/{id}/go-on"), &[]).await.must_be(409);
    officer.post(&format!("/drafts/{id}/go-on"), &[("revision", "3")]).await.must_be(409);
    officer.post(&format!("/drafts/{id}/go-on"), &[("revision", "2")]).await.must_be(303);
    let done = officer.post(&format!("/drafts/{id}/queue"), &form("1", "Школа открыта")).await.must_be(303);
    assert_eq!(done.location(), format!("/posts/{post}?told=edited"));
    let told = officer.get(done.location()).await.must_be(200).text();
    assert!(told.contains("Правка применена. План выхода: MAX 23 ноября, 12:00 → VK, Сайт не раньше 16:01."), "{told}");
    let view = house.office.store.post_view(post).await.unwrap();
    assert_eq!((view.revision, view.content.title.as_str()), (3, "Школа открыта"));
}

#[tokio::test]
async fn a_time_that_a_post_was_given_meanwhile_is_not_overwritten_unseen() {
    let house = House::open().await;
    let officer = house.officer().await;
    let post = house.queue("Ярмарка", "at: 2026-11-24 10:00\nnot_before: {vk: 2026-11-24 18:00}").await;
    let page = officer.get(&format!("/posts/{post}/edit")).await.must_be(200).text();
    let id = id_on(&page);
    let carried = |page: &str, name: &str| {
        let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap();
        value.replace("&#34;", "\"")
    };
    let (name, times) = (post.to_string(), carried(&page, "began_times"));
    let edit =
        [("edits", &*name), ("began_from", "1"), ("began_times", &*times), ("not_before.gorod-vk", "2026-11-24T18:00")];
    let form = |version, at| [&fields(version, "Ярмарка", TEXT)[..], &edit, &[("at", at)]].concat();
    let move_to = async |at: &str, channel: Option<&str>| {
        let to = MoveTo { at: at.into(), channel: channel.map(Into::into), seen: None };
        house.office.move_post(post, to, "Другой").await.unwrap();
    };
    // Somebody moves the post before the edit is kept for the first time: the page had seen the old time.
    move_to("2026-11-25 10:00", None).await;
    let queue = format!("/drafts/{id}/queue");
    let refused = officer.post(&queue, &form("0", "2026-11-24T12:00")).await.must_be(422).text();
    assert!(refused.contains("Публикацию за это время перенесли"), "{refused}");
    assert!(
        refused.contains("<del>25</del>") && refused.contains("<ins>24</ins>"),
        "where it lies, what is wanted: {refused}"
    );
    let view = house.office.store.post_view(post).await.unwrap();
    assert_eq!(view.revision, 1, "nothing was overwritten");
    let (revision, seen) = (carried(&refused, "revision"), carried(&refused, "times"));
    let go_on = [("revision", revision.as_str()), ("times", seen.as_str())];
    officer.post(&format!("/drafts/{id}/go-on"), &go_on).await.must_be(303);

    // Meanwhile a follower gets another own time, which the edit would take away.
    move_to("2026-11-26 09:00", Some("gorod-vk")).await;
    let refused = officer.post(&queue, &form("1", "2026-11-24T12:00")).await.must_be(422).text();
    assert!(refused.contains("Публикацию за это время перенесли") && refused.contains("VK"), "{refused}");
    // What was seen before is not what stands now.
    officer.post(&format!("/drafts/{id}/go-on"), &go_on).await.must_be(303);
    officer.post(&queue, &form("1", "2026-11-24T12:00")).await.must_be(422);
    let seen = carried(&refused, "times");
    officer.post(&format!("/drafts/{id}/go-on"), &[("revision", "1"), ("times", &seen)]).await.must_be(303);
    officer.post(&queue, &form("1", "2026-11-24T12:00")).await.must_be(303);
    let view = house.office.store.post_view(post).await.unwrap();
    assert_eq!(view.revision, 2);
    assert_eq!(view.deliveries[0].delivery.planned_at.to_rfc3339(), "2026-11-24T09:00:00+00:00");
}

#[tokio::test]
async fn an_edit_of_the_text_alone_leaves_a_post_where_it_was_moved_to() {
    let house = House::open().await;
    let officer = house.officer().await;
    let post = house.queue("Ярмарка", "at: 2026-11-24 10:00").await;
    let page = officer.get(&format!("/posts/{post}/edit")).await.must_be(200).text();
    let (id, name) = (id_on(&page), post.to_string());
    let form = [&fields("0", "Ярмарка", "Новый текст.")[..], &[("edits", &*name), ("began_from", "1")]].concat();
    officer.post(&format!("/drafts/{id}"), &form).await.must_be(303);
    let to = MoveTo { at: "2026-11-25 10:00".into(), ..MoveTo::default() };
    house.office.move_post(post, to, "Другой").await.unwrap();
    let form = [&fields("1", "Ярмарка", "Новый текст.")[..], &[("edits", &*name)]].concat();
    officer.post(&format!("/drafts/{id}/queue"), &form).await.must_be(303);
    let view = house.office.store.post_view(post).await.unwrap();
    assert_eq!(view.revision, 2);
    assert_eq!(view.deliveries[0].delivery.planned_at.to_rfc3339(), "2026-11-25T07:00:00+00:00");
}

#[tokio::test]
async fn the_main_act_is_one_step_away_for_those_who_may() {
    let house = House::open().await;
    let (officer, auditor) = (house.officer().await, house.auditor().await);
    let both = house.signed_in(&[(Role::Auditor, Some(OWN)), (Role::Officer, Some(FOREIGN))]).await;
    for path in ["/today", "/posts", "/calendar"] {
        let begins = format!("href=\"/drafts/new?organisation={OWN}\"");
        assert!(officer.get(path).await.must_be(200).text().contains(&begins), "{path}");
        assert!(!auditor.get(path).await.must_be(200).text().contains("/drafts/new"), "{path}");
        let begins = format!("href=\"/drafts/new?organisation={FOREIGN}\"");
        assert!(both.get(path).await.must_be(200).text().contains(&begins), "{path}");
    }
    // Whoever writes for several chooses on the way.
    let several = house.signed_in(&[(Role::Officer, Some(OWN)), (Role::Officer, Some(FOREIGN))]).await;
    let page = several.get(&format!("/drafts/new?organisation={OWN}")).await.must_be(200).text();
    let choices = format!("href=\"/drafts/new?organisation={FOREIGN}\"");
    assert!(page.contains(&choices) && page.contains("Для другой организации"), "{page}");
}

#[tokio::test]
async fn a_draft_without_a_headline_has_a_name_all_the_same() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    officer.post(&format!("/drafts/{id}"), &fields("0", "", TEXT)).await.must_be(303);
    let page = officer.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(page.contains("<title>Без заголовка · Черновик"), "{page}");
    let gone = officer.post(&format!("/drafts/{id}/discard"), &[]).await.must_be(303);
    let list = officer.get(gone.location()).await.must_be(200).text();
    assert!(list.contains("Черновик убран."), "{list}");
    let page = officer.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(page.contains("<title>Без заголовка · Черновик") && page.contains("<h1>Без заголовка</h1>"), "{page}");

    officer.post("/language", &[("language", "en"), ("next", "/today")]).await.must_be(303);
    let page = officer.get("/drafts/new").await.must_be(200).text();
    assert!(page.contains(">B</strong>") && page.contains(">I</em>") && !page.contains(">Ж<"), "{page}");
}

#[tokio::test]
async fn another_organisation_finds_nothing() {
    let house = House::open().await;
    let (officer, stranger, auditor) = (house.officer().await, house.stranger().await, house.auditor().await);
    let id = written(&officer, "Тайна").await;
    let post = house.queue("Школа", "").await;
    for path in [format!("/drafts/{id}"), format!("/drafts?organisation={OWN}"), format!("/posts/{post}/edit")] {
        let answer = stranger.get(&path).await.must_be(404).text();
        assert!(!answer.contains("Тайна"), "{path}: {answer}");
    }
    stranger.get(&format!("/drafts/new?organisation={OWN}")).await.must_be(404);
    let deeds =
        ["", "/submit", "/queue", "/release", "/compare", "/merge", "/approve", "/return", "/comment", "/discard"];
    for deed in deeds {
        let mut form = fields("1", "Чужое", "Чужое");
        form.push(("text", "Чужое"));
        stranger.post(&format!("/drafts/{id}{deed}"), &form).await.must_be(404);
        auditor.post(&format!("/drafts/{id}{deed}"), &form).await.must_be(403);
    }
    // The id of a draft is no way in, even for who names their own organisation.
    let mut form = fields("0", "Чужое", "Чужое");
    form[1] = ("organisation", FOREIGN);
    let kept_as = stranger.post(&format!("/drafts/{id}"), &form).await.must_be(303);
    assert!(!kept_as.location().contains(&id.to_string()), "{}", kept_as.location());
    let name = post.to_string();
    let edit = [&form[..], &[("edits", &*name)]].concat();
    stranger.post(&format!("/drafts/{}", new_id(&stranger).await), &edit).await.must_be(404);

    let draft = kept(&house, id).await;
    assert_eq!((draft.version, draft.content.title.as_str(), draft.state), (1, "Тайна", DraftState::Draft));
    let seen = auditor.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(seen.contains("Тайна") && !seen.contains("<textarea id=\"body\""), "{seen}");
}

#[tokio::test]
async fn markup_in_every_field_stays_text() {
    let house = with_approval().await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let evil = "\"></textarea><script>alert(1)</script><img src=x onerror=alert(1)>";
    let id = new_id(&officer).await;
    let form = |version| {
        let mut form = fields(version, evil, evil);
        form.extend(
            ["link", "tags", "at", "expires_at", "not_before.gorod-vk", "overrides.gorod-vk"].map(|n| (n, evil)),
        );
        form
    };
    officer.post(&format!("/drafts/{id}"), &form("0")).await.must_be(303);
    officer.post(&format!("/drafts/{id}/comment"), &[("text", evil)]).await.must_be(303);
    let other = fields("0", evil, "x");
    let pages = [
        officer.get(&format!("/drafts/{id}")).await.must_be(200),
        editor.get(&format!("/drafts/{id}")).await.must_be(200),
        officer.get("/drafts").await.must_be(200),
        officer.post(&format!("/drafts/{id}"), &other).await.must_be(409),
        officer.post(&format!("/drafts/{id}/queue"), &form("1")).await.must_be(422),
        officer.get("/drafts/new?at=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.must_be(200),
    ];
    for page in pages {
        let text = page.text();
        assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{text}");
    }
    assert!(kept(&house, id).await.content.body.ends_with(evil));
}

#[tokio::test]
async fn a_draft_that_was_put_away_stays_away() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = written(&officer, "Школа").await;
    for _ in 0..2 {
        officer.post(&format!("/drafts/{id}/discard"), &[]).await.must_be(303);
    }
    let late = autosave(&officer, id, &fields("1", "Школа", "Ещё")).await.must_be(410).json();
    assert_eq!(late["path"], format!("/drafts/{id}"));
    officer.post(&format!("/drafts/{id}/queue"), &fields("1", "Школа", TEXT)).await.must_be(303);
    assert!(house.posts().await.is_empty());
    assert_eq!(kept(&house, id).await.state, DraftState::Discarded);
}
