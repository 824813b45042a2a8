//! The trait that a platform implements.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::content::Content;
use crate::error::{AdapterError, PublishError};
use crate::misfit::Misfit;
use crate::prepared::{DeliveryKey, Prepared, Receipt, RemoteId};
use crate::reading::{Found, Health, PlatformClock, RemotePost, Sighting};
use crate::rendered::{Drawn, Limits, Rendered};

/// What a platform is like, beyond its limits. Declared, so that callers and the conformance suite can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each read by name")]
pub struct Traits {
    /// The platform's name as people write it: `MAX`, `VK`, `OK`, ...
    pub platform: &'static str,
    /// Its clock may be the outside witness of the two-clock rule when MAX's is silent. Never true for a site:
    /// its owner sets its clock.
    pub clock_is_witness: bool,
    /// `presence` tells a deleted post from one out of sight. Where it cannot, a person confirms before release.
    pub sees_deletion: bool,
    /// Posts are put up by a person; `publish` only tells them.
    pub by_hand: bool,
    /// `edit` is possible at all.
    pub edits: bool,
    /// `retract` is possible at all.
    pub retracts: bool,
    /// `feed` is possible at all.
    pub has_feed: bool,
}

/// What to do with an attempt whose outcome is unknown: the platform sheet's own procedure, as figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubtPolicy {
    /// How long after the attempt the first look makes sense.
    pub first_look_after: Duration,
    /// Between two looks that find nothing.
    pub look_interval: Duration,
    /// How many looks that find nothing make "not accepted" certain enough to send again.
    pub looks: u32,
    /// How often the same delivery may be sent again after that. Then a person decides.
    pub resends: u32,
    /// Sending again is allowed only this long after the first attempt (VK's `guid` protects for an hour).
    pub resend_within: Option<Duration>,
}

/// How fast a channel may be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two posts of one channel. `[pacing] gap_seconds` overrides it.
    pub gap: Duration,
    /// Most posts in a day, where the platform has such a ceiling.
    pub per_day: Option<u32>,
}

/// What a preparation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// A new post.
    Publish,
    /// New content for the post that stands under this id.
    Edit(&'a RemoteId),
}

/// One channel of an organisation on one platform.
///
/// Every method that speaks to the platform makes its calls once, within the time-outs of [`crate::http`]: repeating
/// is the caller's business, because only the caller writes down what was tried.
#[async_trait]
pub trait Adapter: Send + Sync + std::fmt::Debug {
    /// What the platform is like.
    fn traits(&self) -> Traits;

    /// What the platform takes.
    fn limits(&self) -> Limits;

    /// How fast this channel may be written to.
    fn pace(&self) -> Pace;

    /// What to do after an unknown outcome.
    fn doubt_policy(&self) -> DoubtPolicy;

    /// Turns content into this platform's form, and tells every misfit at once. Pure: the same input gives the same
    /// output, nothing is asked.
    fn draw(&self, content: &Content) -> Drawn;

    /// The same for what is to be sent: content that does not fit is refused.
    fn render(&self, content: &Content) -> Result<Rendered, Vec<Misfit>> {
        self.draw(content).fitting()
    }

    /// Does everything that may be repeated safely for `purpose`: uploads, a draft, a watermark of the wall.
    /// `earlier` is what the last attempt at this delivery had prepared; what is still good is used again.
    /// Never [`PublishError::InDoubt`]: nothing a reader could see has happened.
    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        purpose: Purpose<'_>,
        earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError>;

    /// The one irreversible call.
    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError>;

    /// One look for a post whose outcome is unknown. `known`: ids that already belong to other deliveries.
    ///
    /// Also asked before a first attempt at what was due before the daemon started (the database may be a copy of an
    /// earlier day). Then nothing was prepared: `prepared.notes` is null and `prepared.at` is the earliest moment at
    /// which the post can have gone out.
    async fn find(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError>;

    /// Is it still up, with what text, and what time does the platform say it is?
    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError>;

    /// Replaces what a published post shows. Repeating it is harmless, so an unknown outcome is settled by
    /// `presence` and, if need be, by editing again.
    async fn edit(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError>;

    /// Takes a post down. Taking down what is gone already is success.
    async fn retract(&self, id: &RemoteId) -> Result<(), PublishError>;

    /// What stands on the channel since `since`, ours and made by hand, newest first.
    async fn feed(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError>;

    /// Who am I there, may I post, when does my credential end?
    async fn check(&self) -> Result<Health, AdapterError>;

    /// What time is it there? The cheapest call that tells.
    async fn clock(&self) -> Result<PlatformClock, AdapterError>;

    /// Finds the id behind a public address that a person entered, and refuses one of another channel.
    /// The sighting says what stands there now.
    async fn at_address(&self, url: &url::Url) -> Result<(RemoteId, Sighting), AdapterError>;

    /// Keeps the credential alive where a platform lets it lapse. Called daily.
    async fn keep_alive(&self) -> Result<(), AdapterError> {
        Ok(())
    }
}
