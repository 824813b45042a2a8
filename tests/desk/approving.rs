//! Drafts that an editor approves: of which text the approval is, and for when.

use vestnik::domain::draft::DraftState;

use super::drafts::{TEXT, autosave, fields, id_on, kept, kinds, new_id, with_approval, written};
use super::house::OWN;

#[tokio::test]
async fn an_editor_approves_what_others_wrote() {
    let house = with_approval().await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let id = written(&officer, "Школа").await;
    let path = |deed: &str| format!("/drafts/{id}/{deed}");
    // Not without an editor, whatever the form says.
    let refused = officer.post(&path("queue"), &fields("1", "Школа", TEXT)).await.must_be(422).text();
    assert!(refused.contains("Сначала черновик должен согласовать редактор"), "{refused}");
    officer.post(&path("release"), &[("version", "1")]).await.must_be(422);
    editor.post(&path("approve"), &[("version", "1")]).await.must_be(422);

    let sent = officer.post(&path("submit"), &fields("1", "Школа", TEXT)).await.must_be(303);
    let told = officer.get(sent.location()).await.must_be(200).text();
    assert!(told.contains("Отправлено на согласование. Редактор увидит"), "{told}");
    officer.post(&path("approve"), &[("version", "1")]).await.must_be(403);
    assert_eq!(house.office.store.submitted_drafts().await.unwrap(), [(OWN.to_owned(), 1)]);
    editor.post(&path("return"), &[("version", "1"), ("text", " ")]).await.must_be(422);
    let back = editor.post(&path("return"), &[("version", "1"), ("text", "Добавьте адрес")]).await.must_be(303);
    let told = editor.get(back.location()).await.must_be(200).text();
    assert!(told.contains("Черновик возвращён в работу"), "{told}");
    let told = officer.get(sent.location()).await.must_be(200).text();
    assert!(!told.contains("Отправлено на согласование."), "an old address says nothing old: {told}");
    let remark = officer.post(&path("comment"), &[("text", "Адрес добавлю")]).await.must_be(303);
    let told = officer.get(remark.location()).await.must_be(200).text();
    assert!(told.contains("Замечание добавлено.") && told.contains("Адрес добавлю"), "{told}");
    let page = officer.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(page.contains("Добавьте адрес") && page.contains("Сотрудник 1"), "{page}");
    let place = |mark: &str| page.find(mark).unwrap();
    assert!(place("Добавьте адрес") < place("name=\"title\""), "what to change is read before it is changed: {page}");
    assert!(place("name=\"title\"") < place("Адрес добавлю"), "one's own remark is no news: {page}");

    let body = "Открыта новая школа: Ленина, 1.";
    officer.post(&path("submit"), &fields("1", "Школа", body)).await.must_be(303);
    // What was read before is not what there is now.
    let stale = editor.post(&path("approve"), &[("version", "1")]).await.must_be(409).text();
    assert!(stale.contains("Черновик за это время изменился"), "{stale}");
    editor.post(&path("approve"), &[("version", "2")]).await.must_be(303);
    editor.post(&path("approve"), &[("version", "2")]).await.must_be(303);
    assert_eq!(kept(&house, id).await.approved.unwrap().1.by, "Сотрудник 1");

    // A change after the approval takes it back, and shows what changed since.
    officer.post(&format!("/drafts/{id}"), &fields("2", "Школа", "Открыта новая школа.")).await.must_be(303);
    assert_eq!(kept(&house, id).await.state, DraftState::Draft);
    officer.post(&path("release"), &[("version", "3")]).await.must_be(422);
    officer.post(&path("submit"), &fields("3", "Школа", "Открыта новая школа.")).await.must_be(303);
    let since = editor.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(since.contains("Что изменилось после согласования") && since.contains("<del>"), "{since}");
    let approved = editor.post(&path("approve"), &[("version", "3")]).await.must_be(303);
    let told = editor.get(approved.location()).await.must_be(200).text();
    assert!(told.contains("В очереди публикации ещё нет: осталось нажать «Поставить в очередь»."), "{told}");
    let place = |mark: &str| told.find(mark).unwrap();
    assert!(place("id=\"text\"") < place("id=\"decide\""), "the decision follows the text");
    assert!(place("id=\"decide\"") < place("id=\"preview\""), "the decision is not below the views");
    let queued = officer.post(&path("release"), &[("version", "3")]).await.must_be(303);
    assert!(queued.location().starts_with("/posts/"), "{}", queued.location());

    let rows = house.office.store.journal_page(OWN, 0, 100).await.unwrap();
    assert_eq!(
        kinds(&rows),
        [
            "draft.submitted",
            "draft.returned",
            "draft.submitted",
            "draft.approved",
            "draft.returned",
            "draft.submitted",
            "draft.approved",
        ]
    );
}

#[tokio::test]
async fn nobody_approves_their_own_words() {
    let house = with_approval().await;
    let (officer, editor, other) = (house.officer().await, house.editor().await, house.editor().await);
    let own = written(&editor, "Своё").await;
    editor.post(&format!("/drafts/{own}/submit"), &fields("1", "Своё", TEXT)).await.must_be(303);
    let refused = editor.post(&format!("/drafts/{own}/approve"), &[("version", "1")]).await.must_be(422).text();
    assert!(refused.contains("Автор не согласует свой текст"), "{refused}");

    // Whoever wrote a word in another's draft is an author of it.
    let shared = written(&officer, "Общее").await;
    editor.post(&format!("/drafts/{shared}"), &fields("1", "Общее", "Слово редактора")).await.must_be(303);
    officer.post(&format!("/drafts/{shared}/submit"), &fields("2", "Общее", "Слово автора")).await.must_be(303);
    editor.post(&format!("/drafts/{shared}/approve"), &[("version", "3")]).await.must_be(422);
    other.post(&format!("/drafts/{shared}/approve"), &[("version", "3")]).await.must_be(303);
}

#[tokio::test]
async fn an_approval_for_the_past_asks_for_a_new_time() {
    let house = with_approval().await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let id = new_id(&officer).await;
    let path = |deed: &str| format!("/drafts/{id}/{deed}");
    let mut form = fields("0", "Школа", TEXT);
    form.push(("at", "2026-11-23T10:00"));
    officer.post(&path("submit"), &form).await.must_be(303);
    editor.post(&path("approve"), &[("version", "1")]).await.must_be(303);
    house.pass(std::time::Duration::from_secs(2 * 3600)).await;

    let asked = officer.post(&path("release"), &[("version", "1")]).await.must_be(422).text();
    assert!(asked.contains("Время выхода прошло") && asked.contains("datetime-local"), "{asked}");
    officer.post(&path("release"), &[("version", "1"), ("at", "2026-11-23T10:30")]).await.must_be(422);
    officer.post(&path("release"), &[("version", "1"), ("at", "2026-11-23T15:00")]).await.must_be(303);
    let post = house.office.store.post_view(kept(&house, id).await.post.unwrap()).await.unwrap();
    assert_eq!(post.deliveries[0].delivery.planned_at.to_rfc3339(), "2026-11-23T12:00:00+00:00");
}

#[tokio::test]
async fn nothing_is_approved_for_the_past() {
    let house = with_approval().await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let id = new_id(&officer).await;
    let path = |deed: &str| format!("/drafts/{id}/{deed}");
    let mut form = fields("0", "Школа", TEXT);
    form.push(("at", "2026-11-23T10:00"));
    officer.post(&path("submit"), &form).await.must_be(303);
    let page = editor.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(page.contains("<dt>Выход в MAX</dt><dd>23 ноября, 10:00</dd>"), "{page}");
    assert!(page.contains("MAX 23 ноября, 10:00 → VK, Сайт не раньше 14:01"), "{page}");

    house.pass(std::time::Duration::from_secs(2 * 3600)).await;
    let page = editor.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(page.contains("<dt>Выход в MAX</dt><dd>23 ноября, 10:00</dd>"), "{page}");
    assert!(page.contains("время выхода прошло: 23 ноября, 10:00") && !page.contains("сразу"), "{page}");
    let asked = editor.post(&path("approve"), &[("version", "1")]).await.must_be(422).text();
    assert!(asked.contains("Время выхода прошло") && asked.contains("datetime-local"), "{asked}");
    assert!(asked.contains(&format!("action=\"/drafts/{id}/approve\"")), "{asked}");
    let again = [("version", "1"), ("at", "2026-11-23T10:30")];
    editor.post(&path("approve"), &again).await.must_be(422);
    assert_eq!(kept(&house, id).await.state, DraftState::Submitted);
    let later = [("version", "1"), ("at", "2026-11-23T15:00")];
    for _ in 0..2 {
        editor.post(&path("approve"), &later).await.must_be(303);
    }
    let draft = kept(&house, id).await;
    assert_eq!((draft.state, draft.content.at.as_str(), draft.version), (DraftState::Approved, "2026-11-23T15:00", 2));
    // A new time makes no author: whoever chose it may approve.
    assert_eq!(draft.authors, ["Сотрудник 0"]);
    officer.post(&path("release"), &[("version", "2")]).await.must_be(303);
    let post = house.office.store.post_view(kept(&house, id).await.post.unwrap()).await.unwrap();
    assert_eq!(post.deliveries[0].delivery.planned_at.to_rfc3339(), "2026-11-23T12:00:00+00:00");
}

#[tokio::test]
async fn another_time_leaves_the_approval_of_the_text() {
    let house = with_approval().await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let id = new_id(&officer).await;
    let path = |deed: &str| format!("/drafts/{id}/{deed}");
    let at = |version, at| [&fields(version, "Школа", TEXT)[..], &[("at", at)]].concat();
    officer.post(&path("submit"), &at("0", "2026-11-23T12:00")).await.must_be(303);
    editor.post(&path("approve"), &[("version", "1")]).await.must_be(303);

    // On the calendar, and in the composer.
    officer.post(&path("move"), &[("version", "1"), ("at", "2026-11-24T12:00")]).await.must_be(303);
    assert_eq!(kept(&house, id).await.state, DraftState::Approved);
    autosave(&officer, id, &at("2", "2026-11-25T12:00")).await.must_be(200);
    let draft = kept(&house, id).await;
    assert_eq!((draft.state, draft.version, draft.content.at.as_str()), (DraftState::Approved, 3, "2026-11-25T12:00"));
    // Whoever saw another time is told.
    officer.post(&path("move"), &[("version", "2"), ("at", "2026-11-26T12:00")]).await.must_be(409);
    let page = editor.get(&format!("/drafts/{id}")).await.must_be(200).text();
    assert!(page.contains("<dt>Выход в MAX</dt><dd>25 ноября, 12:00</dd>"), "{page}");
    assert!(page.contains("<dt>Согласована версия 3</dt><dd>Сотрудник 1,"), "{page}");
    officer.post(&path("release"), &[("version", "3")]).await.must_be(303);
    let rows = house.office.store.journal_page(OWN, 0, 100).await.unwrap();
    assert_eq!(kinds(&rows), ["draft.submitted", "draft.approved"]);

    // A word beside the time is a word.
    let other = written(&officer, "Сад").await;
    officer.post(&format!("/drafts/{other}/submit"), &fields("1", "Сад", TEXT)).await.must_be(303);
    editor.post(&format!("/drafts/{other}/approve"), &[("version", "1")]).await.must_be(303);
    let both = [&fields("1", "Сады", TEXT)[..], &[("at", "2026-11-25T12:00")]].concat();
    autosave(&officer, other, &both).await.must_be(200);
    assert_eq!(kept(&house, other).await.state, DraftState::Draft);
}

#[tokio::test]
async fn an_approval_is_of_the_text_that_it_replaces_too() {
    let house = with_approval().await;
    let (officer, editor) = (house.officer().await, house.editor().await);
    let post = house.queue("Школа", "at: 2026-11-23 12:00").await;
    let page = officer.get(&format!("/posts/{post}/edit")).await.must_be(200).text();
    let (id, name) = (id_on(&page), post.to_string());
    let path = |deed: &str| format!("/drafts/{id}/{deed}");
    // A form that claims to have seen what is not written yet.
    let form = [&fields("0", "Школа открыта", TEXT)[..], &[("edits", &*name), ("began_from", "2")]].concat();
    officer.post(&path("submit"), &form).await.must_be(303);
    editor.post(&path("approve"), &[("version", "1")]).await.must_be(303);

    let file = house.path("other.md");
    std::fs::write(&file, "---\ntitle: Школа и сад\n---\nТекст.\n").unwrap();
    house.office.edit(post, &file, "Начальник").await.unwrap();
    let refused = officer.post(&path("release"), &[("version", "1")]).await.must_be(422).text();
    assert!(refused.contains("Публикация за это время изменилась"), "{refused}");
    // The officer has seen the new text. The editor has not.
    officer.post(&path("go-on"), &[("revision", "2")]).await.must_be(303);
    assert_eq!(kept(&house, id).await.state, DraftState::Draft);
    officer.post(&path("release"), &[("version", "1")]).await.must_be(422);
    assert_eq!(house.office.store.post_view(post).await.unwrap().content.title, "Школа и сад");
    let rows = house.office.store.journal_page(OWN, 0, 100).await.unwrap();
    assert_eq!(kinds(&rows), ["draft.submitted", "draft.approved", "draft.returned"]);
    assert!(rows.iter().any(|row| row.entry.contains("the post that it edits was changed after it was approved")));

    officer.post(&path("submit"), &fields("1", "Школа открыта", TEXT)).await.must_be(303);
    editor.post(&path("approve"), &[("version", "1")]).await.must_be(303);
    officer.post(&path("release"), &[("version", "1")]).await.must_be(303);
    assert_eq!(house.office.store.post_view(post).await.unwrap().content.title, "Школа открыта");
}
