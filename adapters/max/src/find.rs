//! After an unknown outcome: is our post there? MAX knows no keys, so it is recognised by what it shows.

use chrono::TimeDelta;
use vestnik_contract::text::{normalise, same_text};
use vestnik_contract::{AdapterError, Found, Prepared, RemoteId};

use crate::adapter::MaxAdapter;
use crate::message::Message;
use crate::upload::Notes;

/// How far MAX's clock may be behind ours without a word.
const SKEW: TimeDelta = TimeDelta::seconds(120);
/// A clock that is wrong is rarely more wrong than this. What reads the same and stands since so short a time before the
/// attempt may be its work, or a person's: nothing is sent again before somebody has looked.
const WRONG_BY: TimeDelta = TimeDelta::hours(24);

impl MaxAdapter {
    pub(crate) async fn search(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        if normalise(&prepared.post.plain).is_empty() {
            return Ok(Found::OutOfSight(
                "the post has no text to recognise it by; look in MAX whether its pictures are there".into(),
            ));
        }
        let since = prepared.notes::<Notes>().map_or(prepared.at, |notes| notes.since) - SKEW;
        let newest = self.newest().await?;
        let reaches_back = !newest.full || newest.posts.iter().any(|post| post.at.is_some_and(|at| at < since));
        let kinds = || prepared.post.media.iter().map(|media| media.kind);
        let mut candidates: Vec<&Message> = newest
            .posts
            .iter()
            // Without a time it cannot be excluded.
            .filter(|post| post.at.is_none_or(|at| at >= since - WRONG_BY))
            .filter(|post| !known.contains(&post.id))
            .filter(|post| same_text(&prepared.post.plain, &post.shown()) && post.has_media_of(kinds()))
            .collect();
        // Channels hide who wrote a post; where one is named, it must be this bot.
        if candidates.iter().any(|post| post.sender.is_some()) {
            let me = self.me().await.map_err(|f| f.of_question())?;
            candidates.retain(|post| post.sender.is_none_or(|sender| Some(sender) == me.user_id));
        }
        let by_its_time = |post: &&Message| post.at.is_none_or(|at| at >= since);
        if !candidates.is_empty() && !candidates.iter().any(by_its_time) {
            return Ok(Found::CannotTell(
                "a post that reads like this one stands on the channel, by MAX's clock since before this one was sent; \
                 look in MAX whether it is this one (then a clock is wrong)"
                    .into(),
            ));
        }
        candidates.retain(by_its_time);
        match (candidates.len(), candidates.pop()) {
            (1, Some(post)) => {
                let whole = &newest.answer.evidence;
                let entry = newest.entry(&post.id).map_or_else(|| whole.clone(), |e| self.client.evidence_of(e, whole));
                Ok(Found::Yes(self.receipt(post.clone(), newest.answer.date, Some(entry)).await))
            }
            (0, _) if reaches_back => Ok(Found::No(Some(newest.answer.evidence))),
            (0, _) => Ok(Found::OutOfSight(
                "more than a hundred posts stand on the channel since this one was sent, and MAX lists no more; look \
                 in MAX whether it is among the older ones"
                    .into(),
            )),
            (several, _) => Ok(Found::CannotTell(format!(
                "{several} posts on the channel read like this one; look in MAX which of them it is"
            ))),
        }
    }
}
