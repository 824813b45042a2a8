//! More than a post may be: nobody else has to carry it, and whoever typed it loses nothing.

use vestnik::domain::draft::HEADLINE_CHARS_MAX;
use vestnik_sandbox::town::Platform;

use super::drafts::{TEXT, autosave, fields, kept, new_id, written};
use super::house::{FOREIGN, House, OWN};

const TOLD: &str = "1001 знаков, а в публикации можно до 1000";

#[tokio::test]
async fn a_headline_without_end_is_not_kept_and_not_lost() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    let title = "ж".repeat(HEADLINE_CHARS_MAX + 1);
    let path = format!("/drafts/{id}");

    let answer = autosave(&officer, id, &fields("0", &title, TEXT)).await.must_be(422).json();
    let said = answer["say"].as_str().unwrap();
    assert!(said.contains("Не сохранено") && said.contains(TOLD) && said.contains("когда вы его сократите"), "{said}");
    let composer = officer.post(&path, &fields("0", &title, TEXT)).await.must_be(422).text();
    assert!(composer.contains(TOLD) && composer.contains(&title), "{composer}");
    assert!(composer.contains("Открыта **новая** школа.\n\nВход свободный.</textarea>"), "{composer}");
    officer.get(&path).await.must_be(404);

    autosave(&officer, id, &fields("0", "Школа", TEXT)).await.must_be(200);
    for button in ["", "/submit", "/queue"] {
        let composer = officer.post(&format!("{path}{button}"), &fields("1", &title, "Новый текст")).await.must_be(422);
        assert!(composer.text().contains(&title) && composer.text().contains("Новый текст"), "{button}");
    }
    let draft = kept(&house, id).await;
    assert_eq!((draft.version, draft.content.title.as_str()), (1, "Школа"));
    assert!(house.posts().await.is_empty());
    let longest = "ж".repeat(HEADLINE_CHARS_MAX);
    autosave(&officer, id, &fields("1", &longest, TEXT)).await.must_be(200);
}

#[tokio::test]
async fn no_field_of_a_draft_is_without_end() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = new_id(&officer).await;
    let (line, text) = ("x".repeat(2001), "x".repeat(100_001));
    for (field, value) in [
        ("link", &line),
        ("tags", &line),
        ("at", &line),
        ("expires_at", &line),
        ("not_before.gorod-vk", &line),
        ("body", &text),
        // A channel that is not chosen may be chosen later.
        ("overrides.gorod-max", &text),
    ] {
        let form = [fields("0", "Школа", ""), vec![(field, value.as_str())]].concat();
        let answer = autosave(&officer, id, &form).await;
        assert_eq!(answer.status.as_u16(), 422, "{field}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_headline_from_before_there_was_a_bound_is_short_in_the_journal() {
    let house = House::open().await;
    let officer = house.officer().await;
    let id = written(&officer, "Школа").await;
    let title = "ж".repeat(50_000);
    house.sql(&format!("UPDATE draft SET content = json_set(content, '$.title', '{title}') WHERE id = '{id}'")).await;
    officer.post(&format!("/drafts/{id}/discard"), &[]).await.must_be(303);
    let rows = house.office.store.journal_page(OWN, 0, 100).await.unwrap();
    let row = rows.iter().find(|row| row.kind == "draft.discarded").unwrap();
    assert!(row.entry.contains(&"ж".repeat(HEADLINE_CHARS_MAX)) && row.entry.len() < 5000, "{}", row.entry.len());
}

#[tokio::test]
async fn channels_of_others_mean_nothing_in_a_draft() {
    let slug = format!("{FOREIGN}-vk");
    let named = |config: String| {
        let line = format!("slug = \"{slug}\"");
        assert!(config.contains(&line), "{config}");
        config.replace(&line, &format!("{line}\nname = \"Тайная площадка\""))
    };
    let platforms = [Platform::Max, Platform::Vk];
    let house = House::with(&platforms, named).await;
    let officer = house.officer().await;
    let id = written(&officer, "Школа").await;
    let (text, time) = (format!("overrides.{slug}"), format!("not_before.{slug}"));
    let many: Vec<_> = (0..1000).map(|n| format!("overrides.x{n}")).collect();
    let mut form = fields("1", "Школа", TEXT);
    form.extend([("channels", slug.as_str()), (text.as_str(), "чужое"), (time.as_str(), "2026-11-24T10:00")]);
    form.extend(many.iter().map(|name| (name.as_str(), "лишнее")));

    for way in ["compare", "merge"] {
        let page = officer.post(&format!("/drafts/{id}/{way}"), &form).await.text();
        assert!(page.contains(&slug), "the slug is what was typed, {way}: {page}");
        for secret in ["Тайная площадка", "чужое", "лишнее"] {
            assert!(!page.contains(secret), "{secret}, {way}: {page}");
        }
    }
    let long = "x".repeat(100_001);
    form.push((text.as_str(), &long));
    let page = officer.post("/preview", &form).await.must_be(200).text();
    assert!(!page.contains("Тайная площадка"), "{page}");
    autosave(&officer, id, &form).await.must_be(200);
    let content = kept(&house, id).await.content;
    assert!(content.overrides.is_empty() && content.not_before.is_empty(), "{content:?}");
    assert!(!officer.get(&format!("/drafts/{id}")).await.text().contains("Тайная площадка"));
}
