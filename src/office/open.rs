//! Opening an office: its configuration, database and channels.

use std::sync::Arc;
use std::time::Duration;

use vestnik_contract::Clock;

use super::{OfficeError, OfficeRefusal};
use crate::config::{Config, Organisation, StoreUrl};
use crate::jobs::{self, Jobs};
use crate::media;
use crate::platforms;
use crate::release::{Channel, Channels, Daemon, POLL, Settings, note_renewals};
use crate::store::{ChannelSetup, OrganisationSetup, Store, StoreError};

/// Between two late posts of one channel, unless configured otherwise or the platform asks for more.
const LATE_GAP: Duration = Duration::from_secs(60);

/// An office at work.
#[derive(Debug, Clone)]
pub struct Office {
    /// What was configured.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The channels with their adapters.
    pub channels: Channels,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Office {
    /// Opens the database, brings it in line with the configuration and makes the adapters.
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, OfficeError> {
        Self::open_as(config, clock, false).await
    }

    /// The same for the daemon, whose configuration is the one that counts: channels that it does not name are retired.
    pub async fn open_to_serve(config: Config, clock: Arc<dyn Clock>) -> Result<Self, OfficeError> {
        let media = config.media.clone();
        // Nobody waits for this, and nothing depends on it.
        tokio::task::spawn_blocking(move || media::sweep(&media));
        Self::open_as(config, clock, true).await
    }

    async fn open_as(config: Config, clock: Arc<dyn Clock>, serves: bool) -> Result<Self, OfficeError> {
        let channels = channels(&config, &clock)?;
        let StoreUrl::Sqlite(place) = &config.store;
        let store = Store::open(place).await?;
        if serves && let Some(problem) = store.schema_problem().await? {
            let place = place.clone();
            store.close().await;
            return Err(StoreError::Unguarded { place, problem }.into());
        }
        store.set_up(config.organisations.iter().map(set_up).collect(), serves).await?;
        Ok(Self { config, store, channels, clock })
    }

    /// Writes down what is left to tell and closes the database, whatever becomes of the telling.
    pub async fn close(self) -> Result<(), StoreError> {
        let noted = note_renewals(&self.store, &self.channels, self.clock.now()).await;
        self.store.close().await;
        noted
    }

    /// A daemon for this office.
    pub fn daemon(&self, instance: String, seed: u64) -> Daemon {
        let speed = f64::from(self.config.speed);
        let settings = Settings { hold: self.config.hold, speed, instance, seed, horizon: POLL.mul_f64(2.0 * speed) };
        Daemon::new(self.store.for_the_daemon(), self.channels.clone(), Arc::clone(&self.clock), settings)
    }

    /// What runs by the calendar in this office.
    pub fn jobs(&self) -> Jobs {
        let organisation = |o: &Organisation| jobs::Organisation { slug: o.slug.clone(), zone: o.zone };
        Jobs {
            store: self.store.clone(),
            channels: self.channels.clone(),
            clock: Arc::clone(&self.clock),
            organisations: self.config.organisations.iter().map(organisation).collect(),
            week_minimum: self.config.week_minimum,
            media_dir: self.config.media.dir.clone(),
        }
    }

    /// The organisation that is meant: the named one, or the only one.
    pub fn organisation(&self, slug: Option<&str>) -> Result<&Organisation, OfficeError> {
        let known = || self.config.organisations.iter().map(|o| o.slug.as_str()).collect::<Vec<_>>().join(", ");
        match (slug, self.config.organisations.as_slice()) {
            (Some(slug), _) => self
                .config
                .organisation(slug)
                .ok_or_else(|| OfficeRefusal::NoOrganisation { organisation: slug.to_owned(), known: known() }.into()),
            (None, [only]) => Ok(only),
            (None, _) => Err(OfficeRefusal::WhichOrganisation { known: known() }.into()),
        }
    }
}

/// The channels of a configuration with their adapters.
pub(super) fn channels(config: &Config, clock: &Arc<dyn Clock>) -> Result<Channels, OfficeError> {
    let context = config.context(Arc::clone(clock));
    let channels: Result<Channels, OfficeError> = config
        .channels()
        .map(|(organisation, channel)| {
            let adapter = platforms::open(channel, &context)?;
            let pace = adapter.pace();
            Ok(Channel {
                slug: channel.slug.clone(),
                organisation: organisation.slug.clone(),
                primary: channel.primary,
                footer: channel.footer.clone(),
                gap: config.gap.unwrap_or(pace.gap),
                late_gap: config.gap.unwrap_or(pace.gap.max(LATE_GAP)),
                per_day: pace.per_day,
                media_dir: config.media.dir.clone(),
                adapter,
            })
        })
        .collect();
    Ok(channels?.telling(context.renewals))
}

fn set_up(organisation: &Organisation) -> OrganisationSetup {
    OrganisationSetup {
        slug: organisation.slug.clone(),
        name: organisation.name.clone(),
        time_zone: organisation.zone.name().to_owned(),
        channels: organisation
            .channels
            .iter()
            .map(|c| ChannelSetup { slug: c.slug.clone(), platform: c.platform.to_owned(), primary: c.primary })
            .collect(),
    }
}
