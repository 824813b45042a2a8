//! The history beside an older copy tells of a call and not how it ended: nothing is sent, called off or expired before
//! the platform or a person has been asked about it.

use vestnik::domain::{PostId, State};
use vestnik::release::{Resolution, ResolveError, resolve};
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::older_copy::{Copy, attention, counts, proven};
use crate::older_copy_asks::{asked_about, delete_in_max, say_taken_down};
use crate::town::{HOUR, MINUTE, Town};

async fn give_another_text(town: &Town, id: PostId) {
    let other = town.file("other.md", "---\ntitle: Совсем иначе\n---\nЯрмарка переезжает на площадь Победы.\n");
    town.office.edit(id, &other, "Офицер").await.unwrap();
}

/// MAX refuses the next post for good.
fn refuse(town: &Town) {
    let refusal = Canned::json(400, &serde_json::json!({"code": "proto.payload", "message": "no"}));
    town.max.server.switches.next("POST /messages", Fault::Refuse(refusal));
}

async fn say(town: &Town, id: PostId, word: Resolution) -> Result<State, ResolveError> {
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    resolve(store, channels, &*town.clock, hold, (id, "gorod-max"), (word, "Офицер")).await
}

#[tokio::test]
async fn a_token_that_is_refused_is_no_word_that_nothing_stands() {
    let mut town = Town::new().await;
    let id = town.queue("На ходу").await;
    let copy = Copy::of(&mut town).await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    town.settle_now().await;
    town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    copy.put_back(&mut town).await;
    town.max.revoke_token();
    town.pass(HOUR).await;
    assert_ne!(town.state(id, "gorod-max").await, State::Cancelled);
    town.max.set_token("max-secret");
    town.store().resume_channel("gorod-max", "Администратор", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(counts(&town), (0, 0, 0), "it was found and taken down");
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn what_fits_no_more_and_may_stand_is_asked_about_when_it_is_withdrawn() {
    let mut town = Town::new().await;
    let now = town.clock.now();
    town.store().pause_channel("gorod-max", "Администратор", "проверка", now).await.unwrap();
    let id = town.queue("Не помещается").await;
    let copy = Copy::of(&mut town).await;
    town.store().resume_channel("gorod-max", "Администратор", now).await.unwrap();
    town.settle_now().await;
    let config = std::fs::read_to_string(town.path("config.toml")).unwrap();
    let footer = format!("primary = true\nfooter = \"{}\"", "Подпись. ".repeat(500));
    town.file("config.toml", &config.replacen("primary = true", &footer, 1));
    copy.put_back_alone(&mut town).await;
    town.settle_now().await;
    town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    town.store().resume_channel("gorod-max", "Администратор", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    let asked = asked_about(&town, "gorod-max").await;
    assert!(asked.contains("cannot be looked for"), "{asked}");
    delete_in_max(&town, "Не помещается");
    say(&town, id, Resolution::NotPublished).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(town.state(id, "gorod-max").await, State::Cancelled);
    assert_eq!(attention(&town).await, [""; 0]);
}

#[tokio::test]
async fn what_had_failed_when_the_copy_was_made_is_looked_for_before_it_is_sent() {
    for same_text in [true, false] {
        let mut town = Town::new().await;
        refuse(&town);
        let id = town.queue("С ошибкой").await;
        town.settle_now().await;
        assert_eq!(town.state(id, "gorod-max").await, State::Failed);
        let copy = Copy::of(&mut town).await;
        town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
        town.edit(id, "Без ошибки").await;
        town.settle_now().await;
        assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
        copy.put_back(&mut town).await;
        town.pass(HOUR).await;
        if same_text {
            town.edit(id, "Без ошибки").await;
        } else {
            give_another_text(&town, id).await;
        }
        town.pass(HOUR * 5).await;
        assert_eq!(town.on_max().len(), 1, "same text: {same_text}: nothing stands twice");
        let asked = asked_about(&town, "gorod-max").await;
        assert_eq!(asked.contains("may be out already"), !same_text, "{asked}");
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_call_after_the_one_that_the_copy_knows_is_looked_for_too() {
    for withdrawn in [true, false] {
        let mut town = Town::new().await;
        let id = town.queue("С ошибкой").await;
        town.max.server.switches.next("POST /messages", Fault::DropBefore);
        town.settle_now().await;
        assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
        let copy = Copy::of(&mut town).await;
        town.clock.advance(MINUTE / 2);
        say_taken_down(&town, id).await;
        town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
        town.edit(id, "Без ошибки").await;
        town.settle_now().await;
        assert_eq!((town.state(id, "gorod-max").await, town.on_max().len()), (State::InDoubt, 1));
        copy.put_back(&mut town).await;
        town.settle_now().await;
        if withdrawn {
            town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
        } else {
            give_another_text(&town, id).await;
        }
        town.pass(HOUR * 5).await;
        assert_eq!(town.on_max().len(), 1, "withdrawn: {withdrawn}: nothing stands twice");
        let asked = asked_about(&town, "gorod-max").await;
        assert!(asked.contains("may be out already"), "withdrawn: {withdrawn}: {asked}");
        delete_in_max(&town, "Без ошибки");
        say(&town, id, Resolution::NotPublished).await.unwrap();
        town.pass(HOUR * 5).await;
        let stand = if withdrawn { (0, 0, 0) } else { (1, 1, 1) };
        assert_eq!(counts(&town), stand, "withdrawn: {withdrawn}");
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn what_expires_while_an_earlier_call_is_in_doubt_is_still_asked_about() {
    let mut town = Town::new().await;
    let id = town.queue_with("С ошибкой", "at: 2026-11-23 12:00\nexpires_at: 2026-11-23 17:00").await;
    town.max.server.switches.next("POST /messages", Fault::DropBefore);
    town.pass(HOUR * 3 + MINUTE / 2).await;
    assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
    let copy = Copy::of(&mut town).await;
    say_taken_down(&town, id).await;
    let file = "---\ntitle: Без ошибки\nexpires_at: 2026-11-23 17:00\n---\nТекст новости «Без ошибки».\n";
    town.office.edit(id, &town.file("edit.md", file), "Офицер").await.unwrap();
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    town.settle_now().await;
    assert_eq!((town.state(id, "gorod-max").await, town.on_max().len()), (State::InDoubt, 1));
    town.clock.advance(HOUR * 6);
    copy.put_back(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(town.on_max().len(), 1);
    assert_ne!(town.state(id, "gorod-max").await, State::Failed, "it stands in MAX, and did not expire before");
    assert!(!attention(&town).await.is_empty(), "a person is asked");
    proven(&town).await;
}

#[tokio::test]
async fn no_word_about_the_call_that_the_copy_knows_settles_the_one_after_it() {
    let mut town = Town::new().await;
    let id = town.queue("С ошибкой").await;
    town.max.server.switches.next("POST /messages", Fault::DropBefore);
    town.settle_now().await;
    town.edit(id, "Без ошибки").await;
    let copy = Copy::of(&mut town).await;
    town.clock.advance(MINUTE / 2);
    say_taken_down(&town, id).await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    town.settle_now().await;
    assert_eq!((town.state(id, "gorod-max").await, town.on_max().len()), (State::InDoubt, 1));
    copy.put_back(&mut town).await;
    town.settle_now().await;
    assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
    let said = say(&town, id, Resolution::NotPublished).await;
    assert!(said.is_err(), "it stands there: {said:?}");
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (1, 1, 1), "nothing stands twice");
    proven(&town).await;
}

#[tokio::test]
async fn what_may_stand_with_a_lost_text_neither_expires_nor_is_a_false_word_asked_to_leave_it() {
    let mut town = Town::new().await;
    let id = town.queue_with("С ошибкой", "at: 2026-11-23 12:00\nexpires_at: 2026-11-23 17:00").await;
    let copy = Copy::of(&mut town).await;
    let file = "---\ntitle: Без ошибки\nexpires_at: 2026-11-23 17:00\n---\nТекст новости «Без ошибки».\n";
    town.office.edit(id, &town.file("edit.md", file), "Офицер").await.unwrap();
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    town.pass(HOUR * 3).await;
    assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
    copy.put_back(&mut town).await;
    town.pass(HOUR * 12).await;
    assert!(
        asked_about(&town, "gorod-max").await.contains("newest text"),
        "its time to expire is over, the question not"
    );
    town.store().cancel_post(id, "Редактор", "остаётся как есть", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert!(asked_about(&town, "gorod-max").await.contains("may be out already"));
    let stands = town.max.posts(crate::town::CHAT)[0].url.clone().unwrap();
    say(&town, id, Resolution::Published(stands)).await.unwrap();
    town.pass(HOUR * 24).await;
    assert_eq!(counts(&town), (1, 0, 0), "it stays as it stands");
    assert_eq!(town.state(id, "gorod-max").await, State::Published);
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}
