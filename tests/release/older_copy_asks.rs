//! An older copy is put back and the history beside it tells what cannot be done, cannot be true or cannot be read:
//! nothing goes out on the strength of it, and a person is asked.

use serde_json::Value;
use vestnik::domain::{PostId, State};
use vestnik::journal::Entry;
use vestnik::release::{Resolution, resolve};
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;

use crate::older_copy::{Copy, HISTORY, attention, counts, older_heads, proven};
use crate::town::{CHAT, HOUR, MINUTE, Town};

/// A colleague deletes the newest post in MAX.
fn delete_in_max(town: &Town) {
    town.max.delete_by_hand(&town.max.posts(CHAT).last().unwrap().mid());
}

async fn say_taken_down(town: &Town, id: PostId) {
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    let word = (Resolution::NotPublished, "Офицер");
    resolve(store, channels, &*town.clock, hold, (id, "gorod-max"), word).await.unwrap();
}

async fn republish(town: &Town, id: PostId) {
    town.store().republish(id, "Офицер", town.clock.now()).await.unwrap();
}

async fn asked_about(town: &Town, channel: &str) -> String {
    attention(town).await.into_iter().find(|line| line.contains(channel)).unwrap_or_default()
}

/// Somebody writes other facts into the history beside the database.
fn forge(town: &Town, kind: &str, forgery: impl Fn(&mut Entry)) {
    let month = town.path(HISTORY).join("2026-11.jsonl");
    let lines = std::fs::read_to_string(&month).unwrap();
    let forged = lines.lines().map(|line| {
        let mut entry = Entry::parse(line).unwrap();
        if entry.kind == kind {
            forgery(&mut entry);
            entry.hash = entry.computed_hash();
        }
        entry.line() + "\n"
    });
    std::fs::write(&month, forged.collect::<String>()).unwrap();
}

#[tokio::test]
async fn a_primary_taken_down_by_hand_makes_its_followers_ask() {
    for primary_was_out in [false, true] {
        let mut town = Town::new().await;
        let id = town.queue("Снята вручную").await;
        if primary_was_out {
            town.pass(HOUR).await;
        }
        let copy = Copy::of(&mut town).await;
        town.pass(HOUR).await;
        delete_in_max(&town);
        say_taken_down(&town, id).await;
        copy.put_back(&mut town).await;
        town.pass(HOUR * 24).await;
        assert_eq!(counts(&town), (0, 0, 0));
        for channel in ["gorod-vk", "gorod-site"] {
            let asked = asked_about(&town, channel).await;
            assert!(asked.contains("taken down by hand"), "out: {primary_was_out}: {asked}");
        }
        republish(&town, id).await;
        town.pass(HOUR * 5).await;
        assert_eq!(counts(&town), (1, 1, 1));
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_new_primary_whose_call_was_cut_off_is_looked_for_first() {
    let mut town = Town::new().await;
    let id = town.queue("Заново").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    delete_in_max(&town);
    republish(&town, id).await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    town.settle_now().await;
    assert_eq!(town.on_max().len(), 1, "it stands, and its receipt is lost");
    copy.put_back(&mut town).await;
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (1, 1, 1));
    proven(&town).await;
}

#[tokio::test]
async fn a_new_primary_that_was_taken_down_again_is_not_published_a_third_time() {
    let mut town = Town::new().await;
    let id = town.queue("Дважды снята").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    delete_in_max(&town);
    republish(&town, id).await;
    town.pass(HOUR).await;
    delete_in_max(&town);
    say_taken_down(&town, id).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR * 24).await;
    assert_eq!(counts(&town), (0, 0, 0));
    assert!(asked_about(&town, "gorod-vk").await.contains("taken down by hand"));
    proven(&town).await;
}

#[tokio::test]
async fn a_new_primary_of_a_post_that_expired_fails_with_that_reason() {
    let mut town = Town::new().await;
    let id = town.queue_with("До двух", "expires_at: 2026-11-23 14:00").await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 1, 1));
    let copy = Copy::of(&mut town).await;
    delete_in_max(&town);
    republish(&town, id).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR).await;
    assert_eq!((counts(&town), town.state(id, "gorod-max").await), ((0, 1, 1), State::Failed));
    assert!(asked_about(&town, "gorod-max").await.contains("expire"));
    proven(&town).await;
}
