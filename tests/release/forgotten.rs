//! An older copy of the database is put back, and what happened since cannot be told by its times: the history beside
//! it is lost, too, or our clock had gone back.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use vestnik::domain::{PostId, State};
use vestnik::history::audit;
use vestnik::history::verify::Proof;
use vestnik::release::{Resolution, resolve};
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::older_copy::{Copy, attention, counts, proven};
use crate::older_copy_asks::{asked_about, delete_in_max};
use crate::town::{CHAT, GROUP, HOUR, Town};

#[tokio::test]
async fn followers_of_an_edit_that_the_copy_did_not_see_are_not_called_early() {
    let mut town = Town::new().await;
    let id = town.queue("Старый заголовок").await;
    town.settle_now().await;
    town.edit(id, "Исправленный заголовок").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 1, 1));
    let stood = (town.on_vk(), town.on_site());

    copy.put_back_alone(&mut town).await;
    town.pass(HOUR * 24).await;
    assert_eq!((town.on_vk(), town.on_site()), stood, "nothing goes out again");
    assert_eq!(attention(&town).await, [""; 0]);
    let audit = audit::verify(town.store(), None, town.clock.now()).await.unwrap();
    let rule = &audit.report.chains.iter().find(|chain| chain.chain == "gorod").unwrap().rule;
    assert_eq!((rule.broken().len(), rule.unknown().len()), (0, 2), "{audit}\n{:#?}", audit.report);
    assert_eq!((audit.proof(), audit.ok), (Proof::Part, false), "{audit}");
    town.daemon.stop(Duration::ZERO).await;
}

#[tokio::test]
async fn what_went_out_by_a_clock_that_had_gone_back_is_known_again() {
    let mut town = Town::new().await;
    let id = town.queue("Заново").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    town.clock.set(town.clock.now() - TimeDelta::days(3));
    town.store().republish(id, "Офицер", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(town.on_max().len(), 1);

    copy.put_back(&mut town).await;
    town.pass(HOUR * 3).await;
    assert_eq!(counts(&town), (1, 0, 0), "from when it counts is not known: the hold begins anew");
    town.pass(HOUR * 2).await;
    assert_eq!(counts(&town), (1, 1, 1));
    town.store().withdraw_post(id, "Редактор", "недостоверно", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(counts(&town), (0, 0, 0), "what is known can be taken down");
    proven(&town).await;
}

#[tokio::test]
async fn edited_after_the_copy_was_put_back_it_is_known_by_its_old_text() {
    let mut town = Town::new().await;
    let id = town.queue("Ярмарка мастеров").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    assert_eq!(counts(&town), (1, 0, 0));
    copy.put_back_alone(&mut town).await;
    town.edit(id, "Движение автобусов изменится").await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 1, 1), "{:?}", town.on_max());
    for (text, _) in [town.on_max(), town.on_vk(), town.on_site()].concat() {
        assert!(text.contains("Движение автобусов"), "{text}");
    }
    proven(&town).await;
}

#[tokio::test]
async fn a_question_that_an_edit_takes_away_is_put_again_before_anything_is_sent() {
    for withdrawn in [false, true] {
        let (town, id, [ours, _]) = two_that_read_alike_on_vk().await;
        town.edit(id, "Движение автобусов изменится").await;
        if withdrawn {
            town.store().withdraw_post(id, "Редактор", "недостоверно", town.clock.now()).await.unwrap();
        }
        town.pass(HOUR * 6).await;
        assert_eq!(town.on_vk().len(), 2, "withdrawn: {withdrawn}: nothing was added");
        assert!(asked_about(&town, "gorod-vk").await.contains("may be out already"), "withdrawn: {withdrawn}");
        say_where_it_stands_on_vk(&town, id, ours).await;
        town.pass(HOUR * 6).await;
        let left: Vec<_> = town.vk.posts(GROUP).into_iter().filter(|post| post.id == ours).collect();
        assert_eq!(left.is_empty(), withdrawn);
        assert!(left.iter().all(|post| post.text.contains("Движение автобусов")), "{left:?}");
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn what_is_like_an_earlier_text_is_asked_about_again_after_an_edit() {
    let mut town = Town::new().await;
    let id = town.queue("Заголовок остался").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    town.edit(id, "Заголовок остался").await;
    town.pass(HOUR).await;
    copy.put_back_alone(&mut town).await;
    town.pass(HOUR).await;
    assert!(asked_about(&town, "gorod-max").await.contains("much like it"));
    town.edit(id, "Совсем другая новость").await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 0, 0), "nothing stands twice");
    assert!(asked_about(&town, "gorod-max").await.contains("much like it"));
}

#[tokio::test]
async fn a_cancellation_is_no_answer_to_whether_it_is_out() {
    let (town, id, [ours, _]) = two_that_read_alike_on_vk().await;
    town.store().cancel_post(id, "Редактор", "хватит", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert!(asked_about(&town, "gorod-vk").await.contains("may be out already"), "it stands there");
    town.store().withdraw_post(id, "Редактор", "недостоверно", town.clock.now()).await.unwrap();
    say_where_it_stands_on_vk(&town, id, ours).await;
    town.pass(HOUR).await;
    assert!(town.vk.posts(GROUP).iter().all(|post| post.id != ours), "it is withdrawn");
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn a_follower_that_may_be_out_does_not_fail_with_its_primary() {
    for stands in [true, false] {
        let (town, id, [ours, by_hand]) = two_that_read_alike_on_vk().await;
        delete_in_max(&town, "Ярмарка мастеров");
        let refusal = json!({"code": "proto.payload", "message": "no"});
        town.max.server.switches.next("POST /messages", Fault::Refuse(Canned::json(400, &refusal)));
        town.store().republish(id, "Офицер", town.clock.now()).await.unwrap();
        town.pass(HOUR).await;
        assert_eq!(town.state(id, "gorod-max").await, State::Failed);
        assert!(asked_about(&town, "gorod-vk").await.contains("may be out already"), "it stands there");
        if stands {
            say_where_it_stands_on_vk(&town, id, ours).await;
            assert_eq!(town.state(id, "gorod-vk").await, State::Published);
        } else {
            [ours, by_hand].into_iter().for_each(|number| town.vk.delete_by_hand(GROUP, number));
            let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
            let word = (Resolution::NotPublished, "Офицер");
            resolve(store, channels, &*town.clock, hold, (id, "gorod-vk"), word).await.unwrap();
            assert_eq!(town.state(id, "gorod-vk").await, State::Failed);
        }
    }
}

/// An older copy without its history, a post that went out since, and one on VK that reads like it: a person is asked.
/// Gives the numbers of both, ours first.
async fn two_that_read_alike_on_vk() -> (Town, PostId, [i64; 2]) {
    let mut town = Town::new().await;
    let id = town.queue("Ярмарка мастеров").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (1, 1, 1));
    let ours = town.vk.posts(GROUP)[0].clone();
    let by_hand = town.vk.post_by_hand(GROUP, &ours.text).unwrap();
    copy.put_back_alone(&mut town).await;
    town.pass(HOUR).await;
    assert!(asked_about(&town, "gorod-vk").await.contains("may be out already"), "nobody else can tell which is ours");
    (town, id, [ours.id, by_hand])
}

async fn say_where_it_stands_on_vk(town: &Town, id: PostId, number: i64) {
    let address = format!("https://vk.com/wall-{GROUP}_{number}").parse().unwrap();
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    let word = (Resolution::Published(address), "Офицер");
    resolve(store, channels, &*town.clock, hold, (id, "gorod-vk"), word).await.unwrap();
}
