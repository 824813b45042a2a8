//! The world of MAX as other clients meet it.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use vestnik_contract::conformance::World as _;
use vestnik_contract::http::{Http, Reply};
use vestnik_sandbox::max::Channel;

use crate::world::{CHAT, City};

struct Client<'a> {
    city: &'a City,
    http: Http,
}

impl<'a> Client<'a> {
    fn of(city: &'a City) -> Self {
        Self { city, http: Http::new(None).unwrap() }
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, self.city.max.server.url().join(path).unwrap());
        request.header("authorization", &self.city.secrets()[0])
    }

    async fn send(&self, request: RequestBuilder) -> (u16, Value) {
        let reply = self.http.send(request).await.unwrap();
        (reply.status.as_u16(), reply.json().unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.send(self.request("GET", path)).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(self.request("POST", path).json(&body)).await
    }

    async fn upload(&self, kind: &str, build: impl FnOnce(RequestBuilder) -> RequestBuilder) -> (Value, Reply) {
        let (_, opened) = self.post(&format!("/uploads?type={kind}"), json!(null)).await;
        let reply = self.http.send(build(self.http.post(opened["url"].as_str().unwrap()))).await.unwrap();
        (opened, reply)
    }
}

#[tokio::test]
async fn only_the_bare_token_in_the_header_opens() {
    let city = City::start().await;
    let client = Client::of(&city);
    let token = &city.secrets()[0];
    let me = city.max.server.url().join("/me").unwrap();
    for request in [
        client.http.get(me.clone()),
        client.http.get(me.clone()).header("authorization", format!("Bearer {token}")),
        client.http.get(format!("{me}?access_token={token}")),
        client.http.get(city.max.server.url().join("/nothing").unwrap()),
    ] {
        let (status, body) = client.send(request).await;
        assert_eq!((status, body["code"].as_str()), (401, Some("verify.token")));
    }
    assert_eq!(client.get("/me?v=1.2.3").await.0, 200, "unknown parameters are let be");
    assert_eq!(client.get("/chats").await.0, 404, "withdrawn in 2026");
}

#[tokio::test]
async fn wrong_posts_are_refused_as_the_schema_says() {
    let city = City::start().await;
    let client = Client::of(&city);
    let here = format!("/messages?chat_id={CHAT}");
    let text = || json!({ "text": "Текст" });
    let file = json!({ "type": "file", "payload": { "url": "https://example.ru/a.pdf" } });
    for (path, body, status) in [
        ("/messages", text(), 400),
        (&format!("{here}&user_id=5"), text(), 400),
        ("/messages?chat_id=-9", text(), 404),
        ("/messages?chat_id=x", text(), 400),
        (&here, json!({}), 400),
        (&here, json!({ "text": "  " }), 400),
        (&here, json!({ "text": "я".repeat(4001) }), 400),
        (&here, json!({ "text": "т", "notify": false }), 400),
        (&here, json!({ "text": "т", "format": "rtf" }), 400),
        (&here, json!({ "text": 5 }), 400),
        (&here, json!({ "attachments": [file] }), 400),
        (&here, json!({ "attachments": [{ "type": "image", "payload": { "token": "none" } }] }), 400),
        (&here, json!({ "attachments": [{ "type": "image", "payload": { "token": "a", "url": "b" } }] }), 400),
    ] {
        let (answered, envelope) = client.post(path, body.clone()).await;
        assert_eq!(answered, status, "{path} {body} {envelope}");
        assert!(envelope["code"].is_string() && envelope["message"].is_string(), "{envelope}");
    }
    assert!(city.posts().is_empty());
    city.max.set_permissions(CHAT, Some(&["read_all_messages"]));
    let (status, envelope) = client.post(&here, text()).await;
    assert_eq!((status, envelope["code"].as_str()), (403, Some("chat.denied")));
}

#[tokio::test]
async fn posts_look_like_those_of_max() {
    let city = City::start().await;
    let client = Client::of(&city);
    let body = json!({ "text": "# Важно\n**да** [тут](https://e.ru)", "format": "markdown" });
    let (_, answer) = client.post(&format!("/messages?chat_id={CHAT}"), body).await;
    let message = &answer["message"];
    assert_eq!(message["body"]["text"], "Важно\nда тут");
    assert_eq!(message["body"]["markup"][2], json!({ "type": "link", "from": 9, "length": 3, "url": "https://e.ru" }));
    assert!(message.get("sender").is_none() && message.get("stat").is_none());
    assert_eq!(message["recipient"]["chat_type"], "channel");
    let seq = message["body"]["seq"].as_u64().unwrap();
    assert_eq!(i64::try_from(seq >> 16).unwrap(), message["timestamp"].as_i64().unwrap());
    let mid = message["body"]["mid"].as_str().unwrap();
    let (_, bare) = client.get(&format!("/messages/{mid}")).await;
    assert_eq!(bare["body"]["mid"], mid);
    let (_, list) = client.get(&format!("/messages?message_ids={mid},mid.absent")).await;
    assert_eq!(list["messages"].as_array().unwrap().len(), 1);
    assert!(list["messages"][0]["stat"]["views"].is_number());
    let (status, refused) = client.send(client.request("PUT", "/messages").json(&json!({ "message_id": mid }))).await;
    assert_eq!((status, refused["code"].as_str()), (400, Some("proto.payload")));
    let gone = format!("/messages?message_id={mid}");
    assert_eq!(client.send(client.request("DELETE", &gone)).await.1["success"], true);
    let (status, again) = client.send(client.request("PUT", &gone).json(&json!({ "text": "т" }))).await;
    assert_eq!((status, &again["success"]), (200, &json!(false)));
}

#[tokio::test]
async fn lists_are_bounded_both_ways() {
    let city = City::start().await;
    let client = Client::of(&city);
    let mut times = Vec::new();
    for number in 0..5 {
        city.post_by_hand(&number.to_string());
        times.push(city.max.posts(CHAT)[0].at.timestamp_millis());
        city.clock.advance(Duration::from_secs(1));
    }
    let texts = async |query: &str| {
        let (_, list) = client.get(&format!("/messages?chat_id={CHAT}&{query}")).await;
        list["messages"].as_array().unwrap().iter().map(|m| m["body"]["text"].as_str().unwrap()).collect::<String>()
    };
    assert_eq!(texts("count=3").await, "432");
    assert_eq!(texts(&format!("before={}&after={}", times[4], times[1])).await, "32");
    assert_eq!(texts(&format!("from={}&to={}", times[4], times[1])).await, "32", "from is the upper bound");
    assert_eq!(client.get(&format!("/messages?chat_id={CHAT}&count=101")).await.0, 400);
    assert_eq!(client.get("/messages").await.0, 400);
}

#[tokio::test]
async fn files_come_as_forms_and_in_ranges() {
    let city = City::start().await;
    let client = Client::of(&city);
    let part = || reqwest::multipart::Part::bytes(b"%PDF-1.4 text".to_vec()).file_name("a.pdf");
    let form = |field: &'static str| reqwest::multipart::Form::new().part(field, part());
    let (_, wrong) = client.upload("file", |r| r.multipart(form("file"))).await;
    assert_eq!(wrong.json::<Value>(), Some(json!({})), "neither token nor error");
    let (_, right) = client.upload("file", |r| r.multipart(form("data"))).await;
    let token = right.json::<Value>().unwrap()["token"].clone();
    let two =
        json!([{ "type": "file", "payload": { "token": token } }, { "type": "file", "payload": { "token": token } }]);
    let (status, refused) = client.post(&format!("/messages?chat_id={CHAT}"), json!({ "attachments": two })).await;
    assert_eq!((status, &refused["message"]), (400, &json!("Must be only one file attachment in message")));

    let (_, opened) = client.post("/uploads?type=video", json!(null)).await;
    let attach = json!({ "attachments": [{ "type": "video", "payload": { "token": opened["token"] } }] });
    let here = format!("/messages?chat_id={CHAT}");
    assert_eq!(client.post(&here, attach.clone()).await.1["code"], "attachment.not.ready");
    let address = opened["url"].as_str().unwrap();
    let chunk = |range: &str, bytes: &'static [u8]| {
        let request = client.http.post(address).header("content-range", format!("bytes {range}/8"));
        let request = request.header("content-disposition", "attachment; filename=\"film.mp4\"");
        request.header("content-type", "application/x-binary; charset=x-user-defined").body(bytes)
    };
    assert_eq!(client.http.send(chunk("4-7", b"5678")).await.unwrap().status.as_u16(), 201);
    let last = client.http.send(chunk("0-3", b"1234")).await.unwrap();
    assert_eq!(&last.body[..], b"<retval>1</retval>");
    assert_eq!(city.max.uploaded().last().map(|f| (f.bytes, f.name.clone())), Some((8, "film.mp4".into())));
    assert_eq!(client.post(&here, attach).await.0, 200);
    assert_eq!(client.post("/uploads?type=photo", json!(null)).await.0, 400, "withdrawn");
    let (_, text) = client.upload("image", |r| r.multipart(form("data"))).await;
    assert_eq!(text.json::<Value>().unwrap()["code"], "upload.error", "no picture");
}

#[tokio::test]
async fn the_rate_is_limited_only_when_asked() {
    let city = City::start().await;
    let client = Client::of(&city);
    let here = format!("/messages?chat_id={CHAT}");
    city.max.add_channel(Channel { chat_id: -2, ..Channel::default() });
    city.max.set_rate_limit(Some(2));
    let text = json!({ "text": "Т" });
    for expected in [200, 200, 429] {
        assert_eq!(client.post(&here, text.clone()).await.0, expected);
    }
    assert_eq!(client.post("/messages?chat_id=-2", text.clone()).await.0, 200, "each channel by itself");
    city.clock.advance(Duration::from_secs(1));
    assert_eq!(client.post(&here, text).await.0, 200);
}

#[tokio::test]
async fn what_other_clients_call_answers() {
    let city = City::start().await;
    let client = Client::of(&city);
    let mid = city.post_by_hand("Закреплено").0;
    let chat = format!("/chats/{CHAT}");
    for (method, path, body) in [
        ("GET", "/me".to_owned(), json!(null)),
        ("PATCH", "/me".to_owned(), json!({ "commands": [{ "name": "start" }] })),
        ("GET", chat.clone(), json!(null)),
        ("GET", format!("{chat}/members"), json!(null)),
        ("GET", format!("{chat}/members/admins"), json!(null)),
        ("POST", format!("{chat}/actions"), json!({ "action": "typing_on" })),
        ("PUT", format!("{chat}/pin"), json!({ "message_id": mid })),
        ("GET", format!("{chat}/pin"), json!(null)),
        ("DELETE", format!("{chat}/pin"), json!(null)),
        ("GET", "/updates?timeout=0&limit=100&marker=5".to_owned(), json!(null)),
        ("POST", "/subscriptions".to_owned(), json!({ "url": "https://example.ru/hook" })),
        ("GET", "/subscriptions".to_owned(), json!(null)),
        ("DELETE", "/subscriptions?url=https://example.ru/hook".to_owned(), json!(null)),
        ("DELETE", format!("{chat}/members/me"), json!(null)),
    ] {
        let (status, answer) = client.send(client.request(method, &path).json(&body)).await;
        assert_eq!(status, 200, "{method} {path}: {answer}");
    }
    assert_eq!(city.max.server.calls("GET /chats/{chat_id}/members"), 1);
}
