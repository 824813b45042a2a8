//! The program interface as programs use it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Connection as _;
use vestnik::domain::Role;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::town::Platform;

use super::house::{FOREIGN, House, OWN};
use super::people::count;
use super::program::{Program, code};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_program_queues_a_post_and_follows_it_to_its_end() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let queued = program.queue("Открыт мост").await;
    let id = queued["id"].as_str().unwrap();
    assert_eq!(queued["planned"][0]["channel"], "gorod-max");
    house.pass(HOUR).await;
    assert_eq!((house.count(Platform::Max, "Открыт мост"), house.count(Platform::Vk, "Открыт мост")), (1, 0));
    house.pass(4 * HOUR).await;
    let post = program.get(&format!("/posts/{id}")).await.must_be(200).json();
    assert!(post["deliveries"].as_array().unwrap().iter().all(|d| d["state"] == "published"), "{post}");
    let first = &program.get("/posts").await.must_be(200).json()["items"][0];
    assert_eq!((first["id"].as_str(), first["title"].as_str()), (Some(id), Some("Открыт мост")));
    let told = program.get(&format!("/history?post={id}&kind=delivery.published")).await.must_be(200).json();
    let distances: Vec<_> = told["items"].as_array().unwrap().iter().map(|e| e["distance_seconds"].as_i64()).collect();
    assert_eq!(distances.iter().filter(|d| d.is_some_and(|d| d >= 14_400)).count(), 2, "{told}");
}

#[tokio::test]
async fn the_same_key_queues_once_and_another_text_under_it_is_refused() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let send = async |title: &str| {
        let call = program.call(Method::POST, "/posts").header("Idempotency-Key", "site-17");
        program.browser.send(call.json(&json!({"title": title, "body": "Текст."}))).await
    };
    let first = send("Открыт мост").await.must_be(201).json();
    let again = send("Открыт мост").await.must_be(200).json();
    assert_eq!((&first["id"], &again["repeated"]), (&again["id"], &json!(true)));
    assert_eq!(code(&send("Закрыт мост").await.must_be(409)), "refused");
    house.pass(HOUR).await;
    assert_eq!(house.count(Platform::Max, "Открыт мост"), 1);
}

#[tokio::test]
async fn no_change_is_lost_under_another() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let body = json!({"title": "Открыт мост", "body": "Текст.", "at": "2026-11-24 10:00"});
    let id = program.post("/posts", &body).await.must_be(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/posts/{id}");
    let seen = program.get(&path).await.must_be(200).headers["etag"].to_str().unwrap().to_owned();
    let put = async |tag: Option<&str>, text: &str| {
        let call = program.call(Method::PUT, &path).json(&json!({"title": "Открыт мост", "body": text}));
        program.browser.send(if let Some(tag) = tag { call.header("If-Match", tag) } else { call }).await
    };
    assert_eq!(code(&put(None, "Без условия.").await.must_be(428)), "condition-needed");
    let second = put(Some(&seen), "Второй текст.").await.must_be(200);
    assert_ne!(second.headers["etag"].to_str().unwrap(), seen);
    assert_eq!(code(&put(Some(&seen), "Третий текст.").await.must_be(412)), "changed");
    assert_eq!(program.get(&path).await.json()["body"], "Второй текст.");
}

#[tokio::test]
async fn nothing_is_decided_about_a_post_that_stands_otherwise_by_now() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let body = json!({"title": "Субботник", "body": "Всем.", "at": "2026-11-24 10:00"});
    let id = program.post("/posts", &body).await.must_be(201).json()["id"].as_str().unwrap().to_owned();
    let seen = program.tag(&id).await;
    let orders = [
        ("move", json!({"at": "2026-11-25 12:00"})),
        ("cancel", json!({"reason": "дождь"})),
        ("withdraw", json!({"reason": "дождь"})),
        ("republish", json!({})),
        ("deliveries/gorod-vk/resolve", json!({})),
        ("deliveries/gorod-vk/again", json!({})),
    ];
    for (order, body) in &orders {
        let blind = program.post(&format!("/posts/{id}/{order}"), body).await.must_be(428);
        assert_eq!(code(&blind), "condition-needed", "{order}");
    }
    // Somebody at the desk moves it: what the program knows of it is over, though its text is the same.
    let (path, form) = (format!("/posts/{id}/move"), [("at", "2026-11-24 11:00")]);
    house.officer().await.post(&path, &form).await.must_be(303);
    for (order, body) in &orders {
        let late = program.order(&format!("/posts/{id}/{order}"), &seen, body).await.must_be(412);
        assert_eq!(code(&late), "changed", "{order}");
    }
    let put = program.call(Method::PUT, &path.replace("/move", "")).header("If-Match", &seen).json(&body);
    assert_eq!(code(&program.browser.send(put).await.must_be(412)), "changed");
    let list = program.get(&format!("/posts/{id}/deliveries")).await.must_be(200);
    assert_eq!(list.headers["etag"].to_str().unwrap(), program.tag(&id).await);
    let now = format!("\"0\", {}", program.tag(&id).await);
    program.order(&format!("/posts/{id}/cancel"), &now, &json!({"reason": "дождь"})).await.must_be(200);
    house.pass(72 * HOUR).await;
    assert_eq!(house.count(Platform::Max, "Субботник"), 0);
}

#[tokio::test]
async fn of_two_calls_at_once_about_a_post_seen_alike_one_is_told_that_it_stands_otherwise() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let at_once = async |n: usize| {
        let title = format!("Субботник {n}");
        let body = json!({"title": title, "body": "Всем.", "at": "2026-11-24 10:00"});
        let id = program.post("/posts", &body).await.must_be(201).json()["id"].as_str().unwrap().to_owned();
        let seen = program.tag(&id).await;
        let text = json!({"title": title, "body": "Всем, кто может."});
        let edit = program.call(Method::PUT, &format!("/posts/{id}")).header("If-Match", &seen).json(&text);
        let (order, body) = [
            ("cancel", json!({"reason": "дождь"})),
            ("withdraw", json!({"reason": "дождь"})),
            ("move", json!({"at": "2026-11-25 12:00"})),
        ][n % 3]
            .clone();
        let path = format!("/posts/{id}/{order}");
        let (edited, ordered) = tokio::join!(program.browser.send(edit), program.order(&path, &seen, &body));
        let mut statuses = [edited.status.as_u16(), ordered.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{order}: {} {}", edited.text(), ordered.text());
        let told = if edited.status == 412 { edited } else { ordered };
        assert_eq!(code(&told), "changed", "{order}");
    };
    futures_util::future::join_all((0..30).map(at_once)).await;
}

#[tokio::test]
async fn an_edit_that_names_other_channels_is_refused_and_not_half_done() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let body = json!({"title": "Мост", "body": "Текст.", "at": "2026-11-24 10:00", "channels": ["gorod-vk"]});
    let id = program.post("/posts", &body).await.must_be(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/posts/{id}");
    let put = async |more: Value| {
        let mut body = json!({"title": "Мост", "body": "Другой текст."});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        program.browser.send(program.call(Method::PUT, &path).header("If-Match", "*").json(&body)).await
    };
    let refused = put(json!({"channels": ["gorod-vk", "gorod-site"]})).await.must_be(422);
    assert!(refused.text().contains("not where it goes"), "{}", refused.text());
    put(json!({"organisation": FOREIGN})).await.must_be(422);
    assert_eq!(program.get(&path).await.json()["body"], "Текст.");
    let changed = put(json!({"channels": ["gorod-vk"], "organisation": OWN})).await.must_be(200);
    assert_eq!(changed.json()["body"], "Другой текст.");
}

#[tokio::test]
async fn a_key_from_before_an_update_queues_nothing_a_second_time() {
    use sha2::{Digest as _, Sha256};
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let send = async |title: &str| {
        let call = program.call(Method::POST, "/posts").header("Idempotency-Key", "site-17");
        program.browser.send(call.json(&json!({"title": title, "body": "Текст."}))).await
    };
    let first = send("Мост").await.must_be(201).json();
    // As versions before kept it: the hash of what Rust printed.
    let printed = "program gorod PostFile { title: \"Мост\", body: \"Текст.\", at: None, link: None, tags: [], media: [], \
         channels: [], not_before: {}, overrides: {}, expires_at: None } ";
    let url = format!("sqlite:{}", house.office.store.place().display());
    let mut db = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let done = sqlx::query("UPDATE post SET request_sha256 = $1").bind(hex::encode(Sha256::digest(printed)));
    assert_eq!(done.execute(&mut db).await.unwrap().rows_affected(), 1);
    db.close().await.unwrap();
    let again = send("Мост").await.must_be(200).json();
    assert_eq!((&first["id"], &again["repeated"]), (&again["id"], &json!(true)));
    assert_eq!(code(&send("Другой мост").await.must_be(409)), "refused");
    house.pass(HOUR).await;
    assert_eq!(house.count(Platform::Max, "Мост"), 1);
}

#[tokio::test]
async fn what_does_not_fit_is_told_channel_by_channel() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let long = "слово ".repeat(2000);
    let refused = program.post("/posts", &json!({"title": "Открыт мост", "body": long})).await.must_be(422);
    assert_eq!(code(&refused), "misfit");
    let misfits = refused.json()["misfits"].clone();
    assert!(misfits.as_array().unwrap().iter().any(|m| m["channel"] == "gorod-max"), "{misfits}");
    for wrong in [
        json!({"title": ""}),
        json!({"title": "Мост", "body": "Текст.", "at": "2001-01-01 10:00"}),
        json!({"title": "Мост", "body": "Текст.", "at": "вчера"}),
        json!({"title": "Мост", "body": "Текст.", "channels": ["nowhere"]}),
        json!({"title": "Мост", "body": "Текст.", "link": "javascript:alert(1)"}),
        json!({"title": "Мост", "body": "Текст.", "colour": "red"}),
        json!({"title": "Мост", "body": "Текст.", "media": [{"sha256": "00"}]}),
        json!([1, 2]),
    ] {
        let answer = program.post("/posts", &wrong).await.must_be(422);
        assert!(["refused", "unreadable"].contains(&&*code(&answer)), "{wrong}");
    }
    let broken = program.call(Method::POST, "/posts").header("content-type", "application/json").body("{");
    assert_eq!(code(&program.browser.send(broken).await.must_be(400)), "unreadable");
    assert!(program.get("/posts").await.json()["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_picture_is_uploaded_first_and_goes_out_with_its_words() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let send = async |bytes: Vec<u8>| {
        let call = program.call(Method::POST, "/media?name=most.png").header("content-type", "image/png").body(bytes);
        program.browser.send(call).await
    };
    code(&send(Vec::new()).await.must_be(422));
    let file = send(picture()).await.must_be(201).json();
    assert_eq!((file["kind"].as_str(), file["name"].as_str()), (Some("picture"), Some("most.png")));
    let sha256 = file["sha256"].as_str().unwrap();
    let post = |alt: &str| json!({"title": "Мост", "body": "Текст.", "media": [{"sha256": sha256, "alt": alt}]});
    assert_eq!(code(&program.post("/posts", &post("")).await.must_be(422)), "refused");
    program.post("/posts", &post("Мост через Дон")).await.must_be(201);
    house.pass(HOUR).await;
    assert_eq!(house.count(Platform::Max, "Мост"), 1);
    let back = program.get(&format!("/media/{sha256}")).await.must_be(200);
    assert_eq!(back.headers["content-type"], "image/png");
    let stranger = Program::of(&house, &[(Role::Editor, Some(FOREIGN))], Role::Editor).await;
    assert_eq!(code(&stranger.get(&format!("/media/{sha256}")).await.must_be(404)), "not-found");
}

fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[200; 64 * 64]).unwrap();
    bytes
}

#[tokio::test]
async fn without_a_good_token_nothing_is_told() {
    let house = House::open().await;
    let officer = house.officer().await;
    let bare = officer.get("/api/v1/posts").await.must_be(401);
    assert_eq!(code(&bare), "no-token", "a cookie is no token");
    let wrong = officer.request(Method::GET, "/api/v1/posts").bearer_auth("vst_0123456789");
    assert_eq!(code(&officer.send(wrong).await.must_be(401)), "no-token");
    // Whoever tries tokens is noted, and floods nothing; whoever shows none has tried nothing.
    assert_eq!(count(&house, "person.sign_in_refused").await, 1);
    for _ in 0..40 {
        let wrong = officer.request(Method::GET, "/api/v1/posts").bearer_auth("vst_0123456789");
        officer.send(wrong).await.must_be(401);
    }
    assert_eq!(count(&house, "person.sign_in_refused").await, 20);
}

#[tokio::test]
async fn a_token_reaches_no_other_organisation_and_no_more_than_its_role() {
    let house = House::open().await;
    let own = Program::officer(&house).await;
    let id = own.queue("Открыт мост").await["id"].as_str().unwrap().to_owned();
    let stranger = Program::of(&house, &[(Role::Editor, Some(FOREIGN))], Role::Editor).await;
    for path in [format!("/posts/{id}"), format!("/posts/{id}/deliveries"), format!("/posts?organisation={OWN}")] {
        assert_eq!(code(&stranger.get(&path).await.must_be(404)), "not-found", "{path}");
    }
    for deed in ["cancel", "withdraw"] {
        let answer = stranger.post(&format!("/posts/{id}/{deed}"), &json!({"reason": "чужое"})).await;
        assert_eq!(code(&answer.must_be(404)), "not-found");
    }
    let pause = stranger.post("/channels/gorod-max/pause", &json!({"reason": "чужое"})).await.must_be(404);
    assert_eq!(code(&pause), "not-found");
    let chains = stranger.get("/history").await.must_be(200).json();
    assert!(chains["items"].as_array().unwrap().iter().all(|e| e["chain"] != OWN), "{chains}");
    stranger.get("/history?organisation=installation").await.must_be(404);

    let reader = Program::of(&house, &[(Role::Officer, Some(OWN))], Role::Auditor).await;
    reader.get(&format!("/posts/{id}")).await.must_be(200);
    let answer = reader.post(&format!("/posts/{id}/cancel"), &json!({"reason": "передумали"})).await.must_be(403);
    assert_eq!(code(&answer), "not-allowed");
}

#[tokio::test]
async fn where_an_editor_approves_a_program_queues_nothing() {
    let platforms = [Platform::Max, Platform::Vk];
    let approve = |c: String| c.replacen("slug = \"gorod\"\n", "slug = \"gorod\"\napproval = \"editor\"\n", 1);
    let house = House::with(&platforms, approve).await;
    let program = Program::officer(&house).await;
    let answer = program.post("/posts", &json!({"title": "Мост", "body": "Текст."})).await.must_be(403);
    assert_eq!(code(&answer), "approval-needed");
}

#[tokio::test]
async fn orders_are_carried_out_and_stand_in_the_history_under_the_owners_name() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let body = json!({"title": "Субботник", "body": "Всем.", "at": "2026-11-24 10:00"});
    let id = program.post("/posts", &body).await.must_be(201).json()["id"].as_str().unwrap().to_owned();
    let (seen, to) = (program.tag(&id).await, json!({"at": "2026-11-25 12:00"}));
    let moved = program.order(&format!("/posts/{id}/move"), &seen, &to).await.must_be(200);
    assert_eq!(moved.json()[0]["at"], "2026-11-25T09:00:00Z");
    let (seen, path) = (program.tag(&id).await, format!("/posts/{id}/cancel"));
    let empty = program.order(&path, &seen, &json!({"reason": " "})).await.must_be(422);
    assert_eq!(code(&empty), "unreadable");
    program.order(&path, &seen, &json!({"reason": "дождь"})).await.must_be(200);
    house.pass(72 * HOUR).await;
    assert_eq!(house.count(Platform::Max, "Субботник"), 0);
    let told = program.get(&format!("/history?post={id}&kind=post.cancel_requested")).await.json();
    assert_eq!(told["items"][0]["actor"], "Сотрудник 0", "{told}");
    assert_eq!(told["items"][0]["detail"]["reason"], "дождь");
}

#[tokio::test]
async fn what_is_no_call_is_a_problem_document_too() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    assert_eq!(code(&program.get("/nothing/of/the/kind").await.must_be(404)), "not-found");
    let wrong = program.browser.send(program.call(Method::DELETE, "/posts")).await.must_be(405);
    assert_eq!((code(&wrong).as_str(), wrong.headers.contains_key("allow")), ("wrong-method", true));
}

#[tokio::test]
async fn a_program_tries_again_what_waits_and_asks_a_channel_how_it_is() {
    let house = House::open().await;
    let switches = &house.town.max().server.switches;
    let busy = Canned::json(429, &json!({"code": "too.many.requests", "message": "slow down"}));
    switches.always("POST /messages", Fault::Refuse(busy.retry_after(3 * 3600)));
    let program = Program::officer(&house).await;
    let queued = program.queue("Повтор").await;
    house.pass(HOUR).await;
    switches.clear();
    let id = queued["id"].as_str().unwrap();
    let waits = program.get(&format!("/posts/{id}")).await.must_be(200).json();
    let in_max = &waits["deliveries"][0];
    assert_eq!(
        (&in_max["last_kind"], &in_max["attempts"][0]["kind"]),
        (&json!("rate_limited"), &json!("rate_limited"))
    );
    let again = format!("/posts/{id}/deliveries/gorod-max/again");
    program.order(&again, &program.tag(id).await, &json!({})).await.must_be(204);
    assert_eq!(
        code(&program.order(&again, "*", &json!({})).await.must_be(409)),
        "refused",
        "it does not wait any more"
    );
    house.pass(Duration::from_secs(1)).await;
    assert_eq!(house.count(Platform::Max, "Повтор"), 1);

    let editor = Program::of(&house, &[(Role::Editor, Some(OWN))], Role::Editor).await;
    let well = editor.post("/channels/gorod-max/check", &json!({})).await.must_be(200).json();
    assert_eq!((well["may_publish"].as_bool(), well["findings"].as_array().unwrap().len()), (Some(true), 0), "{well}");
    house.town.max().revoke_token();
    let ill = editor.post("/channels/gorod-max/check", &json!({})).await.must_be(200).json();
    assert_eq!(ill["may_publish"], false, "{ill}");
    assert!(!ill["findings"][0]["todo"].as_str().unwrap().is_empty(), "{ill}");
}

#[tokio::test]
async fn lists_are_read_page_by_page_to_their_end() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    for n in 0..5 {
        program.queue(&format!("Новость {n}")).await;
    }
    let (mut titles, mut after) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("/posts?limit=2{after}")).await.must_be(200).json();
        titles.extend(page["items"].as_array().unwrap().iter().map(|p| p["title"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(titles, ["Новость 4", "Новость 3", "Новость 2", "Новость 1", "Новость 0"]);
    let channels = program.get("/channels").await.must_be(200).json();
    assert_eq!(channels[0]["slug"], "gorod-max");
    let weeks = program.get("/weeks").await.must_be(200).json();
    assert_eq!((weeks[0]["channel"].as_str(), weeks[0]["planned"].as_u64()), (Some("gorod-max"), Some(5)), "{weeks}");
    assert_eq!(code(&program.get("/weeks?week=2026-53").await.must_be(400)), "unreadable");
}

#[tokio::test]
async fn the_document_names_every_call_and_the_page_shows_it() {
    let house = House::open().await;
    let visitor = house.visitor();
    let document = visitor.get("/api/v1/openapi.json").await.must_be(200).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"]["/api/v1/posts/{id}"]["put"].is_object(), "{document}");
    let calls =
        document["paths"].as_object().unwrap().values().flat_map(|methods| methods.as_object().unwrap().values());
    let mut names: Vec<_> = calls.map(|call| call["operationId"].as_str().unwrap()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "a name names one call: clients are made of them");
    let kinds = super::reasons::documented(&document);
    assert!(["captcha", "no_answer", "expired"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    let asked = document["paths"]["/api/v1/history"]["get"]["parameters"].as_array().unwrap();
    assert!(asked.iter().all(|parameter| parameter["in"] == "query"), "{asked:?}");
    let page = visitor.get("/api/v1").await.must_be(200).text();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.contains(path), "{path}");
    }
}

/// How many files are on their way into the media folder.
fn arriving(house: &House) -> usize {
    let folder = std::fs::read_dir(&house.office.config.media.dir).into_iter().flatten().flatten();
    folder.filter(|entry| entry.file_name().to_string_lossy().starts_with(".taking-")).count()
}

#[tokio::test]
async fn a_program_sends_four_files_at_a_time() {
    let house = House::open().await;
    let program = Program::officer(&house).await;
    let mut held = Vec::new();
    let upload = || program.call(Method::POST, "/media?name=a.pdf");
    for _ in 0..4 {
        let (begin, rest) = tokio::sync::mpsc::channel::<Result<&'static [u8], std::io::Error>>(1);
        let body = reqwest::Body::wrap_stream(tokio_stream::wrappers::ReceiverStream::new(rest));
        begin.send(Ok(b"%PDF-1.7\n")).await.unwrap();
        held.push((begin, tokio::spawn(upload().body(body).send())));
    }
    let under_way = async {
        while arriving(&house) < 4 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), under_way).await.expect("four files are on their way");
    let refused = program.browser.send(upload().body("%PDF-1.7\n".as_bytes())).await.must_be(429);
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(code(&refused), "too-many");
    for (rest, answer) in held {
        drop(rest);
        assert_eq!(answer.await.unwrap().unwrap().status(), 201);
    }
    program.browser.send(upload().body("%PDF-1.7\n".as_bytes())).await.must_be(201);
}
