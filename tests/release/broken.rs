//! Rows that something else than vestnik has changed.

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use vestnik::domain::PostId;
use vestnik::store::AttentionKind;
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;

use crate::town::{HOUR, Town};

/// Somebody with a database browser makes what a post says unreadable.
async fn spoil(town: &Town, id: PostId) {
    let place = format!("sqlite:{}", town.path("vestnik.db").display());
    let mut connection = SqliteConnection::connect(&place).await.unwrap();
    let spoil = format!(
        "DROP TRIGGER IF EXISTS revision_is_immutable; UPDATE revision SET content = '{{}}' WHERE post = '{id}'"
    );
    sqlx::raw_sql(AssertSqlSafe(spoil)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_post_that_cannot_be_read_is_shown_and_the_channel_goes_on() {
    let town = Town::new().await;
    let spoilt = town.queue("Испорчен").await;
    town.queue("Цел").await;
    spoil(&town, spoilt).await;
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 1, 1));
    assert!(town.on_max()[0].0.starts_with("Цел"));
    let list = town.store().attention(town.clock.now()).await.unwrap();
    let [item] = &*list else { panic!("one thing waits for a person: {list:?}") };
    assert_eq!((item.kind, item.post, &*item.channel), (AttentionKind::Stopped, Some(spoilt), "gorod-max"));
    assert!(
        item.what.contains("run `vestnik history verify`") && item.todo.contains("vestnik post cancel"),
        "{item:?}"
    );
    town.store().cancel_post(spoilt, "Редактор", "испорчен", town.clock.now()).await.unwrap();
    assert!(town.store().attention(town.clock.now()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_receipt_is_written_down_although_the_next_post_cannot_be_read() {
    let town = Town::with("[pacing]\ngap_seconds = 0").await;
    let sound = town.queue("Цел").await;
    let spoilt = town.queue("Испорчен").await;
    spoil(&town, spoilt).await;
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 1, 1));
    let journal = town.store().journal_of_post(sound).await.unwrap();
    assert!(journal.iter().all(|row| !row.entry.contains("in_doubt")), "nobody had to look for it");
}

#[tokio::test]
async fn an_unknown_outcome_that_cannot_be_read_asks_and_holds_nothing_up() {
    let town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    let spoilt = town.queue("В сомнении").await;
    town.settle_now().await;
    spoil(&town, spoilt).await;
    town.queue("Цел").await;
    town.pass(HOUR * 5).await;
    assert!(town.on_max().iter().any(|(text, _)| text.starts_with("Цел")), "{:?}", town.on_max());
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (2, 1, 1));
    let list = town.store().attention(town.clock.now()).await.unwrap();
    let [item] = &*list else { panic!("one thing waits for a person: {list:?}") };
    assert_eq!((item.kind, item.post), (AttentionKind::InDoubt, Some(spoilt)));
}

/// Somebody with a database browser writes a time that is none.
async fn spoil_expired(town: &Town, id: PostId) {
    let place = format!("sqlite:{}", town.path("vestnik.db").display());
    let mut connection = SqliteConnection::connect(&place).await.unwrap();
    let spoil = format!(
        "UPDATE post SET expires_at = 1 WHERE id = '{id}'; UPDATE delivery SET confirmed_at = {} WHERE post = '{id}'",
        i64::MAX
    );
    sqlx::raw_sql(AssertSqlSafe(spoil)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn an_expired_post_that_cannot_be_read_keeps_nobody_else() {
    let town = Town::new().await;
    let spoilt = town.queue_with("Испорчен", "at: 2026-11-24 10:00").await;
    spoil_expired(&town, spoilt).await;
    town.queue("Цел").await;
    town.pass(HOUR * 5).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 1, 1));
    let asked = town.store().attention(town.clock.now()).await.unwrap();
    assert!(asked.iter().any(|a| a.post == Some(spoilt) && a.kind == AttentionKind::Stopped), "{asked:?}");
}

/// An older program did not write down what it sent.
async fn forget_what_was_sent(town: &Town) {
    let place = format!("sqlite:{}", town.path("vestnik.db").display());
    let mut connection = SqliteConnection::connect(&place).await.unwrap();
    let forget = "DROP TRIGGER attempt_settled_once; DROP TRIGGER attempt_intent_is_immutable; UPDATE attempt SET prepared = NULL";
    sqlx::raw_sql(forget).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_follower_waits_where_nobody_can_say_what_max_was_to_show() {
    let mut town = Town::new().await;
    let id = town.queue("Пожарная безопасность").await;
    town.pass(HOUR).await;
    forget_what_was_sent(&town).await;
    let config = std::fs::read_to_string(town.path("config.toml")).unwrap();
    let footer = format!("primary = true\nfooter = \"{}\"", "Подробности на сайте. ".repeat(200));
    town.file("config.toml", &config.replacen("primary = true", &footer, 1));
    town.restart().await;
    town.pass(HOUR * 5).await;
    assert!(town.on_vk().is_empty() && town.on_site().is_empty());
    let post = town.store().post_view(id).await.unwrap();
    let follower = post.deliveries.iter().find(|d| d.delivery.channel == "gorod-vk").unwrap();
    let why = follower.delivery.last_reason.as_deref().unwrap_or_default();
    assert!(why.contains("what channel `gorod-max` is to show cannot be composed any more"), "{why}");

    town.file("config.toml", &config);
    town.restart().await;
    town.pass(HOUR).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 1, 1));
}
