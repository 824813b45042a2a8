//! An older copy of the database is put back, as every office does one day. What matters is what stands on the
//! channels afterwards, and that the journal still proves it.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik::domain::{PostId, State};
use vestnik::history::audit;
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;

use crate::town::{CHAT, HOUR, MINUTE, Town, morning};

pub const HISTORY: &str = "vestnik.db.history";

/// The database file as it was at one moment.
pub struct Copy(Vec<u8>);

impl Copy {
    pub async fn of(town: &mut Town) -> Self {
        town.kill_and_restart().await;
        Self(std::fs::read(town.path("vestnik.db")).unwrap())
    }

    pub async fn put_back(&self, town: &mut Town) {
        town.daemon.stop(Duration::ZERO).await;
        town.office.store.clone().close().await;
        for name in ["vestnik.db-wal", "vestnik.db-shm"] {
            drop(std::fs::remove_file(town.path(name)));
        }
        std::fs::write(town.path("vestnik.db"), &self.0).unwrap();
        town.restart().await;
    }

    /// The history beside the database is lost, too.
    pub async fn put_back_alone(&self, town: &mut Town) {
        std::fs::remove_dir_all(town.path(HISTORY)).unwrap();
        self.put_back(town).await;
    }
}

/// What waits for a person, one line each.
pub async fn attention(town: &Town) -> Vec<String> {
    let list = town.store().attention(town.clock.now()).await.unwrap();
    list.into_iter()
        .map(|a| {
            format!("{} {} {}: {}", a.kind, a.channel, a.post.map(|id| id.to_string()).unwrap_or_default(), a.what)
        })
        .collect()
}

pub async fn proven(town: &Town) {
    let audit = audit::verify(town.store(), None, town.clock.now()).await.unwrap();
    assert!(audit.ok, "{audit}");
}

pub fn counts(town: &Town) -> (usize, usize, usize) {
    (town.on_max().len(), town.on_vk().len(), town.on_site().len())
}

pub async fn older_heads(town: &Town) -> usize {
    let rows = town.store().journal_page("gorod", 0, 1_000).await.unwrap();
    rows.iter().filter(|row| row.kind == "history.older_head").count()
}

#[tokio::test]
async fn edited_in_between_it_is_neither_published_again_nor_edited_back() {
    let mut town = Town::new().await;
    let id = town.queue("Старый заголовок").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    town.edit(id, "Исправленный заголовок").await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 1, 1));

    copy.put_back(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 1, 1));
    for (text, _) in [town.on_max(), town.on_vk(), town.on_site()].concat() {
        assert!(text.contains("Исправленный заголовок"), "{text}");
    }
    let asked = attention(&town).await;
    assert!(asked.iter().any(|a| a.contains("gorod-max") && a.contains("newest text")), "{asked:?}");
    proven(&town).await;

    // The person says what it is to read, and everything follows after a new hold.
    town.edit(id, "Третий заголовок").await;
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (1, 1, 1));
    for (text, _) in [town.on_max(), town.on_vk(), town.on_site()].concat() {
        assert!(text.contains("Третий заголовок"), "{text}");
    }
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn what_is_out_is_recognised_also_after_its_time_to_expire() {
    for copied_during_the_hold in [false, true] {
        let mut town = Town::new().await;
        let id = town.queue_with("До трёх", "expires_at: 2026-11-23 15:00").await;
        if copied_during_the_hold {
            town.pass(HOUR).await;
        }
        let copy = Copy::of(&mut town).await;
        town.pass(HOUR * 8).await;
        assert_eq!(counts(&town), (1, 1, 1));
        copy.put_back_alone(&mut town).await;
        town.pass(HOUR).await;
        assert_eq!(counts(&town), (1, 1, 1));
        for channel in ["gorod-max", "gorod-vk", "gorod-site"] {
            assert_eq!(town.state(id, channel).await, State::Published, "{channel}");
        }
        assert_eq!(attention(&town).await, [""; 0]);
        // What is known can be taken down.
        town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
        town.pass(HOUR).await;
        assert_eq!(counts(&town), (0, 0, 0));
    }
}

#[tokio::test]
async fn what_is_not_out_expires_after_a_look() {
    let mut town = Town::new().await;
    let id = town.queue_with("До трёх", "at: 2026-11-23 10:00\nexpires_at: 2026-11-23 15:00").await;
    let copy = Copy::of(&mut town).await;
    town.daemon.stop(Duration::ZERO).await;
    town.clock.advance(HOUR * 8);
    copy.put_back_alone(&mut town).await;
    town.pass(HOUR).await;
    assert_eq!((counts(&town), town.state(id, "gorod-vk").await), ((0, 0, 0), State::Failed));
    assert!(attention(&town).await.iter().any(|line| line.contains("gorod-max") && line.contains("expire")));
    proven(&town).await;
}

#[tokio::test]
async fn edited_before_its_time_the_old_text_does_not_go_out() {
    let mut town = Town::new().await;
    let id = town.queue_with("С ошибкой", "at: 2026-11-23 12:00").await;
    let copy = Copy::of(&mut town).await;
    town.edit(id, "Без ошибки").await;
    copy.put_back(&mut town).await;
    town.pass(HOUR * 8).await;
    assert_eq!(counts(&town), (0, 0, 0));
    assert!(town.stop_reason(id, "gorod-max").await.is_some());
    // A person leaves it out.
    town.store().cancel_post(id, "Редактор", "устарело", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!((counts(&town), attention(&town).await.len()), ((0, 0, 0), 0));
    proven(&town).await;
}

#[tokio::test]
async fn an_edit_that_a_person_takes_over_by_leaving_it_is_settled() {
    let mut town = Town::new().await;
    let id = town.queue("Старый заголовок").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    town.edit(id, "Исправленный заголовок").await;
    town.pass(HOUR).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 0, 0), "followers wait for a person");
    town.store().cancel_post(id, "Редактор", "остаётся как есть", town.clock.now()).await.unwrap();
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 0, 0));
    assert!(town.on_max()[0].0.contains("Исправленный"));
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn an_edit_that_the_copy_knows_is_taken_up_with_its_hold() {
    let mut town = Town::new().await;
    let id = town.queue("Старый заголовок").await;
    town.pass(HOUR).await;
    town.edit(id, "Исправленный заголовок").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR * 2).await;
    assert_eq!(counts(&town), (1, 0, 0), "the hold of the edit runs");
    town.pass(HOUR * 2).await;
    assert_eq!(counts(&town), (1, 1, 1));
    assert!(town.on_vk()[0].0.contains("Исправленный"));
    proven(&town).await;
}

#[tokio::test]
async fn what_was_withdrawn_or_cancelled_in_between_stays_so() {
    let mut town = Town::new().await;
    let withdrawn = town.queue("Отозвана").await;
    let cancelled = town.queue_with("Отменена", "at: 2026-11-23 18:00").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR * 5).await;
    town.store().withdraw_post(withdrawn, "Редактор", "недостоверно", town.clock.now()).await.unwrap();
    town.store().cancel_post(cancelled, "Редактор", "не нужно", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(counts(&town), (0, 0, 0));
    copy.put_back(&mut town).await;
    town.pass(HOUR * 24).await;
    assert_eq!(counts(&town), (0, 0, 0));
    assert_eq!(town.state(withdrawn, "gorod-site").await, State::Withdrawn);
    assert_eq!(town.state(cancelled, "gorod-max").await, State::Cancelled);
    let view = town.store().post_view(cancelled).await.unwrap();
    assert_eq!(view.cancel.map(|order| order.by), Some("Редактор".into()));
    proven(&town).await;
}

#[tokio::test]
async fn a_withdrawal_under_way_is_finished() {
    let mut town = Town::new().await;
    let id = town.queue("Отзывается").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR * 5).await;
    town.store().withdraw_post(id, "Редактор", "недостоверно", town.clock.now()).await.unwrap();
    copy.put_back(&mut town).await;
    town.pass(HOUR).await;
    assert_eq!(counts(&town), (0, 0, 0));
    proven(&town).await;
}

#[tokio::test]
async fn the_hold_counts_from_the_receipt_that_the_copy_does_not_know() {
    let mut town = Town::new().await;
    town.queue("Выдержка").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR * 3).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR + MINUTE * 2).await;
    assert_eq!(counts(&town), (1, 1, 1), "four hours and the margin after MAX, not after the restoration");
    assert!(town.on_vk()[0].1 - town.on_max()[0].1 >= TimeDelta::hours(4));
    assert_eq!(older_heads(&town).await, 1);
    proven(&town).await;
}

#[tokio::test]
async fn a_follower_that_went_out_in_between_is_not_sent_again_and_the_others_are() {
    let mut town = Town::new().await;
    let id = town.queue("Следом").await;
    let copy = Copy::of(&mut town).await;
    town.site.server.switches.always("*", Fault::DropBefore);
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (1, 1, 0));
    town.site.server.switches.clear();
    copy.put_back(&mut town).await;
    town.pass(HOUR).await;
    assert_eq!(counts(&town), (1, 1, 1));
    assert_eq!(town.state(id, "gorod-vk").await, State::Published);
    proven(&town).await;
}

#[tokio::test]
async fn a_copy_made_in_the_middle_of_a_call_learns_how_it_ended() {
    let mut town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDelay(Duration::from_secs(60)));
    let id = town.queue("На полпути").await;
    town.daemon.tick(town.clock.now()).await.unwrap();
    while town.on_max().is_empty() {
        tokio::task::yield_now().await;
    }
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    town.edit(id, "Исправлено").await;
    town.pass(HOUR).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 0, 0), "a person is asked about the lost text");
    assert!(town.on_max()[0].0.contains("Исправлено"));
    proven(&town).await;
}

#[tokio::test]
async fn a_primary_published_anew_in_between_is_not_published_a_third_time() {
    let mut town = Town::new().await;
    let id = town.queue("Заново").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    town.store().republish(id, "Офицер", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(town.on_max().len(), 1);
    copy.put_back(&mut town).await;
    town.pass(HOUR * 4).await;
    assert_eq!(counts(&town), (1, 1, 1));
    assert!(town.on_vk()[0].1 - town.on_max()[0].1 >= TimeDelta::hours(4));
    proven(&town).await;
}

#[tokio::test]
async fn a_new_primary_that_was_asked_for_and_not_out_yet_goes_out() {
    let mut town = Town::new().await;
    let id = town.queue("Заново").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    town.store().republish(id, "Офицер", town.clock.now()).await.unwrap();
    copy.put_back(&mut town).await;
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (1, 1, 1));
    proven(&town).await;
}

#[tokio::test]
async fn a_post_queued_after_the_copy_is_named_to_a_person() {
    let mut town = Town::new().await;
    let copy = Copy::of(&mut town).await;
    let lost = town.queue("Потерянная").await;
    let never_out = town.queue_with("Не вышедшая", "at: 2026-11-24 12:00").await;
    town.pass(HOUR).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR * 48).await;
    assert_eq!(counts(&town), (1, 0, 0));
    let told = attention(&town).await;
    let about = |id: PostId| told.iter().find(|a| a.starts_with(&format!("lost gorod-max {id}"))).cloned().unwrap();
    assert!(about(lost).contains("«Потерянная»") && about(lost).contains("it stands there: https://max.ru/"));
    assert!(about(never_out).contains("it is out nowhere"));
    proven(&town).await;
    town.pass(HOUR * 24 * 14).await;
    assert_eq!(attention(&town).await, [""; 0], "told for two weeks");
}

#[tokio::test]
async fn a_pause_outlives_the_copy() {
    let mut town = Town::new().await;
    town.queue("Пауза").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    town.store().pause_channel("gorod-vk", "Администратор", "переезд", town.clock.now()).await.unwrap();
    copy.put_back(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 0, 1));
    proven(&town).await;
}

#[tokio::test]
async fn the_same_copy_put_back_again_and_again_learns_everything_again() {
    let mut town = Town::new().await;
    let first = town.queue("Первая").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    for n in 1..4 {
        copy.put_back(&mut town).await;
        // Commands that run on the copy before the daemon does.
        let post = town.queue(&format!("После {n}-го возврата")).await;
        town.pass(HOUR * 5).await;
        assert_eq!(town.state(post, "gorod-site").await, State::Published);
        assert_eq!(town.state(first, "gorod-site").await, State::Published);
        assert_eq!(counts(&town), (n + 1, n + 1, n + 1));
        assert_eq!(older_heads(&town).await, 1);
        town.kill_and_restart().await;
        town.pass(HOUR).await;
        assert_eq!(older_heads(&town).await, 1, "said once");
        proven(&town).await;
    }
    assert_eq!(attention(&town).await.len(), 2, "the posts of the first two returns are lost");
}

#[tokio::test]
async fn published_by_a_clock_that_was_ahead_it_is_not_published_again() {
    for alone in [false, true] {
        let mut town = Town::new().await;
        let id = town.queue_with("Из будущего", "at: 2026-11-28 09:00").await;
        let copy = Copy::of(&mut town).await;
        town.clock.advance(HOUR * 24 * 8);
        town.pass(MINUTE).await;
        assert_eq!(town.on_max().len(), 1);
        town.clock.set(morning() + HOUR);
        if alone {
            copy.put_back_alone(&mut town).await;
        } else {
            copy.put_back(&mut town).await;
        }
        town.pass(HOUR * 24 * 14).await;
        assert_eq!(counts(&town), (1, 1, 1), "alone: {alone}");
        assert_eq!(town.state(id, "gorod-vk").await, State::Published);
    }
}

#[tokio::test]
async fn queued_by_a_clock_that_was_ahead_it_is_found_all_the_same() {
    let mut town = Town::new().await;
    town.clock.advance(HOUR * 24 * 8);
    town.queue_with("Из будущего", "at: 2026-12-02 09:00").await;
    let copy = Copy::of(&mut town).await;
    // Everything on the platforms happens by the right time.
    town.clock.set(morning() + HOUR);
    town.max.post_by_hand(CHAT, "Из будущего\n\nТекст новости «Из будущего».");
    copy.put_back_alone(&mut town).await;
    town.pass(HOUR * 24 * 10).await;
    assert_eq!(town.on_max().len(), 1);
}

#[tokio::test]
async fn without_the_history_an_edited_post_is_shown_to_a_person() {
    let mut town = Town::new().await;
    let id = town.queue("Заголовок остался").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    town.edit(id, "Заголовок остался").await;
    town.pass(HOUR).await;
    copy.put_back_alone(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 0, 0));
    assert!(town.stop_reason(id, "gorod-max").await.unwrap().contains("much like it"));
}

#[tokio::test]
async fn without_the_history_an_edited_post_whose_call_the_copy_saw_under_way_is_shown_to_a_person() {
    let mut town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDelay(Duration::from_secs(60)));
    let id = town.queue("Заголовок остался").await;
    town.daemon.tick(town.clock.now()).await.unwrap();
    while town.on_max().is_empty() {
        tokio::task::yield_now().await;
    }
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    town.edit(id, "Заголовок остался").await;
    town.pass(HOUR).await;
    copy.put_back_alone(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 0, 0), "a person is asked");
    assert!(town.stop_reason(id, "gorod-max").await.unwrap().contains("much like it"));
}

#[tokio::test]
async fn without_the_history_what_is_found_by_its_key_is_given_the_newest_text() {
    let mut town = Town::new().await;
    let id = town.queue("Заголовок остался").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR * 5).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    copy.put_back_alone(&mut town).await;
    town.edit(id, "Заголовок остался").await;
    town.pass(HOUR * 6).await;
    let [(text, _)] = &town.on_site()[..] else { panic!("{:?}", town.on_site()) };
    assert!(text.contains("Новый текст"), "{text}");
    assert_eq!(town.state(id, "gorod-site").await, State::Published);
}

#[tokio::test]
async fn the_whole_folder_put_back_is_told_by_the_channels() {
    let mut town = Town::new().await;
    let id = town.queue("Заголовок остался").await;
    let untouched = town.queue("Без правок").await;
    let copy = Copy::of(&mut town).await;
    let month = town.path(HISTORY).join("2026-11.jsonl");
    let history = std::fs::read(&month).unwrap();
    town.pass(HOUR).await;
    town.edit(id, "Заголовок остался").await;
    town.pass(HOUR).await;
    std::fs::write(&month, history).unwrap();
    copy.put_back(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (2, 1, 1));
    assert_eq!(town.state(untouched, "gorod-vk").await, State::Published);
    assert_eq!(older_heads(&town).await, 0);
}

#[tokio::test]
async fn a_torn_end_and_a_lost_middle_cost_only_what_they_told() {
    let mut town = Town::new().await;
    let torn = town.queue("Первая").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR).await;
    town.store().cancel_post(torn, "Редактор", "хватит", town.clock.now()).await.unwrap();
    town.daemon.stop(Duration::ZERO).await;
    town.office.store.clone().close().await;
    let month = town.path(HISTORY).join("2026-11.jsonl");
    let mut history = std::fs::read(&month).unwrap();
    history.truncate(history.len() - 40);
    history.extend([0; 100]);
    std::fs::write(&month, history).unwrap();
    copy.put_back(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(town.on_max().len(), 1);
    assert_eq!(older_heads(&town).await, 1);
    proven(&town).await;
    // What is written after the torn line is whole.
    town.kill_and_restart().await;
    town.pass(HOUR).await;
    assert_eq!(older_heads(&town).await, 1);
}
