//! An older copy is put back that does not hold the newest text of a post: the text that it holds goes nowhere until a
//! person has given the right one, or gives the post up.

use std::time::Duration;

use serde_json::json;
use vestnik::domain::{State, StopKind};
use vestnik::office::{PostWay, Standing};
use vestnik::release::{Resolution, resolve};
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::older_copy::{Copy, attention, counts, proven};
use crate::older_copy_asks::{asked_about, delete_in_max, republish, say_taken_down};
use crate::town::{CHAT, GROUP, HOUR, MINUTE, Town};

#[tokio::test]
async fn an_edit_of_nothing_but_a_time_is_asked_about() {
    let mut town = Town::new().await;
    let id = town.queue_with("Позже", "at: 2026-11-23 12:00").await;
    let copy = Copy::of(&mut town).await;
    let later = town.file("edit.md", "---\ntitle: Позже\nat: 2026-11-23 20:00\n---\nТекст новости «Позже».\n");
    town.office.edit(id, &later, "Офицер").await.unwrap();
    copy.put_back(&mut town).await;
    town.pass(HOUR * 8).await;
    assert_eq!(counts(&town), (0, 0, 0), "five o'clock is not eight");
    assert!(asked_about(&town, "gorod-max").await.contains("newest text"));
    town.office.edit(id, &later, "Офицер").await.unwrap();
    town.pass(HOUR * 12).await;
    assert_eq!(counts(&town), (1, 1, 1));
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn a_lost_text_stops_a_primary_that_is_on_its_way() {
    for edited_at_once in [false, true] {
        let mut town = Town::new().await;
        town.max.server.switches.next("POST /messages", Fault::DropBefore);
        let id = town.queue("С ошибкой").await;
        town.settle_now().await;
        assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
        let copy = Copy::of(&mut town).await;
        town.edit(id, "Без ошибки").await;
        copy.put_back(&mut town).await;
        if edited_at_once {
            town.settle_now().await;
            assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
        } else {
            town.pass(HOUR * 8).await;
        }
        assert_eq!(counts(&town), (0, 0, 0), "the old text does not go out");
        assert!(asked_about(&town, "gorod-max").await.contains("newest text"));
        town.edit(id, "Без ошибки").await;
        town.pass(HOUR * 5).await;
        assert_eq!(counts(&town), (1, 1, 1));
        assert!(town.on_max()[0].0.contains("Без ошибки"));
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn no_word_about_where_it_stands_moves_a_post_whose_newest_text_is_lost() {
    let mut town = Town::new().await;
    let id = town.queue_with("С ошибкой", "at: 2026-11-23 12:00").await;
    let copy = Copy::of(&mut town).await;
    town.edit(id, "Без ошибки").await;
    copy.put_back(&mut town).await;
    town.pass(HOUR).await;
    let view = town.store().post_view(id).await.unwrap();
    let standing = Standing::of_view(&view);
    let primary = standing.primary().unwrap();
    assert_eq!(primary.stop_kind, Some(StopKind::TextLost));
    assert_eq!(standing.channel_ways(primary, town.clock.now()), [], "no button sends the old text");
    assert_eq!(standing.post_ways(), [PostWay::Edit, PostWay::Cancel]);
    // A colleague puts the old text up, and takes it down again later.
    let mid = town.max.post_by_hand(CHAT, "С ошибкой\n\nТекст новости «С ошибкой».").unwrap();
    let address = town.max.posts(CHAT)[0].url.clone().unwrap();
    for word in [Resolution::Published(address), Resolution::NotPublished] {
        let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
        let said = resolve(store, channels, &*town.clock, hold, (id, "gorod-max"), (word, "Офицер")).await;
        let refused = said.unwrap_err().to_string();
        assert!(refused.contains("newest text") && refused.contains("vestnik post edit"), "{refused}");
    }
    town.max.delete_by_hand(&mid);
    town.pass(HOUR * 8).await;
    assert_eq!(counts(&town), (0, 0, 0), "nothing of the post moves");
    town.edit(id, "Без ошибки").await;
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (1, 1, 1));
    assert!(town.on_max()[0].0.contains("Без ошибки") && town.on_vk()[0].0.contains("Без ошибки"));
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn not_published_is_no_word_for_the_old_text_of_a_call_in_doubt() {
    for text_comes_first in [false, true] {
        let mut town = Town::new().await;
        town.max.server.switches.next("POST /messages", Fault::DropBefore);
        let id = town.queue("С ошибкой").await;
        town.settle_now().await;
        let copy = Copy::of(&mut town).await;
        town.edit(id, "Без ошибки").await;
        // Two colleagues post the same text: nobody but a person can tell whether one of them is ours.
        let text = "С ошибкой\n\nТекст новости «С ошибкой».";
        let by_hand = [(); 2].map(|()| town.max.post_by_hand(CHAT, text).unwrap());
        copy.put_back(&mut town).await;
        town.pass(HOUR * 8).await;
        assert_eq!(town.on_max().len(), 2, "nothing was added");
        assert!(asked_about(&town, "gorod-max").await.contains("newest text"));
        if text_comes_first {
            town.edit(id, "Без ошибки").await;
            town.pass(HOUR).await;
            assert!(asked_about(&town, "gorod-max").await.contains("unknown outcome"), "the other question is put now");
        }
        assert!(by_hand.iter().all(|mid| town.max.delete_by_hand(mid)));
        say_taken_down(&town, id).await;
        if !text_comes_first {
            town.pass(HOUR * 8).await;
            assert_eq!(counts(&town), (0, 0, 0), "the old text does not go out on that word");
            assert!(asked_about(&town, "gorod-max").await.contains("newest text"));
            town.edit(id, "Без ошибки").await;
        }
        town.pass(HOUR * 5).await;
        assert_eq!(counts(&town), (1, 1, 1));
        assert!(town.on_max()[0].0.contains("Без ошибки") && town.on_vk()[0].0.contains("Без ошибки"));
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_post_whose_text_is_lost_is_not_published_anew_without_one() {
    let mut town = Town::new().await;
    let id = town.queue("Старый заголовок").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    town.edit(id, "Исправленный заголовок").await;
    town.pass(HOUR).await;
    copy.put_back(&mut town).await;
    town.settle_now().await;
    let mid = town.max.posts(CHAT)[0].mid();
    town.max.delete_by_hand(&mid);
    let now = town.clock.now();
    let refused = town.store().republish(id, "Офицер", now).await.unwrap_err().to_string();
    assert!(refused.contains("newest text") && refused.contains("vestnik post edit"), "{refused}");
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (0, 0, 0));
    assert!(asked_about(&town, "gorod-vk").await.contains("newest text"));
    proven(&town).await;
}

#[tokio::test]
async fn a_primary_that_was_taken_down_is_not_published_anew_with_a_text_from_before() {
    for vk_is_out in [true, false] {
        let mut town = Town::new().await;
        let id = town.queue("Старый заголовок").await;
        if !vk_is_out {
            town.store().pause_channel("gorod-vk", "Офицер", "до выяснения", town.clock.now()).await.unwrap();
        }
        town.pass(HOUR * 5).await;
        let copy = Copy::of(&mut town).await;
        town.edit(id, "Исправленный заголовок").await;
        town.pass(HOUR * 5).await;
        delete_in_max(&town, "Исправленный заголовок");
        say_taken_down(&town, id).await;
        copy.put_back(&mut town).await;
        town.settle_now().await;
        let refused = town.store().republish(id, "Офицер", town.clock.now()).await.unwrap_err().to_string();
        assert!(
            refused.contains("newest text") && refused.contains("vestnik post edit"),
            "out: {vk_is_out}: {refused}"
        );
        let ways = Standing::of_view(&town.store().post_view(id).await.unwrap()).post_ways();
        assert_eq!(ways, [PostWay::Edit, PostWay::Cancel, PostWay::Withdraw]);

        town.edit(id, "Исправленный заголовок").await;
        republish(&town, id).await;
        if !vk_is_out {
            town.store().resume_channel("gorod-vk", "Офицер", town.clock.now()).await.unwrap();
        }
        town.pass(HOUR * 5).await;
        assert_eq!(counts(&town), (1, 1, 1));
        for text in [&town.on_max()[0].0, &town.on_vk()[0].0, &town.on_site()[0].0] {
            assert!(text.contains("Исправленный заголовок"), "out: {vk_is_out}: {text}");
        }
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_post_that_is_out_everywhere_can_be_left_as_it_stands_when_its_text_is_lost() {
    for primary_is_out in [true, false] {
        let mut town = Town::new().await;
        let id = town.queue("Старый заголовок").await;
        town.pass(HOUR * 5).await;
        let copy = Copy::of(&mut town).await;
        town.edit(id, "Исправленный заголовок").await;
        town.pass(HOUR * 5).await;
        if !primary_is_out {
            delete_in_max(&town, "Исправленный заголовок");
            say_taken_down(&town, id).await;
        }
        copy.put_back(&mut town).await;
        town.settle_now().await;
        let asked = attention(&town).await.join("\n");
        assert!(asked.contains("newest text"), "out: {primary_is_out}: {asked}");
        town.store().cancel_post(id, "Редактор", "остаётся как есть", town.clock.now()).await.unwrap();
        town.pass(HOUR * 24).await;
        assert_eq!(counts(&town), (usize::from(primary_is_out), 1, 1));
        assert!(town.on_vk()[0].0.contains("Исправленный заголовок"));
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_pending_edit_of_a_text_that_was_lost_is_given_up_with_the_post() {
    let mut town = Town::new().await;
    let id = town.queue("Первый заголовок").await;
    town.pass(HOUR * 5).await;
    let now = town.clock.now();
    town.store().pause_channel("gorod-max", "Администратор", "проверка", now).await.unwrap();
    town.edit(id, "Второй заголовок").await;
    let copy = Copy::of(&mut town).await;
    town.edit(id, "Третий заголовок").await;
    copy.put_back(&mut town).await;
    town.settle_now().await;
    assert!(town.stop_reason(id, "gorod-max").await.unwrap().contains("newest text"));
    town.store().cancel_post(id, "Редактор", "остаётся как есть", town.clock.now()).await.unwrap();
    town.store().resume_channel("gorod-max", "Администратор", town.clock.now()).await.unwrap();
    town.pass(HOUR * 8).await;
    assert!(town.on_max()[0].0.contains("Первый заголовок") && town.on_vk()[0].0.contains("Первый заголовок"));
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn a_refused_edit_gives_no_text_back_that_max_does_not_show() {
    let mut town = Town::new().await;
    let id = town.queue("Первый заголовок").await;
    town.pass(HOUR * 5).await;
    let copy = Copy::of(&mut town).await;
    town.edit(id, "Второй заголовок").await;
    town.pass(HOUR * 5).await;
    copy.put_back(&mut town).await;
    town.pass(MINUTE).await;
    let refusal = json!({"code": "proto.payload", "message": "no"});
    town.max.server.switches.next("PUT /messages", Fault::Refuse(Canned::json(400, &refusal)));
    town.edit(id, "Третий заголовок").await;
    town.pass(HOUR * 5).await;
    assert!(asked_about(&town, "gorod-max").await.contains("the edit was refused"));
    assert!(town.on_max()[0].0.contains("Второй") && town.on_vk()[0].0.contains("Второй"));
    // Deleted in MAX meanwhile: what is published anew is not the text of the copy.
    delete_in_max(&town, "Второй заголовок");
    say_taken_down(&town, id).await;
    republish(&town, id).await;
    town.pass(HOUR * 5).await;
    assert!(town.on_max()[0].0.contains("Третий") && town.on_vk()[0].0.contains("Третий"));
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn withdrawn_what_may_stand_with_a_lost_text_is_asked_about() {
    for stands in [true, false] {
        let mut town = Town::new().await;
        let id = town.queue_with("С ошибкой", "at: 2026-11-23 12:00").await;
        let copy = Copy::of(&mut town).await;
        town.edit(id, "Без ошибки").await;
        let lost = if stands { Fault::CommitThenDrop } else { Fault::DropBefore };
        town.max.server.switches.next("POST /messages", lost);
        town.pass(HOUR * 3).await;
        assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
        copy.put_back(&mut town).await;
        town.pass(HOUR).await;
        assert!(asked_about(&town, "gorod-max").await.contains("newest text"));
        town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
        town.pass(HOUR).await;
        let asked = asked_about(&town, "gorod-max").await;
        assert!(asked.contains("may be out already"), "stands: {stands}: {asked}");

        if let Some(post) = town.max.posts(CHAT).first() {
            let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
            let word = (Resolution::Published(post.url.clone().unwrap()), "Редактор");
            let refused = resolve(store, channels, &*town.clock, hold, (id, "gorod-max"), word).await.unwrap_err();
            assert!(refused.to_string().contains("take it down by hand"), "nobody can tell whose it is: {refused}");
            town.max.delete_by_hand(&post.mid());
        }
        say_taken_down(&town, id).await;
        town.pass(HOUR * 8).await;
        assert_eq!(counts(&town), (0, 0, 0), "stood: {stands}");
        assert_eq!(town.state(id, "gorod-max").await, State::Cancelled);
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn what_was_called_with_a_lost_text_is_asked_about_when_another_text_is_not_found() {
    for primary in [true, false] {
        let mut town = Town::new().await;
        let id = town.queue_with("С ошибкой", "at: 2026-11-23 12:00").await;
        if !primary {
            town.pass(HOUR * 5).await;
        }
        let copy = Copy::of(&mut town).await;
        town.edit(id, "Без ошибки").await;
        let (channel, server, call, after) = if primary {
            ("gorod-max", &town.max.server, "POST /messages", HOUR * 3)
        } else {
            ("gorod-vk", &town.vk.server, "wall.post", HOUR * 4 + MINUTE + Duration::from_secs(5))
        };
        server.switches.next(call, Fault::CommitThenDrop);
        town.pass(after).await;
        assert_eq!(town.state(id, channel).await, State::InDoubt);
        copy.put_back(&mut town).await;
        town.pass(HOUR).await;
        assert!(asked_about(&town, "gorod-max").await.contains("newest text"));

        let other = town.file("other.md", "---\ntitle: Совсем иначе\n---\nЯрмарка переезжает на площадь Победы.\n");
        town.office.edit(id, &other, "Офицер").await.unwrap();
        town.pass(HOUR * 8).await;
        let stand = || if primary { town.on_max().len() } else { town.on_vk().len() };
        assert_eq!(stand(), 1, "primary: {primary}: nothing stands twice");
        let asked = asked_about(&town, channel).await;
        assert!(asked.contains("may be out already"), "primary: {primary}: {asked}");

        if primary {
            delete_in_max(&town, "Без ошибки");
        } else {
            let posts = town.vk.posts(GROUP);
            town.vk.delete_by_hand(GROUP, posts[0].id);
        }
        let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
        let word = (Resolution::NotPublished, "Офицер");
        resolve(store, channels, &*town.clock, hold, (id, channel), word).await.unwrap();
        town.pass(HOUR * 8).await;
        assert_eq!(counts(&town), (1, 1, 1));
        for text in [&town.on_max()[0].0, &town.on_vk()[0].0, &town.on_site()[0].0] {
            assert!(text.contains("Совсем иначе"), "primary: {primary}: {text}");
        }
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}
