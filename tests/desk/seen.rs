//! What people decide is about the post that they have seen: of two words at once only one is about it.

use std::time::Duration;

use serde_json::json;
use vestnik::office::MoveTo;
use vestnik::release::Resolution;
use vestnik::store::AsSeen;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use super::house::House;
use super::post::doubtful;
use super::program::Program;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn of_a_word_on_a_doubt_and_a_cancellation_at_once_one_is_told_that_it_stands_otherwise() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let id = doubtful(&house).await;
    let (path, seen) = (format!("/posts/{id}"), program.tag(&id.to_string()).await);
    let (word, why) = (json!({}), json!({"reason": "дождь"}));
    let (resolve, cancel) = (format!("{path}/deliveries/gorod-max/resolve"), format!("{path}/cancel"));
    // Before the word is taken the platform is asked: the cancellation comes in between.
    let (settled, cancelled) = tokio::join!(program.order(&resolve, &seen, &word), program.order(&cancel, &seen, &why));
    let mut statuses = [settled.status.as_u16(), cancelled.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412], "{} {}", settled.text(), cancelled.text());
}

#[tokio::test]
async fn a_word_about_a_delivery_counts_for_the_post_as_it_was_seen() {
    let house = House::open().await;
    let office = &house.office;
    let doubt = doubtful(&house).await;
    let seen = office.store.post_view(doubt).await.unwrap();
    office.cancel(doubt, "Анна", "дождь").await.unwrap();
    let word = async |seen: AsSeen| office.resolve(seen, "gorod-max", Resolution::NotPublished, "Пётр").await;
    assert!(word(AsSeen::from(&seen)).await.unwrap_err().is_conflict(), "it is cancelled by now");
    let now = office.store.post_view(doubt).await.unwrap();
    assert_eq!(word(AsSeen::from(&now)).await.unwrap().name(), "cancelled");

    let busy = Canned::json(429, &json!({"code": "too.many.requests", "message": "slow down"}));
    let switches = &house.town.max().server.switches;
    switches.always("POST /messages", Fault::Refuse(busy.retry_after(3 * 3600)));
    let waits = house.queue("Повтор", "").await;
    house.pass(HOUR).await;
    switches.clear();
    let seen = office.store.post_view(waits).await.unwrap();
    let later = MoveTo { at: "2026-11-25 10:00".into(), channel: Some("gorod-vk".into()), seen: None };
    office.move_post(waits, later, "Анна").await.unwrap();
    let late = office.try_again(&seen, "gorod-max", "Пётр").await.unwrap_err();
    assert!(late.is_conflict(), "what follows from it goes out at another time by now: {late}");
    let now = office.store.post_view(waits).await.unwrap();
    office.try_again(&now, "gorod-max", "Пётр").await.unwrap();
}
