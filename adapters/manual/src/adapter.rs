//! The channel: what a person is told, and what vestnik sees of their work.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use url::Url;
use vestnik_contract::http::{Http, Reply};
use vestnik_contract::{
    Adapter, AdapterError, Clock, Content, DeliveryKey, DoubtPolicy, Drawn, Finding, FindingKind, Found, Health,
    Limits, Pace, PlatformClock, Prepared, Presence, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered,
    Shown, Sighting, Told, ToldKind, Traits,
};

use crate::address::Site;
use crate::page;
use crate::render;
use crate::settings::Settings;

/// A channel that a person works.
#[derive(Debug)]
pub(crate) struct Manual {
    pub(crate) http: Http,
    pub(crate) site: Site,
    pub(crate) allow_private: bool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
}

impl Manual {
    async fn fetch(&self, url: &Url) -> Result<Reply, AdapterError> {
        Ok(self.http.get_typed(url, self.allow_private).await?)
    }

    /// What stands at an address of the channel.
    async fn sight(&self, url: &Url) -> Result<Sighting, AdapterError> {
        let reply = self.fetch(url).await?;
        let presence = match reply.status.as_u16() {
            200 => Presence::Live(shown(url, &reply)),
            404 | 410 => Presence::Gone,
            300..=399 => Presence::Unknown(format!("«{url}» {}", points_elsewhere(&reply))),
            status @ (429 | 500..=599) => {
                let kind = if status == 429 { ToldKind::RateLimited } else { ToldKind::PlatformFailing };
                let reason = format!("«{url}» cannot be read now: status {status}");
                let told = Told::with(kind, reason, reply.evidence(&[]));
                return Err(AdapterError::Retry { after: reply.retry_after(), told });
            }
            status => Presence::Unknown(format!("«{url}» is not shown to us: status {status}")),
        };
        Ok(Sighting { presence, clock: clock_of(&reply) })
    }
}

/// Texts are opaque: menus, dates and neighbours stand around the post, and only the caller knows what was queued.
fn shown(url: &Url, reply: &Reply) -> Shown {
    let read = page::read(reply);
    Shown { text: read.text, cut: read.cut, opaque: true, media: None, url: Some(url.clone()), platform_time: None }
}

fn clock_of(reply: &Reply) -> PlatformClock {
    PlatformClock { header: reply.date(), method: None }
}

fn points_elsewhere(reply: &Reply) -> String {
    let to = reply.headers.get("location").and_then(|v| v.to_str().ok()).unwrap_or("nowhere");
    let to: String = to.chars().filter(|c| !c.is_control()).take(300).collect();
    format!("leads on to «{to}»; if that is the post, enter that address")
}

fn unclear(reason: String) -> AdapterError {
    AdapterError::Unclear { told: Told::plain(ToldKind::WrongAddress, reason) }
}

fn handed(reason: String) -> PublishError {
    PublishError::Handed { told: Told::plain(ToldKind::ByHand, reason) }
}

#[async_trait]
impl Adapter for Manual {
    /// `edits` and `retracts` say what vestnik can do by itself: nothing. [`Adapter::edit`] and [`Adapter::retract`]
    /// answer all the same, with what the person has to do: ask `by_hand` first. How the person then tells vestnik is
    /// for the caller to add.
    fn traits(&self) -> Traits {
        Traits {
            platform: "manual",
            clock_is_witness: self.settings.clock_is_witness(),
            sees_deletion: self.settings.sees_deletion,
            by_hand: true,
            edits: false,
            retracts: false,
            has_feed: false,
        }
    }

    fn limits(&self) -> Limits {
        render::limits(&self.settings)
    }

    /// A person needs no pacing.
    fn pace(&self) -> Pace {
        Pace { gap: Duration::ZERO, per_day: None }
    }

    /// Nothing is ever sent, so nothing is sent again.
    fn doubt_policy(&self) -> DoubtPolicy {
        DoubtPolicy {
            first_look_after: Duration::ZERO,
            look_interval: Duration::from_secs(60),
            looks: 1,
            resends: 0,
            resend_within: None,
        }
    }

    fn draw(&self, content: &Content) -> Drawn {
        render::draw(content, &self.settings)
    }

    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        _purpose: Purpose<'_>,
        _earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        Ok(Prepared { key: *key, post: post.clone(), at: self.clock.now(), notes: serde_json::Value::Null })
    }

    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let title = prepared.post.title.as_deref().unwrap_or_default();
        let files = if prepared.post.media.is_empty() { "" } else { " and with its files" };
        Err(handed(format!(
            "publish «{title}» on {} by hand now, with exactly the text of this post (vestnik post show ID --json has \
             it){files}",
            self.site.url()
        )))
    }

    async fn find(&self, _prepared: &Prepared, _known: &[RemoteId]) -> Result<Found, AdapterError> {
        Ok(Found::OutOfSight(format!(
            "posts on {} are put up by a person, and only they know; ask them, then enter the post's address or say \
             that it was not published",
            self.site.url()
        )))
    }

    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        let url = Url::parse(&id.0).map_err(|_| unclear(format!("«{id}» is not an address; enter the post's own")))?;
        self.sight(&self.site.post(&url).map_err(unclear)?).await
    }

    async fn edit(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let title = prepared.post.title.as_deref().unwrap_or_default();
        Err(handed(format!(
            "change the post at {id} by hand to «{title}», with the new text of this post (vestnik post show ID --json \
             has it)"
        )))
    }

    async fn retract(&self, id: &RemoteId) -> Result<(), PublishError> {
        Err(handed(format!("take the post at {id} down by hand")))
    }

    async fn feed(&self, _since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        Err(AdapterError::Unsupported(format!(
            "{} gives no list that a program can read; enter the addresses of posts by hand",
            self.site.url()
        )))
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        let url = self.site.url();
        let mut health = Health {
            identity: format!("{url}, worked by hand"),
            may_publish: true,
            findings: Vec::new(),
            clock: PlatformClock::default(),
            credential_expires: None,
        };
        let mut note = |kind, what: String, todo: &str| {
            health.findings.push(Finding::remark(kind, what, todo));
        };
        match self.fetch(url).await {
            Ok(reply) => {
                health.clock = clock_of(&reply);
                if reply.status.is_redirection() {
                    let what = format!("{url} {}", points_elsewhere(&reply));
                    note(FindingKind::Setting, what, "put the final address under `site`");
                } else if !reply.status.is_success() {
                    note(
                        FindingKind::Unclear,
                        format!("{url} answers {}", reply.status),
                        "open it in a browser; posts can be entered when it works again",
                    );
                }
            }
            Err(error) => note(
                FindingKind::NoAnswer,
                format!("{url} cannot be reached: {error}"),
                "check `site`, and whether this machine may reach it; until then entered posts cannot be seen",
            ),
        }
        Ok(health)
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        Ok(clock_of(&self.fetch(self.site.url()).await?))
    }

    async fn at_address(&self, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
        let url = self.site.post(url).map_err(unclear)?;
        let sighting = self.sight(&url).await?;
        match sighting.presence {
            Presence::Live(_) => Ok((RemoteId(url.into()), sighting)),
            Presence::Gone => {
                Err(unclear(format!("there is no page at «{url}»; check the address and enter it again")))
            }
            Presence::Unknown(why) => Err(AdapterError::Unclear { told: Told::plain(ToldKind::PostUnseen, why) }),
        }
    }
}
