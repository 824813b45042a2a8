//! Questions to the site. None of them changes anything there.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;
use vestnik_contract::{
    AdapterError, Finding, FindingKind, Found, Health, PlatformClock, Prepared, Presence, RemoteId, RemotePost,
    Sighting, Told, ToldKind,
};

use crate::adapter::Webhook;
use crate::answer::{self, Item, Listed, Looked, State, Status, one_line};
use crate::client::{Answer, Failure};
use crate::errors;
use crate::event::{Event, Wanted};

/// A site that publishes by itself does so within this time; what waits longer waits for a person.
const PENDING_MAX: TimeDelta = TimeDelta::minutes(10);

impl Webhook {
    /// Certain either way: the receiver keeps our id on the post.
    pub(crate) async fn look_for(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        let (looked, answer) = self.look(Wanted::Ours(prepared.key.delivery)).await?;
        let item = match looked {
            Looked::Missing => return Ok(Found::No(Some(answer.evidence()))),
            Looked::Item(item) => item,
        };
        let (id, revision) = (&item.placed.id, prepared.key.revision);
        if known.contains(id) {
            return Ok(Found::CannotTell(format!(
                "the site names its post {id} for this delivery, but that post belongs to another one; ask the site's \
                 contractor why two deliveries share it"
            )));
        }
        if let Some(other) = item.revision.filter(|r| *r != revision) {
            return Ok(Found::CannotTell(format!(
                "the site holds revision {other} of this post as {id}, and revision {revision} was sent; look at the \
                 page and say what it shows"
            )));
        }
        match item.state {
            State::Live => Ok(Found::Yes(item.placed.receipt(&self.site, &answer))),
            State::Pending if self.clock.now() - prepared.at < PENDING_MAX => Err(AdapterError::Retry {
                after: answer.reply().retry_after(),
                told: answer.told(
                    ToldKind::NotPublic,
                    &format!("the site has taken the post as {id} and has not put it up yet"),
                ),
            }),
            State::Pending => Ok(Found::CannotTell(format!(
                "the site took the post as {id} and has not put it up for {} minutes; does somebody there have to \
                 approve it?",
                PENDING_MAX.num_minutes()
            ))),
            State::Withdrawn | State::Deleted => Ok(Found::CannotTell(format!(
                "the site took the post as {id}, and it has been taken down there since; ask the site's editors why"
            ))),
            State::Other => Ok(Found::CannotTell(format!(
                "the site took the post as {id}, and says of it what vestnik does not understand; look at the page"
            ))),
        }
    }

    pub(crate) async fn sight(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        let (looked, answer) = self.look(Wanted::Theirs(&id.0)).await?;
        let presence = match looked {
            Looked::Missing => Presence::Gone,
            Looked::Item(item) if item.placed.id != *id => {
                let reason = format!("asked about post {id}, the site answered about post {}", item.placed.id);
                return Err(AdapterError::Unclear { told: answer.told(ToldKind::NotUnderstood, &reason) });
            }
            Looked::Item(item) => self.presence_of(&item),
        };
        Ok(Sighting { presence, clock: answer::clock(&answer) })
    }

    pub(crate) async fn behind(&self, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
        if answer::on_site(url.as_str(), &self.site).is_none() {
            return Err(AdapterError::Unclear {
                told: Told::plain(
                    ToldKind::WrongAddress,
                    format!("«{url}» is not an address of {}; enter one of its pages", self.site),
                ),
            });
        }
        let (looked, answer) = self.look(Wanted::At(url)).await?;
        match looked {
            Looked::Item(item) => {
                let sighting = Sighting { presence: self.presence_of(&item), clock: answer::clock(&answer) };
                Ok((item.placed.id, sighting))
            }
            Looked::Missing => Err(AdapterError::Unclear {
                told: answer.told(
                    ToldKind::WrongAddress,
                    &format!("the site knows no post at «{url}»; enter the address of the post itself"),
                ),
            }),
        }
    }

    pub(crate) async fn list(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        let answer = self.ask(&Event::list(since, self.clock.now())).await?;
        let listed: Listed = read(&answer)?;
        let live = listed.posts.iter().filter(|item| item.state == State::Live);
        let mut posts: Vec<_> = live.filter_map(|item| item.remote_post(&self.site)).collect();
        posts.retain(|post| post.published_at >= since);
        posts.sort_by_key(|post| std::cmp::Reverse(post.published_at));
        Ok(posts)
    }

    pub(crate) async fn health(&self) -> Result<Health, AdapterError> {
        let host = self.client.url().host_str().unwrap_or_default();
        let mut health = Health {
            identity: format!("receiver at {host}"),
            may_publish: false,
            findings: Vec::new(),
            clock: PlatformClock::default(),
            credential_expires: None,
        };
        let mut blocking = |kind, what: String, todo: &str| {
            health.findings.push(Finding::blocking(kind, what, todo));
        };
        match self.status().await {
            Ok((status, answer)) => {
                health.identity = format!("receiver of «{}» at {host}", one_line(&status.name));
                health.may_publish = status.may_publish;
                health.clock = answer::clock(&answer);
                if !status.may_publish {
                    let why = status.message.as_deref().map_or_else(|| "no reason given".into(), one_line);
                    let what = format!("the site takes no posts now: {why}");
                    blocking(FindingKind::SiteClosed, what, "ask the site's contractor");
                }
            }
            Err(AdapterError::Retry { after, told }) => return Err(AdapterError::Retry { after, told }),
            Err(error @ AdapterError::Unauthorised { .. }) => {
                let todo = "mend what the sentence names, then run the check again";
                blocking(FindingKind::Credential, error.to_string(), todo);
            }
            Err(error) => blocking(
                FindingKind::SiteUnready,
                format!("the receiver does not answer `site.status` as the contract asks: {error}"),
                "show this and docs/webhook.md to the site's contractor",
            ),
        }
        Ok(health)
    }

    pub(crate) async fn time_there(&self) -> Result<PlatformClock, AdapterError> {
        let answer = self.ask(&Event::status(self.clock.now())).await?;
        Ok(answer::clock(&answer))
    }

    async fn status(&self) -> Result<(Status, Answer), AdapterError> {
        let answer = self.ask(&Event::status(self.clock.now())).await?;
        Ok((read(&answer)?, answer))
    }

    async fn look(&self, wanted: Wanted<'_>) -> Result<(Looked, Answer), AdapterError> {
        let answer = self.ask(&Event::lookup(wanted, self.clock.now())).await?;
        match Looked::of(&answer) {
            Some(looked) => Ok((looked, answer)),
            None => Err(errors::of_read(&answer)),
        }
    }

    async fn ask(&self, event: &Event) -> Result<Answer, AdapterError> {
        self.client.call(event).await.map_err(Failure::of_read)
    }

    fn presence_of(&self, item: &Item) -> Presence {
        match item.state {
            State::Live => Presence::Live(item.shown(&self.site)),
            State::Withdrawn | State::Deleted => Presence::Gone,
            State::Pending => Presence::Unknown(format!("the site holds post {} back from readers", item.placed.id)),
            State::Other => {
                Presence::Unknown(format!("the site says of post {} what vestnik does not understand", item.placed.id))
            }
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, AdapterError> {
    let whole = if answer.status().as_u16() == 200 { answer.reply().json() } else { None };
    whole.ok_or_else(|| errors::of_read(answer))
}
