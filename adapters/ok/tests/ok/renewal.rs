//! Tokens: expired, renewed, refused.

use std::os::unix::fs::PermissionsExt as _;

use chrono::DateTime;
use vestnik_contract::conformance::World as _;
use vestnik_contract::{AdapterError, PublishError};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::world::{OkWorld, POST, REFRESH, RIGHTS, TOKEN, USER, content, prepare};

const EXCHANGE: &str = "oauth/token.do";

/// The access token has expired, the refresh token has not.
fn expire(world: &OkWorld) {
    world.sandbox.add_token(TOKEN, USER, &RIGHTS, Some(DateTime::UNIX_EPOCH));
    world.sandbox.add_refresh_token(REFRESH, &world.client_id, USER, &RIGHTS);
}

fn stored(world: &OkWorld, name: &str) -> (String, u32) {
    let path = world.folder.path().join(name);
    (std::fs::read_to_string(&path).unwrap(), std::fs::metadata(&path).unwrap().permissions().mode() & 0o777)
}

#[tokio::test]
async fn an_expired_token_is_renewed_into_a_private_file_and_the_post_is_made_again() {
    let world = OkWorld::start().await;
    let adapter = world.renewing_adapter();
    let prepared = prepare(&*adapter, &content("Новый ключ"), None).await;
    expire(&world);
    world.sandbox.set_rules(|rules| rules.rotate_refresh_tokens = true);
    let error = adapter.publish(&prepared).await.unwrap_err();
    assert!(matches!(error, PublishError::Retry { .. }), "certainly not accepted: {error:?}");
    for (name, old) in [("token", TOKEN), ("refresh", REFRESH)] {
        let (new, mode) = stored(&world, name);
        assert!(new != old && mode == 0o600, "{name}: {mode:o}");
        assert!(!format!("{error:?}").contains(&new), "a secret in {error:?}");
    }
    adapter.publish(&prepared).await.unwrap();
    assert_eq!((world.posts().len(), world.calls(EXCHANGE)), (1, 1));
    assert_eq!((world.renewals.take(), world.renewals.take()), (Some("gorod-ok".into()), None), "told once");
}

#[tokio::test]
async fn a_renewal_that_the_read_back_comes_upon_is_finished() {
    let world = OkWorld::start().await;
    let adapter = world.renewing_adapter();
    let prepared = prepare(&*adapter, &content("Истёк между делом"), None).await;
    world.sandbox.add_refresh_token(REFRESH, &world.client_id, USER, &RIGHTS);
    world.refuse("mediatopic.getByIds", 102, "PARAM_SESSION_EXPIRED : Session expired");
    // Longer than the read-back may take.
    world.sandbox.server.switches.next(EXCHANGE, Fault::Delay(std::time::Duration::from_millis(5_500)));
    adapter.publish(&prepared).await.unwrap();
    assert!(stored(&world, "token").0 != TOKEN);
    assert_eq!((world.posts().len(), world.calls(EXCHANGE)), (1, 1));
}

#[tokio::test]
async fn without_a_refresh_token_a_person_is_asked() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = prepare(&*adapter, &content("Истёк"), None).await;
    expire(&world);
    let error = adapter.publish(&prepared).await.unwrap_err();
    assert!(
        matches!(&error, PublishError::Unauthorised { told } if told.reason.contains("new access token")),
        "{error}"
    );
    assert_eq!(world.calls(EXCHANGE), 0);
}

#[tokio::test]
async fn an_html_page_instead_of_a_token_asks_a_person_and_keeps_the_files() {
    let world = OkWorld::start().await;
    let adapter = world.renewing_adapter();
    expire(&world);
    world.sandbox.server.switches.next(EXCHANGE, Fault::Refuse(Canned::html(200)));
    let error = adapter.clock().await.unwrap_err();
    assert!(matches!(&error, AdapterError::Unauthorised { told } if told.reason.contains("page")), "{error:?}");
    world.sandbox.server.switches.next(EXCHANGE, Fault::Refuse(Canned::html(502)));
    assert!(matches!(adapter.clock().await, Err(AdapterError::Retry { .. })), "a gateway's trouble passes");
    assert_eq!((stored(&world, "token").0.as_str(), stored(&world, "refresh").0.as_str()), (TOKEN, REFRESH));
    assert!(world.renewals.is_empty());
}

#[tokio::test]
async fn a_spent_refresh_token_asks_a_person() {
    let world = OkWorld::start().await;
    let adapter = world.renewing_adapter();
    world.sandbox.add_token(TOKEN, USER, &RIGHTS, Some(DateTime::UNIX_EPOCH));
    let error = adapter.clock().await.unwrap_err();
    assert!(
        matches!(&error, AdapterError::Unauthorised { told } if told.reason.contains("invalid_grant")),
        "{error:?}"
    );
    assert!(!format!("{error:?}").contains(REFRESH));
}

#[tokio::test]
async fn a_token_that_is_refused_right_after_its_renewal_is_not_renewed_for_ever() {
    let world = OkWorld::start().await;
    let adapter = world.renewing_adapter();
    expire(&world);
    for _ in 0..2 {
        world.refuse("users.getCurrentUser", 102, "PARAM_SESSION_EXPIRED : Session expired");
    }
    assert!(matches!(adapter.clock().await, Err(AdapterError::Retry { .. })));
    assert!(matches!(adapter.clock().await, Err(AdapterError::Unauthorised { .. })));
    assert_eq!(world.calls(EXCHANGE), 1);
}

#[tokio::test]
async fn two_calls_at_once_spend_one_refresh_token() {
    let world = OkWorld::start().await;
    let adapter = world.renewing_adapter();
    expire(&world);
    let (one, two) = tokio::join!(adapter.clock(), adapter.clock());
    for result in [one, two] {
        assert!(result.is_ok() || matches!(result, Err(AdapterError::Retry { .. })), "{result:?}");
    }
    assert_eq!(world.calls(EXCHANGE), 1);
}

#[tokio::test]
async fn keeping_alive_touches_the_session_and_renews_an_expired_one() {
    let world = OkWorld::start().await;
    let adapter = world.renewing_adapter();
    adapter.keep_alive().await.unwrap();
    assert_eq!((world.calls("auth.touchSession"), world.calls(EXCHANGE)), (1, 0));
    expire(&world);
    adapter.keep_alive().await.unwrap();
    assert_eq!(world.calls(EXCHANGE), 1);
    assert!(adapter.check().await.unwrap().may_publish);
}

#[tokio::test]
async fn check_goes_on_with_the_renewed_token() {
    let world = OkWorld::start().await;
    let adapter = world.renewing_adapter();
    expire(&world);
    assert!(adapter.check().await.unwrap().may_publish);
}

#[tokio::test]
async fn a_missing_token_file_is_named() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = prepare(&*adapter, &content("Без ключа"), None).await;
    std::fs::remove_file(world.folder.path().join("token")).unwrap();
    let error = adapter.publish(&prepared).await.unwrap_err();
    assert!(matches!(&error, PublishError::Unauthorised { told } if told.reason.contains("token")), "{error:?}");
    assert_eq!(world.calls(POST), 0);
}
