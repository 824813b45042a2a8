//! Organisations and channels are written in the configuration; the database follows it.

use std::collections::HashMap;

use super::db::{execute, fetch_all, read_all};
use super::writer::Tx;
use super::{Store, StoreError};

/// An organisation of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationSetup {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its IANA time zone.
    pub time_zone: String,
    /// Its channels.
    pub channels: Vec<ChannelSetup>,
}

/// A channel of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSetup {
    /// Its slug, unique in the installation.
    pub slug: String,
    /// The platform's name in the configuration.
    pub platform: String,
    /// Whether it is the organisation's primary.
    pub primary: bool,
}

pub(super) const ORGANISATIONS: &str = "SELECT slug, name, time_zone FROM organisation ORDER BY slug";
pub(super) const CHANNELS: &str = "SELECT slug, organisation, platform, is_primary, retired FROM channel ORDER BY slug";
pub(super) const PUT_ORGANISATION: &str = "INSERT INTO organisation (slug, name, time_zone) VALUES ($1, $2, $3) \
     ON CONFLICT (slug) DO UPDATE SET name = excluded.name, time_zone = excluded.time_zone";
pub(super) const RETIRE_ALL: &str = "UPDATE channel SET retired = 1";
pub(super) const PUT_CHANNEL: &str = "INSERT INTO channel (slug, organisation, platform, is_primary) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO UPDATE \
     SET platform = excluded.platform, is_primary = excluded.is_primary, retired = 0";

type ChannelRow = (String, String, String, bool, bool);

impl Store {
    /// Brings organisations and channels in line with the configuration. Channels that are gone from it are retired,
    /// never deleted: their history stays. Only the daemon retires (`retire`): a command with another configuration
    /// must not take channels from it.
    pub async fn set_up(&self, organisations: Vec<OrganisationSetup>, retire: bool) -> Result<(), StoreError> {
        if self.is_set_up(&organisations, retire).await? {
            return Ok(());
        }
        self.write(move |tx| {
            Box::pin(async move {
                let before: HashMap<String, String> =
                    fetch_all!(tx.sql().await?, ChannelRow, CHANNELS)?.into_iter().map(|c| (c.0, c.1)).collect();
                if retire {
                    execute!(tx.sql().await?, RETIRE_ALL)?;
                }
                for organisation in &organisations {
                    let o = organisation;
                    execute!(tx.sql().await?, PUT_ORGANISATION, &*o.slug, &*o.name, &*o.time_zone)?;
                    for channel in &o.channels {
                        if let Some(owner) = before.get(&channel.slug).filter(|owner| **owner != o.slug) {
                            return Err(StoreError::ChannelOfAnother {
                                channel: channel.slug.clone(),
                                owner: owner.clone(),
                                organisation: o.slug.clone(),
                            });
                        }
                        put_channel(tx, o, channel, retire).await?;
                    }
                }
                Ok(())
            })
        })
        .await
    }

    async fn is_set_up(&self, organisations: &[OrganisationSetup], retire: bool) -> Result<bool, StoreError> {
        let stored = read_all!(&self.readers, (String, String, String), ORGANISATIONS)?;
        let all_there =
            organisations.iter().all(|o| stored.iter().any(|s| s.0 == o.slug && s.1 == o.name && s.2 == o.time_zone));
        let channels = read_all!(&self.readers, ChannelRow, CHANNELS)?;
        let wanted: HashMap<&str, (&str, &ChannelSetup)> =
            organisations.iter().flat_map(|o| o.channels.iter().map(|c| (&*c.slug, (&*o.slug, c)))).collect();
        let in_line = channels.iter().all(|(slug, organisation, platform, is_primary, retired)| {
            wanted.get(slug.as_str()).map_or(*retired || !retire, |(owner, c)| {
                !retired && owner == organisation && c.platform == *platform && c.primary == *is_primary
            })
        });
        Ok(all_there && in_line && wanted.keys().all(|slug| channels.iter().any(|c| c.0 == *slug)))
    }
}

async fn put_channel(tx: &mut Tx, o: &OrganisationSetup, c: &ChannelSetup, retire: bool) -> Result<(), StoreError> {
    let put = execute!(tx.sql().await?, PUT_CHANNEL, &*c.slug, &*o.slug, &*c.platform, c.primary);
    match put {
        Err(error)
            if !retire && error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) =>
        {
            Err(StoreError::OtherPrimary { channel: c.slug.clone(), organisation: o.slug.clone() })
        }
        done => Ok(done.map(drop)?),
    }
}
