//! What the cases need of a sandbox world.

use std::sync::Arc;

use chrono::TimeDelta;
use url::Url;

use crate::{Adapter, RemoteId};

/// A platform in memory with one channel of ours, and an adapter that speaks to it.
pub trait World: Send + Sync {
    /// An adapter for the channel.
    fn adapter(&self) -> Arc<dyn Adapter>;

    /// Everything a reader sees on the channel, newest first.
    fn posts(&self) -> Vec<Seen>;

    /// What the next irreversible call meets.
    fn trouble(&self, trouble: Trouble);

    /// A colleague deletes a post in the platform's own application.
    fn delete_by_hand(&self, id: &RemoteId);

    /// A colleague changes a post's text in the platform's own application.
    fn edit_by_hand(&self, id: &RemoteId, text: &str);

    /// A colleague posts in the platform's own application.
    fn post_by_hand(&self, text: &str) -> RemoteId;

    /// Sets the platform's clock wrong.
    fn set_clock_ahead(&self, by: TimeDelta);

    /// Whether answers carry `Date`.
    fn send_date(&self, on: bool);

    /// Every secret in the adapter's settings.
    fn secrets(&self) -> Vec<String>;
}

/// A post as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The platform's id.
    pub id: RemoteId,
    /// The text without markup.
    pub text: String,
    /// Pictures and documents.
    pub media: usize,
    /// The public address.
    pub url: Option<Url>,
}

/// What an irreversible call meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The connection is cut before the platform takes the post.
    LostRequest,
    /// The connection is cut after the platform took the post.
    LostReply,
    /// The platform took the post; a proxy answers with an HTML page.
    Rubbish,
    /// The platform took the post; half of the answer arrives.
    HalfAnAnswer,
    /// The platform will never take this post.
    Refused,
    /// The platform asks to wait, saying so many seconds where it can.
    RateLimited(Option<u64>),
    /// The credential or the right is gone, until further notice.
    Unauthorised,
}
