//! The weekly minimum: this week, and the last half year.

use std::time::Duration;

use super::house::{House, OWN};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn a_week_says_what_it_has_what_is_planned_and_what_is_missing() {
    let house = House::open().await;
    let officer = house.officer().await;
    let empty = officer.get("/weeks").await.must_be(200).text();
    assert!(empty.contains("не хватает 3 публикаций") && empty.contains("23 ноября – 29 ноября 2026"), "{empty}");
    house.queue("Первая", "").await;
    house.queue("Вторая", "at: 2026-11-25 10:00").await;
    let two = officer.get("/weeks").await.must_be(200).text();
    assert!(two.contains("не хватает 1 публикации"));
    house.queue("Третья", "at: 2026-11-27 10:00").await;
    let planned = officer.get("/weeks").await.must_be(200).text();
    assert!(planned.contains("по плану будет выполнена") && planned.contains("Третья"));
    house.pass(DAY * 6).await;
    let met = officer.get("/weeks").await.must_be(200).text();
    assert_eq!(met.matches("норма выполнена</span>").count(), 3, "on each of the three channels: {met}");
}

#[tokio::test]
async fn past_weeks_are_a_picture_with_the_same_in_words_and_figures() {
    let house = House::open().await;
    // Weeks count from when vestnik was set up, and people are its first entries.
    let officer = house.officer().await;
    for day in 23..26 {
        house.queue(&format!("Новость {day}"), &format!("at: 2026-11-{day} 10:00")).await;
    }
    house.pass(DAY * 14).await;
    let page = officer.get("/weeks").await.must_be(200).text();
    assert!(page.contains("<svg") && page.contains("role=\"img\""));
    assert!(page.contains("MAX: норма выполнена в 1 из 2 недель."), "one week had three posts, the next none: {page}");
    assert_eq!(page.matches("class=\"met\"").count(), 3, "a bar for each channel");
    assert!(page.contains("2026-W48") && page.contains("мало"));
    let then = officer.get("/weeks?week=2026-W48").await.must_be(200).text();
    assert!(then.contains("норма выполнена</span>") && then.contains("Новость 24"));
}

#[tokio::test]
async fn a_post_that_was_deleted_in_max_is_not_said_to_be_out() {
    let house = House::open().await;
    let officer = house.officer().await;
    house.queue("Ярмарка", "").await;
    house.pass(DAY / 24).await;
    assert!(officer.get("/weeks").await.must_be(200).text().contains("вышла</span>"));
    let channel = house.town.channel("gorod-max").unwrap();
    assert!(channel.delete_by_hand(&channel.posts()[0].id));
    house.pass(DAY / 4).await;
    let after = officer.get("/weeks").await.must_be(200).text();
    assert!(after.contains("удалена на площадке</span>") && !after.contains("вышла</span>"), "{after}");
}

#[tokio::test]
async fn nobody_sees_the_weeks_of_others() {
    let house = House::open().await;
    house.queue("Чужое", "at: 2026-11-24 10:00").await;
    let stranger = house.stranger().await;
    stranger.get(&format!("/weeks?organisation={OWN}")).await.must_be(404);
    assert!(!stranger.get("/weeks").await.must_be(200).text().contains("Чужое"));
    let auditor = house.auditor().await;
    assert!(auditor.get("/weeks?week=2026-W99").await.must_be(200).text().contains("Чужое"), "no such week: this one");
}
