//! Debian's Chromium and its driver, on a free port, with a profile of their own.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

/// So often a driver is started before there is none.
const TRIES: u32 = 5;

/// The browser.
pub struct Chromium {
    /// Speaks to it.
    pub client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Chromium {
    pub async fn start() -> Self {
        let (driver, port) = (0..TRIES).find_map(|_| driver()).expect("chromedriver tells its port");
        let profile = tempfile::Builder::new().prefix("vestnik-browser-").tempdir().unwrap();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(profile.path()))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("chromedriver starts Chromium");
        Self { client, driver, _profile: profile }
    }

    pub async fn end(mut self) {
        drop(self.client.clone().close().await);
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}

/// A driver and the port that it took. It takes a free one of IPv6 and ends when somebody has the same of IPv4.
fn driver() -> Option<(Child, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver: install chromium and chromium-driver, as tests/run does");
    let port = port(&mut driver);
    if port.is_none() {
        drop(driver.kill());
        drop(driver.wait());
    }
    port.map(|port| (driver, port))
}

fn port(driver: &mut Child) -> Option<u16> {
    let lines = BufReader::new(driver.stdout.take().expect("stdout is a pipe")).lines();
    lines.map_while(Result::ok).find_map(|line| {
        let rest = line.split_once("started successfully on port ")?.1;
        rest.trim_end_matches('.').parse().ok()
    })
}

fn capabilities(profile: &std::path::Path) -> Map<String, Value> {
    let mut args = vec![
        "--headless=new".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--lang=ru".to_owned(),
        "--window-size=1440,1000".to_owned(),
        format!("--user-data-dir={}", profile.display()),
    ];
    // Chromium refuses its sandbox to root, which test machines often are.
    if std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        args.push("--no-sandbox".to_owned());
    }
    let options = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "args": args, "prefs": { "intl.accept_languages": "ru" } },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    match options {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
