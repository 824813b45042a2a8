//! Editing what stands. The primary's edit counts from the reading that shows it; followers are edited after the new
//! hold, under the same rules as a release.

use vestnik_contract::adapter::Purpose;
use vestnik_contract::text::same_text;
use vestnik_contract::{AdapterError, Presence, PublishError, Receipt, RemoteId, Rendered, Told, ToldKind};

use super::channels::Channel;
use super::daemon::Daemon;
use crate::domain::{Hold, OwnReason, Reason};
use crate::journal::event::By;
use crate::store::{Claim, Outcome, StoreError};

impl Daemon {
    pub(super) async fn edit(&self, channel: &Channel, claim: Claim) -> Result<Option<Claim>, StoreError> {
        let Some(post) = self.composed(channel, &claim).await? else { return Ok(None) };
        let Some(clocks) = self.may_be_released(channel, &claim).await? else { return Ok(None) };
        let id = RemoteId(claim.delivery.remote_id.clone().unwrap_or_default());
        let purpose = Purpose::Edit(&id);
        let Some(prepared) = self.prepared(channel, &claim, &post, purpose).await? else { return Ok(None) };
        let Some((attempt, claim)) = self.begin(channel, claim, Some(prepared.clone()), clocks).await? else {
            return Ok(None);
        };
        let _alive = self.alive(attempt);
        let of = (claim.delivery.id, claim.revision);
        let answer = self.keeping_attempt(attempt, channel.adapter.edit(&id, &prepared)).await;
        if answer.is_ok() {
            tracing::info!(post = %claim.delivery.post, channel = channel.slug, %id, "edited");
        }
        let outcome = match answer {
            Ok(receipt) if claim.delivery.is_primary => self.read_back(channel, &post, receipt).await,
            Ok(receipt) => {
                let hold = Hold::from_receipt(&receipt, self.clock.now(), self.settings.hold);
                Outcome::Confirmed { receipt, by: By::Platform, hold }
            }
            Err(error) => self.outcome_of(channel, &claim, error, self.clock.now()),
        };
        self.write_down(channel, (attempt, of), outcome).await
    }

    /// The hold begins with the reading that shows the new text.
    async fn read_back(&self, channel: &Channel, post: &Rendered, receipt: Receipt) -> Outcome {
        // Remembered: what shows the text may tell no time.
        self.time_there(channel, receipt.server_date, self.clock.now());
        let sighting = channel.adapter.presence(&receipt.id).await;
        let now = self.clock.now();
        let unseen = |reason: String| Outcome::InDoubt {
            told: Reason::own(OwnReason::EditUnseen, reason),
            look_at: now + channel.adapter.doubt_policy().first_look_after,
        };
        match sighting {
            Ok(sighting) => match sighting.presence {
                Presence::Live(shown) if same_text(&post.plain, &shown) => {
                    let date = match self.time_there_asked(channel, sighting.clock.earliest()).await {
                        // A reading without a time is no earlier than the answer to the edit.
                        Ok(date) => date.max(receipt.server_date),
                        Err(error) => {
                            return unseen(format!("the edit was accepted, but the time there is not known: {error}"));
                        }
                    };
                    let hold = Hold::from_reading(now, date, self.settings.hold);
                    // MAX keeps the creation time on an edit: it says nothing about when the text changed.
                    let receipt = Receipt { platform_time: None, url: receipt.url.or(shown.url), ..receipt };
                    Outcome::Confirmed { receipt, by: By::Platform, hold }
                }
                Presence::Live(_) => unseen("the edit was accepted, but the old text still shows".into()),
                Presence::Gone => unseen("the edit was accepted, but the post is gone".into()),
                Presence::Unknown(reason) => unseen(format!("the edit was accepted, but cannot be seen: {reason}")),
            },
            Err(error) => unseen(format!("the edit was accepted, but cannot be read back: {error}")),
        }
    }

    /// Whether an edit whose outcome is unknown shows now.
    pub(super) async fn edit_shows(
        &self,
        channel: &Channel,
        id: &RemoteId,
        post: &Rendered,
    ) -> Result<Option<Outcome>, PublishError> {
        let later = |e: AdapterError| PublishError::Retry { after: None, told: Told::plain(e.kind(), e.to_string()) };
        let sighting = channel.adapter.presence(id).await.map_err(later)?;
        let now = self.clock.now();
        match sighting.presence {
            Presence::Live(shown) if !shown.opaque && same_text(&post.plain, &shown) => {
                let receipt = Receipt {
                    id: id.clone(),
                    url: shown.url,
                    platform_time: None,
                    server_date: sighting.clock.header,
                    remark: None,
                    answer: None,
                    shown: None,
                };
                let date = match sighting.clock.earliest() {
                    // Nothing is held behind a follower.
                    told if !channel.primary => told,
                    told => self.time_there_asked(channel, told).await.map_err(later)?,
                };
                let hold = Hold::from_reading(now, date, self.settings.hold);
                Ok(Some(Outcome::Confirmed { receipt, by: By::Find, hold }))
            }
            // Editing again is harmless.
            Presence::Live(_) => Ok(None),
            Presence::Gone => {
                let told = Told::plain(ToldKind::PostGone, "the post is gone from the channel");
                Err(PublishError::Rejected { told })
            }
            Presence::Unknown(reason) => {
                Err(PublishError::Retry { after: None, told: Told::plain(ToldKind::PostUnseen, reason) })
            }
        }
    }
}
