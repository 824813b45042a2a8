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

#[tokio::test]
async fn an_early_publication_stands_at_the_top() {
    let house = house().await;
    let url = format!("sqlite:{}", house.office.store.place().display());
    let mut db = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let mut rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT seq, entry FROM journal WHERE chain = 'gorod' AND kind = 'delivery.published' AND channel = 'gorod-vk'",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    let (seq, entry) = rows.pop().unwrap();
    sqlx::query("DROP TRIGGER journal_is_append_only").execute(&mut db).await.unwrap();
    // The platform's own time an hour after the post was queued: what a forger who knows no hashes would not write.
    let mut value: serde_json::Value = serde_json::from_str(&entry).unwrap();
    value["detail"]["platform_time"] = "2026-11-23T09:00:00.000000Z".into();
    let entry = serde_json_canonical(&value);
    sqlx::query("UPDATE journal SET entry = $1 WHERE chain = 'gorod' AND seq = $2")
        .bind(entry)
        .bind(seq)
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    let auditor = house.auditor().await;
    let page = auditor.get("/rule").await.must_be(200).text();
    assert!(page.contains("Правило нарушено: всего публикаций 4, раньше срока 1"), "{page}");
    let first = page.split("<tbody>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(first.contains("раньше срока") && first.contains(&format!("/journal/gorod/{seq}")), "{first}");
}

/// The journal's spelling of a value (RFC 8785).
fn serde_json_canonical(value: &serde_json::Value) -> String {
    serde_jcs::to_string(value).unwrap()
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
