//! A follower that nobody can read without a token: a group on OK.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik::domain::{PostId, State};
use vestnik::release::{Resolution, ResolveError, resolve};
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;
use vestnik_sandbox::ok::{Group, OkSandbox, Role};

use crate::older_copy::{Copy, attention, counts, proven};
use crate::older_copy_asks::asked_about;
use crate::town::{HOUR, MINUTE, Town};

const GROUP: &str = "53038939046008";
const USER: &str = "580000000001";
const RIGHTS: [&str; 3] = ["VALUABLE_ACCESS", "GROUP_CONTENT", "PHOTO_CONTENT"];

/// The town opens a group there.
async fn open_group(town: &mut Town) -> OkSandbox {
    let ok = OkSandbox::start("127.0.0.1:0".parse().unwrap(), town.clock.clone()).await.unwrap();
    ok.add_application("CBAEXAMPLEKEY", "ok-application-secret");
    ok.add_token("ok-secret", USER, &RIGHTS, None);
    let group = Group { id: GROUP.into(), name: "Администрация города".into(), short_name: None };
    ok.add_group(group, [(USER, Role::Admin)]);
    town.file("ok-a", "ok-application-secret");
    town.file("ok-t", "ok-secret");
    let config = std::fs::read_to_string(town.path("config.toml")).unwrap();
    let channel = format!(
        r#"[[organisation.channel]]
slug = "gorod-ok"
platform = "ok"
group_id = "{GROUP}"
application_key = "CBAEXAMPLEKEY"
application_secret_key = {{ file = "ok-a" }}
access_token = {{ file = "ok-t" }}
base_url = "{}"
"#,
        ok.server.url().as_str().trim_end_matches('/'),
    );
    town.file("config.toml", &(config + &channel));
    town.restart().await;
    ok
}

async fn say_where_it_stands(town: &Town, ok: &OkSandbox, id: PostId) -> Result<State, ResolveError> {
    let address = format!("https://ok.ru/group/{GROUP}/topic/{}", ok.topics(GROUP)[0].id);
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    let word = (Resolution::Published(address.parse().unwrap()), "Редактор");
    resolve(store, channels, &*town.clock, hold, (id, "gorod-ok"), word).await
}

/// What it told earlier goes on by our clock, which is not to be believed alone.
#[tokio::test]
async fn a_clock_that_was_heard_once_and_is_silent_now_vouches_for_nothing() {
    let mut town = Town::new().await;
    let ok = open_group(&mut town).await;
    town.queue("Вчера").await;
    town.pass(HOUR * 5).await;
    assert_eq!(ok.topics(GROUP).len(), 1, "its clock was heard");
    town.queue("Сегодня").await;
    town.settle_now().await;
    for server in [&town.max.server, &ok.server] {
        server.clock.set_ahead(TimeDelta::hours(-5));
        server.clock.send_date_header(false);
    }
    for server in [&town.vk.server, &town.site.server] {
        server.clock.set_ahead(TimeDelta::hours(-5));
    }
    town.clock.advance(HOUR * 5);
    town.pass(HOUR).await;
    assert_eq!(ok.topics(GROUP).len(), 1, "an hour by every clock but ours");
    town.pass(HOUR * 4).await;
    assert_eq!(ok.topics(GROUP).len(), 2, "VK's clock vouches");
}

#[tokio::test]
async fn an_address_is_read_before_it_settles_a_doubt() {
    let mut town = Town::new().await;
    let ok = open_group(&mut town).await;
    let id = town.queue("Ответ потерян").await;
    ok.server.switches.next("mediatopic.post", Fault::CommitThenDrop);
    town.pass(HOUR * 4 + MINUTE + Duration::from_secs(5)).await;
    assert_eq!(town.state(id, "gorod-ok").await, State::InDoubt);
    ok.revoke_token("ok-secret");
    let refused = say_where_it_stands(&town, &ok, id).await.unwrap_err();
    assert!(matches!(refused, ResolveError::NoAnswer(_)), "{refused}");
    ok.add_token("ok-secret", USER, &RIGHTS, None);
    say_where_it_stands(&town, &ok, id).await.unwrap();
    town.edit(id, "Исправлено").await;
    town.pass(HOUR * 5).await;
    assert!(ok.topics(GROUP)[0].text.contains("Исправлено"), "what vestnik knows, it corrects");
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}

#[tokio::test]
async fn an_address_that_nobody_can_read_does_not_settle_what_is_to_be_taken_down() {
    let mut town = Town::new().await;
    let ok = open_group(&mut town).await;
    let id = town.queue("На ходу").await;
    town.pass(HOUR * 4).await;
    let copy = Copy::of(&mut town).await;
    ok.server.switches.next("mediatopic.post", Fault::CommitThenDrop);
    town.pass(MINUTE + Duration::from_secs(5)).await;
    assert_eq!(town.state(id, "gorod-ok").await, State::InDoubt);
    town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    copy.put_back(&mut town).await;
    town.pass(HOUR).await;
    let asked = asked_about(&town, "gorod-ok").await;
    assert!(asked.contains("may be out already"), "{asked}");

    ok.revoke_token("ok-secret");
    let refused = say_where_it_stands(&town, &ok, id).await.unwrap_err();
    assert!(matches!(refused, ResolveError::NoAnswer(_)), "{refused}");

    ok.add_token("ok-secret", USER, &RIGHTS, None);
    say_where_it_stands(&town, &ok, id).await.unwrap();
    town.pass(HOUR * 8).await;
    assert_eq!(counts(&town), (0, 0, 0));
    assert_eq!(ok.topics(GROUP).len(), 0, "it was taken down where the person had found it");
    assert_eq!(attention(&town).await, [""; 0]);
    proven(&town).await;
}
