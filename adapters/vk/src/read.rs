//! What is read from the wall: the watermark, one post, the feed.

use chrono::{DateTime, Utc};
use vestnik_contract::{AdapterError, PlatformClock, Presence, RemoteId, RemotePost, Sighting, Told, ToldKind};

use crate::adapter::Vk;
use crate::client::Answer;
use crate::errors::{Class, Failure};
use crate::notes::Watermark;
use crate::wall::{Posts, WallPost};

/// Most posts in one answer (dev.vk.com, wall.get).
pub(crate) const PAGE: usize = 100;
/// A feed is read this far back: the wall may be asked 5000 times a day.
const PAGES_MAX: usize = 100;
/// A pinned post comes first whatever its age, so the newest is among the first few.
const NEWEST: usize = 5;

impl Vk {
    /// A page of the community's own posts, in VK's order.
    pub(crate) async fn page(&self, offset: usize, count: usize) -> Result<(Vec<WallPost>, Answer), Failure> {
        let params = [
            ("owner_id", self.owner()),
            ("filter", "owner".to_owned()),
            ("offset", offset.to_string()),
            ("count", count.to_string()),
        ];
        let answer = self.client.call(self.client.credentials.reader(), "wall.get", &params).await?;
        Ok((answer.read::<Posts>("wall.get")?.into_vec(), answer))
    }

    pub(crate) async fn watermark(&self) -> Result<Watermark, Failure> {
        let (posts, answer) = self.page(0, NEWEST).await?;
        let at = match answer.date {
            Some(date) => date,
            None => self.client.server_time().await?.earliest().unwrap_or_else(|| self.clock.now()),
        };
        Ok(Watermark { highest: posts.iter().map(|p| p.id).max().unwrap_or(0), at })
    }

    pub(crate) async fn sight(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        let posts = format!("-{}_{id}", self.group);
        let role = self.client.credentials.reader();
        let answer = match self.client.call(role, "wall.getById", &[("posts", posts)]).await {
            Ok(answer) => answer,
            // A closed wall and a lost right look alike, and neither means that the post is gone.
            Err(Failure::Refused(refusal)) if refusal.class == Class::Person => {
                let clock = PlatformClock { header: refusal.date, method: None };
                return Ok(Sighting { presence: Presence::Unknown(refusal.told().reason), clock });
            }
            Err(failure) => return Err(failure.of_question()),
        };
        let found = answer.read::<Posts>("wall.getById").map_err(Failure::of_question)?.into_vec();
        let presence = match found.iter().find(|p| p.remote_id() == *id) {
            Some(post) if !post.is_gone() => Presence::Live(post.shown(&self.addresses)),
            _ => Presence::Gone,
        };
        let method = self.client.server_time().await.ok().and_then(|clock| clock.method);
        Ok(Sighting { presence, clock: PlatformClock { header: answer.date, method } })
    }

    /// When VK says that a post was made, as far as it says so soon.
    pub(crate) async fn date_of(&self, post: i64) -> Option<DateTime<Utc>> {
        let method = "wall.getById";
        let params = [("posts", format!("-{}_{post}", self.group))];
        let answer = self.client.call_soon(self.client.credentials.reader(), method, &params).await.ok()?;
        let found = answer.read::<Posts>(method).ok()?.into_vec();
        found.iter().find(|p| p.id == post)?.published_at()
    }

    pub(crate) async fn posts_since(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        let mut posts: Vec<RemotePost> = Vec::new();
        for page in 0..PAGES_MAX {
            let (items, _) = self.page(page * PAGE, PAGE).await.map_err(Failure::of_question)?;
            let own = items.iter().filter(|p| p.is_own(self.group)).filter_map(|p| p.remote(&self.addresses));
            posts.extend(own.filter(|p| p.published_at >= since));
            // The last of a page is never the pinned one, unless it is the only one.
            let past = items.last().and_then(WallPost::published_at).is_some_and(|date| date < since);
            if items.len() < PAGE || past {
                posts.sort_by(|a, b| b.published_at.cmp(&a.published_at).then_with(|| b.id.cmp(&a.id)));
                // Posts that were added between two pages move others onto the next one.
                posts.dedup_by(|a, b| a.id == b.id);
                return Ok(posts);
            }
        }
        let most = PAGES_MAX * PAGE;
        Err(AdapterError::Unclear {
            told: Told::plain(
                ToldKind::NotUnderstood,
                format!("VK's wall holds more than {most} posts since {since}; ask for a shorter time"),
            ),
        })
    }
}
