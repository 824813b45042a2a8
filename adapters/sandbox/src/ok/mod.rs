//! The world of OK: groups with topics, behind the REST API.
//!
//! Faults are switched by the method's name (`mediatopic.post`), or `upload/photo`, `upload/video`,
//! `oauth/token.do`. What OK does not publish stands in [`Rules`].

mod access;
mod attachment;
mod call;
mod groups;
mod hands;
mod oauth;
mod reader;
mod routes;
mod rules;
mod topics;
mod uploads;
mod wire;
mod world;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;
use vestnik_contract::Clock;

pub use hands::Topic;
pub use rules::{Group, Role, Rules};
use world::{Application, Grant, StoredGroup, Token, World};

use crate::clock::WorldClock;
use crate::server::Server;

/// OK on loopback; it ends when dropped.
#[derive(Debug)]
pub struct OkSandbox {
    /// The server, with its faults, clock and log.
    pub server: Server,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    clock: WorldClock,
    base: OnceLock<Url>,
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OkSandbox {
    /// Starts an OK without applications, users and groups.
    pub async fn start(address: SocketAddr, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let clock = WorldClock::new(clock);
        let shared = Arc::new(Shared { world: Mutex::default(), clock: clock.clone(), base: OnceLock::new() });
        let router = routes::router(shared.clone()).merge(crate::reader::routes(reader::Readers(shared.clone())));
        let server = Server::start(address, clock, router, routes::name).await?;
        shared.base.get_or_init(|| server.url());
        Ok(Self { server, shared })
    }

    /// Registers an application by its public key and its secret key. Gives its number (`client_id`).
    pub fn add_application(&self, key: &str, secret: &str) -> String {
        let mut world = self.shared.world();
        let client_id = (512_000_000_000_u64 + world.applications.len() as u64).to_string();
        let application = Application { secret: secret.to_owned(), client_id: client_id.clone() };
        world.applications.insert(key.to_owned(), application);
        client_id
    }

    /// Issues an access token of a user with rights (`VALUABLE_ACCESS`, ...); without `expires` it is permanent.
    pub fn add_token(&self, token: &str, user: &str, rights: &[&str], expires: Option<DateTime<Utc>>) {
        let rights = rights.iter().map(ToString::to_string).collect();
        self.shared.world().tokens.insert(token.to_owned(), Token { user: user.to_owned(), rights, expires });
    }

    /// Issues a refresh token for 30 days.
    pub fn add_refresh_token(&self, refresh_token: &str, client_id: &str, user: &str, rights: &[&str]) {
        self.add_grant("refresh_token", refresh_token, client_id, user, rights, TimeDelta::days(30));
    }

    /// Issues an authorisation code, as OK's consent page does, for two minutes.
    pub fn add_code(&self, code: &str, client_id: &str, user: &str, rights: &[&str]) {
        self.add_grant("code", code, client_id, user, rights, TimeDelta::minutes(2));
    }

    fn add_grant(&self, kind: &'static str, text: &str, client_id: &str, user: &str, rights: &[&str], life: TimeDelta) {
        let grant = Grant {
            client_id: client_id.to_owned(),
            kind,
            user: user.to_owned(),
            rights: rights.iter().map(ToString::to_string).collect(),
            expires: self.shared.clock.now() + life,
        };
        self.shared.world().grants.insert(text.to_owned(), grant);
    }

    /// Withdraws an access token: its user changed the password or took the access back.
    pub fn revoke_token(&self, token: &str) {
        self.shared.world().tokens.remove(token);
    }

    /// Names a user, whose name is «Пресс-служба» otherwise.
    pub fn name_user(&self, user: &str, name: &str) {
        self.shared.world().users.insert(user.to_owned(), name.to_owned());
    }

    /// Founds a group with roles by user.
    pub fn add_group<'a>(&self, group: Group, roles: impl IntoIterator<Item = (&'a str, Role)>) {
        let stored = StoredGroup {
            roles: roles.into_iter().map(|(user, role)| (user.to_owned(), role)).collect(),
            moderated: false,
            public: std::collections::BTreeSet::new(),
            aside: std::collections::BTreeSet::new(),
            group,
        };
        self.shared.world().groups.insert(stored.group.id.clone(), stored);
    }

    /// Changes what OK does not publish.
    pub fn set_rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.shared.world().rules);
    }
}
