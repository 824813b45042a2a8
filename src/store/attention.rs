//! Everything that waits for a person, each with what to do.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::channel::unfinished;
use super::db::read_all;
use super::rows::micros;
use super::{JournalRow, Store, StoreError};
use crate::journal::Event;

/// Due for longer than this without an attempt that succeeded is worth a line.
const LATE_AFTER: TimeDelta = TimeDelta::minutes(10);
/// Clocks differ by less; a hold that begins later than this from now began on a wrong one.
const AHEAD_BY: TimeDelta = TimeDelta::minutes(10);
/// Failures stay in the list this long.
const FAILURES_SHOWN_FOR: TimeDelta = TimeDelta::days(60);
/// Nothing settles a post that a restored copy does not know: it leaves the list after this.
const LOST_SHOWN_FOR: TimeDelta = TimeDelta::days(14);

/// One thing that a person has to settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attention {
    /// What kind of thing: `channel_paused`, `in_doubt`, `handed`, `stopped`, `failed`, `late`, `retired`, `lost`.
    pub kind: &'static str,
    /// The organisation.
    pub organisation: String,
    /// The post, where it is about one.
    pub post: Option<String>,
    /// The channel.
    pub channel: String,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub todo: String,
}

pub(super) const STOPPED: &str =
    "SELECT * FROM delivery WHERE stop_reason IS NOT NULL ORDER BY planned_at, id LIMIT 500";
pub(super) const FAILED: &str =
    "SELECT * FROM delivery WHERE state = 'failed' AND planned_at >= $1 ORDER BY planned_at DESC, id LIMIT 500";
pub(super) const LATE: &str = "SELECT * FROM delivery d WHERE d.action = 'publish' AND d.stop_reason IS NULL \
     AND d.planned_at < $1 AND EXISTS (SELECT 1 FROM channel c WHERE c.slug = d.channel AND c.paused_at IS NULL \
     AND c.retired = 0) ORDER BY d.planned_at, d.id LIMIT 500";
pub(super) const RETIRED: &str = concat!(
    "SELECT d.* FROM channel c JOIN delivery d ON d.channel = c.slug WHERE c.retired = 1 AND ",
    unfinished!(),
    " ORDER BY d.planned_at, d.id LIMIT 500"
);

/// Followers whose hold counts from later than `$1`: a clock was ahead when the primary was confirmed.
pub(super) const HELD_AHEAD: &str = "SELECT d.* FROM channel c CROSS JOIN delivery d ON d.channel = c.slug \
     JOIN hold h ON h.post = d.post AND h.state = 'running' WHERE d.action = 'publish' AND d.stop_reason IS NULL \
     AND d.state = 'held' AND h.from_at > $1 ORDER BY d.planned_at, d.id LIMIT 500";

/// As it lies in the database: a row that contradicts itself must not hide the others.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    post: String,
    organisation: String,
    channel: String,
    state: String,
    planned_at: i64,
    last_reason: Option<String>,
    stop_reason: Option<String>,
    stop_todo: Option<String>,
}

pub(super) const LOST: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     WHERE kind = 'post.lost' AND at >= $1 ORDER BY at DESC, chain, seq LIMIT 500";

impl Store {
    /// What waits for a person now.
    pub async fn attention(&self, now: DateTime<Utc>) -> Result<Vec<Attention>, StoreError> {
        let mut list = Vec::new();
        for c in self.channel_views().await?.into_iter().filter(|c| c.paused_at.is_some()) {
            list.push(Attention {
                kind: "channel_paused",
                organisation: c.organisation,
                post: None,
                what: format!("paused by {}: {}", c.paused_by.unwrap_or_default(), c.paused_reason.unwrap_or_default()),
                todo: format!("mend the cause, see `vestnik check`, then `vestnik channel resume {}`", c.slug),
                channel: c.slug,
            });
        }
        for d in read_all!(&self.readers, Row, STOPPED)? {
            let kind = match &*d.state {
                "in_doubt" => "in_doubt",
                "handed" => "handed",
                _ => "stopped",
            };
            let (what, todo) = (d.stop_reason.clone(), d.stop_todo.clone().unwrap_or_default());
            list.push(item(kind, d, what, todo));
        }
        for d in read_all!(&self.readers, Row, FAILED, micros(now - FAILURES_SHOWN_FOR))? {
            let todo = format!(
                "`vestnik post edit {0} FILE.md` queues it again with another text, `vestnik post cancel {0} --reason TEXT` settles it",
                d.post
            );
            let what = d.last_reason.clone();
            list.push(item("failed", d, what, todo));
        }
        for d in read_all!(&self.readers, Row, LATE, micros(now - LATE_AFTER))? {
            let minutes = TimeDelta::microseconds(micros(now).saturating_sub(d.planned_at)).num_minutes();
            let what = format!(
                "{minutes} minutes late: {}",
                d.last_reason.as_deref().unwrap_or("its turn has not come (is `vestnik serve` running?)")
            );
            let todo = "vestnik goes on trying; `vestnik check` shows what is wrong with the channel".into();
            list.push(item("late", d, Some(what), todo));
        }
        for d in read_all!(&self.readers, Row, HELD_AHEAD, micros(now + AHEAD_BY))? {
            let until = DateTime::from_timestamp_micros(d.planned_at).map(|t| t.format("%F %R UTC").to_string());
            let what = format!(
                "it waits until {}: its hold counts from a moment that is still to come, because a clock was ahead when \
                 the primary was confirmed",
                until.unwrap_or_default()
            );
            let todo = format!(
                "let it wait, or `vestnik post withdraw {} --reason TEXT` and queue it again with the right time",
                d.post
            );
            list.push(item("held_ahead", d, Some(what), todo));
        }
        for d in read_all!(&self.readers, Row, RETIRED)? {
            let what = Some(format!("channel `{}` is not in the daemon's configuration any more", d.channel));
            let todo = format!("put the channel back, or `vestnik post cancel {} --reason TEXT`", d.post);
            list.push(item("retired", d, what, todo));
        }
        for row in read_all!(&self.readers, JournalRow, LOST, micros(now - LOST_SHOWN_FOR))? {
            list.extend(lost(&row));
        }
        Ok(list)
    }
}

fn lost(row: &JournalRow) -> Option<Attention> {
    let Ok(Some(Event::PostLost { title, standing })) = row.entry().ok()?.event() else { return None };
    let places: Vec<_> = standing.iter().map(|s| s.url.as_ref().map_or(&*s.channel, url::Url::as_str)).collect();
    let (stands, todo) = if places.is_empty() {
        ("it is out nowhere".to_owned(), "queue it again")
    } else {
        let stands = format!("it stands there: {}", places.join(", "));
        (stands, "publish it by hand where it is missing, or take it down everywhere and queue it again")
    };
    let when = "was queued after the copy was made that the database was restored from";
    Some(Attention {
        kind: "lost",
        organisation: row.chain.clone(),
        post: row.post.clone(),
        channel: row.channel.clone().unwrap_or_default(),
        what: format!("«{title}» {when}; nothing more of it goes out; {stands}"),
        todo: todo.into(),
    })
}

fn item(kind: &'static str, d: Row, what: Option<String>, todo: String) -> Attention {
    let (post, what) = (Some(d.post), what.unwrap_or_default());
    Attention { kind, organisation: d.organisation, post, channel: d.channel, what, todo }
}
