//! The world of VK: communities with walls, tokens with rights, uploads, Long Poll and Callback.
//!
//! Written after the public method pages of dev.vk.com and the API schema 5.199. Where VK's behaviour is not
//! documented (what a repeated `guid` answers, how a deleted post is shown), [`Rules`] switches between the
//! possibilities. Clients written for VK use it unchanged when their base address is set.
//!
//! Fault switches are named by the method (`wall.post`), uploads `upload/photo`, `upload/doc`, `upload/video`,
//! Long Poll `lp`, the renewal of a user's token `oauth2/auth`.

mod callback;
mod face;
mod groups;
mod hand;
mod media;
mod methods;
mod model;
mod oauth;
mod params;
mod polling;
mod reader;
mod refusal;
mod tokens;
mod uploads;
mod wall;
mod wire;
mod world;

pub use model::{Attachment, ByIdShape, Captcha, DeletedShape, Group, Post, RepeatedGuid, Rules, Source};
pub use refusal::{canned_captcha, canned_error};
pub use tokens::{Kind, rights};

use std::net::SocketAddr;
use std::sync::Arc;

use vestnik_contract::Clock;

use crate::clock::WorldClock;
use crate::server::Server;

/// A running VK with nothing in it.
#[derive(Debug)]
pub struct VkSandbox {
    /// Its HTTP face: address, faults, clock, log.
    pub server: Server,
    shared: Arc<face::Shared>,
}

impl VkSandbox {
    /// Starts on a loopback address; port 0 picks a free one.
    pub async fn start(address: SocketAddr, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let clock = WorldClock::new(clock);
        let shared = Arc::new(face::Shared::new(clock.clone()).map_err(std::io::Error::other)?);
        let readers = crate::reader::routes(reader::Readers(Arc::clone(&shared)));
        let router = face::router(Arc::clone(&shared)).merge(readers);
        let server = Server::start(address, clock, router, face::name).await?;
        Ok(Self { server, shared })
    }
}
