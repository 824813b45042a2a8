//! An auditor before years of history: how long the index takes, and how long a page.
//!
//! A database is filled with the journal of one organisation as vestnik writes it (`VESTNIK_SEARCH_POSTS`, 125 000, of eight
//! entries each), indexed, and asked what auditors ask. A line each is printed: the median of seven.

#[path = "common/machine.rs"]
mod machine;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;
use vestnik::domain::PostContent;
use vestnik::history::find::{Asked, Found, Question, newest};
use vestnik::history::index::catch_up;
use vestnik::history::rule::period::{counts, smallest};
use vestnik::journal::event::{Action, AttemptEnd, By, Clocks, Outcome, Planned, Published, Queued};
use vestnik::journal::{Draft, Event, Head, link};
use vestnik::store::{ChannelSetup, DistancePeriod, DistancePlace, OrganisationSetup, Store};

type Failure = Box<dyn Error + Send + Sync>;

const CHAIN: &str = "gorod";
const CHANNELS: [&str; 2] = ["gorod-max", "gorod-vk"];
const TIMES: usize = 7;
const WORDS: [&str; 24] = [
    "мост",
    "школа",
    "дорога",
    "ремонт",
    "открыт",
    "закрыт",
    "район",
    "город",
    "глава",
    "совещание",
    "парк",
    "автобус",
    "маршрут",
    "вода",
    "отключение",
    "праздник",
    "конкурс",
    "площадь",
    "улица",
    "Зелёная",
    "больница",
    "приём",
    "граждане",
    "погода",
];

fn main() -> Result<(), Failure> {
    let posts = match std::env::var("VESTNIK_SEARCH_POSTS") {
        Ok(text) => text.parse().map_err(|_| format!("VESTNIK_SEARCH_POSTS is a whole number, not {text}"))?,
        Err(_) => 125_000,
    };
    machine::introduce("cargo bench --bench search");
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(Box::pin(look_back(posts, &folder.path().join("vestnik.db"))))
}

async fn look_back(posts: u64, place: &Path) -> Result<(), Failure> {
    let store = Store::open(place).await?;
    let channel = |(nth, slug): (usize, &&str)| ChannelSetup {
        slug: (*slug).into(),
        platform: if nth == 0 { "max" } else { "vk" }.into(),
        primary: nth == 0,
    };
    let organisation = OrganisationSetup {
        slug: CHAIN.into(),
        name: CHAIN.into(),
        time_zone: "Europe/Moscow".into(),
        channels: CHANNELS.iter().enumerate().map(channel).collect(),
    };
    store.set_up(vec![organisation], true).await?;
    let start: DateTime<Utc> = "2020-01-06T06:00:00Z".parse()?;
    let entries = write(posts, place, start).await?;
    let before = std::fs::metadata(place)?.len();

    let begun = Instant::now();
    catch_up(&store, CHAIN, u64::MAX).await?;
    let took = begun.elapsed();
    store.close().await;
    let store = Store::open(place).await?;
    let grown = std::fs::metadata(place)?.len().saturating_sub(before);
    println!("{entries} entries; the index took {took:.1?} and {} MiB beside {} MiB", grown >> 20, before >> 20);

    let of =
        |question: Question| Question { chains: vec![Asked { chain: CHAIN.into(), from: None, to: None }], ..question };
    let words = |words: &str| of(Question { words: Some(words.into()), ..Question::default() });
    let kind = |kind: &str| of(Question { kind: Some(kind.into()), ..Question::default() });
    for (name, question) in [
        ("the newest", of(Question::default())),
        ("a frequent word", words("моста")),
        ("two frequent words", words("мостов школе")),
        ("a phrase", words("«мост школа дорога»")),
        ("a word of one post", words("редкость7")),
        ("a word of no post", words("динозавр")),
        ("a frequent kind", kind("delivery.published")),
        ("a rare kind", kind("channel")),
        ("a channel and a word", Question { channel: Some(CHANNELS[1].into()), ..words("парк") }),
        ("a person", of(Question { person: Some("Петрова".into()), ..Question::default() })),
    ] {
        ask(&store, name, &question).await?;
    }
    let year = |from: DateTime<Utc>, days| DistancePeriod {
        chain: CHAIN.into(),
        from,
        to: from + TimeDelta::days(days),
        channel: None,
    };
    for (name, period) in [("the rule of a month", year(start, 31)), ("the rule of all years", year(start, 366 * 50))] {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let begun = Instant::now();
            smallest(&store, &period, DistancePlace::FIRST, 100).await?;
            counts(&store, &period).await?;
            times.push(begun.elapsed());
        }
        times.sort();
        println!("{name:24} {:8.1?}", times[TIMES / 2]);
    }
    store.close().await;
    Ok(())
}

/// The first page, and the one behind it.
async fn ask(store: &Store, name: &str, question: &Question) -> Result<(), Failure> {
    let mut times = [Vec::new(), Vec::new()];
    let mut first = Found::default();
    for _ in 0..TIMES {
        let begun = Instant::now();
        first = newest(store, question, None, 50).await?;
        times[0].push(begun.elapsed());
        let begun = Instant::now();
        if first.older.is_some() {
            newest(store, question, first.older.as_ref(), 50).await?;
        }
        times[1].push(begun.elapsed());
    }
    times.iter_mut().for_each(|times| times.sort());
    let [page, next] = times.map(|times| times[TIMES / 2]);
    println!("{name:24} {page:8.1?} {next:8.1?} ({} entries on the page)", first.rows.len());
    Ok(())
}

/// Writes the journal and the texts past the store's rules: there is nothing to release here.
async fn write(posts: u64, place: &Path, start: DateTime<Utc>) -> Result<u64, Failure> {
    let mut db = SqliteConnection::connect(&format!("sqlite:{}", place.display())).await?;
    let mut head = Head::genesis(CHAIN);
    let mut tx = db.begin().await?;
    for nth in 0..posts {
        let at = start + TimeDelta::minutes(20 * i64::try_from(nth)?);
        let post = Uuid::from_u128(u128::from(nth) + 1);
        let content = content(nth);
        let json = serde_json::to_string(&content)?;
        sqlx::query("INSERT INTO post (id, organisation, revision, created_at, created_by, request_sha256) VALUES ($1, 'gorod', 1, $2, 'x', '')")
            .bind(post.to_string())
            .bind(at.timestamp_micros())
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO revision VALUES ($1, 1, $2, $3, $4, $5, 'x')")
            .bind(post.to_string())
            .bind(json)
            .bind(&content.title)
            .bind(content.sha256())
            .bind(at.timestamp_micros())
            .execute(&mut *tx)
            .await?;
        for draft in life(nth, post, at, &content) {
            let entry = link(CHAIN, &head, draft);
            head = Head { hash: entry.hash, seq: entry.seq };
            sqlx::query("INSERT INTO journal VALUES ('gorod', $1, $2, $3, $4, $5, $6, $7, $8)")
                .bind(i64::try_from(entry.seq)?)
                .bind(entry.at.timestamp_micros())
                .bind(&entry.kind)
                .bind(entry.post.map(|id| id.to_string()))
                .bind(entry.delivery.map(|id| id.to_string()))
                .bind(&entry.channel)
                .bind(entry.line())
                .bind(entry.hash.to_string())
                .execute(&mut *tx)
                .await?;
        }
    }
    sqlx::query(
        "INSERT INTO journal_day SELECT chain, at / 86400000000, MIN(seq), MAX(seq) FROM journal GROUP BY 1, 2",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    db.close().await?;
    Ok(head.seq)
}

/// A text of sixty words; chance that repeats itself.
fn content(nth: u64) -> PostContent {
    let mut state = nth.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).ok().and_then(|n| WORDS.get(n % WORDS.len())).copied().unwrap_or("вода")
    };
    let title: Vec<_> = (0..5).map(|_| word()).collect();
    let body: Vec<_> = (0..60).map(|_| word()).collect();
    PostContent {
        title: title.join(" "),
        body: format!("{} редкость{nth}", body.join(" ")),
        link: None,
        tags: Vec::new(),
        media: Vec::new(),
        overrides: BTreeMap::new(),
    }
}

/// The eight entries of a post that goes out twice.
fn life(nth: u64, post: Uuid, at: DateTime<Utc>, content: &PostContent) -> Vec<Draft> {
    let hash = content.sha256();
    let actor = if nth.is_multiple_of(7) { "Петрова" } else { "Сидорова" };
    let planned = CHANNELS.iter().map(|channel| Planned { channel: (*channel).into(), at }).collect();
    let queued = Queued {
        title: content.title.clone(),
        content_sha256: hash.clone(),
        revision: 1,
        planned,
        expires_at: None,
        key: None,
    };
    let mut drafts = vec![Draft::new(at, actor, Event::PostQueued(queued)).of_post(post)];
    let mut tell = |at, event, channel: usize| {
        let delivery = Uuid::from_u128(post.as_u128() * 4 + channel as u128);
        drafts.push(Draft::new(at, "vestnik", event).of_delivery(post, delivery, CHANNELS[channel]));
    };
    for (channel, after) in
        [(0, TimeDelta::zero()), (1, TimeDelta::seconds(14_460 + i64::try_from(nth % 600).unwrap_or(0)))]
    {
        let (attempt, out) = (Uuid::from_u128(post.as_u128() * 4 + 2 + channel as u128), at + after);
        if channel == 1 {
            let until = at + TimeDelta::seconds(14_460);
            tell(at, Event::DeliveryHeld { revision: 1, from: at, until, hold_seconds: 14_400, margin_seconds: 60 }, 1);
        }
        let started = Event::AttemptStarted {
            attempt,
            number: 1,
            action: Action::Publish,
            revision: 1,
            content_sha256: hash.clone(),
        };
        tell(out, started, channel);
        tell(out, Event::DeliveryPublished(published(nth, channel, attempt, (at, out), &hash)), channel);
        let ended = AttemptEnd {
            attempt,
            outcome: Outcome::Published,
            reason: None,
            kind: None,
            next_at: None,
            status: Some(200),
            answer_sha256: None,
        };
        tell(out, Event::AttemptEnded(ended), channel);
    }
    drafts
}

fn published(
    nth: u64,
    channel: usize,
    attempt: Uuid,
    (primary_at, at): (DateTime<Utc>, DateTime<Utc>),
    hash: &str,
) -> Published {
    let is_primary = channel == 0;
    Published {
        revision: 1,
        attempt: Some(attempt),
        action: Action::Publish,
        primary: is_primary,
        by: By::Platform,
        remote_id: format!("-1_{nth}"),
        url: format!("https://example.org/{}/{nth}", CHANNELS[channel]).parse().ok(),
        platform_time: Some(at),
        received_at: at,
        counts_from: at,
        content_sha256: hash.to_owned(),
        hold_from: (!is_primary).then_some(primary_at),
        hold_seconds: (!is_primary).then_some(14_400),
        margin_seconds: (!is_primary).then_some(60),
        primary_seen_at: (!is_primary).then_some(at),
        clocks: Clocks { ours: at, primary: Some(at), follower: Some(at) },
    }
}
