//! After an unknown outcome: is the post on the wall?
//!
//! `guid` protects for an hour and VK does not say what a repeat answers, so the wall decides: what is newer than the
//! watermark, by the community, within the time, with the same text and as many files.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::text::normalise;
use vestnik_contract::{AdapterError, Found, Prepared, Receipt, RemoteId};

use crate::adapter::Vk;
use crate::errors::Failure;
use crate::notes::{Notes, Watermark};
use crate::read::PAGE;
use crate::readable::readable;
use crate::wall::WallPost;

/// A post's stamp may lie this much outside the clock readings around it.
const SLACK: TimeDelta = TimeDelta::seconds(60);

impl Vk {
    pub(crate) async fn look_for(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        if self.client.credentials.reader().is_none() {
            return Ok(Found::OutOfSight(
                "the wall cannot be read without a service_token or a user_token; look at the community's page, and \
                 add a service_token to this channel"
                    .into(),
            ));
        }
        // Before a first attempt there is no watermark: everything since the post was queued is looked at.
        let unprepared = || prepared.notes.is_null().then_some(Watermark { highest: 0, at: prepared.at });
        let watermark = prepared.notes::<Notes>().and_then(|n| n.watermark).or_else(unprepared);
        let Some(Watermark { highest, at }) = watermark else {
            return Ok(Found::CannotTell(
                "the wall was not read before this attempt, so an equal post cannot be told from an older one; look \
                 at the community's page"
                    .into(),
            ));
        };
        let (posts, answer) = self.page(0, PAGE).await.map_err(Failure::of_question)?;
        let until = answer.date.map(|date| date + SLACK);
        let in_time = |date: DateTime<Utc>| date >= at - SLACK && until.is_none_or(|end| date <= end);
        let newer: Vec<&WallPost> = posts
            .iter()
            .filter(|p| p.id > highest && p.is_own(self.group) && !known.contains(&p.remote_id()))
            .filter(|p| p.published_at().is_some_and(in_time))
            .collect();
        let likeness: Vec<_> = newer.iter().map(|p| (likeness(prepared, p), *p)).collect();
        let with = |wanted| likeness.iter().filter(move |(l, _)| *l == wanted).map(|(_, p)| *p).collect::<Vec<_>>();
        let (equal, alike) = (with(Likeness::Equal), with(Likeness::Alike));
        Ok(match (equal.as_slice(), alike.as_slice()) {
            ([ours], _) => Found::Yes(Receipt {
                id: ours.remote_id(),
                url: self.addresses.of(ours.id),
                platform_time: ours.published_at(),
                server_date: answer.date,
                remark: None,
                answer: Some(answer.evidence),
                shown: None,
            }),
            ([], [])
                if posts.len() >= PAGE
                    && posts
                        .iter()
                        .skip(1)
                        .all(|p| p.id > highest && p.published_at().is_none_or(|date| date >= at - SLACK)) =>
            {
                Found::OutOfSight(format!(
                    "the wall has {PAGE} or more new posts since this attempt, more than are looked through; search \
                     the community's page for it"
                ))
            }
            ([], []) => Found::No(Some(answer.evidence)),
            ([], several) => Found::CannotTell(format!(
                "{} begins like this post but is not the same in text or files; see whether it is this one",
                self.named(several)
            )),
            (several, _) => Found::CannotTell(format!(
                "{} read like this post; choose the right one and delete the others by hand",
                self.named(several)
            )),
        })
    }

    fn named(&self, posts: &[&WallPost]) -> String {
        let names =
            posts.iter().map(|p| self.addresses.of(p.id).map_or_else(|| p.id.to_string(), |url| url.to_string()));
        names.collect::<Vec<_>>().join(", ")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// The same text and as many files.
    Equal,
    /// The same first line: VK may have dropped a file or changed the text, or a colleague posted the same news.
    Alike,
    Other,
}

fn likeness(prepared: &Prepared, post: &WallPost) -> Likeness {
    let (sent, seen) = (normalise(&prepared.post.plain), normalise(&readable(&post.text)));
    if sent == seen && post.media() == prepared.post.media.len() {
        Likeness::Equal
    } else if sent.lines().next() == seen.lines().next() {
        Likeness::Alike
    } else {
        Likeness::Other
    }
}
