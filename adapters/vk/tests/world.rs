//! The sandbox's VK as independent clients speak to it: parameters in every place, the token matrix, Long Poll,
//! Callback, rates.
#![allow(clippy::unwrap_used, reason = "a failed step panics")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use common::{COMMUNITY, GROUP, Office, SERVICE, USER};
use serde_json::{Value, json};
use vestnik_contract::SetClock;
use vestnik_contract::http::Http;
use vestnik_sandbox::vk::Rules;

struct Client {
    http: Http,
    base: String,
}

impl Client {
    fn new(office: &Office) -> Self {
        Self { http: Http::new(None).unwrap(), base: office.vk.server.url().to_string() }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Value {
        let reply = self.http.send(request).await.unwrap();
        assert_eq!(reply.status, 200);
        assert!(reply.is_json(), "clients look at the content type");
        reply.json().unwrap()
    }

    /// Everything in the form, as `vk_api` and vk-io do.
    async fn call(&self, token: &str, method: &str, params: &[(&str, &str)]) -> Value {
        let form: Vec<_> = params.iter().chain(&[("access_token", token), ("v", "5.199")]).copied().collect();
        self.send(self.http.post(format!("{}method/{method}", self.base)).form(&form)).await
    }

    async fn code(&self, token: &str, method: &str, params: &[(&str, &str)]) -> i64 {
        self.call(token, method, params).await["error"]["error_code"].as_i64().unwrap_or_default()
    }
}

fn owner() -> String {
    format!("-{GROUP}")
}

#[tokio::test]
async fn parameters_are_taken_from_wherever_a_client_puts_them() {
    let office = Office::start().await;
    let client = Client::new(&office);
    let url = format!("{}method/wall.post", client.base);
    let text = [("owner_id", owner()), ("message", "Текст".to_owned())];
    // vkbottle: token and version in the query, the rest in the body.
    let in_query = client.http.post(format!("{url}?access_token={COMMUNITY}&v=5.199")).form(&text);
    // vksdk: the token in the header.
    let in_header = client.http.post(format!("{url}?v=5.199")).bearer_auth(COMMUNITY).form(&text);
    let multipart = reqwest::multipart::Form::new().text("owner_id", owner()).text("message", "Текст");
    let in_parts = client.http.post(format!("{url}?v=5.199")).bearer_auth(COMMUNITY).multipart(multipart);
    let all_in_query = client.http.get(format!("{url}?v=5.131&access_token={COMMUNITY}&owner_id=-{GROUP}&message=x"));
    for (n, request) in [in_query, in_header, in_parts, all_in_query].into_iter().enumerate() {
        assert_eq!(client.send(request).await, json!({ "response": { "post_id": n + 1 } }));
    }
    let as_json = client.http.post(url).bearer_auth(COMMUNITY).json(&json!({ "owner_id": owner(), "v": "5.199" }));
    assert_eq!(client.send(as_json).await["error"]["error_code"], 8, "VK does not read JSON bodies");
}

#[tokio::test]
async fn every_kind_of_token_is_held_to_its_methods() {
    let office = Office::start().await;
    let client = Client::new(&office);
    let group = GROUP.to_string();
    let owner = owner();
    let (wall, of_group) = ([("owner_id", owner.as_str()), ("message", "т")], [("group_id", group.as_str())]);
    for (method, params, community, service, user) in [
        ("wall.post", &wall[..], 0, 28, 0),
        ("wall.get", &wall, 27, 0, 0),
        ("photos.getWallUploadServer", &of_group, 27, 28, 0),
        ("docs.getWallUploadServer", &of_group, 0, 28, 0),
        ("video.save", &of_group, 27, 28, 0),
        ("groups.getById", &of_group, 0, 0, 0),
        ("groups.getTokenPermissions", &[], 0, 28, 15),
        ("account.getAppPermissions", &[], 27, 28, 0),
        ("utils.getServerTime", &[], 0, 0, 0),
        ("users.get", &[], 0, 0, 0),
        ("groups.getCallbackServers", &of_group, 0, 28, 0),
        ("execute", &[("code", "return 1;")], 13, 13, 13),
        ("captcha.force", &[], 14, 14, 14),
        ("wall.pst", &[], 3, 3, 3),
    ] {
        for (token, code) in [(COMMUNITY, community), (SERVICE, service), (USER, user), ("nobody's", 5)] {
            let code = if method == "wall.pst" { 3 } else { code };
            assert_eq!(client.code(token, method, params).await, code, "{method} with {token}");
        }
    }
    assert_eq!(client.call(COMMUNITY, "captcha.force", &[("success_token", "x")]).await, json!({ "response": 1 }));
}

#[tokio::test]
async fn what_a_post_may_hold_is_checked() {
    let office = Office::start().await;
    let client = Client::new(&office);
    let owner = owner();
    for attachments in ["", "photo-1_1,poll1_2", "https://a.ru,https://b.ru"] {
        let params = [("owner_id", owner.as_str()), ("attachments", attachments)];
        assert_eq!(client.code(COMMUNITY, "wall.post", &params).await, 100, "{attachments}");
    }
    let echoed = client.call(COMMUNITY, "wall.post", &[("owner_id", &owner)]).await.to_string();
    assert!(echoed.contains("request_params") && !echoed.contains(COMMUNITY), "{echoed}");
}

#[tokio::test]
async fn a_deleted_post_comes_back_and_counts_follow() {
    let office = Office::start().await;
    let client = Client::new(&office);
    for n in 0..3 {
        office.vk.post_by_hand(GROUP, &format!("Пост {n}"));
    }
    let owner = owner();
    let post = [("owner_id", owner.as_str()), ("post_id", "2")];
    let mut counts = Vec::new();
    for method in ["wall.delete", "wall.restore"] {
        assert_eq!(client.call(USER, method, &post).await["response"], 1);
        counts.push(client.call(SERVICE, "wall.get", &post).await["response"]["count"].as_i64().unwrap());
    }
    assert_eq!(counts, [2, 3]);
    assert_eq!(client.code(USER, "wall.delete", &[("owner_id", &owner), ("post_id", "9")]).await, 104);
}

#[tokio::test]
async fn rates_are_kept_when_switched_on() {
    let clock = Arc::new(SetClock::at("2026-11-22T09:00:00Z".parse().unwrap()));
    let office = Office::start_on(&clock).await;
    office.vk.set_rules(Rules { call_rates: true, posts_per_day: Some(2), ..Rules::default() });
    let client = Client::new(&office);
    for code in [0, 0, 0, 6] {
        assert_eq!(client.code(USER, "utils.getServerTime", &[]).await, code);
    }
    clock.advance(Duration::from_secs(1));
    assert_eq!(client.code(USER, "utils.getServerTime", &[]).await, 0);
    let owner = owner();
    for code in [0, 0, 214] {
        assert_eq!(client.code(COMMUNITY, "wall.post", &[("owner_id", &owner), ("message", "т")]).await, code);
    }
}

#[tokio::test]
async fn long_poll_tells_of_a_new_post() {
    let office = Office::start().await;
    let client = Client::new(&office);
    let group = GROUP.to_string();
    let of_group = [("group_id", group.as_str()), ("enabled", "1")];
    assert_eq!(client.code(COMMUNITY, "groups.getLongPollServer", &of_group).await, 100, "off at first");
    assert_eq!(client.call(COMMUNITY, "groups.setLongPollSettings", &of_group).await["response"], 1);
    let server = client.call(COMMUNITY, "groups.getLongPollServer", &of_group).await["response"].clone();
    let (url, key, ts) =
        (server["server"].as_str().unwrap(), server["key"].as_str().unwrap(), server["ts"].as_str().unwrap());
    let poll = |ts: &str, key: &str| client.http.get(format!("{url}?act=a_check&key={key}&ts={ts}&wait=20"));
    let waiting = client.send(poll(ts, key));
    let posting = async { office.vk.post_by_hand(GROUP, "Новость") };
    let (answer, _) = tokio::join!(waiting, posting);
    assert_eq!(answer["ts"], "1");
    assert_eq!(answer["updates"][0]["type"], "wall_post_new");
    assert_eq!(answer["updates"][0]["object"]["text"], "Новость");
    assert_eq!(client.send(poll("1", "wrong")).await["failed"], 2);
    assert_eq!(client.send(poll("99", key)).await["failed"], 3);
}

/// Takes one POST and answers with `body`; gives what was sent.
async fn receive(listener: &TcpListener, body: &str) -> Value {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    let message = loop {
        assert!(socket.read_buf(&mut request).await.unwrap() > 0, "the whole message arrives");
        let text = String::from_utf8_lossy(&request);
        let sent = text.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok());
        if let Some(message) = sent {
            break message;
        }
    };
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    socket.write_all(answer.as_bytes()).await.unwrap();
    message
}

#[tokio::test]
async fn callback_confirms_a_server_and_tells_it_of_a_new_post() {
    let office = Office::start().await;
    let client = Client::new(&office);
    let group = GROUP.to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/vk", listener.local_addr().unwrap());
    let of_group = ("group_id", group.as_str());
    let code =
        client.call(COMMUNITY, "groups.getCallbackConfirmationCode", &[of_group]).await["response"]["code"].clone();
    let server = [of_group, ("url", &url), ("title", "Пресс-служба"), ("secret_key", "тайна")];
    let added = client.call(COMMUNITY, "groups.addCallbackServer", &server).await;
    assert_eq!(added["response"]["server_id"], 1);
    assert_eq!(receive(&listener, code.as_str().unwrap()).await["type"], "confirmation");
    let settings = [of_group, ("server_id", "1"), ("wall_post_new", "1")];
    assert_eq!(client.call(COMMUNITY, "groups.setCallbackSettings", &settings).await["response"], 1);
    // The confirmation is read by another task; asking is the only way to see it.
    while client.call(COMMUNITY, "groups.getCallbackServers", &[of_group]).await["response"]["items"][0]["status"]
        != "ok"
    {}
    office.vk.post_by_hand(GROUP, "Новость");
    let message = receive(&listener, "ok").await;
    assert_eq!((&message["type"], &message["object"]["text"]), (&json!("wall_post_new"), &json!("Новость")));
    assert_eq!(message["secret"], "тайна");
    let outside = [of_group, ("url", "https://example.org/vk"), ("title", "т")];
    assert_eq!(client.code(COMMUNITY, "groups.addCallbackServer", &outside).await, 100, "a sandbox stays on loopback");
}
