//! The town: all platforms together, with the accounts of one or many organisations, on one clock.
//!
//! Tests, the demo and newcomers use it in place of the outside world. What readers see is asked in one way
//! whatever the platform ([`Town::channels`]); what goes wrong is switched in one way ([`Town::lose_next_reply`],
//! [`Town::outage`]), and everything finer through the worlds themselves ([`Town::max`], [`Town::vk`], ...).

mod accounts;
mod config;
mod control;
mod platform;
mod reader;
mod secrets;
mod trouble;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use chrono::TimeDelta;
use vestnik_contract::Clock;

use crate::clock::WorldClock;
use crate::manual::ManualSandbox;
use crate::max::MaxSandbox;
use crate::ok::{OkSandbox, Role};
use crate::server::Server;
use crate::vk::{Kind, VkSandbox, rights};
use crate::webhook::WebhookSandbox;
use crate::wordpress::WordPressSandbox;

pub use accounts::Accounts;
pub use config::ConfigOptions;
pub use control::{Control, router as control_router};
pub use platform::Platform;
pub use reader::{TownChannel, TownPost};

/// Where a town listens. Port 0 picks a free one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// MAX.
    pub max: SocketAddr,
    /// VK.
    pub vk: SocketAddr,
    /// OK.
    pub ok: SocketAddr,
    /// The `WordPress` site of the first organisation.
    pub wordpress: SocketAddr,
    /// The site with a webhook receiver of the first organisation.
    pub webhook: SocketAddr,
    /// The site without an interface of the first organisation.
    pub manual: SocketAddr,
}

impl Addresses {
    /// Six ports in a row from `first`, in the order of [`Platform::ALL`]; the shipped configuration begins at 8101.
    /// `None` when there are not so many ports.
    pub fn from_port(host: IpAddr, first: u16) -> Option<Self> {
        let at = |nth| first.checked_add(nth).map(|port| SocketAddr::new(host, port));
        Some(Self { max: at(0)?, vk: at(1)?, ok: at(2)?, wordpress: at(3)?, webhook: at(4)?, manual: at(5)? })
    }

    /// Free ports of this machine.
    pub fn free() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { max: any, vk: any, ok: any, wordpress: any, webhook: any, manual: any }
    }
}

/// A platform that could not be started.
#[derive(Debug, thiserror::Error)]
#[error("{platform} cannot listen on {address}: {cause}")]
pub struct StartError {
    /// The platform.
    pub platform: Platform,
    /// The address it was to have.
    pub address: SocketAddr,
    /// What the system said.
    pub cause: std::io::Error,
}

/// The running town; it ends when dropped.
#[derive(Debug)]
pub struct Town {
    clock: Arc<dyn Clock>,
    max: MaxSandbox,
    vk: VkSandbox,
    ok: OkSandbox,
    organisations: Vec<Organisation>,
}

/// An organisation's accounts, and the sites that it has to itself.
#[derive(Debug)]
struct Organisation {
    accounts: Accounts,
    wordpress: WordPressSandbox,
    webhook: WebhookSandbox,
    manual: ManualSandbox,
}

impl Town {
    /// Starts a town with one organisation: that of the shipped configuration.
    pub async fn start(clock: Arc<dyn Clock>, addresses: Addresses) -> Result<Self, StartError> {
        let max = MaxSandbox::start(addresses.max, Arc::clone(&clock), secrets::MAX_TOKEN).await;
        let max = max.map_err(failed(Platform::Max, addresses.max))?;
        let vk = VkSandbox::start(addresses.vk, Arc::clone(&clock)).await;
        let vk = vk.map_err(failed(Platform::Vk, addresses.vk))?;
        let ok = OkSandbox::start(addresses.ok, Arc::clone(&clock)).await;
        let ok = ok.map_err(failed(Platform::Ok, addresses.ok))?;
        ok.add_application(accounts::OK_APPLICATION_KEY, secrets::OK_SECRET_KEY);
        ok.add_token(secrets::OK_TOKEN, accounts::OK_USER, &accounts::OK_RIGHTS, None);
        let mut town = Self { clock, max, vk, ok, organisations: Vec::new() };
        town.vk.add_token(secrets::VK_SERVICE_TOKEN, Kind::Service, 0);
        town.move_in(addresses).await?;
        Ok(town)
    }

    /// Lets more organisations move in. They share MAX's bot, VK's service and user tokens and OK's application; each
    /// has its own channels, a VK community key of its own, and its own sites on free ports.
    pub async fn add_organisations(&mut self, count: usize) -> Result<(), StartError> {
        for _ in 0..count {
            self.move_in(Addresses::free()).await?;
        }
        Ok(())
    }

    async fn move_in(&mut self, at: Addresses) -> Result<(), StartError> {
        let accounts = Accounts::of(self.organisations.len());
        let (user, password) = (accounts::WORDPRESS_USER, secrets::WORDPRESS_PASSWORD);
        let clock = || WorldClock::new(Arc::clone(&self.clock));
        let wordpress = WordPressSandbox::start(at.wordpress, Arc::clone(&self.clock), user, password).await;
        let webhook = WebhookSandbox::start(at.webhook, clock(), secrets::WEBHOOK_SECRET).await;
        let manual = ManualSandbox::start(at.manual, clock()).await;
        let organisation = Organisation {
            accounts,
            wordpress: wordpress.map_err(failed(Platform::WordPress, at.wordpress))?,
            webhook: webhook.map_err(failed(Platform::Webhook, at.webhook))?,
            manual: manual.map_err(failed(Platform::Manual, at.manual))?,
        };
        self.max.add_channel(organisation.accounts.max_channel());
        let group = organisation.accounts.vk_group();
        let key = organisation.accounts.vk_community_token();
        self.vk.add_token(&key, Kind::Community { group: group.id }, rights::ALL);
        self.vk.add_group(group);
        self.ok.add_group(organisation.accounts.ok_group(), [(accounts::OK_USER, Role::Admin)]);
        self.organisations.push(organisation);
        let manages = self.organisations.iter().map(|o| o.accounts.vk_group_id).collect();
        let person = Kind::User { id: accounts::VK_USER, manages };
        self.vk.add_token(secrets::VK_USER_TOKEN, person, rights::ALL);
        Ok(())
    }

    /// Makes receivers on a clock that runs `speed` times faster than time as patient as others: the five minutes that
    /// a request may be away from their clock pass in the blink of an eye there.
    pub fn allow_for_speed(&self, speed: u32) {
        let tolerance = TimeDelta::minutes(5) * i32::try_from(speed).unwrap_or(i32::MAX);
        self.organisations.iter().for_each(|organisation| organisation.webhook.tolerate(tolerance));
    }

    /// The clock that everything here runs on.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The accounts of the organisations, in the order they moved in.
    pub fn organisations(&self) -> impl Iterator<Item = &Accounts> {
        self.organisations.iter().map(|o| &o.accounts)
    }

    /// MAX.
    pub fn max(&self) -> &MaxSandbox {
        &self.max
    }

    /// VK.
    pub fn vk(&self) -> &VkSandbox {
        &self.vk
    }

    /// OK.
    pub fn ok(&self) -> &OkSandbox {
        &self.ok
    }

    /// The first organisation's `WordPress` site.
    pub fn wordpress(&self) -> &WordPressSandbox {
        &self.first().wordpress
    }

    /// The first organisation's site with a webhook receiver.
    pub fn webhook(&self) -> &WebhookSandbox {
        &self.first().webhook
    }

    /// The first organisation's site without an interface.
    pub fn manual(&self) -> &ManualSandbox {
        &self.first().manual
    }

    /// The server of a platform: its address, faults, clock and log. Of the platforms that every organisation has
    /// to itself, that of the first organisation.
    pub fn server(&self, platform: Platform) -> &Server {
        match platform {
            Platform::Max => &self.max.server,
            Platform::Vk => &self.vk.server,
            Platform::Ok => &self.ok.server,
            Platform::WordPress => &self.wordpress().server,
            Platform::Webhook => &self.webhook().server,
            Platform::Manual => &self.manual().server,
        }
    }

    /// Where a browser shows a platform as its readers see it.
    pub fn reader_address(&self, platform: Platform) -> url::Url {
        let mut address = self.server(platform).url();
        address.set_path(crate::reader::PATH);
        address
    }

    fn first(&self) -> &Organisation {
        // `start` lets the first one move in before it gives the town away.
        &self.organisations[0]
    }
}

fn failed(platform: Platform, address: SocketAddr) -> impl FnOnce(std::io::Error) -> StartError {
    move |cause| StartError { platform, address, cause }
}

#[cfg(test)]
mod tests;
