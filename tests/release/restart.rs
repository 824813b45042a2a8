//! The daemon ends and starts again, also on an older copy of its database.

use vestnik::domain::State;
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;

use crate::town::{HOUR, Town};

#[tokio::test]
async fn a_restart_during_the_hold_changes_nothing() {
    let mut town = Town::new().await;
    town.queue("Перезапуск").await;
    town.pass(HOUR).await;
    town.kill_and_restart().await;
    town.pass(HOUR * 4).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 1, 1));
}

#[tokio::test]
async fn killed_in_the_middle_of_a_call_the_outcome_is_looked_up() {
    let mut town = Town::new().await;
    // The platform takes the post, but its answer takes longer than the daemon lives.
    let late = Fault::CommitThenDelay(std::time::Duration::from_secs(60));
    town.max.server.switches.next("POST /messages", late);
    let id = town.queue("Убит").await;
    town.daemon.tick(town.clock.now()).await.unwrap();
    while town.on_max().is_empty() {
        tokio::task::yield_now().await;
    }
    town.kill_and_restart().await;
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_max().len(), 1, "not sent again");
    assert_eq!(town.state(id, "gorod-max").await, State::Published);
    assert_eq!((town.on_vk().len(), town.on_site().len()), (1, 1));
}

#[tokio::test]
async fn an_older_copy_of_the_database_publishes_nothing_again() {
    let mut town = Town::new().await;
    let first = town.queue("Копия").await;
    town.queue_with("Завтра", "at: 2026-11-24 09:00").await;
    // The copy is made before anything is out.
    town.restart().await;
    let copy = std::fs::read(town.path("vestnik.db")).unwrap();
    town.pass(HOUR * 6).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 1, 1));

    town.daemon.stop(std::time::Duration::ZERO).await;
    town.office.store.clone().close().await;
    for name in ["vestnik.db-wal", "vestnik.db-shm"] {
        drop(std::fs::remove_file(town.path(name)));
    }
    std::fs::write(town.path("vestnik.db"), copy).unwrap();
    town.restart().await;
    town.pass(HOUR * 6).await;
    assert_eq!(
        (town.on_max().len(), town.on_vk().len(), town.on_site().len()),
        (1, 1, 1),
        "nothing was published again"
    );
    assert_eq!(town.state(first, "gorod-vk").await, State::Published);
    town.pass(HOUR * 24).await;
    assert_eq!((town.on_max().len(), town.on_vk().len()), (2, 2), "nothing due was forgotten");
}

#[tokio::test]
async fn what_was_due_while_vestnik_was_down_goes_out_late_and_in_order() {
    let mut town = Town::new().await;
    for n in 0..3 {
        town.queue_with(&format!("Новость {n}"), "at: 2026-11-23 10:00").await;
    }
    town.clock.advance(HOUR * 30);
    town.restart().await;
    town.pass(HOUR * 5).await;
    let order: Vec<_> =
        town.on_max().iter().rev().map(|(text, _)| text.lines().next().unwrap_or_default().to_owned()).collect();
    assert_eq!(order, ["Новость 0", "Новость 1", "Новость 2"]);
    assert_eq!(town.on_vk().len(), 3);
    let late = town.on_max();
    assert!(late.windows(2).all(|w| w[0].1 - w[1].1 >= chrono::TimeDelta::seconds(60)), "spread out: {late:?}");
}

/// The database as it was before anything went out, with the worlds as they are now.
async fn copy_from_before(town: &mut Town, copy: &[u8]) {
    town.daemon.stop(std::time::Duration::ZERO).await;
    town.office.store.clone().close().await;
    for name in ["vestnik.db-wal", "vestnik.db-shm"] {
        drop(std::fs::remove_file(town.path(name)));
    }
    std::fs::write(town.path("vestnik.db"), copy).unwrap();
    town.restart().await;
}

#[tokio::test]
async fn an_older_copy_is_looked_up_until_a_look_succeeds() {
    let mut town = Town::new().await;
    let id = town.queue("Копия").await;
    town.restart().await;
    let copy = std::fs::read(town.path("vestnik.db")).unwrap();
    town.pass(HOUR).await;
    copy_from_before(&mut town, &copy).await;
    // The first looks meet an outage, then a lost right; only then does one succeed.
    let outage = vestnik_sandbox::faults::Canned::html(502);
    town.max.server.switches.times("GET /messages", Fault::Refuse(outage), 3);
    town.pass(std::time::Duration::from_secs(40)).await;
    let denied = serde_json::json!({"code": "verify.token", "message": "Invalid access_token"});
    let denied = vestnik_sandbox::faults::Canned::json(401, &denied);
    town.max.server.switches.next("GET /messages", Fault::Refuse(denied));
    town.pass(HOUR).await;
    drop(town.store().resume_channel("gorod-max", "Администратор", town.clock.now()).await);
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_max().len(), 1, "never published again");
    assert_eq!(town.state(id, "gorod-max").await, State::Published);
}

#[tokio::test]
async fn a_clock_put_right_frees_what_waited_for_the_wrong_one() {
    let mut town = Town::new().await;
    town.clock.advance(HOUR * 24 * 8);
    town.queue("Из будущего").await;
    town.pass(HOUR).await;
    town.clock.set(crate::town::morning() + HOUR * 3);
    town.restart().await;
    town.queue("Вовремя").await;
    town.pass(HOUR * 2).await;
    assert_eq!(town.on_max().len(), 2, "the channel does not wait for next week");
}
