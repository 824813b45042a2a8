//! An older copy of the database is put back, and what happened since cannot be told by its times: the history beside
//! it is lost, too, or our clock had gone back.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik::history::audit;
use vestnik::history::verify::Proof;
use vestnik_contract::Clock as _;

use crate::older_copy::{Copy, attention, counts, proven};
use crate::town::{CHAT, HOUR, Town};

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
