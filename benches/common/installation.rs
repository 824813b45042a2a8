//! An installation in a temporary folder: many organisations, each with a channel in MAX, and posts due at one instant.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use vestnik::config::Config;
use vestnik::domain::{HoldLength, PostContent};
use vestnik::office::Office;
use vestnik::store::NewPost;
use vestnik_contract::Clock;

use crate::max_process::{TOKEN, chat_id};

type Failure = Box<dyn Error + Send + Sync>;

/// The slug of the nth organisation; its channel is called the same with `-max` behind it.
pub fn slug(nth: usize) -> String {
    format!("city{nth}")
}

/// Writes the configuration of so many organisations into `folder` and gives its path. The desk takes any free port.
pub fn configure(folder: &Path, organisations: usize, max_url: &str) -> Result<PathBuf, Failure> {
    configure_with_desk(folder, organisations, max_url, "127.0.0.1:0")
}

/// The same with the desk at a known address and port.
pub fn configure_with_desk(
    folder: &Path,
    organisations: usize,
    max_url: &str,
    listen: &str,
) -> Result<PathBuf, Failure> {
    std::fs::write(folder.join("token"), TOKEN)?;
    let mut text =
        format!("[store]\nurl = \"sqlite:vestnik.db\"\n[pacing]\ngap_seconds = 0\n[server]\nlisten = \"{listen}\"\n");
    for nth in 0..organisations {
        let (slug, chat_id) = (slug(nth), chat_id(nth));
        text += &format!(
            r#"[[organisation]]
slug = "{slug}"
name = "Администрация города {nth}"
time_zone = "Europe/Moscow"
[[organisation.channel]]
slug = "{slug}-max"
platform = "max"
primary = true
chat_id = {chat_id}
token = {{ file = "token" }}
base_url = "{max_url}"
"#
        );
    }
    let path = folder.join("config.toml");
    std::fs::write(&path, text)?;
    Ok(path)
}

/// Opens the office behind a configuration.
pub async fn open(config: &Path) -> Result<Office, Failure> {
    open_at(config, vestnik::clock::of(1)).await
}

/// Opens it with a clock of its own.
pub async fn open_at(config: &Path, clock: Arc<dyn Clock>) -> Result<Office, Failure> {
    Ok(Office::open(Config::load(config)?, clock).await?)
}

/// A post of the length that press offices write.
pub fn content(nth: usize) -> PostContent {
    PostContent {
        title: format!("Движение по мосту открыто, новость {nth}"),
        body: "С сегодняшнего дня открыто движение по мосту через реку. **Объезд больше не нужен.** \
               Автобусы возвращаются на прежние маршруты с понедельника.\n\n\
               Подробности — на [сайте администрации](https://example.org/most)."
            .into(),
        link: None,
        tags: vec!["город".into()],
        media: Vec::new(),
        overrides: std::collections::BTreeMap::new(),
    }
}

/// Queues `each` posts for every organisation, all due at `at`.
pub async fn queue(office: &Office, each: usize, at: DateTime<Utc>) -> Result<(), Failure> {
    let organisations = office.config.organisations.iter().map(|o| o.slug.clone());
    try_join_all(organisations.map(|organisation| queue_for(office, organisation, each, at))).await?;
    Ok(())
}

async fn queue_for(office: &Office, organisation: String, each: usize, at: DateTime<Utc>) -> Result<(), Failure> {
    for nth in 0..each {
        queue_one(office, &organisation, nth, at).await?;
    }
    Ok(())
}

/// Queues a post of an organisation on its channel in MAX.
pub async fn queue_one(office: &Office, organisation: &str, nth: usize, at: DateTime<Utc>) -> Result<(), Failure> {
    let new = NewPost {
        primary: format!("{organisation}-max"),
        organisation: organisation.to_owned(),
        content: content(nth),
        followers: Vec::new(),
        at,
        expires_at: None,
        key: None,
        request_sha256: format!("{nth:064}"),
        by: "bench".into(),
        hold: HoldLength::DEFAULT,
    };
    office.store.queue_post(new, office.clock.now()).await?;
    Ok(())
}
