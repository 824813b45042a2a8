//! Followers show what MAX has shown for the whole hold.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use vestnik::domain::{State, StopKind};
use vestnik::history::audit;
use vestnik::office::{ChannelWay, PostWay, Standing};
use vestnik::release::{Resolution, resolve};
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::town::{CHAT, GROUP, HOUR, MINUTE, Town, morning};

#[tokio::test]
async fn an_edit_before_the_time_replaces_the_text() {
    let town = Town::new().await;
    let id = town.queue_with("Черновик", "at: 2026-11-23 12:00").await;
    assert_eq!(town.edit(id, "Чистовик").await, 2);
    town.pass(HOUR * 8).await;
    assert_eq!(town.on_max().len(), 1);
    assert!(town.on_max()[0].0.starts_with("Чистовик"));
    assert!(town.on_vk()[0].0.starts_with("Чистовик"));
}

#[tokio::test]
async fn an_edit_during_the_hold_edits_max_and_starts_the_hold_again() {
    let town = Town::new().await;
    let id = town.queue("Было").await;
    town.pass(HOUR * 3).await;
    town.edit(id, "Стало").await;
    town.pass(HOUR * 2).await;
    assert!(town.on_max()[0].0.starts_with("Стало"), "{:?}", town.on_max());
    assert!(town.on_vk().is_empty() && town.on_site().is_empty(), "five hours after the first text, two after the new");
    town.pass(HOUR * 3).await;
    for posts in [town.on_vk(), town.on_site()] {
        assert_eq!(posts.len(), 1);
        assert!(posts[0].0.starts_with("Стало"));
        assert!(posts[0].1 - morning() >= TimeDelta::hours(7), "four hours after the edit");
    }
}

/// The look that shows the new text may lack the time that the answer to the edit had.
#[tokio::test]
async fn an_edit_counts_by_maxs_clock_also_where_only_its_answer_tells_the_time() {
    let town = Town::new().await;
    town.max.server.clock.set_ahead(TimeDelta::hours(2));
    let id = town.queue("Было").await;
    town.pass(HOUR).await;
    town.edit(id, "Стало").await;
    let edited_at = town.clock.now() + TimeDelta::hours(2);
    town.max.server.switches.next("GET /messages/{mid}", Fault::Delay(Duration::from_millis(300)));
    town.daemon.tick(town.clock.now()).await.unwrap();
    while town.max.server.calls("PUT /messages") == 0 {
        tokio::task::yield_now().await;
    }
    town.max.server.clock.send_date_header(false);
    town.daemon.settle().await;
    town.max.server.clock.send_date_header(true);
    town.pass(HOUR * 7).await;
    assert_eq!(town.on_vk().len(), 1);
    let distance = town.on_vk()[0].1 - edited_at;
    assert!(distance >= TimeDelta::hours(4), "{distance}");
}

#[tokio::test]
async fn an_edit_counts_by_maxs_clock_also_where_the_look_that_shows_it_comes_later_and_tells_no_time() {
    let town = Town::new().await;
    let id = town.queue("Было").await;
    town.pass(HOUR).await;
    town.max.server.clock.set_ahead(TimeDelta::hours(2));
    town.edit(id, "Стало").await;
    let edited_at = town.clock.now() + TimeDelta::hours(2);
    town.max.server.switches.times("GET /messages/{mid}", Fault::DropBefore, 2);
    town.settle_now().await;
    assert!(town.on_max()[0].0.starts_with("Стало"));
    town.max.server.clock.send_date_header(false);
    town.pass(MINUTE * 10).await;
    town.max.server.clock.send_date_header(true);
    town.pass(HOUR * 7).await;
    assert_eq!(town.on_vk().len(), 1);
    let distance = town.on_vk()[0].1 - edited_at;
    assert!(distance >= TimeDelta::hours(4), "{distance}");
}

/// What MAX's clock said in the answer to the edit is forgotten with the program.
#[tokio::test]
async fn an_edit_counts_by_maxs_clock_also_where_the_program_was_killed_and_the_look_tells_no_time() {
    let mut town = Town::new().await;
    let id = town.queue("Было").await;
    town.pass(HOUR).await;
    town.max.server.clock.set_ahead(TimeDelta::hours(2));
    town.edit(id, "Стало").await;
    let edited_at = town.clock.now() + TimeDelta::hours(2);
    town.max.server.switches.next("GET /messages/{mid}", Fault::DropBefore);
    town.settle_now().await;
    assert!(town.on_max()[0].0.starts_with("Стало"));
    town.kill_and_restart().await;
    town.max.server.switches.next("GET /messages/{mid}", Fault::WithoutDate);
    town.pass(HOUR * 7).await;
    assert_eq!(town.on_vk().len(), 1);
    let distance = town.on_vk()[0].1 - edited_at;
    assert!(distance >= TimeDelta::hours(4), "{distance}");
}

/// Nor does a time that cannot be asked begin a hold: it is asked again.
#[tokio::test]
async fn an_edit_whose_look_tells_no_time_waits_until_max_says_what_time_it_is() {
    let mut town = Town::new().await;
    let id = town.queue("Было").await;
    town.pass(HOUR).await;
    town.max.server.clock.set_ahead(TimeDelta::hours(2));
    town.edit(id, "Стало").await;
    let edited_at = town.clock.now() + TimeDelta::hours(2);
    town.max.server.switches.next("GET /messages/{mid}", Fault::DropBefore);
    town.settle_now().await;
    town.kill_and_restart().await;
    town.max.server.switches.next("GET /messages/{mid}", Fault::WithoutDate);
    town.max.server.switches.next("GET /me", Fault::DropBefore);
    let asked = town.max.server.calls("GET /me");
    town.pass(MINUTE).await;
    assert!(town.max.server.calls("GET /me") > asked, "in vain, the first time");
    town.pass(HOUR * 7).await;
    assert_eq!(town.on_vk().len(), 1);
    let distance = town.on_vk()[0].1 - edited_at;
    assert!(distance >= TimeDelta::hours(4), "{distance}");
}

/// MAX did not go back with us: what was heard of its clock is still known.
#[tokio::test]
async fn an_edit_while_our_clock_is_back_and_max_tells_no_time_counts_by_maxs_clock() {
    let town = Town::new().await;
    let id = town.queue("Было").await;
    town.pass(HOUR).await;
    town.edit(id, "Стало").await;
    town.settle_now().await;
    let jump = async |hours: i64| {
        let before = town.clock.now();
        town.clock.set(before + TimeDelta::hours(hours));
        for clock in [&town.max.server.clock, &town.vk.server.clock, &town.site.server.clock] {
            clock.set_ahead(TimeDelta::hours(if hours < 0 { -hours } else { 0 }));
        }
        if hours < 0 {
            town.daemon.clock_went_back(before, town.clock.now()).await.unwrap();
        } else {
            town.daemon.clock_went_forward(before, town.clock.now()).await.unwrap();
        }
    };
    jump(-2).await;
    let edited_at = town.clock.now() + TimeDelta::hours(2);
    town.edit(id, "Иначе").await;
    town.max.server.clock.send_date_header(false);
    town.pass(HOUR).await;
    assert!(town.on_max()[0].0.starts_with("Иначе"));
    town.max.server.clock.send_date_header(true);
    jump(2).await;
    town.pass(HOUR * 7).await;
    assert!(town.on_vk()[0].0.starts_with("Иначе"));
    let distance = town.on_vk()[0].1 - edited_at;
    assert!(distance >= TimeDelta::hours(4), "{distance}");
}

#[tokio::test]
async fn followers_that_are_out_are_edited_after_the_new_hold() {
    let town = Town::new().await;
    let id = town.queue("Первая редакция").await;
    town.pass(HOUR * 5).await;
    town.edit(id, "Вторая редакция").await;
    town.pass(HOUR * 3).await;
    assert!(town.on_max()[0].0.starts_with("Вторая"));
    assert!(town.on_vk()[0].0.starts_with("Первая"), "not before the new hold has passed");
    town.pass(HOUR * 2).await;
    assert!(town.on_vk()[0].0.starts_with("Вторая"), "{:?}", town.on_vk());
    assert!(town.on_site()[0].0.starts_with("Вторая"));
    assert_eq!((town.on_vk().len(), town.on_site().len()), (1, 1));
}

#[tokio::test]
async fn a_refused_edit_gives_the_old_hold_back() {
    let town = Town::new().await;
    let id = town.queue("Прежний текст").await;
    town.pass(HOUR).await;
    let refusal = json!({"code": "proto.payload", "message": "no"});
    town.max.server.switches.next("PUT /messages", Fault::Refuse(Canned::json(400, &refusal)));
    town.edit(id, "Отвергнутый текст").await;
    town.pass(HOUR * 4).await;
    assert!(town.on_max()[0].0.starts_with("Прежний"));
    assert!(town.on_vk()[0].0.starts_with("Прежний"));
    assert_eq!(town.on_vk()[0].1, morning() + TimeDelta::seconds(4 * 3600 + 60), "the old hold counts");
    assert!(town.stop_reason(id, "gorod-max").await.unwrap().contains("refused"));
}

#[tokio::test]
async fn a_refused_edit_is_one_whatever_the_platform_says_of_it() {
    let town = Town::new().await;
    let id = town.queue("Прежний текст").await;
    town.pass(HOUR * 5).await;
    let refusal = json!({"code": "proto.payload", "message": "the attachment was deleted"});
    town.max.server.switches.next("PUT /messages", Fault::Refuse(Canned::json(400, &refusal)));
    town.edit(id, "Отвергнутый текст").await;
    town.pass(MINUTE).await;
    let view = town.store().post_view(id).await.unwrap();
    let standing = Standing::of_view(&view);
    let primary = standing.primary().unwrap();
    assert!(primary.stop_reason.as_ref().unwrap().contains("was deleted"), "{primary:?}");
    assert_eq!(primary.stop_kind, Some(StopKind::EditRefused));
    assert!(!standing.post_ways().contains(&PostWay::Republish), "it stands");
    let ways = standing.channel_ways(primary, vestnik_contract::Clock::now(&*town.clock));
    assert_eq!(ways, [ChannelWay::EnterAddress, ChannelWay::TakenDown]);
}

#[tokio::test]
async fn an_edit_in_doubt_keeps_the_followers_waiting_until_it_shows() {
    let town = Town::new().await;
    let id = town.queue("До").await;
    town.pass(HOUR).await;
    town.max.server.switches.next("PUT /messages", Fault::CommitThenDrop);
    town.edit(id, "После").await;
    town.pass(MINUTE * 5).await;
    assert_eq!(town.state(id, "gorod-vk").await, State::Held, "the look showed the new text");
    town.pass(HOUR * 3).await;
    assert!(town.on_vk().is_empty());
    town.pass(HOUR * 2).await;
    assert!(town.on_vk()[0].0.starts_with("После"));
}

#[tokio::test]
async fn an_edit_by_hand_in_max_stops_the_followers_and_asks() {
    let town = Town::new().await;
    let id = town.queue("Объявлено").await;
    town.pass(HOUR).await;
    let mid = town.max.posts(CHAT)[0].mid();
    town.max.edit_by_hand(&mid, "Совсем другое");
    town.pass(HOUR * 5).await;
    assert!(town.on_vk().is_empty() && town.on_site().is_empty());
    assert!(town.stop_reason(id, "gorod-vk").await.unwrap().contains("differently"));
    // The officer puts the announced text back: a new hold.
    town.edit(id, "Объявлено снова").await;
    town.pass(HOUR * 5).await;
    assert!(town.on_max()[0].0.starts_with("Объявлено снова"));
    assert!(town.on_vk()[0].0.starts_with("Объявлено снова"));
}

/// Since when it reads as it should again is the word of a person alone: the hold counts from there.
#[tokio::test]
async fn a_text_that_was_changed_in_max_and_put_back_is_held_anew() {
    let town = Town::new().await;
    let id = town.queue("Объявлено").await;
    town.pass(HOUR).await;
    let post = town.max.posts(CHAT)[0].clone();
    town.max.edit_by_hand(&post.mid(), "Совсем другое");
    town.pass(HOUR * 5).await;
    assert!(town.stop_reason(id, "gorod-vk").await.unwrap().contains("differently"));
    town.max.edit_by_hand(&post.mid(), &post.text);
    let put_back = town.clock.now();
    let word = (Resolution::Published(post.url.unwrap()), "Офицер");
    let (channels, hold) = (&town.office.channels, town.office.config.hold);
    resolve(town.store(), channels, &*town.clock, hold, (id, "gorod-max"), word).await.unwrap();
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_vk().len(), town.on_site().len()), (1, 1));
    for at in [town.on_vk()[0].1, town.on_site()[0].1] {
        assert!(at - put_back >= TimeDelta::hours(4), "{}", at - put_back);
    }
}

#[tokio::test]
async fn an_edit_that_nobody_could_confirm_is_settled_by_the_next_one() {
    let town = Town::new().await;
    let id = town.queue("Первая").await;
    town.pass(HOUR).await;
    town.max.server.switches.always("PUT /messages", Fault::DropBefore);
    town.edit(id, "Вторая").await;
    town.pass(HOUR * 24).await;
    assert!(town.stop_reason(id, "gorod-max").await.is_some(), "a person was asked");
    assert!(town.on_vk().is_empty());
    town.max.server.switches.clear();
    town.edit(id, "Третья").await;
    town.pass(HOUR * 5).await;
    assert!(town.on_max()[0].0.starts_with("Третья"), "{:?}", town.on_max());
    assert!(town.on_vk()[0].0.starts_with("Третья"));
}

#[tokio::test]
async fn an_edit_by_hand_counts_from_the_word_of_the_person() {
    let town = Town::new().await;
    let id = town.queue("Прежде").await;
    town.pass(HOUR * 3).await;
    town.max.server.switches.always("PUT /messages", Fault::DropBefore);
    town.edit(id, "Теперь").await;
    town.pass(HOUR * 24).await;
    let mid = town.max.posts(CHAT)[0].mid();
    let address = town.max.posts(CHAT)[0].url.clone().unwrap();
    town.max.edit_by_hand(&mid, "Теперь\n\nНовый текст «Теперь».");
    let word = (vestnik::release::Resolution::Published(address), "Офицер");
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    vestnik::release::resolve(store, channels, &*town.clock, hold, (id, "gorod-max"), word).await.unwrap();
    let entered = vestnik_contract::Clock::now(&*town.clock);
    town.pass(HOUR * 3).await;
    assert!(town.on_vk().is_empty(), "the new text has not stood for four hours");
    town.pass(HOUR * 2).await;
    assert!(town.on_vk()[0].1 - entered >= TimeDelta::hours(4));
    assert!(town.on_vk()[0].0.starts_with("Теперь"));
}

#[tokio::test]
async fn a_moved_post_moves_its_followers() {
    let town = Town::new().await;
    let id = town.queue_with("Перенос", "at: 2026-11-23 12:00").await;
    let file = town.file("edit.md", "---\ntitle: Перенос\nat: 2026-11-25 12:00\nnot_before: {vk: 2026-11-26 12:00}\n---\nТекст новости «Перенос».\n");
    town.office.edit(id, &file, "Офицер").await.unwrap();
    town.pass(HOUR * 24 * 2).await;
    assert!(town.on_max().is_empty());
    town.pass(HOUR * 24).await;
    assert_eq!((town.on_max().len(), town.on_site().len(), town.on_vk().len()), (1, 1, 0));
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_vk().len(), 1);
}

#[tokio::test]
async fn no_word_makes_a_follower_show_a_text_before_its_hold_is_over() {
    let town = Town::new().await;
    let id = town.queue("Первый заголовок").await;
    town.pass(HOUR * 5).await;
    town.edit(id, "Второй заголовок").await;
    town.pass(HOUR).await;
    let ours = town.vk.posts(GROUP)[0].clone();
    let text = town.max.posts(CHAT)[0].text.clone();
    let footer = ours.text.rsplit_once("\n\n").unwrap().1;
    town.vk.edit_by_hand(GROUP, ours.id, &format!("{text}\n\n{footer}"));
    let address = format!("https://vk.com/wall-{GROUP}_{}", ours.id).parse().unwrap();
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    let word = (Resolution::Published(address), "Офицер");
    let refused = resolve(store, channels, &*town.clock, hold, (id, "gorod-vk"), word).await.unwrap_err();
    assert!(refused.to_string().contains("gorod-vk"), "{refused}");
    town.pass(HOUR * 5).await;
    assert!(town.on_vk()[0].0.starts_with("Второй"));
    let audit = audit::verify(store, None, town.clock.now()).await.unwrap();
    assert!(audit.ok, "{audit}");
}
