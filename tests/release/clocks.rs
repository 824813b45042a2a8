//! The two-clock rule: our clock alone releases nothing.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::oneshot;
use vestnik::journal::INSTALLATION;
use vestnik::release::run;
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;

use crate::town::{CHAT, HOUR, MINUTE, Town};

async fn wait_for(what: &str, town: &Town, kind: &str) {
    let told = async {
        while !town.store().journal_page(INSTALLATION, 0, 1_000).await.unwrap().iter().any(|row| row.kind == kind) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), told).await.unwrap_or_else(|_| panic!("{what}"));
}

#[tokio::test]
async fn our_clock_jumps_ahead_and_nothing_goes_out_early() {
    let town = Town::new().await;
    town.queue("Скачок").await;
    town.settle_now().await;
    // Ours jumps five hours; the platforms' stay where they are.
    for clock in [&town.max.server.clock, &town.vk.server.clock, &town.site.server.clock] {
        clock.set_ahead(TimeDelta::hours(-5));
    }
    town.clock.advance(HOUR * 5);
    town.pass(HOUR * 3).await;
    assert!(town.on_vk().is_empty() && town.on_site().is_empty(), "three hours by the platforms' clocks");
    town.pass(HOUR * 2).await;
    assert_eq!((town.on_vk().len(), town.on_site().len()), (1, 1));
    assert!(town.on_vk()[0].1 - town.on_max()[0].1 >= TimeDelta::hours(4), "by their own stamps");
}

#[tokio::test]
async fn a_follower_whose_clock_is_behind_waits_for_its_own_stamp() {
    let town = Town::new().await;
    town.queue("Отстают").await;
    town.settle_now().await;
    town.vk.server.clock.set_ahead(TimeDelta::minutes(-30));
    town.pass(HOUR * 4 + MINUTE * 5).await;
    assert_eq!(town.on_site().len(), 1);
    assert!(town.on_vk().is_empty(), "its stamp would read 13:35");
    town.pass(MINUTE * 30).await;
    assert!(town.on_vk()[0].1 - town.on_max()[0].1 >= TimeDelta::hours(4));
}

/// Ours is days behind: MAX's stamp looks like one that cannot be, and the hold counts from the answer.
#[tokio::test]
async fn a_stamp_of_max_that_our_clock_did_not_believe_counts_by_the_followers_clock_too() {
    let town = Town::new().await;
    let days = TimeDelta::days(3);
    town.max.server.clock.set_ahead(days + TimeDelta::hours(3));
    town.vk.server.clock.set_ahead(days + TimeDelta::minutes(160));
    town.site.server.clock.set_ahead(days + TimeDelta::hours(3));
    town.max.server.switches.next("POST /messages", Fault::WithoutDate);
    town.queue("Отстаём на три дня").await;
    town.pass(HOUR * 4 + MINUTE * 5).await;
    assert_eq!((town.on_vk().len(), town.on_site().len()), (0, 1), "VK would stamp it 3:45 after MAX");
    town.pass(MINUTE * 20).await;
    assert!(town.on_vk()[0].1 - town.on_max()[0].1 >= TimeDelta::hours(4), "by their own stamps");
}

#[tokio::test]
async fn without_any_outside_clock_the_release_waits() {
    let town = Town::new().await;
    town.queue("Без часов").await;
    town.settle_now().await;
    town.max.server.clock.send_date_header(false);
    town.vk.server.clock.send_date_header(false);
    town.vk.server.switches.always("utils.getServerTime", Fault::Refuse(vestnik_sandbox::faults::Canned::html(502)));
    town.pass(HOUR * 6).await;
    assert!(town.on_site().is_empty(), "a site's own clock is no witness");
    town.max.server.clock.send_date_header(true);
    town.pass(MINUTE).await;
    assert_eq!(town.on_site().len(), 1);
}

#[tokio::test]
async fn vks_clock_serves_when_max_is_silent_about_the_time() {
    let town = Town::new().await;
    town.queue("Свидетель").await;
    town.settle_now().await;
    town.max.server.clock.send_date_header(false);
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_vk().len(), town.on_site().len()), (1, 1));
}

#[tokio::test]
async fn max_cannot_be_asked_so_nothing_is_released() {
    let town = Town::new().await;
    town.queue("Молчание").await;
    town.settle_now().await;
    town.max.server.switches.always("*", Fault::DropBefore);
    town.pass(HOUR * 6).await;
    assert!(town.on_vk().is_empty() && town.on_site().is_empty());
    town.max.server.switches.clear();
    town.pass(MINUTE).await;
    assert_eq!((town.on_vk().len(), town.on_site().len()), (1, 1));
    assert!(town.clock.now() - town.on_max()[0].1 > TimeDelta::hours(6));
}

#[tokio::test]
async fn a_slow_clock_that_falls_silent_is_still_slow() {
    let town = Town::new().await;
    town.queue("Замолчали").await;
    town.settle_now().await;
    town.site.server.clock.set_ahead(TimeDelta::hours(-2));
    town.pass(HOUR * 4 + MINUTE * 5).await;
    assert!(town.on_site().is_empty());
    town.site.server.clock.send_date_header(false);
    town.pass(HOUR).await;
    assert!(town.on_site().is_empty(), "its stamp would read noon");
    town.pass(HOUR * 2).await;
    assert!(town.on_site()[0].1 - town.on_max()[0].1 >= TimeDelta::hours(4));
}

#[tokio::test]
async fn a_primary_that_was_seen_before_the_clock_went_back_is_looked_at_again() {
    let town = Town::new().await;
    town.clock.advance(Duration::from_secs(30));
    let id = town.queue_with("Часы назад", "not_before: {gorod-site: 2026-11-23 13:02}").await;
    town.pass(HOUR * 4 + Duration::from_secs(65)).await;
    assert_eq!((town.on_vk().len(), town.on_site().len()), (1, 0), "the primary was seen half a minute before 13:02");
    let (stop, stopped) = oneshot::channel::<()>();
    let story = async {
        wait_for("the daemon starts", &town, "daemon.started").await;
        // What is written after the start is told after it.
        town.queue_with("Потом", "at: 2026-12-01 10:00").await;
        let seen_at = town.clock.now();
        town.clock.set(seen_at - TimeDelta::hours(1));
        wait_for("the jump is noticed", &town, "clock.jumped").await;
        town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
        town.clock.set(seen_at + TimeDelta::seconds(30));
        let asked = async {
            while town.stop_reason(id, "gorod-site").await.is_none() && town.on_site().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), asked).await.expect("the site is due");
        drop(stop);
    };
    let (ran, ()) = tokio::join!(run(&town.daemon, async { drop(stopped.await) }), story);
    ran.unwrap();
    assert!(town.on_site().is_empty(), "what was seen an hour ago by any watch is not seen now");
}

#[tokio::test]
async fn what_went_out_under_a_clock_ahead_is_edited_and_withdrawn_under_the_right_one() {
    let mut town = Town::new().await;
    let month = TimeDelta::days(30);
    let platforms_are = |town: &Town, ahead| {
        [&town.max.server, &town.vk.server, &town.site.server].iter().for_each(|server| server.clock.set_ahead(ahead));
    };
    platforms_are(&town, -month);
    let id = town.queue("Из будущего").await;
    town.settle_now().await;
    town.clock.set(town.clock.now() - month);
    platforms_are(&town, TimeDelta::zero());
    town.restart().await;
    town.pass(HOUR * 5).await;
    assert!(town.on_vk().is_empty(), "its hold ends next month");
    let asked = town.store().attention(town.clock.now()).await.unwrap();
    let vk = asked.iter().find(|a| a.channel == "gorod-vk").expect("somebody is told");
    assert!(vk.what.contains("a clock was ahead") && vk.todo.contains("withdraw"), "{vk:?}");
    town.edit(id, "Исправлено").await;
    town.pass(HOUR * 5).await;
    assert!(town.on_max()[0].0.contains("Исправлено"));
    assert!(town.on_vk().is_empty(), "an edit is no earlier than what it edits");
    town.queue("Из настоящего").await;
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_max().len(), town.on_vk().len()), (2, 1), "the channels are free");
    town.store().withdraw_post(id, "Редактор", "неверное время", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!((town.on_max().len(), town.on_vk().len()), (1, 1));
}

#[tokio::test]
async fn an_edit_after_a_short_spell_of_a_clock_ahead_keeps_the_channel_free() {
    let town = Town::new().await;
    town.clock.advance(HOUR * 2);
    let platforms = [&town.max.server, &town.vk.server, &town.site.server];
    // Planned before the spell, published in it.
    let id = town.queue_with("Скачок", "at: 2026-11-23 12:00").await;
    town.clock.advance(HOUR * 6);
    platforms.iter().for_each(|server| server.clock.set_ahead(TimeDelta::hours(-6)));
    town.settle_now().await;
    town.clock.set(town.clock.now() - TimeDelta::hours(5));
    platforms.iter().for_each(|server| server.clock.set_ahead(TimeDelta::hours(-1)));
    town.store().clock_went_back(town.clock.now()).await.unwrap();
    town.edit(id, "Исправлено").await;
    town.queue("Следующая").await;
    town.pass(HOUR * 3).await;
    assert_eq!(town.on_max().len(), 2, "{:?}", town.on_max());
    town.pass(HOUR * 12).await;
    for title in ["Исправлено", "Следующая"] {
        let time_of = |posts: Vec<(String, _)>| posts.into_iter().find(|(text, _)| text.starts_with(title)).unwrap().1;
        let distance = time_of(town.on_vk()) - time_of(town.on_max());
        assert!(distance >= TimeDelta::hours(4), "«{title}»: {distance}");
    }
}
