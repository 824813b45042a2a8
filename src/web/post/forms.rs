//! The buttons of a post: what may be done with it as it stands, as forms. *Today* shows the same ones.

use chrono::{DateTime, Utc};

use crate::domain::PostId;
use crate::office::{ChannelWay, PostWay, Standing};
use crate::store::Delivery;
use crate::web::mistakes::Refused;

/// Where one comes back to after a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Back {
    /// To the page of the post.
    Post,
    /// To *Today*.
    Today,
}

/// What every form of a post carries.
#[derive(Debug, Clone)]
pub(in crate::web) struct Carried {
    /// The post.
    pub post: PostId,
    /// How it stood and when, as the page saw it.
    pub seen: String,
    /// Where one comes back to.
    pub back: Back,
    /// What was typed into one of them and not taken.
    pub refused: Refused,
}

/// The forms of a whole post.
#[derive(Debug, Clone)]
pub(in crate::web) struct PostForms {
    pub carried: Carried,
    ways: Vec<PostWay>,
}

/// The forms of a post on one channel.
#[derive(Debug, Clone)]
pub(in crate::web) struct ChannelForms {
    pub carried: Carried,
    /// The channel's slug.
    pub channel: String,
    /// What people call it.
    pub name: String,
    /// The address that is known, to be confirmed.
    pub url: String,
    ways: Vec<ChannelWay>,
}

impl Back {
    /// By the name that a form carries.
    pub fn named(name: &str) -> Self {
        if name == Self::Today.name() { Self::Today } else { Self::Post }
    }

    /// As a form carries it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Today => "today",
        }
    }
}

impl Carried {
    pub(in crate::web) fn new(post: PostId, standing: &Standing<'_>, now: DateTime<Utc>, back: Back) -> Self {
        Self { post, seen: Seen { mark: standing.mark(), at: now }.to_string(), back, refused: Refused::default() }
    }
}

impl PostForms {
    pub(in crate::web) fn new(carried: Carried, standing: &Standing<'_>) -> Self {
        Self { carried, ways: standing.post_ways() }
    }

    /// Only these of them.
    #[must_use]
    pub(in crate::web) fn only(mut self, wanted: &[PostWay]) -> Self {
        self.ways.retain(|way| wanted.contains(way));
        self
    }

    /// Whether there is a form at all.
    pub(in crate::web) fn any(&self) -> bool {
        !self.ways.is_empty()
    }

    pub(in crate::web) fn edit(&self) -> bool {
        self.ways.contains(&PostWay::Edit)
    }

    pub(in crate::web) fn another_time(&self) -> bool {
        self.ways.contains(&PostWay::Move)
    }

    pub(in crate::web) fn cancel(&self) -> bool {
        self.ways.contains(&PostWay::Cancel)
    }

    pub(in crate::web) fn withdraw(&self) -> bool {
        self.ways.contains(&PostWay::Withdraw)
    }

    pub(in crate::web) fn republish(&self) -> bool {
        self.ways.contains(&PostWay::Republish)
    }

    /// The `id` of the field for the reason: a page may have the forms of several posts.
    pub(in crate::web) fn reason_place(&self, what: &str) -> String {
        reason_place(what, self.carried.post)
    }
}

impl ChannelForms {
    pub(in crate::web) fn new(
        carried: Carried,
        standing: &Standing<'_>,
        d: &Delivery,
        name: String,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            carried,
            channel: d.channel.clone(),
            name,
            url: d.url.clone().unwrap_or_default(),
            ways: standing.channel_ways(d, now),
        }
    }

    /// Whether there is a form at all.
    pub(in crate::web) fn any(&self) -> bool {
        !self.ways.is_empty()
    }

    pub(in crate::web) fn enter_address(&self) -> bool {
        self.ways.contains(&ChannelWay::EnterAddress)
    }

    pub(in crate::web) fn confirm_standing(&self) -> bool {
        self.ways.contains(&ChannelWay::ConfirmStanding)
    }

    pub(in crate::web) fn not_published(&self) -> bool {
        self.ways.contains(&ChannelWay::NotPublished)
    }

    pub(in crate::web) fn taken_down(&self) -> bool {
        self.ways.contains(&ChannelWay::TakenDown)
    }

    pub(in crate::web) fn try_again(&self) -> bool {
        self.ways.contains(&ChannelWay::TryAgain)
    }

    pub(in crate::web) fn look(&self) -> bool {
        self.ways.contains(&ChannelWay::Look)
    }

    /// The `id` of the field for the address.
    pub(in crate::web) fn address_place(&self) -> String {
        address_place(self.carried.post, &self.channel)
    }

    /// What stands in that field.
    pub(in crate::web) fn address(&self) -> &str {
        self.carried.refused.typed_at(&self.address_place(), &self.url)
    }
}

/// The `id` of the field for the reason of what is to be done with a post.
pub(super) fn reason_place(what: &str, post: PostId) -> String {
    format!("reason-{what}-{post}")
}

/// The `id` of the field for the address of a post on a channel.
pub(super) fn address_place(post: PostId, channel: &str) -> String {
    format!("address-{post}-{channel}")
}

/// What a page had seen of a post when its forms were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// How the post stood.
    pub mark: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.mark, self.at.timestamp_micros())
    }
}

impl std::str::FromStr for Seen {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (mark, at) = text.split_once('.').ok_or(())?;
        let at = at.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or(())?;
        Ok(Self { mark: mark.to_owned(), at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_carries_is_read_back_and_rubbish_is_not() {
        let seen = Seen { mark: "0a1b".into(), at: DateTime::from_timestamp_micros(1_795_500_000_000_001).unwrap() };
        assert_eq!(seen.to_string().parse(), Ok(seen));
        for rubbish in ["", "0a1b", "0a1b.", "0a1b.x", "0a1b.99999999999999999999"] {
            assert_eq!(rubbish.parse::<Seen>(), Err(()), "{rubbish}");
        }
    }
}
