//! The receivers that `docs/webhook` hands to a site's contractor, driven by the adapter itself.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

mod site;

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use site::{NEW_SECRET, SECRET, open};
use uuid::Uuid;
use vestnik_contract::conformance::Files;
use vestnik_contract::http::Http;
use vestnik_contract::text::same_text;
use vestnik_contract::{
    Adapter, Content, DeliveryKey, Found, Prepared, Presence, PublishError, Purpose, RemoteId, SystemClock,
};

const KEY: DeliveryKey = DeliveryKey { delivery: Uuid::from_u128(0x0190_0000_7000_8000), revision: 1 };

/// A receiver as a process of its own; it ends with the value.
struct Receiver {
    process: Child,
    url: String,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Receiver {
    fn python(folder: &Path) -> Self {
        let mut process = Command::new("python3")
            .arg(example("receiver.py"))
            .envs([("VESTNIK_SECRET", SECRET), ("PORT", "0")])
            .env("DATABASE", folder.join("news.sqlite"))
            .env_remove("PUBLIC_URL")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let line = lines(process.stdout.take().unwrap()).next().unwrap();
        Self { process, url: line.strip_prefix("listening on ").unwrap().to_owned() }
    }

    /// `None` when there is no PHP here.
    fn php(folder: &Path) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}");
        let started = Command::new("php")
            .args(["-d", "display_errors=1", "-S", &format!("127.0.0.1:{port}")])
            .arg(example("receiver.php"))
            .envs([("VESTNIK_SECRET", SECRET), ("PUBLIC_URL", &url)])
            .env("VESTNIK_DATA", folder.join("news"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = match started {
            Ok(process) => process,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => panic!("php does not start: {error}"),
        };
        let mut told = lines(process.stderr.take().unwrap());
        assert!(told.any(|line| line.contains("started")), "php ended without listening");
        // It tells every request: somebody has to read that.
        std::thread::spawn(move || told.for_each(drop));
        Some(Self { process, url })
    }
}

fn lines(of: impl std::io::Read) -> impl Iterator<Item = String> {
    BufReader::new(of).lines().map_while(Result::ok)
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/webhook").join(name)
}

fn content(title: &str, files: &Files) -> Content {
    Content {
        title: title.into(),
        body: "С 10 до 18 **нет** воды:\n\n- Ленина\n- Мира 😀".into(),
        link: None,
        tags: vec!["жкх".into()],
        media: vec![files.picture(60), files.document()],
        footer: Some("[Мы в MAX](https://max.ru/gorod)".into()),
    }
}

async fn prepare(adapter: &dyn Adapter, content: &Content, key: DeliveryKey) -> Prepared {
    let post = adapter.render(content).unwrap();
    adapter.prepare(&post, &key, Purpose::Publish, None).await.unwrap()
}

async fn shows(adapter: &dyn Adapter, id: &RemoteId, prepared: &Prepared) -> bool {
    match adapter.presence(id).await.unwrap().presence {
        Presence::Live(shown) => {
            assert!(!shown.opaque && shown.media == Some(2), "{shown:?}");
            same_text(&prepared.post.plain, &shown)
        }
        other => panic!("{other:?}"),
    }
}

/// The whole life of a post, as the contract tells it.
async fn keeps_the_contract(receiver: &Receiver, folder: &Path, edit_by_hand: impl Fn()) {
    std::fs::write(folder.join("secret"), SECRET).unwrap();
    let files = Files::new();
    let adapter = open(&format!("{}/vestnik", receiver.url), Arc::new(SystemClock), folder, "");
    let health = adapter.check().await.unwrap();
    assert!(health.may_publish && health.clock.header.is_some(), "{health:?}");

    let first = prepare(&*adapter, &content("Отключение «воды» & света", &files), KEY).await;
    assert!(matches!(adapter.find(&first, &[]).await.unwrap(), Found::No(_)));
    let receipt = adapter.publish(&first).await.unwrap();
    assert_eq!(adapter.publish(&first).await.unwrap().id, receipt.id, "a repeat is the same post");
    let (url, time) = (receipt.url.clone().unwrap(), receipt.platform_time.unwrap());
    let Found::Yes(found) = adapter.find(&first, &[]).await.unwrap() else { panic!("it is there") };
    assert_eq!((found.id, found.url, found.platform_time), (receipt.id.clone(), receipt.url, Some(time)));
    assert!(shows(&*adapter, &receipt.id, &first).await);
    assert_eq!(adapter.at_address(&url).await.unwrap().0, receipt.id);
    let page = Http::new(None).unwrap();
    let read = page.send(page.get(url.clone())).await.unwrap();
    assert!(String::from_utf8_lossy(&read.body).contains("<li>Мира 😀</li>"), "readers see it");

    let other = prepare(&*adapter, &content("Другое", &files), KEY).await;
    let error = adapter.publish(&other).await.unwrap_err();
    assert!(matches!(error, PublishError::Rejected { .. }), "one id, other content: {error:?}");

    let second = prepare(&*adapter, &content("Воду дали", &files), DeliveryKey { revision: 2, ..KEY }).await;
    assert_eq!(adapter.edit(&receipt.id, &second).await.unwrap().url, Some(url.clone()));
    assert!(shows(&*adapter, &receipt.id, &second).await);
    assert!(matches!(adapter.edit(&receipt.id, &first).await, Err(PublishError::Rejected { .. })), "no way back");
    let feed = adapter.feed(DateTime::<Utc>::UNIX_EPOCH).await.unwrap();
    assert_eq!((feed.len(), feed[0].published_at), (1, time), "an edit keeps the time");
    assert!(feed[0].text.starts_with("Воду дали\n\n"));
    assert!(adapter.feed(time + chrono::TimeDelta::seconds(1)).await.unwrap().is_empty());
    edit_by_hand();
    assert!(!shows(&*adapter, &receipt.id, &second).await, "an editor's change is seen");

    adapter.retract(&receipt.id).await.unwrap();
    adapter.retract(&receipt.id).await.unwrap();
    assert_eq!(adapter.presence(&receipt.id).await.unwrap().presence, Presence::Gone);
    assert_eq!(page.send(page.get(url)).await.unwrap().status, 404);
    assert!(adapter.feed(DateTime::<Utc>::UNIX_EPOCH).await.unwrap().is_empty());
    adapter.retract(&RemoteId("999".into())).await.unwrap();
    assert_eq!(adapter.presence(&RemoteId("999".into())).await.unwrap().presence, Presence::Gone);

    let stranger = open(&receiver.url, Arc::new(SystemClock), folder, r#","secret":{"file":"new_secret"}"#);
    std::fs::write(folder.join("new_secret"), NEW_SECRET).unwrap();
    assert!(matches!(stranger.publish(&first).await, Err(PublishError::Unauthorised { .. })));
}

#[tokio::test]
async fn the_python_receiver_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::python(folder.path());
    let edit = || {
        let change = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                      db.execute(\"UPDATE item SET html = '<p>Совсем другое</p>'\"); db.commit()";
        let database = folder.path().join("news.sqlite");
        assert!(Command::new("python3").args(["-c", change]).arg(database).status().unwrap().success());
    };
    keeps_the_contract(&receiver, folder.path(), edit).await;
}

#[tokio::test]
async fn the_php_receiver_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let Some(receiver) = Receiver::php(folder.path()) else {
        eprintln!("not tried: there is no `php` on the PATH (package php-cli)");
        return;
    };
    let edit = || {
        let file = folder.path().join("news/news.json");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replace("Ленина", "Гагарина")).unwrap();
    };
    keeps_the_contract(&receiver, folder.path(), edit).await;
}

#[tokio::test]
async fn equal_requests_at_once_make_one_post() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), SECRET).unwrap();
    let receiver = Receiver::python(folder.path());
    let adapter = open(&receiver.url, Arc::new(SystemClock), folder.path(), "");
    let files = Files::new();
    let prepared = Arc::new(prepare(&*adapter, &content("Разом", &files), KEY).await);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (adapter, prepared) = (adapter.clone(), prepared.clone());
        tasks.spawn(async move { adapter.publish(&prepared).await.unwrap().id });
    }
    let ids = tasks.join_all().await;
    assert!(ids.windows(2).all(|w| w[0] == w[1]), "{ids:?}");
    assert_eq!(adapter.feed(DateTime::<Utc>::UNIX_EPOCH).await.unwrap().len(), 1);
}
