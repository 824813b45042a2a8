//! A site with a receiver of signed webhooks, as `docs/webhook.md` asks for it.
//!
//! POST any path to speak to the receiver; `GET /` lists the public pages and `GET /news/{id}` shows one. Calls are
//! named by their event for the fault switches: `post.publish`, `post.update`, `post.withdraw`, `post.lookup`,
//! `post.list`, `site.status`, and `GET` for public pages.

mod pages;
mod reader;
mod receiver;
mod routes;
mod signature;
mod wire;
mod world;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use url::Url;
use vestnik_contract::RemoteId;

use crate::clock::WorldClock;
use crate::server::Server;

pub use world::{Item, State, World};

/// The running site.
#[derive(Debug)]
pub struct WebhookSandbox {
    /// Its HTTP face, with fault switches, clock and log.
    pub server: Server,
    world: Shared,
}

/// The world as handlers and tests share it.
pub(crate) type Shared = Arc<Mutex<World>>;

impl WebhookSandbox {
    /// Starts a site on `address` (loopback only) whose receiver accepts signatures of `secret` (`whsec_…`).
    pub async fn start(address: SocketAddr, clock: WorldClock, secret: &str) -> std::io::Result<Self> {
        let world = Arc::new(Mutex::new(World::new(secret)));
        let readers = crate::reader::routes(reader::Readers(world.clone()));
        let router = routes::router(world.clone(), clock.clone()).merge(readers);
        let server = Server::start(address, clock, router, routes::name).await?;
        lock(&world).site = Some(server.url());
        Ok(Self { server, world })
    }

    /// The receiver's address, for the channel's `url`.
    pub fn receiver(&self) -> Url {
        let mut url = self.server.url();
        url.set_path("/local/vestnik.php");
        url
    }

    /// The posts that readers see, newest first.
    pub fn posts(&self) -> Vec<Item> {
        let world = lock(&self.world);
        let mut live: Vec<_> = world.items.iter().filter(|i| i.state == State::Live).cloned().collect();
        live.sort_by_key(|item| std::cmp::Reverse(item.published_at));
        live
    }

    /// An editor puts up a news item in the site's own back office.
    pub fn post_by_hand(&self, title: &str, text: &str) -> RemoteId {
        let now = self.server.clock.now();
        RemoteId(lock(&self.world).post_by_hand(title, text, now))
    }

    /// An editor changes headline and text of an item; `false` when there is none.
    pub fn edit_by_hand(&self, id: &RemoteId, title: &str, text: &str) -> bool {
        lock(&self.world).edit_by_hand(&id.0, title, text)
    }

    /// An editor removes an item for good; `false` when there is none.
    pub fn delete_by_hand(&self, id: &RemoteId) -> bool {
        let mut world = lock(&self.world);
        let before = world.items.len();
        world.items.retain(|item| item.id != id.0);
        world.items.len() < before
    }

    /// Whether new posts wait (202) until [`Self::put_up_waiting`].
    pub fn publish_later(&self, on: bool) {
        lock(&self.world).publishes_later = on;
    }

    /// Puts up what waits.
    pub fn put_up_waiting(&self) {
        let now = self.server.clock.now();
        lock(&self.world).put_up_waiting(now);
    }

    /// Whether the site takes posts at all (`may_publish` of `site.status`).
    pub fn take_posts(&self, on: bool) {
        lock(&self.world).takes_posts = on;
    }

    /// The secrets whose signatures are accepted from now on.
    pub fn accept_secrets(&self, secrets: &[&str]) {
        lock(&self.world).secrets = secrets.iter().map(|&s| s.to_owned()).collect();
    }

    /// How far a request's timestamp may be from the site's clock: five minutes unless set.
    pub fn tolerate(&self, tolerance: TimeDelta) {
        lock(&self.world).tolerance = tolerance;
    }

    /// The site forgets which requests it has answered, as it may after 30 days. The items stay.
    pub fn forget_requests(&self) {
        lock(&self.world).answered.clear();
    }

    /// From now on look-ups show no text (a receiver that leaves it out).
    pub fn hide_texts(&self) {
        lock(&self.world).shows_texts = false;
    }

    /// From now on answers name this address for every post: a broken or hostile receiver.
    pub fn claim_address(&self, url: &str) {
        lock(&self.world).claimed_address = Some(url.to_owned());
    }
}

pub(crate) fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}
