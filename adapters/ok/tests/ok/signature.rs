//! The world takes right signatures and no others, in both forms of a call.

use std::sync::Arc;

use serde_json::{Value, json};
use vestnik_contract::SystemClock;
use vestnik_contract::http::Http;
use vestnik_sandbox::ok::OkSandbox;

use crate::world::{GROUP, KEY, OkWorld, TOKEN};

const ATTACHMENT: &str = r#"{"media":[{"type":"text","text":"Привет"}],"onBehalfOfGroup":"true"}"#;

async fn ask(
    sandbox: &OkSandbox,
    path: &str,
    query: &[(&str, &str)],
    form: &[(&str, &str)],
) -> (Value, Option<String>) {
    let http = Http::new(None).unwrap();
    let mut url = sandbox.server.url();
    url.set_path(path);
    let reply = http.send(http.post(url).query(query).form(form)).await.unwrap();
    assert_eq!(reply.status, 200, "errors too come inside HTTP 200");
    let code = reply.headers.get("invocation-error").map(|code| code.to_str().unwrap().to_owned());
    (reply.json().unwrap(), code)
}

fn topic(sig: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("application_key", KEY),
        ("attachment", ATTACHMENT),
        ("format", "json"),
        ("gid", GROUP),
        ("method", "mediatopic.post"),
        ("type", "GROUP_THEME"),
        ("sig", sig),
        ("access_token", TOKEN),
    ]
}

#[tokio::test]
async fn a_cyrillic_topic_signed_as_raw_utf_8_is_taken() {
    let world = OkWorld::start().await;
    let (id, code) = ask(&world.sandbox, "/fb.do", &[], &topic("ed01d9f48999dc1e75bb347eb64474cc")).await;
    assert!(id.is_string() && code.is_none(), "a quoted id: {id}");
    assert_eq!(world.sandbox.topics(GROUP)[0].text, "Привет");
}

#[tokio::test]
async fn the_classic_mistakes_are_refused_with_104() {
    let world = OkWorld::start().await;
    for wrong in
        ["cf5ec28e760fd03b398ed1b453becf32", "0c0efaef5479b23c798f986f482f7f0c", "edb0179e3fe46ea14252d0b8dc2d6add", ""]
    {
        let (answer, code) = ask(&world.sandbox, "/fb.do", &[], &topic(wrong)).await;
        assert_eq!((answer["error_code"].as_i64(), code.as_deref()), (Some(104), Some("104")), "{answer}");
    }
    assert!(world.sandbox.topics(GROUP).is_empty());
}

#[tokio::test]
async fn the_recorded_call_of_the_path_form_is_taken_with_query_and_body_merged() {
    let sandbox = OkSandbox::start("127.0.0.1:0".parse().unwrap(), Arc::new(SystemClock)).await.unwrap();
    sandbox.add_application("application_key", "client_secret");
    sandbox.add_token("token", "1", &[], None);
    let query = [("application_key", "application_key"), ("sig", "4784959f6620c78221bff139d6cf9309")];
    let (answer, _) = ask(&sandbox, "/api/users/getCurrentUser", &query, &[("access_token", "token")]).await;
    assert_eq!(answer["uid"], "1");
    assert_eq!(sandbox.server.calls("users.getCurrentUser"), 1, "both forms have one name");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_platforms_order() {
    let world = OkWorld::start().await;
    let code = async |form: &[(&str, &str)]| ask(&world.sandbox, "/fb.do", &[], form).await.0["error_code"].clone();
    assert_eq!(code(&[]).await, 101, "nothing at all");
    assert_eq!(code(&[("application_key", "other")]).await, 101);
    assert_eq!(code(&[("application_key", KEY), ("method", "mediatopic.post")]).await, 453, "no token");
    assert_eq!(code(&[("application_key", KEY), ("access_token", "other")]).await, 103);
    assert_eq!(code(&[("application_key", KEY), ("access_token", TOKEN), ("sig", "00")]).await, 104);
    world.sandbox.add_token(TOKEN, "1", &[], Some(chrono::DateTime::UNIX_EPOCH));
    assert_eq!(code(&[("application_key", KEY), ("access_token", TOKEN), ("sig", "00")]).await, 102);
    world.sandbox.add_token(TOKEN, "1", &[], None);
    assert_eq!(code(&topic("ed01d9f48999dc1e75bb347eb64474cc")).await, 10, "no right");
    assert_eq!(json!(world.sandbox.topics(GROUP).len()), 0);
}
