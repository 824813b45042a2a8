//! First in MAX, everywhere else four hours later.

use chrono::TimeDelta;
use vestnik::domain::State;
use vestnik::store::AttentionKind;

use crate::town::{CHAT, HOUR, MINUTE, Town, morning};

#[tokio::test]
async fn a_post_goes_out_in_max_and_four_hours_and_a_minute_later_everywhere_else() {
    let town = Town::new().await;
    let id = town.queue("Открыт мост").await;
    town.settle_now().await;
    assert_eq!(town.on_max().len(), 1);
    assert!(town.on_vk().is_empty() && town.on_site().is_empty());

    town.pass(HOUR * 4).await;
    assert!(town.on_vk().is_empty() && town.on_site().is_empty(), "the margin of a minute has not passed");
    town.pass(MINUTE * 2).await;
    let (max, vk, site) = (town.on_max(), town.on_vk(), town.on_site());
    assert_eq!((max.len(), vk.len(), site.len()), (1, 1, 1));
    for (text, at) in vk.iter().chain(&site) {
        assert!(*at - max[0].1 >= TimeDelta::hours(4), "{at} is too early after {}", max[0].1);
        assert!(text.contains("Открыт мост"));
    }
    assert!(vk[0].0.contains("Первыми узнают в MAX: https://max.ru/gorod/"), "{}", vk[0].0);
    for channel in ["gorod-max", "gorod-vk", "gorod-site"] {
        assert_eq!(town.state(id, channel).await, State::Published, "{channel}");
    }
}

#[tokio::test]
async fn a_post_waits_for_its_time_in_the_zone_of_the_organisation() {
    let town = Town::new().await;
    town.queue_with("В полдень", "at: 2026-11-23 12:00").await;
    town.pass(MINUTE * 179).await;
    assert!(town.on_max().is_empty(), "11:59 in Moscow");
    town.pass(MINUTE * 2).await;
    assert_eq!(town.on_max()[0].1, morning() + TimeDelta::hours(3));
}

#[tokio::test]
async fn a_follower_may_wait_longer_but_never_shorter_than_the_hold() {
    let town = Town::new().await;
    town.queue_with("Вечером во ВКонтакте", "not_before: {vk: 2026-11-23 19:00, gorod-site: 2026-11-23 10:00}").await;
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_site().len(), 1);
    assert!(town.on_vk().is_empty());
    town.pass(HOUR * 6).await;
    assert_eq!(town.on_vk()[0].1, morning() + TimeDelta::hours(10));
}

#[tokio::test]
async fn a_longer_hold_can_be_configured() {
    let town = Town::with("[hold]\nhours = 6\nmargin_seconds = 0\n").await;
    town.queue("Шесть часов").await;
    town.pass(MINUTE * 359).await;
    assert!(town.on_vk().is_empty());
    town.pass(MINUTE * 2).await;
    assert_eq!(town.on_vk().len(), 1);
}

#[tokio::test]
async fn many_posts_of_one_moment_all_go_out_in_order_and_spread_out() {
    let town = Town::new().await;
    for n in 0..7 {
        town.queue_with(&format!("Новость {n}"), "at: 2026-11-23 10:00").await;
    }
    town.pass(HOUR * 6).await;
    for posts in [town.on_max(), town.on_vk(), town.on_site()] {
        let order: Vec<_> =
            posts.iter().rev().map(|(text, _)| text.lines().next().unwrap_or_default().to_owned()).collect();
        assert_eq!(order, (0..7).map(|n| format!("Новость {n}")).collect::<Vec<_>>());
        assert!(posts.windows(2).all(|w| w[0].1 - w[1].1 >= TimeDelta::seconds(1)), "spread out: {posts:?}");
    }
}

#[tokio::test]
async fn what_expired_fails_with_its_reason() {
    let town = Town::new().await;
    town.max.server.switches.always(
        "POST /messages",
        vestnik_sandbox::Fault::Refuse(vestnik_sandbox::faults::Canned::json(
            429,
            &serde_json::json!({"code": "too.many.requests", "message": "wait"}),
        )),
    );
    let id = town.queue_with("Поздно", "expires_at: 2026-11-23 15:00").await;
    town.pass(HOUR * 7).await;
    town.max.server.switches.clear();
    town.pass(HOUR).await;
    assert!(town.on_max().is_empty());
    assert_eq!(town.state(id, "gorod-max").await, State::Failed);
    assert_eq!(town.state(id, "gorod-vk").await, State::Failed);
    let told = town.store().attention(vestnik_contract::Clock::now(&*town.clock)).await.unwrap();
    assert!(told.iter().any(|a| a.kind == AttentionKind::Failed && a.what.contains("expire")), "{told:?}");
}

#[tokio::test]
async fn what_is_published_anew_after_its_time_expires_too() {
    let town = Town::new().await;
    let id = town.queue_with("Вышел вовремя", "expires_at: 2026-11-23 15:00").await;
    town.pass(HOUR * 10).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 1, 1));
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    let (store, channels) = (town.store(), &town.office.channels);
    vestnik::release::republish(store, channels, &*town.clock, id, "Офицер").await.unwrap();
    town.pass(HOUR).await;
    assert!(town.on_max().is_empty());
    assert_eq!(town.state(id, "gorod-max").await, State::Failed, "not silently stuck");
}
