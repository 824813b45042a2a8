//! What programs send that cannot be a post: each is told what is wrong with it.

use reqwest::Method;
use serde_json::json;

use super::house::House;
use super::program::{Program, code};

#[tokio::test]
async fn a_post_that_no_channel_could_take_is_refused_before_it_is_looked_at() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let files = vec![json!({"sha256": "0".repeat(64), "alt": "Школа"}); 101];
    for (more, told) in [
        (json!({"body": "[".repeat(100_001)}), "text: has 100001 characters, and a post may have 100000"),
        (json!({"overrides": {"gorod-vk": "[".repeat(100_001)}}), "overrides.gorod-vk: has 100001 characters"),
        (
            json!({"tags": (0..51).collect::<Vec<_>>().iter().map(ToString::to_string).collect::<Vec<_>>()}),
            "tags: are 51",
        ),
        (json!({"media": files}), "media: are 101 files"),
    ] {
        let mut body = json!({"title": "Школа", "body": "Открыта."});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let refused = program.post("/posts", &body).await.must_be(422);
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(told), "{detail}");
    }
    assert_eq!(program.get("/posts").await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_body_of_the_wrong_size_or_kind_is_told_by_its_own_code() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let send = async |kind: &str, body: String| {
        program.browser.send(program.call(Method::POST, "/posts").header("content-type", kind).body(body)).await
    };
    let long = json!({"title": "Школа", "body": "я".repeat(1_100_000)}).to_string();
    let refused = send("application/json", long).await.must_be(413);
    assert_eq!(code(&refused), "too-large");
    assert!(refused.text().contains("2097152 bytes"), "{}", refused.text());
    let refused = send("text/plain", "{}".into()).await.must_be(415);
    assert_eq!(code(&refused), "media-type");
    assert!(refused.text().contains("Content-Type: application/json"), "{}", refused.text());
    assert_eq!(code(&send("application/json", "{".into()).await.must_be(400)), "unreadable");
}

#[tokio::test]
async fn a_headline_that_would_turn_the_line_around_it_and_a_text_that_is_missing_are_told() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    for (mark, name) in [("\u{202e}", "U+202E"), ("\u{fffe}", "U+FFFE"), ("\u{ffff}", "U+FFFF")] {
        let body = json!({"title": format!("Школа {mark}открыта"), "body": "Вход свободный."});
        let detail = program.post("/posts", &body).await.must_be(422).json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&format!("title: has the character {name}")), "{detail}");
    }
    let detail = program.post("/posts", &json!({"title": "Школа"})).await.must_be(422).json()["detail"].to_string();
    assert!(detail.contains("text: is missing; write one"), "{detail}");
    assert_eq!(program.get("/posts").await.json()["items"], json!([]));
}
