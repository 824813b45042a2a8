//! Posts that are given another time.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::domain::{PostId, State};
use vestnik::office::{MoveTo, OfficeError};
use vestnik::store::{Moved, StoreError};
use vestnik_contract::Clock as _;

use crate::older_copy::{Copy, attention, proven};
use crate::town::{HOUR, MINUTE, Town, morning};

async fn to(town: &Town, id: PostId, channel: Option<&str>, at: &str) -> Result<Moved, OfficeError> {
    let to = MoveTo { at: at.into(), channel: channel.map(ToOwned::to_owned), seen: None };
    town.office.move_post(id, to, "Офицер").await
}

fn refused(moved: Result<Moved, OfficeError>) -> String {
    match moved {
        Err(OfficeError::Store(StoreError::NotMoved(why))) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

/// On 2026-11-23, by the clocks of Moscow.
fn at(hours: i64, minutes: i64) -> DateTime<Utc> {
    morning() - TimeDelta::hours(9) + TimeDelta::minutes(hours * 60 + minutes)
}

#[tokio::test]
async fn a_post_is_moved_with_its_followers_and_keeps_its_revision() {
    let town = Town::new().await;
    let id = town.queue_with("Перенос", "at: 2026-11-23 12:00\nnot_before: {vk: 2026-11-23 20:00}").await;
    let moved = to(&town, id, None, "2026-11-23 15:00").await.unwrap();
    let expected = [("gorod-max", at(15, 0)), ("gorod-site", at(19, 1)), ("gorod-vk", at(20, 0))];
    assert_eq!(moved.planned, expected.map(|(channel, at)| (channel.to_owned(), at)));
    town.pass(HOUR * 5).await;
    assert!(town.on_max().is_empty(), "14:00");
    town.pass(HOUR * 2).await;
    assert_eq!(town.on_max()[0].1, at(15, 0));
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_site()[0].1, town.on_vk()[0].1), (at(19, 1), at(20, 0)));
    assert_eq!(town.store().post_view(id).await.unwrap().revision, 1);
    let kinds: Vec<_> = town.store().journal_page("gorod", 0, 100).await.unwrap();
    assert_eq!(kinds.iter().filter(|row| row.kind == "post.moved").count(), 1);
    proven(&town).await;
}

#[tokio::test]
async fn a_post_is_moved_to_an_earlier_time() {
    let town = Town::new().await;
    let id = town.queue_with("Раньше", "at: 2026-11-25 12:00").await;
    to(&town, id, None, "2026-11-23 10:00").await.unwrap();
    town.pass(HOUR * 6).await;
    assert_eq!(town.on_max()[0].1, at(10, 0));
    assert_eq!(town.on_vk()[0].1, at(14, 1));
    proven(&town).await;
}

#[tokio::test]
async fn what_is_out_keeps_its_time_and_its_followers_move_within_the_hold() {
    let town = Town::new().await;
    let id = town.queue("Вышло").await;
    town.pass(HOUR).await;
    assert!(refused(to(&town, id, None, "2026-11-23 18:00").await).contains("out already"));
    assert!(refused(to(&town, id, Some("gorod-vk"), "2026-11-23 12:00").await).contains("hold has not passed"));
    to(&town, id, Some("gorod-vk"), "2026-11-23 16:00").await.unwrap();
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_site().len(), town.on_vk().len()), (1, 0), "15:00");
    // Back to the minute in which its hold has ended already: it goes out at once.
    to(&town, id, Some("gorod-vk"), "2026-11-23 15:00").await.unwrap();
    town.pass(MINUTE).await;
    assert_eq!(town.on_vk()[0].1, at(15, 0));
    assert!(refused(to(&town, id, Some("gorod-vk"), "2026-11-23 20:00").await).contains("out already"));
    proven(&town).await;
}

#[tokio::test]
async fn a_move_that_comes_between_the_claim_and_the_call_counts() {
    let town = Town::new().await;
    let id = town.queue("На пороге").await;
    let store = town.store();
    let claim = store.claim("gorod-max", morning(), "other", morning() + TimeDelta::minutes(1)).await.unwrap().unwrap();
    to(&town, id, None, "2026-11-23 12:00").await.unwrap();
    let intent = vestnik::store::Intent {
        claim,
        prepared: None,
        clocks: vestnik::store::Clocks::default(),
        instance: "other".into(),
        lease_until: morning() + TimeDelta::minutes(1),
        gap: std::time::Duration::ZERO,
    };
    let begun = store.begin_attempt(intent, morning()).await.unwrap();
    assert_eq!(begun, vestnik::store::Begin::NotNow("the post was moved".into()));
    town.pass(HOUR * 2).await;
    assert!(town.on_max().is_empty());
    town.pass(HOUR * 2).await;
    assert_eq!(town.on_max().len(), 1);
}

#[tokio::test]
async fn a_copy_that_does_not_know_of_a_move_learns_of_it() {
    let mut town = Town::new().await;
    let id = town.queue_with("Перенесено после копии", "at: 2026-11-23 10:00").await;
    let copy = Copy::of(&mut town).await;
    to(&town, id, None, "2026-11-23 18:00").await.unwrap();
    to(&town, id, Some("gorod-vk"), "2026-11-24 09:00").await.unwrap();

    copy.put_back(&mut town).await;
    town.pass(HOUR * 8).await;
    assert!(town.on_max().is_empty(), "17:00: the copy knows 10:00");
    assert_eq!(town.state(id, "gorod-max").await, State::Queued);
    town.pass(HOUR * 10).await;
    assert_eq!((town.on_max()[0].1, town.on_site()[0].1), (at(18, 0), at(22, 1)));
    assert!(town.on_vk().is_empty(), "the follower's own time was told, too");
    town.pass(HOUR * 8).await;
    assert_eq!(town.on_vk()[0].1, at(24 + 9, 0));
    assert!(attention(&town).await.is_empty());
    proven(&town).await;
}

#[tokio::test]
async fn the_second_of_two_people_is_told_and_a_repeated_word_is_harmless() {
    let town = Town::new().await;
    let id = town.queue_with("Двое", "at: 2026-11-23 12:00").await;
    let seen = Some(at(12, 0).timestamp_micros());
    let wish = |at: &str| MoveTo { at: at.into(), channel: None, seen };
    for _ in 0..2 {
        town.office.move_post(id, wish("2026-11-23 15:00"), "Первая").await.unwrap();
    }
    let second = town.office.move_post(id, wish("2026-11-23 17:00"), "Вторая").await;
    assert!(refused(second).contains("moved meanwhile"));
    let rows = town.store().journal_page("gorod", 0, 100).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.kind == "post.moved").count(), 1);
}

/// A text without a time keeps the old one, so that what is overdue is looked for thoroughly.
#[tokio::test]
async fn an_overdue_post_gets_no_other_time_with_its_text_before_it_was_looked_for() {
    let mut town = Town::new().await;
    let now = town.clock.now();
    town.store().pause_channel("gorod-max", "Администратор", "проверка", now).await.unwrap();
    let id = town.queue("Ярмарка").await;
    let copy = Copy::of(&mut town).await;
    town.store().resume_channel("gorod-max", "Администратор", now).await.unwrap();
    town.settle_now().await;
    town.edit(id, "Ярмарка мёда").await;
    town.settle_now().await;
    copy.put_back_alone(&mut town).await;
    town.settle_now().await;

    let text = "Новый текст «Ярмарка хлеба».";
    let later = town.file("later.md", &format!("---\ntitle: Ярмарка хлеба\nat: 2026-11-23 18:00\n---\n{text}\n"));
    let refused = town.office.edit(id, &later, "Офицер").await.unwrap_err().to_string();
    assert!(refused.contains("leave `at` out of the file"), "{refused}");
    town.edit(id, "Ярмарка хлеба").await;
    town.store().resume_channel("gorod-max", "Администратор", town.clock.now()).await.unwrap();
    town.pass(HOUR * 12).await;
    assert_eq!(town.on_max().len(), 1);
    let asked = attention(&town).await;
    assert!(asked.iter().any(|line| line.starts_with("stopped gorod-max")), "{asked:?}");
}
