//! What the world does beyond what the adapter asks of it, as any client meets it.

use chrono::TimeDelta;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use vestnik_contract::http::Http;
use vestnik_contract::{Clock as _, SystemClock};

use crate::world::{GROUP, KEY, OkWorld, RIGHTS, TOKEN, USER};

/// A client of its own: what it signs is not what the adapter signs with.
async fn ask(world: &OkWorld, method: &str, parameters: &[(&str, &str)]) -> Value {
    let mut form = vec![("application_key", KEY), ("method", method)];
    form.extend(parameters);
    form.sort_unstable();
    let signed = form.iter().map(|(name, value)| [*name, "=", *value].concat()).collect::<String>();
    let sig = hex::encode(Md5::digest(format!("{signed}ae8a288912f79c1e909c16bb774734cf")));
    form.extend([("sig", sig.as_str()), ("access_token", TOKEN)]);
    let http = Http::new(None).unwrap();
    let reply = http.send(http.post(world.sandbox.server.url().join("fb.do").unwrap()).form(&form)).await.unwrap();
    assert_eq!(reply.status, 200);
    if reply.body.is_empty() { Value::Null } else { reply.json().unwrap() }
}

async fn post(world: &OkWorld, attachment: Value) -> Value {
    let attachment = attachment.to_string();
    ask(world, "mediatopic.post", &[("type", "GROUP_THEME"), ("gid", GROUP), ("attachment", &attachment)]).await
}

fn text(text: &str) -> Value {
    json!({"media": [{"type": "text", "text": text}], "onBehalfOfGroup": "true"})
}

async fn world() -> OkWorld {
    let world = OkWorld::start().await;
    let rights = [RIGHTS.as_slice(), &["VIDEO_CONTENT"]].concat();
    world.sandbox.add_token(TOKEN, USER, &rights, None);
    world
}

#[tokio::test]
async fn a_scheduled_topic_goes_out_under_another_id() {
    let world = world().await;
    let at = (SystemClock.now() + TimeDelta::hours(1)).timestamp_millis();
    let mut attachment = text("Позже");
    attachment["publishAtMs"] = json!(at);
    let old = post(&world, attachment).await;
    let old = old.as_str().unwrap();
    assert!(world.sandbox.topics(GROUP).is_empty() && world.sandbox.topics_aside(GROUP).len() == 1);
    assert_eq!(ask(&world, "mediatopic.getRepublishedTopic", &[("topic_id", old)]).await, Value::Null);
    world.sandbox.server.clock.set_ahead(TimeDelta::hours(2));
    let new = ask(&world, "mediatopic.getRepublishedTopic", &[("topic_id", old)]).await;
    assert!(new.is_string() && new != old);
    let topics = world.sandbox.topics(GROUP);
    assert_eq!((topics.len(), topics[0].published_at.timestamp_millis()), (1, at));
}

#[tokio::test]
async fn attachments_are_read_as_strictly_as_on_ok() {
    let world = world().await;
    world.sandbox.set_rules(|rules| (rules.text_max, rules.blocks_max) = (10, 2));
    let with = |media: Value| json!({ "media": media });
    for (attachment, code) in [
        (text("12345678901"), 601),
        (
            with(json!([{"type": "text", "text": "1"}, {"type": "text", "text": "2"}, {"type": "text", "text": "3"}])),
            600,
        ),
        (with(json!([{"type": "hologram"}])), 100),
        (with(json!([])), 100),
        (with(json!([{"type": "link", "url": "javascript:alert(1)"}])), 607),
        (with(json!([{"type": "photo", "list": [{"id": "x", "photoId": "y"}]}])), 100),
        (with(json!([{"type": "movie", "list": [{"id": "x"}]}])), 100),
        (with(json!([{"type": "poll", "question": "", "answers": []}])), 602),
        (with(json!([{"type": "poll", "question": "?", "answers": [{"text": "да"}]}])), 603),
        (with(json!([{"type": "poll", "question": "?", "answers": [{"text": "да"}, {"text": " "}]}])), 604),
        (json!({"media": [{"type": "text", "text": "1"}], "onBehalfOfGroup": true}), 100),
        (json!({"media": [{"type": "text", "text": "1"}], "publishAt": "2001-01-01 00:00:00"}), 100),
        (json!("text"), 100),
    ] {
        let answer = post(&world, attachment.clone()).await;
        assert_eq!(answer["error_code"], code, "{attachment}: {answer}");
    }
    assert!(world.sandbox.topics(GROUP).is_empty());
    post(&world, json!({"media": [{"type": "text", "text": "от себя"}]})).await;
    assert_eq!(world.sandbox.topics(GROUP)[0].author, format!("user:{USER}"), "without onBehalfOfGroup");
}

#[tokio::test]
async fn a_film_goes_through_its_three_steps() {
    let world = world().await;
    let small = [("gid", GROUP), ("file_name", "film.mp4"), ("file_size", "100")];
    assert!(ask(&world, "video.getUploadUrl", &small).await["error_msg"].as_str().unwrap().contains("FileToSmall"));
    let place =
        ask(&world, "video.getUploadUrl", &[("gid", GROUP), ("file_name", "film.mp4"), ("file_size", "0")]).await;
    let id = place["video_id"].as_str().unwrap();
    let film = || json!({"media": [{"type": "movie", "list": [{"id": id}]}], "onBehalfOfGroup": "true"});
    assert_eq!(post(&world, film()).await["error_code"], 100, "nothing is uploaded yet");
    let http = Http::new(None).unwrap();
    http.send(http.post(place["upload_url"].as_str().unwrap()).body("film")).await.unwrap();
    assert_eq!(ask(&world, "video.update", &[("vid", id), ("title", "Фильм")]).await, Value::Null);
    assert!(post(&world, film()).await.is_string());
    assert_eq!(world.sandbox.topics(GROUP)[0].media, 1);
}

#[tokio::test]
async fn a_photo_of_a_topic_is_not_committed() {
    let world = world().await;
    let place = ask(&world, "photosV2.getUploadUrl", &[("gid", GROUP)]).await;
    let id = place["photo_ids"][0].as_str().unwrap();
    assert!(id.contains('+') && id.contains('/') && id.contains('='), "as ids on OK look: {id}");
    let http = Http::new(None).unwrap();
    let url = place["upload_url"].as_str().unwrap();
    let plain = http.send(http.post(url).body("picture")).await.unwrap();
    assert_eq!(plain.json::<Value>().unwrap()["error_code"], 21);
    let part = reqwest::multipart::Part::bytes(b"GIF89a\x10\0\x10\0\0\0\0;".to_vec());
    let form = reqwest::multipart::Form::new().part("file1", part);
    let answer: Value = http.send(http.post(url).multipart(form)).await.unwrap().json().unwrap();
    let token = answer["photos"][id]["token"].as_str().unwrap();
    let answer = ask(&world, "photosV2.commit", &[("photo_id", id), ("token", token)]).await;
    assert!(answer["error_msg"].as_str().unwrap().contains("must not be called"), "{answer}");
}

#[tokio::test]
async fn a_deleted_topic_can_be_restored() {
    let world = world().await;
    let id = world.sandbox.post_by_hand(GROUP, "Вернут");
    let gone = ask(&world, "mediatopic.deleteTopic", &[("delete_id", &id)]).await;
    assert!(world.sandbox.topics(GROUP).is_empty());
    ask(&world, "mediatopic.restoreTopic", &[("restore_id", gone["restore_id"].as_str().unwrap())]).await;
    assert_eq!(world.sandbox.topics(GROUP)[0].id, id);
}

#[tokio::test]
async fn statistics_show_what_somebody_saw() {
    let world = world().await;
    let seen = world.sandbox.post_by_hand(GROUP, "Видели");
    world.sandbox.post_by_hand(GROUP, "Не видели");
    world.sandbox.add_views(&seen, 3);
    let statistics = ask(&world, "group.getStatTopics", &[("gid", GROUP), ("fields", "*")]).await;
    let topics = statistics["topics"].as_array().unwrap();
    assert_eq!((topics.len(), &topics[0]["id"]), (1, &json!(seen)));
}

#[tokio::test]
async fn calls_are_counted_by_the_day() {
    let world = world().await;
    world.sandbox.set_rules(|rules| rules.calls_per_day = 2);
    for _ in 0..2 {
        post(&world, text("В пределах")).await;
    }
    assert_eq!(post(&world, text("Сверх")).await["error_code"], 11);
    let left = ask(&world, "users.getCallsLeft", &[("uid", USER), ("methods", "mediatopic.post")]).await;
    assert_eq!(left[0]["calls_left"], 0);
    world.sandbox.server.clock.set_ahead(TimeDelta::days(1));
    assert!(post(&world, text("Завтра")).await.is_string());
}

#[tokio::test]
async fn a_long_lived_token_slides_with_every_touch() {
    let world = world().await;
    let now = SystemClock.now();
    let rights = [RIGHTS.as_slice(), &["LONG_ACCESS_TOKEN"]].concat();
    world.sandbox.add_token(TOKEN, USER, &rights, Some(now + TimeDelta::days(1)));
    assert_eq!(ask(&world, "auth.touchSession", &[]).await, true);
    world.sandbox.server.clock.set_ahead(TimeDelta::days(29));
    assert_eq!(ask(&world, "auth.touchSession", &[]).await, true);
    world.sandbox.server.clock.set_ahead(TimeDelta::days(60));
    assert_eq!(ask(&world, "auth.touchSession", &[]).await["error_code"], 102);
}

#[tokio::test]
async fn an_authorisation_code_is_good_once() {
    let world = world().await;
    world.sandbox.add_code("code1", &world.client_id, USER, &RIGHTS);
    let http = Http::new(None).unwrap();
    let form = [
        ("client_id", world.client_id.as_str()),
        ("client_secret", crate::world::SECRET),
        ("grant_type", "authorization_code"),
        ("code", "code1"),
    ];
    let url = world.sandbox.server.url().join("oauth/token.do").unwrap();
    let first: Value = http.send(http.post(url.clone()).form(&form)).await.unwrap().json().unwrap();
    assert!(first["access_token"].is_string() && first["refresh_token"].is_string(), "{first}");
    let second: Value = http.send(http.post(url).form(&form)).await.unwrap().json().unwrap();
    assert_eq!(second["error"], "invalid_grant");
}
