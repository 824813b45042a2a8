//! What a person may do with a post as it stands. Pages and the API offer this and nothing else; the store checks again.

use chrono::{DateTime, Utc};

use crate::domain::delivery::Action;
use crate::domain::{State, StopKind};
use crate::store::{Delivery, PostSummary, PostView, mark, newest};

/// A post as far as it decides what may be done with it.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// The current revision.
    pub revision: u32,
    /// Whether a person cancelled it.
    pub is_cancelled: bool,
    /// Whether a person withdrew it.
    pub is_withdrawn: bool,
    /// The newest delivery of each channel.
    pub deliveries: Vec<&'a Delivery>,
}

/// Something that a person may do with a whole post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PostWay {
    /// Give it another text.
    Edit,
    /// Give it another time.
    Move,
    /// Cancel what is not out yet.
    Cancel,
    /// Cancel what is not out yet and take down what is.
    Withdraw,
    /// Publish it anew in the primary channel.
    Republish,
}

/// Something that a person may do with a post on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChannelWay {
    /// Say where it stands: it was in doubt, published or edited by hand.
    EnterAddress,
    /// Say that the primary still stands, where vestnik cannot see it.
    ConfirmStanding,
    /// Say that it does not stand.
    NotPublished,
    /// Say that it was taken down by hand.
    TakenDown,
    /// Try again at once.
    TryAgain,
    /// See what stands on the channel.
    Look,
}

impl<'a> Standing<'a> {
    /// How a post of a list stands.
    pub fn of_summary(post: &'a PostSummary) -> Self {
        Self {
            revision: post.revision,
            is_cancelled: post.is_cancelled,
            is_withdrawn: post.is_withdrawn,
            deliveries: newest(post.deliveries.iter()),
        }
    }

    /// How a post stands.
    pub fn of_view(post: &'a PostView) -> Self {
        Self {
            revision: post.revision,
            is_cancelled: post.cancel.is_some(),
            is_withdrawn: post.withdraw.is_some(),
            deliveries: newest(post.deliveries.iter().map(|view| &view.delivery)),
        }
    }

    /// The newest delivery on a channel.
    pub fn on(&self, channel: &str) -> Option<&'a Delivery> {
        self.deliveries.iter().copied().find(|d| d.channel == channel)
    }

    /// The newest delivery on the primary channel.
    pub fn primary(&self) -> Option<&'a Delivery> {
        self.deliveries.iter().copied().find(|d| d.is_primary)
    }

    /// The [mark](crate::store::mark) of how it stands now. A form carries it, so that a page that is out of date is
    /// found out.
    pub fn mark(&self) -> String {
        mark(self.revision, self.is_cancelled, self.is_withdrawn, &self.deliveries)
    }

    /// What may be done with the post.
    pub fn post_ways(&self) -> Vec<PostWay> {
        let is_over = self.is_cancelled || self.is_withdrawn;
        let any = |test: &dyn Fn(&Delivery) -> bool| self.deliveries.iter().any(|d| test(d));
        let mut ways = Vec::new();
        let is_open = any(&|d| d.state.may_go_out() || d.state == State::Failed);
        let stands =
            any(&|d| d.state == State::Published && (d.action != Some(Action::Retract) || d.stop_reason.is_some()));
        let waits_for_a_text = any(&Delivery::waits_for_a_text);
        let primary = self.primary();
        let primary_is_down = primary.is_some_and(|d| d.state == State::Withdrawn);
        if !is_over && (is_open || stands) && (!primary_is_down || waits_for_a_text) {
            ways.push(PostWay::Edit);
        }
        if !is_over && primary.is_some_and(Delivery::is_movable) {
            ways.push(PostWay::Move);
        }
        let is_gone = |d: &Delivery| {
            d.state == State::Withdrawn || (d.state == State::Published && self.waits_for(StopKind::PrimaryGone))
        };
        if !is_over && !waits_for_a_text && primary.is_some_and(is_gone) {
            ways.push(PostWay::Republish);
        }
        if (is_open || waits_for_a_text) && !self.is_cancelled {
            ways.push(PostWay::Cancel);
        }
        if stands {
            ways.push(PostWay::Withdraw);
        }
        ways
    }

    /// What may be done with the post on one channel.
    pub fn channel_ways(&self, d: &Delivery, now: DateTime<Utc>) -> Vec<ChannelWay> {
        use ChannelWay as W;
        let mut ways = match (d.state, d.stop_kind) {
            (State::InDoubt, _) => vec![W::Look, W::EnterAddress, W::NotPublished],
            _ if d.waits_for_a_text() => vec![],
            (State::Handed, _) => vec![W::EnterAddress],
            // What is to be decided is decided on the primary.
            (State::Published, Some(StopKind::PrimaryUnseen)) => vec![W::ConfirmStanding, W::TakenDown],
            (_, Some(kind)) if kind.is_about_the_primary() => vec![],
            _ if d.is_asked_whether_out() => vec![W::Look, W::EnterAddress, W::NotPublished],
            (State::Published, Some(_)) if self.is_withdrawn => vec![W::TakenDown],
            (State::Published, Some(_)) => vec![W::EnterAddress, W::TakenDown],
            (State::Published, None) if d.is_primary && self.waits_for(StopKind::PrimaryUnseen) => {
                vec![W::ConfirmStanding, W::TakenDown]
            }
            _ => vec![],
        };
        if d.waits_to_try_again(now) {
            ways.push(W::TryAgain);
        }
        ways
    }

    /// Whether some delivery stands still over this.
    fn waits_for(&self, kind: StopKind) -> bool {
        self.deliveries.iter().any(|d| d.stop_kind == Some(kind))
    }
}
