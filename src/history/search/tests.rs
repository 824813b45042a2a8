use super::*;
use crate::domain::PostId;
use crate::history::testing::{Desk, MAX, ORGANISATION, VK, utc};

const NOON: &str = "2026-11-23T02:00:00Z";

/// The bridge is out on MAX and VK, the clean-up was refused by MAX; the school queued one post.
async fn desk() -> (Desk, PostId) {
    let desk = Desk::new().await;
    let bridge = desk.queue("Мост открыт", "Проезд по Зелёной свободен", utc(NOON)).await;
    desk.release(MAX, utc(NOON)).await;
    desk.release(VK, utc("2026-11-23T06:01:01Z")).await;
    desk.queue("Субботник", "Всем", utc("2026-11-23T08:00:00Z")).await;
    desk.reject(MAX, "слишком длинно", utc("2026-11-23T08:00:00Z")).await;
    desk.queue_on("school", "school-max", &[], ("Каникулы", "До января"), utc("2026-11-23T09:00:00Z")).await;
    (desk, bridge)
}

async fn rows(desk: &Desk, filter: Filter) -> Vec<Row> {
    let mut search = Search::begin(&desk.store, filter).await.unwrap();
    let mut rows = Vec::new();
    while let Some(page) = search.next().await.unwrap() {
        for entry in page {
            rows.push(search.row(entry).await.unwrap());
        }
    }
    rows
}

#[tokio::test]
async fn everything_comes_chain_by_chain_in_order() {
    let (desk, _) = desk().await;
    let rows = rows(&desk, Filter::default()).await;
    let places: Vec<_> = rows.iter().map(|row| (row.chain.as_str(), row.seq)).collect();
    let town = desk.store.head(ORGANISATION).await.unwrap().seq;
    let expected: Vec<_> = (1..=town).map(|seq| (ORGANISATION, seq)).chain([("school", 1)]).collect();
    assert_eq!(places, expected);
}

#[tokio::test]
async fn a_row_says_what_an_auditor_asks() {
    let (desk, bridge) = desk().await;
    let filter = Filter { channel: Some(VK.into()), state: Some(State::Published), ..Filter::default() };
    let rows = rows(&desk, filter).await;
    let out: Vec<_> = rows.iter().filter(|row| row.kind == "delivery.published").collect();
    let [row] = out.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.post, row.title.as_deref()), (Some(bridge.0), Some("Мост открыт")));
    assert_eq!(row.platform_time, Some(utc("2026-11-23T06:01:01.040Z")));
    // MAX stamped its post 40 ms after the call; VK's counts from the call, as `history verify` has it.
    assert_eq!(row.distance_seconds, Some(4 * 3600 + 60));
    assert_eq!(row.url.as_deref(), Some("https://example.org/gorod-vk/1795413661"));
}

#[tokio::test]
async fn words_are_found_in_texts_reasons_and_addresses() {
    let (desk, bridge) = desk().await;
    let find = async |text: &str| rows(&desk, Filter { text: Some(text.into()), ..Filter::default() }).await;
    assert!(find("МОСТ зеленой").await.iter().all(|row| row.post == Some(bridge.0)));
    assert!(find("слишком длинно").await.iter().all(|row| row.title.as_deref() == Some("Субботник")));
    assert_eq!(find("gorod-vk/1795413661").await.len(), 1);
    assert!(find("мост субботник").await.is_empty());
}

#[tokio::test]
async fn time_post_and_state_narrow_the_answer() {
    let (desk, bridge) = desk().await;
    let within =
        Filter { from: Some(utc("2026-11-23T06:00:00Z")), to: Some(utc("2026-11-23T08:00:00Z")), ..Filter::default() };
    let found = rows(&desk, within).await;
    assert!(!found.is_empty() && found.iter().all(|row| row.channel.as_deref() == Some(VK)), "{found:?}");
    let of_post = Filter { post: Some(bridge), ..Filter::default() };
    assert_eq!(rows(&desk, of_post).await.len(), desk.store.journal_of_post(bridge).await.unwrap().len());
    let failed = rows(&desk, Filter { state: Some(State::Failed), ..Filter::default() }).await;
    assert!(failed.iter().any(|row| row.kind == "post.queued"));
    assert!(failed.iter().all(|row| row.title.as_deref() == Some("Субботник")), "{failed:?}");
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let (desk, _) = desk().await;
    let error = async |filter| Search::begin(&desk.store, filter).await.unwrap_err().to_string();
    assert!(error(Filter { channel: Some("x".into()), ..Filter::default() }).await.contains("no channel `x`"));
    assert!(error(Filter { organisation: Some("x".into()), ..Filter::default() }).await.contains("gorod, school"));
    let both = Filter { channel: Some(VK.into()), organisation: Some("school".into()), ..Filter::default() };
    assert!(error(both).await.contains("belongs to organisation `gorod`, not to `school`"));
}

#[tokio::test]
async fn the_table_shows_local_times_with_seconds() {
    let (desk, _) = desk().await;
    let mut out = Vec::new();
    let filter = Filter { channel: Some(VK.into()), ..Filter::default() };
    let count = write_table(&desk.store, filter, chrono_tz::Asia::Vladivostok, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(count > 3 && text.contains("2026-11-23 16:01:01 +10:00") && text.contains("4:01:00"), "{text}");
}
