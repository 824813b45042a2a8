//! The four-hour rule of a period.

use std::time::Duration;

use sqlx::Connection as _;

use super::house::House;

/// A house with two posts that are out everywhere.
async fn house() -> House {
    let house = House::open().await;
    house.queue("Мост открыт", "").await;
    house.pass(Duration::from_secs(2 * 3600)).await;
    house.queue("Субботник", "").await;
    house.pass(Duration::from_secs(6 * 3600)).await;
    house
}

#[tokio::test]
async fn every_publication_stands_with_its_distance_the_smallest_first() {
    let house = house().await;
    let auditor = house.auditor().await;
    let page = auditor.get("/rule").await.must_be(200).text();
    assert!(page.contains("Правило соблюдено: 4 публикации"), "{page}");
    let table = page.split("<tbody>").nth(1).unwrap();
    let distances: Vec<&str> = table.match_indices("/journal/gorod/").map(|(at, _)| &table[at..]).collect();
    let distances: Vec<&str> = distances
        .iter()
        .filter_map(|rest| rest.split('>').nth(1)?.split('<').next())
        .filter(|d| d.contains(':'))
        .collect();
    assert_eq!(distances.len(), 4, "{page}");
    assert!(distances.iter().all(|distance| distance.starts_with("4:0")) && distances.is_sorted(), "{distances:?}");
    let vk = auditor.get("/rule?channel=gorod-vk").await.must_be(200).text();
    assert!(vk.contains("Правило соблюдено: 2 публикации"), "{vk}");
    let before = auditor.get("/rule?from=2026-10-01&to=2026-10-31").await.must_be(200).text();
    assert!(before.contains("публикаций после MAX нет"), "{before}");
}

/// Somebody who knows no hashes writes the publications on a channel anew. Gives where they stand.
async fn forge(house: &House, channel: &str, change: impl Fn(&mut serde_json::Value)) -> Vec<i64> {
    let url = format!("sqlite:{}", house.office.store.place().display());
    let mut db = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT seq, entry FROM journal WHERE chain = 'gorod' AND kind = 'delivery.published' AND channel = $1 ORDER BY seq",
    )
    .bind(channel)
    .fetch_all(&mut db)
    .await
    .unwrap();
    sqlx::query("DROP TRIGGER IF EXISTS journal_is_append_only").execute(&mut db).await.unwrap();
    for (seq, entry) in &rows {
        let mut value: serde_json::Value = serde_json::from_str(entry).unwrap();
        change(&mut value["detail"]);
        sqlx::query("UPDATE journal SET entry = $1 WHERE chain = 'gorod' AND seq = $2")
            .bind(serde_jcs::to_string(&value).unwrap())
            .bind(seq)
            .execute(&mut db)
            .await
            .unwrap();
    }
    db.close().await.unwrap();
    rows.into_iter().map(|(seq, _)| seq).collect()
}

#[tokio::test]
async fn an_early_publication_stands_at_the_top() {
    let house = house().await;
    // The platform's own time an hour after the later post was queued.
    let early = |detail: &mut serde_json::Value| {
        if detail["platform_time"].as_str() > Some("2026-11-23T12:00") {
            detail["platform_time"] = "2026-11-23T09:00:00.000000Z".into();
        }
    };
    let seq = forge(&house, "gorod-vk", early).await.pop().unwrap();
    let auditor = house.auditor().await;
    let page = auditor.get("/rule").await.must_be(200).text();
    assert!(page.contains("Правило нарушено: всего публикаций 4, раньше срока 1"), "{page}");
    let first = page.split("<tbody>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(first.contains("раньше срока") && first.contains(&format!("/journal/gorod/{seq}")), "{first}");
}

#[tokio::test]
async fn of_what_nobody_can_know_it_is_said_so() {
    let house = House::open().await;
    let id = house.queue("Мост открыт", "").await;
    house.pass(Duration::from_secs(60)).await;
    let file = house.path("edit.md");
    std::fs::write(&file, "---\ntitle: Мост открыт для всех\n---\nПоправлено.\n").unwrap();
    house.office.edit(id, &file, "Офицер").await.unwrap();
    house.pass(Duration::from_secs(6 * 3600)).await;
    // As after an older copy without its history: looks alone tell that the edit and its followers stand.
    forge(&house, "gorod-max", |detail| {
        if detail["action"] == "edit" {
            detail["by"] = "find".into();
            detail["counts_from"] = "2026-11-23T11:00:00.000000Z".into();
        }
    })
    .await;
    for channel in ["gorod-vk", "gorod-site"] {
        forge(&house, channel, |detail| {
            detail["by"] = "find".into();
            detail.as_object_mut().unwrap().remove("attempt");
        })
        .await;
    }
    let auditor = house.auditor().await;
    let page = auditor.get("/rule").await.must_be(200).text();
    assert!(
        page.contains("Нарушений не видно: всего публикаций 2. Неизвестно, сколько прошло после MAX: 2."),
        "{page}"
    );
    assert!(page.contains("data-state=\"wait\">неизвестно") && !page.contains("раньше срока"), "{page}");
    let post = auditor.get(&format!("/posts/{id}")).await.must_be(200).text();
    assert!(post.contains("data-state=\"wait\">неизвестно"), "{post}");
}

#[tokio::test]
async fn copies_hold_every_publication_and_no_formula() {
    let house = house().await;
    house.queue("\"=1+1\"", "").await;
    house.pass(Duration::from_secs(6 * 3600)).await;
    let auditor = house.auditor().await;
    let table = auditor.post("/rule/export", &[("kind_of_copy", "csv")]).await.must_be(200).text();
    let records: Vec<_> = csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 6, "{table}");
    assert!(records.iter().all(|r| &r[2] == "kept" && r[0].parse::<i64>().unwrap() >= 14_400), "{table}");
    assert_eq!(records.iter().filter(|r| &r[9] == "'=1+1").count(), 2, "{table}");
    let book = auditor.post("/rule/export", &[("kind_of_copy", "xlsx")]).await.must_be(200);
    assert!(book.body.starts_with(b"PK"));
    let journal = auditor.get("/journal?kind=history").await.must_be(200).text();
    assert!(
        journal.contains("Снята копия журнала (csv)") && journal.contains("Снята копия журнала (xlsx)"),
        "{journal}"
    );
}

#[tokio::test]
async fn a_copy_that_nobody_got_stands_in_no_journal() {
    let house = house().await;
    let auditor = house.auditor().await;
    auditor.post("/rule/export", &[("kind_of_copy", "jsonl")]).await.must_be(422);
    let journal = auditor.get("/journal?kind=history").await.must_be(200).text();
    assert!(!journal.contains("Снята копия журнала"), "{journal}");
}

#[tokio::test]
async fn nobody_learns_of_another_organisation() {
    let house = house().await;
    let stranger = house.stranger().await;
    for path in ["/rule?organisation=gorod", "/rule?channel=gorod-vk", "/rule?organisation=nowhere"] {
        stranger.get(path).await.must_be(404);
    }
    let export = [("kind_of_copy", "csv"), ("organisation", "gorod")];
    stranger.post("/rule/export", &export).await.must_be(404);
    assert!(!stranger.get("/rule").await.must_be(200).text().contains("Мост"));
}
