use super::*;
use crate::history::testing::{Desk, MAX, ORGANISATION, VK, utc};

const NOON: &str = "2026-11-23T02:00:00Z";

async fn places(desk: &Desk, matching: &str) -> Vec<u64> {
    let whole = crate::store::Stretch { above: 0, below: u64::MAX, newest_first: false };
    let rows = desk.store.journal_stretch(ORGANISATION, Some(matching), whole, 1_000).await.unwrap();
    rows.iter().map(|row| place_of(row.seq)).collect()
}

#[tokio::test]
async fn the_index_follows_the_journal_and_takes_nothing_twice() {
    let desk = Desk::new().await;
    let post = desk.queue("Мост открыт", "Проезд свободен", utc(NOON)).await;
    let first = catch_up(&desk.store, ORGANISATION, u64::MAX).await.unwrap();
    assert_eq!(first.missing(), 0);
    desk.release(MAX, utc(NOON)).await;
    desk.release(VK, utc("2026-11-23T06:01:01Z")).await;
    assert!(reach(&desk.store, ORGANISATION).await.unwrap().missing() > 0);
    for _ in 0..2 {
        assert_eq!(catch_up(&desk.store, ORGANISATION, u64::MAX).await.unwrap().missing(), 0);
    }
    let of_post = desk.store.journal_of_post(post).await.unwrap();
    let every: Vec<_> = of_post.iter().map(|row| place_of(row.seq)).collect();
    assert_eq!(places(&desk, &format!("marks : \"{}\"", mark_of_post(post.0))).await, every);
    assert_eq!(places(&desk, &format!("words : \"{}\"", stems("открытым мостом"))).await.len(), 0);
    let across = format!("words : \"{}\"", stems("открыт проезд"));
    assert_eq!(places(&desk, &across).await.len(), 0, "a phrase does not reach from the headline into the text");
    assert_eq!(places(&desk, &format!("words : \"{}\"", stems("мосты"))).await, every);
}

#[tokio::test]
async fn a_page_that_another_process_indexed_is_left_alone() {
    let desk = Desk::new().await;
    desk.queue("Мост открыт", "Проезд свободен", utc(NOON)).await;
    let reach = catch_up(&desk.store, ORGANISATION, u64::MAX).await.unwrap();
    let late = RowWords { seq: 1, words: "лишн".into(), ..RowWords::default() };
    let upto = desk.store.index_rows(ORGANISATION, FORM, (0, 1), vec![late], Vec::new()).await.unwrap();
    assert_eq!(upto, reach.upto);
    assert!(places(&desk, "words : \"лишн\"").await.is_empty());
}

#[tokio::test]
async fn another_form_begins_anew() {
    let desk = Desk::new().await;
    desk.queue("Мост открыт", "Проезд свободен", utc(NOON)).await;
    catch_up(&desk.store, ORGANISATION, u64::MAX).await.unwrap();
    catch_up(&desk.store, "school", u64::MAX).await.unwrap();
    let new = RowWords { seq: 1, words: "нов".into(), ..RowWords::default() };
    assert_eq!(desk.store.index_rows(ORGANISATION, FORM + 1, (0, 1), vec![new], Vec::new()).await.unwrap(), 1);
    assert_eq!(places(&desk, "words : \"нов\"").await, [1]);
    assert!(places(&desk, &format!("words : \"{}\"", stems("мост"))).await.is_empty());
    assert_eq!(reach(&desk.store, ORGANISATION).await.unwrap().upto, 0);
}

#[tokio::test]
async fn distances_are_those_of_the_rule() {
    let desk = Desk::new().await;
    let post = desk.queue("Мост открыт", "Проезд свободен", utc(NOON)).await;
    desk.release(MAX, utc(NOON)).await;
    desk.release(VK, utc("2026-11-23T06:01:01Z")).await;
    catch_up(&desk.store, ORGANISATION, u64::MAX).await.unwrap();
    let period = crate::store::DistancePeriod {
        chain: ORGANISATION.into(),
        from: utc("2026-11-23T00:00:00Z"),
        to: utc("2026-11-24T00:00:00Z"),
        channel: None,
    };
    let first = crate::store::DistancePlace::FIRST;
    let smallest = desk.store.smallest_distances(&period, first, 10).await.unwrap();
    let [(place, of)] = smallest.as_slice() else { panic!("{smallest:?}") };
    let distance = measured(&desk.store, post).await.unwrap().remove(&place.seq).unwrap();
    assert_eq!((Some(place.key), of), (distance.distance_seconds, &post.to_string()));
    assert_eq!(desk.store.count_distances(&period).await.unwrap(), [("kept".to_owned(), 1)]);
}
