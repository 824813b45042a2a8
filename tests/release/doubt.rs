//! Lost replies, lost requests, refusals.

use std::time::Duration;

use serde_json::json;
use vestnik::domain::State;
use vestnik::release::{Resolution, resolve};
use vestnik::store::{AsSeen, AttentionKind, Outcome};
use vestnik_contract::{Clock as _, Told, ToldKind};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::town::{CHAT, GROUP, HOUR, MINUTE, Town, morning};

#[tokio::test]
async fn a_lost_reply_makes_no_second_post_anywhere() {
    let town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    town.vk.server.switches.next("wall.post", Fault::CommitThenDrop);
    town.site.server.switches.next("POST /posts/{id}", Fault::CommitThenDrop);
    let id = town.queue("Потерянный ответ").await;
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 1, 1));
    for channel in ["gorod-max", "gorod-vk", "gorod-site"] {
        assert_eq!(town.state(id, channel).await, State::Published, "{channel}");
    }
    assert_eq!(town.max.server.calls("POST /messages"), 1, "it was never sent again");
}

#[tokio::test]
async fn a_lost_reply_of_a_max_whose_clock_is_behind_makes_no_second_post() {
    let town = Town::new().await;
    town.max.server.clock.set_ahead(chrono::TimeDelta::minutes(-12));
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    let id = town.queue("Часы врут").await;
    town.pass(HOUR).await;
    assert_eq!(town.on_max().len(), 1, "by MAX's clock it stands since before it was sent");
    assert!(town.stop_reason(id, "gorod-max").await.is_some_and(|why| why.contains("a clock is wrong")));
    assert_eq!(town.max.server.calls("POST /messages"), 1, "it was never sent again");
}

#[tokio::test]
async fn a_lost_request_is_sent_again_after_the_looks() {
    let town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::DropBefore);
    town.vk.server.switches.next("wall.post", Fault::DropBefore);
    town.queue("Потерянный запрос").await;
    town.pass(MINUTE).await;
    assert!(town.on_max().is_empty(), "one look is not enough");
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_max().len(), town.on_vk().len()), (1, 1));
    assert!(town.on_vk()[0].1 - town.on_max()[0].1 >= chrono::TimeDelta::hours(4));
}

/// What is looked for needs its time to arrive, whatever the clock on our wall says.
#[tokio::test]
async fn a_clock_put_forward_before_each_look_makes_nobody_hasty() {
    let town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::DropBefore);
    town.queue("Не торопись").await;
    town.settle_now().await;
    for step in 1..=2 {
        let before = town.clock.now();
        town.clock.advance(HOUR * 24);
        town.max.server.clock.set_ahead(chrono::TimeDelta::days(-step));
        town.daemon.clock_went_forward(before, town.clock.now()).await.unwrap();
        town.settle_now().await;
        assert!(town.on_max().is_empty(), "two looks have their time");
    }
    town.pass(HOUR).await;
    assert_eq!(town.on_max().len(), 1);
    let waited = town.on_max()[0].1 - morning();
    assert!(waited >= chrono::TimeDelta::seconds(90), "it was sent again after {waited}");
}

#[tokio::test]
async fn the_hold_of_a_found_post_counts_from_the_platforms_time() {
    let town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenAnswer(Canned::html(502)));
    town.queue("Шлюз").await;
    town.pass(HOUR * 4 + MINUTE + MINUTE).await;
    assert_eq!(town.on_max()[0].1, morning());
    assert_eq!(town.on_vk().len(), 1, "found half a minute later, but it stands since nine");
}

#[tokio::test]
async fn nobody_knows_so_a_person_is_asked_and_nothing_is_sent() {
    let town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::DropBefore);
    let id = town.queue("Двойник").await;
    town.settle_now().await;
    // Two colleagues post the same text by hand: nobody can tell which is ours.
    let text = "Двойник\n\nТекст новости «Двойник».";
    town.max.post_by_hand(CHAT, text).unwrap();
    town.max.post_by_hand(CHAT, text).unwrap();
    town.pass(HOUR * 6).await;
    assert_eq!(town.on_max().len(), 2, "nothing was added");
    assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
    let waiting = town.store().attention(morning()).await.unwrap();
    assert!(waiting.iter().any(|a| a.kind == AttentionKind::InDoubt && a.todo.contains("post resolve")), "{waiting:?}");
}

/// What was sent a second ago may still arrive: it would stand beside the one that is sent on a hasty word.
#[tokio::test]
async fn a_word_waits_until_the_call_must_have_arrived() {
    let town = Town::new().await;
    let id = town.queue("Терпение").await;
    town.max.server.switches.next("POST /messages", Fault::DropBefore);
    town.settle_now().await;
    let not_there = async || {
        let (channels, hold) = (&town.office.channels, town.office.config.hold);
        let word = (Resolution::NotPublished, "Офицер");
        resolve(town.store(), channels, &*town.clock, hold, (id, "gorod-max"), word).await
    };
    let refused = not_there().await.unwrap_err().to_string();
    assert!(refused.contains("may still arrive"), "{refused}");
    town.clock.advance(Duration::from_secs(31));
    not_there().await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(town.on_max().len(), 1);
}

#[tokio::test]
async fn a_word_about_one_call_settles_no_later_one() {
    let town = Town::new().await;
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    let id = town.queue("Двойник").await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        town.max.server.switches.next("POST /messages", Fault::DropBefore);
        town.settle_now().await;
        let text = "Двойник\n\nТекст новости «Двойник».";
        let by_hand = [(); 2].map(|()| town.max.post_by_hand(CHAT, text).unwrap());
        town.pass(HOUR).await;
        assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
        assert!(by_hand.iter().all(|mid| town.max.delete_by_hand(mid)));
        seen.push(AsSeen::from(&store.post_view(id).await.unwrap()));
        let first = seen[0].clone();
        let said =
            resolve(store, channels, &*town.clock, hold, (first, "gorod-max"), (Resolution::NotPublished, "Офицер"));
        assert_eq!(said.await.is_ok(), seen.len() == 1, "the second call is another one");
    }
    let last = seen.pop().unwrap();
    let said = resolve(store, channels, &*town.clock, hold, (last, "gorod-max"), (Resolution::NotPublished, "Офицер"));
    assert_eq!(said.await.unwrap(), State::Queued);
}

#[tokio::test]
async fn a_refused_post_fails_everywhere_and_an_edit_queues_it_again() {
    let town = Town::new().await;
    let refusal = json!({"code": "proto.payload", "message": "Forbidden words"});
    town.max.server.switches.next("POST /messages", Fault::Refuse(Canned::json(400, &refusal)));
    let id = town.queue("Отказ").await;
    town.pass(MINUTE).await;
    assert_eq!(town.state(id, "gorod-max").await, State::Failed);
    assert_eq!(town.state(id, "gorod-site").await, State::Failed);
    town.edit(id, "Исправлено").await;
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_max().len(), 1);
    assert!(town.on_vk()[0].0.starts_with("Исправлено"));
}

#[tokio::test]
async fn a_revoked_token_pauses_its_channel_and_burns_nothing() {
    let town = Town::new().await;
    town.vk.revoke_token("vk-community-secret");
    let id = town.queue("Без прав").await;
    town.pass(HOUR * 6).await;
    assert_eq!(town.on_site().len(), 1, "the other channels go on");
    assert_eq!(town.state(id, "gorod-vk").await, State::Held);
    let paused: Vec<_> = town
        .store()
        .channel_views()
        .await
        .unwrap()
        .into_iter()
        .filter(|c| c.paused_at.is_some())
        .map(|c| c.slug)
        .collect();
    assert_eq!(paused, ["gorod-vk"]);

    let kind = vestnik_sandbox::vk::Kind::Community { group: GROUP };
    town.vk.add_token("vk-community-secret", kind, !0);
    town.store().resume_channel("gorod-vk", "Администратор", vestnik_contract::Clock::now(&*town.clock)).await.unwrap();
    town.pass(MINUTE).await;
    assert_eq!(town.on_vk().len(), 1);
}

#[tokio::test]
async fn an_outage_delays_and_loses_nothing() {
    let town = Town::new().await;
    town.site.server.switches.always("*", Fault::Refuse(Canned::html(503)));
    for n in 0..3 {
        town.queue(&format!("Новость {n}")).await;
    }
    town.pass(HOUR * 8).await;
    assert!(town.on_site().is_empty());
    assert_eq!(town.on_vk().len(), 3);
    town.site.server.switches.clear();
    town.pass(HOUR * 2).await;
    assert_eq!(town.on_site().len(), 3);
}

#[tokio::test]
async fn two_equal_texts_are_told_apart_by_the_person_footer_and_all() {
    let town = Town::new().await;
    town.vk.server.switches.next("wall.post", Fault::DropBefore);
    let id = town.queue("Подвал").await;
    town.pass(HOUR * 4 + MINUTE + MINUTE / 2).await;
    assert!(town.on_vk().is_empty());
    let address = town.max.posts(CHAT)[0].url.clone().unwrap();
    let text = format!("Подвал\n\nТекст новости «Подвал».\n\nПервыми узнают в MAX: {address}");
    let by_hand = town.vk.post_by_hand(GROUP, &text).unwrap();
    town.vk.post_by_hand(GROUP, &text).unwrap();
    town.pass(HOUR).await;
    assert_eq!(town.state(id, "gorod-vk").await, State::InDoubt);
    let url = format!("https://vk.com/wall-{GROUP}_{by_hand}").parse().unwrap();
    let word = (Resolution::Published(url), "Офицер");
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    let state = resolve(store, channels, &*town.clock, hold, (id, "gorod-vk"), word).await.unwrap();
    assert_eq!(state, State::Published);
    assert_eq!(town.on_vk().len(), 2, "nothing was added");
}

#[tokio::test]
async fn a_time_that_cannot_be_does_not_hold_a_post_for_ever() {
    let town = Town::new().await;
    town.max.set_stamps_ahead(chrono::TimeDelta::days(365 * 70));
    town.queue("Из 2096 года").await;
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_vk().len(), 1);
}

#[tokio::test]
async fn what_waits_for_a_clock_or_a_platform_is_shown_to_people() {
    let town = Town::new().await;
    town.queue("Ждёт").await;
    town.settle_now().await;
    town.vk.server.clock.set_ahead(chrono::TimeDelta::days(-5));
    town.pass(HOUR * 5).await;
    let waiting = town.store().attention(vestnik_contract::Clock::now(&*town.clock)).await.unwrap();
    assert!(
        waiting.iter().any(|a| a.kind == AttentionKind::Late && a.channel == "gorod-vk" && a.what.contains("clock")),
        "{waiting:?}"
    );
}

/// Nobody is asked, because nobody can do more than vestnik does; but it is not kept quiet.
#[tokio::test]
async fn what_a_platform_keeps_open_is_named_after_an_hour_until_it_is_settled() {
    let town = Town::new().await;
    let named = async || {
        let list = town.store().attention(town.clock.now()).await.unwrap();
        list.into_iter()
            .filter(|a| a.kind == AttentionKind::Outstanding)
            .map(|a| (a.channel, a.what))
            .collect::<Vec<_>>()
    };
    let edited = town.queue("Было").await;
    town.pass(MINUTE).await;
    let busy = Fault::Refuse(Canned::html(503));
    town.max.server.switches.always("PUT /messages", busy.clone());
    town.edit(edited, "Стало").await;
    town.pass(MINUTE * 30).await;
    assert_eq!(named().await, []);
    town.pass(HOUR).await;
    let (channel, what) = &named().await[0];
    assert!(channel == "gorod-max" && what.contains("changed or taken down"), "{what}");
    town.max.server.switches.clear();
    town.pass(HOUR).await;
    assert_eq!(named().await, []);

    town.max.server.switches.always("GET /messages", busy);
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    town.queue("Без ответа").await;
    town.pass(HOUR * 2).await;
    let (channel, what) = &named().await[0];
    assert!(channel == "gorod-max" && what.contains("how the call ended"), "{what}");
    town.max.server.switches.clear();
    town.pass(HOUR).await;
    assert_eq!(named().await, []);
}

#[tokio::test]
async fn a_receipt_that_comes_after_a_person_gave_up_is_not_sent_again() {
    let town = Town::new().await;
    let late = Fault::CommitThenDelay(std::time::Duration::from_millis(400));
    town.max.server.switches.next("POST /messages", late);
    let id = town.queue("Опоздавший ответ").await;
    town.daemon.tick(town.clock.now()).await.unwrap();
    while town.on_max().is_empty() {
        tokio::task::yield_now().await;
    }
    // While the call is open, another process takes the attempt for an orphan and a person gives it up.
    town.store().doubt_orphans("another", Vec::new(), town.clock.now()).await.unwrap();
    let delivery = town.store().deliveries_of(id).await.unwrap()[0].id;
    town.store().resolve_not_published(delivery, "Офицер", town.clock.now()).await.unwrap();
    town.daemon.settle().await;
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_max().len(), 1, "the late receipt counts");
    assert_eq!(town.on_vk().len(), 1);
}

#[tokio::test]
async fn that_nobody_knows_is_said_once_by_whichever_process_was_first() {
    let town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    let id = town.queue("Двое ждали ответа").await;
    town.daemon.tick(town.clock.now()).await.unwrap();
    town.daemon.settle().await;
    let delivery = town.store().deliveries_of(id).await.unwrap()[0].id;
    let doubt = town.store().doubt_of(delivery).await.unwrap().unwrap();
    let lost =
        Outcome::InDoubt { told: Told::plain(ToldKind::NoAnswer, "no answer").into(), look_at: town.clock.now() };
    town.store().settle(doubt.attempt, lost, town.clock.now(), None).await.unwrap();
    assert_eq!(town.stop_reason(id, "gorod-max").await, None, "nobody has to look into it yet");
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_max().len(), town.on_vk().len()), (1, 1));
}
