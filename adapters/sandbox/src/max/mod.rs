//! The world of MAX: the Bot API as vestnik, the official clients and independent ones see it.
//!
//! Built after the MAX API schema 0.0.33 and, where that is silent, after what public clients expect. Calls are
//! named `METHOD /path` with placeholders, for example `POST /messages` or `GET /messages/{mid}`; see
//! [`routes::call_name`] for all of them.

mod attachments;
mod channel;
mod chats;
pub mod ids;
mod lists;
pub mod markup;
mod messages;
mod reader;
mod receive;
mod refusal;
pub mod routes;
mod updates;
mod uploads;
mod wire;
mod world;

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use vestnik_contract::Clock;

pub use channel::{Author, Channel, Edit, FULL_RIGHTS, Post, Removed};
pub use uploads::UploadedFile;
pub use world::Attachment;

use crate::{Server, WorldClock};
use world::{Shared, World, lock};

fn router(world: &Shared) -> axum::Router {
    routes::router(world.clone()).merge(crate::reader::routes(reader::Readers(world.clone())))
}

/// A running MAX with one bot and any number of channels.
#[derive(Debug)]
pub struct MaxSandbox {
    /// The HTTP face: address, faults, clock, log of requests.
    pub server: Server,
    world: Shared,
}

impl MaxSandbox {
    /// Starts an empty MAX whose bot has this `token`.
    pub async fn start(address: SocketAddr, clock: Arc<dyn Clock>, token: &str) -> std::io::Result<Self> {
        let clock = WorldClock::new(clock);
        let world = World::shared(clock.clone(), token);
        let server = Server::start(address, clock, router(&world), routes::call_name).await?;
        Ok(Self { server, world })
    }

    /// Opens a channel. One that was there under this id is replaced, with its posts.
    pub fn add_channel(&self, channel: Channel) {
        lock(&self.world).open(channel);
    }

    /// Changes anything about a channel: title, name, status, rights. `false` when there is no such channel.
    pub fn change_channel(&self, chat_id: i64, change: impl FnOnce(&mut Channel)) -> bool {
        lock(&self.world).timeline_mut(chat_id).map(|t| change(&mut t.channel)).is_some()
    }

    /// Gives the bot exactly these rights on a channel; `None` takes away its place as administrator.
    pub fn set_permissions(&self, chat_id: i64, permissions: Option<&[&str]>) -> bool {
        let permissions = permissions.map(|list| list.iter().map(|&p| p.to_owned()).collect());
        self.change_channel(chat_id, |channel| channel.permissions = permissions)
    }

    /// Everything a reader sees on a channel, newest first.
    pub fn posts(&self, chat_id: i64) -> Vec<Post> {
        lock(&self.world).timeline(chat_id).map(|t| t.posts.values().rev().cloned().collect()).unwrap_or_default()
    }

    /// How many posts stand on a channel.
    pub fn post_count(&self, chat_id: i64) -> usize {
        lock(&self.world).timeline(chat_id).map_or(0, |t| t.posts.len())
    }

    /// One post, wherever it stands.
    pub fn post(&self, mid: &str) -> Option<Post> {
        lock(&self.world).post(mid).cloned()
    }

    /// What was taken down from a channel, in the order it happened.
    pub fn removed(&self, chat_id: i64) -> Vec<Removed> {
        lock(&self.world).timeline(chat_id).map(|t| t.removed.clone()).unwrap_or_default()
    }

    /// A colleague posts plain text in the MAX application. The new post's id, `None` without such a channel.
    pub fn post_by_hand(&self, chat_id: i64, text: &str) -> Option<String> {
        lock(&self.world).post_by_hand(chat_id, text)
    }

    /// A colleague rewrites a post. `false` when it does not stand.
    pub fn edit_by_hand(&self, mid: &str, text: &str) -> bool {
        lock(&self.world).edit_by_hand(mid, text)
    }

    /// A colleague deletes a post. `false` when it does not stand.
    pub fn delete_by_hand(&self, mid: &str) -> bool {
        lock(&self.world).remove(mid, Author::Person)
    }

    /// The bot's token stops working.
    pub fn revoke_token(&self) {
        lock(&self.world).token = None;
    }

    /// The bot gets another token.
    pub fn set_token(&self, token: &str) {
        lock(&self.world).token = Some(token.to_owned());
    }

    /// The next `times` posts with uploaded files are refused, because the files are still being processed.
    pub fn not_ready(&self, times: u32) {
        lock(&self.world).not_ready_left = times;
    }

    /// Whether answers hide the public address of posts (`"url": null`), also on public channels.
    pub fn hide_urls(&self, hidden: bool) {
        lock(&self.world).urls_hidden = hidden;
    }

    /// Limits sending, editing and deleting to so many a second on each channel, each kind by itself, by the world's
    /// clock. `None`, the default: no limit.
    pub fn set_rate_limit(&self, per_second: Option<u32>) {
        lock(&self.world).rate.set(per_second);
    }

    /// Stamps posts by a clock that is wrong by `ahead`, while `Date` headers stay right.
    pub fn set_stamps_ahead(&self, ahead: TimeDelta) {
        lock(&self.world).stamps_ahead = ahead;
    }

    /// Every file that was uploaded whole, in order.
    pub fn uploaded(&self) -> Vec<Arc<UploadedFile>> {
        lock(&self.world).uploads.finished()
    }
}
