//! Everything that waits for a person, each with what to do.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::changes::json;
use super::channel::unfinished;
use super::db::read_all;
use super::rows::micros;
use super::setup::ORGANISATIONS;
use super::{JournalRow, Store, StoreError};
use crate::domain::names::names;
use crate::domain::{PostId, ReasonKind, StopKind};
use crate::journal::Event;

/// Due for longer than this without an attempt that succeeded is worth a line.
const LATE_AFTER: TimeDelta = TimeDelta::minutes(10);
/// A change, or the end of a call, that the platform has kept open for longer than this is worth a line.
const OUTSTANDING_AFTER: TimeDelta = TimeDelta::hours(1);
/// Clocks differ by less; a hold that begins later than this from now began on a wrong one.
const AHEAD_BY: TimeDelta = TimeDelta::minutes(10);
/// Failures stay in the list this long.
const FAILURES_SHOWN_FOR: TimeDelta = TimeDelta::days(60);
/// Nothing settles a post that a restored copy does not know: it leaves the list after this.
const LOST_SHOWN_FOR: TimeDelta = TimeDelta::days(14);

/// Of one organisation, of each kind, so many are read: one that is in trouble hides nothing of the others.
const OF_ONE_MAX: i64 = 200;

names! {
    /// What is the matter with something that waits for a person.
    "kind of attention" AttentionKind {
        /// Nothing is sent to the channel.
        ChannelPaused = "channel_paused",
        /// Nobody knows how a call ended.
        InDoubt = "in_doubt",
        /// A person publishes by hand.
        Handed = "handed",
        /// It stands still until a person decides.
        Stopped = "stopped",
        /// It will not go out.
        Failed = "failed",
        /// It is over its time and not out.
        Late = "late",
        /// What stands is to be changed, or how a call ended is to be found out, and the platform lets neither be done.
        Outstanding = "outstanding",
        /// Its hold counts from a moment that is still to come.
        HeldAhead = "held_ahead",
        /// Its channel is in use no more.
        Retired = "retired",
        /// A restored copy of the database does not know it.
        Lost = "lost",
    }
}

/// One thing that a person has to settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attention {
    /// What kind of thing.
    pub kind: AttentionKind,
    /// Of what is stopped, what the person is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_kind: Option<StopKind>,
    /// Of what is late, failed or in doubt, of what kind the reason is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_kind: Option<ReasonKind>,
    /// The organisation.
    pub organisation: String,
    /// The post, where it is about one.
    pub post: Option<PostId>,
    /// The channel.
    pub channel: String,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub todo: String,
}

/// Channels that are paused, of a JSON array of organisations.
pub(super) const PAUSED: &str = "SELECT organisation, slug, paused_by, paused_reason FROM channel \
     WHERE paused_at IS NOT NULL AND retired = 0 AND organisation IN (SELECT value FROM json_each($1)) \
     ORDER BY organisation, is_primary DESC, slug";
pub(super) const STOPPED: &str = "SELECT d.* FROM json_each($1) q CROSS JOIN delivery d ON d.id IN ( \
     SELECT s.id FROM delivery s WHERE s.organisation = q.value AND s.stop_reason IS NOT NULL \
     ORDER BY s.planned_at, s.id LIMIT $2) ORDER BY d.planned_at, d.id";
pub(super) const FAILED: &str = "SELECT d.* FROM json_each($1) q CROSS JOIN delivery d ON d.id IN ( \
     SELECT f.id FROM delivery f WHERE f.organisation = q.value AND f.state = 'failed' AND f.stop_reason IS NULL \
     AND f.planned_at >= $3 \
     ORDER BY f.planned_at DESC, f.id LIMIT $2) ORDER BY d.planned_at DESC, d.id";
pub(super) const LATE: &str = "SELECT d.* FROM channel c CROSS JOIN delivery d ON d.id IN ( \
     SELECT l.id FROM delivery l WHERE l.channel = c.slug AND l.action = 'publish' AND l.stop_reason IS NULL \
     AND l.planned_at < $3 ORDER BY l.planned_at, l.id LIMIT $2) \
     WHERE c.organisation IN (SELECT value FROM json_each($1)) AND c.paused_at IS NULL AND c.retired = 0 \
     ORDER BY d.planned_at, d.id";
/// Deliveries of which a call has no known end, or that were to be changed and were refused for now, since before `$3`. Nobody is
/// asked: vestnik goes on.
pub(super) const OUTSTANDING: &str = "SELECT d.* FROM channel c CROSS JOIN delivery d ON d.id IN ( \
     SELECT u.delivery FROM attempt u WHERE u.channel = c.slug AND u.state <> 'settled' AND u.state = 'in_doubt' \
     AND u.asks IS NULL AND u.started_at < $3 \
     UNION SELECT l.id FROM delivery l JOIN post p ON p.id = l.post WHERE l.channel = c.slug \
     AND l.action IN ('edit', 'retract') AND l.stop_reason IS NULL AND EXISTS (SELECT 1 FROM attempt a \
     WHERE a.delivery = l.id AND a.action = l.action AND a.revision = p.revision AND a.started_at < $3) LIMIT $2) \
     WHERE c.organisation IN (SELECT value FROM json_each($1)) AND c.paused_at IS NULL AND c.retired = 0 \
     AND d.stop_reason IS NULL ORDER BY d.planned_at, d.id";
pub(super) const RETIRED: &str = concat!(
    "SELECT d.* FROM channel c CROSS JOIN delivery d ON d.id IN (SELECT u.id FROM delivery u WHERE u.id IN (",
    unfinished!(""),
    ") ORDER BY u.planned_at, u.id LIMIT $2) \
     WHERE c.retired = 1 AND c.organisation IN (SELECT value FROM json_each($1)) ORDER BY d.planned_at, d.id"
);

/// Followers whose hold counts from later than `$3`: a clock was ahead when the primary was confirmed. No hold is
/// shorter than four hours, so they are planned for four hours after that at the earliest.
pub(super) const HELD_AHEAD: &str = "SELECT d.* FROM channel c CROSS JOIN delivery d ON d.id IN ( \
     SELECT w.id FROM delivery w CROSS JOIN hold h ON h.post = w.post AND h.state = 'running' \
     WHERE w.channel = c.slug AND w.action = 'publish' AND w.stop_reason IS NULL AND w.planned_at > $3 + 14400000000 \
     AND w.state = 'held' AND h.from_at > $3 ORDER BY w.planned_at, w.id LIMIT $2) \
     WHERE c.organisation IN (SELECT value FROM json_each($1)) AND c.is_primary = 0 ORDER BY d.planned_at, d.id";

/// As it lies in the database: a row that contradicts itself must not hide the others.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    post: String,
    organisation: String,
    channel: String,
    state: String,
    planned_at: i64,
    last_reason: Option<String>,
    last_kind: Option<String>,
    stop_kind: Option<String>,
    stop_reason: Option<String>,
    stop_todo: Option<String>,
}

impl Row {
    fn stop_kind(&self) -> Option<StopKind> {
        self.stop_kind.as_ref()?.parse().ok()
    }

    fn last_kind(&self) -> Option<ReasonKind> {
        self.last_kind.as_ref()?.parse().ok()
    }
}

pub(super) const LOST: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     INDEXED BY journal_of_lost_posts WHERE kind = 'post.lost' AND at >= $3 AND chain IN (SELECT value FROM json_each($1)) \
     ORDER BY at DESC, chain, seq LIMIT $2";

impl Store {
    /// What waits for a person now, in all organisations.
    pub async fn attention(&self, now: DateTime<Utc>) -> Result<Vec<Attention>, StoreError> {
        let all = read_all!(&self.readers, (String, String, String), ORGANISATIONS)?;
        let all: Vec<_> = all.iter().map(|(slug, ..)| slug.as_str()).collect();
        self.attention_of(&all, now).await
    }

    /// What waits for a person now, in these organisations.
    pub async fn attention_of(&self, organisations: &[&str], now: DateTime<Utc>) -> Result<Vec<Attention>, StoreError> {
        type Paused = (String, String, Option<String>, Option<String>);
        let (of, most) = (json(organisations)?, OF_ONE_MAX);
        let mut list = Vec::new();
        for (organisation, channel, by, why) in read_all!(&self.readers, Paused, PAUSED, &*of)? {
            list.push(Attention {
                kind: AttentionKind::ChannelPaused,
                stop_kind: None,
                last_kind: None,
                organisation,
                post: None,
                what: format!("paused by {}: {}", by.unwrap_or_default(), why.unwrap_or_default()),
                todo: format!("mend the cause, see `vestnik check`, then `vestnik channel resume {channel}`"),
                channel,
            });
        }
        for d in read_all!(&self.readers, Row, STOPPED, &*of, most)? {
            let kind = match &*d.state {
                // A word about where it stands, or an address, is not what is missing.
                _ if d.stop_kind().is_some_and(StopKind::waits_for_a_text) => AttentionKind::Stopped,
                "in_doubt" => AttentionKind::InDoubt,
                "handed" => AttentionKind::Handed,
                _ => AttentionKind::Stopped,
            };
            let (what, todo) = (d.stop_reason.clone(), d.stop_todo.clone().unwrap_or_default());
            list.push(item(kind, d, what, todo));
        }
        for d in read_all!(&self.readers, Row, FAILED, &*of, most, micros(now - FAILURES_SHOWN_FOR))? {
            let todo = format!(
                "`vestnik post edit {0} FILE.md` queues it again with another text, `vestnik post cancel {0} --reason TEXT` settles it",
                d.post
            );
            let what = d.last_reason.clone();
            list.push(item(AttentionKind::Failed, d, what, todo));
        }
        for d in read_all!(&self.readers, Row, LATE, &*of, most, micros(now - LATE_AFTER))? {
            let minutes = TimeDelta::microseconds(micros(now).saturating_sub(d.planned_at)).num_minutes();
            let what = format!(
                "{minutes} minutes late: {}",
                d.last_reason.as_deref().unwrap_or("its turn has not come (is `vestnik serve` running?)")
            );
            let todo = "vestnik goes on trying; `vestnik check` shows what is wrong with the channel".into();
            list.push(item(AttentionKind::Late, d, Some(what), todo));
        }
        for d in read_all!(&self.readers, Row, OUTSTANDING, &*of, most, micros(now - OUTSTANDING_AFTER))? {
            let why = d.last_reason.as_deref().unwrap_or("the platform has not been asked yet");
            let what = match &*d.state {
                "in_doubt" => format!("how the call ended has not been known for over an hour: {why}"),
                _ => format!("it is to be changed or taken down, in vain for over an hour: {why}"),
            };
            let todo = "vestnik goes on trying; `vestnik check` shows what is wrong with the channel".into();
            list.push(item(AttentionKind::Outstanding, d, Some(what), todo));
        }
        for d in read_all!(&self.readers, Row, HELD_AHEAD, &*of, most, micros(now + AHEAD_BY))? {
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
            list.push(item(AttentionKind::HeldAhead, d, Some(what), todo));
        }
        for d in read_all!(&self.readers, Row, RETIRED, &*of, most)? {
            let what = Some(format!("channel `{}` is not in the daemon's configuration any more", d.channel));
            let todo = format!("put the channel back, or `vestnik post cancel {} --reason TEXT`", d.post);
            list.push(item(AttentionKind::Retired, d, what, todo));
        }
        for row in read_all!(&self.readers, JournalRow, LOST, &*of, most, micros(now - LOST_SHOWN_FOR))? {
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
        kind: AttentionKind::Lost,
        stop_kind: None,
        last_kind: None,
        organisation: row.chain.clone(),
        post: row.post.as_ref().and_then(|id| id.parse().ok()),
        channel: row.channel.clone().unwrap_or_default(),
        what: format!("«{title}» {when}; nothing more of it goes out; {stands}"),
        todo: todo.into(),
    })
}

fn item(kind: AttentionKind, d: Row, what: Option<String>, todo: String) -> Attention {
    // Of others the last reason is not what is the matter.
    let tells_why = matches!(
        kind,
        AttentionKind::Late | AttentionKind::Outstanding | AttentionKind::Failed | AttentionKind::InDoubt
    );
    Attention {
        kind,
        stop_kind: d.stop_kind(),
        last_kind: d.last_kind().filter(|_| tells_why),
        organisation: d.organisation,
        post: d.post.parse().ok(),
        channel: d.channel,
        what: what.unwrap_or_default(),
        todo,
    }
}
